// Everything that is text: legend, readouts, the table, and what is said aloud.

const SPEAK_AFTER = 400;  // milliseconds without a change

/** The list of optimizers; `toggle(index)` is called for a click. */
class Legend {
  constructor(list, model, toggle) {
    this.entries = model.trajectories.map((trajectory) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      const settings = formatHyperparameters(trajectory.hyperparameters);
      button.title = [trajectory.type, settings].filter(Boolean).join(': ');
      const picture = document.createElement('span');
      const name = textElement('span', trajectory.label);
      name.className = 'label';
      const status = textElement('span', formatStatus(trajectory));
      status.className = `status ${failed(trajectory) ? 'failed' : trajectory.status}`;
      const value = document.createElement('output');
      button.append(picture, name);
      button.addEventListener('click', () => toggle(trajectory.index));
      item.append(button, status, value);
      list.append(item);
      return { trajectory, button, picture, value };
    });
  }

  setTheme(theme) {
    this.entries.forEach(({ trajectory, picture }, k) => picture.replaceChildren(swatch(trajectory, theme.paths[k])));
  }

  render(state, column) {
    this.entries.forEach(({ trajectory, button, value }, k) => {
      const row = lastAtMost(trajectory.step, state.time);
      const number = row < 0 ? NaN : trajectory.values[column][row];
      const told = row < 0 || failed(trajectory);  // why there is no number
      setText(value, told && !isFinite(number) ? '' : formatNumber(number, 4));
      button.setAttribute('aria-pressed', String(!state.hidden.has(k)));
    });
  }
}

/** The table of all values at the current step. */
class ValueTable {
  constructor(details, model) {
    this.details = details;
    this.model = model;
    this.caption = details.querySelector('caption');
    const titles = ['optimizer', 'step', model.axes.x.label, model.axes.y.label,
      ...model.columns.map(({ label }) => label), 'status', 'hyperparameters'];
    const head = document.createElement('tr');
    for (const title of titles) {
      const cell = textElement('th', title);
      cell.scope = 'col';
      head.append(cell);
    }
    details.querySelector('thead').append(head);
    this.rows = model.trajectories.map((trajectory) => {
      const row = document.createElement('tr');
      const name = textElement('th', trajectory.label);
      name.scope = 'row';
      const cells = [0, 1, 2, ...model.columns].map(() => document.createElement('td'));
      row.append(name, ...cells, textElement('td', formatStatus(trajectory) || 'all steps done'),
        textElement('td', formatHyperparameters(trajectory.hyperparameters)));
      details.querySelector('tbody').append(row);
      return cells;
    });
  }

  /** A closed table is not kept up to date. */
  render(state) {
    if (!this.details.open) return;
    setText(this.caption, `Values at step ${formatCount(Math.floor(state.time))}`);
    this.model.trajectories.forEach((trajectory, k) => {
      const row = lastAtMost(trajectory.step, state.time);
      const values = row < 0 ? [] : [formatCount(trajectory.step[row]), formatNumber(trajectory.x[row]),
        formatNumber(trajectory.y[row]),
        ...this.model.columns.map(({ name }) => formatNumber(trajectory.values[name][row]))];
      this.rows[k].forEach((cell, n) => setText(cell, values[n] ?? ''));
    });
  }
}

/** Tells the state at the current step to screen readers, once nothing changes any more. */
class Announcer {
  constructor(element, model) {
    this.element = element;
    this.model = model;
  }

  changed(state) {
    clearTimeout(this.timer);
    if (state.playing) return;
    this.timer = setTimeout(() => setText(this.element, this.sentence(state)), SPEAK_AFTER);
  }

  sentence(state) {
    const { trajectories, lastStep } = this.model;
    const values = trajectories.filter((trajectory) => !state.hidden.has(trajectory.index)).map((trajectory) => {
      const row = lastAtMost(trajectory.step, state.time);
      const value = row < 0 ? 'not started' : `f ${formatNumber(trajectory.values.f[row], 4)}`;
      return `${trajectory.label} ${value}`;
    });
    return [`Step ${Math.floor(state.time)} of ${lastStep}`, values.join('; ')].filter(Boolean).join(': ');
  }
}

/** Sets an element's text when it differs: an unchanged one needs no layout. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
