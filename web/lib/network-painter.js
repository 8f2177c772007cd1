/** Paints the network: tiles of weights, cells of deeper layers, the strongest connections, the outputs. */

import { SIDE } from "./digits.js";
import { shorten } from "./format.js";
import { MOST_CELLS } from "./network-layout.js";
import { canvasType, colour, css, mix } from "./theme.js";

/** A cell narrower than this has no line around it: it would be nothing else. */
const BORDERED = 8;

/** @typedef {import("./network-layout.js").Box} Box */
/** @typedef {import("./network-layout.js").Layout} Layout */
/** @typedef {import("./theme.js").RGB} RGB */

/**
 * @typedef {object} Picture  what there is to paint
 * @property {Layout} layout
 * @property {number[]} sizes  of all layers
 * @property {number[]} order  which first-layer unit stands at each place
 * @property {import("./tile-atlas.js").TileAtlas} atlas
 * @property {Prediction | null} prediction
 * @property {Connections["layers"]} connections
 * @property {string[]} names  of the classes
 */

/** The colours to paint with. Asking for them costs the browser a look at all styles. */
export const lookUp = () => ({
  line: colour("--line"), edge: colour("--edge"), soft: colour("--soft"), accent: colour("--accent"), text: colour("--text"), sunken: colour("--sunken"),
  onAccent: colour("--on-accent"), positive: colour("--positive"), negative: colour("--negative"),
});

/** @typedef {ReturnType<typeof lookUp>} Colours */

/**
 * A layer's values as shares of its largest size, from -1 to 1.
 * @param {ArrayLike<number> | undefined} values
 */
export function shares(values) {
  if (!values) return [];
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return Array.from(values, (value) => (most > 0 ? value / most : 0));
}

/**
 * @param {CanvasRenderingContext2D} context  in CSS pixels
 * @param {Picture} picture
 * @param {Colours} colours
 * @param {string} font  its family
 */
export function paintNetwork(context, picture, colours, font) {
  const { layout, sizes, prediction } = picture;
  const hasHidden = sizes.length > 2;
  const isLit = prediction !== null && prediction.digit !== null;
  const strengths = layout.layers.map((_, layer) => (isLit ? shares(hasHidden ? prediction.activations[layer] : prediction.probabilities) : []));
  context.font = `${canvasType(12)}px ${font}`;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillStyle = css(colours.soft);
  for (const { x, y, text } of layout.labels) context.fillText(text, x, y, layout.width);
  paintTiles(context, picture, colours, isLit ? strengths[0] : null);
  layout.layers.slice(1).forEach((boxes, i) => boxes.forEach((box, place) => {
    fillRound(context, box, 2, signed(colours, colours.sunken, strengths[i + 1][place] ?? 0));
    if (box.width >= BORDERED) frame(context, box, 2, colours.edge);
  }));
  if (isLit && hasHidden) paintConnections(context, picture, colours);
  layout.outputs.forEach((box, place) => {
    paintOutput(context, box, shorten(picture.names[place], 10), isLit ? prediction.probabilities[place] : 0, colours, font);
  });
  if (hasHidden) return;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.font = `600 ${canvasType(13)}px ${font}`;
  context.fillStyle = css(colours.soft);
  layout.layers[0].forEach(({ x, y }, place) => context.fillText(shorten(picture.names[place], 12), x + 6, y + 6));
}

/**
 * The colour of a share: blue where it is positive, orange where it is negative.
 * @param {Colours} colours
 * @param {RGB} from  at 0
 * @param {number} share
 */
const signed = (colours, from, share) => css(mix(from, share < 0 ? colours.negative : colours.positive, Math.abs(share)));

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} radius
 * @param {string} fill
 */
function fillRound(context, { x, y, width, height }, radius, fill) {
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}

/**
 * A line around a box, within it.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {number} radius
 * @param {RGB} line
 */
function frame(context, { x, y, width, height }, radius, line) {
  context.lineWidth = 1;
  context.strokeStyle = css(line);
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, radius);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 * @param {Colours} colours
 * @param {number[] | null} strengths  of all units of the layer; null when there is no input
 */
function paintTiles(context, { layout, order, atlas }, colours, strengths) {
  layout.layers[0].forEach((box, place) => {
    const strength = strengths?.[order[place]] ?? 0;
    context.globalAlpha = strengths ? 0.4 + 0.6 * Math.abs(strength) : 1;
    context.imageSmoothingEnabled = box.width * devicePixelRatio < 3 * SIDE;
    atlas.draw(context, order[place], box);
    context.globalAlpha = 1;
    context.lineWidth = Math.abs(strength) > 0.05 ? 1 + Math.abs(strength) : 1;
    context.strokeStyle = signed(colours, colours.line, strength);
    context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 * @param {Colours} colours
 */
function paintConnections(context, { layout, order, connections }, colours) {
  const places = new Map(order.map((unit, place) => [unit, place]));
  connections.forEach(({ from, to, strength }, layer) => {
    const targets = layer + 1 >= layout.layers.length ? layout.outputs : layout.layers[layer + 1];
    const part = shares(strength);
    from.forEach((unit, i) => {
      const place = layer === 0 ? places.get(unit) : unit < MOST_CELLS ? unit : undefined;
      const start = place === undefined ? undefined : layout.layers[layer]?.[place];
      const end = targets[to[i]];
      if (!start || !end) return;
      const share = Math.abs(part[i]);
      const [x1, y1] = [start.x + start.width / 2, start.y + start.height];
      const [x2, y2] = [end.x + end.width / 2, end.y];
      context.beginPath();
      context.moveTo(x1, y1);
      context.bezierCurveTo(x1, y1 + (y2 - y1) * 0.45, x2, y2 - (y2 - y1) * 0.45, x2, y2);
      context.lineWidth = 0.75 + 1.25 * share;
      context.strokeStyle = css(part[i] < 0 ? colours.negative : colours.positive, 0.1 + 0.5 * share ** 2);
      context.stroke();
    });
  });
}

/**
 * A box that is filled as high as its probability.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} box
 * @param {string} name
 * @param {number} probability
 * @param {Colours} colours
 * @param {string} font
 */
function paintOutput(context, box, name, probability, colours, font) {
  fillRound(context, box, 6, css(colours.sunken));
  context.save();
  context.clip();
  context.fillStyle = css(colours.accent);
  const level = box.height * probability;
  context.fillRect(box.x, box.y + box.height - level, box.width, level);
  context.restore();
  frame(context, box, 6, colours.edge);
  context.fillStyle = css(probability > 0.6 ? colours.onAccent : colours.text);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${Math.min(canvasType(name.length > 2 ? 11 : 17), 0.8 * box.height)}px ${font}`;
  context.fillText(name, box.x + box.width / 2, box.y + box.height / 2 + 1, box.width - 4);
}
