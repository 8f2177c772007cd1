/** Has the site copied, so that the next visit works without a network. */

/** Milliseconds that the copy may take before the page stops waiting to hear of it. */
const LIMIT = 120_000;

/**
 * @param {boolean} hasAll  whether the training images that not everybody loads were asked for
 * @returns {Promise<"first" | "all" | "no" | "impossible">} with which training images a whole copy is there, if it is;
 * impossible where the browser makes none, as on plain HTTP from another machine
 */
export async function keepForOffline(hasAll) {
  if (!("serviceWorker" in navigator)) return "impossible";
  try {
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    return await new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(() => resolve("no"), LIMIT);
      active?.postMessage({ hasAll }, [port2]);
    });
  } catch {
    return "no"; // a full disk or a private window is no error of the page
  }
}
