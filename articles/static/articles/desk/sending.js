// One file on its way to the server, by a request of its own.
//
//   const { done, abort } = send(file, { url, token, onProgress });
//   const { answer, error, isFinal, isAborted } = await done;
//
// `answer` is what the server says of a file it took (201). Else `error` is a sentence, and
// `isFinal` says that sending the same file again changes nothing. onProgress gets a share of 1.

const gettext = window.gettext ?? ((text) => text);

// Buttons that send the form in the ordinary way.
const LEAVING = new Set(["_publish", "_submit"]);

// A cut line is not always noticed: nothing moved for so long, in milliseconds.
const STALLED = 90_000;

const answerOf = (request) => {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
};

const LOGGED_OUT = gettext(
  "You are no longer logged in. Log in again in another tab, then try again here; do not close this page.",
);

function refusal(request, url) {
  const { error } = answerOf(request);
  const isFromElsewhere = new URL(url, location).href !== request.responseURL;
  if (request.status === 0)
    return gettext("The connection was lost. Try again when the network is back.");
  if (isFromElsewhere || [401, 403].includes(request.status)) return LOGGED_OUT;
  if (error) return error;
  if (request.status === 413) return gettext("The file is too large.");
  return gettext("The server could not take the file just now. Try again in a moment.");
}

export function send(file, { url, token, onProgress = () => {} }) {
  const request = new XMLHttpRequest();
  let isAborted = false;
  let timer;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => request.abort(), STALLED);
  };
  const done = new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      if (request.status === 201 && answerOf(request).id) {
        resolve({ answer: answerOf(request) });
        return;
      }
      const isFinal = [400, 413].includes(request.status);
      resolve({ error: refusal(request, url), isFinal, isAborted });
    });
  });
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    watch();
    onProgress(loaded / total);
  });
  // What the server does with a large file, once it has it, takes its time.
  request.upload.addEventListener("load", () => clearTimeout(timer));
  watch();
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", token);
  request.setRequestHeader("Accept", "application/json");
  const body = new FormData();
  body.append("file", file, file.name);
  request.send(body);
  return {
    done,
    abort() {
      isAborted = true;
      request.abort();
    },
  };
}

// "72 bytes", "1.5 MB", "50 MB", as the filter `file_size` writes it for readers.
export function sizeText(bytes) {
  if (bytes < 1024) return gettext("%(size)s bytes").replace("%(size)s", String(bytes));
  const units = ["KB", "MB", "GB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toFixed(1).replace(/\.0$/, "")} ${units[unit]}`;
}

// Keeps an ordinary submit (publishing) and leaving the page from cutting off what is under way.
export function holdWhile(form, isBusy, say) {
  const hold = (event) => {
    if (event.target !== form || !isBusy() || !LEAVING.has(event.submitter?.name)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say();
  };
  const stay = (event) => {
    if (isBusy()) event.preventDefault();
  };
  window.addEventListener("submit", hold, true);
  window.addEventListener("beforeunload", stay);
  return () => {
    window.removeEventListener("submit", hold, true);
    window.removeEventListener("beforeunload", stay);
  };
}
