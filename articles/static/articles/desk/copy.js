// Buttons that copy: <button type="button" data-copy="https://…" hidden>Copy</button>
//
// They stand right behind a field that shows the same words. Without script they stay hidden and
// the field is copied by hand. In an intranet without https browsers offer no clipboard to
// scripts; there the field is selected and copied by the old command.

const gettext = window.gettext ?? ((text) => text);

// How long the button says that it was done.
const SAID_FOR = 2000;

async function copy(words, field) {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      // Refused by the browser: the old way needs no permission.
    }
  }
  field?.select();
  return document.execCommand("copy");
}

function offer(place) {
  for (const button of place.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  const done = await copy(button.dataset.copy, field);
  button.dataset.label ??= button.textContent;
  button.textContent = done ? gettext("Copied") : gettext("Press Ctrl+C");
  if (!done) field?.select();
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, SAID_FOR);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".preview-link-address input")) event.target.select();
});

offer(document);
new MutationObserver(() => offer(document)).observe(document.body, {
  childList: true,
  subtree: true,
});
