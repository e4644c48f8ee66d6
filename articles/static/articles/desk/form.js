// The article form as a safe place to type.
//
// Markup: <form id="article_form"> around <div class="desk-form"> and <div class="action-bar">.
//
// - What is typed is saved by itself (saving.js); leaving asks only when the server lacks words.
// - Saving stays on the page. Publishing is an ordinary submit: before it, the server is asked
//   whether one is still logged in, because a log-in page would swallow the text.
// - Words left behind in this browser by a page that is gone are offered (kept_copy.js); the sheet
//   has data-looked-through once all of them were judged.
// - The event "freshen" reads the form's token anew (the editor's uploads send it).
// - Enter in a one-line field does not send the form: input methods end words with it.
// - Going back to a form that was saved, or copying its tab: receipt.js.

import { bar, clock, complain, fill, gettext } from "./bar.js";
import { forget, left } from "./kept_copy.js";
import { watch } from "./presence.js";
import { takeFromHistory } from "./receipt.js";
import { Saver } from "./saving.js";
import { freshen, LOGGED_OUT, logIn, obstacle } from "./session.js";
import { putBack, spelled, typed } from "./words.js";

const form = document.querySelector("#article_form");
const sheet = form?.querySelector(".desk-form");

// Each sending has a higher number than those before it: what comes late changes nothing.
let step = 0;
form?.addEventListener("formdata", ({ formData }) => {
  step = Math.max(Date.now(), step + 1);
  formData.set("step", step);
});

function guard(saver) {
  let leaving = false;

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && saver.isDirty) event.preventDefault();
  });

  form.addEventListener("submit", async (event) => {
    if (leaving) {
      // Pictures on their way may hold it.
      setTimeout(() => {
        leaving &&= !event.defaultPrevented;
      });
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    const name = button?.name ?? "_save";
    const isWhole = button && "leaves" in button.dataset;
    if (name === "_save" && !isWhole) {
      saver.save({ isOnPurpose: true });
      return;
    }
    await saver.rest();
    const problem = await obstacle();
    if (problem) {
      complain(problem, problem === LOGGED_OUT ? [logIn()] : []);
      saver.resume();
      return;
    }
    await saver.keepBeforeLeaving();
    freshen(form);
    leaving = true;
    if (isWhole) form.append(button);
    // The bar may have been renewed meanwhile, and its buttons with it.
    form.requestSubmit(button.isConnected ? button : form.querySelector(`[name="${name}"]`));
  });

  // Shown again from the browser's memory: nothing is under way any more.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
}

const day = (at) => `${at.getMonth() + 1}-${at.getDate()} ${clock(at)}`;

function restore(copy, saver, editor) {
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
function offer(copy, saver, editor) {
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
    button(gettext("Restore"), "button default", () => restore(copy, saver, editor)),
    button(gettext("Discard"), "quiet-action", () => forget(copy.key)),
  );
  notice.append(words, actions);
  sheet.before(notice);
}

// Asks the server of a copy, at an address beside the one that saves; null when nothing comes.
async function ask(name, { sitting }, fields) {
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
async function isGone(copy) {
  // Of a page that is gone: this leaves no trace.
  const answer = await ask(`${copy.article}/presence/`, copy, [["gone", "1"]]);
  return answer?.status === 404;
}

// What the server has of a copy: {is_known, based_on}, as articles/admin/kept_copies.py says.
async function judged(copy) {
  const { fields, receipt, basedOn, at } = copy;
  const facts = Object.entries({ receipt, based_on: basedOn, kept_at: at });
  const answer = await ask("kept/", copy, [...fields, ...facts]);
  try {
    if (answer?.ok) return await answer.json();
  } catch {
    // Something in between answered: offered as if the server had nothing of it.
  }
  return { is_known: false, based_on: basedOn };
}

async function offerLeft(saver, editor) {
  const { user, article, settled } = bar.dataset;
  const versions = (settled ?? "").split(" ").map((pair) => pair.split(":"));
  const copies = await left({
    user,
    article,
    sitting: form.elements.sitting.value,
    settled: new Map(versions.map(([sitting, number]) => [sitting, Number(number)])),
  });
  for (const copy of copies) {
    if (copy.article !== article) {
      if (!(await isGone(copy))) continue;
      // To be a new article, the one this form is for.
      Object.assign(copy, { basedOn: "0", receipt: form.elements.receipt.value });
    }
    if (copy.sitting === saver.cameBack || spelled(copy.fields) === typed(form)) {
      // On this page, but perhaps not on the server.
      await saver.keepCopy();
      forget(copy.key);
      continue;
    }
    const { is_known: isKnown, based_on: basedOn } = await judged(copy);
    if (isKnown) forget(copy.key);
    else offer({ ...copy, basedOn }, saver, editor);
  }
}

if (sheet && bar) {
  form.addEventListener("freshen", () => freshen(form));
  form.addEventListener("keydown", (event) => {
    const oneLine = event.target.matches(".desk-field > input");
    if (event.key === "Enter" && oneLine) event.preventDefault();
  });
  form.querySelector(".has-errors :is(input, select, textarea)")?.focus();
  const cameBack = form.querySelector(".errornote");
  const saver = new Saver(form, { isReady: cameBack ? null : takeFromHistory(form) });
  guard(saver);
  watch(form, saver);
  const start = async (editor) => {
    saver.editorStarted();
    await offerLeft(saver, editor);
    sheet.dataset.lookedThrough = "";
  };
  // It may have been quicker than this module.
  const running = sheet.querySelector(".field-body .ProseMirror")?.editor;
  if (running) start(running);
  else
    form.addEventListener("prose-editor:ready", ({ detail }) => {
      if (detail.textarea.name === "body") start(detail.editor);
    });
}
