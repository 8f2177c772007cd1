/**
 * The second visit works without a network.
 *
 * The network always comes first, so nobody is served yesterday's page; only where it fails does the copy answer that
 * was made at the last visit. A copy is complete or it does not exist: one cache a version of the site.
 */

const worker = /** @type {any} */ (self); // the DOM's types, which the page is checked with, don't know service workers

const PREFIX = `digitnet ${worker.registration.scope} `;
/** Fetched only when asked for. */
const LEFT_OUT = new RegExp(`train-${BUILD.rest}|\\.map$`);

/** Copy the whole site, unless this version is there already, and drop older copies. */
async function keep() {
  const manifest = await fetch("manifest.json", { cache: "no-cache" });
  const { version, files } = await manifest.clone().json();
  const name = PREFIX + version;
  if (!(await caches.has(name))) {
    const cache = await caches.open(name);
    try {
      const paths = Object.keys(files).filter((path) => !LEFT_OUT.test(path));
      // The browser's own cache has most of it from a moment ago.
      await cache.addAll(paths.map((path) => new Request(path, { cache: "force-cache" })));
      await cache.put("manifest.json", manifest);
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }
  const old = (await caches.keys()).filter((key) => key.startsWith(PREFIX) && key !== name);
  await Promise.all(old.map((key) => caches.delete(key)));
}

/** @param {Request} request */
async function answer(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.mode === "navigate" ? "index.html" : request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
/** Whether a whole copy is there, of this version or of an earlier one; the manifest is the last file that it gets. */
async function isKept() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && await (await caches.open(name)).match("manifest.json")) return true;
  }
  return false;
}

worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil((async () => {
  await keep().catch(() => undefined); // without a network an earlier copy may be there
  event.ports[0]?.postMessage(await isKept());
})()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(worker.registration.scope)) event.respondWith(answer(request));
});
