/**
 * This site's own part of the browser's storage. All sites of one origin (every project of a user of GitHub Pages) share
 * IndexedDB and localStorage, so the names carry the site's path.
 */

import { clear, createStore, del, get, getMany, set, update } from "idb-keyval";

/** Milliseconds after which a database that has not answered is taken for one that never will. */
const LIMIT = 5_000;

/** The name that this site's part of the storage goes by; web/index.html makes the same for the theme. */
export const siteName = () => `digitnet ${location.pathname.replace(/[^/]*$/, "")}`;

/** @type {import("idb-keyval").UseStore | null} */
let store = null;
let isSilent = false;

/** Whether the storage has been given up, because it did not answer: nothing is read or written any more. */
export const isStorageSilent = () => isSilent;

/**
 * Rejects when the storage refuses, is full or does not answer in time. After a silence everything rejects: a write that
 * comes through late would replace what could not be read.
 * @template T
 * @param {(store: import("idb-keyval").UseStore) => Promise<T>} task
 * @returns {Promise<T>}
 */
async function inTime(task) {
  if (isSilent) throw new Error("The browser's storage does not answer.");
  store ??= createStore(siteName(), "keyval");
  let timer = 0;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => {
      isSilent = true;
      reject(new Error("The browser's storage does not answer."));
    }, LIMIT);
  });
  try {
    return await Promise.race([task(store), /** @type {Promise<never>} */ (silence)]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} key @returns {Promise<any>} */
export const read = (key) => inTime((own) => get(key, own));

/** @param {string[]} keys @returns {Promise<any[]>} */
export const readAll = (keys) => inTime((own) => getMany(keys, own));

/** @param {string} key @param {unknown} value */
export const write = (key, value) => inTime((own) => set(key, value, own));

/** @param {string} key @param {(value: any) => any} changed */
export const change = (key, changed) => inTime((own) => update(key, changed, own));

/** @param {string} key */
export const remove = (key) => inTime((own) => del(key, own));

/** Forget all that this site has stored; nothing of another site is touched. */
export const removeAll = () => inTime((own) => clear(own));
