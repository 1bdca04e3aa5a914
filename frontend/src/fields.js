// <button type="button" data-field="first_name" data-fallback="there"> writes {{ first_name | there }} at the caret
// of the [data-merge] field that was used last, in the button's own form. data-fallback: some clients have no such
// value, so ask for the words that stand in for it.
import { ask } from "./ask.js";

let last = null;

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-merge]")) last = target;
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button[data-field]");
  const form = button?.form ?? button?.closest("form");
  if (!button) return;
  const into = last?.isConnected && (!form || last.form === form) ? last : form?.querySelector("[data-merge]");
  const field = into && await written(button.dataset);
  if (field) insert(into, field);
});

async function written({ field, fallback }) {
  if (fallback === undefined) return `{{ ${field} }}`;
  const words = await ask({
    title: "What if we don't know it?",
    text: "Some clients have given us no such value. They read this instead.",
    label: "Words in its place",
    value: fallback,
    yes: "Put it in",
  });
  // What a fallback may not hold (mail/fields.py) would only come back as an error.
  const safe = words?.replace(/[{}|<>()"\\]/g, "").trim();
  return safe ? `{{ ${field} | ${safe} }}` : null;
}

function insert(element, text) {
  element.focus();
  // The only way that the browser's own undo knows of; the other one is for browsers without it.
  if (document.execCommand("insertText", false, text)) return;
  element.setRangeText(text, element.selectionStart, element.selectionEnd, "end");
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
