/** Whether whoever asks is served: every listener and rule that forwards, and with how many of the instances. */
import type { Account } from "../../../src/simulator/account.ts";
import { forwardedTo, type Known, type Ours } from "./ours.ts";

/** Every spec of a history lets a rollout take half of the group at a time. */
const LEAST_SHARE = 0.5;
/** A group that grows has its new capacity to start first. */
const GROWTH_MS = 900_000;

export interface ServingHooks {
  nowMs(): number;
  account(): Account;
  object(text: string): void;
  /** Only then is it the daemon's doing when somebody is not served. */
  readonly isCalm: boolean;
}

interface Record_ {
  hasServed: boolean;
  /** Desired capacities of the groups behind it, as they changed. */
  capacities: { atMs: number; desired: number }[];
}

export class Serving {
  readonly #ours: Ours;
  readonly #hooks: ServingHooks;
  readonly #records = new Map<string, Record_>();
  readonly #unwellSinceMs = new Map<string, number>();
  readonly #wellSinceMs = new Map<string, number>();

  constructor(ours: Ours, hooks: ServingHooks) {
    this.#ours = ours;
    this.#hooks = hooks;
  }

  /** Since when something of a service's traffic has reached nobody. */
  unwellSinceMs(service: string): number | undefined {
    return this.#unwellSinceMs.get(service);
  }

  /** Since when all of a service's traffic, and there is some, has reached somebody. */
  wellSinceMs(service: string): number | undefined {
    return this.#wellSinceMs.get(service);
  }

  /** Looks at everything; called after each call of the daemon that changes something, and now and then. */
  sample(): void {
    const forwards = this.#ours
      .all()
      .map((known) => ({ known, groups: forwardedTo(known.actions) }))
      .filter(({ groups }) => groups.length > 0);
    const reached = new Map<string, { service: string; healthy: number }>();
    /** Service → load balancer → the fewest targets that something on it reaches. */
    const least = new Map<string, Map<string, number>>();
    for (const { known, groups } of forwards) {
      const healthy = Math.min(...groups.map((arn) => this.#ours.healthy(arn)));
      // While a load balancer is replaced there are two of each listener: one that serves is enough.
      const place = `${known.owner} ${known.address}`;
      const service = known.owner.split("/")[2] ?? "";
      reached.set(place, { service, healthy: Math.max(healthy, reached.get(place)?.healthy ?? 0) });
      const ofService = least.get(service) ?? new Map<string, number>();
      least.set(service, ofService);
      const balancer = balancerOf(known.id);
      ofService.set(balancer, Math.min(healthy, ofService.get(balancer) ?? healthy));
      this.#judge(known, groups, healthy);
    }
    const all = [...reached.values()];
    // A listener that only the successor has nobody asks yet, as long as all of the other one serves.
    const serves = (service: string) =>
      [...(least.get(service)?.values() ?? [])].some((fewest) => fewest > 0);
    const unwell = new Set(
      all.filter(({ service, healthy }) => healthy === 0 && !serves(service)).map(({ service }) => service),
    );
    this.#note(this.#unwellSinceMs, unwell);
    this.#note(
      this.#wellSinceMs,
      new Set(all.map(({ service }) => service).filter((service) => !unwell.has(service))),
    );
  }

  #note(sinceMs: Map<string, number>, services: ReadonlySet<string>): void {
    const nowMs = this.#hooks.nowMs();
    for (const service of services) if (!sinceMs.has(service)) sinceMs.set(service, nowMs);
    for (const service of sinceMs.keys()) if (!services.has(service)) sinceMs.delete(service);
  }

  #judge(known: Known, groups: readonly string[], healthy: number): void {
    const record = this.#records.get(known.id) ?? { hasServed: false, capacities: [] };
    this.#records.set(known.id, record);
    const needed = this.#needed(record, groups);
    if (healthy >= Math.max(1, needed)) record.hasServed = true;
    if (!this.#hooks.isCalm || !record.hasServed) return;
    if (healthy === 0) this.#hooks.object(`${known.address} reaches nobody, although it did before`);
    else if (healthy < needed)
      this.#hooks.object(`${known.address} reaches ${healthy} instances, below the minimum of ${needed}`);
  }

  /** Half of what the groups behind it were meant to have at the least during the last minutes. */
  #needed(record: Record_, groups: readonly string[]): number {
    const nowMs = this.#hooks.nowMs();
    const behind = this.#hooks
      .account()
      .parts.autoScaling.groups()
      .filter((group) => group.targetGroupArns.some((arn) => groups.includes(arn)));
    const desired = behind.reduce((sum, group) => sum + group.desiredCapacity, 0);
    const last = record.capacities.at(-1);
    if (last?.desired !== desired) record.capacities.push({ atMs: nowMs, desired });
    while ((record.capacities[1]?.atMs ?? nowMs) < nowMs - GROWTH_MS) record.capacities.shift();
    return Math.ceil(LEAST_SHARE * Math.min(...record.capacities.map((one) => one.desired)));
  }
}

/** It stands in the ARN of a listener, and in that of a rule. */
function balancerOf(arn: string): string {
  return arn.split(":listener").at(-1)?.split("/").slice(1, 4).join("/") ?? "";
}
