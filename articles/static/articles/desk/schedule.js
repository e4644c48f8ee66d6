// Times of publication: whoever types a moment means it.
//
// Markup: radio buttons [name=at] with the values now and moment; <input id="starts_at">.

const field = document.querySelector("#starts_at");
const choice = (value) => document.querySelector(`[name=at][value=${value}]`);

field?.addEventListener("input", () => {
  if (field.value) choice("moment").checked = true;
});
choice("moment")?.addEventListener("change", () => field.focus());
