/** Keeps the board's parts in the document in the order in which they are seen: Tab and screen readers follow it. */

import { readingOrder } from "../lib/reading-order.js";

/**
 * The style sheet alone says what stands where, with the width of the screen and with what a lesson leaves out.
 * @param {HTMLElement} board  a grid with named areas
 */
export function keepInOrder(board) {
  let last = "";
  function arrange() {
    const { gridTemplateAreas } = getComputedStyle(board);
    if (gridTemplateAreas === last) return;
    last = gridTemplateAreas;
    const names = readingOrder(gridTemplateAreas);
    const place = (/** @type {Element} */ part) => names.indexOf(getComputedStyle(part).gridRowStart);
    const seen = [...board.children].filter((part) => place(part) >= 0).sort((a, b) => place(a) - place(b));
    const rest = [...board.children].filter((part) => place(part) < 0);
    const wanted = [...seen, ...rest];
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    wanted.forEach((part, i) => {
      if (board.children[i] !== part) board.insertBefore(part, board.children[i]);
    });
    if (focused !== document.activeElement) focused?.focus({ preventScroll: true }); // it was in a part that moved
  }
  new ResizeObserver(arrange).observe(board);
}
