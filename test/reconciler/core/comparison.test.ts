import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { MadeResource } from "../../../src/ports.ts";
import { asCompared, recordsAsCompared } from "../../../src/reconciler/core/as-compared.ts";
import type { Mandate } from "../../../src/reconciler/core/belonging/mandate.ts";
import { type CompareInput, compare } from "../../../src/reconciler/core/compare.ts";
import { matched } from "../../../src/reconciler/core/current-and-surplus.ts";
import { movesTraffic } from "../../../src/reconciler/core/kind-rules.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, kindNamed, observation, observed, THING, thing, unreadable } from "./fixtures.ts";

const A = addressFrom("a");
const B = addressFrom("b");

function compared(
  wanted: readonly DesiredResource[],
  there: readonly ObservedResource[],
  more: Partial<CompareInput> = {},
) {
  return compare({
    ...{ kindNamed: () => thing(), desired: wanted, wanted, observation: observation(there) },
    ...{ matching: matched(wanted, there), applied: new Map() },
    ...more,
  });
}

describe("what is wanted beside what is there", () => {
  it("differs in what the spec asks for otherwise, and in what it has taken back", () => {
    const kind = thing({ defaultOf: (field) => (field === "size" ? 1 : undefined) });
    const [one] = compared(
      [desired("a", { fields: { port: 80 } })],
      [observed("a", { fields: { port: 81, size: 5 } })],
      { kindNamed: () => kind, applied: new Map([[A, { size: 5 }]]) },
    );
    expect(one?.differences).toEqual([
      { field: "port", desired: 80, observed: 81 },
      { field: "size", desired: 1, observed: 5 },
    ]);
    expect(one?.fields).toEqual({ port: 80 });
    expect(one).not.toHaveProperty("goal");
    expect(one).not.toHaveProperty("left");
  });

  it("is made with what it has at first; what is there is not compared by that", () => {
    const wanted = desired("a", { fields: { port: 80 }, initial: { size: 3 } });
    expect(compared([wanted], [])).toMatchObject([
      { observed: undefined, fields: { port: 80, size: 3 }, differences: [], immutable: [], waitsFor: [] },
    ]);
    expect(compared([wanted], [observed("a", { fields: { port: 80, size: 9 } })])).toMatchObject([
      { fields: { port: 80 }, differences: [] },
    ]);
  });

  it("waits for every sibling that it refers to and that is not there, once", () => {
    const wanted = desired("c", {
      fields: { a: refTo(A, "id"), again: [refTo(A, "id"), refTo(B, "id")], port: 80 },
    });
    const [one] = compared([wanted], []);
    expect(one?.fields).toEqual({ port: 80 });
    expect(one?.waitsFor).toEqual([
      { because: "sibling", address: "a" },
      { because: "sibling", address: "b" },
    ]);
  });

  it("is made after what must be there first, and where it is there does not wait for it", () => {
    const wanted = [desired("a"), desired("b", { after: [A, addressFrom("c")] })];
    const waits = (there: readonly ObservedResource[]) =>
      compared(wanted, there).find(({ desired: { address } }) => address === B)?.waitsFor;
    expect(waits([])).toEqual([
      { because: "sibling", address: "a" },
      { because: "sibling", address: "c" },
    ]);
    expect(waits([observed("a")])).toEqual([{ because: "sibling", address: "c" }]);
    expect(waits([observed("b")])).toEqual([]);
  });

  it("of what AWS is removing only the name is there", () => {
    const wanted = [desired("a", { fields: { port: 80 } }), desired("b", { fields: { a: refTo(A, "id") } })];
    expect(compared(wanted, [observed("a", { lifecycle: "deleting" }), observed("b")])).toMatchObject([
      { observed: undefined, differences: [], waitsFor: [{ because: "name taken", name: "name-of-a" }] },
      { differences: [], waitsFor: [{ because: "sibling", address: "a" }] },
    ]);
  });

  it("is not built upon what differs in what AWS cannot change, though that is only a step on the way", () => {
    const end = desired("a", { immutable: { port: 2 } });
    const wanted = [desired("a"), desired("b", { fields: { a: refTo(A, "id") } })];
    const there = [observed("a", { immutable: { port: 1 } })];
    const waits = (goal: DesiredResource) => compared(wanted, there, { desired: [goal] })[1]?.waitsFor;
    expect(waits(end)).toEqual([{ because: "sibling", address: "a" }]);
    expect(waits(desired("a", { immutable: { port: 1 } }))).toEqual([]);
    expect(compared([end], there)[0]?.immutable).toEqual([{ field: "port", desired: 2, observed: 1 }]);
  });

  it("does not refer to what means something else while the other one is still to be changed", () => {
    const wanted = [
      desired("a", { fields: { image: 2 } }),
      desired("b", { fields: { version: refTo(A, "version"), id: refTo(A, "id") } }),
    ];
    const kind = thing({ volatileAttributes: ["version"] });
    const fieldsOfB = (image: number, of = kind) =>
      compared(wanted, [observed("a", { fields: { image }, attributes: { id: "i", version: "7" } })], {
        kindNamed: () => of,
      })[1]?.fields;
    expect(fieldsOfB(1)).toEqual({ id: "i" });
    expect(fieldsOfB(2)).toEqual({ id: "i", version: "7" });
    expect(fieldsOfB(1, thing())).toEqual({ id: "i", version: "7" });
  });

  it("is told with where the way leads, where it is a step on it", () => {
    const end = desired("a", { fields: { weight: 100, b: refTo(B, "id") } });
    const step = desired("a", { fields: { weight: 50 } });
    const [one] = compared([step], [observed("a", { fields: { weight: 0 } })], { desired: [end] });
    expect([one?.fields, one?.goal]).toEqual([{ weight: 50 }, { weight: 100 }]);
  });

  it("is told with what is left to others", () => {
    const left = { field: "size", isReported: true, by: "rule", wanted: 1, live: 2 };
    const [one, other] = compared([desired("a"), desired("b")], [], { left: new Map([[A, [left]]]) });
    expect(one?.left).toEqual([left]);
    expect(other).not.toHaveProperty("left");
  });
});

describe("what could not be read", () => {
  const at = (kind: KindName) => desired(kind, { kind });
  /** A target group is traffic, an alarm none; a rule and a group move requests and instances. */
  const wanted = (["targetGroup", "rule", "autoScalingGroup", "alarm"] as const).map(at);
  const seenBeside = (more: Parameters<typeof observation>[1]) =>
    compared(wanted, [], { kindNamed, observation: observation([], more) }).map(
      ({ desired: { kind } }) => kind,
    );

  it("is not compared, and where it is traffic, nothing that moves traffic is", () => {
    const everything = wanted.map(({ kind }) => kind);
    expect(seenBeside({})).toEqual(everything);
    expect(seenBeside({ unreadable: [unreadable("targetGroup", "another")] })).toEqual([
      "targetGroup",
      "alarm",
    ]);
    expect(seenBeside({ unknownKinds: new Map([["listener", "it failed"]]) })).toEqual([
      "targetGroup",
      "alarm",
    ]);
    expect(seenBeside({ unreadable: [unreadable("targetGroup")] })).toEqual(["alarm"]);
  });

  it("and is no traffic holds nothing else up", () => {
    expect(seenBeside({ unknownKinds: new Map([["alarm", "it failed"]]) })).toEqual([
      "targetGroup",
      "rule",
      "autoScalingGroup",
    ]);
    expect(seenBeside({ unreadable: [unreadable("alarm", "another")] })).toHaveLength(4);
  });

  it("requests are moved by what forwards them, and instances by what registers them", () => {
    expect(movesTraffic(thing())).toBe(false);
    expect(movesTraffic(thing({ traits: { forwardField: "actions" } }))).toBe(true);
    expect(movesTraffic(thing({ traits: { registersIn: "targetGroups" } }))).toBe(true);
  });
});

const OWN = { "tags.holdfast.dev/owner": "o", "tags.holdfast.dev/resource": "a" };
const ALL: Fields = { ...OWN, "tags.team": "x", port: 80 };

function comparedAs(
  there: Partial<ObservedResource> | undefined,
  {
    isWhole,
    mandate,
    made = [],
    wanted = {},
  }: {
    isWhole?: true;
    mandate?: Mandate;
    made?: readonly MadeResource[];
    wanted?: Partial<DesiredResource>;
  } = {},
): Fields | undefined {
  const input = {
    kindNamed: () => thing(isWhole === undefined ? {} : { isWhole }),
    made,
    applied: new Map<Address, Fields>([[A, ALL]]),
    ...(mandate === undefined ? {} : { mandate }),
  };
  const want = [desired("a", { fields: ALL, ...wanted })];
  const matching = matched(want, there === undefined ? [] : [observed("a", there)]);
  const [one] = asCompared(input, matching, want);
  if (isWhole !== true) expect(recordsAsCompared(input, matching).get(A)).toEqual(one?.fields);
  return one?.fields;
}

const row = (more: Partial<MadeResource> = {}): MadeResource => ({
  ...{ kind: THING, id: "id-of-a", origin: "made", name: "name-of-a", address: A, sinceMs: 0, takesOver: [] },
  ...more,
});

describe("our tags", () => {
  const others = { "tags.team": "x", port: 80 };

  it("are compared on what is ours, and on what is to be made", () => {
    expect(comparedAs({})).toEqual(ALL);
    expect(comparedAs(undefined)).toEqual(ALL);
    expect(comparedAs(undefined, { mandate: "observe" })).toEqual(ALL);
    expect(comparedAs({}, { mandate: "manage" })).toEqual(ALL);
    expect(comparedAs({}, { mandate: "adopt" })).toEqual(ALL);
  });

  it("are not, on what is only observed, given back, or still to be adopted", () => {
    expect(comparedAs({}, { mandate: "observe" })).toEqual(others);
    expect(comparedAs({}, { mandate: "release" })).toEqual(others);
    expect(comparedAs({ isToBeAdopted: true }, { mandate: "adopt" })).toEqual(others);
    expect(comparedAs({ isToBeAdopted: true })).toEqual(others);
  });

  it("make nothing new of what is wanted where there is nothing to say of them: a step is told from its goal", () => {
    const want = [desired("a", { fields: ALL })];
    const input = { kindNamed: () => thing({ isWhole: true }), made: [], applied: new Map() };
    expect(asCompared(input, matched(want, [observed("a")]), want)[0]).toBe(want[0]);
  });

  it("nor is any tag on what is borrowed", () => {
    expect(comparedAs({ isBorrowed: true })).toEqual({ port: 80 });
  });
});

describe("members that the spec cannot hold, of what a call writes as a whole", () => {
  const there = { fields: { port: 1, "unknown.CpuCredits": "there" } };
  const asThere = { ...ALL, "unknown.CpuCredits": "there" };
  const asInherited = { ...ALL, "unknown.CpuCredits": "first" };
  const inherited = {
    members: { "unknown.CpuCredits": "first" },
    isFromSpec: true,
  } as unknown as NonNullable<MadeResource["inherited"]>;
  const isWhole = true;

  it("are wanted as they were when it was first seen, and by nothing that AWS has now", () => {
    expect(comparedAs(there, { isWhole, made: [row({ inherited })] })).toEqual(asInherited);
    expect(comparedAs(there, { isWhole, made: [row()] })).toEqual(ALL);
    expect(comparedAs(there, { isWhole })).toEqual(ALL);
    expect(comparedAs(there, { made: [row({ inherited })] })).toEqual(ALL);
  });

  it("are carried into what is made anew, at the address and under the name, and into nothing else", () => {
    const into = (more: Partial<MadeResource>) =>
      comparedAs(undefined, { isWhole, made: [row({ id: "gone", inherited, ...more })] });
    expect(into({})).toEqual(asInherited);
    expect(into({ address: B })).toEqual(ALL);
    expect(into({ name: "another" })).toEqual(ALL);
    expect(into({ kind: "alarm" })).toEqual(ALL);
  });

  it("are those of its own row, where another one has had its address", () => {
    const other = { members: { "unknown.CpuCredits": "other" } };
    const made = [row({ id: "gone", inherited: other }), row({ inherited })];
    expect(comparedAs(there, { isWhole, made })).toEqual(asInherited);
  });

  it("are as they are on what is adopted or borrowed", () => {
    const made = [row({ inherited })];
    expect(comparedAs({ ...there, isToBeAdopted: true }, { isWhole, mandate: "adopt", made })).toMatchObject({
      "unknown.CpuCredits": "there",
    });
    expect(comparedAs({ ...there, isBorrowed: true }, { isWhole, made })).toMatchObject({
      "unknown.CpuCredits": "there",
    });
    expect(
      comparedAs({ ...there, isToBeAdopted: true }, { isWhole, mandate: "observe", made }),
    ).toMatchObject({
      "unknown.CpuCredits": "first",
    });
    expect(comparedAs(there, { isWhole, mandate: "adopt", made })).toEqual(asInherited);
  });

  it("are as they are where the database is lost, on what may have been taken over as it is", () => {
    expect(comparedAs(there, { isWhole, wanted: { isPinned: true } })).toEqual(asThere);
    expect(comparedAs({ ...there, isToBeAdopted: true }, { isWhole, mandate: "observe" })).toMatchObject({
      "unknown.CpuCredits": "there",
    });
    expect(comparedAs(there, { isWhole, wanted: { isPinned: true }, made: [row()] })).toEqual(ALL);
    expect(comparedAs(undefined, { isWhole, wanted: { isPinned: true } })).toEqual(ALL);
  });

  it("give way to what the spec says of the field", () => {
    const says = { ...ALL, "unknown.CpuCredits": "spec" };
    expect(comparedAs(there, { isWhole, made: [row({ inherited })], wanted: { fields: says } })).toEqual(
      says,
    );
  });
});
