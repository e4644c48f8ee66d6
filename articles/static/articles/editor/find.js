/* Find and replace, in the text and the captions: a bar under the tools.

   <div class="editor-find" role="search">
     <input> <label><input type="checkbox">区分大小写和全半角</label> <span role="status">第2个，共5个</span> …
     <input> <button>替换</button> <button>全部替换</button>
   </div>

   Ctrl+F finds, Ctrl+H replaces, F3 goes on; Ctrl+F once more, in the field, is the browser's own.
   What is searched for is taken as it is written, no pattern. Unless asked for the letter, case
   and width make no difference: each character is compared in its form NFKC, small. A hit never
   begins or ends within a character (㎏ holds no g).
   Hits are drawn over the text. While an input method composes there they only move along, as
   redrawing would disturb it. */

import { button, composes, freshId } from "articles/editor/dialog"
import { fill } from "articles/editor/status"
import { crel, Extension, gettext, Plugin, pm } from "django-prose-editor/editor"

const { Decoration, DecorationSet } = pm.view
const { TextSelection } = pm.state
const key = new pm.state.PluginKey("storyFind")
/* Drawing more slows typing down and shows nobody anything. */
const MOST_DRAWN = 1000

/* --- Searching ---------------------------------------------------------------------------- */

const fold = (character) => character.normalize("NFKC").toLowerCase()

/* The text as it is compared, with the place of each unit's character: starts and ends of
   characters only. */
const foldText = (text, exact) => {
  let folded = ""
  const starts = new Map()
  const ends = new Map()
  let at = 0
  for (const character of text) {
    starts.set(folded.length, at)
    folded += exact ? character : fold(character)
    at += character.length
    ends.set(folded.length, at)
  }
  return { folded, starts, ends }
}

/* Places of `words` in a text: [[from, to], …], none over another. */
export const findIn = (text, words, exact) => {
  const wanted = foldText(words, exact).folded
  if (!wanted) return []
  const { folded, starts, ends } = foldText(text, exact)
  const found = []
  let at = folded.indexOf(wanted)
  while (at >= 0) {
    const from = starts.get(at)
    const to = ends.get(at + wanted.length)
    const isWhole = from !== undefined && to !== undefined
    if (isWhole) found.push([from, to])
    at = folded.indexOf(wanted, at + (isWhole ? wanted.length : 1))
  }
  return found
}

/* By text block, which never changes: a keystroke searches one paragraph anew. */
const createSearch = (words, exact) => {
  const known = new WeakMap()
  const within = (block) => {
    if (!known.has(block)) {
      // A line break or the like takes one place, as it does in the document.
      const text = block.textBetween(0, block.content.size, "\n", "\ufffc")
      known.set(block, findIn(text, words, exact))
    }
    return known.get(block)
  }
  return (doc) => {
    const hits = []
    doc.descendants((node, pos) => {
      if (!node.isTextblock) return true
      for (const [from, to] of within(node))
        hits.push({ from: pos + 1 + from, to: pos + 1 + to })
      return false
    })
    return hits
  }
}

/* --- What is drawn ------------------------------------------------------------------------ */

const nothing = { search: null, hits: [], current: -1, drawn: DecorationSet.empty }

const draw = (doc, hits, current) => {
  const first = Math.max(0, current - MOST_DRAWN / 2)
  return DecorationSet.create(
    doc,
    hits.slice(first, first + MOST_DRAWN).map(({ from, to }, index) =>
      Decoration.inline(from, to, {
        class:
          first + index === current
            ? "editor-hit editor-hit--current"
            : "editor-hit",
      }),
    ),
  )
}

/* The hit that holds the selection, as going there leaves it. */
const currentOf = (hits, { from, to }) =>
  hits.findIndex((hit) => hit.from === from && hit.to === to)

const findPlugin = (state) =>
  new Plugin({
    key,
    state: {
      init: () => nothing,
      apply(tr, before, _old, after) {
        const meta = tr.getMeta(key)
        const search = meta?.search === undefined ? before.search : meta.search
        if (!search) return nothing
        if (!tr.docChanged && !tr.selectionSet && !meta) return before
        if (state.composing && !meta)
          return { ...before, drawn: before.drawn.map(tr.mapping, tr.doc) }
        const hits = tr.docChanged || meta ? search(tr.doc) : before.hits
        const current = currentOf(hits, after.selection)
        return { search, hits, current, drawn: draw(tr.doc, hits, current) }
      },
    },
    props: {
      decorations: (current) => key.getState(current).drawn,
      handleDOMEvents: {
        compositionstart() {
          state.composing = true
          return false
        },
        compositionend(view) {
          state.composing = false
          setTimeout(() => {
            if (!view.isDestroyed && key.getState(view.state).search)
              view.dispatch(view.state.tr.setMeta(key, {}))
          }, 50)
          return false
        },
      },
    },
  })

/* --- The bar ------------------------------------------------------------------------------ */

const iconButton = (icon, name, keys, run) => {
  const made = button(icon, {
    className: "material-icons",
    title: `${name} ${keys}`,
    "aria-label": name,
  })
  made.addEventListener("click", run)
  return made
}

class FindBar {
  constructor(editor) {
    this.editor = editor
    const field = (label, name) =>
      crel("input", {
        type: "text",
        id: freshId(name),
        autocomplete: "off",
        spellcheck: false,
        placeholder: label,
        "aria-label": label,
      })
    this.words = field(gettext("Find in the text"), "find")
    this.instead = field(gettext("Replace with"), "replace")
    this.exact = crel("input", { type: "checkbox", id: freshId("exact") })
    this.said = crel("span", { className: "editor-find__said", role: "status" })
    this.replacing = crel("div", { className: "editor-find__line" }, [
      this.instead,
      this.action(gettext("Replace"), () => this.replace()),
      this.action(gettext("Replace all"), () => this.replaceAll()),
    ])
    this.element = crel(
      "div",
      {
        className: "editor-find",
        role: "search",
        "aria-label": gettext("Find and replace"),
        hidden: true,
      },
      [
        crel("div", { className: "editor-find__line" }, [
          this.words,
          iconButton("keyboard_arrow_up", gettext("Previous hit"), "Shift+Enter", () =>
            this.step(-1),
          ),
          iconButton("keyboard_arrow_down", gettext("Next hit"), "Enter", () =>
            this.step(1),
          ),
          this.said,
          crel("label", { className: "editor-find__exact", htmlFor: this.exact.id }, [
            this.exact,
            gettext("Match case and width"),
          ]),
          iconButton("close", gettext("Close find"), "Esc", () => this.close()),
        ]),
        this.replacing,
      ],
    )
    this.listen()
  }

  action(name, run) {
    const made = button(name, { className: "editor-find__action" })
    made.addEventListener("click", run)
    return made
  }

  listen() {
    // None of this is input of the article's form.
    for (const type of ["input", "change"])
      this.element.addEventListener(type, (event) => event.stopPropagation())
    const search = () => this.search()
    this.words.addEventListener("input", (event) => {
      if (!composes(event)) search()
    })
    this.words.addEventListener("compositionend", search)
    this.exact.addEventListener("change", search)
    this.element.addEventListener("keydown", (event) => {
      if (composes(event)) return
      if (event.key === "Escape") this.close()
      else if (event.key === "Enter" && event.target === this.words)
        this.step(event.shiftKey ? -1 : 1)
      else if (event.key === "Enter" && event.target === this.instead) this.replace()
      else if (event.key !== "Enter" || event.target.matches("button")) return
      // Neither sends Enter the form nor leaves Escape the full screen.
      event.preventDefault()
      event.stopPropagation()
    })
  }

  get view() {
    return this.editor.view
  }

  get found() {
    return key.getState(this.editor.state)
  }

  open(isReplacing) {
    const { state } = this.editor
    const { from, to, empty, $from, $to } = state.selection
    if (!empty && $from.sameParent($to) && to - from < 100)
      this.words.value = state.doc.textBetween(from, to)
    this.element.hidden = false
    if (isReplacing) this.replacing.hidden = false
    else this.replacing.hidden = !this.editor.isEditable || this.replacing.hidden
    this.words.focus()
    this.words.select()
    this.search()
  }

  close() {
    this.element.hidden = true
    this.replacing.hidden = true
    this.view.dispatch(this.view.state.tr.setMeta(key, { search: null }))
    this.view.focus()
  }

  search() {
    const words = this.words.value
    const search = words ? createSearch(words, this.exact.checked) : null
    this.view.dispatch(this.view.state.tr.setMeta(key, { search }))
    this.notice = ""
    if (!this.found.hits.length) return this.tell()
    // The hit at the cursor, else the one that follows it.
    const { from } = this.view.state.selection
    const next = this.found.hits.findIndex((hit) => hit.from >= from)
    this.goTo(Math.max(next, 0))
  }

  goTo(index) {
    const { hits } = this.found
    const { from, to } = hits[index]
    const { tr } = this.view.state
    this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, from, to)))
    const drawn = this.view.dom.querySelector(".editor-hit--current")
    const box = drawn?.getBoundingClientRect()
    const top = this.element.getBoundingClientRect().bottom
    if (box && (box.top < top + 8 || box.bottom > window.innerHeight - 120))
      drawn.scrollIntoView({ block: "center" })
    this.tell()
  }

  step(direction) {
    const { hits, current } = this.found
    if (!hits.length) return this.search()
    this.notice = ""
    if (current >= 0) return this.goTo((current + direction + hits.length) % hits.length)
    const { from } = this.view.state.selection
    const after = hits.findIndex((hit) => hit.from >= from)
    const next = after < 0 ? 0 : after
    this.goTo(direction > 0 ? next : (next - 1 + hits.length) % hits.length)
  }

  /* With the marks of what it replaces. */
  put(tr, { from, to }) {
    const text = this.instead.value
    if (!text) return tr.delete(from, to)
    const { marks } = tr.doc.resolve(from).nodeAfter
    return tr.replaceWith(from, to, tr.doc.type.schema.text(text, marks))
  }

  replace() {
    if (this.view.composing || !this.editor.isEditable) return
    const { hits, current } = this.found
    if (current < 0) return this.step(1)
    const { from } = hits[current]
    const { closeHistory } = pm.history
    this.view.dispatch(closeHistory(this.put(this.view.state.tr, hits[current])))
    this.view.dispatch(closeHistory(this.view.state.tr))
    this.notice = ""
    const after = from + this.instead.value.length
    const next = this.found.hits.findIndex((hit) => hit.from >= after)
    if (this.found.hits.length) this.goTo(Math.max(next, 0))
    else this.tell()
  }

  /* One step to undo. */
  replaceAll() {
    if (this.view.composing || !this.editor.isEditable) return
    const { hits } = this.found
    if (!hits.length) return this.tell()
    let { tr } = this.view.state
    for (const hit of hits.toReversed()) tr = this.put(tr, hit)
    const { closeHistory } = pm.history
    this.view.dispatch(closeHistory(tr))
    this.view.dispatch(closeHistory(this.view.state.tr))
    this.notice = fill(gettext("Replaced: %(count)s"), { count: hits.length })
    this.tell()
  }

  tell() {
    const { hits, current } = this.found
    let text = this.notice || ""
    if (!text && this.words.value && !hits.length) text = gettext("Nothing found")
    else if (!text && hits.length)
      text =
        current < 0
          ? fill(gettext("%(count)s found"), { count: hits.length })
          : fill(gettext("%(number)s of %(count)s"), {
              number: current + 1,
              count: hits.length,
            })
    if (this.said.textContent !== text) this.said.textContent = text
    this.element.classList.toggle("is-empty", !!this.words.value && !hits.length)
  }
}

export const StoryFind = Extension.create({
  name: "storyFind",

  addStorage() {
    return { bar: null }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "find",
      groups: "find",
      button: buttons.material("find_replace"),
      command: () => this.storage.bar.open(true),
    })
  },

  addProseMirrorPlugins() {
    return [findPlugin({ composing: false })]
  },

  onCreate() {
    const { editor } = this
    const { element } = editor.options
    const bar = new FindBar(editor)
    this.storage.bar = bar
    bar.replacing.hidden = true
    // The tools are put into the head by toolbar.js, which comes later.
    setTimeout(() => element.querySelector(".editor-head")?.append(bar.element))
    editor.on("transaction", () => {
      if (!bar.element.hidden) bar.tell()
    })
    element.addEventListener(
      "keydown",
      (event) => {
        if (composes(event) || event.altKey) return
        const isModified = event.ctrlKey || event.metaKey
        const letter = isModified && !event.shiftKey && event.key.toLowerCase()
        if (letter === "f" && event.target !== bar.words) bar.open(false)
        else if (letter === "h" && editor.isEditable) {
          bar.open(true)
        } else if (event.key === "F3" && !isModified) {
          if (bar.element.hidden) bar.open(false)
          else bar.step(event.shiftKey ? -1 : 1)
        } else if (event.key === "Escape" && !bar.element.hidden && element.contains(event.target)) {
          if (event.target.closest(".editor-find")) return
          bar.close()
        } else return
        event.preventDefault()
        event.stopPropagation()
      },
      true,
    )
  },
})
