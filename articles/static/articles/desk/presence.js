// Who else has the article open, and whether somebody saved meanwhile.
//
// POST to the bar's data-presence-url with sitting and based_on, at opening and every 15 seconds
// → {"people": [sentences], "newer": null or {by, at, version, compare, problem}}, or 423 {problem,
// review} when the text was submitted; with `gone`
// when the page is left. A new article has nobody in it before its first save.
//
// The page this tab showed before (a reload) is named in `instead_of`, because its goodbye may be
// slower than this page; a copied tab does not name the one it was copied from, which is there.

import { bar, tellPeople } from "./bar.js";
import { living } from "./living.js";
import { freshen } from "./session.js";

const EVERY = 15_000;
const KEPT = "writing-desk:sitting";

// Where the browser keeps nothing, a reload may look like another window for a moment.
function inThisTab(sitting) {
  try {
    const before = sessionStorage.getItem(KEPT) ?? "";
    sessionStorage.setItem(KEPT, sitting);
    return before;
  } catch {
    return "";
  }
}

export function watch(form, saver) {
  let told = 0;
  let insteadOf = "";

  async function arrive() {
    const before = inThisTab(form.elements.sitting.value);
    insteadOf = before && (await living([before])).size ? "" : before;
    sign();
  }

  const signs = (more = {}) => {
    const { csrfmiddlewaretoken, sitting, based_on: basedOn } = form.elements;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", csrfmiddlewaretoken.value);
    body.set("sitting", sitting.value);
    body.set("based_on", basedOn.value);
    body.set("instead_of", insteadOf);
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    return body;
  };

  async function sign() {
    const { presenceUrl } = bar.dataset;
    if (!presenceUrl || document.visibilityState === "hidden") return;
    freshen(form);
    const basedOn = form.elements.based_on.value;
    let response;
    try {
      response = await fetch(presenceUrl, {
        method: "POST",
        body: signs(),
        redirect: "manual",
        cache: "no-store",
      });
    } catch {
      return;
    }
    if (response.status === 423) {
      saver.locked(await response.json());
      return;
    }
    if (!response.ok) return;
    const { people, newer } = await response.json();
    tellPeople(people);
    saver.tryAgain();
    // Asked before a save of this form was answered: not news.
    if (!newer || newer.version === told || basedOn !== form.elements.based_on.value) return;
    told = newer.version;
    saver.overtaken(newer);
  }

  arrive();
  setInterval(sign, EVERY);
  form.addEventListener("desk:saved", ({ detail }) => {
    if (detail.isNew) sign();
  });
  document.addEventListener("visibilitychange", sign);
  window.addEventListener("pageshow", ({ persisted }) => persisted && arrive());
  window.addEventListener("pagehide", () => {
    const { presenceUrl } = bar.dataset;
    inThisTab(form.elements.sitting.value);
    if (presenceUrl) navigator.sendBeacon(presenceUrl, signs({ gone: "1" }));
  });
}
