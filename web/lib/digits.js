/** Drawing 28×28 pictures of digits. */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/**
 * Paint one digit as black ink on a transparent canvas; the style sheet turns the ink white in the dark.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels 784 bytes, 0 = paper, 255 = ink
 */
export function paintDigit(canvas, pixels) {
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < PIXELS; i++) image.data[4 * i + 3] = pixels[i];
  context.putImageData(image, 0, 0);
}

/**
 * @param {Uint8Array} pixels
 * @returns {HTMLCanvasElement}
 */
export function digitPicture(pixels) {
  const canvas = document.createElement("canvas");
  canvas.className = "digit-picture";
  paintDigit(canvas, pixels);
  return canvas;
}
