/** Teaching: the visitor says what a drawing is, and the network learns such drawings, with figures and a way back. */

import { computed, signal } from "@preact/signals-core";
import { download } from "../lib/download.js";
import { storedDrawings, storeDrawings } from "../lib/drawing-store.js";
import { added, packed } from "../lib/drawings.js";
import { emit, on } from "../lib/events.js";
import { throttle } from "../lib/pace.js";
import { requireSize } from "../lib/uploads.js";
import { clearMessage, follow, isUsable, page, setState, showError, showMessage } from "./state.js";

/** Seconds that the worker teaches before it answers other requests. */
const SLICE = 0.02;
/** Milliseconds between two looks at what the network has become. */
const LOOK = 250;
/** A file of drawings is no larger, in bytes: 300 rows of 785 numbers take a fifth. */
const MOST_BYTES = 5_000_000;

/** @typedef {import("../lib/drawings.js").Drawing} Drawing */

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {import("./training.js").Training} parts.training
 * @param {{seen: () => Promise<Uint8Array>}} parts.reading
 * @param {import("../components/drawing-pad.js").DrawingPad} parts.pad
 * @param {import("../components/teacher.js").Teacher} parts.teacher
 * @returns {{stop: () => boolean}}  stop: end the teaching under way; says whether there was any
 */
export function connectTeaching({ client, training, reading, pad, teacher }) {
  const all = signal(/** @type {Drawing[]} */ ([]));
  const isOwn = computed(() => page.settings.value?.data_size === "own");
  const drawings = computed(() => all.value.filter(({ own }) => own === isOwn.value));
  /** The drawing that is on the pad, when it has been labelled. */
  const current = signal(/** @type {Drawing | null} */ (null));
  /** How far the teaching is; null where there is none under way. */
  const fraction = signal(/** @type {number | null} */ (null));
  /** The step after which the network was taught; null where it was not. */
  const taughtAfter = signal(/** @type {number | null} */ (null));
  const canUndo = computed(() => fraction.value === null && taughtAfter.value !== null && page.progress.value?.step === taughtAfter.value);
  let isStopped = false;
  /** What it learns is seen while it learns. */
  const lookSoon = throttle(() => training.updateReading(), LOOK, showError);
  const loaded = storedDrawings().then((stored) => void (all.value = [...stored, ...all.value]));

  /** @param {Drawing[]} changed */
  async function keep(changed) {
    all.value = changed;
    await loaded;
    await storeDrawings(all.value);
  }

  /** @param {number} count  of drawings to be added */
  function requireRoom(count) {
    const most = page.mostDrawings.value;
    if (all.value.length + count > most) throw new Error(`At most ${most} drawings are kept: delete some first.`);
  }

  /** @param {number} label */
  async function add(label) {
    clearMessage();
    if (pad.image) throw new Error("This is one of the test images: a network that learns it is no longer tested by it. Draw one yourself.");
    const pixels = await reading.seen();
    if (!pixels.some(Boolean)) throw new Error("The pad is empty: draw a digit, then say what it is.");
    const before = current.value;
    if (before?.own === isOwn.value && all.value.includes(before)) {
      current.value = { ...before, label };
      await keep(all.value.map((drawing) => (drawing === before ? /** @type {Drawing} */ (current.value) : drawing)));
      return;
    }
    requireRoom(1);
    const drawing = { label, pixels, own: isOwn.value };
    current.value = drawing;
    await keep([...all.value, drawing]);
  }

  /**
   * Teach to the end, or until it is stopped.
   * @param {boolean} rehearse
   * @returns {Promise<Taught | null>}
   */
  async function advance(rehearse) {
    const { pixels, labels } = packed(drawings.value);
    await client.session.teach(pixels, labels, rehearse);
    while (!isStopped) {
      const { fraction: done, result } = await client.session.advance_teaching(SLICE);
      fraction.value = done;
      lookSoon();
      if (result) return result;
    }
    page.progress.value = await client.session.cancel_teaching();
    return null;
  }

  /** @param {boolean} rehearse */
  async function teach(rehearse) {
    await training.prepare();
    setState("training");
    fraction.value = 0;
    let result = null;
    try {
      result = await advance(rehearse);
      if (result) page.progress.value = result.progress;
    } finally {
      fraction.value = null;
      await training.refresh();
    }
    if (result) {
      taughtAfter.value = result.progress.step;
      teacher.show(result);
    } else {
      teacher.say("Stopped: the network is as it was before.");
    }
    emit(training, "taught");
    return false;
  }

  async function undo() {
    clearMessage();
    page.progress.value = await client.session.undo_teaching();
    taughtAfter.value = null;
    teacher.say("The network is as it was before it learned your drawings.");
    await training.refresh();
    emit(training, "taught");
    return false;
  }

  /** @param {File} file */
  async function open(file) {
    clearMessage();
    requireSize(file, MOST_BYTES);
    const found = await client.session.read_drawings(new Uint8Array(await file.arrayBuffer()));
    const news = added(drawings.value, found, isOwn.value);
    requireRoom(news.length);
    await keep([...all.value, ...news]);
    const known = found.labels.length - news.length;
    showMessage(`${file.name}: drawings added: ${news.length}${known ? `; already here: ${known}` : ""}.`);
  }

  on(teacher, "label", (label) => add(label).catch(showError));
  on(teacher, "remove", (index) => keep(all.value.filter((drawing) => drawing !== drawings.value[index])).catch(showError));
  on(teacher, "teach", (rehearse) => {
    if (fraction.value !== null) return;
    clearMessage();
    teacher.show(null);
    isStopped = false;
    training.interrupt(() => teach(rehearse));
  });
  on(teacher, "undo", () => training.interrupt(undo));
  on(teacher, "import", (file) => training.enqueue(() => open(file)));
  on(teacher, "export", () => training.enqueue(async () => {
    const { pixels, labels } = packed(drawings.value);
    download("drawings.csv", new Blob([await client.session.drawings_csv(pixels, labels)], { type: "text/csv" }));
  }));
  on(pad, "change", () => (current.value = null));
  for (const type of ["begin", "code"]) {
    on(training, type, () => {
      taughtAfter.value = null;
      teacher.show(null);
    });
  }

  follow(() => teacher.setNames(page.classNames.value));
  follow(() => {
    page.classNames.value;
    const labelled = current.value;
    teacher.update(drawings.value, labelled && drawings.value.includes(labelled) ? labelled.label : null);
  });
  follow(() => teacher.enable({ isUsable: isUsable.value, isTeaching: fraction.value !== null, count: drawings.value.length, canUndo: canUndo.value }));
  follow(() => {
    page.teaching.value = fraction.value;
    teacher.progress(fraction.value);
  });

  return {
    stop() {
      isStopped = fraction.value !== null;
      return isStopped;
    },
  };
}
