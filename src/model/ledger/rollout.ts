/** Bringing one content of a launch template to the instances of one group, from its first call to its end. */
import type { Address } from "../address.ts";
import { namesAndMore } from "../text/names-and-more.ts";
import type { Value } from "../value.ts";

/**
 * - `Running`: its refresh was begun, or is about to be.
 * - `Succeeded`: every instance that was to be replaced runs it.
 * - `Stopped`: it was called off, and not for being bad.
 * - `Failed`: AWS gave it up; nothing was brought back (yet).
 * - `RollingBack`: what ran before is being brought back.
 * - `RolledBack`: what ran before runs again.
 * - `RollbackFailed`: AWS could not bring it back.
 */
export type RolloutState =
  | "Running"
  | "Succeeded"
  | "Stopped"
  | "Failed"
  | "RollingBack"
  | "RolledBack"
  | "RollbackFailed";

/** A version of a launch template, and what tells it apart for people. */
export interface RolledVersion {
  readonly id: string;
  /** Its number. */
  readonly version: string;
  /** Of its content; absent where that could not be read. */
  readonly digest?: string;
  readonly imageId?: string;
  /** Digest of its user data. */
  readonly userData?: string;
  /** What the group says beside it of what is launched, field by field; absent where it says nothing. */
  readonly policy?: Readonly<Record<string, Value>>;
}

/** What was seen of new instances that failed: which check, with which message. */
export interface Evidence {
  readonly why: string;
  /** Some of those of which it was seen; none where none could be launched. */
  readonly instances: readonly string[];
}

export interface Rollout {
  /** Of the group. */
  readonly address: Address;
  /** Of the content, its lookups resolved: what is rejected once it has failed. */
  readonly digest: string;
  readonly state: RolloutState;
  /** Of the spec that asked for it; absent where the refresh was found and not begun by a call that is known. */
  readonly generation?: number;
  readonly begunAtMs: number;
  readonly endedAtMs?: number;
  /** What ran before; absent where the group named no template. */
  readonly from?: RolledVersion;
  readonly to: RolledVersion;
  /** AWS's id of the refresh that is under way or was the last one: forward or back, see `isBack`. */
  readonly refreshId?: string;
  /** The newest refresh of the group when it was begun: one that it is not. */
  readonly refreshBefore?: string;
  /** The refresh is one of ours that brings `from` back. */
  readonly isBack?: true;
  readonly percentageComplete?: number;
  /** AWS's words for its end. */
  readonly reason?: string;
  /** What was seen of the new instances while it ran: who, which check, which message. */
  readonly evidence?: readonly Evidence[];
  /** Value of `holdfast.dev/rollout-requested-at` when it failed: another one asks for another try. */
  readonly askedBy?: string;
  /** What AWS was told of instances that it waited for when it gave up: told otherwise, it is tried again. */
  readonly preferences?: Readonly<Record<string, string>>;
}

const REJECTED: ReadonlySet<RolloutState> = new Set([
  "Failed",
  "RollingBack",
  "RolledBack",
  "RollbackFailed",
]);

/** Whether its content is not to be rolled out again before a person says so. */
export function isRejected({ state }: Pick<Rollout, "state">): boolean {
  return REJECTED.has(state);
}

/** `i-1, i-2: unhealthy in targetGroups.web (Target.Timeout: …)` @param most so many instances are named */
export function evidenceText({ why, instances }: Evidence, most = 3): string {
  return instances.length === 0 ? why : `${namesAndMore(instances, most)}: ${why}`;
}

/** Instances that are named of what failed. */
const NAMED = 5;

/** Why it ended as it did, in AWS's words, and what was seen of its instances. */
export function saidOf({ reason, evidence = [] }: Pick<RolloutRow, "reason" | "evidence">): string[] {
  const seen = evidence.map((one) => evidenceText(one, NAMED));
  return reason === undefined ? seen : [reason, ...seen];
}

/** `sha256:` and twelve digits. */
const SHORT_DIGEST = 19;

/** `version 2 (ami-1, user data sha256:0123456789ab)` */
export function versionText({ version, imageId, userData }: Omit<RolledVersion, "id">): string {
  const marks = [
    ...(imageId === undefined ? [] : [imageId]),
    ...(userData === undefined ? [] : [`user data ${userData.slice(0, SHORT_DIGEST)}`]),
  ];
  return `version ${version}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}`;
}

/** The rollout of a group as its status tells it. */
export interface RolloutRow {
  /** Address of the group in the spec. */
  autoScalingGroup: string;
  state: RolloutState;
  generation?: number;
  from?: RolledVersion;
  to: RolledVersion;
  percentageComplete?: number;
  begunAt: string;
  endedAt?: string;
  reason?: string;
  evidence?: Evidence[];
}

/** Instances of a group and its warm pool that have another version than the one that is wanted of it now. */
export interface BehindRow {
  autoScalingGroup: string;
  /** The version that is wanted now. */
  version: string;
  count: number;
  /** So many of them wait in the warm pool; absent where none does. */
  inWarmPool?: number;
  /** The first of them, those in the warm pool last, each with the version that it has, and AWS's state of it. */
  instances: { instanceId: string; version: string; lifecycleState?: string }[];
}

/** `3 instances have another version than 2, 1 of them in the warm pool: i-1 (1), i-2 (1, Warmed:Stopped) and 1 more` */
export function behindText({ version, count, inWarmPool = 0, instances }: BehindRow): string {
  const named = instances.map(behindNameOf).join(", ");
  const more = count > instances.length ? ` and ${count - instances.length} more` : "";
  const have = count === 1 ? "1 instance has" : `${count} instances have`;
  return `${have} another version than ${version}${waitingText(count, inWarmPool)}: ${named}${more}`;
}

function waitingText(count: number, inWarmPool: number): string {
  if (inWarmPool === 0) return "";
  if (inWarmPool < count) return `, ${inWarmPool} of them in the warm pool`;
  return count === 1 ? ", in the warm pool" : ", all of them in the warm pool";
}

function behindNameOf({ instanceId, version, lifecycleState }: BehindRow["instances"][number]): string {
  const isUsual = lifecycleState === undefined || lifecycleState === "InService";
  return `${instanceId} (${version}${isUsual ? "" : `, ${lifecycleState}`})`;
}
