// What was written before, offered while one types: tags, bylines, outside sources.
//
// Markup: <input data-tags-url="…/tags/"> completes what stands after the last separator from
// {"tags": […]}; within <div class="desk-form" data-suggestions="…/suggestions/">, the fields
// named in FIELDS are completed as a whole from {"suggestions": […]} (?field=byline&q=…).
//
// A listbox after the ARIA combobox pattern: arrows choose, Enter or a click takes, Escape closes;
// in an empty field the arrow down or a click asks for what one uses oneself. Nothing is asked
// for while an input method is composing. Without JavaScript, or when the server does not answer,
// it is a plain field.

const gettext = window.gettext ?? ((text) => text);
const FIELDS = ["byline", "outside_source"];
const SEPARATORS = /[，、；,;]/;
const PAUSE = 150;

class Completion {
  constructor(input, label) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}_options`;
    this.list.className = "field-options";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => {
      if (!event.isComposing && !this.isTaking) this.later();
    });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // Before the field loses the focus.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option.textContent);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const { typed } = this;
    if (!typed && !this.offersUnasked) return this.close();
    try {
      const response = await fetch(this.address(typed));
      const names = Object.values(await response.json())[0];
      const isCurrent = this.typed === typed && document.activeElement === this.input;
      if (isCurrent) this.show(names.filter((name) => name !== typed));
    } catch {
      this.close();
    }
    return undefined;
  }

  show(names) {
    this.list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}_${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = name;
        return option;
      }),
    );
    this.chosen = -1;
    this.list.hidden = names.length === 0;
    // The side column scrolls on its own.
    if (names.length) this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", String(names.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.show([]);
  }

  key(event) {
    if (event.isComposing) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        this.ask();
      }
      return;
    }
    const options = [...this.list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const start = this.chosen < 0 && step < 0 ? 0 : this.chosen;
      this.chosen = (start + step + options.length) % options.length;
      options.forEach((option, index) =>
        option.setAttribute("aria-selected", String(index === this.chosen)),
      );
      options[this.chosen].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(options[this.chosen].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  /** The form learns of it as if it had been typed. */
  put(value, cursor) {
    this.isTaking = true;
    this.input.value = value;
    this.input.setSelectionRange(cursor, cursor);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.isTaking = false;
    this.close();
  }
}

/** The tag the cursor is in. */
class TagCompletion extends Completion {
  get parts() {
    const start = this.input.value.slice(0, this.input.selectionStart);
    let cut = start.length;
    while (cut > 0 && !SEPARATORS.test(start[cut - 1])) cut -= 1;
    return { before: this.input.value.slice(0, cut), typed: start.slice(cut).trim() };
  }

  get typed() {
    return this.parts.typed;
  }

  address(typed) {
    return `${this.input.dataset.tagsUrl}?${new URLSearchParams({ q: typed })}`;
  }

  take(tag) {
    const { before } = this.parts;
    const after = this.input.value.slice(this.input.selectionStart);
    this.put(`${before}${tag}${after || "、"}`, before.length + tag.length + 1);
  }
}

/** The whole field, as it was filled in before. */
class FieldCompletion extends Completion {
  offersUnasked = true;

  constructor(input, label, url) {
    super(input, label);
    this.url = url;
    input.addEventListener("click", () => {
      if (!input.value && this.list.hidden) this.ask();
    });
  }

  get typed() {
    return this.input.value.trim();
  }

  address(typed) {
    return `${this.url}?${new URLSearchParams({ field: this.input.name, q: typed })}`;
  }

  take(words) {
    this.put(words, words.length);
  }
}

for (const input of document.querySelectorAll("input[data-tags-url]")) {
  new TagCompletion(input, gettext("Known tags"));
}
const sheet = document.querySelector(".desk-form[data-suggestions]");
for (const name of sheet ? FIELDS : []) {
  const input = sheet.querySelector(`input[name=${name}]`);
  if (input) new FieldCompletion(input, gettext("Used before"), sheet.dataset.suggestions);
}
