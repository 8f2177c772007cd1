/**
 * A copy of the site, so that the next visit works without a network.
 *
 * The network comes first, so nobody is served yesterday's page. The copy answers where the network fails, is silent or
 * gives something else: a server's error, or the page of a network that wants a login. A copy is whole or it does not
 * count: one cache a version of the site, each file checked by its hash, and the manifest put in last.
 */

const worker = /** @type {any} */ (self); // the DOM's types, which the page is checked with, don't know service workers

const SCOPE = worker.registration.scope;
/** Caches are shared by all sites of the origin: only those of this path are touched. */
const PREFIX = `digitnet ${SCOPE} `;
const MANIFEST = "manifest.json";
/** Copied only once they were asked for: they are as large as all the rest. */
const REST = new RegExp(`train-${BUILD.rest}`);
/** What the site consists of; other sites may lie in other folders below. */
const OWN = /^([^/]*|(page-\w+|pyodide|data)\/.+)$/;
/** Milliseconds after which a server that has not answered is not waited for where there is a copy. */
const LIMIT = 4_000;

/** @param {string} path */
const addressOf = (path) => new URL(path, SCOPE).href;

/** @returns {Promise<Cache[]>} this site's caches, whole or not */
async function ownCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  return Promise.all(names.map((name) => caches.open(name)));
}

/** The cache that holds a whole copy, of this version or of an earlier one; undefined where there is none. */
async function wholeCopy() {
  for (const cache of await ownCaches()) {
    if (await cache.match(addressOf(MANIFEST))) return cache;
  }
  return undefined;
}

/**
 * @param {Response | undefined} response
 * @param {{bytes: number, sha256: string}} expected
 */
async function isRight(response, { bytes, sha256 }) {
  if (!response?.ok) return false;
  const content = await response.clone().arrayBuffer();
  if (content.byteLength !== bytes) return false;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/**
 * Have a file in a cache as it was published; throws where it cannot be had.
 * @param {Cache} cache
 * @param {string} path
 * @param {{bytes: number, sha256: string}} expected
 * @param {Cache[]} older
 */
async function keepFile(cache, path, expected, older) {
  const address = addressOf(path);
  const present = await cache.match(address);
  if (await isRight(present, expected)) return;
  if (present) await cache.delete(addressOf(MANIFEST)); // it is not whole until this file is right again
  const sources = [
    ...older.map((other) => () => other.match(address)),
    () => fetch(address, { cache: "force-cache" }), // the browser has most of it from a moment ago
    () => fetch(address, { cache: "reload" }),
  ];
  for (const source of sources) {
    const response = await source();
    if (!response || !(await isRight(response, expected))) continue;
    // A response that came by a redirection cannot answer a navigation.
    await cache.put(address, response.redirected ? new Response(response.body, { headers: response.headers }) : response);
    return;
  }
  throw new Error(`${path} is not the file that was published.`);
}

/**
 * Bring the copy up to the server's version, or repair it, and then drop older ones.
 * @param {boolean} hasAll  whether the training images that not everybody loads are to be in it
 */
async function keep(hasAll) {
  const manifest = await fetch(addressOf(MANIFEST), { cache: "no-cache" });
  const { version, files } = await manifest.clone().json();
  const name = PREFIX + version;
  const older = await ownCaches();
  const cache = await caches.open(name);
  try {
    for (const [path, expected] of Object.entries(files)) {
      if (/\.map$|^sw\.js$/.test(path)) continue;
      const isWanted = hasAll || !REST.test(path) || (await Promise.all(older.map((other) => other.match(addressOf(path))))).some(Boolean);
      if (isWanted) await keepFile(cache, path, expected, older);
    }
  } catch (error) {
    // What was copied so far is gone on with next time, unless it takes up room that the visitor's network may need.
    if (/** @type {Error} */ (error).name === "QuotaExceededError" && !(await cache.match(addressOf(MANIFEST)))) await caches.delete(name);
    throw error;
  }
  await cache.put(addressOf(MANIFEST), manifest);
  const others = (await caches.keys()).filter((key) => key.startsWith(PREFIX) && key !== name);
  await Promise.all(others.map((key) => caches.delete(key)));
}

/**
 * Whether the network gave what was asked for, as far as can be told before the page checks hashes.
 * @param {Response} response
 * @param {Response} kept
 */
async function isOurs(response, kept) {
  const typeOf = (/** @type {Response} */ { headers }) => (headers.get("content-type") ?? "").split(";")[0];
  if (!response.ok || response.redirected || typeOf(response) !== typeOf(kept)) return false;
  return typeOf(kept) !== "text/html" || (await response.clone().text()).includes('name="application-name" content="digitnet"');
}

/**
 * @param {Request} request
 * @param {string} path
 */
async function answer(request, path) {
  const copy = await wholeCopy();
  const kept = await copy?.match(addressOf(path || "index.html"));
  if (!copy || !kept) return fetch(request);
  if (path.startsWith("page-")) { // by its name it can be no other, and it is small enough to be checked each time
    const { files } = await /** @type {Response} */ (await copy.match(addressOf(MANIFEST))).json();
    return await isRight(kept, files[path]) ? kept : fetch(request);
  }
  const silence = new Promise((resolve) => setTimeout(resolve, LIMIT));
  // A page that the browser has kept may ask for files that are gone: the server is asked whether there is a newer one.
  const asked = request.mode === "navigate" ? fetch(request.url, { cache: "no-cache" }) : fetch(request);
  const response = await Promise.race([asked, silence]).catch(() => undefined);
  return response && (await isOurs(response, kept).catch(() => false)) ? response : kept;
}

/** @returns {Promise<"no" | "first" | "all">} with which training images there is a whole copy */
async function state() {
  const cache = await wholeCopy();
  if (!cache) return "no";
  return (await cache.keys()).some(({ url }) => REST.test(url)) ? "all" : "first";
}

/** Copies are made one after the other, also for several tabs. */
let making = Promise.resolve();

worker.addEventListener("install", () => worker.skipWaiting()); // it serves every version of the page alike
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(making = making.then(async () => {
  await keep(event.data.hasAll === true).catch(() => undefined); // an earlier copy may be there
  event.ports[0]?.postMessage(await state());
})));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const [address] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !address.startsWith(SCOPE)) return;
  const path = address.slice(SCOPE.length);
  if (OWN.test(path) && path !== "sw.js") event.respondWith(answer(request, path));
});
