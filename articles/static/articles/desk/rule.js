/**
 * The form of a section: what its rule finds now, while it is typed.
 *
 *   <select name="feed"> … <section data-finds="address"> <div data-found> …
 *
 * Without script the page that arranges the topic shows it once the section is kept.
 */
// A pause in typing, in milliseconds.
const PAUSE = 300;
const FIELDS = ["channel", "unit", "tag", "since", "until"];

const section = document.querySelector("[data-finds]");
const found = section.querySelector("[data-found]");
const form = section.closest("form");
let timer;
let asked = 0;

async function look() {
  const typed = new FormData(form);
  section.hidden = typed.get("feed") !== "rule";
  if (section.hidden) return;
  const turn = ++asked;
  const query = new URLSearchParams(FIELDS.map((name) => [name, typed.get(name) ?? ""]));
  const answer = await fetch(`${section.dataset.finds}?${query}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  found.replaceChildren(...fresh.body.childNodes);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
look();
