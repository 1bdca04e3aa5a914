// Says when the server cannot be reached, waits until it can, and says so.
import { toast } from "./toasts.js";

const LOST = "Can't reach the server. Your text is kept on this device.";
const AGAIN_MS = 5000;
let notice = null;

// Whether the server answers at all, within five seconds.
export async function reachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

export function lost() {
  if (notice?.isConnected) return;
  notice = toast(LOST, "bad");
  setTimeout(look, AGAIN_MS);
}

async function look() {
  if (!await reachable()) return void setTimeout(look, AGAIN_MS);
  notice.remove();
  toast("The server is back. You can go on.");
}

addEventListener("offline", lost);
document.addEventListener("htmx:sendError", lost);
document.addEventListener("htmx:timeout", lost);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // An error with a place of its own is a message; any other answer of this kind is no part of this page.
  if (detail.xhr.status >= 400 && detail.xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
  else if (detail.xhr.status >= 400 && !detail.shouldSwap) toast("That did not work. Please try again.", "bad");
});
