// <input data-count="50" data-count-from="35">: below it stands how many characters it has, and whether that is more
// (or fewer) than read well. Only advice: what is too long for a rule, the server refuses.
import { each } from "./each.js";

each("[data-count]", (input) => {
  const most = Number(input.dataset.count);
  const least = Number(input.dataset.countFrom ?? 0);
  const line = document.createElement("span");
  line.className = "counter";
  input.after(line);
  const show = () => {
    // Characters as people count them, not UTF-16 units.
    const { length } = [...input.value.trim()];
    const fits = length <= most && (length >= least || length === 0);
    line.textContent = least ? `${length} characters; ${least} to ${most} read best` : `${length} of ${most} characters`;
    line.classList.toggle("beyond", !fits);
  };
  input.addEventListener("input", show);
  input.form?.addEventListener("change", show);
  show();
});
