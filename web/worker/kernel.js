/** The WebAssembly kernel, which may be missing: NumPy then works without it. */

import { compare } from "../lib/downloads.js";

/** @typedef {{path: string, bytes: Uint8Array<ArrayBuffer>, unchecked: import("../lib/downloads.js").Expected | null}} Fetched */

/**
 * Fetch the kernel that this browser can run.
 * @param {import("../lib/downloads.js").Downloads} downloads
 * @returns {Promise<Fetched>}
 */
export async function fetchKernel(downloads, path = "kernel.wasm") {
  const fetched = await downloads.getOptional(path);
  if (WebAssembly.validate(fetched.bytes)) return { path, ...fetched };
  // Where a browser lacks relaxed SIMD, the first kernel is not valid WebAssembly.
  if (path === "kernel.wasm") return fetchKernel(downloads, "kernel-plain.wasm");
  throw new Error("this browser has no SIMD.");
}

/**
 * Hand the kernel to the package, which tests it.
 * @param {Promise<Fetched>} fetching
 * @param {import("pyodide").PyodideAPI} python
 * @param {ReturnType<typeof import("./bridge.js").createBridge>} bridge
 * @returns {Promise<string>} why it is not used, or nothing
 */
export async function installKernel(fetching, python, { kernels, sha256 }) {
  try {
    const { path, bytes, unchecked } = await fetching;
    if (unchecked) compare(path, sha256(bytes), unchecked);
    const memory = /** @type {any} */ (python)._module.memory;
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    const { sgemm, scratchSize, adam, scale, warp } = /** @type {any} */ (instance).exports;
    return kernels.install(sgemm, scratchSize, adam, scale, warp);
  } catch (error) {
    return `Running on NumPy without the kernel: ${/** @type {Error} */ (error).message}`;
  }
}
