// <div data-tabs> around <a data-tab="dark" href="?view=dark">, and panels <section id="dark"> that those name. Links
// without scripts; with them tabs: arrow keys, Home and End move (ARIA tabs pattern). An iframe with data-src in a
// panel loads when it is first shown. The link with aria-current is the first to be shown.
import { each } from "./each.js";

each("[data-tabs]", (bar) => {
  const tabs = [...bar.querySelectorAll("[data-tab]")];
  bar.setAttribute("role", "tablist");
  tabs.forEach((tab) => {
    tab.id ||= `tab-${tab.dataset.tab}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.dataset.tab);
    panel(tab)?.setAttribute("role", "tabpanel");
    panel(tab)?.setAttribute("aria-labelledby", tab.id);
  });
  bar.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (!tab) return;
    event.preventDefault();
    choose(tabs, tab);
  });
  bar.addEventListener("keydown", (event) => {
    const to = target(tabs, event);
    if (!to) return;
    event.preventDefault();
    choose(tabs, to);
    to.focus();
  });
  choose(tabs, tabs.find((tab) => tab.hasAttribute("aria-current")) ?? tabs[0]);
});

const panel = (tab) => document.getElementById(tab.dataset.tab);

function target(tabs, { key }) {
  const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  if (key === " " || key === "Enter") return tabs.find((tab) => tab === document.activeElement);
  const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[key];
  return to === undefined ? undefined : tabs.at(to % tabs.length);
}

function choose(tabs, chosen) {
  for (const tab of tabs) {
    const shown = tab === chosen;
    tab.setAttribute("aria-selected", shown);
    tab.removeAttribute("aria-current");
    tab.tabIndex = shown ? 0 : -1;
    if (panel(tab)) panel(tab).hidden = !shown;
    if (shown) load(panel(tab));
  }
}

function load(shown) {
  for (const frame of shown?.querySelectorAll("iframe[data-src]") ?? []) {
    frame.src = frame.dataset.src;
    frame.removeAttribute("data-src");
  }
}
