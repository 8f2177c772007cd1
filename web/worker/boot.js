/** Starts Pyodide, NumPy and digitnet from files that are fetched and checked here. */

import { Downloads } from "../lib/downloads.js";
import { integer } from "../lib/format.js";
import { createBridge } from "./bridge.js";
import { fetchKernel, installKernel } from "./kernel.js";
import { addShard, addWorkshop, checkHashes, everySoOften, filesOf, later, shard, unpacked } from "./parts.js";

/** What the names of archives end with: see send_as_one in pysrc/sitebuilder/archives.py. */
const PACKED = BUILD.stock ? "" : ".gz";
const ENGINE = "pyodide/pyodide.asm.wasm";
const LIBRARY = `pyodide/python_stdlib.zip${PACKED}`;
/** The first training images, and what the page calls them. */
const FIRST = `train-${BUILD.first}`;
const DIGITS = `${integer(BUILD.first)} digits`;

/**
 * Start at once, before the page asks for it.
 * @param {URL} site
 */
export function boot(site) {
  /** @type {(stage: Stage) => unknown} */
  let report = () => undefined;
  /** @type {Stage} */
  let current = { stage: "Python", loaded: 0, total: 0 };
  const enter = (/** @type {Stage} */ stage) => report((current = { ...stage }));

  const downloads = new Downloads(site, everySoOften((stages) => {
    const sum = (/** @type {"loaded" | "total"} */ key) => stages.reduce((all, stage) => all + stage[key], 0);
    const stage = stages.find(({ loaded, total }) => loaded < total);
    if (stage) enter({ ...stage, share: sum("loaded") / sum("total") });
  }), (path) => enter({ ...current, silent: path }));
  const booting = Promise.race([start(site, downloads, enter), downloads.failure]);
  booting.catch(() => undefined);

  return {
    booting,
    /** @param {(stage: Stage) => unknown} handler */
    onStage(handler) {
      report = handler;
      report(current);
    },
    /** Fetch the other training images, which most visitors never need. */
    loadAllTraining: later(booting, site, (from, bridge) => addShard(from, bridge, "rest", `train-${BUILD.rest}`, `${integer(BUILD.first + BUILD.rest)} digits`)),
    /** Fetch the test images, which are not needed before it trains. */
    loadTest: later(booting, site, (from, bridge) => addShard(from, bridge, "test", "test", "test images")),
    /** Fetch what edits, checks and explains code, for those who open the hood. */
    loadWorkshop: later(booting, site, addWorkshop),
  };
}

/**
 * Fetch and start Python, NumPy and digitnet, and hand it the first digits.
 * @param {URL} site
 * @param {Downloads} downloads
 * @param {(stage: Stage) => void} enter
 */
async function start(site, downloads, enter) {
  const code = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide-lock.json"].map((name) => `pyodide/${name}`);
  const wheels = downloads.paths.filter((path) => path.endsWith(`.whl${PACKED}`));
  downloads.plan("Python", [ENGINE, LIBRARY, ...code]);
  downloads.plan("NumPy", wheels);
  downloads.plan(DIGITS, filesOf(FIRST));

  const engine = downloads.compile(ENGINE, "Python");
  const [loader, glue, lock] = code.map((path) => downloads.get(path, "Python"));
  const library = unpacked(downloads, LIBRARY, "Python");
  const packages = wheels.map((path) => unpacked(downloads, path, "NumPy"));
  const modules = [importChecked("pyodide/pyodide.mjs", loader), importChecked("pyodide/pyodide.asm.mjs", glue)];
  const restore = BUILD.stock ? () => undefined : serveToPyodide(engine.module, {
    "python_stdlib.zip": library,
    ...Object.fromEntries(wheels.map((path, i) => [nameOf(path), packages[i]])),
  });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(modules);
  const loading = loadPyodide({
    indexURL: new URL("pyodide/", site).href,
    packageBaseUrl: new URL("pyodide/", site).href,
    lockFileContents: new TextDecoder().decode(await lock),
    createPyodideModule,
    packages: ["digitnet"],
  });
  // Only now, for Python is what takes longest and this would delay its beginning.
  const digits = shard(downloads, FIRST, DIGITS);
  digits.catch(() => undefined); // said where they are waited for, or by the downloads
  const kernelBytes = fetchKernel(downloads);
  kernelBytes.catch(() => undefined); // installKernel says so
  /** @type {import("pyodide").PyodideAPI} */
  let python;
  try {
    python = await loading;
    await engine.whole;
  } finally {
    restore();
  }
  enter({ stage: "Starting", loaded: 0, total: 0, share: 1 });
  downloads.alive();
  // Pyodide says only to the console what it could not install.
  for (const path of wheels) {
    if (!(nameOf(path).split("-")[0] in python.loadedPackages)) throw new Error(`${path} could not be installed.`);
  }
  const bridge = createBridge(python);
  const installing = installKernel(kernelBytes, python, bridge);
  const train = await digits;
  checkHashes(downloads, bridge);
  bridge.call("add_data", "train", ...train);
  bridge.call("start");
  const noKernel = await installing;
  downloads.done();
  return {
    ...bridge,
    /**
     * Choose who does the work.
     * @param {"simd" | "numpy"} name
     * @returns {{kernel: "simd" | "numpy", kernelNote: string}}
     */
    useKernel(name) {
      const kernelNote = name === "simd" ? noKernel : "";
      bridge.kernels.use(kernelNote ? "numpy" : name);
      return { kernel: bridge.kernels.in_use(), kernelNote };
    },
  };
}

/** The name that Pyodide knows a file by. @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1).replace(/\.gz$/, "");

/**
 * Import a module from bytes that have been checked.
 * @param {string} path
 * @param {Promise<Uint8Array<ArrayBuffer>>} fetched
 */
async function importChecked(path, fetched) {
  const address = URL.createObjectURL(new Blob([await fetched], { type: "text/javascript" }));
  try {
    return await import(address);
  } catch (cause) {
    throw new Error(`${path} can't be run by this browser.`, { cause });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Let Pyodide have what was fetched for it: it asks by address, and would fetch and compile everything again.
 *
 * Gains: what runs is what was checked by its hash, and where the browser keeps nothing 6 MB are fetched once, not twice.
 * Where it does keep them, opening takes 0.0 to 0.2 s less. An upgrade of Pyodide must check: that it fetches with
 * `fetch` and `WebAssembly.instantiateStreaming` (otherwise it fetches for itself, and a test counts the requests).
 * `python build.py --stock` builds without it.
 * @param {Promise<WebAssembly.Module>} engine
 * @param {Record<string, Promise<Uint8Array<ArrayBuffer>>>} files  by name
 * @returns {() => void} what gives the browser its own functions back
 */
function serveToPyodide(engine, files) {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (request, options) => {
    const name = nameOf(String(request instanceof Request ? request.url : request));
    if (name.endsWith(".wasm")) return new Response(); // for the function below, which has the module
    return name in files ? new Response(await files[name]) : fetch(request, options);
  };
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await engine;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}
