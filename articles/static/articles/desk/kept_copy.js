// Copies of what the server does not have yet, kept in this browser until it has.
//
// One record a sitting: {key, user, article, sitting, receipt, basedOn, at, title, fields, isSent}.
// Only the same person sees them again, on the same article. IndexedDB works without a secure
// context and holds more than localStorage; where it is closed (private windows), nothing is
// promised.
//
// What is sent by a button is kept as it is sent (isSent): the answer may be a page of its own,
// such as the one with two texts, and that may be closed. It is dropped once the server says that
// it stored a later version from that sitting.

const DATABASE = "writing-desk";
const STORE = "copies";
// Nobody asks for them any more, and unpublished words should not lie about.
const LIFE = 30 * 24 * 60 * 60 * 1000;
// Long enough for another tab of this browser to say that it is still there.
const ANSWER_TIME = 250;

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => {
      // Another tab wants to delete or renew the database: do not stand in its way.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

async function ask(mode, question) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = question(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const keyOf = ({ user, sitting }) => `${user}/${sitting}`;

// Whether the copy is kept now.
export async function keep(copy) {
  try {
    await ask("readwrite", (store) => store.put({ ...copy, key: keyOf(copy) }));
    return true;
  } catch {
    return false;
  }
}

export async function forget(key) {
  try {
    await ask("readwrite", (store) => store.delete(key));
  } catch {
    // Offered again at the next opening, compared, and forgotten then.
  }
}

// --- Which of them belong to a page that is gone ---------------------------------------------

const channel = "BroadcastChannel" in window ? new BroadcastChannel(DATABASE) : null;

// Answers other tabs for this one. `sitting()` is this form's; `onTaken` is called when another
// tab went on with it, because this one had not answered.
export function answerFor(sitting, onTaken) {
  channel?.addEventListener("message", ({ data }) => {
    if (data.asks?.includes(sitting())) channel.postMessage({ lives: sitting() });
    if (data.takes === sitting()) onTaken();
  });
}

export const take = (sitting) => channel?.postMessage({ takes: sitting });

// Which of these sittings have a page that is still there.
export async function living(sittings) {
  if (!channel || !sittings.length) return new Set();
  const found = new Set();
  const listen = ({ data }) => data.lives && found.add(data.lives);
  channel.addEventListener("message", listen);
  channel.postMessage({ asks: sittings });
  await new Promise((resolve) => setTimeout(resolve, ANSWER_TIME));
  channel.removeEventListener("message", listen);
  return found;
}

// Copies of this person and article whose page is gone, newest first; old ones are thrown away,
// and so is what arrived. `settled` maps sittings to the newest version saved from them. A form for
// a new article gets those of all articles: one of them may be there no more.
export async function left({ user, article, sitting, settled }) {
  let all = [];
  try {
    all = await ask("readonly", (store) => store.getAll());
  } catch {
    return [];
  }
  const now = Date.now();
  const arrived = (copy) =>
    copy.user === user && copy.isSent && settled.get(copy.sitting) > Number(copy.basedOn);
  const isOver = (copy) => now - copy.at > LIFE || arrived(copy);
  for (const copy of all.filter(isOver)) forget(copy.key);
  const mine = all.filter(
    (copy) =>
      copy.user === user &&
      (copy.article === article || !article) &&
      copy.sitting !== sitting &&
      !isOver(copy),
  );
  const alive = await living(mine.map((copy) => copy.sitting));
  return mine.filter((copy) => !alive.has(copy.sitting)).sort((one, two) => two.at - one.at);
}
