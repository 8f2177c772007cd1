/** The current network in the browser's own storage, so that it survives a reload. */

import { del, get, set } from "../vendor/idb-keyval.js";

const KEY = "network";
const VERSION = 1;

/** @param {Uint8Array} bytes  an .npz file */
export async function keepNetwork(bytes) {
  try {
    await set(KEY, { version: VERSION, bytes });
  } catch {
    // without storage the network lasts until the page is closed
  }
}

/**
 * What is stored: the bytes, null when there is nothing, or "foreign" when it is not of this version.
 * @returns {Promise<Uint8Array | null | "foreign">}
 */
export async function storedNetwork() {
  try {
    const entry = await get(KEY);
    if (entry === undefined) return null;
    return entry?.version === VERSION && entry.bytes instanceof Uint8Array ? entry.bytes : "foreign";
  } catch {
    return null;
  }
}

export async function dropNetwork() {
  try {
    await del(KEY);
  } catch {
    // nothing to drop
  }
}
