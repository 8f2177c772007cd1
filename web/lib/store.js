/** The current network in the browser's own storage, so that it survives a reload. */

import { get, set, update } from "idb-keyval";

const KEY = "network";
/** Where a network is kept that could not be read: another version of the page may be able to. */
const ASIDE = "network-aside";
const VERSION = 1;

/** @typedef {{bytes: Uint8Array | null, settings: Settings, run?: unknown}} Stored  an .npz file, or none while nothing is learned, and the record of its run */

/** @param {Stored} network */
export async function storeNetwork(network) {
  try {
    await set(KEY, { version: VERSION, ...network });
  } catch {
    // without storage the network lasts until the page is closed
  }
}

/**
 * What is stored: null when there is nothing, "foreign" when it is not of this version.
 * @returns {Promise<Stored | null | "foreign">}
 */
export async function storedNetwork() {
  try {
    const entry = await get(KEY);
    if (entry === undefined) return null;
    const { version, bytes, settings, run } = entry ?? {};
    const isOurs = version === VERSION && (bytes === null || bytes instanceof Uint8Array) && typeof settings === "object";
    return isOurs ? { bytes, settings, run } : "foreign";
  } catch {
    return null;
  }
}

/** Keep a copy of what is stored and could not be read; the next network does not overwrite it. */
export async function setAside() {
  try {
    const entry = await get(KEY);
    await update(ASIDE, (earlier) => entry ?? earlier);
  } catch {
    // nothing to set aside
  }
}
