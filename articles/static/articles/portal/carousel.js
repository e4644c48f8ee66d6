/**
 * Buttons and a pace for a row of pictures that can be scrolled without any script.
 *
 *   <section data-carousel>
 *     <ul data-slides> <li>… </ul>
 *     <div data-controls hidden>
 *       <button data-pause data-play-label="…" aria-label="…">
 *       <ol> <li><button data-to="0">… </ol>
 *       <button data-step="-1">  <button data-step="1">
 *
 * The pictures change by themselves until somebody points at them, tabs into them, touches them
 * or says stop; never for whoever asked the browser for less motion. Arrow keys turn over.
 */
const PACE = 6000;
const still = matchMedia("(prefers-reduced-motion: reduce)");

function pace(carousel) {
  const slides = carousel.querySelector("[data-slides]");
  const controls = carousel.querySelector("[data-controls]");
  if (!controls) return;
  const pause = controls.querySelector("[data-pause]");
  const places = [...controls.querySelectorAll("[data-to]")];
  const stopLabel = pause.getAttribute("aria-label");
  let isStopped = still.matches;
  let isHeld = false;
  let timer;

  const here = () => Math.round(slides.scrollLeft / slides.clientWidth);

  function show(place) {
    const wanted = (place + places.length) % places.length;
    const behavior = still.matches ? "auto" : "smooth";
    slides.scrollTo({ left: wanted * slides.clientWidth, behavior });
  }

  function mark() {
    for (const [place, button] of places.entries()) {
      if (place === here()) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  function wait() {
    clearInterval(timer);
    carousel.classList.toggle("resting", isStopped);
    pause.setAttribute("aria-label", isStopped ? pause.dataset.playLabel : stopLabel);
    if (!isStopped && !isHeld) {
      timer = setInterval(() => {
        if (!document.hidden) show(here() + 1);
      }, PACE);
    }
  }

  function stop() {
    isStopped = true;
    wait();
  }

  const hold = (isOn) => () => {
    isHeld = isOn;
    wait();
  };

  pause.addEventListener("click", () => {
    isStopped = !isStopped;
    // Whoever asks for the change points at it still.
    isHeld = isHeld && isStopped;
    wait();
  });
  controls.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-to], [data-step]");
    if (!button) return;
    stop();
    show(button.dataset.to ? Number(button.dataset.to) : here() + Number(button.dataset.step));
  });
  carousel.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    stop();
    show(here() + step);
  });
  carousel.addEventListener("pointerenter", hold(true));
  carousel.addEventListener("pointerleave", hold(false));
  carousel.addEventListener("focusin", hold(true));
  carousel.addEventListener("focusout", hold(false));
  slides.addEventListener("touchstart", stop, { passive: true });
  slides.addEventListener("scroll", mark, { passive: true });
  still.addEventListener("change", () => still.matches && stop());

  controls.hidden = false;
  mark();
  wait();
}

document.querySelectorAll("[data-carousel]").forEach(pace);
