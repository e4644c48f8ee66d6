/* Photographs on their way to the server: by button, from the clipboard, dropped on the sheet.

   Placeholders are drawn over the text and never are part of it, so no half-sent picture can be
   stored or undone:
   <div class="editor-upload">
     <div class="editor-upload__preview"><img></div>
     <p>照片1.jpg</p> <progress> <span>正在上传 45%</span> <button>取消</button>
   </div>

   Files go one after the other, so they arrive in the order they were chosen. Each becomes a
   figure at its place, which is one step to undo. A refused file leaves its sentence above the
   text; the others go on. While anything is under way the form cannot be sent.

   POST <uploadUrl>, field `file` → 201 {"id": 12, "width": 1800, "height": 1200} or an error
   status with {"error": "…"}. */

import {
  clearNote,
  clearProblems,
  fill,
  note,
  problem,
  show,
} from "articles/editor/status"
import { rememberSize } from "articles/editor/figure"
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
    pm.model.Fragment.from(schema.nodes.storyFigure.createAndFill()),
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
        const { add = [], remove = [] } = tr.getMeta(places) || {}
        return [
          ...waiting
            .filter(({ job }) => !remove.includes(job))
            .map(({ job, pos }) => ({
              job,
              pos: gapAfter(tr.doc, tr.mapping.map(pos)),
            })),
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
      "The connection was lost. Your text is still here; insert the picture again later.",
    )
  if (request.status === 413) return gettext("The file is too large.")
  const answeredElsewhere = new URL(url, location).href !== request.responseURL
  if (answeredElsewhere || [401, 403].includes(request.status))
    return gettext(
      "You are no longer logged in. Log in again in another tab, then insert the picture again; do not close this page.",
    )
  return gettext(
    "The server could not take the picture. Your text is still here; try again in a moment.",
  )
}

const send = (file, { url, token, onProgress }) => {
  const request = new XMLHttpRequest()
  const done = new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      const answer = request.status === 201 ? answerOf(request) : {}
      resolve(answer.id ? answer : { error: refusal(request, url) })
    })
  })
  request.upload.addEventListener("progress", ({ loaded, total }) =>
    onProgress(loaded / total),
  )
  request.open("POST", url)
  request.setRequestHeader("X-CSRFToken", token)
  request.setRequestHeader("Accept", "application/json")
  const body = new FormData()
  body.append("file", file, file.name)
  request.send(body)
  return { done, abort: () => request.abort() }
}

/* --- One file, waiting or on its way ----------------------------------------------------- */

let jobCount = 0

const createJob = (file, onCancel) => {
  const state = crel("span", {
    className: "editor-upload__state",
    textContent: gettext("Waiting"),
  })
  const progress = crel("progress", {
    max: 1,
    value: 0,
    "aria-label": fill(gettext("Upload of %(name)s"), { name: file.name }),
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
  image.addEventListener("error", () => image.remove())
  const job = {
    file,
    key: `upload-${++jobCount}`,
    cancelled: false,
    element: crel("div", { className: "editor-upload", contentEditable: "false" }, [
      crel("div", { className: "editor-upload__preview" }, [image]),
      crel("p", { className: "editor-upload__name", textContent: file.name }),
      progress,
      state,
      cancel,
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
    release: () => URL.revokeObjectURL(image.src),
  }
  cancel.addEventListener("click", () => onCancel(job))
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
  let current = null
  let abort = null
  let held = false

  const forget = (job) => {
    job.release()
    if (!editor.isDestroyed)
      view.dispatch(view.state.tr.setMeta(places, { remove: [job] }))
  }

  const cancel = (job) => {
    job.cancelled = true
    if (job === current) abort?.()
    else {
      waiting.splice(waiting.indexOf(job), 1)
      forget(job)
    }
    view.focus()
  }

  const place = (job, { id, width, height }) => {
    const { state } = view
    const { pos } = places.getState(state).find((entry) => entry.job === job)
    const figure = state.schema.nodes.storyFigure.createAndFill({
      image: String(id),
    })
    rememberSize(id, width, height)
    job.release()
    view.dispatch(
      pm.history
        .closeHistory(state.tr.insert(pos, figure))
        .setMeta(places, { remove: [job] }),
    )
    // A caption typed at once is a step of its own.
    view.dispatch(pm.history.closeHistory(view.state.tr))
  }

  const rest = () => {
    if (current === null) clearNote(editor, "upload")
  }

  const run = async () => {
    let sent = 0
    while (waiting.length) {
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
      } else {
        forget(job)
        if (!job.cancelled)
          problem(
            editor,
            fill(gettext("%(name)s: %(reason)s"), {
              name: job.file.name,
              reason: answer.error,
            }),
          )
      }
    }
    current = null
    clearNote(editor, "held")
    if (held)
      note(
        editor,
        "upload",
        gettext("All pictures have arrived. You can save now."),
      )
    else if (sent)
      note(
        editor,
        "upload",
        fill(gettext("Pictures inserted: %(count)s"), { count: sent }),
      )
    if (!held) setTimeout(rest, sent ? 6000 : 0)
    held = false
  }

  return {
    isBusy: () => current !== null,

    add(files, pos) {
      if (current === null) clearProblems(editor)
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
        .map((file) => createJob(file, cancel))
      if (!jobs.length) return
      view.dispatch(
        view.state.tr.setMeta(places, {
          add: jobs.map((job) => ({ job, pos })),
        }),
      )
      waiting.push(...jobs)
      if (current === null) run()
    },

    hold(event) {
      if (current === null || event.target !== form) return
      event.preventDefault()
      event.stopImmediatePropagation()
      held = true
      note(
        editor,
        "held",
        gettext("Pictures are still being uploaded. Please wait a moment, then save again."),
      )
      show(editor)
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
    const hold = (event) => queue.hold(event)
    const stay = (event) => {
      if (queue.isBusy()) event.preventDefault()
    }
    const listeners = [
      ["submit", hold, true],
      ["beforeunload", stay, false],
      ["dragover", keepPage, false],
      ["drop", keepPage, false],
    ]
    for (const listener of listeners) window.addEventListener(...listener)
    this.storage.queue = queue
    this.storage.stopListening = () => {
      for (const listener of listeners) window.removeEventListener(...listener)
    }
  },

  onDestroy() {
    this.storage.stopListening?.()
  },
})
