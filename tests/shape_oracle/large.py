"""What is large goes through the program in pieces."""

import numpy as np

from .gradients import differences
from .report import failed

ROWS, COLUMNS = 61, 50
A, B = f"reshape(x, {ROWS}, {COLUMNS})", f"reshape(x, {COLUMNS}, {ROWS})"


def rows_of(x):
    return x.reshape(ROWS, COLUMNS)


LARGE = [
    (f"sum(sin({A} + [{', '.join(map(str, range(COLUMNS)))}])*{A})",
     lambda x: np.sum(np.sin(rows_of(x) + np.arange(COLUMNS)) * rows_of(x))),
    (f"sum(exp(sum({A}, 1)/9) + max({A}, dim=1))", lambda x: np.sum(np.exp(rows_of(x).sum(0) / 9) + rows_of(x).max(0))),
    (f"sum(cos(sum({A}, 2)) + min({A}, dim=2)^2)", lambda x: np.sum(np.cos(rows_of(x).sum(1)) + rows_of(x).min(1)**2)),
    (f"norm(({A} - mean({A}, 1))/sqrt(0.1 + var({A}, 1)), 2)[{ROWS}]",
     lambda x: np.linalg.norm(((rows_of(x) - rows_of(x).mean(0)) / np.sqrt(0.1 + rows_of(x).var(0)))[-1])),
    (f"sum({A}.T*tanh({B}))", lambda x: np.sum(rows_of(x).T * np.tanh(x.reshape(COLUMNS, ROWS)))),
    (f"sum(sin({A} @ {B}/20))", lambda x: np.sum(np.sin(rows_of(x) @ x.reshape(COLUMNS, ROWS) / 20))),
    (f"trace(({A}.T @ {A})^2)/1e4", lambda x: np.trace((rows_of(x).T @ rows_of(x))**2) / 1e4),
    (f"sum(softmax({A})*{A}) + sum(logsumexp({A}))",
     lambda x: sum(np.exp(r) @ r / np.exp(r).sum() + np.log(np.exp(r).sum()) for r in rows_of(x))),
    (f"cross_entropy({A}, 1 + mod(range(1, {ROWS}), {COLUMNS}))",
     lambda x: np.mean([np.log(np.exp(r).sum()) - r[(i + 1) % COLUMNS] for i, r in enumerate(rows_of(x))])),
    ("sum(cumsum(x)*sin(x))/100", lambda x: np.cumsum(x) @ np.sin(x) / 100),
    ("sum(sort(x)*cos(range(1, n)))", lambda x: np.sort(x) @ np.cos(np.arange(1, x.size + 1))),
    ("sum(x[argsort(-x)]^3/range(1, n))", lambda x: np.sum(np.sort(x)[::-1]**3 / np.arange(1, x.size + 1))),
    (f"sum({A}[argsort(sum({A}, 2))[2:9], 3:{COLUMNS}]^3)",
     lambda x: np.sum(rows_of(x)[np.argsort(rows_of(x).sum(1))[1:9], 2:]**3)),
    (f"sum({A}[2:{ROWS}]*{A}[1:{ROWS - 1}]) + sum({A}[:, 1]*{A}[:, {COLUMNS}]^2)",
     lambda x: np.sum(rows_of(x)[1:] * rows_of(x)[:-1]) + np.sum(rows_of(x)[:, 0] * rows_of(x)[:, -1]**2)),
    ("sum(sin(outer(x[1:70], x[71:140])))", lambda x: np.sum(np.sin(np.outer(x[:70], x[70:140])))),
    ("sum(solve(reshape(x[1:1600], 40, 40) + 30*eye(40), x[1601:1640])^2)",
     lambda x: np.sum(np.linalg.solve(x[:1600].reshape(40, 40) + 30 * np.eye(40), x[1600:1640])**2)),
    (f"sum(k, 1, {COLUMNS}, sin(sum({A}[:, k]))*x[k])",
     lambda x: np.sum(np.sin(rows_of(x).sum(0)) * x[:COLUMNS])),
    (f"sum(where({A} > {A}[:, 7:7], {A}, 0.5*{A}^2)) + sum(stack({A}, x[1:{COLUMNS}], -{A})[{ROWS - 1}:{ROWS + 9}]^3)",
     lambda x: np.sum(np.where(rows_of(x) > rows_of(x)[:, 6:7], rows_of(x), 0.5 * rows_of(x)**2)) +
     np.sum(np.vstack([rows_of(x), x[None, :COLUMNS], -rows_of(x)])[ROWS - 2:ROWS + 9]**3)),
]


def check_large(tool, rng, numpy_rng, count):
    n = ROWS * COLUMNS
    point = numpy_rng.permutation(np.linspace(-2, 2, n))  # so far from each other that differences keep their order
    direction = numpy_rng.uniform(-1, 1, n)
    functions = [{"name": f"f{i}", "definition": f"f{i}(x[n]) = {text}", "dim": n} for i, (text, _) in enumerate(LARGE)]
    found = tool.rows(functions, [point, point + 0.01 * direction, point], ["f", "g"])
    if not isinstance(found, list):
        failed("large: " + found.stderr.strip())
        return
    for (text, value), row, other, again in zip(LARGE, found[::3], found[1::3], found[2::3]):
        for where, f in ((point, row[0]), (point + 0.01 * direction, other[0])):
            if not abs(value(where) - f) <= 1e-11 * (1 + abs(value(where))):
                failed("large: " + text, f"expected {value(where)!r}, found {f!r}")
        if row != again:
            failed("large, side by side, differs: " + text)
        estimates = [differences(lambda t: value(point + t * direction), step)[0] for step in (1e-4, 5e-5)]
        slope = float(np.array(row[1:]) @ direction)
        room = 1e-6 * (abs(slope) + 1e-3 * abs(row[0]) + 1e-3) + 3 * abs(estimates[0] - estimates[1])
        if not abs(slope - estimates[1]) <= room:
            failed("large, gradient: " + text, f"expected {estimates[1]!r} to within {room:.1e}, found {slope!r}")
    print(f"large: {len(LARGE)} expressions of {n} coordinates")
