/* Photographs on their way to the server: by button, from the clipboard, dropped on the sheet.

   Placeholders are drawn over the text and never are part of it, so no half-sent picture can be
   stored or undone:
   <div class="editor-upload">
     <div class="editor-upload__preview"><img></div>
     <p>照片1.jpg</p> <progress> <span>正在上传 45%</span> <button>取消</button>
   </div>

   Files go one after the other and stand in the order they were chosen, whichever arrives first.
   Each becomes a figure at its place, which is one step to undo. A refused file leaves its
   sentence above the text; the others go on. What the network or the server lost keeps its place
   and its file: "try again" sends it once more, and so does the next picture that gets through.
   Saving goes on meanwhile; publishing, and a save that would leave the page, wait.

   The editor tells `uploads` ({sent, total, failed}) whenever that changes.

   POST <uploadUrl>, fields `file` and `article` → 201 {"id": 12, "width": 1800, "height": 1200, "known": […]}
   or an error status with {"error": "…"}. `known` says where the same file was used before:
   [{"id", "title", "caption", "credit", "alternative", "when", "address", "is_here"}]. */

import {
  clearNote,
  clearProblems,
  fill,
  note,
  problem,
  show,
} from "articles/editor/status"
import {
  rememberFileName,
  rememberPreview,
  rememberSize,
  rememberUses,
  usesOf,
} from "articles/editor/figure"
import { blankPicture, makeFigure, picturesOf } from "articles/editor/places"
import { crel, Extension, gettext, Plugin, pm } from "django-prose-editor/editor"

const places = new pm.state.PluginKey("storyUploads")
const { Decoration, DecorationSet } = pm.view

/* --- Where ------------------------------------------------------------------------------- */

/* The gap between two top-level blocks at or after a position. */
const gapAfter = (doc, pos) => {
  const $pos = doc.resolve(pos)
  return $pos.depth ? $pos.after(1) : pos
}

/* Before a block whose very start holds the cursor, else behind the block: the empty paragraph
   one has just opened stays below the picture. */
const gapAtCursor = ({ doc, selection }) => {
  const { $from, $to, empty } = selection
  const atStart = empty && $from.depth === 1 && $from.parentOffset === 0
  return atStart ? $from.before(1) : gapAfter(doc, $to.pos)
}

const figureSlice = (schema) =>
  new pm.model.Slice(
    pm.model.Fragment.from(makeFigure(schema, [blankPicture(0)])),
    0,
    0,
  )

const gapAtPointer = (view, event) => {
  const { doc, schema } = view.state
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY })
  if (!found) return doc.content.size
  return (
    pm.transform.dropPoint(doc, found.pos, figureSlice(schema)) ??
    gapAfter(doc, found.pos)
  )
}

const placesPlugin = () =>
  new Plugin({
    key: places,
    state: {
      init: () => [],
      apply(tr, waiting) {
        const { add = [], remove = [], placed } = tr.getMeta(places) || {}
        // What was chosen before a picture that arrives stays above it.
        const arrived = waiting.findIndex(({ job }) => job === placed)
        return [
          ...waiting
            .map(({ job, pos }, index) => ({
              job,
              pos: gapAfter(tr.doc, tr.mapping.map(pos, index < arrived ? -1 : 1)),
            }))
            .filter(({ job }) => !remove.includes(job)),
          ...add,
        ]
      },
    },
    props: {
      decorations(state) {
        const waiting = places.getState(state)
        return DecorationSet.create(
          state.doc,
          waiting.map(({ job, pos }, index) =>
            Decoration.widget(pos, job.element, {
              key: job.key,
              side: index + 1,
              ignoreSelection: true,
              stopEvent: () => true,
            }),
          ),
        )
      },
    },
  })

/* --- Sending ----------------------------------------------------------------------------- */

const answerOf = (request) => {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return {}
  }
}

/* Why a request brought no picture, in one sentence. */
const refusal = (request, url) => {
  const { error } = answerOf(request)
  if (error) return error
  if (request.status === 0)
    return gettext(
      "The connection was lost. The picture keeps its place; try again when the network is back.",
    )
  if (request.status === 413) return gettext("The file is too large.")
  const answeredElsewhere = new URL(url, location).href !== request.responseURL
  if (answeredElsewhere || [401, 403].includes(request.status))
    return gettext(
      "You are no longer logged in. Log in again in another tab, then try again here; do not close this page.",
    )
  return gettext(
    "The server could not take the picture just now. It keeps its place; try again in a moment.",
  )
}

/* A cut line is not always noticed: nothing moved for so long, in milliseconds. */
const STALLED = 90_000

/* As often it is asked whether the server is back, while pictures wait for that; milliseconds. */
const ASK_AGAIN = 15_000

/* Whether a picture could be sent just now: an answer that costs the server nothing. */
const isReachable = async () => {
  const address = document.querySelector("[data-session]")?.dataset.session
  if (!address) return navigator.onLine
  try {
    return (await fetch(address, { redirect: "manual", cache: "no-store" })).ok
  } catch {
    return false
  }
}

/* Names of files on their way, for the page that comes after a reload: files cannot be kept. */
const lostKey = () => `articles.uploads:${location.pathname}`
let keptKey = ""

const keepNames = (names) => {
  try {
    // The first save gave the story its address.
    if (keptKey && keptKey !== lostKey()) sessionStorage.removeItem(keptKey)
    keptKey = lostKey()
    if (names.length) sessionStorage.setItem(lostKey(), JSON.stringify(names))
    else sessionStorage.removeItem(lostKey())
  } catch {
    // Storage is switched off: then nobody is told.
  }
}

const takeNames = () => {
  try {
    const names = JSON.parse(sessionStorage.getItem(lostKey())) || []
    sessionStorage.removeItem(lostKey())
    return names
  } catch {
    return []
  }
}

/* The story being written, once it has a row: the address bar knows. */
const articleHere = () => /\/(\d+)\/change\/$/.exec(location.pathname)?.[1] || ""

const send = (file, { url, token, onProgress }) => {
  const request = new XMLHttpRequest()
  let timer
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => request.abort(), STALLED)
  }
  const done = new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      clearTimeout(timer)
      const answer = request.status === 201 ? answerOf(request) : {}
      // What the server says of the file itself will not change; all else may.
      const isFinal = request.status === 413 || !!answerOf(request).error
      resolve(answer.id ? answer : { error: refusal(request, url), isFinal })
    })
  })
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    watch()
    onProgress(loaded / total)
  })
  watch()
  request.open("POST", url)
  request.setRequestHeader("X-CSRFToken", token)
  request.setRequestHeader("Accept", "application/json")
  const body = new FormData()
  body.append("file", file, file.name)
  body.append("article", articleHere())
  request.send(body)
  return { done, abort: () => request.abort() }
}

/* --- One file, waiting or on its way ----------------------------------------------------- */

let jobCount = 0

const createJob = (file, { onCancel, onRetry }) => {
  const state = crel("span", {
    className: "editor-upload__state",
    textContent: gettext("Waiting"),
  })
  const progress = crel("progress", {
    max: 1,
    value: 0,
    "aria-label": fill(gettext("Upload of %(name)s"), { name: file.name }),
  })
  const retry = crel("button", {
    type: "button",
    hidden: true,
    textContent: gettext("Try again"),
    "aria-label": fill(gettext("Try again to upload %(name)s"), { name: file.name }),
    "data-action": "retry",
  })
  const cancel = crel("button", {
    type: "button",
    textContent: gettext("Cancel"),
    "aria-label": fill(gettext("Cancel the upload of %(name)s"), {
      name: file.name,
    }),
  })
  const image = crel("img", { alt: "", src: URL.createObjectURL(file) })
  // What the browser cannot draw (HEIC) stays a grey box.
  image.addEventListener("error", () => {
    job.isDrawn = false
    image.remove()
  })
  const job = {
    file,
    key: `upload-${++jobCount}`,
    cancelled: false,
    isFailed: false,
    // How often it may go again unasked.
    chances: 2,
    isDrawn: true,
    element: crel("div", { className: "editor-upload", contentEditable: "false" }, [
      crel("div", { className: "editor-upload__preview" }, [image]),
      crel("p", { className: "editor-upload__name", textContent: file.name }),
      progress,
      state,
      crel("div", { className: "editor-upload__actions" }, [retry, cancel]),
    ]),
    show(share) {
      progress.value = share
      state.textContent =
        share < 1
          ? fill(gettext("Uploading, %(share)s"), {
              share: `${Math.round(share * 100)}%`,
            })
          : gettext("Preparing the picture")
    },
    fail(sentence) {
      job.isFailed = true
      job.element.classList.add("is-failed")
      retry.hidden = false
      progress.value = 0
      state.textContent = sentence
    },
    again() {
      job.isFailed = false
      job.element.classList.remove("is-failed")
      retry.hidden = true
      state.textContent = gettext("Waiting")
    },
    address: image.src,
    release: () => URL.revokeObjectURL(job.address),
  }
  cancel.addEventListener("click", () => onCancel(job))
  retry.addEventListener("click", () => onRetry(job))
  return job
}

/* --- All files of one editor ------------------------------------------------------------- */

/* A transaction elsewhere may disturb an input method that is composing. */
const afterComposition = async (view) => {
  while (view.composing)
    await new Promise((resolve) => setTimeout(resolve, 100))
}

const isPicture = (file) =>
  file.type.startsWith("image/") || /\.(heic|heif)$/i.test(file.name)

const createQueue = (editor, uploadUrl) => {
  const { view } = editor
  const { form } = editor.options.element.querySelector("textarea")
  const waiting = []
  const failed = new Set()
  let current = null
  let abort = null
  let isHeld = false
  let sent = 0
  let total = 0
  // Of those sent: files that stand in this story already, and files of other stories.
  let here = 0
  let known = 0
  let asking = 0
  let wasAway = false

  const tell = () => {
    editor.emit("uploads", { sent, total, failed: failed.size })
    const open = [...(current ? [current] : []), ...waiting, ...failed]
    keepNames(open.filter((job) => !job.cancelled && !job.isDone).map((job) => job.file.name))
    if (failed.size) asking ||= setInterval(ask, ASK_AGAIN)
    else stopAsking()
  }

  const stopAsking = () => {
    clearInterval(asking)
    asking = 0
    wasAway = false
  }

  const ask = async () => {
    if (editor.isDestroyed) stopAsking()
    else if (current === null && failed.size) {
      const isBack = await isReachable()
      if (isBack && current === null) {
        // A server that was away deserves a fresh start.
        if (wasAway) for (const job of failed) job.chances = 2
        wasAway = false
        retryUnasked()
      } else wasAway ||= !isBack
    }
  }

  const forget = (job) => {
    job.release()
    failed.delete(job)
    total -= 1
    if (!editor.isDestroyed)
      view.dispatch(view.state.tr.setMeta(places, { remove: [job] }))
  }

  const cancel = (job) => {
    job.cancelled = true
    if (job === current) abort?.()
    else {
      const index = waiting.indexOf(job)
      if (index >= 0) waiting.splice(index, 1)
      forget(job)
      tellFailures()
      tell()
    }
    view.focus()
  }

  const retry = (jobs) => {
    for (const job of jobs) {
      failed.delete(job)
      job.again()
    }
    waiting.push(...jobs)
    tellFailures()
    if (jobs.length && current === null) run()
  }

  /* The line works again: what it lost goes once more. */
  const retryUnasked = () => {
    const jobs = [...failed].filter((job) => job.chances > 0)
    for (const job of jobs) job.chances -= 1
    retry(jobs)
  }

  const retryAll = () => retry([...failed])

  const tellFailures = () => {
    if (failed.size) {
      note(
        editor,
        "failed",
        fill(
          gettext(
            "Pictures that did not arrive: %(count)s. They keep their places; press “Try again” there.",
          ),
          { count: failed.size },
        ),
      )
      const again = crel("button", {
        type: "button",
        className: "editor-status__dismiss",
        textContent: gettext("Try all again"),
        "data-action": "retry-all",
      })
      again.addEventListener("click", retryAll)
      if (failed.size > 1)
        editor.options.element.querySelector('[data-key="failed"]')?.append(again)
    } else clearNote(editor, "failed")
  }

  const place = (job, { id, width, height, known: uses = [] }) => {
    const { state } = view
    const { pos } = places.getState(state).find((entry) => entry.job === job)
    const figure = makeFigure(state.schema, [blankPicture(id)])
    const present = picturesOf(state.doc).map(({ picture }) => picture.image)
    rememberUses(
      id,
      uses.map((use) => ({ ...use, is_here: use.is_here || present.includes(String(use.id)) })),
    )
    const [use] = usesOf(String(id))
    if (use?.is_here) here += 1
    else if (use) known += 1
    job.isDone = true
    rememberSize(id, width, height)
    rememberFileName(id, job.file.name)
    if (job.isDrawn) rememberPreview(id, job.address)
    else job.release()
    view.dispatch(
      pm.history
        .closeHistory(state.tr.insert(pos, figure))
        .setMeta(places, { remove: [job], placed: job }),
    )
    // A caption typed at once is a step of its own.
    view.dispatch(pm.history.closeHistory(view.state.tr))
    if (uses.length) editor.emit("pictureUses")
  }

  /* What the batch brought, and which of it one had before. */
  const harvest = (count) =>
    [
      fill(gettext("Pictures inserted: %(count)s"), { count }),
      here && fill(gettext("%(count)s of them stand in this story already."), { count: here }),
      known && fill(gettext("%(count)s of them were used in other stories."), { count: known }),
    ]
      .filter(Boolean)
      .join("")

  const rest = () => {
    if (current === null) clearNote(editor, "upload")
  }

  const sendNext = async () => {
    const job = waiting.shift()
    // Logging in again in another tab has changed the token: see desk/form.js.
    form.dispatchEvent(new CustomEvent("freshen"))
    current = job
    note(
      editor,
      "upload",
      fill(gettext("Uploading %(name)s, %(left)s more to go"), {
        name: job.file.name,
        left: waiting.length,
      }),
    )
    tell()
    job.show(0)
    const request = send(job.file, {
      url: uploadUrl,
      token: form.elements.csrfmiddlewaretoken?.value || "",
      onProgress: job.show,
    })
    abort = request.abort
    const answer = await request.done
    await afterComposition(view)
    if (editor.isDestroyed) return
    if (answer.id && !job.cancelled) {
      place(job, answer)
      sent += 1
      retryUnasked()
    } else if (job.cancelled) forget(job)
    else if (answer.isFinal) {
      forget(job)
      problem(
        editor,
        fill(gettext("%(name)s: %(reason)s"), {
          name: job.file.name,
          reason: answer.error,
        }),
      )
    } else {
      job.fail(answer.error)
      failed.add(job)
      tellFailures()
    }
    tell()
  }

  const run = async () => {
    while (waiting.length && !editor.isDestroyed) await sendNext()
    if (editor.isDestroyed) return
    const arrived = sent
    const sentence = harvest(arrived)
    const lasts = here || known ? 20_000 : 6000
    current = null
    if (!failed.size) {
      clearNote(editor, "held")
      sent = total = here = known = 0
    }
    if (isHeld && !failed.size)
      note(
        editor,
        "upload",
        gettext("All pictures have arrived. You can go on now."),
      )
    else if (arrived)
      note(editor, "upload", sentence)
    if (!isHeld) setTimeout(rest, arrived ? lasts : 0)
    if (!failed.size) isHeld = false
    tell()
  }

  const refuse = (event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    isHeld = true
    note(
      editor,
      "held",
      failed.size && current === null
        ? gettext("Some pictures did not arrive. Try again or remove them, then go on.")
        : gettext("Pictures are still being uploaded. Please wait a moment, then try again."),
    )
    show(editor)
  }

  const isOurs = (event) =>
    (current !== null || failed.size > 0) && event.target === form

  return {
    isBusy: () => current !== null || failed.size > 0,

    add(files, pos) {
      if (current === null && !failed.size) clearProblems(editor)
      for (const file of files) {
        if (!isPicture(file))
          problem(
            editor,
            fill(gettext("%(name)s: only pictures can be put here."), {
              name: file.name,
            }),
          )
      }
      const jobs = files
        .filter(isPicture)
        .map((file) =>
          createJob(file, { onCancel: cancel, onRetry: (job) => retry([job]) }),
        )
      if (!jobs.length) return
      view.dispatch(
        view.state.tr.setMeta(places, {
          add: jobs.map((job) => ({ job, pos })),
        }),
      )
      waiting.push(...jobs)
      total += jobs.length
      tell()
      if (current === null) run()
    },

    retryUnasked,
    retryAll,
    stopAsking,

    /* Before anybody else sees it: what readers would get lacks pictures. */
    holdPublishing(event) {
      if (isOurs(event) && ["_publish", "_submit"].includes(event.submitter?.name)) refuse(event)
    },

    /* When nobody else took care of it: the page would go away, and the files with it. */
    holdLeaving(event) {
      if (isOurs(event) && !event.defaultPrevented) refuse(event)
    },
  }
}

/* --- How files come in ------------------------------------------------------------------- */

/* Word puts a picture of the copied text beside the text: then the text is meant. */
const hasText = (html) =>
  !!html
    .replace(/<(style|title)\b.*?<\/\1>|<!--.*?-->|<[^>]*>|&nbsp;/gis, "")
    .trim()

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files")

/* A file that misses the sheet must not replace the page. */
const keepPage = (event) => {
  if (
    event.defaultPrevented ||
    !carriesFiles(event) ||
    event.target.closest?.("input[type=file]")
  )
    return
  event.preventDefault()
  event.dataTransfer.dropEffect = "none"
}

export const insertPictures = (editor, files, pos) => {
  const { queue } = editor.storage.storyUpload
  if (editor.isEditable && queue)
    queue.add([...files], pos ?? gapAtCursor(editor.state))
}

export const retryPictures = (editor) => editor.storage.storyUpload.queue?.retryAll()

/* The empty paragraph at the foot of a story stays there to be written in. */
export const insertPicturesAtEnd = (editor, files) => {
  const { content, lastChild } = editor.state.doc
  const isOpen = lastChild.isTextblock && !lastChild.content.size
  insertPictures(editor, files, content.size - (isOpen ? lastChild.nodeSize : 0))
}

export const StoryUpload = Extension.create({
  name: "storyUpload",

  addOptions() {
    return { uploadUrl: "" }
  },

  addStorage() {
    return { queue: null, stopListening: null }
  },

  addMenuItems({ menu }) {
    const button = crel(
      "button",
      {
        type: "button",
        className: "prose-menubar__button prose-menubar__button--worded",
      },
      [
        crel("span", {
          className: "material-icons",
          textContent: "add_photo_alternate",
          "aria-hidden": "true",
        }),
        gettext("Insert pictures"),
      ],
    )
    const chooser = crel("input", {
      type: "file",
      accept: "image/*,.heic,.heif",
      multiple: true,
      hidden: true,
    })
    chooser.addEventListener("change", (event) => {
      event.stopPropagation()
      insertPictures(this.editor, chooser.files)
      chooser.value = ""
    })
    this.editor.options.element.append(chooser)
    menu.defineItem({
      name: "picture",
      groups: "picture",
      button,
      command: () => chooser.click(),
    })
  },

  addProseMirrorPlugins() {
    const { editor } = this
    return [
      placesPlugin(),
      new Plugin({
        props: {
          handleDOMEvents: {
            paste(_view, event) {
              const { clipboardData } = event
              if (
                !clipboardData?.files.length ||
                hasText(clipboardData.getData("text/html"))
              )
                return false
              event.preventDefault()
              insertPictures(editor, clipboardData.files)
              return true
            },

            /* The library's drop cursor then shows the gap the picture will land in. */
            dragover(view, event) {
              if (!carriesFiles(event)) return false
              event.preventDefault()
              event.dataTransfer.dropEffect = "copy"
              view.dragging ||= {
                slice: figureSlice(view.state.schema),
                move: false,
                files: true,
              }
              return false
            },

            dragleave(view) {
              if (view.dragging?.files) view.dragging = null
              return false
            },

            drop(view, event) {
              if (view.dragging?.files) view.dragging = null
              if (!carriesFiles(event)) return false
              event.preventDefault()
              insertPictures(
                editor,
                event.dataTransfer.files,
                gapAtPointer(view, event),
              )
              return true
            },
          },
        },
      }),
    ]
  },

  onCreate() {
    const queue = createQueue(this.editor, this.options.uploadUrl)
    const stay = (event) => {
      if (queue.isBusy()) event.preventDefault()
    }
    const listeners = [
      ["submit", queue.holdPublishing, true],
      ["submit", queue.holdLeaving, false],
      ["online", queue.retryUnasked, false],
      ["beforeunload", stay, false],
      ["dragover", keepPage, false],
      ["drop", keepPage, false],
    ]
    for (const listener of listeners) window.addEventListener(...listener)
    this.storage.queue = queue
    const lost = takeNames()
    // The line above the text is there once all extensions are.
    if (lost.length)
      setTimeout(() =>
        problem(
          this.editor,
          fill(gettext("%(count)s pictures did not arrive before the page was closed: %(names)s"), {
            count: lost.length,
            names: lost.join("、"),
          }),
        ),
      )
    this.storage.stopListening = () => {
      queue.stopAsking()
      for (const listener of listeners) window.removeEventListener(...listener)
    }
  },

  onDestroy() {
    this.storage.stopListening?.()
  },
})
