// The convergence chart: one column against the step, for every optimizer.

const CHART_MARGIN = { left: 58, top: 10, right: 20, bottom: 46 };
const CHART_REACH = 40;

class Chart {
  constructor(element, model, state) {
    this.element = element;
    this.model = model;
    this.state = state;
    this.base = new Layer(element, 'base');
    this.top = new Layer(element, 'top');
    this.changed = true;
  }

  resize() {
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    for (const layer of [this.base, this.top]) layer.resize(width, height);
    const { left, top, right, bottom } = CHART_MARGIN;
    this.box = { left, top, width: Math.max(10, width - left - right), height: Math.max(10, height - top - bottom) };
    this.changed = true;
  }

  setTheme(theme) {
    this.theme = theme;
    this.changed = true;
  }

  /** A column of the data, on a linear or logarithmic axis. */
  setColumn(name, log) {
    this.name = name;
    this.log = log;
    this.changed = true;
  }

  render() {
    if (this.changed) {
      this.changed = false;
      this.prepare();
      this.drawBase();
      this.describe();
    }
    this.drawTop();
  }

  prepare() {
    const { box, model, state } = this;
    this.series = chartSeries(model, this.name, this.log);
    const [low, high] = chartRange(model, this.series, state.hidden, this.log);
    this.x = new Scale(0, Math.max(1, model.lastStep), box.left, box.left + box.width);
    this.y = new Scale(low, high, box.top + box.height, box.top, this.log);
  }

  /** The chart in words, for readers who don't see it. */
  describe() {
    const { low, high } = this.y;
    const kind = this.log ? 'logarithmic' : 'linear';
    this.element.setAttribute('aria-label', `${this.series.label} by step for each optimizer; ${kind} axis from ` +
      `${formatNumber(low, 3)} to ${formatNumber(high, 3)}. The table below has the values at the current step.`);
  }

  drawBase() {
    const { theme, box } = this;
    const c = this.base.context;
    this.base.clear();
    c.fillStyle = theme.surface;
    c.fillRect(box.left, box.top, box.width, box.height);
    drawAxes(c, theme, box, { x: this.x, y: this.y, labelX: 'step', labelY: this.series.label, lines: true });
    this.base.within(box, () => {
      this.model.trajectories.forEach((trajectory, k) => {
        if (this.state.hidden.has(k)) return;
        setPathStyle(c, trajectory.dash, theme.paths[k]);
        const points = screenCurve(trajectory.step, this.series.values[k], this.x, this.y);
        c.beginPath();
        for (let n = 0, open = false; n < points.length; n += 2) {
          const [x, y] = [points[n], Math.max(-1e5, Math.min(1e5, points[n + 1]))];
          if (!isFinite(y)) {
            open = false;
          } else if (open) {
            c.lineTo(x, y);
          } else {
            c.moveTo(x, y);
            c.lineTo(x, y);
            open = true;
          }
        }
        c.stroke();
      });
    });
  }

  drawTop() {
    const { theme, box, state } = this;
    this.top.clear();
    const now = this.x.pixel(state.glides ? state.time : Math.floor(state.time));
    this.top.within({ left: box.left - 7, top: box.top - 7, width: box.width + 14, height: box.height + 14 }, (c) => {
      c.globalAlpha = 0.72;
      c.fillStyle = theme.surface;
      c.fillRect(now, box.top + 1, Math.max(0, box.left + box.width - 1 - now), box.height - 2);
      c.globalAlpha = 1;
      c.beginPath();
      c.moveTo(now, box.top);
      c.lineTo(now, box.top + box.height);
      c.lineWidth = 1.5;
      c.strokeStyle = theme.ink;
      c.stroke();
      this.model.trajectories.forEach((trajectory, k) => {
        const at = state.hidden.has(k) ? null : this.place(k, lastAtMost(trajectory.step, state.time));
        if (at) drawMarker(c, trajectory.point, at.x, at.y, theme.paths[k], theme.surface, 4);
      });
      const at = state.hover && this.place(state.hover.trajectory, state.hover.row);
      if (at) drawRing(c, at.x, at.y, theme.paths[state.hover.trajectory], theme.surface);
    });
  }

  /** Where a row of a trajectory is in the chart; null when it isn't. */
  place(k, row) {
    if (row < 0) return null;
    const x = this.x.pixel(this.model.trajectories[k].step[row]);
    const y = this.y.pixel(this.series.values[k][row]);
    return y >= this.box.top - 1 && y <= this.box.top + this.box.height + 1 ? { x, y } : null;
  }

  /** The visible row nearest to a pixel, as {trajectory, row}; null when none is in reach. */
  find(px, py) {
    let best = null;
    let least = CHART_REACH;
    const step = this.x.value(px);
    this.model.trajectories.forEach((trajectory, k) => {
      if (this.state.hidden.has(k) || !trajectory.step.length) return;
      const row = nearestIndex(trajectory.step, step);
      const at = this.place(k, row);
      const away = at ? distance(at.x - px, at.y - py) : Infinity;
      if (away < least) {
        least = away;
        best = { trajectory: k, row };
      }
    });
    return best;
  }
}

/** Calls `seek(step)` when the reader clicks or drags, and `hovered(pixel or null, event)` as the pointer moves. */
function listenToChart(chart, seek, hovered) {
  const { element } = chart;
  const place = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  let dragging = false;
  const seekTo = (event) => {
    const step = Math.round(chart.x.value(place(event).x));
    seek(Math.max(0, Math.min(chart.model.lastStep, step)));
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    dragging = true;
    seekTo(event);
  });
  element.addEventListener('pointermove', (event) => {
    if (dragging) seekTo(event);
    hovered(place(event), event);
  });
  for (const type of ['pointerup', 'pointercancel']) {
    element.addEventListener(type, () => {
      dragging = false;
    });
  }
  element.addEventListener('pointerleave', (event) => hovered(null, event));
}
