#!/usr/bin/env python3
"""Plays with every live panel of the pages given, as a reader would.

    Tests/Browser/panels.py [--shots FOLDER] [--speed] PAGE.html…

Every panel opens automatically when it becomes visible, from a file and without a network; agrees with the numbers that
the workbook computed; plays, stops, steps and restarts by keys; follows its sliders, whose values are stored in the
address; fits a phone, with a readable font size; and writes nothing to the console. Panels add less than 400 kB to a page.
Twenty digits are drawn as with a mouse (digits.json: off centre, small, slanted, wide, uneven), and at least 18 must be
classified correctly. The questions to try are tried: the panel must show what each answer says (questions.json). If a
number of its proof is changed, the panel must stay closed, show the recorded picture and report the difference.

Wall-clock times are reported but not judged, because they depend on the machine. The processor time of the page's main
thread in each task of more than 50 ms is judged (on Linux only), because it does not grow on a busy machine.
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile
import threading
import time
from statistics import median

sys.dont_write_bytecode = True

from reader import Account, Keys, Reader, check, missing

HERE = pathlib.Path(__file__).parent
DIGITS = json.loads((HERE / "digits.json").read_text())
ASK, OPEN = ((HERE / name).read_text() for name in ["ask.js", "open.js"])
QUESTIONS = json.loads((HERE / "questions.json").read_text())
# The number in a panel's data that must change after space is pressed.
MOVING = {"field": "steps", "lenet": "seen", "neuron": "steps", "unit": "steps", "cloud": "steps",
          "penalty": "steps", "bowl": "steps", "thinned": "nets"}
# A slider and the value to which it is set.
SLIDERS = {"window": ("padding", 1), "digit": ("wanted", 3), "field": ("units", 8), "signals": ("depth", 4),
           "lenet": ("seed", 2), "neuron": ("weight", 3), "flow": ("depth", 40), "unit": ("bias", -2),
           "cloud": ("turn", 20), "penalty": ("noise", 0.2), "batch": ("shift", 2),
           "bowl": ("kappa", 2), "depth": ("depth", 12), "thinned": ("units", 6)}


class Clock(threading.Thread):
    """Samples the processor time of each page's main thread every few milliseconds, as counted by Linux."""

    def __init__(self, reader):
        super().__init__(daemon=True)
        self.driver, self.samples = reader.driver.service.process.pid, {}
        self.goes = pathlib.Path("/proc/self/schedstat").exists()
        self.looked, self.lock = 0, threading.Lock()
        if self.goes:
            self.start()

    def renderers(self):
        """The processes of pages: grandchildren of the driver. A page's main thread has the id of its process."""
        parents, pages = {}, []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if b"--type=renderer" in (folder / "cmdline").read_bytes():
                    pages.append(int(folder.name))
            except (OSError, IndexError):
                pass

        def is_ours(process):
            while process and process != self.driver:
                process = parents.get(process)
            return bool(process)
        return [page for page in pages if is_ours(page)]

    def run(self):
        pages = []
        while self.goes:
            if time.monotonic() - self.looked > 2:
                pages, self.looked = self.renderers(), time.monotonic()
            for page in pages:
                try:
                    spent = int(pathlib.Path(f"/proc/{page}/task/{page}/schedstat").read_text().split()[0]) / 1e6
                except (OSError, IndexError):
                    continue
                with self.lock:
                    self.samples.setdefault(page, []).append((1000 * time.time(), spent))
            time.sleep(0.004)

    def spent(self, start, end):
        """A lower bound of a page's processor time between two times, in milliseconds, from the samples between them."""
        most = 0
        with self.lock:
            for samples in self.samples.values():
                inside = [spent for at, spent in samples if start <= at <= end]
                if len(inside) > 1:
                    most = max(most, inside[-1] - inside[0])
        return most

    def forget(self):
        with self.lock:
            self.samples.clear()


class Section:
    """One panel of the page that is open."""

    def __init__(self, reader, name):
        self.reader, self.name = reader, name

    def run(self, script, *arguments):
        return self.reader.run(
            f"const s = document.querySelector('.panel[data-panel=\"{self.name}\"]'); {script}", *arguments)

    def data(self, key):
        return self.run("return s.dataset[arguments[0]]", key)

    def wait(self, condition, seconds=40):
        """Waits for a condition in JavaScript, in which `s` is the panel; returns whether it became true in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(f"return !!({condition})"):
                return True
            time.sleep(0.05)
        return False

    def focus(self):
        self.run("s.scrollIntoView({block: 'center'}); s.focus({preventScroll: true})")

    def press(self, key):
        self.focus()
        self.reader.keys(key)


def play(reader, page, name, shots):
    section = Section(reader, name)
    place = f"{page.parent.name}, panel {name}"
    slider, value = SLIDERS[name]
    took = reader.wait_for(OPEN, name, slider, value)
    section.wait("s.dataset.apart || s.dataset.state === 'closed'")
    said = section.run("return s.querySelector('.agrees').textContent")
    if not check(section.data("state") == "open", f"{place}: opens", said):
        return
    apart = float(section.data("apart"))
    check(apart < 1e-4, f"{place}: agrees with the workbook", apart)
    print(f"  {place}: {opening(took)}, within {apart:.1e} of the workbook", flush=True)
    check(section.wait(f"location.hash.includes('{slider}={value}')", 5), f"{place}: the address knows {slider}",
          reader.run("return location.hash"))
    # The initial value that a chapter sets must be a possible value of the slider.
    odd = section.run("""const {settings} = JSON.parse(s.querySelector('.panel-data').textContent), odd = [];
        for (const [name, value] of Object.entries(settings)) {
          const input = document.getElementById(`${s.id}-${name}`);
          if (input && name !== arguments[0] && Math.abs(input.value - value) > 1e-6) odd.push([name, value, input.value]);
        }
        return odd""", slider)
    check(not odd, f"{place}: every slider starts where the chapter says", odd)
    if name in MOVING:
        moving(section, place, MOVING[name])
    TRIED.get(name, lambda *_: None)(section, place)
    questions(section, place)
    check(section.data("state") == "open", f"{place}: still open after all that",
          section.run("return s.querySelector('.agrees').textContent"))
    judge(reader, place)
    # Only those with text; the others have no height.
    letters = "Math.min(99, ...[...s.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height || 99))"
    for width, height in {390: 844, 1280: 800}.items():
        reader.size(width, height)
        wide = section.run("return s.scrollWidth - s.clientWidth")
        check(wide <= 1, f"{place}: nothing wider than the panel at {width} pixels", f"{wide} pixels too wide")
        check(section.wait(f"{letters} > 9", 5), f"{place}: letters of pictures can be read at {width} pixels",
              section.run(f"return {letters}"))
    if shots:
        for theme in ["light", "dark"]:
            reader.run("document.documentElement.dataset.theme = arguments[0]", theme)
            for width, height in {390: 1100, 1280: 900}.items():
                reader.size(width, height)
                section.run("s.scrollIntoView({block: 'start'})")
                time.sleep(0.3)
                reader.picture(shots / f"{name}-{theme}-{width}.png")
        reader.run("delete document.documentElement.dataset.theme")
    reader.size(1280, 800)
    forgive(reader)


def opening(took):
    """The waiting times of a reader who scrolls to a panel at once."""
    return f"open after {took['open']:.0f} ms, answers after {took.get('answered', took['open']):.0f} ms (goal 500)"


def moving(section, place, counter):
    section.press("r")
    check(section.wait(f"+s.dataset.{counter} === 0"), f"{place}: r begins anew", section.data(counter))
    section.press(".")
    check(section.wait(f"+s.dataset.{counter} > 0"), f"{place}: a full stop makes a step", section.data(counter))
    section.press("r")
    section.press(".")
    time.sleep(0.5)
    check(section.wait(f"+s.dataset.{counter} > 0"), f"{place}: a step right after r is not lost", section.data(counter))
    before = float(section.data(counter))
    section.press(" ")
    check(section.wait(f"+s.dataset.{counter} > {before}"), f"{place}: space plays", section.data(counter))
    section.press(" ")
    check(section.wait("!s.hasAttribute('data-plays')", 5), f"{place}: space stops")


def choose(section, label):
    """Presses the button of a choice."""
    section.run("[...s.querySelectorAll('.choices button')].find(b => b.textContent === arguments[0]).click()", label)


def slide(section, slider, value):
    section.run("""const input = s.querySelector(`#${s.id}-${arguments[0]}`); input.value = arguments[1];
        input.dispatchEvent(new Event('input', {bubbles: true}))""", slider, value)


def neuron(section, place):
    section.press("l")
    check(section.wait("Math.abs(s.dataset.answer - 2 / 3) < 1e-6"), f"{place}: l puts ŷ at two thirds", section.data("answer"))
    check(abs(float(section.data("push")) - 4 / 27) < 1e-6, f"{place}: where the push is 4/27", section.data("push"))


def unit(section, place):
    section.run("s.querySelector(`#${s.id}-bias`).focus()")
    slide(section, "bias", -8)
    check(section.wait("s.dataset.alive === '0' && s.dataset.steps === '0'"), f"{place}: off its cloud it answers nobody")
    section.press(".")
    check(section.wait("s.dataset.steps !== '0'") and section.data("alive") == "0", f"{place}: and no step brings it back")


def cloud(section, place):
    choose(section, "whitened")
    check(section.wait("Math.abs(s.dataset.kappa - 1) < 1e-3"), f"{place}: whitened, the bowl is round", section.data("kappa"))
    section.press(".")
    check(section.wait("s.dataset.arrival === '1'"), f"{place}: and one step ends the descent", section.data("arrival"))


def penalty(section, place):
    section.run("s.querySelector('.shape-of-penalty').focus()")
    before = section.data("minimum")
    section.reader.keys(Keys.ARROW_UP)
    check(section.wait(f"s.dataset.minimum !== '{before}'", 5), f"{place}: arrows move the bowl", before)
    choose(section, "L1")
    slide(section, "lambda", -1.5)
    section.press(" ")
    check(section.wait("+s.dataset.zeros > 0.2"), f"{place}: L1 empties the net", section.data("zeros"))
    section.press(" ")
    check(section.wait("!s.hasAttribute('data-plays')", 5), f"{place}: space stops")


def address(section):
    return section.reader.run("return location.hash")


def readdress(section, query):
    """Changes the address of the open page, after the panel has written its own."""
    time.sleep(0.3)
    section.run("location.hash = `${s.id}?${arguments[0]}`", query)


def two(reader, place):
    """Two panels of a page in one address."""
    names = reader.run("return [...document.querySelectorAll('.panel')].map(s => s.dataset.panel)")
    first, second = [Section(reader, name) for name in names[:2]]
    for section in [first, second]:
        section.press("R")
        slider, value = SLIDERS[section.name]
        # On a busy machine the controls are not there yet when the panel says that it is open.
        section.wait(f"s.dataset.state === 'open' && s.querySelector(`#${{s.id}}-{slider}`)")
        slide(section, slider, value)
    both = " && ".join(f"location.hash.includes('{s.run('return s.id')}?')" for s in [first, second])
    check(first.wait(both, 10), f"{place}: the address holds both panels", address(first))


def flow(section, place):
    check(section.wait("s.dataset.depth === '40'"), f"{place}: as many layers as the slider says")
    choose(section, "sigmoid")
    choose(section, "without")
    choose(section, "nothing")
    check(section.wait("+s.dataset.plain < 1e-6 && +s.dataset.adding > 1e-3"), f"{place}: the addition lets a gradient through",
          f"{section.data('plain')} and {section.data('adding')}")
    section.press(".")
    check(section.wait("s.dataset.depth === '42'"), f"{place}: a full stop adds two layers", section.data("depth"))
    section.press("r")
    check(section.wait("s.dataset.depth === '20'"), f"{place}: r begins anew", section.data("depth"))
    section.press(".")
    time.sleep(0.5)
    check(section.data("depth") == "22", f"{place}: where a full stop is one step still", section.data("depth"))
    said = section.run("return s.querySelector(`#${s.id}-depth`).getAttribute('aria-valuetext')")
    check(said == "22", f"{place}: and the slider says so", said)


def batch(section, place):
    moved = "s.dataset.moved.split(',').map(Number)"
    check(section.wait(f"{moved}[0] > 0.1 && {moved}.slice(1).every(m => m === 0)"),
          f"{place}: neighbours speak through batch normalization alone", section.data("moved"))
    for label, sets, holds in [("layer norm", 4, 64), ("instance norm", 16, 16), ("group norm", 8, 32), ("batch norm", 4, 64)]:
        choose(section, label)
        check(section.wait(f"s.dataset.sets === '{sets}' && s.dataset.holds === '{holds}'"),
              f"{place}: {label} has {sets} averages of {holds} values", f"{section.data('sets')} of {section.data('holds')}")
    slide(section, "images", 1)
    check(section.wait(f"s.dataset.images === '1' && {moved}[0] === 0"), f"{place}: alone there is nobody to speak")
    section.press("R")
    section.wait(f"s.dataset.images === '4' && {moved}[0] === 0")
    # Down to the second image, whose first pixel is raised.
    section.run("s.querySelector('.batch-inputs').focus()")
    section.reader.keys(*[Keys.ARROW_DOWN] * 4, Keys.ENTER)
    check(section.wait(f"{moved}[0] > 0 && location.hash.includes('edits=64.1')", 5), f"{place}: keys raise a pixel of a neighbour",
          f"{section.data('moved')} {address(section)}")
    before = section.data("moved")
    section.press("R")
    section.wait(f"{moved}[0] === 0")
    readdress(section, "edits=64.1")
    check(section.wait(f"s.dataset.moved === '{before}'", 10), f"{place}: and the address brings it back", section.data("moved"))


def bowl(section, place):
    section.press("r")
    section.run("""const box = s.querySelector('.bowl svg').getBoundingClientRect(), at = {bubbles: true, pointerId: 1,
        clientX: box.left + .75 * box.width, clientY: box.top + .25 * box.height};
        const home = s.querySelector('.bowl');
        home.setPointerCapture = () => {};
        home.dispatchEvent(new PointerEvent('pointerdown', at))""")
    start = "+s.querySelector(`#${s.id}-x`).value"
    check(section.wait(f"{start} > 0.5 && {start} < 1"), f"{place}: the start is dragged", section.run(f"return {start}"))


def depth(section, place):
    check(section.wait("s.dataset.depth === '12' && s.querySelectorAll('.layer').length === 12"),
          f"{place}: as many layers as the slider says", section.data("depth"))
    before = section.data("left")
    section.press(".")
    check(section.wait(f"s.dataset.left !== '{before}'"), f"{place}: a full stop draws other weights")
    seed = "s.querySelector(`#${s.id}-seed`).value"
    section.press("r")
    check(section.wait(f"{seed} === '1'") and section.data("depth") == "12", f"{place}: r begins anew, with the same layers",
          section.data("depth"))
    section.press("R")
    check(section.wait("s.dataset.depth === '16'"), f"{place}: R has the page's settings", section.data("depth"))


def thinned(section, place):
    section.press("r")
    section.wait("s.dataset.nets === '0'")
    section.run("s.querySelector('.thinned-units button').click()")
    check(section.wait("s.dataset.kept === '5'"), f"{place}: a unit is switched off", section.data("kept"))
    check(section.wait("/off=1(&|$)/.test(location.hash)", 5), f"{place}: the address knows that it is off", address(section))
    readdress(section, "units=6&off=2.3")
    check(section.wait("s.dataset.kept === '4'"), f"{place}: and switches others off", section.data("kept"))
    section.press("a")
    check(section.wait("s.dataset.nets === '64'"), f"{place}: a averages all nets", section.data("nets"))
    choose(section, "geometric")
    check(section.wait("+s.dataset.differs < 1e-5"), f"{place}: the other mean is taken at once", section.data("differs"))


def questions(section, place):
    """The questions to try: the button of each sets the panel, which must then show what the answer says."""
    asked = QUESTIONS.get(section.name, [])
    there = section.run("""return [...s.querySelectorAll('.asks li > p')].map(p =>
        [...p.childNodes].filter(node => node.nodeName !== 'BUTTON').map(node => node.textContent).join('').trim())""")
    check(there == [one["question"] for one in asked], f"{place}: its questions are those that are tried here", there)
    for k, one in enumerate(asked):
        seen, found = section.reader.wait_for(ASK.replace("SEES", one["sees"]), section.name, k)
        check(seen, f"{place}: {one['question']}", json.dumps(found, ensure_ascii=False))
    check(all(section.run("return [...s.querySelectorAll('.asks details p')].map(p => p.textContent.length > 1)")),
          f"{place}: every question has an answer")


def window(section, place):
    cells = "[...s.querySelectorAll('.output-part .cell')]"
    outputs = f"{cells}.length"
    check(section.wait(f"{outputs} === 49"), f"{place}: with padding 1 the output is 7×7", section.run(f"return {outputs}"))
    here = f"{cells}.findIndex(c => c.classList.contains('here'))"
    before = section.run(f"return {here}")
    section.press(Keys.ARROW_RIGHT)
    check(section.wait(f"{here} === {before + 1}"), f"{place}: an arrow moves the window", section.run(f"return {here}"))
    total = f"{cells}.map(c => c.textContent).join()"
    old = section.run(f"return {total}")
    section.press(Keys.ENTER)
    check(section.wait(f"{total} !== {json.dumps(old)}"), f"{place}: Enter flips a pixel, and the output follows")
    # One pixel of 1 under an edge kernel: the numbers can be computed by hand.
    section.press(".")
    check(section.wait("/= −?[\\d.]+/.test(s.querySelector('.sum').textContent)"), f"{place}: the sum is written out")
    # The edge kernel on its own pixels, computed by hand: zeros around the 3×3 kernel.
    readdress(section, "side=4&padding=1")
    check(section.wait("s.dataset.weights === '16' && s.dataset.outputs.startsWith('4,4,-4,-4,0,0,4,4')"),
          f"{place}: a kernel of the address fits its side", section.data("outputs"))
    rows = section.run("return [...s.querySelectorAll('.window-part')].map(p => p.getBoundingClientRect().left)")
    check(rows[3] > rows[0] + 50, f"{place}: the output stands beside the image, not under it", rows)
    section.press("R")
    section.wait("s.dataset.weights === '9'")
    field = "s.querySelector('.kernel-part input')"

    def write(text):
        section.run(f"const field = {field}; field.focus(); field.value = arguments[0];"
                    "field.dispatchEvent(new Event('input', {bubbles: true}))", text)
    write("a7")
    check(section.wait("s.querySelector('.sum').textContent.includes('no number')", 5), f"{place}: what is no number is told")
    write("7")
    own = "[...s.querySelectorAll('.choices [aria-pressed=true]')].some(b => b.textContent === 'own')"
    check(section.wait(f"{own} && location.hash.includes('weights=7,0,1,')", 5), f"{place}: typed weights are own, and in the address",
          address(section))
    section.reader.keys(Keys.ESCAPE)
    check(section.run("return document.activeElement === s"), f"{place}: Escape leaves a weight")
    section.reader.keys(Keys.TAB)
    stop = section.run("return document.activeElement.getAttribute('aria-label')")
    check(stop.startswith("pixel"), f"{place}: the first stop of Tab is a pixel, not a field that takes full stops", stop)
    section.run("s.querySelector('.image-part .cell[tabindex=\"0\"]').focus()")
    old = section.data("outputs")
    section.reader.keys(Keys.ARROW_LEFT, Keys.ENTER)
    check(section.wait(f"s.dataset.outputs !== '{old}' && location.hash.includes('flips=')", 5), f"{place}: keys flip a pixel",
          address(section))
    found, outputs = address(section).split("?")[1], section.data("outputs")
    section.press("R")
    section.wait(f"s.dataset.outputs !== '{outputs}' && !location.hash.includes('flips')")
    readdress(section, found)
    check(section.wait(f"s.dataset.outputs === '{outputs}' && {own}", 5), f"{place}: the address brings both back", section.data("outputs"))
    section.press("R")


def digits(section, place):
    right, wrong = 0, []
    for digit in DIGITS:
        strokes = [number for stroke in digit["strokes"] for number in stroke + [-1, -1]]
        section.run("s.dataset.reads = ''; s.dispatchEvent(new CustomEvent('strokes', {detail: arguments[0]}))", strokes)
        section.wait("s.dataset.reads !== ''", 10)
        if section.data("reads") == str(digit["digit"]):
            right += 1
        else:
            wrong.append(f"a {digit['digit']}, {digit['drawn']}, as {section.data('reads')}")
    check(right >= 18, f"{place}: at least 18 of {len(DIGITS)} digits drawn by mouse are read", wrong)
    print(f"  {place}: {right} of {len(DIGITS)} digits read; wrong: {wrong or 'none'}", flush=True)
    section.press("7")
    check(section.wait("s.dataset.reads === '7'"), f"{place}: key 7 draws a seven", section.data("reads"))
    # The pixels of the maps. A panel draws at least one picture a frame and this one has 24, so those of the digit before
    # are gone after 30 frames, however slow the machine.
    section.reader.wait_for(
        "const done = arguments[0]; let frames = 30; const next = () => frames-- ? requestAnimationFrame(next) : done(); next()")
    maps = "[...s.querySelectorAll('.sixteen canvas')].map(c => c.toDataURL()).join()"
    plain = section.run(f"return {maps}")
    section.press("c")
    check(section.wait("s.querySelector('.verdict').textContent.includes('A change of length')"),
          f"{place}: the smallest change is found", section.run("return s.querySelector('.verdict').textContent"))
    check(section.wait(f"{maps} !== {json.dumps(plain)}"), f"{place}: the change has maps of its own")
    section.press("7")
    check(section.wait(f"s.dataset.reads === '7' && {maps} === {json.dumps(plain)}"), f"{place}: the seven has its maps again")
    section.press("4")
    section.wait("location.hash.includes('digit=4')", 5)
    # Drawing by hand: the preset is removed with the first stroke.
    section.run("""const paper = s.querySelector('.paper'), box = paper.getBoundingClientRect();
        paper.setPointerCapture = () => {};
        const pen = (what, x, y) => paper.dispatchEvent(new PointerEvent(`pointer${what}`, {
          bubbles: true, pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height}));
        pen('down', .25, .2);
        [[.5, .2], [.75, .2], [.6, .5], [.45, .85]].forEach(([x, y]) => pen('move', x, y));
        pen('up', .45, .85)""")
    drawn = "location.hash.includes('strokes=') && !location.hash.includes('digit=')"
    check(section.wait(f"s.dataset.reads === '7' && {drawn}", 5),
          f"{place}: the first stroke clears the four, and the address has the drawing", address(section))
    found, sure = address(section).split("?")[1], section.data("sure")
    section.press("e")
    section.wait("s.dataset.reads === '' && location.hash.includes('strokes=.')")
    readdress(section, found)
    check(section.wait(f"s.dataset.sure === '{sure}'", 5), f"{place}: the address brings the drawing back", section.data("sure"))
    # A pixel of a map, selected with arrow keys: its receptive field is framed in the image and in the drawing.
    section.run("s.querySelector('.sixteen').focus()")
    section.reader.keys(Keys.ARROW_RIGHT)
    shown = "[...s.querySelectorAll('.frame-of-view')].filter(f => f.offsetWidth > 10).length"
    check(section.wait(f"{shown} === 2", 5), f"{place}: what a pixel sees is framed twice", section.run(f"return {shown}"))
    section.press("r")
    check(section.wait("s.dataset.reads === '7' && !location.hash.includes('strokes=')", 5), f"{place}: r has the page's digit")
    readdress(section, "changed=1")
    check(section.wait("s.dataset.reads === '1' && +s.dataset.steps > 0", 5), f"{place}: the address changes the seven to a one",
          section.data("reads"))
    section.press("r")
    section.wait("s.dataset.reads === '7' && !location.hash.includes('changed=')", 5)


def signals(section, place):
    check(section.wait("s.querySelectorAll('.layer').length === 4"), f"{place}: as many layers as the slider says")
    before = section.data("last")
    section.run("[...s.querySelectorAll('.choices button')].find(b => b.textContent === 'Xavier').click()")
    check(section.wait(f"s.dataset.last !== '{before}'"), f"{place}: another start, another deviation")
    check(0.2 < float(section.data("last")) < 1, f"{place}: Xavier keeps tanh alive", section.data("last"))


# Additional checks for each panel.
TRIED = {"neuron": neuron, "unit": unit, "cloud": cloud, "penalty": penalty, "bowl": bowl, "thinned": thinned, "flow": flow,
         "batch": batch, "window": window, "digit": digits, "signals": signals, "depth": depth}


def arrive(reader, page):
    """Opens a page without veils and starts recording the long tasks of its thread; returns the panels' names."""
    url = page.resolve().as_uri()
    reader.size(1280, 800)
    reader.open(url)
    # A question veils content that reveals its answer, which may include panels.
    reader.run("document.querySelectorAll('.veil button').forEach(button => button.click())")
    reader.run("""window.long = [];
        new PerformanceObserver(list => long.push(...list.getEntries().map(e => [e.startTime + performance.timeOrigin, e.duration])))
          .observe({type: 'longtask'})""")
    return url, reader.run("return [...document.querySelectorAll('.panel')].map(s => s.dataset.panel)")


# The content that a page would not have without its panels, and the style, which is part of the page's style.
PANEL = re.compile(rb'<section class="panel".*?</section>|<script [^>]*id="live-(?:module|script)".*?</script>', re.S)
STYLE = sum((HERE.parents[1] / "Sources/Notebook/Web" / name).stat().st_size for name in ["live.css", "live-boards.css"])


def grown(page):
    """The number of bytes that panels add to a page."""
    parts = PANEL.findall(page.read_bytes())
    check(len(parts) > 2, f"{page.parent.name}: panels, their module and their scripts stand in the page", len(parts))
    grown = sum(map(len, parts)) + STYLE
    check(grown < 400_000, f"{page.parent.name}: panels add less than 400 kB", grown)
    print(f"  {page.parent.name}: {grown / 1000:.0f} kB longer for its panels (goal 400)", flush=True)


def walk(reader, page, shots):
    grown(page)
    url, names = arrive(reader, page)
    for name in names:
        play(reader, page, name, shots)
    asked = [u for u in reader.requests() if not u.startswith(("data:", "about:", "blob:")) and u.split("#")[0] != url]
    check(not asked, f"{page.parent.name}: panels ask for nothing but the page", asked)
    said = reader.complaints()
    check(not said, f"{page.parent.name}: panels leave nothing on the console", said)
    if reader.run("return document.querySelectorAll('.panel[data-state=open]').length") > 1:
        two(reader, page.parent.name)
    tampered(reader, page)
    return len(names)


def tampered(reader, page):
    """With a changed number of its proof, the panel stays closed, shows the recorded picture and reports the difference."""
    text = page.read_text()
    last = re.compile(r'("proof":\[\[.*?)(-?[\d.]+(?:e[-+]?\d+)?)(\]\])')
    wrong = last.sub(lambda m: f"{m[1]}{float(m[2]) + 1}{m[3]}", text, count=1)
    check(wrong != text, f"{page.parent.name}: a proof to tamper with")
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "index.html"
        copy.write_text(wrong)
        _, names = arrive(reader, copy)
        section = Section(reader, names[0])
        section.run("s.scrollIntoView()")
        closed = section.wait("s.dataset.state === 'closed'")
        said = section.run("return s.querySelector('.agrees').textContent")
        check(closed and "differ: " in said, f"{page.parent.name}: numbers that differ close a panel and are told", said)
        check(section.run("return !!s.querySelector('.recorded svg')"), f"{page.parent.name}: where the recorded picture stands")


# Effects of the tests themselves, such as a change of width, are not attributed to the page.
def judge(reader, place):
    """Checks that no task since the last check has computed for more than 50 ms."""
    tasks = [(start, start + took, clock.spent(start, start + took)) for start, took in reader.run("return window.long.splice(0)")]
    heavy = [f"{spent:.0f} of {end - start:.0f}" for start, end, spent in tasks if spent > 50]
    told = [f"{spent:.0f} of {end - start:.0f}" for start, end, spent in tasks]
    if told:
        print(f"  {place}: tasks over 50 ms by the clock, computed of it: {', '.join(told)}", flush=True)
    if clock.goes:
        check(not heavy, f"{place}: no task of the page's own thread computes for more than 50 ms", heavy)
    clock.forget()


def forgive(reader):
    time.sleep(0.1)
    reader.run("window.long.length = 0")
    clock.forget()


def speeds(reader, page, _):
    """Measures speed, on an otherwise idle machine: every panel in a separate page, scrolled to at once."""
    _, names = arrive(reader, page)
    for name in names:
        arrive(reader, page)
        section, place = Section(reader, name), f"{page.parent.name}, panel {name}"
        print(f"  {place}: {opening(reader.wait_for(OPEN, name, *SLIDERS[name]))}", flush=True)
        section.wait("s.dataset.apart")
        if name == "digit":
            took = []
            for digit in 5 * DIGITS:
                strokes = [number for stroke in digit["strokes"] for number in stroke + [-1, -1]]
                section.run("s.dataset.reads = ''; s.dispatchEvent(new CustomEvent('strokes', {detail: arguments[0]}))", strokes)
                section.wait("s.dataset.reads !== ''", 10)
                took.append(float(section.data("took")))
            print(f"  {place}: a digit drawn, scaled and read in {median(took):.2f} ms, at most {max(took):.2f} (goal 2)", flush=True)
        if name in ["lenet", "field"]:
            slide(section, "batch", 32)
            section.wait("s.dataset.steps === '0'", 5)
            section.press(" ")
            rates, began = [], time.monotonic()
            while time.monotonic() - began < 8:
                time.sleep(1)
                rates.append(float(section.data("speed") or 0))
            steps, seconds = float(section.data("steps")), time.monotonic() - began
            section.press(" ")
            if name == "lenet":
                print(f"  {place}: {median(rates):.0f} digits a second while it trains (goal 4,000)", flush=True)
            print(f"  {place}: {steps / seconds:.0f} steps a second, all drawn{' (goal 60)' if name == 'field' else ''}", flush=True)
        long = [round(took) for _, took in reader.run("return window.long")]
        print(f"  {place}: tasks of the page's own thread over 50 ms: {long or 'none'} ms", flush=True)
    return len(names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    parser.add_argument("--speed", action="store_true", help="print how fast it is, and check nothing")
    arguments = parser.parse_args()
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    global clock
    reader = Reader()
    clock = Clock(reader)
    try:
        visit = speeds if arguments.speed else walk
        count = sum(visit(reader, page, arguments.shots) for page in arguments.pages)
    finally:
        clock.goes = False
        reader.close()
    if not count:
        missing("no panels on these pages")
    print(f"{count} panels; {Account.passed} passed, {len(Account.problems)} failed")
    return 1 if Account.problems else 0


sys.exit(main())
