/** Custom events that carry plain data. */

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {unknown} [detail]
 */
export const emit = (target, type, detail) => target.dispatchEvent(new CustomEvent(type, { detail }));

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(detail: any) => void} handler
 */
export const on = (target, type, handler) =>
  target.addEventListener(type, (event) => handler(/** @type {CustomEvent} */ (event).detail));
