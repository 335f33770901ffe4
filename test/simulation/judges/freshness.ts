/**
 * How old what the daemon knows of each service is, as the account has seen it ask, against what it promises and says. A
 * service is held to nothing that others are to blame for; that another service is in trouble is no excuse.
 */
import {
  type Freshness as Promised,
  READ_CLASSES,
  type ReadClass,
} from "../../../src/model/fleet/freshness.ts";
import type { AccountView } from "./account-view.ts";
import type { Reads } from "./reads.ts";
import { OWNER, ownerOf } from "./remains.ts";

export interface FreshnessHooks {
  nowMs(): number;
  /** Services that are as their users want them, by their own status. */
  standing(): readonly string[];
  promisedOf(service: string): Promised | undefined;
  account(): AccountView;
  object(text: string): void;
}

/** What is read of one resource: by which operation, and of which class that is. */
interface Part {
  readonly operation: string;
  readonly id: string;
  readonly of: ReadClass;
}

/** Looks take some time, and wait while AWS throttles; what is older than that is told to be stale. */
const LATE_SHARE = 1.5;
const LATE_MS = 60_000;
/** Where there is room for the wish, it is what is promised; and where there is not, nothing is never read. */
const MOST_STRETCHED = 30;

export class Freshness {
  readonly #hooks: FreshnessHooks;
  readonly #reads: Reads;
  readonly #wishedMs: number;
  readonly #isScarce: boolean;
  readonly #lateMs: () => number;
  /** Service → since when it stands. */
  readonly #since = new Map<string, number>();
  #disturbedAtMs = Number.NEGATIVE_INFINITY;
  #parts: { readonly movedAtMs: number; readonly all: ReadonlyMap<string, readonly Part[]> } | undefined;

  /**
   * @param isScarce the budget is too small for the wish
   * @param waitMs how long it takes to read everything once, where calls wait for the budget
   */
  constructor(
    hooks: FreshnessHooks,
    reads: Reads,
    settings: { wishedMs: number; isScarce: boolean; waitMs: () => number },
  ) {
    this.#hooks = hooks;
    this.#reads = reads;
    this.#wishedMs = settings.wishedMs;
    this.#isScarce = settings.isScarce;
    this.#lateMs = () => LATE_MS + settings.waitMs();
  }

  /** Something is in the way of all, or of one service alone. */
  disturb(service?: string): void {
    if (service === undefined) this.#disturbedAtMs = this.#hooks.nowMs();
    else this.#since.delete(service);
  }

  check(): void {
    const nowMs = this.#hooks.nowMs();
    const standing = this.#hooks.standing();
    for (const service of this.#since.keys()) if (!standing.includes(service)) this.#since.delete(service);
    for (const service of standing) {
      const sinceMs = this.#since.get(service) ?? nowMs;
      this.#since.set(service, sinceMs);
      this.#judge(service, Math.max(sinceMs, this.#disturbedAtMs), nowMs);
    }
  }

  #judge(service: string, sinceMs: number, nowMs: number): void {
    // Nothing has an age yet that could be too great.
    if (nowMs - sinceMs <= LATE_MS) return;
    const promised = this.#hooks.promisedOf(service);
    if (promised === undefined) {
      if (nowMs - sinceMs > this.#wishedMs + this.#lateMs())
        this.#hooks.object(`${service}: nothing is promised`);
      return;
    }
    for (const of of READ_CLASSES) {
      const { comparedAt, promisedSeconds } = promised[of];
      const promisedMs = promisedSeconds * 1000;
      const mostMs = this.#wishedMs * (this.#isScarce ? MOST_STRETCHED : 1);
      if (promisedMs > mostMs)
        this.#hooks.object(
          `${service}: that ${of} is read every ${promisedSeconds} s is promised, and no more`,
        );
      if (comparedAt !== undefined) this.#judgeClaim(service, of, Date.parse(comparedAt));
      const oldestMs = promisedMs * LATE_SHARE + this.#lateMs();
      if (nowMs - sinceMs <= oldestMs) continue;
      for (const { operation, id } of this.#partsOf(service, of)) {
        const ageMs = nowMs - (this.#reads.toldAtMs(operation, id) ?? Number.NEGATIVE_INFINITY);
        if (ageMs > oldestMs)
          this.#hooks.object(
            `${service}: ${operation} of ${id} was last answered ${Math.round(ageMs / 1000)} s ago, and ${promisedSeconds} s are promised of ${of}`,
          );
      }
    }
  }

  /** What is said to have been compared at a time was asked for then, or later. */
  #judgeClaim(service: string, of: ReadClass, comparedAtMs: number): void {
    if (this.#reads.movedAtMs >= comparedAtMs - LATE_MS) return;
    for (const { operation, id } of this.#partsOf(service, of)) {
      const toldAtMs = this.#reads.toldAtMs(operation, id) ?? Number.NEGATIVE_INFINITY;
      if (toldAtMs < comparedAtMs - 1)
        this.#hooks.object(
          `${service}: ${of} is said to be as of ${new Date(comparedAtMs).toISOString()}, and ${operation} of ${id} was last asked for ${toldAtMs === Number.NEGATIVE_INFINITY ? "never" : `at ${new Date(toldAtMs).toISOString()}`}`,
        );
    }
  }

  /** When the oldest of what the daemon knows of a service was asked for. */
  oldestMs(service: string): number {
    return Math.min(
      ...this.#all(service).map(
        ({ operation, id }) => this.#reads.toldAtMs(operation, id) ?? this.#hooks.nowMs(),
      ),
    );
  }

  #partsOf(service: string, of: ReadClass): readonly Part[] {
    return this.#all(service).filter((part) => part.of === of);
  }

  #all(service: string): readonly Part[] {
    const { movedAtMs } = this.#reads;
    if (this.#parts?.movedAtMs !== movedAtMs)
      this.#parts = { movedAtMs, all: partsIn(this.#hooks.account()) };
    return this.#parts.all.get(ownerOf(service)) ?? [];
  }
}

/** What is to be read of everything that carries our tags, by owner. */
function partsIn(view: AccountView): Map<string, Part[]> {
  const parts = new Map<string, Part[]>();
  const add = (
    tags: Record<string, string>,
    id: string | undefined,
    of: ReadClass,
    ...operations: string[]
  ) => {
    const owner = tags[OWNER];
    if (owner === undefined || id === undefined) return;
    const own = parts.get(owner) ?? [];
    parts.set(owner, own);
    own.push(...operations.map((operation) => ({ operation, id, of })));
  };
  for (const { it, tags, listeners } of view.loadBalancers) {
    add(tags, it.LoadBalancerArn, "structure", "DescribeLoadBalancers", "DescribeTags");
    add(tags, it.LoadBalancerArn, "attributes", "DescribeLoadBalancerAttributes");
    for (const listener of listeners) {
      const { ListenerArn, Protocol } = listener.it;
      add(listener.tags, ListenerArn, "structure", "DescribeListeners", "DescribeRules", "DescribeTags");
      if (Protocol === "HTTPS") add(listener.tags, ListenerArn, "attributes", "DescribeListenerCertificates");
      for (const rule of listener.rules) add(rule.tags, rule.it.RuleArn, "structure", "DescribeTags");
    }
  }
  for (const { it, tags } of view.targetGroups) {
    add(tags, it.TargetGroupArn, "structure", "DescribeTargetGroups", "DescribeTags");
    add(tags, it.TargetGroupArn, "attributes", "DescribeTargetGroupAttributes");
    add(tags, it.TargetGroupArn?.split(":").at(-1), "health", "DescribeTargetHealth");
  }
  for (const { it, tags, policies } of view.groups) {
    // It is going, at a time of AWS's own.
    if (it.Status !== undefined) continue;
    add(tags, it.AutoScalingGroupName, "structure", "DescribeAutoScalingGroups");
    for (const { PolicyARN } of policies) add(tags, PolicyARN, "structure", "DescribePolicies");
  }
  for (const { it, tags } of view.templates)
    add(tags, it.LaunchTemplateName, "structure", "DescribeLaunchTemplates");
  for (const { it, tags } of view.alarms) add(tags, it.AlarmName, "structure", "DescribeAlarms");
  return parts;
}
