// [data-shortcut="l"] is clicked, or focused where one types into it, when the key is pressed; "?" or a
// [data-shortcuts] button lists them. They rest while somebody types and can be switched off (WCAG 2.1.4).
import { each } from "./each.js";
import { opened, part } from "./ask.js";

const TYPED_INTO = "input, textarea, select, [contenteditable]";
const isOff = () => localStorage.getItem("shortcuts") === "off";
const all = () => [...document.querySelectorAll("[data-shortcut]")].filter((one) => one.checkVisibility());

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const combined = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (combined || event.defaultPrevented || isOff() || target.closest?.(`${TYPED_INTO}, dialog`)) return;
  const element = all().find((one) => one.dataset.shortcut === key.toLowerCase());
  if (!element && key !== "?") return;
  event.preventDefault();
  if (!element) help();
  else if (element.matches(TYPED_INTO)) element.focus();
  else element.click();
});

each("[data-shortcuts]", (button) => {
  button.hidden = false;
  button.addEventListener("click", help);
});

function help() {
  const rows = [...all().map((one) => [one.dataset.shortcut, nameOf(one)]), ["?", "This list"]];
  const list = part("dl", { className: "facts" });
  for (const [key, name] of rows) {
    list.append(part("dt", {}, part("kbd", { textContent: key.toUpperCase() })), part("dd", { textContent: name }));
  }
  const dialog = part("dialog", {}, part("h2", { id: "shortcuts-title", textContent: "Keyboard shortcuts" }), list);
  dialog.setAttribute("aria-labelledby", "shortcuts-title");
  const close = part("form", { method: "dialog" }, part("button", { className: "primary", textContent: "Close" }));
  dialog.append(choice(), close);
  opened(dialog, () => null);
}

function choice() {
  const box = part("input", { type: "checkbox", checked: !isOff() });
  box.addEventListener("change", () => localStorage.setItem("shortcuts", box.checked ? "on" : "off"));
  return part("label", { className: "choice" }, box, "Use these keys on this device");
}

function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent.trim() ?? element.textContent.trim();
}
