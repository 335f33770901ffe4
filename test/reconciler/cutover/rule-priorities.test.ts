import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { reordered, ruleOrderOf } from "../../../src/reconciler/cutover/rule-priorities.ts";
import { desired, kindNamed, observed } from "../core/fixtures.ts";

const L = addressFrom("l");
const listener = desired(L, { kind: "listener" });
const wantedRule = (name: string, priority: number) =>
  desired(`l.rules.${name}`, { kind: "rule", fields: { priority } });
const liveRule = (name: string, priority: number, owned = true) =>
  observed(`l.rules.${name}`, {
    kind: "rule",
    id: `arn-${name}`,
    owned,
    fields: { priority },
    parent: "arn-l",
  });

function ordered(
  wanted: Record<string, number>,
  live: readonly ObservedResource[],
  held: readonly string[] = [],
) {
  const rules = Object.entries(wanted).map(([name, priority]) => wantedRule(name, priority));
  const current = new Map<Address, ObservedResource>([[L, observed(L, { kind: "listener", id: "arn-l" })]]);
  for (const rule of live)
    if (rule.owned && rules.some(({ address }) => address === rule.address)) current.set(rule.address!, rule);
  return ruleOrderOf({
    kindNamed,
    desired: [listener, ...rules],
    current,
    observed: live,
    isHeld: (address) => held.includes(address),
  });
}

describe("the order of rules", () => {
  it("any order is reached from any other by one call without a conflict, and what is foreign stays", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.nat(2), (from, to, foreign, surplus) => {
        const live = [
          ...from.map((priority, index) => liveRule(`r${index}`, priority)),
          ...foreign
            .filter((priority) => !from.includes(priority))
            .map((priority) => liveRule(`foreign${priority}`, priority, false)),
        ];
        const wanted = Object.fromEntries(to.map((priority, index) => [`r${index + surplus}`, priority]));
        const { actions, blocked } = ordered(wanted, live);
        expect(actions.length).toBeLessThanOrEqual(1);
        const after = actions.reduce<readonly ObservedResource[]>(
          (state, action) => reordered(state, action),
          live,
        );
        const priorities = after.map((rule) => rule.fields.priority);
        expect(new Set(priorities).size).toBe(priorities.length);
        for (const rule of live.filter(({ owned }) => !owned)) expect(after).toContainEqual(rule);
        for (const rule of after.filter(({ owned }) => owned)) {
          const goal = wanted[rule.address!.slice("l.rules.".length)];
          if (goal !== undefined && blocked.size === 0) expect(rule.fields.priority).toBe(goal);
        }
        // Whatever is still to be made finds its priority free, or waits.
        for (const [name, priority] of Object.entries(wanted)) {
          const holder = after.find((rule) => rule.fields.priority === priority);
          if (holder !== undefined && holder.address !== `l.rules.${name}`)
            expect(blocked).toContain(`l.rules.${name}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("that stands already needs no call", () => {
    expect(ordered({ a: 1, b: 2 }, [liveRule("a", 1), liveRule("b", 2)]).actions).toEqual([]);
  });

  it("a priority that somebody else's rule holds is an obstacle, said once with what to do", () => {
    const { actions, obstacles } = ordered({ a: 5 }, [liveRule("a", 1), liveRule("theirs", 5, false)]);
    expect(actions).toEqual([]);
    expect(obstacles).toEqual([
      {
        address: "l.rules.a",
        reason: "PriorityHeldByAnother",
        message: expect.stringContaining("Choose another priority"),
      },
    ]);
  });

  it("nothing is moved while one of the rules must not be: the others could collide with it", () => {
    const live = [liveRule("a", 2), liveRule("b", 1)];
    expect(ordered({ a: 1, b: 2 }, live, ["l.rules.a"]).actions).toEqual([]);
    const [action] = ordered({ a: 1, b: 2 }, live).actions;
    expect(action?.moves.map(({ rule }) => rule).sort()).toEqual(["l.rules.a", "l.rules.b"]);
  });
});
