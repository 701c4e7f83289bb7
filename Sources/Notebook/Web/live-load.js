// The scripts of panels come compressed, and run once the rest of the page is there.

const packedScript = $("#live-script");
if (packedScript && window.DecompressionStream) {
  unpacked(packedScript.textContent, "deflate").text().then(text => {
    const script = document.createElement("script");
    script.textContent = text;
    document.body.append(script);
  });
}
