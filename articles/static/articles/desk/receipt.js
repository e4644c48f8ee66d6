// The receipt of a form that was sent, for a page one goes back to.
//
// What was sent notes its receipt in the history: gone back to and written on, it is known as the
// form it was, and makes no second article. A copied tab has the same history, but its story is
// another one: while the page that sent the form is there, the copy goes by its own receipt.

import { living } from "./kept_copy.js";

// The sitting whose form this page goes on with.
let origin;

// Before the form is sent.
export function noteInHistory({ elements }) {
  const sitting = elements.sitting.value;
  const sent = { receipt: elements.receipt.value, sitting, origin: origin ?? sitting };
  history.replaceState({ ...history.state, sent }, "");
}

// Once the answer came, and the page goes on with a new receipt.
export const newEntry = (url) =>
  history.replaceState({ ...history.state, sent: undefined }, "", url);

// Resolves when the form has the receipt it goes by.
export async function takeFromHistory(form) {
  const { sent } = history.state ?? {};
  if (!sent) return;
  if ((await living([sent.sitting])).size) {
    newEntry();
    return;
  }
  form.elements.receipt.value = sent.receipt;
  ({ origin } = sent);
  form.addEventListener("formdata", ({ formData }) => formData.set("continues", origin));
}
