/** The network from top to bottom on one canvas, lit by the digit on the pad, with a button over every unit. */

import { ColourScale } from "../lib/colour-scale.js";
import { SIDE, paintDigit } from "../lib/digits.js";
import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { isArrow, nearest } from "../lib/nearest.js";
import { layoutNetwork, leastHeight } from "../lib/network-layout.js";
import { lookUp, paintNetwork } from "../lib/network-painter.js";
import { canvasType, divergingWords } from "../lib/theme.js";
import { TileAtlas } from "../lib/tile-atlas.js";

/** @typedef {import("../lib/network-layout.js").Box} Box */
/** @typedef {import("../lib/network-layout.js").Layout} Layout */

/** The most first-layer units on one page. */
const PAGE = 128;
/** How far apart units are for a finger, in CSS pixels. */
const FINGER = 24;

/** Emits `select` with {layer, index}, `page` when other units are shown, `visible` with whether it can be seen. */
export class NetworkView extends EventTarget {
  /** @type {number[]} */
  #sizes = [784, 128, 10];
  /** @type {Tiles | null} */
  #tiles = null;
  /** @type {Prediction | null} */
  #prediction = null;
  /** @type {Connections["layers"]} */
  #connections = [];
  #sorted = false;
  #start = 0;
  #frame = 0;
  /** @type {Layout | null} */
  #layout = null;
  #names = Array.from("0123456789");
  /** Which first-layer unit stands at each place. @type {number[]} */
  #order = [];
  #colours = lookUp();
  #palette = divergingWords();
  #atlas = new TileAtlas();
  #scale = new ColourScale({ cut: true });

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.canvas = element("canvas", { class: "network-canvas", "aria-hidden": "true" });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.input = element("canvas", { class: "digit-picture input-picture", width: SIDE, height: SIDE, role: "img", "aria-label": "The 784 inputs: 28 by 28 pixels" });
    this.about = element("p");
    this.legend = element("p", { class: "network-key soft" });
    const sort = element("input", { type: "checkbox" });
    sort.addEventListener("change", () => {
      this.#sorted = sort.checked;
      this.#sortUnits();
    });
    this.sort = element("label", { class: "check" }, sort, "highest activation first");
    this.back = element("button", { type: "button", "aria-label": "Earlier units" }, "‹");
    this.forward = element("button", { type: "button", "aria-label": "Later units" }, "›");
    this.range = element("span");
    this.pager = element("span", { class: "pager", hidden: true }, this.back, this.range, this.forward);
    this.back.addEventListener("click", () => this.#turn(-PAGE));
    this.forward.addEventListener("click", () => this.#turn(PAGE));
    this.buttons = element("div", { class: "units", role: "group", "aria-label": "Units of the network. Arrow keys move, Enter opens one." });
    this.buttons.addEventListener("keydown", (event) => this.#key(event));
    this.buttons.addEventListener("click", (event) => this.#click(event));
    this.stage = element("div", { class: "network-stage" }, this.canvas, this.buttons, this.pager);
    this.#explain();
    root.append(
      element("div", { class: "network-top soft" }, this.input,
        element("div", {}, this.about, element("p", { class: "row" }, this.#scale.element, this.sort))),
      this.stage, this.legend,
    );
    new ResizeObserver(() => this.#updateLayout()).observe(this.stage);
    new IntersectionObserver((entries) => emit(this, "visible", entries[entries.length - 1].isIntersecting)).observe(root);
  }

  /** @param {string[]} names */
  setNames(names) {
    this.#names = names;
    this.#updateLayout();
  }

  /** @param {number[]} sizes  of all layers */
  setSizes(sizes) {
    if (String(sizes) === String(this.#sizes)) return;
    this.#sizes = sizes;
    this.#start = 0;
    this.#tiles = null;
    this.#prediction = null;
    this.#connections = [];
    this.#fillAtlas();
    this.#updateLayout();
  }

  get start() {
    return this.#start;
  }

  /** @param {Tiles} tiles */
  setTiles(tiles) {
    this.#tiles = tiles;
    this.#fillAtlas();
    this.#draw();
  }

  /** @param {Prediction} prediction */
  update(prediction) {
    this.#prediction = prediction;
    paintDigit(this.input, prediction.seen);
    if (this.#sorted) this.#sortUnits();
    this.#draw();
  }

  /** @param {Connections} connections */
  setConnections(connections) {
    this.#connections = connections.layers;
    this.#draw();
  }

  /** Take up new colours. */
  redraw() {
    this.#colours = lookUp();
    this.#palette = divergingWords();
    this.#scale.redraw();
    this.#fillAtlas();
    this.#draw();
  }

  get #shown() {
    return Math.min(PAGE, this.#sizes[1] - this.#start);
  }

  get #hasHidden() {
    return this.#sizes.length > 2;
  }

  /** @param {number} by */
  #turn(by) {
    this.#start = Math.max(0, Math.min(this.#start + by, Math.floor((this.#sizes[1] - 1) / PAGE) * PAGE));
    this.#updateLayout();
    emit(this, "page");
  }

  #fillAtlas() {
    this.#atlas.fill(this.#tiles, this.#palette);
    this.#scale.update(this.#tiles?.scale ?? null);
  }

  #updateLayout() {
    const width = this.stage.clientWidth;
    const spacing = { gap: canvasType(26), least: matchMedia("(pointer: coarse)").matches ? FINGER : 0 };
    this.stage.style.minHeight = spacing.least ? `${leastHeight(width, this.#sizes, this.#shown, spacing)}px` : "";
    const height = this.stage.clientHeight;
    // Without the style sheet the stage is as high as the canvas in it, which must not follow it then.
    if (width === 0 || height === 0 || getComputedStyle(this.canvas).position !== "absolute") return;
    this.#layout = layoutNetwork(width, height, this.#sizes, this.#shown, spacing);
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    const total = this.#sizes[1];
    this.sort.hidden = !this.#hasHidden;
    this.pager.hidden = !this.#hasHidden || total <= PAGE;
    this.range.textContent = `units ${this.#start + 1}–${this.#start + this.#shown} of ${total}`;
    this.back.disabled = this.#start === 0;
    this.forward.disabled = this.#start + this.#shown >= total;
    this.#explain();
    this.#sortUnits();
    this.#placeButtons();
  }

  /** Say what the tiles, frames and lines stand for. */
  #explain() {
    const unit = this.#hasHidden ? "a unit" : "an output";
    this.about.replaceChildren(
      `Each square: ${unit}’s weights × the pixels’ standard deviation. `,
      element("b", { class: "positive" }, "Blue"), ": ink here raises its sum. ",
      element("b", { class: "negative" }, "Orange"), ": ink lowers it.",
    );
    const outputs = "The outputs are filled to their probability. Select a unit to see its numbers.";
    this.legend.textContent = this.#hasHidden
      ? `Frames and cells: activation for this input, blue positive, orange negative; a pale square has little. Lines: weight × activation; blue raises, orange lowers the next unit’s sum. Of each layer’s lines the 40 largest are drawn. ${outputs}`
      : `Frames: probability; a pale square has little. ${outputs}`;
  }

  /** Which unit stands where: by number, or those with the highest activation first. */
  #sortUnits() {
    const order = Array.from({ length: this.#shown }, (_, i) => this.#start + i);
    const activations = this.#prediction?.activations[0];
    if (this.#sorted && activations && this.#hasHidden) order.sort((a, b) => activations[b] - activations[a]);
    this.#order = order;
    this.#draw();
  }

  #placeButtons() {
    const layout = /** @type {Layout} */ (this.#layout);
    // Buttons that are there are moved, so that one that has the focus keeps it.
    const buttons = /** @type {HTMLCollectionOf<HTMLButtonElement>} */ (this.buttons.children);
    let count = 0;
    const add = (/** @type {Box} */ box, /** @type {number} */ layer, /** @type {number} */ place, /** @type {string} */ label) => {
      const button = buttons[count] ?? this.buttons.appendChild(element("button", { type: "button", tabindex: -1 }));
      count += 1;
      button.ariaLabel = label;
      Object.assign(button.dataset, { layer, place });
      Object.assign(button.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` });
    };
    layout.layers.forEach((boxes, layer) => boxes.forEach((box, place) =>
      add(box, layer, place, this.#hasHidden ? `Hidden layer ${layer + 1}, place ${place + 1}` : `Output ${this.#names[place]}`)));
    if (this.#hasHidden) layout.outputs.forEach((box, place) => add(box, layout.layers.length, place, `Output ${this.#names[place]}`));
    while (buttons.length > count) buttons[count].remove();
    if (![...buttons].some(({ tabIndex }) => tabIndex === 0)) buttons[0].tabIndex = 0;
  }

  /** @param {Event} event */
  #click(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    const layer = Number(button.dataset.layer);
    const place = Number(button.dataset.place);
    const index = layer === 0 && this.#hasHidden ? this.#order[place] : place;
    emit(this, "select", { layer, index });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!isArrow(event.key) || from.parentElement !== this.buttons) return;
    event.preventDefault();
    const buttons = /** @type {HTMLElement[]} */ ([...this.buttons.children]);
    const next = buttons[nearest(from.getBoundingClientRect(), buttons.map((button) => button.getBoundingClientRect()), event.key)];
    if (!next) return;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  #draw() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    if (!this.#layout) return;
    this.context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const picture = {
      layout: this.#layout, sizes: this.#sizes, order: this.#order, atlas: this.#atlas,
      prediction: this.#prediction, connections: this.#connections, names: this.#names,
    };
    paintNetwork(this.context, picture, this.#colours, getComputedStyle(this.root).fontFamily);
  }
}
