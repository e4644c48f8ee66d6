/**
 * Exchanges the news of the units in place, and comes back to the unit a reader chose last.
 *
 *   <section data-unit-news data-chosen="12">
 *     <nav> <a href="/?unit=12#unit-news" data-unit="12">… </nav>
 *     … <p role="status" data-status></p>
 *
 * Without script the links lead to the same page, with the news of that unit in it.
 */
const REMEMBERED = "newsroom.unit";

// Browsers may forbid to remember anything.
const memory = {
  read() {
    try {
      return localStorage.getItem(REMEMBERED) ?? "";
    } catch {
      return "";
    }
  },
  write(unit) {
    try {
      localStorage.setItem(REMEMBERED, unit);
    } catch {
      // Then it is chosen again next time.
    }
  },
};

const section = () => document.querySelector("[data-unit-news]");
let asked = 0;

async function choose(link, { isChosenNow }) {
  const turn = ++asked;
  const old = section();
  old.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href.split("#")[0]);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-unit-news]");
    if (turn !== asked) return;
    if (!answer.ok || !fresh) throw new Error(`${answer.status}`);
    old.replaceWith(fresh);
    memory.write(link.dataset.unit);
    if (!isChosenNow) return;
    const chosen = fresh.querySelector("[data-unit][aria-current]");
    chosen.focus({ preventScroll: true });
    fresh.querySelector("[data-status]").textContent = chosen.textContent;
  } catch {
    // The link itself says what is wrong, or works by now.
    if (turn === asked && isChosenNow) location.assign(link.href);
    old.removeAttribute("aria-busy");
  }
}

function linkTo(unit) {
  return [...section().querySelectorAll("[data-unit]")].find((link) => link.dataset.unit === unit);
}

if (section()) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-unit-news] [data-unit]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(link, { isChosenNow: true });
  });
  const unit = memory.read();
  const remembered = !section().dataset.chosen && unit ? linkTo(unit) : null;
  if (remembered) choose(remembered, { isChosenNow: false });
}
