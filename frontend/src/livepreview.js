// <form data-preview-url="/..." data-preview-frame="frame-name">: 400 ms after the last key the form, as it is now,
// is posted into the iframe of that name. It stays a page of the server's, under a policy of its own: a srcdoc
// would inherit ours, which forbids the styles that emails need. Nothing is saved; without scripts a button with
// formaction, formtarget and formnovalidate does the same. Such buttons with data-preview-view, and a
// <select data-preview-sample>, choose what is shown from then on; they are no fields of the form, so that choosing
// is no change of the text. data-preview-now: what stands in the form is not what is stored.
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
  for (const button of document.querySelectorAll(`button[form="${form.id}"][data-preview-view]`)) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      choose(form, "view", button.dataset.previewView);
    });
  }
  sampleOf(form);
  if (form.dataset.previewNow !== undefined || isTyped(form)) later();
});

function sampleOf(form) {
  const select = document.querySelector("[data-preview-sample]");
  select?.addEventListener("change", () => choose(form, "sample", select.value));
  // The button is for those without scripts.
  select?.form.querySelector("[data-preview-show]")?.setAttribute("hidden", "");
}

// The next page shows the same view: it stands in the address that the form is sent to as well.
function choose(form, name, value) {
  for (const key of ["action", "previewUrl"]) {
    const url = new URL(key === "action" ? form.getAttribute("action") : form.dataset.previewUrl, location);
    url.searchParams.set(name, value);
    if (key === "action") form.setAttribute("action", url.pathname + url.search);
    else form.dataset.previewUrl = url.pathname + url.search;
  }
  for (const button of document.querySelectorAll(`button[form="${form.id}"][data-preview-view]`)) {
    if (name === "view") button.setAttribute("aria-pressed", button.dataset.previewView === value);
  }
  frameOf(form)?.classList.toggle("phone", new URL(form.dataset.previewUrl, location).searchParams.get("view") === "phone");
  show(form);
}

const frameOf = (form) => document.querySelector(`iframe[name="${form.dataset.previewFrame}"]`);

// Words that came back (keep.js) before this module was loaded.
function isTyped(form) {
  return [...form.elements].some((one) => one.matches("input:not([type]), textarea") && one.value !== one.defaultValue);
}

function show(form) {
  const { previewUrl, previewFrame } = form.dataset;
  if (!frameOf(form) || !form.isConnected) return;
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: previewUrl, target: previewFrame, hidden: true });
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") copy.append(Object.assign(document.createElement("textarea"), { name, value }));
  }
  document.body.append(copy);
  copy.submit();
  copy.remove();
}
