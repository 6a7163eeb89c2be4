#!/usr/bin/env python3
"""Runs the whole-command cases: directories tests/cases/<topic>/<name>/ with

cmd              a bash script; `optexplore` is the binary under test, `configs` the project's configs
in/              optional: files copied into the fresh directory in which cmd runs
expected.out     standard output, byte for byte (missing: nothing)
expected.err     standard error (missing: nothing)
expected.status  exit status (missing: 0)
expected.files/  optional: files that must exist afterwards, with this content
no_files         optional marker: cmd must leave no file behind but those of in/ and expected.files/
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

TIMEOUT_SECONDS = 600  # Only what hangs: sanitizers on a busy machine are slow.
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
RECORDED = {"out": "expected.out", "err": "expected.err", "status": "expected.status"}


def files_below(directory):
    """The relative paths of all files below a directory; links are not followed."""
    found = []
    for root, folders, names in os.walk(directory):
        links = [folder for folder in folders if os.path.islink(os.path.join(root, folder))]
        found += [os.path.relpath(os.path.join(root, name), directory) for name in names + links]
    return sorted(found)


def environment(bin_dir):
    env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    env.update(PATH=f"{bin_dir}:{env.get('PATH', '')}", CONFIGS=str(REPOSITORY / "configs"),
               LC_ALL="C", COLUMNS="80")
    return env


def execute(case, work, env):
    """Runs the case's cmd in `work`; returns what to compare with the recorded files."""
    process = subprocess.Popen(["bash", str(case / "cmd")], cwd=work, env=env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        status = str(process.returncode)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = f"still running after {TIMEOUT_SECONDS} s"
    return {"out": out, "err": err, "status": status.encode() + b"\n"}


def expected_text(case, kind):
    path = case / RECORDED[kind]
    if path.exists():
        return path.read_bytes()
    return b"0\n" if kind == "status" else b""


def difference(expected, actual, name):
    """A unified diff of two byte strings as text, or "" when they are the same."""
    if expected == actual:
        return ""
    lines = [data.decode("utf-8", "backslashreplace").splitlines(keepends=True)
             for data in (expected, actual)]
    text = ""
    for line in difflib.unified_diff(*lines, f"expected {name}", f"actual {name}"):
        text += line if line.endswith("\n") else line + "\n\\ no newline at the end\n"
    return text or f"{name} differs in bytes that are not valid text\n"


def compare(case, actual, work, given):
    """A description of all differences, empty when the case passes."""
    problems = [difference(expected_text(case, kind), actual[kind], kind) for kind in RECORDED]
    expected_files = files_below(case / "expected.files")
    for name in expected_files:
        if (work / name).is_file():
            problems.append(difference((case / "expected.files" / name).read_bytes(),
                                       (work / name).read_bytes(), name))
        else:
            problems.append(f"file {name} was not written\n")
    if (case / "no_files").exists():
        for name in sorted(set(files_below(work)) - given - set(expected_files)):
            problems.append(f"file {name} was left behind\n")
    return "".join(problems)


def record(case, actual, work):
    """Makes the actual results the expected ones; expected.files keeps its list of files."""
    if not actual["status"].strip().isdigit() and not actual["status"].startswith(b"-"):
        return  # a run that timed out is nothing to expect
    for kind, name in RECORDED.items():
        if actual[kind] == (b"0\n" if kind == "status" else b""):
            (case / name).unlink(missing_ok=True)
        else:
            (case / name).write_bytes(actual[kind])
    for name in files_below(case / "expected.files"):
        if (work / name).is_file():
            shutil.copyfile(work / name, case / "expected.files" / name)


def run_case(case, bin_dir, update):
    """Runs one case; returns a description of what is wrong, empty when it passes."""
    with tempfile.TemporaryDirectory(prefix="optexplore-case-") as name:
        work = pathlib.Path(name)
        if (case / "in").is_dir():
            shutil.copytree(case / "in", work, dirs_exist_ok=True)
        if not (work / "configs").exists():
            (work / "configs").symlink_to(REPOSITORY / "configs")
        given = set(files_below(work))
        actual = execute(case, work, environment(bin_dir))
        if update:
            record(case, actual, work)
        return compare(case, actual, work, given)


def main():
    parser = argparse.ArgumentParser(description="Runs the whole-command cases.")
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the binary under test")
    parser.add_argument("--cases", type=pathlib.Path, default=REPOSITORY / "tests" / "cases")
    parser.add_argument("--topic", action="append", help="only this topic (repeatable)")
    parser.add_argument("--update", action="store_true", help="record the results as expected")
    parser.add_argument("-v", "--verbose", action="store_true", help="also name passing cases")
    args = parser.parse_args()

    if not os.access(args.binary, os.X_OK):
        parser.error(f"{args.binary} is not an executable file")
    cases = sorted(path.parent for path in args.cases.resolve().glob("*/*/cmd")
                   if not args.topic or path.parent.parent.name in args.topic)
    if not cases:
        parser.error(f"no cases in {args.cases}" + (f" for {args.topic}" if args.topic else ""))

    failed = 0
    with tempfile.TemporaryDirectory(prefix="optexplore-bin-") as bin_dir, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.symlink(args.binary.resolve(), os.path.join(bin_dir, "optexplore"))
        results = pool.map(lambda case: run_case(case, bin_dir, args.update), cases)
        for case, problem in zip(cases, results):
            name = f"{case.parent.name}/{case.name}"
            if problem:
                failed += 1
                print(f"FAILED {name}\n{problem}")
            elif args.verbose:
                print(f"passed {name}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
