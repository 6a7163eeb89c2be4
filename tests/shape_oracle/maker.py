"""Random trees."""

import math

import numpy as np

from .trees import Node, together

POINT_LENGTH = 48


def random_point(rng, smooth=False):
    """Some of it whole numbers, so that elements are equal."""
    point = np.round(rng.normal(0, 1, POINT_LENGTH), 9 if smooth else 3)
    if not smooth:
        point[16:32] = rng.integers(-2, 4, 16)
        point[40:] = rng.normal(0, 1, 8) * 10.0 ** rng.integers(-3, 3, 8)
    return point + 0.0  # no -0, which literals don't tell


class Maker:
    """Makes trees of a wanted shape. Smooth ones have derivatives that differences can tell."""

    def __init__(self, rng, smooth=False, sizes=(1, 2, 2, 3, 3, 4), weird=0.1):
        self.rng, self.smooth, self.sizes, self.loops, self.weird = rng, smooth, sizes, [], weird

    def chance(self, p):
        return self.rng.random() < p

    def size(self):
        return self.rng.choice(self.sizes)

    def leaf(self, shape):
        count = math.prod(shape)
        if count > POINT_LENGTH:
            return Node("ones", shape)
        if not shape and self.loops and self.chance(0.5):
            return Node("loop name", (), data=self.rng.choice(self.loops)[0])
        if not shape and self.chance(0.3):
            return Node("number", (), data=self.rng.choice([0, 1, 2, 3, 0.5, 0.25, 1.5, -1, -0.7, 1e-3]))
        first = self.rng.randrange(POINT_LENGTH - count + 1)
        return Node("leaf", shape, data=first)

    def make(self, shape, depth):
        if depth <= 0:
            return self.leaf(shape)
        makers = [self.elementwise] * 4 + [[self.number, self.vector, self.matrix][len(shape)]] * 6
        for _ in range(20):
            node = self.rng.choice(makers)(shape, depth - 1)
            if node is not None:
                assert node.shape == tuple(shape), (node.op, node.shape, shape)
                return node
        return self.leaf(shape)

    def any(self, depth, rank=None):
        rank = self.rng.choice([1, 1, 2, 2, 2]) if rank is None else rank
        return self.make(tuple(self.size() for _ in range(rank)), depth)

    # element by element

    def parts(self, shape, count):
        """Shapes that make that one together."""
        options = [()] if not shape else [(), shape]
        if len(shape) == 2:
            m, n = shape
            options += [(n,), (m, 1), (1, n), (1, 1)]
        for _ in range(100):
            shapes, all_of_them = [self.rng.choice(options) for _ in range(count)], ()
            for one in shapes:
                all_of_them = None if all_of_them is None else together(all_of_them, one)
            if all_of_them == tuple(shape):
                return shapes
        return [shape] * count

    def safe(self, op, a):
        """An argument in the operation's domain, mostly."""
        if self.chance(self.weird) and not self.smooth:
            return a
        if op in ("exp", "expm1", "sinh", "cosh", "tan") or (self.smooth and op in ("tanh", "gelu_tanh")):
            return Node("sin" if self.smooth else "tanh", a.shape, [a])
        if op in ("asin", "acos"):
            return Node("mul", a.shape, [Node("number", (), data=0.5), Node("sin", a.shape, [a])])
        if op in ("sqrt", "log", "log2", "log10", "log1p", "cbrt"):
            square = Node("pow", a.shape, [a, Node("number", (), data=2)])
            return Node("add", a.shape, [square, Node("number", (), data=0.25)])
        return a

    def elementwise(self, shape, depth):
        smooth = ["neg", "sqrt", "cbrt", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "asin",
                  "acos", "atan", "sinh", "cosh", "tanh", "erf", "sigmoid", "softplus", "silu", "gelu", "gelu_tanh",
                  "abs", "relu"]
        rough = ["sign", "floor", "ceil", "round", "f32", "f16", "bf16", "isnan", "isfinite", "not"]
        kind = self.rng.randrange(10)
        if kind < 3:
            op = self.rng.choice(smooth if self.smooth else smooth + rough)
            return Node(op, shape, [self.safe(op, self.make(shape, depth))])
        if kind == 3:
            count = self.rng.choice([2, 2, 3, 4])
            args = [self.make(s, depth) for s in self.parts(shape, count)]
            return self.chain(self.rng.choice(["min2", "max2"]), args)
        if kind == 4:
            op = self.rng.choice(["where", "clip"])
            args = [self.make(s, depth) for s in self.parts(shape, 3)]
            if op == "where":
                args[0] = Node("gt", args[0].shape, [args[0], Node("number", (), data=0.1)])
            return Node(op, shape, args)
        if kind == 5:
            return self.power(shape, depth)
        ops = ["add", "sub", "mul", "add", "sub", "mul", "div", "hypot", "logaddexp", "atan2"]
        if not self.smooth:
            ops += ["lt", "le", "gt", "ge", "eq", "ne", "and", "or", "mod", "div"]
        op = self.rng.choice(ops)
        a, b = (self.make(s, depth) for s in self.parts(shape, 2))
        if op == "div" and (self.smooth or not self.chance(self.weird)):
            b = self.safe("log", b)
        if op in ("hypot", "atan2") and self.smooth:
            b = self.safe("log", b)
        return Node(op, shape, [a, b])

    def chain(self, op, args):
        node = args[0]
        for arg in args[1:]:
            node = Node(op, together(node.shape, arg.shape), [node, arg])
        return node

    def power(self, shape, depth):
        if self.chance(0.6):
            exponent = self.rng.choice([2, 2, 2, 3, 1, 0, 4] if self.smooth else [2, 2, 3, 1, 0, -1, -2, 5])
            return Node("pow", shape, [self.make(shape, depth), Node("number", (), data=exponent)],
                        data=self.rng.choice([None, "call"]))
        a, b = (self.make(s, depth) for s in self.parts(shape, 2))
        return Node("pow", shape, [self.safe("log", a), Node("sin", b.shape, [b])])

    # indices

    def place(self, limit, depth, shape=()):
        """A whole number from 1 to limit, or a vector of them; mostly known in the run only."""
        if not shape:
            for name, first, last in self.loops:
                if first >= 1 and last <= limit and self.chance(0.7):
                    return Node("loop name", (), data=name)
                if first >= 1 and last < limit and self.chance(0.7):
                    return Node("add", (), [Node("loop name", (), data=name), Node("number", (), data=1)])
        if self.chance(0.35):
            constant = [Node("number", (), data=self.rng.randint(1, limit)) for _ in range(math.prod(shape))]
            return Node("list", shape, constant) if shape else constant[0]
        if not shape and limit <= 12 and self.chance(0.4):
            return Node(self.rng.choice(["argmax", "argmin"]), (), [self.make((limit,), depth)])
        if shape == (limit,) and self.chance(0.4):
            return Node("argsort", shape, [self.make(shape, depth)])
        base = Node("floor", shape, [Node("mul", shape, [Node("number", (), data=7), self.leaf(shape)])])
        remainder = Node("mod", shape, [base, Node("number", (), data=limit)])
        return Node("add", shape, [Node("number", (), data=1), remainder])

    def range_of(self, length):
        """A size and a range in it of that length."""
        before, after = self.rng.choice([0, 0, 1, 2]), self.rng.choice([0, 0, 1])
        first = None if before == 0 and self.chance(0.5) else before + 1
        last = None if after == 0 and self.chance(0.5) else before + length
        return before + length + after, (first, last)

    def picked(self, shape, depth):
        """An index that gives that shape."""
        if not shape:
            if self.chance(0.5):
                size = self.size()
                return Node("index", (), [self.make((size,), depth), self.place(size, depth)], data=[None])
            m, n = self.size(), self.size()
            return Node("index", (), [self.make((m, n), depth), self.place(m, depth), self.place(n, depth)],
                        data=[None, None])
        if len(shape) == 1:
            return self.picked_vector(shape[0], depth)
        m, n = shape
        if self.chance(0.4):  # rows
            if self.chance(0.5):
                size, ends = self.range_of(m)
                return Node("index", shape, [self.make((size, n), depth)], data=[ends])
            size = self.size()
            return Node("index", shape, [self.make((size, n), depth), self.place(size, depth, (m,))], data=[None])
        kind = self.rng.randrange(3)
        rows, row = self.range_of(m) if kind != 0 else (self.size(), None)
        columns, column = self.range_of(n) if kind != 1 else (self.size(), None)
        args = [self.make((rows, columns), depth)]
        if row is None:
            args.append(self.place(rows, depth, (m,)))
        if column is None:
            args.append(self.place(columns, depth, (n,)))
        return Node("index", shape, args, data=[row, column])

    def picked_vector(self, n, depth):
        kind = self.rng.randrange(7)
        if kind == 0:
            size, ends = self.range_of(n)
            return Node("index", (n,), [self.make((size,), depth)], data=[ends])
        if kind == 1:
            size = self.size()
            return Node("index", (n,), [self.make((size,), depth), self.place(size, depth, (n,))], data=[None])
        if kind == 2:
            m = self.size()
            return Node("index", (n,), [self.make((m, n), depth), self.place(m, depth)], data=[None])
        size, ends = self.range_of(n)
        other = self.size()
        if kind == 3:
            return Node("index", (n,), [self.make((size, other), depth), self.place(other, depth)], data=[ends, None])
        if kind == 4:
            return Node("index", (n,), [self.make((other, size), depth), self.place(other, depth)], data=[None, ends])
        size = self.size()
        if kind == 5:
            return Node("index", (n,), [self.make((size, other), depth), self.place(size, depth, (n,)),
                                        self.place(other, depth, (n,))], data=[None, None])
        places = [self.place(size, depth, (n,)), self.place(other, depth)]
        return Node("index", (n,), [self.make((size, other), depth)] + places, data=[None, None])

    # by the result's shape

    def reduced(self, op, shape, depth):
        if not shape:
            arg = self.any(depth, self.rng.choice([0, 1, 1, 2, 2, 2]))
            if op in ("argmin", "argmax", "logsumexp") and len(arg.shape) == 2 and op == "logsumexp":
                return None
            return Node(op, (), [arg])
        dim = self.rng.choice([1, 2])
        arg = self.make((self.size(), shape[0]) if dim == 1 else (shape[0], self.size()), depth)
        spelling = "dim=" if op in ("min", "max") or self.chance(0.5) else ""
        return Node(op, shape, [arg], data={"dim": dim, "spelling": spelling})

    def regular(self, n, depth, positive=False):
        """A square matrix that a small change doesn't make singular, mostly."""
        a = self.make((n, n), depth)
        if not positive and self.chance(0.5):
            a = Node("sin", (n, n), [a])
            scale = Node("mul", (n, n), [Node("number", (), data=n + 1), Node("eye", (n, n))])
            return Node("add", (n, n), [a, scale])
        a = Node("tanh", (n, n), [a])
        square = Node("matmul", (n, n), [a, Node("transpose", (n, n), [a], data=".T")])
        return Node("add", (n, n), [square, Node("eye", (n, n))])

    def symmetric(self, n, depth):
        a = self.make((n, n), depth)
        a = Node("add", (n, n), [a, Node("transpose", (n, n), [a], data="'")])
        return Node("add", (n, n), [a, Node("diag", (n, n), [Node("range", (n,), data=(1, n))])])

    def loop(self, depth):
        name, first = self.rng.choice("kij"), self.rng.choice([1, 1, 1, 2, 0])
        last = first + self.rng.choice([0, 1, 2, 2, 3]) - (1 if self.chance(0.05) else 0)
        word = self.rng.choice(["sum", "sum", "prod"])
        if any(name == known for known, _, _ in self.loops) or last < first - 1:
            return None
        self.loops.append((name, first, last))
        body = self.make((), depth)
        self.loops.pop()
        return Node("loop", (), [body], data=(word, name, first, last))

    def number(self, shape, depth):
        kind = self.rng.randrange(12)
        if kind < 4:
            ops = ["sum", "mean", "prod", "var", "norm", "norm1", "norminf", "min", "max", "logsumexp"]
            if not self.smooth:
                ops += ["argmin", "argmax"]
            return self.reduced(self.rng.choice(ops), (), depth)
        if kind == 4:
            n = self.size()
            return Node("matmul", (), [self.make((n,), depth), self.make((n,), depth)])
        if kind == 5:
            shapes = self.parts(self.rng.choice([(self.size(),), (self.size(), self.size())]), 2)
            return Node("dot", (), [self.make(s, depth) for s in shapes])
        if kind == 6:
            n = self.size()
            return Node("trace", (), [self.make((n, n), depth)])
        if kind == 7:
            return Node("det", (), [self.regular(self.size(), depth)])
        if kind == 8:
            if self.chance(0.5):
                m, n = self.size(), self.size()
                return Node("cross_entropy", (), [self.make((m, n), depth), self.place(n, depth, (m,))])
            n = self.size()
            return Node("cross_entropy", (), [self.make((n,), depth), self.place(n, depth)])
        if kind == 9:
            return self.loop(depth)
        return self.picked((), depth)

    def vector(self, shape, depth):
        n, kind = shape[0], self.rng.randrange(17)
        if kind < 3:
            ops = ["sum", "mean", "prod", "var", "norm", "min", "max"]
            if not self.smooth:
                ops += ["argmin", "argmax"]
            return self.reduced(self.rng.choice(ops), shape, depth)
        if kind == 3:
            k = self.size()
            return Node("matmul", shape, [self.make((n, k), depth), self.make((k,), depth)])
        if kind == 4:
            k = self.size()
            return Node("matmul", shape, [self.make((k,), depth), self.make((k, n), depth)])
        if kind == 5:
            return Node("list", shape, [self.make((), depth) for _ in range(n)])
        if kind == 6:
            rows = self.rng.choice([m for m in range(1, n + 1) if n % m == 0])
            arg = self.make(self.rng.choice([(rows, n // rows), (n,)]), depth)
            return Node(self.rng.choice(["flatten", "reshape"]), shape, [arg])
        if kind == 7:
            other = n + self.rng.choice([0, 0, 1])
            return Node("diag", shape, [self.make(self.rng.choice([(n, other), (other, n)]), depth)])
        if kind == 8:
            first = self.rng.randint(0, n)
            sizes = [s for s in (first, n - first) if s]
            return Node("concat", shape, [self.make((s,) if s > 1 or self.chance(0.3) else (), depth) for s in sizes])
        if kind == 9:
            return Node("push", shape, [self.make(shape, depth), self.make(() if self.chance(0.7) else (1,), depth)])
        if kind == 10:
            return Node("solve", shape, [self.regular(n, depth), self.make(shape, depth)])
        if kind == 11:
            return Node("eigvals", shape, [self.symmetric(n, depth)])
        if kind == 12:
            ops = ["softmax", "log_softmax", "cumsum", "sort"] + ([] if self.smooth else ["argsort"])
            return Node(self.rng.choice(ops), shape, [self.make(shape, depth)])
        if kind == 13:
            if self.chance(0.5):
                return Node("logsumexp", shape, [self.make((n, self.size()), depth)])
            if self.chance(0.5):
                return Node("onehot", shape, [self.place(n, depth)])
            return Node("range", shape, data=(2, n + 1))
        return self.picked(shape, depth)

    def matrix(self, shape, depth):
        (m, n), kind = shape, self.rng.randrange(18)
        if kind < 3:
            k = self.size()
            return Node("matmul", shape, [self.make((m, k), depth), self.make((k, n), depth)])
        if kind < 5:
            spelling = self.rng.choice(["'", ".T", "ᵀ", "call"])
            return Node("transpose", shape, [self.make((n, m), depth)], data=spelling)
        if kind == 5:
            return Node("outer", shape, [self.make((m,), depth), self.make((n,), depth)])
        if kind == 6:
            rows = self.rng.choice([k for k in range(1, m * n + 1) if m * n % k == 0])
            return Node("reshape", shape, [self.make(self.rng.choice([(rows, m * n // rows), (m * n,)]), depth)])
        if kind == 7:
            return Node("list", shape, [self.make((n,), depth) for _ in range(m)])
        if kind == 8:
            if m == n and self.chance(0.5):
                return Node("diag", shape, [self.make((n,), depth)])
            return Node("eye" if m == n else self.rng.choice(["zeros", "ones"]), shape)
        if kind == 9:
            first = self.rng.randint(0, m)
            sizes = [s for s in (first, m - first) if s]
            if len(sizes) == 1 or self.chance(0.5):
                return Node("concat", shape, [self.make((s, n), depth) for s in sizes])
            shapes = [(s, n) if s > 1 or self.chance(0.3) else (n,) for s in sizes]
            return Node("stack", shape, [self.make(s, depth) for s in shapes])
        if kind == 10:
            last = (n,) if n > 1 else self.rng.choice([(), (1,)])
            return Node("push", shape, [self.make(shape, depth), self.make(last, depth)])
        if kind == 11:
            return Node("solve", shape, [self.regular(m, depth), self.make(shape, depth)])
        if kind == 12 and m == n:
            return Node("cholesky", shape, [self.regular(n, depth, positive=True)])
        if kind == 13 and m >= n:
            return Node("qr_q", shape, [self.make(shape, depth)])
        if kind == 14 and m == n and not self.smooth:
            return Node("eigvecs", shape, [self.symmetric(n, depth)])
        if kind == 15:
            ops = ["softmax", "log_softmax", "cumsum", "sort"] + ([] if self.smooth else ["argsort"])
            return Node(self.rng.choice(ops), shape, [self.make(shape, depth)])
        if kind == 16 and not self.smooth:
            return Node("onehot", shape, [self.place(n, depth, (m,))])
        return self.picked(shape, depth)
