import Database from "better-sqlite3";
import { StoreError } from "../model/errors.ts";

/** SQLite's result codes, by prefix, in the operator's words. https://www.sqlite.org/rescode.html */
const MEANING: readonly (readonly [prefix: string, meaning: string])[] = [
  ["SQLITE_FULL", "the disk is full"],
  ["SQLITE_READONLY", "the file or its folder is read-only"],
  ["SQLITE_CORRUPT", "the file is corrupt; restore a copy, or move it away to begin anew"],
  ["SQLITE_NOTADB", "the file is not an SQLite database"],
  ["SQLITE_CANTOPEN", "the file cannot be opened or created; check its folder and the permissions"],
  ["SQLITE_PERM", "the permissions do not allow it"],
  ["SQLITE_BUSY", "another program holds the file for writing"],
  ["SQLITE_LOCKED", "another program holds the file for writing"],
  ["SQLITE_IOERR", "the disk failed to read or write"],
  ["SQLITE_NOMEM", "there is not enough memory"],
  ["SQLITE_TOOBIG", "a value is too large"],
];

/** Those that any other write would meet as well. */
const OF_EVERY_WRITE = /^SQLITE_(FULL|READONLY|CANTOPEN|PERM|BUSY|LOCKED|IOERR|CORRUPT|NOTADB)/;

/** What SQLite or the file system said, as one line that names the file; anything else stays what it is. */
export function storeErrorOf(error: unknown, file: string): unknown {
  if (error instanceof Database.SqliteError) {
    const meaning = MEANING.find(([prefix]) => error.code.startsWith(prefix))?.[1] ?? error.message;
    const fault = `${meaning} (${error.code})`;
    return new StoreError(
      `database ${file}: ${fault}`,
      error,
      OF_EVERY_WRITE.test(error.code) ? fault : undefined,
    );
  }
  if (error instanceof TypeError && error.message === "The database connection is not open") {
    return new StoreError(`database ${file}: it is closed`, error);
  }
  if (error instanceof Error && "code" in error && "syscall" in error) {
    return new StoreError(`database ${file}: ${error.message}`, error);
  }
  return error;
}
