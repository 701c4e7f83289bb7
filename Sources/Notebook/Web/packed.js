// Unpacks the page's compressed data, which are in base64.

const bytesOf = base64 => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const letters = atob(base64), bytes = new Uint8Array(letters.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k);
  return bytes;
};

// Returns a Response, which can be read as text, as JSON or as bytes.
const unpacked = (base64, format) =>
  new Response(new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream(format)));
