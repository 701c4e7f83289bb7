// Copies code and saves pictures.

const copyCode = async button => {
  const text = $("pre", button.closest("figure")).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch (e) {
    // Pages opened as files may not use the clipboard, but a selection can be copied anywhere.
    const area = make("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "copied";
  setTimeout(() => button.textContent = "copy", 1500);
};

const savePicture = button => {
  const link = make("a");
  link.download = button.dataset.name;
  link.href = "data:image/svg+xml;charset=utf-8,"
    + encodeURIComponent(new XMLSerializer().serializeToString($(".pic svg", button.closest("figure"))));
  link.click();
};

document.addEventListener("click", event => {
  const copy = event.target.closest(".copy"), save = event.target.closest("button.svg");
  if (copy) copyCode(copy);
  if (save) savePicture(save);
});
