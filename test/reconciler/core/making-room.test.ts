import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { Action, Call, Create } from "../../../src/reconciler/core/actions.ts";
import type { Comparison } from "../../../src/reconciler/core/compare.ts";
import { type Hold, type HoldReason, holdsFrom } from "../../../src/reconciler/core/holds.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import { type RoomInput, withRoom } from "../../../src/reconciler/core/making-room.ts";
import { ASSUMED_QUOTAS } from "../../../src/reconciler/core/quotas.ts";
import type { Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, hold, observation, observed, targetSet, thing, unreadable } from "./fixtures.ts";

/** Rules of one load balancer, where AWS has place for two; target groups are the Region's. */
const RULE = "rule" as KindName;
const TARGET_GROUP = "targetGroup" as KindName;
const door = observed("door", { kind: "loadBalancer", id: "door" });
const listener = observed("door.listeners.443", { kind: "listener", id: "listener", parent: "door" });
const rule = (id: string, more: Partial<ObservedResource> = {}) =>
  observed(`door.listeners.443.rules.${id}`, { kind: RULE, id, name: id, parent: "listener", ...more });
const at = (name: string) => addressFrom(`door.listeners.443.rules.${name}`);

const addressAt = (kind: KindName, name: string) =>
  kind === RULE ? at(name) : addressFrom(`targetGroups.${name}`);

const FULL = "AWS's quota of 2 rules per load balancer (assumed) is full";

interface Given {
  readonly surplus: readonly ObservedResource[];
  /** Name → the fields that are wanted of a rule that is to be made. */
  readonly make: Readonly<Record<string, Fields>>;
  readonly kind?: KindName;
  readonly others?: readonly ObservedResource[];
  readonly rules?: Partial<KindRules>;
  readonly refused?: Readonly<Record<string, string>>;
  readonly holds?: readonly Hold[];
  readonly input?: Partial<RoomInput>;
  readonly actions?: readonly Action[];
}

function input({ surplus, make, kind = RULE, others = [], ...given }: Given): [RoomInput, Action[]] {
  const kindNamed = (name: KindName) =>
    thing({
      name,
      ...(name === RULE ? { quota: "rules" as const } : {}),
      ...(name === TARGET_GROUP ? { quota: "targetGroups" as const } : {}),
      ...given.rules,
    });
  const wanted = Object.entries(make).map(([name, fields]) => ({
    address: name.includes(".") ? addressFrom(name) : addressAt(kind, name),
    name,
    fields,
  }));
  const comparisons = wanted.map(
    ({ address, name, fields }): Comparison => ({
      desired: desired(address, { kind, name, fields }),
      ...{ observed: undefined, fields, differences: [], immutable: [], waitsFor: [] },
    }),
  );
  const creations = wanted.map(
    ({ address, name }): Create => ({
      ...{ verb: "create", address, kind, name, reason: "why", calls: [call("x:Create", { name })] },
    }),
  );
  const current = new Map([
    [addressFrom("door"), door],
    [addressFrom("door.listeners.443"), listener],
  ]);
  return [
    {
      kindNamed,
      matching: { current, surplus, nameConflicts: new Map() },
      observation: observation([door, listener, ...surplus, ...others]),
      comparisons,
      holds: holdsFrom(given.holds ?? []),
      quotas: { ...ASSUMED_QUOTAS, rules: { most: 2, isAssumed: true } },
      refused: new Map(Object.entries(given.refused ?? {}).map(([name, code]) => [address(name), code])),
      isListShort: false,
      handover: () => [],
      ...given.input,
    },
    [...(given.actions ?? creations)],
  ];
  function address(name: string): Address {
    return wanted.find((one) => one.name === name)?.address ?? addressFrom(name);
  }
}

function call(operation: string, given: object): Call {
  return { operation, input: given } as unknown as Call;
}

/** What becomes of each action, in short. */
function found(given: Given): string[] {
  const room = withRoom(...input(given));
  const texts = room.actions.map((action) => {
    const name = action.verb === "delete" ? action.id : action.name;
    return action.verb === "update" ? `${action.id} becomes ${name}` : `${action.verb} ${name}`;
  });
  return [...texts, ...[...room.given].map((id) => `given ${id}`)];
}

const two = [rule("x"), rule("y")];
const MADE = ["create new"];

describe("where AWS has no place for what is wanted", () => {
  it("what is not wanted goes first, and what is wanted waits for that", () => {
    const room = withRoom(...input({ surplus: two, make: { new: {} } }));
    expect(room.given).toEqual(new Set(["x"]));
    expect(room.actions).toEqual([
      {
        ...{ verb: "wait", to: "create", address: at("new"), kind: RULE, name: "new", reason: "why" },
        ...{ differences: [], until: [{ because: "no room", quota: FULL }] },
      },
      {
        ...{ verb: "delete", address: "surplus x", kind: RULE, name: "x", id: "x", isLast: true },
        ...{
          reason: `${FULL}: it makes room for ${at("new")} first`,
          calls: [call("x:Delete", { id: "x" })],
        },
      },
    ]);
  });

  it("and only there: what has a place is made before anything goes", () => {
    expect(found({ surplus: [rule("x")], make: { new: {} } })).toEqual(MADE);
    expect(found({ surplus: [rule("x")], make: { new: {}, next: {} } })).toEqual([
      ...["create new", "wait next", "delete x", "given x"],
    ]);
    // More are there than may be, since somebody else has made some.
    const crowd = [rule("a"), rule("b"), rule("c"), rule("d")].map((one) => ({ ...one, owned: false }));
    expect(found({ surplus: [rule("x")], make: { new: {} }, others: crowd })).toContain("wait new");
  });

  it("what is below another root does not count, and does not go", () => {
    const far = observed("far", { kind: "listener", id: "far", parent: "another-door" });
    const distant = [rule("p", { parent: "far" }), rule("q", { parent: "far" })];
    expect(found({ surplus: [rule("x"), ...distant], make: { new: {} }, others: [far] })).toEqual(MADE);
    const here = [rule("a"), rule("b")].map((one) => ({ ...one, owned: false }));
    expect(found({ surplus: distant, make: { new: {} }, others: [far, ...here] })).toEqual(MADE);
  });

  it("what is made below another root takes no place here", () => {
    const elsewhere = { "door.listeners.80.rules.far": {}, new: {} };
    const far = observed("door.listeners.80", { kind: "listener", id: "far" });
    const current = new Map([
      [addressFrom("door.listeners.80"), far],
      [addressFrom("door.listeners.443"), { ...listener, parent: "listener" }],
    ]);
    const rules = [rule("x", { parent: "top" }), rule("y", { parent: "top" })];
    const top = observed("door.listeners.443", { kind: "listener", id: "top" });
    const matching = {
      current: new Map([...current, [addressFrom("door.listeners.443"), top]]),
      ...{ surplus: rules, nameConflicts: new Map() },
    };
    expect(found({ surplus: rules, make: elsewhere, others: [far, top], input: { matching } })).toEqual([
      ...["create door.listeners.80.rules.far", "wait new", "delete x", "given x"],
    ]);
  });

  it("what is of another kind does not count, and does not go", () => {
    const alarms = [rule("p", { kind: "alarm" }), rule("q", { kind: "alarm" })];
    expect(found({ surplus: [rule("x"), ...alarms], make: { new: {} } })).toEqual(MADE);
    expect(found({ surplus: [...alarms, ...two], make: { new: {} } })).toContain("delete x");
  });

  it("each that goes makes room for one", () => {
    expect(found({ surplus: two, make: { a: {}, b: {}, c: {} } })).toEqual([
      ...["wait a", "wait b", "create c", "delete x", "delete y", "given x", "given y"],
    ]);
  });

  it("what sends no requests to anybody goes first", () => {
    const targets = observed("tg", { kind: TARGET_GROUP, id: "tg", ...targetSet() });
    const sender = rule("x", { refersTo: ["tg"] });
    const others = [targets];
    expect(found({ surplus: [sender, rule("y")], make: { new: {} }, others })).toContain("delete y");
    const elsewhere = rule("x", { refersTo: ["door"] });
    expect(found({ surplus: [elsewhere, rule("y")], make: { new: {} }, others })).toContain("delete x");
    const both = [rule("x", { refersTo: ["door", "tg"] }), rule("y")];
    expect(found({ surplus: both, make: { new: {} }, others })).toContain("delete y");
  });

  it("what AWS removes already, or was tried a moment ago, does not go for it", () => {
    const leaving = [rule("x", { lifecycle: "deleting" }), rule("y", { lifecycle: "deleting" })];
    expect(found({ surplus: leaving, make: { new: {} } })).toEqual(MADE);
    const holds = [hold("surplus x", "tried")];
    expect(found({ surplus: two, make: { new: {} }, holds })).toContain("delete y");
  });

  it("nothing goes while AWS is at work on it, and what is wanted waits", () => {
    const rules = { remove: () => ({ calls: [], isLast: false }) };
    expect(found({ surplus: two, make: { new: {} }, rules })).toEqual(["wait new"]);
  });

  it("nobody's deletion is forced for it", () => {
    const seen: boolean[] = [];
    const remove: KindRules["remove"] = (_observed, isForced) => {
      seen.push(isForced);
      return { calls: [], isLast: false };
    };
    found({ surplus: two, make: { new: {} }, rules: { remove } });
    expect(seen).toEqual([false]);
  });

  it("nothing goes where not everything was read: it may be wanted, or used", () => {
    const unread = observation([door, listener, ...two], { unreadable: [unreadable(RULE)] });
    expect(found({ surplus: two, make: { new: {} }, input: { observation: unread } })).toEqual(MADE);
    const unlisted = observation([door, listener, ...two], { unknownKinds: new Map([[RULE, "failed"]]) });
    expect(found({ surplus: two, make: { new: {} }, input: { observation: unlisted } })).toEqual(MADE);
    expect(found({ surplus: two, make: { new: {} }, input: { isListShort: true } })).toEqual(MADE);
  });

  it("nothing goes for what sits on what is not there, and for what AWS has no quota of", () => {
    const current = new Map<Address, ObservedResource>();
    const matching = { current, surplus: two, nameConflicts: new Map() };
    expect(found({ surplus: two, make: { new: {} }, input: { matching } })).toEqual(MADE);
    expect(found({ surplus: two, make: { new: {} }, kind: "alarm", rules: {} })).toEqual(MADE);
  });

  it("what stays, changes or waits anyhow is left as it is", () => {
    const [, made] = input({ surplus: [], make: { new: {} } });
    const update = { ...made[0]!, verb: "update", id: "i", differences: [] } as unknown as Action;
    const wait = { ...made[0]!, verb: "wait", to: "create", differences: [], until: [] } as unknown as Action;
    for (const action of [update, wait]) {
      const room = withRoom(...input({ surplus: two, make: { new: {} }, actions: [action] }));
      expect(room).toEqual({ actions: [action], given: new Set() });
    }
  });
});

describe("where AWS has refused to make it, whatever the numbers say", () => {
  it("room is made, although it is not planned in this round", () => {
    const refused = { new: "TooManyRules" };
    expect(found({ surplus: [rule("x")], make: { new: {} }, refused, actions: [] })).toEqual([
      ...["delete x", "given x"],
    ]);
    expect(found({ surplus: [rule("x")], make: { new: {} }, refused })).toEqual([
      ...["wait new", "delete x", "given x"],
    ]);
  });

  it("there is no place for the others of it either", () => {
    const refused = { a: "TooManyRules" };
    const quotas = { ...ASSUMED_QUOTAS, rules: { most: 9, isAssumed: true } };
    expect(
      found({ surplus: [rule("x"), rule("y")], make: { a: {}, b: {} }, refused, input: { quotas } }),
    ).toEqual([...["wait a", "wait b", "delete x", "delete y", "given x", "given y"]]);
  });

  it("for another reason, nothing is made of it", () => {
    const refused = { new: "TooManyListeners" };
    expect(found({ surplus: [rule("x")], make: { new: {} }, refused })).toEqual(MADE);
    expect(found({ surplus: [rule("x")], make: { new: {} }, refused: { other: "TooManyRules" } })).toEqual(
      MADE,
    );
  });
});

describe("what AWS allows so many of in a Region", () => {
  const idle = observed("targetGroups.old", { kind: TARGET_GROUP, id: "old", name: "old" });
  const given = { surplus: [idle], make: { new: {} }, kind: TARGET_GROUP };
  const refused = { new: "TooManyTargetGroups" };

  it("is not counted: AWS's refusal alone says that it is full", () => {
    const quotas = { ...ASSUMED_QUOTAS, targetGroups: { most: 0, isAssumed: true } };
    expect(found({ ...given, input: { quotas } })).toEqual(MADE);
    expect(found({ ...given, refused })).toEqual(["wait new", "delete old", "given old"]);
  });

  it("goes for want of room only where nobody uses it, and nobody is to take over from it", () => {
    const user = (more: Partial<ObservedResource>) => [observed("user", { refersTo: ["old"], ...more })];
    expect(found({ ...given, refused, others: user({}) })).toEqual(MADE);
    expect(found({ ...given, refused, others: user({ parent: "old" }) })).toContain("delete old");
    expect(found({ ...given, refused, others: user({ refersTo: ["else"] }) })).toContain("delete old");
    expect(found({ ...given, surplus: [{ ...idle, refersTo: ["old"] }], refused })).toContain("delete old");
    const handover = (id: string): HoldReason[] => (id === "old" ? [{ because: "tried" }] : []);
    expect(found({ ...given, refused, input: { handover } })).toEqual(MADE);
  });
});

describe("what AWS can turn into what is wanted", () => {
  /** It can change what a rule has under `to`, and nothing that has `no`. */
  const become: KindRules["become"] = ({ observed: there, differences }) =>
    there.fields.no === true ? undefined : differences.map(({ field }) => call("x:Modify", { field }));

  it("becomes it, with the fewest changes, and nothing goes", () => {
    const surplus = [rule("x", { fields: { a: 1, b: 1 } }), rule("y", { fields: { a: 2, b: 1 } })];
    const wanted = { a: 2, b: 2, "tags.t": "1" };
    const room = withRoom(...input({ surplus, make: { new: wanted }, rules: { become } }));
    expect(room.given).toEqual(new Set(["y"]));
    expect(room.actions).toEqual([
      {
        ...{ verb: "update", address: at("new"), kind: RULE, name: "new", id: "y", renames: true },
        reason: `${FULL}: y becomes it`,
        differences: [{ field: "b", desired: 2, observed: 1 }],
        calls: [call("x:Modify", { field: "b" })],
      },
    ]);
  });

  it("is told what is wanted, without the tags and what is only used when it is made", () => {
    const seen: unknown[] = [];
    const rules: Partial<KindRules> = {
      become: ({ desired: wanted, fields, differences }) => {
        seen.push([wanted.name, fields, differences.map(({ field }) => field)]);
        return undefined;
      },
    };
    const [given, actions] = input({ surplus: two, make: { new: { a: 1, "tags.t": "1" } }, rules });
    const comparisons = given.comparisons.map((one) => ({ ...one, fields: { ...one.fields, initial: 7 } }));
    withRoom({ ...given, comparisons }, actions);
    expect(seen[0]).toEqual(["new", { a: 1, "tags.t": "1", initial: 7 }, ["a"]]);
  });

  it("goes where AWS cannot, or would have nothing to do", () => {
    const cannot = [rule("x", { fields: { no: true } }), rule("y", { fields: { no: true } })];
    expect(found({ surplus: cannot, make: { new: { a: 1 } }, rules: { become } })).toContain("delete x");
    const same = [rule("x", { fields: { a: 1 } }), rule("y", { fields: { a: 1 } })];
    expect(found({ surplus: same, make: { new: { a: 1 } }, rules: { become } })).toContain("delete x");
  });

  it("is not taken twice", () => {
    const surplus = [rule("x", { fields: { a: 1 } }), rule("y", { fields: { a: 1, no: true } })];
    expect(found({ surplus, make: { p: { a: 2 }, q: { a: 3 } }, rules: { become } })).toEqual([
      ...["x becomes p", "wait q", "delete y", "given x", "given y"],
    ]);
  });

  it("becomes it although it was refused, and is not planned in this round", () => {
    const given = { surplus: [rule("x", { fields: { a: 1 } })], make: { new: { a: 2 } }, rules: { become } };
    expect(found({ ...given, refused: { new: "TooManyRules" }, actions: [] })).toEqual([
      ...["x becomes new", "given x"],
    ]);
  });
});

describe("what AWS does not take beside another one of the same parent", () => {
  const rules: Partial<KindRules> = {
    excludedBy: ({ type }, other) => (type === other.fields.type ? "AWS takes one of a type" : undefined),
  };
  const first = rule("x", { fields: { type: "t" } });
  const make = { new: { type: "t" } };

  it("waits for that to go, where it is not wanted", () => {
    const top = observed("group", { kind: "autoScalingGroup", id: "listener" });
    const current = new Map([[addressFrom("door.listeners.443"), top]]);
    const matching = { current, surplus: [first], nameConflicts: new Map() };
    const room = withRoom(...input({ surplus: [first], make, rules, input: { matching } }));
    expect(room.given).toEqual(new Set(["x"]));
    expect(room.actions).toMatchObject([
      { verb: "wait", name: "new", until: [{ because: "no room", quota: "AWS takes one of a type" }] },
      { verb: "delete", id: "x", reason: `AWS takes one of a type: it makes room for ${at("new")} first` },
    ]);
    const found1 = (more: Partial<Given>) =>
      found({ surplus: [first], make, rules, input: { matching }, ...more });
    expect(found1({})).toEqual(["wait new", "delete x", "given x"]);
    expect(found1({ make: { new: { type: "other" } } })).toEqual(MADE);
    expect(found1({ rules: {} })).toEqual(MADE);
    expect(found1({ holds: [hold("surplus x", "tried")] })).toEqual(MADE);
    const idle = { ...rules, remove: () => ({ calls: [], isLast: false }) };
    expect(found1({ rules: idle })).toEqual(MADE);
    const of = (one: ObservedResource) => ({ input: { matching: { ...matching, surplus: [one] } } });
    expect(found1(of({ ...first, kind: "alarm" }))).toEqual(MADE);
    expect(found1(of({ ...first, parent: "else" }))).toEqual(MADE);
    // One that goes makes room for one.
    expect(found1({ make: { new: { type: "t" }, next: { type: "t" } } })).toEqual([
      ...["wait new", "create next", "delete x", "given x"],
    ]);
  });
});
