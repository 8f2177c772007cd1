/** Whether a run was one of a recipe. */

// Other settings of these make another run of the same recipe: how often it is tested, and what chance decides.
const FREE = new Set(["recipe", "seed", "evaluate_every"]);

/**
 * Whether settings are a recipe's own, so that what they reach can stand beside its result.
 * @param {Settings} settings
 * @param {Settings} recipe
 */
export function isOfRecipe(settings, recipe) {
  const names = /** @type {(keyof Settings)[]} */ (Object.keys(recipe));
  return names.every((name) => FREE.has(name) || settings[name] === recipe[name]);
}
