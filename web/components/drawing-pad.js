/** The pad: smooth ink from mouse, pen, touch or keys, undo, and the ink as the network gets it. */

import { emit } from "../lib/events.js";
import { SIDE } from "../lib/digits.js";
import { outline } from "../lib/pen-outline.js";

/** Pen width as a share of the pad. */
const PEN = 0.065;
/** The ink that is read is no wider than this share of the drawing: a small digit would else be a blot. */
const WIDEST = 0.09;
/** Side of the raster that is sent to be read: enough for 28×28 pixels with soft edges. */
const RASTER = 140;
/** Strokes, pictures and clearings that can be undone, about. */
const MOST = 500;
/** Strokes are kept in these units, so that they survive a change of size. */
const UNITS = 1000;

/** @typedef {{pixels: Uint8Array, label: string}} LabelledImage  784 pixels, and what they show */

/**
 * @typedef {{kind: "stroke", points: number[][]}} Stroke
 * @typedef {{kind: "picture", ink: HTMLCanvasElement, image: LabelledImage | null}} Picture
 * @typedef {{kind: "clear"}} Clearing
 */

/** @param {number[]} point  from 0 to 1 */
const scaled = ([x, y]) => [x * UNITS, y * UNITS];

/** Emits `change` whenever the ink changes, and `lift` when a pen has left the pad. */
export class DrawingPad extends EventTarget {
  /** @type {(Stroke | Picture | Clearing)[]} */
  #history = [];
  /** @type {WeakMap<Stroke, Path2D>} */
  #paths = new WeakMap();
  /** The stroke under way, and the pointer that draws it; none where keys do. @type {{pointer: number | null, stroke: Stroke} | null} */
  #pen = null;
  /** Where keys would draw, while they can. @type {{at: number[], isDown: boolean} | null} */
  #shownPoint = null;
  #frame = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const raster = document.createElement("canvas");
    raster.width = raster.height = RASTER;
    this.raster = /** @type {CanvasRenderingContext2D} */ (raster.getContext("2d", { willReadFrequently: true }));
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      canvas.addEventListener(type, (event) => this.#up(event));
    }
    new ResizeObserver(() => this.update()).observe(canvas);
  }

  /** Draw everything again, for example in new colours. */
  update() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  get empty() {
    return this.#visible().length === 0;
  }

  /** The image of a data set that lies on the pad untouched, if one does. */
  get image() {
    const visible = this.#visible();
    return visible.length === 1 && visible[0].kind === "picture" ? visible[0].image : null;
  }

  /**
   * The classes have new names, and so have the images on the pad.
   * @param {string[]} before
   * @param {string[]} after
   */
  renameLabels(before, after) {
    for (const item of this.#history) {
      if (item.kind === "picture" && item.image) item.image.label = after[before.indexOf(item.image.label)] ?? item.image.label;
    }
  }

  /** The ink, row by row: 0 = paper, 255 = ink. */
  ink() {
    const { raster } = this;
    raster.setTransform(1, 0, 0, 1, 0, 0);
    raster.clearRect(0, 0, RASTER, RASTER);
    const width = this.#penToRead();
    this.#inkOn(raster, RASTER, (stroke) => outline(stroke.points, width));
    const { data } = raster.getImageData(0, 0, RASTER, RASTER);
    const ink = new Uint8Array(RASTER * RASTER);
    for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i + 3];
    return { ink, height: RASTER, width: RASTER };
  }

  undo() {
    if (this.#history.pop()) this.#changed();
  }

  clear() {
    this.#putAside();
    this.#changed();
  }

  /** Begin anew, with a way back; drawings of long ago are forgotten. */
  #putAside() {
    if (this.empty) return;
    this.#history.push({ kind: "clear" });
    const surplus = this.#history.length - MOST;
    if (surplus > 0) this.#history.splice(0, this.#history.findIndex(({ kind }, i) => kind === "clear" && i >= surplus) + 1);
  }

  /**
   * Draw strokes given as points from 0 to 1.
   * @param {number[][][]} strokes
   */
  draw(strokes) {
    for (const points of strokes) {
      this.#history.push({ kind: "stroke", points: points.map(scaled) });
    }
    this.#changed();
  }

  /**
   * Put a picture on an empty pad: black ink on a transparent canvas.
   * @param {HTMLCanvasElement} ink
   * @param {LabelledImage | null} [image]  what it is, if it comes from a data set
   */
  place(ink, image = null) {
    this.#putAside();
    this.#history.push({ kind: "picture", ink, image });
    this.#changed();
  }

  /** Whether a stroke is under way. */
  get isDrawing() {
    return this.#pen !== null;
  }

  /**
   * Begin a stroke without a pointer.
   * @param {number[]} point  from 0 to 1, as in penTo
   */
  penDown(point) {
    if (!this.#pen) this.#begin(null, scaled(point));
  }

  /** @param {number[]} point */
  penTo(point) {
    if (this.#pen?.pointer === null) this.#goOn([scaled(point)]);
  }

  penUp() {
    if (this.#pen?.pointer === null) this.#end();
  }

  /** @param {{at: number[], isDown: boolean} | null} point  where keys would draw, to be marked; null for nowhere */
  showPoint(point) {
    this.#shownPoint = point;
    this.update();
  }

  #visible() {
    const since = this.#history.findLastIndex(({ kind }) => kind === "clear");
    return /** @type {(Stroke | Picture)[]} */ (this.#history.slice(since + 1));
  }

  /** The width of the pen for the ink that is read, in units of the pad. */
  #penToRead() {
    const points = this.#visible().flatMap((item) => (item.kind === "stroke" ? item.points : [[0, 0], [UNITS, UNITS]]));
    const spread = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values);
    const longest = Math.max(spread(points.map(([x]) => x)), spread(points.map(([, y]) => y)));
    return Math.max(0.02 * UNITS, Math.min(PEN * UNITS, WIDEST * longest));
  }

  #changed() {
    this.update();
    emit(this, "change");
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * UNITS, ((event.clientY - box.top) / box.height) * UNITS];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.#pen?.pointer === null) this.#end(); // the pointer takes over from the keys
    if (this.#pen || event.button !== 0) return;
    event.preventDefault();
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is already gone can't be captured; its stroke is a dot
    }
    this.#begin(event.pointerId, this.#point(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#pen?.pointer !== event.pointerId) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    this.#goOn((moves.length ? moves : [event]).map((move) => this.#point(move)));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#pen?.pointer === event.pointerId) this.#end();
  }

  /**
   * @param {number | null} pointer
   * @param {number[]} point
   */
  #begin(pointer, point) {
    const stroke = /** @type {Stroke} */ ({ kind: "stroke", points: [point] });
    this.#pen = { pointer, stroke };
    this.#history.push(stroke);
    this.#changed();
  }

  /** @param {number[][]} points */
  #goOn(points) {
    const { stroke } = /** @type {{stroke: Stroke}} */ (this.#pen);
    stroke.points.push(...points);
    this.#paths.delete(stroke);
    this.#changed();
  }

  #end() {
    this.#pen = null;
    emit(this, "lift");
  }

  #paint() {
    const { canvas, context } = this;
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    this.#inkOn(context, side, (stroke) => {
      let path = this.#paths.get(stroke);
      if (!path) this.#paths.set(stroke, (path = outline(stroke.points, PEN * UNITS)));
      return path;
    });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = getComputedStyle(canvas).color;
    context.fillRect(0, 0, side, side);
    context.globalCompositeOperation = "source-over";
    if (this.#shownPoint) this.#markPoint(this.#shownPoint, side);
  }

  /**
   * A ring as wide as the pen, filled while the pen is down, light on the ink and dark on the paper.
   * @param {{at: number[], isDown: boolean}} point
   * @param {number} side
   */
  #markPoint({ at: [x, y], isDown }, side) {
    const { context } = this;
    const style = getComputedStyle(this.canvas);
    context.beginPath();
    context.arc(x * side, y * side, (PEN / 2) * side, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = style.outlineColor;
    if (isDown) context.fill();
    context.lineWidth = side / 60;
    context.strokeStyle = style.backgroundColor;
    context.stroke();
    context.lineWidth = side / 120;
    context.strokeStyle = style.outlineColor;
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} side
   * @param {(stroke: Stroke) => Path2D} outlineOf
   */
  #inkOn(context, side, outlineOf) {
    context.setTransform(side / UNITS, 0, 0, side / UNITS, 0, 0);
    context.fillStyle = "black";
    for (const item of this.#visible()) {
      if (item.kind === "stroke") context.fill(outlineOf(item));
      else this.#pictureOn(context, item.ink);
    }
  }

  /**
   * A data set image covers the pad; any other picture is centred with a margin.
   * @param {CanvasRenderingContext2D} context
   * @param {HTMLCanvasElement} ink
   */
  #pictureOn(context, ink) {
    const room = ink.width === SIDE && ink.height === SIDE ? UNITS : 0.8 * UNITS;
    const scale = room / Math.max(ink.width, ink.height);
    const [width, height] = [ink.width * scale, ink.height * scale];
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(ink, (UNITS - width) / 2, (UNITS - height) / 2, width, height);
  }
}
