// A form or a submit button with data-confirm="What will happen." asks before it is sent. data-confirm-title is
// the question, data-confirm-yes the words of the button that agrees.
import { ask } from "./ask.js";

// Forms that need not ask (again).
export const agreed = new WeakSet();

// While the event is still on its way down: before htmx and before everybody else here.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const asks = [submitter, form].find((element) => element?.dataset.confirm !== undefined);
  if (agreed.delete(form) || !asks) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  agree(form, submitter, asks.dataset);
}, true);

async function agree(form, submitter, { confirm, confirmTitle = "Are you sure?", confirmYes }) {
  const yes = confirmYes ?? submitter?.textContent.trim() ?? "Yes";
  if (!await ask({ title: confirmTitle, text: confirm, yes })) return;
  agreed.add(form);
  form.requestSubmit(submitter);
}
