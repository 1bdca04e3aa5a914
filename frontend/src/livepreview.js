// <form data-preview-url="/..." data-preview-frame="frame-name">: 400 ms after the last key the form, as it is now,
// is posted into the iframe of that name. It stays a page of the server's, under a policy of its own: a srcdoc
// would inherit ours, which forbids the styles that emails need. Nothing is saved; without scripts a button with
// formaction, formtarget and formnovalidate does the same.
import { each } from "./each.js";

const PAUSE_MS = 400;

each("form[data-preview-url]", (form) => {
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(form), PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
});

function show(form) {
  const { previewUrl, previewFrame } = form.dataset;
  const frame = document.querySelector(`iframe[name="${previewFrame}"]`);
  if (!frame || !form.isConnected) return;
  keepPlace(frame);
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: previewUrl, target: previewFrame, hidden: true });
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") copy.append(Object.assign(document.createElement("textarea"), { name, value }));
  }
  document.body.append(copy);
  copy.submit();
  copy.remove();
}

// Readers of a long email stay where they were. A frame that is sandboxed from us simply starts at the top.
function keepPlace(frame) {
  const place = frame.contentDocument?.scrollingElement?.scrollTop;
  if (!place) return;
  frame.addEventListener("load", () => frame.contentDocument?.scrollingElement?.scrollTo(0, place), { once: true });
}
