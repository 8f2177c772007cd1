/** How an exercise's texts are shown: `code` in backticks, and a solution line by line. */

import { element } from "../lib/dom.js";

/**
 * A sentence in which what stands between backticks is code, and between asterisks is stressed.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function rich(text) {
  return text.split(/(`[^`]+`|(?<![\w*])\*[^*\s]+\*(?![\w*]))/).filter(Boolean).map((part) =>
    part.length > 2 && part.startsWith("`") ? element("code", {}, part.slice(1, -1))
      : part.length > 2 && part.startsWith("*") && part.endsWith("*") ? element("em", {}, part.slice(1, -1)) : part);
}

/**
 * The visitor's lines and those of the solution, one below the other.
 * @param {ComparedLine[]} rows
 * @param {string} [label]
 */
export function comparison(rows, label = "Your lines and the solution’s") {
  const list = element("div", { class: "solution-lines", role: "group", tabindex: 0, "aria-label": label });
  for (const { sign, text, line } of rows) {
    const name = sign === "-" ? "del" : sign === "+" ? "ins" : "span";
    list.append(element(name, {}, element("span", { class: "number" }, line === null ? "" : String(line)), `${sign === "-" ? "−" : sign} ${text}`));
  }
  return list;
}

/**
 * The exercises in a select, those to write and those to find apart; a tick before what is solved.
 * @param {HTMLSelectElement} select
 * @param {ExerciseTitle[]} exercises
 * @param {(id: string) => boolean} isSolved
 */
export function fill(select, exercises, isSolved) {
  const chosen = select.value;
  const group = (/** @type {string} */ label, /** @type {string} */ kind) => {
    const options = exercises.filter((exercise) => exercise.kind === kind).map(({ id, title }) => new Option(`${isSolved(id) ? "✓ " : ""}${title}`, id));
    return element("optgroup", { label }, ...options);
  };
  select.replaceChildren(new Option("none", ""), group("Lines to write", "write"), group("Faults to find", "find"));
  select.value = chosen;
}
