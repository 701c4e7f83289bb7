// The controls of a panel: sliders, choices, play, step and reset, all with keys, all stored in the panel's state.

// Adds a part to a panel with its name above it. Returns the name's element.
const part = (board, title, home, style) => {
  const box = make("div", style), name = make("p", "part-name", title);
  box.append(name, home);
  board.append(box);
  return name;
};

// Runs the action at most once per frame; later calls replace earlier ones, because it reads the newest state.
const onceAFrame = action => {
  let waits = false;
  return async () => {
    if (waits) return;
    waits = true;
    await new Promise(requestAnimationFrame);
    waits = false;
    await action();
  };
};

const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

// Adds a line below the controls that explains the keys. `data-says` describes a button's key.
const tellKeys = ({stage, section}) => {
  const has = key => $(`[aria-keyshortcuts="${key}"]`, stage), seeds = $(`#${section.id}-seed`);
  const keys = $$("[data-says]", stage).map(button => button.dataset.says);
  if ($(".paper", stage)) keys.unshift("0 to 9 draw a digit");
  if ($("[role=application], .image-part", stage)) keys.push("Tab and arrows go to pictures and around in them");
  const without = [!seeds && "Nothing here is random.", !has(" ") && "Nothing plays by itself."].filter(Boolean);
  stage.append(make("p", "help", [`Keys: ${keys.join(", ")}.`, ...without].join(" ")));
};

// The text of a slider for exponents.
const tenTo = value => `${+(10 ** value).toPrecision(2)}`;

class Controls {
  // Calls `change` with the name of the changed setting.
  constructor(panel, change) {
    this.panel = panel;
    this.change = change;
    this.bar = make("div", "knobs");
    panel.stage.append(this.bar);
    this.sliders = {};
  }

  #moved(name, value) {
    this.panel.state[name] = value;
    this.panel.remember();
    this.change(name);
  }

  // Its `put` moves it like the reader, but without calling `change`.
  slider(name, label, min, max, step = 1, text = value => String(value)) {
    const {state} = this.panel, id = `${this.panel.section.id}-${name}`, knob = make("div", "knob");
    const title = make("label", "", label), input = make("input"), output = make("output");
    title.htmlFor = input.id = id;
    Object.assign(input, {type: "range", min, max, step, value: state[name]});
    const tell = () => {
      output.textContent = text(+input.value);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => {
      tell();
      this.#moved(name, +input.value);
    });
    state[name] = +input.value;
    tell();
    input.put = value => {
      input.value = value;
      state[name] = +input.value;
      tell();
      this.panel.remember();
    };
    knob.append(title, input, output);
    this.bar.append(knob);
    this.sliders[name] = input;
    return input;
  }

  choice(name, label, options) {
    const {state} = this.panel, group = make("div", "choices knob");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    group.append(make("span", "", label));
    const buttons = options.map((option, k) => {
      const button = make("button", "", option);
      button.type = "button";
      button.addEventListener("click", () => {
        press(k);
        this.#moved(name, k);
      });
      group.append(button);
      return button;
    });
    const press = at => buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === at));
    state[name] = Math.max(0, Math.min(options.length - 1, state[name] || 0));
    press(state[name]);
    this.bar.append(group);
    return press;
  }

  button(label, action, key) {
    const button = make("button", "", label);
    button.type = "button";
    button.addEventListener("click", action);
    this.bar.append(button);
    if (key) {
      button.setAttribute("aria-keyshortcuts", key);
      button.title = `key ${key === " " ? "space" : key}`;
      button.dataset.says = `${key === " " ? "space" : key} ${label === "▶" ? "plays" : label}`;
      this.panel.listen("keydown", event => {
        const writes = event.target.matches("input:not([type=range]),textarea") || key === " " && event.target.matches("button");
        if (event.key !== key || writes || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        action();
      });
    }
    return button;
  }

  // Resets the panel with its current settings, or, with shift, with the page's settings.
  resets(reset, stop = () => {}) {
    const all = async () => {
      stop();
      await this.panel.restart();
    };
    const button = this.button("reset", async event => {
      if (event?.shiftKey) return all();
      stop();
      await reset();
    }, "r");
    button.title = "key r: restarts with these settings; with shift, with the page’s own";
    button.dataset.says = "r restarts, R with the page’s settings";
    this.panel.listen("keydown", event => { if (event.key === "R" && !event.target.matches("input:not([type=range])")) all() });
  }

  // Play, step and reset. `step` computes and draws one frame; while playing, the next frame follows after `rest`
  // milliseconds. A step by hand does not wait.
  transport(step, reset, rest = () => 0) {
    let plays = false, busy = false, round = 0, turn = Promise.resolve();
    // A step requested during a reset is done after it.
    const inTurn = work => {
      const mine = turn.then(work);
      turn = mine.catch(() => {});
      return mine;
    };
    const frame = async () => {
      if (busy) return;
      busy = true;
      try { await inTurn(step) } catch (error) {
        plays = false;
        this.panel.fail(error);
      }
      busy = false;
    };
    const label = () => {
      play.textContent = plays ? "❚❚" : "▶";
      play.setAttribute("aria-label", plays ? "Pause" : "Play");
      this.panel.section.toggleAttribute("data-plays", plays);
    };
    const stop = () => {
      plays = false;
      label();
    };
    const play = this.button("▶", async () => {
      if (plays) return stop();
      // With reduced motion, nothing moves automatically: each press draws one frame.
      if (calm.matches) return frame();
      plays = true;
      label();
      // If it is stopped and started again during the rest, a new round begins.
      const mine = ++round;
      while (plays && mine === round && this.panel.section.isConnected) {
        await frame();
        if (rest()) await pause(rest());
        await new Promise(requestAnimationFrame);
      }
    }, " ");
    play.classList.add("play");
    this.button("step", () => {
      stop();
      frame();
    }, ".").dataset.says = "full stop steps";
    this.resets(() => inTurn(reset), stop);
    label();
    return {stop};
  }

  // The same for panels that do not train: each step sets the next value of a slider, and reset sets the page's own.
  plays(name, next, compute) {
    const {panel} = this, put = value => this.sliders[name].put(value);
    this.transport(async () => {
      put(next(panel.state[name]));
      await compute();
    }, async () => {
      put(panel.settings[name]);
      await compute();
    }, () => 700 / panel.state.speed);
    this.slider("speed", "speed", 1, 8, 1, value => `${value}×`);
  }

  // The next of twenty seeds, which draws other weights.
  redraws(compute) { this.plays("seed", seed => seed % 20 + 1, compute) }
}

// A cursor over pictures in rows of `across` pictures, each of `side` × `side` pixels. The pointer and the arrow keys
// move it, also from one picture to the next. `look` receives the picture's index, the row and the column, or nothing
// when the cursor leaves; `press`, if pixels can be pressed, receives the same and whether to lower the pixel. `says`
// describes the position for screen readers.
const pixelCursor = (home, pictures, {across, side, name, look = () => {}, press, says}) => {
  const mark = make("div", "pixel-mark"), rows = () => pictures.filter(picture => picture.offsetParent).length / across;
  let at = [0, 0];
  home.tabIndex = 0;
  home.setAttribute("role", "application");
  home.classList.add("pixel-cursor");
  home.append(mark);
  const place = ([y, x]) => [across * Math.floor(y / side) + Math.floor(x / side), y % side, x % side];
  const tell = () => home.setAttribute("aria-label", `${name}. ${says(...place(at))}`);
  const leave = () => {
    home.classList.remove("marked");
    look();
  };
  const moveTo = (y, x) => {
    at = [Math.max(0, Math.min(rows() * side - 1, y)), Math.max(0, Math.min(across * side - 1, x))];
    const [k, row, column] = place(at), picture = pictures[k], outer = home.getBoundingClientRect();
    const box = picture.getBoundingClientRect(), pixel = box.width / side;
    Object.assign(mark.style, {
      left: `${box.left - outer.left + column * pixel}px`, top: `${box.top - outer.top + row * pixel}px`,
      width: `${pixel}px`, height: `${pixel}px`,
    });
    home.classList.add("marked");
    tell();
    look(k, row, column);
  };
  const under = event => {
    const k = pictures.indexOf(event.target);
    if (k < 0) return;
    const box = event.target.getBoundingClientRect();
    const pixel = (where, start, size) => Math.max(0, Math.min(side - 1, Math.floor((where - start) / size * side)));
    const [row, column] = [pixel(event.clientY, box.top, box.height), pixel(event.clientX, box.left, box.width)];
    return [side * Math.floor(k / across) + row, side * (k % across) + column];
  };
  home.addEventListener("pointermove", event => {
    const found = under(event);
    if (found && String(found) !== String(home.classList.contains("marked") && at)) moveTo(...found);
  });
  home.addEventListener("pointerleave", () => { if (document.activeElement !== home) leave() });
  home.addEventListener("blur", leave);
  home.addEventListener("focus", () => { if (home.matches(":focus-visible")) moveTo(...at) });
  if (press) home.addEventListener("pointerdown", event => {
    const found = under(event);
    if (!found) return;
    event.preventDefault();
    moveTo(...found);
    press(...place(at), event.shiftKey);
  });
  home.addEventListener("keydown", event => {
    const by = arrowOf(event), presses = press && [" ", "Enter"].includes(event.key);
    if (!by && !presses || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (by) moveTo(at[0] - by[1], at[1] + by[0]);
    else press(...place(at), event.shiftKey);
  });
  tell();
  return {tell};
};

// The direction of an arrow key, to the right and upwards.
const arrowOf = ({key}) => ({ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]})[key];
