// Contour lines by marching squares (Lorensen & Cline 1987, in two dimensions).

// Sides of a cell: 0 bottom, 1 right, 2 top, 3 left. Which sides a contour joins, for each pattern of corners above
// the level (bit 0: lower left, then counterclockwise). Patterns 5 and 10 are saddles, decided by the cell's centre.
const CELL_LINES = [
  [], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], null, [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], null, [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], [],
];

/** The joined sides of a saddle: the corners of one kind are connected when the centre is of that kind. */
function saddleLines(pattern, centreAbove) {
  return (pattern === 5) === centreAbove ? [[3, 2], [1, 0]] : [[3, 0], [1, 2]];
}

/**
 * The lines f = level on a grid as arrays [u0, v0, u1, v1, …] in units of grid cells. Cells with a non-finite
 * corner are left out.
 */
function contourLines(grid, level) {
  const [nx, ny] = [grid.x[2], grid.y[2]];
  const f = grid.f;
  const segments = [];  // pairs of edges
  const at = new Map();  // edge → its (at most two) segments
  // The edge at one side of cell (i, j): even numbers run along u, odd ones along v.
  const edge = (i, j, side) => {
    if (side === 0) return 2 * (j * nx + i);
    if (side === 1) return 2 * (j * nx + i + 1) + 1;
    if (side === 2) return 2 * ((j + 1) * nx + i);
    return 2 * (j * nx + i) + 1;
  };
  for (let j = 0; j + 1 < ny; ++j) {
    for (let i = 0; i + 1 < nx; ++i) {
      const k = j * nx + i;
      const [a, b, c, d] = [f[k], f[k + 1], f[k + nx + 1], f[k + nx]];
      const sum = a + b + c + d;
      if (!isFinite(sum)) continue;
      const pattern = (a > level) + 2 * (b > level) + 4 * (c > level) + 8 * (d > level);
      for (const [from, to] of CELL_LINES[pattern] ?? saddleLines(pattern, sum / 4 > level)) {
        const pair = [edge(i, j, from), edge(i, j, to)];
        for (const e of pair) {
          if (at.has(e)) at.get(e).push(segments.length);
          else at.set(e, [segments.length]);
        }
        segments.push(pair);
      }
    }
  }
  return joinSegments(segments, at).map((edges) => crossings(edges, f, nx, level));
}

/** Chains segments that share an edge into lines: each a list of edges, closed where the first comes back at the end. */
function joinSegments(segments, at) {
  const used = new Uint8Array(segments.length);
  const follow = (start, edge) => {
    const edges = [];
    for (let s = start; s !== undefined; s = at.get(edge).find((other) => !used[other])) {
      used[s] = 1;
      edge = segments[s][0] === edge ? segments[s][1] : segments[s][0];
      edges.push(edge);
    }
    return edges;
  };
  const lines = [];
  segments.forEach(([first], s) => {
    if (used[s]) return;
    const forward = follow(s, first);
    const before = at.get(first).find((other) => !used[other]);
    const backward = before === undefined ? [] : follow(before, first).reverse();
    lines.push([...backward, first, ...forward]);
  });
  return lines;
}

/** Where the level lies on each of the edges. */
function crossings(edges, f, nx, level) {
  const points = new Float64Array(2 * edges.length);
  edges.forEach((edge, n) => {
    const k = edge >> 1;
    const along = edge & 1;
    const other = f[k + (along ? nx : 1)];
    const part = Math.min(1, Math.max(0, (level - f[k]) / (other - f[k])));
    points[2 * n] = (k % nx) + (along ? 0 : part);
    points[2 * n + 1] = Math.floor(k / nx) + (along ? part : 0);
  });
  return points;
}
