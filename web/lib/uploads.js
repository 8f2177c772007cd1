/** Handing the visitor's own files to the session, piece by piece, so that none has to fit in memory. */

const PIECE = 1 << 20;

/**
 * @param {AsyncSession} session
 * @param {File[]} files  to be used together
 * @param {(file: File, loaded: number, rows: number) => void} onPiece
 * @param {() => boolean} isCancelled
 * @returns {Promise<FilesUsed | null>} null when it was cancelled
 */
export async function handOver(session, files, onPiece, isCancelled) {
  try {
    for (const [i, file] of files.entries()) {
      await session.open_file(file.name, i === 0);
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
