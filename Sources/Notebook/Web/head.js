// Runs before the first paint, so that a remembered theme does not flash.
try {
  const remembered = localStorage.getItem("workbook-theme");
  if (remembered) document.documentElement.dataset.theme = remembered;
} catch (e) {}
