// [data-seconds="57"] around a form that can only be sent for so long: its [data-countdown] shows what is left,
// and at the end the form is gone. The server decides; this only stops offering what it would refuse.
import { each } from "./each.js";

each("[data-seconds]", (box) => {
  // Not a count of ticks: a browser slows those down in a tab that nobody looks at.
  const end = Date.now() + 1000 * Number(box.dataset.seconds);
  const shown = box.querySelector("[data-countdown]");
  // Not to be read out every second.
  shown?.setAttribute("aria-hidden", "true");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) return over(box);
    if (shown) shown.textContent = ` (${left})`;
    if (box.isConnected) setTimeout(tick, 500);
  };
  tick();
});

function over(box) {
  const form = box.querySelector("form");
  const focused = form?.contains(document.activeElement);
  form?.remove();
  if (focused) document.getElementById("main")?.focus({ preventScroll: true });
}
