/** Numbers as the page writes them: 10,000 and 94.4 %. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} value */
export const integer = (value) => whole.format(value);

/**
 * A fraction of 1 as a percentage. Only all of them is 100 %.
 * @param {number} fraction
 * @param {number} [digits]
 */
export function percent(fraction, digits = 1) {
  const most = fraction < 1 ? 100 - 10 ** -digits : 100;
  return `${Math.min(fraction * 100, most).toFixed(digits)} %`;
}

/** @param {number} value */
export const loss = (value) => (value >= 100 ? value.toExponential(1) : value.toFixed(value >= 10 ? 2 : 4));

/** @param {number} value */
export const rate = (value) => String(Number(value.toPrecision(3)));

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/**
 * A text of at most so many characters, cut with an ellipsis.
 * @param {string} text
 * @param {number} most
 */
export function shorten(text, most) {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join("").trimEnd()}…` : text;
}

/**
 * When the test images were evaluated last.
 * @param {number | null} position  in epochs
 * @param {boolean} isLoaded  whether the network had learned before its first step here
 */
export function measuredAt(position, isLoaded) {
  if (position === null) return "not tested yet";
  if (position === 0) return isLoaded ? "tested when it was loaded" : "tested before training";
  if (Number.isInteger(position)) return `tested after epoch ${integer(position)}`;
  // rounded down, so that it does not say an epoch was finished that was not
  return `tested after epoch ${position < 0.1 ? position.toPrecision(1) : (Math.floor(position * 10) / 10).toFixed(1)}`;
}
