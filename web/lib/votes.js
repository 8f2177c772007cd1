/** Why one class and not the next, as rows of numbers that add up and as a sentence. */

import { SIDE } from "./digits.js";
import { percent } from "./format.js";

/** Units named in the sentence. */
const NAMED = 2;

/**
 * A row: the unit's index, or null for what is not one unit; its label; its parts of the two scores, as they are shown.
 * @typedef {{unit: number | null, label: string, parts: number[]}} Row
 */

const round = (/** @type {number} */ value) => Number(value.toFixed(2));

/** @param {number} value  as it is shown */
export const signed = (value) => (value < 0 ? `−${Math.abs(value).toFixed(2)}` : value.toFixed(2));

/**
 * @param {Votes} votes
 * @param {number} unit
 */
export const unitName = ({ layer }, unit) =>
  layer < 0 ? `pixel in row ${Math.floor(unit / SIDE) + 1}, column ${(unit % SIDE) + 1}` : `unit ${unit + 1}`;

/**
 * The parts of both scores. What is shown is rounded, and the rest takes up what that loses: the columns add up.
 * @param {Votes} votes
 * @returns {Row[]} the last one is the scores
 */
export function rowsOf(votes) {
  const units = votes.votes.map(({ unit, parts }) => ({ unit, label: unitName(votes, unit), parts: parts.map(round) }));
  const bias = votes.bias.map(round);
  const scores = votes.scores.map(round);
  const shown = (/** @type {number} */ i) => units.reduce((sum, { parts }) => sum + parts[i], bias[i]);
  const rest = scores.map((score, i) => round(score - shown(i)));
  const kind = votes.layer < 0 ? "pixels" : "units";
  return [
    ...units,
    ...(votes.rest_count ? [{ unit: null, label: `${votes.rest_count} other ${kind}`, parts: rest }] : []),
    { unit: null, label: "bias", parts: bias },
    { unit: null, label: "score", parts: scores },
  ];
}

/** @param {string[]} words */
const list = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}` : words.join());

/**
 * In words: which units decide, and for what they speak here.
 * @param {Votes} votes
 * @param {string[]} names  of the classes
 */
export function sentenceOf(votes, names) {
  const [winner, other] = votes.classes.map((index) => names[index]);
  const deciding = votes.votes.filter(({ parts }) => parts[0] > parts[1]).slice(0, NAMED);
  if (!deciding.length) return `No single unit speaks for ${winner} against ${other}: the biases decide.`;
  const about = deciding.map(({ unit, raises, lowers }) =>
    `${unitName(votes, unit)} (here it raises ${list(raises.map((index) => names[index]))} most and lowers ${names[lowers[0]]} most)`);
  return `It says ${winner} and not ${other} mostly because of ${list(about)}.`;
}

/**
 * How the scores become probabilities.
 * @param {Votes} votes
 * @param {string[]} names
 */
export function softmaxSentence({ classes, scores, probabilities }, names) {
  const lead = scores[0] - scores[1];
  const times = Math.exp(lead);
  const many = times >= 1e6 ? times.toExponential(1).replace("e+", " × 10^") : times >= 100 ? Math.round(times).toLocaleString("en-US") : times.toFixed(1);
  const [winner, other] = classes.map((index) => names[index]);
  return `A lead of ${lead.toFixed(2)} makes ${winner} e^${lead.toFixed(2)} = ${many} times as probable as ${other}. Softmax divides each e^score by the sum over all ten: ${percent(probabilities[0])} and ${percent(probabilities[1])}.`;
}
