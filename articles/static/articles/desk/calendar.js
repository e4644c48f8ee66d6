/**
 * The editorial calendar: stories moved to another day by drag and by arrow keys.
 *
 *   <div data-calendar>
 *     <p role="status" data-said>
 *     <ol data-days> <li data-day="2026-06-15"> <li data-entry="planned-7" data-move="address">
 *       <button data-handle hidden> … </ol>
 *     <form data-token> the token against forged requests </form>
 *
 * Without script each story has a link to a page with its date in a form.
 */
const gettext = window.gettext ?? ((text) => text);
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const calendar = document.querySelector("[data-calendar]");
const said = calendar.querySelector("[data-said]");
const days = calendar.querySelector("[data-days]");
let moving = null;
let isSending = false;

function say(sentence, isRefusal = false) {
  said.textContent = sentence;
  said.classList.toggle("refused", isRefusal);
}

function shifted(day, step) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  return date.toISOString().slice(0, 10);
}

async function renew(name) {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) {
    location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  days.replaceChildren(...fresh.querySelector("[data-days]").childNodes);
  offer();
  days.querySelector(`[data-entry="${name}"] [data-handle]`)?.focus();
}

async function move(entry, day) {
  if (isSending || entry.closest("[data-day]").dataset.day === day) return;
  isSending = true;
  const form = new FormData(calendar.querySelector("[data-token]"));
  form.set("day", day);
  const answer = await fetch(entry.dataset.move, {
    method: "POST",
    body: form,
    headers: { Accept: "application/json" },
  }).catch(() => null);
  try {
    const told = answer && (await answer.json().catch(() => null));
    if (answer?.ok && told) {
      await renew(entry.dataset.entry);
      say(told.sentence);
    } else {
      const title = entry.querySelector("[data-title]").textContent;
      const problem =
        told?.problem ??
        gettext("It was not moved: the page got no answer. Load the page again, then try it.");
      say(`${title}：${problem}`, true);
    }
  } finally {
    isSending = false;
  }
}

function offer() {
  for (const entry of days.querySelectorAll("[data-move]")) {
    entry.draggable = true;
    entry.querySelector("[data-handle]").hidden = false;
  }
}

const entryOf = (event) => event.target.closest?.("[data-move]");
const dayOf = (event) => event.target.closest?.("[data-day]");

function point(day) {
  for (const each of days.querySelectorAll(".calendar-over")) {
    if (each !== day) each.classList.remove("calendar-over");
  }
  day?.classList.add("calendar-over");
}

days.addEventListener("dragstart", (event) => {
  // By its handle, its title or whatever of it: the title is a link, which browsers drag as well.
  moving = entryOf(event);
  if (!moving) return;
  say("");
  moving.classList.add("moving");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  event.dataTransfer.setDragImage(moving, 0, 0);
});
days.addEventListener("dragover", (event) => {
  if (!moving || !dayOf(event)) return;
  event.preventDefault();
  point(dayOf(event));
});
days.addEventListener("drop", (event) => {
  const day = dayOf(event);
  if (!moving || !day) return;
  event.preventDefault();
  move(moving, day.dataset.day);
});
days.addEventListener("dragend", () => {
  moving?.classList.remove("moving");
  moving = null;
  point(null);
});
days.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || !event.target.matches("[data-handle]")) return;
  event.preventDefault();
  move(entryOf(event), shifted(dayOf(event).dataset.day, step));
});

offer();
