/** Settings and runs in words: "rate 0.01", "no hidden layer", and what tells runs apart. */

import { integer } from "./format.js";

/** @typedef {import("./history.js").RunRecord} RunRecord */

/** @type {Record<string, string>} */
const NAMES = { relu: "ReLU", leaky_relu: "leaky ReLU", he: "He", xavier: "Xavier", sgd: "SGD", momentum: "Momentum", adam: "Adam" };
/** @param {unknown} value */
const named = (value) => NAMES[String(value)] ?? String(value);

/**
 * Each setting in words, the most telling first. Recipe and the epochs between tests do not tell networks apart.
 * @type {Record<string, (value: any) => string>}
 */
const WORDS = {
  layers: (value) => (value === "" ? "no hidden layer" : `hidden ${String(value).replaceAll(",", "-")}`),
  activation: named,
  data_size: (value) => (value === "own" ? "own images" : `${integer(value)} images`),
  optimizer: named,
  learning_rate: (value) => `rate ${value}`,
  schedule: (value) => `${value === "warmup_cosine" ? "warm-up and cosine" : value} rate`,
  batch_size: (value) => (value === null ? "full batch" : `batch ${integer(value)}`),
  l2: (value) => (value === 0 ? "no L2" : `L2 ${value}`),
  initializer: (value) => `${named(value)} initialisation`,
  affine: (value) => (value === 0 ? "no affine" : `affine ${value}`),
  styles: (value) => (value === 0 ? "no styles" : `styles ${value}`),
  ema: (value) => (value === 0 ? "no average" : `average ${value}`),
  shift: (value) => (value === 0 ? "no shift" : `shift ${value}`),
  seed: (value) => `seed ${value}`,
  epochs: (value) => `${integer(value)} ${value === 1 ? "epoch" : "epochs"}`,
  patience: (value) => (value === 0 ? "no early stopping" : `patience ${value}`),
};

/** Differences named of one run. */
const MOST = 4;

/**
 * @param {string} key  a setting's Python name
 * @param {string | number | null} value
 */
export const settingText = (key, value) => WORDS[key]?.(value) ?? `${key.replaceAll("_", " ")} ${value}`;

/** @param {{step: number, key: string, value: string | number | null}} change */
export const changeText = ({ step, key, value }) => `${settingText(key, value)} from step ${integer(step)}`;

/**
 * How each run differs from most others, in their order: "" for a run alone, "same settings" where nothing differs.
 * A run that is like most in everything is named by all that differs in some.
 * @param {RunRecord[]} runs
 * @returns {string[]}
 */
export function differences(runs) {
  if (runs.length < 2) return runs.map(() => "");
  const [first] = runs;
  const keys = Object.keys(WORDS).filter((key) => {
    const value = (/** @type {RunRecord} */ run) => run.settings[/** @type {keyof Settings} */ (key)];
    return runs.some((run) => value(run) !== undefined && value(run) !== value(first));
  });
  if (!keys.length) return runs.map(() => "same settings");
  const all = runs.map(({ settings }) => keys.map((key) => settingText(key, settings[/** @type {keyof Settings} */ (key)])));
  const isCommon = (/** @type {string} */ text, /** @type {number} */ i) => all.filter((words) => words[i] === text).length > runs.length / 2;
  return all.map((texts) => {
    const special = texts.filter((text, i) => !isCommon(text, i));
    const words = special.length ? special : texts;
    return words.slice(0, MOST).join(", ") + (words.length > MOST ? ", …" : "");
  });
}
