// The review page: the story in its frame, passages for comments, names after an @.
//
// Markup: <iframe class="review-page"> shows the story; <form id="review-form" data-people> has
// fields quote, before and words where one may comment; elements with data-quote and data-before
// are passages.
//
// - The frame is as high as its page, so that the whole window scrolls.
// - Words selected in the story become the passage of the new comment, with those before them.
// - A click on a passage shows it in the story.
// - After an @ in the comment names are offered: arrows choose, Enter or a click takes, Escape
//   closes. Only people who may look at the story are.
//
// - What was typed is there again when one had to log in on the way.
//
// Without JavaScript the frame scrolls by itself, and a passage is pasted.

const gettext = window.gettext ?? ((text) => text);
const BEFORE = 40;
const LONGEST = 1000;
const PAUSE = 150;
// Below the story, in pixels.
const MARGIN = 24;
const BLOCKS = "p, h1, h2, h3, li, td, th, blockquote, figcaption";

const tidy = (words) => words.replace(/\s+/g, " ").trim();

const frame = document.querySelector("iframe.review-page");
const decision = document.querySelector("#review-form");
const form = decision?.elements.quote ? decision : null;

// --- The story -----------------------------------------------------------------------------------

const story = () => frame?.contentDocument?.querySelector(".story") ?? null;

function fit() {
  const body = frame.contentDocument?.body;
  if (!body) return;
  frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + MARGIN}px`;
}

function blockOf(node) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return element?.closest(BLOCKS) ?? element;
}

function selected() {
  const selection = frame.contentDocument.getSelection();
  const quote = tidy(selection?.toString() ?? "").slice(0, LONGEST);
  if (!quote || !story()?.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0);
  const start = frame.contentDocument.createRange();
  start.selectNodeContents(blockOf(range.startContainer));
  start.setEnd(range.startContainer, range.startOffset);
  return { quote, before: tidy(start.toString()).slice(-BEFORE) };
}

function takeSelection() {
  // Other words were typed for the passage there is.
  if (!form || form.elements.suggests.checked) return;
  const passage = selected();
  if (!passage) return;
  form.elements.quote.value = passage.quote;
  form.elements.before.value = passage.before;
  form.elements.replacement.value = passage.quote;
}

// Where the words stand in the story: a range, or null.
function find(quote, before) {
  const page = frame.contentDocument;
  const nodes = [];
  let text = "";
  const walker = page.createTreeWalker(story(), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let offset = 0; offset < node.data.length; offset += 1) {
      const isBlank = /\s/.test(node.data[offset]);
      if (isBlank && (text === "" || text.endsWith(" "))) continue;
      text += isBlank ? " " : node.data[offset];
      nodes.push([node, offset]);
    }
  }
  let place = -1;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (place < 0) place = at;
    if (before && text.slice(0, at).trimEnd().endsWith(before.trimEnd())) {
      place = at;
      break;
    }
  }
  if (place < 0) return null;
  const range = page.createRange();
  range.setStart(...nodes[place]);
  const [last, offset] = nodes[place + quote.length - 1];
  range.setEnd(last, offset + 1);
  return range;
}

function show({ quote, before }) {
  const range = story() && find(quote, before);
  if (!range) return;
  const { CSS: styles, Highlight } = frame.contentWindow;
  if (styles?.highlights && Highlight) styles.highlights.set("comment", new Highlight(range));
  const top = frame.getBoundingClientRect().top + range.getBoundingClientRect().top + scrollY;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollTo({ top: top - innerHeight / 3, behavior: calm ? "auto" : "smooth" });
}

function watchFrame() {
  const page = frame.contentDocument;
  if (!page?.body) return;
  fit();
  new ResizeObserver(fit).observe(page.body);
  for (const kind of ["mouseup", "keyup", "touchend"]) page.addEventListener(kind, takeSelection);
  // On a phone the handles of a selection say nothing else.
  page.addEventListener("selectionchange", takeSelection);
}

if (frame) {
  if (frame.contentDocument?.readyState === "complete" && story()) watchFrame();
  frame.addEventListener("load", watchFrame);
  for (const passage of document.querySelectorAll("[data-quote]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "comment-action comment-show";
    button.textContent = gettext("Show in the text");
    button.addEventListener("click", () => show(passage.dataset));
    passage.after(button);
  }
}

// Typed by hand it stands anywhere.
form?.elements.quote.addEventListener("input", () => {
  form.elements.before.value = "";
});
// Words of one's own are a suggestion.
form?.elements.replacement.addEventListener("input", () => {
  form.elements.suggests.checked = true;
});

// --- What was typed ------------------------------------------------------------------------------

const TYPED = ["reason", "quote", "before", "words", "replacement"];
const key = decision && `typed:${new URL(decision.action).pathname}`;

function keep() {
  const { elements } = decision;
  const typed = Object.fromEntries(TYPED.map((name) => [name, elements[name]?.value ?? ""]));
  const facts = { seen: elements.seen.value, suggests: elements.suggests?.checked };
  sessionStorage.setItem(key, JSON.stringify({ ...typed, ...facts }));
}

// Asked for the password, the server forgets what was sent with the question; without a connection
// it never hears of it. It is brought back unless this page is the answer to it, or somebody has
// moved the story since.
function bringBack() {
  const typed = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  sessionStorage.removeItem(key);
  const isAnswer = document.referrer && new URL(document.referrer).pathname === location.pathname;
  if (isAnswer || typed.seen !== decision.elements.seen.value) return;
  const { elements } = decision;
  for (const name of TYPED) {
    if (elements[name] && typed[name] && !elements[name].value) elements[name].value = typed[name];
  }
  if (elements.suggests && typed.suggests) elements.suggests.checked = true;
  // Nobody is to send what he does not see.
  if (elements.suggests?.checked) elements.suggests.closest("details").open = true;
}

if (decision) {
  try {
    bringBack();
    decision.addEventListener("submit", keep);
  } catch {
    // Nothing is kept where the browser keeps nothing.
  }
}

// --- Names after an @ ----------------------------------------------------------------------------

class Names {
  constructor(field, url) {
    this.field = field;
    this.url = url;
    this.list = document.createElement("ul");
    this.list.id = `${field.id}-names`;
    this.list.className = "field-options";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", gettext("People who may read this"));
    field.after(this.list);
    field.parentElement.classList.add("has-options");
    const attributes = { "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
    field.addEventListener("input", (event) => event.isComposing || this.later());
    field.addEventListener("compositionend", () => this.later());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option.textContent);
    });
  }

  // What stands between the last @ and the cursor; null when there is none nearby.
  get typed() {
    const { value, selectionStart } = this.field;
    return value.slice(0, selectionStart).match(/@([^\s@，。；：、,]{0,20})$/)?.[1] ?? null;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const { typed } = this;
    if (typed === null) return this.close();
    try {
      const answer = await fetch(`${this.url}?${new URLSearchParams({ q: typed })}`);
      const { people } = await answer.json();
      const isWhole = people.length === 1 && people[0] === typed;
      if (this.typed === typed && document.activeElement === this.field)
        this.show(isWhole ? [] : people);
    } catch {
      this.close();
    }
    return undefined;
  }

  show(names) {
    this.chosen = -1;
    this.list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = name;
        return option;
      }),
    );
    this.list.hidden = names.length === 0;
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.show([]);
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    const options = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const start = this.chosen < 0 && step < 0 ? 0 : this.chosen;
      this.chosen = (start + step + options.length) % options.length;
      options.forEach((option, index) =>
        option.setAttribute("aria-selected", String(index === this.chosen)),
      );
      this.field.setAttribute("aria-activedescendant", options[this.chosen].id);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(options[this.chosen].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  take(name) {
    const { field, typed } = this;
    const end = field.selectionStart;
    const start = end - (typed ?? "").length;
    field.setRangeText(`${name} `, start, end, "end");
    this.close();
  }
}

if (form) new Names(form.elements.words, form.dataset.people);
