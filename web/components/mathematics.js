/** The code beside the equations: the real lines of the running package, those that matter marked. */

import { element } from "../lib/dom.js";

/**
 * The lines of a function without its docstring, each with its number.
 * @param {SourceLines} source
 */
function codeLines({ line, text }) {
  let inDocstring = false;
  return text.trimEnd().split("\n").flatMap((code, i) => {
    const quotes = (code.match(/"""/g) ?? []).length;
    const skip = inDocstring || quotes > 0;
    if (quotes === 1) inDocstring = !inDocstring;
    return skip ? [] : [{ number: line + i, code }];
  });
}

export class Mathematics {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.blocks = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-source]")]);
    for (const block of this.blocks) block.textContent = "The lines appear here as soon as Python has started.";
  }

  /** The names of all functions that are shown. */
  get names() {
    return this.blocks.flatMap((block) => (block.dataset.source ?? "").split(" "));
  }

  /** @param {Record<string, SourceLines>} sources */
  update(sources) {
    for (const block of this.blocks) {
      const marked = new RegExp(block.dataset.lines ?? "^$");
      const names = (block.dataset.source ?? "").split(" ").filter((name) => name in sources);
      const parts = names.map((name) => {
        const [, owner, method] = name.split(".");
        const lines = codeLines(sources[name]).map(({ number, code }) =>
          element("span", { class: marked.test(code) && !/^\s*(def|#)/.test(code) ? "line marked" : "line", "data-number": number }, code));
        const head = method ? [element("span", { class: "owner" }, owner)] : [];
        return element("code", {}, ...head, ...lines);
      });
      block.replaceChildren(element("p", { class: "file" }, [...new Set(names.map((name) => sources[name].file))].join(", ")),
        element("pre", { tabindex: 0, "aria-label": `Python: ${names.join(", ")}` }, ...parts));
    }
  }
}
