/** The address as a lesson's link brought it: the page keeps the settings in its address up to date. */

import { lessonIn, pairsOf } from "./lesson.js";

const KEY = `digitnet ${location.pathname} address`;

/** @param {string} hash */
const lessonOf = (hash) => pairsOf(lessonIn(hash).lesson);

/** @param {string} hash */
function keep(hash) {
  try {
    sessionStorage.setItem(KEY, hash);
  } catch {
    // without storage a clean start goes on with the settings as they are
  }
}

/** The fragment that this tab came with, or the next lesson's that was opened in it. */
export function firstAddress() {
  try {
    return sessionStorage.getItem(KEY) ?? location.hash;
  } catch {
    return location.hash;
  }
}

/** Remember the fragment that this tab has come with, across reloads. */
export function rememberAddress() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (visit?.type !== "reload" || lessonOf(firstAddress()) !== lessonOf(location.hash)) keep(location.hash);
  addEventListener("hashchange", () => {
    if (lessonOf(firstAddress()) !== lessonOf(location.hash)) keep(location.hash); // a step of the same lesson is no other link
  });
}
