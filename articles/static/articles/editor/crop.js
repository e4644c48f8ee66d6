/* How a picture is framed: turned by right angles, a part of it shown, a point kept in sight.

   A picture says so in three words, as `articles/markup/` reads them:
   turn   "" "90" "180" "270", degrees clockwise;
   crop   "left,top,width,height" as shares of the turned picture, "" for all of it;
   focus  "x,y" as shares of the turned picture, "" for its middle.

   `drawFrame` shows that in a box by CSSOM alone, so nothing is sent and undo works at once:
   <div class="frame"><img></div>

   `chooseFrame` asks in a dialog and resolves to the three words, or to null:
   <dialog class="frame-dialog">
     <h2>裁剪与构图</h2>
     <div class="frame-dialog__stage">
       <img>
       <div class="frame-dialog__part" tabindex="0"> <span data-edge="nw"> … </div>
       <button class="frame-dialog__focus">
     </div>
     <p role="status">裁剪后 1200×800 像素</p>
     <div role="toolbar"> … </div>
   </dialog> */

import { fill } from "articles/editor/status"
import { crel, gettext } from "django-prose-editor/editor"

/* --- Words and numbers -------------------------------------------------------------------- */

/* No part may get smaller: the server takes less than a fiftieth for a slip of the hand. */
const SMALLEST = 0.04

const numbers = (text, count) => {
  const found = String(text || "").split(",").map(Number)
  return found.length === count && found.every(Number.isFinite) ? found : null
}

const spelled = (values) =>
  values.map((value) => String(Number(value.toFixed(4)))).join(",")

const ALL = { left: 0, top: 0, width: 1, height: 1 }

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high))

export const readFrame = ({ turn, crop, focus }) => {
  const [left, top, width, height] = numbers(crop, 4) || [0, 0, 1, 1]
  const [x, y] = numbers(focus, 2) || [0.5, 0.5]
  return { turn: Number(turn) || 0, crop: { left, top, width, height }, focus: { x, y } }
}

export const writeFrame = ({ turn, crop, focus }) => {
  const { left, top, width, height } = crop
  const isWhole = width > 0.999 && height > 0.999
  const isMiddle = Math.abs(focus.x - 0.5) < 0.001 && Math.abs(focus.y - 0.5) < 0.001
  return {
    turn: turn ? String(turn) : "",
    crop: isWhole ? "" : spelled([left, top, Math.min(width, 1 - left), Math.min(height, 1 - top)]),
    focus: isMiddle ? "" : spelled([focus.x, focus.y]),
  }
}

/* A quarter turn; part and point go with the picture. */
export const turnFrame = (frame, isClockwise) => {
  const { crop, focus } = frame
  const turn = (frame.turn + (isClockwise ? 90 : 270)) % 360
  return isClockwise
    ? {
        turn,
        crop: {
          left: 1 - crop.top - crop.height,
          top: crop.left,
          width: crop.height,
          height: crop.width,
        },
        focus: { x: 1 - focus.y, y: focus.x },
      }
    : {
        turn,
        crop: {
          left: crop.top,
          top: 1 - crop.left - crop.width,
          width: crop.height,
          height: crop.width,
        },
        focus: { x: focus.y, y: 1 - focus.x },
      }
}

const turnedSize = ({ width, height }, turn) =>
  turn % 180 ? { width: height, height: width } : { width, height }

/* Width by height, in pixels of the file, of what is shown. */
export const shownSize = (size, frame) => {
  const { width, height } = turnedSize(size, frame.turn)
  return { width: width * frame.crop.width, height: height * frame.crop.height }
}

/* Sets up `image` within `box`, whose shape is that of the part shown. */
export const drawFrame = (box, image, size, frame) => {
  const whole = turnedSize(size, frame.turn)
  const shown = shownSize(size, frame)
  const { left, top, width, height } = frame.crop
  const isAcross = frame.turn % 180 !== 0
  const share = (value) => `${(value * 100).toFixed(3)}%`
  box.style.aspectRatio = `${shown.width} / ${shown.height}`
  Object.assign(image.style, {
    left: share((0.5 - left) / width),
    top: share((0.5 - top) / height),
    // The picture's own sides, before it is turned, measured by the sides of the box.
    width: share(isAcross ? whole.height / shown.width : 1 / width),
    height: share(isAcross ? whole.width / shown.height : 1 / height),
    transform: `translate(-50%, -50%) rotate(${frame.turn}deg)`,
  })
}

/* --- Moving and resizing a part ----------------------------------------------------------- */

const moved = (part, dx, dy) => ({
  ...part,
  left: clamp(part.left + dx, 0, 1 - part.width),
  top: clamp(part.top + dy, 0, 1 - part.height),
})

/* One side: where the part holds fast, how much room there is, where it begins at a length. */
const axis = (start, length, isNear, isFar) => {
  if (isFar) return { room: 1 - start, begin: () => start }
  if (isNear) return { room: start + length, begin: (now) => start + length - now }
  const middle = start + length / 2
  return {
    room: 2 * Math.min(middle, 1 - middle),
    begin: (now) => middle - now / 2,
  }
}

/* `edge` is one of n ne e se s sw w nw; `ratio` is width by height in shares, 0 for free. */
const resized = (part, edge, dx, dy, ratio) => {
  const [n, e, s, w] = [..."nesw"].map((letter) => edge.includes(letter))
  const across = axis(part.left, part.width, w, e)
  const down = axis(part.top, part.height, n, s)
  let width = part.width + (e ? dx : w ? -dx : 0)
  let height = part.height + (s ? dy : n ? -dy : 0)
  if (ratio) {
    if (e || w) height = width / ratio
    else width = height * ratio
    const least = Math.max(SMALLEST / width, SMALLEST / height)
    const most = Math.min(across.room / width, down.room / height)
    const factor = width > 0 && height > 0 ? Math.min(Math.max(1, least), most) : 0
    if (!factor) return part
    width *= factor
    height *= factor
  } else {
    width = e || w ? clamp(width, SMALLEST, across.room) : part.width
    height = n || s ? clamp(height, SMALLEST, down.room) : part.height
  }
  return {
    left: clamp(across.begin(width), 0, 1 - width),
    top: clamp(down.begin(height), 0, 1 - height),
    width,
    height,
  }
}

/* The largest part of this shape around the middle of the present one. */
const shaped = (part, ratio) => {
  const width = Math.min(1, ratio)
  const height = width / ratio
  const x = part.left + part.width / 2
  const y = part.top + part.height / 2
  return moved({ left: x - width / 2, top: y - height / 2, width, height }, 0, 0)
}

/* --- The dialog --------------------------------------------------------------------------- */

const RATIOS = [
  [gettext("Free"), 0],
  ["3:2", 3 / 2],
  ["4:3", 4 / 3],
  ["16:9", 16 / 9],
  ["1:1", 1],
  ["3:4", 3 / 4],
  ["2:3", 2 / 3],
  [gettext("As taken"), "original"],
]

const EDGES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"]

/* Narrower than the text column of the portal: it would be drawn larger than it is. */
const SHARP_WIDTH = 720

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const button = (text, onClick, attributes = {}) => {
  const made = crel("button", { type: "button", textContent: text, ...attributes })
  made.addEventListener("click", onClick)
  return made
}

const iconButton = (icon, name, onClick) =>
  button(icon, onClick, {
    className: "material-icons frame-dialog__icon",
    title: name,
    "aria-label": name,
  })

class FrameDialog {
  constructor({ picture, size, address, settle }) {
    this.size = size
    this.frame = readFrame(picture)
    this.settle = settle
    this.ratio = 0

    this.image = crel("img", { src: address, alt: "", draggable: false })
    this.part = crel(
      "div",
      {
        className: "frame-dialog__part",
        tabIndex: 0,
        role: "group",
        "aria-label": gettext("Part shown: arrow keys move it, Shift and arrow keys resize it"),
      },
      EDGES.map((edge) => crel("span", { "data-edge": edge, "aria-hidden": "true" })),
    )
    this.focus = crel("button", {
      type: "button",
      className: "frame-dialog__focus",
      title: gettext("Focal point: stays in sight where lists cut the picture"),
      "aria-label": gettext("Focal point: move it with the arrow keys"),
    })
    this.stage = crel("div", { className: "frame-dialog__stage" }, [
      this.image,
      this.part,
      this.focus,
    ])
    this.says = crel("p", { className: "frame-dialog__says", role: "status" })
    this.ratios = RATIOS.map(([name, ratio]) =>
      button(name, () => this.chooseRatio(ratio), { "data-ratio": name, "aria-pressed": "false" }),
    )
    const title = crel("h2", { textContent: gettext("Crop and turn"), id: "frame-dialog-title" })
    this.dom = crel(
      "dialog",
      { className: "frame-dialog", "aria-labelledby": "frame-dialog-title" },
      [
        title,
        crel("div", { className: "frame-dialog__desk" }, [this.stage]),
        this.says,
        crel("div", { className: "frame-dialog__tools" }, [
          crel(
            "div",
            { className: "frame-dialog__ratios", role: "group", "aria-label": gettext("Shape") },
            this.ratios,
          ),
          iconButton("rotate_left", gettext("Turn left"), () => this.turn(false)),
          iconButton("rotate_right", gettext("Turn right"), () => this.turn(true)),
        ]),
        crel("p", {
          className: "frame-dialog__hint",
          textContent: gettext(
            "Drag the frame or its corners. The round mark is the focal point: it stays in sight where lists and the front page cut the picture.",
          ),
        }),
        crel("div", { className: "frame-dialog__actions" }, [
          button(gettext("Show all of it"), () => this.reset(), { "data-action": "reset" }),
          button(gettext("Cancel"), () => this.close(null), { "data-action": "cancel" }),
          button(gettext("Apply"), () => this.close(writeFrame(this.held())), {
            "data-action": "apply",
            className: "is-default",
          }),
        ]),
      ],
    )
    this.listen()
    this.show()
  }

  open() {
    document.body.append(this.dom)
    this.dom.showModal()
    this.part.focus()
  }

  close(answer) {
    this.dom.close()
    this.dom.remove()
    this.settle(answer)
  }

  listen() {
    this.dom.addEventListener("cancel", (event) => {
      event.preventDefault()
      this.close(null)
    })
    this.part.addEventListener("keydown", (event) => this.onPartKey(event))
    this.focus.addEventListener("keydown", (event) => this.onFocusKey(event))
    this.stage.addEventListener("pointerdown", (event) => this.onPointer(event))
  }

  /* The point where it counts: within the part shown. */
  held() {
    const { crop, focus } = this.frame
    return {
      ...this.frame,
      focus: {
        x: clamp(focus.x, crop.left, crop.left + crop.width),
        y: clamp(focus.y, crop.top, crop.top + crop.height),
      },
    }
  }

  onPartKey(event) {
    const arrow = ARROWS[event.key]
    if (!arrow) {
      if (event.key === "Enter" && event.target === this.part) {
        event.preventDefault()
        this.close(writeFrame(this.held()))
      }
      return
    }
    event.preventDefault()
    const step = event.altKey ? 0.001 : 0.01
    const [dx, dy] = arrow.map((value) => value * step)
    if (event.shiftKey) this.crop(resized(this.frame.crop, dx ? "e" : "s", dx, dy, this.ratioInShares()))
    else this.crop(moved(this.frame.crop, dx, dy))
  }

  onFocusKey(event) {
    const arrow = ARROWS[event.key]
    if (!arrow) return
    event.preventDefault()
    const { x, y } = this.held().focus
    this.point(x + arrow[0] * 0.01, y + arrow[1] * 0.01)
  }

  onPointer(event) {
    if (event.button) return
    const { target } = event
    const isFocus = target === this.focus
    if (!isFocus && !this.part.contains(target)) return
    event.preventDefault()
    const box = this.stage.getBoundingClientRect()
    const start = { x: event.clientX, y: event.clientY }
    const part = this.frame.crop
    const point = this.held().focus
    const { edge } = target.dataset
    ;(isFocus ? this.focus : this.part).focus()
    target.setPointerCapture(event.pointerId)
    const onMove = (move) => {
      const dx = (move.clientX - start.x) / box.width
      const dy = (move.clientY - start.y) / box.height
      if (isFocus) this.point(point.x + dx, point.y + dy)
      else if (edge) this.crop(resized(part, edge, dx, dy, this.ratioInShares()))
      else this.crop(moved(part, dx, dy))
    }
    const onEnd = () => {
      target.removeEventListener("pointermove", onMove)
      target.removeEventListener("pointerup", onEnd)
      target.removeEventListener("pointercancel", onEnd)
    }
    target.addEventListener("pointermove", onMove)
    target.addEventListener("pointerup", onEnd)
    target.addEventListener("pointercancel", onEnd)
  }

  ratioInShares() {
    if (!this.ratio) return 0
    if (this.ratio === "original") return 1
    const { width, height } = turnedSize(this.size, this.frame.turn)
    return (this.ratio * height) / width
  }

  chooseRatio(ratio) {
    this.ratio = ratio
    if (ratio) this.crop(shaped(this.frame.crop, this.ratioInShares()))
    else this.show()
  }

  crop(crop) {
    this.frame = { ...this.frame, crop }
    this.show()
  }

  point(x, y) {
    this.frame = { ...this.frame, focus: { x, y } }
    this.frame = this.held()
    this.show()
  }

  turn(isClockwise) {
    this.frame = turnFrame(this.frame, isClockwise)
    // The part lies across now, and so does its shape; one that has no button is free.
    if (typeof this.ratio === "number" && this.ratio) {
      const across = 1 / this.ratio
      this.ratio = RATIOS.find(([, ratio]) => Math.abs(ratio - across) < 0.001)?.[1] || 0
    }
    this.show()
  }

  reset() {
    this.ratio = 0
    this.frame = { turn: 0, crop: ALL, focus: { x: 0.5, y: 0.5 } }
    this.show()
  }

  show() {
    const { turn, crop } = this.frame
    const { focus } = this.held()
    const { width, height } = turnedSize(this.size, turn)
    drawFrame(this.stage, this.image, this.size, { ...this.frame, crop: ALL })
    this.stage.style.width = `min(100%, calc(var(--stage-height) * ${width / height}))`
    const share = (value) => `${value * 100}%`
    Object.assign(this.part.style, {
      left: share(crop.left),
      top: share(crop.top),
      width: share(crop.width),
      height: share(crop.height),
    })
    Object.assign(this.focus.style, { left: share(focus.x), top: share(focus.y) })
    for (const [index, choice] of this.ratios.entries())
      choice.setAttribute("aria-pressed", RATIOS[index][1] === this.ratio)
    const shown = shownSize(this.size, this.frame)
    const measures = { width: Math.round(shown.width), height: Math.round(shown.height) }
    this.says.textContent = fill(
      measures.width < SHARP_WIDTH && crop.width < 1
        ? gettext("%(width)s×%(height)s pixels are shown: too few to look sharp across a page.")
        : gettext("%(width)s×%(height)s pixels are shown."),
      measures,
    )
  }
}

/* Resolves to {turn, crop, focus} or null; the opener gets the focus back. */
export const chooseFrame = ({ picture, size, address }) =>
  new Promise((settle) => new FrameDialog({ picture, size, address, settle }).open())
