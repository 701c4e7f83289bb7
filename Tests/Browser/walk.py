#!/usr/bin/env python3
"""Walks through pages in a real browser, as a reader and as a speaker would.

    Tests/Browser/walk.py [--shots FOLDER] [--book FILE] PAGE.html…
    Tests/Browser/walk.py --ready       prints what is missing, with exit code 77, or nothing

Every page is loaded and checked: no messages on the console, no requests except for the page itself, shown within a
second, nothing wider than the window at 390, 1280 and 1920 pixels, one heading of level 1 and no skipped level, a text
for every picture, unique identifiers, no broken links within the page; no labels of a figure that overlap or extend
beyond the column, in any frame, and nothing on the page that moves with a slider; every slide at three sizes, with
answers closed and open, within the screen and readable from the back row, with short titles. The first page with an
explorable figure is then operated with keys: predictions, data under the pointer, the deck with its speaker's window,
the slider and its address, copying, themes. With AXE=axe.min.js (the file of axe-core), pages, slides and the front page
must have no violations, in light and dark.

Requires Python's selenium, Chromium and its driver; exits with 77 and a message if one of them is missing.
"""

import argparse
import json
import os
import pathlib
import re
import sys
import time

# Write no compiled copies beside the sources.
sys.dont_write_bytecode = True

from reader import Account, Keys, Reader, check, missing, write
from keys import walk

HERE = pathlib.Path(__file__).parent
# Checks inside a page, all at once, which is faster than one element at a time from outside.
OUTLINE, OVERFLOW, DECK, FIGURES, POINTING = (
    (HERE / f"{name}.js").read_text() for name in ["outline", "overflow", "deck", "figures", "pointing"])
# The printed deck: the number of sheets with a closed answer, and of those with an open one.
SHEETS = """dispatchEvent(new Event("beforeprint"));
const answers = [...document.querySelectorAll("#sheets .sheet")].map(s => s.querySelector("details.answer")).filter(Boolean);
return [answers.filter(a => !a.open).length, answers.filter(a => a.open).length]"""
SCREENS = [(1920, 1080), (1366, 768), (1024, 768)]
LONGEST_TITLE = 60
WIDTHS = {390: 844, 1280: 800, 1920: 1080}


def look(reader, page, axe, shots, limit=3):
    """Checks everything that must hold for every page, which may have up to `limit` MB."""
    name = page.parent.name or page.stem
    url = page.resolve().as_uri()
    reader.size(1280, 800)
    reader.scheme("light")
    best = None
    for _ in range(3):
        reader.open(url)
        took = reader.run(
            "const t = performance.getEntriesByType('navigation')[0]; return [t.domContentLoadedEventEnd, t.loadEventEnd]")
        best = took[1] if best is None else min(best, took[1])
        if best < 700:
            break
    # The size of a page is the same on every machine; its speed is not, so the time is reported below but not judged.
    weight = page.stat().st_size / 1e6
    check(weight < limit, f"{name}: no heavier than {limit} MB", f"{weight:.1f} MB")
    asked = [u for u in reader.requests() if not u.startswith(("data:", "about:", "blob:")) and u.split("#")[0] != url]
    check(not asked, f"{name}: asks for nothing but itself", asked)
    said = reader.complaints()
    check(not said, f"{name}: nothing on the console", said)
    ways = reader.run("return [...document.querySelectorAll('[rel=prev],[rel=next]')].map(a => a.getAttribute('href'))")
    if name.startswith("out-ch"):
        check(len(ways) > 1 and all(ways.count(w) == 2 or "/ch" not in w for w in ways),
              f"{name}: the ways on stand at the top and at the end", ways)
    wrong = reader.run(OUTLINE)
    # Veiled or not, the page must be in order.
    reader.run("document.querySelectorAll('.veil button').forEach(b => b.click())")
    wrong += reader.run(OUTLINE)
    check(not wrong, f"{name}: headings in order, pictures with text, links that lead somewhere", wrong)
    for width, height in WIDTHS.items():
        reader.size(width, height)
        wrong = reader.run(OVERFLOW)
        check(not wrong, f"{name}: nothing wider than {width} pixels", wrong)
        wrong = reader.run(FIGURES) if width < 1900 else []
        for line in wrong[:12]:
            print(f"  {name}, {width} pixels: {line}")
        check(not wrong, f"{name}: every label of every frame can be read at {width} pixels", f"{len(wrong)} problems")
        for theme in ["light", "dark", "projector"] if shots else ["projector"]:
            reader.run("document.documentElement.dataset.theme = arguments[0]", theme)
            wrong = reader.run(OVERFLOW)
            check(not wrong, f"{name}: nothing wider than {width} pixels, {theme}", wrong)
            if shots:
                reader.full_picture(shots / f"{name}-{width}-{theme}.png")
        reader.run("delete document.documentElement.dataset.theme")
    reader.size(1280, 800)
    wrong, pointed = reader.run(POINTING)
    check(not wrong, f"{name}: data can be pointed at by keys", wrong)
    for scheme in ["light", "dark"]:
        reader.scheme(scheme)
        ground = reader.run("return getComputedStyle(document.documentElement).backgroundColor")
        bright = sum(int(x) for x in ground.strip("rgba()").split(",")[:3]) / 3
        check((bright > 127) == (scheme == "light"), f"{name}: the theme follows the reader's preference", ground)
        if axe:
            audit(reader, name + " " + scheme, axe)
    reader.scheme("light")
    slides = 0
    if reader.run("return !!document.querySelector('article:not([hidden]) ~ .deck')"):
        reader.run("document.getElementById('present').click()")
        for width, height in SCREENS:
            reader.size(width, height)
            wrong, titles, slides = reader.run(DECK)
            for line in wrong[:12]:
                print(f"  {name}, {width} × {height}: {line}")
            check(not wrong, f"{name}: every slide can be read at {width} × {height}", f"{len(wrong)} problems")
        if axe:
            audit(reader, name + " slides", axe)
        if reader.run("return !!document.querySelector('.deck:not([data-derived])')"):
            long = [title for title in titles[:slides] if len(title) > LONGEST_TITLE]
            check(not long, f"{name}: titles of at most {LONGEST_TITLE} characters", long)
            check(12 <= slides <= 18, f"{name}: twelve to eighteen slides", slides)
        if shots:
            reader.size(1920, 1080)
            reader.keys(Keys.HOME)
            for number in range(slides):
                reader.picture(shots / f"{name}-slide-{number + 1:02}.png")
                reader.keys(Keys.ARROW_RIGHT)
        reader.keys(Keys.ESCAPE)
        check(not reader.run("return document.documentElement.classList.contains('present')"),
              f"{name}: Escape leaves the slides")
        reader.open(url + "#sheets")
        asked, answered = reader.run(SHEETS)
        check(asked == answered, f"{name}: printed, a question has a sheet without its answer and one with it",
              f"{asked} without, {answered} with")
        reader.open(url)
    if shots:
        reader.size(1280, 800)
        pdf = reader.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
        write(shots / f"{name}.pdf", pdf["data"])
    said = reader.complaints()
    check(not said, f"{name}: nothing on the console after the walk", said)
    reader.run("localStorage.clear()")
    print(f"looked  {name}: {page.stat().st_size / 1024:.0f} kB, {best:.0f} ms, {slides} slides, {pointed} pictures pointed at", flush=True)


def audit(reader, name, axe):
    """Checks that axe-core finds nothing."""
    # Through the debugging protocol, because the page's own policy would block the script.
    reader.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    result = reader.driver.execute_cdp_cmd("Runtime.evaluate", {
        "expression": "axe.run(document,{resultTypes:['violations']}).then(r=>JSON.stringify(r.violations.map("
                      "v=>({id:v.id,impact:v.impact,help:v.help,nodes:v.nodes.map(n=>n.target.join(' ')).slice(0,3)}))))",
        "awaitPromise": True, "returnByValue": True})
    found = json.loads(result["result"].get("value", "[]"))
    check("value" in result["result"], f"{name}: axe-core ran")
    check(not found, f"{name}: axe-core finds no violation", found)


def book(reader, path):
    """The book: contents, search, claims, chapters."""
    reader.size(1280, 800)
    reader.scheme("light")
    reader.open(path.resolve().as_uri())
    visible = lambda: reader.run(
        "return [...document.querySelectorAll('main>section,main>article')].filter(e=>!e.hidden).map(e=>e.id)")
    check(visible() == ["index"], "book: opens with its contents", visible())
    reader.keys("/")
    time.sleep(0.2)
    reader.keys("weight")
    time.sleep(0.2)
    hits = reader.run("return [...document.querySelectorAll('.hits li')].map(e => [e.querySelector('a').textContent, e.querySelector('small').textContent])")
    check(len(hits) > 0, "book: the search finds a word", hits)
    titles = [title for title, _ in hits]
    check(len(set(titles)) == len(titles), "book: no section is found twice", titles)
    # A title that contains the word comes before a text that contains it.
    titled = ["weight" in title.lower().split(" · ")[-1] for title in titles]
    check(titled == sorted(titled, reverse=True), "book: titles come first", titles)
    # Words of two elements are separated: no lowercase letter or full stop before a capital, except in names such as
    # GoogLeNet.
    joined = [text for _, text in hits if re.search(r"[a-z]{3}[.:;][A-Z][a-z]|\d[A-Z][a-z]{3}", text)]
    check(not joined, "book: the words of a hit stand apart", joined)
    reader.run("document.querySelector('.hits a').click()")
    time.sleep(0.2)
    check(visible() != ["index"] and len(visible()) == 1, "book: a hit leads to its chapter", visible())
    reader.run("location.hash = '#claims'")
    time.sleep(0.2)
    check(visible() == ["claims"], "book: the scoreboard is shown", visible())
    reader.run("document.querySelector('.shelf a').click()")
    time.sleep(0.2)
    reader.keys("p")
    check("present" in reader.run("return document.documentElement.className"), "book: a chapter is presented")
    reader.keys(Keys.ESCAPE)
    said = reader.complaints()
    check(not said, "book: nothing on the console", said)
    print(f"walked  the book: {path.stat().st_size / 1024:.0f} kB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="*", type=pathlib.Path)
    parser.add_argument("--book", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    parser.add_argument("--ready", action="store_true", help="only say whether a walk is possible here")
    arguments = parser.parse_args()
    if arguments.ready:
        return 0
    if not arguments.pages and not arguments.book:
        missing("no pages")
    for page in arguments.pages:
        if not page.is_file():
            check(False, f"{page}: a page", "nothing there")
            return 1
    axe = None
    if os.environ.get("AXE"):
        axe = pathlib.Path(os.environ["AXE"]).read_text()
    else:
        print("left out: axe-core (AXE=axe.min.js names its file)")
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    reader = Reader()
    try:
        for page in arguments.pages:
            look(reader, page, axe, arguments.shots)
        explorable = next((p for p in arguments.pages if 'class="explore"' in p.read_text()), None)
        if explorable:
            walk(reader, explorable)
        else:
            print("left out: the walk with keys (none of the pages has an explorable figure)")
        if arguments.book:
            look(reader, arguments.book, axe, arguments.shots, limit=12)
            book(reader, arguments.book)
    finally:
        reader.close()
    print(f"{Account.passed} passed, {len(Account.problems)} failed")
    return 1 if Account.problems else 0


sys.exit(main())
