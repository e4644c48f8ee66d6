/* The pictures of a story as a list: where they stand, and how they change places.

   A picture: {image, credit, alt, rights, "rights-note", turn, crop, focus}, all text.
   A place is where a figure stands between two blocks. `arrange` hands over what stands in each
   place, as a list of figures (usually one), and puts back what it gets: the text between the
   places is never touched, and all of it is one step to undo. */

import { pm } from "django-prose-editor/editor"

/* More in one group are an album, not a group. */
export const MOST_IN_GROUP = 9

export const isFigure = (node) => node?.type.name === "storyFigure"

/* The usual picture: nothing said of it. */
export const blankPicture = (image) => ({
  image: String(image),
  credit: "",
  alt: "",
  rights: "",
  "rights-note": "",
  turn: "",
  crop: "",
  focus: "",
})

export const figuresOf = (doc) => {
  const found = []
  doc.forEach((node, pos) => {
    if (isFigure(node)) found.push({ node, pos })
  })
  return found
}

/* Each picture with its place: {picture, node, pos, figure, index, number}; number counts from 1. */
export const picturesOf = (doc) => {
  let number = 0
  return figuresOf(doc).flatMap(({ node, pos }, figure) =>
    node.attrs.pictures.map((picture, index) => {
      number += 1
      return { picture, node, pos, figure, index, number }
    }),
  )
}

export const findPicture = (doc, image) =>
  picturesOf(doc).find((entry) => entry.picture.image === image)

export const makeFigure = (schema, pictures, caption = "") => {
  const { storyFigure, storyCaption } = schema.nodes
  const text = caption ? schema.text(caption) : null
  return storyFigure.create({ pictures }, storyCaption.create(null, text))
}

/* --- One step ----------------------------------------------------------------------------- */

/* What is typed before and after is undone apart from it. */
export const step = (view, tr) => {
  const { closeHistory } = pm.history
  view.dispatch(closeHistory(tr))
  view.dispatch(closeHistory(view.state.tr))
}

const isSame = (now, wanted) => wanted.length === 1 && wanted[0] === now

export const arrange = (view, change, { select = null } = {}) => {
  const { state } = view
  const { tr } = state
  const figures = figuresOf(state.doc)
  const wanted = change(figures.map(({ node }) => [node]))
  let isChanged = false
  for (const [index, { node, pos }] of [...figures.entries()].reverse()) {
    if (isSame(node, wanted[index])) continue
    isChanged = true
    // A story is never without a block.
    const isLastBlock = tr.doc.childCount === 1 && !wanted[index].length
    const nodes = isLastBlock ? [state.schema.nodes.paragraph.create()] : wanted[index]
    tr.replaceWith(pos, pos + node.nodeSize, nodes)
  }
  if (!isChanged) return false
  const found = select && findPicture(tr.doc, select)
  if (found) tr.setSelection(pm.state.NodeSelection.create(tr.doc, found.pos))
  step(view, tr)
  return true
}

/* --- Ways to arrange ---------------------------------------------------------------------- */

/* Captions of pictures joined into one group: nothing that was written gets lost. */
const joined = (first, second) => {
  if (!first || !second || first === second) return first || second
  return /[。！？.!?；;]$/.test(first) ? first + second : `${first}；${second}`
}

const regrouped = (node, pictures, caption = node.textContent) =>
  makeFigure(node.type.schema, pictures, caption)

/* Figures without this picture; an empty list when none is left. */
const without = (node, index) => {
  const rest = node.attrs.pictures.filter((_, place) => place !== index)
  return rest.length ? [regrouped(node, rest)] : []
}

const single = (node, index) => regrouped(node, [node.attrs.pictures[index]], "")

export const moveFigure = (from, to) => (places) => {
  const nodes = places.flat()
  const [node] = nodes.splice(from, 1)
  nodes.splice(to, 0, node)
  return nodes.map((each) => [each])
}

/* Several by one place, past what stands next to them; at an end they close up. */
export const moveFigures = (chosen, delta) => (places) => {
  const line = places.map(([node], index) => ({ node, isChosen: chosen.has(index) }))
  if (delta > 0) line.reverse()
  for (let place = 1; place < line.length; place++)
    if (line[place].isChosen && !line[place - 1].isChosen)
      line.splice(place - 1, 2, line[place], line[place - 1])
  if (delta > 0) line.reverse()
  return line.map(({ node }) => [node])
}

export const moveInGroup = (figure, from, to) => (places) => {
  const [node] = places[figure]
  const pictures = [...node.attrs.pictures]
  const [picture] = pictures.splice(from, 1)
  pictures.splice(to, 0, picture)
  places[figure] = [regrouped(node, pictures)]
  return places
}

/* Out of its group, to stand before the figure `before` (their number: behind the last). */
export const takeOut = (figure, index, before) => (places) => {
  const [node] = places[figure]
  const lone = single(node, index)
  places[figure] = without(node, index)
  if (before <= figure) places[before].unshift(lone)
  else places[before - 1].push(lone)
  return places
}

/* All pictures of a figure into another one, at a place among its pictures. */
export const joinInto = (figure, target, at) => (places) => {
  const [node] = places[figure]
  const [group] = places[target]
  const pictures = [...group.attrs.pictures]
  pictures.splice(at, 0, ...node.attrs.pictures)
  const [first, second] = at ? [group, node] : [node, group]
  places[target] = [regrouped(group, pictures, joined(first.textContent, second.textContent))]
  places[figure] = []
  return places
}

/* The chosen pictures in one group, where the first of them stands. */
export const gather = (images) => (places) => {
  const nodes = places.map(([node]) => node)
  const chosen = (picture) => images.includes(picture.image)
  const first = nodes.findIndex((node) => node.attrs.pictures.some(chosen))
  const pictures = nodes.flatMap((node) => node.attrs.pictures.filter(chosen))
  let caption = ""
  const rest = nodes.map((node) => {
    const kept = node.attrs.pictures.filter((picture) => !chosen(picture))
    if (kept.length === node.attrs.pictures.length) return [node]
    // A group that keeps a picture keeps its caption.
    if (kept.length) return [regrouped(node, kept)]
    caption = joined(caption, node.textContent)
    return []
  })
  rest[first].unshift(makeFigure(nodes[0].type.schema, pictures, caption))
  return rest
}

export const removePictures = (images) => (places) =>
  places.map(([node]) => {
    const kept = node.attrs.pictures.filter(({ image }) => !images.includes(image))
    if (kept.length === node.attrs.pictures.length) return [node]
    return kept.length ? [regrouped(node, kept)] : []
  })

/* --- What is said of them ----------------------------------------------------------------- */

/* Changes pictures in place: {image: {credit: "…"}}; null when nothing changes. */
export const withFacts = (state, facts) => {
  const { tr } = state
  for (const { node, pos } of figuresOf(state.doc)) {
    const pictures = node.attrs.pictures.map((picture) => {
      const said = Object.entries(facts[picture.image] || {})
      return said.some(([name, value]) => picture[name] !== value)
        ? { ...picture, ...facts[picture.image] }
        : picture
    })
    if (pictures.some((picture, index) => picture !== node.attrs.pictures[index]))
      tr.setNodeAttribute(pos, "pictures", pictures)
  }
  return tr.docChanged ? tr : null
}

export const withCaption = (state, pos, caption) => {
  const { tr, schema } = state
  const { nodeSize } = state.doc.nodeAt(pos)
  const text = caption ? schema.text(caption) : []
  return tr.replaceWith(pos + 2, pos + nodeSize - 2, text)
}

/* --- Lengths ------------------------------------------------------------------------------ */

/* As the server counts: blanks in a row are one, and so is a character outside the BMP. */
export const LIMITS = { caption: 300, credit: 50, alt: 200, "rights-note": 100 }
export const lengthOf = (text) => [...text.replace(/\s+/g, " ").trim()].length
export const excess = (name, text) => Math.max(0, lengthOf(text) - LIMITS[name])
