/** Ink: what a pen leaves along the points of a stroke. */

import { getStroke } from "perfect-freehand";

/**
 * The filled outline of a stroke, in units of the pad.
 * @param {number[][]} points
 * @param {number} width
 */
export function outline(points, width) {
  const edge = getStroke(points, {
    size: width,
    thinning: 0,
    smoothing: 0.6,
    streamline: 0.3,
    simulatePressure: false,
    last: true,
  });
  const path = new Path2D();
  edge.forEach(([x, y], i) => {
    const [nextX, nextY] = edge[(i + 1) % edge.length];
    if (i === 0) path.moveTo((x + nextX) / 2, (y + nextY) / 2);
    else path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}
