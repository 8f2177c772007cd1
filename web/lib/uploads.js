/** Handing the visitor's own files to the session, piece by piece, so that none has to fit in memory. */

const PIECE = 1 << 20;

/**
 * @param {(method: string, ...args: unknown[]) => Promise<any>} ask  the session
 * @param {File[]} files  to be used together
 * @param {(file: File, loaded: number, rows: number) => void} onPiece
 * @param {() => boolean} isCancelled
 * @returns {Promise<FilesUsed | null>} null when it was cancelled
 */
export async function handOver(ask, files, onPiece, isCancelled) {
  try {
    for (const [i, file] of files.entries()) {
      await ask("open_file", file.name, i === 0);
      for (let at = 0; at < file.size; at += PIECE) {
        const rows = await ask("feed", new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
        onPiece(file, Math.min(at + PIECE, file.size), rows);
        if (isCancelled()) {
          await ask("cancel_files");
          return null;
        }
      }
      await ask("close_file");
    }
    return await ask("use_files");
  } catch (error) {
    await ask("cancel_files");
    throw error;
  }
}
