/** Has the site copied, so that the next visit works without a network. */

export async function keepForOffline() {
  if (!("serviceWorker" in navigator)) return; // on plain HTTP from another machine
  try {
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage("keep");
  } catch {
    // A comfort, not a need: a full disk or a private window is no error of the page.
  }
}
