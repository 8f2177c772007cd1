/** Handing files to the visitor. */

/**
 * @param {string} name
 * @param {Blob} blob
 */
export function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {string} name
 * @param {HTMLCanvasElement} canvas
 */
export function downloadPng(name, canvas) {
  canvas.toBlob((blob) => blob && download(name, blob), "image/png");
}

/**
 * @param {string} name
 * @param {string} svg
 */
export async function downloadSvgAsPng(name, svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  downloadPng(name, canvas);
}

/**
 * @param {string} name
 * @param {string} svg
 */
export const downloadSvg = (name, svg) => download(name, new Blob([svg], { type: "image/svg+xml" }));
