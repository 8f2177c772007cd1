/** The controller: wires the components to the worker, and is the only one that talks to it. */

import { Answer } from "./components/answer.js";
import { Controls } from "./components/controls.js";
import { Curves } from "./components/curves.js";
import { DrawingPad } from "./components/drawing-pad.js";
import { NetworkView, PAGE } from "./components/network-view.js";
import { Samples } from "./components/samples.js";
import { Score } from "./components/score.js";
import { Status } from "./components/status.js";
import { Tabs } from "./components/tabs.js";
import { Transport } from "./components/transport.js";
import { byId, byTestId } from "./lib/dom.js";
import { PIXELS, digitPicture } from "./lib/digits.js";
import { download } from "./lib/download.js";
import { on } from "./lib/events.js";
import { Run } from "./lib/history.js";
import { newest, queue, spaced } from "./lib/pace.js";
import { fromAddress, SETTINGS, toAddress } from "./lib/settings.js";
import { dropNetwork, keepNetwork, storedNetwork } from "./lib/store.js";
import { onSystemTheme, toggleTheme } from "./lib/theme.js";
import * as Comlink from "./vendor/comlink.mjs";

/** The worker has this long to say its first word, in milliseconds. */
const FIRST_WORD = 10_000;
/** While something is asked of it, silence this long makes the page knock; four knocks unanswered and it is dead. */
const SILENCE = 6_000;
const KNOCK = 2_000;
/** Runs kept behind the current curve. */
const RUNS = 6;
/** A seven, as somebody might write it. */
const FIRST_DIGIT = [[[0.27, 0.27], [0.4, 0.262], [0.55, 0.25], [0.68, 0.25], [0.73, 0.27], [0.71, 0.33], [0.63, 0.46], [0.55, 0.6], [0.49, 0.74], [0.46, 0.82]]];

const pad = new DrawingPad(byId("pad"));
const answer = new Answer({ digit: byId("prediction"), sure: byId("sure"), bars: byId("probabilities"), seen: byId("seen"), spoken: byId("spoken") });
const samples = new Samples(byId("samples"));
const controls = new Controls(byId("settings"));
const transport = new Transport();
const status = new Status();
const score = new Score();
const curves = new Curves(byId("curves"));
const network = new NetworkView(byId("network"));
new Tabs(byId("tabs"));

/** What the page knows of the session. */
const known = {
  state: "loading",
  /** @type {"simd" | "numpy"} */
  kernel: "simd",
  /** @type {Settings | null} */
  settings: null,
  /** @type {Progress | null} */
  progress: null,
  /** @type {Recipe[]} */
  recipes: [],
  available: 10_000,
  sizes: [784, 128, 10],
  names: Array.from("0123456789"),
};
/** @type {Run | null} */
let run = null;
/** @type {Run[]} */
let earlier = [];
/** The network as it was last saved, for the case that the worker dies. @type {Uint8Array | null} */
let saved = null;
/** @type {Promise<void> | null} */
let training = null;

// ---- the worker -------------------------------------------------------------------------------------------------

class WorkerDied extends Error {
  /**
   * @param {string} message
   * @param {string} [details]  what the browser says about it
   */
  constructor(message, details = "") {
    super(message);
    this.details = details;
  }
}

/** @type {Worker | null} */
let worker = null;
/** @type {import("comlink").Remote<Door> | null} */
let door = null;
/** Rejects when the worker dies. @type {Promise<never>} */
let death = new Promise(() => undefined);
/** @type {(error: Error) => void} */
let die = () => undefined;
let heard = 0;
let asked = 0;
let knocks = 0;

/** A new worker in place of the last one. */
function connect() {
  worker?.terminate();
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  death = new Promise((_, reject) => (die = reject));
  death.catch(() => undefined);
  const lost = die;
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    lost(new WorkerDied("The part of the page that runs Python stopped or did not load.", event.message));
  });
  worker.addEventListener("message", hear);
  door = Comlink.wrap(worker);
  hear();
  asked = 0;
}

function hear() {
  heard = performance.now();
  knocks = 0;
}

/**
 * Wait for the worker's answer, or for its death.
 * @template T
 * @param {(door: import("comlink").Remote<Door>) => Promise<T>} request
 * @returns {Promise<T>}
 */
async function from(request) {
  if (!door) throw new WorkerDied("Python is not running.");
  const ours = worker;
  asked++;
  try {
    return await Promise.race([request(door), death]);
  } finally {
    if (ours === worker) {
      asked--;
      hear();
    }
  }
}

/**
 * Call a method of the Python session.
 * @param {string} method
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
const ask = (method, ...args) => from((door) => door.call(method, ...args));

setInterval(() => {
  if (!asked || performance.now() - heard < SILENCE) return;
  if (known.state === "loading") return;
  if (++knocks === 1) door?.call("progress").then(hear, hear);
  if (knocks > 4) die(new WorkerDied("The part of the page that runs Python stopped answering."));
}, KNOCK);

// ---- states and messages ----------------------------------------------------------------------------------------

/** @param {string} state */
function setState(state) {
  known.state = state;
  document.documentElement.dataset.state = state;
  transport.setState(state);
  const usable = state !== "loading" && state !== "error";
  controls.enable(usable);
  for (const id of ["save", "load", "load-data"]) /** @type {HTMLButtonElement | HTMLInputElement} */ (byId(id)).disabled = !usable;
  if (known.progress) status.update(known.progress, state);
}

/** The page's state when nothing is running. */
function rest() {
  const state = known.progress?.state ?? "ready";
  setState(state === "ready" || state === "done" ? state : "paused");
}

/** @param {unknown} error */
function complain(error) {
  if (error instanceof WorkerDied) return fail(error);
  const { message, name, stack } = /** @type {Error} */ (error);
  status.say(message || String(error), { bad: true, traceback: name === "ValueError" ? "" : stack });
}

/** @param {Error} error */
function fail(error) {
  if (known.state === "error") return;
  const died = error instanceof WorkerDied;
  const again = saved ? " Retry goes on from the network as it was last saved." : " Check the connection and retry.";
  training = null;
  worker?.terminate();
  door = null;
  setState("error");
  status.say(error.message + (died ? again : ""), { bad: true, retry: true, traceback: died ? error.details : error.stack });
}

const enqueue = queue(complain);

// ---- starting ---------------------------------------------------------------------------------------------------

/** Start Python and bring back what was on the screen, in the address or in the browser's store. */
async function start() {
  setState("loading");
  status.say("");
  connect();
  let spoken = false;
  const onStage = Comlink.proxy((/** @type {Stage} */ stage) => {
    spoken = true;
    hear();
    if (known.state === "loading") status.loading(stage);
  });
  const silence = setTimeout(() => spoken || die(new WorkerDied("The part of the page that runs Python did not start.")), FIRST_WORD);
  try {
    const hello = await from((door) => door.boot({ kernel: known.kernel }, onStage));
    meet(hello);
    const notice = await setUp();
    await showSamples();
    await refresh();
    rest();
    status.say(notice || hello.kernelNote);
  } catch (error) {
    fail(/** @type {Error} */ (error));
  } finally {
    clearTimeout(silence);
  }
}

/** @param {Hello} hello */
function meet({ python, numpy, kernel, description }) {
  const short = (/** @type {string} */ version) => version.split(".").slice(0, 2).join(".");
  known.kernel = kernel;
  known.recipes = description.recipes;
  known.available = description.training_available;
  known.names = description.class_names;
  byId("runtime").textContent = `Python ${short(python)} · NumPy ${short(numpy)} · ${kernel === "simd" ? "SIMD" : "no SIMD"}`;
  controls.setKernel(kernel);
  controls.setChoices(description.choices, description.recipes);
  adopt({ ...description, new_network: true });
}

/**
 * Settings and network to begin with: what was on the screen before a failure, else the address, else what the
 * browser has stored, else the default.
 * @returns {Promise<string>} a notice, or nothing
 */
async function setUp() {
  if (saved) {
    adopt({ ...(await ask("load", saved)), new_network: true });
    return "The network is back as it was last saved.";
  }
  if (wanted && !hasSettings()) {
    await configure(wanted);
    return "";
  }
  if (hasSettings()) {
    try {
      await configure(fromAddress(location.hash).changes);
      return "";
    } catch (error) {
      if (error instanceof WorkerDied) throw error;
      return `The address asks for something that can't be: ${/** @type {Error} */ (error).message}`;
    }
  }
  const stored = await storedNetwork();
  if (stored === null) return "";
  try {
    if (stored === "foreign") throw new Error("It is of another version.");
    adopt({ ...(await ask("load", stored)), new_network: true });
    saved = stored;
    return "The network of your last visit is back. Reset starts afresh.";
  } catch (error) {
    if (error instanceof WorkerDied) throw error;
    await dropNetwork();
    return `The network stored in this browser could not be read and was dropped. ${/** @type {Error} */ (error).message}`;
  }
}

/** The settings on the screen when the worker was lost before anything was saved. @type {Settings | null} */
let wanted = null;

const hasSettings = () => {
  const keys = new URLSearchParams(location.hash.slice(1));
  return SETTINGS.some(({ control }) => keys.has(control));
};

async function showSamples() {
  const { indices } = await ask("samples");
  samples.update(indices, await ask("images", "test", indices), known.names);
}

// ---- settings ---------------------------------------------------------------------------------------------------

/**
 * Take over what the session says about itself.
 * @param {{settings: Settings, sizes: number[], progress: Progress, new_network: boolean}} news
 */
function adopt({ settings, sizes, progress, new_network: isNew }) {
  known.settings = wanted = settings;
  known.sizes = sizes;
  known.progress = progress;
  controls.update(settings);
  network.setSizes(sizes);
  if (isNew) newRun();
  if (run) run.settings = settings;
  if (hasSettings()) history.replaceState(null, "", toAddress(settings, known.kernel));
  render();
}

function newRun() {
  if (run?.started) earlier = [run, ...earlier].slice(0, RUNS);
  run = new Run(/** @type {Settings} */ (known.settings));
}

/**
 * Change settings, fetching the other training images first where they are needed.
 * @param {Partial<Settings>} changes
 * @returns {Promise<Configured>}
 */
async function configure(changes) {
  const recipe = known.recipes.find(({ name }) => name === changes.recipe);
  const size = changes.data_size ?? recipe?.settings.data_size ?? 0;
  if (size !== "own" && size > 10_000 && known.available <= 10_000) {
    await from((door) => door.loadAllTraining(Comlink.proxy((stage) => { hear(); status.loading(stage); })));
    known.available = 60_000;
  }
  const result = /** @type {Configured} */ (await ask("configure", changes));
  adopt(result);
  return result;
}

/**
 * Do something to the session while it is not training, and go on training afterwards if that makes sense.
 * @param {() => Promise<boolean>} task  says whether to go on
 */
const interrupt = (task) => enqueue(async () => {
  const wasTraining = training !== null;
  await pause();
  let goOn = true;
  try {
    goOn = await task();
  } finally {
    if (wasTraining && goOn && door) train();
    else if (door) rest();
  }
});

on(controls, "change", ({ control, key, value }) => interrupt(async () => {
  try {
    status.say("");
    const { new_network: isNew, notice } = await configure({ [key]: value });
    controls.accept(control);
    if (notice) status.say(notice);
    if (isNew) await refresh();
    keepSoon();
    return !isNew;
  } catch (error) {
    if (error instanceof WorkerDied) throw error;
    refuse(control, /** @type {Error} */ (error).message);
    return true;
  }
}));

on(controls, "refuse", ({ control, reason }) => refuse(control, reason));

/**
 * @param {string} control
 * @param {string} reason
 */
function refuse(control, reason) {
  if (known.settings) controls.update(known.settings);
  controls.refuse(control, reason);
  status.say(reason, { bad: true });
}

on(controls, "kernel", (name) => interrupt(async () => {
  const { kernel, kernelNote } = await from((door) => door.setKernel(name));
  known.kernel = kernel;
  controls.setKernel(kernel);
  status.say(kernelNote);
  return true;
}));

addEventListener("hashchange", () => {
  if (!hasSettings() || !door) return;
  interrupt(async () => {
    const { notice } = await configure(fromAddress(location.hash).changes);
    status.say(notice);
    await refresh();
    return false;
  });
});

byId("share").addEventListener("click", async () => {
  if (!known.settings) return;
  const address = new URL(toAddress(known.settings, known.kernel), location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    status.say("The address with these settings is copied.");
  } catch {
    status.say(`The address with these settings: ${address}`);
  }
});

// ---- training ---------------------------------------------------------------------------------------------------

function train() {
  setState("training");
  const onProgress = Comlink.proxy((/** @type {Progress} */ progress) => {
    hear();
    note(progress);
    renderSoon();
    inspectSoon();
    keepLater();
    if (progress.tested_at !== evaluatedAt) evaluateSoon();
  });
  training = from((door) => door.train(onProgress)).then(finish).catch(complain).finally(() => (training = null));
}

/** @param {Progress} progress */
function note(progress) {
  known.progress = progress;
  run?.add(progress);
}

/** @param {Progress} progress  at the end of a stretch of training */
async function finish(progress) {
  note(progress);
  await evaluate();
  render();
  if (progress.message) status.say(progress.message, { bad: progress.state === "diverged" });
  rest();
  inspectSoon();
  await keep();
}

async function pause() {
  if (!training) return;
  await from((door) => door.pause());
  await training;
}

on(transport, "train", () => enqueue(async () => {
  if (training) return pause();
  status.say("");
  train();
}));

on(transport, "step", () => interrupt(async () => {
  status.say("");
  note(await ask("step"));
  render();
  inspectSoon();
  keepSoon();
  return false;
}));

on(transport, "reset", () => interrupt(async () => {
  status.say("");
  const progress = await ask("reset");
  newRun();
  note(progress);
  render();
  await refresh();
  keepSoon();
  return false;
}));

// ---- what is shown ----------------------------------------------------------------------------------------------

function render() {
  const { progress } = known;
  if (!progress || !run) return;
  transport.update(progress);
  status.update(progress, known.state);
  score.update(progress);
  curves.update(run, earlier.filter(({ shown }) => shown));
}

const renderSoon = spaced(render, 100);

/** Everything that depends on the weights, anew. */
async function refresh() {
  await Promise.all([predict(), inspect(), evaluate()]);
}

const isTrained = () => Boolean(known.progress && (known.progress.step > 0 || known.progress.test_accuracy !== null));

const NOTHING = { digit: null, probabilities: new Array(10).fill(0), seen: new Uint8Array(PIXELS), activations: [], logits: [] };

/** @param {Prediction} prediction */
function showPrediction(prediction) {
  answer.update(prediction, { trained: isTrained() });
  network.update(prediction);
}

const predict = newest(async () => {
  if (!door) return;
  const { source } = pad;
  const { ink, height, width } = pad.ink();
  const prediction = source ? await ask("predict_image", source.which, source.index) : await ask("predict", ink, height, width);
  if (!pad.empty || prediction.digit === null) showPrediction(prediction);
  connectSoon();
});

on(pad, "change", () => {
  if (!door || known.state === "loading") return;
  if (pad.empty) showPrediction(NOTHING);
  predict().catch(complain);
});

let networkVisible = true;
new IntersectionObserver((entries) => {
  networkVisible = entries[entries.length - 1].isIntersecting;
  if (networkVisible && known.progress) inspectSoon();
}).observe(byId("network"));

async function inspect() {
  if (!door) return;
  if (networkVisible) network.setTiles(await ask("tiles", network.start, PAGE));
  await predict();
}

const inspectSoon = spaced(inspect, 125);
const connectSoon = spaced(async () => {
  if (door && networkVisible && !pad.empty) network.setConnections(await ask("connections"));
}, 125);

on(network, "page", () => inspectSoon());

/** The position at which the test set was last evaluated, as shown. @type {number | null | undefined} */
let evaluatedAt;

const evaluate = newest(async () => {
  evaluatedAt = known.progress?.tested_at;
});
const evaluateSoon = spaced(evaluate, 1000, complain);

// ---- keeping ----------------------------------------------------------------------------------------------------

/** Save the network where a reload and a dead worker can't take it. */
const keep = newest(async () => {
  if (!door) return;
  saved = await ask("save");
  if (saved) await keepNetwork(saved);
});
const keepSoon = spaced(keep, 1_000);
const keepLater = spaced(keep, 10_000);

byId("save").addEventListener("click", () => enqueue(async () => {
  const bytes = await ask("save");
  download(`digitnet-${known.sizes.join("-")}.npz`, new Blob([bytes]));
}));

byId("load").addEventListener("change", (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  if (file) interrupt(() => loadNetwork(file));
  input.value = "";
});

/** @param {File} file */
async function loadNetwork(file) {
  const loaded = /** @type {Loaded} */ (await ask("load", new Uint8Array(await file.arrayBuffer())));
  adopt({ ...loaded, new_network: true });
  status.say(loaded.notice || `${file.name} is loaded.`);
  await refresh();
  keepSoon();
  return false;
}

// ---- the pad and the look ---------------------------------------------------------------------------------------

byTestId("undo").addEventListener("click", () => pad.undo());
byTestId("clear").addEventListener("click", () => pad.clear());

/**
 * Put an image of the data on the pad.
 * @param {string} which
 * @param {number} index
 */
async function place(which, index) {
  const pixels = await ask("images", which, [index]);
  pad.place(digitPicture(pixels), { which, index });
}
on(samples, "pick", (index) => place("test", index).catch(complain));

function retheme() {
  pad.update();
  network.redraw();
  curves.redraw();
}
byId("theme").addEventListener("click", () => {
  toggleTheme();
  retheme();
});
onSystemTheme(retheme);

on(status, "retry", () => enqueue(start));

// ---- go ---------------------------------------------------------------------------------------------------------

if (window.digitnetGuard.started()) {
  const { kernel } = (() => {
    try {
      return fromAddress(location.hash);
    } catch {
      return { kernel: null };
    }
  })();
  known.kernel = kernel ?? "simd";
  pad.draw(FIRST_DIGIT);
  enqueue(start);
}
