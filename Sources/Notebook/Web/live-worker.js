// A thread of the page: an instance of the module, asked by the page, answering with lists of numbers. After packed.js.

let live, said = "";

// The FNV-1a hash of a word, as `Word` in Sources/Live has it.
const word = text => {
  let code = 2166136261;
  for (const byte of new TextEncoder().encode(text)) code = Math.imul(code ^ byte, 16777619);
  return code >>> 0;
};

// The module from what the page carries; it is compiled while it is unpacked.
const compiled = packed => WebAssembly.compileStreaming(
  new Response(unpacked(packed, "gzip").body, {headers: {"Content-Type": "application/wasm"}}));

const instantiate = async module => {
  const page = {say: letter => said += String.fromCharCode(letter)};
  live = (await WebAssembly.instantiate(module, {math: Math, page})).exports;
  // The reader's own answer, where the module was made with one.
  live.live_install?.();
};

const open = name => { if (!live.live_open(word(name))) throw Error(`the module has no panel ${name}`) };

// Numbers as `RoundedRows` packs them: width and count of rows, the size of each row's steps, each number in steps.
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
    // A program that stops says why; the trap behind it does not.
    const trapped = /unreachable/i.test(error.message) && "an index out of range, a number too large for its type, or a division by 0";
    postMessage({id, error: said.trim() || trapped || error.message});
  }
};

// One after the other: what comes while the module is compiled waits for it.
let last = Promise.resolve();
onmessage = ({data}) => { last = last.then(() => answer(data)) };
