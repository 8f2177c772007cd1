/** Pictures of the first layer's weights, side by side on one canvas to copy tiles from. */

import { PIXELS, SIDE } from "./digits.js";

const COLUMNS = 16;

export class TileAtlas {
  /** @type {Tiles | null} */
  #tiles = null;
  #canvas = document.createElement("canvas");
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));

  /**
   * @param {Tiles | null} tiles
   * @param {Uint32Array} palette  see theme.divergingWords
   */
  fill(tiles, palette) {
    this.#tiles = tiles;
    if (!tiles) return;
    const [width, height] = [COLUMNS * SIDE, Math.ceil(tiles.count / COLUMNS) * SIDE];
    if (this.#canvas.height !== height) [this.#canvas.width, this.#canvas.height] = [width, height];
    const image = this.#context.createImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    for (let tile = 0; tile < tiles.count; tile++) {
      const corner = Math.floor(tile / COLUMNS) * SIDE * width + (tile % COLUMNS) * SIDE;
      for (let y = 0; y < SIDE; y++) {
        const from = tile * PIXELS + y * SIDE;
        const to = corner + y * width;
        for (let x = 0; x < SIDE; x++) words[to + x] = palette[tiles.pixels[from + x] + 128];
      }
    }
    this.#context.putImageData(image, 0, 0);
  }

  /**
   * Draw the tile of a unit, if it is there.
   * @param {CanvasRenderingContext2D} context
   * @param {number} unit
   * @param {import("./network-layout.js").Box} box
   */
  draw(context, unit, { x, y, width, height }) {
    const tile = unit - (this.#tiles?.start ?? 0);
    if (!this.#tiles || tile < 0 || tile >= this.#tiles.count) return;
    context.drawImage(this.#canvas, (tile % COLUMNS) * SIDE, Math.floor(tile / COLUMNS) * SIDE, SIDE, SIDE, x, y, width, height);
  }
}
