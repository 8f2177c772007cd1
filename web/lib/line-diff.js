/** Which lines of two texts differ, as rows to show. */

/** Products of line counts up to which lines are matched; beyond it all are taken for changed. */
const MOST = 4_000_000;

/**
 * The rows of both texts in order: "-" only in the first, "+" only in the second. Far from a change they are left out,
 * and a row "…" stands for them. Matched by the longest common subsequence.
 * @param {string} before
 * @param {string} after
 * @param {number} [context]  unchanged lines kept around a change
 * @returns {ComparedLine[]}  line: its number in the second text, null where it is not there
 */
export function lineDiff(before, after, context = 2) {
  const [old, now] = [before, after].map((text) => text.replace(/\n$/, "").split("\n"));
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  /** @type {ComparedLine[]} */
  const rows = [];
  const same = (/** @type {number} */ i) => rows.push({ sign: " ", text: now[i], line: i + 1 });
  for (let i = 0; i < start; i++) same(i);
  rows.push(...middle(old.slice(start, old.length - end), now.slice(start, now.length - end), start));
  for (let i = now.length - end; i < now.length; i++) same(i);
  return near(rows, context);
}

/**
 * @param {string[]} old
 * @param {string[]} now
 * @param {number} offset  lines before
 * @returns {ComparedLine[]}
 */
function middle(old, now, offset) {
  const width = now.length + 1;
  const isTooMuch = old.length * now.length > MOST;
  /** How many lines are common from here on, for each pair of places. */
  const common = new Uint16Array(isTooMuch ? 0 : (old.length + 1) * width);
  for (let i = old.length - 1; i >= 0 && !isTooMuch; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  /** @type {ComparedLine[]} */
  const rows = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (!isTooMuch && i < old.length && j < now.length && old[i] === now[j]) {
      rows.push({ sign: " ", text: now[j], line: offset + j + 1 });
      i += 1;
      j += 1;
    } else if (i < old.length && (j === now.length || isTooMuch || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      rows.push({ sign: "-", text: old[i], line: null });
      i += 1;
    } else {
      rows.push({ sign: "+", text: now[j], line: offset + j + 1 });
      j += 1;
    }
  }
  return rows;
}

/**
 * @param {ComparedLine[]} rows
 * @param {number} context
 */
function near(rows, context) {
  const isKept = rows.map(() => false);
  rows.forEach(({ sign }, i) => {
    if (sign !== " ") isKept.fill(true, Math.max(0, i - context), i + context + 1);
  });
  if (!isKept.includes(true)) return [];
  return rows.flatMap((row, i) => {
    if (isKept[i]) return [row];
    return i === 0 || isKept[i - 1] ? [{ ...row, text: "…", line: null }] : [];
  });
}
