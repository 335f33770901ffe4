import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Plan } from "../../../src/reconciler/core/actions.ts";
import { planValue } from "../../../src/reconciler/core/plan.ts";
import { planViewOf } from "../../../src/reconciler/core/plan-view.ts";
import { observed, THING, thing } from "./fixtures.ts";

const differences = [{ field: "x", desired: 2, observed: 1 }];
const of = (verb: string, more: object = {}) =>
  ({
    ...{ verb, address: addressFrom("a"), kind: THING, name: "n", id: "id-of-a", reason: "why" },
    ...{ differences, calls: [{ operation: "x:Call", input: { secret: "s" } }] },
    ...more,
  }) as unknown as Action;
const ORDER = of("reorder", { moves: [{ rule: addressFrom("r"), arn: "r", from: 1, to: 2 }] });
const WAIT = of("wait", { to: "delete", until: [{ because: "in use", by: "u" }], calls: undefined });
const stop = { address: addressFrom("o"), reason: "NotOurs", message: "It is not." } as const;
const plan = (...actions: Action[]): Plan => ({ actions, obstacles: [] });

describe("a plan as people see it", () => {
  it("has a row for each action and each obstacle, without what is sent", () => {
    const { rows, approval } = planViewOf({ actions: [of("update"), WAIT], obstacles: [stop] });
    expect(rows).toEqual([
      {
        ...{ verb: "update", key: "a", kind: THING, name: "n", reason: "why" },
        ...{ calls: ["x:Call"], differences, blockedBy: [] },
      },
      {
        ...{ verb: "delete", key: "a", kind: THING, name: "n", reason: "why" },
        ...{ calls: [], differences, blockedBy: ["u still uses it"] },
      },
      {
        ...{ verb: "stop", key: "o", kind: "", name: "", reason: "It is not." },
        ...{ calls: [], differences: [], blockedBy: ["NotOurs"] },
      },
    ]);
    expect(rows.some((row) => "consequences" in row)).toBe(false);
    expect(approval).toBeUndefined();
  });

  it("is counted by what is done, an order among what is changed, an obstacle among what is blocked", () => {
    const actions = [of("create"), of("create"), of("update"), ORDER, of("delete"), of("adopt"), WAIT];
    expect(planViewOf({ actions, obstacles: [stop] }).summary).toEqual({
      ...{ create: 2, update: 2, delete: 2, blocked: 2 },
    });
    expect(planViewOf(plan()).summary).toEqual({ create: 0, update: 0, delete: 0, blocked: 0 });
  });

  it("tells what comes of an action where that is known", () => {
    const consequence = { effect: "interrupts", says: "of it" } as const;
    const known = {
      kindNamed: () => thing({ consequences: () => [consequence] }),
      resources: [observed("a")],
      matching: { current: new Map(), surplus: [], nameConflicts: new Map() },
    };
    expect(planViewOf(plan(of("update")), undefined, known).rows[0]?.consequences).toEqual([consequence]);
    expect(planViewOf(plan(of("adopt")), undefined, known).rows[0]).not.toHaveProperty("consequences");
  });

  it("has the digest that is to be approved, and else one of its own", () => {
    const approval = { annotation: "x", digest: "p1", effects: [] };
    expect(planViewOf(plan(), approval)).toMatchObject({ digest: "p1", approval });
    expect(planViewOf(plan())).not.toHaveProperty("approval");
    expect(planViewOf(plan()).digest).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the digest of a plan", () => {
  const digest = (...actions: Action[]) => planViewOf(plan(...actions)).digest;

  it("is another one for another resource, step, name, call, difference or reason to wait", () => {
    const plans = [
      digest(of("update")),
      digest(of("delete")),
      digest(of("update", { address: addressFrom("b") })),
      digest(of("update", { name: "m" })),
      digest(of("update", { calls: [{ operation: "x:Other", input: {} }] })),
      digest(of("update", { differences: [{ field: "x", desired: 3, observed: 1 }] })),
      digest(WAIT),
      digest({ ...WAIT, until: [] } as Action),
      digest(),
    ];
    expect(new Set(plans).size).toBe(plans.length);
  });

  it("is the same whatever is sent, and however far that is for which it waits", () => {
    expect(digest(of("update", { calls: [{ operation: "x:Call", input: {} }] }))).toBe(digest(of("update")));
    const waiting = { ...WAIT, until: [{ because: "in use", by: "another" }] } as Action;
    expect(digest(waiting)).toBe(digest(WAIT));
  });

  it("is made of the steps, and not of secrets", () => {
    expect(planValue(plan(of("update"), WAIT))).toEqual([
      {
        ...{ verb: "update", address: "a", name: "n", operations: ["x:Call"], differences },
        blockedBy: [],
      },
      { verb: "delete", address: "a", name: "n", operations: [], differences, blockedBy: ["in use"] },
    ]);
  });
});
