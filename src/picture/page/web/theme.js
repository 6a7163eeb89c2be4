// Colours: those of the style sheet for the canvases, and trajectories' own made readable on them.

function parseColour(text) {
  const digits = /^#([0-9a-f]{6})$/i.exec(text.trim());
  if (!digits) return [128, 128, 128];
  const value = parseInt(digits[1], 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function formatColour(rgb) {
  return `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
}

function mixColours(from, to, part) {
  return from.map((c, i) => c + part * (to[i] - c));
}

/** Relative luminance, WCAG 2.2. */
function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [p, q] = [luminance(a), luminance(b)];
  return (Math.max(p, q) + 0.05) / (Math.min(p, q) + 0.05);
}

/** The colour, moved towards white or black until it has WCAG's contrast of 3 for graphics on `surface`. */
function readableColour(text, surface) {
  const colour = parseColour(text);
  const goal = luminance(surface) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mixColours(colour, goal, part);
    if (contrast(mixed, surface) >= 3) return formatColour(mixed);
  }
  return formatColour(goal);
}

/** The style sheet's colours as they are now, and one colour per trajectory. */
function readTheme(trajectories) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const theme = {};
  for (const name of ['surface', 'ink', 'muted', 'line', 'contour', 'low', 'high']) theme[name] = colour(name);
  theme.font = getComputedStyle(document.body).fontFamily;
  theme.paths = trajectories.map((t) => readableColour(t.color, parseColour(theme.surface)));
  return theme;
}
