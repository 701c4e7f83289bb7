"""The keys and the pointer, as a reader and a speaker use them, on one page with an explorable figure."""

import math
import time
import urllib.parse

from reader import ActionChains, Keys, check

# Elements of the speaker's window that are cut off, overlap or are too small.
SPEAKER = """
const out = [], boxOf = q => document.querySelector(q).getBoundingClientRect();
const parts = [".now .screen", ".next .screen", ".say", ".clock", ".reader"].map(q => [q, boxOf(q)]);
for (const [q, r] of parts) {
  if (r.width < 200 || r.height < 30 || r.right > innerWidth || r.bottom > innerHeight) out.push(`${q}: ${JSON.stringify(r)}`);
  for (const [p, o] of parts) {
    if (p < q && r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 1 && o.top < r.bottom - 1) out.push(`${p} on ${q}`);
  }
}
for (const [q, least] of [[".now", 400], [".next", 240]]) {
  const sheet = boxOf(q + " .present"), screen = boxOf(q + " .screen");
  if (sheet.height < least || sheet.right > screen.right + 1 || sheet.bottom > screen.bottom + 1) {
    out.push(`${q}: ${Math.round(sheet.width)} × ${Math.round(sheet.height)} in ${Math.round(screen.width)} × ${Math.round(screen.height)}`);
  }
  for (const e of document.querySelectorAll(q + " :is(#stage, article>.on, #deckfoot)")) {
    const r = e.getBoundingClientRect();
    if (r.height && (r.bottom > sheet.bottom + 1 || r.right > sheet.right + 1 || r.top < sheet.top - 1)) out.push(`${q} cuts ${e.tagName}.${e.className}`);
  }
}
return out;
"""


def walk(reader, page):
    """The keys, on one page."""
    name = page.parent.name
    reader.size(1280, 800)
    reader.scheme("light")
    reader.open(page.resolve().as_uri())
    state = lambda: reader.run("return document.documentElement.className.trim().split(/ +/).filter(Boolean).sort()")
    at = lambda: reader.run("return +document.getElementById('deckfoot').textContent.match(/(\\d+) \\/ /)[1]")

    talk(reader, name, state, at)
    # Veiled content cannot be reached.
    reader.run("document.querySelectorAll('.veil button').forEach(b => b.click())")

    # Explorable figures: the first one with a slider.
    reader.run("document.querySelector('.explore:not(.choices) input').focus()")
    packed = reader.run(
        "const box=document.querySelector('.explore:not(.choices)'),packed=()=>!!box.querySelector('.packed');return (async()=>{"
        "for(let k=0;k<100&&packed();k++)await new Promise(done=>setTimeout(done,20));return packed()})()")
    check(not packed, f"{name}: the frames of a figure in view are unpacked")
    slider(reader, name, "")
    reader.run("document.querySelector('.explore:not(.choices) .play').click()")
    before = reader.run("return document.querySelector('.explore:not(.choices) input').value")
    time.sleep(1.0)
    reader.run("document.querySelector('.explore:not(.choices) .play').click()")
    after = reader.run("return document.querySelector('.explore:not(.choices) input').value")
    check(before != after, f"{name}: play moves the slider", after)
    time.sleep(0.9)
    check(reader.run("return document.querySelector('.explore:not(.choices) input').value") == after, f"{name}: play stops")

    # The texts of a figure follow its slider.
    # Two frames may have the same numbers, for example with the window on the black edges of a digit, but not all of
    # them.
    follows = reader.run(
        "const f=document.querySelector('.explore:not(.choices)').parentNode,i=f.querySelector('.explore:not(.choices) input');"
        "const tell=()=>[f.querySelector('.frame-value').textContent,f.querySelector('output').textContent,"
        "f.querySelector('.numbers table').textContent];"
        "const turn=v=>new Promise(done=>{f.addEventListener('redrawn',()=>done(tell()),{once:true});"
        "i.value=v;i.dispatchEvent(new Event('input'))});"
        "return (async()=>{const out=[];for(let v=0;v<=+i.max;v++)out.push(await turn(v));return out})()")
    check(all(a == b for a, b, _ in follows), f"{name}: the numbers are told to be those of the frame", follows)
    check(len({table for _, _, table in follows}) > 1, f"{name}: the numbers follow the slider", follows[0][2][:200])

    # With reduced motion, nothing moves automatically.
    reader.scheme("light", motion="reduce")
    value = lambda: int(reader.run("return document.querySelector('.explore:not(.choices) input').value"))
    before = value()
    reader.run("document.querySelector('.explore:not(.choices) .play').click()")
    after = value()
    time.sleep(1.0)
    check(after != before and value() == after, f"{name}: with reduced motion a press is a frame", [before, after, value()])
    check(reader.run("return document.querySelector('.explore:not(.choices) .play').getAttribute('aria-label')") == "Next frame",
          f"{name}: with reduced motion the button says so")
    reader.scheme("light")

    # A single figure, opened from the page.
    reader.run("document.querySelector('.explore:not(.choices)').closest('figure').querySelector('.big').click()")
    check(state() == ["present", "zoom"], f"{name}: enlarge shows the figure alone", state())
    share = reader.run(
        "return Math.max(...[...document.querySelectorAll('article>.on .pic svg')].map(e => e.getBoundingClientRect())"
        ".map(r => Math.max(r.width / innerWidth, r.height / innerHeight)))")
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

    # Predictions: content that reveals the answer waits for them, and they are stored.
    predictions(reader, name)

    # Pointing at data, by pointer and by keys.
    hover(reader, name)

    # The address of a frame.
    reader.open(page.resolve().as_uri())
    value = reader.run("const i=document.querySelector('.explore:not(.choices) input');i.value=i.max;i.dispatchEvent(new Event('input'));"
                       "return document.querySelector('.explore:not(.choices) output').textContent")
    time.sleep(0.4)
    address = reader.run("return location.href")
    reader.open(address)
    check("#fig" in address and reader.run("return document.querySelector('.explore:not(.choices) output').textContent") == value,
          f"{name}: the address leads to the frame", [address, value])

    # A value between two frames, encoded or not, selects the nearest frame; a category is found in any case.
    meant = reader.run(
        "const b=document.querySelector('.explore:not(.choices)'),f=b.closest('figure'),d=JSON.parse(b.querySelector('.frames').textContent);"
        "const v=d.values.map(parseFloat);return [f.dataset.figure,d.name,d.values,v.some(isNaN)?null:v[0]+.4*(v[1]-v[0])]")
    if meant[3] is not None and all(0 < float(v.split()[0].replace("−", "-")) for v in meant[2][:2] if v[0].isdigit()):
        figure, parameter, values, between = meant
        first, second = (float(v.split()[0]) for v in values[:2])
        wanted = values[0] if abs(math.log(between / first)) < abs(math.log(between / second)) else values[1]
        for query in [f"{parameter}={between}", urllib.parse.quote(f"{parameter}={between}"), f"{parameter}={between} %"]:
            reader.open(f"{page.resolve().as_uri()}#fig{figure}?{query}")
            got = reader.run("return document.querySelector('.explore:not(.choices) output').textContent")
            check(got == wanted, f"{name}: {query} leads to the nearest frame", [got, wanted])
    reader.open(page.resolve().as_uri())
    named = reader.run(
        "const b=document.querySelector('.choices');if(!b)return null;const all=[...b.querySelectorAll('button')];"
        "return [b.closest('figure').dataset.figure,b.getAttribute('aria-label'),all.at(-1).textContent]")
    if named:
        for word in [named[2].upper(), named[2].lower(), named[2]]:
            reader.open(f"{page.resolve().as_uri()}#fig{named[0]}?{named[1]}={word}")
            got = reader.run("return document.querySelector('.choices [aria-pressed=true]').textContent")
            check(got == named[2], f"{name}: the address names a category, {word}", got)

    # Links show previews.
    reader.open(page.resolve().as_uri())
    for style in ["chapter", "to"]:
        shown = reader.run(
            f"const a=[...document.querySelectorAll('article a.{style}')].find(e=>e.checkVisibility()&&!(e.hash&&document.getElementById("
            "decodeURIComponent(e.hash.slice(1)))?.closest('.veiled')));"
            "if(!a)return null;a.focus();return [a.textContent,document.querySelector('.preview')?.textContent||'']")
        if shown:
            check(len(shown[1].strip()) > 8, f"{name}: a link shows what it leads to", shown)

    # Themes are stored.
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


def talk(reader, name, state, at):
    """The deck by its keys: moving, steps, jumps, notes, overview, appendix, black, the speaker's window, a slider."""
    reader.keys("p")
    check(state() == ["present"], f"{name}: p presents", state())
    check(at() == 1, f"{name}: begins with the first slide", at())
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_LEFT, " ")
    check(at() == 2, f"{name}: arrows and the space bar move", at())
    check(reader.run("return location.hash") == "#present-2", f"{name}: the address names the slide")
    reader.keys("5", Keys.ENTER)
    check(at() == 5, f"{name}: a number and Enter jump", at())
    asked = reader.run(
        "const s=[...document.querySelectorAll('article>.predict[data-s]')].map(e=>+e.dataset.s.split(' ')[0]+1);"
        "return s.length?Math.min(...s):0")
    if asked:
        reader.keys(*str(asked), Keys.ENTER)
        opened = lambda: reader.run("return document.querySelector('article>.on .answer').open")
        before = opened()
        reader.keys(Keys.ARROW_RIGHT)
        check(not before and opened() and at() == asked, f"{name}: a step opens the answer", [before, opened(), at(), asked])
        reader.keys(Keys.ARROW_RIGHT)
        check(at() == asked + 1, f"{name}: the next step leaves it", at())
    reader.keys("b")
    check("black" in state(), f"{name}: b blacks the screen", state())
    reader.keys("b", "n")
    check("shownotes" in state(), f"{name}: n shows the notes", state())
    check(reader.run("return document.getElementById('notes').textContent.trim().length") > 0, f"{name}: notes say something")
    reader.keys("n", "5", Keys.ENTER, "a")
    check("appendix" in reader.run("return document.getElementById('deckfoot').textContent"), f"{name}: a leads to the appendix")
    reader.keys("a")
    check(at() == 5, f"{name}: a leads back", at())
    reader.keys("2", Keys.ENTER, "o")
    check("overview" in state(), f"{name}: o shows the overview", state())
    cards = reader.run("return document.querySelectorAll('.card').length")
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER)
    check(cards > 4 and at() == 4 and "overview" not in state(), f"{name}: a card of the overview is opened by keys", at())
    reader.keys("f")
    time.sleep(0.2)
    check(reader.run("return !!document.fullscreenElement"), f"{name}: f fills the screen")
    reader.keys("f")
    time.sleep(0.2)
    check(not reader.run("return !!document.fullscreenElement"), f"{name}: f gives the screen back")
    windows = len(reader.driver.window_handles)
    reader.keys("s")
    time.sleep(0.5)
    if check(len(reader.driver.window_handles) == windows + 1, f"{name}: s opens the speaker's window"):
        own = reader.driver.current_window_handle
        reader.driver.switch_to.window(reader.driver.window_handles[-1])
        reader.size(1366, 768)
        time.sleep(0.2)
        parts = reader.run("return ['.now','.next','.say','.clock','.reader'].map(q=>document.querySelector(q).textContent.trim().length)")
        check(all(parts), f"{name}: it has this slide, the next, notes, a clock and the page", parts)
        wrong = reader.run(SPEAKER)
        check(not wrong, f"{name}: both slides are whole, and all can be read", wrong)
        reader.keys(Keys.ARROW_LEFT)
        reader.driver.close()
        reader.driver.switch_to.window(own)
        check(at() == 3, f"{name}: its keys move the deck", at())
    reader.keys(Keys.END)
    last = at()
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    check(at() == last, f"{name}: the last slide is the last")
    # The figure of an explorable slide fills the slide; in some pages every slider is in a fold.
    place, count = reader.run(
        "const d=JSON.parse(document.querySelector('.deck').textContent);"
        "const e=[...document.querySelectorAll('.explore:not(.choices)')].map(e=>e.closest('[data-s]')).find(e=>e);"
        "return [e?+e.dataset.s.split(' ')[0]:null,d.filter(c=>!c.appendix).length]")
    if place is not None:
        explorable(reader, name, at, state, place, count)
    reader.keys(Keys.ESCAPE)
    check(state() == [], f"{name}: Escape ends the slides", state())
    check(reader.run("return [...document.querySelectorAll('article>.on,#stage,#notes')].length") == 0,
          f"{name}: nothing of the slides is left")


def explorable(reader, name, at, state, place, count):
    """The slide of a figure with a slider: its size, zoomed, its frames."""
    shown = "article>.on .explore:not(.choices)"
    if place < count:
        reader.keys(*str(place + 1), Keys.ENTER)
    else:
        reader.keys("a", Keys.HOME, *([Keys.ARROW_RIGHT] * 3 * (place - count)))
    for _ in range(60):
        if reader.run(f"return !!document.querySelector('{shown}')"):
            break
        reader.keys(Keys.ARROW_LEFT)
    share = reader.run(
        "const r=[...document.querySelectorAll('article>.on .pic svg')].find(e=>e.getClientRects().length).getBoundingClientRect();"
        "return Math.max(r.width / innerWidth, r.height / innerHeight)")
    check(share > 0.6, f"{name}: a figure fills its slide", share)
    reader.keys("z")
    check("zoom" in state(), f"{name}: z shows the figure alone", state())
    reader.keys(Keys.ESCAPE)
    check(state() == ["present"], f"{name}: Escape leads back to the slide", state())
    slide = at()
    value = f"return document.querySelector('{shown} input').value"
    before = reader.run(value)
    reader.keys(Keys.ARROW_UP if before != "0" else Keys.ARROW_DOWN)
    check(reader.run(value) != before and at() == slide, f"{name}: up and down turn the frames", [before, at()])
    reader.run(f"document.querySelector('{shown} input').focus()")
    slider(reader, name + ", on a slide", "article>.on ")
    check(at() == slide, f"{name}: the slider's arrows do not turn the slide", at())
    reader.run("document.activeElement.blur()")


def predictions(reader, name):
    """Answers by click and by keys, passing, the calibration, a reload."""
    reader.run("localStorage.clear()")
    reader.driver.refresh()
    veils = lambda: reader.run("return document.querySelectorAll('.veil').length")
    asked = reader.run("return document.querySelectorAll('.predict .answer').length")
    check(veils() == asked, f"{name}: every question veils its answer", [veils(), asked])
    hidden = reader.run("return [...document.querySelectorAll('.veiled')].filter(e=>e.getClientRects().length).length")
    check(hidden == 0, f"{name}: what is veiled is not shown", hidden)
    focus = lambda: reader.run("return document.activeElement.textContent")
    if reader.run("return !!document.querySelector('.opts button')"):
        reader.run("document.querySelector('.opts button').focus()")
        reader.keys(Keys.ENTER)
        check(focus() == "50 %", f"{name}: from a choice the keyboard goes on to the confidence", focus())
        hidden = reader.run("return document.querySelector('.opts').closest('.box').querySelector('.answer').hidden")
        reader.keys(Keys.TAB, Keys.TAB, Keys.ENTER)
        told = reader.run("return document.querySelector('.opts').closest('.box').querySelector('.verdict').textContent")
        check(hidden and ("Right" in told or "Not" in told), f"{name}: a choice with a confidence is answered", told)
        check(focus() == "The answer", f"{name}: from the confidence the keyboard goes on to the answer", focus())
        reader.keys(Keys.TAB)
        onward = reader.run(
            "const b=document.querySelector('.opts').closest('.box'),a=document.activeElement;"
            "return a!==document.body&&!!(b.compareDocumentPosition(a)&Node.DOCUMENT_POSITION_FOLLOWING)")
        check(onward, f"{name}: from the answer the keyboard goes on behind the question", focus())
    if reader.run("return !!document.querySelector('.guess')"):
        number(reader, name)
    if reader.run("return !!document.querySelector('.sketch')"):
        curve(reader, name)
    if reader.run("return !!document.querySelector('.veil button')"):
        reader.run("document.querySelector('.veil button').focus()")
        reader.keys(Keys.ENTER)
        check(focus() == "The answer", f"{name}: from skipping the keyboard goes on to the answer", focus())
    reader.run("document.querySelectorAll('.veil button').forEach(b => b.click())")
    check(veils() == 0, f"{name}: passing opens what was veiled", veils())
    words = lambda: reader.run("return document.querySelector('.calibration')?.textContent || ''")
    check("right" in words(), f"{name}: the calibration says how often", words())
    before = words()
    reader.driver.refresh()
    check(veils() == 0 and words() == before, f"{name}: predictions are kept", [veils(), words()])
    reader.run("localStorage.clear();document.activeElement.blur()")


def number(reader, name):
    """A number: entered as people write it, judged, kept, on a slide, on paper."""
    ask = lambda script: reader.run("const g=document.querySelector('.guess'),b=g.closest('.box'),i=g.querySelector('input');" + script)
    right = float(ask("i.focus();return g.dataset.answer"))
    reader.keys("?", Keys.ENTER)
    check(ask("return i.getAttribute('aria-invalid')==='true'&&document.activeElement===i"),
          f"{name}: what is no number is not taken")
    # A decimal comma, followed by a unit.
    reader.keys(Keys.BACKSPACE, *repr(1.2 * right).replace(".", ","), " ", "%", Keys.ENTER)
    check(ask("return document.activeElement.textContent") == "50 %", f"{name}: a number asks how sure")
    check(ask("return b.querySelector('.answer').hidden"), f"{name}: the answer waits for that")
    reader.keys(Keys.TAB, Keys.ENTER)
    verdict = lambda: ask("return b.querySelector('.verdict').textContent")
    check("ff by 20 %" in verdict(), f"{name}: a number is told how far it is off", verdict())
    settled = "return [i.value,i.readOnly,b.querySelector('.sure').hidden,b.querySelector('.answer').open,g.querySelector('button').hidden]"
    before = [ask(settled), verdict()]
    check(before[0][1:] == [True] * 4, f"{name}: an answered question is closed", before)
    reader.driver.refresh()
    kept = [ask(settled), verdict()]
    check(kept == before, f"{name}: a number is kept as it was typed, with what was said of it", [before, kept])
    # On a slide, the audience's number is entered, and the reader's is unchanged.
    slide = ask("return b.dataset.s?.split(' ')[0]")
    if slide and reader.run("return !JSON.parse(document.querySelector('.deck').textContent)[arguments[0]].appendix", int(slide)):
        reader.keys("p", *str(int(slide) + 1), Keys.ENTER)
        ask("i.focus()")
        reader.keys(*repr(right), Keys.ENTER)
        check("exactly" in verdict() and ask("return b.querySelector('.answer').open"), f"{name}: a slide judges a number", verdict())
        reader.keys(Keys.ESCAPE)
        check([ask(settled), verdict()] == kept, f"{name}: the page has the reader's number again", ask(settled))
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    paper = ask("const seen=e=>e.getClientRects().length>0;return [seen(i),seen(g.querySelector('button')),seen(b.querySelector('.asked'))]")
    check(paper == [True, False, True], f"{name}: on paper a number has a line to write on", paper)
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def curve(reader, name):
    """A curve drawn on empty axes: by keys, by touch, by mouse; judged, shown over the truth, kept."""
    ask = lambda script: reader.run(
        "const w=document.querySelector('.sketch'),b=w.closest('.box'),f=document.querySelector('.blank')||document.querySelector('.sketched')?.closest('figure'),"
        "s=f&&[...f.querySelectorAll('.pic svg')].find(e=>e.getClientRects().length),p=f?.querySelector('.sketched');" + script)
    start = ask("s.scrollIntoView({block:'center',behavior:'instant'});const {x,y}=JSON.parse(s.dataset.hover),m=s.getScreenCTM();"
                "const at=(u,v)=>{const q=new DOMPoint(x[0]+u*(x[1]-x[0]),y[0]+v*(y[1]-y[0])).matrixTransform(m);return [q.x,q.y]};"
                "return [at(.02,.9),at(.5,.1),at(.98,.05)]")
    unseen = ask("return [s.querySelectorAll('.unseen').length,getComputedStyle(f.querySelector('figcaption')).display]")
    check(unseen[0] > 0 and unseen[1] == "none", f"{name}: the axes are empty", unseen)
    points = "return (p.getAttribute('d')||'').split('L').length"
    ask("w.querySelector('button').click()")
    check(ask("return w.getAttribute('aria-invalid')==='true'&&document.activeElement===s"), f"{name}: no curve is no answer")
    for _ in range(11):
        reader.keys(Keys.ARROW_RIGHT)
    reader.keys(Keys.ARROW_UP)
    check(ask(points) == 11, f"{name}: arrow keys draw a curve", ask(points))
    touch = lambda kind, *at: reader.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {
        "type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})
    before = ask("return p.getAttribute('d')")
    touch("touchStart", start[0])
    touch("touchMove", start[1])
    touch("touchEnd")
    check(ask("return p.getAttribute('d')") != before, f"{name}: a finger draws a curve")
    mouse = lambda kind, at: reader.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {
        "type": kind, "x": at[0], "y": at[1], "button": "left", "buttons": 1, "clickCount": 1})
    mouse("mousePressed", start[0])
    for part in range(1, 21):
        a, c = (start[0], start[1]) if part <= 10 else (start[1], start[2])
        t = part / 10 if part <= 10 else part / 10 - 1
        mouse("mouseMoved", [a[0] + t * (c[0] - a[0]), a[1] + t * (c[1] - a[1])])
    mouse("mouseReleased", start[2])
    check(ask(points) > 10, f"{name}: a mouse draws a curve", ask(points))
    ask("w.querySelector('button').click()")
    check(ask("return document.activeElement.textContent") == "50 %", f"{name}: a curve asks how sure")
    reader.keys(Keys.ENTER)
    shown = ("return [b.querySelector('.verdict').textContent,s.querySelectorAll('.unseen').length,!!p.getAttribute('d'),"
             "getComputedStyle(p).visibility,w.querySelector('button').hidden]")
    after = ask(shown)
    check("of the axis away" in after[0] and after[1:] == [0, True, "visible", True], f"{name}: a curve is judged, and lies over the truth", after)
    reader.driver.refresh()
    check(ask(shown) == after, f"{name}: a curve is kept", [after, ask(shown)])


def hover(reader, name):
    """A value under the pointer, and by arrow keys."""
    if not reader.run("return !!document.querySelector('svg[data-hover]')"):
        return
    # The point under the pointer and its numbers: position and value on a curve, the value of a bar.
    tip = lambda: reader.run("const t=document.querySelector('.tip');return t?[t.firstChild.textContent,t.lastChild.textContent]:['','']")
    tells = lambda told: told[0] and any(c.isdigit() for c in told[1])
    place = reader.run(
        "const s=[...document.querySelectorAll('.pic svg[data-hover]')].find(e=>e.getClientRects().length);"
        "s.scrollIntoView({block:'center',behavior:'instant'});const b=s.getBoundingClientRect();"
        "return [b.left+b.width*.4,b.top+b.height*.5]")
    reader.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": place[0], "y": place[1]})
    time.sleep(0.1)
    check(tells(tip()), f"{name}: the pointer tells the nearest value", tip())
    reader.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 2, "y": 2})
    reader.run("[...document.querySelectorAll('.pic svg[data-hover]')].find(e=>e.getClientRects().length).focus()")
    reader.keys(Keys.ARROW_RIGHT)
    first = tip()
    reader.keys(Keys.ARROW_RIGHT)
    check(tells(first) and tip() != first, f"{name}: arrow keys walk along the data", [first, tip()])
    reader.run("document.activeElement.blur()")


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
