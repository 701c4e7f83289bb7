#!/usr/bin/env python3
"""Walks through pages in a real browser, as a reader and as a speaker would.

    Tests/Browser/walk.py [--shots FOLDER] [--book FILE] PAGE.html…
    Tests/Browser/walk.py --ready       says what is missing, with exit code 77, or nothing

Every page is loaded and looked at: no complaint on the console, no request to anything but itself, shown within a
second, nothing wider than the window at 390, 1280 and 1920 pixels, one first heading and no level skipped, every
picture with a text, every identifier once, every link inside leads somewhere, no slide larger than the screen, none
that repeats another, sub-headings and reasons on slides, no name broken. The first page with an explorable figure is
then walked with keys: slides, overview, notes, full screen, Escape, the slider, play, copying, themes. With AXE=axe.min.js (the file of axe-core) no serious finding in light and dark.

Needs Python's selenium, Chromium and its driver; leaves with 77 and a message where one of them is missing.
"""

import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

MISSING = 77
WIDTHS = {390: 844, 1280: 800, 1920: 1080}


def missing(what):
    print(what)
    sys.exit(MISSING)


try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys
except ImportError:
    missing("no selenium for Python (pip install selenium, or Debian's python3-selenium)")

BROWSER = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
DRIVER = shutil.which("chromedriver")
if not BROWSER:
    missing("no Chromium")
if not DRIVER:
    missing("no chromedriver (Debian: chromium-driver)")

problems = []
passed = 0


def check(is_true, what, found=None):
    """Notes a failed check with what was found."""
    global passed
    if is_true:
        passed += 1
    else:
        problems.append(what if found is None else f"{what}; found {found}")
        print(f"FAILED  {problems[-1]}", flush=True)
    return is_true


class Reader:
    """A browser with its window, its keys, and what it asked the network for."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = BROWSER
        self.profile = tempfile.mkdtemp(prefix="walk-")
        for argument in [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--disable-component-update",
            "--disable-dev-shm-usage", "--force-device-scale-factor=1", f"--user-data-dir={self.profile}",
            # A walk turns more slides in a second than a person, and each changes the address.
            "--disable-ipc-flooding-protection",
        ]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait_for(self, script):
        """Runs a script that calls its last argument when it is done."""
        return self.driver.execute_async_script(script)

    def size(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def scheme(self, name, motion="no-preference"):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": motion}]})

    def keys(self, *keys):
        for key in keys:
            ActionChains(self.driver, duration=0).send_keys(key).perform()

    def open(self, url):
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(url)

    def requests(self):
        """Every address asked for since the last call."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def full_picture(self, path):
        """The whole page, not only what the window shows."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        data = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True,
             "clip": {"x": 0, "y": 0, "width": width, "height": min(height, 16000), "scale": 1}})
        write(path, data["data"])

    def picture(self, path):
        self.driver.save_screenshot(str(path))


def write(path, encoded):
    import base64
    pathlib.Path(path).write_bytes(base64.b64decode(encoded))


OUTLINE = r"""
const out = [], all = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter(h => h.getClientRects().length);
const first = all.filter(h => h.tagName === "H1").length;
if (first !== 1) out.push(first + " headings of the first level");
let level = 0;
for (const h of all) { const n = +h.tagName[1];
  if (n > level + 1) out.push("h" + n + " after h" + level + ": " + h.textContent.slice(0, 40)); level = n; }
for (const e of document.querySelectorAll("svg[role=img]")) {
  const ids = (e.getAttribute("aria-labelledby") || "").split(" ").map(i => document.getElementById(i));
  if (!ids.length || ids.some(i => !i || !i.textContent.trim())) out.push("a picture without a text"); }
for (const e of document.querySelectorAll("img:not([alt])")) out.push("an image without alt");
const seen = new Set();
for (const e of document.querySelectorAll("[id]")) {
  if (seen.has(e.id)) out.push("two elements called " + e.id); seen.add(e.id); }
for (const a of document.querySelectorAll("a[href^='#']")) {
  const id = decodeURIComponent(a.getAttribute("href").slice(1));
  if (id && !document.getElementById(id)) out.push("a link to nowhere: #" + id); }
for (const b of document.querySelectorAll("button,input")) {
  const name = b.getAttribute("aria-label") || b.textContent.trim() || (b.labels && b.labels.length);
  if (!name) out.push("a control without a name"); }
return out;
"""

OVERFLOW = r"""
const out = [], width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width)
  out.push("the page is " + document.documentElement.scrollWidth + " wide in " + width);
const clipped = e => { for (let p = e.parentElement; p; p = p.parentElement) {
  if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true } return false };
for (const e of document.querySelectorAll("main *")) {
  if (e.closest("svg") && e.tagName !== "svg") continue;
  const r = e.getBoundingClientRect();
  if (r.width > 1 && (r.right > width + 1 || r.left < -1) && !clipped(e))
    out.push(e.tagName + "." + e.className + " from " + Math.round(r.left) + " to " + Math.round(r.right)); }
return out.slice(0, 4);
"""

# Walks all slides inside the page, which is faster than a key at a time from outside.
SLIDES = r"""
const press = key => document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const out = [], long = [], names = [], high = innerHeight, wide = innerWidth;
press("Home");
for (let n = 0; n < 500; n++) {
  const foot = document.getElementById("deckfoot"), label = foot.textContent.match(/(\d+) \/ (\d+)/);
  const stage = document.getElementById("stage"), top = foot.getBoundingClientRect().top;
  const shown = [stage, ...document.querySelectorAll("article > .on")].filter(e => e.getClientRects().length);
  names.push(stage.textContent);
  if (!shown.length) out.push("slide " + label[1] + " is empty");
  const before = [];
  for (const e of shown) { const r = e.getBoundingClientRect();
    if ((top && r.bottom > top + 1) || r.right > wide + 1 || r.left < 0 || r.top < 0)
      out.push("slide " + label[1] + ", " + e.tagName + "." + e.className + ": " +
        [r.left, r.top, r.right, r.bottom].map(Math.round).join(" ") + " in " + wide + " × " + Math.round(top));
    if (e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY === "auto")
      long.push("slide " + label[1] + ", " + e.className + ", must be scrolled");
    if (before.some(o => r.top < o.bottom - 2 && o.top < r.bottom - 2 && r.left < o.right - 2 && o.left < r.right - 2))
      out.push("slide " + label[1] + ": elements overlap");
    before.push(r); }
  for (const e of document.querySelectorAll("#stage .whole, article > .on .whole"))
    if (e.getClientRects().length > 1) out.push("slide " + label[1] + ": " + e.textContent + " is broken");
  for (const e of document.querySelectorAll("article > .on .claims small"))
    if (e.closest("tr").getClientRects().length && !e.getClientRects().length)
      out.push("slide " + label[1] + ": a claim without its reason");
  for (const e of document.querySelectorAll("article > .on pre"))
    if (parseFloat(getComputedStyle(e).fontSize) < high / 70)
      long.push("slide " + label[1] + ": code in letters of " + getComputedStyle(e).fontSize);
  if (label[1] === label[2]) break;
  press("ArrowRight");
}
// Nothing is shown twice but what is dealt; every title below the sections is a title of a slide.
const article = document.querySelector("article:not([hidden])");
for (const e of article.querySelectorAll(":scope > [data-s]")) {
  const count = e.dataset.s.split(" ").length;
  if (count > 1 && !e.dataset.rows) out.push("slides " + e.dataset.s + " repeat " + e.tagName + "." + e.className);
  if (e.dataset.rows) { const rows = e.querySelectorAll("tbody tr, .line").length;
    const dealt = e.dataset.rows.split(" ").map(Number);
    if (dealt.length !== count || dealt.reduce((a, b) => a + b) !== rows)
      out.push("slides " + e.dataset.s + ": " + e.dataset.rows + " of " + rows + " rows"); } }
const below = [...article.querySelectorAll(":scope > h3"), ...article.querySelectorAll(":scope > p > strong:only-child")]
  .map(e => (e.tagName === "H3" ? e : e.parentNode.textContent === e.textContent ? e : null))
  .filter(e => e && !/[.!:;,…]$/.test(e.textContent));
for (const e of below)
  if (!names.some(n => n.includes(e.textContent))) out.push("no slide names " + e.textContent);
return [out, names, long];
"""


# Opens the answer on every slide that has one: the slide makes room for it, or can be scrolled.
ANSWERS = r"""
const done = arguments[0], press = key => document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const settled = () => new Promise(f => setTimeout(f, 40));
(async () => {
  const out = [], scrolled = [], article = document.querySelector("article:not([hidden])");
  press("Home");
  for (let n = 0; n < 500; n++) {
    const foot = document.getElementById("deckfoot"), label = foot.textContent.match(/(\d+) \/ (\d+)/);
    const answers = [...document.querySelectorAll("article > .on details.answer:not([open])")];
    if (answers.length) {
      answers.forEach(d => d.open = true);
      await settled();
      const low = Math.max(...[...document.querySelectorAll("article > .on")].map(e => e.getBoundingClientRect().bottom));
      const over = Math.round(low - foot.getBoundingClientRect().top);
      if (over > 1 && !article.classList.contains("scrolls"))
        out.push("slide " + label[1] + ": the open answer is " + over + " too low");
      if (article.classList.contains("scrolls")) scrolled.push("slide " + label[1] + ": the open answer is scrolled to");
      answers.forEach(d => d.open = false);
      await settled();
    }
    if (label[1] === label[2]) break;
    press("ArrowRight");
  }
  done([out, scrolled]);
})();
"""


def look(reader, page, axe, shots):
    """What must hold for every page."""
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
    # What a page weighs is the same on every machine, how fast it is shown is not: the time is told below, not judged.
    weight, limit = page.stat().st_size / 2**20, 16 if name == "look" else 3
    check(weight < limit, f"{name}: no heavier than {limit} MB", f"{weight:.1f} MB")
    asked = [u for u in reader.requests() if not u.startswith(("data:", "about:")) and u.split("#")[0] != url]
    check(not asked, f"{name}: asks for nothing but itself", asked)
    said = reader.complaints()
    check(not said, f"{name}: nothing on the console", said)
    ways = reader.run("return [...document.querySelectorAll('[rel=prev],[rel=next]')].map(a => a.getAttribute('href'))")
    if name.startswith("out-ch"):
        check(len(ways) > 1 and all(ways.count(w) == 2 or "/ch" not in w for w in ways),
              f"{name}: the ways on stand at the top and at the end", ways)
    wrong = reader.run(OUTLINE)
    check(not wrong, f"{name}: headings in order, pictures with text, links that lead somewhere", wrong)
    for width, height in WIDTHS.items():
        reader.size(width, height)
        wrong = reader.run(OVERFLOW)
        check(not wrong, f"{name}: nothing wider than {width} pixels", wrong)
        for theme in ["light", "dark", "projector"] if shots else ["projector"]:
            reader.run("document.documentElement.dataset.theme = arguments[0]", theme)
            wrong = reader.run(OVERFLOW)
            check(not wrong, f"{name}: nothing wider than {width} pixels, {theme}", wrong)
            if shots:
                reader.full_picture(shots / f"{name}-{width}-{theme}.png")
        reader.run("delete document.documentElement.dataset.theme")
    reader.size(1280, 800)
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
        for width, height in [(1920, 1080), (1280, 720)]:
            reader.size(width, height)
            wrong, names, long = reader.run(SLIDES)
            slides = len(names)
            for line in long:
                print(f"  {name}: {line}")
            check(not wrong, f"{name}: slides fit {width} × {height}", wrong)
            wrong, scrolled = reader.wait_for(ANSWERS)
            for line in scrolled:
                print(f"  {name}: {line}")
            check(not wrong, f"{name}: open answers fit {width} × {height}", wrong)
        if shots:
            reader.size(1920, 1080)
            reader.keys(Keys.HOME)
            for number in range(slides):
                reader.picture(shots / f"{name}-slide-{number + 1:02}.png")
                reader.keys(Keys.ARROW_RIGHT)
        reader.keys(Keys.ESCAPE)
        check(not reader.run("return document.documentElement.classList.contains('present')"),
              f"{name}: Escape leaves the slides")
    if shots:
        reader.size(1280, 800)
        pdf = reader.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
        write(shots / f"{name}.pdf", pdf["data"])
    said = reader.complaints()
    check(not said, f"{name}: nothing on the console after the walk", said)
    print(f"looked  {name}: {page.stat().st_size / 1024:.0f} kB, {best:.0f} ms, {slides} slides", flush=True)


def audit(reader, name, axe):
    """axe-core's findings of weight."""
    # Through the protocol: the page's own policy would rightly refuse the script.
    reader.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    result = reader.driver.execute_cdp_cmd("Runtime.evaluate", {
        "expression": "axe.run(document,{resultTypes:['violations']}).then(r=>JSON.stringify(r.violations.map("
                      "v=>({id:v.id,impact:v.impact,help:v.help,nodes:v.nodes.map(n=>n.target.join(' ')).slice(0,3)}))))",
        "awaitPromise": True, "returnByValue": True})
    found = json.loads(result["result"].get("value", "[]"))
    heavy = [v for v in found if v["impact"] in ("serious", "critical")]
    check("value" in result["result"], f"{name}: axe-core ran")
    check(not heavy, f"{name}: axe-core finds nothing serious", heavy)
    for v in found:
        if v not in heavy:
            print(f"  axe, {v['impact']}: {v['help']} {v['nodes']}")


def walk(reader, page):
    """The keys, on one page."""
    name = page.parent.name
    reader.size(1280, 800)
    reader.scheme("light")
    reader.open(page.resolve().as_uri())
    state = lambda: reader.run("return document.documentElement.className.trim().split(/ +/).filter(Boolean).sort()")
    at = lambda: reader.run("return +document.getElementById('deckfoot').textContent.match(/(\\d+) \\/ /)[1]")

    # Slides.
    reader.keys("p")
    check(state() == ["present"], f"{name}: p presents", state())
    check(at() == 1, f"{name}: begins with the first slide", at())
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, " ", Keys.ARROW_LEFT)
    check(at() == 3, f"{name}: arrows and the space bar move", at())
    check(reader.run("return location.hash") == "#present-3", f"{name}: the address names the slide")
    reader.keys("n")
    check("shownotes" in state(), f"{name}: n shows the notes", state())
    check(reader.run("return document.getElementById('notes').textContent.trim().length") > 0, f"{name}: notes say something")
    reader.keys("n", "o")
    check("overview" in state(), f"{name}: o shows the overview", state())
    cards = reader.run("return document.querySelectorAll('.card').length")
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER)
    check(cards > 4 and at() == 5 and "overview" not in state(), f"{name}: a card of the overview is opened by keys", at())
    reader.keys("f")
    time.sleep(0.2)
    check(reader.run("return !!document.fullscreenElement"), f"{name}: f fills the screen")
    reader.keys("f")
    time.sleep(0.2)
    check(not reader.run("return !!document.fullscreenElement"), f"{name}: f gives the screen back")
    reader.keys(Keys.END)
    last = at()
    reader.keys(Keys.ARROW_RIGHT)
    check(at() == last, f"{name}: the last slide is the last")
    # The figure of an explorable slide fills it.
    reader.keys(Keys.HOME)
    for _ in range(last):
        if reader.run("return !!document.querySelector('article>.on .explore')"):
            break
        reader.keys(Keys.ARROW_RIGHT)
    share = reader.run(
        "const r = document.querySelector('article>.on .pic svg').getBoundingClientRect();"
        "return Math.max(r.width / innerWidth, r.height / innerHeight)")
    check(share > 0.6, f"{name}: a figure fills its slide", share)
    reader.keys("z")
    check("zoom" in state(), f"{name}: z shows the figure alone", state())
    reader.keys(Keys.ESCAPE)
    check(state() == ["present"], f"{name}: Escape leads back to the slide", state())
    slide = at()
    reader.run("document.querySelector('article>.on .explore input').focus()")
    slider(reader, name + ", on a slide", "article>.on ")
    check(at() == slide, f"{name}: the slider's arrows do not turn the slide", at())
    reader.run("document.activeElement.blur()")
    reader.keys(Keys.ESCAPE)
    check(state() == [], f"{name}: Escape ends the slides", state())
    check(reader.run("return [...document.querySelectorAll('article>.on,#stage,#notes')].length") == 0,
          f"{name}: nothing of the slides is left")

    # Explorable figures.
    reader.run("document.querySelector('.explore input').focus()")
    slider(reader, name, "")
    reader.run("document.querySelector('.explore .play').click()")
    before = reader.run("return document.querySelector('.explore input').value")
    time.sleep(1.0)
    reader.run("document.querySelector('.explore .play').click()")
    after = reader.run("return document.querySelector('.explore input').value")
    check(before != after, f"{name}: play moves the slider", after)
    time.sleep(0.9)
    check(reader.run("return document.querySelector('.explore input').value") == after, f"{name}: play stops")

    # What is said of a figure follows its slider.
    follows = reader.run(
        "const f=document.querySelector('.explore').parentNode,i=f.querySelector('.explore input'),out=[];"
        "for (const v of [i.min,i.max]) {i.value=v;i.dispatchEvent(new Event('input'));"
        "out.push([f.querySelector('.frame-value').textContent,f.querySelector('output').textContent,"
        "f.querySelector('.numbers tbody').textContent])} return out")
    check(all(a == b for a, b, _ in follows), f"{name}: the numbers are told to be those of the frame", follows)
    check(follows[0][2] != follows[1][2], f"{name}: the numbers follow the slider")

    # Nothing moves by itself where the reader asked for that.
    reader.scheme("light", motion="reduce")
    value = lambda: int(reader.run("return document.querySelector('.explore input').value"))
    before = value()
    reader.run("document.querySelector('.explore .play').click()")
    after = value()
    time.sleep(1.0)
    check(after != before and value() == after, f"{name}: with reduced motion a press is a frame", [before, after, value()])
    check(reader.run("return document.querySelector('.explore .play').getAttribute('aria-label')") == "Next frame",
          f"{name}: with reduced motion the button says so")
    reader.scheme("light")

    # A figure alone, from the page.
    reader.run("document.querySelector('.explore').closest('figure').querySelector('.big').click()")
    check(state() == ["present", "zoom"], f"{name}: enlarge shows the figure alone", state())
    share = reader.run(
        "const r = document.querySelector('article>.on .pic svg').getBoundingClientRect();"
        "return Math.max(r.width / innerWidth, r.height / innerHeight)")
    check(share > 0.75, f"{name}: an enlarged figure fills the window", share)
    reader.keys(Keys.ESCAPE)
    check(state() == [], f"{name}: Escape leads back to the page", state())

    # Copying.
    if reader.run("return !!document.querySelector('.copy')"):
        reader.driver.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        reader.run("document.querySelector('.copy').click()")
        time.sleep(0.3)
        check(reader.run("return document.querySelector('.copy').textContent") == "copied", f"{name}: copy says so")
        reader.run("const t=document.createElement('textarea');t.id='paste';document.body.append(t);t.focus()")
        ActionChains(reader.driver).key_down(Keys.CONTROL).send_keys("v").key_up(Keys.CONTROL).perform()
        got = reader.run("const t=document.getElementById('paste'),v=t.value;t.remove();return v")
        code = reader.run("return document.querySelector('.copy').closest('figure').querySelector('pre').textContent")
        check(got.strip() == code.strip() != "", f"{name}: copies the code", got[:40])

    # A prediction.
    if reader.run("return !!document.querySelector('.opts button')"):
        reader.run("document.querySelector('.opts button').click()")
        verdict = reader.run("return document.querySelector('.opts').closest('.box').querySelector('.verdict')?.textContent || ''")
        check("Right" in verdict or "Not" in verdict, f"{name}: a choice is answered", verdict)

    if reader.run("return !!document.querySelector('.guess')"):
        right = reader.run("const g=document.querySelector('.guess');g.querySelector('input').focus();return g.dataset.answer")
        verdict = "return document.querySelector('.guess').closest('.box').querySelector('.verdict').textContent"
        reader.keys("-", "1", Keys.ENTER)
        check("Not" in reader.run(verdict), f"{name}: a wrong number is told so")
        reader.run("document.querySelector('.guess input').select()")
        reader.keys(*right, Keys.ENTER)
        check("Right" in reader.run(verdict), f"{name}: the right number is told so", reader.run(verdict))
        reader.run("document.activeElement.blur()")

    # Themes, remembered.
    seen = []
    for _ in range(3):
        reader.keys("t")
        seen.append(reader.run("return document.documentElement.dataset.theme"))
    check(sorted(seen) == ["dark", "light", "projector"], f"{name}: t turns through the themes", seen)
    reader.driver.refresh()
    check(reader.run("return document.documentElement.dataset.theme") == seen[-1], f"{name}: the theme is remembered")
    reader.run("localStorage.clear()")
    # Tab reaches the skip link first.
    reader.open(page.resolve().as_uri())
    reader.keys(Keys.TAB)
    check(reader.run("return document.activeElement.className") == "skip", f"{name}: Tab begins with the skip link")
    said = reader.complaints()
    check(not said, f"{name}: nothing on the console after the keys", said)
    print(f"walked  {name}", flush=True)


def slider(reader, name, scope):
    """Arrow keys on a slider that has the focus."""
    read = lambda: reader.run(
        "const b=document.querySelector(arguments[0]);return [b.querySelector('input').value,"
        "b.querySelector('output').textContent,b.parentNode.querySelector('.pic svg').outerHTML.length,"
        "b.querySelector('input').getAttribute('aria-valuetext'),b.parentNode.querySelector('.pic svg').outerHTML]",
        scope + ".explore")
    reader.keys(Keys.HOME)
    before = read()
    reader.keys(Keys.ARROW_RIGHT)
    after = read()
    check(before[0] != after[0] and before[1] != after[1], f"{name}: an arrow moves the slider", [before[:2], after[:2]])
    check(before[4] != after[4], f"{name}: the picture follows the slider")
    check(after[1] == after[3], f"{name}: the slider tells its value", after[3])


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
    hits = reader.run("return document.querySelectorAll('.hits li').length")
    check(hits > 0, "book: the search finds a word", hits)
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
            look(reader, arguments.book, axe, arguments.shots)
            book(reader, arguments.book)
    finally:
        reader.close()
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
