/** Faults asked for by operation: the next few calls, or all calls of the next seconds. */
import { LIMITS } from "../../model/limits.ts";
import type { Clock } from "../../ports.ts";
import type { ServiceName } from "../services.ts";
import type { Call, Fault, Interceptor } from "./interceptors.ts";

interface FaultRule {
  readonly service: ServiceName;
  /** An operation's name, or `*` for all of the service. */
  readonly operation: string;
  readonly when: "before" | "after";
  readonly fault: Fault;
  /** Ends after this many calls; for ever when neither is given. */
  readonly times?: number;
  readonly seconds?: number;
}

export interface FaultScript extends Interceptor {
  /** @returns the rule's number. @throws RangeError when there are too many */
  add(rule: FaultRule): number;
  remove(id: number): boolean;
  clear(): void;
  list(): readonly (FaultRule & { readonly id: number; readonly hits: number })[];
}

interface Entry {
  readonly id: number;
  readonly rule: FaultRule;
  readonly untilMs: number;
  hits: number;
}

export function buildFaultScript(clock: Clock): FaultScript {
  let entries: Entry[] = [];
  let lastId = 0;
  const isOver = (entry: Entry): boolean =>
    clock.nowMs() >= entry.untilMs || (entry.rule.times !== undefined && entry.hits >= entry.rule.times);
  const prune = (): void => {
    entries = entries.filter((entry) => !isOver(entry));
  };
  const faultFor = (call: Call, when: FaultRule["when"]): Fault | undefined => {
    if (entries.length === 0) return undefined;
    prune();
    const entry = entries.find(
      ({ rule }) =>
        rule.when === when &&
        rule.service === call.service &&
        (rule.operation === "*" || rule.operation === call.operation),
    );
    if (entry === undefined) return undefined;
    entry.hits += 1;
    return entry.rule.fault;
  };
  return {
    add: (rule) => {
      prune();
      if (entries.length >= LIMITS.simulatorFaultRules)
        throw new RangeError(`there are ${LIMITS.simulatorFaultRules} fault rules already`);
      lastId += 1;
      const untilMs =
        rule.seconds === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() + rule.seconds * 1000;
      entries.push({ id: lastId, rule, untilMs, hits: 0 });
      return lastId;
    },
    remove: (id) => {
      const before = entries.length;
      entries = entries.filter((entry) => entry.id !== id);
      return entries.length < before;
    },
    clear: () => {
      entries = [];
    },
    list: () => {
      prune();
      return entries.map(({ id, rule, hits }) => ({ id, ...rule, hits }));
    },
    before: (call) => faultFor(call, "before"),
    after: (call) => faultFor(call, "after"),
  };
}
