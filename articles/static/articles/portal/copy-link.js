/**
 * Copies the address of a page.
 *
 *   <button data-copy-link="https://…" data-done="Copied">Copy the link</button>
 */

// How long the button says that it was done.
const SAID_FOR = 2000;

async function copy(words) {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      // Refused by the browser: the old way needs no permission.
    }
  }
  // Without https browsers offer scripts no clipboard.
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.readOnly = true;
  field.value = words;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}

for (const button of document.querySelectorAll("[data-copy-link]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    if (!(await copy(button.dataset.copyLink))) return;
    button.focus();
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
    }, SAID_FOR);
  });
}
