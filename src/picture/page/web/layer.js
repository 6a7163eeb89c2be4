// Canvases on top of one another, and what is drawn on more than one of them.

/** A canvas that fills its parent; its units are CSS pixels at any pixel density. */
class Layer {
  constructor(parent, name) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = name;
    this.canvas.setAttribute('aria-hidden', 'true');
    parent.append(this.canvas);
    this.context = this.canvas.getContext('2d');
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.width = width;
    this.height = height;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }

  /** Calls `draw` with drawing limited to a rectangle. */
  within(box, draw) {
    const c = this.context;
    c.save();
    c.beginPath();
    c.rect(box.left, box.top, box.width, box.height);
    c.clip();
    draw(c);
    c.restore();
  }
}

/**
 * Puts a picture of an element's canvases beside them, for print: there canvases come out stretched, and in Chromium
 * without what was drawn in earlier frames. The style sheet shows it on paper only.
 */
function takePicture(element) {
  const canvases = [...element.querySelectorAll('canvas')];
  const together = document.createElement('canvas');
  together.width = canvases[0].width;
  together.height = canvases[0].height;
  const context = together.getContext('2d');
  for (const canvas of canvases) context.drawImage(canvas, 0, 0);
  const image = new Image();
  image.alt = element.getAttribute('aria-label') ?? '';
  image.src = together.toDataURL();
  element.append(image);
}

// Corners of the markers, of about equal area at radius 1; null is a circle.
const MARKERS = [
  null,
  [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  [[0, -1.1], [1, 0.8], [-1, 0.8]],
  [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  [[0, 1.1], [1, -0.8], [-1, -0.8]],
  [[0, -1.1], [1.05, -0.34], [0.65, 0.89], [-0.65, 0.89], [-1.05, -0.34]],
];

/** Adds a marker's outline to a path. */
function traceMarker(path, kind, x, y, radius) {
  const corners = MARKERS[kind % MARKERS.length];
  if (!corners) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], i) => {
    if (i === 0) path.moveTo(x + dx * radius, y + dy * radius);
    else path.lineTo(x + dx * radius, y + dy * radius);
  });
  path.closePath();
}

/** A trajectory's marker where it is now, with an edge that sets it off from its path. */
function drawMarker(c, kind, x, y, colour, edge, radius = 5.5) {
  c.beginPath();
  traceMarker(c, kind, x, y, radius);
  c.lineWidth = 3.5;
  c.lineJoin = 'round';
  c.strokeStyle = edge;
  c.stroke();
  c.fillStyle = colour;
  c.fill();
}

/** A ring around the point under the pointer. */
function drawRing(c, x, y, colour, edge) {
  for (const [width, style] of [[5, edge], [2.5, colour]]) {
    c.beginPath();
    c.arc(x, y, 9, 0, 2 * Math.PI);
    c.lineWidth = width;
    c.strokeStyle = style;
    c.stroke();
  }
}
