/* Links: to a story of this site, to an attachment of this story, to anywhere else.

   One dialog with three tabs, by the button or Ctrl+K. Where nothing is selected it asks for the
   words too. A card under the link at the cursor, or under the pointer, says where it leads:
   <div class="editor-link-card"><a>…</a> <span>尚未发布</span> <button>修改</button> … </div>

   A link without a hint has no empty title; typing on behind a link is no longer part of it.

   GET <linksUrl>?q=words&not=12 → {"articles": [{id, title, url, channel, date, state, is_live}]}
   Attachments are those in the form's hidden field `attachments`: [{"id": 3, "title": "…"}]. */

import { button, composes, freshId, openDialog, tabsOf } from "articles/editor/dialog"
import { fill } from "articles/editor/status"
import { crel, gettext, Link, Plugin } from "django-prose-editor/editor"

const PAUSE = 250
const STORY = /^\/articles\/[1-9]\d*\/$/
const ATTACHMENT = /^\/attachments\/([1-9]\d*)\/$/

/* --- Addresses --------------------------------------------------------------------------- */

/* What was typed as an address a reader can open: {href} or {problem}, a sentence. */
export const readAddress = (typed) => {
  const text = typed
    .trim()
    .replace(/^([a-z]+)：/i, "$1:")
    .replace(/[。，；、\s]+$/, "")
  if (!text) return { problem: gettext("Type or paste an address.") }
  if (/^([a-z]:[\\/]|\\\\|file:)/i.test(text))
    return {
      problem: gettext(
        "This is a file on your computer, which readers cannot open. Add it as an attachment.",
      ),
    }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(text) || []
  if (scheme && !/^(https?|mailto|tel)$/i.test(scheme))
    return {
      problem: fill(
        gettext(
          "Addresses with %(scheme)s: are not allowed. Use one that begins with https://.",
        ),
        { scheme },
      ),
    }
  if (/^(mailto|tel):/i.test(text)) return { href: text.replace(/\s/g, "") }
  if (!scheme && /^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(text))
    return { href: `mailto:${text}` }
  if (/^\/(?!\/)/.test(text)) return { href: text }
  try {
    const address = new URL(scheme ? text : `https://${text.replace(/^\/\//, "")}`)
    if (!/^([^.]+\.)+[^.]+$|^localhost$|^\[.+\]$/.test(address.hostname) || /\s/.test(text))
      throw new TypeError(text)
    // One's own site, however it is reached.
    if (address.host === location.host && STORY.test(address.pathname))
      return { href: address.pathname }
    return { href: scheme ? text : `https://${text.replace(/^\/\//, "")}` }
  } catch {
    return {
      problem: gettext(
        "This does not look like an address. Example: https://www.example.com/",
      ),
    }
  }
}

/* --- What the three tabs offer ------------------------------------------------------------ */

const formOf = (editor) => editor.options.element.querySelector("textarea").form

export const attachmentsOf = (editor) => {
  try {
    const listed = JSON.parse(formOf(editor).elements.attachments?.value || "[]")
    return Array.isArray(listed) ? listed.filter(({ id }) => id) : []
  } catch {
    return []
  }
}

const ownNumber = () => /\/article\/(\d+)\//.exec(location.pathname)?.[1] || ""

const findStories = async (linksUrl, words) => {
  const query = new URLSearchParams({ q: words, not: ownNumber() })
  const response = await fetch(`${linksUrl}?${query}`, {
    headers: { Accept: "application/json" },
  })
  const type = response.headers.get("content-type") || ""
  if (!response.ok || !type.includes("json")) throw new Error(response.status)
  return (await response.json()).articles
}

/* A list one walks with the arrows while the field above keeps the cursor.
   entries: [{label, facts, warning, value}]; `choose` gets the value. */
const createOptions = (label, choose, onMark) => {
  const element = crel("ul", {
    className: "editor-options",
    id: freshId("options"),
    role: "listbox",
    "aria-label": label,
    tabIndex: -1,
  })
  let entries = []
  let marked = -1
  const mark = (index) => {
    marked = index
    ;[...element.children].forEach((item, place) =>
      item.setAttribute("aria-selected", place === index),
    )
    element.children[index]?.scrollIntoView({ block: "nearest" })
    onMark(element.children[index]?.id || "")
  }
  return {
    element,
    fill(found) {
      entries = found
      element.replaceChildren(
        ...entries.map(({ label: text, facts, warning, value }, index) => {
          const item = crel(
            "li",
            { id: freshId("option"), role: "option", "aria-selected": "false" },
            [
              crel("span", { className: "editor-options__label", textContent: text }),
              crel("span", { className: "editor-options__facts" }, [
                facts,
                ...(warning
                  ? [crel("strong", { textContent: warning })]
                  : []),
              ]),
            ],
          )
          item.addEventListener("click", () => choose(value))
          item.addEventListener("pointermove", () => {
            if (index !== marked) mark(index)
          })
          return item
        }),
      )
      mark(-1)
    },
    marked: () => entries[marked]?.value,
    handleKey(event) {
      if (composes(event)) return
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step && entries.length) {
        event.preventDefault()
        mark((marked + step + entries.length + (marked < 0 && step < 0 ? 1 : 0)) % entries.length)
      }
    },
  }
}

const createChooser = ({ label, hint, choose, load }) => {
  const field = crel("input", {
    type: "search",
    autocomplete: "off",
    id: freshId("field"),
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "true",
    placeholder: hint,
  })
  const options = createOptions(label, choose, (id) => {
    if (id) field.setAttribute("aria-activedescendant", id)
    else field.removeAttribute("aria-activedescendant")
  })
  field.setAttribute("aria-controls", options.element.id)
  const message = crel("p", { className: "editor-dialog__note", role: "status" })
  let timer = 0
  let asked = 0
  const look = async () => {
    asked += 1
    const mine = asked
    const found = await load(field.value.trim())
    if (mine !== asked) return
    options.fill(found.entries)
    message.textContent = found.message || ""
  }
  field.addEventListener("input", (event) => {
    if (composes(event)) return
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  })
  field.addEventListener("compositionend", () => {
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  })
  field.addEventListener("keydown", options.handleKey)
  const panel = crel("div", {}, [
    crel("label", { htmlFor: field.id, textContent: label }),
    field,
    options.element,
    message,
  ])
  return { panel, field, look, marked: options.marked }
}

const storyEntry = (story) => ({
  label: story.title,
  facts: [story.channel, story.date, story.state].join("　"),
  warning: story.is_live ? "" : gettext("Readers cannot open it yet."),
  value: { href: story.url, words: story.title },
})

const storiesChooser = (linksUrl, choose) =>
  createChooser({
    label: gettext("Words of the headline"),
    hint: gettext("Search the headlines, or paste the address of a story"),
    choose,
    async load(words) {
      try {
        const stories = await findStories(linksUrl, words)
        const message = stories.length
          ? ""
          : gettext("No headline holds these words. Try fewer.")
        return { entries: stories.map(storyEntry), message }
      } catch {
        return {
          entries: [],
          message: gettext("The search did not answer. Try again in a moment."),
        }
      }
    },
  })

const attachmentsChooser = (editor, choose) =>
  createChooser({
    label: gettext("Attachments of this story"),
    hint: gettext("Words of the attachment's title"),
    choose,
    load(words) {
      const all = attachmentsOf(editor)
      const found = all.filter(({ title }) =>
        (title || "").toLowerCase().includes(words.toLowerCase()),
      )
      let message = ""
      if (!all.length)
        message = gettext("This story has no attachments yet. Add them beside the text.")
      else if (!found.length) message = gettext("No attachment is called so.")
      const entries = found.map(({ id, title }) => ({
        label: title || gettext("Attachment"),
        facts: "",
        value: { href: `/attachments/${id}/`, words: title || gettext("Attachment") },
      }))
      return { entries, message }
    },
  })

/* --- The dialog --------------------------------------------------------------------------- */

const isLinkable = (editor) =>
  editor.isActive("link") || editor.can().setMark("link", { href: "/" })

const linkAtCursor = (editor) => editor.getAttributes("link").href || ""

const applyLink = (editor, href, words) => {
  const chain = editor.chain().focus()
  if (editor.isActive("link"))
    return chain.extendMarkRange("link").updateAttributes("link", { href }).run()
  if (!editor.state.selection.empty) return chain.setMark("link", { href }).run()
  // What follows is typed outside the link.
  return chain
    .insertContent({
      type: "text",
      text: words,
      marks: [
        ...editor.state.selection.$from.marks().map((mark) => mark.toJSON()),
        { type: "link", attrs: { href } },
      ],
    })
    .unsetMark("link")
    .run()
}

const openLinkDialog = (editor, linksUrl) => {
  const { state } = editor
  const present = linkAtCursor(editor)
  const asksWords = !present && state.selection.empty
  const words = crel("input", { type: "text", id: freshId("words"), autocomplete: "off" })
  let dialog

  const insert = ({ href, words: usual }) => {
    dialog.close()
    applyLink(editor, href, words.value.trim() || usual)
  }
  const stories = storiesChooser(linksUrl, insert)
  const attachments = attachmentsChooser(editor, insert)

  const problem = crel("p", {
    className: "editor-dialog__problem",
    id: freshId("problem"),
    role: "alert",
  })
  const address = crel("input", {
    type: "text",
    inputMode: "url",
    id: freshId("address"),
    autocomplete: "off",
    spellcheck: false,
    placeholder: "https://",
    "aria-describedby": problem.id,
  })
  const outside = crel("div", {}, [
    crel("label", { htmlFor: address.id, textContent: gettext("Address (https://…)") }),
    address,
    problem,
  ])
  const complain = (sentence) => {
    problem.textContent = sentence
    address.toggleAttribute("aria-invalid", !!sentence)
    if (sentence) address.setAttribute("aria-invalid", "true")
  }
  address.addEventListener("input", () => {
    // What cannot become right by typing on is refused at once.
    const { problem: sentence } = readAddress(address.value)
    const isWrong = /^\s*([a-z]:[\\/]|\\\\|[a-z][a-z0-9+.-]*[:：](?!\d))/i.test(address.value)
    complain(isWrong && sentence ? sentence : "")
  })

  const fields = { story: stories.field, attachment: attachments.field, outside: address }
  const tabs = tabsOf(
    gettext("Where the link leads"),
    [
      { name: "story", label: gettext("Story of this site"), panel: stories.panel },
      { name: "attachment", label: gettext("Attachment"), panel: attachments.panel },
      { name: "outside", label: gettext("Another address"), panel: outside },
    ],
    (name) => {
      if (name === "story") stories.look()
      if (name === "attachment") attachments.look()
    },
  )

  const submit = () => {
    if (tabs.current() === "outside") {
      const { href, problem: sentence } = readAddress(address.value)
      if (!href) {
        complain(sentence)
        address.focus()
        return false
      }
      insert({ href, words: address.value.trim() })
      return false
    }
    const chosen = (tabs.current() === "story" ? stories : attachments).marked()
    if (chosen) insert(chosen)
    else fields[tabs.current()].focus()
    return false
  }

  const body = [tabs.element, stories.panel, attachments.panel, outside]
  if (asksWords)
    body.unshift(
      crel("div", { className: "editor-dialog__field" }, [
        crel("label", { htmlFor: words.id, textContent: gettext("Words of the link") }),
        words,
        crel("p", {
          className: "editor-dialog__note",
          textContent: gettext("Empty: the title or the address itself."),
        }),
      ]),
    )
  const extra = []
  if (present) {
    const remove = button(gettext("Remove link"), {
      className: "editor-dialog__aside",
      "data-action": "unlink",
    })
    remove.addEventListener("click", () => {
      dialog.close()
      editor.chain().focus().extendMarkRange("link").unsetLink().run()
    })
    extra.push(remove)
  }
  dialog = openDialog(editor, {
    title: present ? gettext("Edit link") : gettext("Insert link"),
    className: "editor-dialog--link",
    body,
    submitText: present ? gettext("Change link") : gettext("Insert link"),
    submit,
    extra,
  })
  let first = "story"
  if (ATTACHMENT.test(present)) first = "attachment"
  else if (present && !STORY.test(present)) first = "outside"
  if (first === "outside") address.value = present
  if (STORY.test(present)) stories.field.value = present
  tabs.show(first)
  fields[first].focus()
}

/* --- The card ----------------------------------------------------------------------------- */

/* Titles of stories, asked for once. */
const known = new Map()

const describe = async (editor, linksUrl, href) => {
  const [, attachment] = ATTACHMENT.exec(href) || []
  if (attachment) {
    const found = attachmentsOf(editor).find(({ id }) => String(id) === attachment)
    return found
      ? { text: found.title }
      : { text: href, warning: gettext("This attachment is not in the story.") }
  }
  if (!STORY.test(href)) return { text: href }
  if (!known.has(href)) {
    try {
      const [story] = await findStories(linksUrl, href)
      known.set(
        href,
        story
          ? {
              text: story.title,
              warning: story.is_live ? "" : gettext("Readers cannot open it yet."),
            }
          : { text: href },
      )
    } catch {
      return { text: href }
    }
  }
  return known.get(href)
}

class LinkCard {
  constructor(editor, linksUrl) {
    this.editor = editor
    this.linksUrl = linksUrl
    this.shown = null
    this.address = crel("a", { target: "_blank", rel: "noopener noreferrer" })
    this.warning = crel("span", { className: "editor-link-card__warning" })
    const edit = button(gettext("Change"))
    const remove = button(gettext("Remove link"))
    edit.addEventListener("click", () => {
      this.select()
      openLinkDialog(editor, linksUrl)
    })
    remove.addEventListener("click", () => {
      this.select()
      editor.chain().focus().extendMarkRange("link").unsetLink().run()
    })
    this.element = crel(
      "div",
      {
        className: "editor-link-card",
        hidden: true,
        role: "group",
        "aria-label": gettext("Where the link leads"),
      },
      [this.address, this.warning, edit, remove],
    )
    this.element.addEventListener("mousedown", (event) => event.preventDefault())
    this.element.addEventListener("mouseleave", () => this.later(() => this.follow()))
    this.element.addEventListener("mouseenter", () => clearTimeout(this.timer))
    editor.options.element.append(this.element)
  }

  later(what, pause = 300) {
    clearTimeout(this.timer)
    this.timer = setTimeout(what, pause)
  }

  select() {
    const pos = this.editor.view.posAtDOM(this.shown, 0)
    this.editor.commands.setTextSelection(pos + 1)
  }

  /* Under the link that holds the cursor; none, no card. */
  follow() {
    const { editor } = this
    if (editor.isDestroyed) return
    const { selection } = editor.state
    const node = editor.view.domAtPos(selection.from).node
    const inside = editor.isActive("link") && editor.isFocused
    const around = (node.nodeType === 3 ? node.parentElement : node).closest("a[href]")
    this.show(inside ? around : null)
  }

  async show(link) {
    if (!link?.isConnected) {
      this.shown = null
      this.element.hidden = true
      return
    }
    const href = link.getAttribute("href")
    if (this.shown === link && this.address.getAttribute("href") === href) return this.place()
    this.shown = link
    this.tell(href, { text: href })
    this.element.hidden = false
    this.place()
    const said = await describe(this.editor, this.linksUrl, href)
    if (this.shown === link) {
      this.tell(href, said)
      this.place()
    }
  }

  tell(href, { text, warning = "" }) {
    this.address.setAttribute("href", href)
    this.address.textContent = text
    this.address.title = href
    this.warning.textContent = warning
  }

  place() {
    const sheet = this.editor.options.element
    const frame = sheet.getBoundingClientRect()
    const [box] = this.shown.getClientRects()
    if (!box) return
    const { style } = this.element
    const room = frame.width - this.element.offsetWidth - 8
    style.left = `${Math.max(8, Math.min(box.left - frame.left, room))}px`
    style.top = `${box.bottom - frame.top + sheet.scrollTop + 4}px`
  }
}

/* --- The extension ------------------------------------------------------------------------ */

export const StoryLink = Link.extend({
  addOptions() {
    return { ...this.parent?.(), linksUrl: "" }
  },

  addAttributes() {
    return {
      ...this.parent?.(),
      title: {
        default: null,
        renderHTML: ({ title }) => (title ? { title } : {}),
      },
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link"),
      active: (editor) => editor.isActive("link"),
      enabled: isLinkable,
      command: (editor) => openLinkDialog(editor, this.options.linksUrl),
    })
    menu.defineItem({
      name: "unlink",
      groups: "link",
      button: buttons.material("link_off"),
      hidden: (editor) => !editor.isActive("link"),
      command: (editor) =>
        editor.chain().focus().extendMarkRange("link").unsetLink().run(),
    })
  },

  addKeyboardShortcuts() {
    return {
      "Mod-k": () => {
        if (this.editor.isEditable && isLinkable(this.editor))
          openLinkDialog(this.editor, this.options.linksUrl)
        return true
      },
    }
  },

  addProseMirrorPlugins() {
    const { editor } = this
    const { linksUrl } = this.options
    let card
    return [
      ...(this.parent?.() || []),
      new Plugin({
        view() {
          if (!editor.isEditable) return {}
          card = new LinkCard(editor, linksUrl)
          return {
            update: () => card.later(() => card.follow(), 60),
            destroy: () => {
              clearTimeout(card.timer)
              card.element.remove()
            },
          }
        },
        props: {
          handleDOMEvents: {
            mouseover(_view, event) {
              const link = event.target.closest?.("a[href]")
              if (link) card?.later(() => card.show(link))
              return false
            },
            mouseout(_view, event) {
              if (event.target.closest?.("a[href]")) card?.later(() => card.follow())
              return false
            },
            blur() {
              card?.later(() => card.follow())
              return false
            },
          },
        },
      }),
    ]
  },
})
