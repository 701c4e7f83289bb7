// The worker of a panel: an instance of the module that answers the page's questions with lists of numbers. After
// packed.js.

let live, said = "";

// The FNV-1a hash of a word, as computed by `Word` in Sources/Live.
const word = text => {
  let code = 2166136261;
  for (const byte of new TextEncoder().encode(text)) code = Math.imul(code ^ byte, 16777619);
  return code >>> 0;
};

// The module from the page's data; it is compiled while it is decompressed.
const compiled = packed => WebAssembly.compileStreaming(
  new Response(unpacked(packed, "gzip").body, {headers: {"Content-Type": "application/wasm"}}));

const instantiate = async module => {
  const page = {say: letter => said += String.fromCharCode(letter)};
  live = (await WebAssembly.instantiate(module, {math: Math, page})).exports;
  // Installs the learner's answer, if the module contains one.
  live.live_install?.();
};

const open = name => { if (!live.live_open(word(name))) throw Error(`the module has no panel ${name}`) };

// Numbers packed by `RoundedRows`: width and number of rows, the step of each row, each number in steps.
const rounded = async base64 => {
  const view = new DataView(await unpacked(base64, "deflate").arrayBuffer()), numbers = [];
  for (let place = 0; place < view.byteLength;) {
    const width = view.getUint32(place, true), rows = view.getUint32(place + 4, true), sizes = place + 8;
    place = sizes + 4 * rows;
    for (let row = 0; row < rows; row++) {
      const size = view.getFloat32(sizes + 4 * row, true);
      for (let k = 0; k < width; k++) numbers.push(size * view.getInt8(place++));
    }
  }
  return numbers;
};

const ask = async (question, given) => {
  const numbers = typeof given === "string" ? await rounded(given) : given;
  const place = live.live_inbox(numbers.length);
  new Float32Array(live.memory.buffer, place, numbers.length).set(numbers);
  const count = question === "proof" ? live.live_proof() : live.live_ask(word(question));
  return Array.from({length: count}, (_, k) =>
    new Float32Array(live.memory.buffer, live.live_part(k), live.live_count(k)).slice());
};

const answer = async ({id, packed, module, name, proof, question, numbers}) => {
  said = "";
  try {
    const started = performance.now();
    let parts = [];
    if (packed) module = await compiled(packed);
    if (module) await instantiate(module);
    if (name || proof) open(name || proof);
    if (proof || question) parts = await ask(proof ? "proof" : question, numbers);
    postMessage({id, parts, module: packed && module, took: performance.now() - started}, parts.map(part => part.buffer));
  } catch (error) {
    // A program that stops reports a reason; the trap that follows does not.
    const trapped = /unreachable/i.test(error.message) && "an index out of range, a number too large for its type, or a division by 0";
    postMessage({id, error: said.trim() || trapped || error.message});
  }
};

// Messages are processed in sequence, so those that arrive while the module is compiled wait for it.
let last = Promise.resolve();
onmessage = ({data}) => { last = last.then(() => answer(data)) };
