/** The current network in the browser's own storage, so that it survives a reload. */

import { change, read, readAll, remove, write } from "./site-store.js";

const KEY = "network";
/** Where those are kept that could not be read, and how many. */
const ASIDE = "networks-aside";
const MOST_ASIDE = 3;
/** Where the network is kept that an experiment has taken the place of. */
const KEPT = "network-before-experiment";
const VERSION = 1;

/** @typedef {{bytes: Uint8Array | null, settings: Settings, run?: unknown}} Stored  an .npz file, or none while nothing is learned, and the record of its run */

/** @param {Stored} network */
export async function storeNetwork(network) {
  try {
    await write(KEY, { version: VERSION, ...network });
  } catch {
    // without storage the network lasts until the page is closed
  }
}

/**
 * @param {any} entry
 * @returns {Stored | null | "foreign"} null when there is nothing, "foreign" when it is not of this version
 */
function networkIn(entry) {
  if (entry === undefined) return null;
  const { version, bytes, settings, run } = entry ?? {};
  const isOurs = version === VERSION && (bytes === null || bytes instanceof Uint8Array) && settings !== null && typeof settings === "object";
  return isOurs ? { bytes, settings, run } : "foreign";
}

/** What is stored, and what has been set aside, newest first. */
export async function storedNetworks() {
  try {
    const [current, aside] = await readAll([KEY, ASIDE]);
    return { current: networkIn(current), aside: /** @type {any[]} */ (Array.isArray(aside) ? aside : []).map(networkIn) };
  } catch {
    return { current: null, aside: [] };
  }
}

/** Set aside what is stored and could not be read: another version of the page may be able to. */
export async function setAside() {
  try {
    const entry = await read(KEY);
    if (entry === undefined) return;
    await change(ASIDE, (earlier) => [entry, ...(Array.isArray(earlier) ? earlier : [])].slice(0, MOST_ASIDE));
    await remove(KEY);
  } catch {
    // it stays where it is until the next network is stored
  }
}

/**
 * Keep the visitor's network while an experiment trains others in its place; null to forget it.
 * @param {Stored | null} network
 */
export async function keepForLater(network) {
  try {
    await (network ? write(KEPT, { version: VERSION, ...network }) : remove(KEPT));
  } catch {
    // without storage it is kept until the page is closed
  }
}

/** The network that an experiment has taken the place of, or null. @returns {Promise<Stored | null>} */
export async function keptForLater() {
  try {
    const kept = networkIn(await read(KEPT));
    return kept === "foreign" ? null : kept;
  } catch {
    return null;
  }
}

/** Forget what was set aside: it is the current network again. */
export async function clearAside() {
  try {
    await remove(ASIDE);
  } catch {
    // it is read again at the next visit
  }
}
