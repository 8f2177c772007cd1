/** Which way keys move a pen. */

/** Arrow keys, and the corners of the numeric pad: columns and rows. @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
};

/** @param {string} key */
export const isMove = (key) => Object.hasOwn(MOVES, key);

/**
 * Where a point comes to when keys are held together: an arrow up and one to the right move it diagonally.
 * @param {number[]} point  from 0 to 1, x to the right and y down
 * @param {Iterable<string>} keys
 * @param {number} step  as a share of the pad
 * @returns {number[]} on the pad
 */
export function moved([x, y], keys, step) {
  let [dx, dy] = [0, 0];
  for (const key of keys) {
    const [right, down] = MOVES[key] ?? [0, 0];
    dx += right;
    dy += down;
  }
  const along = (/** @type {number} */ at, /** @type {number} */ by) => Math.max(0, Math.min(1, at + Math.sign(by) * step));
  return [along(x, dx), along(y, dy)];
}

/**
 * Where a point is, in words: the column and the row of a grid, from 1.
 * @param {number[]} point  from 0 to 1
 * @param {number} side  columns and rows of the grid
 */
export function placeInWords([x, y], side) {
  const cell = (/** @type {number} */ at) => Math.min(side, Math.floor(at * side) + 1);
  return `column ${cell(x)}, row ${cell(y)} of ${side}`;
}
