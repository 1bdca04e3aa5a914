// input[data-pick="found"] searches a list of links with that id: the arrows walk it, Enter opens the first.
import { each } from "./each.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

each("input[data-pick]", (input) => {
  const region = document.getElementById(input.dataset.pick);
  const links = () => [...region.querySelectorAll("li a")];
  let wanted = false;
  input.dataset.shown = input.defaultValue;
  const open = () => {
    wanted = false;
    const first = input.value.trim() && links()[0];
    if (first) first.click();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    // What is shown may still be the answer to fewer letters.
    if (input.dataset.shown === input.value) open();
    else wanted = true;
  });
  input.addEventListener("htmx:beforeRequest", () => { input.dataset.asked = input.value; });
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target !== region) return;
    input.dataset.shown = input.dataset.asked;
    if (wanted && input.dataset.shown === input.value) open();
  });
  input.form.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const all = [input, ...links()];
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0 || !all[at + step]) return;
    event.preventDefault();
    all[at + step].focus();
  });
  // Fast hands type before this page can listen, and a browser may fill in what stood here before.
  if (input.value !== input.defaultValue) input.dispatchEvent(new Event("filled"));
});
