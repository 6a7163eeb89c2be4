import os
import resource
import subprocess


def peak(steps):
    command = ["optexplore", "run", "-f", "book", "-n", str(steps), "-O", "adam", "-j", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                               env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=8"})
    _, status, usage = os.wait4(process.pid, 0)
    return status, usage.ru_maxrss


# A million rows are 90 MB of text.
few, many = peak(1000), peak(1000000)
print(few[0], many[0], many[1] - few[1] < 40000)  # kB
