#!/usr/bin/env python3
"""Draws the trajectories that `optexplore run` writes as CSV.

  optexplore run configs/book.json | scripts/plot.py - -o book.png
  optexplore grid configs/book.json > grid.csv     # columns x,y,f
  scripts/plot.py book.csv --grid grid.csv -o book.png

One panel per optimizer for a function of two coordinates (circle: start, star: end), and one of f by step.
"""

import argparse
import csv
import math
import sys

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError as error:
    sys.exit(f"plot.py: {error.name} is missing (Debian: apt-get install python3-matplotlib python3-numpy; "
             "then try /usr/bin/python3 scripts/plot.py)")

LABELS = ("function", "optimizer", "run", "step")
VALUES = ("f", "grad_norm")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")  # Okabe & Ito
STYLES = ("-", "--", ":", "-.")


def fail(message):
    sys.exit(f"plot.py: {message}")


def read_rows(path):
    """The rows of a CSV file ("-": standard input) as lists, and the columns' names."""
    try:
        if path == "-":
            rows = list(csv.reader(sys.stdin))
        else:
            with open(path, encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
    except OSError as error:
        fail(f"cannot read {path}: {error.strerror}")
    except (UnicodeDecodeError, csv.Error) as error:
        fail(f"{path} is not a CSV file: {error}")
    if len(rows) < 2:
        fail(f"{path} has no rows below a header")
    header = rows[0]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            fail(f"{path}, row {number}: {len(row)} fields, but the header has {len(header)}")
    return header, rows[1:]


def number(text, column):
    try:
        return float(text)
    except ValueError:
        return fail(f"column {column}: '{text}' is not a number")


def read_trajectories(path):
    """Trajectories by label, each an array of steps × (step, coordinates…, f); and the coordinates' names."""
    header, rows = read_rows(path)
    for column in ("optimizer", "step", "f"):
        if column not in header:
            fail(f"{path} has no column '{column}'; expected optimizer,step,<coordinates>,f,grad_norm "
                 f"but found {','.join(header)}")
    # Coordinates stand between step and f; other columns may follow.
    coordinates = [name for name in header[header.index("step") + 1:header.index("f")]
                   if name not in LABELS + VALUES]
    columns = [header.index(name) for name in ["step", *coordinates, "f"]]
    naming = [header.index(name) for name in ("function", "optimizer", "run") if name in header]
    trajectories = {}
    for row in rows:
        label = " ".join(row[column] for column in naming)
        trajectories.setdefault(label, []).append([number(row[c], header[c]) for c in columns])
    return {label: np.array(points) for label, points in trajectories.items()}, coordinates


def read_grid(path):
    """The grid's x, y and f (rows by y), for contours."""
    header, rows = read_rows(path)
    if header[-1] != "f" or len(header) < 3:
        fail(f"{path}: expected columns x,y,f but found {','.join(header)}")
    points = np.array([[number(text, name) for text, name in zip(row[-3:], header[-3:])] for row in rows])
    x, column = np.unique(points[:, 0], return_inverse=True)
    y, line = np.unique(points[:, 1], return_inverse=True)
    if len(x) * len(y) != len(points):
        fail(f"{path} is not a full grid: {len(x)} values of x times {len(y)} of y, but {len(points)} rows")
    f = np.full((len(y), len(x)), np.nan)
    f[line, column] = np.where(np.isfinite(points[:, 2]), points[:, 2], np.nan)
    return x, y, f


def style(index):
    """Colour and dash of the index-th trajectory; together they stay distinct for 28."""
    return {"color": COLOURS[index % len(COLOURS)],
            "linestyle": STYLES[index // len(COLOURS) % len(STYLES)]}


def contour_levels(f):
    """Levels that are dense near the minimum: equal steps in the square root of f - min f."""
    low, high = np.nanmin(f), np.nanmax(f)
    return low + (high - low) * np.linspace(0.02, 1, 16) ** 2


def draw_path(axes, label, points, index, grid):
    finite = points[np.isfinite(points).all(axis=1)]
    if grid is not None:
        x, y, f = grid
        axes.contour(x, y, f, levels=contour_levels(f), colors="0.75", linewidths=0.7)
    if len(finite):
        axes.plot(finite[:, 1], finite[:, 2], marker=".", markersize=4, linewidth=1.2, label=label,
                  **style(index))
        for row, marker, size in ((0, "o", 6), (-1, "*", 10)):
            axes.plot(*finite[row, 1:3], marker=marker, markersize=size, color=style(index)["color"],
                      markeredgecolor="black", linestyle="none")
        axes.legend(loc="best", fontsize="small")
    if grid is not None:
        axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")


def shared_limits(trajectories):
    """Limits that hold every finite point, with a margin: panels of one range can be compared by eye."""
    points = np.concatenate([points[:, 1:3] for points in trajectories.values()])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, 0.06 * (high - low), 1.0)
    return low - margin, high + margin


def draw_values(axes, trajectories):
    """f by step on a logarithmic axis, or a linear one when f is not positive everywhere."""
    values = np.concatenate([points[:, -1] for points in trajectories.values()])
    values = values[np.isfinite(values)]
    for index, (label, points) in enumerate(trajectories.items()):
        axes.plot(points[:, 0], np.where(np.isfinite(points[:, -1]), points[:, -1], np.nan),
                  linewidth=1.2, label=label, **style(index))
    if len(values) and values.min() >= 0 and values.max() > 0:
        axes.set_yscale("log")
    axes.set_xlabel("step")
    axes.set_ylabel("f")
    axes.legend(loc="best", fontsize="small")


def draw(trajectories, coordinates, grid, size, dpi):
    panels = len(trajectories) if len(coordinates) == 2 else 0
    columns = math.ceil(math.sqrt(panels + 1))
    rows = math.ceil((panels + 1) / columns)
    figure, axes = plt.subplots(rows, columns, squeeze=False, layout="constrained",
                                figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi)
    axes = axes.flatten()
    for index, (label, points) in enumerate(trajectories.items() if panels else ()):
        draw_path(axes[index], label, points, index, grid)
        limits = shared_limits(trajectories) if grid is None else None
        if limits:
            axes[index].set(xlim=(limits[0][0], limits[1][0]), ylim=(limits[0][1], limits[1][1]))
        axes[index].set_xlabel(coordinates[0])
        axes[index].set_ylabel(coordinates[1])
    draw_values(axes[panels], trajectories)
    for unused in axes[panels + 1:]:
        unused.set_visible(False)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", help="a CSV file of `optexplore run`, or - for standard input")
    parser.add_argument("-o", "--output", required=True, help="the picture; its format follows the extension")
    parser.add_argument("--grid", help="a CSV file x,y,f of `optexplore grid`, for contours")
    parser.add_argument("--size", type=int, nargs=2, default=(1200, 900), metavar=("WIDTH", "HEIGHT"),
                        help="in pixels (default: 1200 900)")
    args = parser.parse_args()

    trajectories, coordinates = read_trajectories(args.csv)
    if len(trajectories) > 28:
        fail(f"{len(trajectories)} trajectories are too many for one picture; 28 is the most")
    grid = read_grid(args.grid) if args.grid else None
    if grid and len(coordinates) != 2:
        fail(f"--grid needs two coordinates; {args.csv} has {len(coordinates)}")
    dpi = 100
    try:
        draw(trajectories, coordinates, grid, args.size, dpi).savefig(args.output, dpi=dpi)
    except (OSError, ValueError) as error:
        fail(f"cannot write {args.output}: {error}")


if __name__ == "__main__":
    main()
