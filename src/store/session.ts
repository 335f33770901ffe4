import type { Database, Statement } from "better-sqlite3";
import { ConflictError, StoreError } from "../model/errors.ts";
import { iso } from "../model/time.ts";
import type { Change, Clock, StoreFault } from "../ports.ts";
import { ChangeFeed, type SizedChange } from "./change-feed.ts";
import type { Presence } from "./presence.ts";
import { storeErrorOf } from "./sqlite-error.ts";

/** Tables of which what was read is kept. */
export type KeptTable = "applied" | "made" | "rollouts" | "summaries";

/** The longest that everything waits for another program that is writing. */
const PATIENCE_MS = 200;

/**
 * What every part of the store works with: the connection, its transaction, the version counter, the feed.
 *
 * In a query with an order, a join or a bound, parameters stand behind a plus (`service = +?`): a bare one makes SQLite
 * plan the query anew each time it is bound, for the sake of statistics that we do not have, at ten times the price of
 * its answer and more.
 */
export class Session {
  readonly database: Database;
  readonly clock: Clock;
  readonly newUid: () => string;
  readonly feed: ChangeFeed;
  readonly #file: string;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #touch: Statement;
  readonly #currentVersion: Statement<[], number>;
  readonly #nextVersion: Statement<[], number>;
  readonly #dataVersion: Statement<[], number>;
  /** Table → how often we have changed it. */
  readonly #touched = new Map<KeptTable, number>();
  #rollbacks = 0;
  #depth = 0;
  #changes: SizedChange[] = [];
  #kept: (() => void)[] = [];
  #doomed: unknown;
  readonly #presence: Presence;
  /** Of the last write, while no later one has succeeded. */
  #failed: StoreFault | undefined;
  #isHeld = false;

  constructor(database: Database, file: string, clock: Clock, newUid: () => string, presence: Presence) {
    this.database = database;
    this.clock = clock;
    this.newUid = newUid;
    this.#file = file;
    this.#presence = presence;
    database.pragma(`busy_timeout = ${PATIENCE_MS}`);
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#rollback = database.prepare("ROLLBACK");
    this.#currentVersion = database.prepare<[], number>("SELECT value FROM resource_version").pluck();
    this.#nextVersion = database
      .prepare<[], number>("UPDATE resource_version SET value = value + 1 RETURNING value")
      .pluck();
    this.#dataVersion = database.prepare<[], number>("PRAGMA data_version").pluck();
    this.#touch = database.prepare("UPDATE resource_version SET value = value");
    this.feed = new ChangeFeed(this.version());
  }

  nowIso(): string {
    return iso(this.clock.nowMs());
  }

  /** The last version given out. */
  version(): number {
    return this.#checkedVersion(this.read(() => this.#currentVersion.get()));
  }

  /** The version of the write at hand; only within a transaction. */
  nextVersion(): number {
    return this.#checkedVersion(this.#nextVersion.get());
  }

  /** To be called by whoever has changed a table of which rows are kept. */
  touched(table: KeptTable): void {
    this.#touched.set(table, (this.#touched.get(table) ?? 0) + 1);
  }

  /**
   * The same text as long as a table holds the same: another follows each change of ours, each rollback, and whatever
   * another program commits (https://www.sqlite.org/pragma.html#pragma_data_version).
   */
  edition(table: KeptTable): string {
    return `${this.#dataVersion.get()} ${this.#rollbacks} ${this.#touched.get(table) ?? 0}`;
  }

  /** Told to subscribers and kept for watches once the transaction is committed. */
  changed(change: Change, bytes: number): void {
    this.#changes.push({ change, bytes });
  }

  /** Runs `keep` once the transaction is committed, and never when it is rolled back. */
  onceCommitted(keep: () => void): void {
    this.#kept.push(keep);
  }

  read<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw storeErrorOf(error, this.#file);
    }
  }

  transaction<T>(run: () => T): T {
    return this.read(() => (this.#depth > 0 ? this.#join(run) : this.#outermost(run)));
  }

  /**
   * A failure inside dooms the whole, even if the caller catches it: SQLite may have rolled back on its own.
   * A conflict is found before anything is written, so a caller may go on after it.
   */
  #join<T>(run: () => T): T {
    try {
      return refusePromise(run());
    } catch (error) {
      if (!(error instanceof ConflictError)) this.#doomed ??= error;
      throw error;
    }
  }

  /** Why nothing can be written now. */
  fault(): StoreFault | undefined {
    const missing = this.#presence();
    if (missing !== undefined) this.#fail(missing);
    return this.#failed;
  }

  /** Finds out whether the next write would succeed, and what is in its way. @param meanwhile what is to be written anyway */
  check(meanwhile: () => void = () => undefined): StoreFault | undefined {
    try {
      this.transaction(() => {
        this.#touch.run();
        meanwhile();
      });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    return this.fault();
  }

  #fail(message: string): void {
    if (this.#failed?.message !== message) this.#failed = { message, since: this.nowIso() };
  }

  #outermost<T>(run: () => T): T {
    try {
      const result = this.#committed(run);
      this.#failed = undefined;
      return result;
    } catch (error) {
      const { fault } = storeErrorOf(error, this.#file) as { fault?: string };
      if (fault !== undefined) this.#fail(fault);
      throw error;
    }
  }

  /** Waits a moment for another program, and no second time while that one holds on: all else would stand still. */
  #takeTurn(): void {
    try {
      this.#begin.run();
    } catch (error) {
      if (!this.#isHeld) this.database.pragma("busy_timeout = 0");
      this.#isHeld = true;
      throw error;
    }
    if (this.#isHeld) this.database.pragma(`busy_timeout = ${PATIENCE_MS}`);
    this.#isHeld = false;
  }

  #committed<T>(run: () => T): T {
    const missing = this.#presence();
    if (missing !== undefined) throw new StoreError(`database ${this.#file}: ${missing}`, undefined, missing);
    this.#takeTurn();
    this.#depth = 1;
    let result: T;
    try {
      result = refusePromise(run());
      if (this.#doomed !== undefined) throw this.#doomed;
      this.#commit.run();
    } catch (error) {
      this.#reset();
      this.#rollbacks += 1;
      if (this.database.inTransaction) this.#rollback.run();
      throw error;
    }
    const changes = this.#changes;
    const kept = this.#kept;
    this.#reset();
    for (const keep of kept) keep();
    this.feed.publish(changes);
    return result;
  }

  #reset(): void {
    this.#depth = 0;
    this.#changes = [];
    this.#kept = [];
    this.#doomed = undefined;
  }

  #checkedVersion(value: number | undefined): number {
    if (value === undefined) {
      throw new StoreError(`database ${this.#file}: table resource_version has lost its row`);
    }
    return value;
  }
}

/** A transaction that waits for something would let others write into it. */
function refusePromise<T>(result: T): T {
  if (typeof result === "object" && result !== null && "then" in result) {
    throw new TypeError("a transaction is synchronous: its function must not answer with a promise");
  }
  return result;
}
