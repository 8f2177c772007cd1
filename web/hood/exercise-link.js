/** The exercise in an address: `#exercise=softmax`, beside whatever else stands there. */

import { entries, withValues } from "../lib/fragment.js";

/**
 * The id of the exercise that an address asks for; empty for none.
 * @param {string} hash
 */
export const exerciseIn = (hash) => entries(hash).get("exercise") ?? "";

/**
 * The same fragment with another exercise in it, or none; nothing else in it changes.
 * @param {string} hash
 * @param {string} id
 */
export const withExercise = (hash, id) => withValues(hash, { exercise: id || null });
