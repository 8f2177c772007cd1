/** The current network in the browser's own storage, so that it survives a reload. */

import { del, get, set } from "idb-keyval";

const KEY = "network";
const VERSION = 1;

/** @typedef {{bytes: Uint8Array | null, settings: Settings}} Kept  an .npz file, or none while nothing is learned */

/** @param {Kept} kept */
export async function keepNetwork(kept) {
  try {
    await set(KEY, { version: VERSION, ...kept });
  } catch {
    // without storage the network lasts until the page is closed
  }
}

/**
 * What is stored: null when there is nothing, "foreign" when it is not of this version.
 * @returns {Promise<Kept | null | "foreign">}
 */
export async function keptNetwork() {
  try {
    const entry = await get(KEY);
    if (entry === undefined) return null;
    const { version, bytes, settings } = entry ?? {};
    const ours = version === VERSION && (bytes === null || bytes instanceof Uint8Array) && typeof settings === "object";
    return ours ? { bytes, settings } : "foreign";
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
