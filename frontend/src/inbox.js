// [data-poll] asks for news every three seconds (its own hx-get with hx-trigger="poll"), while the tab is seen.
import htmx from "./htmx.js";

const EVERY = 3000;

setInterval(() => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-poll]")) htmx.trigger(element, "poll");
}, EVERY);
