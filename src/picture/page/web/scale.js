// Axes: numbers to pixels, and the ticks between.

/** Round multiples of 1, 2 or 5 times a power of ten in [low, high], about `wanted` of them; with their spacing. */
function linearTicks(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0) || !isFinite(rough)) return { ticks: [low], spacing: 1 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const spacing = power * ([1, 2, 5].find((m) => m * power >= rough * 0.999) ?? 10);
  const ticks = [];
  const first = Math.ceil(low / spacing - 1e-9);
  const last = Math.floor(high / spacing + 1e-9);
  for (let k = first; k <= last && ticks.length < 100; ++k) ticks.push(k * spacing);
  return { ticks, spacing };
}

/** Exponents of powers of ten in [low, high] (both are exponents), at most about `wanted` of them. */
function decadeTicks(low, high, wanted) {
  const stride = [1, 2, 3, 5, 10, 20, 50, 100, 200].find((s) => (high - low) / s <= wanted) ?? 500;
  const ticks = [];
  for (let k = Math.ceil(low / stride - 1e-9); k * stride <= high + 1e-9; ++k) ticks.push(k * stride);
  return ticks;
}

/** A linear or logarithmic map from [low, high] to pixels [from, to]. */
class Scale {
  constructor(low, high, from, to, log = false) {
    this.log = log;
    this.low = low;
    this.high = high;
    this.from = from;
    this.to = to;
    this.a = log ? Math.log10(low) : low;
    this.b = log ? Math.log10(high) : high;
  }

  /** The pixel of a value; on a logarithmic axis 0 lies on the lower edge and negative numbers nowhere (NaN). */
  pixel(value) {
    if (this.log && value <= 0) return value === 0 ? this.from : NaN;
    const v = this.log ? Math.log10(value) : value;
    return this.from + ((v - this.a) / (this.b - this.a)) * (this.to - this.from);
  }

  /** The value at a pixel. */
  value(pixel) {
    const v = this.a + ((pixel - this.from) / (this.to - this.from)) * (this.b - this.a);
    return this.log ? 10 ** v : v;
  }

  /** Ticks as {value, text}, about `wanted` of them. */
  ticks(wanted) {
    if (this.log && this.b - this.a >= 1.5) {
      return decadeTicks(this.a, this.b, wanted).map((k) => ({ value: 10 ** k, text: formatPower(k) }));
    }
    const { ticks, spacing } = linearTicks(this.low, this.high, wanted);
    return ticks
      .filter((value) => !this.log || value > 0)
      .map((value) => ({ value, text: formatTick(value, spacing) }));
  }
}
