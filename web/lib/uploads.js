/** Handing the visitor's own files to the session, piece by piece, so that none has to fit in memory. */

import { megabytes } from "./format.js";

const PIECE = 1 << 20;

/**
 * What a file is, by its type and name; null for none that the page can use.
 * @param {{name: string, type: string}} file
 * @returns {"image" | "network" | "data" | null}
 */
export function kindOf({ name, type }) {
  if (type.startsWith("image/")) return "image";
  if (/\.npz$/i.test(name)) return "network";
  return type === "text/csv" || /\.(csv|gz|idx)$|idx\d|ubyte/i.test(name) ? "data" : null;
}

/**
 * Refuse a file that is larger than can be used, before it is read.
 * @param {{name: string, size: number}} file
 * @param {number} most  bytes
 */
export function requireSize({ name, size }, most) {
  if (size > most) throw new Error(`${name} has ${megabytes(size)} MB; at most ${megabytes(most)} MB can be read.`);
}

/**
 * @param {AsyncSession} session
 * @param {File[]} files  to be used together
 * @param {(file: File, loaded: number, rows: number) => void} onPiece
 * @param {() => boolean} isCancelled
 * @returns {Promise<Configured | null>} null when it was cancelled
 */
export async function handOver(session, files, onPiece, isCancelled) {
  try {
    for (const [i, file] of files.entries()) {
      await session.open_file(file.name, i === 0, file.size);
      for (let at = 0; at < file.size; at += PIECE) {
        const rows = await session.feed(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
        onPiece(file, Math.min(at + PIECE, file.size), rows);
        if (isCancelled()) {
          await session.cancel_files();
          return null;
        }
      }
      await session.close_file();
    }
    return await session.use_files();
  } catch (error) {
    await session.cancel_files();
    throw error;
  }
}
