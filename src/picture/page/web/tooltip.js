// The box beside the pointer that tells everything about one step of one optimizer.

class Tooltip {
  constructor(element, model) {
    this.element = element;
    this.model = model;
  }

  hide() {
    this.element.hidden = true;
  }

  /** Shows a row of a trajectory beside a place in the window. */
  show(hit, colour, clientX, clientY) {
    const trajectory = this.model.trajectories[hit.trajectory];
    const { columns } = this.model;
    const places = placeTexts(this.model, trajectory, hit.row);
    const rows = [
      ['step', formatCount(trajectory.step[hit.row])],
      ...placeLabels(this.model).map((label, k) => [label, places[k]]),
      ...columns.map(({ name, label }) => [label, formatNumber(trajectory.values[name][hit.row])]),
    ];
    const name = document.createElement('p');
    name.className = 'name';
    name.append(swatch(trajectory, colour), trajectory.label);
    const list = document.createElement('dl');
    for (const [term, value] of rows) {
      list.append(textElement('dt', term), textElement('dd', value));
    }
    const settings = textElement('p', formatHyperparameters(trajectory.hyperparameters));
    settings.className = 'settings';
    this.element.replaceChildren(name, list, settings);
    this.element.hidden = false;
    this.place(clientX, clientY);
  }

  /** Right below the pointer, or on its other side where the window ends. */
  place(clientX, clientY) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const beside = (at, size, end) => {
      const after = at + 18;
      return Math.max(8, after + size + 8 <= end ? after : at - 18 - size);
    };
    const left = Math.min(beside(clientX, width, window.innerWidth), Math.max(8, window.innerWidth - width - 8));
    this.element.style.left = `${left}px`;
    this.element.style.top = `${beside(clientY, height, window.innerHeight)}px`;
  }
}

function textElement(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** A piece of the trajectory's line with its marker, as an SVG. */
function swatch(trajectory, colour) {
  const namespace = 'http://www.w3.org/2000/svg';
  const make = (tag, attributes) => {
    const element = document.createElementNS(namespace, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = make('svg', { width: 34, height: 14, viewBox: '0 0 34 14', 'aria-hidden': 'true', class: 'swatch' });
  const parts = [];
  traceMarker({
    moveTo: (x, y) => parts.push(`M${x} ${y}`),
    lineTo: (x, y) => parts.push(`L${x} ${y}`),
    arc: (x, y, r) => parts.push(`A${r} ${r} 0 1 1 ${x - r} ${y}A${r} ${r} 0 1 1 ${x + r} ${y}`),
    closePath: () => parts.push('Z'),
  }, trajectory.point, 17, 7, 4.5);
  svg.append(
    make('line', { x1: 1, y1: 7, x2: 33, y2: 7, stroke: colour, 'stroke-width': 2,
      'stroke-dasharray': trajectory.dash.join(' ') || 'none' }),
    make('path', { d: parts.join(''), fill: colour }));
  return svg;
}
