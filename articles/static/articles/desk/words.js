// What is typed in the article form, as one string to compare and as fields to put back.

// The form's own bookkeeping.
const NOT_TYPED = new Set([
  "csrfmiddlewaretoken",
  "based_on",
  "receipt",
  "sitting",
  "continues",
  "step",
]);

// A name with a hyphen belongs to a panel's own controls (the width of the preview), not to a
// field of the story; files travel by requests of their own.
export const isTyped = ([name, value]) =>
  !NOT_TYPED.has(name) && !name.includes("-") && typeof value === "string";

export const fieldsOf = (form) => [...new FormData(form)].filter(isTyped);

export const spelled = (fields) => JSON.stringify(fields);

export const typed = (form) => spelled(fieldsOf(form));

// Whether the browser itself put words back that were typed before (reload, history).
export function refilled(form) {
  return [...form.querySelectorAll(".desk-field :is(input, select, textarea)")].some((element) => {
    // Written by the editor already.
    if (!element.name || element.closest(".prose-editor")) return false;
    if (element.options)
      return [...element.options].some((option) => option.selected !== option.defaultSelected);
    if (["checkbox", "radio"].includes(element.type))
      return element.checked !== element.defaultChecked;
    return element.value !== element.defaultValue;
  });
}

// Puts kept fields back, the text by way of the editor so that it can be undone. Fields that a
// panel builds by itself are told with the event "desk:restore" and its detail, the fields.
export function putBack(form, fields, editor) {
  for (const [name, value] of fields) {
    const element = form.elements[name];
    if (!element || element instanceof RadioNodeList || element.type === "file") continue;
    if (name === "body" && editor) {
      editor.commands.setContent(value, { emitUpdate: true });
      continue;
    }
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new CustomEvent("desk:restore", { detail: { fields } }));
}
