// Documents made by hand, whose values the tests know.

const BLUE = '#0072B2';
const RED = '#D55E00';

/** A number of steps from a rule that gives the next point. */
function walk(steps, x, y, next) {
  const data = { step: [], x: [], y: [], f: [], grad_norm: [], rate: [] };
  for (let step = 0; step <= steps; ++step) {
    data.step.push(step);
    data.x.push(x);
    data.y.push(y);
    data.f.push(x * x + y * y);
    data.grad_norm.push(2 * Math.hypot(x, y));
    data.rate.push(step / 8);
    [x, y] = next(x, y, step);
  }
  return data;
}

function squares(points, [x0, x1], [y0, y1]) {
  const at = (k, a, b) => a + (k * (b - a)) / (points - 1);
  return { x: [x0, x1, points], y: [y0, y1, points],
    f: Array.from({ length: points }, (_, j) =>
      Array.from({ length: points }, (__, i) => at(i, x0, x1) ** 2 + at(j, y0, y1) ** 2)) };
}

/** f = x² + y² with two runs of 20 steps: one straight to the middle by factors of 0.8, one around it. */
export function bowl() {
  const turn = ([cos, sin]) => (x, y) => [0.974 * (cos * x - sin * y), 0.974 * (sin * x + cos * y)];
  return {
    version: '0.1.0',
    title: 'A bowl <b>& "friends"</b>',
    function: { name: 'bowl', text: 'f(x,y) = x² + y²', minimum: 0, minimizers: [[0, 0]] },
    axes: { x: { label: 'x', range: [-6, 6] }, y: { label: 'y', range: [-5, 5] }, equal: true },
    grid: squares(61, [-6, 6], [-5, 5]),
    levels: [0.5, 1, 2, 4, 8, 16, 32],
    graph: null,
    series: ['decay', 'turn'],
    columns: [{ name: 'f', label: 'f' }, { name: 'grad_norm', label: '|∇f|' }, { name: 'rate', label: 'rate' }],
    trajectories: [
      { label: 'decay', series: 0, type: 'sgd', hyperparameters: { lr: 0.1, betas: [0.9, 0.999], plan: '0.1*0.5^t' },
        status: 'max_steps', steps: 20, color: BLUE, dash: [], point: 0,
        data: walk(20, -3, 4, (x, y) => [0.8 * x, 0.8 * y]) },
      { label: 'turn', series: 1, type: 'other', hyperparameters: {}, status: 'max_steps', steps: 20, color: RED, dash: [6, 3],
        point: 1, data: walk(20, 3.2, 2, turn([Math.cos(0.25), Math.sin(0.25)])) },
    ],
    thinning: '',
  };
}

/** A run that diverges to 1e300 and then nothing, one of a single point, one with a gap. */
export function oddDocument() {
  const document = bowl();
  const [decay, turn] = document.trajectories;
  const diverged = { ...decay, label: 'diverged', status: 'diverged', steps: 4, data: {
    step: [0, 1, 2, 3, 4], x: [-3, 2, -40, 1e300, null], y: [4, -3, 50, -1e300, null], f: [25, 13, 4100, null, null],
    grad_norm: [10, 7, 128, null, null], rate: [0, 1, 2, 3, null] } };
  const single = { ...turn, label: 'single', steps: 0, color: '#009E73', point: 2,
    data: Object.fromEntries(Object.entries(turn.data).map(([name, values]) => [name, values.slice(0, 1)])) };
  const gap = structuredClone(turn);
  gap.data.x[7] = null;
  gap.data.f[7] = null;
  document.trajectories = [diverged, single, { ...gap, label: 'gap' }].map((each, series) => ({ ...each, series }));
  document.series = document.trajectories.map(({ label }) => label);
  document.grid.f[3][3] = null;
  return document;
}

/** Ten noisy runs of 10 000 steps that cross the whole map, thinned in nothing: the hardest to draw. */
export function bigDocument(count = 10, steps = 10000) {
  const document = bowl();
  const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#8C564B', '#7F7F7F', '#6A3D9A'];
  document.columns.pop();
  document.grid = squares(151, [-6, 6], [-5, 5]);
  document.series = Array.from({ length: count }, (_, k) => `run ${k}`);
  let seed = 1;
  const noise = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  document.trajectories = Array.from({ length: count }, (_, k) => {
    const data = walk(steps, -5 + k, 4, (x, y) => [0.998 * x + 0.25 * noise(), 0.998 * y + 0.25 * noise()]);
    delete data.rate;
    for (const name of ['x', 'y', 'f', 'grad_norm']) data[name] = data[name].map((v) => Number(v.toPrecision(6)));
    return { label: `run ${k}`, series: k, type: 'sgd', hyperparameters: { lr: 0.1 * (k + 1) }, status: 'max_steps', steps,
      color: colours[k], dash: k % 2 ? [6, 3] : [], point: k % 6, data };
  });
  return document;
}
