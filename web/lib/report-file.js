/** A report as a file that the page opens again: plain data, and every part of it checked when it is read. */

import { RunRecord } from "./history.js";

const FORMAT = "digitnet report";
const VERSION = 1;
/** Characters of a file that are read. */
const MOST = 8_000_000;
/** Pictures of weights in a report, of 28×28 bytes each. */
export const MOST_UNITS = 64;
const PIXELS = 28 * 28;
const MOST_CLASSES = 100;

/**
 * @typedef {object} ReportData
 * @property {string} name  of whoever hands it in
 * @property {string} date  as in 2026-11-24
 * @property {string} title  of the lesson, or empty
 * @property {string} remarks
 * @property {{question: string, answer: string}[]} answers
 * @property {{name: string, isDone: boolean, notes: string}[]} steps
 * @property {RunRecord[]} runs
 * @property {{evaluation: Pick<Report, "count" | "accuracy" | "confusion" | "recall" | "precision">, names: string[]} | null} test
 * @property {Tiles | null} weights  of the first layer
 * @property {{file: string, rows: ComparedLine[]}[]} code  what differs from the original
 */

/** @param {ReportData} report */
export function writeReport({ runs, test, weights, ...texts }) {
  const evaluation = test && pick(test.evaluation, ["count", "accuracy", "confusion", "recall", "precision"]);
  return JSON.stringify({
    format: FORMAT, version: VERSION, ...texts,
    runs: runs.map((run) => run.toPlain()),
    test: test && { evaluation, names: test.names },
    weights: weights && { ...weights, pixels: toBase64(weights.pixels) },
  });
}

/**
 * @param {any} object
 * @param {string[]} keys
 */
const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));

/** @param {Int8Array} bytes */
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte & 255)).join(""));

/** @param {unknown} value @param {number} [most] */
const isText = (value, most = 20_000) => typeof value === "string" && value.length <= most;
/** @param {unknown} value */
const isCount = (value) => Number.isInteger(value) && Number(value) >= 0;
/** @param {unknown} value @param {(item: any) => boolean} holds @param {number} [most] */
const isList = (value, holds, most = 1_000) => Array.isArray(value) && value.length <= most && value.every(holds);
/** @param {unknown} value */
const isShare = (value) => value === null || (typeof value === "number" && value >= 0 && value <= 1);

/** @param {any} test */
function isTest(test) {
  const n = test?.names?.length;
  const { count, accuracy, confusion, recall, precision } = test?.evaluation ?? {};
  const isRow = (/** @type {any} */ row, /** @type {(item: any) => boolean} */ holds) => isList(row, holds) && row.length === n;
  return isList(test?.names, (name) => isText(name, 200), MOST_CLASSES) && n > 1 && isCount(count) && isShare(accuracy)
    && isRow(confusion, (row) => isRow(row, isCount)) && isRow(recall, isShare) && isRow(precision, isShare);
}

/**
 * @param {any} weights
 * @returns {Tiles}
 */
function tilesFrom(weights) {
  const { scale, count, start, total } = weights;
  const bytes = Int8Array.from(atob(String(weights.pixels)), (character) => character.charCodeAt(0));
  const isSound = [count, start, total].every(isCount) && count <= MOST_UNITS && bytes.length === count * PIXELS && Number.isFinite(scale);
  if (!isSound) throw new TypeError("not pictures");
  return { pixels: bytes, scale, count, start, total, layer_sizes: [] };
}

/**
 * The report in a file's text; an error says that it is none.
 * @param {string} text
 * @returns {ReportData}
 */
export function readReport(text) {
  if (text.length > MOST) throw new Error("This file is too large for a report of this page.");
  try {
    const { format, version, name, date, title, remarks, answers, steps, runs, test, weights, code } = JSON.parse(text);
    if (format !== FORMAT) throw new TypeError("another format");
    if (version !== VERSION) throw new Error("This report was saved by another version of this page, which this one cannot read.");
    const records = isList(runs, () => true, 100) ? runs.map((/** @type {unknown} */ run) => RunRecord.fromPlain(run)) : [null];
    const isSound = [name, date, title, remarks].every((part) => isText(part)) && records.every(Boolean)
      && isList(answers, (item) => isText(item?.question) && isText(item?.answer))
      && isList(steps, (item) => isText(item?.name) && typeof item?.isDone === "boolean" && isText(item?.notes))
      && isList(code, (item) => isText(item?.file, 200) && isList(item?.rows, (row) => ["+", "-", " "].includes(row?.sign) && isText(row?.text) && (row.line === null || isCount(row.line)), 10_000))
      && (test === null || isTest(test));
    if (!isSound) throw new TypeError("a part is missing or spoilt");
    return { name, date, title, remarks, answers, steps, runs: /** @type {RunRecord[]} */ (records), test, weights: weights === null ? null : tilesFrom(weights), code };
  } catch (cause) {
    if (/** @type {Error} */ (cause).message.includes("another version")) throw cause;
    throw new Error("This file is not a report of this page, or incomplete. A report is a .json file that “Save” in a report made.", { cause });
  }
}
