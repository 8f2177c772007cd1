/** In which order one reads the areas of a grid. */

/**
 * The names in a grid's template: what lies above comes first, and beside each other what lies further left.
 * @param {string} template  `grid-template-areas`, such as `"bar bar" "draw learning"`
 * @returns {string[]}
 */
export function readingOrder(template) {
  /** @type {Map<string, {name: string, top: number, bottom: number, left: number}>} */
  const areas = new Map();
  [...template.matchAll(/"([^"]*)"/g)].forEach(([, row], y) => row.trim().split(/\s+/).forEach((name, x) => {
    const area = areas.get(name);
    if (area) area.bottom = y;
    else if (name !== ".") areas.set(name, { name, top: y, bottom: y, left: x });
  }));
  return [...areas.values()]
    .sort((a, b) => (a.bottom < b.top ? -1 : b.bottom < a.top ? 1 : a.left - b.left))
    .map(({ name }) => name);
}
