// Keeps what is typed on the server, and in this browser until the server has it.
//
// A pause in typing sends the form to the bar's data-save-url; nothing moves, nothing reloads.
// What the server refuses or does not hear is tried again, with growing pauses and whenever there
// is a sign that it may work now. Answers: see articles/admin/article_saving.py.

import { bar, clock, complain, fill, gettext, note, renew, said } from "./bar.js";
import { mark, missing, unmark } from "./complaints.js";
import { Composition } from "./composition.js";
import * as copies from "./kept_copy.js";
import { answerOthers, liveAs, take } from "./living.js";
import { continueForm, newEntry, noteInHistory } from "./receipt.js";
import { freshen, LOGGED_OUT, logIn, UNREACHABLE } from "./session.js";
import { countFrom } from "./steps.js";
import { fieldsOf, refilled, spelled, typed } from "./words.js";

// Milliseconds. A copy in the browser costs less than a save, so it comes sooner.
const PAUSE = 2500;
const LONGEST = 20_000;
const COPY_PAUSE = 700;
const COPY_TIME = 1500;
const LOOK_AROUND = 5000;
const RETRIES = [3000, 6000, 12_000, 24_000, 30_000];
const TIMEOUT = 30_000;

const TOO_LARGE = gettext("The text is too large to be sent. Split it into several articles.");
const NOT_NOW = gettext(
  "The server could not save just now. Your text is still on this page; it is tried again by itself.",
);
const NOT_TAKEN = gettext("Not saved. Correct what is marked, then save again.");

const newSitting = () =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

export class Saver {
  // What the server has, spelled; null when it has nothing of what is shown.
  #saved;
  #composition;
  #running = null;
  #timer = 0;
  #copyTimer = 0;
  #tries = 0;
  #unsavedSince = 0;
  #seen;
  // Why nothing is saved by itself any more: somebody else saved, or the article is gone.
  #stopped = false;
  #hasCopy = false;
  // Whether the bar speaks of words that are not saved.
  #isNoted = false;
  // What the server said when it saved last.
  #lastSaid = "";
  // Resolves when the form has the receipt it goes by.
  #isReady;

  constructor(form, { isReady }) {
    this.form = form;
    this.#isReady = isReady;
    const { sitting } = form.elements;
    // The form that came back with mistakes or a busy database, whose words are on this page.
    this.cameBack = "unsaved" in bar.dataset ? sitting.value : "";
    this.#sit(newSitting());
    this.#saved = "unsaved" in bar.dataset || refilled(form) ? null : typed(form);
    this.#seen = typed(form);
    answerOthers(() => this.#sit(newSitting()));
    this.#listen();
  }

  get isDirty() {
    return typed(this.form) !== this.#saved;
  }

  #sit(sitting) {
    this.form.elements.sitting.value = sitting;
    liveAs(sitting);
  }

  // The editor writes its text once more when it starts; that is not typing.
  editorStarted() {
    const now = new Map(fieldsOf(this.form));
    const again = (spelling) =>
      spelled(
        JSON.parse(spelling).map(([name, value]) =>
          name === "body" ? [name, now.get(name)] : [name, value],
        ),
      );
    if (this.#saved !== null) this.#saved = again(this.#saved);
    this.#seen = again(this.#seen);
  }

  // Goes on with what another page of this browser left behind.
  continueFrom({ sitting, receipt, continues, basedOn, step }) {
    const { elements } = this.form;
    take(sitting);
    countFrom(step);
    this.#sit(sitting);
    continueForm(this.form, { receipt, sittings: continues });
    elements.based_on.value = basedOn;
    this.#hasCopy = true;
    this.#changed();
  }

  // Somebody else saved: nothing is sent by itself any more, one decides first.
  overtaken({ problem, compare }, isOnPurpose = false) {
    this.#stop();
    if (isOnPurpose) {
      this.submitWhole();
      return;
    }
    const ways = compare ? [{ label: gettext("See what changed"), href: compare }] : [];
    if (this.isDirty) {
      ways.push({
        label: gettext("Compare with my text and decide"),
        onClick: () => this.submitWhole(),
      });
      this.keepCopy(true);
      complain(
        `${problem} ${gettext("What you wrote is not lost, but no longer saved by itself.")}`,
        ways,
      );
    } else {
      ways.push({
        label: gettext("Show the new version"),
        onClick: () => window.location.reload(),
      });
      complain(problem, ways);
    }
  }

  // The text was submitted: it is not saved until it may be written on again.
  async locked({ problem, review }) {
    this.#stop();
    this.#tries = 0;
    const isDirty = this.isDirty;
    await this.keepCopy(true);
    const kept = gettext("What you typed stays on this page.");
    complain(isDirty ? `${problem} ${kept}` : problem, [
      { label: gettext("Open the review page"), href: review },
    ]);
  }

  // The ordinary way, where the server shows a page of its own.
  submitWhole() {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "_save";
    button.value = "1";
    button.hidden = true;
    button.dataset.leaves = "";
    this.form.append(button);
    this.form.requestSubmit(button);
    button.remove();
  }

  // Before the page leaves with its form: what answers may be a page that gets closed.
  async keepBeforeLeaving() {
    await this.#composition.over();
    clearTimeout(this.#copyTimer);
    noteInHistory(this.form);
    // A browser that does not answer must not hold the form.
    await Promise.race([this.keepCopy(), wait(COPY_TIME)]);
  }

  // Resolves when no save is under way.
  async rest() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    await this.#isReady;
    while (this.#running) await this.#running.catch(() => {});
  }

  // After a rest that led nowhere.
  resume() {
    if (this.isDirty) this.#plan();
  }

  // There is a sign that it may work now.
  tryAgain() {
    if (this.#tries) this.save();
  }

  async save({ isOnPurpose = false } = {}) {
    await this.rest();
    await this.#composition.over();
    // Another call may have been waiting for the same.
    if (this.#running) return;
    if (!isOnPurpose) {
      if (this.#stopped || !this.isDirty) return;
      const problem = missing(this.form);
      if (problem) {
        this.#unsavedSince = 0;
        complain("");
        this.keepCopy(true, problem);
        return;
      }
    }
    this.#running = this.#send(isOnPurpose);
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
    if (this.isDirty && !this.#stopped && !this.#timer) this.#plan();
  }

  // --- When -----------------------------------------------------------------------------------

  #listen() {
    const { form } = this;
    this.#composition = new Composition(form, () => this.#changed());
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.#changed());
    // A panel may change a hidden field without a word.
    setInterval(() => {
      if (!this.#composition.isRunning && typed(form) !== this.#seen) this.#changed();
    }, LOOK_AROUND);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.tryAgain();
      else this.#leaveNothing();
    });
    window.addEventListener("pagehide", () => this.#leaveNothing(true));
    window.addEventListener("online", () => this.tryAgain());
    window.addEventListener("focus", () => this.tryAgain());
  }

  #changed() {
    if (this.#composition.isRunning) return;
    this.#seen = typed(this.form);
    clearTimeout(this.#copyTimer);
    if (this.#seen === this.#saved) {
      this.#undone();
      return;
    }
    this.#isNoted = true;
    this.#copyTimer = setTimeout(() => this.keepCopy(), COPY_PAUSE);
    this.#unsavedSince ||= Date.now();
    if (!this.#tries && !this.#stopped) note(gettext("Not saved yet"), "waiting");
    this.#plan();
  }

  // Typed, and back to what the server has.
  #undone() {
    if (!this.#isNoted) return;
    this.#isNoted = false;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#tries = 0;
    this.#unsavedSince = 0;
    this.#forgetCopy();
    if (this.#running || this.#stopped) return;
    complain("");
    note(this.#lastSaid);
  }

  #plan() {
    if (this.#stopped) return;
    this.#unsavedSince ||= Date.now();
    const left = this.#unsavedSince + LONGEST - Date.now();
    let pause = Math.min(PAUSE, Math.max(left, 0));
    // While the server is away, typing does not make one ask more often.
    if (this.#tries) {
      if (this.#timer) return;
      pause = RETRIES[Math.min(this.#tries, RETRIES.length) - 1];
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.save();
    }, pause);
  }

  #stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #leaveNothing(isGone = false) {
    if (!this.isDirty || this.#composition.isRunning) return;
    this.keepCopy();
    if (!isGone) this.save();
  }

  // --- Sending --------------------------------------------------------------------------------

  async #send(isOnPurpose) {
    const { form } = this;
    freshen(form);
    const fields = fieldsOf(form);
    noteInHistory(form);
    const body = new FormData(form);
    for (const [name, value] of [...body])
      if (value instanceof File || name.includes("-")) body.delete(name);
    body.set(isOnPurpose ? "_save" : "_autosave", "1");
    body.set("_writer", bar.dataset.user);
    if (isOnPurpose) {
      note(gettext("Saving …"), "waiting");
      this.keepCopy();
    }
    let response;
    try {
      response = await fetch(bar.dataset.saveUrl, {
        method: "POST",
        body,
        redirect: "manual",
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(TIMEOUT),
      });
    } catch {
      return this.#failed(UNREACHABLE);
    }
    let answer;
    try {
      answer = await response.json();
    } catch {
      answer = null;
    }
    await this.#composition.over();
    return this.#heard(response, answer, { fields, isOnPurpose });
  }

  #heard(response, answer, { fields, isOnPurpose }) {
    const { status } = response;
    if (status === 200 && answer?.receipt) return this.#adopt(answer, fields, isOnPurpose);
    if (status === 401 || response.type === "opaqueredirect" || (status === 403 && !answer))
      return this.#failed(LOGGED_OUT, [logIn()]);
    if (status === 409 && answer) {
      this.#tries = 0;
      return this.overtaken(answer, isOnPurpose);
    }
    if (status === 423 && answer) return this.locked(answer);
    if (status === 422 && answer) return this.#invalid(answer, fields, isOnPurpose);
    if (status === 404 && answer) return this.#vanished(answer, isOnPurpose);
    if (status === 403) return this.#failed(answer.problem, [logIn()]);
    if (status === 413 || status === 400) return this.#failed(answer?.problem ?? TOO_LARGE);
    if (status === 503 && answer) return this.#failed(answer.problem);
    // Something in between answers in its own way: the page itself knows what to do.
    if (isOnPurpose && status === 200) return this.submitWhole();
    return this.#failed(NOT_NOW);
  }

  #adopt(answer, fields, isOnPurpose) {
    const { form } = this;
    const { elements } = form;
    const isNew = !bar.dataset.article;
    this.#saved = spelled(fields);
    this.#tries = 0;
    this.#unsavedSince = 0;
    this.#stopped = false;
    elements.based_on.value = answer.version;
    elements.receipt.value = answer.receipt;
    form.setAttribute("action", answer.urls.change);
    const url = isNew ? answer.urls.change : undefined;
    newEntry(url);
    renew(answer.bar);
    complain("");
    unmark(form);
    this.#isNoted = this.isDirty;
    this.#lastSaid = answer.message;
    if (isOnPurpose) said(answer.message);
    else note(answer.message);
    form.dispatchEvent(
      new CustomEvent("desk:saved", {
        detail: { article: answer.article, version: answer.version, urls: answer.urls, isNew },
      }),
    );
    if (this.isDirty) return this.keepCopy();
    clearTimeout(this.#copyTimer);
    return this.#forgetCopy();
  }

  async #failed(sentence, ways = []) {
    this.#tries += 1;
    complain(sentence, ways);
    await this.keepCopy(true);
    this.#plan();
  }

  async #invalid({ problem, errors }, fields, isOnPurpose) {
    this.#tries = 0;
    this.#unsavedSince = 0;
    // Tried again when something is changed, not before: a value that is not 0 says so to `save`.
    if (typed(this.form) === spelled(fields)) {
      clearTimeout(this.#timer);
      this.#timer = -1;
    }
    if (isOnPurpose) {
      const elsewhere = mark(this.form, errors);
      note("");
      complain([NOT_TAKEN, ...elsewhere].join(" "));
      return this.keepCopy();
    }
    complain(fill(gettext("Not saved by itself yet. %(problem)s"), { problem }));
    return this.keepCopy(true);
  }

  async #vanished({ problem }, isOnPurpose) {
    this.#stop();
    if (isOnPurpose) return this.submitWhole();
    complain(`${problem} ${gettext("Your text is still on this page.")}`, [
      { label: gettext("Save my text all the same"), onClick: () => this.submitWhole() },
    ]);
    return this.keepCopy(true);
  }

  // --- The copy in the browser ----------------------------------------------------------------

  async keepCopy(isTold = false, reason = "") {
    const { form } = this;
    if (!this.isDirty || this.#composition.isRunning) return;
    const { isKept, at } = await copies.keepForm(form, bar.dataset);
    this.#hasCopy ||= isKept;
    if (!this.isDirty) return this.#forgetCopy();
    if (!isTold && !this.#tries && !this.#stopped) return;
    if (isKept) {
      const sentence = fill(gettext("A copy is kept in this browser (%(time)s)"), {
        time: clock(at),
      });
      note(reason ? `${reason} ${sentence}` : sentence, "kept");
    } else {
      note(gettext("This browser keeps no copy. Do not close the page."), "waiting");
    }
  }

  #forgetCopy() {
    if (!this.#hasCopy) return undefined;
    this.#hasCopy = false;
    const { user } = bar.dataset;
    return copies.forget(copies.keyOf({ user, sitting: this.form.elements.sitting.value }));
  }
}
