"""The keys and the pointer, as a reader and a speaker use them, on one page with an explorable figure."""

import time

from reader import ActionChains, Keys, check


def walk(reader, page):
    """The keys, on one page."""
    name = page.parent.name
    reader.size(1280, 800)
    reader.scheme("light")
    reader.open(page.resolve().as_uri())
    state = lambda: reader.run("return document.documentElement.className.trim().split(/ +/).filter(Boolean).sort()")
    at = lambda: reader.run("return +document.getElementById('deckfoot').textContent.match(/(\\d+) \\/ /)[1]")

    talk(reader, name, state, at)
    # What is veiled cannot be walked through.
    reader.run("document.querySelectorAll('.veil button').forEach(b => b.click())")

    # Explorable figures: the first with a slider.
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

    # What is said of a figure follows its slider.
    # Two frames may have the same numbers, as where a window stands on the black edges of a digit; all of them may not.
    follows = reader.run(
        "const f=document.querySelector('.explore:not(.choices)').parentNode,i=f.querySelector('.explore:not(.choices) input');"
        "const tell=()=>[f.querySelector('.frame-value').textContent,f.querySelector('output').textContent,"
        "f.querySelector('.numbers table').textContent];"
        "const turn=v=>new Promise(done=>{f.addEventListener('redrawn',()=>done(tell()),{once:true});"
        "i.value=v;i.dispatchEvent(new Event('input'))});"
        "return (async()=>{const out=[];for(let v=0;v<=+i.max;v++)out.push(await turn(v));return out})()")
    check(all(a == b for a, b, _ in follows), f"{name}: the numbers are told to be those of the frame", follows)
    check(len({table for _, _, table in follows}) > 1, f"{name}: the numbers follow the slider", follows[0][2][:200])

    # Nothing moves by itself where the reader asked for that.
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

    # A figure alone, from the page.
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

    # Predictions: what gives the answer away waits for them, and they are kept.
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
        parts = reader.run("return ['.now','.next','.say','.clock','.beside'].map(q=>document.querySelector(q).textContent.trim().length)")
        check(all(parts[:4]), f"{name}: it has this slide, the next, notes and a clock", parts)
        reader.keys(Keys.ARROW_LEFT)
        reader.driver.close()
        reader.driver.switch_to.window(own)
        check(at() == 3, f"{name}: its keys move the deck", at())
    reader.keys(Keys.END)
    last = at()
    reader.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    check(at() == last, f"{name}: the last slide is the last")
    # The figure of an explorable slide fills it.
    place, count = reader.run(
        "const d=JSON.parse(document.querySelector('.deck').textContent);return ["
        "+document.querySelector('.explore:not(.choices)').closest('[data-s]').dataset.s.split(' ')[0],d.filter(c=>!c.appendix).length]")
    if place < count:
        reader.keys(*str(place + 1), Keys.ENTER)
    else:
        reader.keys("a", Keys.HOME, *([Keys.ARROW_RIGHT] * 3 * (place - count)))
    for _ in range(60):
        if reader.run("return !!document.querySelector('article>.on .explore')"):
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
    value = "return document.querySelector('article>.on .explore input').value"
    before = reader.run(value)
    reader.keys(Keys.ARROW_UP if before != "0" else Keys.ARROW_DOWN)
    check(reader.run(value) != before and at() == slide, f"{name}: up and down turn the frames", [before, at()])
    reader.run("document.querySelector('article>.on .explore input').focus()")
    slider(reader, name + ", on a slide", "article>.on ")
    check(at() == slide, f"{name}: the slider's arrows do not turn the slide", at())
    reader.run("document.activeElement.blur()")
    reader.keys(Keys.ESCAPE)
    check(state() == [], f"{name}: Escape ends the slides", state())
    check(reader.run("return [...document.querySelectorAll('article>.on,#stage,#notes')].length") == 0,
          f"{name}: nothing of the slides is left")


def predictions(reader, name):
    """Answers by click and by keys, passing, the calibration, a reload."""
    reader.run("localStorage.clear()")
    reader.driver.refresh()
    veils = lambda: reader.run("return document.querySelectorAll('.veil').length")
    asked = reader.run("return document.querySelectorAll('.predict .answer').length")
    check(veils() == asked, f"{name}: every question veils its answer", [veils(), asked])
    hidden = reader.run("return [...document.querySelectorAll('.veiled')].filter(e=>e.getClientRects().length).length")
    check(hidden == 0, f"{name}: what is veiled is not shown", hidden)
    if reader.run("return !!document.querySelector('.opts button')"):
        reader.run("document.querySelector('.opts button').click()")
        told = reader.run(
            "const b=document.querySelector('.opts').closest('.box'),before=b.querySelector('.answer').hidden;"
            "b.querySelectorAll('.sure button')[2].click();return [before,b.querySelector('.verdict').textContent]")
        check(told[0] and ("Right" in told[1] or "Not" in told[1]), f"{name}: a choice with a confidence is answered", told)
    if reader.run("return !!document.querySelector('.guess')"):
        right = reader.run("const g=document.querySelector('.guess');g.querySelector('input').focus();return g.dataset.answer")
        verdict = "return document.querySelector('.guess').closest('.box').querySelector('.verdict').textContent"
        reader.keys(*str(1.2 * float(right)), Keys.ENTER)
        check(reader.run("return document.activeElement.textContent") == "50 %", f"{name}: a number asks how sure")
        reader.keys(Keys.TAB, Keys.ENTER)
        check("ff by 20 %" in reader.run(verdict), f"{name}: a number is told how far it is off", reader.run(verdict))
    reader.run("document.querySelectorAll('.veil button').forEach(b => b.click())")
    check(veils() == 0, f"{name}: passing opens what was veiled", veils())
    words = lambda: reader.run("return document.querySelector('.calibration')?.textContent || ''")
    check("right" in words(), f"{name}: the calibration says how often", words())
    before = words()
    reader.driver.refresh()
    check(veils() == 0 and words() == before, f"{name}: predictions are kept", [veils(), words()])
    reader.run("localStorage.clear();document.activeElement.blur()")


def hover(reader, name):
    """A value under the pointer, and by arrow keys."""
    if not reader.run("return !!document.querySelector('svg[data-hover]')"):
        return
    # What is pointed at, and its numbers: a place and a value of a curve, the value of a bar.
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
