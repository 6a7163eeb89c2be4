#!/usr/bin/env python3
"""Draws what `optexplore sweep` writes as CSV: the median of a column against a setting that varies, with its quartiles
as a band, a line per optimizer. Where most runs diverged there is nothing to draw, so lines end there.

  optexplore sweep configs/lr_sensitivity.json | scripts/plot_sweep.py - --x lr --y f_final -o lr.png
  optexplore sweep configs/noise.json | scripts/plot_sweep.py - --x eta --y f_final -o noise.png
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
    sys.exit(f"plot_sweep.py: {error.name} is missing (Debian: apt-get install python3-matplotlib python3-numpy; "
             "then try /usr/bin/python3 scripts/plot_sweep.py)")

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")  # Okabe & Ito
STYLES = ("-", "--", "-.", ":")


def fail(message):
    sys.exit(f"plot_sweep.py: {message}")


def read(path, names):
    """The rows of a CSV file ("-": standard input) as dictionaries; all of `names` must be columns."""
    try:
        file = sys.stdin if path == "-" else open(path, encoding="utf-8", newline="")
        with file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or []
            for name in names:
                if name not in columns:
                    fail(f"{path} has no column {name!r}; it has: {', '.join(columns)}")
            rows = list(reader)
    except OSError as error:
        fail(f"cannot read {path}: {error.strerror}")
    except (UnicodeDecodeError, csv.Error) as error:
        fail(f"{path} is not a CSV file: {error}")
    if not rows:
        fail(f"{path} has no rows below a header")
    return rows


def number(row, name):
    try:
        value = float(row[name])
    except (TypeError, ValueError):
        fail(f"expected numbers in column {name!r}, found {row[name]!r}")
    return math.inf if math.isnan(value) else value


def quartiles(rows, x, y):
    """Ascending values of x, and the quartiles of y there; a run that diverged counts as infinite."""
    groups = {}
    for row in rows:
        groups.setdefault(number(row, x), []).append(number(row, y))
    values = sorted(groups)
    # Not interpolated: between a number and infinity there is none.
    quantiles = [np.quantile(groups[v], [0.25, 0.5, 0.75], method="lower") for v in values]
    return np.array(values), np.array(quantiles)


def spans_decades(values):
    positive = values[np.isfinite(values) & (values > 0)]
    return positive.size > 1 and positive.max() / positive.min() > 100


def set_scale(axis_scale, values):
    """Logarithmic where it fits; with a place for zero where there is one."""
    finite = values[np.isfinite(values)]
    if not spans_decades(finite) or (finite < 0).any():
        return
    if (finite > 0).all():
        axis_scale("log")
    else:
        axis_scale("symlog", linthresh=finite[finite > 0].min())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", help="what `optexplore sweep` wrote; '-' is standard input")
    parser.add_argument("--x", required=True, help="a setting that varies, such as lr")
    parser.add_argument("--y", default="f_final", help="a column (default: f_final)")
    parser.add_argument("--title", default="")
    parser.add_argument("-o", "--output", required=True, help="a .png, .svg or .pdf file")
    args = parser.parse_args()

    rows = read(args.csv, (args.x, args.y))
    optimizers = dict.fromkeys(row.get("optimizer", "") for row in rows)  # in order
    figure, axes = plt.subplots(figsize=(8, 5.4), layout="constrained")
    all_x, all_y = [], []
    for i, optimizer in enumerate(optimizers):
        x, y = quartiles([row for row in rows if row.get("optimizer", "") == optimizer], args.x, args.y)
        drawn = np.where(np.isfinite(y), y, np.nan)
        colour = COLOURS[i % len(COLOURS)]
        axes.plot(x, drawn[:, 1], STYLES[i % len(STYLES)], color=colour, linewidth=2, label=optimizer or None)
        axes.fill_between(x, drawn[:, 0], drawn[:, 2], color=colour, alpha=0.15, linewidth=0)
        all_x.append(x)
        all_y.append(drawn[:, 1])
    all_y = np.concatenate(all_y)
    if not np.isfinite(all_y).any():
        fail(f"no median of {args.y} is finite: most runs diverged everywhere")
    set_scale(axes.set_xscale, np.concatenate(all_x))
    set_scale(axes.set_yscale, all_y)
    axes.set(xlabel=args.x, ylabel=f"{args.y}, median and quartiles", title=args.title)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#D9D9D9", linewidth=0.7)
    if any(optimizers):
        axes.legend(frameon=False)
    try:
        figure.savefig(args.output, dpi=120)
    except (OSError, ValueError) as error:
        fail(f"cannot write {args.output}: {error}")


if __name__ == "__main__":
    main()
