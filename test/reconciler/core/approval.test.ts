import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { isDoable, verbOf } from "../../../src/reconciler/core/actions.ts";
import {
  type ApprovalInput,
  approvalOf,
  type ConsentRule,
  followsFromEdit,
} from "../../../src/reconciler/core/consent/approval.ts";
import { planViewOf } from "../../../src/reconciler/core/plan-view.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import { decide } from "../../../src/reconciler/decide.ts";
import { decisionInput, desired, observation, observed } from "./fixtures.ts";

/** `a` differs, `b` is to be made, `c` waits for `b`, `old` is to go. */
const INPUT = decisionInput({
  desired: [
    desired("a", { fields: { x: 2 } }),
    desired("b"),
    desired("c", { fields: { b: refTo(addressFrom("b"), "id") } }),
  ],
  observation: observation([observed("a", { fields: { x: 1 } }), observed("old")]),
});

const only =
  (...addresses: string[]): ConsentRule =>
  (action) =>
    addresses.includes(action.address) ? "defaultsChanged" : undefined;

const EVERYTHING: ConsentRule = () => "defaultsChanged";

function asked(more: Partial<ApprovalInput> = {}) {
  return approvalOf({
    generation: 1,
    rules: [EVERYTHING],
    actions: decide(INPUT).actions,
    annotation: undefined,
    remembered: undefined,
    ...more,
  });
}

function digestOf(more: Partial<ApprovalInput> = {}): string {
  return asked(more).pending?.digest ?? "nothing waits";
}

const now = (approval: ReturnType<typeof asked>) =>
  decide({ ...INPUT, approval })
    .actions.filter(isDoable)
    .map((action) => `${verbOf(action)} ${action.address}`);

describe("what needs consent", () => {
  it("is held back, and everything else goes on", () => {
    const approval = asked({ rules: [only("b")] });
    expect(now(asked({ rules: [] }))).toEqual(["update a", "create b"]);
    expect(now(approval)).toEqual(["update a"]);
    const held = decide({ ...INPUT, approval });
    expect(held.obstacles.map(({ reason, address }) => [reason, address])).toEqual([
      ["ApprovalRequired", "b"],
    ]);
    expect(held.obstacles[0]?.message).toContain(`holdfast.dev/approved-plan: ${approval.pending?.digest}`);
  });

  it("is shown with the calls that it will make, under the digest that is to be approved", () => {
    const { pending } = asked();
    const plan = decide({ ...INPUT, approval: asked() });
    const view = planViewOf(plan, { annotation: "x", digest: pending!.digest, effects: [] });
    expect(view.digest).toBe(pending?.digest);
    expect(view.rows.map(({ verb, key, calls }) => [verb, key, ...calls])).toEqual([
      ["update", "a", "x:Modify"],
      ["create", "b", "x:Create"],
      ["create", "c"],
      ["delete", "surplus id-of-old", "x:Delete"],
      ["stop", "a"],
    ]);
    expect(view.rows[0]?.blockedBy).toEqual([`approval of plan ${pending?.digest}`]);
  });

  it("goes on with the digest, and with no other", () => {
    const digest = digestOf();
    expect(asked({ annotation: digest }).pending).toBeUndefined();
    expect(now(asked({ annotation: digest }))).toEqual(["update a", "create b"]);
    const other = asked({ annotation: "p0123456789abcde" });
    expect(now(other)).toEqual([]);
    expect(other.pending?.digest).toBe(digest);
    expect(other.pending?.message).toContain('"p0123456789abcde" is of another plan');
  });
});

describe("the digest of what waits", () => {
  it("is the same whatever else is planned, and whatever the values are", () => {
    const digest = digestOf({ rules: [only("a")] });
    const { actions } = decide({
      ...INPUT,
      desired: [desired("a", { fields: { x: 3, y: 1 } })],
    });
    expect(digestOf({ rules: [only("a")], actions })).toBe(digest);
    expect(digestOf({ rules: [only("a")], actions: decide(INPUT).actions.toReversed() })).toBe(digest);
  });

  it("is another one for another generation, another resource and another set", () => {
    const digests = [
      digestOf(),
      digestOf({ generation: 2 }),
      digestOf({ rules: [only("a")] }),
      digestOf({ rules: [() => "adoptionChanges"] }),
      digestOf({
        actions: decide({
          ...INPUT,
          observation: observation([observed("a", { id: "another", fields: { x: 1 } }), observed("old")]),
        }).actions,
      }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("is never taken for a number", () => {
    for (let generation = 1; generation < 300; generation += 1)
      expect(digestOf({ generation })).toMatch(/^p[0-9a-f]{15}$/);
  });
});

describe("an approval that was given", () => {
  const annotation = digestOf();
  const { given: remembered } = asked({ annotation });

  it("stays good while less and less is left of it", () => {
    const actions = decide(INPUT).actions.slice(2);
    expect(digestOf({ actions })).not.toBe(annotation);
    expect(asked({ actions, annotation, remembered }).pending).toBeUndefined();
  });

  it("covers every step of the edit that it was given to", () => {
    const actions = decide({
      ...INPUT,
      desired: [desired("b", { fields: { x: 1 } })],
      observation: observation([observed("b")]),
    }).actions;
    expect(asked({ actions, annotation, remembered }).pending).toBeUndefined();
  });

  it("covers of an adoption what it names, and what is still to be done to what it let be made", () => {
    const rules: ConsentRule[] = [() => "adoptionChanges"];
    const digest = digestOf({ rules });
    const { given } = asked({ rules, annotation: digest });
    const later = (...ids: string[]) =>
      asked({
        rules,
        annotation: digest,
        remembered: given,
        actions: decide({
          ...INPUT,
          desired: ids.map((address) => desired(address, { fields: { x: 5 } })),
          observation: observation(ids.map((address) => observed(address))),
        }).actions,
      });
    expect(later("a").pending).toBeUndefined();
    expect(later("a", "b").pending).toBeUndefined();
    expect(later("a", "another").pending).toBeDefined();
  });

  it.each([
    ["when the spec moves on", { generation: 2 }],
    ["when the annotation goes", { annotation: undefined }],
    ["for another effect", { rules: [() => "adoptionChanges"] as ConsentRule[] }],
  ])("lapses %s", (_, more) => {
    const actions = decide(INPUT).actions.slice(2);
    expect(asked({ actions, annotation, remembered, ...more }).pending).toBeDefined();
  });
});

describe("an action follows from an edit", () => {
  const { actions } = decide(INPUT);
  const follows = (fields: Record<string, Record<string, number>>) => {
    const applied = new Map(
      Object.entries(fields).map(([address, values]) => [addressFrom(address), values]),
    );
    return actions.filter((action) => followsFromEdit(action, applied)).map(({ address }) => address);
  };

  it("unless it puts back what was applied", () => {
    expect(follows({})).toEqual(["a", "b", "c", "surplus id-of-old"]);
    expect(follows({ a: { x: 2 }, b: {}, c: {} })).toEqual(["surplus id-of-old"]);
    expect(follows({ a: { x: 1 } })).toEqual(["a", "b", "c", "surplus id-of-old"]);
  });
});
