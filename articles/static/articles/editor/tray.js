/* The tray beside the text: every picture of the story in its order.

   <section id="panel-pictures" data-badge="12">
     <div class="tray__top"> stays in sight
       <div class="tray__head"> count, <button>插入图片</button> </div>
       <p class="tray__lacking"> … </p>
       <details class="tray__together">统一填写 …</details>
       <div class="tray__bar"> selection </div>
       <div class="tray__said"> <p role="status"> </div>
     </div>
     <p class="tray__empty">…</p>
     <ol class="tray">
       <li class="tray__group">组图 …</li>
       <li class="tray__item" data-image="12">
         <button class="tray__grip"> <input type="checkbox">
         <button class="tray__open" aria-expanded><span class="tray__thumb"><img></span> words</button>
         <div class="tray__detail">…</div>
       </li>
     </ol>
   </section>

   The text is the only truth: the tray draws what stands there and changes it by steps one can
   undo. What changes places are figures; the text between them stays (places.js). The cover alone
   is a field of the form: <input type="hidden" name="cover">, empty for the first picture.
   Fields in here have no name, so the form sends none of them. */

import { readFrame, drawFrame, shownSize } from "articles/editor/crop"
import {
  beginVisit,
  cropPicture,
  fileNameOf,
  forgetUses,
  joinAbove,
  leaveGroup,
  showLength,
  sizeOf,
  takeOver,
  thumbAddress,
  pictureAddress,
  turnPicture,
  usesOf,
  visitOf,
} from "articles/editor/figure"
import {
  arrange,
  excess,
  figuresOf,
  findPicture,
  gather,
  joinInto,
  MOST_IN_GROUP,
  moveFigure,
  moveFigures,
  moveInGroup,
  picturesOf,
  removePictures,
  step,
  takeOut,
  withCaption,
  withFacts,
} from "articles/editor/places"
import { fill } from "articles/editor/status"
import { insertPicturesAtEnd, retryPictures } from "articles/editor/upload"
import { crel, Extension, gettext, pm } from "django-prose-editor/editor"

const RIGHTS = [
  ["", gettext("Not stated")],
  ["own", gettext("Our own photograph")],
  ["contributed", gettext("Contributed")],
  ["agency", gettext("From an agency")],
  ["other", gettext("Other, see the note")],
]

/* A pointer that moved less meant a click. */
const CLICK_SLIP = 6

/* So near to an edge the tray scrolls while one drags; pixels. */
const SCROLL_ZONE = 48

const icon = (name) =>
  crel("span", { className: "material-icons", "aria-hidden": "true", textContent: name })

const button = (attributes, children, onClick) => {
  const made = crel("button", { type: "button", ...attributes }, children)
  made.addEventListener("click", onClick)
  return made
}

const field = (label, input) =>
  crel("label", { className: "tray__field" }, [crel("span", { textContent: label }), input])

const rightsChooser = (first = RIGHTS) =>
  crel(
    "select",
    {},
    first.map(([value, textContent]) => crel("option", { value, textContent })),
  )

/* Enter would send the form. */
const keepEnter = (event) => {
  if (event.key === "Enter" && event.target.matches("input, textarea")) event.preventDefault()
}

const oneLine = (text) => text.replace(/[\r\n]+/g, "")

/* --- What is lacking ---------------------------------------------------------------------- */

const LACKING = {
  caption: gettext("No caption"),
  credit: gettext("No photographer"),
  alt: gettext("No alternative text"),
  length: gettext("Too long"),
}

const faultsOf = ({ picture, node, index }) => {
  const caption = index ? "" : node.textContent
  const faults = []
  if (!index && !caption.trim()) faults.push("caption")
  if (!picture.credit.trim()) faults.push("credit")
  if (!picture.alt.trim()) faults.push("alt")
  const isTooLong =
    excess("caption", caption) ||
    ["credit", "alt", "rights-note"].some((name) => excess(name, picture[name]))
  if (isTooLong) faults.push("length")
  return faults
}

/* --- One row ------------------------------------------------------------------------------ */

const drawThumb = (box, image, picture) => {
  const size = sizeOf(picture.image)
  const frame = readFrame(picture)
  if (!size) return
  const { width, height } = shownSize(size, frame)
  drawFrame(box, image, size, frame)
  box.style.width = `min(100%, calc(var(--box-height) * ${(width / height).toFixed(4)}))`
}

class Row {
  constructor(tray, image) {
    this.tray = tray
    this.image = image
    this.picture = crel("img", { alt: "", loading: "lazy", draggable: false })
    this.picture.addEventListener("error", () => this.onError())
    this.frame = crel("span", { className: "tray__frame" }, [this.picture])
    this.number = crel("span", { className: "tray__number" })
    this.words = crel("span", { className: "tray__words" })
    this.marks = crel("span", { className: "tray__marks" })
    this.check = crel("input", { type: "checkbox" })
    this.check.addEventListener("click", (event) => tray.onCheck(this, event.shiftKey))
    this.grip = button({ className: "tray__grip" }, [icon("drag_indicator")], () => {})
    this.open = button(
      { className: "tray__open", "aria-expanded": "false" },
      [
        crel("span", { className: "tray__thumb" }, [this.frame]),
        crel("span", { className: "tray__text" }, [this.number, this.words, this.marks]),
      ],
      () => tray.choose(image),
    )
    this.dom = crel("li", { className: "tray__item", "data-image": image }, [
      crel("div", { className: "tray__row" }, [this.grip, this.check, this.open]),
    ])
    this.grip.addEventListener("keydown", (event) => tray.onKey(event, this))
    this.open.addEventListener("keydown", (event) => tray.onKey(event, this))
    this.dom.addEventListener("pointerdown", (event) => tray.onPointer(event, this))
  }

  onError() {
    const whole = pictureAddress(this.tray.editor, this.image)
    // A server without thumbnails, or one that has not made this one yet.
    if (this.picture.getAttribute("src") !== whole) this.picture.src = whole
  }

  show(entry, isCover) {
    const { picture, node, index, number } = entry
    if (
      this.shown?.picture === picture &&
      this.shown.node === node &&
      this.shown.number === number &&
      this.shown.index === index &&
      this.shown.isCover === isCover
    )
      return
    this.shown = { ...entry, isCover }
    const { attrs, textContent } = node
    const isGrouped = attrs.pictures.length > 1
    if (!this.picture.hasAttribute("src")) this.picture.src = thumbAddress(this.tray.editor, this.image)
    drawThumb(this.frame, this.picture, picture)
    this.number.textContent = number
    const words = isGrouped ? picture.alt || picture.credit : textContent
    this.words.textContent = words || (isGrouped ? "" : gettext("No caption yet"))
    this.words.classList.toggle("is-empty", !words)
    const marks = faultsOf(entry)
      .filter((fault) => !(isGrouped && fault === "caption"))
      .map((fault) =>
        crel("span", { className: "tray__mark", textContent: LACKING[fault], "data-fault": fault }),
      )
    if (isCover)
      marks.unshift(crel("span", { className: "tray__mark is-cover", textContent: gettext("Cover") }))
    this.marks.replaceChildren(...marks)
    const name = fill(gettext("Picture %(number)s"), { number })
    this.check.setAttribute("aria-label", fill(gettext("Select picture %(number)s"), { number }))
    this.grip.setAttribute(
      "aria-label",
      fill(gettext("Move picture %(number)s: arrow keys up and down"), { number }),
    )
    this.grip.title = gettext("Drag to sort; by keyboard with the arrow keys")
    this.open.setAttribute("aria-label", words ? `${name}：${words}` : name)
    this.dom.classList.toggle("is-grouped", isGrouped)
    this.dom.classList.toggle("is-group-end", isGrouped && index === attrs.pictures.length - 1)
  }
}

/* What is above the pictures of a group; moves all of them. */
class GroupRow {
  constructor(tray) {
    this.tray = tray
    this.grip = button({ className: "tray__grip" }, [icon("drag_indicator")], () => {})
    this.words = crel("span", { className: "tray__words" })
    this.dom = crel("li", { className: "tray__group" }, [this.grip, this.words])
    this.grip.addEventListener("keydown", (event) => tray.onKey(event, this))
    this.dom.addEventListener("pointerdown", (event) => tray.onPointer(event, this))
  }

  get image() {
    return this.shown.node.attrs.pictures[0].image
  }

  show(entry) {
    if (this.shown?.node === entry.node && this.shown.number === entry.number) return
    this.shown = entry
    const { pictures } = entry.node.attrs
    const caption = entry.node.textContent
    const count = fill(gettext("Group of %(count)s"), { count: pictures.length })
    this.words.textContent = `${count} · ${caption || gettext("No caption yet")}`
    this.words.classList.toggle("is-empty", !caption)
    this.grip.setAttribute("aria-label", gettext("Move the group: arrow keys up and down"))
  }
}

/* --- All that is said of one picture ------------------------------------------------------ */

class Detail {
  constructor(tray) {
    this.tray = tray
    this.editor = tray.editor
    this.image = null
    this.box = crel("div", { className: "tray__box" })
    this.picture = crel("img", { alt: "", draggable: false })
    this.frame = crel("div", { className: "tray__preview" }, [this.picture])
    this.box.append(this.frame)
    this.file = crel("p", { className: "tray__file" })

    this.caption = crel("textarea", { rows: 3 })
    this.credit = crel("input", { type: "text", autocomplete: "off" })
    this.alt = crel("textarea", { rows: 2 })
    this.rights = rightsChooser()
    this.note = crel("input", { type: "text", autocomplete: "off" })
    this.captionLabel = field(gettext("Caption"), this.caption)
    this.noteLabel = field(gettext("Note on the rights"), this.note)
    this.note.placeholder = gettext("For example the agency, the contract, who agreed")
    this.fields = {
      credit: this.credit,
      alt: this.alt,
      rights: this.rights,
      "rights-note": this.note,
    }
    for (const [name, input] of Object.entries(this.fields)) {
      input.addEventListener("focus", beginVisit)
      input.addEventListener("input", () => this.write(name, oneLine(input.value)))
    }
    this.caption.addEventListener("focus", beginVisit)
    this.caption.addEventListener("input", () => this.writeCaption(oneLine(this.caption.value)))
    this.caption.addEventListener("keydown", (event) => this.onCaptionKey(event))

    this.buttons = {}
    const tool = (name, glyph, text, act) => {
      this.buttons[name] = button(
        { className: "tray__tool", "data-tool": name },
        [icon(glyph), text],
        () => act(this.entry, this.buttons[name]),
      )
      return this.buttons[name]
    }
    const { editor } = this
    this.dom = crel("div", { className: "tray__detail" }, [
      this.box,
      this.file,
      crel("div", { className: "tray__tools" }, [
        tool("crop", "crop", gettext("Crop"), ({ picture }, opener) =>
          cropPicture(editor, picture, opener),
        ),
        tool("turn-left", "rotate_left", gettext("Turn left"), ({ picture }) =>
          turnPicture(editor, picture, false),
        ),
        tool("turn-right", "rotate_right", gettext("Turn right"), ({ picture }) =>
          turnPicture(editor, picture, true),
        ),
        tool("cover", "star_outline", gettext("Make it the cover"), ({ picture }) =>
          tray.setCover(picture.image),
        ),
      ]),
      this.captionLabel,
      field(gettext("Photographer"), this.credit),
      field(gettext("Alternative text"), this.alt),
      field(gettext("Rights"), this.rights),
      this.noteLabel,
      crel("div", { className: "tray__tools" }, [
        tool("up", "arrow_upward", gettext("Up"), () => tray.move(tray.rows.get(this.image), -1)),
        tool("down", "arrow_downward", gettext("Down"), () =>
          tray.move(tray.rows.get(this.image), 1),
        ),
        tool("join", "playlist_add", gettext("Join with the one above"), ({ picture }) => {
          if (joinAbove(editor, picture.image)) tray.say(gettext("Joined into one group."))
        }),
        tool("take-out", "output", gettext("Take out of the group"), ({ picture }) => {
          leaveGroup(editor, picture.image)
          tray.say(gettext("Taken out of the group."))
        }),
        tool("remove", "delete_outline", gettext("Remove from the text"), ({ picture }) =>
          tray.remove([picture.image]),
        ),
      ]),
    ])
    this.dom.addEventListener("keydown", keepEnter)
    if (!editor.isEditable)
      for (const control of this.dom.querySelectorAll("button, input, select, textarea"))
        control.disabled = true
  }

  get entry() {
    return findPicture(this.editor.state.doc, this.image)
  }

  write(name, value) {
    const tr = withFacts(this.editor.state, { [this.image]: { [name]: value } })
    if (!tr) return
    if (name === "rights") step(this.editor.view, tr)
    else this.editor.view.dispatch(tr.setMeta("composition", visitOf()))
  }

  /* From caption to caption; the arrows only where they would not move the cursor. */
  onCaptionKey(event) {
    if (event.isComposing || event.keyCode === 229) return
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event
    if (ctrlKey || altKey || metaKey) return
    const { selectionStart, selectionEnd, value } = this.caption
    const isPlain = !shiftKey && selectionStart === selectionEnd
    const isUp = key === "ArrowUp" && isPlain && selectionStart === 0
    const isDown = key === "ArrowDown" && isPlain && selectionStart === value.length
    if (key !== "Enter" && !isUp && !isDown) return
    event.preventDefault()
    this.tray.goToCaption(isUp || (key === "Enter" && shiftKey) ? -1 : 1)
  }

  writeCaption(value) {
    const tr = withCaption(this.editor.state, this.entry.pos, value)
    this.editor.view.dispatch(tr.setMeta("composition", visitOf()))
  }

  show(image, entry, { isCover, isDefaultCover, count }) {
    if (this.image !== image) {
      this.image = image
      this.picture.src = pictureAddress(this.editor, image)
    }
    const { picture, node, index, number } = entry
    const isGrouped = node.attrs.pictures.length > 1
    drawThumb(this.frame, this.picture, picture)
    this.file.textContent = this.file.title = fileNameOf(image)
    this.captionLabel.firstChild.textContent = isGrouped
      ? gettext("Caption of the group")
      : gettext("Caption")
    this.showInput(this.caption, "caption", node.textContent)
    for (const name of ["credit", "alt", "rights-note"])
      this.showInput(this.fields[name], name, picture[name])
    if (this.rights.value !== picture.rights) this.rights.value = picture.rights
    this.noteLabel.hidden = picture.rights !== "other" && !picture["rights-note"]
    const { buttons } = this
    buttons.cover.lastChild.textContent = isCover
      ? isDefaultCover
        ? gettext("Cover (the first picture)")
        : gettext("Cover; back to the first picture")
      : gettext("Make it the cover")
    buttons.cover.firstChild.textContent = isCover ? "star" : "star_outline"
    buttons.cover.setAttribute("aria-pressed", isCover)
    buttons.up.disabled = number === 1 && !(isGrouped && !index)
    buttons.down.disabled = number === count && !isGrouped
    buttons.join.hidden = index > 0 || number === 1
    buttons["take-out"].hidden = !isGrouped
  }

  showInput(input, name, value) {
    if (input.value !== value) input.value = value
    showLength(input.parentElement, name, value)
    if (excess(name, value)) input.setAttribute("aria-invalid", "true")
    else input.removeAttribute("aria-invalid")
  }
}

/* --- One photographer for all ------------------------------------------------------------- */

class Together {
  constructor(tray) {
    this.tray = tray
    this.credit = crel("input", { type: "text", autocomplete: "off" })
    this.rights = rightsChooser([["", gettext("Leave as it is")], ...RIGHTS.slice(1)])
    this.note = crel("input", { type: "text", autocomplete: "off" })
    this.noteLabel = field(gettext("Note on the rights"), this.note)
    this.noteLabel.hidden = true
    this.rights.addEventListener("change", () => {
      this.noteLabel.hidden = this.rights.value !== "other"
    })
    this.credit.addEventListener("input", () =>
      showLength(this.credit.parentElement, "credit", this.credit.value),
    )
    this.whom = crel("p", { className: "tray__whom" })
    const act = (name, text, isEverywhere) =>
      button({ className: "tray__tool", "data-tool": name, textContent: text }, [], () =>
        this.fill(isEverywhere),
      )
    this.dom = crel("details", { className: "tray__together" }, [
      crel("summary", { textContent: gettext("Fill in for several") }),
      this.whom,
      field(gettext("Photographer"), this.credit),
      field(gettext("Rights"), this.rights),
      this.noteLabel,
      crel("div", { className: "tray__tools" }, [
        act("fill-empty", gettext("Only where empty"), false),
        act("fill-all", gettext("Replace everywhere"), true),
      ]),
    ])
    this.dom.addEventListener("keydown", keepEnter)
    // What is typed here is no change of the story until it is filled in.
    for (const kind of ["input", "change"])
      this.dom.addEventListener(kind, (event) => event.stopPropagation())
  }

  show(selected, count) {
    this.whom.textContent = selected
      ? fill(gettext("For the %(count)s selected pictures."), { count: selected })
      : fill(gettext("For all %(count)s pictures. Select some to fill in only those."), { count })
  }

  fill(isEverywhere) {
    const { editor } = this.tray
    const said = {
      credit: this.credit.value.trim(),
      rights: this.rights.value,
      "rights-note": this.rights.value === "other" ? this.note.value.trim() : "",
    }
    const facts = {}
    for (const { picture } of this.tray.chosenEntries()) {
      const wanted = {}
      for (const [name, value] of Object.entries(said))
        if (value && (isEverywhere || !picture[name])) wanted[name] = value
      // A note speaks of the ground it was written for.
      if (wanted.rights && wanted.rights !== picture.rights) wanted["rights-note"] = said["rights-note"]
      facts[picture.image] = wanted
    }
    const tr = withFacts(editor.state, facts)
    if (tr) step(editor.view, tr)
    const changed = Object.values(facts).filter((each) => Object.keys(each).length).length
    this.tray.say(
      tr
        ? fill(gettext("Filled in for %(count)s pictures."), { count: changed })
        : said.credit || said.rights
          ? gettext("Nothing to fill in: no field was empty.")
          : gettext("Type a photographer or choose the rights first."),
    )
  }
}

/* --- The tray ----------------------------------------------------------------------------- */

class Tray {
  constructor(editor, panel) {
    this.editor = editor
    this.panel = panel
    this.cover = editor.options.element.querySelector("textarea").form.elements.cover
    this.rows = new Map()
    this.groups = new Map()
    this.selected = new Set()
    this.opened = null
    this.figures = []

    this.count = crel("p", { className: "tray__count" })
    this.lacking = crel("p", { className: "tray__lacking" })
    this.progress = crel("progress", { max: 1, value: 0, "aria-label": gettext("Upload of all pictures") })
    this.again = button(
      { className: "tray__tool", "data-tool": "retry-all", textContent: gettext("Try all again") },
      [],
      () => retryPictures(editor),
    )
    this.again.hidden = true
    this.sending = crel("p", { className: "tray__sending", hidden: true }, [
      crel("span", {}),
      this.progress,
      this.again,
    ])
    this.uses = crel("p", { className: "tray__uses", hidden: true })
    this.chooser = crel("input", {
      type: "file",
      accept: "image/*,.heic,.heif",
      multiple: true,
      hidden: true,
    })
    this.chooser.addEventListener("change", (event) => {
      event.stopPropagation()
      insertPicturesAtEnd(editor, this.chooser.files)
      this.chooser.value = ""
    })
    this.add = button(
      { className: "tray__tool", "data-tool": "insert" },
      [icon("add_photo_alternate"), gettext("Insert pictures at the end")],
      () => this.chooser.click(),
    )
    this.empty = crel("p", {
      className: "tray__empty",
      textContent: gettext(
        "No pictures yet. Drop a whole folder's photographs here or on the text; they keep the order in which they were chosen.",
      ),
    })
    this.list = crel("ol", { className: "tray", "aria-label": gettext("Pictures in the order of the text") })
    this.detail = new Detail(this)
    this.together = new Together(this)
    this.all = crel("input", { type: "checkbox" })
    this.all.addEventListener("change", (event) => {
      event.stopPropagation()
      this.selectAll(this.all.checked)
    })
    this.chosen = crel("span", { className: "tray__chosen" })
    this.group = button(
      { className: "tray__tool", "data-tool": "group", textContent: gettext("Make a group") },
      [],
      () => this.gather(),
    )
    const mover = (name, glyph, text, delta) =>
      button({ className: "tray__tool", "data-tool": name }, [icon(glyph), text], () =>
        this.moveChosen(delta),
      )
    this.movers = [
      mover("up-selected", "arrow_upward", gettext("Up"), -1),
      mover("down-selected", "arrow_downward", gettext("Down"), 1),
    ]
    this.drop = button(
      { className: "tray__tool", "data-tool": "remove-selected", textContent: gettext("Remove from the text") },
      [],
      () => this.remove(this.chosenEntries().map(({ picture }) => picture.image)),
    )
    this.bar = crel("div", { className: "tray__bar" }, [
      crel("label", { className: "tray__all" }, [this.all, this.chosen]),
      ...this.movers,
      this.group,
      this.drop,
    ])
    this.live = crel("p", { className: "tray__live", role: "status" })
    this.action = crel("span", { className: "tray__action" })
    this.said = crel("div", { className: "tray__said" }, [
      crel("div", { className: "tray__saying" }, [this.live, this.action]),
    ])
    this.top = crel("div", { className: "tray__top" }, [
      crel("div", { className: "tray__head" }, [this.count, this.add, this.chooser]),
      this.lacking,
      this.together.dom,
      this.bar,
      this.said,
    ])
    panel.replaceChildren(this.top, this.sending, this.uses, this.empty, this.list)
    // Rows come to lie below what stays in sight.
    new ResizeObserver(() =>
      panel.style.setProperty("--tray-top", `${this.top.offsetHeight}px`),
    ).observe(this.top)
    if (!editor.isEditable)
      for (const element of [this.add, this.bar, this.together.dom]) element.hidden = true
    this.isEditable = editor.isEditable
    this.listen()
    this.draw()
  }

  listen() {
    const { editor, panel } = this
    const redraw = () => this.drawSoon()
    editor.on("transaction", redraw)
    editor.on("pictureUses", () => this.drawUses())
    editor.on("uploads", (state) => this.drawUploads(state))
    editor.on("pictureDetails", ({ image }) => this.showDetails(image))
    this.cover?.addEventListener("change", () => this.draw(true))
    panel.addEventListener("keydown", (event) => this.onHistoryKey(event))
    for (const kind of ["dragover", "drop"])
      panel.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files") || !this.isEditable) return
        event.preventDefault()
        event.dataTransfer.dropEffect = "copy"
        if (kind === "drop") insertPicturesAtEnd(editor, event.dataTransfer.files)
      })
  }

  /* --- Drawing ---------------------------------------------------------------------------- */

  drawSoon() {
    if (this.isDue) return
    this.isDue = true
    requestAnimationFrame(() => {
      this.isDue = false
      if (!this.editor.isDestroyed) this.draw()
    })
  }

  draw(isForced = false) {
    const figures = figuresOf(this.editor.state.doc)
    const isSame =
      figures.length === this.figures.length &&
      figures.every(({ node }, index) => node === this.figures[index])
    this.drawCurrent()
    // A letter typed in a paragraph changes no picture.
    if (isSame && !isForced && this.drawn) return
    this.drawn = true
    this.figures = figures.map(({ node }) => node)
    this.entries = picturesOf(this.editor.state.doc)
    this.watchCover(isForced)
    const images = new Set(this.entries.map(({ picture }) => picture.image))
    for (const image of this.selected) if (!images.has(image)) this.selected.delete(image)
    if (!images.has(this.opened)) this.opened = null
    this.drawRows(images)
    this.drawDetail()
    this.drawSummary()
    this.drawUses()
  }

  coverImage() {
    const chosen = this.cover?.value
    const isThere = this.entries.some(({ picture }) => picture.image === chosen)
    return isThere ? chosen : this.entries[0]?.picture.image
  }

  /* Nobody chose the cover: when another picture comes to stand first, that is news. */
  watchCover(isChosen) {
    const cover = this.coverImage()
    const before = this.shownCover
    this.shownCover = cover
    const isNews = before && cover && cover !== before && cover !== this.cover?.value
    if (isChosen || !isNews) return
    this.isCoverNews = true
    // What moved it may have something to say itself.
    setTimeout(() => {
      if (this.isCoverNews) this.say("")
    })
  }

  drawRows(images) {
    const cover = this.coverImage()
    const wanted = []
    const groups = new Map()
    for (const entry of this.entries) {
      const { picture, node, index } = entry
      if (!index && node.attrs.pictures.length > 1) {
        const header = this.groups.get(picture.image) || new GroupRow(this)
        groups.set(picture.image, header)
        header.show(entry)
        wanted.push(header.dom)
      }
      let row = this.rows.get(picture.image)
      if (!row) {
        row = new Row(this, picture.image)
        if (!this.isEditable) row.grip.hidden = row.check.hidden = true
        this.rows.set(picture.image, row)
      }
      row.show(entry, picture.image === cover)
      row.check.checked = this.selected.has(picture.image)
      wanted.push(row.dom)
    }
    for (const [image, row] of this.rows)
      if (!images.has(image)) {
        row.dom.remove()
        this.rows.delete(image)
      }
    for (const [image, header] of this.groups) if (!groups.has(image)) header.dom.remove()
    this.groups = groups
    // Moving an element takes the focus from it.
    const focused = document.activeElement
    for (const [index, dom] of wanted.entries())
      if (this.list.children[index] !== dom)
        this.list.insertBefore(dom, this.list.children[index] || null)
    while (this.list.children.length > wanted.length) this.list.lastElementChild.remove()
    if (focused !== document.activeElement && this.list.contains(focused))
      focused.focus({ preventScroll: true })
  }

  drawDetail() {
    const row = this.rows.get(this.opened)
    for (const each of this.rows.values()) {
      const isOpen = each === row
      if (each.open.getAttribute("aria-expanded") !== String(isOpen))
        each.open.setAttribute("aria-expanded", isOpen)
      each.dom.classList.toggle("is-open", isOpen)
    }
    if (!row) {
      this.detail.dom.remove()
      return
    }
    if (this.detail.dom.parentElement !== row.dom) row.dom.append(this.detail.dom)
    const cover = this.coverImage()
    // By what is open now: the detail still knows the picture before.
    this.detail.show(this.opened, findPicture(this.editor.state.doc, this.opened) || row.shown, {
      isCover: cover === this.opened,
      isDefaultCover: this.cover?.value !== this.opened,
      count: this.entries.length,
    })
  }

  drawSummary() {
    const count = this.entries.length
    this.panel.dataset.badge = count || ""
    this.count.textContent = count ? fill(gettext("Pictures: %(count)s"), { count }) : ""
    this.empty.hidden = count > 0
    this.list.hidden = !count
    this.bar.hidden = !count || !this.isEditable
    this.together.dom.hidden = !count || !this.isEditable
    const lacking = new Map()
    for (const entry of this.entries)
      for (const fault of faultsOf(entry))
        lacking.set(fault, [...(lacking.get(fault) || []), entry.picture.image])
    const chips = Object.keys(LACKING)
      .filter((fault) => lacking.has(fault))
      .map((fault) => {
        const images = lacking.get(fault)
        const text = `${LACKING[fault]} ${images.length}`
        return button(
          {
            className: "tray__chip",
            "data-fault": fault,
            textContent: text,
            title: gettext("Go to the next one"),
          },
          [],
          () => this.goToNext(fault),
        )
      })
    const isHere = this.lacking.contains(document.activeElement)
    const fault = document.activeElement?.dataset.fault
    this.lacking.replaceChildren(...chips)
    if (isHere) chips.find((chip) => chip.dataset.fault === fault)?.focus()
    this.lacking.hidden = !chips.length
    this.drawSelection()
  }

  drawSelection() {
    const { size } = this.selected
    this.chosen.textContent = size
      ? fill(gettext("Selected: %(count)s"), { count: size })
      : gettext("Select all")
    this.all.checked = size > 0 && size === this.entries.length
    this.all.indeterminate = size > 0 && size < this.entries.length
    this.group.hidden = size < 2
    for (const element of [this.drop, ...this.movers]) element.hidden = !size
    this.together.show(size, this.entries.length)
  }

  /* Where the cursor is in the text. */
  drawCurrent() {
    const { selection } = this.editor.state
    const { $from } = selection
    const pos = $from.depth ? $from.before(1) : selection.from
    const node = this.editor.state.doc.nodeAt(pos)
    if (node === this.current) return
    this.current = node
    const images = node?.attrs.pictures?.map(({ image }) => image) || []
    for (const row of this.rows.values())
      row.dom.classList.toggle("is-current", images.includes(row.image))
  }

  drawUploads({ sent, total, failed }) {
    this.sending.hidden = !total
    this.again.hidden = !failed
    this.progress.value = total ? sent / total : 0
    this.sending.firstChild.textContent =
      failed && sent + failed === total
        ? fill(gettext("%(failed)s of %(total)s pictures did not arrive"), { failed, total })
        : fill(gettext("Uploaded %(sent)s of %(total)s"), { sent, total })
  }

  drawUses() {
    const images = (this.entries || [])
      .map(({ picture }) => picture.image)
      .filter((image) => usesOf(image).length)
    const here = images.filter((image) => usesOf(image)[0].is_here)
    this.uses.hidden = images.length < 2
    if (images.length < 2) {
      this.uses.replaceChildren()
      return
    }
    this.uses.replaceChildren(
      crel("span", {
        textContent: fill(gettext("%(count)s photographs were used before."), {
          count: images.length,
        }),
      }),
      button(
        { className: "tray__tool", "data-tool": "take-over-all" },
        [gettext("Take over captions and photographers")],
        () => {
          takeOver(this.editor, images)
          this.say(gettext("Taken over where nothing had been written."))
        },
      ),
      ...(here.length
        ? [
            button(
              { className: "tray__tool", "data-tool": "remove-here" },
              [fill(gettext("Remove the %(count)s that stand here already"), { count: here.length })],
              () => this.remove(here),
            ),
          ]
        : []),
      button({ className: "tray__tool" }, [gettext("Not this time")], () => {
        for (const image of images) forgetUses(image)
        this.editor.emit("pictureUses")
        // The notes under the pictures follow.
        this.editor.view.dispatch(this.editor.state.tr)
      }),
    )
  }

  /* `action` is {text, act}: a button behind the sentence. */
  say(sentence, action = null) {
    const news = this.isCoverNews ? gettext("The cover is now the picture that stands first.") : ""
    this.isCoverNews = false
    // The same words twice are two pieces of news.
    this.live.textContent = ""
    this.action.replaceChildren()
    requestAnimationFrame(() => {
      this.live.textContent = sentence + news
    })
    if (!action) return
    const made = button({ className: "tray__tool", textContent: action.text }, [], action.act)
    made.dataset.tool = action.name
    this.action.append(made)
  }

  /* --- Choosing --------------------------------------------------------------------------- */

  choose(image) {
    const isOpen = this.opened === image
    this.opened = isOpen ? null : image
    this.drawDetail()
    if (isOpen) return
    // The tray first: it would stop the sheet on its way.
    this.rows.get(image).dom.scrollIntoView({ block: "nearest" })
    this.goTo(image)
  }

  /* From the sheet. */
  showDetails(image) {
    this.draw()
    this.opened = image
    this.drawDetail()
    // A tab also opens the column where that is a drawer: see desk/side.js.
    document.querySelector('[role="tab"][aria-controls="panel-pictures"]')?.click()
    this.rows.get(image)?.open.focus()
    this.rows.get(image)?.dom.scrollIntoView({ block: "nearest" })
  }

  goTo(image) {
    const { view, state } = this.editor
    const entry = findPicture(state.doc, image)
    if (!entry) return
    view.dispatch(state.tr.setSelection(pm.state.NodeSelection.create(state.doc, entry.pos)))
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches
    view
      .nodeDOM(entry.pos)
      .scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" })
  }

  goToNext(fault) {
    const found = this.entries.filter((entry) => faultsOf(entry).includes(fault))
    const now = this.entries.findIndex(({ picture }) => picture.image === this.opened)
    const next = found.find(({ number }) => number - 1 > now) || found[0]
    this.opened = next.picture.image
    this.drawDetail()
    this.rows.get(this.opened).dom.scrollIntoView({ block: "nearest" })
    this.goTo(this.opened)
    const { caption, credit, alt } = this.detail
    ;({ caption, credit, alt })[fault]?.focus({ preventScroll: true })
  }

  goToCaption(delta) {
    const captions = this.entries.filter(({ index }) => !index)
    const { figure } = this.entries.find(({ picture }) => picture.image === this.opened)
    const next = captions[captions.findIndex((entry) => entry.figure === figure) + delta]
    if (!next) {
      this.say(delta > 0 ? gettext("This is the last caption.") : gettext("This is the first caption."))
      return
    }
    this.opened = next.picture.image
    this.drawDetail()
    this.rows.get(this.opened).dom.scrollIntoView({ block: "nearest" })
    this.goTo(this.opened)
    this.detail.caption.focus({ preventScroll: true })
  }

  onCheck(row, isRange) {
    const images = this.entries.map(({ picture }) => picture.image)
    const [from, to] = [images.indexOf(this.lastChecked), images.indexOf(row.image)]
    const range = isRange && from >= 0 ? images.slice(Math.min(from, to), Math.max(from, to) + 1) : [row.image]
    for (const image of range) {
      if (row.check.checked) this.selected.add(image)
      else this.selected.delete(image)
      this.rows.get(image).check.checked = row.check.checked
    }
    this.lastChecked = row.image
    this.drawSelection()
  }

  selectAll(isChecked) {
    this.selected = new Set(isChecked ? this.entries.map(({ picture }) => picture.image) : [])
    for (const row of this.rows.values()) row.check.checked = isChecked
    this.drawSelection()
  }

  chosenEntries() {
    const entries = picturesOf(this.editor.state.doc)
    return this.selected.size
      ? entries.filter(({ picture }) => this.selected.has(picture.image))
      : entries
  }

  /* --- Changing --------------------------------------------------------------------------- */

  setCover(image) {
    if (!this.cover) return
    const before = this.cover.value
    const isChosen = before === image
    this.writeCover(isChosen ? "" : image)
    const restore = () => {
      this.coverStep = null
      this.writeCover(before)
      this.say(gettext("The cover from before is back."))
      this.rows.get(image)?.open.focus({ preventScroll: true })
    }
    // The cover is no part of the text, so undo there leaves it alone; undo in here does not while
    // the text has not changed since.
    this.coverStep = { doc: this.editor.state.doc, restore }
    this.say(
      isChosen
        ? gettext("The first picture is the cover again.")
        : gettext("This picture is the cover now."),
      {
        name: "restore-cover",
        text: gettext("Restore the cover from before"),
        act: restore,
      },
    )
  }

  writeCover(image) {
    this.cover.value = image
    for (const kind of ["input", "change"])
      this.cover.dispatchEvent(new Event(kind, { bubbles: true }))
  }

  remove(images) {
    const first = this.entries.findIndex(({ picture }) => images.includes(picture.image))
    arrange(this.editor.view, removePictures(images))
    this.draw()
    this.say(
      fill(gettext("Removed: %(count)s. Undo brings them back."), { count: images.length }),
    )
    const next = this.entries[Math.min(first, this.entries.length - 1)]
    if (next) this.rows.get(next.picture.image).open.focus()
    else this.add.focus()
  }

  gather() {
    const images = this.chosenEntries().map(({ picture }) => picture.image)
    if (images.length > MOST_IN_GROUP) {
      this.say(fill(gettext("A group holds at most %(count)s pictures."), { count: MOST_IN_GROUP }))
      return
    }
    arrange(this.editor.view, gather(images), { select: images[0] })
    this.selectAll(false)
    this.say(fill(gettext("Group of %(count)s made."), { count: images.length }))
  }

  /* --- Sorting ---------------------------------------------------------------------------- */

  /* Fields undo their own letters; anywhere else in here the story is meant. The sheet stays. */
  onHistoryKey(event) {
    const isField = event.target.matches("input:not([type=checkbox]), textarea, select")
    const key = event.key.toLowerCase()
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isField || !this.isEditable) return
    const isRedo = key === "y" || (key === "z" && event.shiftKey)
    if (key !== "z" && !isRedo) return
    event.preventDefault()
    event.stopPropagation()
    if (!isRedo && this.coverStep?.doc === this.editor.state.doc) {
      this.coverStep.restore()
      return
    }
    const { undoNoScroll, redoNoScroll } = pm.history
    const { state, view } = this.editor
    const done = (isRedo ? redoNoScroll : undoNoScroll)(state, view.dispatch)
    this.draw()
    this.say(
      done
        ? isRedo
          ? gettext("Done again.")
          : gettext("Undone.")
        : isRedo
          ? gettext("Nothing to do again.")
          : gettext("Nothing to undo."),
    )
    // What had the focus may be gone with its picture.
    if (!this.panel.contains(document.activeElement)) {
      const first = this.list.querySelector(".tray__open") || this.add
      first.focus({ preventScroll: true })
    }
  }

  onKey(event, row) {
    const onGrip = event.currentTarget === row.grip
    const delta = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!delta || !this.isEditable) return
    if (onGrip || event.altKey) {
      event.preventDefault()
      if (this.selected.size > 1 && this.selected.has(row.image)) this.moveChosen(delta)
      else this.move(row, delta)
    } else {
      event.preventDefault()
      const rows = [...this.list.querySelectorAll(".tray__open")]
      rows[rows.indexOf(event.currentTarget) + delta]?.focus()
    }
  }

  move(row, delta) {
    const entry = findPicture(this.editor.state.doc, row.image)
    const { node, figure, index } = entry
    const last = node.attrs.pictures.length - 1
    const isWhole = row instanceof GroupRow || !last
    if (isWhole) this.put({ figure, index: 0, isWhole }, { gap: delta < 0 ? figure - 1 : figure + 2 })
    else if (delta < 0 && index === 0) this.put({ figure, index }, { gap: figure })
    else if (delta > 0 && index === last) this.put({ figure, index }, { gap: figure + 1 })
    else this.put({ figure, index }, { group: figure, at: delta < 0 ? index - 1 : index + 2 })
    this.announce(row)
  }

  /* All that are selected, one place on; of a group that holds one of them, all. */
  moveChosen(delta) {
    const chosen = new Set(this.chosenEntries().map(({ figure }) => figure))
    const isMoved = arrange(this.editor.view, moveFigures(chosen, delta))
    this.draw()
    const [moved, stuck] =
      delta < 0
        ? [gettext("Moved up."), gettext("They stand at the beginning already.")]
        : [gettext("Moved down."), gettext("They stand at the end already.")]
    this.say(isMoved ? moved : stuck)
  }

  announce(row) {
    const now = findPicture(this.editor.state.doc, row.image)
    this.say(
      fill(gettext("Now at place %(number)s of %(count)s."), {
        number: now.number,
        count: this.entries.length,
      }),
    )
  }

  /* `target` is a gap between figures, {gap: 0…n}, or among the pictures of one, {group, at}. */
  put({ figure, index, isWhole }, { gap, group, at }) {
    const { view } = this.editor
    const count = figuresOf(view.state.doc).length
    if (group !== undefined) {
      if (group === figure) arrange(view, moveInGroup(figure, index, at > index ? at - 1 : at))
      else if (isWhole) {
        const nodes = figuresOf(view.state.doc).map(({ node }) => node.attrs.pictures.length)
        if (nodes[group] + nodes[figure] <= MOST_IN_GROUP) arrange(view, joinInto(figure, group, at))
        else
          this.say(
            fill(gettext("A group holds at most %(count)s pictures."), { count: MOST_IN_GROUP }),
          )
      }
    } else if (gap >= 0 && gap <= count) {
      if (isWhole) arrange(view, moveFigure(figure, gap > figure ? gap - 1 : gap))
      else arrange(view, takeOut(figure, index, gap))
    }
    this.draw()
  }

  onPointer(event, row) {
    if (event.button || !this.isEditable) return
    const onGrip = row.grip.contains(event.target)
    // A finger on the rest of a row scrolls the tray.
    const onRow = event.pointerType === "mouse" && event.target.closest(".tray__open, .tray__group")
    if (onGrip || onRow) new Drag(this, row, event)
  }

  /* What a drop at this height would mean, and where to draw the line. */
  targetAt(y, { figure, isWhole }) {
    const boxes = [...this.list.children].map((dom) => ({
      dom,
      box: (dom.querySelector(".tray__row") || dom).getBoundingClientRect(),
      image: dom.dataset.image,
    }))
    let place = boxes.findIndex(({ box }) => y < box.top + box.height / 2)
    if (place < 0) place = boxes.length
    const before = boxes[place - 1]
    const after = boxes[place]
    const entryOf = ({ image } = {}) => this.entries.find(({ picture }) => picture.image === image)
    const below = entryOf(after)
    const above = entryOf(before)
    const line = after ? after.box.top : before.dom.getBoundingClientRect().bottom
    const isHeader = before && !before.image
    if (below && (below.index > 0 || isHeader)) {
      // Amid a group: a group does not go into another one.
      const isGroup = isWhole && this.figures[figure].attrs.pictures.length > 1
      return isGroup ? null : { line, group: below.figure, at: below.index }
    }
    // Right behind its own group a picture becomes the last of it.
    if (above && above.figure === figure && !isWhole)
      return { line, group: figure, at: above.index + 1 }
    return { line, gap: above ? above.figure + 1 : 0 }
  }
}

/* One drag of a row, from the pointer's going down to its coming up. */
class Drag {
  constructor(tray, row, event) {
    this.tray = tray
    this.row = row
    this.start = { x: event.clientX, y: event.clientY }
    this.pointer = event.pointerId
    this.target = null
    this.isMoving = false
    if (event.target.closest(".tray__grip")) event.preventDefault()
    this.stop = new AbortController()
    const { signal } = this.stop
    const listen = (kind, act) => window.addEventListener(kind, act, { signal })
    listen("pointermove", (move) => this.onMove(move))
    listen("pointerup", (up) => this.onEnd(up, true))
    listen("pointercancel", (cancel) => this.onEnd(cancel, false))
    window.addEventListener("keydown", (key) => this.onKey(key), { signal, capture: true })
  }

  begin() {
    this.isMoving = true
    const { shown } = this.row
    this.from = {
      figure: shown.figure,
      index: shown.index,
      isWhole: this.row instanceof GroupRow || shown.node.attrs.pictures.length === 1,
    }
    const now = findPicture(this.tray.editor.state.doc, this.row.image)
    Object.assign(this.from, { figure: now.figure, index: now.index })
    const thumb = this.row.dom.querySelector(".tray__thumb, .tray__words")
    this.ghost = thumb.cloneNode(true)
    this.ghost.classList.add("tray__ghost")
    this.line = crel("div", { className: "tray__line" })
    document.body.append(this.ghost, this.line)
    this.row.dom.classList.add("is-dragged")
    this.scroller = scrollerOf(this.tray.list)
    document.documentElement.classList.add("is-sorting")
  }

  onMove(event) {
    if (event.pointerId !== this.pointer) return
    const { clientX: x, clientY: y } = event
    if (!this.isMoving) {
      if (Math.hypot(x - this.start.x, y - this.start.y) < CLICK_SLIP) return
      this.begin()
    }
    Object.assign(this.ghost.style, { left: `${x + 12}px`, top: `${y + 8}px` })
    this.last = y
    this.aim()
    if (!this.timer) this.timer = setInterval(() => this.scroll(), 30)
  }

  aim() {
    this.target = this.tray.targetAt(this.last, this.from)
    this.line.hidden = !this.target
    if (!this.target) return
    const { left, width } = this.tray.list.getBoundingClientRect()
    Object.assign(this.line.style, {
      left: `${left}px`,
      top: `${this.target.line - 2}px`,
      width: `${width}px`,
    })
  }

  scroll() {
    const isPage = this.scroller === document.scrollingElement
    const box = isPage
      ? { top: 0, bottom: innerHeight }
      : this.scroller.getBoundingClientRect()
    const top = Math.max(box.top, this.tray.top.getBoundingClientRect().bottom)
    const up = Math.max(0, top + SCROLL_ZONE - this.last)
    const down = Math.max(0, this.last - (Math.min(box.bottom, innerHeight) - SCROLL_ZONE))
    if (!up && !down) return
    this.scroller.scrollTop += (down - up) / 3
    this.aim()
  }

  onKey(event) {
    if (event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    this.end()
  }

  onEnd(event, isDrop) {
    if (event.pointerId !== this.pointer) return
    const { isMoving, target, from, tray, row } = this
    this.end()
    if (!isMoving) return
    // The click that follows meant the drag.
    window.addEventListener("click", swallow, { capture: true, once: true })
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }))
    if (!isDrop || !target) return
    tray.put(from, target)
    tray.announce(row)
  }

  end() {
    this.stop.abort()
    clearInterval(this.timer)
    this.ghost?.remove()
    this.line?.remove()
    this.row.dom.classList.remove("is-dragged")
    document.documentElement.classList.remove("is-sorting")
  }
}

const swallow = (event) => {
  event.preventDefault()
  event.stopPropagation()
}

const scrollerOf = (element) => {
  for (let each = element; each && each !== document.body; each = each.parentElement) {
    if (
      each.scrollHeight > each.clientHeight &&
      /auto|scroll/.test(getComputedStyle(each).overflowY)
    )
      return each
  }
  return document.scrollingElement
}

export const StoryTray = Extension.create({
  name: "storyTray",

  onCreate() {
    const panel = document.getElementById("panel-pictures")
    if (panel) new Tray(this.editor, panel)
  },
})
