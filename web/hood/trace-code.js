/** The code that was recorded, to read, with one line lit. Not the editor: it shows what ran. */

import { pythonLanguage } from "@codemirror/lang-python";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { element } from "../lib/dom.js";

/**
 * The lines of a Python file, coloured.
 * @param {string} text
 */
function colouredLines(text) {
  /** @type {HTMLElement[]} */
  const lines = [];
  let number = 0;
  const begin = () => lines.push(element("span", { class: "code-line", "data-number": ++number }));
  begin();
  highlightCode(text, pythonLanguage.parser.parse(text), classHighlighter,
    (code, classes) => lines[number - 1].append(classes ? element("span", { class: classes }, code) : code), begin);
  return lines;
}

export class TraceCode {
  /** The lines of each file, made when they are first shown. @type {Map<string, HTMLElement[]>} */
  #lines = new Map();
  /** @type {Map<string, string>} */
  #texts = new Map();
  #file = "";
  /** @type {HTMLElement | null} */
  #lit = null;

  constructor() {
    this.code = element("code");
    this.element = element("pre", { class: "trace-code", tabindex: 0, "aria-label": "The code that was recorded" }, this.code);
  }

  /** @param {Map<string, string>} texts  by file */
  setTexts(texts) {
    this.#texts = texts;
    this.#lines.clear();
    this.#file = "";
    this.#lit = null;
    this.code.replaceChildren();
  }

  /**
   * Show a line in the middle, lit.
   * @param {string} file
   * @param {number} line  from 1
   */
  show(file, line) {
    const lines = this.#lines.get(file) ?? colouredLines(this.#texts.get(file) ?? "");
    this.#lines.set(file, lines);
    if (file !== this.#file) this.code.replaceChildren(...lines);
    this.#file = file;
    this.#lit?.classList.remove("lit");
    this.#lit?.removeAttribute("aria-current");
    this.#lit = lines[line - 1] ?? null;
    this.#lit?.classList.add("lit");
    this.#lit?.setAttribute("aria-current", "step");
    this.element.scrollTop = (this.#lit?.offsetTop ?? 0) - this.element.clientHeight / 2;
  }

  /**
   * @param {string} file
   * @param {number} line  from 1
   */
  textOf(file, line) {
    return this.#texts.get(file)?.split("\n")[line - 1] ?? "";
  }
}
