/** Reading the digit on the pad, and looking into the network while it does. */

import { PIXELS } from "./digits.js";
import { on } from "./events.js";
import { newest, spaced } from "./pace.js";

/** First-layer units shown at a time; test digits shown of those that excite a unit. */
const UNITS = 128;
const EXCITING = 16;
/** Milliseconds between two looks at the weights, and between two searches through the test set. */
const LOOK = 125;
const SEARCH = 2_000;
const EMPTY = { digit: null, probabilities: new Array(10).fill(0), seen: new Uint8Array(PIXELS), activations: [], logits: [] };

/**
 * @param {object} page
 * @param {(method: string, ...args: unknown[]) => Promise<any>} page.ask  the session
 * @param {ReturnType<typeof import("./pictures.js").pictures>} page.digits
 * @param {{sizes: number[], names: string[]}} page.known
 * @param {() => "absent" | "idle" | "training"} page.session  what the session is doing
 * @param {() => boolean} page.isTrained  whether the network has ever seen a digit
 * @param {(error: unknown) => void} page.complain
 * @param {import("../components/drawing-pad.js").DrawingPad} page.pad
 * @param {import("../components/answer.js").Answer} page.answer
 * @param {import("../components/network-view.js").NetworkView} page.network
 * @param {import("../components/unit-panel.js").UnitPanel} page.unitPanel
 */
export function reading({ ask, digits, known, session, isTrained, complain, pad, answer, network, unitPanel }) {
  /** The unit whose panel is open. @type {{layer: number, index: number} | null} */
  let opened = null;
  let isVisible = true;

  /** @param {{layer: number}} unit */
  const isOutput = ({ layer }) => layer === known.sizes.length - 2;

  /** While it trains, what nobody sees is not worth the time. */
  const isWorthwhile = () => session() === "idle" || (session() === "training" && isVisible);

  /** The softmax of the output whose panel is open. @type {number[]} */
  let probabilities = [];

  /** @param {Prediction} prediction */
  function show(prediction) {
    probabilities = prediction.digit === null ? [] : prediction.probabilities;
    answer.update(prediction, { trained: isTrained() });
    network.update(prediction);
  }

  const read = newest(async () => {
    if (session() === "absent") return;
    const { source } = pad;
    const { ink, height, width } = pad.ink();
    const prediction = source ? await ask("predict_image", source.which, source.index) : await ask("predict", ink, height, width);
    if (pad.empty && prediction.digit !== null) return;
    show(prediction);
    connectSoon();
  });

  const connectSoon = spaced(async () => {
    if (!isWorthwhile()) return;
    if (!pad.empty) network.setConnections(await ask("connections"));
    await lookAtUnit(0);
  }, LOOK, complain);

  /** The network's weights, and what they make of the digit on the pad. */
  async function look() {
    if (session() === "absent") return;
    const [tiles] = await Promise.all([isWorthwhile() ? ask("tiles", network.start, UNITS) : null, read()]);
    if (tiles) network.setTiles(tiles);
    if (opened && isWorthwhile()) searchSoon();
  }
  const lookSoon = spaced(look, LOOK, complain);

  /**
   * The unit whose panel is open.
   * @param {number} exciting  how many of the test digits that excite it to search for
   */
  async function lookAtUnit(exciting) {
    if (!opened || session() === "absent") return;
    const unit = /** @type {Unit} */ (await ask("unit", opened.layer, opened.index, exciting));
    unitPanel.update(unit, exciting ? await digits.get("test", unit.exciting.indices) : null, known.names, isOutput(opened) ? probabilities[opened.index] : undefined);
  }
  const searchSoon = spaced(() => lookAtUnit(EXCITING), SEARCH, complain);

  on(pad, "change", () => {
    if (session() === "absent") return;
    if (pad.empty) show(EMPTY);
    read().catch(complain);
  });
  on(network, "page", lookSoon);
  on(network, "visible", (visible) => {
    isVisible = visible;
    if (visible) lookSoon();
  });
  on(network, "select", ({ layer, index }) => {
    opened = { layer, index };
    const title = isOutput(opened) ? `Output ${known.names[index]}` : `Hidden layer ${layer + 1}, unit ${index + 1}`;
    unitPanel.show(title, { seesPixels: layer === 0, isOutput: isOutput(opened) });
    lookAtUnit(EXCITING).catch(complain);
  });
  on(unitPanel, "close", () => (opened = null));

  return { look, lookSoon, lookAtUnit: () => lookAtUnit(0).catch(complain), closeUnit: () => unitPanel.open && unitPanel.close() };
}
