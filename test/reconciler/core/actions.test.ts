import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import {
  type Adopt,
  affectedBy,
  answeredAs,
  blockersOf,
  type Call,
  type Create,
  callOf,
  callsOf,
  type Delete,
  type Doable,
  differencesIn,
  heldBack,
  isDoable,
  type Release,
  type Reorder,
  type Update,
  verbOf,
} from "../../../src/reconciler/core/actions.ts";
import { THING } from "./fixtures.ts";

const CALL = callOf("ec2:DescribeVpcs", { VpcIds: ["v"] });
const subject = { address: addressFrom("a"), kind: THING, name: "n", reason: "why" };
const differences = [{ field: "x", desired: 2, observed: 1 }];
const create: Create = { verb: "create", ...subject, calls: [CALL] };
const update: Update = { verb: "update", ...subject, id: "i", differences, calls: [CALL] };
const adopt: Adopt = { verb: "adopt", ...subject, id: "i", differences, calls: [] };
const remove: Delete = { verb: "delete", ...subject, id: "i", calls: [CALL, CALL], isLast: true };
const release: Release = { verb: "release", ...subject, id: "i", calls: [CALL] };
const reorder: Reorder = {
  verb: "reorder",
  ...subject,
  id: "i",
  field: "priority",
  moves: [
    { rule: addressFrom("a.rules.r"), arn: "r", from: 1, to: 2 },
    { rule: addressFrom("a.rules.s"), arn: "s", from: 2, to: 1 },
  ],
  calls: [callOf("elasticloadbalancing:SetRulePriorities", { RulePriorities: [] })],
};

describe("a call", () => {
  it("says what is settled by it only where that is not everything that is left", () => {
    expect(CALL).toEqual({ operation: "ec2:DescribeVpcs", input: { VpcIds: ["v"] } });
    expect(Object.keys(CALL)).toEqual(["operation", "input"]);
    expect(callOf("ec2:DescribeVpcs", {}, ["x"]).settles).toEqual(["x"]);
  });

  it("is known by its operation, with its input and what AWS has answered", () => {
    const output = { Vpcs: [] };
    expect(answeredAs("ec2:DescribeVpcs", CALL, output)).toEqual({ input: { VpcIds: ["v"] }, output });
    expect(answeredAs("ec2:DescribeSubnets", CALL as Call, output)).toBeUndefined();
  });
});

describe("an action", () => {
  const order = differencesIn(reorder);

  it("differs in what it writes; moves are told as priorities", () => {
    expect([adopt, update].map(differencesIn)).toEqual([differences, differences]);
    expect([create, remove, release].map(differencesIn)).toEqual([[], [], []]);
    expect(order).toEqual([
      { field: "priority of a.rules.r", desired: 2, observed: 1 },
      { field: "priority of a.rules.s", desired: 1, observed: 2 },
    ]);
  });

  it("changes its own address, and of an order those that move", () => {
    expect(affectedBy(update)).toEqual(["a"]);
    expect(affectedBy(reorder)).toEqual(["a.rules.r", "a.rules.s"]);
  });

  it.each<[Doable, object]>([
    [create, { to: "create", differences: [] }],
    [update, { to: "update", id: "i", differences }],
    [adopt, { to: "adopt", id: "i", differences }],
    [remove, { to: "delete", id: "i", differences: [] }],
    [reorder, { to: "reorder", id: "i", differences: order }],
  ])("that is held back waits for that, and is known to the end: %o", (action, more) => {
    const held = heldBack(action, { because: "adoption" });
    expect(held).toEqual({
      verb: "wait",
      ...subject,
      ...more,
      until: [{ because: "adoption" }],
      held: action,
    });
    expect("id" in held).toBe(action.verb !== "create");
    expect([isDoable(held), isDoable(action)]).toEqual([false, true]);
    expect([verbOf(held), verbOf(action)]).toEqual([action.verb, action.verb]);
    expect(callsOf(held)).toEqual(action.calls);
    expect(differencesIn(held)).toEqual(differencesIn(action));
  });

  it("that is held back twice waits for both, the later one first", () => {
    const held = heldBack(heldBack(update, { because: "adoption" }), { because: "tried" });
    expect(blockersOf(held)).toEqual([{ because: "tried" }, { because: "adoption" }]);
    expect(held.held).toBe(update);
  });

  it("without anything to wait for has no blockers, and one that waits by itself has no calls", () => {
    expect(blockersOf(update)).toEqual([]);
    expect(blockersOf(undefined)).toEqual([]);
    expect(callsOf({ verb: "wait", to: "create", ...subject, differences: [], until: [] })).toEqual([]);
  });
});
