// The side column as tabs: facts, pictures, attachments, preview.
//
// Markup: within <aside class="facts">, <section class="side-panel" id data-tab="Pictures"
// data-badge="12">. A panel becomes a tab, also one that is `hidden` until this runs; data-badge
// is the number beside its name and may change at any time. Without JavaScript the panels that
// can be used stand one below the other.
//
// Tabs after the ARIA pattern: arrows, Home and End go from tab to tab. The chosen one is kept for
// this browser tab; a panel with a mistake in it comes first. Anything may open a panel by clicking
// its tab ([role=tab][aria-controls="panel-…"]).
//
// Where there is no room beside the text (form.css) the column is a drawer: a button opens it, so
// does choosing a tab, Escape or the cross closes it. The height of the action bar is measured for
// what stands above it.

const gettext = window.gettext ?? ((text) => text);
const KEPT = "desk-side";

const drawer = {
  get() {
    try {
      return sessionStorage.getItem(KEPT);
    } catch {
      return null;
    }
  },
  put(id) {
    try {
      sessionStorage.setItem(KEPT, id);
    } catch {
      // Then it is not remembered.
    }
  },
};

class SideTabs {
  constructor(column, panels) {
    this.list = document.createElement("div");
    this.list.className = "side-tabs";
    this.list.setAttribute("role", "tablist");
    this.list.setAttribute("aria-label", gettext("About the story"));
    this.entries = panels.map((panel) => this.entry(panel));
    this.list.append(...this.entries.map(({ tab }) => tab));
    column.prepend(this.list);
    this.list.addEventListener("keydown", (event) => this.key(event));
    const first =
      this.entries.find(({ panel }) => panel.querySelector(".has-errors")) ??
      this.entries.find(({ panel }) => panel.id === drawer.get()) ??
      this.entries[0];
    this.choose(first);
    // Only what somebody chose is kept.
    this.list.addEventListener("click", (event) => {
      const chosen = this.entries.find(({ tab }) => tab.contains(event.target));
      if (!chosen) return;
      this.choose(chosen);
      drawer.put(chosen.panel.id);
    });
    this.hasMistake = Boolean(first.panel.querySelector(".has-errors"));
  }

  get chosen() {
    return this.entries.find(({ tab }) => tab.getAttribute("aria-selected") === "true");
  }

  entry(panel) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `${panel.id}-tab`;
    tab.className = "side-tab";
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    const badge = document.createElement("span");
    badge.className = "side-badge";
    const show = () => {
      badge.textContent = panel.dataset.badge ?? "";
      badge.hidden = !Number(panel.dataset.badge) && !panel.dataset.badge?.trim();
    };
    tab.append(panel.dataset.tab, badge);
    new MutationObserver(show).observe(panel, { attributeFilter: ["data-badge"] });
    show();
    panel.setAttribute("role", "tabpanel");
    panel.removeAttribute("aria-label");
    panel.setAttribute("aria-labelledby", tab.id);
    return { tab, panel };
  }

  choose(chosen) {
    for (const entry of this.entries) {
      const isChosen = entry === chosen;
      entry.tab.setAttribute("aria-selected", String(isChosen));
      entry.tab.tabIndex = isChosen ? 0 : -1;
      entry.panel.hidden = !isChosen;
    }
    // The form's layout may differ by what stands beside the text.
    this.list.parentElement.dataset.shown = chosen.panel.id;
  }

  key(event) {
    const place = this.entries.findIndex(({ tab }) => tab === document.activeElement);
    const last = this.entries.length - 1;
    const next = {
      ArrowRight: place === last ? 0 : place + 1,
      ArrowLeft: place === 0 ? last : place - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (place < 0 || next === undefined) return;
    event.preventDefault();
    const { tab } = this.entries[next];
    tab.focus();
    tab.click();
  }
}

class Drawer {
  constructor(sheet, column, tabs) {
    this.column = column;
    this.tabs = tabs;
    this.opener = this.button("side-open", gettext("Facts and pictures"));
    column.id ||= "side-column";
    this.opener.setAttribute("aria-controls", column.id);
    this.opener.addEventListener("click", () => this.open());
    sheet.append(this.opener);
    const closer = this.button("side-close", "×");
    closer.setAttribute("aria-label", gettext("Back to the text"));
    closer.addEventListener("click", () => this.close());
    column.prepend(closer);
    column.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.isOpen) this.close();
    });
    tabs.list.addEventListener("click", () => this.show(true));
    sheet.classList.add("has-drawer");
    this.show(tabs.hasMistake);
  }

  get isOpen() {
    return this.column.classList.contains("is-open");
  }

  button(name, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.textContent = words;
    return button;
  }

  show(isOpen) {
    this.column.classList.toggle("is-open", isOpen);
    this.opener.setAttribute("aria-expanded", String(isOpen));
  }

  open() {
    this.show(true);
    this.tabs.chosen.tab.focus();
  }

  close() {
    this.show(false);
    // Invisible beside a column that is no drawer; then the focus stays where it is.
    this.opener.focus();
  }
}

function measureBar(bar) {
  const root = document.documentElement;
  new ResizeObserver(() => {
    root.style.setProperty("--bar-height", `${bar.offsetHeight}px`);
  }).observe(bar);
}

const sheet = document.querySelector(".desk-form");
const column = sheet?.querySelector(".facts");
const panels = column ? [...column.querySelectorAll(":scope > .side-panel[data-tab]")] : [];
if (panels.length > 1) new Drawer(sheet, column, new SideTabs(column, panels));
const bar = document.querySelector(".action-bar");
if (bar) measureBar(bar);
