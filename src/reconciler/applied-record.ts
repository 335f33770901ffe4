/**
 * What counts as applied to each AWS resource: the record against which a later difference is told to be drift. Written
 * after every call of ours, and after every read.
 */
import { type Address, surplusAddress } from "../model/address.ts";
import type { UnseenWrite } from "../model/ledger/unseen-write.ts";
import type { ObjectKey } from "../model/object.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import type { AppliedResource, Store } from "../ports.ts";
import { type Finding, isSettling, suspicionOf, UNKNOWN } from "./consistency/drift.ts";
import { GONE, IN_USE, type ListLack } from "./consistency/stale-lists.ts";
import { answered, sent, showsEffect, stillUnseen, type UnseenWrites } from "./consistency/unseen-writes.ts";
import type { Create, Delete, Doable, Reorder, Update } from "./core/actions.ts";
import type { Comparison } from "./core/compare.ts";
import { type LeftField, withReferences } from "./core/left-to-others.ts";
import { wantedOf } from "./core/plan.ts";
import { isGivenUp, withPredecessors } from "./core/predecessors.ts";
import type { Fields, ObservedResource } from "./core/resource.ts";
import type { Write } from "./core/writes.ts";
import { comparedIn } from "./decide.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { Pass } from "./pass.ts";

interface Writing {
  readonly store: Store;
  readonly service: ObjectKey;
  readonly generation: number;
  readonly nowMs: () => number;
}

/** Before a call is sent: what it writes, so that a read can say what became of it, also when no answer comes. */
export function rememberSent(
  { store, service, nowMs }: Pick<Writing, "store" | "service" | "nowMs">,
  operation: string,
  writes: readonly Write[],
): void {
  const rows = store.applied(service);
  for (const { address, differences, isCreate } of writes) {
    const row = rows.get(address);
    if (row === undefined || isCreate) continue;
    const { gradualFields = [] } = kindNamed(row.kind);
    const unseen = differences
      .filter(({ field }) => !gradualFields.includes(field))
      .map(({ field, desired: wanted, observed: was }) => {
        const write = { operation, wanted, was, sentAtMs: nowMs() };
        return [field, sent(row.unseen?.[field], write)] as const;
      });
    if (unseen.length > 0)
      store.putApplied(service, { ...row, unseen: { ...row.unseen, ...Object.fromEntries(unseen) } });
  }
}

/** What AWS has answered to a call. */
export interface Answer {
  readonly operation: string;
  readonly requestId: string | undefined;
  readonly writes: readonly Write[];
}

/**
 * After a call that AWS has answered. Only what the calls so far have brought about counts: the rest is still to come,
 * and its difference is nobody's doing.
 */
export function rememberCall(
  writing: Writing,
  action: Doable,
  comparison: Comparison | undefined,
  resource: ObservedResource | undefined,
  answer: Answer,
): void {
  switch (action.verb) {
    case "reorder":
      rememberOrder(writing, action, answer);
      break;
    case "create":
    case "update":
      if (comparison !== undefined) rememberFields(writing, action, comparison, resource, answer);
      break;
    case "delete":
      giveUp(writing, action);
      break;
    // Tags alone say nothing of what the spec asks for: a read shows that it is there.
    case "adopt":
    case "release":
      break;
  }
}

/**
 * What goes is not kept as it was (see core/predecessors.ts), from before the call is sent: should no answer come, a list
 * that still shows it is no word that nothing was done.
 * @returns undoes it, for where AWS has refused the call
 */
export function giveUp(
  { store, service, generation, nowMs }: Writing,
  { address, kind, name, id }: Delete | Update,
): () => void {
  const rows = [...store.applied(service).values()];
  const earlier = rows.find((row) => row.address === address);
  // Where it stood, as long as its successor has no record there: to want it back is no word that somebody has taken it.
  const elsewhere = rows.filter((row) => row.kind === kind && row.id === id && row.address !== address);
  const gone = { kind, name, id, fields: {}, generation, writtenAtMs: nowMs() };
  for (const one of [address, ...elsewhere.map((row) => row.address)])
    store.putApplied(service, { ...gone, address: one });
  return () => {
    if (earlier === undefined) store.removeApplied(service, address);
    for (const row of [...(earlier === undefined ? [] : [earlier]), ...elsewhere])
      store.putApplied(service, row);
  };
}

function rememberFields(
  { store, service, generation, nowMs }: Writing,
  action: Create | Update,
  { desired, fields, left = [] }: Comparison,
  resource: ObservedResource | undefined,
  answer: Answer,
): void {
  const kind = kindNamed(desired.kind);
  const row = store.applied(service).get(desired.address);
  const earlier = row?.name === desired.name ? row : undefined;
  const id = resource?.id ?? (action.verb === "update" ? action.id : undefined) ?? earlier?.id;
  const differences = action.verb === "update" ? action.differences : [];
  // Nothing was ever applied to what another resource has become.
  const isAnother = action.verb === "create" || action.renames === true;
  const applied: Fields = isAnother ? {} : { ...earlier?.fields };
  // What AWS has only begun with is not applied yet: see `gradualFields`.
  const gradual = action.verb === "update" ? (kind.gradualFields ?? []) : [];
  // Of what a call has not written, the read that it rests on may be older than an earlier write of ours.
  const isWritten = (field: string) =>
    action.verb === "create" ||
    kind.isWhole === true ||
    differences.some((difference) => difference.field === field);
  // A call may carry what others have: what counts as applied is what the spec says of it.
  const isLeft = (name: string) => left.some(({ field }) => field === name);
  for (const { field, wanted } of left)
    if (applied[field] === undefined && wanted !== undefined) applied[field] = wanted;
  for (const [field, wanted] of Object.entries({ ...fields, ...wantedOf(differences) })) {
    if (!isWritten(field) || gradual.includes(field) || isLeft(field)) continue;
    if (!valuesEqual(resource?.fields[field], wanted)) continue;
    if (desired.fields[field] === undefined) delete applied[field];
    else applied[field] = wanted;
  }
  for (const { field, desired: wanted } of differences) {
    // Neither is the old value any more: to come back to it half-way is no drift.
    if (gradual.includes(field)) delete applied[field];
    if (wanted === null && resource?.fields[field] === undefined) delete applied[field];
  }
  store.putApplied(service, {
    address: desired.address,
    kind: desired.kind,
    name: desired.name,
    ...(id === undefined ? {} : { id }),
    fields: applied,
    ...(row?.left === undefined ? {} : { left: row.left }),
    generation,
    writtenAtMs: nowMs(),
    ...unseenAfter(answer, desired.address, earlier?.unseen, nowMs(), (field, wanted) =>
      wanted === null
        ? resource?.fields[field] === undefined
        : !gradual.includes(field) && valuesEqual(applied[field], wanted),
    ),
  });
}

/** @param isDone whether the answer says that a field is now as it was to be */
function unseenAfter(
  { operation, requestId, writes }: Answer,
  address: Address,
  earlier: UnseenWrites = {},
  nowMs: number,
  isDone: (field: string, wanted: Value) => boolean,
): { unseen?: Record<string, UnseenWrite> } {
  const differences = writes.flatMap((write) => (write.address === address ? write.differences : []));
  const done = differences
    .filter(({ field, desired: wanted }) => isDone(field, wanted))
    .map(({ field, desired: wanted, observed: was }) => {
      const write = { operation, wanted, was, sentAtMs: nowMs };
      return [field, answered(sent(earlier[field], write), requestId)] as const;
    });
  const unseen = { ...earlier, ...Object.fromEntries(done) };
  return Object.keys(unseen).length === 0 ? {} : { unseen };
}

function rememberOrder(
  { store, service, generation, nowMs }: Writing,
  { field, moves }: Reorder,
  answer: Answer,
): void {
  const rows = store.applied(service);
  for (const { rule, to } of moves) {
    const row = rows.get(rule);
    if (row === undefined) continue;
    const fields = { ...row.fields, [field]: to };
    const unseen = unseenAfter(answer, rule, row.unseen, nowMs(), () => true);
    store.putApplied(service, { ...row, fields, generation, writtenAtMs: nowMs(), ...unseen });
  }
}

/** After a read: what is right, what is suspected, what a list lacks, and what nobody knows. */
export function rememberRead(store: Store, pass: Pass, nowMs: number): void {
  for (const { from } of pass.moved) store.removeApplied(pass.service.key, from);
  for (const { row } of pass.moved) store.putApplied(pass.service.key, row);
  const effective = effectiveWritesIn(store, pass);
  rememberWhatIsRight(store, pass, nowMs);
  rememberListLacks(store, pass);
  forgetIndeterminate(store, pass, effective, nowMs);
}

/** Addresses where AWS shows at last what a call of ours was sent for. */
function effectiveWritesIn(store: Store, { service, compared }: Pass): ReadonlySet<Address> {
  const rows = store.applied(service.key);
  return new Set(
    [...comparedIn(compared).values()].flatMap(({ desired: { address }, observed }) => {
      const { unseen } = rows.get(address) ?? {};
      return observed !== undefined && unseen !== undefined && showsEffect(unseen, observed) ? [address] : [];
    }),
  );
}

/**
 * What a read shows to equal the spec counts as applied, whoever did it; fields that still differ keep their
 * record, because it tells drift from rollout. What we have written otherwise a moment ago counts as nothing until that
 * has settled. Suspicions stand in the same rows.
 */
function rememberWhatIsRight(store: Store, pass: Pass, nowMs: number): void {
  const { service, compared, desired, observation } = pass;
  const rows = store.applied(service.key);
  const known = withPredecessors(rows, desired, observation.resources);
  for (const comparison of comparedIn(compared).values()) {
    const { address } = comparison.desired;
    const next = rowAfterRead(pass, comparison, known.get(address), nowMs);
    if (next !== undefined && !isSameRow(next, rows.get(address))) store.putApplied(service.key, next);
  }
  // A wanted resource of a kind that could not be read is not among the comparisons, and its record stays.
  if (compared.comparisons.length === 0) return;
  const kept = new Set([
    ...[...compared.comparisons.map((one) => one.desired), ...compared.unread].map(({ address }) => address),
    // Whether it was compared this time or not.
    ...[...observation.resources, ...observation.unreadable].map(({ id }) => surplusAddress(id)),
  ]);
  // What could not be read may be the resource of a record that still stands at its former address.
  const unreadKinds = new Set(compared.unread.map(({ kind }) => kind));
  // The next list may be older than this one, and show it once more.
  const mayComeBack = ({ address, id, writtenAtMs }: AppliedResource) =>
    id !== undefined && address === surplusAddress(id) && isSettling(writtenAtMs, nowMs);
  for (const row of rows.values())
    if (!kept.has(row.address) && !unreadKinds.has(row.kind) && !mayComeBack(row))
      store.removeApplied(service.key, row.address);
}

/** `undefined`: the row stays as it is. */
function rowAfterRead(
  { object, drift, holds, compared }: Pass,
  { desired, observed, fields, differences, left = [], standsAt }: Comparison,
  row: AppliedResource | undefined,
  nowMs: number,
): AppliedResource | undefined {
  const { address, kind, name } = desired;
  const same = row?.name === name ? row : undefined;
  if (observed === undefined && same === undefined) return undefined;
  // What stands in for it was written a moment ago: this read may still show what we have removed since.
  const isReplaced = row !== undefined && same === undefined && row.writtenAtMs <= nowMs;
  if (isReplaced && isSettling(row.writtenAtMs, nowMs)) return undefined;
  // Removed a moment ago, and wanted again: this read may still show it.
  if (same !== undefined && isGivenUp(same.fields) && isSettling(same.writtenAtMs, nowMs)) return same;
  const differing = new Set(differences.map(({ field }) => field));
  if (observed?.lifecycle === "provisioning")
    for (const field of kindNamed(kind).gradualFields ?? []) differing.add(field);
  const others = new Set(left.map(({ field }) => field));
  const isHeld = (field: string) => holds.on(address, field) !== undefined;
  const right = Object.entries(fields).filter(
    ([field]) => observed !== undefined && !differing.has(field) && !isHeld(field) && !others.has(field),
  );
  // It equals the spec, and not what we have written: the read may be old, or show a write whose answer was lost.
  const isUnknown = (field: string) =>
    observed !== undefined && !differing.has(field) && isHeld(field) && !others.has(field);
  // What the spec said when it was first left: an edit is what differs from that.
  const asked = left.flatMap(({ field, wanted }) => (wanted === undefined ? [] : [[field, wanted] as const]));
  const kept = Object.entries(same?.fields ?? {})
    .filter(
      ([field]) =>
        observed === undefined ||
        differing.has(field) ||
        others.has(field) ||
        desired.fields[field] !== undefined,
    )
    .map(([field, value]) => [field, isUnknown(field) ? UNKNOWN : value] as const);
  // Of what is to be replaced only what stays as it was is compared. The rest is ours, too, and no record says how it was.
  const unsaid = standsAt !== undefined && same === undefined ? Object.keys(observed?.fields ?? {}) : [];
  const uncompared = unsaid.map((field) => [field, UNKNOWN] as const);
  const id = observed?.id ?? same?.id;
  const suspects = drift.findings.filter((finding) => finding.address === address);
  return {
    address,
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    fields: Object.fromEntries([...uncompared, ...asked, ...kept, ...right]),
    ...leftAfterRead(observed, left, row, compared.matching.current, suspects),
    generation: same?.generation ?? object.metadata.generation,
    // What was written before the clock went back was written by now at the latest.
    writtenAtMs: Math.min(same?.writtenAtMs ?? 0, nowMs),
    ...unseenAfterRead(same, observed, differing),
    ...(suspects.length === 0
      ? {}
      : {
          suspectedAtMs: Object.fromEntries(
            suspects.map((finding) => [suspicionOf(finding), finding.firstSeenMs]),
          ),
        }),
  };
}

/** The last live values of what others have, for a resource that is made anew. */
function leftAfterRead(
  observed: ObservedResource | undefined,
  left: readonly LeftField[],
  row: AppliedResource | undefined,
  current: ReadonlyMap<Address, ObservedResource>,
  findings: readonly Finding[],
): { left?: Record<string, Value> } {
  if (observed === undefined) return row?.left === undefined ? {} : { left: row.left };
  // Until it is put right, it is what they had.
  const givenBack = findings.flatMap((finding) =>
    finding.change === "Modified" && finding.isGivenBack === true
      ? [[finding.field, finding.after] as const]
      : [],
  );
  const live = left.flatMap((item) =>
    item.live === undefined ? [] : [[item.field, withReferences(item.live, current)] as const],
  );
  const known = [...live, ...givenBack];
  return known.length === 0 ? {} : { left: Object.fromEntries(known) };
}

function unseenAfterRead(
  row: AppliedResource | undefined,
  observed: ObservedResource | undefined,
  differing: ReadonlySet<string>,
): { unseen?: Record<string, UnseenWrite> } {
  const { unseen } = row ?? {};
  if (unseen === undefined) return {};
  const left = observed === undefined ? unseen : stillUnseen(unseen, observed, differing);
  return Object.keys(left).length === 0 ? {} : { unseen: { ...left } };
}

/** Since when a list has lacked something: a second look, later, confirms it. What is seen again is forgotten. */
function rememberListLacks(store: Store, { service, desired, listLacks }: Pass): void {
  const names = new Map(desired.map(({ address, name }) => [address, name]));
  for (const row of store.applied(service.key).values()) {
    const suspicions = suspicionsIn(listLacks, row.address);
    // The absence of what is wanted itself is drift, and remembered with the other suspicions.
    const ours: readonly string[] = names.get(row.address) === row.name ? [IN_USE] : [IN_USE, GONE];
    const earlier = Object.entries(row.suspectedAtMs ?? {});
    const others = earlier.filter(([suspicion]) => !ours.includes(suspicion));
    if (suspicions.length === 0 && others.length === earlier.length) continue;
    const { suspectedAtMs: _earlier, ...rest } = row;
    const left = [...others, ...suspicions];
    const suspected = left.length === 0 ? {} : { suspectedAtMs: Object.fromEntries(left) };
    store.putApplied(service.key, { ...rest, ...suspected });
  }
}

function suspicionsIn(listLacks: readonly ListLack[], address: Address): (readonly [string, number])[] {
  return listLacks.flatMap((lack) =>
    lack.address === address && lack.suspicion !== undefined
      ? [[lack.suspicion, lack.firstSeenMs] as const]
      : [],
  );
}

/** What differs after a call that was not answered may be its doing: nothing is known to be applied there. */
function forgetIndeterminate(
  store: Store,
  { service, compared, indeterminate, decisionInput }: Pass,
  effective: ReadonlySet<Address>,
  nowMs: number,
): void {
  const comparisons = comparedIn(compared);
  for (const row of store.applied(service.key).values()) {
    const comparison = comparisons.get(row.address);
    const endedAtMs = indeterminate.get(row.address);
    // What is not seen says nothing of what the call has done to it.
    if (endedAtMs === undefined || comparison?.observed === undefined) continue;
    // What AWS brings about by and by may be under way without a difference to show for it.
    const gradual = (kindNamed(row.kind).gradualFields ?? []).filter((field) => field in row.fields);
    const differing = comparison.differences.map(({ field }) => field);
    const unknown = [...differing, ...gradual].map((field) => [field, UNKNOWN] as const);
    // It looks as it did before the call: the read may be older than that.
    const hasMoved = differing.length + gradual.length > 0;
    const isAsBefore =
      !hasMoved &&
      !effective.has(row.address) &&
      valuesEqual(row.fields, decisionInput.applied.get(row.address));
    if (isAsBefore && isSettling(endedAtMs, nowMs)) continue;
    const fields = { ...row.fields, ...Object.fromEntries(unknown) };
    store.putApplied(service.key, { ...row, fields, writtenAtMs: nowMs });
  }
}

function isSameRow(a: AppliedResource, b: AppliedResource | undefined): boolean {
  return valuesEqual(a as unknown as Value, b as unknown as Value | undefined);
}
