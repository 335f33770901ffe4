import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { callsOf, type Plan } from "../../../src/reconciler/core/actions.ts";
import type { Comparison } from "../../../src/reconciler/core/compare.ts";
import { holdsFrom } from "../../../src/reconciler/core/holds.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import { callsOn, isSilenced, type PlanInput, planOf, wantedOf } from "../../../src/reconciler/core/plan.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, hold, observed, THING, thing } from "./fixtures.ts";

const A = addressFrom("a");
const compared = (more: Partial<Comparison> = {}): Comparison => ({
  ...{ desired: desired("a"), observed: undefined, fields: {}, differences: [], immutable: [], waitsFor: [] },
  ...more,
});
const X = { field: "x", desired: 2, observed: 1 };
const differing = (more: Partial<Comparison> = {}) =>
  compared({ observed: observed("a"), differences: [X], fields: { x: 2 }, ...more });
const SUBJECT = { address: "a", kind: THING, name: "name-of-a" };

function planned(comparisons: readonly Comparison[], more: Partial<PlanInput> = {}): Plan {
  return planOf({
    ...{ kindNamed: () => thing(), comparisons, applied: new Map(), holds: holdsFrom([]) },
    matching: { current: new Map(), surplus: [], nameConflicts: new Map() },
    order: { blocked: new Set(), behindMoves: new Set() },
    ...more,
  });
}

const conflict = (other: ObservedResource) => ({
  matching: { current: new Map(), surplus: [], nameConflicts: new Map([[A, other]]) },
});

describe("what is not there", () => {
  it("is made, and is told from what is there no more", () => {
    const create = {
      verb: "create",
      ...SUBJECT,
      calls: [{ operation: "x:Create", input: { name: "name-of-a" } }],
    };
    expect(planned([compared()])).toEqual({
      ...{ actions: [{ ...create, reason: "AWS does not have it" }], obstacles: [] },
    });
    expect(planned([compared()], { applied: new Map([[A, {}]]) }).actions).toEqual([
      { ...create, reason: "AWS no longer has it" },
    ]);
  });

  it("waits for what it needs, and for the moves of its siblings", () => {
    const waitsFor = [{ because: "sibling", address: addressFrom("b") }] as const;
    const wait = { verb: "wait", to: "create", ...SUBJECT, reason: "AWS does not have it", differences: [] };
    expect(planned([compared({ waitsFor })]).actions).toEqual([{ ...wait, until: waitsFor }]);
    const order = { blocked: new Set<never>(), behindMoves: new Set([A]) };
    expect(planned([compared({ waitsFor })], { order }).actions).toEqual([
      { ...wait, until: [...waitsFor, { because: "rule order" }] },
    ]);
  });

  it("is silent while its place is blocked, or it is held", () => {
    const nothing = { actions: [], obstacles: [] };
    const order = { blocked: new Set([A]), behindMoves: new Set<never>() };
    expect(planned([compared()], { order })).toEqual(nothing);
    expect(planned([compared()], { holds: holdsFrom([hold("a", "unconfirmed")]) })).toEqual(nothing);
    expect(planned([differing()], { holds: holdsFrom([hold("a", "unconfirmed")]) })).toEqual(nothing);
  });
});

describe("a name that somebody else has", () => {
  const theirs = (more: Partial<ObservedResource> = {}) =>
    observed("theirs", { id: "i", owned: false, ...more });

  it("is told with the ways out; there is one more where nothing of ours is below it", () => {
    const starts = "i has the name that a needs (name-of-a) but";
    expect(planned([compared()], conflict(theirs())).obstacles).toEqual([
      {
        ...{ address: "a", reason: "NotOurs" },
        message:
          `${starts} does not carry our owner tag, so it is left alone. Remove it; or take it over: set ` +
          "`management: Observe` in the spec, look at what differs, and set `management: Manage`.",
      },
    ]);
    const claimed = theirs({ claim: { isNamedByUs: true } });
    expect(planned([compared()], conflict(claimed)).obstacles[0]?.message).toBe(
      `${starts} sits on what is not ours, so it is left alone. Remove it.`,
    );
  });

  it("is nothing to what is there already, and is not told while that was tried a moment ago", () => {
    expect(planned([differing()], conflict(theirs()))).toMatchObject({
      actions: [{ verb: "update" }],
      obstacles: [],
    });
    for (const because of ["tried", "stale list"] as const) {
      const reason = { because } as { because: "tried" };
      const holds = holdsFrom([{ address: A, reason }]);
      expect(planned([compared()], { ...conflict(theirs()), holds })).toEqual({ actions: [], obstacles: [] });
      expect(isSilenced(holds, A)).toBe(true);
    }
    expect(isSilenced(holdsFrom([hold("a", "unconfirmed")]), A)).toBe(false);
    expect(isSilenced(holdsFrom([]), A)).toBe(false);
  });
});

describe("a name that the spec pins", () => {
  const pinned = (more: Partial<Comparison> = {}) =>
    compared({ desired: desired("p", { isPinned: true }), observed: observed("p"), ...more });
  const theirs = {
    matching: {
      ...{ current: new Map(), surplus: [] },
      nameConflicts: new Map([[addressFrom("p"), observed("x", { owned: false })]]),
    },
  };
  const contested = [{ because: "contested name", address: "p", name: "name-of-p" }];
  const untilOf = (one: Comparison, more: Partial<PlanInput> = {}) => {
    const action = planned([one, compared()], more).actions.find(({ address }) => address === "a");
    return action?.verb === "wait" ? action.until : [];
  };

  it("stops whatever was never there, while what has it is not what is meant", () => {
    const immutable = [{ field: "vpc", desired: 1, observed: 2 }];
    expect(untilOf(pinned({ immutable }))).toEqual(contested);
    expect(untilOf(pinned({ observed: undefined }), theirs)).toEqual(contested);
    expect(untilOf(pinned({ immutable }), { applied: new Map([[A, {}]]) })).toEqual([]);
  });

  it("stops nothing where it is what is meant, or free, nor does one that is not pinned, or of an alarm", () => {
    expect(untilOf(pinned())).toEqual([]);
    expect(untilOf(pinned(), theirs)).toEqual([]);
    expect(untilOf(pinned({ observed: undefined }))).toEqual([]);
    expect(untilOf(pinned({ desired: desired("p"), observed: undefined }), theirs)).toEqual([]);
    const alarms = { ...theirs, kindNamed: () => thing({ family: "alarms" }) };
    expect(untilOf(pinned({ observed: undefined }), alarms)).toEqual([]);
  });

  it("is told where what has it cannot become what is meant, and nothing is written to that", () => {
    const immutable = [{ field: "vpc", desired: 1, observed: 2 }];
    const plan = planned([differing({ immutable })]);
    expect([plan.actions, plan.obstacles.map(({ reason }) => reason)]).toEqual([[], ["ImmutableDiffers"]]);
  });
});

describe("what differs", () => {
  const UPDATE = { ...SUBJECT, id: "id-of-a", reason: "differs from the spec", differences: [X] };
  const rules = (more: Partial<KindRules>) => ({ kindNamed: () => thing(more) });

  it("is changed; what is as wanted is left", () => {
    expect(planned([differing()])).toEqual({
      actions: [{ verb: "update", ...UPDATE, calls: [{ operation: "x:Modify", input: { x: 2 } }] }],
      obstacles: [],
    });
    expect(planned([differing({ differences: [] })])).toEqual({ actions: [], obstacles: [] });
  });

  it("is changed without what is held of it, and without its place among its siblings", () => {
    const Y = { field: "y", desired: 3, observed: null };
    const both = differing({ differences: [X, Y], fields: { x: 2, y: 3 } });
    const fieldsOf = (plan: Plan) =>
      plan.actions.map((action) => "differences" in action && action.differences);
    expect(fieldsOf(planned([both], { holds: holdsFrom([hold("a", "tried", "y")]) }))).toEqual([[X]]);
    expect(fieldsOf(planned([both], rules({ traits: { orderField: "y" } })))).toEqual([[X]]);
  });

  it("waits for AWS where there is no call for it yet", () => {
    const none = rules({ update: () => [] });
    const wait = { verb: "wait", to: "update", ...UPDATE };
    expect(planned([differing()], none).actions).toEqual([
      { ...wait, until: [{ because: "AWS at work", doing: "AWS" }] },
    ]);
    const busy = differing({ observed: observed("a", { lifecycleReason: "a refresh" }) });
    expect(planned([busy], none).actions).toEqual([
      { ...wait, until: [{ because: "AWS at work", doing: "a refresh" }] },
    ]);
  });

  it("waits for another resource where nothing of it can be changed before", () => {
    const waitsFor = [{ because: "sibling", address: addressFrom("b") }] as const;
    const calls: unknown[] = [];
    const update: KindRules["update"] = (change) => {
      calls.push(change);
      return [];
    };
    expect(planned([differing({ differences: [], waitsFor })], rules({ update })).actions).toEqual([
      {
        ...{ verb: "wait", to: "update", ...UPDATE, differences: [], reason: "waits for another resource" },
        until: waitsFor,
      },
    ]);
    expect(calls).toEqual([]);
    expect(planned([differing({ waitsFor })]).actions.map(({ verb }) => verb)).toEqual(["update"]);
  });

  it("is written by calls of the kind and of its tags, each where there is something for it", () => {
    const tag = { field: "tags.t", desired: "1", observed: null };
    const made = (...differences: Comparison["differences"][number][]) =>
      planned([differing({ differences })])
        .actions.flatMap(callsOf)
        .map(({ operation }) => operation);
    expect(made(X)).toEqual(["x:Modify"]);
    expect(made(tag)).toEqual(["x:Tag"]);
    expect(made(X, tag)).toEqual(["x:Modify", "x:Tag"]);
    const { tag: _none, ...untaggable } = thing();
    expect(callsOn(untaggable, differing(), observed("a"), [tag])).toEqual([]);
    expect(callsOn(thing(), differing(), observed("a"), [X])).toHaveLength(1);
  });

  it("is told to the kind with what is wanted, what goes left out, and what waits as AWS has it", () => {
    const seen: unknown[] = [];
    const update: KindRules["update"] = ({ fields, differences }) => {
      seen.push([fields, differences]);
      return [];
    };
    const gone = { field: "z", desired: null, observed: 7 };
    const wanted = desired("a", { fields: { x: 2, waits: 1 } });
    const there = observed("a", { fields: { x: 1, z: 7, waits: 5, other: 6 } });
    planned([differing({ desired: wanted, observed: there, differences: [X, gone] })], rules({ update }));
    expect(seen).toEqual([[{ x: 2, waits: 5 }, [X, gone]]]);
    expect(wantedOf([X, gone])).toEqual({ x: 2 });
  });

  it("is not asked of the kind where nothing differs or waits, although another one is waited for", () => {
    const asked: unknown[] = [];
    const obstacles: KindRules["obstacles"] = (_change, waiting) => {
      asked.push(waiting);
      return [];
    };
    const waitsFor = [{ because: "sibling", address: addressFrom("b") }] as const;
    planned([differing({ differences: [], waitsFor })], rules({ obstacles }));
    expect(asked).toEqual([]);
    planned([differing({ desired: desired("a", { fields: { y: 1 } }) })], rules({ obstacles }));
    expect(asked).toEqual([["y"]]);
  });
});
