import { mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "../model/errors.ts";
import { DEFAULT_RETENTION, type Retention } from "../model/ledger/retention.ts";
import { LIMITS } from "../model/limits.ts";
import { iso } from "../model/time.ts";
import type { Clock, Store } from "../ports.ts";
import { buildAppliedStore } from "./applied.ts";
import { buildCallStore } from "./calls.ts";
import { buildDriftStore } from "./drift-events.ts";
import { buildEpochStore } from "./epochs.ts";
import { buildEventStore } from "./events.ts";
import { buildSpecs } from "./fleet/specs.ts";
import { buildFreezeStore } from "./freezes.ts";
import { buildKeptSince } from "./kept-since.ts";
import { takeLock } from "./lock.ts";
import { buildMadeStore } from "./made.ts";
import { migrate } from "./migrations.ts";
import { buildObjectStore } from "./objects.ts";
import { buildPauseStore } from "./pause.ts";
import { type Presence, presenceOf } from "./presence.ts";
import { makePrivate } from "./private-file.ts";
import { buildRevisionStore } from "./revisions.ts";
import { buildRolloutStore } from "./rollouts.ts";
import { Session } from "./session.ts";
import { storeErrorOf } from "./sqlite-error.ts";
import { timesLagOf } from "./status-change.ts";
import { buildStatusHistory } from "./status-history.ts";
import { corruptText, wholenessOf } from "./wholeness.ts";

interface StoreSettings {
  /** SQLite file; its folder is made when it is missing. `:memory:` keeps nothing. */
  path: string;
  clock: Clock;
  newUid: () => string;
  /** How long, and how much, of what was is kept. */
  retention?: Retention;
  /** How often each object is looked at, in milliseconds of `clock`: its status is to keep up with that. */
  resyncMs?: number;
}

const USUAL_RESYNC_MS = 60_000;

/**
 * The daemon's memory in one SQLite file: write-ahead log, every commit on disk before it is acknowledged.
 * While it is open no second daemon can open the file, and anyone can read it.
 *
 * Objects that the store hands out are not to be changed: the same ones go to those who watch.
 *
 * @throws StoreError with one line that names the file, when it cannot be used
 */
export function openStore(settings: StoreSettings): Store {
  const { path } = settings;
  const release: (() => void)[] = [];
  try {
    const file = path === ":memory:" ? path : place(path);
    if (file !== ":memory:") release.push(takeLock(file));
    if (file !== ":memory:") makePrivate(file);
    const database = new Database(file, { timeout: 5_000 });
    release.push(() => {
      database.close();
    });
    const isLarge = file !== ":memory:" && statSync(file).size > LIMITS.databaseBytesReadAtStart;
    if (!isLarge) beWhole(database, path);
    const prepared = prepare(database, settings);
    const presence = file === ":memory:" ? () => undefined : presenceOf(file);
    if (!isLarge) return storeOf(prepared, settings, presence, () => undo(release));
    const { fault, end } = wholenessOf(file);
    release.push(end);
    return storeOf(
      prepared,
      settings,
      () => presence() ?? fault(),
      () => undo(release),
    );
  } catch (error) {
    undo(release);
    throw storeErrorOf(error, path);
  }
}

/** What has become too old is looked for so often, where nothing new comes. */
const FORGETS_EVERY_MS = 3_600_000;

function undo(steps: (() => void)[]): void {
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) step();
}

/** The real path, so that two names of one file are one lock. */
function place(path: string): string {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new StoreError(`database ${path}: it is a folder, not a file`);
  return stats === undefined ? join(realpathSync(folder), basename(path)) : realpathSync(path);
}

/** @throws StoreError when a page of it is torn */
function beWhole(database: Database.Database, path: string): void {
  const verdict = database.pragma("quick_check(1)", { simple: true });
  if (verdict === "ok") return;
  throw new StoreError(`database ${path}: ${corruptText(verdict)}`);
}

function prepare(database: Database.Database, { path, clock }: StoreSettings): Database.Database {
  database.pragma("journal_mode = WAL");
  // WAL's usual NORMAL may lose the last commits when the power goes. https://www.sqlite.org/pragma.html#pragma_synchronous
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  database.pragma("journal_size_limit = 67108864");
  migrate(database, path, () => iso(clock.nowMs()));
  // A file that can only be read would be found out at the first write; better now.
  database.exec("UPDATE resource_version SET value = value");
  return database;
}

function storeOf(
  database: Database.Database,
  { path, clock, newUid, retention = DEFAULT_RETENTION, resyncMs = USUAL_RESYNC_MS }: StoreSettings,
  presence: Presence,
  close: () => void,
): Store {
  const session = new Session(database, path, clock, newUid, presence);
  const kept = buildKeptSince(session);
  const { forget: forgetStates, ...history } = buildStatusHistory(session, retention, kept);
  const { forget: forgetDrift, ...drift } = buildDriftStore(session, retention, kept);
  let forgottenAtMs = Number.NEGATIVE_INFINITY;
  const forgetNowAndThen = () => {
    const nowMs = clock.nowMs();
    if (Math.abs(nowMs - forgottenAtMs) < FORGETS_EVERY_MS) return;
    forgottenAtMs = nowMs;
    forgetStates();
    forgetDrift();
  };
  return {
    transaction: (run) => session.transaction(run),
    resourceVersion: () => String(session.version()),
    ...buildObjectStore(session, { ...history, forget: forgetStates }, timesLagOf(resyncMs)),
    ...buildSpecs(session),
    ...buildRevisionStore(session),
    ...drift,
    statesAround: history.statesAround,
    statesAt: history.statesAt,
    keptSince: kept.keptSince,
    ...buildEventStore(session),
    ...buildAppliedStore(session),
    ...buildMadeStore(session),
    ...buildRolloutStore(session),
    ...buildCallStore(session),
    ...buildEpochStore(session),
    ...buildPauseStore(session),
    ...buildFreezeStore(session),
    changesSince: (resourceVersion) => {
      const version = Number(resourceVersion);
      return version > session.version() ? undefined : session.feed.since(version);
    },
    subscribe: (listener) => session.feed.subscribe(listener),
    fault: () => session.fault(),
    check: () => session.check(forgetNowAndThen),
    close,
  };
}
