// Keyboard shortcuts of the article form, and the list of them.
//
// Ctrl (⌘ on a Mac) with S saves, with Alt+P shows or hides the preview, with Alt+Enter publishes
// after one question, with / shows this list; so does a button in the action bar. While an input
// method composes nothing happens, but Ctrl+S never opens the browser's own dialog.

import { bar, fill, gettext } from "./bar.js";

const form = document.querySelector("#article_form");

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const KEYS = isMac
  ? { command: "⌘", alt: "⌥", enter: "↩", join: "" }
  : { command: "Ctrl", alt: "Alt", enter: "Enter", join: "+" };

const press = (...keys) => keys.map((key) => KEYS[key] ?? key);

const list = () => [
  [gettext("Save"), press("command", "S")],
  [gettext("Show or hide the preview"), press("command", "alt", "P")],
  ...(button("_publish") ? [[gettext("Publish"), press("command", "alt", "enter")]] : []),
  [gettext("Bold"), press("command", "B")],
  [gettext("Italic"), press("command", "I")],
  [gettext("Undo"), press("command", "Z")],
  [gettext("Redo"), press("command", "Shift", "Z")],
  [gettext("This list"), press("command", "/")],
];

const button = (name) => form.querySelector(`.action-bar button[name="${name}"]`);

function element(name, properties, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A dialog that is gone when it is closed; Escape closes it, the focus goes back by itself.
function show(title, content, buttons) {
  document.querySelector(".desk-dialog[open]")?.close();
  const heading = element("h2", { id: "desk-dialog-title", textContent: title });
  const dialog = element("dialog", { className: "desk-dialog" }, [
    heading,
    ...content,
    element("p", { className: "dialog-buttons" }, buttons),
  ]);
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const closing = (label, className = "button") => {
  const close = element("button", { type: "button", className, textContent: label });
  close.addEventListener("click", () => close.closest("dialog").close());
  return close;
};

function showList() {
  const rows = list().map(([what, keys]) => {
    const caps = keys.flatMap((key, index) => [
      ...(index && KEYS.join ? [KEYS.join] : []),
      element("kbd", { textContent: key }),
    ]);
    return element("div", {}, [
      element("dt", { textContent: what }),
      element("dd", {}, caps),
    ]);
  });
  show(
    gettext("Keyboard shortcuts"),
    [element("dl", { className: "shortcut-list" }, rows)],
    [closing(gettext("Close"))],
  ).classList.add("desk-shortcuts");
}

function askToPublish() {
  const publish = button("_publish");
  if (!publish) return;
  const title = form.elements.title.value.trim() || gettext("without a title");
  const go = closing(publish.textContent.trim(), "button default");
  go.autofocus = true;
  go.addEventListener("click", () => form.requestSubmit(button("_publish")));
  show(
    gettext("Publish this story?"),
    [
      element("p", {
        textContent: fill(gettext("Readers see “%(title)s” at once."), { title }),
      }),
    ],
    [closing(gettext("Not yet"), "quiet-action"), go],
  );
}

function togglePreview() {
  const tab = '[role="tab"][aria-controls="panel-preview"]';
  (document.querySelector('[data-action="preview"]') ?? document.querySelector(tab))?.click();
}

function shortcut(event) {
  if (!(isMac ? event.metaKey : event.ctrlKey) || event.getModifierState("AltGraph"))
    return undefined;
  if (event.altKey) {
    if (event.code === "KeyP") return togglePreview;
    return event.key === "Enter" ? askToPublish : undefined;
  }
  if (event.shiftKey) return undefined;
  if (event.key.toLowerCase() === "s" || event.code === "KeyS")
    return () => form.requestSubmit(button("_save"));
  return event.key === "/" || event.code === "Slash" ? showList : undefined;
}

function addButton() {
  const help = element("button", {
    type: "button",
    className: "shortcut-help",
    textContent: "?",
    title: gettext("Keyboard shortcuts"),
  });
  help.setAttribute("aria-label", gettext("Keyboard shortcuts"));
  help.setAttribute("aria-haspopup", "dialog");
  help.addEventListener("click", showList);
  bar.querySelector(".action-help").append(help);
}

if (form && bar) {
  addButton();
  document.addEventListener("keydown", (event) => {
    const act = shortcut(event);
    if (!act) return;
    event.preventDefault();
    // A held key repeats; a dialog has its own keys.
    if (event.isComposing || event.repeat || document.querySelector("dialog[open]")) return;
    act();
  });
}
