/* Text from Word, WPS, WeChat and web pages, tidied before the schema drops styles and classes.

   - a line break of the source between Chinese characters is nothing, not a space;
   - mso-list paragraphs become real lists; Chinese and lettered numbers stay part of the text;
   - any other heading becomes a cross-heading, and so does a short bold line in the middle;
   - bold that is only a style becomes bold, and bold that a style takes back is none;
   - leading full-width spaces and paragraphs of blanks go, indents belong to the stylesheet;
   - lines an old page separates by breaks become paragraphs, a single break stays;
   - what Word shows as deleted goes, what it shows as inserted stays;
   - tables keep their merged cells and their heading row; one that only frames a text goes;
   - pictures the clipboard holds (in the HTML, as files, in Word's RTF) are uploaded, in order and
     at their places; the others are counted and announced.

   The page's policy forbids style and script in attributes even in a document that is only parsed,
   so they are read under another name. `tidy` is pure: HTML in, HTML and the places of its pictures out. A
   place is marked in the text by two characters Unicode keeps for such inner use; they never get
   into the story: the same transaction that pastes takes them out. */

import { matchPictures, picturesIn } from "articles/editor/rtf"
import { fill, problem } from "articles/editor/status"
import { insertPictures } from "articles/editor/upload"
import { crel, Extension, gettext, Plugin } from "django-prose-editor/editor"

const LEADING_BLANKS = /^[\s\u00a0\u3000]+/
const BLOCKS = "p,li,h1,h2,h3,h4,h5,h6,td,th,blockquote,div,section"
const WORD_LIST = /mso-list:\s*\w+\s+level(\d+)/i
const LONGEST_HEADING = 30
/* Ideographs and the marks and forms that stand among them. */
const WIDE =
  /[\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{20000}-\u{3ffff}]/u

const parse = (html) =>
  new DOMParser().parseFromString(
    html
      .replace(/<style\b.*?<\/style>/gis, "")
      .replace(/[\ufdd0\ufdd1]/g, "")
      .replace(/<[a-z][^>]*>/gi, (tag) =>
        tag.replace(/(?<=[\s/"'])(style|on[a-z]+)\s*=/gi, " data-$1="),
      ),
    "text/html",
  ).body

const replaceTag = (element, tag) =>
  element.replaceWith(crel(tag, {}, element.childNodes))

const unwrap = (element) => element.replaceWith(...element.childNodes)

const styleOf = (element) => element.dataset?.style || ""

const says = (text) => text.replace(/[\s\u00a0\u3000]/g, "")

const textNodesIn = (root) => {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) found.push(walker.currentNode)
  return found
}

/* --- What is no part of the text ----------------------------------------------------------- */

const dropJunk = (body) => {
  const junk =
    "script,style,meta,link,title,xml,colgroup,svg,iframe,input,select,textarea,br[clear]," +
    "[data-style*='mso-element:comment' i],.MsoCommentReference,.msocomanchor," +
    "[data-style*='display:none' i],[data-style*='display: none' i],[data-style*='mso-hide:all' i]"
  for (const element of body.querySelectorAll(junk)) element.remove()
  for (const element of body.querySelectorAll("*")) {
    // Smart tags and Word's own: <st1:date>, <o:p>; pictures are looked for among them later.
    if (element.localName.includes(":") && element.localName !== "v:imagedata") unwrap(element)
  }
  // Tracked changes; a line struck through by hand is <s> or <strike>.
  for (const element of body.querySelectorAll("del[cite],del[datetime],.msoDel")) element.remove()
  for (const element of body.querySelectorAll("ins")) unwrap(element)
  // Between blocks a break is a gap, which the stylesheet makes.
  for (const line of body.querySelectorAll("br"))
    if (line.previousElementSibling?.matches(`${BLOCKS},table,ul,ol`)) {
      const between = line.previousSibling
      if (between === line.previousElementSibling || !says(between.textContent)) line.remove()
    }
  // The line above footnotes.
  for (const line of body.querySelectorAll("[data-style*='mso-element:footnote-list' i] > hr"))
    line.remove()
}

/* --- Line breaks of the source ------------------------------------------------------------- */

const INLINE = /^(a|b|strong|i|em|u|s|del|strike|span|font|sub|sup|small|big|label|mark|code|abbr)$/

const blockAround = (node) => {
  let element = node.parentElement
  while (element && INLINE.test(element.localName)) element = element.parentElement
  return element
}

const joinLines = (body) => {
  let before = { block: null, last: "" }
  const nodes = textNodesIn(body)
  nodes.forEach((node, index) => {
    const block = blockAround(node)
    if (block !== before.block) before = { block, last: "" }
    if (/[\r\n]/.test(node.data) && !node.parentElement.closest("pre")) {
      const following = nodes
        .slice(index + 1, index + 8)
        .find((other) => blockAround(other) === block && other.data.trim())
      const after = /[^ \t\r\n\f]/u.exec(following?.data || "")?.[0] || ""
      node.data = node.data.replace(/[ \t]*[\r\n][ \t\r\n\f]*/g, (run, at, all) => {
        const [left = before.last] = /[^]$/u.exec(all.slice(Math.max(0, at - 2), at)) || []
        const end = at + run.length
        const [right = after] = /^[^]/u.exec(all.slice(end, end + 2)) || []
        return WIDE.test(left) || WIDE.test(right) ? "" : " "
      })
    }
    const [last] = /[^]$/u.exec(node.data.slice(-2)) || []
    if (last) before.last = last
  })
}

/* --- Lists ------------------------------------------------------------------------------- */

const takeMarker = (paragraph) => {
  const marker = paragraph.querySelector("[data-style*='mso-list:Ignore' i]")
  const text = marker?.textContent.replace(/[\s\u00a0]/g, "") || ""
  marker?.remove()
  return text
}

/* "1." counts, "·" and Word's symbol letters are bullets; "一、" and "（1）" are how a Chinese text
   numbers its parts and stay as they were written. */
const listTag = (marker) => {
  if (/^\d+[.．、)）]?$/.test(marker)) return "ol"
  if ([...marker].length <= 1 && !/[\p{Script=Han}\d]/u.test(marker)) return "ul"
  return null
}

const wordListItem = (element) => {
  const style = element?.matches("p,h1,h2,h3,h4,h5,h6") ? styleOf(element) : ""
  const level = WORD_LIST.exec(style)
  return level && { element, level: Number(level[1]) }
}

const convertWordLists = (body) => {
  for (const first of body.querySelectorAll("[data-style*='mso-list' i]")) {
    const lists = []
    let item = first.isConnected && wordListItem(first)
    while (item) {
      const { element, level } = item
      const next = wordListItem(element.nextElementSibling)
      const marker = takeMarker(element)
      const tag = listTag(marker)
      if (!tag) {
        element.removeAttribute("data-style")
        element.prepend(marker)
        break
      }
      while (lists.length && lists.at(-1).level > level) lists.pop()
      if (lists.at(-1)?.level === level && lists.at(-1).tag !== tag) lists.pop()
      if (lists.at(-1)?.level !== level) {
        const list = crel(tag)
        if (tag === "ol") list.start = Number.parseInt(marker, 10)
        const parent = lists.at(-1)
        if (parent) parent.list.lastElementChild.append(list)
        else element.before(list)
        lists.push({ level, tag, list })
      }
      const paragraph = crel("p", {}, element.childNodes)
      lists.at(-1).list.append(crel("li", {}, [paragraph]))
      element.remove()
      item = next
    }
  }
}

/* Lists some pages put straight into lists belong to the item before them. */
const nestLists = (body) => {
  for (const list of body.querySelectorAll(":is(ul,ol) > :is(ul,ol)")) {
    const item = list.previousElementSibling
    if (item?.localName === "li") item.append(list)
    else {
      const made = crel("li")
      list.before(made)
      made.append(list)
    }
  }
}

/* --- Weight ------------------------------------------------------------------------------ */

const keepWeight = (body) => {
  for (const element of body.querySelectorAll("[data-style*='font-weight' i]")) {
    const [, weight] = /font-weight:\s*(\w+)/i.exec(styleOf(element)) || []
    if (/^(bold|bolder|[6-9]00)$/i.test(weight)) {
      if (element.matches("span,font")) replaceTag(element, "strong")
      else if (element.matches("p,section,div") && !element.querySelector(BLOCKS))
        element.replaceChildren(crel("strong", {}, element.childNodes))
    } else if (element.matches("b,strong")) unwrap(element)
  }
}

/* --- Headings ---------------------------------------------------------------------------- */

const isCentred = (element) => {
  for (let at = element; at && at.localName !== "body"; at = at.parentElement) {
    const [, align = at.getAttribute("align")] =
      /text-align:\s*(\w+)/i.exec(styleOf(at)) || []
    if (align) return align.toLowerCase() === "center"
    if (at.localName === "center") return true
  }
  return false
}

const isBold = (element) => {
  const words = textNodesIn(element).filter((node) => says(node.data))
  return words.length > 0 && words.every((node) => node.parentElement.closest("b,strong"))
}

/* Direct formatting instead of styles: a short line, bold, in the middle, no sentence. */
const isCrossHeading = (element) => {
  const text = says(element.textContent)
  if (!text || text.length > LONGEST_HEADING || /[。；;，,：:）)]$/.test(text)) return false
  if (element.closest("td,th,li,blockquote") || element.querySelector(`${BLOCKS},img,table,br`))
    return false
  return /mso-outline-level:\s*[1-9]/i.test(styleOf(element))
    ? true
    : isBold(element) && isCentred(element)
}

const markHeadings = (body) => {
  for (const heading of body.querySelectorAll("h1,h4,h5,h6")) replaceTag(heading, "h2")
  for (const block of body.querySelectorAll("p,div,section"))
    if (isCrossHeading(block)) replaceTag(block, "h2")
  for (const bold of body.querySelectorAll("h2 :is(b,strong),h3 :is(b,strong)")) unwrap(bold)
}

/* --- Blanks ------------------------------------------------------------------------------ */

const stripLeadingBlanks = (block) => {
  const walker = block.ownerDocument.createTreeWalker(
    block,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
  )
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches("img,table")) return
      continue
    }
    node.data = node.data.replace(LEADING_BLANKS, "")
    if (node.data) return
  }
}

const stripTrailingBlanks = (block) => {
  for (const node of textNodesIn(block).reverse()) {
    node.data = node.data.replace(/[\s\u00a0\u3000]+$/, "")
    if (node.data) return
  }
}

const isBlank = (block) =>
  !says(block.textContent) && !block.querySelector("img,table,hr,figure")

/* An old page is one block whose paragraphs are lines: two breaks, or one before an indent. A
   single break within a line stays what it is. */
const splitAtBreaks = (body) => {
  for (const style of body.querySelectorAll("font,span"))
    if (style.querySelector("br")) unwrap(style)
  const indented = /^[\s]*([\u3000]{1,4}|[\u00a0]{2,8})/
  for (const block of [body, ...body.querySelectorAll("p,div,section,td")]) {
    if (block.querySelector(BLOCKS)) continue
    for (const line of block.querySelectorAll("br")) {
      if (line.parentElement !== block) continue
      let next = line.nextSibling
      while (next?.nodeType === Node.TEXT_NODE && !next.data.trim() && !indented.test(next.data))
        next = next.nextSibling
      const ends =
        next?.nodeName === "BR" || (next && indented.test(next.textContent))
      if (ends) line.replaceWith(crel("hr", { "data-split": "" }))
    }
    if (!block.querySelector("[data-split]")) continue
    let paragraph = crel("p")
    const paragraphs = [paragraph]
    for (const node of [...block.childNodes]) {
      if (node.dataset?.split !== undefined) paragraphs.push((paragraph = crel("p")))
      else if (paragraph.hasChildNodes() || node.nodeName !== "BR") paragraph.append(node)
    }
    if (block.matches("td,body")) block.replaceChildren(...paragraphs)
    else block.replaceWith(...paragraphs)
  }
}

/* --- Tables ------------------------------------------------------------------------------ */

const tidyTables = (body) => {
  // From within: layouts of old portals are tables in tables.
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const cells = table.querySelectorAll("td,th")
    if (cells.length < 2 || table.querySelector("table"))
      table.replaceWith(...[...cells].flatMap((cell) =>
        cell.closest("table") === table ? [crel("div", {}, cell.childNodes)] : []))
  }
  for (const table of body.querySelectorAll("table")) {
    const [row] = table.rows
    const head = [...(row?.cells || [])]
    const isHead = row?.parentElement.localName === "thead" || (table.rows.length > 1 && head.every(isBold))
    if (isHead)
      for (const cell of head.filter(({ localName }) => localName === "td")) {
        const made = crel("th", {}, cell.childNodes)
        for (const name of ["colspan", "rowspan"])
          if (cell.hasAttribute(name)) made.setAttribute(name, cell.getAttribute(name))
        cell.replaceWith(made)
      }
  }
  for (const bold of body.querySelectorAll("th :is(b,strong)")) unwrap(bold)
  for (const cell of body.querySelectorAll("td,th")) {
    cell.removeAttribute("align")
    cell.removeAttribute("colwidth")
  }
}

/* --- Pictures ---------------------------------------------------------------------------- */

const named = (bytes, type, number) => {
  const name = fill(gettext("Picture %(number)s"), { number })
  return new File([bytes], `${name}.${type.split("/")[1].split("+")[0]}`, { type })
}

const fileFrom = (dataUrl, number) => {
  const [, type, data] = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(dataUrl) || []
  if (!type) return null
  try {
    return named(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)), type, number)
  } catch {
    return null
  }
}

/* Lines and dots that only space a page, and the faces of chat programs. */
const isOrnament = (image) => {
  const sides = [image.getAttribute("width"), image.getAttribute("height"), image.dataset.w]
  return (
    sides.some((side) => /^\d+$/.test(side || "") && Number(side) <= 2) ||
    image.matches(".emoji,[data-emoji],.icon_emotion_single")
  )
}

/* Each picture becomes a mark in the text: {address, width, height}. */
const takePlaces = (body) => {
  const places = []
  for (const image of body.querySelectorAll("img,v\\:imagedata")) {
    const address = image.dataset.src || image.getAttribute("src") || ""
    // The text in place of a face says what it means.
    if (isOrnament(image)) image.replaceWith(image.getAttribute("alt") || "")
    else if (!address || (image.localName !== "img" && image.parentElement.querySelector("img")))
      image.remove()
    else {
      const [width, height] = ["width", "height"].map((name) =>
        Number.parseFloat(image.getAttribute(name)),
      )
      image.replaceWith(`\ufdd0${places.length}\ufdd1`)
      places.push({ address, width, height })
    }
  }
  return places
}

const isFromWord = (html) => /schemas-microsoft-com|Microsoft Word|mso-/i.test(html.slice(0, 20000))

/* For each place its file, or null. */
const filesFor = (places, { html, rtf, files }) => {
  const found = places.map(({ address }, index) => fileFrom(address, index + 1))
  const missing = [...places.keys()].filter((index) => !found[index])
  const local = missing.filter((index) => /^file:/i.test(places[index].address))
  if (local.length && rtf) {
    const matched = matchPictures(
      local.map((index) => places[index]),
      picturesIn(rtf),
    )
    local.forEach((index, at) => {
      const picture = matched[at]
      if (picture) found[index] = named(picture.bytes(), picture.type, index + 1)
    })
  }
  const still = missing.filter((index) => !found[index])
  // One file beside a text of Word is a picture of that whole text.
  const beside = files.filter(({ type }) => type.startsWith("image/"))
  if (beside.length === still.length && (beside.length > 1 || !isFromWord(html)))
    still.forEach((index, at) => {
      found[index] = beside[at]
    })
  return found
}

/* --- All of it --------------------------------------------------------------------------- */

export const tidy = (html) => {
  const body = parse(html)
  // Copied in an editor of ours: nothing to tidy.
  if (body.querySelector("[data-pm-slice]")) return { html, places: [] }

  dropJunk(body)
  joinLines(body)
  convertWordLists(body)
  nestLists(body)
  keepWeight(body)
  const places = takePlaces(body)
  tidyTables(body)
  markHeadings(body)
  splitAtBreaks(body)
  for (const block of body.querySelectorAll(BLOCKS)) stripLeadingBlanks(block)
  for (const block of body.querySelectorAll("p,h2,h3,li,td,th")) stripTrailingBlanks(block)
  for (const block of [...body.querySelectorAll("p,h2,h3,div,section")].reverse())
    if (isBlank(block)) block.remove()
  for (const link of body.querySelectorAll("a")) {
    if (/^(https?|mailto|tel):/i.test(link.getAttribute("href") || "")) {
      for (const name of ["target", "rel", "class", "title"])
        link.removeAttribute(name)
    } else unwrap(link)
  }
  return { html: body.innerHTML, places }
}

export const tidyText = (text) => text.replace(/^[ \t\u00a0\u3000]+/gm, "")

/* Takes the marks out of a transaction: where each picture goes, between two blocks. */
const takeMarks = (tr) => {
  const marks = []
  tr.doc.descendants((node, pos) => {
    for (const { 0: mark, 1: number, index } of (node.text || "").matchAll(/\ufdd0(\d+)\ufdd1/g))
      marks.push({ from: pos + index, to: pos + index + mark.length, number: Number(number) })
  })
  const found = marks.reverse().map(({ from, to, number }) => {
    const $from = tr.doc.resolve(from)
    const block = $from.parent
    const isAlone = block.content.size === to - from
    const top = $from.before(1)
    if (isAlone && $from.depth === 1 && tr.doc.childCount > 1) {
      tr.delete(top, top + block.nodeSize)
      return { number, pos: top, steps: tr.steps.length }
    }
    const isFirst = $from.depth === 1 && $from.parentOffset === 0 && !isAlone
    tr.delete(from, to)
    const steps = tr.steps.length
    return { number, pos: isFirst ? top : tr.doc.resolve(from).after(1), steps }
  })
  return found
    .map(({ number, pos, steps }) => ({ number, pos: tr.mapping.slice(steps).map(pos, 1) }))
    .reverse()
}

export const StoryPaste = Extension.create({
  name: "storyPaste",

  addProseMirrorPlugins() {
    const { editor } = this
    // What the clipboard holds beside the HTML; pictures wait until the text is in.
    let beside = { html: "", rtf: "", files: [] }
    let waiting = null

    const tell = (lost) => {
      if (lost)
        problem(
          editor,
          fill(
            gettext(
              "%(count)s picture(s) could not be brought along. Save them as files and insert them with the button.",
            ),
            { count: lost },
          ),
        )
    }

    /* Neighbours go together, so that they keep their order and are one batch. */
    const bring = (marks, files) => {
      const batches = []
      for (const { number, pos } of marks) {
        const file = files[number]
        if (!file) continue
        if (batches.at(-1)?.pos === pos) batches.at(-1).files.push(file)
        else batches.push({ pos, files: [file] })
      }
      for (const { files: batch, pos } of batches) insertPictures(editor, batch, pos)
    }

    const remember = ({ clipboardData, dataTransfer }) => {
      const carried = clipboardData || dataTransfer
      waiting = null
      beside = {
        html: carried?.getData("text/html") || "",
        rtf: carried?.getData("text/rtf") || "",
        files: [...(carried?.files || [])],
      }
      return false
    }

    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            paste: (_view, event) => remember(event),
            drop: (_view, event) => remember(event),
          },

          transformPastedHTML(pasted) {
            const { html, places } = tidy(pasted)
            waiting = places.length ? filesFor(places, beside) : null
            return html
          },

          transformPastedText: tidyText,
        },

        /* Whichever way the text came in, the marks go before anybody sees them. */
        appendTransaction(transactions, _old, state) {
          if (!waiting || !transactions.some(({ docChanged }) => docChanged)) return null
          const files = waiting
          waiting = null
          const { tr } = state
          const marks = takeMarks(tr)
          queueMicrotask(() => {
            bring(marks, files)
            const brought = marks.filter(({ number }) => files[number]).length
            tell(files.length - brought)
          })
          return tr.docChanged ? tr : null
        },
      }),
    ]
  },
})
