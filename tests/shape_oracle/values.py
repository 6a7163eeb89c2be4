"""Compares values."""

import math
import re
import subprocess

import numpy as np

from .maker import POINT_LENGTH, Maker, random_point
from .report import failed
from .texts import OR, Text
from .tool import SUM_OF_POINT
from .trees import SIGNED, Values


def same_bits(a, b):
    return np.array_equal(a, b, equal_nan=True)


class Expected:
    """A tree's value at a point and how far from it a good result may be."""

    def __init__(self, node, point, rng):
        values = Values(point)
        self.value = values.of(node).reshape(-1)
        self.exact = not values.rounded
        signed = values.zero and any(part.op in SIGNED for part in node.walk())
        if self.exact:
            self.room = np.zeros_like(self.value)
            self.blurred = signed
            return
        noisy = [Values(point, rng).of(node).reshape(-1) for _ in range(4)]
        special = np.where(np.isfinite(self.value), 0, self.value)
        unsure = any(not same_bits(np.where(np.isfinite(v), 0, v), special) for v in noisy)
        spread = np.max(np.abs(np.array(noisy) - self.value), axis=0)
        self.room = 20 * spread + 1e-13 * np.abs(self.value) + 1e-300
        finite = np.isfinite(self.value)
        self.blurred = unsure or signed or values.doubtful or bool(
            np.any(self.room[finite] > 1e-6 * (1e-3 + np.abs(self.value[finite]))))

    def agrees(self, found):
        if self.exact:
            return same_bits(self.value, found)
        finite = np.isfinite(self.value)
        return same_bits(self.value[~finite], found[~finite]) and bool(
            np.all(np.abs(found[finite] - self.value[finite]) <= self.room[finite]))


def accepted(tool, trees, points, kind, kernels=""):
    """Rows of the trees' values; those that are refused are told and left out."""
    trees = list(trees)
    while trees:
        texts = [Text(kind, points[0]).at(tree, OR) for tree in trees]
        columns = [f"c{i}=" + (f"flatten({t})" if len(tree.shape) == 2 else t)
                   for i, (t, tree) in enumerate(zip(texts, trees))]
        try:
            found = tool.rows(SUM_OF_POINT, points, columns, kernels)
        except subprocess.TimeoutExpired:
            failed("no answer within a minute", *columns)
            return [], [], []
        if isinstance(found, list):
            return trees, texts, found
        where = re.search(r"/columns/(\d+)", found.stderr)
        if found.returncode != 2 or where is None:
            failed(f"exit status {found.returncode}: {found.stderr.strip()}", *bisected(tool, points, columns))
            return [], [], []
        bad = int(where.group(1))
        failed("refused:", *found.stderr.strip().splitlines()[:1], texts[bad])
        del trees[bad]
    return [], [], []


def bisected(tool, points, columns):
    """Those of the columns that alone end the tool badly."""
    bad = []
    for column in columns:
        found = tool.rows(SUM_OF_POINT, points, [column])
        if not isinstance(found, list):
            bad.append(column)
            if len(bad) == 3:
                break
    return bad or ["no column alone"]


def by_tree(trees, row):
    at = 0
    for tree in trees:
        count = math.prod(tree.shape)
        yield np.array(row[at:at + count])
        at += count
    if at != len(row):
        failed(f"{len(row)} columns, expected {at}")


def bits_may_differ(tree):
    """A power's exponent that is known before the run is a repeated product."""
    return any(node.op == "pow" and node.args[1].op != "number" for node in tree.walk())


def mismatch(text, expected, found, place):
    failed(f"{place}: {text}", f"expected {expected.value.tolist()}", f"found    {found.tolist()}",
           "exactly" if expected.exact else f"to within {expected.room.tolist()}")


def check_values(tool, rng, numpy_rng, count):
    blurred = checked = 0
    for begin in range(0, count, 60):
        maker = Maker(rng)
        trees = []
        for _ in range(min(60, count - begin)):
            rank = rng.choice([0, 1, 1, 2, 2])
            shape = tuple(maker.size() for _ in range(rank))
            trees.append(maker.make(shape, rng.choice([1, 1, 2, 2, 3, 4])))
        points = [random_point(numpy_rng) for _ in range(3)]
        in_run, texts, rows = accepted(tool, trees, points, "point")
        expected = [[Expected(tree, point, numpy_rng) for tree in in_run] for point in points]
        bad = set()
        for point, row in enumerate(rows):
            for i, (tree, found) in enumerate(zip(in_run, by_tree(in_run, row))):
                checked += 1
                blurred += expected[point][i].blurred
                if i not in bad and not expected[point][i].blurred and not expected[point][i].agrees(found):
                    bad.add(i)
                    mismatch(texts[i], expected[point][i], found, f"in the run, point {points[point].tolist()}")
        if not rows:
            continue
        check_same(tool, in_run, texts, points, rows, bad)
        check_parameters(tool, in_run, points, numpy_rng, bad)
    print(f"values: {checked} compared, {blurred} of them too ill-conditioned to tell much")


def check_same(tool, trees, texts, points, rows, bad):
    """Kernels, lanes and folding give the same bits."""
    for what, some, kind, kernels in (("alone", points[:1], "point", ""), ("portable", points, "point", "portable"),
                                      ("baseline", points, "point", "baseline"), ("folded", points[:1], "literal", "")):
        known, now, again = accepted(tool, trees, some, kind, kernels)
        if len(known) != len(trees):
            continue
        for row, before in zip(again, rows):
            for i, (a, b) in enumerate(zip(by_tree(trees, row), by_tree(trees, before))):
                if i in bad or same_bits(a, b) or (kind == "literal" and bits_may_differ(trees[i])):
                    continue
                bad.add(i)
                failed(f"{what} gives other bits: {texts[i]}", now[i], f"{what}: {a.tolist()}", f"before: {b.tolist()}")


def check_parameters(tool, trees, points, rng, bad):
    """The same from parameters of functions, as a weighted sum."""
    functions, expected, names = [], [], []
    for i, tree in enumerate(trees):
        if i in bad:
            continue
        text = Text("params", points[0])
        body = text.at(tree, OR)
        weights = np.round(rng.normal(0, 1, math.prod(tree.shape)), 2)
        if tree.shape:
            text.params["w"] = weights.tolist()
            body = f"sum(w*flatten({body}))"
        value = Expected(tree, points[0], rng)
        if value.blurred or not np.all(np.isfinite(value.value)):
            continue
        names.append(body)
        total = np.sum(weights * value.value) if tree.shape else value.value[0]
        room = np.sum(np.abs(weights) * (value.room + 1e-14 * np.abs(value.value))) if tree.shape else value.room[0]
        expected.append((total, room))
        functions.append({"name": f"f{i}", "definition": f"f{i}(x[{POINT_LENGTH}]) = {body}", "params": text.params})
    found = tool.rows(functions, points[:1], ["f"])
    if not isinstance(found, list):
        failed("parameters: " + found.stderr.strip())
        return
    for (total, room), row, name in zip(expected, found, names):
        if not abs(row[0] - total) <= room:
            failed("from parameters: " + name, f"expected {total!r} within {room!r}, found {row[0]!r}")
