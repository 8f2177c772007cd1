/** A report as a sheet to read, print and save. It takes the page's place until it is closed. */

import { comparison } from "../hood/exercise-view.js";
import { confusionPicture } from "../lib/confusion-picture.js";
import { curvesSvg } from "../lib/curves-svg.js";
import { element } from "../lib/dom.js";
import { download } from "../lib/download.js";
import { duration, integer, percent } from "../lib/format.js";
import { writeReport } from "../lib/report-file.js";
import { changeText, settingText } from "../lib/run-labels.js";
import { colour, css, divergingWords } from "../lib/theme.js";
import { TileAtlas } from "../lib/tile-atlas.js";

/** @typedef {import("../lib/report-file.js").ReportData} ReportData */
/** @typedef {import("../lib/history.js").RunRecord} RunRecord */

/** Pictures of weights in a row, and the side of each in pixels. */
const COLUMNS = 16;
const TILE = 56;

const root = document.documentElement;

/**
 * @param {string} svg
 * @param {string} description
 */
const picture = (svg, description) => element("img", { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: description });

/**
 * @param {string} title
 * @param {...(Node | string)} content
 */
const part = (title, ...content) => element("section", {}, element("h2", {}, title), ...content);

export class Sheet {
  /** Runs that are in it. @type {Set<RunRecord>} */
  #chosen = new Set();

  /**
   * @param {ReportData} report
   * @param {{isFromFile: boolean, onClose: () => void}} options
   */
  constructor(report, { isFromFile, onClose }) {
    this.report = report;
    this.#chosen = new Set(report.runs.filter(({ shown }) => shown));
    const button = (/** @type {string} */ text, /** @type {string} */ id, /** @type {() => void} */ act) => {
      const made = element("button", { type: "button", "data-testid": id }, text);
      made.addEventListener("click", act);
      return made;
    };
    this.runs = element("div");
    this.heading = element("h1", { tabindex: -1 }, report.title ? `Report: ${report.title}` : "Report");
    this.element = element("main", { class: "sheet", "aria-label": "Report", "data-testid": "sheet" },
      element("div", { class: "sheet-tools row" },
        button("Print or save as PDF", "report-print", () => print()),
        button("Save", "report-save", () => this.#save()),
        button("Close", "report-close", () => this.close()),
        element("span", { class: "soft" }, isFromFile ? "Opened from a file." : "Saved, it opens again with Open a report.")),
      this.heading,
      element("div", { class: "sheet-head" }, this.#field("Name", "name"), this.#field("Date", "date")),
      ...this.#answers(), ...this.#steps(), part("Runs", this.#choice(), this.runs),
      ...this.#test(), ...this.#weights(), ...this.#code(),
      part("Remarks", this.#remarks()));
    this.onClose = onClose;
    this.onKey = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.close();
  }

  /** Show it in place of the page, in the light colours of paper. */
  open() {
    this.theme = root.dataset.theme;
    root.dataset.theme = "light";
    root.dataset.sheet = "";
    this.#drawRuns();
    this.#paint();
    document.body.append(this.element);
    addEventListener("keydown", this.onKey);
    scrollTo({ top: 0 });
    this.heading.focus();
  }

  close() {
    removeEventListener("keydown", this.onKey);
    delete root.dataset.sheet;
    if (this.theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = this.theme;
    this.element.remove();
    this.onClose();
  }

  #save() {
    const { runs, name, title } = this.report;
    const text = writeReport({ ...this.report, runs: runs.filter((run) => this.#chosen.has(run)) });
    const words = ["digitnet", name, title].join(" ").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    download(`${words.join("-").slice(0, 80)}.json`, new Blob([text], { type: "application/json" }));
  }

  /**
   * @param {string} label
   * @param {"name" | "date"} key
   */
  #field(label, key) {
    const field = element("input", { type: "text", maxlength: 120 });
    field.value = this.report[key];
    field.addEventListener("input", () => (this.report[key] = field.value));
    return element("label", {}, element("span", {}, label), field);
  }

  #remarks() {
    const field = element("textarea", { rows: 3, "aria-label": "Remarks" });
    field.value = this.report.remarks;
    field.addEventListener("input", () => (this.report.remarks = field.value));
    return field;
  }

  #answers() {
    const { answers } = this.report;
    return answers.length ? [part("Answers", ...answers.flatMap(({ question, answer }) =>
      [element("p", { class: "asked" }, question), element("p", { class: "answered" }, answer || "–")]))] : [];
  }

  #steps() {
    const { steps } = this.report;
    return steps.length ? [part("Steps", element("ol", { class: "sheet-steps" }, ...steps.map(({ name, isDone, notes }) =>
      element("li", {}, `${isDone ? "✓" : "○"} ${name}${isDone ? "" : " (not done)"}`, ...(notes ? [element("p", { class: "answered" }, notes)] : [])))))] : [];
  }

  #choice() {
    const boxes = this.report.runs.map((run) => {
      const box = element("input", { type: "checkbox", checked: this.#chosen.has(run) });
      box.addEventListener("change", () => {
        if (box.checked) this.#chosen.add(run);
        else this.#chosen.delete(run);
        this.#drawRuns();
      });
      return element("label", { class: "check" }, box, run.label);
    });
    return element("div", { class: "sheet-tools row", role: "group", "aria-label": "Runs in the report" }, ...boxes);
  }

  #drawRuns() {
    const [first, ...others] = this.report.runs.filter((run) => this.#chosen.has(run));
    if (!first) return this.runs.replaceChildren(element("p", {}, this.report.runs.length ? "No run is chosen." : "Nothing has been trained yet."));
    const svg = curvesSvg({ run: first, earlier: others, axis: "position", color: (name) => css(colour(name)) });
    return this.runs.replaceChildren(picture(svg, "Learning curves of the chosen runs"), ...[first, ...others].map(describe));
  }

  #test() {
    const { test } = this.report;
    if (!test) return [];
    const { evaluation, names } = test;
    return [part("Confusion matrix", element("p", {}, `The network as it was when the report was made: ${percent(evaluation.accuracy, 2)} of ${integer(evaluation.count)} test images read correctly.`),
      this.matrix = element("div", { class: "sheet-matrix" }, names.join(", ")))];
  }

  #weights() {
    const { weights } = this.report;
    if (!weights?.count) return [];
    const rows = Math.ceil(weights.count / COLUMNS);
    this.tiles = element("canvas", { width: COLUMNS * TILE, height: rows * TILE, role: "img", "aria-label": "Weights of the first layer as pictures" });
    const some = weights.count < weights.total ? `the first ${weights.count} of ${integer(weights.total)} units` : `${integer(weights.total)} units`;
    return [part("Weights of the first layer", element("p", {}, `Each square is one of ${some}: its weights × the pixels’ standard deviation. Blue: ink here raises its sum. Orange: ink lowers it.`), this.tiles)];
  }

  /** Draw what needs the colours of paper. */
  #paint() {
    const { test, weights } = this.report;
    if (test && this.matrix) this.matrix.replaceChildren(picture(confusionPicture(/** @type {any} */ (test.evaluation), test.names), "Confusion matrix: rows are the actual digits, columns the predicted ones"));
    const context = this.tiles?.getContext("2d");
    if (!weights || !context) return;
    const atlas = new TileAtlas();
    atlas.fill(weights, divergingWords());
    context.imageSmoothingEnabled = false;
    for (let i = 0; i < weights.count; i++) {
      atlas.draw(context, weights.start + i, { x: (i % COLUMNS) * TILE + 2, y: Math.floor(i / COLUMNS) * TILE + 2, width: TILE - 4, height: TILE - 4 });
    }
  }

  #code() {
    const { code } = this.report;
    return code.length ? [part("Code", element("p", {}, "What differs from the original, as it was typed: − is a line of the original, + one of this version."),
      ...code.flatMap(({ file, rows }) => [element("h3", {}, file), comparison(rows, `Changes of ${file}`)]))] : [];
  }
}

/**
 * A run's settings and results in words.
 * @param {RunRecord} run
 */
function describe(run) {
  const { last, changes } = run;
  const share = (/** @type {number | null | undefined} */ value) => (value == null ? "–" : percent(value, 2));
  const settings = Object.entries(run.settings).filter(([key]) => key !== "recipe").map(([key, value]) => settingText(key, value)).join(", ");
  const result = last ? `After ${Number(last.position.toFixed(2))} epochs (${integer(last.step)} steps, ${duration(last.seconds)}): training accuracy ${share(last.train_accuracy)}, test accuracy ${share(last.test_accuracy)}.` : "Not trained.";
  return element("div", { class: "sheet-run" }, element("h3", {}, run.label), element("p", {}, result),
    element("p", { class: "soft" }, `${settings}.${changes.length ? ` Changed meanwhile: ${changes.map(changeText).join(", ")}.` : ""}${run.code === "edited" ? " Trained with changed code." : ""}`));
}
