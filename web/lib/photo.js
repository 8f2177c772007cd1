/** A photo or scan of one digit becomes ink: dark on light or the reverse, on paper that need not be even. */

const SIDE = 280;
/** Ink is what differs from the paper by more than this share of the largest difference. */
const FAINT = 0.35;

/**
 * @param {Blob} file
 * @returns {Promise<HTMLCanvasElement>} black ink on a transparent canvas, cropped to the digit
 */
export async function inkFromImage(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error("This file is not a picture that the browser can read. Choose a PNG or JPEG.");
  }
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const image = context.getImageData(0, 0, width, height);
  const ink = inkOf(grey(image.data), width, height);
  for (let i = 0; i < ink.length; i++) image.data.set([0, 0, 0, ink[i]], 4 * i);
  context.putImageData(image, 0, 0);
  return crop(canvas, ink);
}

/** @param {Uint8ClampedArray} rgba */
function grey(rgba) {
  const values = new Float32Array(rgba.length / 4);
  for (let i = 0; i < values.length; i++) values[i] = 0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2];
  return values;
}

/**
 * How far each pixel is from the paper around it, 0 to 255. The paper is the median of the border, on a plane
 * fitted through it, so that a shadow across the sheet is no ink.
 * @param {Float32Array} values
 * @param {number} width
 * @param {number} height
 */
function inkOf(values, width, height) {
  const median = (/** @type {number[]} */ list) => list.sort((a, b) => a - b)[list.length >> 1];
  const column = (/** @type {number} */ x) => median(Array.from({ length: height }, (_, y) => values[y * width + x]));
  const line = (/** @type {number} */ y) => median(Array.from({ length: width }, (_, x) => values[y * width + x]));
  const [left, right, top, bottom] = [column(0), column(width - 1), line(0), line(height - 1)];
  const middle = (left + right + top + bottom) / 4;
  const difference = new Float32Array(values.length);
  let darker = 0;
  let lighter = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const paper = middle + (right - left) * (x / width - 0.5) + (bottom - top) * (y / height - 0.5);
      const value = paper - values[y * width + x];
      difference[y * width + x] = value;
      darker = Math.max(darker, value);
      lighter = Math.max(lighter, -value);
    }
  }
  const most = Math.max(darker, lighter);
  if (most < 25) throw new Error("This picture shows no digit: it is all of one colour.");
  const sign = darker >= lighter ? 1 : -1;
  return Uint8Array.from(difference, (value) => Math.max(0, Math.min(255, ((sign * value) / most - FAINT) * (255 / (0.75 - FAINT)))));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} ink
 */
function crop(canvas, ink) {
  let [left, right, top, bottom] = [canvas.width, -1, canvas.height, -1];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if (ink[y * canvas.width + x] < 64) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const cut = document.createElement("canvas");
  cut.width = right - left + 1;
  cut.height = bottom - top + 1;
  cut.getContext("2d")?.drawImage(canvas, -left, -top);
  return cut;
}
