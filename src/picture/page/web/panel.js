// Everything that is text: legend, readouts, the table, and what is said aloud.

const SPEAK_AFTER = 400;  // milliseconds without a change

/** Whether no run of a series is shown. */
function isHidden(state, series) {
  return series.members.every(({ index }) => state.hidden.has(index));
}

/** How the runs of a series ended, for the reader. */
function formatStatuses({ members }) {
  if (members.length === 1) return formatStatus(members[0]);
  const lost = members.filter(failed).length;
  return `${members.length} runs${lost ? `, ${lost} diverged` : ''}`;
}

/** The list of optimizers, an entry for each series; `toggle(series)` is called for a click. */
class Legend {
  constructor(list, model, toggle) {
    this.entries = model.series.filter(({ members }) => members.length).map((series) => {
      const [first] = series.members;
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      const settings = formatHyperparameters(first.hyperparameters);
      button.title = [first.type, settings].filter(Boolean).join(': ');
      const picture = document.createElement('span');
      const name = textElement('span', series.label);
      name.className = 'label';
      const status = textElement('span', formatStatuses(series));
      status.className = `status ${series.members.some(failed) ? 'failed' : first.status}`;
      const value = document.createElement('output');
      if (series.members.length > 1) value.title = 'median';
      button.append(picture, name);
      button.addEventListener('click', () => toggle(series));
      item.append(button, status, value);
      list.append(item);
      return { series, button, picture, value };
    });
  }

  setTheme(theme) {
    for (const { series, picture } of this.entries) {
      const [first] = series.members;
      picture.replaceChildren(swatch(first, theme.paths[first.index]));
    }
  }

  render(state, column) {
    for (const { series, button, value } of this.entries) {
      const number = seriesValue(series, column, state.time);
      // Why there is no number is told beside it.
      const told = series.members.every((run) => failed(run) || lastAtMost(run.step, state.time) < 0);
      setText(value, told && !isFinite(number) ? '' : formatNumber(number, 4));
      button.setAttribute('aria-pressed', String(!isHidden(state, series)));
    }
  }
}

/** The names of a place's coordinates; the second axis of a graph is f, which is a column. */
function placeLabels({ axes, graph }) {
  return graph ? [axes.x.label] : [axes.x.label, axes.y.label];
}

/** The coordinates of a row. */
function placeTexts({ graph }, trajectory, row) {
  const x = formatNumber(trajectory.x[row]);
  return graph ? [x] : [x, formatNumber(trajectory.y[row])];
}

/** The table of all values at the current step. */
class ValueTable {
  constructor(details, model) {
    this.details = details;
    this.model = model;
    this.caption = details.querySelector('caption');
    const titles = ['optimizer', 'step', ...placeLabels(model),
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
      const cells = ['step', ...placeLabels(model), ...model.columns].map(() => document.createElement('td'));
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
      const values = row < 0 ? [] : [formatCount(trajectory.step[row]), ...placeTexts(this.model, trajectory, row),
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
    const { series, lastStep } = this.model;
    const values = series.filter((each) => !isHidden(state, each)).map((each) => {
      const started = each.members.some(({ step }) => lastAtMost(step, state.time) >= 0);
      const value = started ? `f ${formatNumber(seriesValue(each, 'f', state.time), 4)}` : 'not started';
      return `${each.label}${each.members.length > 1 ? ', median' : ''} ${value}`;
    });
    return [`Step ${Math.floor(state.time)} of ${lastStep}`, values.join('; ')].filter(Boolean).join(': ');
  }
}

/** Sets an element's text when it differs: an unchanged one needs no layout. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
