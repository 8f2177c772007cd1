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
export const downloadSvg = (name, svg) => download(name, new Blob([svg], { type: "image/svg+xml" }));
