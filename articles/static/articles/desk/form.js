// The article form as a safe place to type.
//
// Markup: <form id="article_form"> around <div class="desk-form"> and <div class="action-bar">.
//
// - What is typed is saved by itself (saving.js); leaving asks only when the server lacks words.
// - Saving stays on the page. Publishing is an ordinary submit: before it, the server is asked
//   whether one is still logged in, because a log-in page would swallow the text.
// - Words left behind in this browser by a page that is gone are offered (offers.js); the sheet
//   has data-looked-through once all of them were judged.
// - The event "freshen" reads the form's token anew (the editor's uploads send it).
// - Enter in a one-line field does not send the form: input methods end words with it.
// - Going back to a form that was saved, or copying its tab: receipt.js.

import { bar, complain } from "./bar.js";
import { offerLeft } from "./offers.js";
import { watch } from "./presence.js";
import { takeFromHistory } from "./receipt.js";
import { Saver } from "./saving.js";
import { freshen, LOGGED_OUT, logIn, obstacle } from "./session.js";
import { count } from "./steps.js";

const form = document.querySelector("#article_form");
const sheet = form?.querySelector(".desk-form");

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

if (sheet && bar) {
  count(form);
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
  // Whoever leaves the page by another form (comments.js) has what is typed saved first.
  form.addEventListener("desk:save", ({ detail }) => {
    detail.done = saver.save();
  });
  const start = async (editor) => {
    saver.editorStarted();
    await offerLeft(form, saver, editor);
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
