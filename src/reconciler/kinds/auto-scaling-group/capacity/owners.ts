/**
 * Who owns which of the three sizes of a group, and why: the one place where that is decided. The spec owns what nothing
 * else in AWS explains; a scheduled action that has fired owns what it has set, a forecast the maximum that it may have
 * raised, and scaling the desired capacity, unless the spec declares that as fixed
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html). An edit of a size is written whoever owns it:
 * see core/left-to-others.ts. Pure.
 */
import type { OwnerClaim } from "../../../core/resource.ts";
import type { ScalingPolicy } from "../../scaling-policy/type.ts";
import {
  type Activity,
  declaredActions,
  type Fired,
  lastFired,
  momentText,
  recordedAtMs,
  type ScheduledAction,
  type SuspendedProcess,
} from "./fired.ts";
import { type CapacitySpec, isFixed, type SizeName, type Sizes } from "./sizes.ts";

/** What AWS says of them. */
export interface CapacityEvidence {
  readonly live: Sizes;
  readonly suspended: readonly SuspendedProcess[];
  readonly nowMs: number;
  /** When AWS has made the group, where it says so. */
  readonly createdAtMs?: number | undefined;
  /** When the spec was written, where that is known. */
  readonly editedAtMs?: number | undefined;
  /** All that AWS lists, those of the spec among them. */
  readonly actions?: readonly ScheduledAction[];
  readonly policies?: readonly ScalingPolicy[];
  /** The newest ones. */
  readonly activities?: readonly Activity[];
}

interface Claim extends OwnerClaim {
  /** What of AWS's has set it; absent of what is the spec's. */
  readonly by?: string;
}

export type Claims = Readonly<Record<SizeName, Claim>>;

export function ownersOf(spec: CapacitySpec, evidence: CapacityEvidence): Claims {
  const { minSize, maxSize } = withinEachOther(spec, {
    minSize: ownerOfBound("minSize", spec, evidence),
    maxSize: ownerOfBound("maxSize", spec, evidence),
  });
  const bounds = { minSize, maxSize };
  return { ...bounds, desiredCapacity: ownerOfDesired(spec, evidence, bounds) };
}

/** Size → what of AWS's has set it, and keeps it. */
export function keptIn(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([size, { owner, by }]) =>
      by !== undefined && (owner === "ScheduledAction" || owner === "Forecast") ? [[size, by] as const] : [],
    ),
  );
}

type Bound = "minSize" | "maxSize";
type Bounds = Readonly<Record<Bound, Claim>>;

function ownerOfBound(size: Bound, spec: CapacitySpec, evidence: CapacityEvidence): Claim {
  const declared = spec[size];
  const live = evidence.live[size];
  const numbers = { live, declared };
  if (live === declared) return { owner: "Spec", why: "as declared", ...numbers };
  const fired = firedLast(size, spec, evidence);
  if (fired?.value === live) return { owner: "ScheduledAction", by: fired.by, why: setBy(fired), ...numbers };
  const raiser =
    size === "maxSize" && isAboveLastSet(spec, evidence) ? raiserIn(evidence.policies) : undefined;
  if (raiser !== undefined) {
    const by = `the predictive scaling policy ${raiser}`;
    return { owner: "Forecast", by, why: `${by} may raise it, and AWS never lowers it again`, ...numbers };
  }
  const { activities = [], editedAtMs } = evidence;
  const recorded = editedAtMs === undefined ? undefined : recordedAtMs(activities, evidence.live, editedAtMs);
  if (recorded !== undefined) {
    const by = "a scheduled action that AWS does not list any more";
    return {
      owner: "ScheduledAction",
      by,
      why: `AWS's record says that a scheduled action set it at ${momentText(recorded)}`,
      ...numbers,
    };
  }
  return { owner: "Spec", why: `nothing in AWS explains ${live}: declared is ${declared}`, ...numbers };
}

/** A forecast raises the maximum that it finds: what was set last, be that less than what the spec says, or more. */
export function isAboveLastSet(spec: CapacitySpec, evidence: CapacityEvidence): boolean {
  return evidence.live.maxSize > (firedLast("maxSize", spec, evidence)?.value ?? spec.maxSize);
}

/** AWS takes no minimum above the maximum: what somebody else has set keeps the other one from being put right. */
function withinEachOther(spec: CapacitySpec, bounds: Bounds): Bounds {
  const { minSize, maxSize } = bounds;
  if (isOthers(minSize) && isDifferent(maxSize) && minSize.live > spec.maxSize)
    return { minSize, maxSize: behind(maxSize, minSize, "minimum") };
  if (isOthers(maxSize) && isDifferent(minSize) && maxSize.live < spec.minSize)
    return { minSize: behind(minSize, maxSize, "maximum"), maxSize };
  return bounds;
}

function behind(claim: Claim, { owner, by = "", live }: Claim, what: string): Claim {
  if (isOthers(claim)) return claim;
  return {
    ...claim,
    owner,
    by: `the ${what} of ${by}`,
    why: `${by} has set the ${what} to ${live}, and AWS takes no minimum above the maximum`,
  };
}

function ownerOfDesired(spec: CapacitySpec, evidence: CapacityEvidence, bounds: Bounds): Claim {
  const { desiredCapacity: live } = evidence.live;
  const declared = spec.desiredCapacity;
  const numbers = { live, ...(declared === undefined ? {} : { declared }) };
  const low = standing(bounds.minSize);
  const high = standing(bounds.maxSize);
  if (!isFixed(spec) || declared === undefined) {
    const isOutside = live < low || live > high;
    return isOutside
      ? { owner: "Spec", why: `outside of ${low} to ${high}: AWS brings it back with them`, ...numbers }
      : { owner: "Scaling", by: scalersOf(spec), why: scalingText(spec, evidence, low, high), ...numbers };
  }
  const limit = declared < low ? bounds.minSize : declared > high ? bounds.maxSize : undefined;
  if (limit !== undefined && isOthers(limit)) {
    const what = limit === bounds.minSize ? "minimum" : "maximum";
    const { owner, by = "" } = limit;
    return {
      owner,
      by: `the ${what} of ${by}`,
      why: `${by} has set the ${what} to ${limit.live}, and AWS takes no ${declared} outside of that`,
      ...numbers,
    };
  }
  if (live === declared) return { owner: "Spec", why: "declared as fixed", ...numbers };
  const fired = firedLast("desiredCapacity", spec, evidence);
  const mover = fired?.value === live ? `, although ${setBy(fired)}` : "";
  return { owner: "Spec", why: `declared as fixed at ${declared}: ${live} is put right${mover}`, ...numbers };
}

/** What a bound is once what is the spec's was put right. */
function standing(claim: Claim): number {
  return claim.owner === "Spec" ? (claim.declared ?? claim.live) : claim.live;
}

function isOthers({ owner }: Claim): boolean {
  return owner !== "Spec";
}

function isDifferent({ live, declared }: Claim): boolean {
  return live !== declared;
}

function firedLast(size: SizeName, spec: CapacitySpec, evidence: CapacityEvidence): Fired | undefined {
  const { actions = [], suspended, nowMs, createdAtMs } = evidence;
  return lastFired(size, {
    actions: [...actions, ...declaredActions(spec)],
    ...{ suspended, nowMs, createdAtMs },
  });
}

function setBy({ by, atMs, value }: Fired): string {
  return `${by} set ${value} at ${momentText(atMs)}`;
}

/**
 * The first policy that may raise the maximum: one that scales, is on, and was told so. AWS never lowers it again
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredictiveScalingConfiguration.html, MaxCapacityBreachBehavior).
 */
function raiserIn(policies: readonly ScalingPolicy[] = []): string | undefined {
  return policies.find(
    ({ Enabled, PredictiveScalingConfiguration: predictive }) =>
      Enabled !== false &&
      predictive?.Mode === "ForecastAndScale" &&
      predictive.MaxCapacityBreachBehavior === "IncreaseMaxCapacity",
  )?.PolicyName;
}

/** Names of the policies of the spec that set a desired capacity. */
export function scalingPoliciesIn({ scalingPolicies = {} }: Pick<CapacitySpec, "scalingPolicies">): string[] {
  return Object.entries(scalingPolicies)
    .filter(([, { enabled, predictiveScaling: predictive }]) =>
      predictive === undefined
        ? enabled !== false
        : enabled !== false && predictive.mode === "ForecastAndScale",
    )
    .map(([name]) => name);
}

function scalersOf(spec: CapacitySpec): string {
  const policies = scalingPoliciesIn(spec);
  return policies.length === 0 ? "whoever scales the group" : `scaling (${policies.join(", ")})`;
}

function scalingText(spec: CapacitySpec, { suspended }: CapacityEvidence, low: number, high: number): string {
  const used = spec.desiredCapacity === undefined ? "" : `; ${spec.desiredCapacity} was for its beginning`;
  const isStill = suspended.some(({ ProcessName }) => ProcessName === "AlarmNotification");
  const still = isStill ? "; policies do nothing while AlarmNotification is suspended" : "";
  return `anything from ${low} to ${high} is ${scalersOf(spec)}'s${used}${still}`;
}
