import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import type { OperationName, TurnRequest, Turns, TurnWait } from "../ports.ts";
import type { AccountBudget } from "./account-budget.ts";
import type { BudgetedBucket } from "./budgeted-bucket.ts";

/** What AWS refills more slowly is scarce; for anything else a call waits where it is. */
const SCARCE_PER_SECOND = 5;
/** What comes less than once a second is not waited for longer than this, and other scarce calls not longer than that. */
const RARE_PATIENCE_MS = 5_000;
const PATIENCE_MS = 20_000;
/** A place whose holder has not asked again so long after its time is given up. */
const LAPSE_MS = 120_000;

interface Place {
  readonly service: string;
  readonly calls: number;
  dueAtMs: number;
}

/** The places in line for one bucket: by service, address and operation, in the order of coming. */
interface TurnLine {
  /** Of services that serve already. */
  readonly standing: Map<string, Place>;
  readonly made: Map<string, Place>;
}

/** What a request needs of one bucket. */
interface Need {
  readonly bucket: BudgetedBucket;
  readonly operation: OperationName;
  readonly calls: number;
}

/**
 * Places in line for one account and Region. First come, first served, over all services; but what serves already goes
 * before what is being made. A place that nobody claims lapses, so that whoever has gone keeps nobody waiting for long.
 */
export class RegionTurns implements Turns {
  readonly #budget: AccountBudget;
  readonly #lines = new Map<string, TurnLine>();

  constructor(budget: AccountBudget) {
    this.#budget = budget;
  }

  ask(request: TurnRequest): TurnWait | undefined {
    const needs = this.#needsOf(request.operations);
    const waits = needs.map((need) => ({ need, ...this.#waitFor(request, need) }));
    const late = waits.filter(({ need, ms }) => ms > patienceMsOf(need.bucket));
    if (late.length === 0) {
      for (const { bucket, calls, operation } of needs) {
        this.#lineOf(bucket, request).delete(keyOf(request, operation));
        bucket.promise(calls);
      }
      return undefined;
    }
    const { need, ms, ahead } = late.reduce((longest, one) => (one.ms > longest.ms ? one : longest));
    // Half of what it would wait for is spent on the reads that come before the call.
    const dueAtMs = this.#budget.clock.nowMs() + Math.max(0, ms - patienceMsOf(need.bucket) / 2);
    for (const one of late) this.#keepPlace(request, one.need, dueAtMs);
    const callsPerSecond = need.bucket.tokens.refillPerSecond;
    return { operation: need.operation, callsPerSecond, ahead, dueAtMs };
  }

  leave(service: ObjectKey): void {
    const key = textOfKey(service);
    for (const { standing, made } of this.#lines.values()) {
      for (const line of [standing, made])
        for (const [name, place] of line) if (place.service === key) line.delete(name);
    }
  }

  #needsOf(operations: readonly OperationName[]): Need[] {
    const needs = new Map<BudgetedBucket, Need>();
    for (const operation of operations) {
      for (const bucket of this.#budget.bucketsOf(operation)) {
        if (bucket.size.refillPerSecond >= SCARCE_PER_SECOND) continue;
        const calls = (needs.get(bucket)?.calls ?? 0) + 1;
        needs.set(bucket, { bucket, operation: needs.get(bucket)?.operation ?? operation, calls });
      }
    }
    return [...needs.values()];
  }

  #waitFor(request: TurnRequest, { bucket, operation, calls }: Need): { ms: number; ahead: number } {
    const { standing } = this.#linesOf(bucket);
    const own = keyOf(request, operation);
    const inLine = request.isStanding
      ? this.#callsBefore(standing, own)
      : this.#callsBefore(standing) + this.#callsBefore(this.#lineOf(bucket, request), own);
    const ahead = inLine + bucket.promised() + bucket.waitingBefore("suspicion");
    return { ms: bucket.msUntilCount(ahead + calls), ahead };
  }

  /** Calls of those who came before; all of them, where no place is told. What has lapsed is given up on the way. */
  #callsBefore(line: Map<string, Place>, own?: string): number {
    const nowMs = this.#budget.clock.nowMs();
    let calls = 0;
    for (const [key, place] of line) {
      if (key === own) break;
      if (place.dueAtMs + LAPSE_MS < nowMs) line.delete(key);
      else calls += place.calls;
    }
    return calls;
  }

  #keepPlace(request: TurnRequest, { bucket, operation, calls }: Need, dueAtMs: number): void {
    const line = this.#lineOf(bucket, request);
    const key = keyOf(request, operation);
    const known = line.get(key);
    if (known !== undefined) known.dueAtMs = dueAtMs;
    else if (line.size < LIMITS.turnsPerLine)
      line.set(key, { service: textOfKey(request.service), calls, dueAtMs });
  }

  #lineOf(bucket: BudgetedBucket, { isStanding }: TurnRequest): Map<string, Place> {
    const { standing, made } = this.#linesOf(bucket);
    return isStanding ? standing : made;
  }

  #linesOf({ size }: BudgetedBucket): TurnLine {
    const known = this.#lines.get(size.name);
    if (known !== undefined) return known;
    const lines = { standing: new Map<string, Place>(), made: new Map<string, Place>() };
    this.#lines.set(size.name, lines);
    return lines;
  }
}

function patienceMsOf({ size }: BudgetedBucket): number {
  return size.refillPerSecond < 1 ? RARE_PATIENCE_MS : PATIENCE_MS;
}

function keyOf({ service, address }: TurnRequest, operation: OperationName): string {
  return `${textOfKey(service)} ${address} ${operation}`;
}
