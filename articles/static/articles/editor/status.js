/* Sentences for the person writing, kept above the text.

   <div class="editor-status">
     <div role="status"><p class="editor-status__line">正在上传…</p></div>
     <div role="alert"><p class="editor-status__line">…<button>关闭</button></p></div>
   </div>

   Notes replace each other by key; problems stay until they are dismissed. */

import { crel, gettext } from "django-prose-editor/editor"

const regions = new WeakMap()

export const createStatus = (editor) => {
  const notes = crel("div", { role: "status" })
  const problems = crel("div", { role: "alert" })
  regions.set(editor, { notes, problems })
  return crel("div", { className: "editor-status" }, [notes, problems])
}

const withKey = (region, key) =>
  [...region.children].find((line) => line.dataset.key === key)

export const note = (editor, key, text) => {
  const { notes } = regions.get(editor)
  const line = withKey(notes, key)
  if (line) line.textContent = text
  else
    notes.append(
      crel("p", {
        className: "editor-status__line",
        textContent: text,
        "data-key": key,
      }),
    )
}

export const clearNote = (editor, key) => {
  const region = regions.get(editor)
  if (region) withKey(region.notes, key)?.remove()
}

export const problem = (editor, text) => {
  const dismiss = crel("button", {
    type: "button",
    className: "editor-status__dismiss",
    textContent: gettext("Dismiss"),
  })
  const line = crel(
    "p",
    { className: "editor-status__line editor-status__line--problem" },
    [crel("span", { textContent: text }), dismiss],
  )
  dismiss.addEventListener("click", () => {
    line.remove()
    editor.view.focus()
  })
  regions.get(editor).problems.append(line)
}

export const clearProblems = (editor) => {
  regions.get(editor)?.problems.replaceChildren()
}

/* For a sentence that answers a button far from the text. */
export const show = (editor) => {
  const { element } = editor.options
  const { top, bottom } = element
    .querySelector(".editor-status")
    .getBoundingClientRect()
  if (top < 0 || bottom > window.innerHeight)
    element.scrollIntoView({ block: "start" })
}

/* "%(name)s" as in Django's catalogues. */
export const fill = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name])
