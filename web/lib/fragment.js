/** The fragment of an address as keys and values, form-encoded: `#recipe=quick&title=How+it+learns`. */

/** @param {string} hash */
const partsOf = (hash) => hash.replace(/^#/, "").split("&").filter(Boolean);

/** @param {string} part */
const keyOf = (part) => [...new URLSearchParams(part).keys()][0] ?? "";

/**
 * The keys and values of a fragment; what has no value is a place in the page, or nothing.
 * @param {string} hash
 */
export const entries = (hash) => new URLSearchParams(partsOf(hash).filter((part) => part.includes("=")).join("&"));

/**
 * A value as it stands in an address. Commas stay: they make lists readable.
 * @param {string} value
 */
export const encode = (value) => encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":");

/**
 * The same fragment with these values in place of the keys' earlier ones; null removes a key, and all else stays as it is.
 * @param {string} hash
 * @param {Record<string, string | null>} values
 * @returns {string} with its #, or empty when nothing is left
 */
export function withValues(hash, values) {
  const others = partsOf(hash).filter((part) => !(part.includes("=") && Object.hasOwn(values, keyOf(part))));
  const news = Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [`${key}=${encode(value)}`]));
  const parts = [...others, ...news];
  return parts.length ? `#${parts.join("&")}` : "";
}
