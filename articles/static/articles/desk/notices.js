// Whoever follows a notice has read it: <li data-notice> <a href> <form> … </form> </li>
//
// Without script a button beside it says so.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-notice] a");
  const row = link?.closest("[data-notice]");
  const form = row?.querySelector("form");
  if (!form) return;
  const facts = new FormData(form);
  facts.set("notice", row.dataset.notice);
  facts.set("quietly", "1");
  navigator.sendBeacon(form.action, facts);
});
