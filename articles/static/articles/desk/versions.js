// Pages that show changes: a comparison, a restoration, two texts at once.
//
// Markup: elements with data-change are the changes in order; a hidden paragraph .change-steps
// holds buttons data-step="-1" and data-step="1". A form with data-unsaved holds words that are
// saved nowhere yet.
//
// - The buttons, and Alt with ↑ or ↓, go from change to change.
// - Leaving a page with data-unsaved asks first.

const changes = [...document.querySelectorAll("[data-change]")];
const steps = document.querySelector(".change-steps");
let current = -1;

function go(by) {
  const focused = changes.findIndex((change) => change.contains(document.activeElement));
  if (focused >= 0) current = focused;
  const next = current < 0 && by < 0 ? changes.length - 1 : current + by;
  current = (next + changes.length) % changes.length;
  const target = changes[current];
  target.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

if (steps && changes.length) {
  steps.hidden = false;
  for (const button of steps.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => go(Number(button.dataset.step)));
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(by);
  });
}

const unsaved = document.querySelector("form[data-unsaved]");
if (unsaved) {
  let sending = false;
  unsaved.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending) event.preventDefault();
  });
}
