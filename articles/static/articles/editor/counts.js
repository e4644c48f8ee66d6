/* How long the story is, at the foot of the sheet; of the selection while there is one. The foot
   stays in sight above the bar with the actions.

   <p class="editor-foot"><span>字数 1,234</span> <span>约4分钟</span> <span>图片6</span></p>

   字数 as Word counts it, which newsrooms pay by: 中文字符 plus 非中文单词. Each ideograph and each
   Chinese punctuation mark counts 1, and so does each run of anything else between blanks: a Latin
   word, a number, `5G`, `98.6%`. Blanks and captions count nothing. */

import { fill } from "articles/editor/status"
import { crel, Extension, gettext } from "django-prose-editor/editor"

// Counted one by one: ideographs, kana, marks and full-width forms, and the punctuation Chinese
// shares with other scripts (· — ― ‘ ’ “ ” …).
const WIDE =
  "\\u00b7\\u2014\\u2015\\u2018\\u2019\\u201c\\u201d\\u2026" +
  "\\u2e80-\\u2fff\\u3001-\\u312f\\u3190-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\ufe10-\\ufe4f" +
  "\\uff01-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3ffff}"
const BLANK =
  "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
const COUNTED = new RegExp(`[${WIDE}]|[^${WIDE}${BLANK}]+`, "gu")
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g
const APOSTROPHE = /(?<=[A-Za-z])\u2019(?=[A-Za-z])/g
// The curriculum for Chinese schools asks for 300 characters a minute of silent reading from pupils
// of 12 and 500 from those of 15 (义务教育语文课程标准, third and fourth stage): between the two.
const READ_A_MINUTE = 400

export const wordCount = (text) =>
  text.replace(INVISIBLE, "").replace(APOSTROPHE, "'").match(COUNTED)?.length || 0

export const readingMinutes = (words) => Math.ceil(words / READ_A_MINUTE)

/* Nodes never change: a keystroke counts one paragraph anew. */
const known = new WeakMap()

const isPicture = (node) => node.type.name === "storyFigure"
const isBeside = (node) => isPicture(node) || node.type.name === "storyVideo"

const wordsOf = (node) => {
  if (isBeside(node)) return 0
  if (!known.has(node)) {
    let words = 0
    if (node.isTextblock)
      words = wordCount(node.textBetween(0, node.content.size, " ", " "))
    else
      node.forEach((child) => {
        words += wordsOf(child)
      })
    known.set(node, words)
  }
  return known.get(node)
}

const picturesIn = (doc) => {
  let count = 0
  doc.forEach((node) => {
    if (isPicture(node)) count += node.attrs.pictures?.length || 1
  })
  return count
}

const selectedWords = ({ doc, selection: { from, to, empty, node } }) => {
  // A selected picture is no selected text.
  if (empty || node) return 0
  let text = ""
  doc.nodesBetween(from, to, (node, pos) => {
    if (node.isTextblock) {
      const end = Math.min(to - pos - 1, node.content.size)
      text += `${node.textBetween(Math.max(from - pos - 1, 0), Math.max(end, 0), " ", " ")}\n`
    }
    return !node.isTextblock
  })
  return wordCount(text)
}

const number = (value) => value.toLocaleString("en-US")

export const StoryCounts = Extension.create({
  name: "storyCounts",

  addStorage() {
    return { watcher: null }
  },

  onDestroy() {
    this.storage.watcher?.disconnect()
  },

  onCreate() {
    const { editor } = this
    const { element } = editor.options
    const parts = {}
    for (const name of ["selected", "words", "minutes", "pictures"])
      parts[name] = crel("span", { "data-count": name })
    element.append(
      crel("p", { className: "editor-foot" }, Object.values(parts)),
    )
    let waiting = 0
    const show = () => {
      waiting = 0
      if (editor.isDestroyed) return
      const { state } = editor
      const words = wordsOf(state.doc)
      const selected = selectedWords(state)
      const pictures = picturesIn(state.doc)
      parts.selected.textContent = selected
        ? fill(gettext("Selected: %(count)s characters"), { count: number(selected) })
        : ""
      parts.words.textContent = fill(gettext("%(count)s characters"), {
        count: number(words),
      })
      parts.minutes.textContent = words
        ? fill(gettext("%(count)s min to read"), { count: readingMinutes(words) })
        : ""
      parts.pictures.textContent = pictures
        ? fill(gettext("%(count)s pictures"), { count: pictures })
        : ""
    }
    // Once a frame, however many keys a paste or an undo brings.
    editor.on("transaction", () => {
      waiting ||= requestAnimationFrame(show)
    })
    show()
    const bar = document.querySelector(".action-bar")
    if (!bar) return
    this.storage.watcher = new ResizeObserver(() =>
      element.style.setProperty("--editor-bottom", `${bar.offsetHeight}px`),
    )
    this.storage.watcher.observe(bar)
  },
})
