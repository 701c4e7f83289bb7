// The controls of a panel: sliders, choices, play, step and reset; all with keys, all in the panel's state.

// A part of a panel with its name above it. Returns the name.
const part = (board, title, home, style) => {
  const box = make("div", style), name = make("p", "part-name", title);
  box.append(name, home);
  board.append(box);
  return name;
};

// The action, at most once a frame: of many calls the last counts, since it reads the newest state.
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

// What a slider of exponents says.
const tenTo = value => `${+(10 ** value).toPrecision(2)}`;

class Controls {
  // `change` is called with the name of what was moved.
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

  // Its `put` moves it as a hand would, but tells nobody.
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

  // Play, step and reset. `step` computes and draws one frame; while it plays, one follows the other.
  transport(step, reset) {
    let plays = false, busy = false;
    const frame = async () => {
      if (busy) return;
      busy = true;
      try { await step() } catch (error) {
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
      // Nothing moves by itself for readers who asked for that: a press is a frame.
      if (calm.matches) return frame();
      plays = true;
      label();
      while (plays && this.panel.section.isConnected) {
        await frame();
        await new Promise(requestAnimationFrame);
      }
    }, " ");
    play.classList.add("play");
    this.button("step", () => {
      stop();
      frame();
    }, ".");
    const all = async () => {
      stop();
      await this.panel.restart();
    };
    this.button("reset", async event => {
      if (event?.shiftKey) return all();
      stop();
      await reset();
    }, "r").title = "key r; with shift the page’s own settings too";
    this.panel.listen("keydown", event => { if (event.key === "R" && !event.target.matches("input:not([type=range])")) all() });
    label();
    return {stop};
  }

  // The same where nothing is trained: each step takes the next of twenty seeds, which draws other weights.
  redraws(compute) {
    this.transport(async () => {
      this.sliders.seed.put(this.panel.state.seed % 20 + 1);
      await compute();
      await pause(400);
    }, () => this.panel.restart());
  }
}
