/* The bar above the text: one stop for the Tab key, arrows within, always in sight.

   <div class="editor-head">
     <div class="prose-menubar" role="toolbar" aria-label="…"> <button aria-pressed> … </div>
     <div class="editor-status">…</div>
   </div>

   Also the items the library lacks: a heading row for tables, a bullet list that shows its state.
   Underline and strike-through are kept where a text has them but not offered.
   Escape leaves the full screen from anywhere in the editor. */

import { createStatus } from "articles/editor/status"
import { crel, Extension, gettext } from "django-prose-editor/editor"

const TOGGLES =
  /^(heading\d|bold|italic|subscript|superscript|bulletList|orderedList|blockquote|fullscreen)$/

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

export const StoryToolbar = Extension.create({
  name: "storyToolbar",

  addMenuItems({ menu, buttons }) {
    const { editor } = this
    for (const name of ["underline", "strike"])
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
    // Inserting a table stands beside inserting pictures; the tools for tables have their own row.
    menu.defineItem({
      name: "table",
      groups: "picture",
      priority: 90,
      button: buttons.material("grid_on"),
      command: () => editor.chain().focus().insertTableWithOptions().run(),
    })
    menu.defineItem({
      name: "table:toggleHeaderCell",
      groups: "table",
      button: buttons.material("table_rows"),
      hidden: () => !editor.isActive("table"),
      command: () => editor.chain().focus().toggleHeaderRow().run(),
    })
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
    refresh()

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
