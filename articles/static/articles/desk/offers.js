// Offers the words that a page which is gone left behind in this browser.
//
// The server is asked of each copy first, at the address of the article it belongs to: what it has
// by now is forgotten without a question, all else is offered above the sheet.

import { bar, clock, fill, gettext } from "./bar.js";
import { forget, left } from "./kept_copy.js";
import { freshen } from "./session.js";
import { putBack, spelled, typed } from "./words.js";

const day = (at) => `${at.getMonth() + 1}-${at.getDate()} ${clock(at)}`;

function restore(copy, form, saver, editor) {
  const files = form.elements.attachments?.value;
  putBack(form, copy.fields, editor);
  saver.continueFrom(copy);
  // Names and sizes of attachments are only known to the server: shown once they are saved.
  if (form.elements.attachments?.value !== files)
    form.addEventListener("desk:saved", () => saver.isDirty || window.location.reload(), {
      once: true,
    });
}

// Never put back silently: what is on the page may be newer, or another person's.
function offer(copy, form, saver, editor) {
  const notice = document.createElement("div");
  notice.className = "desk-notice";
  notice.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = fill(
    gettext("This browser holds words of %(time)s that were never saved: “%(title)s”."),
    { time: day(new Date(copy.at)), title: copy.title.trim() || gettext("without a title") },
  );
  const button = (label, name, onClick) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = name;
    element.textContent = label;
    element.addEventListener("click", () => {
      onClick();
      notice.remove();
    });
    return element;
  };
  const actions = document.createElement("p");
  actions.append(
    button(gettext("Restore"), "button default", () => restore(copy, form, saver, editor)),
    button(gettext("Discard"), "quiet-action", () => forget(copy.key)),
  );
  notice.append(words, actions);
  form.querySelector(".desk-form").before(notice);
}

// Asks the server of a copy, at an address beside the one that saves; null when nothing comes.
async function ask(form, name, { sitting }, fields) {
  freshen(form);
  const body = new FormData();
  for (const [field, value] of fields) body.append(field, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("sitting", sitting);
  const url = bar.dataset.saveUrl.replace(/autosave\/$/, name);
  try {
    return await fetch(url, { method: "POST", body, redirect: "manual" });
  } catch {
    return null;
  }
}

// Whether the article of a copy is there no more, for this person at least.
async function isGone(form, copy) {
  // Of a page that is gone: this leaves no trace.
  const answer = await ask(form, `${copy.article}/presence/`, copy, [["gone", "1"]]);
  return answer?.status === 404;
}

// What the server has of a copy: {is_known, based_on}, as articles/admin/kept_copies.py says.
async function judged(form, copy) {
  const { fields, receipt, continues, basedOn, step } = copy;
  const facts = Object.entries({ receipt, continues, based_on: basedOn, step });
  const answer = await ask(form, "kept/", copy, [...fields, ...facts]);
  try {
    if (answer?.ok) return await answer.json();
  } catch {
    // Something in between answered: offered as if the server had nothing of it.
  }
  return { is_known: false, based_on: basedOn };
}

export async function offerLeft(form, saver, editor) {
  const { user, article } = bar.dataset;
  const copies = await left({ user, article, sitting: form.elements.sitting.value });
  for (const copy of copies) {
    if (copy.article !== article) {
      if (!(await isGone(form, copy))) continue;
      // To be a new article, the one this form is for.
      Object.assign(copy, { basedOn: "0", receipt: form.elements.receipt.value, continues: "" });
    }
    if (copy.sitting === saver.cameBack || spelled(copy.fields) === typed(form)) {
      // On this page, but perhaps not on the server.
      await saver.keepCopy();
      forget(copy.key);
      continue;
    }
    const { is_known: isKnown, based_on: basedOn } = await judged(form, copy);
    if (isKnown) forget(copy.key);
    else offer({ ...copy, basedOn }, form, saver, editor);
  }
}
