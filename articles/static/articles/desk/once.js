// A form is sent once, however often its button is clicked: <script type="module">, no marks.
//
// A form that a script sends by itself is none of our business. After a while without an answer,
// and on a page that is gone back to, it can be sent again.

// In milliseconds; nobody clicks twice that slowly.
const PATIENCE = 5000;
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  setTimeout(() => sent.delete(form), PATIENCE);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});
