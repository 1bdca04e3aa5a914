// A form on its way: its button says data-busy and does not send twice; after ten seconds a message says that it is
// still working and offers to stop waiting.
import htmx from "./htmx.js";
import { toast } from "./toasts.js";

const SLOW_MS = 10_000;
const waiting = new Map();

document.addEventListener("submit", (event) => {
  if (!waiting.get(event.target)?.sent) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("submit", ({ target: form, submitter, defaultPrevented }) => {
  const elsewhere = submitter?.formTarget || form.target || form.method === "dialog";
  if (!defaultPrevented && !elsewhere) begin(form, { sent: true, button: submitter }, () => window.stop());
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const { elt, triggeringEvent } = detail.requestConfig;
  // A form may also fetch a part of its page on its way, which must not keep anybody from sending it.
  const job = { sent: triggeringEvent?.type === "submit", button: triggeringEvent?.submitter };
  begin(elt, job, () => htmx.trigger(elt, "htmx:abort"));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => end(detail.requestConfig.elt));
// The browser may bring a page back as it was left: in the middle of being sent.
addEventListener("pageshow", () => [...waiting.keys()].forEach(end));

function begin(element, job, stop) {
  end(element);
  const { button } = job;
  const cancel = () => {
    stop();
    end(element);
  };
  job.words = button?.textContent;
  job.timer = setTimeout(() => {
    job.notice = toast("Still working.", "note", [["Stop waiting", cancel]]);
  }, SLOW_MS);
  waiting.set(element, job);
  if (!button) return;
  // Not `disabled`: that would take the focus and, in some browsers, the button's own value away.
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
}

function end(element) {
  const job = waiting.get(element);
  if (!job) return;
  waiting.delete(element);
  clearTimeout(job.timer);
  job.notice?.remove();
  job.button?.removeAttribute("aria-disabled");
  if (job.button?.dataset.busy) job.button.textContent = job.words;
}
