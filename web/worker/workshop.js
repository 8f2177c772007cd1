/** Fetches the part of digitnet that edits, checks and explains code, when it is first asked for. */

import { Downloads } from "../lib/downloads.js";

const ARCHIVE = "pyodide/workshop.zip";

/**
 * @param {URL} site
 * @param {(archive: Uint8Array) => void} install
 * @param {(downloads: Downloads) => void} checkHashes  what a browser won't hash
 */
export function createWorkshop(site, install, checkHashes) {
  /** @type {Promise<void> | null} */
  let arriving = null;

  async function fetchIt() {
    const downloads = new Downloads(site, () => undefined);
    const archive = await Promise.race([downloads.failure, downloads.get(ARCHIVE, "Workshop")]);
    downloads.done();
    checkHashes(downloads);
    install(archive);
  }

  /** Wait until it is there; after a failure it is fetched again. */
  return () => (arriving ??= BUILD.stock ? Promise.resolve() : fetchIt().catch((error) => {
    arriving = null;
    throw error;
  }));
}
