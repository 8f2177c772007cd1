/** A lesson as data: in an address's fragment, and in a file of web/lessons/, whose keys are those of the address. */

import { encode, entries } from "./fragment.js";

/** Keys that make an address a lesson. */
const KEYS = ["title", "task", "hide", "show", "fix", "steps", "lesson", "large", "embed"];
/** Keys of a file that are read from it at every visit and stay out of the address. */
const TEXTS = ["title", "task", "steps"];
/** Steps of one lesson, and parts that it hides, shows or fixes. */
const MOST = 200;

/** @typedef {{kind: "experiment" | "exercise", id: string}} Step */

/**
 * @typedef {object} Lesson
 * @property {string} title
 * @property {string} task  Markdown
 * @property {Step[]} steps
 * @property {string[]} hide  testids
 * @property {string[]} show  testids of controls and panels; when there are any, only these are shown
 * @property {string[]} fix  testids of controls
 * @property {boolean} isLarge
 * @property {string} embed  a testid: only this part is shown
 * @property {string} file  its name in web/lessons/, or empty
 */

/** @param {string} hash */
export const isLesson = (hash) => KEYS.some((key) => entries(hash).has(key));

/** @param {string} text */
const listIn = (text) => [...new Set(text.split(",").map((part) => part.trim()).filter(Boolean))].slice(0, MOST);

/**
 * @param {string} text
 * @returns {{steps: Step[], wrong: string[]}} wrong: what is no step
 */
function stepsIn(text) {
  /** @type {Step[]} */
  const steps = [];
  const wrong = [];
  for (const part of listIn(text)) {
    const [, kind, id] = /^(experiment|exercise):([a-z0-9-]+)$/.exec(part) ?? [];
    if (id) steps.push({ kind: /** @type {Step["kind"]} */ (kind), id });
    else wrong.push(part);
  }
  return { steps, wrong };
}

/**
 * The lesson in a fragment; what makes no sense is left out and named in `problems`.
 * @param {string} hash
 * @returns {{lesson: Lesson, problems: string[]}}
 */
export function lessonIn(hash) {
  const given = entries(hash);
  const problems = [];
  const list = (/** @type {string} */ key) => listIn(given.get(key) ?? "");
  const large = given.get("large");
  if (large !== null && large !== "1" && large !== "0") problems.push(`large must be 1, not “${large}”.`);
  const { steps, wrong } = stepsIn(given.get("steps") ?? "");
  if (wrong.length) problems.push(`Steps must be experiment:NAME or exercise:NAME, not “${wrong.join(", ")}”.`);
  return {
    lesson: {
      title: (given.get("title") ?? "").trim(),
      task: given.get("task") ?? "",
      steps,
      hide: list("hide"),
      show: list("show"),
      fix: list("fix"),
      isLarge: large === "1",
      embed: (given.get("embed") ?? "").trim(),
      file: (given.get("lesson") ?? "").trim(),
    },
    problems,
  };
}

/**
 * The pairs of an address that say what a lesson is, without those that say nothing.
 * @param {Lesson} lesson
 */
export function pairsOf({ title, task, steps, hide, show, fix, isLarge, embed, file }) {
  const pairs = {
    lesson: file, title, task, steps: steps.map(({ kind, id }) => `${kind}:${id}`).join(","),
    show: show.join(","), hide: hide.join(","), fix: fix.join(","), large: isLarge ? "1" : "", embed,
  };
  return Object.entries(pairs).filter(([, value]) => value !== "").map(([key, value]) => `${key}=${encode(value)}`).join("&");
}

/**
 * A lesson's file as a fragment.
 * @param {any} file  what was read as JSON; throws an error where it is no lesson
 */
export function fragmentOf(file) {
  const isObject = typeof file === "object" && file !== null && !Array.isArray(file);
  if (!isObject || typeof file.title !== "string" || !file.title.trim()) throw new Error("it has no title");
  return `#${Object.entries(file).map(([key, value]) => {
    const isText = ["string", "number"].includes(typeof value);
    const isList = Array.isArray(value) && value.every((line) => typeof line === "string");
    if (!isText && !isList) throw new Error(`${key} must be a text, a number or a list of texts`);
    return `${encodeURIComponent(key)}=${encode(isList ? value.join(key === "task" ? "\n" : ",") : String(value))}`;
  }).join("&")}`;
}

/**
 * What an address that names a file says together with it: the file first, the address on top of it.
 * @param {string} address
 * @param {string} file  a fragment
 */
export function combined(address, file) {
  const own = entries(address);
  const added = [...entries(file)].filter(([key]) => !own.has(key));
  const join = (/** @type {[string, string][]} */ pairs) => pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&");
  return {
    /** With everything in it. */
    whole: `#${join([...own, ...added])}`,
    /** What the address is to be: the texts stay in the file. */
    shown: `#${join([...own, ...added.filter(([key]) => !TEXTS.includes(key))])}`,
  };
}
