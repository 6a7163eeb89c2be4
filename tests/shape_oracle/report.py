"""What went wrong, counted."""

import sys

MOST_FAILURES = 40
count = 0


def failed(what, *lines):
    global count
    count += 1
    print("FAILED", what)
    for line in lines:
        print("   ", line)
    if count >= MOST_FAILURES:
        print("too many failures")
        sys.exit(1)
