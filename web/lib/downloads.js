/** Fetching the site's files: each once, with progress, checked against the list of this version, and never waited for in vain. */

/** Half a second, in milliseconds: how often the watch looks. */
const TICK = 500;
/** So many looks without anything new are worth telling: three seconds. */
const SILENCE = 6;
/** … and so many are a failure: nine seconds. */
const PATIENCE = 18;

/**
 * @typedef {{bytes: number, sha256: string}} Expected
 * @typedef {{stage: string, loaded: number, total: number}} Stage
 */

/** The browser's own, whatever is put in its place later. */
const fetchFromServer = globalThis.fetch.bind(globalThis);

/** The downloads of one start. Everything rejects with a sentence that names the file. */
export class Downloads {
  /** @type {Map<string, Stage>} */
  #stages = new Map();
  /** Files under way. @type {Set<string>} */
  #pending = new Set();
  /** Files that are counted already and will be asked for. @type {Set<string>} */
  #planned = new Set();
  /** Files that could not be hashed here. @type {{path: string, bytes: Uint8Array<ArrayBuffer>, expected: Expected}[]} */
  unchecked = [];
  #quiet = 0;
  /** @type {(error: Error) => void} */
  #fail = () => undefined;
  /** Rejects with the first failure, whatever else is waiting. @type {Promise<never>} */
  failure = new Promise((_, reject) => (this.#fail = reject));

  /**
   * @param {string | URL} base  the site's address
   * @param {(stages: Stage[]) => void} onProgress  is given the bytes of each stage, as they come over the line
   * @param {(path: string) => void} [onSilence]  is called while nothing arrives, with what is waited for
   * @param {Record<string, Expected>} [files]  what the site's files of this version are, by path
   */
  constructor(base, onProgress, onSilence = () => undefined, files = FILES) {
    this.base = base;
    this.onProgress = onProgress;
    this.files = files;
    this.failure.catch(() => clearInterval(this.watch));
    // Looks are counted, not seconds: while Python keeps the thread busy no time passes here.
    this.watch = setInterval(() => {
      if (++this.#quiet > PATIENCE) this.#fail(new Error(this.#silence()));
      else if (this.#quiet >= SILENCE && this.#pending.size) onSilence([...this.#pending][0]);
    }, TICK);
  }

  #silence() {
    const [path] = this.#pending;
    return path ? `${path} does not arrive.` : "Python does not start: pyodide/pyodide.asm.wasm may be damaged.";
  }

  /** Say that something went on. */
  alive() {
    this.#quiet = 0;
  }

  /** The paths of all files that can be fetched. */
  get paths() {
    return Object.keys(this.files);
  }

  /**
   * Count what will be asked for, so that the total is known from the beginning.
   * @param {string} stage
   * @param {string[]} paths
   */
  plan(stage, paths) {
    const count = this.#stage(stage);
    for (const path of paths) {
      this.#planned.add(path);
      count.total += this.#expected(path).bytes;
    }
  }

  /** @param {string} stage */
  #stage(stage) {
    const count = this.#stages.get(stage) ?? { stage, loaded: 0, total: 0 };
    this.#stages.set(stage, count);
    return count;
  }

  /** @param {string} path */
  #expected(path) {
    const expected = this.files[path];
    if (!expected) throw new Error(`This version of the site has no ${path}.`);
    return expected;
  }

  /** Everything is there: stop watching. */
  done() {
    clearInterval(this.watch);
  }

  /**
   * Fetch one file.
   * @param {string} path
   * @param {string} stage  what it is counted under
   * @param {(response: Response) => void} [use]  is given each response that is tried, before it is checked
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async get(path, stage, use = () => undefined) {
    const count = this.#stage(stage);
    this.#pending.add(path);
    try {
      const request = async (/** @type {RequestCache} */ cache) => {
        const response = await this.#request(path, cache);
        use(response);
        return response;
      };
      const expected = this.#expected(path);
      if (!this.#planned.delete(path)) count.total += expected.bytes;
      try {
        return await this.#receive(await request("default"), path, expected, count);
      } catch {
        // What the browser has kept may be half a file, or of the site's last version: ask the server itself.
        return await this.#receive(await request("reload"), path, expected, count);
      }
    } catch (error) {
      const reason = await this.#isReplaced(path) ? new Error(`${path} belongs to a newer version of this page now. Reload the page to get it.`) : /** @type {Error} */ (error);
      this.#fail(reason);
      throw reason;
    } finally {
      this.#pending.delete(path);
    }
  }

  /**
   * Whether the server has another version of the site by now, in which a file is another one or none.
   * @param {string} path
   */
  async #isReplaced(path) {
    try {
      const { files } = await (await this.#request("manifest.json", "no-cache", AbortSignal.timeout(PATIENCE * TICK / 4))).json();
      return files[path]?.sha256 !== this.files[path]?.sha256;
    } catch {
      return false;
    }
  }

  /**
   * Fetch a small file that can be done without: neither its failure nor its silence fails anything else.
   * @param {string} path
   * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, unchecked: Expected | null}>} what it must be where it could not
   *   be hashed here
   */
  async getOptional(path) {
    const response = await this.#request(path, "default", AbortSignal.timeout(TICK * PATIENCE));
    const expected = this.#expected(path);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== expected.bytes) throw new Error(`${path} is damaged.`);
    const isChecked = await check(path, bytes, expected);
    return { bytes, unchecked: isChecked ? null : expected };
  }

  /**
   * Fetch WebAssembly and compile it while it comes. What is compiled is the browser's own response, not bytes that
   * have been through here: so the browser keeps the machine code, and the next visit starts in two thirds of the time.
   * @param {string} path
   * @param {string} stage
   * @returns {{module: Promise<WebAssembly.Module>, whole: Promise<void>}} the module, as soon as there is one, and
   *   the check of its bytes
   */
  compile(path, stage) {
    /** @type {(module: WebAssembly.Module) => void} */
    let take = () => undefined;
    /** @type {Promise<WebAssembly.Module>} */
    const module = new Promise((resolve) => (take = resolve));
    /** @type {Promise<WebAssembly.Module>[]} */
    const tried = [];
    const bytes = this.get(path, stage, (response) => {
      const compiled = WebAssembly.compileStreaming(response.clone());
      compiled.then(take, () => undefined);
      tried.push(compiled);
    });
    const whole = bytes.then(async () => {
      const [first, second] = await Promise.allSettled(tried);
      if (second && first.status === "fulfilled") throw new Error(`${path} was damaged in the browser's store. Retry: it has been fetched anew.`);
      if ((second ?? first).status === "rejected") throw new Error(`${path} can't be run by this browser.`);
    });
    whole.catch((error) => this.#fail(error));
    return { module, whole };
  }

  /**
   * @param {Response} response
   * @param {string} path
   * @param {Expected} expected
   * @param {Stage} count
   */
  async #receive(response, path, expected, count) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const bytes = new Uint8Array(expected.bytes);
    const factor = shareSent(response, expected);
    count.total -= (1 - factor) * expected.bytes;
    let length = 0;
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const chunk = part.value;
        if (length + chunk.length > bytes.length) throw new Error(`${path} is longer than it should be.`);
        bytes.set(chunk, length);
        length += chunk.length;
        count.loaded += factor * chunk.length;
        this.alive();
        this.onProgress([...this.#stages.values()]);
      }
      if (length < bytes.length) throw new Error(`${path} is cut short: ${length} of ${bytes.length} bytes.`);
      if (!(await check(path, bytes, expected))) this.unchecked.push({ path, bytes, expected });
      return bytes;
    } catch (error) {
      count.loaded -= factor * length;
      count.total += (1 - factor) * expected.bytes;
      reader.cancel().catch(() => undefined);
      throw error instanceof TypeError ? new Error(`${path} is cut short: the connection was lost.`) : error;
    }
  }

  /**
   * @param {string} path
   * @param {RequestCache} cache
   * @param {AbortSignal} [signal]
   */
  async #request(path, cache, signal) {
    const response = await fetchFromServer(new URL(path, this.base), { cache, signal }).catch(() => {
      throw new Error(`${path} could not be fetched: the server does not answer.`);
    });
    if (!response.ok) {
      response.body?.cancel().catch(() => undefined);
      throw new Error(`${path} could not be fetched: the server says ${response.status}.`);
    }
    return response;
  }
}

/**
 * Throw unless a file is what was published. A page that came over plain HTTP can't hash: Python will do it.
 * @param {string} path
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Expected} expected
 * @returns {Promise<boolean>} whether it could be checked
 */
async function check(path, bytes, expected) {
  if (!globalThis.crypto?.subtle) return false;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  compare(path, Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(""), expected);
  return true;
}

/**
 * Throw unless a file has the hash that was published.
 * @param {string} path
 * @param {string} sha256
 * @param {Expected} expected
 */
export function compare(path, sha256, expected) {
  if (sha256 !== expected.sha256) throw new Error(`${path} is not the file that was published.`);
}

/**
 * What part of a file's size comes over the line: servers compress some files.
 * @param {Response} response
 * @param {Expected} expected
 */
function shareSent({ headers }, { bytes }) {
  const sent = headers.has("content-encoding") ? Number(headers.get("content-length")) : 0;
  return sent > 0 && sent < bytes ? sent / bytes : 1;
}
