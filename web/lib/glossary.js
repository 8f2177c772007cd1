/** The words of the field in a text. */

/** @typedef {{term: string, forms: string[], means: string}} Entry  forms: how the word is written in texts */

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * An expression that finds the words in a text, the longest first; the words begin a sentence as well.
 * @param {Entry[]} entries
 */
function finder(entries) {
  const forms = entries.flatMap((entry) => entry.forms).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}-])(${forms.map(escaped).join("|")})(?![\\p{L}\\p{N}-])`, "giu");
}

/**
 * A text in pieces: what is to be explained, with its entry, and what stands between.
 * @param {string} text
 * @param {Entry[]} entries
 * @param {Set<string>} seen  terms that have been explained already; those of this text are added
 * @returns {{text: string, entry: Entry | null}[]}
 */
export function pieces(text, entries, seen) {
  const found = [];
  let from = 0;
  for (const { 0: form, index } of text.matchAll(finder(entries))) {
    const entry = entries.find(({ forms }) => forms.some((other) => other.toLowerCase() === form.toLowerCase()));
    if (!entry || seen.has(entry.term)) continue;
    seen.add(entry.term);
    if (index > from) found.push({ text: text.slice(from, index), entry: null });
    found.push({ text: form, entry });
    from = index + form.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), entry: null });
  return found;
}
