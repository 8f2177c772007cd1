/** Parts that are fetched for Python beside the interpreter: some before the page is ready, some when they are needed. */

import { compare, Downloads } from "../lib/downloads.js";

/** @typedef {ReturnType<typeof import("./bridge.js").createBridge>} Bridge */

/** Milliseconds between two reports of progress. */
const REPORT = 100;

/**
 * Fetch a file and unpack it, where it is gzipped: the browser does in half the time what Python could do too.
 * @param {Downloads} from
 * @param {string} path
 * @param {string} stage
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function unpacked(from, path, stage) {
  const bytes = await from.get(path, stage);
  if (!path.endsWith(".gz")) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer().catch(() => { throw new Error(`${path} is damaged.`); }));
}

/**
 * The images and labels of one part of MNIST.
 * @param {Downloads} from
 * @param {string} part
 * @param {string} stage
 */
export const shard = (from, part, stage) => /** @type {Promise<[Uint8Array, Uint8Array]>} */ (
  Promise.all(filesOf(part).map((path) => unpacked(from, path, stage))));

/** The files of one part of MNIST: images and labels. @param {string} part */
export const filesOf = (part) => [`data/${part}-images.gz`, `data/${part}-labels.gz`];

/**
 * Give Python a part of MNIST.
 * @param {Downloads} from
 * @param {Bridge} bridge
 * @param {"rest" | "test"} part
 * @param {string} name  in the files' names
 * @param {string} stage
 */
export async function addShard(from, bridge, part, name, stage) {
  const [images, labels] = await shard(from, name, stage);
  checkHashes(from, bridge);
  bridge.call("add_data", part, images, labels);
}

/**
 * Give Python the part of digitnet that stands beside its wheel in the site.
 * @param {Downloads} from
 * @param {Bridge} bridge
 */
export async function addWorkshop(from, bridge) {
  if (BUILD.stock) return; // it is in the wheel
  const archive = await unpacked(from, "pyodide/workshop.zip.gz", "editor");
  checkHashes(from, bridge);
  bridge.installWorkshop(archive);
}

/**
 * What fetches something once Python is there: once, for whoever asks, and again after a failure.
 * @template B
 * @param {Promise<B>} booting
 * @param {URL} site
 * @param {(from: Downloads, started: B) => Promise<void>} add
 */
export function later(booting, site, add) {
  /** @type {Promise<void> | null} */
  let arriving = null;
  /** @type {(stage: Stage) => unknown} */
  let report = () => undefined;

  async function arrive() {
    const started = await booting;
    /** @type {Stage} */
    let current = { stage: "", loaded: 0, total: 0 };
    const downloads = new Downloads(
      site, everySoOften(([stage]) => report(current = { ...stage })), (path) => report({ ...current, silent: path }));
    await Promise.race([downloads.failure, add(downloads, started)]);
    downloads.done();
  }
  return (/** @type {(stage: Stage) => unknown} */ handler = () => undefined) => {
    report = handler;
    return (arriving ??= arrive().catch((error) => {
      arriving = null;
      throw error;
    }));
  };
}

/**
 * Check in Python what a browser won't hash on a page that came over plain HTTP.
 * @param {Downloads} from
 * @param {Bridge} bridge
 */
export function checkHashes(from, { sha256 }) {
  for (const { path, bytes, expected } of from.unchecked.splice(0)) compare(path, sha256(bytes), expected);
}

/**
 * Call `report` now and again, not for each packet.
 * @param {(stages: Stage[]) => void} report
 * @returns {(stages: Stage[]) => void}
 */
export function everySoOften(report) {
  let next = 0;
  return (stages) => {
    if (performance.now() < next) return;
    next = performance.now() + REPORT;
    report(stages);
  };
}
