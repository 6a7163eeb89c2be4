"""Expressions as trees, and their values by NumPy."""

import math

import numpy as np
from numpy.linalg import LinAlgError

class Node:
    """An operation `op` on `args`; `data` holds what is no expression: a number, a name, a spelling."""

    def __init__(self, op, shape, args=(), data=None):
        self.op, self.shape, self.args, self.data = op, tuple(shape), list(args), data

    def walk(self):
        yield self
        for arg in self.args:
            yield from arg.walk()


class Values:
    """Computes trees. With an `rng`, what is rounded somewhere is disturbed, which shows how exact a result can be."""

    def __init__(self, point, rng=None):
        self.point, self.rng, self.loops = point, rng, {}
        self.rounded = False  # somewhere
        self.doubtful = False  # a result that rounding decides
        self.zero = False  # one of a sum, whose sign is the order's

    def disturbed(self, value, scale=None):
        self.rounded = True
        value = np.asarray(value, dtype=float)
        if self.rng is None:
            return value
        scale = np.abs(value) if scale is None else scale
        return value + NOISE * scale * self.rng.uniform(-1, 1, value.shape)

    def of(self, node):
        args = [self.of(arg) for arg in node.args] if node.op not in ("loop",) else []
        result = np.asarray(OPERATIONS[node.op](self, node, args), dtype=float)
        self.zero = self.zero or (node.op in SUMS and bool(np.any(result == 0)))
        return result


NOISE = 1e-13
SUMS = ("sum", "mean", "prod", "matmul", "dot", "trace", "cumsum", "loop", "mod", "softmax")
SIGNED = ("div", "atan2", "pow")  # operations that ask for the sign of a zero
OPERATIONS = {}


def operation(*names):
    def enter(function):
        for name in names:
            OPERATIONS[name] = function
        return function
    return enter


def whole(*values):
    """Whether all are whole numbers so small that sums of them are exact."""
    return all(np.all(np.isfinite(v)) and np.all(v == np.floor(v)) and np.sum(np.abs(v)) < 2**40 for v in values)


def magnitude(*values):
    finite = [np.abs(v[np.isfinite(v)]) for v in map(np.atleast_1d, values)]
    return max((float(v.max()) for v in finite if v.size), default=0.0)


@operation("leaf")
def leaf(values, node, args):
    first, shape = node.data, node.shape
    count = math.prod(shape)
    return values.point[first:first + count].reshape(shape) if shape else values.point[first]


@operation("number")
def number(values, node, args):
    return node.data


@operation("loop name")
def loop_name(values, node, args):
    return values.loops[node.data]


# Operations of which IEEE 754 says every bit.
EXACT = {
    "neg": np.negative, "abs": np.abs, "sign": np.sign, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil,
    "round": np.rint, "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
    "min2": np.minimum, "max2": np.maximum, "lt": np.less, "le": np.less_equal, "gt": np.greater,
    "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal, "and": np.logical_and, "or": np.logical_or,
    "not": np.logical_not, "isnan": np.isnan, "isfinite": np.isfinite,
    "relu": lambda x: np.where(x > 0, x, 0.0), "where": lambda c, a, b: np.where(c != 0, a, b),
    "clip": lambda v, lo, hi: np.where(v < lo, lo, np.where(v > hi, hi, v)),
    "f32": lambda x: x.astype(np.float32).astype(float), "f16": lambda x: x.astype(np.float16).astype(float),
}


@operation(*EXACT)
def exact(values, node, args):
    return EXACT[node.op](*args)


@operation("bf16")
def bf16(values, node, args):
    """To nearest, at ties to even: through the odd-rounded single precision."""
    x = np.atleast_1d(args[0])
    with np.errstate(all="ignore"):
        mantissa, exponent = np.frexp(x)
        rounded = np.ldexp(np.rint(mantissa * 256), exponent - 8)
    tiny = np.abs(x) < 2.0**-126
    rounded = np.where(tiny, np.rint(x * 2.0**133) * 2.0**-133, rounded)
    rounded = np.where(np.abs(rounded) >= 2.0**128, np.copysign(np.inf, x), rounded)
    return np.where(np.isfinite(x), rounded, x).reshape(np.shape(args[0]))


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


erf = np.vectorize(math.erf, otypes=[float])
SMOOTH = {
    "cbrt": np.cbrt, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "log2": np.log2,
    "log10": np.log10, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "erf": erf, "sigmoid": sigmoid,
    "softplus": lambda x: np.logaddexp(0, x), "silu": lambda x: x * sigmoid(x),
    "gelu": lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
    "gelu_tanh": lambda x: x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2,
    "atan2": np.arctan2, "hypot": np.hypot, "mod": np.mod, "logaddexp": np.logaddexp, "pow": np.power,
}


@operation(*SMOOTH)
def smooth(values, node, args):
    if node.op == "pow" and node.args[1].op == "number" and node.args[1].data in (0, 1, 2):
        return [np.ones_like(args[0]), args[0], args[0] * args[0]][int(node.args[1].data)]
    if node.op == "mod" and whole(*args):
        return np.mod(*args)
    args = [values.disturbed(arg) for arg in args]
    result = SMOOTH[node.op](*args)
    beside = node.op in ("gelu", "gelu_tanh", "logaddexp", "acos", "tan", "mod")
    return values.disturbed(result, sum(map(np.abs, args)) + np.abs(result) if beside else None)


def along(node):
    """NumPy's axis of a reduction."""
    return None if node.data is None or len(node.args[0].shape) < 2 else node.data["dim"] - 1


REDUCTIONS = {
    "sum": np.sum, "mean": np.mean, "prod": np.prod, "var": np.var,
    "norm": lambda v, axis: np.sqrt(np.sum(v * v, axis=axis)),
    "norm1": lambda v, axis: np.sum(np.abs(v), axis=axis),
}


@operation(*REDUCTIONS)
def reduction(values, node, args):
    v, axis = args[0], along(node)
    if not node.args[0].shape:
        return {"var": np.float64(0), "norm": np.abs(v), "norm1": np.abs(v)}.get(node.op, v)
    exactly = whole(v * v if node.op == "norm" else v) and node.op != "var"
    if node.op == "prod":
        exactly = whole(v) and np.prod(np.abs(v[v != 0])) < 2.0**53
    if exactly:
        return REDUCTIONS[node.op](v, axis=axis)
    v = values.disturbed(v)
    result = REDUCTIONS[node.op](v, axis=axis)
    return values.disturbed(result, magnitude(v)**2 if node.op == "var" else None)


CHOICES = {"min": np.min, "max": np.max, "norminf": lambda v, axis: np.max(np.abs(v), axis=axis),
           "argmin": lambda v, axis: np.argmin(v, axis=axis) + 1, "argmax": lambda v, axis: np.argmax(v, axis=axis) + 1}


@operation(*CHOICES)
def choice(values, node, args):
    return CHOICES[node.op](args[0], axis=along(node))


@operation("matmul", "dot")
def matmul(values, node, args):
    if node.op == "dot":
        args = np.broadcast_arrays(*args)
    if not (whole(*args) and whole(np.multiply.outer(magnitude(args[0]), magnitude(args[1])))):
        args = [values.disturbed(arg) for arg in args]
        values.rounded = True
    return np.sum(args[0] * args[1]) if node.op == "dot" else args[0] @ args[1]


@operation("cumsum")
def cumsum(values, node, args):
    return np.cumsum(args[0] if whole(args[0]) else values.disturbed(args[0]), axis=-1) if node.shape else args[0]


@operation("trace")
def trace(values, node, args):
    return np.trace(args[0] if whole(args[0]) else values.disturbed(args[0]))


def logsumexp(v):
    m = np.max(v, axis=-1, keepdims=True)
    return (m + np.log(np.sum(np.exp(v - m), axis=-1, keepdims=True)))


def cross_entropy(logits, labels):
    rows = (logits - logsumexp(logits)).reshape(-1, logits.shape[-1])
    return -np.mean([row[int(k) - 1] for row, k in zip(rows, np.atleast_1d(labels))])


def qr_q(a):
    q, r = np.linalg.qr(a)
    return q * np.where(np.diag(r) < 0, -1.0, 1.0)


def eigvecs(a):
    vectors = np.linalg.eigh(a, UPLO="L")[1]
    largest = np.take_along_axis(vectors, np.argmax(np.abs(vectors), axis=0)[None, :], axis=0)
    return vectors * np.where(largest < 0, -1.0, 1.0)


ALGEBRA = {
    "solve": np.linalg.solve, "cholesky": np.linalg.cholesky, "det": np.linalg.det, "qr_q": qr_q, "eigvecs": eigvecs,
    "eigvals": lambda a: np.linalg.eigvalsh(a, UPLO="L"),
    "softmax": lambda v: np.exp(v - logsumexp(v)), "log_softmax": lambda v: v - logsumexp(v),
    "logsumexp": lambda v: logsumexp(v)[..., 0], "cross_entropy": cross_entropy,
}


@operation(*ALGEBRA)
def algebra(values, node, args):
    if not node.args[0].shape:
        return {"softmax": np.float64(1), "log_softmax": np.float64(0), "logsumexp": args[0]}[node.op]
    if node.op == "cross_entropy":
        args = [values.disturbed(args[0], magnitude(args[0])), args[1]]
    else:
        args = [values.disturbed(arg, magnitude(arg)) for arg in args]
    if node.args[0].shape[-1] == 1 and node.op in ("log_softmax", "cross_entropy"):
        values.doubtful = True  # 0, or a rounding error: what is divided by it may be anything
    by_rows = node.op in ("softmax", "log_softmax", "logsumexp", "cross_entropy")
    if not by_rows and not all(np.all(np.isfinite(arg)) for arg in args):
        values.doubtful = values.doubtful or node.op in ("det", "solve")
        return np.full(node.shape, np.nan)
    try:
        result = ALGEBRA[node.op](*args)
    except LinAlgError:
        return np.full(node.shape, np.nan)
    if node.op == "qr_q":  # a column that depends on those before it may turn either way
        pivots = np.abs(np.diag(np.linalg.qr(args[0], mode="r")))
        values.doubtful = values.doubtful or bool(np.min(pivots) < 1e-9 * magnitude(args[0]))
    largest = max(magnitude(result), magnitude(args[0]) if node.op not in ("solve", "qr_q", "eigvecs", "det") else 0)
    return values.disturbed(result, largest)


@operation("transpose")
def transpose(values, node, args):
    return args[0].T


@operation("diag")
def diag(values, node, args):
    return np.diag(args[0])


@operation("outer")
def outer(values, node, args):
    return np.multiply.outer(*args)


@operation("reshape", "flatten")
def reshape(values, node, args):
    return args[0].reshape(node.shape)


@operation("sort")
def sort(values, node, args):
    return np.sort(args[0], axis=-1) if node.shape else args[0]


@operation("argsort")
def argsort(values, node, args):
    return np.argsort(args[0], axis=-1, kind="stable") + 1 if node.shape else 1


@operation("push")
def push(values, node, args):
    return np.concatenate([args[0][1:], args[1].reshape(1, -1) if len(node.shape) == 2 else args[1].reshape(1)])


@operation("stack", "concat", "list")
def joined(values, node, args):
    if len(node.shape) == 2:
        return np.vstack([np.atleast_2d(arg) for arg in args])
    return np.concatenate([np.atleast_1d(arg) for arg in args])


@operation("eye", "zeros", "ones", "range")
def made(values, node, args):
    if node.op == "range":
        return np.arange(node.data[0], node.data[1] + 1)
    return {"eye": lambda s: np.eye(s[0]), "zeros": np.zeros, "ones": np.ones}[node.op](node.shape)


@operation("onehot")
def onehot(values, node, args):
    return (args[0][..., None] == np.arange(1, node.shape[-1] + 1)).astype(float)


@operation("index")
def index(values, node, args):
    """data: for each index None (an expression) or the ends of a range, which may be missing."""
    rest, places = iter(args[1:]), []
    for ends, size in zip(node.data, node.args[0].shape):
        if ends is None:
            places.append(next(rest).astype(int) - 1)
        else:
            places.append(np.arange((ends[0] or 1) - 1, ends[1] or size))
    if len(places) == 2 and places[0].ndim and places[1].ndim and any(ends is not None for ends in node.data):
        places = list(np.ix_(*places))
    return args[0][tuple(places)]


@operation("loop")
def loop(values, node, args):
    word, name, first, last = node.data
    terms = []
    for k in range(first, last + 1):
        values.loops[name] = np.float64(k)
        terms.append(values.of(node.args[0]))
    values.loops.pop(name, None)
    terms = np.array(terms)
    if word == "sum":
        return np.sum(terms if whole(terms) else values.disturbed(terms))
    return np.prod(values.disturbed(terms)) if terms.size else 1.0


def together(a, b):
    """The shape of two values element by element, None if they don't go together."""
    if a == b or not b:
        return a
    if not a:
        return b
    if len(a) == len(b) == 1:
        return None
    for vector, matrix in ((a, b), (b, a)):
        if len(vector) == 1 and vector[0] != matrix[1]:
            return None
    a, b = ((1,) * (2 - len(s)) + s for s in (a, b))
    if any(p != q and 1 not in (p, q) for p, q in zip(a, b)):
        return None
    return tuple(map(max, a, b))
