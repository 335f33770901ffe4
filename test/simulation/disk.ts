/** What survives a crash: one database, which can be copied, put back, lost, or have no room left. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Store } from "../../src/ports.ts";
import { newUid } from "../../src/runtime/new-uid.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { openStore } from "../../src/store/open.ts";

export class Disk {
  store: Store;
  isFull = false;
  readonly #clock: Clock;
  readonly #seed: number;
  /** Only histories that put an older database back need a file. */
  readonly #folder: string | undefined;
  #opened = 0;
  #hasBackup = false;

  constructor(clock: Clock, seed: number, isFile: boolean) {
    this.#clock = clock;
    this.#seed = seed;
    this.#folder = isFile ? mkdtempSync(join(tmpdir(), "holdfast-simulation-")) : undefined;
    this.store = this.#open();
  }

  #open(): Store {
    this.#opened += 1;
    const rng = seededRng(this.#seed + 1_000 * this.#opened);
    return openStore({
      path: this.#file("live") ?? ":memory:",
      clock: this.#clock,
      newUid: () => newUid(rng),
    });
  }

  #file(name: string): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, `${name}.db`);
  }

  /** Closing folds the log into the file, so that the file alone is the whole copy. */
  backUp(): void {
    this.#copy("live", "backup");
    this.#hasBackup = true;
  }

  /** @returns whether there was one */
  restore(): boolean {
    if (this.#hasBackup) this.#copy("backup", "live");
    return this.#hasBackup;
  }

  lose(): void {
    this.store.close();
    for (const suffix of ["", "-wal", "-shm"]) {
      const file = this.#file("live");
      if (file !== undefined) rmSync(`${file}${suffix}`, { force: true });
    }
    this.store = this.#open();
  }

  #copy(from: string, to: string): void {
    const [source, goal] = [this.#file(from), this.#file(to)];
    if (source === undefined || goal === undefined) return;
    this.store.close();
    copyFileSync(source, goal);
    this.store = this.#open();
  }

  destroy(): void {
    this.store.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
