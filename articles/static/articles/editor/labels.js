/* Names for what the library calls in English: tool buttons and the dialog for tables.

   The library asks the same catalogue for its dialog strings while it loads; the second half of
   this file names what it leaves out and lists the rest, so that the catalogue has them. */

import { crel, Extension, gettext, isMacOS } from "django-prose-editor/editor"

const BUTTONS = {
  "history:undo": [gettext("Undo"), "Z"],
  "history:redo": [gettext("Redo"), "Shift+Z"],
  heading2: [gettext("Cross-heading"), "Alt+2"],
  heading3: [gettext("Subheading"), "Alt+3"],
  bold: [gettext("Bold"), "B"],
  italic: [gettext("Italic"), "I"],
  subscript: [gettext("Subscript")],
  superscript: [gettext("Superscript")],
  clear: [gettext("Clear formatting"), "\\"],
  bulletList: [gettext("Bullet list"), "Shift+8"],
  orderedList: [gettext("Numbered list"), "Shift+7"],
  blockquote: [gettext("Quotation"), "Shift+B"],
  horizontalRule: [gettext("Dividing line")],
  link: [gettext("Link"), "K"],
  unlink: [gettext("Remove link")],
  picture: [gettext("Insert pictures")],
  video: [gettext("Insert video")],
  table: [gettext("Insert table")],
  characters: [gettext("Special characters")],
  find: [gettext("Find and replace"), "F"],
  "table:addRowBefore": [gettext("Row above")],
  "table:addRowAfter": [gettext("Row below")],
  "table:deleteRow": [gettext("Delete row")],
  "table:addColumnBefore": [gettext("Column left")],
  "table:addColumnAfter": [gettext("Column right")],
  "table:deleteColumn": [gettext("Delete column")],
  "table:mergeCells": [gettext("Merge cells")],
  "table:splitCell": [gettext("Split cell")],
  "table:toggleHeaderRow": [gettext("Heading row")],
  "table:deleteTable": [gettext("Delete table")],
  fullscreen: [gettext("Full screen")],
}

/* A word says more than an icon with a number. */
const isWorded = (name) => /^(heading\d|table:)/.test(name)

const nameButton = (button) => {
  const [name, key] = BUTTONS[button.dataset.name] || []
  if (!name) return
  const modifier = isMacOS() ? "⌘" : "Ctrl+"
  button.title = key ? `${name} ${modifier}${key}` : name
  button.setAttribute("aria-label", name)
  if (!isWorded(button.dataset.name)) return
  button.textContent = name
  button.className = "prose-menubar__button prose-menubar__button--worded"
}

const TEXTS = {
  "Table Properties": gettext("Table Properties"),
  Rows: gettext("Rows"),
  Columns: gettext("Columns"),
  "Include header row": gettext("Include header row"),
  Yes: gettext("Yes"),
  No: gettext("No"),
  Update: gettext("Update"),
  "Insert Table": gettext("Insert Table"),
  Cancel: gettext("Cancel"),
}

const translate = (element) => {
  element.textContent = TEXTS[element.textContent] || element.textContent
}

const nameDialog = (dialog, editor) => {
  const heading = dialog.querySelector(".prose-editor-dialog-title")
  // The library compares the options' values with English words.
  for (const option of dialog.querySelectorAll("option"))
    option.value = option.textContent
  for (const element of dialog.querySelectorAll("h3,label,option,button"))
    translate(element)
  if (heading) {
    dialog.setAttribute("aria-label", heading.textContent)
    // The page has no heading of the second level before it.
    const { className, textContent } = heading
    heading.replaceWith(crel("h2", { className, textContent }))
  }
}

export const StoryLabels = Extension.create({
  name: "storyLabels",

  onCreate() {
    const { element } = this.editor.options
    for (const button of element.querySelectorAll(".prose-menubar button"))
      nameButton(button)
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) {
          const dialog = node.querySelector?.(".prose-editor-dialog")
          if (dialog) nameDialog(dialog, this.editor)
        }
      }
    }).observe(element, { childList: true })
  },
})
