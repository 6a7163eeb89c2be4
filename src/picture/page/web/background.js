// What lies under the paths: shades and contour lines of the function.

/**
 * How high a value lies among the levels, from 0 (the lowest value) to 1 (the highest). Levels are equally far
 * apart in it, so that a narrow valley shows however high its walls are.
 */
function heightAmong(knots, value) {
  const k = Math.max(0, Math.min(lastAtMost(knots, value), knots.length - 2));
  const part = (value - knots[k]) / (knots[k + 1] - knots[k]);
  return (k + Math.min(1, Math.max(0, part))) / (knots.length - 1);
}

/** A canvas with one pixel per point of the grid, dark where the function is high; null without a grid. */
function shadeGrid(grid, levels, theme) {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const f of grid.f) {
    if (f < lowest) lowest = f;
    if (f > highest) highest = f;
  }
  if (!(lowest < highest) || !isFinite(highest - lowest)) return null;
  const knots = [lowest, ...levels.filter((level) => level > lowest && level < highest), highest];
  const [low, high] = [parseColour(theme.low), parseColour(theme.high)];
  const [nx, ny] = [grid.x[2], grid.y[2]];
  const canvas = document.createElement('canvas');
  canvas.width = nx;
  canvas.height = ny;
  const context = canvas.getContext('2d');
  const image = context.createImageData(nx, ny);
  for (let j = 0; j < ny; ++j) {
    for (let i = 0; i < nx; ++i) {
      const f = grid.f[(ny - 1 - j) * nx + i];
      if (!isFinite(f)) continue;
      image.data.set([...mixColours(low, high, heightAmong(knots, f)), 255], 4 * (j * nx + i));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The graph of a function of one coordinate, with gaps where it is not finite. */
function drawGraph(c, graph, view, theme) {
  const [low, high, count] = graph.x;
  c.lineWidth = 1.4;
  c.lineJoin = 'round';
  c.setLineDash([]);
  c.strokeStyle = theme.muted;
  c.beginPath();
  graph.f.forEach((f, k) => {
    if (!isFinite(f)) return;
    const x = view.pixelX(low + (k * (high - low)) / (count - 1));
    const y = Math.max(-1e5, Math.min(1e5, view.pixelY(f)));
    if (k > 0 && isFinite(graph.f[k - 1])) c.lineTo(x, y);
    else c.moveTo(x, y);
  });
  c.stroke();
}

/** The function's picture: computed once, drawn in any view. */
class Background {
  constructor(model) {
    this.grid = model.grid;
    this.graph = model.graph;
    this.levels = model.levels;
    this.contours = this.grid ? model.levels.map((level) => ({ level, lines: contourLines(this.grid, level) })) : [];
    this.shades = null;
  }

  setTheme(theme) {
    this.theme = theme;
    this.shades = this.grid && shadeGrid(this.grid, this.levels, theme);
  }

  /** Draws into the plot's box, which the context is already clipped to. */
  draw(c, view) {
    if (this.graph) drawGraph(c, this.graph, view, this.theme);
    if (!this.grid) return;
    const [x0, x1, nx] = this.grid.x;
    const [y0, y1, ny] = this.grid.y;
    const cell = { x: (x1 - x0) / (nx - 1) / view.unitX, y: (y1 - y0) / (ny - 1) / view.unitY };
    const origin = { x: view.pixelX(x0), y: view.pixelY(y0) };
    if (this.shades) {
      c.save();
      c.beginPath();
      c.rect(origin.x, origin.y - cell.y * (ny - 1), cell.x * (nx - 1), cell.y * (ny - 1));
      c.clip();
      c.imageSmoothingQuality = 'high';
      // Centres of pixels lie on points of the grid.
      c.drawImage(this.shades, origin.x - cell.x / 2, origin.y - cell.y * (ny - 0.5), cell.x * nx, cell.y * ny);
      c.restore();
    }
    c.lineWidth = 1;
    c.lineJoin = 'round';
    c.strokeStyle = this.theme.contour;
    c.beginPath();
    for (const { lines } of this.contours) {
      for (const line of lines) {
        for (let n = 0; n < line.length; n += 2) {
          const [x, y] = [origin.x + line[n] * cell.x, origin.y - line[n + 1] * cell.y];
          if (n === 0) c.moveTo(x, y);
          else c.lineTo(x, y);
        }
      }
    }
    c.stroke();
    this.drawLabels(c, view, origin, cell);
  }

  /** Writes every second level on its longest line, where there is room. */
  drawLabels(c, view, origin, cell) {
    c.font = `10px ${this.theme.font}`;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.lineWidth = 3;
    c.strokeStyle = `${this.theme.surface}b0`;
    c.fillStyle = this.theme.muted;
    const placed = [];
    this.contours.forEach(({ level, lines }, index) => {
      if (index % 2 || !lines.length) return;
      const line = lines.reduce((longest, other) => (other.length > longest.length ? other : longest));
      if (line.length < 40) return;
      const text = formatNumber(level, 3);
      const half = c.measureText(text).width / 2 + 4;
      for (const part of [0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875]) {
        const n = 2 * Math.floor((part * line.length) / 2);
        const [x, y] = [origin.x + line[n] * cell.x, origin.y - line[n + 1] * cell.y];
        const free = placed.every((p) => Math.abs(p.x - x) > p.half + half + 12 || Math.abs(p.y - y) > 28);
        if (!free || !view.contains(x, y, half + 4)) continue;
        placed.push({ x, y, half });
        c.strokeText(text, x, y);
        c.fillText(text, x, y);
        break;
      }
    });
  }
}
