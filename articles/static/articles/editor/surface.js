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
const CLEARANCE = { top: 110, bottom: 110, left: 0, right: 0 }

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

  onBeforeCreate() {
    const { options } = this.editor
    options.injectCSS = false
    options.editorProps = {
      ...options.editorProps,
      attributes: attributesFor(fieldOf(this.editor)),
      scrollMargin: CLEARANCE,
      scrollThreshold: CLEARANCE,
    }
  },

  onCreate() {
    for (const label of fieldOf(this.editor).labels) {
      label.addEventListener("click", () => this.editor.commands.focus())
    }
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
