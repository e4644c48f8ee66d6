// Completion for the tags field.
//
// Markup: <input name="tags" data-tags-url="…/tags/">. What stands after the last separator is
// completed from {"tags": [names]} at that address (?q=…). A listbox after the ARIA combobox
// pattern: arrows choose, Enter or a click takes, Escape closes. Without JavaScript, or when the
// server does not answer, it is a plain field.

const SEPARATORS = /[，、；,;]/;
const PAUSE = 150;

class TagCompletion {
  constructor(input) {
    this.input = input;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}_options`;
    this.list.className = "tag-options";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", window.gettext?.("Known tags") ?? "Known tags");
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
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // Before the field loses the focus.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option.textContent);
    });
  }

  get parts() {
    const start = this.input.value.slice(0, this.input.selectionStart);
    let cut = start.length;
    while (cut > 0 && !SEPARATORS.test(start[cut - 1])) cut -= 1;
    return { before: this.input.value.slice(0, cut), typed: start.slice(cut).trim() };
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), PAUSE);
  }

  async fetch() {
    const { typed } = this.parts;
    if (!typed) return this.close();
    try {
      const query = new URLSearchParams({ q: typed });
      const response = await fetch(`${this.input.dataset.tagsUrl}?${query}`);
      const { tags } = await response.json();
      if (this.parts.typed === typed) this.show(tags.filter((tag) => tag !== typed));
    } catch {
      this.close();
    }
    return undefined;
  }

  show(tags) {
    this.list.replaceChildren(
      ...tags.map((tag, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}_${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = tag;
        return option;
      }),
    );
    this.chosen = -1;
    this.list.hidden = tags.length === 0;
    this.input.setAttribute("aria-expanded", String(tags.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.show([]);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const options = [...this.list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = (this.chosen + step + options.length) % options.length;
      options.forEach((option, index) =>
        option.setAttribute("aria-selected", String(index === this.chosen)),
      );
      this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(options[this.chosen].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  take(tag) {
    const { before } = this.parts;
    const after = this.input.value.slice(this.input.selectionStart);
    this.input.value = `${before}${tag}${after || "、"}`;
    this.input.setSelectionRange(before.length + tag.length + 1, before.length + tag.length + 1);
    this.close();
  }
}

for (const input of document.querySelectorAll("input[data-tags-url]")) new TagCompletion(input);
