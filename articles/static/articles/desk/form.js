// The article form as a safe place to type.
//
// Markup: <form id="article_form"> around <div class="desk-form"> and <div class="action-bar">.
//
// - What is typed is saved by itself (saving.js); leaving asks only when the server lacks words.
// - Saving stays on the page. Publishing is an ordinary submit: before it, the server is asked
//   whether one is still logged in, because a log-in page would swallow the text.
// - Words left behind in this browser by a page that is gone are offered (kept_copy.js).
// - The event "freshen" reads the form's token anew (the editor's uploads send it).
// - Enter in a one-line field does not send the form: input methods end words with it.
// - Going back to a form that was saved keeps its receipt, so that it is known as that form.

import { bar, clock, complain, fill, gettext } from "./bar.js";
import { forget, left } from "./kept_copy.js";
import { watch } from "./presence.js";
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

function keepReceipt() {
  const { receipt } = form.elements;
  if (history.state?.receipt) receipt.value = history.state.receipt;
  else history.replaceState({ ...history.state, receipt: receipt.value }, "");
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

// Whether the article of a copy is there no more, for this person at least.
async function isGone({ article, sitting }) {
  freshen(form);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("sitting", sitting);
  // Of a page that is gone: this leaves no trace.
  body.set("gone", "1");
  const url = bar.dataset.saveUrl.replace(/autosave\/$/, `${article}/presence/`);
  try {
    return (await fetch(url, { method: "POST", body, redirect: "manual" })).status === 404;
  } catch {
    return false;
  }
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
    } else offer(copy, saver, editor);
  }
}

if (sheet && bar) {
  form.addEventListener("freshen", () => freshen(form));
  form.addEventListener("keydown", (event) => {
    const oneLine = event.target.matches(".desk-field > input");
    if (event.key === "Enter" && oneLine) event.preventDefault();
  });
  form.querySelector(".has-errors :is(input, select, textarea)")?.focus();
  if (!form.querySelector(".errornote")) keepReceipt();
  const saver = new Saver(form);
  guard(saver);
  watch(form, saver);
  const start = (editor) => {
    saver.editorStarted();
    offerLeft(saver, editor);
  };
  // It may have been quicker than this module.
  const running = sheet.querySelector(".field-body .ProseMirror")?.editor;
  if (running) start(running);
  else
    form.addEventListener("prose-editor:ready", ({ detail }) => {
      if (detail.textarea.name === "body") start(detail.editor);
    });
}
