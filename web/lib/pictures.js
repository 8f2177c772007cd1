/** Pictures of the data's digits, each fetched once. */

import { PIXELS } from "./digits.js";

const MOST = 5000;

/** @param {AsyncSession} session */
export function createPictures(session) {
  /** @type {Map<string, Uint8Array>} */
  let known = new Map();
  return {
    /** Forget everything, when the data changes. */
    clear: () => void (known = new Map()),
    /**
     * @param {"test" | "train"} which
     * @param {number[]} indices
     * @returns {Promise<Uint8Array>} one picture after the other
     */
    async get(which, indices) {
      const pictures = known; // these, also when the data changes meanwhile
      const missing = indices.filter((index) => !pictures.has(`${which} ${index}`));
      if (missing.length) {
        const pixels = await session.images(which, missing);
        missing.forEach((index, i) => pictures.set(`${which} ${index}`, pixels.slice(i * PIXELS, (i + 1) * PIXELS)));
      }
      const result = new Uint8Array(indices.length * PIXELS);
      indices.forEach((index, i) => result.set(pictures.get(`${which} ${index}`) ?? new Uint8Array(PIXELS), i * PIXELS));
      if (pictures.size > MOST) pictures.clear();
      return result;
    },
  };
}
