/** The controller: wires the components to the worker, and is the only one that talks to it. */

import { Answer } from "./components/answer.js";
import { ConfusionMatrix } from "./components/confusion-matrix.js";
import { Controls } from "./components/controls.js";
import { Curves } from "./components/curves.js";
import { DrawingPad } from "./components/drawing-pad.js";
import { Gallery } from "./components/gallery.js";
import { Mathematics } from "./components/mathematics.js";
import { NetworkView } from "./components/network-view.js";
import { OwnData } from "./components/own-data.js";
import { PerDigit } from "./components/per-digit.js";
import { RecipesTable } from "./components/recipes-table.js";
import { RunsTable } from "./components/runs-table.js";
import { Samples } from "./components/samples.js";
import { Score } from "./components/score.js";
import { Status } from "./components/status.js";
import { Tabs } from "./components/tabs.js";
import { Transport } from "./components/transport.js";
import { UnitPanel } from "./components/unit-panel.js";
import { byId, byTestId } from "./lib/dom.js";
import { digitPicture, inkPicture } from "./lib/digits.js";
import { download, downloadPng } from "./lib/download.js";
import { on } from "./lib/events.js";
import { integer } from "./lib/format.js";
import { Run, runsCsv } from "./lib/history.js";
import { Line, WorkerDied } from "./lib/line.js";
import { keepForOffline } from "./lib/offline.js";
import { breathe, newest, queue, spaced } from "./lib/pace.js";
import { greyOf } from "./lib/photo.js";
import { pictures } from "./lib/pictures.js";
import { reading } from "./lib/reading.js";
import { results } from "./lib/results.js";
import { fromAddress, hasSettings, kernelInAddress, toAddress } from "./lib/settings.js";
import { dropNetwork, keepNetwork, keptNetwork } from "./lib/store.js";
import { onSystemTheme, toggleTheme } from "./lib/theme.js";
import { handOver } from "./lib/uploads.js";

/** The worker has this long, in milliseconds, to say its first word. */
const FIRST_WORD = 10_000;
/** Milliseconds before the site is copied for a visit without a network: who presses Train at once comes first. */
const CALM = 4_000;
/** Runs kept behind the current curve. */
const RUNS = 6;
/** Training images that come with the page; more are fetched when asked for. */
const AT_HAND = BUILD.first;
/** A seven, as somebody might write it. */
const FIRST_DIGIT = [[[0.27, 0.27], [0.4, 0.262], [0.55, 0.25], [0.68, 0.25], [0.73, 0.27], [0.71, 0.33], [0.63, 0.46], [0.55, 0.6], [0.49, 0.74], [0.46, 0.82]]];

const pad = new DrawingPad(byId("pad"));
const answer = new Answer({ digit: byId("prediction"), sure: byId("sure"), bars: byId("probabilities"), seen: byId("seen"), spoken: byId("spoken") });
const samples = new Samples(byId("samples"));
const controls = new Controls(byId("settings"));
const transport = new Transport();
const status = new Status();
const score = new Score();
const curves = new Curves(byId("curves"), byId("axis"));
const network = new NetworkView(byId("network"));
const unitPanel = new UnitPanel(byId("network"));
const tabs = new Tabs(byId("tabs"));
const confusion = new ConfusionMatrix(byId("panel-confusion"));
const perDigit = new PerDigit(byId("panel-digits"));
const mistakes = new Gallery(byId("panel-mistakes"), { testid: "mistakes", empty: "No mistakes to show yet: train first." });
const examples = new Gallery(byId("panel-examples"), { testid: "examples", empty: "Nothing read right yet: train first." });
const runsTable = new RunsTable(byId("panel-runs"));
const recipesTable = new RecipesTable(byId("recipes"));
const mathematics = new Mathematics(byId("mathematics"));
const ownData = new OwnData(byId("own"));

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
  available: AT_HAND,
  sizes: [784, 128, 10],
  names: Array.from("0123456789"),
  /** Whether the network came with its knowledge, from a file or from the last visit. */
  loaded: false,
};
/** @type {Run | null} */
let run = null;
/** @type {Run[]} */
let earlier = [];
/** The network as it was last kept, for the case that the worker dies. @type {import("./lib/store.js").Kept | null} */
let kept = null;
/** @type {Line<Door> | null} */
let line = null;
/** Whether Python has started and is alive. */
let isUp = false;
/** The stretch of training under way. @type {Promise<void> | null} */
let training = null;

/** What the browser has kept, asked for while Python starts. @type {ReturnType<typeof keptNetwork> | null} */
let early = hasSettings(location.hash) ? null : keptNetwork();

const enqueue = queue(complain);

// ---- the worker -------------------------------------------------------------------------------------------------

/**
 * @template T
 * @param {(door: import("comlink").Remote<Door>) => Promise<T>} request
 */
async function from(request) {
  if (!line) throw new WorkerDied("Python is not running.");
  return line.ask(request);
}

/**
 * Call a method of the Python session.
 * @param {string} method
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
const ask = (method, ...args) => from((door) => door.call(method, ...args));

const digits = pictures(ask);

/** Start Python and bring back what was on the screen, in the address or in the browser's store. */
async function start() {
  setState("loading");
  status.say("");
  line?.close();
  isUp = false;
  training = null;
  const worker = window.digitnetGuard.worker ?? new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  window.digitnetGuard.worker = null;
  const ours = (line = /** @type {Line<Door>} */ (new Line(worker, (door) => door.call("progress"))));
  const silence = setTimeout(() => ours.die("The part of the page that runs Python did not start."), FIRST_WORD);
  const onStage = ours.callback((/** @type {Stage} */ stage) => {
    clearTimeout(silence);
    if (known.state === "loading") status.loading(stage);
  });
  try {
    const hello = await ours.ask((door) => door.boot({ kernel: known.kernel }, onStage));
    clearTimeout(silence);
    meet(hello);
    const notice = await setUp();
    rest();
    status.say(notice || hello.kernelNote);
    await Promise.all([showSamples(), refresh()]);
    ask("source", mathematics.names).then((sources) => mathematics.update(sources), complain);
    setTimeout(keepForOffline, CALM);
  } catch (error) {
    fail(/** @type {Error} */ (error));
  } finally {
    clearTimeout(silence);
  }
}

/** @param {Hello} hello */
function meet({ python, numpy, kernel, description }) {
  isUp = true;
  known.recipes = description.recipes;
  known.available = description.training_available;
  versions = [python, numpy].map((version) => version.split(".").slice(0, 2).join("."));
  showKernel(kernel);
  controls.setChoices(description.choices, description.recipes);
  recipesTable.setRecipes(description.recipes);
  nameClasses(description.class_names);
  // What was set when an earlier worker was lost is needed below.
  const { settings } = known;
  adopt({ ...description, new_network: true });
  kept ??= settings && { bytes: null, settings };
}

let versions = ["", ""];

/** @param {"simd" | "numpy"} kernel */
function showKernel(kernel) {
  known.kernel = kernel;
  controls.setKernel(kernel);
  byId("runtime").textContent = `Python ${versions[0]} · NumPy ${versions[1]}${kernel === "simd" ? " · SIMD" : ""}`;
}

/**
 * The network to begin with: as it was before a failure, else what the address says, else what the browser has kept.
 * @returns {Promise<string>} a notice, or nothing
 */
async function setUp() {
  if (kept) return bringBack(kept, "The network is back as it was last saved.");
  if (hasSettings(location.hash)) {
    try {
      await configure(fromAddress(location.hash));
      return "";
    } catch (error) {
      if (error instanceof WorkerDied) throw error;
      return `The address asks for something that can't be. ${/** @type {Error} */ (error).message}`;
    }
  }
  const stored = await (early ?? keptNetwork());
  early = null;
  if (!stored) return "";
  try {
    if (stored === "foreign") throw new Error("Another version of this page has written it.");
    return await bringBack(stored, "The network of your last visit is back. Reset starts afresh.");
  } catch (error) {
    if (error instanceof WorkerDied) throw error;
    await dropNetwork();
    return `The network kept in this browser could not be read and was dropped. ${/** @type {Error} */ (error).message}`;
  }
}

/**
 * @param {import("./lib/store.js").Kept} from
 * @param {string} notice  for a network that has learned something
 */
async function bringBack({ bytes, settings }, notice) {
  if (!bytes) {
    const { recipe, ...others } = settings;
    await configure({ recipe, ...others, ...(others.data_size === "own" ? { data_size: AT_HAND } : {}) });
    return "";
  }
  await fetchTraining(settings.data_size);
  adopt(await ask("load", bytes));
  known.loaded = true;
  return notice;
}

async function showSamples() {
  const { indices } = await ask("samples");
  samples.update(indices, await digits.get("test", indices), known.names);
}

// ---- states and messages ----------------------------------------------------------------------------------------

/** @param {string} state */
function setState(state) {
  known.state = state;
  document.documentElement.dataset.state = state;
  transport.setState(state);
  const usable = state !== "loading" && state !== "error";
  controls.enable(usable);
  for (const id of ["save", "load", "load-data"]) /** @type {HTMLButtonElement | HTMLInputElement} */ (byId(id)).disabled = !usable;
  if (known.progress && usable) status.update(known.progress, state);
}

/** The page's state when nothing is running. A run that diverged counts as paused. */
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
  line?.close();
  line = null;
  isUp = false;
  training = null;
  setState("error");
  const died = error instanceof WorkerDied;
  const advice = died ? (kept?.bytes ? " Retry goes on from the network as it was last saved." : " Check the connection and retry.") : "";
  status.say(error.message + advice, { bad: true, retry: true, traceback: died ? error.details : error.stack });
}

on(status, "retry", () => enqueue(start));

addEventListener("unhandledrejection", (event) => complain(event.reason));

// ---- settings ---------------------------------------------------------------------------------------------------

/**
 * Take over what the session says about itself.
 * @param {Omit<Configured, "notice"> & {class_names?: string[], own_data?: OwnCounts}} news
 */
function adopt({ settings, sizes, progress, new_network: isNew, class_names: names, own_data: own }) {
  if (String(sizes) !== String(known.sizes)) closeUnit();
  known.settings = settings;
  known.sizes = sizes;
  known.progress = progress;
  if (own) showOwnData(own);
  if (names) nameClasses(names);
  controls.update(settings);
  network.setSizes(sizes);
  score.setTestSize(progress.test_images);
  if (isNew) newRun();
  if (run) run.settings = settings;
  render();
}

/** An address that carries settings carries those on the screen. */
function updateAddress() {
  if (known.settings && hasSettings(location.hash)) history.replaceState(null, "", toAddress(known.settings, known.kernel));
}

/** Begin a curve of its own. */
function newRun() {
  if (run?.started) earlier = [run, ...earlier].slice(0, RUNS);
  run = new Run(/** @type {Settings} */ (known.settings));
  known.loaded = false;
  digits.clear();
}

/** @param {string[]} names */
function nameClasses(names) {
  known.names = names;
  for (const view of [answer, network, confusion, perDigit]) view.setNames(names);
}

/** @param {number | "own" | undefined} size */
async function fetchTraining(size) {
  if (typeof size !== "number" || size <= AT_HAND || known.available > AT_HAND || !line) return;
  const onStage = line.callback((/** @type {Stage} */ stage) => status.loading(stage));
  await from((door) => door.loadAllTraining(onStage));
  known.available = 60_000;
}

/**
 * Change settings, fetching the other training images first where they are needed.
 * @param {Partial<Settings>} changes
 * @returns {Promise<Configured>}
 */
async function configure(changes) {
  const recipe = known.recipes.find(({ name }) => name === changes.recipe);
  await fetchTraining(changes.data_size ?? recipe?.settings.data_size);
  const result = /** @type {Configured} */ (await ask("configure", changes));
  adopt(result);
  updateAddress();
  return result;
}

/**
 * Do something to the session while it is not training, and go on training afterwards where the task says so.
 * @param {() => Promise<boolean>} task
 */
const interrupt = (task) => enqueue(async () => {
  const wasTraining = await pause();
  if (!line) return;
  let goOn = true;
  try {
    goOn = await task();
  } finally {
    if (line) {
      if (wasTraining && goOn) train();
      else rest();
    }
  }
});

/** @param {Partial<Settings>} changes */
async function change(changes) {
  status.say("");
  const { new_network: isNew, notice } = await configure(changes);
  status.say(notice);
  if (isNew) await refresh();
  keepSoon();
  return !isNew;
}

on(controls, "change", ({ control, key, value }) => interrupt(async () => {
  try {
    return await change({ [key]: value });
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
  showKernel(kernel);
  updateAddress();
  status.say(kernelNote);
  return true;
}));

on(recipesTable, "choose", (recipe) => {
  scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  interrupt(() => change({ recipe }));
});

addEventListener("hashchange", () => {
  if (hasSettings(location.hash)) interrupt(() => change(fromAddress(location.hash)));
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
  if (!line) return;
  setState("training");
  let isOver = false;
  const onProgress = line.callback((/** @type {Progress} */ progress) => {
    if (isOver) return; // reports and the end come by different ways; a report may come last
    note(progress);
    renderSoon();
    lookSoon();
    if (progress.tested_at === null) return;
    keepLater();
    if (isStale()) evaluateSoon();
  });
  training = from((door) => door.train(onProgress))
    .finally(() => (isOver = true))
    .then(finish)
    .catch(complain)
    .finally(() => (training = null));
}

/** @param {Progress} progress */
function note(progress) {
  known.progress = progress;
  run?.add(progress);
}

/** @param {Progress} progress  at the end of a stretch of training */
async function finish(progress) {
  note(progress);
  if (progress.test_accuracy !== null) await evaluate();
  await breathe();
  render();
  const isDone = progress.state === "done";
  if (isDone && known.settings && progress.test_accuracy !== null) recipesTable.setResult(known.settings.recipe, progress.test_accuracy);
  if (progress.message) status.say(progress.message, { bad: progress.state === "diverged" });
  rest();
  lookSoon();
  if (isDone) keep().catch(complain);
  else keepSoon();
}

/** Pause, and say whether there was anything left to do. */
async function pause() {
  if (!training) return false;
  await from((door) => door.pause());
  await training;
  return known.progress?.state === "paused";
}

on(transport, "train", () => enqueue(async () => {
  if (training) return void (await pause());
  if (!line) return;
  status.say("");
  train();
}));

on(transport, "step", () => interrupt(async () => {
  status.say("");
  await finish(await ask("step"));
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
  if (known.state !== "loading" && known.state !== "error") status.update(progress, known.state);
  score.update(progress);
  curves.update(run, earlier.filter(({ shown }) => shown));
  runsTable.update([run, ...earlier]);
}

const renderSoon = spaced(render, 100);

const isTrained = () => Boolean(known.progress && (known.progress.step > 0 || known.loaded));

/** Everything that depends on the weights, anew. */
async function refresh() {
  await Promise.all([look(), evaluate()]);
}

const { update: evaluate, updateWhileTraining, isStale } = results({ ask, digits, known, complain, confusion, perDigit, mistakes, examples });
const evaluateSoon = spaced(updateWhileTraining, 1_000, complain);

const { look, lookSoon, lookAtUnit, closeUnit } = reading({
  ask, digits, known, isTrained, complain, pad, answer, network, unitPanel,
  session: () => (!isUp ? "absent" : training ? "training" : "idle"),
});

on(runsTable, "change", ({ run: changed, removed }) => {
  if (removed) earlier = earlier.filter((other) => other !== changed);
  if (removed && changed === run) newRun();
  render();
});
on(runsTable, "csv", () => run && download("digitnet-runs.csv", new Blob([runsCsv([run, ...earlier])], { type: "text/csv" })));
on(runsTable, "png", () => downloadPng("digitnet-curves.png", curves.png()));
on(tabs, "select", () => curves.redraw());

// ---- keeping the network ----------------------------------------------------------------------------------------

/** Keep network and settings where neither a reload nor a dead worker can take them. */
const keep = newest(async () => {
  if (!line || !known.settings) return;
  const { settings } = known;
  kept = { bytes: isTrained() ? await ask("save", false) : null, settings };
  await keepNetwork(kept);
});
const keepSoon = spaced(keep, 1_000, complain);
const keepLater = spaced(keep, 10_000, complain);

byId("save").addEventListener("click", () => enqueue(async () => {
  download(`digitnet-${known.sizes.join("-")}.npz`, new Blob([await ask("save")]));
  note(await ask("progress")); // it was tested as it is now
  render();
}));

/** @param {File} file */
const loadNetwork = (file) => interrupt(async () => {
  const loaded = /** @type {Configured} */ (await ask("load", new Uint8Array(await file.arrayBuffer())));
  adopt(loaded);
  known.loaded = true;
  updateAddress();
  status.say(`${file.name}: ${loaded.notice}`);
  await refresh();
  keepSoon();
  return false;
});

// ---- the visitor's own data -------------------------------------------------------------------------------------

let cancelled = false;

/** @param {File[]} files  CSV or IDX, to be used together */
const loadData = (files) => interrupt(async () => {
  cancelled = false;
  try {
    const news = await handOver(ask, files, (file, loaded, rows) => ownData.loading(file.name, loaded, file.size, rows), () => cancelled);
    if (!news) {
      status.say("Loading was cancelled. Nothing has changed.");
      return true;
    }
    adopt(news);
    updateAddress();
    status.say(news.notice);
    if (news.new_network) await Promise.all([showSamples(), refresh()]);
    return !news.new_network;
  } finally {
    ownData.idle();
  }
});

/** @param {OwnCounts} counts */
function showOwnData(counts) {
  controls.offerOwnData(counts.train ? `own ${integer(counts.train)}` : null);
  ownData.update(counts);
}

on(ownData, "cancel", () => (cancelled = true));
on(ownData, "submission", () => enqueue(async () => {
  download("submission.csv", new Blob([await ask("submission")], { type: "text/csv" }));
}));
on(ownData, "names", (names) => enqueue(async () => {
  nameClasses(await ask("set_class_names", names));
  await refresh();
}));

// ---- the pad, files and the look --------------------------------------------------------------------------------

byTestId("undo").addEventListener("click", () => pad.undo());
byTestId("clear").addEventListener("click", () => pad.clear());
addEventListener("keydown", (event) => {
  const isField = event.target instanceof HTMLElement && event.target.matches("input, select");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isField) pad.undo();
});

/** @param {number} index  of a test image to put on the pad */
async function place(index) {
  pad.place(digitPicture(await digits.get("test", [index])), { which: "test", index });
}
for (const view of [samples, confusion, mistakes, examples, unitPanel]) on(view, "pick", (index) => place(index).catch(complain));

/** @param {File} file  a photo or scan */
async function placePhoto(file) {
  const { grey, height, width } = await greyOf(file);
  const { ink } = await ask("predict_photo", grey, height, width);
  pad.place(inkPicture(ink, height, width), null);
}

/**
 * Files are known by their names; anything that is no picture and no network is taken for data.
 * @param {File[]} files
 */
function take(files) {
  if (!files.length) return;
  const [file] = files;
  if (file.type.startsWith("image/")) placePhoto(file).catch(complain);
  else if (file.name.endsWith(".npz")) loadNetwork(file);
  else loadData(files);
}

/**
 * @param {string} id  of a file input
 * @param {(files: File[]) => void} handler
 */
function onFiles(id, handler) {
  const input = /** @type {HTMLInputElement} */ (byId(id));
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) handler(files);
  });
}
onFiles("load", ([file]) => loadNetwork(file));
onFiles("load-data", loadData);
onFiles("load-image", ([file]) => placePhoto(file).catch(complain));

addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  take([...(event.dataTransfer?.files ?? [])]);
});

function retheme() {
  pad.update();
  network.redraw();
  curves.redraw();
  lookAtUnit();
}
byId("theme").addEventListener("click", () => {
  toggleTheme();
  retheme();
});
onSystemTheme(retheme);

// ---- go ---------------------------------------------------------------------------------------------------------

if (window.digitnetGuard.started()) {
  known.kernel = kernelInAddress(location.hash) ?? "simd";
  try {
    controls.update(fromAddress(location.hash));
  } catch {
    // what can't be is said when the session is there to refuse it
  }
  pad.draw(FIRST_DIGIT);
  evaluate();
  enqueue(start);
}
