/** Settings as text: the list that follows from the form, and their way into an address and back. */

import { encode, entries } from "./fragment.js";

/** Keys of an address that are not settings: what a lesson shows and asks for. */
export const LESSON_KEYS = ["hide", "show", "fix", "title", "task", "steps", "lesson", "large", "embed", "experiment", "exercise", "code"];

/**
 * @typedef {object} Setting
 * @property {string} control  data-testid of the control, also its key in the address
 * @property {keyof Settings} key  key of the Python session
 * @property {"choice" | "text" | "number"} kind
 * @property {boolean} isOptional  whether an empty number is a value: null
 */

/** @typedef {{name: string, type: string, required?: boolean, dataset: DOMStringMap}} FormControl */

/**
 * The settings that a form has controls for: those with a name, which is the key of the Python session.
 * @param {Iterable<FormControl>} controls
 * @returns {Setting[]}
 */
export function settingsOf(controls) {
  return [...controls].filter(({ name, dataset }) => name && dataset.testid).map(({ name, type, required, dataset }) => ({
    control: String(dataset.testid),
    key: /** @type {keyof Settings} */ (name),
    kind: type.startsWith("select") ? "choice" : type === "number" ? "number" : "text",
    isOptional: !required,
  }));
}

/**
 * The value that a control's text stands for. Whether it is in range is for the session to say.
 * @param {Setting} setting
 * @param {string} text
 * @returns {string | number | null}
 */
export function parse({ control, kind, isOptional }, text) {
  const trimmed = text.trim();
  if (kind === "text") return trimmed;
  const number = Number(trimmed);
  const isNumber = trimmed !== "" && Number.isFinite(number);
  if (kind === "choice") return isNumber ? number : trimmed;
  if (isOptional && trimmed === "") return null;
  if (!isNumber) throw new Error(`${control.replace("-", " ")} must be a number, not “${text}”.`);
  return number;
}

/** @param {string | number | null} value */
export const text = (value) => (value === null ? "" : String(value));

/**
 * @param {string} hash
 * @param {Setting[]} settings
 */
export const hasSettings = (hash, settings) => [...settings.map(({ control }) => control), "kernel"].some((key) => entries(hash).has(key));

/**
 * What an address's fragment asks for. What makes no sense is left out and named in `problem`.
 * @param {string} hash
 * @param {Setting[]} settings
 */
export function fromAddress(hash, settings) {
  /** @type {Record<string, string | number | null>} */
  const changes = {};
  const problems = [];
  const given = entries(hash);
  for (const setting of settings) {
    const value = given.get(setting.control);
    if (value === null) continue;
    try {
      changes[setting.key] = parse(setting, value);
    } catch (error) {
      problems.push(/** @type {Error} */ (error).message);
    }
  }
  const kernel = given.get("kernel");
  if (kernel !== null && kernel !== "simd" && kernel !== "numpy") problems.push(`kernel must be simd or numpy, not “${kernel}”.`);
  const known = new Set([...settings.map(({ control }) => control), "kernel", ...LESSON_KEYS]);
  const unknown = [...new Set(given.keys())].filter((key) => !known.has(key));
  return {
    changes: /** @type {Partial<Settings>} */ (changes),
    kernel: kernel === "simd" || kernel === "numpy" ? /** @type {"simd" | "numpy"} */ (kernel) : null,
    problem: problems.join(" "),
    unknown,
  };
}

/**
 * The fragment, with its #, for what is set; what an earlier fragment says of a lesson stays.
 * @param {Settings} values
 * @param {string} kernel
 * @param {Setting[]} settings
 * @param {string} [earlier]
 */
export function toAddress(values, kernel, settings, earlier = "") {
  const pairs = settings.map(({ control, key }) => [control, text(values[key])]);
  const lesson = [...entries(earlier)].filter(([key]) => LESSON_KEYS.includes(key));
  return `#${[...pairs, ["kernel", kernel], ...lesson].map(([key, value]) => `${key}=${encode(value)}`).join("&")}`;
}

/**
 * One line that names a run: what the network is and how it is trained.
 * @param {Settings} settings
 */
export function summary(settings) {
  const batch = settings.batch_size === null ? "full batch" : `batch ${settings.batch_size}`;
  const l2 = settings.l2 > 0 ? `, L2 ${settings.l2}` : "";
  const size = settings.data_size === "own" ? "own data" : `${settings.data_size.toLocaleString("en")} digits`;
  const network = settings.layers ? `${settings.layers} ${settings.activation}` : "no hidden layer";
  return `${network}, ${settings.optimizer} ${settings.learning_rate}, ${batch}${l2}, ${size}`;
}
