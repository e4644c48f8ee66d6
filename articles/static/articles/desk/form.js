// The article form as a safe place to type.
//
// Markup: <form id="article_form"> around <div class="desk-form" data-csrf-cookie="csrftoken"
// data-session="…/tags/">, with <p class="action-state"> in its bar.
//
// - Leaving with unsaved words asks first.
// - Before the form is sent, the server is asked whether one is still logged in and reachable;
//   if not, a sentence says so and nothing is sent, because a log-in page would swallow the text.
// - Logging in again in another tab changes the token of the form; it is read anew from its
//   cookie, also on the event "freshen" (the editor's uploads send it).
// - Enter in a one-line field does not send the form: input methods end words with it.
// - Going back to a form that was saved keeps its receipt, so that it is known as that form.

const gettext = window.gettext ?? ((text) => text);

const form = document.querySelector("#article_form");
const sheet = form?.querySelector(".desk-form");

const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

function freshen() {
  const token = cookie(sheet.dataset.csrfCookie);
  if (token) form.elements.csrfmiddlewaretoken.value = decodeURIComponent(token);
}

const typed = () =>
  JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));

async function reachable() {
  try {
    const response = await fetch(sheet.dataset.session, { redirect: "manual", cache: "no-store" });
    return response.ok
      ? ""
      : gettext(
          "You are no longer logged in. Log in again in another tab, then save here; your text is still on this page.",
        );
  } catch {
    return gettext(
      "The server cannot be reached. Your text is still on this page; save again when the connection is back.",
    );
  }
}

function say(sentence) {
  let note = form.querySelector(".action-problem");
  if (!note) {
    note = document.createElement("p");
    note.className = "action-problem";
    note.setAttribute("role", "alert");
    form.querySelector(".action-bar").prepend(note);
  }
  note.textContent = sentence;
  note.hidden = !sentence;
}

function guard() {
  let saved = typed();
  let sending = false;
  // The editor writes its text once more when it starts; that is not typing.
  form.addEventListener("prose-editor:ready", () => {
    saved = typed();
  });

  window.addEventListener("beforeunload", (event) => {
    if (!sending && typed() !== saved) event.preventDefault();
  });

  form.addEventListener("submit", async (event) => {
    if (sending) return;
    event.preventDefault();
    const button = event.submitter;
    say("");
    const problem = await reachable();
    if (problem) {
      say(problem);
      return;
    }
    freshen();
    sending = true;
    form.requestSubmit(button);
  });

  // Shown again from the browser's memory: nothing is under way any more.
  window.addEventListener("pageshow", () => {
    sending = false;
  });
}

function keepReceipt() {
  const { receipt } = form.elements;
  if (history.state?.receipt) receipt.value = history.state.receipt;
  else history.replaceState({ ...history.state, receipt: receipt.value }, "");
}

if (sheet) {
  form.addEventListener("freshen", freshen);
  form.addEventListener("keydown", (event) => {
    const oneLine = event.target.matches(".desk-field > input");
    if (event.key === "Enter" && oneLine) event.preventDefault();
  });
  form.querySelector(".has-errors :is(input, select, textarea)")?.focus();
  if (!form.querySelector(".errornote")) keepReceipt();
  guard();
}
