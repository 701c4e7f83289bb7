// The thread of one panel: an instance of the module, asked by the page, answering with lists of numbers.

let live, said = "";

// The FNV-1a hash of a word, as `Word` in Sources/Live has it.
const word = text => {
  let code = 2166136261;
  for (const byte of new TextEncoder().encode(text)) code = Math.imul(code ^ byte, 16777619);
  return code >>> 0;
};

const open = async (module, name) => {
  const page = {say: letter => said += String.fromCharCode(letter)};
  live = (await WebAssembly.instantiate(module, {math: Math, page})).exports;
  // The reader's own answer, where the module was made with one.
  live.live_install?.();
  if (!live.live_open(word(name))) throw Error(`the module has no panel ${name}`);
  return [];
};

const ask = (question, numbers) => {
  const place = live.live_inbox(numbers.length);
  new Float32Array(live.memory.buffer, place, numbers.length).set(numbers);
  const count = question === "proof" ? live.live_proof() : live.live_ask(word(question));
  return Array.from({length: count}, (_, k) =>
    new Float32Array(live.memory.buffer, live.live_part(k), live.live_count(k)).slice());
};

onmessage = async ({data: {id, module, name, question, numbers}}) => {
  try {
    const started = performance.now();
    const parts = module ? await open(module, name) : ask(question, numbers);
    postMessage({id, parts, took: performance.now() - started}, parts.map(part => part.buffer));
  } catch (error) {
    // A program that stops says why; the trap behind it does not.
    postMessage({id, error: said || error.message});
  }
};
