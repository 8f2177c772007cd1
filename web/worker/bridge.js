/** Calls into Python, and what they answer as plain data and arrays. */

import * as Comlink from "comlink";

/** Milliseconds from one sign of life to the next. */
const SIGN = 500;

/** @param {import("pyodide").PyodideAPI} python */
export function createBridge(python) {
  // A module that is written to be called from here: see it for how calls and answers cross.
  const border = python.pyimport("digitnet.page.bridge");
  const session = border.open_session();
  border.give_signs_of_life(signOfLife());

  return {
    versions: /** @type {{python: string, numpy: string}} */ (JSON.parse(border.versions())),
    /** The session's methods that need what workshop.js fetches. @type {Set<string>} */
    workshopMethods: new Set(JSON.parse(border.workshop_methods())),

    /** @param {Uint8Array} archive */
    installWorkshop: (archive) => border.install_workshop(python.toPy(archive)),

    /** The module digitnet.page.kernel. @type {any} */
    kernels: python.pyimport("digitnet.page.kernel"),

    /**
     * Hash bytes where the browser can't: on a page that came over plain HTTP.
     * @param {Uint8Array} bytes
     * @returns {string}
     */
    sha256: (bytes) => border.sha256(python.toPy(bytes)),

    /**
     * Call a method of the Python session; its errors come with name, message and traceback.
     * @template {keyof Session} Method
     * @param {Method} method
     * @param {Parameters<Session[Method]>} args
     * @returns {ReturnType<Session[Method]>}
     */
    call(method, ...args) {
      /** @type {unknown[]} */
      const buffers = [];
      const text = JSON.stringify(args.map((arg) => (ArrayBuffer.isView(arg) ? { buffer: buffers.push(arg) - 1 } : arg)));
      const given = python.toPy(buffers);
      const result = border.call(session, method, text, given);
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
 * What tells the page now and again that a long call goes on; a message that is no answer, which only Connection hears.
 */
function signOfLife() {
  let next = 0;
  return () => {
    if (performance.now() < next) return;
    next = performance.now() + SIGN;
    postMessage(null);
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
