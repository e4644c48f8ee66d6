// The attachments of a story: added, named, sorted, taken off.
//
// Markup: <section id="panel-attachments" data-upload data-file data-largest data-most data-types>
// with <div class="attachment-drop"><button class="attachment-add"><input type="file">,
// <ol class="attachment-list">, <ul class="attachment-uploads">, <p role="status">,
// <p role="alert">. The hidden field `attachments` holds [{"id": 3, "title": "…"}] and, as
// data-files, [{id, title, kind, size, downloads}].
//
// A file is a row on the server before the form is saved; the field says which of them belong to
// the story, in order. Taking one off only leaves it out: an older version brings it back.
// Files go one after the other. What the network lost can be sent again; the form stays usable.

import { holdWhile, send, sizeText } from "./sending.js";

const gettext = window.gettext ?? ((text) => text);
const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function element(tag, properties = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

const button = (className, label, onClick, text = "") => {
  const made = element("button", { type: "button", className, textContent: text || label });
  if (text) made.setAttribute("aria-label", label);
  if (text) made.title = label;
  made.addEventListener("click", onClick);
  return made;
};

class Attachments {
  constructor(panel, field) {
    this.panel = panel;
    this.field = field;
    this.form = field.form;
    this.list = panel.querySelector(".attachment-list");
    this.uploads = panel.querySelector(".attachment-uploads");
    this.status = panel.querySelector("[role=status]");
    this.alert = panel.querySelector("[role=alert]");
    this.chooser = panel.querySelector("input[type=file]");
    this.known = new Map(JSON.parse(field.dataset.files || "[]").map((file) => [file.id, file]));
    this.waiting = [];
    this.current = null;
    this.dragged = null;
    this.read();
    this.listen();
    holdWhile(
      this.form,
      () => this.current !== null,
      () => {
        document.querySelector(`[role=tab][aria-controls="${panel.id}"]`)?.click();
        this.complain(
          gettext("Files are still being uploaded. Please wait a moment, then publish again."),
        );
      },
    );
  }

  // What the field says, as rows; a title that was never sent is the file's own.
  read() {
    let lines = [];
    try {
      lines = JSON.parse(this.field.value || "[]");
    } catch {
      // The server says so when it is sent.
    }
    const rows = lines.filter(({ id }) => this.known.has(id));
    this.list.replaceChildren(...rows.map(({ id, title }) => this.row({ ...this.known.get(id), title })));
    this.written = this.field.value;
    this.count();
  }

  write() {
    const lines = [...this.list.children].map((row) => ({
      id: Number(row.dataset.id),
      title: row.querySelector("input").value,
    }));
    this.count();
    const value = JSON.stringify(lines);
    if (value === this.field.value) return;
    this.written = this.field.value = value;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  count() {
    const rows = [...this.list.children];
    this.panel.classList.toggle("is-empty", rows.length === 0);
    if (rows.length) this.panel.dataset.badge = rows.length;
    else delete this.panel.dataset.badge;
    rows.forEach((row, place) => {
      row.querySelector(".attachment-up").disabled = place === 0;
      row.querySelector(".attachment-down").disabled = place === rows.length - 1;
    });
  }

  say(sentence, action) {
    this.status.replaceChildren(sentence, ...(action ? [" ", action] : []));
  }

  complain(sentence) {
    this.alert.textContent = sentence;
  }

  // Rows ----------------------------------------------------------------------------------

  row({ id, title, kind, size, downloads }) {
    const input = element("input", {
      type: "text",
      value: title,
      maxLength: 200,
      autocomplete: "off",
      required: true,
      "aria-label": gettext("Title of the attachment"),
    });
    const facts = [kind.toUpperCase(), sizeText(size)];
    if (downloads) facts.push(fill(gettext("downloaded %(count)s times"), { count: downloads }));
    const grip = element("span", {
      className: "attachment-grip",
      draggable: true,
      title: gettext("Drag to sort"),
      textContent: "⠿",
      "aria-hidden": "true",
    });
    const row = element("li", { className: "attachment", "data-id": id }, [
      grip,
      element("div", { className: "attachment-words" }, [
        input,
        element("p", { className: "attachment-facts" }, [
          element("span", { textContent: facts.join(" · ") }),
          element("a", {
            href: this.panel.dataset.file.replace(/0(?=\D*$)/, id),
            textContent: gettext("Download"),
            download: "",
          }),
        ]),
      ]),
      element("div", { className: "attachment-tools" }, [
        button("attachment-up", gettext("Move up"), () => this.move(row, -1), "↑"),
        button("attachment-down", gettext("Move down"), () => this.move(row, 1), "↓"),
        button("attachment-remove", gettext("Take off"), () => this.remove(row), "×"),
      ]),
    ]);
    input.addEventListener("input", (event) => {
      // Heard again as a change of the field.
      event.stopPropagation();
      this.write();
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === input && !event.isComposing) event.preventDefault();
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || !event.altKey) return;
      event.preventDefault();
      this.move(row, step);
    });
    grip.addEventListener("dragstart", (event) => {
      this.dragged = row;
      row.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", input.value);
      event.dataTransfer.setDragImage(row, 12, 12);
    });
    grip.addEventListener("dragend", () => {
      row.classList.remove("is-dragged");
      this.dragged = null;
      this.write();
    });
    return row;
  }

  move(row, step) {
    const rows = [...this.list.children];
    const place = rows.indexOf(row) + step;
    if (place < 0 || place >= rows.length) return;
    const { activeElement } = document;
    if (step < 0) rows[place].before(row);
    else rows[place].after(row);
    this.write();
    // Moved, it lost the focus; a button that no longer can leaves it to the title.
    if (activeElement?.disabled) row.querySelector("input").focus();
    else activeElement?.focus();
    this.say(
      fill(gettext("“%(title)s” is now number %(place)s of %(count)s."), {
        title: row.querySelector("input").value,
        place: place + 1,
        count: rows.length,
      }),
    );
  }

  remove(row) {
    const next = row.nextElementSibling;
    const title = row.querySelector("input").value;
    row.remove();
    this.write();
    const undo = button("attachment-undo", gettext("Undo"), () => {
      if (next?.isConnected) next.before(row);
      else this.list.append(row);
      this.write();
      this.say("");
      row.querySelector("input").focus();
    });
    this.say(fill(gettext("“%(title)s” is taken off."), { title }), undo);
    undo.focus();
  }

  sortTo(y) {
    const below = [...this.list.children].find((row) => {
      const { top, height } = row.getBoundingClientRect();
      return row !== this.dragged && y < top + height / 2;
    });
    if (below) below.before(this.dragged);
    else this.list.append(this.dragged);
  }

  // Files ---------------------------------------------------------------------------------

  listen() {
    const { panel } = this;
    panel.querySelector(".attachment-add").addEventListener("click", () => this.chooser.click());
    this.chooser.addEventListener("change", (event) => {
      event.stopPropagation();
      this.add([...this.chooser.files]);
      this.chooser.value = "";
    });
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
    panel.addEventListener("dragover", (event) => {
      if (this.dragged) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        this.sortTo(event.clientY);
      } else if (carriesFiles(event)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        panel.classList.add("is-over");
      }
    });
    panel.addEventListener("dragleave", (event) => {
      if (!panel.contains(event.relatedTarget)) panel.classList.remove("is-over");
    });
    panel.addEventListener("drop", (event) => {
      panel.classList.remove("is-over");
      if (this.dragged) {
        event.preventDefault();
        return;
      }
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    // Words put back from this browser, or a version taken over.
    this.field.addEventListener("change", () => {
      if (this.field.value !== this.written) this.read();
    });
  }

  add(files) {
    this.complain("");
    const { largest, most } = this.panel.dataset;
    const room = most - this.list.children.length - this.waiting.length - (this.current ? 1 : 0);
    if (files.length > room)
      this.complain(
        fill(gettext("A story has at most %(most)s attachments. Put several files into a zip."), {
          most,
        }),
      );
    for (const file of files.slice(0, Math.max(0, room))) {
      const job = this.job(file);
      this.uploads.append(job.row);
      if (file.size > largest)
        job.fail(
          fill(gettext("The file is larger than %(limit)s. Make it smaller or split it."), {
            limit: sizeText(largest),
          }),
          true,
        );
      else this.waiting.push(job);
    }
    if (this.current === null) this.run();
  }

  job(file) {
    const progress = element("progress", {
      max: 1,
      value: 0,
      "aria-label": fill(gettext("Upload of %(name)s"), { name: file.name }),
    });
    const state = element("span", {
      className: "attachment-state",
      textContent: gettext("Waiting"),
    });
    const job = { file, abort: null };
    const cancel = button("attachment-cancel", gettext("Cancel"), () => {
      if (job.abort) job.abort();
      this.waiting = this.waiting.filter((each) => each !== job);
      job.row.remove();
    });
    cancel.setAttribute(
      "aria-label",
      fill(gettext("Cancel the upload of %(name)s"), { name: file.name }),
    );
    const retry = button("attachment-retry", gettext("Try again"), () => {
      job.row.classList.remove("has-failed");
      state.removeAttribute("role");
      retry.hidden = true;
      state.textContent = gettext("Waiting");
      cancel.textContent = gettext("Cancel");
      this.waiting.push(job);
      if (this.current === null) this.run();
    });
    retry.hidden = true;
    job.row = element("li", { className: "attachment-upload" }, [
      element("p", { className: "attachment-name", textContent: file.name }),
      progress,
      state,
      element("div", { className: "attachment-tools" }, [retry, cancel]),
    ]);
    job.show = (share) => {
      progress.value = share;
      state.textContent =
        share < 1
          ? fill(gettext("Uploading, %(share)s"), { share: `${Math.round(share * 100)}%` })
          : gettext("Checking the file");
    };
    job.fail = (sentence, isFinal) => {
      job.row.classList.add("has-failed");
      state.textContent = sentence;
      retry.hidden = isFinal;
      cancel.textContent = gettext("Dismiss");
      // Read out as it appears.
      state.setAttribute("role", "alert");
    };
    return job;
  }

  async run() {
    let added = 0;
    while (this.waiting.length) {
      const job = this.waiting.shift();
      this.current = job;
      // Logging in again in another tab has changed the token.
      this.form.dispatchEvent(new CustomEvent("freshen"));
      job.show(0);
      const request = send(job.file, {
        url: this.panel.dataset.upload,
        token: this.form.elements.csrfmiddlewaretoken.value,
        onProgress: job.show,
      });
      job.abort = request.abort;
      const { answer, error, isFinal, isAborted } = await request.done;
      job.abort = null;
      if (answer) {
        this.known.set(answer.id, answer);
        job.row.remove();
        this.list.append(this.row(answer));
        this.write();
        added += 1;
      } else if (!isAborted) job.fail(error, isFinal);
    }
    this.current = null;
    if (added)
      this.say(fill(gettext("Attachments added: %(count)s. Write what each of them is."), { count: added }));
  }
}

const panel = document.querySelector("#panel-attachments");
const field = document.querySelector("#id_attachments");
if (panel?.querySelector(".attachment-list") && field) new Attachments(panel, field);
