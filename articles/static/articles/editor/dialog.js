/* Dialogs of our own: named, closed by Escape, the cursor back in the text afterwards.

   <dialog class="editor-dialog" aria-labelledby="…">
     <form method="dialog">
       <h2 id="…">插入链接</h2> … <div class="editor-dialog__buttons"> … </div>
     </form>
   </dialog>

   They stand at the end of the page, in the browser's top layer: seen in full screen too, and what
   is typed in them is no input of the article's form.

   tabsOf lays out tabs as the pattern of the W3C has them: one stop, arrows between tabs.
   <div class="editor-tabs" role="tablist"> <button role="tab"> … </div> <div role="tabpanel"> … */

import { crel, gettext } from "django-prose-editor/editor"

let count = 0
export const freshId = (name) => `editor-${name}-${++count}`

/* The first key of a composition and those within belong to the input method. */
export const composes = (event) => event.isComposing || event.keyCode === 229

export const button = (textContent, attributes = {}) =>
  crel("button", { type: "button", textContent, ...attributes })

/* `submit` runs on Enter and on the main button; what it answers false to stays open. */
export const openDialog = (
  editor,
  { title, className = "", body, submitText, submit, extra = [], focus },
) => {
  const heading = crel("h2", { id: freshId("title"), textContent: title })
  const buttons = crel("div", { className: "editor-dialog__buttons" }, extra)
  const form = crel("form", { method: "dialog" }, [heading, ...body, buttons])
  const dialog = crel(
    "dialog",
    {
      className: `editor-dialog ${className}`,
      "aria-labelledby": heading.id,
    },
    [form],
  )
  const cancel = button(submitText ? gettext("Cancel") : gettext("Close"))
  cancel.addEventListener("click", () => dialog.close())
  buttons.append(cancel)
  if (submitText)
    buttons.append(
      crel("button", {
        type: "submit",
        className: "editor-dialog__main",
        textContent: submitText,
      }),
    )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (submit?.() !== false) dialog.close()
  })
  form.addEventListener("keydown", (event) => {
    // Enter that ends a composition is not meant for the form.
    if (event.key === "Enter" && composes(event)) event.preventDefault()
  })
  dialog.addEventListener("close", () => {
    dialog.remove()
    if (!editor.isDestroyed) editor.view.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  focus?.focus()
  return dialog
}

/* tabs: [{name, label, panel}] → {element, show(name), current()}. */
export const tabsOf = (label, tabs, onShow) => {
  const buttons = tabs.map(({ name, label: text, panel }) => {
    panel.id ||= freshId("panel")
    panel.setAttribute("role", "tabpanel")
    const tab = button(text, {
      id: freshId("tab"),
      role: "tab",
      "aria-controls": panel.id,
      "data-name": name,
    })
    panel.setAttribute("aria-labelledby", tab.id)
    tab.addEventListener("click", () => show(name))
    return tab
  })
  let current = tabs[0].name
  const show = (name) => {
    current = name
    tabs.forEach((tab, index) => {
      const isShown = tab.name === name
      tab.panel.hidden = !isShown
      buttons[index].setAttribute("aria-selected", isShown)
      buttons[index].tabIndex = isShown ? 0 : -1
    })
    onShow?.(name)
  }
  const bar = crel(
    "div",
    { className: "editor-tabs", role: "tablist", "aria-label": label },
    buttons,
  )
  bar.addEventListener("keydown", (event) => {
    const index = buttons.indexOf(event.target)
    const next = {
      ArrowRight: (index + 1) % buttons.length,
      ArrowLeft: (index + buttons.length - 1) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key]
    if (next === undefined || index < 0) return
    event.preventDefault()
    show(tabs[next].name)
    buttons[next].focus()
  })
  return { element: bar, show, current: () => current }
}
