#!/usr/bin/env python3
"""Kills a sweep at random moments, continues it, and compares the result with an uninterrupted one byte for byte; tries
a full disk, Ctrl-C, and partial files that are foreign or damaged. A longer campaign: --kills 50."""

import argparse
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

SWEEP = ["sweep", "-f", "rosenbrock", "-n", "3000", "-O", 'adam:lr={"log":[1e-4,1e-1,3000]}',
         "-O", 'sgd:lr={"log":[1e-5,1e-3,2000]}']
failures = []
LONG = ["100000" if word == "3000" else word for word in SWEEP]


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED", what)


def tool(args, *more, **options):
    return subprocess.run([args.binary, *SWEEP, *more], capture_output=True, text=True, check=False, **options)


def killed_sweeps(args, folder, whole, style):
    """Starts and kills, until so many sweeps were killed while they ran and the last one has come to its end."""
    file = folder / f"killed.{style}"
    jobs = ["-j", "2", "--format", style, "-o", str(file)]
    kills = 0
    while kills < args.kills or not file.exists():
        file.unlink(missing_ok=True)  # finished before its time
        process = subprocess.Popen([args.binary, *SWEEP, *jobs, "--resume"], stderr=subprocess.PIPE)
        if kills < args.kills:
            time.sleep(random.uniform(0, args.longest))
            process.send_signal(random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
        errors = process.communicate()[1].decode()
        kills += process.returncode != 0  # -SIGINT: so early that nothing was set up to handle it
        expected = (0, -signal.SIGKILL, -signal.SIGINT, 130)
        check(process.returncode in expected, f"exit status {process.returncode}: {errors}")
        check("damaged" not in errors and "error" not in errors, errors)
        if file.exists():
            check(file.read_bytes() == whole, f"{style} after {kills} kills differs from the uninterrupted sweep")
    check(not list(folder.glob("killed*.partial*")), "a partial file was left behind")
    print(f"{style}: {kills} kills")


def begun(args, sweep, file):
    """Starts the sweep; it comes back when the first rows are in the partial file."""
    process = subprocess.Popen([args.binary, *sweep, "-o", str(file)], stderr=subprocess.PIPE)
    partial = pathlib.Path(f"{file}.partial")
    while process.poll() is None and not (partial.exists() and partial.stat().st_size > 0):
        time.sleep(0.01)
    return process


def interrupted(args, folder):
    file = folder / "interrupted.csv"
    process = begun(args, LONG, file)
    process.send_signal(signal.SIGINT)
    errors = process.communicate()[1].decode()
    check(process.returncode == 130, f"Ctrl-C: exit status {process.returncode}")
    check("--resume continues" in errors, f"Ctrl-C: {errors}")
    partial = pathlib.Path(f"{file}.partial")
    check(partial.exists() and partial.read_bytes().endswith(b"\n"), "Ctrl-C: no whole rows in the partial file")
    again = subprocess.run([args.binary, *LONG, "-o", str(file)], capture_output=True, text=True,
                           check=False)
    check(again.returncode == 2 and "--resume" in again.stderr, f"a second start: {again.stderr}")
    check(partial.exists(), "a second start removed the partial file")


def bad_partial_files(args, folder, whole):
    file = folder / "bad.csv"
    partial, identity = pathlib.Path(f"{file}.partial"), pathlib.Path(f"{file}.partial.id")
    while not identity.exists():
        file.unlink(missing_ok=True)  # finished before it was killed
        process = begun(args, SWEEP, file)
        process.kill()
        process.communicate()
    good_identity = identity.read_text()

    def refused(content, identity_text, more, word):
        partial.write_bytes(content)
        if identity_text is None:
            identity.unlink(missing_ok=True)
        else:
            identity.write_text(identity_text)
        result = tool(args, "-o", str(file), "--resume", *more)
        check(result.returncode == 2 and word in result.stderr, f"{word}: {result.returncode} {result.stderr}")
        check(partial.read_bytes() == content, f"{word}: the partial file was changed")
        check(not file.exists(), f"{word}: a result was written")

    lines = whole.splitlines(keepends=True)
    part = b"".join(lines[:500])
    refused(part, good_identity, ["--seed", "3"], "belongs to another experiment")
    refused(part, None, [], "nothing says what it belongs to")
    refused(part.replace(b"max_steps", b"max_stepz", 1), good_identity, [], "is damaged")
    refused(b"".join(lines[:300] + lines[301:500]), good_identity, [], "is damaged")
    refused(part + b"\0\0\0\n", good_identity, [], "is damaged")
    refused(b"a,b\n" + part, good_identity, [], "is damaged")
    # What a kill can leave is continued: a row cut off anywhere, or nothing at all.
    for content in (part + lines[500][:17], lines[0][:5], b""):
        partial.write_bytes(content)
        identity.write_text(good_identity)
        result = tool(args, "-o", str(file), "--resume")
        check(result.returncode == 0 and file.read_bytes() == whole, f"cut off: {result.stderr}")
        file.unlink()


def full_disk(args, folder, whole):
    """A file size limit stands for it: the write fails in the middle of a row."""
    file = folder / "full.csv"
    limited = subprocess.run(["bash", "-c", 'ulimit -f 100; exec "$@"', "bash", args.binary, *SWEEP, "-o", str(file)],
                             capture_output=True, text=True, check=False)
    check(limited.returncode == 1 and "full.csv.partial" in limited.stderr, f"a full disk: {limited.stderr}")
    check(not file.exists(), "a full disk: there is a result")
    result = tool(args, "-o", str(file), "--resume")
    check(result.returncode == 0 and file.read_bytes() == whole, f"after a full disk: {result.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    print("seed", args.seed)
    random.seed(args.seed)
    begin = time.monotonic()
    whole = {style: tool(args, "--format", style).stdout.encode() for style in ("csv", "jsonl")}
    args.longest = (time.monotonic() - begin) / 2
    with tempfile.TemporaryDirectory(prefix="optexplore-resume-") as name:
        folder = pathlib.Path(name)
        for style, text in whole.items():
            killed_sweeps(args, folder, text, style)
        interrupted(args, folder)
        bad_partial_files(args, folder, whole["csv"])
        full_disk(args, folder, whole["csv"])
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
