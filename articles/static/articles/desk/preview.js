// The page as readers will get it, beside the article form and in a window of its own.
//
// Markup: <section id="panel-preview" data-new="…/preview/" data-saved="…/0/preview/"
// data-links="…/0/preview-links/"> within <form id="article_form">, see preview_panel.html.
//
// - A moment after a pause the form is sent to the server, which answers with the portal's page
//   of what is typed and keeps nothing. Only what differs is changed in the frame: it stays where
//   it was scrolled to, and pictures do not flash.
// - The frame has the true width of a phone, a tablet or a computer and is scaled down to the
//   panel, so the page's own rules for widths hold.
// - Nothing is asked for while nobody looks: the panel hidden, no window open.
// - A window of its own is fed from here; reloaded, it shows the saved text until it is fed again.

const gettext = window.gettext ?? ((text) => text);

const PAUSE = 600;
const TRY_AGAIN = 5000;
// How often the own window is looked at: was it closed, was it reloaded?
const LOOK = 400;
// Where there is room beside the text, see form.css.
const BESIDE = "(min-width: 1024px)";
const WIDE = "preview-wide";
const WIDTH = "preview-width";
// What changes without anybody typing.
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "receipt", "sitting", "step", "based_on"]);

const form = document.querySelector("#article_form");
const panel = form?.querySelector("#panel-preview");

const fill = (sentence, values) =>
  sentence.replace(/%\((\w+)\)s/g, (_match, name) => String(values[name]));

/** A new article gets its number, and this page its address, when it is saved for the first time. */
function number() {
  return location.pathname.match(/\/(\d+)\/change\/$/)?.[1] ?? "";
}

function address(name) {
  return panel.dataset[name].replace("/0/", `/${number()}/`);
}

function pageAddress() {
  return number() ? address("saved") : panel.dataset.new;
}

function typed() {
  return JSON.stringify([...new FormData(form)].filter(([name]) => !NOT_TYPED.has(name)));
}

/** Kept for this tab; a browser that keeps nothing starts afresh each time. */
const drawer = {
  get(name) {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  },
  put(name, value) {
    try {
      sessionStorage.setItem(name, value);
    } catch {
      // Then it is not remembered.
    }
  },
};

// --- Showing a page ------------------------------------------------------------------------

/** Makes the children of `old` equal to those of `wanted`, touching only what differs. */
function morph(old, wanted) {
  const [before, after] = [[...old.childNodes], [...wanted.childNodes]];
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start].isEqualNode(after[start])) {
    start += 1;
  }
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > start && newEnd > start && before[oldEnd - 1].isEqualNode(after[newEnd - 1])) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  const pairs = Math.min(oldEnd, newEnd);
  for (let place = start; place < pairs; place += 1) morphNode(before[place], after[place]);
  for (const gone of before.slice(pairs, oldEnd)) gone.remove();
  const next = before[oldEnd] ?? null;
  for (const fresh of after.slice(pairs, newEnd)) {
    old.insertBefore(old.ownerDocument.importNode(fresh, true), next);
  }
}

function morphNode(old, wanted) {
  const alike = old.nodeName === wanted.nodeName;
  // A picture that becomes another one would show the old one until the new one has come.
  if (!alike || old.nodeName === "PICTURE" || old.nodeName === "VIDEO") {
    if (!old.isEqualNode(wanted)) old.replaceWith(old.ownerDocument.importNode(wanted, true));
  } else if (old.nodeType === Node.ELEMENT_NODE) {
    for (const { name } of [...old.attributes]) {
      if (!wanted.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of wanted.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    morph(old, wanted);
  } else if (old.data !== wanted.data) {
    old.data = wanted.data;
  }
}

/** Links open in a tab of their own: the preview stays, and one can see where they lead. */
function keepHere(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  link.target = "_blank";
  link.relList.add("noopener");
}

/** Whether this document is one of our pages: not another site's, not an error of the browser. */
function isPage(view) {
  try {
    return /\/preview\/$/.test(view.location.pathname) && Boolean(view.document.querySelector("main"));
  } catch {
    return false;
  }
}

class Preview {
  frame = panel.querySelector("iframe");
  stage = panel.querySelector(".preview-stage");
  problem = panel.querySelector(".preview-problem");
  state = panel.querySelector(".preview-state");
  isShown = false;
  ownWindow = null;
  // The newest page, and the words it shows.
  page = null;
  pageOf = "";
  isAsking = false;
  isOpening = false;
  timer = 0;
  looking = 0;

  constructor() {
    new IntersectionObserver((entries) => {
      this.isShown = entries.at(-1).isIntersecting;
      if (this.isShown) this.refresh();
    }).observe(this.stage);
    new ResizeObserver(() => this.fit()).observe(this.stage);
    this.frame.addEventListener("load", () => this.arrive());
    for (const name of ["input", "change", "prose-editor:ready"]) {
      form.addEventListener(name, () => this.later(PAUSE));
    }
  }

  get isWatched() {
    return this.isShown || Boolean(this.ownWindow && !this.ownWindow.closed);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  /** Asks for the page of what is typed now, unless that is the page one has. */
  async refresh() {
    if (!this.isWatched) return;
    this.open();
    const words = typed();
    if (words === this.pageOf) return;
    if (this.isAsking) {
      this.later(PAUSE);
      return;
    }
    this.isAsking = true;
    let problem = "";
    try {
      problem = await this.ask(words);
    } catch {
      problem = gettext(
        "The server cannot be reached. The preview goes on when the connection is back.",
      );
      this.later(TRY_AGAIN);
    }
    this.isAsking = false;
    this.say(problem);
  }

  /** Returns a sentence when there is no page to show. */
  async ask(words) {
    form.dispatchEvent(new Event("freshen"));
    const response = await fetch(pageAddress(), {
      method: "POST",
      body: new FormData(form),
      redirect: "manual",
      cache: "no-store",
    });
    if (response.ok) {
      this.page = new DOMParser().parseFromString(await response.text(), "text/html");
      this.pageOf = words;
      this.state.textContent = fill(gettext("As typed at %(time)s"), {
        time: new Date().toLocaleTimeString("zh-CN", { hour12: false }),
      });
      this.show();
      return "";
    }
    if (response.type === "opaqueredirect") {
      this.later(TRY_AGAIN);
      return gettext("You are no longer logged in. Log in again in another tab.");
    }
    // The same words would be refused again, unless the server was merely busy.
    if (response.status === 503) this.later(TRY_AGAIN);
    else this.pageOf = words;
    if (response.status === 422) return (await response.json()).problems.join(" ");
    if (response.status === 404) {
      return gettext("This article was deleted. Your text is still in the form.");
    }
    return gettext("The preview cannot be made. Your text is still in the form.");
  }

  say(sentence) {
    this.problem.textContent = sentence;
    this.problem.hidden = !sentence;
    this.stage.classList.toggle("is-behind", Boolean(sentence));
  }

  // The frame ------------------------------------------------------------------------------

  /** The frame's own page comes from the server, with the policy that belongs to it. */
  open() {
    if (!this.isShown || isPage(this.frame.contentWindow) || this.isOpening) return;
    this.isOpening = true;
    this.frame.src = pageAddress();
  }

  arrive() {
    if (!this.isOpening && !isPage(this.frame.contentWindow)) {
      // Led away by something we did not foresee.
      this.open();
      return;
    }
    this.isOpening = false;
    if (isPage(this.frame.contentWindow)) {
      this.prepare(this.frame.contentDocument);
      this.stage.setAttribute("aria-busy", "false");
      this.fit();
    }
  }

  prepare(page) {
    page.addEventListener("click", keepHere, true);
    this.put(page);
  }

  put(page) {
    if (!this.page) return;
    page.title = this.page.title;
    morph(page.body, this.page.body);
  }

  show() {
    if (isPage(this.frame.contentWindow)) this.put(this.frame.contentDocument);
    if (this.ownWindow && isPage(this.ownWindow)) this.put(this.ownWindow.document);
  }

  /** The width that is chosen, scaled down to the panel; the height is the panel's. */
  fit() {
    const width = Number(panel.querySelector("[name=preview-width]:checked").value);
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth) return;
    const scale = Math.min(1, clientWidth / width);
    Object.assign(this.frame.style, {
      width: `${width}px`,
      height: `${clientHeight / scale}px`,
      marginLeft: `${Math.max(0, (clientWidth - width) / 2)}px`,
      transform: `scale(${scale})`,
    });
    const root = isPage(this.frame.contentWindow) && this.frame.contentDocument.documentElement;
    // Those of phones and tablets take no room.
    if (root) root.style.scrollbarWidth = width < 1280 ? "none" : "";
  }

  // The window of its own ------------------------------------------------------------------

  openWindow() {
    this.ownWindow = window.open(pageAddress(), `preview-${number() || "new"}`);
    if (!this.ownWindow) {
      this.say(gettext("The browser did not open a window. Allow windows of this site."));
      return;
    }
    this.ownWindow.focus();
    clearInterval(this.looking);
    this.looking = setInterval(() => this.look(), LOOK);
  }

  look() {
    if (this.ownWindow.closed) {
      clearInterval(this.looking);
      return;
    }
    if (!isPage(this.ownWindow)) return;
    const page = this.ownWindow.document;
    const root = page.documentElement;
    if (page.readyState !== "complete" || root.dataset.fed) return;
    root.dataset.fed = "yes";
    this.prepare(page);
    this.refresh();
  }
}

// --- Controls ------------------------------------------------------------------------------

function chooseWidth(preview) {
  const kept = panel.querySelector(`[name=preview-width][value="${drawer.get(WIDTH) ?? ""}"]`);
  if (kept) kept.checked = true;
  panel.addEventListener("change", (event) => {
    if (event.target.name !== "preview-width") return;
    drawer.put(WIDTH, event.target.value);
    preview.fit();
  });
}

/** Text and page side by side; the facts give way. */
function widen() {
  const button = panel.querySelector("[data-preview=wide]");
  const sheet = form.querySelector(".desk-form");
  const tab = () => form.querySelector("[role=tab][aria-controls=panel-preview]");
  let before = null;

  function set(isWide) {
    if (isWide) {
      if (panel.hidden) before = form.querySelector("[role=tab][aria-selected=true]");
      // Opens the drawer, too, where the column is one.
      if (tab()) tab().click();
      else panel.hidden = false;
    }
    sheet.classList.toggle("with-preview", isWide);
    document.body.classList.toggle("with-preview", isWide);
    button.setAttribute("aria-pressed", String(isWide));
    drawer.put(WIDE, isWide ? "yes" : "");
    if (!isWide && before) {
      before.click();
      before = null;
    }
  }

  button.addEventListener("click", () => set(!sheet.classList.contains("with-preview")));
  // Another tab cannot be read beside the page: choosing one ends it.
  form.addEventListener("click", (event) => {
    const chosen = event.target.closest?.("[role=tab]");
    if (chosen && chosen !== tab() && sheet.classList.contains("with-preview")) {
      before = null;
      set(false);
    }
  });
  if (drawer.get(WIDE) && matchMedia(BESIDE).matches) set(true);
}

/** A link for somebody without an account, made without leaving the form. */
function share() {
  const place = panel.querySelector(".preview-share");
  const [note, days] = [place.querySelector("#preview-note"), place.querySelector("#preview-days")];
  const button = place.querySelector("[data-preview=share]");
  const problem = place.querySelector(".preview-problem");
  const made = place.querySelector(".preview-made");

  function say(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  }

  async function make() {
    form.dispatchEvent(new Event("freshen"));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("note", note.value);
    body.set("days", days.value);
    const response = await fetch(address("links"), {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
    if (response.status === 422) return (await response.json()).problems.join(" ");
    if (response.status !== 201) {
      return gettext("The link could not be made. Reload the page and try again.");
    }
    const { row } = await response.json();
    made.insertAdjacentHTML("afterbegin", row);
    note.value = "";
    made.querySelector("[data-copy]")?.removeAttribute("hidden");
    made.querySelector("[data-copy]")?.focus();
    return "";
  }

  async function click() {
    if (button.disabled) return;
    button.disabled = true;
    say("");
    try {
      say(await make());
    } catch {
      say(gettext("The server cannot be reached. Try again when the connection is back."));
    }
    button.disabled = false;
  }

  button.addEventListener("click", click);
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    click();
  });
  place.addEventListener("toggle", () => {
    const isSaved = Boolean(number());
    place.querySelector(".preview-share-saved").hidden = !isSaved;
    place.querySelector(".preview-share-unsaved").hidden = isSaved;
    if (isSaved) place.querySelector("[data-preview=links]").href = address("links");
  });
}

if (panel) {
  const preview = new Preview();
  // What is chosen in the panel is no part of the article: saving must not take it for typing.
  for (const name of ["input", "change"]) {
    panel.addEventListener(name, (event) => event.stopPropagation());
  }
  chooseWidth(preview);
  widen();
  share();
  panel
    .querySelector("[data-preview=window]")
    .addEventListener("click", () => preview.openWindow());
}
