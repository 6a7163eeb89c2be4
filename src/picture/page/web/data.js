// The document's data as arrays of numbers, and questions about them.

/** A number of a document: infinities are strings there, and NaN is null. */
function numberOf(value) {
  if (value === null) return NaN;
  return value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value;
}

/** An array of JSON numbers as doubles. */
function toNumbers(values) {
  return Float64Array.from(values, numberOf);
}

/** Reads the JSON text that the tool wrote; see the schema in tests/page/README.md. */
function readModel(text) {
  const data = JSON.parse(text);
  const trajectories = data.trajectories.map((entry, index) => {
    const values = {};
    for (const { name } of data.columns) {
      values[name] = toNumbers(entry.data[name] ?? new Array(entry.data.step.length).fill(null));
    }
    return {
      ...entry,
      index,
      step: toNumbers(entry.data.step),
      x: toNumbers(entry.data.x),
      y: toNumbers(entry.data.y),
      values,
    };
  });
  const steps = recordedSteps(trajectories);
  return {
    ...data,
    // The runs that look alike and share an entry of the legend.
    series: data.series.map((label, index) => ({ label, index,
      members: trajectories.filter((trajectory) => trajectory.series === index) })),
    trajectories,
    steps,
    lastStep: steps.length ? steps[steps.length - 1] : 0,
    grid: data.grid && { ...data.grid, f: Float64Array.from(data.grid.f.flat(), numberOf) },
    graph: data.graph && { ...data.graph, f: toNumbers(data.graph.f) },
  };
}

/** Every step that at least one trajectory has a row of, ascending. */
function recordedSteps(trajectories) {
  const all = new Set();
  for (const { step } of trajectories) {
    for (const s of step) all.add(s);
  }
  return Float64Array.from(all).sort();
}

/** The last index whose value is at most `value` in an ascending array; -1 when there is none. */
function lastAtMost(ascending, value) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the step nearest to `value`. */
function nearestIndex(ascending, value) {
  const below = lastAtMost(ascending, value);
  if (below < 0) return 0;
  if (below + 1 >= ascending.length) return below;
  return value - ascending[below] <= ascending[below + 1] - value ? below : below + 1;
}

/**
 * Where a trajectory is at a moment between steps: on the straight line between its rows. Null where it has no
 * finite point.
 */
function positionAt(trajectory, time) {
  const { step, x, y } = trajectory;
  const i = lastAtMost(step, time);
  if (i < 0) return null;
  const part = i + 1 < step.length ? (time - step[i]) / (step[i + 1] - step[i]) : 0;
  const moves = part > 0 && isFinite(x[i + 1]) && isFinite(y[i + 1]);
  const at = moves ? [x[i] + part * (x[i + 1] - x[i]), y[i] + part * (y[i + 1] - y[i])] : [x[i], y[i]];
  return isFinite(at[0]) && isFinite(at[1]) ? at : null;
}

/** The middle one of the finite numbers, of two the mean; NaN when there is none. */
function median(values) {
  const sorted = values.filter((v) => isFinite(v)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A column of a series at a moment: its run's value, of several runs the median. NaN where there is none. */
function seriesValue(series, column, time) {
  return median(series.members.map(({ step, values }) => values[column][lastAtMost(step, time)] ?? NaN));
}

/** A function of one coordinate between its values linearly; NaN outside. */
function graphValue(graph, x) {
  const [low, high, count] = graph.x;
  const u = ((x - low) / (high - low)) * (count - 1);
  if (!(u >= 0 && u <= count - 1)) return NaN;
  const i = Math.min(Math.floor(u), count - 2);
  return graph.f[i] + (u - i) * (graph.f[i + 1] - graph.f[i]);
}

/** The function on the grid at a point, between its values linearly; NaN outside. */
function gridValue(grid, x, y) {
  if (!grid) return NaN;
  const [x0, x1, nx] = grid.x;
  const [y0, y1, ny] = grid.y;
  const u = ((x - x0) / (x1 - x0)) * (nx - 1);
  const v = ((y - y0) / (y1 - y0)) * (ny - 1);
  if (!(u >= 0 && u <= nx - 1 && v >= 0 && v <= ny - 1)) return NaN;
  const i = Math.min(Math.floor(u), nx - 2);
  const j = Math.min(Math.floor(v), ny - 2);
  const at = (di, dj) => grid.f[(j + dj) * nx + i + di];
  const [p, q] = [u - i, v - j];
  return (1 - q) * ((1 - p) * at(0, 0) + p * at(1, 0)) + q * ((1 - p) * at(0, 1) + p * at(1, 1));
}
