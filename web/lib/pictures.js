/** Pictures of the data's digits, each fetched once. */

import { PIXELS } from "./digits.js";

const MOST = 5000;

/** @param {(method: string, ...args: unknown[]) => Promise<any>} ask */
export function pictures(ask) {
  /** @type {Map<string, Uint8Array>} */
  const known = new Map();
  return {
    /** Forget everything, when the data changes. */
    clear: () => known.clear(),
    /**
     * @param {"test" | "train"} which
     * @param {number[]} indices
     * @returns {Promise<Uint8Array>} one picture after the other
     */
    async get(which, indices) {
      const missing = indices.filter((index) => !known.has(`${which} ${index}`));
      if (missing.length) {
        const pixels = /** @type {Uint8Array} */ (await ask("images", which, missing));
        missing.forEach((index, i) => known.set(`${which} ${index}`, pixels.slice(i * PIXELS, (i + 1) * PIXELS)));
      }
      const result = new Uint8Array(indices.length * PIXELS);
      indices.forEach((index, i) => result.set(known.get(`${which} ${index}`) ?? new Uint8Array(PIXELS), i * PIXELS));
      if (known.size > MOST) known.clear();
      return result;
    },
  };
}
