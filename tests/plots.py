#!/usr/bin/env python3
"""Draws configs/book.json and a sweep with the plotting scripts and looks at the pictures.

Exits with 77 (skipped) when gnuplot or a Python with numpy and matplotlib is missing.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
MINIMUM_COLOURS = 50  # a blank picture has one; antialiased lines of several colours have hundreds


def use_python_with_matplotlib():
    """Goes on in the first interpreter that has the libraries; python3 on the PATH may not be the system's."""
    for python in dict.fromkeys([sys.executable, shutil.which("python3"), "/usr/bin/python3"]):
        if python and subprocess.run([python, "-c", "import numpy, matplotlib"],
                                     stderr=subprocess.DEVNULL, check=False).returncode == 0:
            if python != sys.executable:
                os.execv(python, [python, *sys.argv])
            return
    print("skipped: no python3 with numpy and matplotlib")
    sys.exit(SKIPPED)


def check_picture(path, width, height):
    import matplotlib.image
    import numpy

    if path.read_bytes()[:8] != b"\x89PNG\r\n\x1a\n":
        sys.exit(f"{path.name} is not a PNG file")
    pixels = matplotlib.image.imread(path)
    if pixels.shape[:2] != (height, width):
        sys.exit(f"{path.name} is {pixels.shape[1]}x{pixels.shape[0]}, expected {width}x{height}")
    colours = len(numpy.unique(pixels.reshape(-1, pixels.shape[2]), axis=0))
    if colours < MINIMUM_COLOURS:
        sys.exit(f"{path.name} has only {colours} colours")
    print(f"{path.name}: {width}x{height}, {colours} colours")


def notebook_snippet(readme):
    """The lines below "In a Jupyter notebook:" in README.md."""
    lines = readme.read_text(encoding="utf-8").split("In a Jupyter notebook:\n\n")[1].splitlines()
    return "\n".join(line[4:] for line in lines[:[line.startswith("    ") for line in lines].index(False)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True, help="the repository")
    args = parser.parse_args()

    if not shutil.which("gnuplot"):
        print("skipped: no gnuplot")
        sys.exit(SKIPPED)
    use_python_with_matplotlib()

    scripts = args.source / "scripts"
    run = [args.binary.resolve(), "run", args.source.resolve() / "configs" / "book.json"]
    with tempfile.TemporaryDirectory(prefix="optexplore-plots-") as name:
        work = pathlib.Path(name)
        (work / "configs").symlink_to(args.source.resolve() / "configs")

        def step(*command, **options):
            subprocess.run(command, check=True, cwd=work, **options)

        step(*run, "-o", "book.csv")
        step(*run, "--format", "gnuplot", "-o", "book.dat")
        step(sys.executable, scripts / "plot.py", "book.csv", "-o", "file.png")
        check_picture(work / "file.png", 1200, 900)
        step(sys.executable, scripts / "plot.py", "-", "-o", "stdin.png",
             input=(work / "book.csv").read_bytes())
        if (work / "stdin.png").read_bytes() != (work / "file.png").read_bytes():
            sys.exit("plot.py draws standard input differently from a file")
        step("gnuplot", "-e", "data='book.dat'; out='gnuplot.png'", scripts / "plot.gp")
        check_picture(work / "gnuplot.png", 1200, 800)
        snippet = "import matplotlib; matplotlib.use('Agg')\n" + notebook_snippet(args.source / "README.md")
        path = f"{args.binary.resolve().parent}{os.pathsep}{os.environ['PATH']}"
        step(sys.executable, "-c", snippet + "\nplt.savefig('notebook.png', dpi=100)",
             env={**os.environ, "PATH": path, "MPLCONFIGDIR": str(work)})
        check_picture(work / "notebook.png", 640, 480)
        noise = [args.binary.resolve(), "sweep", args.source.resolve() / "configs" / "noise.json"]
        step(*noise, "-o", "noise.csv")
        step(sys.executable, scripts / "plot_sweep.py", "noise.csv", "--x", "eta", "-o", "noise.png")
        check_picture(work / "noise.png", 960, 648)
        wrong = subprocess.run([sys.executable, scripts / "plot_sweep.py", "noise.csv", "--x", "zeta", "-o", "lr.png"],
                               check=False, cwd=work, capture_output=True, text=True)
        if wrong.returncode == 0 or "has no column 'zeta'" not in wrong.stderr:
            sys.exit(f"plot_sweep.py with a column that isn't there: {wrong.stderr}")


if __name__ == "__main__":
    main()
