// The paths of all trajectories up to a step, on a canvas to which new steps are only added: a frame of the
// animation costs what is new in it, and not what is already there.

const NEAREST = 0.35;  // Vertices nearer to the one before, in pixels, are left out.
const DOT_SPACING = 6;  // A step has a dot where it is this far from the last dot,
const DOTTED_ROWS = 500;  // in trajectories of no more rows than this.
const MARGIN = 20;  // Lines are cut this far outside the box: canvases draw badly at 1e9 pixels.

/** The part of a segment inside a box, as [x0, y0, x1, y1], or null (Liang & Barsky 1984). */
function clipSegment(x0, y0, x1, y1, box) {
  let [enter, leave] = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  if (!isFinite(dx + dy)) return null;
  const sides = [[-dx, x0 - box.x0], [dx, box.x1 - x0], [-dy, y0 - box.y0], [dy, box.y1 - y0]];
  for (const [p, q] of sides) {
    if (p === 0) {
      if (q < 0) return null;
    } else if (p < 0) {
      enter = Math.max(enter, q / p);
    } else {
      leave = Math.min(leave, q / p);
    }
  }
  if (!(enter <= leave)) return null;
  return [x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy];
}

/** Math.hypot is several times slower: it guards against overflow, which no path on a screen needs. */
function distance(dx, dy) {
  return Math.sqrt(dx * dx + dy * dy);
}

/** A trajectory's rows that make a difference in a view, in pixels: x, y, row and length of the path up to there. */
function screenPath(trajectory, view) {
  const { x, y } = trajectory;
  const path = { x: [], y: [], row: [], length: [], dot: [] };
  let [lastX, lastY, dotX, dotY, length] = [NaN, NaN, NaN, NaN, 0];
  for (let row = 0; row < x.length; ++row) {
    const [px, py] = [view.pixelX(x[row]), view.pixelY(y[row])];
    const moved = distance(px - lastX, py - lastY);
    if (moved < NEAREST) continue;
    // A row without a finite point is a vertex too: it interrupts the line.
    length = isFinite(moved) ? length + moved : 0;
    const spaced = !(distance(px - dotX, py - dotY) < DOT_SPACING);
    const dot = row === 0 || (spaced && x.length <= DOTTED_ROWS);
    if (dot) [dotX, dotY] = [px, py];
    path.x.push(px);
    path.y.push(py);
    path.row.push(row);
    path.length.push(length);
    path.dot.push(dot);
    [lastX, lastY] = [px, py];
  }
  return path;
}

class Paths {
  constructor(layer, trajectories) {
    this.layer = layer;
    this.trajectories = trajectories;
    this.drawn = trajectories.map(() => -1);  // the last vertex on the canvas
  }

  /** Prepares for a view; what is on the canvas is gone. */
  setView(view) {
    this.view = view;
    this.screen = this.trajectories.map((trajectory) => screenPath(trajectory, view));
    this.erase();
  }

  erase() {
    this.layer.clear();
    this.drawn.fill(-1);
  }

  /** Makes the canvas show every visible path up to a step. */
  draw(step, hidden, theme) {
    const last = this.trajectories.map((trajectory, k) => {
      if (hidden.has(k)) return -1;
      return lastAtMost(this.screen[k].row, lastAtMost(trajectory.step, step));
    });
    if (last.some((vertex, k) => vertex < this.drawn[k])) this.erase();
    this.layer.within(this.view.box, (c) => {
      last.forEach((vertex, k) => {
        if (vertex > this.drawn[k]) this.extend(c, k, vertex, theme.paths[k]);
      });
    });
    this.drawn = last;
  }

  /** Adds a path's vertices behind the last one drawn, up to `last`. */
  extend(c, k, last, colour) {
    const { x, y, row, length, dot } = this.screen[k];
    const { box } = this.view;
    const around = { x0: box.left - MARGIN, y0: box.top - MARGIN,
      x1: box.left + box.width + MARGIN, y1: box.top + box.height + MARGIN };
    const first = Math.max(0, this.drawn[k]);
    const { dash } = this.trajectories[k];
    setPathStyle(c, dash, colour);
    const period = dash.reduce((sum, part) => sum + part, 0) * (dash.length % 2 ? 2 : 1);
    let open = false;  // whether the next segment continues the one before
    const finish = () => {
      if (open) c.stroke();
      open = false;
    };
    for (let n = first + 1; n <= last; ++n) {
      const part = clipSegment(x[n - 1], y[n - 1], x[n], y[n], around);
      if (!part) {
        finish();
        continue;
      }
      if (!open || part[0] !== x[n - 1] || part[1] !== y[n - 1]) {
        finish();
        c.beginPath();
        const skipped = distance(part[0] - x[n - 1], part[1] - y[n - 1]);
        c.lineDashOffset = period > 0 ? (length[n - 1] + skipped) % period || 0 : 0;
        c.moveTo(part[0], part[1]);
        open = true;
      }
      c.lineTo(part[2], part[3]);
      if (part[2] !== x[n] || part[3] !== y[n]) finish();
    }
    finish();
    c.fillStyle = colour;
    for (let n = this.drawn[k] + 1; n <= last; ++n) {
      if (dot[n] && this.view.contains(x[n], y[n], -MARGIN)) {
        c.beginPath();
        c.arc(x[n], y[n], row[n] === 0 ? 3 : 2.2, 0, 2 * Math.PI);
        c.fill();
      }
    }
  }

  /** The last vertex on the canvas as [x, y], where a line to a position between steps begins; null at a gap. */
  end(k) {
    const { x, y } = this.screen[k];
    const n = this.drawn[k];
    return n >= 0 && isFinite(x[n]) && isFinite(y[n]) ? [x[n], y[n]] : null;
  }
}

/** How paths and curves are stroked; a curve's line and its path's look alike. */
function setPathStyle(c, dash, colour) {
  c.strokeStyle = colour;
  c.lineWidth = 1.8;
  c.lineJoin = 'round';
  c.lineCap = dash.length ? 'butt' : 'round';
  c.setLineDash(dash);
  c.lineDashOffset = 0;
}
