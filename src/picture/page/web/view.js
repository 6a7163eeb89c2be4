// The part of the plane that the map shows.

const MOST_ZOOM = 1e7;
const LEAST_ZOOM = 1e-3;

/** A box of pixels (left, top, width, height) onto the plane: a centre and the length of a pixel in each direction. */
class View {
  constructor(axes) {
    this.axes = axes;
    this.moved = false;
    this.box = { left: 0, top: 0, width: 1, height: 1 };
  }

  /** The size of a pixel at which the initial range fits. */
  homeUnits() {
    const [xs, ys] = [this.axes.x.range, this.axes.y.range];
    const x = (xs[1] - xs[0]) / this.box.width;
    const y = (ys[1] - ys[0]) / this.box.height;
    return this.axes.equal ? { x: Math.max(x, y), y: Math.max(x, y) } : { x, y };
  }

  /** Shows the initial range. */
  reset() {
    const [xs, ys] = [this.axes.x.range, this.axes.y.range];
    const units = this.homeUnits();
    this.centreX = (xs[0] + xs[1]) / 2;
    this.centreY = (ys[0] + ys[1]) / 2;
    this.unitX = units.x;
    this.unitY = units.y;
    this.moved = false;
  }

  /** A new size of the box keeps what the reader zoomed to. */
  setBox(box) {
    this.box = box;
    if (!this.moved) this.reset();
  }

  pixelX(x) {
    return this.box.left + this.box.width / 2 + (x - this.centreX) / this.unitX;
  }

  pixelY(y) {
    return this.box.top + this.box.height / 2 - (y - this.centreY) / this.unitY;
  }

  valueX(pixel) {
    return this.centreX + (pixel - this.box.left - this.box.width / 2) * this.unitX;
  }

  valueY(pixel) {
    return this.centreY - (pixel - this.box.top - this.box.height / 2) * this.unitY;
  }

  /** Whether a pixel lies in the box, `inset` away from its edges. */
  contains(px, py, inset = 0) {
    const { left, top, width, height } = this.box;
    return px >= left + inset && px <= left + width - inset && py >= top + inset && py <= top + height - inset;
  }

  /** Moves what is shown by pixels. */
  pan(dx, dy) {
    this.centreX -= dx * this.unitX;
    this.centreY += dy * this.unitY;
    this.moved = true;
  }

  /** Enlarges by `factor`; the plane's point under the pixel stays there. */
  zoom(factor, px = this.box.left + this.box.width / 2, py = this.box.top + this.box.height / 2) {
    const now = this.homeUnits().x / this.unitX;
    const by = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, now * factor)) / now;
    const [x, y] = [this.valueX(px), this.valueY(py)];
    this.unitX /= by;
    this.unitY /= by;
    this.centreX += x - this.valueX(px);
    this.centreY += y - this.valueY(py);
    this.moved = true;
  }

  /** What is shown, in words. */
  describe() {
    const { left, top, width, height } = this.box;
    const range = (a, b, label) => `${label} from ${formatNumber(a, 4)} to ${formatNumber(b, 4)}`;
    return `${range(this.valueX(left), this.valueX(left + width), this.axes.x.label)}, ` +
      range(this.valueY(top + height), this.valueY(top), this.axes.y.label);
  }
}
