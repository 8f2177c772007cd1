/** The network from top to bottom on one canvas, lit by the digit on the pad, with a button over every unit. */

import { element } from "../lib/dom.js";
import { PIXELS, SIDE, paintDigit } from "../lib/digits.js";
import { emit } from "../lib/events.js";
import { layoutNetwork, MOST_CELLS } from "../lib/network-layout.js";
import { colour, css, divergingWords, mix } from "../lib/theme.js";

/** @typedef {import("../lib/network-layout.js").Box} Box */
/** @typedef {import("../lib/network-layout.js").Layout} Layout */

/** The most first-layer units on one page. */
const PAGE = 128;
/** Tiles beside each other in the atlas of weight pictures. */
const ATLAS = 16;

/** The colours it paints with. Asking for them costs the browser a look at all styles. */
const lookUp = () => ({
  line: colour("--line"), soft: colour("--soft"), accent: colour("--accent"), text: colour("--text"), sunken: colour("--sunken"),
  onAccent: colour("--on-accent"), positive: colour("--positive"), negative: colour("--negative"),
});

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
  #palette = divergingWords();
  #look = lookUp();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.canvas = element("canvas", { class: "network-canvas", "aria-hidden": "true" });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.atlas = document.createElement("canvas");
    this.atlasContext = /** @type {CanvasRenderingContext2D} */ (this.atlas.getContext("2d"));
    this.input = element("canvas", { class: "digit-picture input-picture", width: SIDE, height: SIDE, role: "img", "aria-label": "The 784 inputs: the digit as the network sees it" });
    this.caption = element("p", { class: "soft" });
    const sort = element("input", { type: "checkbox" });
    sort.addEventListener("change", () => {
      this.#sorted = sort.checked;
      this.#arrange();
    });
    this.sort = element("label", { class: "check" }, sort, "strongest first");
    this.back = element("button", { type: "button", "aria-label": "Earlier units" }, "‹");
    this.forward = element("button", { type: "button", "aria-label": "Later units" }, "›");
    this.range = element("span");
    this.pager = element("span", { class: "pager", hidden: true }, this.back, this.range, this.forward);
    this.back.addEventListener("click", () => this.#turn(-PAGE));
    this.forward.addEventListener("click", () => this.#turn(PAGE));
    this.buttons = element("div", { class: "units", role: "group", "aria-label": "Units of the network. Arrow keys move, Enter opens one." });
    this.buttons.addEventListener("keydown", (event) => this.#key(event));
    this.buttons.addEventListener("click", (event) => this.#click(event));
    this.stage = element("div", { class: "network-stage" }, this.canvas, this.buttons);
    root.append(
      element("div", { class: "network-top" }, this.input,
        element("div", {}, this.caption, element("p", { class: "row" },
          this.sort, this.pager))),
      this.stage,
    );
    new ResizeObserver(() => this.#lay()).observe(this.stage);
    new IntersectionObserver((entries) => emit(this, "visible", entries[entries.length - 1].isIntersecting)).observe(root);
  }

  /** @param {string[]} names */
  setNames(names) {
    this.#names = names;
    this.#lay();
  }

  /** @param {number[]} sizes  of all layers */
  setSizes(sizes) {
    if (String(sizes) === String(this.#sizes)) return;
    this.#sizes = sizes;
    this.#start = 0;
    this.#tiles = null;
    this.#prediction = null;
    this.#connections = [];
    this.#lay();
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
    if (this.#sorted) this.#arrange();
    this.#draw();
  }

  /** @param {Connections} connections */
  setConnections(connections) {
    this.#connections = connections.layers;
    this.#draw();
  }

  /** Take up new colours. */
  redraw() {
    this.#palette = divergingWords();
    this.#look = lookUp();
    this.#fillAtlas();
    this.#draw();
  }

  get #shown() {
    return Math.min(PAGE, this.#sizes[1] - this.#start);
  }

  /** @param {number} by */
  #turn(by) {
    this.#start = Math.max(0, Math.min(this.#start + by, Math.floor((this.#sizes[1] - 1) / PAGE) * PAGE));
    this.#lay();
    emit(this, "page");
  }

  #lay() {
    const width = this.stage.clientWidth;
    const height = this.stage.clientHeight;
    if (width === 0 || height === 0) return;
    this.#layout = layoutNetwork(width, height, this.#sizes, this.#shown);
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    const total = this.#sizes[1];
    const hidden = this.#sizes.length > 2;
    this.sort.hidden = !hidden;
    this.pager.hidden = !hidden || total <= PAGE;
    this.range.textContent = `units ${this.#start + 1}–${this.#start + this.#shown} of ${total}`;
    this.caption.textContent = hidden
      ? "A square shows the weights of one hidden unit, a pixel each. The brighter, the more it answers to this digit. Click one to look inside."
      : "No hidden layer: each output looks at the pixels itself. Click one to look inside.";
    this.#arrange();
    this.#placeButtons();
  }

  /** Which unit stands where: by number, or those that answer most strongly first. */
  #arrange() {
    const order = Array.from({ length: this.#shown }, (_, i) => this.#start + i);
    const activations = this.#prediction?.activations[0];
    if (this.#sorted && activations && this.#sizes.length > 2) order.sort((a, b) => activations[b] - activations[a]);
    this.#order = order;
    this.#draw();
  }

  #placeButtons() {
    const layout = /** @type {Layout} */ (this.#layout);
    const hidden = this.#sizes.length > 2;
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
      add(box, layer, place, hidden ? `Layer ${layer + 1}, place ${place + 1}` : `Output ${this.#names[place]}`)));
    if (hidden) layout.outputs.forEach((box, place) => add(box, layout.layers.length, place, `Output ${this.#names[place]}`));
    while (buttons.length > count) buttons[count].remove();
    if (![...buttons].some(({ tabIndex }) => tabIndex === 0)) buttons[0].tabIndex = 0;
  }

  /** @param {Event} event */
  #click(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    const layer = Number(button.dataset.layer);
    const place = Number(button.dataset.place);
    const index = layer === 0 && this.#sizes.length > 2 ? this.#order[place] : place;
    emit(this, "select", { layer, index });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const from = /** @type {HTMLElement} */ (event.target);
    if (!steps || from.parentElement !== this.buttons) return;
    event.preventDefault();
    const [right, down] = steps;
    const here = from.getBoundingClientRect();
    let best = null;
    let least = Infinity;
    for (const node of this.buttons.children) {
      const there = node.getBoundingClientRect();
      const across = there.x + there.width / 2 - here.x - here.width / 2;
      const along = there.y + there.height / 2 - here.y - here.height / 2;
      const ahead = right * across + down * along;
      const aside = Math.abs(right ? along : across);
      const distance = ahead + 4 * aside;
      if (ahead > 1 && distance < least && (down || aside < here.height)) [best, least] = [node, distance];
    }
    if (!(best instanceof HTMLElement)) return;
    from.tabIndex = -1;
    best.tabIndex = 0;
    best.focus();
  }

  #fillAtlas() {
    const tiles = this.#tiles;
    if (!tiles) return;
    const rows = Math.ceil(tiles.count / ATLAS);
    if (this.atlas.height !== rows * SIDE) [this.atlas.width, this.atlas.height] = [ATLAS * SIDE, rows * SIDE];
    const image = this.atlasContext.createImageData(ATLAS * SIDE, rows * SIDE);
    const words = new Uint32Array(image.data.buffer);
    for (let tile = 0; tile < tiles.count; tile++) {
      const corner = Math.floor(tile / ATLAS) * SIDE * ATLAS * SIDE + (tile % ATLAS) * SIDE;
      for (let y = 0; y < SIDE; y++) {
        const from = tile * PIXELS + y * SIDE;
        const to = corner + y * ATLAS * SIDE;
        for (let x = 0; x < SIDE; x++) words[to + x] = this.#palette[tiles.pixels[from + x] + 128];
      }
    }
    this.atlasContext.putImageData(image, 0, 0);
  }

  #draw() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    const layout = this.#layout;
    if (!layout) return;
    const { context } = this;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const look = this.#look;
    context.font = `12px ${getComputedStyle(this.root).fontFamily}`;
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillStyle = css(look.soft);
    for (const { x, y, text } of layout.labels) context.fillText(text, x, y);
    const hidden = this.#sizes.length > 2;
    const digit = this.#prediction?.digit ?? null;
    const lit = digit !== null;
    const strengths = layout.layers.map((boxes, layer) => this.#strengths(layer, boxes.length));

    layout.layers[0].forEach((box, place) => {
      const strength = lit ? strengths[0][place] : 0.5;
      const tile = this.#order[place] - (this.#tiles?.start ?? 0);
      context.globalAlpha = lit ? 0.3 + 0.7 * strength : 0.75;
      if (this.#tiles && tile >= 0 && tile < this.#tiles.count) {
        context.imageSmoothingEnabled = box.width * devicePixelRatio < 3 * SIDE;
        context.drawImage(this.atlas, (tile % ATLAS) * SIDE, Math.floor(tile / ATLAS) * SIDE, SIDE, SIDE, box.x, box.y, box.width, box.height);
      }
      context.globalAlpha = 1;
      context.lineWidth = lit && strength > 0.05 ? 1 + strength : 1;
      context.strokeStyle = css(mix(look.line, look.accent, lit ? strength : 0));
      context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    });
    layout.layers.slice(1).forEach((boxes, i) => boxes.forEach((box, place) => {
      context.fillStyle = css(mix(look.sunken, look.accent, lit ? strengths[i + 1][place] : 0));
      context.beginPath();
      context.roundRect(box.x, box.y, box.width, box.height, 2);
      context.fill();
    }));
    if (lit) this.#paintConnections(layout, look);
    layout.outputs.forEach((box, place) => {
      const probability = lit ? this.#prediction?.probabilities[place] ?? 0 : 0;
      context.fillStyle = css(look.sunken);
      context.beginPath();
      context.roundRect(box.x, box.y, box.width, box.height, 6);
      context.fill();
      context.save();
      context.clip();
      context.fillStyle = css(look.accent);
      const level = box.height * probability;
      context.fillRect(box.x, box.y + box.height - level, box.width, level);
      context.restore();
      context.fillStyle = css(probability > 0.6 ? look.onAccent : look.text);
      context.textAlign = "center";
      context.textBaseline = "middle";
      const name = this.#names[place];
      context.font = `600 ${name.length > 2 ? 11 : 17}px ${getComputedStyle(this.root).fontFamily}`;
      context.fillText(name, box.x + box.width / 2, box.y + box.height / 2 + 1, box.width - 4);
    });
    if (!hidden) this.#nameTiles(layout, look.soft);
  }

  /**
   * @param {Layout} layout
   * @param {import("../lib/theme.js").RGB} soft
   */
  #nameTiles(layout, soft) {
    const { context } = this;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.font = `600 13px ${getComputedStyle(this.root).fontFamily}`;
    context.fillStyle = css(soft);
    layout.layers[0].forEach((box, place) => context.fillText(this.#names[place], box.x + 6, box.y + 6));
  }

  /**
   * Activations of a layer as shares of its strongest.
   * @param {number} layer
   * @param {number} count
   */
  #strengths(layer, count) {
    const hidden = this.#sizes.length > 2;
    const values = hidden ? this.#prediction?.activations[layer] : this.#prediction?.probabilities;
    if (!values) return new Array(count).fill(0);
    let most = 1e-9;
    for (const value of values) most = Math.max(most, Math.abs(value));
    return Array.from({ length: count }, (_, place) => Math.min(1, Math.abs(values[layer === 0 ? this.#order[place] : place]) / most));
  }

  /**
   * @param {Layout} layout
   * @param {{positive: import("../lib/theme.js").RGB, negative: import("../lib/theme.js").RGB}} look
   */
  #paintConnections(layout, look) {
    const { context } = this;
    if (this.#sizes.length < 3) return;
    const places = new Map(this.#order.map((unit, place) => [unit, place]));
    this.#connections.forEach(({ from, to, strength }, layer) => {
      const last = layer + 1 >= layout.layers.length;
      const targets = last ? layout.outputs : layout.layers[layer + 1];
      const most = Math.max(1e-9, ...strength.map(Math.abs));
      from.forEach((unit, i) => {
        const place = layer === 0 ? places.get(unit) : unit < MOST_CELLS ? unit : undefined;
        const start = place === undefined ? undefined : layout.layers[layer]?.[place];
        const end = targets[to[i]];
        if (!start || !end) return;
        const share = Math.abs(strength[i]) / most;
        const [x1, y1] = [start.x + start.width / 2, start.y + start.height];
        const [x2, y2] = [end.x + end.width / 2, end.y];
        context.beginPath();
        context.moveTo(x1, y1);
        context.bezierCurveTo(x1, y1 + (y2 - y1) * 0.45, x2, y2 - (y2 - y1) * 0.45, x2, y2);
        context.lineWidth = 0.75 + 1.25 * share;
        context.strokeStyle = css(strength[i] < 0 ? look.negative : look.positive, 0.1 + 0.5 * share ** 2);
        context.stroke();
      });
    });
  }
}
