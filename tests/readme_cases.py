#!/usr/bin/env python3
"""Checks that README.md's section "Use" tells the truth: every command line of optexplore in it is part of a case in
tests/cases/readme/, and the output shown under a command is what that case expects (or its beginning)."""

import pathlib
import re
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
CASES = REPOSITORY / "tests" / "cases" / "readme"
PROMPT = "optexplore "


def use_section():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return re.search(r"^## Use$(.*?)^## ", text, re.MULTILINE | re.DOTALL).group(1)


COMMANDS = (PROMPT, "duckdb ", "gnuplot ", "python3 ", "scripts/", "cat ", "import ")


def indented_blocks(section):
    """Lists of lines indented by four blanks, without the indentation. An output may have empty lines in it."""
    found, block = [], []
    lines = section.splitlines() + ["", ""]
    for line, following in zip(lines, lines[1:]):
        if line.startswith("    "):
            block.append(line[4:])
        elif block:
            goes_on = following.startswith("    ") and not following[4:].startswith(COMMANDS)
            if goes_on and not block[0].startswith(COMMANDS):
                block.append("")
                continue
            found.append(block)
            block = []
    return found


def optexplore_part(line):
    """Pictures are tests/plots.py's matter: a pipe into a script ends the command."""
    return line.split(" | python3 ")[0]


def cases_with(command):
    for path in sorted(CASES.glob("*/cmd")):
        lines = [re.split(r" \| (?:tail|head)\b", line)[0]
                 for line in path.read_text(encoding="utf-8").splitlines()]
        if command in lines:
            yield path.parent


def check(blocks):
    """Returns how many commands and outputs were found, and what is wrong with them."""
    commands, outputs, problems = 0, 0, []
    shown_by = []  # the cases of the last command, when nothing but its output can follow
    for block in blocks:
        runs = [optexplore_part(line) for line in block if line.startswith(PROMPT)]
        if not runs and not block[0].startswith(COMMANDS):
            outputs += 1
            text = "\n".join(block) + "\n"
            if not any((case / "expected.out").read_text(encoding="utf-8").startswith(text)
                       for case in shown_by if (case / "expected.out").exists()):
                problems.append(f"no case has this output:\n{text}")
        for command in runs:
            commands += 1
            shown_by = list(cases_with(command))
            if not shown_by:
                problems.append(f"no case has this command:\n{command}\n")
    return commands, outputs, problems


def main():
    commands, outputs, problems = check(indented_blocks(use_section()))
    if commands == 0 or outputs == 0:
        problems.append("README.md's section \"Use\" shows no command or no output\n")
    print("\n".join(problems) + f"{commands} commands, {outputs} outputs, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
