#!/usr/bin/env python3
"""Runs scripts/parallel (here and over a real ssh) or scripts/slurm-array (with a real Slurm of one node) and compares
what they join with the sweep of one process, byte for byte; lets parts fail, configs change and users interrupt."""

import argparse
import os
import pathlib
import pwd
import signal
import subprocess
import sys
import tempfile
import time

import processes
import slurm_node
import ssh_server

SKIPPED = 77
CONFIG = """{ "function": "rosenbrock", "steps": 300, "optimizers": [
  { "type": "adam", "lr": {"log": [1e-4, 1e-1, 30]} }, { "type": "sgd", "lr": {"log": [1e-5, 1e-3, 21]} } ] }
"""
# Stands for optexplore: notes each part; when it is told to, fails once for part 2 of 3 and waits in part 3 of 3.
WRAPPER = """#!/usr/bin/env bash
for word in "$@"; do if [[ $word =~ ^[0-9]+/[0-9]+$ ]]; then part=$word; fi; done
if [[ ${part:-} ]]; then echo "$part${SSH_CONNECTION:+ ssh}" >> "$0.log"; fi
if [[ ${part:-} == 2/3 && -e $0.fail ]]; then rm "$0.fail"; echo "no more memory" >&2; exit 1; fi
if [[ ${part:-} == 3/3 ]]; then for ((i = 0; i < 400; ++i)); do [[ ! -e $0.hold ]] || sleep 0.05; done; fi
exec %s "$@"
"""
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED", what)


class Place:
    """A working folder with a config, a wrapper of the tool, and ways to run a script in it."""

    def __init__(self, args, folder, script, *options, environment=None):
        self.args, self.script, self.options = args, str(args.source / "scripts" / script), options
        self.environment = environment or dict(os.environ)
        self.folder = folder / "some where"
        (self.folder / "results of it").mkdir(parents=True)
        self.config = self.folder / "my sweep.json"
        self.config.write_text(CONFIG)
        self.wrapper = self.folder / "opt explore"
        self.wrapper.write_text(WRAPPER % args.binary)
        self.wrapper.chmod(0o755)
        self.output = "results of it/runs 50%.csv"

    def path(self, suffix=""):
        return self.folder / (self.output + suffix)

    def command(self, *options, parts=3, output=None, sweep=("my sweep.json",)):
        return [self.script, "-n", str(parts), "-o", output or self.output, "--optexplore", "./opt explore",
                *self.options, *options, "--", *sweep]

    def run(self, *options, **more):
        return subprocess.run(self.command(*options, **more), cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, check=False, preexec_fn=processes.end_with_parent)

    def start(self, *options):
        return subprocess.Popen(self.command(*options), cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                preexec_fn=processes.end_with_parent)

    def whole(self, output=None, sweep=("my sweep.json",)):
        style = (output or self.output).rsplit(".", 1)[1]
        return subprocess.run([self.args.binary, "sweep", *sweep, "--format", style], cwd=self.folder,
                              capture_output=True, check=True).stdout

    def mark(self, name, there=True):
        """`fail` or `hold`, which the wrapper looks for."""
        mark = pathlib.Path(f"{self.wrapper}.{name}")
        if there:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    def computed(self):
        """The parts that were computed since the last call."""
        log = pathlib.Path(f"{self.wrapper}.log")
        lines = sorted(log.read_text().splitlines()) if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def check_done(self, result, what, output=None, sweep=("my sweep.json",)):
        check(result.returncode == 0, f"{what}: exit status {result.returncode}: {result.stderr}")
        file = self.folder / (output or self.output)
        check(file.exists() and file.read_bytes() == self.whole(output, sweep), f"{what}: not the bytes of one sweep")
        left = [path.name for path in file.parent.glob("*") if path.name.endswith((".parts", ".merging"))]
        check(not left, f"{what}: left {left}")
        file.unlink(missing_ok=True)


def same_bytes(place):
    place.computed()
    for parts, output, sweep in ((1, "one.csv", ("my sweep.json",)),
                                 (3, place.output, ("my sweep.json",)),
                                 (7, "seven.jsonl", ("my sweep.json", "--target", "f < 1e-6")),
                                 (7, "few.tsv", ("-f", "book", "-n", "9", "-O", 'sgd:lr=[0.1,0.2]', "--no-header"))):
        result = place.run(parts=parts, output=output, sweep=sweep)
        place.check_done(result, f"{parts} parts", output, sweep)
        found = [line.split()[0] for line in place.computed()]
        check(found == [f"{k}/{parts}" for k in range(1, parts + 1)], f"{parts} parts: computed {found}")


def failing_part(place, *hints):
    """A part fails: the others are kept, nothing is merged, and a second try computes one part."""
    place.computed()
    place.mark("fail")
    result = place.run()
    check(result.returncode == 1, f"a failed part: exit status {result.returncode}")
    for hint in ("no more memory", "part 2 of 3", "nothing was merged", "only what is missing", *hints):
        check(hint in result.stderr, f"a failed part: no '{hint}' in {result.stderr}")
    check(not place.path().exists(), "a failed part: there is a result")
    check(sorted(path.name for path in place.path(".parts").glob("part*.csv")) == ["part-1.csv", "part-3.csv"],
          "a failed part: not the other two parts")
    check(len(place.computed()) == 3, "a failed part: not three parts computed")
    refused_changes(place)
    place.check_done(place.run(), "after a failed part")
    found = place.computed()
    check([line.split()[0] for line in found] == ["2/3"], f"after a failed part: computed {found}")


def refused_changes(place):
    """Parts of another sweep are not joined with these, whether the change comes before or after the start."""
    before = {path.name: path.read_bytes() for path in place.path(".parts").iterdir()}
    place.config.write_text(CONFIG.replace("300", "301"))
    result = place.run()
    check(result.returncode == 2 and 'it has "steps": 300, this one "steps": 301; remove that folder' in result.stderr,
          f"a changed config: {result.returncode} {result.stderr}")
    job = subprocess.run([place.args.source / "scripts/lib/part", "run", place.path(".parts"), "2"], text=True,
                         capture_output=True, check=False)
    check(job.returncode == 2 and '"steps": 301' in job.stderr, f"changed after the start: {job.stderr}")
    place.config.write_text(CONFIG)
    result = place.run(parts=4)
    check(result.returncode == 2 and "it has parts 3, this one parts 4" in result.stderr,
          f"another number of parts: {result.stderr}")
    merge = subprocess.run([place.args.source / "scripts/lib/part", "merge", place.path(".parts")], text=True,
                           capture_output=True, check=False)
    check(merge.returncode == 1 and "missing part 2 of 3" in merge.stderr, f"an early merge: {merge.stderr}")
    after = {path.name: path.read_bytes() for path in place.path(".parts").iterdir()}
    check(before == after and not place.path().exists(), "a refused command changed something")
    # What doesn't decide the bytes may change.
    place.config.write_text("// more of it tomorrow\n" + CONFIG)


def usage(place):
    name = "scripts/" + pathlib.Path(place.script).name
    for options, status, text in (
            ({"output": "runs.npy"}, 2, "-o: expected a name that ends in .csv, .tsv or .jsonl, found 'runs.npy': only "
             "files whose rows are lines can be joined from parts"),
            ({"output": "nowhere/runs.csv"}, 1, "nowhere/runs.csv: there is no folder nowhere"),
            ({"parts": 0}, 2, "-n: expected a whole number from 1 to 999999999, found '0'"),
            ({"sweep": ("my sweep.json", "-o", "x.csv")}, 2,
             "'-o' belongs before --: the parts have their own output files"),
            ({"sweep": ("-",)}, 2, "'-': a config on standard input can't reach the jobs; put it into a file"),
            ({"sweep": ()}, 2, f"expected a sweep after --, as in: {name} -n 8 -o runs.csv -- configs/sweep.json")):
        result = place.run(**options)
        check((result.returncode, result.stderr) == (status, f"{name}: error: {text}\n"),
              f"{options}: {result.returncode} {result.stderr}")
    result = place.run(sweep=("my swep.json",))
    check(result.returncode == 2 and "did you mean 'my sweep.json'?" in result.stderr, f"no config: {result.stderr}")
    result = place.run("--what")
    check(result.returncode == 2 and "unknown option '--what'" in result.stderr, f"unknown option: {result.stderr}")
    shown = place.run("--help")
    check(shown.returncode == 0 and "Examples:" in shown.stdout and not shown.stderr, "--help")
    dry = place.run("--dry-run")
    check(dry.returncode == 0 and "sweep -j 1 my\\ sweep.json --shard 1/3 --resume" in dry.stdout,
          f"--dry-run: {dry.stdout}{dry.stderr}")
    check(not place.path(".parts").exists() and not place.path(".logs").exists(), "a mistake or --dry-run left files")


def keep(place):
    place.computed()
    for computed in (3, 0):
        result = place.run("--keep")
        check(result.returncode == 0 and place.path().read_bytes() == place.whole(), f"--keep: {result.stderr}")
        place.path().unlink(missing_ok=True)
        check(len(place.computed()) == computed, f"--keep: not {computed} parts computed")
    place.check_done(place.run(), "after --keep")


def wait_for(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            check(False, f"waited in vain for {what}")
            return
        time.sleep(0.02)


def interrupted_parallel(place):
    place.computed()
    for number in (signal.SIGINT, signal.SIGTERM):
        place.mark("hold")
        process = place.start()
        wait_for(place.path(".parts/part-1.csv").exists, "the first part")
        wait_for(lambda: "3/3\n" in pathlib.Path(f"{place.wrapper}.log").read_text(), "the last part")
        again = place.run()
        check(again.returncode == 2 and "another process is working on" in again.stderr,
              f"two at a time: {again.returncode} {again.stderr}")
        process.send_signal(number)
        errors = process.communicate()[1]
        check(process.returncode == 130 and "the same command continues" in errors,
              f"{number!r}: {process.returncode} {errors}")
        wait_for(lambda: not processes.children(), "the end of the parts")
        check(not place.path().exists(), f"{number!r}: there is a result")
        place.mark("hold", False)
        place.computed()
        place.check_done(place.run(), f"after {number!r}")
        check("1/3" not in place.computed(), f"after {number!r}: a finished part was computed again")


def over_ssh(args, folder):
    if processes.find_program("sshd") is None or processes.find_program("ssh-keygen") is None:
        print("SKIPPED over ssh: sshd is not installed (Debian: openssh-server)")
        return
    shell = pwd.getpwuid(os.geteuid()).pw_shell
    if shell.endswith(("/nologin", "/false")):
        print(f"SKIPPED over ssh: this user can't log in, the shell is {shell}")
        return
    (folder / "ssh").mkdir()
    server = ssh_server.SshServer(folder / "ssh")
    try:
        place = Place(args, folder / "over ssh", "parallel", "--sshlogin", "left,right", "--jobs", "2",
                      environment={**os.environ, "PARALLEL_SSH": server.command})
        place.check_done(place.run(parts=7), "7 parts over ssh")
        found = place.computed()
        check(found == [f"{k}/7 ssh" for k in range(1, 8)], f"over ssh: computed {found}")
        failing_part(place)
        (folder / "hosts").write_text("2/left\n2/:\n")
        place.options = ("--sshloginfile", str(folder / "hosts"))
        place.check_done(place.run(parts=7), "7 parts over ssh and here")
    finally:
        server.close()


def parallel(args, folder):
    program = processes.find_program("parallel")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False) if program else None
    if version is None or not version.stdout.startswith("GNU parallel"):
        return "GNU parallel is not installed (Debian: parallel)"
    place = Place(args, folder, "parallel", "--jobs", "3")
    usage(place)
    same_bytes(place)
    failing_part(place, "part 2")
    keep(place)
    interrupted_parallel(place)
    over_ssh(args, folder)
    return None


def no_jobs(node):
    return not node.run("squeue", "--noheader").stdout


def waiting_slurm(place, node):
    """While jobs are there the same command is refused; --wait can be left; without --wait the jobs do it alone."""
    place.options = ()
    place.mark("hold")
    first = place.run("--max", "3")
    ids = [line.split()[1] for line in first.stdout.splitlines()]
    check(first.returncode == 0 and first.stdout == f"array {ids[0]}\nmerge {ids[1]}\n", f"ids: {first.stdout}")
    again = place.run()
    check(again.returncode == 2 and f"scancel {ids[0]} {ids[1]}" in again.stderr, f"two at a time: {again.stderr}")
    place.mark("hold", False)
    wait_for(place.path().exists, "the merge", 20)
    wait_for(lambda: no_jobs(node), "the end of the jobs")
    place.check_done(first, "without --wait")

    place.mark("hold")
    process = place.start("--wait")
    wait_for(place.path(".parts/part-1.csv").exists, "the first part")
    process.send_signal(signal.SIGTERM)
    errors = process.communicate()[1]
    check(process.returncode == 130 and "the jobs go on" in errors, f"--wait: {process.returncode} {errors}")
    node.run("scancel", "--name=" + place.path().name)
    wait_for(lambda: no_jobs(node), "the end of a cancelled array and of what waits for it")
    check(not place.path().exists(), "a cancelled array was merged")
    place.mark("hold", False)
    place.options = ("--wait",)
    place.check_done(place.run(), "after scancel")


def changed_in_queue(place, node):
    process = place.start("--sbatch", "--hold --comment='one two'")
    jobs = place.path(".parts/jobs")
    wait_for(lambda: jobs.exists() and "," in jobs.read_text(), "the jobs")
    place.config.write_text(CONFIG.replace("300", "301"))
    for job in jobs.read_text().strip().split(","):
        node.run("scontrol", "release", job)
    errors = process.communicate()[1]
    check(process.returncode == 1 and '"steps": 301' in errors and "parts 1-3 of 3" in errors,
          f"changed in the queue: {process.returncode} {errors}")
    check(not place.path().exists(), "changed in the queue: there is a result")
    place.config.write_text(CONFIG)
    place.check_done(place.run(), "changed back")


def slurm(args, folder):
    missing = slurm_node.missing_programs()
    if missing:
        return f"Slurm is not installed: no {', '.join(missing)} (Debian: slurm-wlm, munge)"
    (folder / "slurm").mkdir(mode=0o755)
    node = slurm_node.SlurmNode(folder / "slurm")
    try:
        place = Place(args, folder, "slurm-array", "--wait", environment=node.environment)
        usage(place)
        same_bytes(place)
        failing_part(place, "The logs are in")
        check(no_jobs(node), "a job is left in the queue")
        keep(place)
        changed_in_queue(place, node)
        waiting_slurm(place, node)
        refused = place.run("--sbatch", "--partition=nowhere")
        check(refused.returncode == 1 and "sbatch refused the array" in refused.stderr, f"sbatch: {refused.stderr}")
    finally:
        node.run("scancel", "--full", "--state=RUNNING")
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--source", required=True, type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("with_what", choices=["parallel", "slurm"])
    args = parser.parse_args()
    processes.adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="optexplore-cluster-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        try:
            skipped = {"parallel": parallel, "slurm": slurm}[args.with_what](args, folder)
        finally:
            left = processes.end_all()
    if skipped:
        print("SKIPPED:", skipped)
        return SKIPPED
    check(left == 0, f"{left} processes are left")
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
