/**
 * The Markdown of a lesson's task: headings, paragraphs, lists, emphasis, code, links to http and https, and questions,
 * a line that begins with "? ". Anything else is text. The result is plain data: whoever shows it makes nodes of it,
 * so that a link can bring no HTML.
 */

/** Characters of a task that are read. */
export const MOST = 20_000;

/**
 * @typedef {{kind: "text" | "code", text: string} | {kind: "strong" | "em", content: Inline[]} | {kind: "link", address: string, content: Inline[]}} Inline
 * @typedef {{kind: "paragraph", content: Inline[]} | {kind: "question", text: string, content: Inline[]}
 *   | {kind: "heading", level: number, content: Inline[]} | {kind: "list", isOrdered: boolean, items: Inline[][]}
 *   | {kind: "code", text: string}} Block
 */

/** Code, strong, emphasis, a link: no part can hold its own mark, so that a text is read in one pass. */
const MARKS = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^[\]]+)\]\(([^()\s]+)\)/g;

/**
 * The address of a link when it leads to a page of the web.
 * @param {string} text
 * @returns {string | null}
 */
function webAddress(text) {
  if (!/^https?:\/\//i.test(text)) return null;
  try {
    const { protocol, href } = new URL(text);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @returns {Inline[]}
 */
export function inlines(text) {
  /** @type {Inline[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    const [all, code, strong, em, label, target] = match;
    const address = target === undefined ? null : webAddress(target);
    if (target !== undefined && address === null) continue; // stays as it was typed
    if (match.index > from) parts.push({ kind: "text", text: text.slice(from, match.index) });
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", content: inlines(strong) });
    else if (em !== undefined) parts.push({ kind: "em", content: inlines(em) });
    else if (address !== null) parts.push({ kind: "link", address, content: inlines(label) });
    from = match.index + all.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

/** @param {string} line */
const itemOf = (line) => /^\s{0,3}(?:[-*+]|(\d{1,3})[.)])\s+(\S.*)$/.exec(line);

/** @param {string} line */
const begins = (line) => /^(#{1,6}\s+\S|```|\? +\S)/.test(line) || itemOf(line) !== null;

/**
 * @param {string} text
 * @returns {Block[]}
 */
export function blocks(text) {
  const lines = text.slice(0, MOST).replace(/\r\n?/g, "\n").split("\n");
  /** @type {Block[]} */
  const found = [];
  let at = 0;
  /** @param {(line: string) => boolean} belongs */
  const take = (belongs) => {
    const start = at;
    while (at < lines.length && belongs(lines[at])) at += 1;
    return lines.slice(start, at);
  };
  const isProse = (/** @type {string} */ line) => line.trim() !== "" && !begins(line);
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,6})\s+(\S.*)$/.exec(line);
    const item = itemOf(line);
    if (line.trim() === "") at += 1;
    else if (line.startsWith("```")) {
      at += 1;
      found.push({ kind: "code", text: take((inside) => !inside.startsWith("```")).join("\n") });
      at += 1;
    } else if (heading) {
      at += 1;
      found.push({ kind: "heading", level: heading[1].length, content: inlines(heading[2].trimEnd()) });
    } else if (/^\? +\S/.test(line)) {
      at += 1;
      const question = [line.slice(2), ...take(isProse)].map((part) => part.trim()).join(" ");
      found.push({ kind: "question", text: question, content: inlines(question) });
    } else if (item) {
      const isOrdered = item[1] !== undefined;
      /** @type {Inline[][]} */
      const items = [];
      for (let next = itemOf(lines[at] ?? ""); next && (next[1] !== undefined) === isOrdered; next = itemOf(lines[at] ?? "")) {
        at += 1;
        items.push(inlines([next[2], ...take(isProse)].map((part) => part.trim()).join(" ")));
      }
      found.push({ kind: "list", isOrdered, items });
    } else {
      found.push({ kind: "paragraph", content: inlines(take(isProse).map((part) => part.trim()).join(" ")) });
    }
  }
  return found;
}

/**
 * The questions that a task asks, in order.
 * @param {string} text
 */
export const questionsIn = (text) => blocks(text).flatMap((block) => (block.kind === "question" ? [block.text] : []));
