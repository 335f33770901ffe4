/**
 * Answers that contradict what we know. A list that lacks something of ours which we have made, and not removed, may be
 * old or cut short: then it is not believed about anything else either. Whoever forwards to a target group, or sits on
 * a load balancer, may be missing from it, too; until a second look nothing that moves traffic is done.
 */
import type { Value } from "../../model/value.ts";
import { type AppliedRecord, CONFIRMATION_MS, type DriftReport } from "./drift.ts";
import type { DesiredResource, Observation, ObservedResource } from "../core/resource.ts";

/** Something of ours that ought to be in a list and is not. */
export interface Doubt {
  /** The address by whose record it is known. */
  readonly key: string;
  /** The kind whose list lacks it. */
  readonly kind: string;
  readonly name: string;
  /** What its first sight is remembered under; nothing where it is drift, and remembered there. */
  readonly mark: "" | typeof IN_USE | undefined;
  readonly firstSeenMs: number;
  /** A second look has shown the same: it is believed. */
  readonly isOver: boolean;
}

export const TRAFFIC: readonly string[] = ["loadBalancer", "targetGroup", "listener", "rule"];
/** Mark of a target group that something of ours uses and no list shows. No field has this name. */
export const IN_USE = "uses";
const USERS: readonly string[] = ["listener", "rule", "autoScalingGroup"];

/** All that a list lacks; those that are over are only remembered. */
export function doubtsIn(
  desired: readonly DesiredResource[],
  observation: Observation,
  applied: ReadonlyMap<string, AppliedRecord>,
  drift: DriftReport,
  nowMs: number,
): Doubt[] {
  const { resources, unknownKinds } = observation;
  const ours = new Map(
    resources.filter(({ owned }) => owned).map((item) => [`${item.kind} ${item.name}`, item]),
  );
  const unseen = desired.flatMap((wanted): Doubt[] => {
    const { key, kind } = wanted;
    const record = applied.get(key);
    if (record === undefined || unknownKinds.has(kind)) return [];
    const now = ours.get(`${kind} ${record.name}`);
    if (now !== undefined)
      return USERS.includes(kind) ? unseenUses(key, now, record, observation, nowMs) : [];
    if (!TRAFFIC.includes(kind)) return [];
    if (record.name !== wanted.name)
      return [doubt({ key, kind, name: record.name, mark: "" }, record, nowMs)];
    const isOver = drift.withheld.get(key)?.has("") !== true;
    return [{ key, kind, name: record.name, mark: undefined, firstSeenMs: nowMs, isOver }];
  });
  return [...unseen, ...unseenLoadBalancer(desired, observation, applied, nowMs)];
}

function doubt(
  what: Pick<Doubt, "key" | "kind" | "name" | "mark">,
  record: AppliedRecord,
  nowMs: number,
): Doubt {
  const firstSeenMs = Math.min(record.suspectedAtMs?.[what.mark ?? ""] ?? nowMs, nowMs);
  return { ...what, firstSeenMs, isOver: nowMs - firstSeenMs >= CONFIRMATION_MS };
}

/**
 * Target groups that AWS says it uses, because we have told it to, and that are in no list. AWS deletes none that a
 * listener or rule uses (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html).
 */
function unseenUses(
  key: string,
  { refersTo }: ObservedResource,
  record: AppliedRecord,
  { resources, unknownKinds, unreadable }: Observation,
  nowMs: number,
): Doubt[] {
  if (unknownKinds.has("targetGroup") || unreadable.size > 0) return [];
  const shown = new Set(resources.map(({ id }) => id));
  const told = textsIn({ ...record.fields });
  return refersTo
    .filter((id) => id.includes(":targetgroup/") && told.has(id) && !shown.has(id))
    .slice(0, 1)
    .map((id) =>
      doubt({ key, kind: "targetGroup", name: id.split("/")[1] ?? id, mark: IN_USE }, record, nowMs),
    );
}

/** A load balancer of ours that AWS says uses a target group of ours, and that is in no list. */
function unseenLoadBalancer(
  desired: readonly DesiredResource[],
  { resources, unknownKinds, unreadable }: Observation,
  applied: ReadonlyMap<string, AppliedRecord>,
  nowMs: number,
): Doubt[] {
  const wanted = desired.find(({ kind }) => kind === "loadBalancer");
  const record = wanted === undefined ? undefined : applied.get(wanted.key);
  if (wanted === undefined || record === undefined) return [];
  if (unknownKinds.has("loadBalancer") || unreadable.size > 0) return [];
  const shown = new Set(resources.map(({ id }) => id));
  const users = resources
    .filter(({ kind, owned }) => kind === "targetGroup" && owned)
    .flatMap(({ detail }) => (detail as UsedDetail).loadBalancerArns ?? [])
    .filter((arn) => !shown.has(arn))
    .map((arn) => arn.split("/")[2] ?? "");
  const name = users.find((candidate) => stemOf(candidate) === stemOf(wanted.name));
  return name === undefined
    ? []
    : [doubt({ key: wanted.key, kind: "loadBalancer", name, mark: IN_USE }, record, nowMs)];
}

/** What is known of the use of a target group. */
interface UsedDetail {
  readonly loadBalancerArns?: readonly string[];
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
