/** Calls into Python, and what they answer as plain data and arrays. */

import * as Comlink from "comlink";

/**
 * The Python side. A call comes as JSON and buffers, and so does its answer: arrays are left out of the JSON and
 * handed over beside it.
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

/** @param {import("pyodide").PyodideAPI} python */
export function createBridge(python) {
  python.runPython(PYTHON);
  /** @type {import("pyodide/ffi").PyCallable} */
  const callSession = python.globals.get("call");
  const hash = python.globals.get("sha256");

  return {
    versions: /** @type {{python: string, numpy: string}} */ (JSON.parse(python.globals.get("versions"))),
    /** The module digitnet.page.kernel. @type {any} */
    kernels: python.globals.get("kernel"),

    /**
     * Hash bytes where the browser can't: on a page that came over plain HTTP.
     * @param {Uint8Array} bytes
     * @returns {string}
     */
    sha256: (bytes) => hash(python.toPy(bytes)),

    /**
     * Call a method of the Python session; its errors come with name, message and traceback.
     * @param {string} method
     * @param {...unknown} args
     * @returns {any}
     */
    call(method, ...args) {
      /** @type {unknown[]} */
      const buffers = [];
      const text = JSON.stringify(args.map((arg) => (ArrayBuffer.isView(arg) ? { buffer: buffers.push(arg) - 1 } : arg)));
      const given = python.toPy(buffers);
      const result = callSession(method, text, given);
      const [json, kept] = result;
      try {
        const arrays = Array.from(kept, copied);
        const { answer, error } = JSON.parse(json, (_, value) => (value?.array === undefined ? value : arrays[value.array]));
        if (error) throw Object.assign(new Error(error.message), error);
        return answer;
      } finally {
        for (const proxy of [kept, result, given]) proxy.destroy();
      }
    },
  };
}

/**
 * A copy of a NumPy array; the view of Python's memory is let go.
 * @param {any} array
 */
function copied(array) {
  const view = array.getBuffer();
  try {
    return view.data.slice();
  } finally {
    view.release();
    array.destroy();
  }
}

/**
 * An answer whose arrays are handed over to the page, not copied.
 * @param {any} answer
 */
export function transferred(answer) {
  /** @type {Transferable[]} */
  const buffers = [];
  JSON.stringify(answer, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    buffers.push(value.buffer);
    return null;
  });
  return buffers.length ? Comlink.transfer(answer, buffers) : answer;
}
