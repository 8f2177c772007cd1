/** Runs in the browser's own storage, so that names and curves survive a reload. */

import { RunRecord } from "./history.js";
import { read, write } from "./site-store.js";

const KEY = "runs";
const VERSION = 1;

/**
 * Store runs, the current one first. Their number and their curves are bounded by whoever keeps them.
 * @param {RunRecord[]} runs
 */
export async function storeRuns(runs) {
  try {
    await write(KEY, { version: VERSION, runs: runs.filter(({ started }) => started).map((run) => run.toPlain()) });
  } catch {
    // without storage the runs last until the page is closed
  }
}

/**
 * The stored runs; one that is spoilt, or all of another version, are left out.
 * @returns {Promise<RunRecord[]>}
 */
export async function storedRuns() {
  try {
    return runsFrom(await read(KEY));
  } catch {
    return [];
  }
}

/** @param {any} entry  what was stored */
export function runsFrom(entry) {
  if (entry?.version !== VERSION || !Array.isArray(entry.runs)) return [];
  return /** @type {RunRecord[]} */ (entry.runs.map((/** @type {unknown} */ run) => RunRecord.fromPlain(run)).filter(Boolean));
}
