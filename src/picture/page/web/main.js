// Builds the page's parts and keeps them in step: an event changes the state, the next frame draws it.

function byId(id) {
  return document.getElementById(id);
}

/** Title, formula, what is known of the minimum, and how the data was thinned. */
function writeHeader(model) {
  byId('title').textContent = model.title;
  // A function without a title has its text for one.
  byId('formula').textContent = model.title.startsWith(model.function.text) ? '' : model.function.text;
  if (model.graph) byId('map').setAttribute('aria-label', 'The function’s graph with the optimizers’ paths');
  const { minimum, maximum, minimizers } = model.function;
  const known = [];
  if (typeof minimum === 'number') known.push(`minimum ${formatNumber(minimum)}`);
  if (typeof maximum === 'number') known.push(`maximum ${formatNumber(maximum)}`);
  if (minimizers.length) known.push(`× ${typeof maximum === 'number' ? 'maximizer' : 'minimizer'}${minimizers.length > 1 ? 's' : ''}`);
  byId('known').textContent = known.join(' · ');
  byId('thinning').textContent = model.thinning;
  byId('version').textContent = model.version;
}

/** The map's size: beside the chart where there is room, and with the range's own shape if axes are equal. */
function layOut(model) {
  const frame = byId('map');
  const room = byId('plots').clientWidth;
  const wide = room >= 820;
  const high = Math.max(300, window.innerHeight - (wide ? 232 : 300));
  const { axes } = model;
  const span = ([low, high]) => high - low;
  const shape = axes.equal ? span(axes.y.range) / span(axes.x.range) : 0.72;
  const across = MAP_MARGIN.left + MAP_MARGIN.right;
  const down = MAP_MARGIN.top + MAP_MARGIN.bottom;
  const most = wide ? Math.min(room - 380, 0.66 * room) : room;
  const width = wide ? Math.min(most, Math.max(0.45 * room, (high - down) / shape + across)) : room;
  const height = Math.max(wide ? 280 : 170, Math.min(high, (width - across) * shape + down));
  byId('plots').style.setProperty('--map-width', `${Math.round(width)}px`);
  frame.style.height = `${Math.round(height)}px`;
}

function start() {
  const model = readModel(byId('data').textContent);
  // `time` moves between steps while playing; `glides` says whether what is drawn does so too.
  const state = { time: model.lastStep, playing: false, glides: false, speed: 1, hidden: new Set(), hover: null };
  writeHeader(model);

  let asked = false;
  const draw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(frame);
  };

  const map = new PathMap(byId('map'), model, state);
  const chart = new Chart(byId('chart'), model, state);
  const tooltip = new Tooltip(byId('tooltip'), model);
  const table = new ValueTable(byId('values'), model);
  const announcer = new Announcer(byId('announcement'), model);
  const player = new Player(model, state, () => {
    if (!state.playing) map.redrawPaths();  // paths over one another in the legend's order again
    announcer.changed(state);
    draw();
  });
  const legend = new Legend(byId('legend'), model, (series) => {
    const hide = !isHidden(state, series);
    for (const { index } of series.members) {
      if (hide) state.hidden.add(index);
      else state.hidden.delete(index);
    }
    hover(null);
    map.redrawPaths();
    chart.changed = true;
    announcer.changed(state);
    draw();
  });
  const controls = connectControls(model, state, player, map, chart, draw);

  let theme;
  const applyTheme = () => {
    theme = readTheme(model.trajectories);
    for (const part of [map, chart, legend]) part.setTheme(theme);
    draw();
  };

  function frame(now) {
    asked = false;
    player.advance(now);
    map.render();
    chart.render();
    controls.render();
    legend.render(state, chart.name);
    table.render(state);
    if (state.playing) draw();
  }

  function hover(hit, event) {
    if (!hit && !state.hover) return;
    state.hover = hit;
    if (hit) tooltip.show(hit, theme.paths[hit.trajectory], event.clientX, event.clientY);
    else tooltip.hide();
    draw();
  }

  const resize = () => {
    layOut(model);
    map.resize();
    chart.resize();
    draw();
  };
  listenToMap(map, draw, (at, event) => {
    hover(at && map.find(at.x, at.y), event);
    describePointer(model, map, at);
  });
  listenToChart(chart, (step) => player.seek(step), (at, event) => hover(at && chart.find(at.x, at.y), event));
  byId('values').addEventListener('toggle', draw);
  connectTheme(applyTheme, () => frame(performance.now()));
  new ResizeObserver(resize).observe(byId('plots'));
  window.addEventListener('resize', resize);
  resize();
  applyTheme();
}

/** Where the pointer is, and the function there. */
function describePointer(model, map, at) {
  let text = '';
  if (at && map.view.contains(at.x, at.y)) {
    const [x, y] = [map.view.valueX(at.x), map.view.valueY(at.y)];
    const f = model.graph ? graphValue(model.graph, x) : gridValue(model.grid, x, y);
    text = `${model.axes.x.label} ${formatNumber(x, 4)}` +
      (model.graph ? '' : `, ${model.axes.y.label} ${formatNumber(y, 4)}`) +
      (isFinite(f) ? `, f ≈ ${formatNumber(f, 3)}` : '');
  }
  setText(byId('pointer'), text);
}

/** Light or dark as the system says until the reader chooses; paper, drawn by `drawNow()`, is always light. */
function connectTheme(apply, drawNow) {
  const root = document.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const button = byId('dark');
  let chosen = null;
  const set = (dark) => {
    root.dataset.theme = dark ? 'dark' : 'light';
    button.setAttribute('aria-pressed', String(dark));
    apply();
  };
  const current = () => chosen ?? system.matches;
  button.addEventListener('click', () => {
    chosen = !current();
    set(chosen);
  });
  system.addEventListener('change', () => set(current()));
  window.addEventListener('beforeprint', () => {
    set(false);
    drawNow();
    for (const element of document.querySelectorAll('.canvas')) takePicture(element);
  });
  window.addEventListener('afterprint', () => {
    for (const image of document.querySelectorAll('.canvas img')) image.remove();
    set(current());
  });
  root.dataset.theme = current() ? 'dark' : 'light';
  button.setAttribute('aria-pressed', String(current()));
}

try {
  start();
} catch (error) {
  byId('failure').textContent = `This page can't show its data: ${error.message}`;
  byId('failure').hidden = false;
  throw error;
}
