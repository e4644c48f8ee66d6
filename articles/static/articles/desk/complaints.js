// What is wrong with the form, as sentences and marks at its fields.

import { fill, gettext } from "./bar.js";

// What an article cannot be stored without, as a sentence; "" when it is all there. Known here, so
// a story begun with its text is no error a minute long.
export function missing(form) {
  const labels = [...form.querySelectorAll(".desk-field [required]")]
    .filter((element) => !element.value.trim())
    .map((element) => element.labels[0]?.textContent.trim() ?? element.name);
  return labels.length
    ? fill(gettext("Saved by itself once this is filled in: %(fields)s."), {
        fields: labels.join(gettext(", ")),
      })
    : "";
}

// --- Sentences at the fields, as the server's page has them -----------------------------------

export function unmark(form) {
  for (const list of form.querySelectorAll(".errorlist")) list.remove();
  for (const field of form.querySelectorAll(".has-errors")) field.classList.remove("has-errors");
  document.querySelector(".errornote")?.remove();
}

// Returns the sentences that belong to no field one can see.
export function mark(form, errors) {
  unmark(form);
  const elsewhere = [];
  for (const [name, sentences] of Object.entries(errors)) {
    const field = form.querySelector(`.desk-field.field-${CSS.escape(name)}`);
    if (!field) {
      elsewhere.push(...sentences);
      continue;
    }
    const list = document.createElement("ul");
    list.className = "errorlist";
    for (const sentence of sentences) {
      const line = document.createElement("li");
      line.textContent = sentence;
      list.append(line);
    }
    field.querySelector("label")?.after(list);
    field.classList.add("has-errors");
  }
  form.querySelector(".has-errors :is(input, select, textarea, [contenteditable])")?.focus();
  return elsewhere;
}
