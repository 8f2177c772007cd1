/** The parts of the page that a lesson can hide, show and fix, by the data-testid that they carry. */

import { byTestId } from "../lib/dom.js";

/**
 * @typedef {object} Part
 * @property {string} id  data-testid
 * @property {string} name
 * @property {boolean} isControl  whether it can be fixed
 */

/** @type {(id: string, name: string) => Part} */
const panel = (id, name) => ({ id, name, isControl: false });
/** @type {(id: string, name: string) => Part} */
const control = (id, name) => ({ id, name, isControl: true });

const BEFORE = [control("reset", "Reset"), control("train", "Train"), control("step", "Step")];

/** Where the controls of the settings have no label with their name. */
const BUTTONS = [
  control("save", "Save"), control("script", "Script"), control("notebook", "Notebook"), control("load", "Load"),
  control("load-data", "Own data"), control("code-open", "Code"),
];

const BELOW = [
  control("draw", "drawing pad"), control("undo", "Undo"), control("clear", "Clear"), control("load-image", "Photo"),
  control("samples", "sample images"), panel("prediction", "prediction"), panel("probabilities", "probabilities"),
  panel("why", "why this answer"), panel("stages", "from the drawing to the input"), control("teach", "Wrong? It is a …"),
  panel("taught", "labelled drawings"), control("teach-run", "Learn these"), control("teach-undo", "Undo learning"),
  control("rehearse", "rehearse"), control("drawings-export", "Export drawings"), control("drawings-import", "Import"),
  panel("network", "network"), panel("test-accuracy", "test accuracy"), panel("curves", "curves"), panel("hint", "diagnosis"),
  panel("confusion", "confusion matrix"), panel("per-class", "per class"), panel("distribution", "predictions per class"),
  panel("mistakes", "mistakes"), panel("examples", "correct"), panel("batch", "batch"), panel("runs", "runs"),
  panel("experiments", "experiments"), panel("next", "suggested next step"), panel("code", "under the hood: code and exercises"),
  panel("recipes", "recipes and their results"), panel("mathematics", "the mathematics"),
];

/** All parts that this page has, in the order in which they stand there. */
export function parts() {
  const fields = [.../** @type {HTMLFormElement} */ (document.getElementById("settings")).querySelectorAll(".field [data-testid]")];
  const settings = fields.map((field) => {
    const id = String(/** @type {HTMLElement} */ (field).dataset.testid);
    return control(id, field.closest(".field")?.querySelector("label")?.textContent ?? id);
  });
  return [...BEFORE, ...settings, ...BUTTONS, ...BELOW].filter(({ id }) => byTestId(id) !== null);
}

/** What is made when the code is opened lies in this part. */
const IN_CODE = /^(code|exercise|check|trace)(s|-|$)|^gradient-error$/;

/**
 * Whether the page has such a part, be it only when the code is opened.
 * @param {string} id
 */
export const isPart = (id) => /^[a-z][a-z0-9-]*$/.test(id) && (IN_CODE.test(id) || byTestId(id) !== null);

/**
 * Whether one part is, holds or lies in the other.
 * @param {string} one
 * @param {string} other
 */
export function isRelated(one, other) {
  if (one === other) return true;
  const [a, b] = [byTestId(one), byTestId(other)];
  if (a && b) return a.contains(b) || b.contains(a);
  return (one === "code" && IN_CODE.test(other)) || (other === "code" && IN_CODE.test(one));
}

/** What is empty without the parts in it, the inner before the outer. */
export const CONTAINERS = [
  ".transport", ".more .files", ".more", "#fold", ".tools", ".said", ".answer", ".score", ".figures", ".diagnosis-place", ".teaching",
  "#panel-confusion", "#panel-digits", "#panel-mistakes", "#panel-examples", "#panel-batch", "#panel-runs", "#tabs",
  ".card.draw", ".card.inside", ".card.learning",
];
