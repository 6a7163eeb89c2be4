"""What must be refused, and with which words."""

import re

from .report import failed
from .trees import together

R = "reshape(x, 2, 2)"
REFUSED = [  # x has 4 elements
    ("x + [1, 2, 3]", "vectors of 4 and 3"),
    ("[1]*x", "vectors of 1 and 4"),
    (f"{R} + [1, 2, 3]", "2×2 and a vector of 3"),
    (f"{R} - [[1, 2, 3], [4, 5, 6]]", "2×2 and 2×3"),
    ("[[1], [2]] + [1, 2, 3]", "2×1 and a vector of 3"),
    (f"{R} == [1, 2, 3]", "2×2 and a vector of 3"),
    (f"where(x > 1, {R}, 0)", "a vector of 4 and a matrix of 2×2"),
    (f"clip({R}, x, 5)", "2×2 and a vector of 4"),
    (f"max({R}, x)", "2×2 and a vector of 4"),
    (f"{R} @ x", "2×2 @ a vector of 4.* 2 columns.* 4 elements"),
    (f"[[1, 2, 3]] @ {R}", "1×3 @ a matrix of 2×2.* 3 columns.* 2 rows"),
    ("x @ [1, 2]", "a vector of 4 @ a vector of 2"),
    ("2 @ x", "a number needs '\\*'"),
    ("x'", "expected a matrix, found a vector of 4"),
    ("x.T @ x", "expected a matrix, found a vector of 4"),
    ("reshape(x, 3, 2)", "a vector of 4 can't become a matrix of 3×2"),
    ("reshape(x, 2.5, 2)", "must be a whole number"),
    ("reshape(x, x[1], 2)", "known before the run"),
    ("[[1, 2], [3]]", "a row of 2 elements, found a vector of 1"),
    ("[1, [2, 3]]", "expected a number.*found a vector of 2"),
    (f"{R}[3, 1]", "index 3 is outside 1…2"),
    (f"{R}[1, 3]", "index 3 is outside 1…2"),
    (f"{R}[[1, 3]]", "index 3 is outside 1…2"),
    ("x[0]", "index 0 is outside 1…4"),
    ("x[1.5]", "whole number"),
    ("x[2:7]", "index 7 is outside 1…4"),
    ("x[3:2]", "the slice is empty"),
    ("x[1:x[2]]", "known before the run"),
    ("x[1, 2]", "two indices need a matrix"),
    ("x[1][1]", "a number has no elements"),
    (f"{R}[1, 2, 1]", "at most two indices"),
    (f"{R}[{R}]", "as an index, found a matrix of 2×2"),
    (f"{R}[[1, 2], [1, 2, 1]]", "2 and 3"),
    ("sum(x, 2)", "a vector of 4 has no index 2"),
    (f"sum({R}, 3)", "expected 1 or 2"),
    (f"sum({R}, x[1])", "expected 1 or 2"),
    (f"softmax({R}, dim=1)", "no argument 'dim'"),
    ("dot(x, [1, 2])", "vectors of 4 and 2"),
    (f"outer({R}, x)", "expected a vector, found a matrix of 2×2"),
    ("trace(reshape(x, 1, 4))", "square matrix, found a matrix of 1×4"),
    ("det(x)", "square matrix, found a vector of 4"),
    ("cholesky(reshape(x, 4, 1))", "square matrix, found a matrix of 4×1"),
    ("eigvals(reshape(x, 1, 4))", "square matrix, found a matrix of 1×4"),
    ("qr_q(reshape(x, 1, 4))", "at least as many rows as columns, found a matrix of 1×4"),
    (f"solve({R}, x)", "expected a vector of 2.*found a vector of 4"),
    ("solve(x, x)", "square matrix, found a vector of 4"),
    ("stack(x, [1, 2])", "rows of 4 elements, found a vector of 2"),
    (f"concat({R}, x)", "expected a matrix.*found a vector of 4"),
    (f"push({R}, x)", "expected a vector of 2, found a vector of 4"),
    ("push(x, x)", "expected a number, found a vector of 4"),
    ("diag(3)", "expected a vector or a matrix, found a number"),
    ("eye()", "eye"),
    ("mean(3, 7)", "a number has no index|expected 1 or 2"),
    ("var(x[1], dim=2)", "a number has no index|expected 1 or 2"),
    ("eye(0)", "at least 1, found 0"),
    ("eye(x[1])", "known before the run"),
    ("zeros(2, 3, 4)", "zeros takes.*found 3"),
    ("outer(zeros(10000), ones(10000))", "at most 10000000 elements, found 10000×10000"),
    ("onehot([1, 4], 3)", "labels in 1…3"),
    (f"cross_entropy({R}, [1, 3])", "labels in 1…2"),
    (f"cross_entropy({R}, 1)", "a vector of 2 labels, found a number"),
    ("cross_entropy(x, [1, 2])", "expected a label, found a vector of 2"),
    (f"sum(k, 1, 2, {R}[k])", "a number for each term, found a vector of 2"),
    (f"sum(k, 1, 3, {R}[k, 1])", "index 3 is outside 1…2"),
    ("x", "must be a number, found a vector of 4"),
    (R, "must be a number, found a matrix of 2×2"),
    ("argmax(x)", "'argmax' has no derivative"),
]


def refused(tool, text, words):
    done = tool.run({"function": {"definition": f"f(x[4]) = {text}"}, "start": [1, 2, 3, 4], "steps": 0,
                     "optimizers": ["sgd"], "columns": ["f", "g"]})
    if done.returncode != 2 or not re.search(words, done.stderr):
        failed(f"exit status {done.returncode}: {text}", f"expected 2 and '{words}'", done.stdout.strip(),
               *done.stderr.strip().splitlines())


def check_refused(tool, rng, numpy_rng, count):
    for text, words in REFUSED:
        refused(tool, text, words)
    wild = 0
    while wild < count // 6:
        a, b = (tuple(rng.randint(1, 4) for _ in range(rng.choice([1, 2, 2]))) for _ in range(2))
        word = rng.choice(["+", "*", "^", "<", "@", "solve", "stack", "dot"])
        if goes(word, a, b):
            continue
        wild += 1
        left, right = (f"ones({', '.join(map(str, s))})*x[1]" for s in (a, b))
        text = f"sum({word}({left}, {right}))" if word.isalpha() else f"sum(({left}) {word} ({right}))"
        both = [f"{s[0]}×{s[1]}" if len(s) == 2 else f"\\b{s[0]}\\b" for s in (a, b)]
        if word == "solve":
            both = both[:1] if len(a) == 1 or a[0] != a[1] else both[1:]
        if word == "stack":
            both = [str(a[-1]), both[1]]
        refused(tool, text, ".*".join(both))
    print(f"refused: {len(REFUSED)} and {wild} of random shapes")


def goes(word, a, b):
    """Whether values of these shapes go together."""
    if word == "@":
        return a[-1] == b[0]
    if word == "solve":
        return len(a) == 2 and a[0] == a[1] and a[0] == b[0]
    if word == "stack":
        return a[-1] == b[-1]
    return together(a, b) is not None
