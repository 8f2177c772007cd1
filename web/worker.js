/** Runs Python away from the page. Only this file knows Pyodide; the page talks to it through the door below. */

import { compare, Downloads } from "./lib/downloads.js";
import * as Comlink from "comlink";

const SITE = new URL("./", import.meta.url);

/** How long one slice of training takes, in seconds: a prediction waits no longer than this. */
const SLICE = 0.018;

/**
 * The Python side of the door. A call comes as JSON and buffers, and so does its answer: arrays are left out of the
 * JSON and handed over beside it.
 */
const PYTHON = `
import gc, hashlib, json, sys, traceback
import numpy as np
from digitnet.page import kernel
from digitnet.page.session import Session

session = Session()
gc.freeze() # what is there by now stays
gc.enable()
versions = json.dumps({"python": sys.version.split()[0], "numpy": np.__version__})

def call(method, arguments, buffers):
    arrays = []

    def given(value):
        return buffers[value["buffer"]] if isinstance(value, dict) and "buffer" in value else value

    def kept(value):
        if isinstance(value, np.generic):
            return value.item()
        arrays.append(np.frombuffer(value, np.uint8) if isinstance(value, bytes) else np.ascontiguousarray(value))
        return {"array": len(arrays) - 1}

    try:
        answer = getattr(session, method)(*map(given, json.loads(arguments)))
        return json.dumps({"answer": answer}, default=kept), arrays
    except Exception as error:
        known = {"name": type(error).__name__, "message": str(error), "stack": traceback.format_exc()}
        return json.dumps({"error": known}), arrays

def sha256(data):
    return hashlib.sha256(data).hexdigest()
`;

/** @typedef {{stage: string, loaded: number, total: number}} Stage */

/** @type {import("pyodide").PyodideAPI} */
let python;
/** The function `call` above. @type {import("pyodide/ffi").PyCallable} */
let session;
/** The module digitnet.page.kernel. @type {any} */
let kernels;
/** Why there is no kernel, or nothing. @type {Promise<string>} */
let kernel;

// ---- starting ---------------------------------------------------------------------------------------------------

/** @type {(stage: Stage) => unknown} */
let report = () => undefined;
/** @type {Stage} */
let current = { stage: "Python", loaded: 0, total: 0 };

/** @param {Stage} stage */
function enter(stage) {
  current = { ...stage };
  report(current);
}

// Everything is under way before the page asks for it.
const downloads = new Downloads(SITE, spaced((stages) => {
  const stage = stages.find(({ loaded, total }) => loaded < total);
  if (stage) enter(stage);
}));
const starting = Promise.race([start(), downloads.failure]);
starting.catch(() => undefined);

/** Fetch and start Python, NumPy and digitnet, and hand it the first digits. */
async function start() {
  const engine = downloads.compile("pyodide/pyodide.asm.wasm", "Python");
  const [loader, glue, library, lock] = ["pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip", "pyodide-lock.json"].map(
    (name) => downloads.get(`pyodide/${name}`, "Python"),
  );
  const wheels = (await downloads.paths()).filter((path) => path.endsWith(".whl"));
  const packages = wheels.map((path) => downloads.get(path, "NumPy"));
  const modules = [moduleOf("pyodide/pyodide.mjs", loader), moduleOf("pyodide/pyodide.asm.mjs", glue)];
  const giveBack = BUILD.stock ? () => undefined : lend(engine.module, {
    "python_stdlib.zip": library,
    ...Object.fromEntries(wheels.map((path, i) => [nameOf(path), packages[i]])),
  });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(modules);
  const loading = loadPyodide({
    indexURL: new URL("pyodide/", SITE).href,
    packageBaseUrl: new URL("pyodide/", SITE).href,
    lockFileContents: new TextDecoder().decode(await lock),
    createPyodideModule,
    packages: ["digitnet"],
  });
  // Only now, for Python is what takes longest and this would delay its beginning.
  const digits = Promise.all([`train-${BUILD.first}`, "test"].map((part) => shard(downloads, part, "10,000 digits")));
  const kernelBytes = fetchKernel("kernel.wasm");
  try {
    python = await loading;
    await engine.whole;
  } finally {
    giveBack();
  }
  enter({ stage: "Starting", loaded: 0, total: 0 });
  downloads.alive();
  // Pyodide says only to the console what it could not install.
  for (const path of wheels) {
    if (!(nameOf(path).split("-")[0] in python.loadedPackages)) throw new Error(`${path} could not be installed.`);
  }
  python.runPython(PYTHON);
  session = python.globals.get("call");
  kernels = python.globals.get("kernel");
  kernel = installKernel(kernelBytes);
  const [train, test] = await digits;
  hashUnchecked(downloads);
  invoke("add_data", "train", ...train);
  invoke("add_data", "test", ...test);
  invoke("start");
  await kernel;
  downloads.done();
}

/** @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/**
 * The images and labels of one part of MNIST, unpacked: the browser does in half the time what Python could do too.
 * @param {Downloads} from
 * @param {string} part
 * @param {string} stage
 */
const shard = (from, part, stage) => Promise.all(["images", "labels"].map(async (what) => {
  const path = `data/${part}-${what}.gz`;
  const packed = new Blob([await from.get(path, stage)]);
  const unpacked = new Response(packed.stream().pipeThrough(new DecompressionStream("gzip")));
  return new Uint8Array(await unpacked.arrayBuffer().catch(() => { throw new Error(`${path} is damaged.`); }));
}));

/** The other 50,000 training images. @param {Downloads} from */
async function addRest(from) {
  const [images, labels] = await shard(from, `train-${BUILD.rest}`, "60,000 digits");
  hashUnchecked(from);
  invoke("add_data", "rest", images, labels);
}

/** On a page that came over plain HTTP the browser won't hash, but Python does. @param {Downloads} from */
function hashUnchecked(from) {
  const sha256 = python.globals.get("sha256");
  for (const { path, bytes, expected } of from.unchecked.splice(0)) compare(path, sha256(python.toPy(bytes)), expected);
  sha256.destroy();
}

/**
 * Import a module from bytes that have been checked.
 * @param {string} path
 * @param {Promise<Uint8Array<ArrayBuffer>>} fetched
 */
async function moduleOf(path, fetched) {
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
 * @param {Promise<WebAssembly.Module>} engine
 * @param {Record<string, Promise<Uint8Array<ArrayBuffer>>>} files  by name
 * @returns {() => void} what gives the browser its own functions back
 */
function lend(engine, files) {
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

/**
 * Call `report` now and again, not for each packet.
 * @param {(stages: Stage[]) => void} report
 * @returns {(stages: Stage[]) => void}
 */
function spaced(report) {
  let next = 0;
  return (stages) => {
    if (performance.now() < next) return;
    next = performance.now() + 100;
    report(stages);
  };
}

// ---- the kernel: a help that may be missing --------------------------------------------------------------------

/**
 * Fetch and compile a kernel.
 * @param {string} path
 * @returns {Promise<WebAssembly.Module>}
 */
async function fetchKernel(path) {
  const bytes = await downloads.getOptional(path);
  // Where a browser lacks relaxed SIMD, the first kernel is not valid WebAssembly.
  if (path === "kernel.wasm" && !WebAssembly.validate(bytes)) return fetchKernel("kernel-plain.wasm");
  if (!WebAssembly.validate(bytes)) throw new Error("this browser has no SIMD.");
  return WebAssembly.compile(bytes);
}

/**
 * Hand the kernel to the package, which tests it.
 * @param {Promise<WebAssembly.Module>} fetched
 * @returns {Promise<string>} why it is not used, or nothing
 */
async function installKernel(fetched) {
  try {
    const memory = /** @type {any} */ (python)._module.memory;
    const { sgemm, scratchSize, adam, scale } = /** @type {any} */ (await WebAssembly.instantiate(await fetched, { env: { memory } })).exports;
    return kernels.install(sgemm, scratchSize, adam, scale);
  } catch (error) {
    return `NumPy does the work alone: ${/** @type {Error} */ (error).message}`;
  }
}

// ---- calling Python ---------------------------------------------------------------------------------------------

/**
 * Call a method of the Python session; its errors come with name, message and traceback.
 * @param {string} method
 * @param {...unknown} args
 * @returns {any}
 */
function invoke(method, ...args) {
  /** @type {unknown[]} */
  const buffers = [];
  const text = JSON.stringify(args.map((arg) => (ArrayBuffer.isView(arg) ? { buffer: buffers.push(arg) - 1 } : arg)));
  const given = python.toPy(buffers);
  const result = session(method, text, given);
  const [json, kept] = result;
  try {
    const arrays = Array.from(kept, owned);
    const { answer, error } = JSON.parse(json, (_, value) => (value?.array === undefined ? value : arrays[value.array]));
    if (error) throw Object.assign(new Error(error.message), error);
    return answer;
  } finally {
    for (const proxy of [kept, result, given]) proxy.destroy();
  }
}

/**
 * A copy of a NumPy array; the view of Python's memory is let go.
 * @param {any} array
 */
function owned(array) {
  const view = array.getBuffer();
  try {
    return view.data.slice();
  } finally {
    view.release();
    array.destroy();
  }
}

/**
 * Send an answer with its arrays handed over, not copied.
 * @param {any} answer
 */
function sent(answer) {
  /** @type {Transferable[]} */
  const buffers = [];
  JSON.stringify(answer, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    buffers.push(value.buffer);
    return null;
  });
  return buffers.length ? Comlink.transfer(answer, buffers) : answer;
}

// ---- the door ---------------------------------------------------------------------------------------------------

const channel = new MessageChannel();

/** Let in the messages that have arrived meanwhile. */
const breathe = () => new Promise((resolve) => {
  channel.port1.onmessage = resolve;
  channel.port2.postMessage(null);
});

let training = false;

const door = {
  /**
   * Wait until everything is ready.
   * @param {{kernel: "simd" | "numpy"}} wishes
   * @param {(stage: Stage) => unknown} onStage
   */
  async boot(wishes, onStage) {
    report = onStage;
    report(current);
    await starting;
    const versions = JSON.parse(python.globals.get("versions"));
    return { ...versions, ...(await door.setKernel(wishes.kernel)), description: invoke("describe") };
  },

  /**
   * Call a method of the session.
   * @param {string} method
   * @param {...unknown} args
   */
  call: (method, ...args) => sent(invoke(method, ...args)),

  /**
   * Train until the run is over or pause() is called.
   * @param {(progress: Progress) => unknown} onProgress
   * @returns {Promise<Progress>} the last progress
   */
  async train(onProgress) {
    training = true;
    for (;;) {
      const progress = invoke("advance", SLICE);
      if (progress.state !== "training") return progress;
      if (!training) return invoke("pause");
      onProgress(progress);
      await breathe();
    }
  },

  /** Stop after the current slice. */
  pause() {
    training = false;
  },

  /**
   * Fetch the other 50,000 training images, once.
   * @param {(stage: Stage) => unknown} onStage
   */
  async loadAllTraining(onStage) {
    if (invoke("describe").training_available > BUILD.first) return;
    const rest = new Downloads(SITE, spaced(([stage]) => onStage({ ...stage })));
    await Promise.race([rest.failure, addRest(rest)]);
    rest.done();
  },

  /**
   * Choose who does the work.
   * @param {"simd" | "numpy"} name
   */
  async setKernel(name) {
    const kernelNote = name === "simd" ? await kernel : "";
    kernels.use(kernelNote ? "numpy" : name);
    return { kernel: kernels.in_use(), kernelNote };
  },
};

Comlink.expose(door);
