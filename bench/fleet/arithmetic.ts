/** What is reckoned of a fleet, apart from how it comes about. Times are milliseconds of one clock. Pure. */
import { READ_CLASSES, type ReadClass } from "../../src/model/fleet/freshness.ts";

/** The least of the values that so much of them does not exceed; NaN of none. @param share 0 to 1 */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** AWS's bucket of CreateLoadBalancer: elb-api-throttling.html in the user guide of Elastic Load Balancing. */
const CREATIONS = { burst: 10, perSecond: 0.2 };

/** The least that a cold start can take: until the last load balancer may be made, and what one service takes from there. */
export function coldStartFloorSeconds(services: number, aloneAfterCreationSeconds: number): number {
  return Math.max(0, services - CREATIONS.burst) / CREATIONS.perSecond + aloneAfterCreationSeconds;
}

/** What has to be read of one service, by class: names of parts. */
export type PartsOf = Readonly<Record<ReadClass, readonly string[]>>;

/** How long ago each service was read, class by class. A class is as old as its oldest part. */
export class ReadAges {
  readonly #services: readonly PartsOf[];
  readonly #askedAtMs = new Map<string, number>();

  constructor(services: readonly PartsOf[]) {
    this.#services = services;
  }

  /** AWS has answered what was asked of it then. An answer that was asked for earlier than another says nothing newer. */
  read(part: string, askedAtMs: number): void {
    const earlier = this.#askedAtMs.get(part);
    if (earlier === undefined || askedAtMs > earlier) this.#askedAtMs.set(part, askedAtMs);
  }

  /** Milliseconds, one for each service; infinite where a part was never read. */
  agesOf(readClass: ReadClass, nowMs: number): number[] {
    return this.#services.map((parts) => nowMs - this.#oldestMs(parts[readClass]));
  }

  /** Whether every part of every service was asked for at that time or later. */
  isReadSince(ms: number): boolean {
    return this.#services.every((parts) => READ_CLASSES.every((one) => this.#oldestMs(parts[one]) >= ms));
  }

  #oldestMs(parts: readonly string[]): number {
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const part of parts)
      oldestMs = Math.min(oldestMs, this.#askedAtMs.get(part) ?? Number.NEGATIVE_INFINITY);
    return oldestMs;
  }
}

/** One function of a processor profile, and how it was called: as V8's inspector has it. */
export interface ProfiledNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly functionName: string };
  readonly children?: readonly number[];
}

export interface ProcessorShares {
  readonly daemon: number;
  readonly account: number;
  readonly elsewhere: number;
}

/**
 * What part of the sampled time belongs to whom: to the innermost frame that is of the daemon or of the simulated account,
 * so that a library counts for whoever called it. What nobody called (collecting garbage, Node itself) is elsewhere.
 */
export function processorShares(
  nodes: readonly ProfiledNode[],
  samples: readonly number[],
  deltas: readonly number[],
): ProcessorShares {
  const owners = ownersOf(nodes);
  const sums = { daemon: 0, account: 0, elsewhere: 0, idle: 0 };
  samples.forEach((id, index) => {
    sums[owners.get(id) ?? "elsewhere"] += deltas[index] ?? 0;
  });
  const all = sums.daemon + sums.account + sums.elsewhere;
  return { daemon: sums.daemon / all, account: sums.account / all, elsewhere: sums.elsewhere / all };
}

type Owner = "daemon" | "account" | "elsewhere" | "idle";

function ownersOf(nodes: readonly ProfiledNode[]): Map<number, Owner> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, Owner>();
  const visit = (node: ProfiledNode, outer: Owner): void => {
    const owner = ownOf(node) ?? outer;
    owners.set(node.id, owner);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) visit(child, owner);
    }
  };
  const called = new Set(nodes.flatMap(({ children = [] }) => children));
  for (const node of nodes) if (!called.has(node.id)) visit(node, "elsewhere");
  return owners;
}

function ownOf({ callFrame: { url, functionName } }: ProfiledNode): Owner | undefined {
  if (functionName === "(idle)") return "idle";
  if (url.includes("/src/simulator/")) return "account";
  if (url.includes("/src/")) return "daemon";
  return undefined;
}
