// <button data-dialog="id"> opens <dialog id="id">; [data-close] inside closes it. A link in place of the button
// leads to the same form on a page of its own where there are no scripts. A dialog[data-open] opens itself.
import { each } from "./each.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.closest("[data-close]")) {
    event.target.closest("dialog")?.close();
  }
});

each("dialog[data-open]", (dialog) => dialog.showModal());
// The summary of a form's errors, or the place that an action has led to.
each("[data-focus]", (element) => element.focus());
