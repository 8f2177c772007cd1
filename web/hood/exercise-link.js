/** The exercise in an address: `#exercise=softmax`, beside whatever else stands there. */

const KEY = "exercise=";

/** @param {string} hash */
const partsOf = (hash) => hash.replace(/^#/, "").split("&").filter(Boolean);

/**
 * The id of the exercise that an address asks for; empty for none.
 * @param {string} hash
 */
export function exerciseIn(hash) {
  const part = partsOf(hash).find((text) => text.startsWith(KEY));
  return new URLSearchParams(part ?? "").get("exercise") ?? "";
}

/**
 * The same fragment with another exercise in it, or none; nothing else in it changes.
 * @param {string} hash
 * @param {string} id
 */
export function withExercise(hash, id) {
  const others = partsOf(hash).filter((part) => !part.startsWith(KEY));
  const parts = id ? [...others, KEY + encodeURIComponent(id)] : others;
  return parts.length ? `#${parts.join("&")}` : "";
}
