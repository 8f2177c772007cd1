/** The settings as a table: control, key of the Python session, and how text becomes a value and back. */

/**
 * @typedef {object} Setting
 * @property {string} control  data-testid of the control, also its key in the address
 * @property {keyof Settings} key  key of the Python session
 * @property {"choice" | "text" | "number" | "size" | "optional"} kind
 */

/** @type {readonly Setting[]} */
export const SETTINGS = [
  { control: "recipe", key: "recipe", kind: "choice" },
  { control: "data-size", key: "data_size", kind: "size" },
  { control: "layers", key: "layers", kind: "text" },
  { control: "activation", key: "activation", kind: "choice" },
  { control: "initializer", key: "initializer", kind: "choice" },
  { control: "optimizer", key: "optimizer", kind: "choice" },
  { control: "learning-rate", key: "learning_rate", kind: "number" },
  { control: "schedule", key: "schedule", kind: "choice" },
  { control: "batch-size", key: "batch_size", kind: "optional" },
  { control: "l2", key: "l2", kind: "number" },
  { control: "epochs", key: "epochs", kind: "number" },
  { control: "seed", key: "seed", kind: "number" },
  { control: "shift", key: "shift", kind: "number" },
  { control: "evaluate-every", key: "evaluate_every", kind: "number" },
];

/**
 * The value that a control's text stands for. Whether it is in range is for the session to say.
 * @param {Setting} setting
 * @param {string} text
 * @returns {string | number | null}
 */
export function parse(setting, text) {
  const trimmed = text.trim();
  if (setting.kind === "choice" || setting.kind === "text") return trimmed;
  if (setting.kind === "size" && trimmed === "own") return "own";
  if (setting.kind === "optional" && trimmed === "") return null;
  const number = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(number)) {
    throw new Error(`${setting.control.replace("-", " ")} must be a number, not “${text}”.`);
  }
  return number;
}

/** @param {string | number | null} value */
export const text = (value) => (value === null ? "" : String(value));

/** @param {string} hash  an address's fragment */
const entries = (hash) => new URLSearchParams(hash.replace(/^#/, ""));

/** @param {string} hash */
export const hasSettings = (hash) => SETTINGS.some(({ control }) => entries(hash).has(control));

/**
 * Settings in an address's fragment. Keys it does not know are left alone.
 * @param {string} hash
 * @returns {Partial<Settings>}
 */
export function fromAddress(hash) {
  /** @type {Record<string, string | number | null>} */
  const changes = {};
  for (const setting of SETTINGS) {
    const value = entries(hash).get(setting.control);
    if (value !== null) changes[setting.key] = parse(setting, value);
  }
  return changes;
}

/**
 * @param {string} hash
 * @returns {"simd" | "numpy" | null}
 */
export function kernelInAddress(hash) {
  const kernel = entries(hash).get("kernel");
  return kernel === "simd" || kernel === "numpy" ? kernel : null;
}

/**
 * @param {Settings} settings
 * @param {string} kernel
 * @returns {string} the fragment, with its #
 */
export function toAddress(settings, kernel) {
  const pairs = SETTINGS.map(({ control, key }) => `${control}=${encodeURIComponent(text(settings[key])).replaceAll("%2C", ",")}`);
  return `#${pairs.join("&")}&kernel=${kernel}`;
}

/**
 * One line that names a run: what the network is and how it is trained.
 * @param {Settings} settings
 */
export function summary(settings) {
  const batch = settings.batch_size === null ? "full batch" : `batch ${settings.batch_size}`;
  const l2 = settings.l2 > 0 ? `, L2 ${settings.l2}` : "";
  const size = settings.data_size === "own" ? "own data" : `${settings.data_size.toLocaleString("en")} digits`;
  return `${settings.layers || "no hidden layer"} ${settings.activation}, ${settings.optimizer} ${settings.learning_rate}, ${batch}${l2}, ${size}`;
}
