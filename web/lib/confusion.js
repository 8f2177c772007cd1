/** The confusion matrix in shades, and as a picture to keep. */

import { integer, percent, shorten } from "./format.js";
import { escapeXml } from "./xml.js";

const CELL = 48;
const LEFT = 132;
const TOP = 132;
const MARGIN = 64;
/** Pixels a unit of the drawing. */
const SCALE = 2;
/** Characters of a class name. */
const NAME = 12;

/**
 * How strongly each cell is coloured, from 0 to 1: by its share of the row on the diagonal, elsewhere by its share of
 * the most frequent mistake.
 * @param {number[][]} counts  rows are the actual classes
 * @returns {number[][]}
 */
export function shades(counts) {
  let most = 1;
  counts.forEach((row, i) => row.forEach((count, j) => i !== j && (most = Math.max(most, count))));
  return counts.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) => (count === 0 ? 0 : i === j ? 0.08 + 0.2 * (count / total) : 0.08 + 0.46 * Math.sqrt(count / most)));
  });
}

/**
 * How wide the longest of the counts is, in ems: a figure takes 0.64 in the widest of the usual fonts, a comma half.
 * @param {number[][]} counts
 */
export const widestCount = (counts) =>
  Math.max(1, ...counts.flat().map((count) => Array.from(integer(count)).reduce((width, sign) => width + (sign === "," ? 0.33 : 0.65), 0)));

/**
 * The matrix as an SVG document of its own.
 * @param {object} picture
 * @param {Pick<Report, "count" | "confusion" | "recall" | "precision"> | null} picture.evaluation  null when nothing was tested
 * @param {string[]} picture.names  of the classes
 * @param {{card: string, text: string, soft: string}} picture.colours
 * @param {(isCorrect: boolean, shade: number) => string} picture.fill  the colour of a cell
 */
export function confusionSvg({ evaluation, names, colours, fill }) {
  const n = names.length;
  const [width, height] = [LEFT + n * CELL + MARGIN + 16, TOP + n * CELL + MARGIN];
  const counts = evaluation?.confusion ?? names.map(() => names.map(() => 0));
  const shade = shades(counts);
  const soft = `fill="${colours.soft}"`;
  const write = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ text, /** @type {string} */ more = "") =>
    `<text x="${x}" y="${y}" ${more}>${escapeXml(text)}</text>`;
  const place = (/** @type {number} */ i) => i * CELL + CELL / 2;
  const share = (/** @type {number | null | undefined} */ value) => (value == null ? "–" : percent(value).replace(" %", ""));
  const [right, below] = [LEFT + n * CELL + MARGIN / 2, TOP + n * CELL + 26];
  const parts = [
    write(LEFT, 34, `Confusion matrix: ${integer(evaluation?.count ?? 0)} test images`, 'text-anchor="start" font-size="20" font-weight="600"'),
    write(LEFT + (n * CELL) / 2, 66, "predicted", `${soft} font-size="16"`),
    write(0, 0, "actual", `${soft} font-size="16" transform="translate(24 ${TOP + (n * CELL) / 2}) rotate(-90)"`),
    write(right, TOP - 10, "recall %", soft),
    write(LEFT - 10, below, "precision %", `${soft} text-anchor="end"`),
    ...names.flatMap((name, i) => [
      columnName(write, LEFT + place(i), TOP - 10, shorten(name, NAME), soft),
      write(LEFT - 10, TOP + place(i) + 5, shorten(name, NAME), `${soft} text-anchor="end"`),
      write(right, TOP + place(i) + 5, share(evaluation?.recall[i]), soft),
      write(LEFT + place(i), below, share(evaluation?.precision[i]), soft),
    ]),
    ...counts.flatMap((row, i) => row.map((count, j) =>
      `<rect x="${LEFT + j * CELL + 1}" y="${TOP + i * CELL + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="4" fill="${fill(i === j, shade[i][j])}"/>`
      + write(LEFT + place(j), TOP + place(i) + 5, count ? integer(count) : ""))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SCALE * width}" height="${SCALE * height}" viewBox="0 0 ${width} ${height}" `
    + `font-family="system-ui, sans-serif" font-size="14" text-anchor="middle" fill="${colours.text}">`
    + `<rect width="${width}" height="${height}" fill="${colours.card}"/>${parts.join("")}</svg>`;
}

/**
 * A name above its column, slanted where it is longer than the column is wide.
 * @param {(x: number, y: number, text: string, more?: string) => string} write
 * @param {number} x
 * @param {number} y
 * @param {string} name
 * @param {string} soft
 */
const columnName = (write, x, y, name, soft) =>
  name.length <= 4 ? write(x, y, name, soft) : write(0, 0, name, `${soft} text-anchor="start" font-size="12" transform="translate(${x - 8} ${y}) rotate(-35)"`);
