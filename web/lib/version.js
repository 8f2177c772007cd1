/** Which version of the site runs: its files lie in a folder whose name is made from them. */

/** Milliseconds that the server has to say what it has. */
const LIMIT = 3_000;

export const OUTDATED = "This page has been updated since you opened it. Reload it to go on; your network is stored.";

/** Whether the server, or without one the copy for visits without a network, has another version than the one that runs. */
export async function isOutdated() {
  const own = import.meta.url.split("/").slice(-2).join("/");
  try {
    const response = await fetch(new URL("../manifest.json", import.meta.url), { cache: "no-cache", signal: AbortSignal.timeout(LIMIT) });
    return !(own in (await response.json()).files);
  } catch {
    return false;
  }
}
