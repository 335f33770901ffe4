import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../../src/model/address.ts";
import type { KindName } from "../../../../src/model/kind-name.ts";
import type { Action } from "../../../../src/reconciler/core/actions.ts";
import type { Comparison } from "../../../../src/reconciler/core/compare.ts";
import {
  type Destruction,
  type DestructionInput,
  destructionsIn,
  isPartOf,
} from "../../../../src/reconciler/core/consent/destructive.ts";
import { holdsFrom } from "../../../../src/reconciler/core/holds.ts";
import type { KindRules } from "../../../../src/reconciler/core/kind-rules.ts";
import { refTo, setOf } from "../../../../src/reconciler/core/references.ts";
import type { DesiredResource, ObservedResource } from "../../../../src/reconciler/core/resource.ts";
import { desired, fleet, fleetInstance, hold, observed, thing } from "../fixtures.ts";

const DOOR = "door" as KindName;
const SET = "set" as KindName;
const GROUP = "group" as KindName;
const SENDER = "sender" as KindName;
const OTHER = "other" as KindName;
const TRAITS: Record<string, KindRules["traits"]> = {
  door: { isEntrance: true },
  set: { receivesRequests: true },
  group: { registersIn: "sets" },
  sender: { forwardField: "forward" },
};
const kindNamed = (name: KindName): KindRules =>
  thing({ name, traits: TRAITS[name] ?? {}, family: name === OTHER ? "alarms" : "traffic" });

interface Given extends Partial<Omit<DestructionInput, "matching">> {
  readonly surplus?: readonly ObservedResource[];
  /** What stays, where it stands. */
  readonly current?: readonly ObservedResource[];
}

function found({ surplus = [], current = [], ...more }: Given): Destruction[] {
  return destructionsIn({
    ...{ kindNamed, desired: [], comparisons: [], applied: new Map(), holds: holdsFrom([]) },
    resources: [...surplus, ...current],
    ...{ isSettled: false, isTakenOver: () => false, sendsTo: ({ refersTo }) => refersTo },
    matching: {
      current: new Map(current.map((one) => [one.address!, one])),
      ...{ surplus, nameConflicts: new Map() },
    },
    ...more,
  });
}

const door = observed("door", { kind: DOOR });
const group = (more: Partial<ObservedResource> = {}) =>
  observed("groups.g", { kind: GROUP, ...fleet({ instances: [fleetInstance("i")] }), ...more });
const set = observed("sets.s", { kind: SET });
const sender = (more: Partial<ObservedResource> = {}) =>
  observed("door.rules.r", { kind: SENDER, refersTo: ["id-of-sets.s"], ...more });

const ALONE = { fields: [], standIns: [], places: [] };
const compared = (wanted: DesiredResource, there?: ObservedResource): Comparison => ({
  ...{ desired: wanted, observed: there, fields: {}, differences: [], immutable: [], waitsFor: [] },
});

describe("a load balancer that goes", () => {
  const of = { address: "door", id: "id-of-door" };

  it("is removed where none is wanted in its place", () => {
    const removed = {
      effect: "loadBalancerRemoved",
      verb: "delete",
      ...of,
      ...ALONE,
      goes: new Set(["id-of-door"]),
    };
    expect(found({ surplus: [door] })).toEqual([removed]);
    expect(found({ surplus: [door], desired: [desired("door", { kind: SET })] })).toEqual([removed]);
    expect(found({ surplus: [door], desired: [desired("door2", { kind: DOOR })] })).toEqual([removed]);
  });

  it("is known by its id where it says no address", () => {
    expect(found({ surplus: [{ ...door, address: undefined }] })[0]?.address).toBe("id-of-door");
  });

  it("is replaced where one is, with what of its family is wanted again behind it", () => {
    const again = (address: string, kind: KindName) => observed(address, { kind, id: `old ${address}` });
    const along = again("sets.s", SET);
    const others = [again("sets.gone", SET), again("alarms.a", OTHER), again("sets.come", SET)];
    const wanted = [
      desired("door", { kind: DOOR }),
      desired("sets.s", { kind: SET }),
      desired("alarms.a", { kind: OTHER }),
      desired("sets.come", { kind: SET }),
      desired("sets.gone", { kind: SENDER }),
    ];
    const current = [observed("sets.come", { kind: SET, id: "new" })];
    const nowhere = observed("x", { kind: SET, id: "nowhere", address: undefined });
    const given = { surplus: [door, along, ...others, nowhere], current, desired: wanted };
    expect(found(given)).toEqual([
      {
        ...{ effect: "loadBalancerReplaced", verb: "replace", ...of, fields: [], standIns: [along] },
        goes: new Set(["id-of-door", "old sets.s"]),
        places: wanted.filter(({ kind }) => kind !== OTHER),
      },
    ]);
  });

  it("is not asked of while AWS removes it, nor of what goes with what it sits on", () => {
    expect(found({ surplus: [{ ...door, lifecycle: "deleting" }] })).toEqual([]);
    const child = { ...door, id: "child", parent: "id-of-door" };
    expect(found({ surplus: [door, child] }).map(({ id }) => id)).toEqual(["id-of-door"]);
    expect(found({ surplus: [child, observed("o", { kind: OTHER })] }).map(({ id }) => id)).toEqual([
      "child",
    ]);
  });
});

describe("a group that goes", () => {
  const of = { effect: "groupRemoved", verb: "delete", address: "groups.g", id: "id-of-groups.g" };
  const goes = new Set(["id-of-groups.g"]);

  it("takes its instances along; what is made where it stood, or takes over from it, belongs to that", () => {
    const heir = desired("groups.h", { kind: GROUP, takesOver: ["id-of-groups.g"] });
    const comparisons = [
      compared(heir),
      compared(desired("groups.there", { kind: GROUP, takesOver: ["id-of-groups.g"] }), group()),
      compared(desired("groups.of-another", { kind: GROUP, takesOver: ["another"] })),
      compared(desired("groups.of-none", { kind: GROUP })),
    ];
    const places = [{ kind: GROUP, address: "groups.g" }, heir];
    expect(found({ surplus: [group()], comparisons })).toEqual([{ ...of, ...ALONE, goes, places }]);
    const nowhere = found({ surplus: [group({ address: undefined })] });
    expect(nowhere).toEqual([{ ...of, ...ALONE, goes, address: "id-of-groups.g" }]);
  });

  it("destroys nothing where it has none, and is to have none", () => {
    expect(found({ surplus: [group(fleet())] })).toEqual([]);
    expect(found({ surplus: [group(fleet({ desiredCapacity: 1 }))] })).toHaveLength(1);
    expect(found({ surplus: [group(fleet({ instances: [fleetInstance("i")] }))] })).toHaveLength(1);
  });
});

describe("what serves requests and goes", () => {
  const of = { effect: "servingRemoved", verb: "delete", address: "sets.s", id: "id-of-sets.s" };

  it("is a target group that something of ours sends requests to, and what names it is not written before", () => {
    const filler = observed("groups.g", { kind: GROUP, refersTo: ["id-of-sets.s"] });
    const current = [
      ...[sender(), filler, observed("o", { kind: OTHER, refersTo: ["id-of-sets.s"] })],
      observed("door.rules.q", { kind: SENDER }),
    ];
    const fields = [
      { address: "door.rules.r", field: "forward" },
      { address: "groups.g", field: "sets" },
    ];
    const sendsTo: DestructionInput["sendsTo"] = ({ kind, refersTo }) => (kind === SENDER ? refersTo : []);
    expect(found({ surplus: [set], current, sendsTo })).toEqual([
      { ...of, ...ALONE, goes: new Set(["id-of-sets.s"]), fields },
    ]);
  });

  it("is none that nobody of ours sends requests to, or that another one takes over from", () => {
    expect(found({ surplus: [set], current: [sender({ owned: false })] })).toEqual([]);
    expect(found({ surplus: [set], current: [sender({ refersTo: [] })] })).toEqual([]);
    expect(found({ surplus: [set], current: [sender()], isTakenOver: (id) => id === set.id })).toEqual([]);
    expect(found({ surplus: [set], current: [sender()], isTakenOver: () => false })).toHaveLength(1);
  });

  it("is a listener: what sits on the load balancer, or forwards", () => {
    const rule = observed("door.rules.r", { kind: SENDER });
    const gone = [
      { ...of, address: "door.rules.r", id: "id-of-door.rules.r", ...ALONE, goes: new Set([rule.id]) },
    ];
    expect(found({ surplus: [{ ...rule, parent: "id-of-door" }], current: [door] })).toEqual(gone);
    expect(found({ surplus: [sender()] })).toEqual(gone);
    expect(found({ surplus: [rule], current: [door] })).toEqual([]);
    expect(found({ surplus: [{ ...rule, parent: "id-of-o" }], current: [door, observed("o")] })).toEqual([]);
    const bare = observed("o", { kind: OTHER, parent: "id-of-door", refersTo: ["id-of-sets.s"] });
    expect(found({ surplus: [bare], current: [door] })).toEqual([]);
  });
});

describe("a group that stays", () => {
  const difference = (field: string, wanted: number) => ({ field, desired: wanted, observed: 9 });
  const terminated: KindRules["terminated"] = ({ differences }) =>
    differences
      .filter(({ field }) => field !== "harmless")
      .map((one) => ({ difference: one, isAll: one.desired === 0 }));
  const rules = (name: KindName) => ({ ...kindNamed(name), ...(name === GROUP ? { terminated } : {}) });
  const wanted = desired("groups.g", { kind: GROUP });
  const differing = (given: Given, ...differences: ReturnType<typeof difference>[]) =>
    found({
      kindNamed: rules,
      comparisons: [{ ...compared(wanted, group()), differences }],
      ...given,
    });
  const at = { address: "groups.g", id: "id-of-groups.g", goes: new Set(), places: [], standIns: [] };
  const fields = (...names: string[]) => names.map((field) => ({ address: "groups.g", field }));
  const emptied = (...names: string[]) => ({
    effect: "groupEmptied",
    verb: "empty",
    ...at,
    fields: fields(...names),
  });
  const corrected = (...names: string[]) => ({
    ...{ effect: "instancesTerminated", verb: "correct", ...at, fields: fields(...names) },
  });
  const applied = new Map([[wanted.address, { max: 2 }]]);

  it("is emptied by an edit that leaves none, and may have fewer by one that leaves some", () => {
    expect(differing({}, difference("max", 0), difference("harmless", 0))).toEqual([emptied("max")]);
    expect(differing({}, difference("max", 2))).toEqual([]);
    expect(differing({ applied: new Map([[wanted.address, {}]]) }, difference("max", 2))).toEqual([]);
  });

  it("loses instances by a correction, all or some", () => {
    expect(differing({ applied }, difference("max", 2))).toEqual([corrected("max")]);
    expect(differing({ isSettled: true }, difference("max", 0))).toEqual([corrected("max")]);
    const both = [difference("min", 0), difference("max", 2)];
    expect(differing({ applied }, ...both)).toEqual([emptied("min"), corrected("max")]);
    expect(differing({ applied: new Map([[wanted.address, { max: 0 }]]) }, difference("max", 0))).toEqual([
      corrected("max"),
    ]);
  });

  it("loses nothing by what is held, was not seen, or whose kind knows of no instances", () => {
    const max = difference("max", 0);
    const holds = (...held: ReturnType<typeof hold>[]) => ({ holds: holdsFrom(held) });
    expect(differing(holds(hold("groups.g", "tried")), max)).toEqual([]);
    expect(differing(holds(hold("groups.g", "tried", "max")), max, difference("min", 0))).toEqual([
      emptied("min"),
    ]);
    const unseen = { ...compared(wanted), differences: [max] };
    expect(differing({ comparisons: [unseen] }, max)).toEqual([]);
    expect(differing({ kindNamed }, max)).toEqual([]);
  });
});

describe("a target group that stays and is filled by no group any more", () => {
  const filler = group({ refersTo: [set.id] });
  const fills = {
    desired: [
      desired("groups.g", { kind: GROUP, fields: { max: 1, sets: setOf([refTo(set.address!, "id")]) } }),
    ],
  };
  const of = { effect: "servingRemoved", verb: "empty", address: "sets.s", id: "id-of-sets.s" };

  it("is left without instances, and what fills it stays as it is before that", () => {
    expect(found({ current: [set, sender(), filler] })).toEqual([
      { ...of, ...ALONE, goes: new Set(), fields: [{ address: "groups.g", field: "sets" }] },
    ]);
    const others = { desired: [desired("o", { kind: OTHER, fields: { sets: refTo(set.address!, "id") } })] };
    expect(found({ current: [set, sender(), filler], ...others })).toHaveLength(1);
    const elsewhere = { desired: [desired("g", { kind: GROUP, fields: { x: refTo(set.address!, "id") } })] };
    expect(found({ current: [set, sender(), filler], ...elsewhere })).toHaveLength(1);
  });

  it.each<[string, Given]>([
    ["one that a group is to fill", { current: [set, sender(), filler], ...fills }],
    [
      "one of several that a group is to fill",
      { current: [set, sender(), filler], desired: [wanted(), ...fills.desired] },
    ],
    ["one that gets no requests", { current: [set, sender({ refersTo: [] }), filler], sendsTo: forwarded }],
    [
      "one that somebody else sends requests to",
      { current: [set, sender({ owned: false }), filler], sendsTo: forwarded },
    ],
    ["one that nothing fills now", { current: [set, sender(), group()] }],
    ["one whose group has no instances", { current: [set, sender(), { ...filler, ...fleet() }] }],
    [
      "one whose group is none",
      { current: [set, sender(), observed("groups.g", { kind: GROUP, refersTo: [set.id] })] },
    ],
    [
      "one that only forwarding refers to",
      { current: [set, sender(fleet({ instances: [fleetInstance("i")] }))] },
    ],
    ["of a service that corrects", { current: [set, sender(), filler], isSettled: true }],
    ["what is none", { current: [observed("sets.s", { kind: OTHER }), sender(), filler] }],
  ])("is not %s", (_what, given) => {
    expect(found(given)).toEqual([]);
  });

  function wanted() {
    return desired("groups.other", { kind: GROUP });
  }
  function forwarded({ kind, refersTo }: ObservedResource) {
    return kind === SENDER ? refersTo : [];
  }
});

describe("what belongs to a destruction", () => {
  const destruction = {
    goes: new Set(["gone"]),
    places: [{ kind: GROUP, address: addressFrom("groups.g") }],
  } as unknown as Destruction;
  const part = (action: object) => isPartOf({ kind: GROUP, ...action } as Action, destruction);

  it("is whatever is done to what goes", () => {
    expect(part({ verb: "delete", id: "gone", address: "surplus gone" })).toBe(true);
    expect(part({ verb: "update", id: "other", address: "groups.g" })).toBe(false);
    expect(part({ verb: "wait", to: "delete", id: "gone", address: "x" })).toBe(true);
    expect(part({ verb: "reorder", id: "gone", address: "x" })).toBe(true);
    expect(part({ verb: "create", id: "gone", address: "x" })).toBe(false);
  });

  it("is not what puts right what goes while it stands, nor when that waits", () => {
    for (const verb of ["update", "reorder"]) {
      const keeping = { verb, id: "gone", address: "surplus gone", keeps: true };
      expect(part(keeping)).toBe(false);
      expect(part({ ...keeping, verb: "wait", to: verb, held: keeping })).toBe(false);
      const plain = { ...keeping, keeps: undefined };
      expect(part({ ...plain, verb: "wait", to: verb, held: plain })).toBe(true);
    }
  });

  it("is what is done to what goes in every other way, whatever it says of itself", () => {
    expect(part({ verb: "delete", id: "gone", address: "surplus gone", keeps: true })).toBe(true);
  });

  it("is what is made in its place and below, also while that waits, and nothing else that waits there", () => {
    expect(part({ verb: "create", address: "groups.g" })).toBe(true);
    expect(part({ verb: "create", address: "groups.g", kind: SET })).toBe(false);
    expect(part({ verb: "create", address: "groups.g.template", kind: SET })).toBe(true);
    expect(part({ verb: "create", address: "groups.gg" })).toBe(false);
    expect(part({ verb: "wait", to: "create", address: "groups.g" })).toBe(true);
    expect(part({ verb: "wait", to: "create", address: "groups.h" })).toBe(false);
    expect(part({ verb: "wait", to: "update", address: "groups.g" })).toBe(false);
  });
});
