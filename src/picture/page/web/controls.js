// Buttons, slider, selects and keys.

/** Connects all controls; the result's render() brings them up to the state. */
function connectControls(model, state, player, map, chart, draw) {
  const slider = byId('slider');
  const play = byId('play');
  const still = model.lastStep === 0;
  slider.max = model.lastStep;
  byId('last-step').textContent = formatCount(model.lastStep);
  for (const id of ['play', 'first', 'back', 'forward', 'last', 'slider', 'speed']) byId(id).disabled = still;

  play.addEventListener('click', () => player.toggle());
  slider.addEventListener('input', () => player.seek(Number(slider.value)));
  byId('first').addEventListener('click', () => player.move(-Infinity));
  byId('back').addEventListener('click', () => player.move(-1));
  byId('forward').addEventListener('click', () => player.move(1));
  byId('last').addEventListener('click', () => player.move(Infinity));
  byId('speed').addEventListener('change', (event) => {
    state.speed = Number(event.target.value);
  });

  const zoom = (factor) => {
    if (factor) map.view.zoom(factor);
    else map.view.reset();
    map.viewChanged = true;
    draw();
  };
  byId('zoom-in').addEventListener('click', () => zoom(ZOOM_STEP));
  byId('zoom-out').addEventListener('click', () => zoom(1 / ZOOM_STEP));
  byId('zoom-reset').addEventListener('click', () => zoom(0));
  connectKeys(player, zoom);
  connectColumns(model, chart, draw);

  return {
    render() {
      const step = Math.floor(state.time);
      slider.value = step;
      slider.setAttribute('aria-valuetext', `step ${step} of ${model.lastStep}`);
      slider.style.setProperty('--done', still ? 1 : state.time / model.lastStep);
      setText(byId('step'), formatCount(step));
      const name = state.playing ? 'Pause' : 'Play';
      if (play.getAttribute('aria-label') !== name) {
        play.setAttribute('aria-label', name);
        play.dataset.playing = state.playing;
      }
    },
  };
}

/** The chart's column and kind of axis; each column starts with the axis that shows it best. */
function connectColumns(model, chart, draw) {
  const select = byId('column');
  for (const { name, label } of model.columns) {
    const option = textElement('option', label);
    option.value = name;
    select.append(option);
  }
  const show = (log) => {
    chart.setColumn(select.value, log);
    byId(log ? 'log' : 'linear').checked = true;
    draw();
  };
  select.addEventListener('change', () => show(prefersLog(model, select.value)));
  byId('log').addEventListener('change', () => show(true));
  byId('linear').addEventListener('change', () => show(false));
  show(prefersLog(model, select.value));
}

/** Keys that work anywhere on the page, except where the element with the focus has its own use for them. */
function connectKeys(player, zoom) {
  const actions = {
    ' ': () => player.toggle(),
    ArrowLeft: (event) => player.move(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => player.move(event.shiftKey ? 10 : 1),
    Home: () => player.move(-Infinity),
    End: () => player.move(Infinity),
    '+': () => zoom(ZOOM_STEP),
    '=': () => zoom(ZOOM_STEP),
    '-': () => zoom(1 / ZOOM_STEP),
    0: () => zoom(0),
  };
  document.addEventListener('keydown', (event) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest('select, input[type=radio]')) return;
    if (event.key === ' ' && event.target.closest('button, summary')) return;
    action(event);
    event.preventDefault();
  });
}
