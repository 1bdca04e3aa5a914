// <ol data-sortable="form-id"> of <li data-item="key">: dragging one by its [data-handle] fills `item` and `position`
// (from 0) into that form and sends it, by htmx where the form has hx-post. The buttons beside each item
// (data-move="up" and "down") are forms of the server's; Alt+Up and Alt+Down press them (WCAG 2.5.7).
import Sortable from "sortablejs";
import { each } from "./each.js";

each("[data-sortable]", (list) => {
  Sortable.create(list, {
    draggable: "[data-item]",
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    onEnd: ({ item, oldDraggableIndex, newDraggableIndex }) => {
      if (newDraggableIndex !== oldDraggableIndex) send(list, item.dataset.item, newDraggableIndex);
    },
  });
});

function send(list, item, position) {
  const form = document.getElementById(list.dataset.sortable);
  // Not elements.item, which is a method.
  form.elements.namedItem("item").value = item;
  form.elements.namedItem("position").value = position;
  form.requestSubmit();
}

// The browser may bring a page back with what a drag had filled in; the next button must not drag again.
addEventListener("pageshow", () => {
  for (const list of document.querySelectorAll("[data-sortable]")) {
    const { elements } = document.getElementById(list.dataset.sortable);
    elements.namedItem("item").value = elements.namedItem("position").value = "";
  }
});

document.addEventListener("keydown", (event) => {
  const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const button = way && event.target.closest("[data-item]")?.querySelector(`[data-move="${way}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
