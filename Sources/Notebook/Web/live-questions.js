// Questions to try: "Show me" sets its panel as the question asks, as a reader's hand would.

// Until the test holds, looked at every few milliseconds; false after so many seconds.
const until = async (test, seconds) => {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    if (test()) return true;
    await new Promise(next => setTimeout(next, 10));
  }
  return false;
};

// Until the panel has not changed for a moment.
const settled = async section => {
  let changed = performance.now();
  const observer = new MutationObserver(() => changed = performance.now());
  observer.observe(section, {attributes: true, childList: true, subtree: true});
  await until(() => performance.now() - changed > 50, 5);
  observer.disconnect();
};

// What a question does: `choose` presses buttons of choices, `set` moves sliders, `type` fills fields, `drag` takes a
// point of a picture elsewhere, `strokes` draws, `press` are keys, `steps` are made until there are so many, `plays` lets
// it play. What stands in `first` is done before.
const act = async (section, acts, goes) => {
  const press = key => section.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
  const put = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  };
  for (const label of acts.choose || []) $$(".choices button", section).find(button => button.textContent === label).click();
  for (const [slider, value] of Object.entries(acts.set || {})) put($(`#${section.id}-${slider}`), value);
  for (const [place, text] of Object.entries(acts.type || {})) put($(place, section), text);
  await settled(section);
  if (acts.drag) {
    const [place, x, y] = acts.drag, home = $(place, section), box = home.firstChild.getBoundingClientRect();
    const at = {bubbles: true, pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height};
    // There is no such pointer, which therefore cannot be held.
    home.setPointerCapture = () => {};
    home.dispatchEvent(new PointerEvent("pointerdown", at));
    home.dispatchEvent(new PointerEvent("pointerup", at));
    delete home.setPointerCapture;
    await settled(section);
  }
  if (acts.strokes) {
    section.dispatchEvent(new CustomEvent("strokes", {detail: acts.strokes}));
    await settled(section);
  }
  for (const key of acts.press || []) {
    press(key);
    await settled(section);
  }
  const steps = () => +(section.dataset.steps ?? section.dataset.nets);
  while (acts.steps && steps() < acts.steps && goes()) {
    const before = steps();
    press(".");
    if (!await until(() => steps() !== before, 10)) return;
  }
  if (acts.plays && goes()) press(" ");
};

// The buttons of a panel: the page's own settings first, then what the question does. The last one pressed counts.
const asksOf = panel => {
  const {section} = panel, {acts} = JSON.parse($(".panel-data", section).textContent);
  let last = 0;
  $$(".asks .shows", section).forEach((button, k) => button.addEventListener("click", async () => {
    const mine = ++last, goes = () => mine === last;
    if (section.hasAttribute("data-plays")) section.dispatchEvent(new KeyboardEvent("keydown", {key: " ", bubbles: true}));
    panel.stage.scrollIntoView({block: "nearest", behavior: calm.matches ? "auto" : "smooth"});
    await panel.restart();
    await settled(section);
    for (const part of [acts[k].first, acts[k]]) if (part && goes()) await act(section, part, goes);
  }));
  // A key that opens an answer does nothing else.
  $(".asks", section)?.addEventListener("keydown", event => {
    if ([" ", "Enter"].includes(event.key)) event.stopPropagation();
  });
};
