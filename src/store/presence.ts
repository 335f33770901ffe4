import { statSync } from "node:fs";

/** What is in the way of a database file that is open, or nothing. */
export type Presence = () => string | undefined;

const LOST =
  "the file was deleted, moved or replaced while it was open, and what would be written now would be lost: put it back, or restart the daemon";

/**
 * Looks whether `file` still is the file that was opened. To SQLite a file without a name is as good as any: everything
 * would be acknowledged, and be gone with the process.
 */
export function presenceOf(file: string): Presence {
  const opened = identityOf(file);
  return () => (identityOf(file) === opened ? undefined : LOST);
}

function identityOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
