/* The pictures of a text copied in Word or WPS on Windows, which the clipboard holds as text/rtf:

   {\*\shppict{\pict\picwgoal8310\pichgoal5535\pngblip 89504e47…}}{\nonshppict{\pict\wmetafile8 …}}

   The HTML beside it names files only Word may read, so places and pictures are matched: one by
   one where there are as many of each, else by their size. Pure: text in, files out. */

/* Groups that repeat a picture for old readers, or hold what is not in the text. */
const BESIDE =
  /^(nonshppict|shprslt|listpicture|header[lrf]?|footer[lrf]?|ftnsep|ftnsepc|aftnsep|fonttbl|stylesheet|themedata|colorschememapping|datastore|latentstyles|pgdsctbl|xmlnstbl|object)$/
const TYPES = { pngblip: "image/png", jpegblip: "image/jpeg" }
const TWIPS_A_PIXEL = 15

const bytesOf = (hex) => {
  const digits = hex.replace(/[^0-9a-f]/gi, "")
  const bytes = new Uint8Array(digits.length >> 1)
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(digits.substr(index * 2, 2), 16)
  return bytes
}

/* In order: {type, width, height, bytes()}; type "" where no browser can show it. */
export const picturesIn = (rtf) => {
  const found = []
  const groups = []
  // Hexadecimal digits hold none of these: a picture is one leap.
  const token = /[{}]|\\(?:([a-z]+)(-?\d+)? ?|'[0-9a-f]{2}|[^a-z])/gi
  let match
  let textFrom = 0
  while ((match = token.exec(rtf))) {
    const group = groups.at(-1)
    if (group?.picture && match.index > textFrom)
      group.hex.push(rtf.slice(textFrom, match.index))
    textFrom = token.lastIndex
    const [mark, word, value] = match
    if (mark === "{") groups.push({ beside: group?.beside || group?.picture })
    else if (mark === "}") {
      groups.pop()
      if (group?.picture) {
        const { picture, hex } = group
        found.push({ ...picture, bytes: () => bytesOf(hex.join("")) })
      }
    } else if (word && group && !group.beside) {
      if (BESIDE.test(word)) group.beside = true
      else if (word === "pict") {
        group.picture = { type: "", width: 0, height: 0 }
        group.hex = []
      } else if (group.picture) {
        if (TYPES[word]) group.picture.type = TYPES[word]
        if (word === "picwgoal") group.picture.width = Number(value) / TWIPS_A_PIXEL
        if (word === "pichgoal") group.picture.height = Number(value) / TWIPS_A_PIXEL
      }
    }
    if (word === "bin") token.lastIndex = textFrom += Math.max(0, Number(value) || 0)
  }
  return found
}

const isAlike = (place, picture) =>
  [
    [place.width, picture.width],
    [place.height, picture.height],
  ].every(([shown, kept]) => shown && kept && Math.abs(shown - kept) <= 2 + kept * 0.03)

/* For each place {width, height} its picture, or null. */
export const matchPictures = (places, pictures) => {
  if (places.length === pictures.length)
    return pictures.map((picture) => (picture.type ? picture : null))
  let next = 0
  return places.map((place) => {
    const at = pictures.findIndex(
      (picture, index) => index >= next && isAlike(place, picture),
    )
    if (at < 0) return null
    next = at + 1
    return pictures[at].type ? pictures[at] : null
  })
}
