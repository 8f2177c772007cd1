/** Moving between boxes with the arrow keys. */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

const STEPS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/** @param {string} key */
export const isArrow = (key) => key in STEPS;

/**
 * Which of the boxes lies next in the direction of an arrow key: left and right stay in the row.
 * @param {Box} from
 * @param {Box[]} boxes
 * @param {string} key
 * @returns {number} its index, or -1 when there is none
 */
export function nearest(from, boxes, key) {
  const [right, down] = STEPS[key];
  let best = -1;
  let least = Infinity;
  boxes.forEach((box, index) => {
    const dx = box.x + box.width / 2 - from.x - from.width / 2;
    const dy = box.y + box.height / 2 - from.y - from.height / 2;
    const ahead = right * dx + down * dy;
    const aside = Math.abs(right ? dy : dx);
    const distance = ahead + 4 * aside;
    if (ahead > 1 && distance < least && (down || aside < from.height)) [best, least] = [index, distance];
  });
  return best;
}
