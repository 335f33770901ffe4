/**
 * Answers that contradict what we know. A list that lacks something of ours which we have made, and not removed, may be
 * old or cut short: then it is not believed about anything else either. Whoever forwards to a target group, or sits on
 * a load balancer, may be missing from it, too; until a second look nothing that moves traffic is done.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Value } from "../../model/value.ts";
import { type KindNamed, movesTraffic } from "../core/kind-rules.ts";
import { isListed, type Observation } from "../core/observation.ts";
import type { DesiredResource, ObservedResource } from "../core/resource.ts";
import { type AppliedRecord, CONFIRMATION_MS, type DriftReport, suspicionOf } from "./drift.ts";
import { type JournalRow, type MadeRow, unexplainedAbsences } from "./own-removals.ts";

/** Something of ours that ought to be in a list and is not. */
export interface ListLack {
  /** The address by whose record it is known. */
  readonly address: Address;
  /** The kind whose list lacks it. */
  readonly kind: KindName;
  readonly name: string;
  /** What its first sight is remembered under in the record; undefined where it is drift, and remembered as that. */
  readonly suspicion: string | undefined;
  readonly firstSeenMs: number;
  /** A second look has shown the same: it is believed. */
  readonly isConfirmed: boolean;
}

/** A former resource of the address, under another name, is in no list. */
export const GONE = suspicionOf({ change: "Missing" });
/** Something of ours uses it, and no list shows it. No field has this name. */
export const IN_USE = "(in use)";

export interface StaleListsInput {
  readonly kindNamed: KindNamed;
  readonly desired: readonly DesiredResource[];
  readonly observation: Observation;
  readonly applied: ReadonlyMap<Address, AppliedRecord>;
  readonly drift: DriftReport;
  /** Rows of what is known to be ours by its id. */
  readonly made: readonly MadeRow[];
  /** The journal as far as it is near, asked only where something is missing that is known to be ours. */
  readonly calls: () => readonly JournalRow[];
  readonly nowMs: number;
}

/** All that a list lacks; those that are confirmed are only remembered. */
export function listLacksIn(input: StaleListsInput): ListLack[] {
  const { kindNamed, desired, observation, applied, drift, nowMs } = input;
  const ours = new Map(
    observation.resources.filter(({ owned }) => owned).map((item) => [`${item.kind} ${item.name}`, item]),
  );
  const unseen = desired.flatMap((wanted): ListLack[] => {
    const { address, kind } = wanted;
    const record = applied.get(address);
    if (record === undefined || !isListed(observation, kind)) return [];
    const rules = kindNamed(kind);
    const now = ours.get(`${kind} ${record.name}`);
    if (now !== undefined) return movesTraffic(rules) ? unseenUses(input, address, now, record) : [];
    if (rules.family !== "traffic") return [];
    const { name } = record;
    if (name !== wanted.name) return [lackOf({ address, kind, name, suspicion: GONE }, record, nowMs)];
    const isConfirmed = !drift.holds.some((hold) => hold.address === address && hold.field === undefined);
    return [{ address, kind, name, suspicion: undefined, firstSeenMs: nowMs, isConfirmed }];
  });
  return [...unseen, ...unseenEntrance(input), ...unseenFleets(input), ...unseenLocks(input)];
}

/**
 * Groups that we have made and that no list shows, while one is to be made: it may be to take over from them. Made without
 * them in sight it would begin with its minimum, and be nobody's successor.
 */
function unseenFleets({ kindNamed, desired, observation, made, nowMs }: StaleListsInput): ListLack[] {
  const shown = new Set([...observation.resources, ...observation.unreadable].map(({ id }) => id));
  const names = new Set(observation.resources.map(({ kind, name }) => `${kind} ${name}`));
  const isFleet = (kind: KindName) => kindNamed(kind).traits.registersIn !== undefined;
  const toCome = desired.some(({ kind, name }) => isFleet(kind) && !names.has(`${kind} ${name}`));
  if (!toCome) return [];
  return made
    .filter(({ kind, id }) => isFleet(kind) && isListed(observation, kind) && !shown.has(id))
    .map((row) => lackOfMade(row, nowMs));
}

/**
 * What can be protected from deletion, while nothing is wanted any more, and no list shows it: a service that may not go
 * whole does not go in parts, and whether it may is not known without it.
 */
function unseenLocks({ kindNamed, desired, observation, made, calls, nowMs }: StaleListsInput): ListLack[] {
  if (desired.length > 0) return [];
  return unexplainedAbsences(made, observation, calls)
    .filter(({ kind }) => kindNamed(kind).traits.deletionLock !== undefined)
    .map((row) => lackOfMade(row, nowMs));
}

function lackOfMade({ address, kind, name, missingSinceMs }: MadeRow, nowMs: number): ListLack {
  const firstSeenMs = Math.min(missingSinceMs ?? nowMs, nowMs);
  const isConfirmed = nowMs - firstSeenMs >= CONFIRMATION_MS;
  return { address, kind, name, suspicion: undefined, firstSeenMs, isConfirmed };
}

function lackOf(
  what: Pick<ListLack, "address" | "kind" | "name"> & { readonly suspicion: string },
  record: AppliedRecord,
  nowMs: number,
): ListLack {
  const firstSeenMs = Math.min(record.suspectedAtMs?.[what.suspicion] ?? nowMs, nowMs);
  return { ...what, firstSeenMs, isConfirmed: nowMs - firstSeenMs >= CONFIRMATION_MS };
}

/**
 * Target groups that AWS says it uses, because we have told it to, and that are in no list. AWS deletes none that a
 * listener or rule uses (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html).
 */
function unseenUses(
  { kindNamed, desired, observation, nowMs }: StaleListsInput,
  address: Address,
  { refersTo }: ObservedResource,
  record: AppliedRecord,
): ListLack[] {
  const receiver = desired.find(({ kind }) => kindNamed(kind).traits.receivesRequests === true);
  if (receiver === undefined || !isWholeFor(observation, receiver.kind)) return [];
  const { kind } = receiver;
  const shown = new Set(observation.resources.map(({ id }) => id));
  const told = textsIn({ ...record.fields });
  return refersTo
    .filter((id) => told.has(id) && !shown.has(id) && nameInTargetGroupArn(id) !== undefined)
    .slice(0, 1)
    .map((id) =>
      lackOf({ address, kind, name: nameInTargetGroupArn(id) ?? id, suspicion: IN_USE }, record, nowMs),
    );
}

/** A load balancer of ours that AWS says uses a target group of ours, and that is in no list. */
function unseenEntrance(input: StaleListsInput): ListLack[] {
  const { kindNamed, desired, observation, applied, made, nowMs } = input;
  const wanted = desired.find(({ kind }) => kindNamed(kind).traits.isEntrance === true);
  const record = wanted === undefined ? undefined : applied.get(wanted.address);
  if (wanted === undefined || record === undefined) return [];
  const { address, kind } = wanted;
  if (!isWholeFor(observation, kind)) return [];
  const { resources } = observation;
  const shown = new Set(resources.map(({ id }) => id));
  const users = resources
    .filter(({ owned }) => owned)
    .flatMap(({ targetSet }) => targetSet?.loadBalancers ?? [])
    .filter((arn) => !shown.has(arn));
  const known = new Set(made.filter((row) => row.kind === kind).map(({ id }) => id));
  // With the rows lost, what has a name like ours is taken for ours.
  const isOurs = (arn: string) =>
    known.has(arn) || stemOf(nameInLoadBalancerArn(arn) ?? "") === stemOf(wanted.name);
  const user = users.find(isOurs);
  const name = user === undefined ? undefined : (nameInLoadBalancerArn(user) ?? user);
  return name === undefined ? [] : [lackOf({ address, kind, name, suspicion: IN_USE }, record, nowMs)];
}

/** Whatever was found and could not be read might be what the list seems to lack. */
function isWholeFor(observation: Observation, kind: KindName): boolean {
  return isListed(observation, kind) && observation.unreadable.length === 0;
}

/** `web` of `arn:aws:elasticloadbalancing:…:targetgroup/web/0123456789abcdef`; undefined of any other ARN. */
function nameInTargetGroupArn(arn: string): string | undefined {
  return /:targetgroup\/([^/]+)\//.exec(arn)?.[1];
}

/** `web` of `arn:aws:elasticloadbalancing:…:loadbalancer/app/web/0123456789abcdef`. */
function nameInLoadBalancerArn(arn: string): string | undefined {
  return /:loadbalancer\/app\/([^/]+)\//.exec(arn)?.[1];
}

/** A name without what makes it another one: see names.ts. */
function stemOf(name: string): string {
  return name.replace(/-[0-9a-f]{8}$/, "");
}

function textsIn(value: Value): Set<string> {
  if (typeof value === "string") return new Set([value]);
  if (value === null || typeof value !== "object") return new Set();
  return new Set(Object.values(value).flatMap((member) => [...textsIn(member)]));
}
