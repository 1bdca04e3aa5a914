// htmx as a strict Content-Security-Policy wants it: no eval, no inline style, no script out of an answer.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  // Not style: copying it from what was there before would be an inline style.
  attributesToSettle: ["class"],
  selfRequestsOnly: true,
  // Pages name clients; a copy of them must not stay in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  // 422 is a form with its errors beside the fields.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

export default htmx;
