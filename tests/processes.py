"""Servers that a test starts, and their end: nothing outlives the test, however it ends."""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIBC = ctypes.CDLL(None)


def find_program(name):
    """Servers are in sbin, which is not in everybody's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def adopt_orphans():
    """Makes this process the parent of processes whose parent has ended, so that end_all finds them. Ends by signals
    become exceptions, so that `finally` is reached."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # A shell's background jobs ignore it, and what they start would too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))


def end_with_parent():
    """As preexec_fn: the process is killed when this one ends, even by a kill."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def start(command, log, **options):
    """A server that ends with this process."""
    with open(log, "wb") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                                preexec_fn=end_with_parent, **options)


def children():
    """The living processes whose parent is this one."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def end_all():
    """Kills every child, then those it left, until there are none. Returns how many would not go."""
    end = time.monotonic() + 5
    while (left := children()) and time.monotonic() < end:
        for child in left:
            try:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # those that had ended before
    except ChildProcessError:
        pass
    return len(left)
