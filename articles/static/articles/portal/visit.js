/**
 * Tells the server that this page is being looked at, and shows the number it answers.
 *
 *   <body data-visit="/articles/12/view/">    the address to tell; without it nothing happens
 *   <span data-views>345</span>               gets the live number, if one is answered
 *   <ol data-via="hot">                       the story whose link in here is followed tells
 *                                             where it was found: the list must not feed itself
 *
 * On a story the address counts a view (人气), once a visit; on other pages ("/visit/") it only
 * keeps the visit going. The server decides what counts (articles/portal/beacon.py), so telling
 * it twice does no harm. A failure leaves the page as it was sent.
 */

// The same as GAP and LONGEST in articles/visits/recognition.py.
const QUIET = 30 * 60 * 1000;
const LONGEST = 12 * 60 * 60 * 1000;
const DRAWER = "visit";
const VIA = "via";

const address = document.body.dataset.visit;
let toldAt = 0;
let via = null;

/** Whether a reader has the page before them: not in a background tab, not prepared ahead. */
function isLookedAt() {
  return document.visibilityState === "visible" && !document.prerendering;
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isGoingOn(visit, now) {
  // A clock that was set back far counts as a long silence.
  return (
    visit !== null &&
    typeof visit.key === "string" &&
    Math.abs(now - visit.last) < QUIET &&
    now - visit.started < LONGEST
  );
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(DRAWER));
  } catch {
    return null;
  }
}

/** The key of this browser's visit; "" where nothing can be kept. */
function takeKey() {
  try {
    const now = Date.now();
    const known = read();
    const visit = isGoingOn(known, now) ? known : { key: randomKey(), started: now };
    localStorage.setItem(DRAWER, JSON.stringify({ ...visit, last: now }));
    return visit.key;
  } catch {
    return "";
  }
}

/** One tab at a time, so that two first tabs take the same key. Locks need https or localhost. */
async function takeKeyInTurn() {
  if (!navigator.locks) return takeKey();
  try {
    return await navigator.locks.request(DRAWER, takeKey);
  } catch {
    return takeKey();
  }
}

/** 12345, and 12,345 in English; the same as `figure` in templatetags/newsroom.py. */
function shown(views) {
  return document.documentElement.lang === "en" ? views.toLocaleString("en") : String(views);
}

function show(views) {
  if (!Number.isInteger(views)) return;
  for (const place of document.querySelectorAll("[data-views]")) {
    place.textContent = shown(views);
  }
}

/** Remembers which story is opened from which list, for the page that comes next in this tab. */
function noteVia(event) {
  const link = event.target.closest?.("[data-via] a[href]");
  if (!link) return;
  const found = { path: link.pathname, via: link.closest("[data-via]").dataset.via };
  try {
    sessionStorage.setItem(VIA, JSON.stringify(found));
  } catch {
    // Then it counts as found elsewhere.
  }
}

/** The list this page was opened from, told once; "" for all other ways here. */
function takeVia() {
  try {
    const found = JSON.parse(sessionStorage.getItem(VIA));
    sessionStorage.removeItem(VIA);
    return found?.path === location.pathname ? found.via : "";
  } catch {
    return "";
  }
}

async function tell() {
  toldAt = Date.now();
  via ??= takeVia();
  try {
    const key = await takeKeyInTurn();
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ ...(key && { key }), ...(via && { via }) }),
      credentials: "same-origin",
      keepalive: true,
    });
    if (answer.ok) via = "";
    else toldAt = 0;
    if (answer.status === 200) show((await answer.json()).views);
  } catch {
    // Offline or blocked, like a refusal above: the next look at the page tries again.
    toldAt = 0;
  }
}

function tellWhenDue() {
  if (isLookedAt() && Math.abs(Date.now() - toldAt) >= QUIET) tell();
}

if (address) {
  document.addEventListener("click", noteVia);
  document.addEventListener("visibilitychange", tellWhenDue);
  document.addEventListener("prerenderingchange", tellWhenDue);
  addEventListener("pageshow", (event) => {
    // Back from the back/forward cache: a new look at the page, perhaps in a new visit.
    if (event.persisted) toldAt = 0;
    tellWhenDue();
  });
  tellWhenDue();
}
