#!/usr/bin/env python3
"""Checks control flow in rules: random updates of assignments, conditions and loops, in one another, do in the tool what
Python does with the same lines, bit for bit: one run alone, and several side by side whose lanes part; in doubles, or with
every result rounded to another format. A longer campaign: --count 2000 --seed 7."""

import argparse
import csv
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

try:
    import numpy
except ImportError:
    numpy = None

STEPS = 6
SCALARS, VECTORS = ["a", "b", "c"], ["u", "v"]


class Maker:
    """Random statements, as JSON; every name has its value from the state on."""

    def __init__(self, rng):
        self.rng = rng
        self.counters = 0

    def number(self):
        return self.rng.choice(["1", "2", "0.5", "3", "0.25", "7"])

    def scalar(self, depth, names):
        pick = self.rng.random()
        if depth == 0 or pick < 0.25:
            return self.rng.choice([*SCALARS, *names, self.number(), "lr", "t"])
        if pick < 0.35:
            return f"{self.rng.choice(VECTORS)}[{self.index(names)}]"
        if pick < 0.42:
            return f"f({self.vector(depth - 1, names)})"
        if pick < 0.5:
            return f"{self.rng.choice(['min', 'max'])}({self.scalar(depth - 1, names)}, {self.scalar(depth - 1, names)})"
        if pick < 0.55:
            return f"abs({self.scalar(depth - 1, names)})"
        return f"({self.scalar(depth - 1, names)} {self.rng.choice('+-*')} {self.scalar(depth - 1, names)})"

    def vector(self, depth, names):
        pick = self.rng.random()
        if depth == 0 or pick < 0.3:
            return self.rng.choice([*VECTORS, "x", "g"])
        if pick < 0.7:
            return f"({self.vector(depth - 1, names)} {self.rng.choice('+-*')} {self.vector(depth - 1, names)})"
        return f"({self.scalar(depth - 1, names)} * {self.vector(depth - 1, names)})"

    def index(self, names):
        """One that is in range: a constant, or a counter that is 1 or 2."""
        return self.rng.choice(["1", "2", *[name for name in names if name.startswith("i")]])

    def condition(self, names):
        first, second = self.scalar(2, names), self.scalar(1, names)
        text = f"{first} {self.rng.choice(['<', '>', '<=', '>='])} {second}"
        return f"{text} and {self.scalar(1, names)} < 2" if self.rng.random() < 0.2 else text

    def assignment(self, names):
        pick = self.rng.random()
        if pick < 0.5:
            # Half, so that what is multiplied again and again hardly leaves the numbers.
            return f"{self.rng.choice(SCALARS)} = 0.5*{self.scalar(3, names)}"
        if pick < 0.75:
            return f"{self.rng.choice(VECTORS)} = 0.5*{self.vector(2, names)}"
        if pick < 0.9:
            return f"{self.rng.choice(VECTORS)}[{self.index(names)}] = {self.scalar(2, names)}"
        return f"x = x - 0.01*{self.vector(1, names)}"

    def block(self, depth, names=()):
        return [self.statement(depth, names) for _ in range(self.rng.randint(1, 3))]

    def statement(self, depth, names):
        pick = self.rng.random()
        if depth == 0 or pick < 0.4:
            return self.assignment(names)
        if pick < 0.65:
            branch = {"if": self.condition(names), "then": self.block(depth - 1, names)}
            if self.rng.random() < 0.6:
                branch["else"] = self.block(depth - 1, names)
            return branch
        if pick < 0.85:
            loop = {"while": self.condition(names), "do": self.block(depth - 1, names),
                    "at_most": self.rng.choice([1, 2, 3, 5])}
            if self.rng.random() < 0.3:
                loop["else"] = self.block(depth - 1, names)
            return loop
        self.counters += 1
        if self.rng.random() < 0.5:
            name, text = f"i{self.counters}", "1:2"
        else:
            name = f"k{self.counters}"
            text = self.rng.choice(["1:3", "0:2", "2:1", "3:t", "1:min(t, 4)"])
        return {"for": f"{name} = {text}", "do": self.block(depth - 1, (*names, name))}


# --- the same in Python: numbers are IEEE doubles or rounded ones, operations are those of the texts in their order

FORMATS = {"float64": None, "float32": (24, -126, 127), "float16": (11, -14, 15), "bfloat16": (8, -126, 127)}


def rounded(value, form):
    """The nearest number with so many digits and such exponents, of two the one with an even last digit."""
    if form is None or not math.isfinite(value) or value == 0:
        return value
    digits, lowest, highest = form
    exponent = max(math.frexp(value)[1] - 1, lowest)
    unit = Fraction(2) ** (exponent - digits + 1)
    result = round(Fraction(value) / unit) * unit  # Python rounds halves to even
    if abs(result) >= Fraction(2) ** (highest + 1):
        return math.copysign(math.inf, value)
    return math.copysign(float(result), value)


class Number(float):
    """A double whose operations round their results to `form`."""

    form = None

    def __add__(self, other):
        if isinstance(other, Vector):
            return NotImplemented
        return Number(rounded(float(self) + float(other), Number.form))

    def __sub__(self, other):
        if isinstance(other, Vector):
            return NotImplemented
        return Number(rounded(float(self) - float(other), Number.form))

    def __mul__(self, other):
        if isinstance(other, Vector):
            return NotImplemented
        return Number(rounded(float(self) * float(other), Number.form))

    def __truediv__(self, other):
        return Number(rounded(float(self) / float(other), Number.form))


def check_formats(rng):
    """NumPy's own operations on numbers of few digits give what these give."""
    if numpy is None:
        return
    numpy.seterr(all="ignore")
    for name in ("float32", "float16"):
        kind, Number.form = getattr(numpy, name), FORMATS[name]
        for _ in range(2000):
            p, q = (float(kind(rng.choice([1, -1]) * 2 ** rng.uniform(-30, 16))) for _ in range(2))
            if not math.isfinite(p) or not math.isfinite(q) or q == 0:
                continue
            a, b = Number(p), Number(q)
            for ours, theirs in ((a + b, kind(p) + kind(q)), (a - b, kind(p) - kind(q)), (a * b, kind(p) * kind(q)),
                                 (a / b, kind(p) / kind(q))):
                assert float(ours) == float(theirs), (name, p, q, float(ours), float(theirs))


class Vector(list):
    def _with(self, other, operation):
        others = other if isinstance(other, Vector) else [other] * len(self)
        return Vector(operation(p, q) for p, q in zip(self, others))

    def __add__(self, other):
        return self._with(other, lambda p, q: p + q)

    def __sub__(self, other):
        return self._with(other, lambda p, q: p - q)

    def __mul__(self, other):
        return self._with(other, lambda p, q: p * q)

    __rmul__ = __mul__  # a product's bits don't depend on the order

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return self._with(other, lambda p, q: q - p)

    def __getitem__(self, index):
        return list.__getitem__(self, int(index) - 1)

    def __setitem__(self, index, value):
        list.__setitem__(self, int(index) - 1, value)

    def __iter__(self):
        return (list.__getitem__(self, k) for k in range(len(self)))


def f(v):
    return v[1] * v[1] / 4 + v[2] * v[2] + v[1] * v[2] / 8


def gradient(v):
    return Vector([v[1] / 2 + v[2] / 8, v[1] / 8 + 2 * v[2]])


DEFINITION = "f(x,y) = x*x/4 + y*y + x*y/8"
GRADIENT = ["x/2 + y/8", "x/8 + 2*y"]


def smaller(p, q):  # as the tool: NaN wins
    return p if math.isnan(p) or p < q else (q if math.isnan(q) or q < p else p)


def greater(p, q):
    return p if math.isnan(p) or p > q else (q if math.isnan(q) or q > p else p)


def evaluate(text, names):
    text = re.sub(r"(?<![\w\[.])\d+(\.\d+)?", r"number(\g<0>)", text)
    return eval(text, {"__builtins__": {}, "number": lambda value: Number(rounded(value, Number.form))}, names)  # noqa: S307: texts of our own


def execute(statements, names):
    for statement in statements:
        if isinstance(statement, str):
            target, text = statement.split(" = ", 1)
            value = evaluate(text, names)
            if "[" in target:
                name, index = target[:-1].split("[")
                names[name] = Vector(names[name])
                names[name][names[index] if index in names else int(index)] = value
            else:
                names[target] = Vector(value) if isinstance(value, Vector) else value
        elif "if" in statement:
            execute(statement["then"] if evaluate(statement["if"], names) else statement.get("else", []), names)
        elif "while" in statement:
            rounds = 0
            while rounds < statement["at_most"] and evaluate(statement["while"], names):
                execute(statement["do"], names)
                rounds += 1
            if rounds == statement["at_most"]:
                execute(statement.get("else", []), names)
        else:
            name, text = statement["for"].split(" = ")
            first, last = (evaluate(end, names) for end in text.split(":"))
            for k in range(int(first), int(last) + 1):
                names[name] = Number(k)
                execute(statement["do"], names)
            names.pop(name, None)


def trajectory(update, start, lr):
    def vector(*values):
        return Vector(Number(rounded(value, Number.form)) for value in values)

    names = {"a": Number(1), "b": Number(-2), "c": Number(0.5), "u": vector(1, -1), "v": vector(0.25, 3),
             "x": vector(*start)}
    lr = Number(rounded(lr, Number.form))
    fixed = {"f": f, "abs": lambda value: Number(abs(value)), "min": smaller, "max": greater, "lr": lr}
    rows = []
    for t in range(STEPS + 1):
        rows.append([*names["x"], *(names[name] for name in SCALARS), *names["u"], *names["v"]])
        names.update(fixed, t=Number(t + 1), g=gradient(names["x"]))
        execute(update, names)
    return rows


# --- comparison

COLUMNS = ["point", "state.a", "state.b", "state.c", "state.u", "state.v"]


def tool_rows(args, config, folder):
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    result = subprocess.run([args.binary, "run", str(path), "--quiet"], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        return result.stderr
    return [[float(cell) for cell in row[-9:]] for row in list(csv.reader(result.stdout.splitlines()))[1:]]


def same(p, q):
    return p == q or (math.isnan(p) and math.isnan(q))


def has_left_numbers(row):
    return not all(math.isfinite(value) for value in row[:2]) or not math.isfinite(f(Vector(map(Number, row[:2]))))


def compare(update, rows, starts, rates):
    """What is wrong, or nothing. A run ends where its point or f is no number."""
    at = 0
    for lr in rates:
        for start in starts:
            for expected in trajectory(update, start, lr):
                if at >= len(rows):
                    return f"only {len(rows)} rows"
                found = rows[at]
                at += 1
                if has_left_numbers(expected):
                    if not has_left_numbers(found):
                        return f"row {at}: {found}, expected {expected}"
                    break
                if not all(same(p, q) for p, q in zip(found, expected)):
                    return f"row {at}: {found}, expected {expected}"
    return "" if at == len(rows) else f"{len(rows)} rows, expected {at}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print("seed", args.seed)
    check_formats(random.Random(args.seed))
    failures = 0
    starts = [[1.5, -0.75], [-2.0, 0.5], [0.0, 1.0], [0.1, 0.3], [-1.0, -1.0]]
    rates = [0.1, 1.0, -0.5]
    with tempfile.TemporaryDirectory(prefix="optexplore-statements-") as name:
        for number in range(args.count):
            maker = Maker(random.Random(args.seed * 1_000_003 + number))
            precision = list(FORMATS)[number % len(FORMATS)]
            Number.form = FORMATS[precision]
            update = [*maker.block(3), *maker.block(3), "x = x - 0.01*(a*g)"]
            function = {"definition": DEFINITION, "gradient": GRADIENT}
            state = {"a": "1", "b": "-2", "c": "0.5", "u": "[1, -1]", "v": "[0.25, 3]"}

            def config(begin, lr):
                return {"precision": precision, "function": function, "start": {"points": begin} if isinstance(begin[0], list) else begin, "steps": STEPS, "columns": COLUMNS,
                        "optimizers": [{"label": "o", "params": {"lr": lr}, "state": state, "update": update}]}

            single = tool_rows(args, config(starts[0], rates[0]), pathlib.Path(name))
            block = tool_rows(args, config(starts, rates), pathlib.Path(name))
            for rows, begin, lr in ((single, starts[:1], rates[:1]), (block, starts, rates)):
                wrong = rows if isinstance(rows, str) else compare(update, rows, begin, lr)
                if wrong:
                    failures += 1
                    print(f"update {number} with {len(begin) * len(lr)} lanes in {precision}: {wrong}\n{json.dumps(update, indent=1)}")
    print(f"{args.count} updates, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
