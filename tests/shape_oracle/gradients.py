"""Compares gradients and second derivatives with differences of NumPy's values."""

import re

import numpy as np

from .maker import POINT_LENGTH, Maker, random_point
from .report import failed
from .texts import OR, Text, literal
from .trees import Values


def differences(value, step):
    """The first and the second derivative at 0, to the sixth order."""
    f = {k: value(k * step) for k in range(-3, 4)}
    first = (45 * (f[1] - f[-1]) - 9 * (f[2] - f[-2]) + (f[3] - f[-3])) / (60 * step)
    second = (270 * (f[1] + f[-1]) - 27 * (f[2] + f[-2]) + 2 * (f[3] + f[-3]) - 490 * f[0]) / (180 * step * step)
    return first, second


ROUGH_TWICE = ("eigvals",)  # whose second derivatives are refused


def check_gradients(tool, rng, numpy_rng, count):
    compared, unsteady, twice = 0, 0, 0
    for begin in range(0, count, 40):
        point, trees = random_point(numpy_rng, smooth=True), []
        maker = Maker(rng, smooth=True)
        while len(trees) < min(40, count - begin):
            tree = maker.make((), rng.choice([2, 3, 3, 4]))
            if any(node.op == "leaf" for node in tree.walk()):
                trees.append(tree)
        direction = np.round(numpy_rng.normal(0, 1, POINT_LENGTH), 2)
        in_run, found = derivatives_of(tool, trees, point, direction)
        for tree, text, row in found:
            gradient, curvature = np.array(row[1:1 + POINT_LENGTH]), row[-1] if in_run[text] else None

            doubtful = []

            def value(t):
                values = Values(point + t * direction)
                result = float(values.of(tree))
                doubtful.append(values.doubtful)
                return result

            (first, second), (finer, second_finer) = differences(value, 4e-3), differences(value, 2e-3)
            scale = abs(finer) + 1e-4 * (1 + abs(value(0)))
            if any(doubtful) or not abs(first - finer) <= 1e-7 * scale:
                unsteady += 1
                continue
            compared += 1
            slope = float(gradient @ direction)
            if not abs(slope - finer) <= 1e-6 * scale:
                failed("gradient: " + text, f"along the direction {finer!r}, found {slope!r}",
                       f"point {point.tolist()}", f"direction {direction.tolist()}", f"gradient {gradient.tolist()}")
                continue
            scale = abs(second_finer) + 1e-3 * (1 + abs(value(0)) + abs(finer))
            if curvature is None or not abs(second - second_finer) <= 1e-6 * scale:
                continue
            twice += 1
            if not abs(curvature - second_finer) <= 1e-5 * scale:
                failed("second derivative: " + text, f"along the direction {second_finer!r}, found {curvature!r}",
                       f"point {point.tolist()}", f"direction {direction.tolist()}")
    print(f"gradients: {compared} compared, {twice} second derivatives, {unsteady} at kinks or too steep")


def derivatives_of(tool, trees, point, direction):
    """Rows of f, gradient and the curvature along the direction, for each tree."""
    found, with_curvature = [], {}
    for curved in (True, False):
        some = [t for t in trees if curved != any(node.op in ROUGH_TWICE for node in t.walk())]
        while some:
            texts = [Text("point", point).at(tree, OR) for tree in some]
            functions = [{"name": f"f{i}", "definition": f"f{i}(x[{POINT_LENGTH}]) = {text}"}
                         for i, text in enumerate(texts)]
            columns = ["f", "g"]
            if curved:
                u = literal(direction)
                columns.append(f"c=dot({u}, hvp(x, {u}))")
            rows = tool.rows(functions, [point], columns)
            if isinstance(rows, list):
                found += list(zip(some, texts, rows))
                with_curvature.update({text: curved for text in texts})
                break
            where = re.search(r"/functions/(\d+)", rows.stderr)
            bad = int(where.group(1)) if where else None
            failed(f"derivatives, exit status {rows.returncode}: {rows.stderr.strip()}",
                   *(texts[bad:bad + 1] if where else texts))
            if bad is None:
                break
            del some[bad]
    return with_curvature, found
