/** Writing down what a pass has found and done: the drift ledger, what counts as applied, events, log lines. */
import type { CloudError } from "../model/errors.ts";
import { type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import type { AppliedResource, Log, Store } from "../ports.ts";
import type { Applied } from "./apply.ts";
import { type Doubt, IN_USE } from "./consistency/stale-lists.ts";
import { isSettling } from "./consistency/drift.ts";
import type { Decision } from "./core/plan.ts";
import type { DesiredResource } from "./core/resource.ts";
import type { Outcome } from "./core/conditions.ts";
import { kindNamed } from "./kinds/registry.ts";
import { closeSettled, recordCorrections, recordFindings } from "./drift-ledger.ts";
import type { Pass, PassDependencies } from "./pass.ts";

/** AWS's refusals, in words that stay the same while the problem does. */
export function failuresIn(done: readonly Applied[]): Outcome["failures"] {
  return done.flatMap(({ action, error }) => (error === undefined ? [] : [failureOf(action.key, error)]));
}

const TERMINAL: readonly string[] = ["invalid", "quota", "conflict", "unauthorized", "unsupported"];

function failureOf(key: string, error: CloudError): Outcome["failures"][number] {
  const isTerminal = TERMINAL.includes(error.category);
  const detail = isTerminal ? `${error.code}: ${error.message}` : `${error.code} (${error.category})`;
  return { key, message: `${key}: ${error.operation} was refused with ${detail}`, isTerminal };
}

/** Suspicions, confirmed drift and what is right again, in one commit. */
export function recordDrift(deps: PassDependencies, pass: Pass): void {
  const { object, tier, desired, compared, drift, doubts, unanswered } = pass;
  const { store } = deps;
  const nowMs = deps.clock.nowMs();
  store.transaction(() => {
    rememberWhatIsRight(store, tier.key, pass, nowMs);
    rememberDoubts(store, tier.key, doubts, desired);
    forgetUnanswered(store, tier.key, compared, unanswered, nowMs);
    const ledger = { store, object, nowMs };
    for (const event of recordFindings(ledger, drift.findings)) {
      const { resource, field, desired: wanted, before, after } = event;
      deps.log.warn(
        { service: textOfKey(tier.key), resource, field, desired: wanted, before, after },
        "drift detected",
      );
    }
    closeSettled(ledger, compared.comparisons, new Set(desired.map((resource) => resource.key)));
  });
}

/**
 * What a read shows to equal the spec counts as applied, whoever did it; fields that still differ keep their
 * record, because it tells drift from rollout. What we have written otherwise a moment ago counts as nothing until that
 * has settled. Suspicions stand in the same rows.
 */
function rememberWhatIsRight(
  store: Store,
  service: ObjectKey,
  { object, compared, drift }: Pass,
  nowMs: number,
): void {
  const rows = new Map(store.applied(service).map((row) => [row.resource, row]));
  const wanted = new Set(compared.comparisons.map(({ desired }) => desired.key));
  for (const { desired, observed, fields, differences } of compared.comparisons) {
    const row = rows.get(desired.key);
    const same = row?.name === desired.name ? row : undefined;
    if (observed === undefined && same === undefined) continue;
    // What stands in for it was written a moment ago: this read may still show what we have removed since.
    const isReplaced = row !== undefined && same === undefined && row.writtenAtMs <= nowMs;
    if (isReplaced && isSettling(row.writtenAtMs, nowMs)) continue;
    const differing = new Set(differences.map(({ field }) => field));
    if (observed?.lifecycle === "provisioning")
      for (const field of kindNamed(desired.kind).gradualFields ?? []) differing.add(field);
    const withheld = drift.withheld.get(desired.key);
    const right = Object.entries(fields).filter(
      ([field]) => observed !== undefined && !differing.has(field) && withheld?.has(field) !== true,
    );
    // It equals the spec, and not what we have written: the read may be old, or show a write whose answer was lost.
    const isUnknown = (field: string) =>
      observed !== undefined && !differing.has(field) && withheld?.has(field) === true;
    const kept = Object.entries(same?.fields ?? {})
      .filter(
        ([field]) => observed === undefined || differing.has(field) || desired.fields[field] !== undefined,
      )
      .map(([field, value]) => [field, isUnknown(field) ? null : value] as const);
    const suspects = drift.findings.filter((finding) => finding.key === desired.key);
    const next = {
      resource: desired.key,
      kind: desired.kind,
      name: desired.name,
      ...(observed === undefined ? (same?.id === undefined ? {} : { id: same.id }) : { id: observed.id }),
      fields: { ...Object.fromEntries(kept), ...Object.fromEntries(right) },
      generation: same?.generation ?? object.metadata.generation,
      // What was written before the clock went back was written by now at the latest.
      writtenAtMs: Math.min(same?.writtenAtMs ?? 0, nowMs),
      ...(suspects.length === 0
        ? {}
        : {
            suspectedAtMs: Object.fromEntries(
              suspects.map((finding) => [finding.field, finding.firstSeenMs]),
            ),
          }),
    };
    if (same === undefined || !isSameRow(next, same)) store.putApplied(service, next);
  }
  const unread = compared.comparisons.length === 0;
  for (const resource of rows.keys())
    if (!unread && !wanted.has(resource) && !isUnread(compared, resource))
      store.removeApplied(service, resource);
}

/** Since when a list has lacked something: a second look, later, ends the doubt. What is seen again is forgotten. */
function rememberDoubts(
  store: Store,
  service: ObjectKey,
  doubts: readonly Doubt[],
  desired: readonly DesiredResource[],
): void {
  const names = new Map(desired.map(({ key, name }) => [key, name]));
  for (const row of store.applied(service)) {
    const marks = doubts.flatMap(({ key, mark, firstSeenMs }) =>
      key === row.resource && mark !== undefined ? [[mark, firstSeenMs] as const] : [],
    );
    // The absence of what is wanted itself is drift, and remembered with the other suspicions.
    const ours: readonly string[] = names.get(row.resource) === row.name ? [IN_USE] : [IN_USE, ""];
    const earlier = Object.entries(row.suspectedAtMs ?? {});
    const others = earlier.filter(([mark]) => !ours.includes(mark));
    if (marks.length === 0 && others.length === earlier.length) continue;
    store.putApplied(service, { ...row, suspectedAtMs: Object.fromEntries([...others, ...marks]) });
  }
}

/** What differs after a call that was not answered may be its doing: nothing is known to be applied there. */
function forgetUnanswered(
  store: Store,
  service: ObjectKey,
  { comparisons }: Decision,
  unanswered: ReadonlySet<string>,
  nowMs: number,
): void {
  for (const row of store.applied(service)) {
    const comparison = comparisons.find(({ desired }) => desired.key === row.resource);
    if (!unanswered.has(row.resource) || comparison === undefined) continue;
    // What AWS brings about by and by may be under way without a difference to show for it.
    const gradual = (kindNamed(row.kind).gradualFields ?? []).filter((field) => field in row.fields);
    const differing = comparison.differences.map(({ field }) => field);
    const unknown = [...differing, ...gradual].map((field) => [field, null] as const);
    const fields = { ...row.fields, ...Object.fromEntries(unknown) };
    store.putApplied(service, { ...row, fields, writtenAtMs: nowMs });
  }
}

/** A wanted resource of a kind that could not be read is not among the comparisons, and its record stays. */
function isUnread(compared: Decision, resource: string): boolean {
  return compared.unread.some((desired) => desired.key === resource);
}

function isSameRow(a: AppliedResource, b: AppliedResource): boolean {
  return valuesEqual(a as unknown as Value, b as unknown as Value);
}

/** What was done, and what AWS refused, as events. */
export function recordDone(deps: PassDependencies, object: WebService, done: readonly Applied[]): void {
  if (done.length === 0) return;
  const { store, clock } = deps;
  store.transaction(() => {
    recordCorrections({ store, object, nowMs: clock.nowMs() }, done);
    for (const { action, error } of done) {
      const what = `${kindNamed(action.kind).title} ${action.name}`;
      if (error !== undefined) {
        store.record(object, {
          type: "Warning",
          reason: "CallFailed",
          message: failureOf(action.key, error).message,
        });
      } else {
        store.record(object, {
          type: "Normal",
          reason: PAST[action.verb],
          message: `${PAST[action.verb]} ${what}: ${action.reason}.`,
        });
      }
    }
  });
}

const PAST = {
  create: "Created",
  update: "Updated",
  arrange: "Rearranged",
  delete: "Deleted",
  release: "Released",
} as const;

export function logRound(log: Log, key: ObjectKey, answers: readonly Applied[]): void {
  for (const { action, error, requestId } of answers) {
    const fields = {
      service: textOfKey(key),
      verb: action.verb,
      resource: action.key,
      name: action.name,
      operations: action.calls.map((call) => call.operation),
      fields: action.differences.map((difference) => difference.field),
      requestId,
    };
    if (error === undefined) log.info(fields, "action applied");
    else
      log.warn(
        { ...fields, code: error.code, category: error.category, error: error.message },
        "action failed",
      );
  }
}
