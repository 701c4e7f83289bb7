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
    this.state = {...this.settings, ...this.#addressed()};
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
  }

  // Back to the page's settings.
  async restart() {
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

  // How far the browser's numbers and the native ones agree, relative to the largest of them.
  async #prove() {
    // What may never end has a thread of its own: the other panels need the first.
    const {exercise} = this, thread = exercise ? await newThread() : firstThread();
    const {parts: [mine]} = await this.#heard(thread.send({proof: this.name, numbers: this.numbers}))
      .finally(() => { if (exercise) thread.end() });
    const size = Math.max(...this.proof.map(Math.abs), 1e-30);
    const apart = this.proof.map((number, k) => Math.abs(number - mine[k]) / Math.max(Math.abs(number), size / 10));
    this.apart = mine.length === this.proof.length ? Math.max(0, ...apart) : Infinity;
    if (!(this.apart < 1e-4)) {
      throw Error(`${exercise ? `your answer to exercise ${exercise}` : "this browser"} and the workbook differ by ${this.apart.toPrecision(2)} on ${this.proof.length} numbers`);
    }
    const digits = this.apart ? `within ${scientific(this.apart)}` : "to the last digit";
    $(".agrees", this.section).textContent = exercise
      ? `Your own Swift computes here: exercise ${exercise}. On ${this.proof.length} numbers it agrees with the book’s ${digits}.`
      : `The book’s own Swift, in this page. On ${this.proof.length} numbers it agrees with the native run ${digits}.`;
    if (exercise) this.section.dataset.exercise = exercise;
    this.section.dataset.apart = this.apart;
  }

  // Says why there is nothing to play with; the figure's frames are still there. It may open `again`, from the start.
  fail(error, again = false) {
    this.thread?.end();
    this.drawn?.abort();
    this.stage.replaceChildren(this.wait);
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
