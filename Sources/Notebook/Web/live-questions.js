// Questions to try: "Show me" sets the panel to the question's settings, as a reader would.

// Waits until the test succeeds, checking every few milliseconds; returns false after the given number of seconds.
const until = async (test, seconds) => {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    if (test()) return true;
    await new Promise(next => setTimeout(next, 10));
  }
  return false;
};

// Waits until the panel has not changed for a moment.
const settled = async section => {
  let changed = performance.now();
  const observer = new MutationObserver(() => changed = performance.now());
  observer.observe(section, {attributes: true, childList: true, subtree: true});
  await until(() => performance.now() - changed > 50, 5);
  observer.disconnect();
};

// The actions of a question: `choose` presses buttons of choices, `set` moves sliders, `type` fills fields, `drag`
// moves a point of a picture, `strokes` draws, `press` presses keys, `steps` makes steps up to a number, `plays` starts
// playing. The actions in `first` are done before the others.
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
    // This pointer does not exist, so it cannot be captured.
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

// The buttons of a panel: each applies the page's own settings, then the question's actions. The last one pressed
// counts.
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
