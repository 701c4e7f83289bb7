// The scripts of panels are compressed and run after the rest of the page is loaded.

const packedScript = $("#live-script");
if (packedScript && window.DecompressionStream) {
  unpacked(packedScript.textContent, "deflate").text().then(text => {
    const script = document.createElement("script");
    script.textContent = text;
    document.body.append(script);
  });
}
