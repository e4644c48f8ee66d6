// The receipt of a form that was sent, for a page one goes back to.
//
// What was sent notes its receipt in the history, with every sitting that sent it: gone back to and
// written on, it is known as the form it was, whichever sending arrived, and makes no second
// article. A copied tab has the same history, but its story is another one: while a page that sent
// the form is there, the copy goes by its own receipt.

import { living } from "./living.js";

// The sittings whose form this page goes on with, the earliest first.
let before = [];

// Before the form is sent.
export function noteInHistory({ elements }) {
  const sittings = [...before, elements.sitting.value].join(" ");
  const sent = { receipt: elements.receipt.value, sittings };
  history.replaceState({ ...history.state, sent }, "");
}

// Once the answer came, and the page goes on with a new receipt.
export const newEntry = (url) =>
  history.replaceState({ ...history.state, sent: undefined }, "", url);

const nameThem = ({ formData }) => formData.set("continues", before.join(" "));

// Goes on with a form that other pages may have sent: `sittings`, with spaces between.
export function continueForm(form, { receipt, sittings }) {
  form.elements.receipt.value = receipt;
  before = sittings.split(" ").filter(Boolean);
  form.addEventListener("formdata", nameThem);
}

// Resolves when the form has the receipt it goes by.
export async function takeFromHistory(form) {
  const { sent } = history.state ?? {};
  if (!sent) return;
  if ((await living(sent.sittings.split(" "))).size) {
    newEntry();
    return;
  }
  continueForm(form, sent);
}
