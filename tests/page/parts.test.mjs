// The page's scripts without a page: their functions, called.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './page.mjs';

/** Functions of one file or more. */
function load(files, names) {
  const text = files.map((file) => readFileSync(join(root, 'src', 'picture', 'page', 'web', file), 'utf8')).join('\n');
  return new Function(`"use strict"; ${text}; return { ${names} };`)();
}

function grid(points, low, high, f) {
  const at = (k) => low + (k * (high - low)) / (points - 1);
  return { x: [low, high, points], y: [low, high, points], at,
    f: Float64Array.from({ length: points * points }, (_, k) => f(at(k % points), at(Math.floor(k / points)))) };
}

test('a circle is one closed line of points that all lie on it', () => {
  const { contourLines } = load(['contours.js'], 'contourLines');
  const g = grid(81, -2, 2, (x, y) => x * x + y * y);
  const lines = contourLines(g, 2.25);
  assert.equal(lines.length, 1);
  const [line] = lines;
  const end = line.length - 2;
  assert.deepEqual([line[0], line[1]], [line[end], line[end + 1]]);
  let length = 0;
  for (let n = 0; n <= end; n += 2) {
    const [x, y] = [g.at(line[n]), g.at(line[n + 1])];
    assert.ok(Math.abs(Math.hypot(x, y) - 1.5) < 1e-3, `${x}, ${y}`);
    if (n > 0) length += Math.hypot(x - g.at(line[n - 2]), y - g.at(line[n - 1]));
  }
  assert.ok(Math.abs(length - 3 * Math.PI) < 0.01, `${length}`);
});

test('a saddle has two lines that do not cross, on either side of its level', () => {
  const { contourLines } = load(['contours.js'], 'contourLines');
  const g = grid(20, -1, 1, (x, y) => x * y);
  for (const level of [0.001, -0.001, 0.3]) {
    const lines = contourLines(g, level);
    assert.equal(lines.length, 2, `level ${level}`);
    for (const line of lines) {
      const side = Math.sign(g.at(line[0]));
      for (let n = 0; n < line.length; n += 2) assert.equal(Math.sign(g.at(line[n])), side);
    }
  }
});

test('cells with a corner that is not finite have no line', () => {
  const { contourLines } = load(['contours.js'], 'contourLines');
  const g = grid(5, -2, 2, (x) => x + 0.5);
  assert.equal(contourLines(g, 0).length, 1);
  g.f[2 * 5 + 2] = NaN;  // in the middle of the line's way
  const points = contourLines(g, 0).map((line) => line.length / 2);
  assert.deepEqual(points, [2, 2]);
});

test('numbers as people read them', () => {
  const { formatNumber, formatTick, formatPower, formatCount } =
    load(['format.js'], 'formatNumber, formatTick, formatPower, formatCount');
  assert.deepEqual([0, -0.1, 1e-7, 123456789, 0.1 + 0.2, NaN, 1e300, -1.5e-20].map((v) => formatNumber(v)),
    ['0', '−0.1', '1e−7', '1.23457e8', '0.3', 'not finite', '1e300', '−1.5e−20']);
  assert.deepEqual([formatTick(-0, 0.5), formatTick(-0.5, 0.5), formatTick(2, 0.25), formatTick(1000000, 200000)],
    ['0.0', '−0.5', '2.0', '1e6']);
  assert.deepEqual([-3, -1, 0, 2, 12].map(formatPower), ['10⁻³', '0.1', '1', '100', '10¹²']);
  assert.equal(formatCount(1234567), '1\u2009234\u2009567');
});

test('a curve drawn from few points has the extremes of all', () => {
  const { screenCurve, Scale } = load(['format.js', 'scale.js', 'curves.js'], 'screenCurve, Scale');
  const steps = Float64Array.from({ length: 100000 }, (_, k) => k);
  const values = steps.map((k) => Math.sin(k * k));
  values[54321] = 7;
  values[12345] = NaN;
  const points = screenCurve(steps, values, new Scale(0, 99999, 0, 500), new Scale(-10, 10, 200, 0));
  assert.ok(points.length / 2 <= 4 * 502);
  const ys = points.filter((_, n) => n % 2);
  assert.equal(Math.min(...ys.filter(isFinite)), 30);  // 7 of −10 … 10 in 200 pixels
  assert.equal(ys.filter((y) => Number.isNaN(y)).length, 1);
});
