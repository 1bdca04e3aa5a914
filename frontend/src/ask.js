// A question in a dialog of its own. Resolves to true, or to the text where `label` asks for one, or to null.
export function ask({ title, text = "", yes, no = "Cancel", label = "", value = "" }) {
  const dialog = document.createElement("dialog");
  const form = part("form", { method: "dialog" });
  const heading = part("h2", { id: "ask-title", textContent: title });
  const input = part("input", { id: "ask-text", value, required: true, autocomplete: "off" });
  const agree = part("button", { className: "primary", value: "yes", textContent: yes });
  const leave = part("button", { textContent: no, type: "button" });
  leave.addEventListener("click", () => dialog.close());
  const buttons = part("p", { className: "buttons" }, agree, leave);
  const question = label ? [part("p", { className: "field" }, labelled(label), input)] : [];
  form.append(heading, ...(text ? [part("p", { textContent: text })] : []), ...question, buttons);
  dialog.setAttribute("aria-labelledby", "ask-title");
  dialog.append(form);
  return opened(dialog, () => (label ? input.value.trim() : true));
}

// Shows a dialog until it is closed, then takes it out of the page.
export function opened(dialog, answer) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? answer() : null);
    });
  });
}

// An element with these properties and children.
export function part(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function labelled(text) {
  return part("label", { htmlFor: "ask-text", textContent: text });
}
