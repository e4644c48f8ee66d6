/* The bar above the text: one stop for the Tab key, arrows within, always in sight.

   <div class="editor-head">
     <div class="prose-menubar" role="toolbar" aria-label="…"> <button aria-pressed> … </div>
     <div class="editor-status">…</div>
   </div>

   Also the items the library lacks: clear formatting, a bullet list that shows its state, tools for
   tables in words, which show only within a table.
   Underline and strike-through are kept where a text has them but not offered.
   Escape leaves the full screen from anywhere in the editor. */

import { createStatus } from "articles/editor/status"
import { crel, Extension, gettext } from "django-prose-editor/editor"

const TOGGLES =
  /^(heading\d|bold|italic|subscript|superscript|bulletList|orderedList|blockquote|fullscreen|table:toggleHeaderRow)$/

const rove = (bar) => {
  const visible = () =>
    [...bar.querySelectorAll("button")].filter((button) => button.offsetParent)
  const makeStop = (stop) => {
    for (const button of bar.querySelectorAll("button"))
      button.tabIndex = button === stop ? 0 : -1
  }
  bar.addEventListener("focusin", (event) => makeStop(event.target))
  bar.addEventListener("keydown", (event) => {
    const buttons = visible()
    const index = buttons.indexOf(event.target)
    const target = {
      ArrowRight: buttons[(index + 1) % buttons.length],
      ArrowLeft: buttons.at(index - 1),
      Home: buttons[0],
      End: buttons.at(-1),
    }[event.key]
    if (!target) return
    event.preventDefault()
    target.focus()
  })
  return () => {
    const buttons = visible()
    const stops = buttons.filter((button) => button.tabIndex === 0)
    if (stops.length !== 1) makeStop(stops[0] || buttons[0])
  }
}

const showState = (button) => {
  const { classList, dataset } = button
  if (TOGGLES.test(dataset.name))
    button.setAttribute("aria-pressed", classList.contains("active"))
  button.setAttribute("aria-disabled", classList.contains("disabled"))
}

/* The tools for the table the cursor is in, in the order one needs them. */
const TABLE_TOOLS = [
  "addRowBefore",
  "addRowAfter",
  "deleteRow",
  "addColumnBefore",
  "addColumnAfter",
  "deleteColumn",
  "mergeCells",
  "splitCell",
  "toggleHeaderRow",
  "deleteTable",
]

const hasHeaderRow = ({ state: { selection } }) => {
  const { $from } = selection
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth)
    if (node.type.name !== "table") continue
    const cells = node.firstChild?.content.content || []
    return cells.length > 0 && cells.every((cell) => cell.type.name === "tableHeader")
  }
  return false
}

/* Marks go but links stay, as in Word; headings, lists and quotes become paragraphs. */
const clearFormatting = (editor) => {
  const { marks } = editor.schema
  const chain = editor.chain().focus()
  if (editor.state.selection.empty) return chain.clearNodes().run()
  for (const name of Object.keys(marks)) if (name !== "link") chain.unsetMark(name)
  return chain.clearNodes().run()
}

const wordedButton = () =>
  crel("button", {
    type: "button",
    className: "prose-menubar__button prose-menubar__button--worded",
  })

export const StoryToolbar = Extension.create({
  name: "storyToolbar",

  addMenuItems({ menu, buttons }) {
    const { editor } = this
    for (const name of ["underline", "strike", "table:toggleHeaderCell"])
      menu.defineItem({ name, groups: "unoffered" })
    menu.defineItem({
      name: "bulletList",
      groups: "lists",
      priority: 110,
      button: buttons.material("format_list_bulleted"),
      active: () => editor.isActive("bulletList"),
      enabled: () => editor.can().toggleBulletList(),
      command: () => editor.chain().focus().toggleBulletList().run(),
    })
    menu.defineItem({
      name: "clear",
      groups: "marks",
      priority: 90,
      button: buttons.material("format_clear"),
      enabled: () => !editor.state.selection.node,
      command: () => clearFormatting(editor),
    })
    // Inserting a table stands beside inserting pictures; the tools for tables have their own row.
    menu.defineItem({
      name: "table",
      groups: "picture",
      priority: 90,
      button: buttons.material("grid_on"),
      // No table in a table: no reader's phone has room for it.
      enabled: () => !editor.isActive("table") && !editor.state.selection.node,
      command: () => editor.chain().focus().insertTableWithOptions().run(),
    })
    TABLE_TOOLS.forEach((name, index) =>
      menu.defineItem({
        name: `table:${name}`,
        groups: "table",
        priority: 100 - index,
        button: wordedButton(),
        hidden: () => !editor.isActive("table"),
        active: () => name === "toggleHeaderRow" && hasHeaderRow(editor),
        enabled: () => editor.can()[name](),
        command: () => editor.chain().focus()[name]().run(),
      }),
    )
  },

  addKeyboardShortcuts() {
    return {
      // Word's Ctrl+Space switches input methods.
      "Mod-\\": () => clearFormatting(this.editor),
    }
  },

  onCreate() {
    const { editor } = this
    const { element } = editor.options
    const bar = element.querySelector(".prose-menubar")
    bar.setAttribute("role", "toolbar")
    bar.setAttribute("aria-label", gettext("Text tools"))
    const head = crel("div", { className: "editor-head" })
    bar.before(head)
    head.append(bar, createStatus(editor))

    const keepOneStop = rove(bar)
    const refresh = () => {
      for (const button of bar.querySelectorAll("button")) showState(button)
      keepOneStop()
    }
    editor.on("transaction", refresh)
    // The library asks which tools to show only when something happens, once it is complete.
    setTimeout(() => {
      if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr)
    })

    element.addEventListener("keydown", (event) => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        !event.isComposing &&
        !event.target.closest("dialog") &&
        editor.storage.fullscreen.fullscreen
      )
        editor.commands.toggleFullscreen()
    })
  },
})
