/**
 * The slots of the front page: moved by drag and by arrow keys, stories found while one types.
 *
 *   <form data-order> <li data-line> <button data-handle hidden> <input data-place> … </form>
 *   <section data-find> <form> … </form> <div data-found> … </section>
 *   <iframe data-page>   <p role="status" data-said>
 *
 * Without script the numbers are typed and kept by a button, and the search has one.
 */
const gettext = window.gettext ?? ((text) => text);
// A pause in typing, in milliseconds.
const PAUSE = 300;

const page = document.querySelector("[data-page]");
const said = document.querySelector("[data-said]");

function say(sentence) {
  said.textContent = sentence;
}

async function keep(form) {
  const lines = [...form.querySelectorAll("[data-line]")];
  for (const [place, line] of lines.entries()) {
    line.querySelector("[data-place]").value = place + 1;
  }
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (answer?.status !== 204) {
    // The form itself says what is wrong.
    form.submit();
    return;
  }
  // What waits for a place is another one now.
  const fresh = await slotsNow();
  for (const gone of form.querySelectorAll(".arrange-gap")) gone.remove();
  for (const gap of fresh?.querySelectorAll(".arrange-gap") ?? []) {
    const place = gap.closest("[data-line]")?.querySelector("[data-place]")?.name;
    const here = place && form.querySelector(`[name="${place}"]`);
    here?.closest("[data-line]").querySelector(".arrange-line").append(gap);
  }
  page?.contentWindow.location.reload();
  say(gettext("The order is kept. Readers see it now."));
}

async function slotsNow() {
  const answer = await fetch(location.href).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

function arrange(form) {
  const handles = [...form.querySelectorAll("[data-handle]")];
  if (!handles.length) return;
  let moving = null;
  for (const handle of handles) {
    const line = handle.closest("[data-line]");
    handle.hidden = false;
    line.querySelector("[data-place]").hidden = true;
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      moving = line;
      line.classList.add("moving");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(line, 0, 0);
    });
    handle.addEventListener("dragend", () => {
      line.classList.remove("moving");
      if (moving) keep(form);
      moving = null;
    });
    line.addEventListener("dragover", (event) => {
      if (!moving) return;
      event.preventDefault();
      if (moving === line) return;
      const { top, height } = line.getBoundingClientRect();
      if (event.clientY < top + height / 2) line.before(moving);
      else line.after(moving);
    });
    line.addEventListener("drop", (event) => event.preventDefault());
    handle.addEventListener("keydown", (event) => {
      const other = {
        ArrowUp: line.previousElementSibling,
        ArrowDown: line.nextElementSibling,
      }[event.key];
      if (!other) return;
      event.preventDefault();
      if (event.key === "ArrowUp") other.before(line);
      else other.after(line);
      handle.focus();
      keep(form);
    });
  }
  form.querySelector("[data-keep]").hidden = true;
}

function findWhileTyping(section) {
  const form = section.querySelector("form");
  const found = section.querySelector("[data-found]");
  let timer;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = ++asked;
      const query = new URLSearchParams(new FormData(form));
      const answer = await fetch(`${form.action}?${query}`).catch(() => null);
      if (!answer?.ok || turn !== asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...fresh.querySelector("[data-found]").childNodes);
    }, PAUSE);
  });
}

document.querySelectorAll("[data-order]").forEach(arrange);
document.querySelectorAll("[data-find]").forEach(findWhileTyping);
