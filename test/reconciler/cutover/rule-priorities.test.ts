import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrangementOf, movedRule, rearranged } from "../../../src/reconciler/cutover/rule-priorities.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, observed } from "../core/fixtures.ts";

const listener = desired("l", { kind: "listener" });
const wantedRule = (name: string, priority: number) =>
  desired(`l.rules.${name}`, { kind: "rule", fields: { priority } });
const liveRule = (name: string, priority: number, owned = true) =>
  observed(`l.rules.${name}`, {
    kind: "rule",
    id: `arn-${name}`,
    owned,
    fields: { priority },
    detail: { listenerArn: "arn-l" },
  });

function arranged(
  wanted: Record<string, number>,
  live: readonly ObservedResource[],
  withheld: string[] = [],
) {
  const rules = Object.entries(wanted).map(([name, priority]) => wantedRule(name, priority));
  const current = new Map<string, ObservedResource>([
    ["l", observed("l", { kind: "listener", id: "arn-l" })],
  ]);
  for (const rule of live)
    if (rule.owned && rules.some(({ key }) => key === rule.key)) current.set(rule.key!, rule);
  return arrangementOf([listener, ...rules], current, live, (key) => withheld.includes(key));
}

describe("the order of rules", () => {
  it("any order is reached from any other by one call without a conflict, and what is foreign stays", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.nat(2), (from, to, foreign, orphans) => {
        const live = [
          ...from.map((priority, index) => liveRule(`r${index}`, priority)),
          ...foreign
            .filter((priority) => !from.includes(priority))
            .map((priority) => liveRule(`foreign${priority}`, priority, false)),
        ];
        const wanted = Object.fromEntries(to.map((priority, index) => [`r${index + orphans}`, priority]));
        const { actions, contested } = arranged(wanted, live);
        expect(actions.length).toBeLessThanOrEqual(1);
        const after = actions.reduce<readonly ObservedResource[]>(
          (state, action) => rearranged(state, action),
          live,
        );
        const priorities = after.map((rule) => rule.fields.priority);
        expect(new Set(priorities).size).toBe(priorities.length);
        for (const rule of live.filter(({ owned }) => !owned)) expect(after).toContainEqual(rule);
        for (const rule of after.filter(({ owned }) => owned)) {
          const goal = wanted[rule.key!.slice("l.rules.".length)];
          if (goal !== undefined && contested.size === 0) expect(rule.fields.priority).toBe(goal);
        }
        // Whatever is still to be made finds its priority free, or waits.
        for (const [name, priority] of Object.entries(wanted)) {
          const holder = after.find((rule) => rule.fields.priority === priority);
          if (holder !== undefined && holder.key !== `l.rules.${name}`)
            expect(contested).toContain(`l.rules.${name}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("that stands already needs no call", () => {
    expect(arranged({ a: 1, b: 2 }, [liveRule("a", 1), liveRule("b", 2)]).actions).toEqual([]);
  });

  it("a priority that somebody else's rule holds is an obstacle, said once with what to do", () => {
    const { actions, obstacles } = arranged({ a: 5 }, [liveRule("a", 1), liveRule("theirs", 5, false)]);
    expect(actions).toEqual([]);
    expect(obstacles).toEqual([
      {
        key: "l.rules.a",
        reason: "PriorityHeldByAnother",
        message: expect.stringContaining("Choose another priority"),
      },
    ]);
  });

  it("nothing is moved while one of the rules must not be: the others could collide with it", () => {
    const live = [liveRule("a", 2), liveRule("b", 1)];
    expect(arranged({ a: 1, b: 2 }, live, ["l.rules.a"]).actions).toEqual([]);
    const [action] = arranged({ a: 1, b: 2 }, live).actions;
    expect(action?.differences.map(({ field }) => movedRule(field)).sort()).toEqual([
      "l.rules.a",
      "l.rules.b",
    ]);
  });
});
