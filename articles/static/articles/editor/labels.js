/* Names for what the library calls in English: tool buttons and the dialogs for links and tables.

   The library asks the same catalogue for its dialog strings while it loads; the second half of
   this file names what it leaves out and lists the rest, so that the catalogue has them. */

import { Extension, gettext, isMacOS } from "django-prose-editor/editor"

const BUTTONS = {
  "history:undo": [gettext("Undo"), "Z"],
  "history:redo": [gettext("Redo"), "Shift+Z"],
  heading2: [gettext("Cross-heading")],
  heading3: [gettext("Subheading")],
  bold: [gettext("Bold"), "B"],
  italic: [gettext("Italic"), "I"],
  subscript: [gettext("Subscript")],
  superscript: [gettext("Superscript")],
  bulletList: [gettext("Bullet list")],
  orderedList: [gettext("Numbered list")],
  blockquote: [gettext("Quotation")],
  horizontalRule: [gettext("Dividing line")],
  link: [gettext("Link (select the words first)"), "K"],
  unlink: [gettext("Remove link")],
  picture: [gettext("Insert pictures")],
  table: [gettext("Insert table")],
  "table:addColumnAfter": [gettext("Add column")],
  "table:deleteColumn": [gettext("Delete column")],
  "table:addRowAfter": [gettext("Add row")],
  "table:deleteRow": [gettext("Delete row")],
  "table:mergeCells": [gettext("Merge cells")],
  "table:splitCell": [gettext("Split cell")],
  "table:toggleHeaderCell": [gettext("Heading row")],
  "table:deleteTable": [gettext("Delete table")],
  fullscreen: [gettext("Full screen")],
}

/* A word says more than an icon with a number. */
const WORDED = ["heading2", "heading3"]

const nameButton = (button) => {
  const [name, key] = BUTTONS[button.dataset.name] || []
  if (!name) return
  const modifier = isMacOS() ? "⌘" : "Ctrl+"
  button.title = key ? `${name} ${modifier}${key}` : name
  button.setAttribute("aria-label", name)
  if (!WORDED.includes(button.dataset.name)) return
  button.textContent = name
  button.className = "prose-menubar__button prose-menubar__button--worded"
}

/* By the name of the field; everything else by its English text. */
const FIELDS = {
  href: gettext("Address (https://…)"),
  title: gettext("Hint shown at the pointer (optional)"),
}

const TEXTS = {
  "Edit Link": gettext("Edit Link"),
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

const nameDialog = (dialog) => {
  const heading = dialog.querySelector(".prose-editor-dialog-title")
  // The library compares the options' values with English words.
  for (const option of dialog.querySelectorAll("option"))
    option.value = option.textContent
  for (const element of dialog.querySelectorAll("h3,label,option,button"))
    translate(element)
  for (const input of dialog.querySelectorAll("input")) {
    const [label] = input.labels
    if (FIELDS[input.name] && label) label.textContent = FIELDS[input.name]
  }
  if (heading) dialog.setAttribute("aria-label", heading.textContent)
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
          if (dialog) nameDialog(dialog)
        }
      }
    }).observe(element, { childList: true })
  },
})
