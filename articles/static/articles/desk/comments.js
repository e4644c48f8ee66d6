// The comments beside the article form: their buttons leave the page, so what is typed is saved
// first, and the version that is sent along is the one that is on the page.
//
// Markup: <form id="comment-actions"> with `version`, outside the article form; buttons
// [data-comment-action] in <section id="panel-comments"> send it. An address that ends in
// #panel-comments opens the panel.

const form = document.querySelector("#article_form");
const panel = form?.querySelector("#panel-comments");
const actions = document.querySelector("#comment-actions");

function open() {
  if (location.hash !== "#panel-comments") return;
  document.querySelector('[role=tab][aria-controls="panel-comments"]')?.click();
}

if (panel && actions) {
  form.addEventListener("desk:saved", ({ detail }) => {
    actions.elements.version.value = detail.version;
  });
  let isSaved = false;
  actions.addEventListener("submit", async (event) => {
    if (isSaved) return;
    event.preventDefault();
    const { submitter } = event;
    const asked = new CustomEvent("desk:save", { detail: {} });
    form.dispatchEvent(asked);
    await asked.detail.done;
    // While this event is still told, the browser takes no other submission of the form.
    await new Promise((resolve) => setTimeout(resolve));
    isSaved = true;
    actions.requestSubmit(submitter);
    // The page may stay: one was asked, and did not want to leave.
    isSaved = false;
  });
  open();
}
