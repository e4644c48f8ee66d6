// Whether the server is there and still knows who one is.
//
// Markup: <div class="desk-form" data-csrf-cookie="csrftoken" data-session="…/tags/">.

import { bar, gettext } from "./bar.js";

const sheet = document.querySelector(".desk-form");

const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

// Logging in again in another tab changes the token of the form.
export function freshen(form) {
  const token = cookie(sheet.dataset.csrfCookie);
  if (token) form.elements.csrfmiddlewaretoken.value = decodeURIComponent(token);
}

export const LOGGED_OUT = gettext(
  "You are no longer logged in. Log in again in another tab, then save here; your text is still on this page.",
);

export const UNREACHABLE = gettext(
  "The server cannot be reached. Your text is still on this page; it is saved as soon as the connection is back.",
);

export const logIn = () => ({ label: gettext("Log in again"), href: bar.dataset.loginUrl });

// "" when a form can be sent, else why not.
export async function obstacle() {
  try {
    const response = await fetch(sheet.dataset.session, { redirect: "manual", cache: "no-store" });
    return response.ok ? "" : LOGGED_OUT;
  } catch {
    return UNREACHABLE;
  }
}
