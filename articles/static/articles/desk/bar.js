// The action bar of the article form: what it says beside its buttons, and its facts.
//
// Markup: <div class="action-bar" data-user data-article data-version data-save-url
// data-presence-url data-login-url> with [data-part] "state" and "buttons", which an answer of the
// server replaces; .action-problem (alert), .action-people (status), .action-quietly (not read
// out: it changes every few seconds) and .action-said (status). The links of .action-more stand
// in the bar; on a phone they are a menu.

export const gettext = window.gettext ?? ((text) => text);

export const fill = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

const two = (number) => String(number).padStart(2, "0");

export const clock = (at) => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");

export const bar = document.querySelector(".action-bar[data-save-url]");

const part = (name) => bar.querySelector(name);

// What is going on, quietly; `kind` is "", "waiting" or "kept".
export function note(sentence, kind = "") {
  const quietly = part(".action-quietly");
  quietly.textContent = sentence;
  quietly.dataset.kind = kind;
  part(".action-said").textContent = "";
}

// The answer to something one did.
export function said(sentence) {
  note("");
  part(".action-said").textContent = sentence;
}

export function action({ label, href, onClick }) {
  const element = document.createElement(href ? "a" : "button");
  element.textContent = label;
  element.className = "quiet-action";
  if (href) {
    element.href = href;
    element.target = "_blank";
    element.rel = "noopener";
  } else {
    element.type = "button";
    element.addEventListener("click", onClick);
  }
  return element;
}

// What went wrong and the ways out; "" when nothing did. Said again only when it is news.
export function complain(sentence, actions = []) {
  const problem = part(".action-problem");
  const key = sentence + actions.map(({ label }) => label).join();
  if (problem.dataset.key === key) return;
  problem.dataset.key = key;
  const words = document.createElement("span");
  words.textContent = sentence;
  problem.replaceChildren(words, ...actions.map(action));
  problem.hidden = !sentence;
}

export function tellPeople(sentences) {
  const people = part(".action-people");
  const text = sentences.join(" ");
  if (people.textContent !== text) people.textContent = text;
  people.hidden = !text;
}

// Takes over state and buttons of the bar the server sent; the focus stays where it was.
export function renew(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".action-bar");
  for (const name of ["state", "buttons"]) {
    const mine = part(`[data-part=${name}]`);
    const theirs = fresh.querySelector(`[data-part=${name}]`);
    if (mine.innerHTML.trim() === theirs.innerHTML.trim()) continue;
    const focused = mine.contains(document.activeElement) && document.activeElement.name;
    mine.replaceChildren(...theirs.childNodes);
    if (focused) mine.querySelector(`[name="${focused}"]`)?.focus();
  }
  foldLinks();
  for (const name of Object.keys(bar.dataset)) delete bar.dataset[name];
  Object.assign(bar.dataset, fresh.dataset);
  bar.dispatchEvent(new CustomEvent("bar:renewed", { bubbles: true }));
}

// --- The links as a menu where there is no room for them ---------------------------------------

const narrow = window.matchMedia("(max-width: 599px)");

function foldLinks() {
  const more = part(".action-more");
  if (!more) return;
  more.open = !narrow.matches;
  more.toggleAttribute("data-folded", narrow.matches);
}

if (bar) {
  foldLinks();
  narrow.addEventListener("change", foldLinks);
  const shut = (event) => {
    const menu = part(".action-more[data-folded][open]");
    if (!menu) return;
    if (event.type === "click" && menu.contains(event.target)) return;
    if (event.type === "keydown" && event.key !== "Escape") return;
    const isInside = menu.contains(document.activeElement);
    menu.open = false;
    if (isInside) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", shut);
  document.addEventListener("keydown", shut);
}
