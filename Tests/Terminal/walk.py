#!/usr/bin/env python3
"""Runs a chapter in terminals of every kind, played through a pty, and reads what a person would see there.

    Tests/Terminal/walk.py CHAPTER-PROGRAM [--keep FOLDER]

Widths of 40 to 120 columns, a terminal that shows sixel images, one that shows kitty's, one that never answers, one
without colour, a dumb one, a pipe; a pager that is left early; questions answered before their experiments; windows
where a display can be had. `--keep` leaves what each terminal received in a folder.
"""

import argparse
import base64
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\].*?(\x07|\x1b\\)|_.*?\x1b\\|P.*?\x1b\\)", re.S)
QUERY = b"\x1b[c"
problems = []
passed = 0
keep = None


def check(is_true, what, found=None):
    global passed
    if is_true:
        passed += 1
    else:
        problems.append(what)
        print(f"FAILED  {what}" + ("" if found is None else f"; found {found!r}"), flush=True)
    return is_true


def columns(line):
    """How many cells a line takes: wide characters two, accents none."""
    width = 0
    for c in line:
        if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Cc"):
            continue
        width += 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
    return width


def surroundings(more):
    base = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "MNIST_DIR", "LD_LIBRARY_PATH", "CONVNET_GNUPLOT")}
    base.update({"TERM": "xterm-256color", "LANG": "C.UTF-8", "PAGER": "cat"})
    base.update(more)
    return {k: v for k, v in base.items() if v is not None}


def play(name, command, width=80, answer=None, typed=(), environment=None, seconds=60):
    """Runs a command in a terminal that answers a query with `answer` and types `typed` at the prompts.

    Returns all that the terminal received, and the exit code.
    """
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=surroundings(environment or {}),
        start_new_session=True)
    os.close(follower)
    received = b""
    replies = list(typed)
    searched = 0
    end = time.time() + seconds
    while time.time() < end:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            received += piece
            if answer is not None and QUERY in received:
                os.write(leader, answer)
                answer = None
            while replies and b"Enter to skip): " in received[searched:]:
                searched += received[searched:].index(b"Enter to skip): ") + 16
                os.write(leader, replies.pop(0).encode() + b"\n")
        elif process.poll() is not None:
            break
    else:
        process.kill()
        check(False, f"{name}: ends within {seconds} s")
    code = process.wait()
    os.close(leader)
    if keep:
        (keep / f"{name}.txt").write_bytes(received)
    return received.decode("utf-8", "replace").replace("\r\n", "\n"), code


def visible(text):
    """The text without escape codes and without lines that were overwritten."""
    return [line.rsplit("\r", 1)[-1] for line in ESCAPES.sub("", text).split("\n")]


def main():
    global keep
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    keep = arguments.keep
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="terminal-")
    command = [str(arguments.program), "--quick", "--threads", "1", "--out", folder + "/page"]
    plain = b"\x1b[?62;22c"
    try:
        has_gnuplot = shutil.which(os.environ.get("CONVNET_GNUPLOT", "gnuplot")) is not None
        def fits(name, text, width):
            """No line wider than the terminal, but for code, which is never broken, paths, and messages."""
            free = ("    ", "--window")
            wide = [l for l in visible(text) if columns(l) > width and not l.startswith(free) and "/" not in l]
            check(not wide, f"{name}: no line is wider than {width} columns", wide[:2])
            return text

        for width in [40, 120]:
            text, code = play(f"{width}-columns", command, width, answer=plain)
            fits("colour", text, width)
            check(code == 0 and "\x1b[1m" in text, f"{width} columns: ends well, with bold headings", code)
            if has_gnuplot:
                check(any("\u2800" < c <= "\u28ff" for c in text), f"{width} columns: pictures in braille")
        text, code = play("silent", command + ["--window"], 60, environment={"DISPLAY": ":7654"})
        fits("silent", text, 60)
        check(code == 0 and "\u2500" in text, "a terminal that never answers gets the page all the same")
        check("needs a display" in text, "--window with a display that is gone: says so", text[:200])
        text, code = play("no-color", command, answer=plain, environment={"NO_COLOR": "1"})
        fits("NO_COLOR", text, 80)
        check(code == 0 and "\x1b" not in text, "NO_COLOR: no escape codes", re.findall(r"\x1b.{8}", text)[:2])
        text, code = play("dumb", command + ["--window"], environment={"TERM": "dumb"})
        fits("dumb", text, 80)
        check(code == 0 and "\x1b" not in text, "TERM=dumb: no escape codes", re.findall(r"\x1b.{8}", text)[:2])
        check(not any("\u2800" <= c <= "\u28ff" for c in text), "TERM=dumb: no braille")
        check("needs a display" in text, "--window without a display: says so, and the page is made")
        if has_gnuplot:
            text, code = play("sixel", command, answer=b"\x1b[?62;4;22c")
            check("\x1bP" in text and code == 0, "sixel: images where the terminal says it can show them")
            text, code = play("kitty", command, answer=b"\x1b_Gi=31;OK\x1b\\\x1b[?62;22c")
            data, image = "", None
            for control, part in re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", text):
                if "a=q" in control:
                    continue
                data += part
                if "m=0" in control:
                    image, data = base64.b64decode(data), ""
            check(image is not None and image.startswith(b"\x89PNG"), "kitty: PNG images where the terminal says it can")
            if keep and image:
                (keep / "kitty.png").write_bytes(image)
        early = {"PAGER": "head -5"}
        text, code = play("pager", command, answer=plain, environment=early)
        check(code == 0 and "Page: " not in text, "a pager that is left early is no error", [code, text[-80:]])
        text, code = play("no-pager", command + ["--no-pager"], answer=plain, environment=early)
        check(code == 0 and "Page: " in text, "--no-pager: the whole page", [code, text[-80:]])
        pipe = subprocess.run(command, capture_output=True, env=surroundings({}), stdin=subprocess.DEVNULL)
        check(b"\x1b" not in pipe.stdout and pipe.returncode == 0, "a pipe: no escape codes")
        check(b"\r" not in pipe.stdout + pipe.stderr, "a pipe: no line is overwritten")
        if os.path.exists("/dev/full"):
            with open("/dev/full", "w") as full:
                kept = {"env": surroundings({}), "stdin": subprocess.DEVNULL}
                run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, **kept)
                check(run.returncode == 74 and b"not all of it was written" in run.stderr, "a full output: status 74 and why",
                      [run.returncode, run.stderr[-200:]])
                run = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, **kept)
                check(run.returncode == 0 and run.stdout, "messages that nobody takes: the page is made", run.returncode)
        questions(command, folder, plain)
        windows(command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems else 0


def questions(command, folder, plain):
    """Predict, then run: typed answers, a mistake in typing, the score, and that it is kept."""
    book = pathlib.Path(folder) / "progress"
    environment = {"WORKBOOK_PROGRESS": str(book)}
    typed = ["hm?", "1 90", "2 60", "1 70", "1 80", "2 90", "1 100"] + ["1"] * 12
    text, code = play("predict", command + ["--predict"], 100, answer=plain, typed=typed, environment=environment)
    seen = "\n".join(visible(text))
    check(code == 0, "predict: ends well", code)
    check("That is not an answer" in seen, "predict: a slip of the fingers is asked again")
    check("You said" in seen and "so far" in seen, "predict: the answer is compared, the score told")
    record = book / "predictions.json"
    if not check(record.is_file(), "predict: the score is kept"):
        return
    entries = json.loads(record.read_text())["entries"]
    check(all({"question", "given", "answer", "isRight"} <= set(e) for e in entries), "predict: with question and answer")
    page = json.loads((pathlib.Path(folder) / "page/page.json").read_text())
    given = [b for b in page["blocks"] if b["kind"] == "prediction" and b["given"]]
    check(len(given) == len(entries), "predict: the page shows what was said", [len(given), len(entries)])


def windows(command):
    """Windows on a display of our own, where the machine can have one."""
    server = shutil.which("Xvfb")
    gnuplot = os.environ.get("CONVNET_GNUPLOT", "gnuplot")
    terminals = subprocess.run([gnuplot, "-d", "-e", "print GPVAL_TERMINALS"], capture_output=True, text=True).stderr
    if not server or not any(f" {t} " in f" {terminals} " for t in ("qt", "wxt", "x11")):
        print("left out: windows (" + ("no Xvfb" if not server else "this gnuplot has none") + ")")
        return
    number = next(n for n in range(80, 99) if not os.path.exists(f"/tmp/.X11-unix/X{n}"))
    display = subprocess.Popen([server, f":{number}", "-nolisten", "tcp"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(50):
            if os.path.exists(f"/tmp/.X11-unix/X{number}"):
                break
            time.sleep(0.1)
        text, code = play("window", command + ["--window"], answer=b"\x1b[?62;22c", environment={"DISPLAY": f":{number}"})
        check(code == 0 and "needs a display" not in text and "no windows" not in text, "--window opens windows", text[:80])
        # Windows that were opened stay: their gnuplots end with the display.
        if keep and shutil.which("import"):
            time.sleep(1)
            subprocess.run(["import", "-display", f":{number}", "-window", "root", str(keep / "window.png")])
    finally:
        display.terminate()
        display.wait()


sys.exit(main())
