// Short messages in #toasts (role=status). [data-dismiss] closes the [data-toast] around it; only a person
// closes one, because nobody can say how long somebody else needs to read (WCAG 2.2.1).
// A part from htmx can bring one along: HX-Trigger: {"toast": {"text": "Saved.", "tone": "good"}}
import { each } from "./each.js";

const region = () => document.getElementById("toasts");

// Shows a message; `actions` are pairs of a button's words and what it does. The answer's remove() takes it away.
export function toast(text, tone = "good", actions = []) {
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  box.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words, ...actions.map(([label, act]) => button(label, act)));
  const close = button("Close", () => {});
  close.dataset.dismiss = "";
  box.append(close);
  region()?.append(box);
  return box;
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "quiet";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}

document.addEventListener("click", ({ target }) => {
  const box = target.closest("[data-dismiss]")?.closest("[data-toast]");
  if (!box) return;
  box.remove();
  document.getElementById("main")?.focus({ preventScroll: true });
});

document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.tone));

each("[data-toast] [data-dismiss]", (close) => {
  close.hidden = false;
});

// A status region is read out when something joins it, not when the page arrives with it.
document.addEventListener("DOMContentLoaded", () => {
  const boxes = [...document.querySelectorAll("#toasts > *")];
  if (boxes.length) setTimeout(() => region().append(...boxes), 150);
});
