// Numbers as people read them.

const MINUS = '−';

/** At most `digits` significant digits, without trailing zeros; an exponent where it is shorter to read. */
function formatNumber(value, digits = 6) {
  if (!isFinite(value)) return 'not finite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  let text;
  if (size >= 1e-4 && size < 1e6) {
    text = String(Number(value.toPrecision(digits)));
  } else {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    text = `${Number(mantissa)}e${Number(exponent)}`;
  }
  return text.replace(/-/g, MINUS);
}

/** A whole number with thin spaces between thousands. */
function formatCount(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** A tick of an axis whose ticks are `spacing` apart, with as many decimals as tell them apart. */
function formatTick(value, spacing) {
  const size = Math.abs(value);
  if (size >= 1e6 || (spacing < 1e-4 && size < 1e-2)) {
    const digits = size > 0 ? Math.max(0, Math.ceil(Math.log10(size / spacing) - 1e-9)) : 0;
    return formatNumber(value, Math.min(digits + 1, 12));
  }
  const decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(spacing) + 1e-9)));
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', MINUS);
}

/** A power of ten with raised digits: 10⁻³; 0.1, 1, 10 and 100 are written out. */
function formatPower(exponent) {
  if (exponent >= -1 && exponent <= 2) return String(Number(`1e${exponent}`));
  const raised = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
  return `10${[...String(exponent)].map((c) => raised[c]).join('')}`;
}

/** One hyperparameter's value: a number, a schedule's text, a truth value or a list. */
function formatSetting(value) {
  if (Array.isArray(value)) return `[${value.map(formatSetting).join(', ')}]`;
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

/** `lr 0.3, beta1 0.9`, or an empty text. */
function formatHyperparameters(hyperparameters) {
  return Object.entries(hyperparameters ?? {})
    .map(([name, value]) => `${name} ${formatSetting(value)}`)
    .join(', ');
}

/** Whether a run ended because something was not finite any more. */
function failed(trajectory) {
  return trajectory.status === 'diverged' || trajectory.status === 'no_gradient';
}

/** How a run ended, for the reader: nothing for one that did all of its steps. */
function formatStatus(trajectory) {
  if (trajectory.status !== 'stopped' && !failed(trajectory)) return '';
  const last = trajectory.step[trajectory.step.length - 1];
  if (trajectory.status === 'no_gradient') return `no gradient at ${formatCount(last - 1)}`;
  return `${trajectory.status} at ${formatCount(last)}`;
}
