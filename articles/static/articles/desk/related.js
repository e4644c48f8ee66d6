// Finds related stories by words of their headline and adds them as lines.
//
// Markup: <textarea data-story-search="…/link-search/">; a line of it is "12 Title of the story".
// A search field is put before it, after the ARIA combobox pattern: arrows choose, Enter or a click
// adds, Escape closes. Without JavaScript numbers and addresses are typed.

const gettext = window.gettext ?? ((text) => text);
const PAUSE = 200;

class StorySearch {
  constructor(lines) {
    this.lines = lines;
    this.input = document.createElement("input");
    this.list = document.createElement("ul");
    this.list.id = `${lines.id}_options`;
    this.list.className = "field-options";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", gettext("Stories found"));
    const attributes = {
      type: "search",
      role: "combobox",
      autocomplete: "off",
      placeholder: gettext("Find a story by its headline"),
      "aria-label": gettext("Find a story by its headline"),
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    lines.before(this.input, this.list);
    // What is typed here is no part of the story.
    for (const name of ["input", "change"]) {
      this.input.addEventListener(name, (event) => event.stopPropagation());
    }
    this.input.addEventListener("input", (event) => {
      if (!event.isComposing) this.later();
    });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("focus", () => this.later());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const typed = this.input.value.trim();
    const here = document.location.pathname.match(/\/([0-9]+)\/change\//)?.[1] ?? "";
    const query = new URLSearchParams({ q: typed, not: here });
    try {
      const response = await fetch(`${this.lines.dataset.storySearch}?${query}`);
      const { articles } = await response.json();
      const isCurrent = this.input.value.trim() === typed && document.activeElement === this.input;
      if (isCurrent) this.show(articles);
    } catch {
      this.close();
    }
  }

  show(stories) {
    this.chosen = -1;
    this.list.replaceChildren(
      ...stories.map((story, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}_${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.line = `${story.id} ${story.title}`;
        option.textContent = `${story.title}（${story.channel}，${story.date}，${story.state}）`;
        return option;
      }),
    );
    this.list.hidden = stories.length === 0;
    if (stories.length) this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", String(stories.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.show([]);
  }

  key(event) {
    if (event.isComposing) return;
    const options = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      // Never sends the form.
      event.preventDefault();
      if (this.chosen >= 0) this.take(options[this.chosen]);
    } else if (event.key === "Escape" && options.length) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (step && options.length) {
      event.preventDefault();
      const start = this.chosen < 0 && step < 0 ? 0 : this.chosen;
      this.chosen = (start + step + options.length) % options.length;
      options.forEach((option, index) =>
        option.setAttribute("aria-selected", String(index === this.chosen)),
      );
      options[this.chosen].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
    }
  }

  take(option) {
    const before = this.lines.value.trimEnd();
    const { line } = option.dataset;
    if (!before.split("\n").includes(line)) {
      this.lines.value = before ? `${before}\n${line}` : line;
      this.lines.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.input.value = "";
    this.close();
  }
}

for (const lines of document.querySelectorAll("textarea[data-story-search]")) {
  new StorySearch(lines);
}
