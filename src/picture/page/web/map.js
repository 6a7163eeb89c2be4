// The map: the function's contours, the paths on them, and where every optimizer is now.

const MAP_MARGIN = { left: 58, top: 12, right: 20, bottom: 46 };
const REACH = 14;  // The pointer finds points up to this many pixels away.

class PathMap {
  constructor(element, model, state) {
    this.element = element;
    this.model = model;
    this.state = state;
    this.view = new View(model.axes);
    this.background = new Background(model);
    this.base = new Layer(element, 'base');
    this.paths = new Paths(new Layer(element, 'paths'), model.trajectories);
    this.top = new Layer(element, 'top');
    this.viewChanged = true;
  }

  /** Takes the element's size. */
  resize() {
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    for (const layer of [this.base, this.paths.layer, this.top]) layer.resize(width, height);
    const { left, top, right, bottom } = MAP_MARGIN;
    this.view.setBox({ left, top, width: Math.max(10, width - left - right),
      height: Math.max(10, height - top - bottom) });
    this.viewChanged = true;
  }

  setTheme(theme) {
    this.theme = theme;
    this.background.setTheme(theme);
    this.viewChanged = true;
  }

  /** Forgets what is on the paths' canvas, after a change of what is visible. */
  redrawPaths() {
    this.paths.erase();
  }

  /** Brings all canvases up to the state. */
  render() {
    if (this.viewChanged) {
      this.viewChanged = false;
      this.drawBase();
      this.paths.setView(this.view);
      document.getElementById('view-text').textContent = `Shown: ${this.view.describe()}.`;
    }
    this.paths.draw(Math.floor(this.state.time), this.state.hidden, this.theme);
    this.drawTop();
  }

  drawBase() {
    const c = this.base.context;
    const { view, theme } = this;
    const { box } = view;
    this.base.clear();
    c.fillStyle = theme.surface;
    c.fillRect(box.left, box.top, box.width, box.height);
    this.base.within(box, () => {
      this.background.draw(c, view);
      for (const [x, y] of this.model.function.minimizers) this.drawMinimizer(c, view.pixelX(x), view.pixelY(y));
    });
    const right = box.left + box.width;
    const bottom = box.top + box.height;
    drawAxes(c, theme, box, {
      x: new Scale(view.valueX(box.left), view.valueX(right), box.left, right),
      y: new Scale(view.valueY(bottom), view.valueY(box.top), bottom, box.top),
      labelX: this.model.axes.x.label,
      labelY: this.model.axes.y.label,
      lines: false,
    });
  }

  /** A cross where the function has a known minimum. */
  drawMinimizer(c, x, y) {
    for (const [width, colour] of [[5, this.theme.surface], [1.8, this.theme.ink]]) {
      c.beginPath();
      for (const [dx, dy] of [[1, 1], [1, -1]]) {
        c.moveTo(x - 5 * dx, y - 5 * dy);
        c.lineTo(x + 5 * dx, y + 5 * dy);
      }
      c.lineCap = 'round';
      c.lineWidth = width;
      c.strokeStyle = colour;
      c.stroke();
    }
  }

  drawTop() {
    const { state, theme, view } = this;
    this.top.clear();
    this.top.within(view.box, (c) => {
      this.model.trajectories.forEach((trajectory, k) => {
        if (state.hidden.has(k)) return;
        const at = positionAt(trajectory, state.glides ? state.time : this.recordedTime(trajectory));
        if (!at) return;
        const [x, y] = [view.pixelX(at[0]), view.pixelY(at[1])];
        const from = this.paths.end(k);
        const near = { x0: -1e4, y0: -1e4, x1: 1e4, y1: 1e4 };
        const part = from && clipSegment(from[0], from[1], x, y, near);
        if (part) {
          setPathStyle(c, [], theme.paths[k]);
          c.beginPath();
          c.moveTo(part[0], part[1]);
          c.lineTo(part[2], part[3]);
          c.stroke();
        }
        if (view.contains(x, y, -MARGIN)) drawMarker(c, trajectory.point, x, y, theme.paths[k], theme.surface);
      });
      const { hover } = state;
      if (!hover) return;
      const trajectory = this.model.trajectories[hover.trajectory];
      const [x, y] = [view.pixelX(trajectory.x[hover.row]), view.pixelY(trajectory.y[hover.row])];
      if (view.contains(x, y, -MARGIN)) drawRing(c, x, y, theme.paths[hover.trajectory], theme.surface);
    });
  }

  /** The last recorded step up to now. */
  recordedTime(trajectory) {
    return trajectory.step[lastAtMost(trajectory.step, this.state.time)] ?? -1;
  }

  /** The visible row nearest to a pixel among those up to now, as {trajectory, row}; null when none is in reach. */
  find(px, py) {
    let best = null;
    let least = REACH * REACH;
    if (!this.view.contains(px, py)) return null;
    this.model.trajectories.forEach((trajectory, k) => {
      if (this.state.hidden.has(k)) return;
      const last = lastAtMost(trajectory.step, this.state.time);
      for (let row = last; row >= 0; --row) {
        const dx = this.view.pixelX(trajectory.x[row]) - px;
        const dy = this.view.pixelY(trajectory.y[row]) - py;
        const square = dx * dx + dy * dy;
        if (square < least) {
          least = square;
          best = { trajectory: k, row };
        }
      }
    });
    return best;
  }
}

/** The frame of a plot with ticks and names on its left and lower side; `lines` draws lines across at the ticks. */
function drawAxes(c, theme, box, { x, y, labelX, labelY, lines }) {
  const bottom = box.top + box.height;
  c.font = `11px ${theme.font}`;
  c.lineWidth = 1;
  c.setLineDash([]);
  c.strokeStyle = theme.line;
  c.fillStyle = theme.muted;
  const marks = [];
  c.textAlign = 'center';
  c.textBaseline = 'top';
  for (const { value, text } of x.ticks(Math.max(4, box.width / 90))) {
    const at = Math.round(x.pixel(value)) + 0.5;
    c.fillText(text, at, bottom + 8);
    marks.push([at, lines ? box.top : bottom, at, bottom + 5]);
  }
  c.textAlign = 'right';
  c.textBaseline = 'middle';
  for (const { value, text } of y.ticks(Math.max(3, box.height / 38))) {
    const at = Math.round(y.pixel(value)) + 0.5;
    c.fillText(text, box.left - 8, at);
    marks.push([lines ? box.left + box.width : box.left, at, box.left - 5, at]);
  }
  c.beginPath();
  for (const [x0, y0, x1, y1] of marks) {
    c.moveTo(x0, y0);
    c.lineTo(x1, y1);
  }
  c.rect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  c.stroke();
  c.font = `600 12px ${theme.font}`;
  c.fillStyle = theme.ink;
  c.textAlign = 'center';
  c.textBaseline = 'alphabetic';
  c.fillText(labelX, box.left + box.width / 2, bottom + 36);
  c.save();
  c.translate(17, box.top + box.height / 2);
  c.rotate(-Math.PI / 2);
  c.fillText(labelY, 0, 0);
  c.restore();
}
