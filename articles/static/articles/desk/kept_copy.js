// Copies of what the server does not have yet, kept in this browser until it has.
//
// One record a sitting: {key, user, article, sitting, receipt, continues, basedOn, step, at, title,
// fields}.
// Only the same person sees them again, on the same article. IndexedDB works without a secure
// context and holds more than localStorage; where it is closed (private windows), nothing is
// promised.
//
// What is sent by a button is kept too: the answer may be a page of its own, such as the one with
// two texts, and that may be closed. Whether the server has the words is for the server to say
// (offers.js); nothing is thrown away for any other reason than its age.

import { living } from "./living.js";
import { isTyped } from "./words.js";

const DATABASE = "writing-desk";
const STORE = "copies";
// Nobody asks for them any more, and unpublished words should not lie about.
const LIFE = 30 * 24 * 60 * 60 * 1000;

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
async function keep(copy) {
  try {
    await ask("readwrite", (store) => store.put({ ...copy, key: keyOf(copy) }));
    return true;
  } catch {
    return false;
  }
}

// Keeps what is in the form now → {isKept, at}.
export async function keepForm(form, { user, article }) {
  const at = new Date();
  const sheet = new FormData(form);
  const isKept = await keep({
    user,
    article,
    sitting: sheet.get("sitting"),
    receipt: sheet.get("receipt"),
    continues: sheet.get("continues") ?? "",
    basedOn: sheet.get("based_on"),
    step: sheet.get("step"),
    at: at.getTime(),
    title: sheet.get("title"),
    fields: [...sheet].filter(isTyped),
  });
  return { isKept, at };
}

export async function forget(key) {
  try {
    await ask("readwrite", (store) => store.delete(key));
  } catch {
    // Offered again at the next opening, compared, and forgotten then.
  }
}

// Copies of this person and article whose page is gone, newest first; old ones are thrown away. A
// form for a new article gets those of all articles: one of them may be there no more.
export async function left({ user, article, sitting }) {
  let all = [];
  try {
    all = await ask("readonly", (store) => store.getAll());
  } catch {
    return [];
  }
  const now = Date.now();
  const isOver = ({ at }) => now - at > LIFE;
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
