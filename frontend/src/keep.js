// form[data-keep="name"]: what was typed stays in this tab until the server has it, and comes back after a crash,
// an expired log-in or a lost connection. A form whose content has a revision carries it in the name, so that an
// old draft never covers somebody else's newer words. Passwords and files are not kept; signing out forgets all.
import { agreed } from "./confirm.js";
import { each } from "./each.js";
import { lost, reachable } from "./server.js";
import { toast } from "./toasts.js";

const PREFIX = "keep:";
const SENT = "sent-draft";
const NOT_KEPT = /hidden|password|file|submit|button/;
const reached = new WeakSet();
// By where it is sent: after faults, the same form stands at another address.
const sentTo = (form) => new URL(form.getAttribute("action"), location).pathname;
const keyOf = (form) => `${PREFIX}${sentTo(form)}:${form.dataset.keep}`;

const kept = (form) => [...form.elements].filter((one) => one.name && !NOT_KEPT.test(one.type));
const isBox = (one) => one.type === "checkbox" || one.type === "radio";
const values = (form) => kept(form).map((one) => [one.name, isBox(one) ? one.checked : one.value]);

// A draft has arrived when the page that follows says so. Before any form is filled, and before any other message.
if (document.querySelector("#toasts .good, #toasts .note")) forget((key) => key === sessionStorage.getItem(SENT));
sessionStorage.removeItem(SENT);

each("form[data-keep]", (form) => {
  restore(form, JSON.parse(sessionStorage.getItem(keyOf(form))));
  form.addEventListener("input", () => sessionStorage.setItem(keyOf(form), JSON.stringify(values(form))));
});

function restore(form, draft) {
  const served = values(form);
  const sameFields = draft?.length === served.length && draft.every(([name], index) => name === served[index][0]);
  if (!sameFields || JSON.stringify(draft) === JSON.stringify(served)) return;
  kept(form).forEach((one, index) => {
    one[isBox(one) ? "checked" : "value"] = draft[index][1];
  });
  form.dispatchEvent(new Event("change", { bubbles: true }));
  toast("What you had typed here is back. It was not saved.", "note", [["Discard it", () => discard(form)]]);
}

function discard(form) {
  sessionStorage.removeItem(keyOf(form));
  form.reset();
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// A plain form would end on the browser's own error page, so ask first whether anybody is there.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.getAttribute("action") === "/logout") forget(() => true);
  if (form.dataset.keep === undefined || event.defaultPrevented || reached.delete(form)) return;
  event.preventDefault();
  if (!await reachable()) return void lost();
  sessionStorage.setItem(SENT, keyOf(form));
  reached.add(form);
  agreed.add(form);
  form.requestSubmit(submitter);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig.elt;
  const sent = detail.requestConfig.triggeringEvent?.type === "submit";
  if (sent && detail.successful) sessionStorage.removeItem(keyOf(form));
});

function forget(which) {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  keys.filter(which).forEach((key) => sessionStorage.removeItem(key));
}
