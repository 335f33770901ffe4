import Database from "better-sqlite3";
import { StoreError } from "../model/errors.ts";
import { makePrivate } from "./private-file.ts";

/**
 * Keeps a second daemon off the database `file`: an exclusive transaction on the file beside it, `<file>.lock`,
 * held for as long as the process lives. The operating system lets go of it however the process ends, `kill -9`
 * included, and the database itself stays open to readers such as the `sqlite3` shell. The lock file holds
 * nothing and is left where it is: to remove it would race with the next daemon.
 *
 * @returns the release
 * @throws StoreError when another process holds it; an SQLite error when the file cannot be made
 */
export function takeLock(file: string): () => void {
  makePrivate(`${file}.lock`);
  const lock = new Database(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) {
      throw new StoreError(
        `database ${file}: another Holdfast daemon is using it (${file}.lock is held)`,
        error,
      );
    }
    throw error;
  }
  return () => {
    lock.close();
  };
}
