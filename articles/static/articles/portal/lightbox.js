/**
 * Shows the pictures of a story as large as the window, one after the other.
 *
 *   <figure class="photograph"> <a href="large.jpg"><picture>… <img alt></picture></a>
 *     <figcaption>…</figcaption> </figure>
 *   <dialog class="lightbox">
 *     <div data-shown><div data-stage></div><p data-caption></p></div>
 *     <p data-place></p>
 *     <button data-step="-1"> <button data-step="1"> <button data-close>
 *   </dialog>
 *
 * Arrow keys, Home and End turn over, a finger swipes, two fingers enlarge, Esc closes; the dialog
 * keeps the focus and gives it back. Without script the link opens the picture.
 */
const PICTURES = ".photograph a";
const LARGEST = 4;
const DOUBLE_CLICKED = 2.5;
// Pixels a finger must have gone for the next picture.
const SWIPE = 50;

const dialog = document.querySelector(".lightbox");
const stage = dialog?.querySelector("[data-stage]");
const caption = dialog?.querySelector("[data-caption]");
const place = dialog?.querySelector("[data-place]");

let links = [];
let here = 0;
let image;
let view = { scale: 1, x: 0, y: 0 };

function within(value, limit) {
  return Math.min(Math.max(value, -limit), limit);
}

function look(scale, x, y) {
  const { clientWidth, clientHeight } = stage;
  view = {
    scale,
    x: scale > 1 ? within(x, ((scale - 1) * clientWidth) / 2) : x,
    y: scale > 1 ? within(y, ((scale - 1) * clientHeight) / 2) : 0,
  };
  image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
}

/** The picture of a link, in the sizes the page has of it. */
function enlarged(link) {
  const shown = link.querySelector("img");
  const large = new Image();
  large.sizes = "100vw";
  large.srcset = link.querySelector("source")?.srcset ?? "";
  large.src = link.href;
  large.alt = shown.alt;
  large.draggable = false;
  return large;
}

function show(number) {
  here = (number + links.length) % links.length;
  image = enlarged(links[here]);
  stage.replaceChildren(image);
  look(1, 0, 0);
  const words = links[here].closest("figure").querySelector("figcaption");
  caption.textContent = words?.textContent ?? "";
  place.textContent = links.length > 1 ? `${here + 1} / ${links.length}` : "";
  // The next one is there before it is asked for.
  if (links.length > 1) enlarged(links[(here + 1) % links.length]);
}

function open(link) {
  links = [...document.querySelectorAll(PICTURES)];
  for (const button of dialog.querySelectorAll("[data-step]")) button.hidden = links.length < 2;
  show(links.indexOf(link));
  dialog.showModal();
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const target = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: links.length - 1 };
  if (!(event.key in target)) return;
  event.preventDefault();
  show(target[event.key]);
}

function onClick({ target }) {
  const button = target.closest("button");
  if (button?.dataset.step) show(here + Number(button.dataset.step));
  else if (button) dialog.close();
}

/** Fingers on the picture: one turns over, or moves what is enlarged; two enlarge. */
function follow() {
  const fingers = new Map();
  let start;

  function distance() {
    const [one, other] = [...fingers.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  }

  function begin() {
    const [first] = fingers.values();
    start = first && { ...first, view, distance: fingers.size > 1 ? distance() : 0 };
  }

  function end(event) {
    if (!fingers.delete(event.pointerId)) return;
    const gone = view.scale === 1 ? view.x : 0;
    if (!fingers.size && Math.abs(gone) > SWIPE && links.length > 1) show(here - Math.sign(gone));
    else if (view.scale <= 1) look(1, 0, 0);
    begin();
  }

  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    begin();
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [first] = fingers.values();
    const { view: from } = start;
    if (start.distance) {
      const scale = (from.scale * distance()) / start.distance;
      look(Math.min(Math.max(scale, 1), LARGEST), from.x, from.y);
    } else {
      look(from.scale, from.x + first.x - start.x, from.y + first.y - start.y);
    }
  });
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
  stage.addEventListener("dblclick", () => look(view.scale > 1 ? 1 : DOUBLE_CLICKED, 0, 0));
}

if (dialog?.showModal) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(PICTURES);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", onClick);
  follow();
}
