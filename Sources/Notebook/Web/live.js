// Panels: each a section of the page with a thread of its own that computes, a script that draws, and its address.

const $ = (query, node = document) => node.querySelector(query);
const $$ = (query, node = document) => [...node.querySelectorAll(query)];
const make = (tag, style, text) => {
  const element = document.createElement(tag);
  if (style) element.className = style;
  if (text != null) element.textContent = text;
  return element;
};
const calm = matchMedia("(prefers-reduced-motion:reduce)");

// What draws each panel, by its name: `draw.window = async panel => …`. Each script below adds one.
const draw = {};

// When the page has nothing else to do.
const idle = () => new Promise(done => window.requestIdleCallback ? requestIdleCallback(done, {timeout: 2000}) : setTimeout(done, 200));

// What the address says of the panels: `#ch09-live-window?stride=2&ch09-live-other?seed=3`, by their sections' names. Each
// keeps what differs from its start, those too that are not open yet.
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
      // Some programs write `%2C` for a comma; what is no such sign stays as it is.
      try { addresses.get(id)[key] = decodeURIComponent(value) } catch (e) { addresses.get(id)[key] = value }
    }
  }
};
// The panel that was moved last stands first: there the page opens.
const writeAddress = first => {
  const text = id => {
    const query = Object.entries(addresses.get(id)).map(([key, value]) => `${key}=${value}`).join("&");
    return id + (query && "?" + query);
  };
  const others = [...addresses.keys()].filter(id => id !== first && Object.keys(addresses.get(id)).length);
  try { history.replaceState(null, "", "#" + [first, ...others].map(text).join("&")) } catch (e) {}
};
readAddress();

// A thread with an instance of the module in it: what is asked first is answered first.
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
    this.worker.onerror = event => this.waiting.forEach(({reject}) => reject(Error(event.message || "its thread does not start")));
  }

  send(message) {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.sent, {resolve, reject});
      this.worker.postMessage({id: this.sent, ...message});
    });
  }

  end() { this.worker.terminate() }
}

// The page's first thread unpacks and compiles the module for all; then it proves panels, whose own threads stay free.
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

// A thread for a panel, with the module in it; one is kept in reserve for the panel that comes into view next.
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
    // As text: its thread reads them.
    this.numbers = data.numbers;
    // The exercise whose answer, the reader's own, computes here.
    const {panel, exercise} = $("#live-module").dataset;
    this.exercise = panel === this.name && exercise;
    this.state = {};
    this.#followAddress();
  }

  // Settings that the chapter leaves to the script, as the panel starts. What the address says of them is here a text.
  starting(settings) {
    this.settings = {...settings, ...this.settings};
    for (const [name, value] of Object.entries(settings)) {
      if (!(name in this.state)) this.state[name] = value;
      else if (typeof value === "number") this.state[name] = numberOr(value, this.state[name]);
    }
    return this.state;
  }

  // The settings, and what the address says besides.
  #followAddress() {
    Object.keys(this.state).forEach(name => delete this.state[name]);
    Object.assign(this.state, this.settings);
    for (const [name, value] of Object.entries(addresses.get(this.section.id) || {})) {
      this.state[name] = typeof this.settings[name] === "number" ? numberOr(this.settings[name], value) : value;
    }
  }

  // The address of an open page was changed by hand, or by the way back.
  async readdress() {
    const wanted = JSON.stringify(addresses.get(this.section.id) || {});
    if (this.section.dataset.state !== "open" || JSON.stringify(this.#changed()) === wanted) return;
    clearTimeout(this.told);
    this.#followAddress();
    await this.#draw();
  }

  // Opens and draws; then its numbers are held against the native ones, while the reader plays already.
  async open() {
    this.thread = await takeThread();
    await this.thread.send({name: this.name});
    await this.#draw();
    this.section.dataset.state = "open";
    await this.#prove();
  }

  // Draws everything anew; what the old drawing listened to outside the stage, it hears no more.
  async #draw() {
    this.drawn?.abort();
    this.drawn = new AbortController();
    this.stage.replaceChildren();
    await draw[this.name](this);
    tellKeys(this);
  }

  // Back to the page's settings.
  async restart() {
    Object.keys(this.state).forEach(name => delete this.state[name]);
    Object.assign(this.state, this.settings);
    this.remember();
    await this.#draw();
  }

  // Listens to the section for as long as this drawing stands.
  listen(event, action) { this.section.addEventListener(event, action, {signal: this.drawn.signal}) }

  // Asks the panel's Swift: a word and numbers, for lists of numbers. The page's own numbers are text.
  // Where it stops half-way the panel closes, and nobody hears an answer.
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

  // What a thread answers. The book's code comes to an end; the reader's own may not.
  #heard(answer) {
    if (!this.exercise) return answer;
    let clock;
    const late = new Promise((_, reject) => clock = setTimeout(() => reject(Error("it has computed for ten seconds without an end")), 10000));
    return Promise.race([answer, late]).catch(error => { throw Error(`your answer to exercise ${this.exercise}: ${error.message}`) })
      .finally(() => clearTimeout(clock));
  }

  // How far the browser's numbers and the native ones agree: whole numbers to the last digit; every other one within a
  // ten-thousandth of itself, or of a tenth of the largest of its group, where it is smaller than that.
  async #prove() {
    // What may never end has a thread of its own: the other panels need the first.
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
        apart < Infinity ? `, apart by ${apart.toPrecision(2)} of it` : ""}`);
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
      ? "Each difference is a share of the number itself, or of a tenth of the largest number of its kind." : "";
    if (exercise) this.section.dataset.exercise = exercise;
    Object.assign(this.section.dataset, {apart, whole: whole.length});
  }

  // Says why there is nothing to play with. Where numbers differ, the figure stands here that the program drew;
  // elsewhere the page says where it is. It may open `again`, from the start.
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

  // What the program drew of it, in the place of the stage.
  #recorded() {
    const figure = document.getElementById($("a", this.wait)?.hash.slice(1));
    const picture = figure && $(".pic svg", figure);
    if (!picture) return this.wait;
    const copy = picture.cloneNode(true);
    // Names stand once in a page; what the copy's own shapes refer to is the original's.
    $$("[id]", copy).concat(copy).forEach(element => element.removeAttribute("id"));
    const box = make("div", "recorded");
    box.append(make("p", "part-name", `as the program drew it: figure ${figure.dataset.figure}`), copy);
    return box;
  }

  // What differs from the start, as the address has it.
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

// What the address says, where it is a number.
const numberOr = (start, text) => text !== "" && Number.isFinite(+text) ? +text : start;

const counted = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const scientific = number => {
  const [digits, power] = number.toExponential(0).split("e");
  return `${digits}·10${[...String(+power)].map(c => c === "-" ? "⁻" : superscripts[c]).join("")}`;
};
const fixed = (number, digits = 2) => number.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−");
