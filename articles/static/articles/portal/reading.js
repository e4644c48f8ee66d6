/**
 * How large and how plain a reader wants the pages, remembered in this browser.
 *
 *   <html class="scripted size-large elder">     what is remembered
 *   <button data-size="large">                   large, medium or small: the text of a story
 *   <button data-elder>                          large type and high contrast on every page
 *   <button data-print>
 *
 * Loaded in the head and no module: it is done before anything is drawn, so that no page is
 * drawn twice. The buttons are shown by the style sheet, to whoever has the class "scripted".
 */
(() => {
  const DRAWER = "reading";
  const SIZES = ["large", "medium", "small"];
  const root = document.documentElement;
  let wishes = {};

  function take() {
    try {
      wishes = { ...JSON.parse(localStorage.getItem(DRAWER)) };
    } catch {
      wishes = {};
    }
    if (!SIZES.includes(wishes.size)) wishes.size = "medium";
    wishes.elder = wishes.elder === true;
  }

  function keep() {
    try {
      localStorage.setItem(DRAWER, JSON.stringify(wishes));
    } catch {
      // Where nothing can be kept the wish holds for this page.
    }
  }

  function press(buttons, isOn) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(isOn(button)));
  }

  function fulfil() {
    for (const size of SIZES) root.classList.toggle(`size-${size}`, size === wishes.size);
    root.classList.toggle("elder", wishes.elder);
    press(document.querySelectorAll("[data-size]"), ({ dataset }) => dataset.size === wishes.size);
    press(document.querySelectorAll("[data-elder]"), () => wishes.elder);
  }

  function takeAndFulfil() {
    take();
    fulfil();
  }

  root.classList.add("scripted");
  takeAndFulfil();
  document.addEventListener("DOMContentLoaded", fulfil);
  // Changed in another tab, or on a page further on that is left by the back button.
  addEventListener("storage", takeAndFulfil);
  addEventListener("pageshow", (event) => event.persisted && takeAndFulfil());
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-size], [data-elder], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) {
      print();
      return;
    }
    take();
    if (button.dataset.size) wishes.size = button.dataset.size;
    else wishes.elder = !wishes.elder;
    keep();
    fulfil();
  });
})();
