/** A picture file becomes rows of grey, small enough to be read at once. */

import { requireSize } from "./uploads.js";

const SIDE = 280;
/** The largest file that is opened, in bytes: far more than a photo takes. */
const MOST_BYTES = 100e6;

/**
 * @param {File} file
 * @returns {Promise<{grey: Uint8Array, height: number, width: number}>} 0 = black, 255 = white
 */
export async function greyOf(file) {
  requireSize(file, MOST_BYTES);
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error("The browser cannot open this file as an image. Choose a PNG or JPEG.");
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
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Uint8Array(width * height);
  // the luma of Rec. 601
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return { grey, height, width };
}
