/** Reading the digit on the pad, and looking into the network while it does. */

import { PIXELS } from "../lib/digits.js";
import { on } from "../lib/events.js";
import { coalesce, throttle } from "../lib/pace.js";
import { follow, isTrained, page, showError } from "./state.js";

/** First-layer units shown at a time; test digits shown of those that excite a unit. */
const UNITS = 128;
const EXCITING = 16;
/** Milliseconds between two looks at the weights, and between two searches through the test set. */
const LOOK = 125;
const SEARCH = 2_000;
/** Milliseconds between two times that the worker is told that somebody draws, and how long a pen that rests counts. */
const HURRY = 100;
const DRAWING = 300;
const EMPTY = { digit: null, probabilities: new Array(10).fill(0), seen: new Uint8Array(PIXELS), activations: [], logits: [], unlikeness: null, unfamiliar: false, trouble: "" };

/**
 * @param {object} parts
 * @param {import("./client.js").Client} parts.client
 * @param {ReturnType<typeof import("../lib/pictures.js").createPictures>} parts.pictures
 * @param {import("../components/drawing-pad.js").DrawingPad} parts.pad
 * @param {import("../components/answer.js").Answer} parts.answer
 * @param {import("../components/stages.js").PreprocessingStages} parts.stages
 * @param {import("../components/votes.js").VotesView} parts.votes
 * @param {import("../components/network-view.js").NetworkView} parts.network
 * @param {import("../components/unit-panel.js").UnitPanel} parts.unitPanel
 */
export function createReading({ client, pictures, pad, answer, stages, votes, network, unitPanel }) {
  /** The unit whose panel is open. @type {{layer: number, index: number} | null} */
  let opened = null;
  let isVisible = true;

  /** @param {{layer: number}} unit */
  const isOutput = ({ layer }) => layer === page.sizes.value.length - 2;

  /** The probabilities of the outputs for the digit on the pad. @type {number[]} */
  let probabilities = [];

  /** While it trains, what nobody sees is not worth the time. */
  const isWorthwhile = () => client.isReady && (isVisible || page.state.value !== "training");

  /** When the pen last moved: its answers come before pictures of the weights. */
  let drawnAt = -Infinity;
  const isDrawing = () => performance.now() - drawnAt < DRAWING;

  let lastSeen = EMPTY.seen;

  /** @param {import("../components/answer.js").ShownPrediction} prediction */
  function show(prediction) {
    lastSeen = prediction.seen;
    probabilities = prediction.digit === null ? [] : prediction.probabilities;
    answer.update(prediction, { trained: isTrained.value });
    network.update(prediction);
  }

  const read = coalesce(async () => {
    if (!client.isReady) return;
    const { image } = pad;
    const drawing = pad.ink();
    const { ink, height, width } = drawing;
    const { fit, centre } = stages.switches;
    const prediction = image
      ? { ...(await client.session.predict_pixels(image.pixels)), label: image.label }
      : { ...(await client.session.predict(ink, height, width, fit, centre)), fit, centre };
    if (pad.empty && prediction.digit !== null) return;
    show(prediction);
    connectSoon();
    if (!stages.isOpen) return;
    if (image) stages.update(null, null, prediction.seen);
    else stages.update(drawing, await client.session.stages(ink, height, width, fit, centre), prediction.seen);
  });

  const connectSoon = throttle(async () => {
    if (!isWorthwhile()) return;
    if (!pad.empty) network.setConnections(await client.session.connections());
    await explain();
    await lookAtUnit(0);
  }, LOOK, showError);

  /** Why it reads the digit on the pad as it does, for those who look at it. */
  async function explain() {
    if (votes.isOpen && client.isReady) votes.update(await client.session.votes(), page.classNames.value);
  }

  /** The network's weights, and what they make of the digit on the pad. */
  async function look() {
    if (!client.isReady) return;
    if (page.state.value === "training" && isDrawing()) {
      lookSoon();
      return;
    }
    const [tiles] = await Promise.all([isWorthwhile() ? client.session.tiles(network.start, UNITS) : null, read()]);
    if (tiles) network.setTiles(tiles);
    if (opened && isWorthwhile()) searchSoon();
  }
  const lookSoon = throttle(look, LOOK, showError);
  const hurry = throttle(client.hurry, HURRY, showError);

  /**
   * The unit whose panel is open.
   * @param {number} exciting  how many of the test digits that excite it to search for
   */
  async function lookAtUnit(exciting) {
    const asked = opened;
    if (!asked || !client.isReady) return;
    const unit = await client.session.unit(asked.layer, asked.index, exciting);
    const pixels = exciting ? await pictures.get("test", unit.exciting.indices) : null;
    if (opened !== asked) return; // closed, or another one was opened
    unitPanel.update(unit, pixels, page.classNames.value, isOutput(asked) ? probabilities[asked.index] : undefined);
  }
  const searchSoon = throttle(() => lookAtUnit(EXCITING), SEARCH, showError);

  on(pad, "change", () => {
    if (!client.isReady) return;
    drawnAt = performance.now();
    if (page.state.value === "training") hurry();
    if (pad.empty) show({ ...EMPTY, ...stages.switches });
    read().catch(showError);
  });
  on(stages, "change", () => read().catch(showError));
  on(network, "page", lookSoon);
  on(network, "visible", (visible) => {
    isVisible = visible;
    if (visible) lookSoon();
  });
  on(votes, "change", () => explain().catch(showError));
  for (const view of [network, votes]) on(view, "select", ({ layer, index }) => {
    opened = { layer, index };
    const title = isOutput(opened) ? `Output ${page.classNames.value[index]}` : `Hidden layer ${layer + 1}, unit ${index + 1}`;
    unitPanel.show(title, { seesPixels: layer === 0, isOutput: isOutput(opened), feedsOutputs: isOutput({ layer: layer + 1 }) });
    lookAtUnit(EXCITING).catch(showError);
  });
  on(unitPanel, "close", () => (opened = null));

  follow(() => {
    page.sizes.value;
    if (unitPanel.open) unitPanel.close();
  });
  follow(() => {
    page.progress.value;
    page.state.value;
    isTrained.value;
    lookSoon();
  });

  /** The image on the pad as the network sees it, 784 pixels. */
  async function seen() {
    await read();
    return lastSeen;
  }

  return { look, seen, lookAtUnit: () => lookAtUnit(0).catch(showError) };
}
