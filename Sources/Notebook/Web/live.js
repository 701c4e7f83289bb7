// Panels: each is a section of the page with its own worker that computes, a script that draws, and an address.

const $ = (query, node = document) => node.querySelector(query);
const $$ = (query, node = document) => [...node.querySelectorAll(query)];
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text != null) element.textContent = text;
  return element;
};
const calm = matchMedia("(prefers-reduced-motion:reduce)");

// The drawing function of each panel by name: `draw.window = async panel => …`. Each script below adds one.
const draw = {};

// Resolves when the page is idle.
const idle = () => new Promise(done => window.requestIdleCallback ? requestIdleCallback(done, {timeout: 2000}) : setTimeout(done, 200));

// The settings of panels in the address: `#ch09-live-window?stride=2&ch09-live-other?seed=3`, by the names of their
// sections. For each panel, also for those not yet open, the address contains what differs from the initial settings.
const addresses = new Map();
const readAddress = () => {
  addresses.clear();
  let name;
  for (const item of location.hash.slice(1).split("&")) {
    const [, id, setting] = /^([^?=]*)\?(.*)$/.exec(item) || (item.includes("=") ? [, name, item] : [, item, ""]);
    if (id !== name && document.getElementById(id)?.matches(".panel")) addresses.set(id, {});
    name = id;
    const [key, value] = setting.split("=");
    if (value != null && addresses.has(id)) {
      // Some programs encode a comma as `%2C`; text that is not a valid encoding is not changed.
      try { addresses.get(id)[key] = decodeURIComponent(value) } catch (e) { addresses.get(id)[key] = value }
    }
  }
};
// The panel that was changed last is first; the page opens there.
const writeAddress = first => {
  const text = id => {
    const query = Object.entries(addresses.get(id)).map(([key, value]) => `${key}=${value}`).join("&");
    return id + (query && "?" + query);
  };
  const others = [...addresses.keys()].filter(id => id !== first && Object.keys(addresses.get(id)).length);
  try { history.replaceState(null, "", "#" + [first, ...others].map(text).join("&")) } catch (e) {}
};
readAddress();

// A worker with an instance of the module; it answers questions in order.
class Thread {
  constructor() {
    Thread.source ||= URL.createObjectURL(new Blob([workerScript], {type: "text/javascript"}));
    this.waiting = new Map();
    this.sent = 0;
    this.worker = new Worker(Thread.source);
    this.worker.onmessage = ({data}) => {
      const {resolve, reject} = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error) reject(Error(data.error));
      else resolve(data);
    };
    this.worker.onerror = event => this.waiting.forEach(({reject}) => reject(Error(event.message || "its worker does not start")));
  }

  send(message) {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.sent, {resolve, reject});
      this.worker.postMessage({id: this.sent, ...message});
    });
  }

  end() { this.worker.terminate() }
}

// The page's first worker unpacks and compiles the module for all workers; then it proves panels, so that theirs stay
// free.
let first;
const firstThread = () => {
  const home = $("#live-module");
  if (home.dataset.missing) throw Error(home.dataset.missing);
  if (!first) {
    first = new Thread();
    first.module = first.send({packed: home.textContent}).then(({module}) => module);
  }
  return first;
};

// Returns a worker with the module for a panel; one is kept in reserve for the next panel that becomes visible.
let reserve;
const newThread = async () => {
  const {module} = firstThread(), thread = new Thread();
  await thread.send({module: await module});
  return thread;
};
const keepReserve = () => (reserve ||= newThread()).catch(() => {});
const takeThread = () => {
  const thread = reserve || newThread();
  reserve = null;
  return thread;
};

class Panel {
  constructor(section) {
    this.section = section;
    this.name = section.dataset.panel;
    this.stage = $(".stage", section);
    this.wait = this.stage.firstChild;
    const data = JSON.parse($(".panel-data", section).textContent);
    this.settings = data.settings;
    this.proof = data.proof;
    // As text, which the worker decodes.
    this.numbers = data.numbers;
    // The exercise, if the panel computes with the learner's own answer.
    const {panel, exercise} = $("#live-module").dataset;
    this.exercise = panel === this.name && exercise;
    this.state = {};
    this.#followAddress();
  }

  // Adds settings that the script defines, with their initial values. In the address, their values are text.
  starting(settings) {
    this.settings = {...settings, ...this.settings};
    for (const [name, value] of Object.entries(settings)) {
      if (!(name in this.state)) this.state[name] = value;
      else if (typeof value === "number") this.state[name] = numberOr(value, this.state[name]);
    }
    return this.state;
  }

  // Combines the settings with those in the address.
  #followAddress() {
    Object.keys(this.state).forEach(name => delete this.state[name]);
    Object.assign(this.state, this.settings);
    for (const [name, value] of Object.entries(addresses.get(this.section.id) || {})) {
      this.state[name] = typeof this.settings[name] === "number" ? numberOr(this.settings[name], value) : value;
    }
  }

  // Called when the address of an open page is changed by hand or by going back.
  async readdress() {
    const wanted = JSON.stringify(addresses.get(this.section.id) || {});
    if (this.section.dataset.state !== "open" || JSON.stringify(this.#changed()) === wanted) return;
    clearTimeout(this.told);
    this.#followAddress();
    await this.#draw();
  }

  // Opens and draws the panel; then its numbers are compared with the native ones, while the reader can already use it.
  async open() {
    this.thread = await takeThread();
    await this.thread.send({name: this.name});
    await this.#draw();
    this.section.dataset.state = "open";
    await this.#prove();
  }

  // Draws everything again; event handlers of the old drawing outside the stage are removed.
  async #draw() {
    this.drawn?.abort();
    this.drawn = new AbortController();
    this.stage.replaceChildren();
    await draw[this.name](this);
    tellKeys(this);
  }

  // Restores the page's settings.
  async restart() {
    Object.keys(this.state).forEach(name => delete this.state[name]);
    Object.assign(this.state, this.settings);
    this.remember();
    await this.#draw();
  }

  // Handles an event of the section until the panel is drawn again.
  listen(event, action) { this.section.addEventListener(event, action, {signal: this.drawn.signal}) }

  // Sends a question to the panel's Swift code, a word and numbers, and returns lists of numbers. The page's own
  // numbers are text. If the computation stops with an error, the panel closes and the promise is never resolved.
  async ask(question, numbers = []) {
    try {
      const {parts, took} = await this.#heard(this.thread.send({question, numbers}));
      this.took = took;
      return parts;
    } catch (error) {
      this.fail(error, true);
      return new Promise(() => {});
    }
  }

  // The answer of a worker. The book's code always terminates; the learner's may not.
  #heard(answer) {
    if (!this.exercise) return answer;
    let clock;
    const late = new Promise((_, reject) => clock = setTimeout(() => reject(Error("it has computed for ten seconds without an end")), 10000));
    return Promise.race([answer, late]).catch(error => { throw Error(`your answer to exercise ${this.exercise}: ${error.message}`) })
      .finally(() => clearTimeout(clock));
  }

  // Compares the browser's numbers with the native ones: whole numbers must be equal; the relative error of others must
  // be at most 1/10,000 of the number, or of 1/10 of the largest number in its group if that is more.
  async #prove() {
    // Code that may not terminate gets its own worker, because other panels need the first one.
    const {exercise} = this, thread = exercise ? await newThread() : firstThread();
    const {parts: mine} = await this.#heard(thread.send({proof: this.name, numbers: this.numbers}))
      .finally(() => { if (exercise) thread.end() });
    const book = exercise ? "the book’s code" : "the program that made the page", own = exercise ? "your answer" : "this browser";
    const counts = parts => parts.map(part => part.length).join(), isLike = counts(mine) === counts(this.proof);
    let [apart, worst] = isLike ? [0, ""] : [Infinity, "they do not have the same numbers"];
    this.proof.forEach((group, g) => {
      const largest = Math.max(...group.map(Math.abs), 1e-30);
      group.forEach((number, k) => {
        const other = mine[g]?.[k] ?? NaN, size = g ? Math.max(Math.abs(number), largest / 10) : 0;
        const distance = number === other ? 0 : g && Number.isFinite(other) ? Math.abs(number - other) / size : Infinity;
        if (distance <= apart) return;
        apart = distance;
        worst = `${g ? `number ${k + 1} of group ${g}` : `whole number ${k + 1}`} is ${+number.toPrecision(7)} in ${book}, `
          + `and ${+other.toPrecision(7)} in ${own}`;
      });
    });
    if (!(apart < 1e-4)) {
      const error = Error(`${own} and ${book} differ: ${worst}${
        apart < Infinity ? `, a relative difference of ${apart.toPrecision(2)}` : ""}`);
      throw Object.assign(error, {disagrees: true});
    }
    const [whole, ...groups] = this.proof, rest = groups.flat().length;
    const equal = [
      whole.length && counted(whole.length, "whole number"), rest && !apart && counted(rest, "decimal number"),
    ].filter(Boolean).join(" and ");
    const agrees = [
      equal && `${equal} equal to those of ${book}`,
      rest && apart && `${counted(rest, "decimal number")} within ${scientific(apart)} of those of ${book}`,
    ].filter(Boolean).join(", ");
    const line = $(".agrees", this.section);
    line.textContent = exercise
      ? `Your own Swift computes here: exercise ${exercise}. Checked when the panel opened: ${agrees}.`
      : `The book’s own Swift computes in this page. Checked when the panel opened: ${agrees}.`;
    line.title = apart
      ? "Each difference is relative to the number itself, or to a tenth of the largest number in its group if that is more." : "";
    if (exercise) this.section.dataset.exercise = exercise;
    Object.assign(this.section.dataset, {apart, whole: whole.length});
  }

  // Explains why the panel cannot be used. If numbers differ, the program's figure replaces the panel; otherwise the
  // page refers to the figure. With `again`, the panel can be opened again from the start.
  fail(error, again = false) {
    this.thread?.end();
    this.drawn?.abort();
    this.stage.replaceChildren(error.disagrees ? this.#recorded() : this.wait);
    this.section.dataset.state = "closed";
    this.section.removeAttribute("data-plays");
    $(".agrees", this.section).textContent = `Closed: ${error.message}. `;
    if (!again) return;
    const button = make("button", "", "Open it again, from the start");
    button.addEventListener("click", () => {
      button.remove();
      Object.assign(this.state, this.settings);
      this.remember();
      this.open().catch(error => this.fail(error));
    });
    $(".agrees", this.section).append(button);
  }

  // The program's figure, in place of the stage.
  #recorded() {
    const figure = document.getElementById($("a", this.wait)?.hash.slice(1));
    const picture = figure && $(".pic svg", figure);
    if (!picture) return this.wait;
    const copy = picture.cloneNode(true);
    // An id must be unique in a page; references in the copy use the original's elements.
    $$("[id]", copy).concat(copy).forEach(element => element.removeAttribute("id"));
    const box = make("div", "recorded");
    box.append(make("p", "part-name", `as the program drew it: figure ${figure.dataset.figure}`), copy);
    return box;
  }

  // The settings that differ from the initial ones, in the format of the address.
  #changed() {
    const differs = ([name, value]) => value != null && value !== (this.settings[name] ?? "");
    const changed = Object.entries(this.state).filter(differs);
    return Object.fromEntries(changed.map(([name, value]) => [name, String(value)]));
  }

  remember() {
    clearTimeout(this.told);
    this.told = setTimeout(() => {
      addresses.set(this.section.id, this.#changed());
      writeAddress(this.section.id);
    }, 200);
  }
}

// The value in the address if it is a number, otherwise the initial value.
const numberOr = (start, text) => text !== "" && Number.isFinite(+text) ? +text : start;

const counted = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const scientific = number => {
  const [digits, power] = number.toExponential(0).split("e");
  return `${digits}·10${[...String(+power)].map(c => c === "-" ? "⁻" : superscripts[c]).join("")}`;
};
const fixed = (number, digits = 2) => number.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−");
