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

// The module is compiled once for all panels of the page.
let compiled;
const moduleOfPage = () => compiled ||= (async () => {
  const home = $("#live-module");
  if (home.dataset.missing) throw Error(home.dataset.missing);
  return WebAssembly.compile(await unpacked(home.textContent, "gzip").arrayBuffer());
})();

// Numbers of 16 bits, as `Half` in LivePanel.swift writes them.
const halves = base64 => {
  const view = new DataView(bytesOf(base64).buffer), numbers = new Float32Array(view.byteLength / 2);
  for (let k = 0; k < numbers.length; k++) {
    const bits = view.getUint16(2 * k, true), exponent = bits >> 10 & 31, mantissa = bits & 1023;
    const size = exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa / 2 ** 24;
    numbers[k] = bits & 0x8000 ? -size : size;
  }
  return numbers;
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
    this.numbers = halves(data.numbers);
    this.state = {...this.settings, ...this.#addressed()};
    this.waiting = new Map();
  }

  // Opens the thread and draws; then, when there is time, holds numbers of its own against the native ones.
  async open() {
    const source = $("#live-worker").textContent;
    this.url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    this.worker = new Worker(this.url);
    this.worker.onmessage = ({data}) => {
      const {resolve, reject} = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      this.took = data.took;
      if (data.error) reject(Error(data.error));
      else resolve(data.parts);
    };
    await this.#send({module: await moduleOfPage(), name: this.name});
    await this.#draw();
    this.section.dataset.state = "open";
    await idle();
    await this.#prove();
  }

  // Draws everything anew; what the old drawing listened to outside the stage, it hears no more.
  async #draw() {
    this.drawn?.abort();
    this.drawn = new AbortController();
    this.stage.replaceChildren();
    await draw[this.name](this);
  }

  // Back to the page's settings.
  async restart() {
    Object.assign(this.state, this.settings);
    this.remember();
    await this.#draw();
  }

  // Listens to the section for as long as this drawing stands.
  listen(event, action) { this.section.addEventListener(event, action, {signal: this.drawn.signal}) }

  // Asks the panel's Swift: a word and numbers, for lists of numbers.
  ask(question, numbers = []) { return this.#send({question, numbers}) }

  #send(message) {
    return new Promise((resolve, reject) => {
      const id = this.sent = (this.sent || 0) + 1;
      this.waiting.set(id, {resolve, reject});
      this.worker.postMessage({id, ...message});
    });
  }

  // How far the browser's numbers and the native ones agree, relative to the largest of them.
  async #prove() {
    const [mine] = await this.ask("proof", this.numbers);
    const size = Math.max(...this.proof.map(Math.abs), 1e-30);
    const apart = this.proof.map((number, k) => Math.abs(number - mine[k]) / Math.max(Math.abs(number), size / 10));
    this.apart = mine.length === this.proof.length ? Math.max(0, ...apart) : Infinity;
    const {panel, exercise} = $("#live-module").dataset, isMine = panel === this.name;
    if (!(this.apart < 1e-4)) {
      throw Error(`${isMine ? `your answer to exercise ${exercise}` : "this browser"} and the workbook differ by ${this.apart.toPrecision(2)} on ${this.proof.length} numbers`);
    }
    const digits = this.apart ? `within ${scientific(this.apart)}` : "to the last digit";
    $(".agrees", this.section).textContent = isMine
      ? `Your own Swift computes here: exercise ${exercise}. On ${this.proof.length} numbers it agrees with the book’s ${digits}.`
      : `The book’s own Swift, in this page. On ${this.proof.length} numbers it agrees with the native run ${digits}.`;
    if (isMine) this.section.dataset.exercise = exercise;
    this.section.dataset.apart = this.apart;
  }

  // Says why there is nothing to play with; the figure's frames are still there.
  fail(error) {
    this.worker?.terminate();
    this.drawn?.abort();
    this.stage.replaceChildren(this.wait);
    this.section.dataset.state = "closed";
    $(".agrees", this.section).textContent = `Closed: ${error.message}.`;
  }

  // The address holds what differs from the start: `#ch09-live-window?stride=2`.
  #addressed() {
    const [id, query] = decodeURIComponent(location.hash.slice(1)).split("?");
    if (id !== this.section.id || !query) return {};
    return Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [name, +value]));
  }

  remember() {
    clearTimeout(this.told);
    this.told = setTimeout(() => {
      const changed = Object.entries(this.state).filter(([name, value]) => value !== this.settings[name]);
      const query = changed.map(([name, value]) => `${name}=${value}`).join("&");
      try { history.replaceState(null, "", `#${this.section.id}${query && "?" + query}`) } catch (e) {}
    }, 200);
  }
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const scientific = number => {
  const [digits, power] = number.toExponential(0).split("e");
  return `${digits}·10${[...String(+power)].map(c => c === "-" ? "⁻" : superscripts[c]).join("")}`;
};
const fixed = (number, digits = 2) => number.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−");
