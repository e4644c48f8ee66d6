/* Photographs between two paragraphs: one, or several that share a caption (组图).

   Stored: one picture with its own attributes, a group with a list of them,
   <figure data-image="12" data-credit="王建" data-alt="…" data-rights="own" data-turn="90"
     data-crop="0.1,0.1,0.5,0.5" data-focus="0.3,0.4"><figcaption>图注</figcaption></figure>
   <figure data-group='[{"image":12,"credit":"王建"},{"image":13}]'><figcaption>…

   On the sheet:
   <figure class="story-figure">
     <div class="story-figure__pictures" contenteditable="false">
       <div class="story-figure__picture">
         <div class="story-figure__frame"><img></div>
         <div class="story-figure__tools" role="toolbar"> <button> … </div>
       </div>
     </div>
     <div><figcaption class="is-empty" data-placeholder="…"></figcaption></div>
     <div class="story-figure__facts" contenteditable="false">
       <label>摄影 <input></label> <label>替代文字 <input></label>
     </div>
   </figure>

   The caption is a block of its own inside the figure: commands that turn text blocks into
   headings or lists find no room there, so no shortcut can turn a photograph into a heading.
   A picture stands in a text once: a second copy is refused when it is pasted.
   The address of a picture is the option `pictureUrl` with its last 0 replaced by the id. */

import {
  chooseFrame,
  drawFrame,
  readFrame,
  shownSize,
  turnFrame,
  writeFrame,
} from "articles/editor/crop"
import {
  arrange,
  blankPicture,
  excess,
  figuresOf,
  isFigure,
  joinInto,
  lengthOf,
  LIMITS,
  MOST_IN_GROUP,
  removePictures,
  step,
  takeOut,
  withFacts,
} from "articles/editor/places"
import { fill, problem } from "articles/editor/status"
import { crel, gettext, Node, Plugin, pm } from "django-prose-editor/editor"

const { NodeSelection, TextSelection } = pm.state

/* Sizes by row, of saved pictures from the option `sizes` ({id: [width, height, file name]}): the
   page does not jump while the picture loads. */
const sizes = new Map()
export const rememberSize = (id, width, height) =>
  sizes.set(String(id), { width, height })
export const sizeOf = (image) => sizes.get(image)

/* What the file was called on the computer it came from. */
const fileNames = new Map()
export const rememberFileName = (id, name) => fileNames.set(String(id), name)
export const fileNameOf = (image) => fileNames.get(image) || ""

/* What was just uploaded is shown from this computer until the server's copy has arrived. */
const previews = new Map()
export const rememberPreview = (id, address) => previews.set(String(id), address)

/* What is known of an upload that came before: shown under the picture until it is answered. */
const earlierUses = new Map()
export const rememberUses = (id, uses) =>
  // An upload that no story used has nothing to say.
  earlierUses.set(String(id), uses.filter(({ title, is_here }) => title || is_here))
export const usesOf = (image) => earlierUses.get(image) || []
export const forgetUses = (image) => earlierUses.delete(image)

/* Of a single picture that is higher than wide, as the portal has it (.photograph.upright). */
const UPRIGHT_WIDTH = "480px"

/* A pause that grows: the server may still be making the picture. */
const RETRIES = [1000, 3000, 9000]

const addressOf = (pictureUrl, image) => pictureUrl.replace(/0(?=\D*$)/, image)
export const pictureAddress = (editor, image) =>
  addressOf(editor.storage.storyFigure.pictureUrl, image)
export const thumbAddress = (editor, image) =>
  previews.get(image) || `${pictureAddress(editor, image)}thumb/`

/* Keystrokes in one visit to a field undo together: the history groups what shares a composition.
   The view counts its own from 1 upwards and -1 means none. */
let visit = -1
export const beginVisit = () => {
  visit -= 1
}
export const visitOf = () => visit

const figureAround = ($pos) => {
  for (let depth = $pos.depth; depth > 0; depth--) {
    if (isFigure($pos.node(depth)))
      return { pos: $pos.before(depth), node: $pos.node(depth) }
  }
  return null
}

/* The figure whose caption holds the cursor. */
export const captionAt = ({ selection }) =>
  selection.$from.sameParent(selection.$to) ? figureAround(selection.$from) : null

const selectedFigure = ({ selection }) =>
  selection instanceof NodeSelection && isFigure(selection.node)
    ? { pos: selection.from, node: selection.node }
    : null

const intoCaption = (view, { pos, node }) => {
  const end = pos + node.nodeSize - 2
  view.dispatch(
    view.state.tr.setSelection(TextSelection.create(view.state.doc, end)),
  )
  return true
}

const holder = (node) =>
  (node.closest ? node : node.parentElement).closest("figcaption, figure")

const crossesCaption = ({ startContainer, endContainer }) =>
  holder(startContainer) !== holder(endContainer)

/* To the text below; a figure at the very end gets a paragraph to go to. */
const leaveBelow = (view, { pos, node }) => {
  const { state } = view
  const end = pos + node.nodeSize
  const tr = state.tr
  if (!state.doc.nodeAt(end)?.isTextblock)
    tr.insert(end, state.schema.nodes.paragraph.create())
  tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView()
  view.dispatch(tr)
  view.focus()
  return true
}

/* Pictures that stand outside the selection, which a paste replaces. */
const picturesBeside = ({ doc, selection: { from, to } }) =>
  new Set(
    figuresOf(doc)
      .filter(({ node, pos }) => pos < from || pos + node.nodeSize > to)
      .flatMap(({ node }) => node.attrs.pictures.map(({ image }) => image)),
  )

const withoutCopies = (slice, state) => {
  const present = picturesBeside(state)
  const nodes = slice.content.content
  const kept = nodes.filter(
    (node) =>
      !isFigure(node) ||
      !node.attrs.pictures.some(({ image }) => present.has(image)),
  )
  if (kept.length === nodes.length) return slice
  return new pm.model.Slice(
    pm.model.Fragment.from(kept),
    kept[0] === nodes[0] ? slice.openStart : 0,
    kept.at(-1) === nodes.at(-1) ? slice.openEnd : 0,
  )
}

const captionView = ({ node }) => {
  const dom = crel("figcaption", {
    "data-placeholder": gettext(
      "Caption: one sentence saying who is doing what, when and where",
    ),
  })
  const show = (current) => {
    dom.classList.toggle("is-empty", !current.content.size)
    showLength(dom, "caption", current.textContent)
  }
  show(node)
  return {
    dom,
    contentDOM: dom,
    update(updated) {
      if (updated.type !== node.type) return false
      show(updated)
      return true
    },
    ignoreMutation: (mutation) =>
      mutation.type === "attributes" && mutation.target === dom,
  }
}

/* Told before the server does: how much of the room is used, once most of it is. */
export const showLength = (element, name, text) => {
  const length = lengthOf(text)
  const isNear = length > LIMITS[name] * 0.8
  element.classList.toggle("is-too-long", length > LIMITS[name])
  if (isNear) element.dataset.length = `${length}/${LIMITS[name]}`
  else delete element.dataset.length
}

/* Turns without a question; part and focal point turn along. */
export const turnPicture = (editor, picture, isClockwise) => {
  const frame = writeFrame(turnFrame(readFrame(picture), isClockwise))
  const tr = withFacts(editor.state, { [picture.image]: frame })
  if (tr) step(editor.view, tr)
}

export const cropPicture = async (editor, picture, opener) => {
  const { image } = picture
  const size = sizeOf(image)
  if (!size) return
  const address = previews.get(image) || pictureAddress(editor, image)
  const frame = await chooseFrame({ picture, size, address })
  if (editor.isDestroyed) return
  const tr = frame && withFacts(editor.state, { [image]: frame })
  if (tr) step(editor.view, tr)
  if (opener?.isConnected) opener.focus()
  else editor.view.focus()
}

/* The picture above takes this figure's pictures into its group. */
export const joinAbove = (editor, image) => {
  const figures = figuresOf(editor.state.doc)
  const index = figures.findIndex(({ node }) => holds(node, image))
  if (index < 1) return false
  const above = figures[index - 1].node.attrs.pictures.length
  if (above + figures[index].node.attrs.pictures.length > MOST_IN_GROUP) {
    problem(
      editor,
      fill(gettext("A group holds at most %(count)s pictures."), { count: MOST_IN_GROUP }),
    )
    return false
  }
  return arrange(editor.view, joinInto(index, index - 1, above), { select: image })
}

/* Out of the group, to stand right below it. */
export const leaveGroup = (editor, image) => {
  const figures = figuresOf(editor.state.doc)
  const figure = figures.findIndex(({ node }) => holds(node, image))
  const { pictures } = figures[figure].node.attrs
  const index = pictures.findIndex((picture) => picture.image === image)
  return arrange(editor.view, takeOut(figure, index, figure + 1), { select: image })
}

const holds = (node, image) =>
  node.attrs.pictures.some((picture) => picture.image === image)

const TOOLS = [
  ["crop", gettext("Crop and focal point"), "crop"],
  ["rotate_left", gettext("Turn left"), "turn-left"],
  ["rotate_right", gettext("Turn right"), "turn-right"],
  ["playlist_add", gettext("Join with the picture above"), "join"],
  ["output", gettext("Take out of the group"), "take-out"],
  ["tune", gettext("Rights and other facts"), "details"],
  ["close", gettext("Remove picture"), "remove"],
]

/* One picture in its frame, with its tools. */
class PictureView {
  constructor(figure) {
    this.figure = figure
    this.editor = figure.editor
    this.image = crel("img", { draggable: false })
    this.image.addEventListener("load", () => this.onLoad())
    this.image.addEventListener("error", () => this.onError())
    this.frame = crel("div", { className: "story-figure__frame" }, [this.image])
    this.tools = crel("div", {
      className: "story-figure__tools",
      role: "toolbar",
      "aria-label": gettext("Picture tools"),
      hidden: !this.editor.isEditable,
    })
    for (const [icon, name, tool] of TOOLS) {
      const button = crel("button", {
        type: "button",
        className: `story-figure__tool material-icons${tool === "remove" ? " story-figure__remove" : ""}`,
        textContent: icon,
        title: name,
        "aria-label": name,
        "data-tool": tool,
        tabIndex: -1,
      })
      button.addEventListener("click", () => this.use(tool, button))
      this.tools.append(button)
    }
    this.tools.addEventListener("keydown", (event) => this.onToolKey(event))
    this.dom = crel(
      "div",
      {
        className: "story-figure__picture",
        "data-missing": gettext("This picture cannot be shown."),
      },
      [this.frame, this.tools],
    )
    this.dom.addEventListener("mousedown", (event) => {
      if (!this.tools.contains(event.target)) figure.select(this.picture.image)
    })
  }

  use(tool, button) {
    const { editor, picture } = this
    const { image } = picture
    if (tool === "crop") cropPicture(editor, picture, button)
    else if (tool === "turn-left") turnPicture(editor, picture, false)
    else if (tool === "turn-right") turnPicture(editor, picture, true)
    else if (tool === "join") joinAbove(editor, image)
    else if (tool === "take-out") leaveGroup(editor, image)
    else if (tool === "details") editor.emit("pictureDetails", { image })
    else {
      arrange(editor.view, removePictures([image]))
      editor.view.focus()
    }
  }

  onToolKey(event) {
    const buttons = [...this.tools.querySelectorAll("button:not([hidden])")]
    const index = buttons.indexOf(event.target)
    const target = {
      ArrowRight: buttons[(index + 1) % buttons.length],
      ArrowLeft: buttons.at(index - 1),
      Home: buttons[0],
      End: buttons.at(-1),
    }[event.key]
    if (target) target.focus()
    else if (event.key === "Escape") this.figure.select(this.picture.image)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  load(image) {
    const address = addressOf(this.figure.pictureUrl, image)
    const local = previews.get(image)
    this.failures = 0
    this.dom.classList.remove("is-missing")
    if (local) {
      this.image.src = local
      // Changes over only when the other is there, so nothing flashes.
      this.fetch(image, address)
    } else this.image.src = address
  }

  fetch(image, address, tries = 0) {
    const arriving = new Image()
    arriving.addEventListener("load", () => {
      if (this.picture.image === image) this.image.src = address
      const local = previews.get(image)
      previews.delete(image)
      if (local) setTimeout(() => URL.revokeObjectURL(local), 1000)
    })
    arriving.addEventListener("error", () => {
      if (tries < RETRIES.length)
        setTimeout(() => this.fetch(image, address, tries + 1), RETRIES[tries])
    })
    arriving.src = address
  }

  onLoad() {
    const { image, picture } = this
    if (sizeOf(picture.image)) return
    // Not told by the server: the shape is right, the number of pixels is at least this.
    rememberSize(picture.image, image.naturalWidth, image.naturalHeight)
    this.draw()
    this.figure.layOut()
  }

  onError() {
    const { image } = this.picture
    const address = addressOf(this.figure.pictureUrl, image)
    // A blob the browser cannot draw, as HEIC is for most.
    if (this.image.getAttribute("src") !== address) this.image.src = address
    else this.dom.classList.add("is-missing")
  }

  show(picture, { caption, number, count, isActive, hasAbove }) {
    const isOther = this.picture?.image !== picture.image
    this.picture = picture
    if (isOther) this.load(picture.image)
    const tool = (name) => this.tools.querySelector(`[data-tool="${name}"]`)
    tool("join").hidden = number > 1 || !hasAbove
    tool("take-out").hidden = count === 1
    this.dom.classList.toggle("is-active", count > 1 && isActive)
    this.image.alt = picture.alt || caption || gettext("Picture")
    this.draw()
  }

  draw() {
    const size = sizeOf(this.picture.image)
    if (!size) return
    const frame = readFrame(this.picture)
    const { width, height } = shownSize(size, frame)
    drawFrame(this.frame, this.image, size, frame)
    this.shape = width / height
    this.width = width
  }
}

class FigureView {
  constructor({ node, view, getPos, editor, extension }) {
    this.node = node
    this.view = view
    this.getPos = getPos
    this.editor = editor
    this.pictureUrl = extension.options.pictureUrl
    this.active = 0
    this.views = []

    this.pictures = crel("div", {
      className: "story-figure__pictures",
      contentEditable: "false",
    })
    this.contentDOM = crel("div", { className: "story-figure__caption" })
    this.credit = this.createInput("credit")
    this.alt = this.createInput("alt")
    this.which = crel("span", { className: "story-figure__which" })
    this.facts = crel(
      "div",
      { className: "story-figure__facts", contentEditable: "false" },
      [
        this.which,
        crel("label", {}, [gettext("Photographer"), this.credit]),
        crel("label", {}, [gettext("Alternative text"), this.alt]),
      ],
    )
    this.alt.placeholder = gettext("What the picture shows, for those who cannot see it")
    this.known = crel("div", { className: "story-figure__known", contentEditable: "false" })

    this.dom = crel("figure", { className: "story-figure" }, [
      this.pictures,
      this.contentDOM,
      this.facts,
      this.known,
    ])
    for (const part of [this.facts, this.known])
      part.addEventListener("keydown", (event) => this.onTab(event))
    this.show(node)
  }

  createInput(name) {
    const input = crel("input", {
      type: "text",
      autocomplete: "off",
      disabled: !this.editor.isEditable,
    })
    input.addEventListener("focus", beginVisit)
    input.addEventListener("input", () => this.write(name, input.value))
    input.addEventListener("keydown", (event) => {
      // Enter would send the form.
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229)
        return
      event.preventDefault()
      if (name === "credit") this.alt.focus()
      else leaveBelow(this.view, { pos: this.getPos(), node: this.node })
    })
    return input
  }

  /* The cursor's places are no stops of the Tab key: without this it would go from field to field
     and past every caption. */
  onTab(event) {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return
    const { target, shiftKey } = event
    const stops = [this.credit, this.alt, ...this.known.querySelectorAll("button")]
    const here = { pos: this.getPos(), node: this.node }
    const beside = this.node.attrs.pictures[this.active + (shiftKey ? -1 : 1)]
    let goal = null
    if (shiftKey && target === this.credit) {
      if (beside) this.activate(beside.image)
      goal = beside ? this.alt : here
    } else if (!shiftKey && target === stops.at(-1)) {
      if (beside) this.activate(beside.image)
      goal = beside
        ? this.credit
        : figuresOf(this.view.state.doc).find(({ pos }) => pos > here.pos)
    }
    if (!goal) return
    event.preventDefault()
    if (goal instanceof HTMLElement) goal.focus()
    else {
      intoCaption(this.view, goal)
      this.view.focus()
      this.view.nodeDOM(goal.pos).scrollIntoView({ block: "nearest" })
    }
  }

  get picture() {
    return this.node.attrs.pictures[this.active]
  }

  write(name, value) {
    const tr = withFacts(this.view.state, { [this.picture.image]: { [name]: value } })
    if (tr) this.view.dispatch(tr.setMeta("composition", visit))
  }

  select(image) {
    const { state } = this.view
    this.activate(image)
    this.view.dispatch(
      state.tr.setSelection(NodeSelection.create(state.doc, this.getPos())),
    )
    this.view.focus()
  }

  activate(image) {
    const index = this.node.attrs.pictures.findIndex((picture) => picture.image === image)
    if (index < 0 || index === this.active) return
    this.active = index
    this.show(this.node)
  }

  show(node) {
    const { pictures } = node.attrs
    const count = pictures.length
    this.active = Math.min(this.active, count - 1)
    while (this.views.length > count) this.views.pop().dom.remove()
    while (this.views.length < count) {
      const added = new PictureView(this)
      this.views.push(added)
      this.pictures.append(added.dom)
    }
    const hasAbove = this.hasAbove()
    for (const [index, view] of this.views.entries())
      view.show(pictures[index], {
        caption: node.textContent,
        number: index + 1,
        count,
        isActive: index === this.active,
        hasAbove,
      })
    this.dom.classList.toggle("is-group", count > 1)
    this.which.textContent =
      count > 1 ? fill(gettext("Picture %(number)s"), { number: this.active + 1 }) : ""
    const { credit, alt } = pictures[this.active]
    this.showInput(this.credit, "credit", credit)
    this.showInput(this.alt, "alt", alt)
    this.showKnown()
    this.layOut()
  }

  hasAbove() {
    const { doc } = this.view.state
    const pos = this.getPos()
    return figuresOf(doc).some((figure) => figure.pos < pos)
  }

  showInput(input, name, value) {
    if (input.value !== value) input.value = value
    showLength(input.parentElement, name, value)
    if (excess(name, value)) input.setAttribute("aria-invalid", "true")
    else input.removeAttribute("aria-invalid")
  }

  /* The newest earlier use of the same file, and what one may take over from it. */
  showKnown() {
    const { image } = this.picture
    const [use] = usesOf(image)
    if (this.shownUse === use) return
    this.shownUse = use
    this.known.replaceChildren()
    if (!use) return
    const sentence = use.is_here
      ? gettext("This photograph stands in this story already.")
      : fill(gettext("Used before in “%(title)s”: %(caption)s"), {
          title: use.title || gettext("a story without a headline"),
          caption: use.caption || gettext("no caption"),
        })
    const take = crel("button", {
      type: "button",
      textContent: gettext("Take over caption and photographer"),
      "data-action": "take-over",
    })
    take.addEventListener("click", () => takeOver(this.editor, [image]))
    const dismiss = crel("button", {
      type: "button",
      textContent: use.is_here ? gettext("Keep it") : gettext("Not this time"),
      "data-action": "dismiss",
    })
    dismiss.addEventListener("click", () => {
      forgetUses(image)
      this.showKnown()
      this.editor.emit("pictureUses")
      this.view.focus()
    })
    const remove = crel("button", {
      type: "button",
      textContent: gettext("Remove this one"),
      "data-action": "remove-copy",
    })
    remove.addEventListener("click", () => {
      const { view } = this
      forgetUses(image)
      arrange(view, removePictures([image]))
      this.editor.emit("pictureUses")
      view.focus()
    })
    this.known.append(
      crel("span", { textContent: use.when ? `${sentence}（${use.when}）` : sentence }),
      ...(use.caption || use.credit || use.alternative ? [take] : []),
      ...(use.is_here ? [remove] : []),
      dismiss,
    )
  }

  /* One picture as wide as it is; two side by side at one height; the first of an odd number
     across, as the portal has it. */
  layOut() {
    const count = this.views.length
    for (const [index, view] of this.views.entries()) {
      if (!view.shape) continue
      const isAcross = count % 2 === 1 && index === 0
      const start = count % 2 ? 1 : 0
      const beside = this.views[(index - start) % 2 ? index - 1 : index + 1]
      const total = view.shape + (beside?.shape || view.shape)
      view.dom.style.flexBasis =
        count === 1 || isAcross
          ? "100%"
          : `calc((100% - var(--group-gap)) * ${(view.shape / total).toFixed(5)} - 0.01px)`
      view.frame.style.width =
        count === 1
          ? `min(100%, ${Math.round(view.width)}px, ${view.shape < 1 ? UPRIGHT_WIDTH : "100%"})`
          : "100%"
    }
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show(node)
    return true
  }

  stopEvent(event) {
    return (
      this.facts.contains(event.target) ||
      this.known.contains(event.target) ||
      !!event.target.closest?.(".story-figure__tools")
    )
  }

  ignoreMutation(mutation) {
    if (mutation.type === "selection")
      return (
        this.facts.contains(mutation.target) || this.pictures.contains(mutation.target)
      )
    return (
      mutation.target === this.contentDOM ||
      !this.contentDOM.contains(mutation.target)
    )
  }
}

/* Words of the last earlier use, where nothing has been written yet; one step for all. */
export const takeOver = (editor, images) => {
  const { state, view } = editor
  const facts = {}
  const captions = []
  for (const { node, pos } of figuresOf(state.doc)) {
    for (const { image, credit, alt } of node.attrs.pictures) {
      const [use] = images.includes(image) ? usesOf(image) : []
      if (!use) continue
      facts[image] = { credit: credit || use.credit || "", alt: alt || use.alternative || "" }
      if (!node.textContent && use.caption && captions.at(-1)?.pos !== pos)
        captions.push({ pos, caption: use.caption })
      forgetUses(image)
    }
  }
  const tr = withFacts(state, facts) || state.tr
  // From the end, so that the places before stay where they are.
  for (const { pos, caption } of captions.reverse()) tr.insertText(caption, pos + 2)
  if (tr.docChanged) step(view, tr)
  editor.emit("pictureUses")
  view.focus()
}

const StoryCaption = Node.create({
  name: "storyCaption",
  content: "text*",
  marks: "",
  defining: true,
  selectable: false,

  parseHTML() {
    return [{ tag: "figcaption", context: "storyFigure/" }]
  },

  renderHTML() {
    return ["figcaption", 0]
  },

  addNodeView() {
    return captionView
  },
})

const FACTS = ["credit", "alt", "rights", "rights-note", "turn", "crop", "focus"]

const readPicture = (image, factOf) => {
  const picture = blankPicture(image)
  for (const name of FACTS) picture[name] = String(factOf(name) || "")
  return picture
}

const isRow = (value) => /^[1-9]\d*$/.test(String(value))

const listed = (text) => {
  try {
    const list = JSON.parse(text)
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}

/* Pictures of a figure as it is stored; each once. */
const readPictures = (element) => {
  const { image = "", group = "" } = element.dataset
  const found = isRow(image)
    ? [readPicture(image, (name) => element.getAttribute(`data-${name}`))]
    : image
      ? image.split(",").filter(isRow).map(blankPicture)
      : listed(group)
          .filter((facts) => isRow(facts?.image))
          .map((facts) => readPicture(facts.image, (name) => facts[name]))
  return found.filter(
    (picture, index) => found.findIndex(({ image: row }) => row === picture.image) === index,
  )
}

const saidOf = (picture) =>
  FACTS.map((name) => [name, picture[name].trim()]).filter(([, value]) => value)

const written = ({ pictures }) => {
  if (pictures.length === 1)
    return Object.fromEntries([
      ["data-image", pictures[0].image],
      ...saidOf(pictures[0]).map(([name, value]) => [`data-${name}`, value]),
    ])
  const group = pictures.map((picture) => ({
    image: Number(picture.image),
    ...Object.fromEntries(saidOf(picture)),
  }))
  return { "data-group": JSON.stringify(group) }
}

export const StoryFigure = Node.create({
  name: "storyFigure",
  content: "storyCaption",
  isolating: true,
  defining: true,
  allowGapCursor: false,

  addOptions() {
    return { pictureUrl: "", sizes: {} }
  },

  addStorage() {
    return { pictureUrl: this.options.pictureUrl }
  },

  onBeforeCreate() {
    for (const [id, [width, height, name]] of Object.entries(this.options.sizes)) {
      rememberSize(id, width, height)
      rememberFileName(id, name)
    }
  },

  addExtensions() {
    return [StoryCaption]
  },

  addAttributes() {
    return { pictures: { default: [], parseHTML: readPictures, renderHTML: written } }
  },

  parseHTML() {
    return [
      {
        tag: "figure[data-image], figure[data-group]",
        getAttrs: (element) => readPictures(element).length > 0 && null,
      },
    ]
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes, 0]
  },

  addNodeView() {
    return (props) => new FigureView(props)
  },

  addKeyboardShortcuts() {
    const { editor } = this
    const leave = () => {
      const selected = selectedFigure(editor.state)
      if (selected) return intoCaption(editor.view, selected)
      const figure = captionAt(editor.state)
      return figure ? leaveBelow(editor.view, figure) : false
    }
    /* At a border of the caption there is nothing to delete; within it the usual keys work. */
    const stopAtBorder = (isBorder) => () => {
      const { selection } = editor.state
      return (
        selection.empty && !!captionAt(editor.state) && isBorder(selection.$from)
      )
    }
    const back = stopAtBorder(($from) => $from.parentOffset === 0)
    const forward = stopAtBorder(
      ($from) => $from.parentOffset === $from.parent.content.size,
    )
    const keys = { Enter: leave, "Shift-Enter": leave, "Mod-Enter": leave }
    for (const modifier of ["", "Mod-", "Shift-", "Alt-"]) {
      keys[`${modifier}Backspace`] = back
      keys[`${modifier}Delete`] = forward
    }
    keys["Ctrl-h"] = back
    keys["Ctrl-d"] = forward
    keys.Tab = () => {
      const figure = captionAt(editor.state) || selectedFigure(editor.state)
      if (!figure) return false
      editor.view.nodeDOM(figure.pos).querySelector("input").focus()
      return true
    }
    keys["Shift-Tab"] = () => {
      const figure = captionAt(editor.state) || selectedFigure(editor.state)
      if (!figure) return false
      const dom = editor.view.nodeDOM(figure.pos)
      const tools = dom.querySelector(".is-active .story-figure__tools, .story-figure__tools")
      tools.querySelector("button:not([hidden])").focus()
      return true
    }
    return keys
  },

  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        props: {
          handleClickOn(view, _pos, node, nodePos, event) {
            if (!isFigure(node) || !event.target.closest(".story-figure__picture"))
              return false
            view.dispatch(
              view.state.tr.setSelection(
                NodeSelection.create(view.state.doc, nodePos),
              ),
            )
            return true
          },

          transformPasted(slice, view) {
            // A drag within the text takes the picture along.
            if (view.dragging) return slice
            const rest = withoutCopies(slice, view.state)
            if (rest !== slice)
              problem(
                editor,
                gettext(
                  "This picture is already in the text. To move it, drag it or cut and paste it.",
                ),
              )
            return rest
          },

          /* A caption is one line of plain text: whatever is pasted there becomes that. */
          handlePaste(view, event) {
            if (!captionAt(view.state)) return false
            const text = event.clipboardData.getData("text/plain")
            if (text)
              view.dispatch(
                view.state.tr
                  .insertText(text.replace(/[\s\u3000]+/g, " ").trim())
                  .scrollIntoView(),
              )
            return true
          },

          handleDOMEvents: {
            /* Typing on a selected picture goes into its caption instead of replacing it; 229 is
               the first key of a composition, which has not begun yet. */
            keydown(view, event) {
              const figure = selectedFigure(view.state)
              const types =
                event.keyCode === 229 ||
                (event.key.length === 1 &&
                  !(event.ctrlKey || event.metaKey || event.altKey))
              if (figure && types) intoCaption(view, figure)
              return false
            },

            /* Deletions the shortcuts above did not see: keys of other systems, or keys faster
               than the editor reads the cursor. The browser would merge caption and text. */
            beforeinput(view, event) {
              // Input panels for handwriting, speech and symbols press no key.
              const figure = selectedFigure(view.state)
              if (figure && event.inputType === "insertText")
                intoCaption(view, figure)
              const merges =
                event.inputType.startsWith("delete") &&
                event.getTargetRanges().some(crossesCaption)
              if (merges) event.preventDefault()
              return merges
            },
          },
        },
      }),
    ]
  },
})
