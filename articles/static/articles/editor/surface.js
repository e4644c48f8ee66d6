/* The sheet one writes on.

   - Tiptap's injected <style> is switched off: the page's policy forbids it, editor.css has it.
   - The sheet is named after the field's label and described by its help text.
   - What one writes stays clear of the bars above and below.
   - A click below a last figure, table or list opens a paragraph to go on writing.
   - A click on the label leads into the text, as it does with any field. */

import {
  Extension,
  gettext,
  Placeholder,
  Plugin,
  pm,
} from "django-prose-editor/editor"

/* The height of a bar and a line. */
const CLEARANCE = 110
const LINE = 60
/* The bar with the actions, the count above it, and a line. */
const BELOW = 150

const fieldOf = (editor) => editor.options.element.querySelector("textarea")

const attributesFor = (textarea) => {
  const [label] = textarea.labels
  const attributes = {
    "aria-multiline": "true",
    "aria-label":
      label?.textContent.trim().replace(/[:：]$/, "") || gettext("Text"),
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name))
      attributes[name] = textarea.getAttribute(name)
  }
  if (textarea.disabled) attributes["aria-disabled"] = "true"
  return attributes
}

const openParagraphBelow = (view, _pos, event) => {
  const { doc, schema, tr } = view.state
  const last = view.nodeDOM(doc.content.size - doc.lastChild.nodeSize)
  if (
    doc.lastChild.isTextblock ||
    event.clientY <= last.getBoundingClientRect().bottom
  )
    return false
  tr.insert(doc.content.size, schema.nodes.paragraph.create())
  tr.setSelection(pm.state.TextSelection.atEnd(tr.doc))
  view.dispatch(tr.scrollIntoView())
  return true
}

export const StorySurface = Extension.create({
  name: "storySurface",

  addStorage() {
    return { margin: null, watcher: null }
  },

  onBeforeCreate() {
    const { options } = this.editor
    // The view asks for it each time: what grows (tools for tables, the find bar) counts.
    this.storage.margin = { top: CLEARANCE, bottom: BELOW, left: 0, right: 0 }
    options.injectCSS = false
    options.editorProps = {
      ...options.editorProps,
      attributes: attributesFor(fieldOf(this.editor)),
      scrollMargin: this.storage.margin,
      scrollThreshold: this.storage.margin,
    }
  },

  onCreate() {
    for (const label of fieldOf(this.editor).labels) {
      label.addEventListener("click", () => this.editor.commands.focus())
    }
    const { element } = this.editor.options
    const { margin } = this.storage
    this.storage.watcher = new ResizeObserver(([{ target }]) => {
      margin.top = Math.max(CLEARANCE, target.offsetHeight + LINE)
    })
    // toolbar.js makes the head a moment later.
    setTimeout(() => {
      const head = element.querySelector(".editor-head")
      if (head) this.storage.watcher.observe(head)
    })
  },

  onDestroy() {
    this.storage.watcher?.disconnect()
  },

  addProseMirrorPlugins() {
    return [new Plugin({ props: { handleClick: openParagraphBelow } })]
  },

  addExtensions() {
    return [
      Placeholder.configure({ placeholder: gettext("Write the text here.") }),
    ]
  },
})
