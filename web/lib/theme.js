/** Light and dark: from the visitor's system until the switch is used, and the colours and sizes that canvases need. */

import { siteName } from "./site-store.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
/** The system's own few colours in place of the page's (styles/forced-colours.css). */
const forced = matchMedia("(forced-colors: active)");

/** @typedef {[number, number, number]} RGB */

export const isDark = () => (root.dataset.theme && !forced.matches ? root.dataset.theme === "dark" : system.matches);

/** Which colours are in force, as a text that differs where they do. */
export const scheme = () => `${isDark() ? "dark" : "light"}${forced.matches ? ", forced" : ""}`;

/** Whether the page is shown in large type (styles/large.css). */
export const isLarge = () => root.hasAttribute("data-large");

/**
 * The size of a text on a canvas, in pixels: style sheets do not reach it.
 * @param {number} usual  where the browser's letters have the usual 16 pixels
 */
export function canvasType(usual) {
  const size = (usual * parseFloat(getComputedStyle(root).fontSize)) / 16;
  return isLarge() ? Math.max(size, 18) : size;
}

/** Turn light to dark or back, and remember it. */
export function toggleTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem(`${siteName()} theme`, root.dataset.theme);
  } catch {
    // without storage the choice lasts until the page is closed
  }
}

/** Have the browser's own bar go with the page, where the switch and not the system has decided. */
export function tintBrowser() {
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute("content", css(colour("--bg")));
}

/** @param {() => void} handler */
export const onSystemTheme = (handler) => [system, forced].forEach((query) => query.addEventListener("change", handler));

const probe = document.createElement("span");
probe.hidden = true;
probe.style.setProperty("forced-color-adjust", "none"); // what a canvas shows is not forced either

/**
 * The colour behind a custom property such as "--accent", as red, green, blue from 0 to 255.
 * @param {string} name
 * @returns {RGB}
 */
export function colour(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["0", "0", "0"];
  return [Number(parts[0]), Number(parts[1]), Number(parts[2])];
}

/**
 * @param {RGB} rgb
 * @param {number} [alpha]
 */
export const css = ([red, green, blue], alpha = 1) => `rgb(${red} ${green} ${blue} / ${alpha})`;

/**
 * @param {RGB} from
 * @param {RGB} to
 * @param {number} share
 * @returns {RGB}
 */
export const mix = (from, to, share) => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];

/**
 * The diverging palette as 256 little-endian RGBA words for values -128 … 127: orange, background, blue.
 * @returns {Uint32Array}
 */
export function divergingWords() {
  const paper = colour("--card");
  const positive = colour("--positive");
  const negative = colour("--negative");
  const words = new Uint32Array(256);
  for (let value = -128; value < 128; value++) {
    const share = Math.min(1, Math.abs(value) / 127) ** 0.8;
    const [red, green, blue] = mix(paper, value < 0 ? negative : positive, share);
    words[value + 128] = (255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
  }
  return words;
}
