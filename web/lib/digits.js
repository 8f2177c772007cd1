/** Drawing pictures of digits. */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/**
 * Paint ink as black on a transparent canvas; the style sheet turns the ink white in the dark.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} ink  row by row, 0 = paper, 255 = ink
 * @param {number} height
 * @param {number} width
 */
export function paintInk(canvas, ink, height, width) {
  canvas.width = width;
  canvas.height = height;
  if (!ink.length) return;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  for (let i = 0; i < ink.length; i++) image.data[4 * i + 3] = ink[i];
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels  784 of them
 */
export const paintDigit = (canvas, pixels) => paintInk(canvas, pixels, SIDE, SIDE);

/** @param {Uint8Array} pixels  784 of them */
export function digitPicture(pixels) {
  const canvas = document.createElement("canvas");
  canvas.className = "digit-picture";
  paintDigit(canvas, pixels);
  return canvas;
}

/**
 * The ink of a picture of any size, cut to where it is.
 * @param {Uint8Array} ink
 * @param {number} height
 * @param {number} width
 */
export function inkPicture(ink, height, width) {
  const whole = document.createElement("canvas");
  paintInk(whole, ink, height, width);
  let [left, right, top, bottom] = [width, -1, height, -1];
  ink.forEach((value, i) => {
    if (value < 16) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < left) return whole;
  const cut = document.createElement("canvas");
  cut.width = right - left + 1;
  cut.height = bottom - top + 1;
  cut.getContext("2d")?.drawImage(whole, -left, -top);
  return cut;
}
