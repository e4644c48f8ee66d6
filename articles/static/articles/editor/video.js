/* A film between two paragraphs, with the picture before it plays, a caption and who made it.

   Stored:
   <figure data-video="5" data-poster="12" data-credit="王建"><figcaption>图注</figcaption></figure>

   On the sheet:
   <figure class="story-video" contenteditable="false">
     <div class="story-video__head">视频 1:05 <button>移除视频</button></div>
     <video controls>
     <div class="story-video__poster"><input type="range"> <button>…</button> <button>…</button></div>
     <div class="story-figure__facts"><label>视频说明 <input></label> <label>拍摄 <input></label></div>
   </figure>

   It is an atom: caption and credit are attributes, written in fields of their own, so no key of
   the text can merge them with it. A film just sent plays from this computer, later from the
   server. The picture before it plays is a frame drawn here and sent as any photograph; where the
   browser cannot decode the film there is none, and the story works without.

   POST <uploadUrl>, field `file` → 201 {"id": 5, "width", "height", "duration"}; see desk/sending.js.
   While a film is on its way the text can be written and saved; publishing waits. */

import { insertPictures } from "articles/editor/upload"
import {
  clearNote,
  clearProblems,
  fill,
  note,
  problem,
  show,
} from "articles/editor/status"
import { crel, gettext, Node, Plugin, pm } from "django-prose-editor/editor"
import { holdWhile, send } from "../desk/sending.js"

const { NodeSelection, TextSelection } = pm.state
const { Decoration, DecorationSet } = pm.view
const places = new pm.state.PluginKey("storyVideos")

/* Films sent from this page, by row. */
const local = new Map()

/* Keystrokes in one visit to a field undo together; see figure.js, which counts downwards too. */
let visit = -1_000_000

const LIMITS = { caption: 300, credit: 50 }
/* A poster wider than this is made smaller by the server anyway. */
const WIDEST_POSTER = 1920
/* A browser that cannot decode a film sometimes never says so. */
const PATIENCE = 8_000

const isVideo = (node) => node?.type.name === "storyVideo"
const isVideoFile = (file) =>
  file.type.startsWith("video/") || /\.(mp4|m4v|mov)$/i.test(file.name)

const selectedVideo = ({ selection }) =>
  selection instanceof NodeSelection && isVideo(selection.node) ? selection : null

const length = (seconds) =>
  Number.isFinite(seconds)
    ? `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`
    : ""

const numbered = (address, id) => address.replace(/0(?=\D*$)/, id)

/* --- Posters ------------------------------------------------------------------------------ */

const soon = (promise) =>
  Promise.race([
    promise,
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error("too slow")), PATIENCE)
    }),
  ])

const once = (target, name) =>
  new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true })
    target.addEventListener("error", () => reject(new Error("cannot play")), { once: true })
  })

/* The frame a video shows, as a file to send. */
const frameOf = async (video) => {
  const { videoWidth, videoHeight } = video
  if (!videoWidth || !videoHeight) throw new Error("nothing to draw")
  const scale = Math.min(1, WIDEST_POSTER / videoWidth)
  const canvas = crel("canvas", {
    width: Math.round(videoWidth * scale),
    height: Math.round(videoHeight * scale),
  })
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.92)
  })
  if (!blob) throw new Error("nothing drawn")
  return new File([blob], "poster.jpg", { type: "image/jpeg" })
}

/* A frame a little after the beginning, which often is black. */
const firstFrame = async (address) => {
  const video = crel("video", { muted: true, preload: "auto", playsInline: true, src: address })
  await soon(once(video, "loadeddata"))
  const seeked = once(video, "seeked")
  video.currentTime = Math.min(1, (video.duration || 0) / 3)
  await soon(seeked)
  return frameOf(video)
}

const tokenOf = (form) => {
  form.dispatchEvent(new CustomEvent("freshen"))
  return form.elements.csrfmiddlewaretoken?.value || ""
}

/* --- On the sheet ------------------------------------------------------------------------- */

class VideoView {
  constructor({ node, view, getPos, editor, extension }) {
    Object.assign(this, { node, view, getPos, editor, options: extension.options })
    this.form = editor.options.element.querySelector("textarea").form
    const isOff = !editor.isEditable

    this.title = crel("span", { className: "story-video__title", draggable: "true" })
    this.remove = crel("button", {
      type: "button",
      className: "story-video__remove",
      textContent: gettext("Remove video"),
      hidden: isOff,
    })
    this.remove.addEventListener("click", () => this.removeVideo())
    this.head = crel("div", { className: "story-video__head" }, [this.title, this.remove])
    this.head.addEventListener("mousedown", (event) => {
      if (!this.remove.contains(event.target)) this.select()
    })

    this.video = crel("video", {
      controls: true,
      preload: "metadata",
      playsInline: true,
      "aria-label": gettext("Video"),
    })
    this.frame = crel(
      "div",
      {
        className: "story-video__frame",
        "data-missing": gettext("This browser cannot play the video. Readers may be able to."),
      },
      [this.video],
    )
    this.video.addEventListener("error", () => this.frame.classList.add("is-missing"))
    this.video.addEventListener("loadedmetadata", () => this.measure())
    this.video.addEventListener("timeupdate", () => {
      this.slider.value = this.video.currentTime
    })

    this.slider = crel("input", {
      type: "range",
      min: 0,
      max: 0,
      step: 0.1,
      value: 0,
      disabled: isOff,
      "aria-label": gettext("Choose a frame of the video"),
    })
    this.slider.addEventListener("input", () => {
      this.video.pause()
      this.video.currentTime = Number(this.slider.value)
    })
    this.take = this.createButton(gettext("Use this frame as the poster"), () => this.takeFrame())
    this.choose = this.createButton(gettext("Choose a picture as the poster"), () =>
      this.chooser.click(),
    )
    this.drop = this.createButton(gettext("No poster"), () => this.write("poster", ""))
    this.chooser = crel("input", { type: "file", accept: "image/*,.heic,.heif", hidden: true })
    this.chooser.addEventListener("change", (event) => {
      event.stopPropagation()
      const [file] = this.chooser.files
      if (file) this.sendPoster(file)
      this.chooser.value = ""
    })
    this.poster = crel("div", { className: "story-video__poster", hidden: isOff }, [
      this.slider,
      crel("div", { className: "story-video__buttons" }, [this.take, this.choose, this.drop]),
      this.chooser,
    ])

    this.caption = this.createInput("caption", editor)
    this.caption.placeholder = gettext("One sentence saying what the video shows")
    this.credit = this.createInput("credit", editor)
    this.facts = crel("div", { className: "story-figure__facts story-video__facts" }, [
      crel("label", {}, [gettext("Caption of the video"), this.caption]),
      crel("label", {}, [gettext("Filmed by"), this.credit]),
    ])

    this.dom = crel("figure", { className: "story-video", contentEditable: "false" }, [
      this.head,
      this.frame,
      this.poster,
      this.facts,
    ])
    this.show(node)
  }

  createButton(label, onClick) {
    const button = crel("button", { type: "button", textContent: label })
    button.addEventListener("click", onClick)
    return button
  }

  createInput(name, editor) {
    const input = crel("input", {
      type: "text",
      autocomplete: "off",
      maxLength: LIMITS[name],
      disabled: !editor.isEditable,
      className: `story-video__${name}`,
    })
    input.addEventListener("focus", () => {
      visit -= 1
    })
    input.addEventListener("input", () => this.write(name, input.value))
    input.addEventListener("keydown", (event) => {
      // Enter would send the form.
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      if (name === "caption") this.credit.focus()
      else this.leaveBelow()
    })
    return input
  }

  write(name, value) {
    const tr = this.view.state.tr.setNodeAttribute(this.getPos(), name, value)
    this.view.dispatch(name === "poster" ? pm.history.closeHistory(tr) : tr.setMeta("composition", visit))
  }

  select() {
    const { state } = this.view
    this.view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, this.getPos())))
    this.view.focus()
  }

  removeVideo() {
    const { state } = this.view
    const pos = this.getPos()
    this.view.dispatch(pm.history.closeHistory(state.tr.delete(pos, pos + this.node.nodeSize)))
    this.view.focus()
  }

  /* To the text below; a film at the very end gets a paragraph to go to. */
  leaveBelow() {
    const { state } = this.view
    const end = this.getPos() + this.node.nodeSize
    const { tr } = state
    if (!state.doc.nodeAt(end)?.isTextblock) tr.insert(end, state.schema.nodes.paragraph.create())
    tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView()
    this.view.dispatch(tr)
    this.view.focus()
  }

  async takeFrame() {
    try {
      await this.sendPoster(await frameOf(this.video))
    } catch {
      problem(
        this.editor,
        gettext("No frame can be taken from this video here. Choose a picture as its poster."),
      )
      show(this.editor)
    }
  }

  async sendPoster(file) {
    this.take.disabled = this.choose.disabled = true
    const { answer, error } = await send(file, {
      url: this.options.pictureUploadUrl,
      token: tokenOf(this.form),
    }).done
    this.take.disabled = this.choose.disabled = false
    if (answer) this.write("poster", String(answer.id))
    else {
      problem(this.editor, fill(gettext("%(name)s: %(reason)s"), { name: file.name, reason: error }))
      show(this.editor)
    }
  }

  measure() {
    const { duration } = this.video
    this.slider.max = Number.isFinite(duration) ? duration : 0
    this.title.textContent = [gettext("Video"), length(duration)].filter(Boolean).join(" ")
  }

  show(node) {
    const { video, poster, caption, credit } = node.attrs
    const address = local.get(video) || numbered(this.options.videoUrl, video)
    if (this.video.getAttribute("src") !== address) {
      this.frame.classList.remove("is-missing")
      this.title.textContent = gettext("Video")
      this.video.src = address
    }
    const picture = poster ? numbered(this.options.pictureUrl, poster) : ""
    if ((this.video.getAttribute("poster") || "") !== picture) {
      if (picture) this.video.poster = picture
      else this.video.removeAttribute("poster")
      // The poster is only drawn before a film has moved.
      if (this.video.currentTime > 0 && this.video.paused) this.video.load()
    }
    this.drop.hidden = !poster
    if (this.caption.value !== caption) this.caption.value = caption
    if (this.credit.value !== credit) this.credit.value = credit
    this.dom.classList.toggle("has-no-caption", !caption.trim())
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show(node)
    return true
  }

  stopEvent(event) {
    return !this.head.contains(event.target) || this.remove.contains(event.target)
  }

  ignoreMutation() {
    return true
  }

  destroy() {
    this.video.pause()
    this.video.removeAttribute("src")
  }
}

/* --- On their way ------------------------------------------------------------------------- */

const gapAfter = (doc, pos) => {
  const $pos = doc.resolve(pos)
  return $pos.depth ? $pos.after(1) : pos
}

/* Before a block whose very start holds the cursor, else behind the block; see upload.js. */
const gapAtCursor = ({ doc, selection }) => {
  const { $from, $to, empty } = selection
  const atStart = empty && $from.depth === 1 && $from.parentOffset === 0
  return atStart ? $from.before(1) : gapAfter(doc, $to.pos)
}

const gapAtPointer = (view, event) => {
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY })
  return found ? gapAfter(view.state.doc, found.pos) : view.state.doc.content.size
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
            .map(({ job, pos }) => ({ job, pos: gapAfter(tr.doc, tr.mapping.map(pos)) })),
          ...add,
        ]
      },
    },
    props: {
      decorations(state) {
        return DecorationSet.create(
          state.doc,
          places.getState(state).map(({ job, pos }, index) =>
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

let jobCount = 0

const createJob = (file, { onCancel, onRetry }) => {
  const state = crel("span", { className: "editor-upload__state", textContent: gettext("Waiting") })
  const progress = crel("progress", {
    max: 1,
    value: 0,
    "aria-label": fill(gettext("Upload of %(name)s"), { name: file.name }),
  })
  const cancel = crel("button", {
    type: "button",
    className: "story-video__cancel",
    textContent: gettext("Cancel"),
    "aria-label": fill(gettext("Cancel the upload of %(name)s"), { name: file.name }),
  })
  const retry = crel("button", {
    type: "button",
    className: "story-video__retry",
    textContent: gettext("Try again"),
    hidden: true,
  })
  const job = {
    file,
    key: `video-${++jobCount}`,
    isCancelled: false,
    abort: null,
    element: crel("div", { className: "editor-upload video-upload", contentEditable: "false" }, [
      crel("div", { className: "editor-upload__preview" }),
      crel("p", { className: "editor-upload__name", textContent: file.name }),
      progress,
      state,
      crel("div", { className: "video-upload__buttons" }, [retry, cancel]),
    ]),
    show(share) {
      retry.hidden = true
      progress.value = share
      state.textContent =
        share < 1
          ? fill(gettext("Uploading, %(share)s"), { share: `${Math.round(share * 100)}%` })
          : gettext("Checking the video")
    },
    say: (sentence) => {
      state.textContent = sentence
    },
    offerRetry(sentence) {
      state.textContent = sentence
      retry.hidden = false
    },
  }
  cancel.addEventListener("click", () => onCancel(job))
  retry.addEventListener("click", () => onRetry(job))
  return job
}

/* A transaction elsewhere may disturb an input method that is composing. */
const afterComposition = async (view) => {
  while (view.composing) await new Promise((resolve) => setTimeout(resolve, 100))
}

const createQueue = (editor, options) => {
  const { view } = editor
  const { form } = editor.options.element.querySelector("textarea")
  const waiting = []
  let current = null

  const forget = (job) => {
    if (!editor.isDestroyed) view.dispatch(view.state.tr.setMeta(places, { remove: [job] }))
  }

  const cancel = (job) => {
    job.isCancelled = true
    if (job === current) job.abort?.()
    else {
      if (waiting.includes(job)) waiting.splice(waiting.indexOf(job), 1)
      forget(job)
    }
    view.focus()
  }

  const retry = (job) => {
    job.say(gettext("Waiting"))
    waiting.push(job)
    if (current === null) run()
  }

  const place = (job, id, poster) => {
    const { state } = view
    const { pos } = places.getState(state).find((entry) => entry.job === job)
    const node = state.schema.nodes.storyVideo.create({ video: String(id), poster })
    view.dispatch(
      pm.history.closeHistory(state.tr.insert(pos, node)).setMeta(places, { remove: [job] }),
    )
    view.dispatch(pm.history.closeHistory(view.state.tr))
  }

  /* A poster is welcome, never needed. */
  const posterOf = async (job, address) => {
    job.say(gettext("Taking a frame as the poster"))
    try {
      const frame = await firstFrame(address)
      const sent = send(frame, { url: options.pictureUploadUrl, token: tokenOf(form) })
      const { answer } = await sent.done
      return answer ? String(answer.id) : ""
    } catch {
      return ""
    }
  }

  const sendOne = async (job) => {
    job.show(0)
    const request = send(job.file, {
      url: options.uploadUrl,
      token: tokenOf(form),
      onProgress: job.show,
    })
    job.abort = request.abort
    const { answer, error, isFinal } = await request.done
    job.abort = null
    if (answer && !job.isCancelled) {
      const address = URL.createObjectURL(job.file)
      local.set(String(answer.id), address)
      const poster = await posterOf(job, address)
      await afterComposition(view)
      if (editor.isDestroyed) return
      if (job.isCancelled) forget(job)
      else place(job, answer.id, poster)
      return
    }
    await afterComposition(view)
    if (job.isCancelled || isFinal) forget(job)
    else job.offerRetry(error)
    if (!job.isCancelled)
      problem(editor, fill(gettext("%(name)s: %(reason)s"), { name: job.file.name, reason: error }))
  }

  const run = async () => {
    while (waiting.length) {
      current = waiting.shift()
      note(
        editor,
        "video",
        fill(gettext("Uploading %(name)s, %(left)s more to go"), {
          name: current.file.name,
          left: waiting.length,
        }),
      )
      await sendOne(current)
      if (editor.isDestroyed) return
    }
    current = null
    clearNote(editor, "video")
    clearNote(editor, "video-held")
  }

  const stopHolding = holdWhile(
    form,
    () => current !== null,
    () => {
      note(
        editor,
        "video-held",
        gettext("A video is still being uploaded. Please wait a moment, then publish again."),
      )
      show(editor)
    },
  )

  return {
    stopHolding,

    add(files, pos) {
      if (current === null) clearProblems(editor)
      const jobs = files.map((file) => createJob(file, { onCancel: cancel, onRetry: retry }))
      view.dispatch(
        view.state.tr.setMeta(places, { add: jobs.map((job) => ({ job, pos })) }),
      )
      for (const job of jobs) {
        if (job.file.size <= options.largest) waiting.push(job)
        else {
          forget(job)
          problem(
            editor,
            fill(gettext("%(name)s: larger than %(limit)s MB. Export it smaller, for example in 720p."), {
              name: job.file.name,
              limit: Math.floor(options.largest / 1024 / 1024),
            }),
          )
        }
      }
      if (current === null) run()
    },
  }
}

const factAttribute = (name) => ({
  default: "",
  parseHTML: (element) => element.getAttribute(name) || "",
  renderHTML: (attributes) => {
    const value = attributes[name.slice("data-".length)].trim()
    return value ? { [name]: value } : {}
  },
})

export const StoryVideo = Node.create({
  name: "storyVideo",
  atom: true,
  draggable: true,
  isolating: true,
  allowGapCursor: false,
  // Before upload.js, which would refuse films.
  priority: 200,

  addOptions() {
    return {
      uploadUrl: "",
      videoUrl: "",
      pictureUrl: "",
      pictureUploadUrl: "",
      largest: Infinity,
    }
  },

  addStorage() {
    return { queue: null }
  },

  addAttributes() {
    return {
      video: {
        default: null,
        parseHTML: (element) => element.dataset.video,
        renderHTML: ({ video }) => ({ "data-video": video }),
      },
      poster: factAttribute("data-poster"),
      credit: factAttribute("data-credit"),
      caption: {
        default: "",
        parseHTML: (element) =>
          element.querySelector("figcaption")?.textContent.replace(/\s+/g, " ").trim() || "",
        renderHTML: () => ({}),
      },
    }
  },

  parseHTML() {
    return [
      {
        tag: "figure[data-video]",
        getAttrs: (element) => /^\d+$/.test(element.dataset.video) && null,
      },
    ]
  },

  renderHTML({ node, HTMLAttributes }) {
    const caption = node.attrs.caption.trim()
    return ["figure", HTMLAttributes, ...(caption ? [["figcaption", {}, caption]] : [])]
  },

  addNodeView() {
    return (props) => new VideoView(props)
  },

  addMenuItems({ menu }) {
    const button = crel(
      "button",
      { type: "button", className: "prose-menubar__button prose-menubar__button--worded" },
      [
        crel("span", {
          className: "material-icons",
          textContent: "movie",
          "aria-hidden": "true",
        }),
        gettext("Insert video"),
      ],
    )
    const chooser = crel("input", {
      type: "file",
      accept: "video/mp4,.mp4,.m4v",
      hidden: true,
      "data-chooses": "video",
    })
    chooser.addEventListener("change", (event) => {
      event.stopPropagation()
      this.insert([...chooser.files], gapAtCursor(this.editor.state))
      chooser.value = ""
    })
    this.insert = (files, pos) => {
      if (this.editor.isEditable) this.storage.queue?.add(files, pos)
    }
    this.editor.options.element.append(chooser)
    menu.defineItem({
      name: "video",
      groups: "picture",
      priority: 95,
      button,
      command: () => chooser.click(),
    })
  },

  addProseMirrorPlugins() {
    const { editor } = this
    /* Films at their place, whatever else comes along in the usual way. */
    const divide = (files, pos) => {
      const films = files.filter(isVideoFile)
      if (!films.length) return false
      const others = files.filter((file) => !isVideoFile(file))
      if (editor.isEditable) this.storage.queue?.add(films, pos)
      if (others.length) insertPictures(editor, others, pos)
      return true
    }
    return [
      placesPlugin(),
      new Plugin({
        props: {
          handleDOMEvents: {
            /* Typing on a selected film goes into its caption instead of replacing it. */
            keydown(view, event) {
              const selected = selectedVideo(view.state)
              const types =
                event.keyCode === 229 ||
                (event.key.length === 1 && !(event.ctrlKey || event.metaKey || event.altKey))
              if (!selected || !types) return false
              view.nodeDOM(selected.from)?.querySelector(".story-video__caption").focus()
              return true
            },

            paste(view, event) {
              const files = [...(event.clipboardData?.files || [])]
              if (!divide(files, gapAtCursor(view.state))) return false
              event.preventDefault()
              return true
            },

            drop(view, event) {
              const files = [...(event.dataTransfer?.files || [])]
              if (!divide(files, gapAtPointer(view, event))) return false
              if (view.dragging?.files) view.dragging = null
              event.preventDefault()
              return true
            },
          },
        },
      }),
    ]
  },

  onCreate() {
    this.storage.queue = createQueue(this.editor, this.options)
  },

  onDestroy() {
    this.storage.queue?.stopHolding()
  },
})
