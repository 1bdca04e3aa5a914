// Calls `fit` once for every element that matches, now and whenever htmx puts a part into the page.
export function each(selector, fit) {
  const fitted = new WeakSet();
  document.addEventListener("htmx:load", ({ target }) => {
    const inside = target.querySelectorAll(selector);
    for (const element of target.matches(selector) ? [target, ...inside] : inside) {
      if (!fitted.has(element)) fit(element);
      fitted.add(element);
    }
  });
}
