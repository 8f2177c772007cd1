/** What an experiment claims, and whether its runs bear it out: figures, conditions and sentences. */

import { integer, loss, percent, rate } from "./format.js";

/** @typedef {import("./history.js").RunRecord} RunRecord */
/** @typedef {Record<string, number | string | null>} Figures  by run and name, such as `plain.test_loss`, or by name where several runs make one */
/** @typedef {string | number} Term  the name of a figure, or a number */
/** @typedef {{if: [Term, Operator, Term, Term?], text: string}} Claim */
/** @typedef {"<" | ">" | "=" | "not" | "between"} Operator  the bounds of "between" belong to it */
/** @typedef {{held: boolean, sentences: string[]}} Outcome */
/** @typedef {["-" | "/" | "distance", Term, Term]} Combination */

/**
 * A run of an experiment. measure: what is measured when it has ended (experiments/measures.js).
 * @typedef {object} PlannedRun
 * @property {string} name  by which texts and claims name it
 * @property {string} title
 * @property {Partial<Settings>} settings  those that differ from the ones that all experiments begin with
 * @property {"simd" | "numpy"} [kernel]
 * @property {string[]} [measure]
 */

/**
 * An experiment, as web/lessons/experiments.json declares it. saw: what holds whatever happened; why: what explains it if all claims hold.
 * @typedef {object} Experiment
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {string} question
 * @property {string[]} answers
 * @property {number} right  which answer is right
 * @property {string[]} [for]  diagnoses after which it is the next one to try
 * @property {PlannedRun[]} runs
 * @property {number[][][]} [draw]  strokes for the pad, in shares of its side
 * @property {{label: number, strokes: number[][][]}[]} [teach]  drawings that the network is taught
 * @property {Record<string, Combination>} [figures]
 * @property {Claim[]} claims
 * @property {import("./curve-marks.js").PlannedMark[]} marks
 * @property {string[]} saw
 * @property {string} why
 */

/**
 * What the curves of a run come to. Accuracies are fractions of 1; null is what was not measured.
 * @param {RunRecord} record
 * @returns {Record<string, number | null>}
 */
export function figuresOf({ last, test }) {
  if (!last) return {};
  const best = test.length ? test.reduce((least, point) => (point.loss < least.loss ? point : least)) : null;
  return {
    test: last.test_accuracy, test_loss: last.test_loss, train: last.train_accuracy, train_loss: last.train_loss,
    best_test_loss: best && best.loss, best_epoch: best && best.position,
    epochs: last.epoch, steps: last.step, seconds: last.seconds, speed: last.seconds > 0 ? last.samples / last.seconds : null,
  };
}

/**
 * The value of a term; NaN, for which no comparison holds, where it is no number.
 * @param {Term | undefined} term
 * @param {Figures} figures
 */
function valueOf(term, figures) {
  if (typeof term === "number") return term;
  const value = figures[term ?? ""];
  return typeof value === "number" ? value : NaN;
}

/** @type {Record<Combination[0], (a: number, b: number) => number>} */
const COMBINED = { "-": (a, b) => a - b, "/": (a, b) => a / b, distance: (a, b) => Math.abs(a - b) };

/**
 * All figures that an experiment speaks of.
 * @param {Experiment} experiment
 * @param {Record<string, Record<string, number | string | null>>} byRun  each run's figures
 * @returns {Figures}
 */
export function allFigures(experiment, byRun) {
  /** @type {Figures} */
  const figures = {};
  for (const [run, its] of Object.entries(byRun)) for (const [name, value] of Object.entries(its)) figures[`${run}.${name}`] = value;
  for (const [name, [operation, a, b]] of Object.entries(experiment.figures ?? {})) {
    figures[name] = COMBINED[operation](valueOf(a, figures), valueOf(b, figures));
  }
  return figures;
}

/** @type {Record<Operator, (value: number, bound: number, upper: number) => boolean>} */
const HOLDS = {
  "<": (value, bound) => value < bound,
  ">": (value, bound) => value > bound,
  "=": (value, bound) => value === bound,
  not: (value, bound) => value !== bound && !Number.isNaN(value - bound),
  between: (value, bound, upper) => value >= bound && value <= upper,
};

/**
 * @param {Claim} claim
 * @param {Figures} figures
 */
export const holds = ({ if: [term, operator, bound, upper] }, figures) =>
  HOLDS[operator](valueOf(term, figures), valueOf(bound, figures), valueOf(upper, figures));

/** How a figure is written, by the end of its name. @type {[RegExp, (value: number) => string][]} */
const WRITTEN = [
  [/(^|\.|_)(test|train|share|confidence|right)$/, (value) => percent(value)],
  [/_loss$/, loss],
  [/_points$/, (value) => `${(value * 100).toFixed(1)} percentage points`],
  [/_times$/, (value) => `${value.toFixed(1)} times`],
  [/(^|\.)(epochs|steps|speed)$/, integer],
];

/**
 * A figure in words.
 * @param {string} name
 * @param {number | string | null | undefined} value
 */
export function written(name, value) {
  if (typeof value === "string") return value;
  if (typeof value !== "number" || Number.isNaN(value)) return "no number";
  return (WRITTEN.find(([ending]) => ending.test(name))?.[1] ?? rate)(value);
}

/**
 * A sentence with its figures filled in.
 * @param {string} text  with the names of figures in braces
 * @param {Figures} figures
 */
export const filled = (text, figures) => text.replace(/\{([\w.]+)\}/g, (_, name) => written(name, figures[name]));

/**
 * The figures that a claim compares, as they turned out.
 * @param {Claim} claim
 * @param {Figures} figures
 */
function evidence({ if: terms }, figures) {
  const named = terms.filter((term) => typeof term === "string" && term in figures);
  return named.map((name) => written(String(name), figures[String(name)])).join(" and ");
}

/**
 * What came of an experiment, in sentences: what was measured, then what explains it, or which claims did not hold.
 * @param {Experiment} experiment
 * @param {Figures} figures
 * @returns {Outcome}
 */
export function outcome(experiment, figures) {
  const broken = experiment.claims.filter((claim) => !holds(claim, figures));
  const saw = experiment.saw.map((text) => filled(text, figures));
  if (!broken.length) return { held: true, sentences: [...saw, filled(experiment.why, figures)] };
  const reasons = broken.map((claim) => `${claim.text} (${evidence(claim, figures) || "not measured"})`).join("; ");
  return { held: false, sentences: [...saw, `This time it did not happen as expected. What did not hold: ${reasons}.`] };
}

/**
 * What to say of the visitor's expectation.
 * @param {Experiment} experiment
 * @param {number | null} answer  which answer was chosen, null for none
 * @param {boolean} held
 */
export function verdict({ answers, right }, answer, held) {
  if (answer === null || !held) return "";
  return answer === right ? `You expected that: ${answers[answer]}.` : `You expected: ${answers[answer]}. It turned out: ${answers[right]}.`;
}
