/** Edited files in a link: compressed, in its fragment, which no server ever sees. */

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 */
const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());

/** A link holds at most this many characters of text. */
const MOST = 400_000;

/** @param {Record<string, string>} edits  texts by file */
export async function packed(edits) {
  const stream = new Blob([JSON.stringify(edits)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = await bytesOf(/** @type {any} */ (stream));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The edits in a link; an error says that they cannot be read.
 * @param {string} text
 * @param {(file: string) => boolean} isKnown
 * @returns {Promise<Record<string, string>>}
 */
export async function unpacked(text, isKnown) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = /** @type {ReadableStream<Uint8Array>} */ (stream).getReader();
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let json = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      json += decoder.decode(part.value, { stream: true });
      if (json.length > MOST) throw new RangeError("too long");
    }
    const edits = JSON.parse(json);
    const isSound = edits !== null && typeof edits === "object" && Object.entries(edits).every(([file, code]) => isKnown(file) && typeof code === "string");
    if (!isSound) throw new TypeError("not files of the lesson");
    return edits;
  } catch (cause) {
    throw new Error("The code in this link cannot be read: the link is incomplete, or of another version of this page.", { cause });
  }
}
