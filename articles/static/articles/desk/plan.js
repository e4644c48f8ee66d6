// “Planned for” is kept beside the form it stands in, without leaving the page:
//
//   <fieldset data-plan> <input form="plan-form"> <p role="status" data-plan-said> </fieldset>
//   <form id="plan-form" method="post" action="…"> the token </form>
//
// Without script the form is sent as any other and leads back here.

const gettext = window.gettext ?? ((text) => text);

const form = document.querySelector("#plan-form");
const said = document.querySelector("[data-plan-said]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  }).catch(() => null);
  const told = answer && (await answer.json().catch(() => null));
  said.textContent =
    told?.sentence ?? told?.problem ?? gettext("The day could not be kept. Try again in a moment.");
});
