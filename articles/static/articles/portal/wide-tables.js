/**
 * Lets the keyboard scroll a table that is wider than the phone.
 *
 *   <div class="body">… <table> …</div>
 *
 * Newer browsers do so by themselves; without script a finger still scrolls.
 */
const tables = document.querySelectorAll(".body table");

function offer() {
  for (const table of tables) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    else table.removeAttribute("tabindex");
  }
}

offer();
addEventListener("resize", offer);
