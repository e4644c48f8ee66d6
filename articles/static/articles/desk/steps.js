// Each look at the form and each sending has a higher number than those before it: of two of them
// the later one is known by it, also when the clock is set back meanwhile.

let step = 0;

// Every FormData of the form has its number from now on.
export function count(form) {
  form.addEventListener("formdata", ({ formData }) => {
    step = Math.max(Date.now(), step + 1);
    formData.set("step", step);
  });
}

// Goes on behind the numbers of another page.
export function countFrom(earlier) {
  step = Math.max(step, Number(earlier));
}
