/** The table of runs as CSV. */

/** @param {unknown} value */
const field = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const RESULTS = /** @type {const} */ (["epoch", "step", "samples", "seconds", "train_loss", "train_accuracy", "test_loss", "test_accuracy"]);

/**
 * A row a segment: a run as it began, and again after each change in mid-run with the settings from that step on.
 * The results are those of the whole run and stand in its last segment.
 * @param {import("./history.js").RunRecord[]} runs
 */
export function runsCsv(runs) {
  const keys = /** @type {(keyof Settings)[]} */ (Object.keys(runs[0]?.settings ?? {}));
  const rows = [["run", "name", "code", "from_step", ...keys, ...RESULTS]];
  for (const run of runs) {
    const steps = [0, ...new Set(run.changes.map(({ step }) => step))];
    steps.forEach((from, i) => {
      /** @type {Record<string, unknown>} */
      const settings = { ...run.settings };
      for (const { step, key, value } of run.changes) if (step <= from) settings[key] = value;
      const results = RESULTS.map((key) => (i === steps.length - 1 ? run.last?.[key] : null));
      rows.push([run.id, run.name, run.code, from, ...keys.map((key) => settings[key]), ...results].map(field));
    });
  }
  return `${rows.map((row) => row.join(",")).join("\r\n")}\r\n`;
}
