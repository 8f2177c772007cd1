/** Has the site copied, so that the next visit works without a network. */

/** Milliseconds before the site is copied: who presses Train at once comes first. */
const QUIET = 4_000;
/** Milliseconds before that is tried again. */
const AGAIN = 60_000;
/** Milliseconds that the copy may take before the page stops waiting to hear of it. */
const LIMIT = 120_000;

/**
 * With which training images a whole copy is there, if it is; impossible where the browser makes none, as on plain HTTP
 * from another machine.
 * @typedef {"first" | "all" | "no" | "impossible"} Kept
 */

/**
 * @param {() => boolean} hasAll  whether the training images that not everybody loads were asked for
 * @param {(kept: Kept) => void} onKept  is told what has come of each try
 * @returns {() => void} has what has been loaded copied when it is quiet, and until that has succeeded; in place of a
 * copy that is still to come
 */
export function keeping(hasAll, onKept) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function keepIn(/** @type {number} */ wait) {
    clearTimeout(timer);
    const mine = setTimeout(async () => {
      const kept = await keepForOffline(hasAll());
      onKept(kept);
      if (kept === "no" && timer === mine) keepIn(AGAIN);
    }, wait);
    timer = mine;
  }
  return () => keepIn(QUIET);
}

/**
 * @param {boolean} hasAll
 * @returns {Promise<Kept>}
 */
async function keepForOffline(hasAll) {
  if (!("serviceWorker" in navigator)) return "impossible";
  try {
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    return active ? await answer(active, { hasAll }) : "no";
  } catch {
    return "no"; // a full disk or a private window is no error of the page
  }
}

/**
 * Ask the service worker; "no" where it does not answer in time. The port is closed: the browser can't know that
 * nothing more will come, and keeps an open one for as long as the page.
 * @param {ServiceWorker} worker
 * @param {{hasAll: boolean}} question
 * @returns {Promise<Kept>}
 */
async function answer(worker, question) {
  const { port1, port2 } = new MessageChannel();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    return await new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      timer = setTimeout(() => resolve("no"), LIMIT);
      worker.postMessage(question, [port2]);
    });
  } finally {
    clearTimeout(timer);
    port1.close();
  }
}
