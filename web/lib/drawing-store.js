/** The visitor's labelled drawings in the browser's own storage, so that they survive a reload. */

import { drawingsFrom } from "./drawings.js";
import { read, write } from "./site-store.js";

const KEY = "drawings";

/** @param {import("./drawings.js").Drawing[]} drawings */
export async function storeDrawings(drawings) {
  try {
    await write(KEY, drawings);
  } catch {
    // without storage they last until the page is closed
  }
}

/** The stored drawings. */
export async function storedDrawings() {
  try {
    return drawingsFrom(await read(KEY));
  } catch {
    return [];
  }
}
