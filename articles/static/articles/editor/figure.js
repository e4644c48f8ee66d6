/* A photograph between two paragraphs, with its caption, credit and alternative text.

   Stored:
   <figure data-image="12" data-credit="王建" data-alt="…"><figcaption>图注</figcaption></figure>

   On the sheet:
   <figure class="story-figure">
     <div class="story-figure__picture" contenteditable="false"><img><button></button></div>
     <div><figcaption class="is-empty" data-placeholder="…"></figcaption></div>
     <div class="story-figure__facts" contenteditable="false">
       <label>摄影 <input></label> <label>替代文字 <input></label>
     </div>
   </figure>

   The caption is a block of its own inside the figure: commands that turn text blocks into
   headings or lists find no room there, so no shortcut can turn a photograph into a heading.
   A picture stands in a text once: a second copy is refused when it is pasted.
   The address of a picture is the option `pictureUrl` with its last 0 replaced by the id. */

import { problem } from "articles/editor/status"
import { crel, gettext, Node, Plugin, pm } from "django-prose-editor/editor"

const { NodeSelection, TextSelection } = pm.state

/* Sizes by row, of saved pictures from the option `sizes` ({id: [width, height]}): the page does not jump while the picture loads. */
const sizes = new Map()
export const rememberSize = (id, width, height) =>
  sizes.set(String(id), { width, height })

/* Keystrokes in one visit to a field undo together: the history groups what shares a composition.
   The view counts its own from 1 upwards and -1 means none. */
let visit = -1

const isFigure = (node) => node?.type.name === "storyFigure"

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
const picturesBeside = ({ doc, selection: { from, to } }) => {
  const found = new Set()
  doc.forEach((node, pos) => {
    if (isFigure(node) && (pos < from || pos + node.nodeSize > to))
      found.add(node.attrs.image)
  })
  return found
}

const withoutCopies = (slice, state) => {
  const present = picturesBeside(state)
  const nodes = slice.content.content
  const kept = nodes.filter(
    (node) => !isFigure(node) || !present.has(node.attrs.image),
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
  const show = (current) =>
    dom.classList.toggle("is-empty", !current.content.size)
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

class FigureView {
  constructor({ node, view, getPos, editor, extension }) {
    this.node = node
    this.view = view
    this.getPos = getPos
    this.pictureUrl = extension.options.pictureUrl

    this.image = crel("img", { draggable: false })
    this.image.addEventListener("error", () =>
      this.picture.classList.add("is-missing"),
    )
    this.remove = crel("button", {
      type: "button",
      className: "story-figure__remove material-icons",
      textContent: "close",
      title: gettext("Remove picture"),
      "aria-label": gettext("Remove picture"),
      hidden: !editor.isEditable,
    })
    this.remove.addEventListener("click", () => this.removeFigure())
    this.picture = crel(
      "div",
      {
        className: "story-figure__picture",
        contentEditable: "false",
        "data-missing": gettext("This picture cannot be shown."),
      },
      [this.image, this.remove],
    )
    this.picture.addEventListener("mousedown", (event) => {
      if (!this.remove.contains(event.target)) this.select()
    })

    this.contentDOM = crel("div", { className: "story-figure__caption" })

    this.credit = this.createInput("credit", editor)
    this.alt = this.createInput("alt", editor)
    this.facts = crel(
      "div",
      { className: "story-figure__facts", contentEditable: "false" },
      [
        crel("label", {}, [gettext("Photographer"), this.credit]),
        crel("label", {}, [gettext("Alternative text"), this.alt]),
      ],
    )
    this.alt.placeholder = gettext("What the picture shows, for those who cannot see it")

    this.dom = crel("figure", { className: "story-figure" }, [
      this.picture,
      this.contentDOM,
      this.facts,
    ])
    this.show(node)
  }

  createInput(name, editor) {
    const input = crel("input", {
      type: "text",
      autocomplete: "off",
      maxLength: name === "credit" ? 50 : 200,
      disabled: !editor.isEditable,
    })
    input.addEventListener("focus", () => {
      visit -= 1
    })
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

  write(name, value) {
    const tr = this.view.state.tr.setNodeAttribute(this.getPos(), name, value)
    this.view.dispatch(tr.setMeta("composition", visit))
  }

  select() {
    const { state } = this.view
    this.view.dispatch(
      state.tr.setSelection(NodeSelection.create(state.doc, this.getPos())),
    )
    this.view.focus()
  }

  removeFigure() {
    const { state } = this.view
    const pos = this.getPos()
    this.view.dispatch(
      pm.history.closeHistory(
        state.tr.delete(pos, pos + this.node.nodeSize),
      ),
    )
    this.view.focus()
  }

  show(node) {
    const { image, credit, alt } = node.attrs
    const address = this.pictureUrl.replace(/0(?=\D*$)/, image)
    if (this.image.getAttribute("src") !== address) {
      this.picture.classList.remove("is-missing")
      const size = sizes.get(image)
      if (size) Object.assign(this.image, size)
      this.image.src = address
    }
    this.image.alt = alt || node.textContent || gettext("Picture")
    if (this.credit.value !== credit) this.credit.value = credit
    if (this.alt.value !== alt) this.alt.value = alt
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show(node)
    return true
  }

  stopEvent(event) {
    return (
      this.facts.contains(event.target) || this.remove.contains(event.target)
    )
  }

  ignoreMutation(mutation) {
    if (mutation.type === "selection") return this.facts.contains(mutation.target)
    return (
      mutation.target === this.contentDOM ||
      !this.contentDOM.contains(mutation.target)
    )
  }
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

const factAttribute = (name) => ({
  default: "",
  parseHTML: (element) => element.getAttribute(name) || "",
  renderHTML: (attributes) => {
    const value = attributes[name.slice("data-".length)].trim()
    return value ? { [name]: value } : {}
  },
})

export const StoryFigure = Node.create({
  name: "storyFigure",
  content: "storyCaption",
  isolating: true,
  defining: true,
  allowGapCursor: false,

  addOptions() {
    return { pictureUrl: "", sizes: {} }
  },

  onBeforeCreate() {
    for (const [id, [width, height]] of Object.entries(this.options.sizes))
      rememberSize(id, width, height)
  },

  addExtensions() {
    return [StoryCaption]
  },

  addAttributes() {
    return {
      image: {
        default: null,
        parseHTML: (element) => element.dataset.image,
        renderHTML: ({ image }) => ({ "data-image": image }),
      },
      credit: factAttribute("data-credit"),
      alt: factAttribute("data-alt"),
    }
  },

  parseHTML() {
    return [
      {
        tag: "figure[data-image]",
        getAttrs: (element) => /^\d+$/.test(element.dataset.image) && null,
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
