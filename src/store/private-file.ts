import { chmodSync, closeSync, openSync, statSync } from "node:fs";

/** What a database consists of, beside its file. https://www.sqlite.org/tempfiles.html */
const PARTS = ["", "-wal", "-shm"];

/**
 * Makes the file, readable by its owner alone, where there is none: SQLite would let everybody read it, and gives what it
 * makes beside it the same rights. From one that is there, what everybody may is taken away; its group is the operator's.
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  for (const part of PARTS) {
    const stats = statSync(`${file}${part}`, { throwIfNoEntry: false });
    if (stats === undefined || (stats.mode & 0o007) === 0) continue;
    try {
      chmodSync(`${file}${part}`, stats.mode & 0o770);
    } catch {
      // Somebody else's file, which we may use: its rights are theirs.
    }
  }
}
