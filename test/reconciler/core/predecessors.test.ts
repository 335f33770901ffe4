/** What is to be replaced and still stands: what is remembered of it, and what of it is compared and put right. */
import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { AppliedResource, MadeResource } from "../../../src/ports.ts";
import type { DriftPolicy } from "../../../src/reconciler/core/drift-rules.ts";
import {
  isGivenUp,
  type Predecessor,
  type PredecessorsInput,
  predecessorsIn,
  withPredecessors,
} from "../../../src/reconciler/core/predecessors.ts";
import { joined, refTo } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, kindNamed, observation, observed, THING, thing } from "./fixtures.ts";

const A = addressFrom("a");
const B = addressFrom("b");
/** What stands at `a` is called by its id, for the place is its successor's. */
const OLD = addressFrom("surplus id-of-old");

/** Says yes, and puts what it was asked on a list. */
function yesTo(asked: unknown[]) {
  return (...question: unknown[]) => {
    asked.push(question);
    return true;
  };
}

/** What the spec asks for at `a`, under a new name. */
function successor(more: Partial<DesiredResource> = {}): DesiredResource {
  return desired("a", { name: "new", ...more });
}

/** What stands there under the old one. */
function standing(more: Partial<ObservedResource> = {}): ObservedResource {
  return observed("a", { id: "id-of-old", name: "old", ...more });
}

describe("what is remembered of what is to be replaced", () => {
  const row = (more: Partial<AppliedResource> = {}): AppliedResource => ({
    ...{ address: A, kind: THING, name: "old", id: "id-of-old" },
    ...{ fields: { x: 1 }, generation: 3, writtenAtMs: 7 },
    ...more,
  });
  const rowsOf = (...rows: readonly AppliedResource[]) => new Map(rows.map((one) => [one.address, one]));
  const OTHER = row({ address: B, id: "id-of-b" });

  it("has the address of its id, and whatever else is remembered stays", () => {
    const known = withPredecessors(rowsOf(row(), OTHER), [successor()], [standing()]);
    expect(known).toEqual(rowsOf(row(), OTHER, row({ address: OLD })));
  });

  it("stays as it is where that address has a record already", () => {
    const rows = rowsOf(row(), row({ address: OLD, fields: {} }));
    expect(withPredecessors(rows, [successor()], [standing()])).toEqual(rows);
  });

  it.each<[string, AppliedResource[], DesiredResource[], Partial<ObservedResource>]>([
    ["carries our tags no more", [row()], [successor()], { owned: false }],
    ["says of no place that it stands there", [row()], [successor()], { address: undefined }],
    ["stands where nothing is wanted any more", [row()], [], {}],
    ["stands where another kind is wanted", [row()], [successor({ kind: "alarm" })], {}],
    ["has the name that is wanted", [row()], [successor({ name: "old" })], {}],
    ["was never applied", [], [successor()], {}],
    ["is another kind than was applied there", [row({ kind: "alarm" })], [successor()], {}],
    ["has another id than what was applied there", [row({ id: "id-of-another" })], [successor()], {}],
    ["has another name than what was applied there", [row({ name: "older" })], [successor()], {}],
  ])("is nothing where it %s", (_, rows, wanted, more) => {
    expect(withPredecessors(rowsOf(...rows), wanted, [standing(more)])).toEqual(rowsOf(...rows));
  });

  it("is a record without fields once it is being removed", () => {
    expect(isGivenUp({})).toBe(true);
    expect(isGivenUp({ x: 1 })).toBe(false);
  });
});

interface World extends Partial<PredecessorsInput> {
  readonly wanted?: DesiredResource;
  readonly there?: ObservedResource;
  /** What was last applied to it. */
  readonly record?: Fields;
  readonly current?: readonly ObservedResource[];
  /** Ours as well, and not wanted. */
  readonly others?: readonly ObservedResource[];
}

function predecessors(world: World): Predecessor[] {
  const { wanted = successor(), there = standing(), record, current = [], others = [], ...more } = world;
  return predecessorsIn(
    {
      ...{ kindNamed, goal: "Converge", desired: [wanted], made: [] },
      observation: observation([there, ...current, ...others]),
      applied: new Map(record === undefined ? [] : [[OLD, record]]),
      ...more,
    },
    {
      current: new Map(current.map((one) => [addressFrom(String(one.address)), one])),
      surplus: [there, ...others],
      nameConflicts: new Map(),
    },
  );
}

/** The one that stands at `a`. */
function kept(world: World): Predecessor {
  const [one, ...others] = predecessors(world);
  expect(others).toEqual([]);
  return one!;
}

function made(id: string, more: Partial<MadeResource> = {}): MadeResource {
  return { kind: THING, id, origin: "made", name: id, address: B, sinceMs: 0, takesOver: [], ...more };
}

describe("what is to be replaced and still stands", () => {
  it("is compared with what was applied to it and is asked for as before, by its own id and name", () => {
    const wanted = successor({
      ...{ fields: { x: 1, port: 2 }, secrets: { wanted: "b" }, settings: { pace: 1 } },
      ...{ after: [B], initial: { size: 3 }, takesOver: ["id-of-c"], isPinned: true },
    });
    const there = standing({ fields: { x: 9, port: 1, y: 5 }, secrets: { read: "a" } });
    expect(kept({ wanted, there, record: { x: 1, port: 1 } })).toStrictEqual({
      desired: {
        ...{ address: OLD, kind: THING, name: "old", settings: { pace: 1 } },
        ...{ fields: { x: 1, port: 2, y: 5 }, secrets: { read: "a", wanted: "b" } },
      },
      ...{ observed: there, standsAt: A, fields: { x: 1 } },
      differences: [{ field: "x", desired: 1, observed: 9 }],
      ...{ immutable: [], waitsFor: [] },
    });
  });

  it.each<[string, World]>([
    ["is only observed", { mandate: "observe" }],
    ["is being adopted", { mandate: "adopt" }],
    ["is deleted with its service", { goal: "Delete" }],
    ["is retained without its service", { goal: "Retain" }],
    ["stands where nothing is wanted any more", { desired: [] }],
    ["says of no place that it stands there", { there: standing({ address: undefined }) }],
    ["stands where another kind is wanted", { wanted: successor({ kind: "alarm" }) }],
    ["has the name that is wanted, twice", { wanted: successor({ name: "old" }) }],
    ["is being removed by AWS", { there: standing({ lifecycle: "deleting" }) }],
    ["is being emptied by us", { record: {} }],
  ])("is not compared while it %s", (_, world) => {
    expect(predecessors(world)).toEqual([]);
  });

  it("is compared where the service is managed, whether or not anything is known of it", () => {
    expect(predecessors({ mandate: "manage" })).toHaveLength(1);
    expect(predecessors({ record: { x: 1 } })).toHaveLength(1);
  });

  it("is not compared on half a view of the traffic where it moves some", () => {
    const blind = { unknownKinds: new Map([["targetGroup" as KindName, "throttled"]]) };
    const of = (kind: KindName, isBlind: boolean) => {
      const there = standing({ kind });
      const seen = observation([there], isBlind ? blind : {});
      return predecessors({ wanted: successor({ kind }), there, observation: seen });
    };
    expect(of("listener", true)).toEqual([]);
    expect(of("listener", false)).toHaveLength(1);
    expect(of(THING, true)).toHaveLength(1);
  });

  it("is compared, with the database lost, in what AWS has as the spec asks for it", () => {
    const wanted = successor({ fields: { x: 1, port: 2 } });
    const { fields, differences } = kept({ wanted, there: standing({ fields: { x: 1, port: 1 } }) });
    expect(fields).toEqual({ x: 1 });
    expect(differences).toEqual([]);
  });

  it("loses nothing that only its successor is to lose", () => {
    const { differences } = kept({
      kindNamed: () => thing({ defaultOf: (field) => (field === "gone" ? 0 : undefined) }),
      wanted: successor({ fields: { x: 1 } }),
      there: standing({ fields: { x: 1, gone: 7 } }),
      record: { x: 1, gone: 1 },
    });
    expect(differences).toEqual([]);
  });

  it("keeps what only its successor is to have, and loses what nobody has asked for", () => {
    const { differences } = kept({
      kindNamed: () => thing({ isWhole: true }),
      wanted: successor({ fields: { x: 1, coming: 2 } }),
      there: standing({ fields: { x: 1, coming: 9, strange: 5 } }),
      record: { x: 1 },
    });
    expect(differences).toEqual([{ field: "strange", desired: null, observed: 5 }]);
  });

  it("keeps the members that it had when it was first seen, and not those of its successor", () => {
    const row = (id: string, value: number) =>
      made(id, { address: A, name: id.replace("id-of-", ""), inherited: { members: { Member: value } } });
    const { fields, differences } = kept({
      kindNamed: () => thing({ isWhole: true }),
      there: standing({ fields: { Member: 6 } }),
      made: [row("id-of-new", 4), row("id-of-old", 5)],
      record: { Member: 5 },
    });
    expect(fields).toEqual({ Member: 5 });
    expect(differences).toEqual([{ field: "Member", desired: 5, observed: 6 }]);
  });
});

describe("what it was told to refer to", () => {
  /** Which of its fields are kept, where it was told `told` and the spec asks for a reference to `b`. */
  function keptFields(told: string, world: World & { attribute?: string }): Fields {
    const { attribute = "arn", ...rest } = world;
    const wanted = successor({ fields: { to: refTo(B, attribute) } });
    return kept({ wanted, there: standing({ fields: { to: "elsewhere" } }), record: { to: told }, ...rest })
      .fields;
  }
  const at = (address: string, id: string, attributes: Record<string, string> = { arn: `arn-of-${id}` }) =>
    observed(address, { id, attributes });

  it("is the one that it names, of two at one address: itself replaced, or what takes over", () => {
    const both = { others: [at("b", "older")], current: [at("b", "newer")] };
    expect(keptFields("arn-of-older", both)).toEqual({ to: "arn-of-older" });
    expect(keptFields("arn-of-newer", both)).toEqual({ to: "arn-of-newer" });
  });

  it("is known by its row while no read shows it", () => {
    expect(keptFields("arn-of-b", { made: [made("arn-of-b")] })).toEqual({ to: "arn-of-b" });
  });

  it("is edited where the spec refers to another address", () => {
    const c = addressFrom("c");
    expect(keptFields("arn-of-c", { others: [at("c", "c")], current: [at("b", "b")] })).toEqual({});
    expect(keptFields("arn-of-c", { made: [made("arn-of-c", { address: c })] })).toEqual({});
  });

  it("is edited where it was told an ARN and is now asked for a name", () => {
    expect(keptFields("arn-of-b", { attribute: "name", made: [made("arn-of-b")] })).toEqual({});
  });

  it("is not what a read leaves out", () => {
    const both = { others: [at("b", "older", {})], current: [at("b", "newer", { name: "undefined-b" })] };
    expect(keptFields("undefined-b", { attribute: "name", ...both })).toEqual({ to: "undefined-b" });
  });

  it("may be a part of a text", () => {
    const wanted = successor({ fields: { to: joined(["http://", refTo(B, "name")]) } });
    const current = [at("b", "b", { name: "web" })];
    expect(keptFields("http://web", { wanted, current })).toEqual({ to: "http://web" });
  });

  it("is nothing where it is not there yet and nothing was told", () => {
    const wanted = successor({ fields: { to: refTo(B, "arn") } });
    expect(kept({ wanted })).toStrictEqual({
      desired: { address: OLD, kind: THING, name: "old", fields: { to: refTo(B, "arn") }, secrets: {} },
      ...{ observed: standing(), standsAt: A, fields: {} },
      ...{ differences: [], immutable: [], waitsFor: [] },
    });
  });
});

describe("what the spec leaves to others of what is to be replaced", () => {
  /** Somebody has made 9 of the 1 that was applied, and the spec says `policy` of it. */
  function edited(policy: DriftPolicy, drift: Partial<NonNullable<PredecessorsInput["drift"]>> = {}) {
    return kept({
      wanted: successor({ fields: { x: 1 } }),
      there: standing({ fields: { x: 9 } }),
      record: { x: 1 },
      drift: {
        rules: { policy: "Correct", rules: [{ resource: "a", field: "x", policy }] },
        isUnseen: () => false,
        ...drift,
      },
    });
  }
  const LEFT = { field: "x", by: "spec.drift.rules[0]", wanted: 1, live: 9 };
  const DIFFERENT = { fields: { x: 1 }, differences: [{ field: "x", desired: 1, observed: 9 }] };

  it.each([
    ["Ignore", false],
    ["Report", true],
  ] as const)("is wanted as it is: %s", (policy, isReported) => {
    const { left, fields, differences, desired: asked } = edited(policy);
    expect(left).toEqual([{ ...LEFT, isReported }]);
    expect({ fields, differences, asked: asked.fields }).toEqual({
      ...{ fields: { x: 9 }, differences: [], asked: { x: 9 } },
    });
  });

  it("is nothing under Correct", () => {
    expect(edited("Correct")).toMatchObject(DIFFERENT);
    expect(edited("Correct")).not.toHaveProperty("left");
  });

  it("is put right once a person asks for it, by the place in the spec", () => {
    const asked: unknown[] = [];
    expect(edited("Report", { isAsked: yesTo(asked) })).toMatchObject(DIFFERENT);
    expect(asked).toEqual([[A, { change: "Modified", field: "x" }]]);
    expect(edited("Report", { isAsked: () => false }).left).toHaveLength(1);
  });

  it("is nothing that only waits for a read to show our own write, which is remembered by its id", () => {
    const unseen: unknown[] = [];
    expect(edited("Report", { isUnseen: yesTo(unseen) })).toMatchObject(DIFFERENT);
    expect(unseen).toEqual([[OLD, "x", 1]]);
  });
});
