/**
 * Lookups after they are resolved: once in a while AWS is asked again. What it answers now is told, and not followed; but
 * for an image with `follow`, which becomes a revision of its own.
 */
import { conditionOf } from "../model/conditions.ts";
import { ConflictError, UnreadLookupError } from "../model/errors.ts";
import { type LookupRow, lookupRowsOf, lookupText, type ResolvedLookup } from "../model/lookups.ts";
import { isOnlyObserved, isPaused, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import { iso } from "../model/time.ts";
import { isRecord, valuesEqual } from "../model/value.ts";
import type { MadeResource, Store } from "../ports.ts";
import { isOurs } from "./core/belonging/mandate.ts";
import type { PassDependencies } from "./pass.ts";
import { type Answered, askAll } from "./resolve-lookups.ts";

/** How often AWS is asked again. */
const ASKED_EVERY_MS = 3_600_000;

/** The lookups of a service as they stand now, after a new image was followed where that is due. */
export async function lookAgain(
  deps: PassDependencies,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<readonly LookupRow[]> {
  const object = deps.store.get(key);
  if (object === undefined) return [];
  const lookups = deps.store.lookups(key);
  const rows = lookupRowsOf(lookups, object.status?.lookups ?? []);
  const nowMs = deps.clock.nowMs();
  const isDue = rows.some(({ checkedAt }) => nowMs - Date.parse(checkedAt) >= ASKED_EVERY_MS);
  if (!isDue || object.metadata.deletionTimestamp !== undefined) return rows;
  const answers = await askAll(deps, { key, spec: object.spec, kept: [] }, signal);
  if (signal.aborted) return rows;
  const checked = rows.map((row) => checkedRow(row, answers, iso(nowMs)));
  const isNew = mayFollow(deps.store, object) && follow(deps, object, lookups, checked);
  const now = isNew
    ? lookupRowsOf(deps.store.lookups(key)).map((row) => checkedRow(row, answers, iso(nowMs)))
    : checked;
  tellNews(deps, object, rows, now);
  return now;
}

function checkedRow(row: LookupRow, answers: readonly Answered[], checkedAt: string): LookupRow {
  const { newer: _newer, message: _message, ...known } = row;
  const answer = answers.find(({ lookup }) => lookup.path === row.path);
  // The VPC in which it would be looked for is not known.
  if (answer === undefined) return { ...known, state: "Unknown", message: "its VPC is not known", checkedAt };
  const { choice } = answer;
  if (choice instanceof UnreadLookupError)
    return { ...known, state: "Unknown", message: choice.message, checkedAt };
  if ("fault" in choice) return { ...known, state: "Unresolved", message: choice.fault, checkedAt };
  if (valuesEqual(choice.value, row.value)) return { ...known, state: "Current", checkedAt };
  const message = choice.detail === undefined ? {} : { message: choice.detail };
  return { ...known, state: "UpdateAvailable", newer: choice.value, ...message, checkedAt };
}

/**
 * Not while AWS is only looked at, nor while it is taken over; and not while a person is asked about this generation: another
 * one would take the question away.
 */
function mayFollow(store: Store, object: WebService): boolean {
  const { metadata, status } = object;
  if (isPaused(object) || store.pause() !== undefined) return false;
  if (isOnlyObserved(object) || status?.plan?.approval !== undefined) return false;
  const isSynced = conditionOf(status?.conditions ?? [], "Synced")?.status === "True";
  // A template that others use as well is never taken over.
  const isToBeTaken = (row: MadeResource) => !isOurs(row) && row.kind !== "launchTemplate";
  return !store
    .made(metadata)
    .some((row) => isToBeTaken(row) || (row.adoptedIn === metadata.generation && !isSynced));
}

/** Whether a revision was made of what is followed. */
function follow(
  { store, log }: PassDependencies,
  object: WebService,
  lookups: readonly ResolvedLookup[],
  checked: readonly LookupRow[],
): boolean {
  const followed = checked.filter(isFollowed);
  if (followed.length === 0) return false;
  const { metadata, spec } = object;
  const { namespace, name, labels = {}, annotations = {}, resourceVersion } = metadata;
  const cause = followed.map(changeText).join("; ");
  const next = lookups.map((lookup): ResolvedLookup => {
    const row = followed.find(({ path }) => path === lookup.path);
    if (row?.newer === undefined) return lookup;
    const { detail: _, ...rest } = lookup;
    const detail = row.message === undefined ? {} : { detail: row.message };
    return { ...rest, value: row.newer, ...detail, resolvedAt: row.checkedAt };
  });
  try {
    store.transaction(() => {
      const change = { spec, labels, annotations, lookups: next, actor: "holdfast", cause };
      const revised = store.update({ namespace, name }, change, resourceVersion);
      store.record(revised, { type: "Normal", reason: "LookupFollowed", message: cause });
    });
  } catch (error) {
    // Somebody has edited it meanwhile: the next pass looks at what there is then.
    if (error instanceof ConflictError) return false;
    throw error;
  }
  log.info({ service: textOfKey({ namespace, name }), cause }, "newer image followed");
  return true;
}

function isFollowed({ asked, state, kind }: LookupRow): boolean {
  return kind === "image" && state === "UpdateAvailable" && isRecord(asked) && asked.follow === true;
}

/** Tells once of each result that is newer. */
function tellNews(
  { store }: PassDependencies,
  object: WebService,
  before: readonly LookupRow[],
  checked: readonly LookupRow[],
): void {
  const isTold = ({ path, newer }: LookupRow) =>
    before.some(
      (row) => row.path === path && row.state === "UpdateAvailable" && valuesEqual(row.newer, newer),
    );
  const news = checked.filter((row) => row.state === "UpdateAvailable" && !isTold(row));
  for (const row of news) {
    store.record(object, { type: "Normal", reason: "UpdateAvailable", message: changeText(row) });
  }
}

function changeText({ path, value, newer = "", message }: LookupRow): string {
  const detail = message === undefined ? "" : ` (${message})`;
  return `${path}: ${lookupText(value)} → ${lookupText(newer)}${detail}`;
}
