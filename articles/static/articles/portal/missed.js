/**
 * Tells the server that a search found nothing; the words only, nobody's name.
 *
 *   <div data-missed="/search/missed/" data-phrase="巷道支护">
 *
 * The server looks itself whether that is so (articles/portal/search.py). Nobody waits for it.
 */

const place = document.querySelector("[data-missed]");

if (place) {
  const words = new URLSearchParams({ q: place.dataset.phrase });
  fetch(place.dataset.missed, { method: "POST", body: words, keepalive: true }).catch(() => {});
}
