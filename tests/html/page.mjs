// Makes HTML files to test: from documents, or by the tool itself.
//
// A page is the template of src/output/html with its placeholders filled, as `optexplore plot --format html` does it.
// OPTEXPLORE names the binary; with OPTEXPLORE_PLOTS_HTML=1 pages of configs come from `plot` and not from `run` and
// `grid` with a document put together here.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
const parts = join(root, 'src', 'output', 'html');
const binary = process.env.OPTEXPLORE ?? join(root, 'build', 'release', 'optexplore');

const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#8C564B', '#7F7F7F', '#6A3D9A'];
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

function read(name) {
  return readFileSync(join(parts, name), 'utf8');
}

/** The template with a document in it, as text. */
export function fillTemplate(document) {
  const escape = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const values = {
    TITLE: document.title.replace(/[&<>"]/g, (c) => escape[c]),
    STYLE: read('style.css'),
    SCRIPT: read('order.txt').trim().split('\n').map(read).join('\n'),
    DATA: JSON.stringify(document).replace(/</g, '\\u003c'),
  };
  // One pass: what is filled in is not searched for placeholders.
  return read('page.html').replace(/<!--([A-Z]+)-->/g, (_, name) => values[name]);
}

/** Writes a document's page and returns its path. */
export function writePage(folder, name, document) {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, fillTemplate(document));
  return path;
}

function tool(...args) {
  return execFileSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Levels that are equally far apart in log(f - lowest), from the grid's smallest to its largest value. */
function levelsOf(values, count = 18) {
  const finite = values.flat().filter((f) => f !== null).sort((a, b) => a - b);
  const low = finite[0];
  const [a, b] = [finite[Math.floor(finite.length * 0.003)] - low, finite[finite.length - 1] - low];
  if (!(a > 0 && b > a)) return [];
  return Array.from({ length: count }, (_, k) => Number((low + a * (b / a) ** (k / count)).toPrecision(3)));
}

/** A document from real runs; `axes` is [[x0, x1], [y0, y1]], `points` the grid's points along each axis. */
export function makeDocument(config, axes, { points = 121, title, equal = true, thinning = '' } = {}) {
  const run = JSON.parse(tool('run', config, '--format', 'json', '--quiet'));
  const [x, y] = run.trajectories[0].columns.slice(1, 3);
  const range = (name, [low, high]) => `${name}=${low}:${high}`;
  const grid = JSON.parse(tool('grid', config, '--format', 'json', '--points', `${points}`, '--axes',
    `${range(x, axes[0])},${range(y, axes[1])}`));
  const f = Array.from({ length: points }, (_, j) => grid.data.f.slice(j * points, (j + 1) * points));
  const names = run.trajectories[0].columns.slice(3);
  const labels = { grad_norm: '|∇f|' };
  return {
    version: run.optexplore,
    title: title ?? run.function.title ?? run.function.name,
    function: { name: run.function.name, text: run.function.definition, minimum: run.function.minimum ?? null,
      minimizers: run.function.minimizers ?? [] },
    axes: { x: { label: x, range: axes[0] }, y: { label: y, range: axes[1] }, equal },
    grid: { x: [...axes[0], points], y: [...axes[1], points], f },
    levels: levelsOf(f),
    columns: names.map((name) => ({ name, label: labels[name] ?? name })),
    trajectories: run.trajectories.map((t, k) => ({
      label: t.optimizer, type: t.type, hyperparameters: t.hyperparameters, status: t.status,
      steps: t.data.step[t.data.step.length - 1],
      color: COLOURS[k % COLOURS.length], dash: DASHES[Math.floor(k / 5) % DASHES.length], point: k % 6,
      data: { step: t.data.step, x: t.data[x], y: t.data[y],
        ...Object.fromEntries(names.map((name) => [name, t.data[name]])) },
    })),
    thinning,
  };
}

/** The page of a config: by `optexplore plot` where it exists, else from makeDocument. */
export function configPage(folder, name, config, axes, options) {
  if (process.env.OPTEXPLORE_PLOTS_HTML !== '1') return writePage(folder, name, makeDocument(config, axes, options));
  const path = join(folder, `${name}.html`);
  tool('plot', config, '--format', 'html', '-o', path);
  return path;
}
