#!/usr/bin/env python3
"""Checks the language's shapes against NumPy: values and derivatives of random expressions of numbers, vectors and
matrices, and what must be refused. Each expression is computed from literals (folded before the run), from the point
(in the run; of one run alone and of several side by side) and from a function's parameters. A longer campaign:
--count 5000 --seed 7; --only values, gradients, large or refused for one part."""

import argparse
import os
import random
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    # The distribution's packages belong to its own Python, which need not be the first one.
    own = "/usr/bin/python3"
    if os.path.exists(own) and "OPTEXPLORE_OWN_PYTHON" not in os.environ:
        os.environ["OPTEXPLORE_OWN_PYTHON"] = "1"
        os.execv(own, [own, *sys.argv])
    print("skipped: no numpy")
    sys.exit(77)

from shape_oracle import report
from shape_oracle.gradients import check_gradients
from shape_oracle.large import check_large
from shape_oracle.refused import check_refused
from shape_oracle.tool import Tool
from shape_oracle.values import check_values


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--count", type=int, default=240,
                        help="expressions whose values are compared; half as many gradients")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["values", "gradients", "large", "refused"])
    args = parser.parse_args()
    print(f"seed {args.seed}")
    with tempfile.TemporaryDirectory() as folder, np.errstate(all="ignore"):
        tool = Tool(args.binary, folder)
        parts = {"values": lambda r, n: check_values(tool, r, n, args.count),
                 "gradients": lambda r, n: check_gradients(tool, r, n, args.count // 2),
                 "large": lambda r, n: check_large(tool, r, n, args.count),
                 "refused": lambda r, n: check_refused(tool, r, n, args.count)}
        for name, part in parts.items():
            if args.only in (None, name):
                part(random.Random(f"{args.seed} {name}"), np.random.default_rng([args.seed, len(name)]))
    print("FAILED" if report.count else "ok")
    return 1 if report.count else 0


if __name__ == "__main__":
    sys.exit(main())
