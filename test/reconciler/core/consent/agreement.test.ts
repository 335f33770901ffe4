import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../../src/model/address.ts";
import type { Action } from "../../../../src/reconciler/core/actions.ts";
import {
  type Approval,
  approvalInRound,
  approvalOf,
  approvalViewOf,
  type ConsentRule,
  followsFromEdit,
  heldForApproval,
  holdsForApproval,
  isAgreedTo,
  isHeldForApproval,
} from "../../../../src/reconciler/core/consent/approval.ts";
import type { Destruction } from "../../../../src/reconciler/core/consent/destructive.ts";
import type { Fields } from "../../../../src/reconciler/core/resource.ts";
import { observed, THING } from "../fixtures.ts";

const A = addressFrom("a");
const action = (verb: string, more: object = {}) =>
  ({
    ...{ verb, address: A, kind: THING, name: "n", id: "i", reason: "why", differences: [], calls: [] },
    ...more,
  }) as unknown as Action;
const created = (address: string) => action("create", { address: addressFrom(address), id: undefined });
const destruction = (more: Partial<Destruction> = {}): Destruction => ({
  ...{ effect: "groupRemoved", address: addressFrom("g"), id: "g", verb: "delete", goes: new Set(["g"]) },
  ...{ places: [], standIns: [], fields: [] },
  ...more,
});
const adoption: ConsentRule = () => "adoptionChanges";
const onlyB: ConsentRule = ({ address }) => (address === "b" ? "everyChange" : undefined);

type Asked = Partial<Parameters<typeof approvalOf>[0]>;
const asked = (more: Asked = {}): Approval =>
  approvalOf({
    ...{ generation: 1, rules: [], actions: [], annotation: undefined, remembered: undefined },
    ...more,
  });
const digestOf = (more: Asked) => asked(more).pending?.digest ?? "";
/** The same, approved. */
const agreed = (more: Asked) => asked({ ...more, annotation: digestOf(more) });

describe("what is asked", () => {
  it("is nothing where nothing needs consent", () => {
    expect(asked({ rules: [onlyB], actions: [action("update")] })).toMatchObject({ needs: [] });
    expect(asked()).not.toHaveProperty("pending");
    expect(asked()).not.toHaveProperty("given");
  });

  it("is each effect of each action once, and each destruction", () => {
    const { needs } = asked({
      rules: [adoption, onlyB, adoption],
      actions: [action("update"), created("b")],
      destructions: [destruction()],
    });
    expect(needs).toEqual([
      { address: "g", id: "g", effect: "groupRemoved", verb: "delete" },
      { address: "a", id: "i", effect: "adoptionChanges", verb: "update" },
      { address: "b", id: "", effect: "adoptionChanges", verb: "create" },
      { address: "b", id: "", effect: "everyChange", verb: "create" },
    ]);
  });

  it("has an empty id of what waits to be made", () => {
    const wait = action("wait", { to: "create", id: undefined, until: [] });
    expect(asked({ rules: [adoption], actions: [wait] }).needs[0]?.id).toBe("");
  });

  it("is asked again, under another digest, where it was approved and done before", () => {
    const once = { destructions: [destruction()] };
    expect(digestOf({ ...once, after: "p1" })).not.toBe(digestOf(once));
    expect(digestOf({ ...once, after: "p1" })).not.toBe(digestOf({ ...once, after: "p2" }));
  });

  it("is told: why, what, and how to agree; our tags last", () => {
    const actions = [action("adopt"), created("b"), ...["c", "d", "e", "f", "h"].map(created)];
    const { pending } = asked({ rules: [adoption, onlyB], actions, annotation: "x".repeat(41) });
    expect(pending?.message).toBe(
      "Waits for approval, because the adoption would do more than write our tags; and spec.approval is Always: " +
        "create b, create c, create d, create e, create f and 2 more. status.plan shows all of it. " +
        `It goes on with the annotation holdfast.dev/approved-plan: ${pending?.digest}. ` +
        `The annotation's "${"x".repeat(40)}" is of another plan.`,
    );
    const few = asked({ rules: [adoption], actions: [action("adopt"), created("b")] }).pending;
    expect(few?.message).toBe(
      "Waits for approval, because the adoption would do more than write our tags: create b, adopt a. status.plan " +
        `shows all of it. It goes on with the annotation holdfast.dev/approved-plan: ${few?.digest}.`,
    );
    expect(approvalViewOf(few!)).toEqual({
      annotation: "holdfast.dev/approved-plan",
      digest: few?.digest,
      effects: [
        { key: "a", id: "i", effect: "adoptionChanges" },
        { key: "b", id: "", effect: "adoptionChanges" },
      ],
    });
  });

  it.each([
    ["defaultsChanged", "spec.defaults was changed, and with it what AWS is to hold"],
    [
      "loadBalancerReplaced",
      "another load balancer takes the place of the one that is there, whose DNS name goes",
    ],
    ["loadBalancerRemoved", "a load balancer goes, and its DNS name with it"],
    ["groupRemoved", "a group goes, and its instances with it"],
    ["groupEmptied", "a group is left without any instance"],
    ["servingRemoved", "something that serves requests goes, or is left without instances"],
    ["instancesTerminated", "a correction would terminate instances"],
  ] as const)("%s is told in words", (effect, words) => {
    const { pending } = asked({ rules: [() => effect], actions: [action("update")] });
    expect(pending?.message).toContain(`because ${words}: update a.`);
  });
});

describe("what was agreed to is remembered", () => {
  const one = destruction();
  const two = destruction({ id: "h", address: addressFrom("h") });
  const given = agreed({ destructions: [one, two] }).given!;
  const later = (more: Asked) => asked({ remembered: given, annotation: given.digest, ...more });

  it("with its generation and each effect", () => {
    expect(given).toEqual({
      ...{ digest: digestOf({ destructions: [one, two] }), generation: 1 },
      effects: [
        { key: "g", id: "g", effect: "groupRemoved" },
        { key: "h", id: "h", effect: "groupRemoved" },
      ],
    });
  });

  it("and good for a part of it, and for no other resource at the same address", () => {
    expect(later({ destructions: [two] }).given).toEqual(given);
    expect(later({ destructions: [destruction({ id: "another" })] }).given).toBeUndefined();
    expect(later({ destructions: [destruction({ address: addressFrom("x") })] }).given).toBeUndefined();
    expect(later({ destructions: [destruction({ effect: "groupEmptied" })] }).given).toBeUndefined();
    expect(later({ destructions: [two], remembered: { ...given, generation: 2 } }).given).toBeUndefined();
    expect(later({ destructions: [two], annotation: "p0" }).given).toBeUndefined();
  });

  it("of an edit as a whole, for every step of it", () => {
    const rules: ConsentRule[] = [() => "defaultsChanged"];
    const edit = agreed({ rules, actions: [action("update")] });
    const step = { rules, actions: [action("update", { address: "elsewhere", id: "other" })] };
    const at = { annotation: edit.given?.digest, remembered: edit.given };
    expect(asked({ ...step, ...at }).given).toEqual(edit.given);
  });
});

describe("from round to round", () => {
  const planned = (actions: Action[], destructions: Destruction[] = []) => ({ actions, destructions });

  it("nothing is asked that was asked when the pass began", () => {
    const approval = asked({ rules: [adoption], actions: [action("update")] });
    const [, second] = [destruction(), destruction({ id: "new" })];
    const again = approvalInRound(approval, planned([action("update")]));
    expect(again).toEqual(approval);
    expect(approvalInRound(approval, planned([])).pending).toEqual(approval.pending);
    expect(approvalInRound(asked({ destructions: [second] }), planned([], [second])).destructions).toEqual([
      second,
    ]);
  });

  it("what shows only later is asked beside it, and the whole has another digest", () => {
    const approval = asked({ rules: [adoption], actions: [action("update")] });
    const more = approvalInRound(approval, planned([action("update")], [destruction()]));
    expect(more.needs).toEqual([
      ...approval.needs,
      { address: "g", id: "g", effect: "groupRemoved", verb: "delete" },
    ]);
    expect(more.destructions).toEqual([destruction()]);
    expect(more.pending?.digest).not.toBe(approval.pending?.digest);
  });

  it("what was agreed to does not cover it, unless it was agreed to before", () => {
    const approval = agreed({ rules: [adoption], actions: [action("update")] });
    expect(approvalInRound(approval, planned([action("update")])).given).toEqual(approval.given);
    const more = approvalInRound(approval, planned([action("update")], [destruction()]));
    expect([more.given, more.pending === undefined]).toEqual([undefined, false]);
    const both = agreed({ rules: [adoption], actions: [action("update")], destructions: [destruction()] });
    const question = { annotation: both.given?.digest, remembered: both.given };
    const first = asked({ rules: [adoption], actions: [action("update")], ...question });
    const second = approvalInRound(first, planned([action("update")], [destruction()]));
    expect(second.given?.digest).toBe(both.given?.digest);
    // Nothing was asked at first: what is remembered is of the question.
    const late = approvalInRound(asked({ ...question }), planned([], [destruction()]));
    expect(late.given).toEqual(both.given);
  });
});

describe("what waits for it", () => {
  const approval = asked({ rules: [onlyB], actions: [created("b")], destructions: [destruction()] });
  const held = (one: Action, of: Approval = approval) => isHeldForApproval(one, of);

  it("is what needs consent, and what is part of a destruction, and nothing else", () => {
    expect([created("b"), action("delete", { id: "g" }), action("update")].map((one) => held(one))).toEqual([
      ...[true, true, false],
    ]);
    const done = agreed({ rules: [onlyB], actions: [created("b")], destructions: [destruction()] });
    expect(held(created("b"), done)).toBe(false);
  });

  it("is held back in the plan, and told once, by what is more than our tags", () => {
    const actions = [action("update"), created("b")];
    const obstacles = [{ address: A, reason: "NotOurs", message: "m" }] as const;
    const plan = heldForApproval({ actions, obstacles }, approval);
    const { digest, message } = approval.pending!;
    expect(plan.actions).toEqual([
      actions[0],
      expect.objectContaining({ verb: "wait", until: [{ because: "approval", digest }], held: actions[1] }),
    ]);
    expect(plan.obstacles).toEqual([obstacles[0], { address: "g", reason: "ApprovalRequired", message }]);
    const tags = asked({ rules: [adoption], actions: [action("adopt"), created("b")] });
    expect(heldForApproval({ actions: [], obstacles: [] }, tags).obstacles[0]?.address).toBe("b");
    const only = asked({ rules: [adoption], actions: [action("adopt")] });
    expect(heldForApproval({ actions: [], obstacles: [] }, only).obstacles[0]?.address).toBe("a");
    const free = { actions, obstacles: [] };
    expect(heldForApproval(free, asked())).toBe(free);
  });

  it("is not written: fields of what stays, and what stands in for what is to come", () => {
    const standIns = [observed("s"), observed("x", { address: undefined })];
    const destructions = [destruction({ fields: [{ address: A, field: "x" }], standIns })];
    const waiting = asked({ destructions });
    const reason = { because: "approval", digest: waiting.pending?.digest };
    expect(holdsForApproval(waiting)).toEqual([
      { address: "a", field: "x", reason },
      { address: "s", reason },
    ]);
    expect(holdsForApproval(agreed({ destructions }))).toEqual([]);
  });
});

describe("a person has agreed", () => {
  const question = { rules: [onlyB], actions: [created("b")], destructions: [destruction()] };
  const approval = agreed(question);
  const removal = (id: string, verb = "delete") => action(verb, { id, address: addressFrom("z") });

  it("to what needed consent, and to what is part of it, and to nothing else", () => {
    expect(isAgreedTo(created("b"), approval)).toBe(true);
    expect(isAgreedTo(removal("g", "update"), approval)).toBe(true);
    expect(isAgreedTo(removal("z"), approval)).toBe(false);
    expect(isAgreedTo(created("b"), asked(question))).toBe(false);
    expect(isAgreedTo(removal("g"), asked(question))).toBe(false);
  });

  it("to what is left of it when that destroys nothing more", () => {
    const { given } = approval;
    const rest = asked({ remembered: given, annotation: given?.digest });
    expect(isAgreedTo(removal("g"), rest)).toBe(true);
    expect(isAgreedTo(removal("g", "update"), rest)).toBe(false);
    expect(isAgreedTo(removal("z"), rest)).toBe(false);
    expect(isAgreedTo(created("b"), rest)).toBe(false);
    expect(isAgreedTo(removal("g"), asked({ remembered: given, annotation: "p0" }))).toBe(false);
    const older = { ...given!, generation: 0 };
    expect(isAgreedTo(removal("g"), asked({ remembered: older, annotation: given?.digest }))).toBe(false);
  });

  it("to deletions that were agreed to, whatever destroys now", () => {
    const gone = { ...approval, destructions: [] };
    expect(isAgreedTo(removal("g"), gone)).toBe(true);
    expect(isAgreedTo(removal("g", "update"), gone)).toBe(false);
  });
});

describe("what follows from an edit", () => {
  const follows = (one: Action, fields: Record<string, Fields> = {}) =>
    followsFromEdit(one, new Map(Object.entries(fields) as [Address, Fields][]));
  const update = (desired: unknown) =>
    action("update", { differences: [{ field: "x", desired, observed: 9 }] });

  it("is what brings about another thing than what was applied", () => {
    expect(follows(update(2))).toBe(true);
    expect(follows(update(2), { a: { x: 1 } })).toBe(true);
    expect(follows(update(2), { a: { x: 2 } })).toBe(false);
    expect(follows(update(null), { a: {} })).toBe(false);
    expect(follows(update(null), { a: { x: 1 } })).toBe(true);
    const both = {
      differences: [...[1, 2].map((desired) => ({ field: `x${desired}`, desired, observed: 9 }))],
    };
    expect(follows(action("update", both), { a: { x1: 1, x2: 1 } })).toBe(true);
  });

  it("is what is made where nothing was applied, and what goes", () => {
    expect([follows(created("a")), follows(created("a"), { a: {} })]).toEqual([true, false]);
    expect([follows(action("delete")), follows(action("release"))]).toEqual([true, true]);
    const waits = (to: string) => action("wait", { to, until: [] });
    expect(["create", "update", "delete", "adopt"].map((to) => follows(waits(to)))).toEqual([
      ...[true, false, true, false],
    ]);
  });

  it("is an order that was not applied, of one rule or more; our tags are none", () => {
    const order = action("reorder", {
      field: "priority",
      moves: [
        { rule: addressFrom("r"), from: 1, to: 2 },
        { rule: addressFrom("s"), from: 2, to: 1 },
      ],
    });
    expect(follows(order)).toBe(true);
    expect(follows(order, { r: { priority: 2 }, s: { priority: 2 } })).toBe(true);
    expect(follows(order, { r: { priority: 2 }, s: { priority: 1 } })).toBe(false);
    expect(follows(action("adopt", { differences: [{ field: "x", desired: 1, observed: 2 }] }))).toBe(false);
  });
});
