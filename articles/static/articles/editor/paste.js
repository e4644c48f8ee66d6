/* Text from Word, WPS, WeChat and web pages, tidied before the schema drops styles and classes.

   - mso-list paragraphs become real lists; Chinese and lettered numbers stay part of the text;
   - any other heading becomes a cross-heading;
   - bold that is only a style becomes bold, and bold that a style takes back is none;
   - leading full-width spaces and paragraphs of blanks go, indents belong to the stylesheet;
   - pictures with an address elsewhere cannot come along: they are counted and announced;
     pictures that are part of the clipboard are uploaded and land behind the text.

   The page's policy forbids style attributes even in a document that is only parsed, so they are
   read under another name. `tidy` is pure: HTML in, HTML and pictures out. */

import { fill, problem } from "articles/editor/status"
import { insertPictures } from "articles/editor/upload"
import { crel, Extension, gettext, Plugin } from "django-prose-editor/editor"

const LEADING_BLANKS = /^[\s\u00a0\u3000]+/
const BLOCKS = "p,li,h1,h2,h3,h4,h5,h6,td,th,blockquote,div,section"
const WORD_LIST = /mso-list:\s*\w+\s+level(\d+)/

const parse = (html) =>
  new DOMParser().parseFromString(
    html
      .replace(/<style\b.*?<\/style>/gis, "")
      .replace(/<[a-z][^>]*>/gi, (tag) =>
        tag.replace(/\sstyle\s*=/gi, " data-style="),
      ),
    "text/html",
  ).body

const replaceTag = (element, tag) =>
  element.replaceWith(crel(tag, {}, element.childNodes))

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
  const style = element?.matches("p,h1,h2,h3,h4,h5,h6")
    ? element.dataset.style || ""
    : ""
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

/* --- Weight ------------------------------------------------------------------------------ */

const keepWeight = (body) => {
  for (const element of body.querySelectorAll("[data-style*='font-weight' i]")) {
    const [, weight] =
      /font-weight:\s*(\w+)/i.exec(element.dataset.style) || []
    if (/^(bold|bolder|[6-9]00)$/i.test(weight)) {
      if (element.matches("span,font")) replaceTag(element, "strong")
    } else if (element.matches("b,strong"))
      element.replaceWith(...element.childNodes)
  }
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

const isBlank = (block) =>
  !block.textContent.replace(/[\s\u00a0\u3000]/g, "") &&
  !block.querySelector("img,table,hr,figure")

/* --- Pictures ---------------------------------------------------------------------------- */

const fileFrom = (dataUrl, number) => {
  const [, type, data] = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(dataUrl) || []
  if (!type) return null
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    const name = fill(gettext("Picture %(number)s"), { number })
    return new File([bytes], `${name}.${type.split("/")[1]}`, { type })
  } catch {
    return null
  }
}

const takePictures = (body) => {
  const files = []
  let lost = 0
  for (const image of body.querySelectorAll("img")) {
    const address = image.dataset.src || image.getAttribute("src") || ""
    const file = fileFrom(address, files.length + 1)
    if (file) files.push(file)
    else if (address) lost += 1
    image.remove()
  }
  return { files, lost }
}

/* --- All of it --------------------------------------------------------------------------- */

export const tidy = (html) => {
  const body = parse(html)
  // Copied in an editor of ours: nothing to tidy.
  if (body.querySelector("[data-pm-slice]")) return { html, files: [], lost: 0 }

  for (const junk of body.querySelectorAll("script,meta,link,title,xml,colgroup"))
    junk.remove()
  convertWordLists(body)
  keepWeight(body)
  const pictures = takePictures(body)
  for (const heading of body.querySelectorAll("h1,h4,h5,h6"))
    replaceTag(heading, "h2")
  for (const block of body.querySelectorAll(BLOCKS)) stripLeadingBlanks(block)
  for (const block of [...body.querySelectorAll("p,h2,h3,div,section")].reverse())
    if (isBlank(block)) block.remove()
  for (const link of body.querySelectorAll("a")) {
    if (/^(https?|mailto|tel):/i.test(link.getAttribute("href") || "")) {
      for (const name of ["target", "rel", "class", "title"])
        link.removeAttribute(name)
    } else link.replaceWith(...link.childNodes)
  }
  for (const cell of body.querySelectorAll("td,th")) {
    cell.removeAttribute("align")
    cell.removeAttribute("colwidth")
  }
  return { html: body.innerHTML, ...pictures }
}

export const tidyText = (text) => text.replace(/^[ \t\u00a0\u3000]+/gm, "")

export const StoryPaste = Extension.create({
  name: "storyPaste",

  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        props: {
          transformPastedHTML(pasted) {
            const { html, files, lost } = tidy(pasted)
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
            // After the text has been put in.
            if (files.length) setTimeout(() => insertPictures(editor, files))
            return html
          },
          transformPastedText: tidyText,
        },
      }),
    ]
  },
})
