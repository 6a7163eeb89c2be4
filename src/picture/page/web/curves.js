// What the chart shows of each trajectory, and in which range.

/** The smallest positive, the smallest and the largest finite number of several arrays, as far as there are any. */
function extent(arrays) {
  const found = { positive: Infinity, low: Infinity, high: -Infinity };
  for (const values of arrays) {
    for (const v of values) {
      if (!isFinite(v)) continue;
      if (v < found.low) found.low = v;
      if (v > found.high) found.high = v;
      if (v > 0 && v < found.positive) found.positive = v;
    }
  }
  return found;
}

/**
 * A column's values by trajectory, and their name. A logarithmic axis can't show f ≤ 0: there f − minimum stands for
 * it when the function's minimum is known.
 */
function chartSeries(model, name, log) {
  const label = model.columns.find((column) => column.name === name)?.label ?? name;
  const values = model.trajectories.map((trajectory) => trajectory.values[name]);
  const minimum = model.function.minimum;
  if (log && name === 'f' && typeof minimum === 'number' && extent(values).low <= 0) {
    const sign = minimum < 0 ? '+' : MINUS;
    const text = `${label} ${sign} ${formatNumber(Math.abs(minimum), 4)}`;
    return { label: minimum === 0 ? label : text, values: values.map((v) => v.map((f) => f - minimum)) };
  }
  return { label, values };
}

/**
 * Whether a column is best seen on a logarithmic axis: nothing negative, and more than two decades of the rest. What a
 * gap of five decades parts from greater values is a zero with the noise of rounding.
 */
function prefersLog(model, name) {
  if (model.columns.find((column) => column.name === name)?.linear) return false;
  const values = [];
  for (const trajectory of model.trajectories) {
    for (const v of trajectory.values[name]) {
      if (v < 0) return false;
      if (v > 0 && isFinite(v)) values.push(v);
    }
  }
  const sorted = Float64Array.from(values).sort().reverse();
  let last = 0;
  while (last + 1 < sorted.length && sorted[last] / sorted[last + 1] < 1e5) ++last;
  return sorted.length > 0 && sorted[0] / sorted[last] > 100;
}

/**
 * The range of the axis: all visible values, but of runs that diverged only those up to ten times (on a logarithmic
 * axis, a hundred times) the largest of the others; the rest leaves the chart at its upper edge.
 */
function chartRange(model, series, hidden, log) {
  const visible = model.trajectories.filter((trajectory) => !hidden.has(trajectory.index));
  const sane = visible.filter((trajectory) => !failed(trajectory));
  const all = extent(visible.map((trajectory) => series.values[trajectory.index]));
  const others = extent([...sane.map((trajectory) => series.values[trajectory.index]),
    ...visible.map((trajectory) => series.values[trajectory.index].subarray(0, 1))]);
  const limit = sane.length ? Math.abs(others.high) * (log ? 100 : 10) : Infinity;
  let [low, high] = [log ? all.positive : all.low, all.high > limit ? others.high : all.high];
  if (!log && all.low < -limit) low = others.low;
  if (!(low <= high)) return [log ? 0.1 : 0, 1];
  if (log) {
    const pad = Math.max(1.1, (high / low) ** 0.04);
    return [Math.max(low / pad, Number.MIN_VALUE), Math.min(high * pad, Number.MAX_VALUE)];
  }
  const pad = low === high ? Math.max(Math.abs(low) * 0.1, 0.5) : (high - low) * 0.05;
  return [low - pad, high + pad];
}

/**
 * A curve in pixels, [x0, y0, x1, y1, …]. Of the points that share a column of pixels the first, lowest, highest and
 * last are kept: what is drawn looks the same. NaN interrupts the line.
 */
function screenCurve(step, values, scaleX, scaleY) {
  const points = [];
  let column = null;
  const flush = () => {
    if (!column) return;
    const { first, low, high, last } = column;
    const kept = [...new Set([first, ...[low, high].sort((a, b) => a - b), last])];
    for (const n of kept) points.push(scaleX.pixel(step[n]), scaleY.pixel(values[n]));
    column = null;
  };
  for (let n = 0; n < step.length; ++n) {
    if (!isFinite(scaleY.pixel(values[n]))) {
      flush();
      points.push(NaN, NaN);
      continue;
    }
    const at = Math.floor(scaleX.pixel(step[n]));
    if (column?.at !== at) {
      flush();
      column = { at, first: n, low: n, high: n, last: n };
    }
    if (values[n] < values[column.low]) column.low = n;
    if (values[n] > values[column.high]) column.high = n;
    column.last = n;
  }
  flush();
  return points;
}
