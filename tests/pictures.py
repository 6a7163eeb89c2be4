#!/usr/bin/env python3
"""Draws every kind of picture with `optexplore plot` in every format, and looks at the results.

Checks that a file is an image of the asked size, that it isn't blank, and that what must be seen is there: the colour
of each optimizer, the black mark of the start at its place, the greys of diverged cells. Exits with 77 (skipped) without
gnuplot.
"""

import argparse
import fcntl
import html
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import zlib

SKIPPED = 77
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
BOOK = ["-f", "book", "-n", "30", "-O", "sgd:lr=0.95", "-O", "momentum:lr=0.1", "-O", "adam:lr=0.3"]
failures = []


def fail(name, text):
    failures.append(f"{name}: {text}")


def read_png(data):
    """Width, height and rows of (r, g, b) of a PNG with 8-bit colour, with or without alpha."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    position, packed = 8, b""
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position:position + 8])
        chunk = data[position + 8:position + 8 + length]
        if zlib.crc32(kind + chunk) != struct.unpack(">I", data[position + 8 + length:position + 12 + length])[0]:
            raise ValueError(f"damaged {kind}")
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", chunk[:10])
            if depth != 8 or colour not in (2, 6):
                raise ValueError(f"depth {depth}, colour type {colour}")
        elif kind == b"IDAT":
            packed += chunk
        position += 12 + length
    size = 3 if colour == 2 else 4
    raw, stride, rows = zlib.decompress(packed), width * size, []
    before = bytearray(stride)
    for y in range(height):
        mode = raw[y * (stride + 1)]
        line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left = line[i - size] if i >= size else 0
            up, corner = before[i], before[i - size] if i >= size else 0
            if mode == 1:
                line[i] = (line[i] + left) & 255
            elif mode == 2:
                line[i] = (line[i] + up) & 255
            elif mode == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif mode == 4:
                guess = left + up - corner
                nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                line[i] = (line[i] + nearest[2]) & 255
        rows.append([tuple(line[i:i + 3]) for i in range(0, stride, size)])
        before = line
    return width, height, rows


def rgb(text):
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


def count_near(rows, colour, distance=12):
    wanted = rgb(colour)
    return sum(all(abs(a - b) <= distance for a, b in zip(pixel, wanted)) for row in rows for pixel in row)


class Tool:
    def __init__(self, binary, work):
        self.binary, self.work = binary.resolve(), work

    def plot(self, name, *arguments, stdout=None):
        """Draws into a file; returns its bytes, or None after noting a failure."""
        command = [self.binary, "plot", *arguments] + (["-o", name] if stdout is None else [])
        done = subprocess.run(command, cwd=self.work, capture_output=True, check=False)
        messages = b"\n".join(line for line in done.stderr.splitlines() if b": note: " not in line)
        if done.returncode != 0 or messages:
            fail(name, f"status {done.returncode}: {done.stderr.decode()}")
            return None
        return (self.work / name).read_bytes() if stdout is None else done.stdout

    def png(self, name, size, colours, *arguments):
        """Draws a PNG and checks its size and that it has each of the colours."""
        data = self.plot(name, *arguments)
        if data is None:
            return None
        width, height, rows = read_png(data)
        if size and (width, height) != size:
            fail(name, f"is {width}x{height}, expected {size[0]}x{size[1]}")
        different = len({pixel for row in rows for pixel in row})
        if different < 20:
            fail(name, f"has only {different} colours")
        for colour in colours:
            if count_near(rows, colour) < 30:
                fail(name, f"has only {count_near(rows, colour)} pixels of {colour}")
        print(f"{name}: {width}x{height}, {different} colours")
        return rows


def check_kinds(tool):
    asked = ["--size", "640x480"]
    size = (640, 480)
    rows = tool.png("paths.png", size, COLOURS[:3], *BOOK, *asked)
    check_start(tool, rows)
    tool.png("panels.png", size, COLOURS[:3], *BOOK, "--kind", "panels", *asked)
    tool.png("convergence.png", size, COLOURS[:3], *BOOK, "--kind", "convergence", *asked)
    tool.png("columns.png", size, COLOURS[:3], *BOOK, "--kind", "columns", "--columns", "f,step_norm,x", *asked)
    tool.png("surface.png", size, COLOURS[:3], *BOOK, "--kind", "surface", *asked)
    tool.png("graph.png", size, COLOURS[:2], "-f", "f(x) = x^4 - 3*x^2 + x", "--start", "1.9", "-n", "20", "-O",
             "sgd:lr=[0.01,0.1]", *asked)
    tool.png("pca.png", size, COLOURS[:2], "-f", "rosenbrock:dim=10", "-n", "500", "-O", "adam:lr=0.02", "-O",
             "momentum:lr=2e-4", "--pca", *asked)
    tool.png("heatmap.png", size, ["#440154", "#FDE725", "#8C8C8C", "#D0104C"], "-f", "book", "-n", "50", "-O",
             'momentum:lr={"linear":[0.1,2,20]},momentum={"linear":[0,0.9,20]}', "--line", "lr=(1+momentum)", *asked)
    tool.png("heatmaps.png", None, ["#FDE725"], "-f", "book", "-n", "50", "-O",
             "adam:lr=[0.1,0.5,1],beta1=[0,0.5,0.9]", "-O", "adamw:lr=[0.1,0.5,1],beta1=[0,0.5,0.9]")
    tool.png("basins.png", size, COLOURS[:4], "-f", "himmelblau", "-n", "300", "-O", "sgd:lr=0.01", "--kind", "basins",
             "--start", '{"grid": [[-5,5,60],[-5,5,60]]}', *asked)
    tool.png("default_size.png", (800, 560), COLOURS[:3], *BOOK)


def check_small(tool):
    """A figure of a paper's column has a plot that fills a part of it, and the legend has every colour below it."""
    size = (340, 260)
    for kind in ["paths", "convergence", "columns", "surface", "panels"]:
        rows = tool.png(f"small {kind}.png", size, COLOURS[:3], *BOOK, "--kind", kind, "--size", "340x260")
        if rows is None:
            continue
        if any(max(pixel) < 100 for row in rows for pixel in (row[0], row[-1])) or any(
                max(pixel) < 100 for row in (rows[0], rows[-1]) for pixel in row):
            fail(f"small {kind}.png", "is cut off at an edge")
        if kind != "panels":
            for colour in COLOURS[:3]:
                if count_near(rows[200:], colour) < 10:
                    fail(f"small {kind}.png", f"has no {colour} in its legend")
    # Wide pictures lost the first line of a surface's legend.
    rows = tool.png("wide surface.png", (1280, 720), COLOURS[:3], *BOOK, "--kind", "surface", "--size", "1280x720")
    for colour in COLOURS[:3]:
        if rows is not None and count_near(rows[690:], colour) < 10:
            fail("wide surface.png", f"has no {colour} in its legend")
    long = '{"type": "sgd", "label": "a name that is much longer than such a small picture is wide", "lr": [0.1, 0.5]}'
    rows = tool.png("long names.png", size, COLOURS[:2], "-f", "book", "-n", "9", "-O", long, "--kind", "paths", "--size",
                    "340x260")
    if rows is not None and any(max(pixel) < 100 for row in rows for pixel in (row[0], row[-1])):
        fail("long names.png", "is cut off at an edge")


def check_bad_input(tool):
    """Sensible pictures of what can't be drawn as usual."""
    tool.png("diverged.png", None, COLOURS[:1], "-f", "book", "-n", "2000", "-O", "sgd:lr=3")
    tool.png("partly_nan.png", None, COLOURS[:1], "-f", "f(x,y) = log(x) + x^2 + y^2", "--start", "1,1", "-O", "sgd:lr=0.1")
    tool.png("nan.png", None, [], "-f", "f(x,y) = log(-1 - x^2 - y^2)", "--start", "1,1", "-O", "sgd:lr=0.1")
    tool.png("constant.png", None, [], "-f", "f(x,y) = 3", "--start", "1,1", "-O", "sgd:lr=0.1")
    tool.png("no_steps.png", None, [], "-f", "book", "-n", "0", "-O", "sgd")
    tool.png("unbounded.png", None, COLOURS[:1], "-f", "f(x,y) = x*y", "--start=1,-1.1", "-n", "3000", "-O", "sgd:lr=0.1")


def check_start(tool, rows):
    """The black ring of the start surrounds the place where the first path begins."""
    script = tool.plot("-", *BOOK, stdout=True)
    if rows is None or script is None:
        return
    black = [(x, y) for y, row in enumerate(rows) for x, pixel in enumerate(row) if max(pixel) < 40]
    # The start is at the upper left of this picture's paths, far from the axes' labels and the legend.
    ring = [(x, y) for x, y in black if 70 < x < 150 and 50 < y < 200]
    if len(ring) < 10:
        fail("paths.png", "there is no black mark near the start")
        return
    middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    if max(abs(x - middle[0]) for x, _ in ring) > 12 or max(abs(y - middle[1]) for _, y in ring) > 12:
        fail("paths.png", f"the black pixels near the start are no ring around {middle}")


def check_formats(tool):
    svg = tool.plot("paths.svg", *BOOK, "--size", "640x480")
    if svg is not None:
        text = svg.decode()
        if 'width="640" height="480"' not in text or not text.rstrip().endswith("</svg>"):
            fail("paths.svg", "is not a whole SVG of 640x480")
        for colour in COLOURS[:3]:
            if colour.lower() not in text.lower() and "rgb(" + ", ".join(
                    f"{c:3d}" for c in rgb(colour)) + ")" not in text:
                fail("paths.svg", f"has no {colour}")
        if svg != tool.plot("again.svg", *BOOK, "--size", "640x480"):
            fail("again.svg", "differs from paths.svg")
    pdf = tool.plot("paths.pdf", *BOOK, "--size", "640x480")
    if pdf is not None:
        box = re.search(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]", pdf)
        if not pdf.startswith(b"%PDF-") or not pdf.rstrip().endswith(b"%%EOF"):
            fail("paths.pdf", "is not a whole PDF")
        if not box or [int(float(v)) for v in box.groups()] != [460, 345]:
            fail("paths.pdf", f"its page is {box and box.groups()}, expected 6.4 x 4.8 inches")
        date = re.search(rb"/CreationDate \(D:(\d+)", pdf)
        if date and date.group(1).strip(b"0"):
            fail("paths.pdf", "has a date in it")
    if tool.plot("-", *BOOK, "--format", "png", stdout=True) != tool.plot("same.png", *BOOK):
        fail("same.png", "standard output has another picture than a file")


def lzw_decoded(data, depth):
    """The numbers in a GIF's compressed bytes."""
    clear, end = 1 << depth, (1 << depth) + 1
    table, size, before, result = None, depth + 1, None, bytearray()
    bits = used = position = 0
    while True:
        while used < size:
            bits |= data[position] << used
            used, position = used + 8, position + 1
        code, bits, used = bits & ((1 << size) - 1), bits >> size, used - size
        if code == clear:
            table, size, before = [bytes([k]) for k in range(clear)] + [b"", b""], depth + 1, None
            continue
        if code == end:
            return bytes(result)
        entry = table[code] if code < len(table) else before + before[:1]
        if before is not None and len(table) < 4096:
            table.append(before + entry[:1])
        if len(table) == 1 << size and size < 12:
            size += 1
        result += entry
        before = entry


def read_gif(data):
    """Width, height, delays in hundredths of a second, and every frame as rows of (r, g, b)."""
    if data[:6] != b"GIF89a":
        raise ValueError("not a GIF")
    width, height, flags = struct.unpack("<HHB", data[6:11])
    entries = 2 << (flags & 7)
    colours = [tuple(data[13 + 3 * k:16 + 3 * k]) for k in range(entries)]
    position, frames, delays, transparent = 13 + 3 * entries, [], [], None
    picture = [[None] * width for _ in range(height)]

    def blocks(at):
        content = b""
        while data[at]:
            content += data[at + 1:at + 1 + data[at]]
            at += data[at] + 1
        return content, at + 1

    while data[position] != 0x3B:
        if data[position] == 0x21:
            kind = data[position + 1]
            content, position = blocks(position + 2)
            if kind == 0xF9:
                delays.append(struct.unpack("<H", content[1:3])[0])
                transparent = content[3] if content[0] & 1 else None
        elif data[position] == 0x2C:
            left, top, w, h, local = struct.unpack("<HHHHB", data[position + 1:position + 10])
            if local:
                raise ValueError("a frame with colours of its own, or interlaced")
            depth = data[position + 10]
            content, position = blocks(position + 11)
            pixels = lzw_decoded(content, depth)
            if len(pixels) != w * h:
                raise ValueError(f"{len(pixels)} pixels in a frame of {w}x{h}")
            for k, pixel in enumerate(pixels):
                if pixel != transparent:
                    picture[top + k // w][left + k % w] = colours[pixel]
            frames.append([list(row) for row in picture])
        else:
            raise ValueError(f"damaged GIF at byte {position}")
    return width, height, delays, frames


def check_animation(tool):
    for name, arguments, frames, delays in [
            ("few.gif", ["-n", "10"], 11, {55}),  # a frame per step, in 6 seconds
            ("many.gif", ["-n", "1000", "--fps", "5", "--duration", "4"], 20, {20})]:
        data = tool.plot(name, "-f", "book", "-O", "adam:lr=0.3", "-O", "sgd:lr=0.9", *arguments, "--size", "320x240")
        if data is None:
            continue
        width, height, pauses, pictures = read_gif(data)
        found = len(pictures)
        print(f"{name}: {width}x{height}, {found} frames, {set(pauses)}")
        if (width, height) != (320, 240) or found != frames or set(pauses) != delays:
            fail(name, f"is {width}x{height} with {found} frames {set(pauses)} hundredths apart, expected {frames}, {delays}")
        # The first frame has a start and no path; the last one is the still picture but for its title.
        still = tool.png(name + ".png", (320, 240), [], "-f", "book", "-O", "adam:lr=0.3", "-O", "sgd:lr=0.9", "-n",
                         arguments[1], "--size", "320x240")
        area = [(x, y) for y in range(30, 240) for x in range(320)]
        apart = [sum(max(abs(a - b) for a, b in zip(picture[y][x], still[y][x])) > 24 for x, y in area)
                 for picture in (pictures[0], pictures[-1])]
        if apart[0] < 200 or apart[1] > 150:  # with more steps its markers stand elsewhere
            fail(name, f"{apart} pixels of its first and last frame differ from the still picture")
        for colour in COLOURS[:2]:
            exact = [sum(row.count(rgb(colour)) for row in rows) for rows in (pictures[-1], still)]
            if exact[0] < 0.9 * exact[1]:
                fail(name, f"has {exact[0]} pixels of {colour}, the still picture {exact[1]}")


def check_terminal(tool):
    for kind in ["paths", "convergence", "heatmap", "surface", "basins", "panels", "columns"]:
        arguments = BOOK if kind != "heatmap" else ["-f", "book", "-O", "momentum:lr=[0.1,0.2,0.5],momentum=[0,0.5,0.9]"]
        data = tool.plot("terminal " + kind, *arguments, "--kind", kind, "--terminal", "--size", "70x22", stdout=True)
        if data is None:
            continue
        lines = data.decode().strip("\f\n").split("\n")
        if b"\x1b" in data:
            fail("terminal " + kind, "has colours though it is no terminal")
        if max(map(len, lines)) > 70 or len(lines) > 22 or sum(len(line.strip()) for line in lines) < 200:
            fail("terminal " + kind, f"{len(lines)} lines of up to {max(map(len, lines))}:\n" + "\n".join(lines))


def on_terminal(command, columns, rows, variables):
    """What a command writes to a terminal of that size."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("NO_COLOR", None)
        os.environ.update({"TERM": "xterm-256color", **variables})
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execv(command[0], command)
    data = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    if os.waitpid(child, 0)[1] != 0:
        fail(f"terminal {variables}", data.decode())
    os.close(terminal)
    return data.replace(b"\r\n", b"\n")


def check_default(tool):
    """Without -o a terminal shows letters in its own size, and a pipe gets the script."""
    command = [str(tool.binary), "plot", *BOOK]
    for size, variables, colour, most in [((80, 24), {}, True, (80, 23)), ((80, 24), {"TERM": "dumb"}, False, (80, 23)),
                                          ((100, 40), {"NO_COLOR": "1"}, False, (100, 39)),
                                          ((400, 120), {}, True, (160, 50))]:
        for kind in ["paths", "convergence"]:
            name = f"terminal {kind} {size} {variables}"
            data = on_terminal([*command, "--kind", kind], *size, variables)
            lines = re.sub(r"\x1b\[[0-9;]*m", "", data.decode()).rstrip("\n").split("\n")
            shape = (max(map(len, lines)), len(lines))
            if not 0.8 * most[0] <= shape[0] <= most[0] or not 0.8 * most[1] <= shape[1] <= most[1]:
                fail(name, f"is {shape}, expected about {most}")
            if (b"\x1b" in data) != colour or any(byte < 32 and byte not in (10, 27) for byte in data):
                fail(name, f"has other control characters than it should: {data[:200]}")
    for arguments in [["--format", "script"], ["-o", "-"]]:
        if not on_terminal([*command, *arguments], 80, 24, {}).startswith(b"# Paths on"):
            fail(f"terminal {arguments}", "is no script")
    if not tool.plot("piped", *BOOK, stdout=True).startswith(b"# Paths on"):
        fail("piped", "is no script")


def check_quotes(tool):
    """Quotes of all kinds in titles and labels, in every picture."""
    label, title = "it''s 'a'", "'f'' \"q\" \\ `ls` $x"
    rule = '{"label": "%s", "type": "%s", "lr": %s}'
    two = ["-O", rule % (label, "sgd", "0.1"), "-O", rule % ("'", "momentum", "[0.1, 0.2]")]
    grid = ["-O", '{"label": "%s", "type": "momentum", "lr": [0.1, 0.2], "momentum": [0, 0.5]}' % label]
    one = ["-O", rule % (label, "sgd", "0.1"), "-O", rule % ("'", "momentum", "0.1")]
    for kind, rules in [("paths", two), ("panels", two), ("convergence", two), ("columns", two), ("surface", two),
                        ("heatmap", grid), ("basins", one), ("profile", two)]:
        data = tool.plot(f"quotes {kind}.svg", "-f", "book", "-n", "30", *rules, "--kind", kind, "--title", title)
        text = html.unescape(data.decode()) if data else ""
        # A map of one optimizer doesn't name it.
        for wanted in [title] + ([label] if kind != "heatmap" else []):
            if wanted not in text:
                fail(f"quotes {kind}", f"doesn't show {wanted}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    args = parser.parse_args()
    if not shutil.which("gnuplot"):
        print("skipped: no gnuplot")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="optexplore-pictures-") as name:
        tool = Tool(args.binary, pathlib.Path(name))
        for check in [check_kinds, check_small, check_bad_input, check_formats, check_animation, check_terminal,
                      check_default, check_quotes]:
            check(tool)
        left = [path.name for path in tool.work.iterdir() if path.name.startswith(".")]
        if left:
            fail("directory", f"{left} were left behind")
    for failure in failures:
        print("FAILED " + failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
