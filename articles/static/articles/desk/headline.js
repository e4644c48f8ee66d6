// The headline while it is typed: how wide it is, how much room is left, a short title on demand.
//
// Markup: <div class="desk-form" data-short-width="36" data-list-width="68"> (half columns) around
// .desk-field blocks with the fields title, subtitle, short_title and summary; each has a place
// .field-notes beside its label.
//
// - Widths are in full-width characters, the unit editors count in.
// - What may be typed at most is said from 80 % of it on.
// - The button under the short title fills it in; the same button takes that back.

import { suggestShortTitle } from "./short_title.js";
import { displayWidth } from "./widths.js";

const gettext = window.gettext ?? ((text) => text);
const NEAR = 0.8;

const sheet = document.querySelector(".desk-form[data-short-width]");
const field = (name) => sheet.querySelector(`[name=${name}]`);

const fill = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (_match, name) => String(values[name]));

/** 23 for 46 half columns, 23.5 for 47. */
const characters = (columns) => (columns % 2 ? (columns / 2).toFixed(1) : String(columns / 2));

function noteBeside(input, name) {
  const note = document.createElement("span");
  note.className = `field-note ${name}`;
  note.hidden = true;
  input.closest(".desk-field").querySelector(".field-notes").append(note);
  return note;
}

function say(note, sentence, isWarning = false) {
  note.textContent = sentence;
  note.hidden = !sentence;
  note.classList.toggle("is-over", isWarning);
}

function countRoom(input) {
  const limit = Number(input.dataset.most);
  if (!limit) return;
  const note = noteBeside(input, "field-room");
  const count = () => {
    const used = input.value.length;
    say(
      note,
      used < limit * NEAR
        ? ""
        : fill(gettext("%(used)s of %(limit)s characters"), { used, limit }),
      used >= limit,
    );
  };
  input.addEventListener("input", count);
  count();
}

function measureTitle(title, short, room) {
  const note = noteBeside(title, "field-width");
  const measure = () => {
    const width = displayWidth(title.value.replace(/\s+/gu, " ").trim());
    const values = { width: characters(width), room: characters(room) };
    const isCut = width > room && !short.value.trim();
    let sentence = "";
    if (isCut) {
      sentence = gettext("%(width)s characters wide; lists cut it after %(room)s. Write a short title.");
    } else if (width) {
      sentence = gettext("%(width)s characters wide");
    }
    say(note, fill(sentence, values));
  };
  title.addEventListener("input", measure);
  short.addEventListener("input", measure);
  measure();
}

function measureShort(short, room) {
  const note = noteBeside(short, "field-width");
  const measure = () => {
    const width = displayWidth(short.value.replace(/\s+/gu, " ").trim());
    const values = { width: characters(width), room: characters(room) };
    const sentence =
      width > room
        ? gettext("%(width)s of %(room)s characters wide: shorten it")
        : gettext("%(width)s of %(room)s characters wide");
    say(note, width ? fill(sentence, values) : "", width > room);
  };
  short.addEventListener("input", measure);
  measure();
}

/** As if it had been typed: the browser's own undo knows it, and so does the form. */
function put(input, value) {
  input.focus();
  input.select();
  const isDone = value
    ? document.execCommand("insertText", false, value)
    : document.execCommand("delete");
  if (!isDone || input.value !== value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function offerShortTitle(title, short, room) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "field-action";
  const note = noteBeside(short, "field-said");
  note.setAttribute("role", "status");
  button.textContent = gettext("Suggest one from the title");
  let undo = null;
  const forget = () => {
    undo = null;
    button.textContent = gettext("Suggest one from the title");
  };
  short.addEventListener("input", () => {
    if (undo !== null && !undo.isPutting) forget();
    say(note, "");
  });
  button.addEventListener("click", () => {
    if (undo !== null) {
      undo.isPutting = true;
      put(short, undo.before);
      forget();
      button.focus();
      return;
    }
    const suggested = suggestShortTitle(title.value, room);
    if (!suggested) {
      say(note, gettext("The title offers no phrase that is short enough. Write one."));
      return;
    }
    if (suggested === short.value) {
      say(note, gettext("It stands there already."));
      return;
    }
    undo = { before: short.value, isPutting: true };
    put(short, suggested);
    undo.isPutting = false;
    button.textContent = gettext("Put back what was there");
    button.focus();
  });
  short.after(button);
}

if (sheet) {
  const [title, short] = [field("title"), field("short_title")];
  const [shortRoom, listRoom] = [sheet.dataset.shortWidth, sheet.dataset.listWidth].map(Number);
  measureTitle(title, short, listRoom);
  offerShortTitle(title, short, shortRoom);
  measureShort(short, shortRoom);
  for (const name of ["title", "subtitle", "summary"]) countRoom(field(name));
}
