import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { Action } from "../../../src/reconciler/core/actions.ts";
import { consequencesOf, type Known } from "../../../src/reconciler/core/consequences.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { fleet, observed, THING, targetSet, thing } from "./fixtures.ts";

const GROUP = "group" as KindName;
const A = addressFrom("a");

function known(
  resources: readonly ObservedResource[],
  more: Partial<KindRules> = {},
  surplus: readonly ObservedResource[] = [],
): Known {
  const kindNamed = (name: KindName) =>
    name === GROUP
      ? thing({ name, title: "group", traits: { registersIn: "targetGroups" }, ...more })
      : thing({ name, ...more });
  return { kindNamed, resources, matching: { current: new Map(), surplus, nameConflicts: new Map() } };
}

const of = (verb: string, more: object = {}) =>
  ({
    ...{ verb, address: A, kind: THING, name: "n", id: "id-of-a", reason: "", calls: [] },
    ...{ differences: [], isLast: true, moves: [], field: "x" },
    ...more,
  }) as unknown as Action;

const says = (given: Known, action: Action) =>
  consequencesOf(given, action).map(({ effect, says: text }) => `${effect}: ${text}`);

const KINDS_OWN = { consequences: () => [{ effect: "interrupts" as const, says: "of its own" }] };

describe("a create", () => {
  it("takes the place of what stood at its address under another name, and of nothing else", () => {
    const surplus = [
      observed("a", { name: "old" }),
      observed("b", { name: "elsewhere" }),
      observed("a", { name: "other-kind", kind: "alarm" }),
    ];
    const replaces = ["replaces: it takes the place of thing old, which AWS cannot change in place"];
    expect(says(known([], {}, surplus), of("create", { id: undefined }))).toEqual(replaces);
    expect(says(known([], {}, surplus), of("wait", { to: "create", until: [] }))).toEqual(replaces);
    expect(says(known([], {}, []), of("create"))).toEqual([]);
  });
});

describe("an update", () => {
  it("has the consequences that its kind knows, of what it differs in", () => {
    const seen: unknown[] = [];
    const given = known([observed("a")], {
      consequences: (what) => {
        seen.push([what.observed.id, what.differences]);
        return KINDS_OWN.consequences();
      },
    });
    const differences = [{ field: "x", desired: 2, observed: 1 }];
    expect(says(given, of("update", { differences }))).toEqual(["interrupts: of its own"]);
    expect(seen).toEqual([["id-of-a", differences]]);
    expect(says(known([observed("a")]), of("update"))).toEqual([]);
  });

  it("of something that was not seen has none", () => {
    expect(says(known([observed("b")], KINDS_OWN), of("update"))).toEqual([]);
    expect(says(known([observed("b")], KINDS_OWN), of("delete"))).toEqual([]);
  });

  it("by which one resource becomes another one ends the one that it was", () => {
    const given = known([observed("a", { name: "was" })]);
    expect(says(given, of("update", { renames: true }))).toEqual([
      "replaces: thing was becomes it, and is what it was no more",
    ]);
    expect(says(given, of("wait", { to: "update", until: [], renames: true }))).toEqual([]);
  });

  it("drains what a group fills no more, for as long as that takes", () => {
    const [one, two] = ["one", "two"].map((name) => observed(name, { name, ...targetSet() }));
    const resources = [
      one!,
      two!,
      observed("bare", { id: "bare" }),
      observed("a", { kind: GROUP, ...fleet() }),
    ];
    const change = (before: unknown, desired: unknown, field = "targetGroups") =>
      of("update", { kind: GROUP, differences: [{ field, desired, observed: before }] });
    const drains = (within: string) =>
      `interrupts: its instances are drained from thing one: what is open there has to end${within}, and is cut then`;
    const ids = ["id-of-one", "id-of-two", "bare"];
    expect(says(known(resources), change(ids, ["id-of-two"]))).toEqual([drains("")]);
    expect(says(known(resources), change(ids, ids))).toEqual([]);
    expect(says(known(resources), change(ids, [], "other"))).toEqual([]);
    expect(says(known(resources), change(null, ids))).toEqual([]);
    expect(says(known(resources), change([{ id: "id-of-one" }], []))).toEqual([]);
    const waits = { traits: { registersIn: "targetGroups", drainSeconds: () => 300 } };
    expect(says(known(resources, waits), change(["id-of-one"], null))).toEqual([drains(" within 300 s")]);
  });
});

describe("a deletion", () => {
  it("takes along whatever sits on it, and what sits on that", () => {
    const resources = [
      observed("a"),
      observed("b", { name: "b", parent: "id-of-a" }),
      observed("d", { name: "d", parent: "id-of-c" }),
      observed("c", { name: "c", parent: "id-of-b" }),
      observed("e", { name: "e", parent: "elsewhere" }),
    ];
    expect(says(known(resources), of("delete"))).toEqual([
      "cannotUndo: what sits on it goes with it: thing b, thing c, thing d",
    ]);
    expect(says(known(resources, KINDS_OWN), of("delete"))[0]).toBe("interrupts: of its own");
    expect(says(known([observed("a")], KINDS_OWN), of("delete"))).toEqual(["interrupts: of its own"]);
  });

  it("names five of what goes along, in order, and counts the rest", () => {
    const children = ["7", "6", "5", "4", "3", "2"].map((name) =>
      observed(name, { name, parent: "id-of-a" }),
    );
    expect(says(known([observed("a"), ...children]), of("delete"))).toEqual([
      "cannotUndo: what sits on it goes with it: thing 2, thing 3, thing 4, thing 5, thing 6 and 1 more",
    ]);
  });

  it("of what stands alone has the consequences that its kind knows", () => {
    const removed: unknown[] = [];
    const given = known([observed("a", { parent: "id-of-a" })], {
      consequences: ({ differences }) => {
        removed.push(differences);
        return [];
      },
    });
    expect(says(given, of("delete"))).toEqual([]);
    expect(removed).toEqual(["removed"]);
    expect(says(known([observed("a")]), of("delete"))).toEqual([]);
  });
});

it.each(["adopt", "release", "reorder"])("to %s has no consequences", (verb) => {
  expect(says(known([observed("a")], KINDS_OWN), of(verb))).toEqual([]);
});
