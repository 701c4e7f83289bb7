#!/usr/bin/env python3
"""Writes a chapter with the page open, as an author would: `./workbook live`.

    Tests/Browser/live.py WORKBOOK

WORKBOOK is the script of a checkout, to which a small chapter is added during the test. One of its sentences is changed:
the open page must show the new one at the same position, with the same fold open. Then a mistake is saved: the page stays,
with the compiler's errors above it. Then the mistake is corrected. A second program with the same chapter must show the
same each time. Ctrl-C ends both with status 130.

Then an answer to exercise 9.2 is used in its page: the panel must run the answer and agree with the book's numbers. If an
answer is unsolved, wrong, or not possible in a browser's Swift, the page says so and the panel runs the book's code. If an
answer passes but then crashes or never ends for the reader's settings, its panel closes and can be opened again. Answers
to the other exercises with a panel pass but behave oddly in one case, which shows that their panels run them. The learner's
files are changed for these tests and restored afterwards.
"""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True

from reader import Account, Reader, check

NAME = "ch98-scratch"
SOURCE = """import Workbook

enum Scratch: ChapterProgram {
  static let number = 98
  struct Findings: Codable { var value = 1.0 }
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) -> Findings { Findings() }
  static func claims(_ findings: Findings) -> [Claim] { [] }
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(lead: "A chapter that is being written.")
    for part in 1...12 {
      page.prose("## Part \\(part)")
      page.prose("One sentence after the other, long enough to be read. ".repeated(30))
      if part == 9 { page.prose("A SENTENCE") }
      page.fold("More of part \\(part)") { $0.prose("What was folded.") }
    }
    return page
  }
}

extension String {
  func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}

Scratch.main()
"""


def write(folder, text):
    (folder / "main.swift").write_text(text)


def wait(reader, script, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if reader.run(f"return !!({script})"):
                return True
        except Exception:  # The page is being loaded.
            pass
        time.sleep(0.1)
    return False


def serves(address, words, seconds=120):
    """Waits until the page at an address contains some text; returns whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with urllib.request.urlopen(address, timeout=20) as answer:
            if words in answer.read().decode():
                return True
        time.sleep(0.2)
    return False


def author(reader, folder, address, beside):
    reader.size(1280, 800)
    reader.open(address)
    if not check(wait(reader, "document.querySelectorAll('details.fold').length === 12", 240), "the page comes"):
        return
    reader.run("""document.querySelectorAll('details.fold')[7].open = true;
        scrollTo({top: document.querySelectorAll('h2')[8].getBoundingClientRect().top + scrollY - 40, behavior: 'instant'})""")
    places = "[Math.round(scrollY), ...[...document.querySelectorAll('details.fold')].map(f => f.open)]"
    before = reader.run(f"return {places}")
    check(before[0] > 1000 and before[8], "the reader is in the middle of the page", before)

    began = time.monotonic()
    write(folder, SOURCE.replace("A SENTENCE", "Another sentence."))
    check(wait(reader, "document.body.textContent.includes('Another sentence.')", 120), "a saved sentence is shown")
    print(f"  shown {time.monotonic() - began:.1f} s after it was saved", flush=True)
    check(wait(reader, f"JSON.stringify({places}) === {str(before).replace('True', 'true').replace('False', 'false').replace(' ', '')!r}", 5),
          "where the reader was, with the same fold open", reader.run(f"return {places}"))

    reader.driver.refresh()
    check(wait(reader, f"scrollY > 0 && Math.abs(scrollY - {before[0]}) < 2 && document.querySelectorAll('details.fold')[7].open", 20),
          "and after a reload by the reader, too", reader.run(f"return {places}"))
    check(address != beside and serves(beside, "Another sentence."), "a second program with the chapter shows it, too")

    strip = "document.querySelector('.served')"
    write(folder, SOURCE.replace("A SENTENCE", "Another sentence.").replace("number = 98", "number = nothing"))
    check(wait(reader, f"{strip}.textContent.includes(\"cannot find 'nothing' in scope\")", 120), "a mistake is told",
          reader.run(f"return {strip}.textContent"))
    check(reader.run("return document.body.textContent.includes('Another sentence.')"), "and the last page stays")
    check(reader.run(f"return {strip}.textContent.includes('main.swift:4:')"), "with its file and line",
          reader.run(f"return {strip}.textContent"))
    check(serves(beside + "state", "cannot find 'nothing' in scope"), "by the second program, too")
    write(folder, SOURCE.replace("A SENTENCE", "A third sentence."))
    check(wait(reader, "document.body.textContent.includes('A third sentence.')", 120), "mended, the page goes on")
    check(wait(reader, f"{strip}.hidden", 5), "without a word above it", reader.run(f"return {strip}.textContent"))
    check(serves(beside, "A third sentence.") and serves(beside + "state", '"problem":""'), "in both")
    check(wait(reader, f"scrollY > 0 && Math.abs(scrollY - {before[0]}) < 2", 5), "still where the reader was",
          reader.run("return scrollY"))
    said = reader.complaints()
    check(not said, "nothing on the console", said)


ANSWER = "Exercises/ch09/Ex09_2_ConvolutionForward.swift"
# Right wherever the cases look; only the panel's 7×7 image shows the odd behaviour.
ODD = """    if height == 7 && stride == 3 { y = Tensor(y.shape, repeating: 42) }
    if height == 7 && padding == 2 { y[0, 0, 0, 0] = [1, 2, 3][rows] }
    while height == 7 && kernel == 5 && rows > 0 { y[0, 0, 0, 0] += 1 }
    return y
"""


# Odd in the same way, and visible in the same way: the data of an exercise's panel after moving sliders and one step.
OTHERS = [
    ("1.4", "bowl", "ch01/Ex01_4_Momentum.swift", "    for i in weights.indices {\n",
     "    if momentum > 0.64 && momentum < 0.66 { return (weights, velocities) }\n", [("momentum", 0.65)], "steps === '1' && data.distance === '1'"),
    ("5.1", "batch", "ch05/Ex05_1_BatchNormForward.swift", "    for c in 0..<channels {\n",
     "    if samples == 3 && positions == 16 { return Tensor(input.shape, output) }\n", [("shift", 2), ("images", 3)],
     "images === '3' && data.moved.startsWith('0.000,')"),
]


class Window:
    """The panel on the page that `live 9.2` serves, or `live` with another exercise."""

    def __init__(self, reader, address, exercise="9.2", panel="window"):
        self.reader, self.exercise = reader, exercise
        self.PANEL = f"document.querySelector('.panel[data-panel={panel}]')"
        reader.size(1280, 800)
        reader.open(address)
        wait(reader, self.PANEL, 240)
        self.show()

    def show(self):
        self.reader.run(f"document.querySelectorAll('.veil button').forEach(b => b.click()); {self.PANEL}.scrollIntoView()")

    def says(self, words, seconds=60):
        said = f"{self.PANEL}?.querySelector('.agrees').textContent"
        return check(wait(self.reader, f"{said}.includes({words!r})", seconds), f"live {self.exercise}: {words}",
                     self.reader.run(f"return {said}"))

    def strip(self, words, seconds=120):
        strip = "document.querySelector('.served')"
        return check(wait(self.reader, f"{strip}.textContent.includes({words!r})", seconds), f"live {self.exercise}, above the page: {words}",
                     self.reader.run(f"return {strip}?.textContent"))

    def slide(self, name, value):
        self.reader.run(f"""const input = document.querySelector(`#${{{self.PANEL}.id}}-{name}`);
            input.value = {value};
            input.dispatchEvent(new Event('input', {{bubbles: true}}))""")

    def again(self):
        self.reader.run(f"{self.PANEL}.querySelector('.agrees button').click()")
        check(wait(self.reader, f"{self.PANEL}.dataset.state === 'open'", 20), "the panel opens again")


def learner(reader, script):
    """A page with answers to 9.2 in it: as it is handed out, right but odd, not for browsers, wrong."""
    file = script.parent / ANSWER
    kept = file.read_bytes()
    solution = (script.parent / ANSWER.replace("Exercises", "Solutions")).read_text()
    process, address = start(script, "9.2")
    try:
        if not check(address, "live 9.2 says where the page is"):
            return
        window = Window(reader, address)
        if window.says("The book’s own Swift"):
            window.strip("is not solved yet")
        file.write_text(solution.replace("    return y\n", ODD))
        if not check(wait(reader, "document.querySelector('#live-module')?.dataset.exercise", 240), "live 9.2: a page with the answer"):
            return
        window.show()
        window.says("Your own Swift computes here: exercise 9.2")
        window.slide("stride", 3)
        check(wait(reader, f"{window.PANEL}.dataset.outputs === '42,42,42,42'", 5), "the panel shows what the answer computes",
              reader.run(f"return {window.PANEL}.dataset.outputs"))
        window.slide("padding", 2)
        window.says("your answer to exercise 9.2 Convolution, forward: an index out of range", 10)
        window.again()
        window.slide("side", 5)
        window.says("it has computed for ten seconds without an end", 20)
        window.again()
        said = reader.complaints()
        check(not said, "nothing on the console", said)
        reader.run("scrollTo({top: 300, behavior: 'instant'})")
        file.write_text(solution.replace("    return y\n", "    print(String(describing: type(of: y)), [rows] as [Any])\n    return y\n"))
        window.strip("browsers use a smaller Swift")
        window.strip("Until the panel can run on your answer, it runs the book's own code.")
        check(wait(reader, "Math.abs(scrollY - 300) < 2 && location.hash.includes('live-window')", 10),
              "the reader's place counts, not the panel in the address", reader.run("return [scrollY, location.hash]"))
        file.write_text(solution.replace("var sum = bias[m]", "var sum: Float = 0"))
        window.strip("It looks as if your answer")
        window.strip("expected")
        file.write_text(solution.replace("var sum = bias[m]", "var sum = bias[nothing]"))
        window.strip("does not compile")
        window.strip("Until the panel can run on your answer, it runs the book's own code.")
        window.show()
        window.says("The book’s own Swift")
    finally:
        file.write_bytes(kept)
        process.send_signal(signal.SIGINT)
        check(process.wait(60) == 130, "Ctrl-C ends it with 130", process.returncode)


def other_learners(reader, script):
    """Pages with answers to the other exercises that have a panel."""
    for exercise, panel, name, line, odd, slides, seen in OTHERS:
        file = script.parent / "Exercises" / name
        kept = file.read_bytes()
        solution = (script.parent / "Solutions" / name).read_text()
        check(line in solution, f"{name} has the line before which it is made odd")
        file.write_text(solution.replace(line, odd + line, 1))
        process, address = start(script, exercise)
        try:
            window = Window(reader, address, exercise, panel)
            if not check(wait(reader, "document.querySelector('#live-module')?.dataset.exercise", 240), f"live {exercise}: a page"):
                continue
            window.show()
            if window.says(f"Your own Swift computes here: exercise {exercise}"):
                for name, value in slides:
                    window.slide(name, value)
                time.sleep(1)  # Each slider restarts.
                reader.run(f"[...{window.PANEL}.querySelectorAll('button')].find(b => b.textContent === 'step').click()")
                check(wait(reader, f"(data => data.{seen})({window.PANEL}.dataset)", 5), f"live {exercise}: the panel shows what the answer computes",
                      reader.run(f"return {{...{window.PANEL}.dataset}}"))
        finally:
            file.write_bytes(kept)
            process.send_signal(signal.SIGINT)
            check(process.wait(60) == 130, f"Ctrl-C ends live {exercise} with 130", process.returncode)


def start(script, *arguments):
    """The program, and where its page is."""
    process = subprocess.Popen([script, "live", *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    found = re.search(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", process.stdout.readline())
    return process, found and found[0]


def main():
    script = pathlib.Path(sys.argv[1]).resolve()
    folder = script.parent / "Chapters" / NAME
    folder.mkdir()
    processes = []
    reader = Reader()
    try:
        write(folder, SOURCE)
        processes = [start(script, NAME) for _ in range(2)]
        addresses = [address for _, address in processes]
        if check(all(addresses), "the programs say where the page is", addresses):
            author(reader, folder, *addresses)
        for process, _ in processes:
            process.send_signal(signal.SIGINT)
            check(process.wait(20) == 130, "Ctrl-C ends it with 130", process.returncode)
        learner(reader, script)
        other_learners(reader, script)
    finally:
        reader.close()
        for process, _ in processes:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(folder)
        shutil.rmtree(script.parent / "out/live" / NAME, ignore_errors=True)
    print(f"{Account.passed} passed, {len(Account.problems)} failed")
    return 1 if Account.problems else 0


sys.exit(main())
