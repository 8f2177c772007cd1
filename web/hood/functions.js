/** Functions and classes in the text of a Python file, as their indentation shows them. */

/** @param {string} line */
const indentOf = (line) => line.length - line.trimStart().length;

/**
 * Where the block that begins with the line `at` ends: its last line that is not empty, and one more.
 * @param {string[]} lines
 * @param {number} at
 */
function endOf(lines, at) {
  const indent = indentOf(lines[at]);
  let end = at + 1;
  while (end < lines.length && (lines[end].trim() === "" || indentOf(lines[end]) > indent || /^\s*\)/.test(lines[end]))) end++;
  while (lines[end - 1].trim() === "") end--;
  return end;
}

/**
 * A text in which the function or class around a line is as it is in the original; `problem` says why there is none.
 * @param {string} original
 * @param {string} text
 * @param {number} line  from 1
 * @returns {{text: string, problem: string}}
 */
export function withFunctionOf(original, text, line) {
  const lines = text.split("\n");
  const start = lines.slice(0, line).findLastIndex((each) => /^\s*(async )?def |^class /.test(each));
  if (start < 0) return { text, problem: "The cursor is not in a function." };
  const head = lines[start].split("(")[0]; // its indentation with it
  const theirs = original.split("\n");
  const there = theirs.findIndex((each) => each.split("(")[0] === head);
  if (there < 0) return { text, problem: "The original has no function of this name." };
  lines.splice(start, endOf(lines, start) - start, ...theirs.slice(there, endOf(theirs, there)));
  return { text: lines.join("\n"), problem: "" };
}
