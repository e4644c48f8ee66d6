// Which forms opened in this browser are still there.
//
// A page holds a lock in the name of its sitting as long as it is shown: a tab that sleeps answers
// nobody, but keeps its lock. Browsers have locks in secure contexts only; elsewhere the other tabs
// are asked.

const NAME = "writing-desk";
// Long enough for another tab of this browser to say that it is still there.
const ANSWER_TIME = 250;

const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
const lockOf = (sitting) => `${NAME}/${sitting}`;

let held = "";
let release = () => {};

function hold() {
  release();
  const untilReleased = new Promise((resolve) => {
    release = resolve;
  });
  navigator.locks
    ?.request(lockOf(held), { mode: "shared" }, () => untilReleased)
    .catch(() => {
      // Closed by the browser: nobody else has locks either, the tabs are asked.
    });
}

// This page is that of the sitting, and no longer that of the one before.
export function liveAs(sitting) {
  held = sitting;
  hold();
}

window.addEventListener("pagehide", () => release());
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && held) hold();
});

// Answers other tabs for this one; `onTaken` is called when another tab went on with its sitting,
// because this one had not answered.
export function answerOthers(onTaken) {
  channel?.addEventListener("message", ({ data }) => {
    if (data.asks?.includes(held)) channel.postMessage({ lives: held });
    if (data.takes === held) onTaken();
  });
}

export const take = (sitting) => channel?.postMessage({ takes: sitting });

// Which of these sittings have a page that is still there.
export async function living(sittings) {
  if (!sittings.length) return new Set();
  let locks;
  try {
    locks = await navigator.locks?.query();
  } catch {
    // As if there were none.
  }
  if (!locks) return answering(sittings);
  const names = new Set(locks.held.map(({ name }) => name));
  return new Set(sittings.filter((sitting) => names.has(lockOf(sitting))));
}

async function answering(sittings) {
  const found = new Set();
  if (!channel) return found;
  const listen = ({ data }) => data.lives && found.add(data.lives);
  channel.addEventListener("message", listen);
  channel.postMessage({ asks: sittings });
  await new Promise((resolve) => setTimeout(resolve, ANSWER_TIME));
  channel.removeEventListener("message", listen);
  return found;
}
