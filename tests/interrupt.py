#!/usr/bin/env python3
"""Interrupts runs and grids that write files: what they have got is kept in a file that is whole in its format, and
said; what a killed one leaves behind is removed by the next. Looks at the progress line on a terminal, too."""

import argparse
import ast
import gzip
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time

RUN = ["run", "-f", "rosenbrock", "-O", "adam", "-O", "sgd:lr=1e-4", "--every", "50", "-n", "2000000000"]
FEW = ["1000000" if word == "50" else word for word in RUN]  # so few rows that they all wait in memory
GRID = ["grid", "-f", "rastrigin", "--points", "30000"]
BASINS = ["plot", "--kind", "basins", "-f", "himmelblau", "-n", "1000000", "-O", "sgd:lr=0.001"]
SWEEP = ["sweep", "-f", "rosenbrock", "-n", "1000000000", "-O", 'adam:lr={"log":[1e-4,1e-1,3]}']
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED", what)


def wait_for(condition):
    """However slow the machine is."""
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


def begun(folder):
    """Whether a command has opened its output: from then on an interrupt keeps it."""
    return bool(list(folder.glob(".*.tmp")) + list(folder.glob("*.partial")))


def interrupted(args, folder, command, name, number):
    """The kept file of a command that was interrupted after a while."""
    target, partial = folder / name, folder / f"{name}.partial"
    target.write_text("old\n")
    with subprocess.Popen([args.binary, *command, "-o", str(target)], stderr=subprocess.PIPE) as process:
        wait_for(lambda: begun(folder))
        time.sleep(0.3)
        process.send_signal(number)
        errors = process.communicate(timeout=20)[1].decode()
    check(process.returncode == 128 + number, f"{name}: exit status {process.returncode}: {errors}")
    check("note: interrupted after" in errors and str(partial) in errors, f"{name}: {errors}")
    check(target.read_text() == "old\n", f"{name}: the old file changed")
    check(sorted(folder.iterdir()) == [target, partial], f"{name}: {sorted(folder.iterdir())}")
    target.unlink()
    content = partial.read_bytes()
    partial.unlink()
    return content


def first_rows(args, steps):
    """Those of the whole, as CSV."""
    command = [*RUN[:-1], str(steps)]
    return subprocess.run([args.binary, *command], capture_output=True, text=True, check=True).stdout.splitlines()


def rows_of(name, content):
    """How many rows a file has, read as its format says; it must be whole."""
    if name.endswith(".gz"):
        return rows_of(name[:-3], gzip.decompress(content))
    if name.endswith(".json"):
        return sum(len(each["data"]["f"]) for each in json.loads(content)["trajectories"])
    if name.endswith(".npy"):  # the format's description: NumPy Enhancement Proposal 1
        size = struct.unpack("<H", content[8:10])[0]
        head = ast.literal_eval(content[10:10 + size].decode())
        width = sum(int(kind[2:]) * (4 if kind[1] == "U" else 1) for _, kind, *_ in head["descr"])
        rows = 1
        for each in head["shape"]:
            rows *= each
        check(len(content) == 10 + size + rows * width, f"{name}: {len(content)} bytes for {rows} rows")
        return rows
    text = content.decode()
    check(text.endswith("\n"), f"{name}: the last row is cut")
    lines = text.splitlines()
    if name.endswith(".jsonl"):
        return len([json.loads(line) for line in lines])
    return len(lines) - 1


def formats(args, folder):
    begin = first_rows(args, 10000)
    for name, number in (("x.csv", signal.SIGINT), ("x.csv", signal.SIGTERM), ("x.csv.gz", signal.SIGTERM),
                         ("x.json", signal.SIGINT), ("x.jsonl", signal.SIGTERM), ("x.npy", signal.SIGINT),
                         ("x.dat", signal.SIGINT), ("x.txt", signal.SIGTERM)):
        content = interrupted(args, folder, RUN, name, number)
        rows = rows_of(name, content)
        check(rows > 200, f"{name}: only {rows} rows were kept")
        if name == "x.csv":
            check(content.decode().splitlines()[:200] == begin[:200], f"{name}: other rows than those of a whole run")
        print(f"{name}: {rows} rows kept")
    few = json.loads(interrupted(args, folder, FEW, "x.json", signal.SIGINT))["trajectories"]
    check([each["status"] for each in few] == ["interrupted"], f"statuses {[each['status'] for each in few]}")
    last = few[0]["data"]["step"][-1]
    check(last % 1000000 != 0, "the step that a run was interrupted at is its last row")
    for name in ("g.npy", "g.csv"):
        rows = rows_of(name, interrupted(args, folder, GRID, name, signal.SIGINT))
        check(rows > 0 and rows % 30000 == 0, f"{name}: {rows} points are no whole lines")
    # Runs of minutes don't keep a sweep from ending.
    sweep = interrupted_sweep(args, folder)
    check(sweep == "", f"a sweep whose first run had not ended has rows: {sweep}")


def interrupted_sweep(args, folder):
    target = folder / "s.jsonl"
    with subprocess.Popen([args.binary, *SWEEP, "-o", str(target)], stderr=subprocess.PIPE) as process:
        wait_for(lambda: begun(folder))
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=20)[1].decode()
    check(process.returncode == 130 and "0 of 3 runs" in errors, f"sweep: {process.returncode}: {errors}")
    text = pathlib.Path(f"{target}.partial").read_text()
    for file in folder.iterdir():
        file.unlink()
    return text


def killed(args, folder):
    """What SIGKILL leaves is removed by the next run with this target, but not what a living one writes."""
    target = folder / "killed.csv"
    command = [args.binary, *RUN, "-o", str(target)]
    with subprocess.Popen(command) as first, subprocess.Popen(command) as second:
        wait_for(lambda: len(list(folder.iterdir())) == 2)
        check(len(list(folder.iterdir())) == 2, f"two runs at once: {list(folder.iterdir())}")
        first.kill()
        second.kill()
    check(len(list(folder.iterdir())) == 2, f"after kills: {list(folder.iterdir())}")
    with subprocess.Popen([*command, "-q"]) as living:
        wait_for(lambda: len(list(folder.iterdir())) == 1)
        time.sleep(0.2)
        check(len(list(folder.iterdir())) == 1, f"a third run: {list(folder.iterdir())}")
        subprocess.run([*command[:-3], "3", "-o", str(target)], check=True)
        check(target.exists() and len(list(folder.iterdir())) == 2, f"a short run beside it: {list(folder.iterdir())}")
        living.send_signal(signal.SIGTERM)
    check(sorted(folder.iterdir()) == [target, folder / "killed.csv.partial"], f"at the end: {list(folder.iterdir())}")
    for file in folder.iterdir():
        file.unlink()


def on_terminal(args, folder, command, name, ready):
    """What a terminal shows of a command that is interrupted by its Ctrl-C, when `ready` says so of what it shows."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(args.binary, [args.binary, *command, "-o", str(folder / name)])
    shown, end = "", time.monotonic() + 30
    try:
        while not ready(shown) and time.monotonic() < end:
            if select.select([terminal], [], [], 0.05)[0]:
                shown += os.read(terminal, 65536).decode()
        time.sleep(0.1)
        os.write(terminal, b"\x03")
        while part := os.read(terminal, 65536):
            shown += part.decode()
    except OSError:
        pass  # the other side has been closed
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    for file in folder.iterdir():
        file.unlink()
    check(status == 130, f"Ctrl-C on a terminal: status {status}")
    return shown


def terminals(args, folder):
    commands = [(RUN, "t.csv", lambda shown: begun(folder))]
    commands += [(command, "t.csv", lambda shown, unit=unit: f" {unit} (" in shown)
                 for command, unit in ((FEW, "steps"), (GRID, "points"), (SWEEP, "runs"))]
    for command, name, ready in commands:
        shown = on_terminal(args, folder, command, name, ready)
        lines = re.split("\r\x1b\\[K|\r\n", shown)
        check(any(line.startswith("optexplore: ") for line in lines), f"no note on a line of its own: {shown!r}")
        check(ready(shown) or command is RUN, f"no progress: {shown!r}")
    basins = on_terminal(args, folder, BASINS, "basins.gp", lambda shown: " runs (" in shown)
    check(" runs (" in basins, f"no progress of basins: {basins!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        formats(args, folder)
        killed(args, folder)
        terminals(args, folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
