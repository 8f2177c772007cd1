/** A lesson's task on the page: nodes made one by one, never HTML. */

import { blocks } from "../lib/markdown.js";
import { element } from "../lib/dom.js";

/** @typedef {import("../lib/markdown.js").Inline} Inline */

/**
 * @param {Inline[]} parts
 * @returns {(Node | string)[]}
 */
const nodesOf = (parts) => parts.map((part) => {
  switch (part.kind) {
    case "text": return part.text;
    case "code": return element("code", {}, part.text);
    case "link": return element("a", { href: part.address, target: "_blank", rel: "noopener noreferrer" }, ...nodesOf(part.content));
    default: return element(part.kind, {}, ...nodesOf(part.content));
  }
});

/** The page's own headings end at h2; a task's begin below. */
const HEADINGS = /** @type {const} */ (["h3", "h4", "h5"]);

/**
 * @param {string} text  Markdown
 * @param {(question: string) => Node} answer  the field below a question
 * @returns {HTMLElement[]}
 */
export function markdownNodes(text, answer) {
  return blocks(text).map((block) => {
    switch (block.kind) {
      case "heading": return element(HEADINGS[Math.min(block.level, HEADINGS.length) - 1], {}, ...nodesOf(block.content));
      case "list": return element(block.isOrdered ? "ol" : "ul", {}, ...block.items.map((item) => element("li", {}, ...nodesOf(item))));
      case "code": return element("pre", { tabindex: 0 }, element("code", {}, block.text));
      case "question": return element("label", { class: "question" }, element("span", {}, ...nodesOf(block.content)), answer(block.text));
      default: return element("p", {}, ...nodesOf(block.content));
    }
  });
}
