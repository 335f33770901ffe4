import { describe, expect, it } from "vitest";
import { type Address, addressFrom, parentOf } from "../../../src/model/address.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import { withRenames } from "../../../src/reconciler/core/renames.ts";
import type { DesiredResource, Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, observed, THING, thing } from "./fixtures.ts";

const kindNamed = () => thing({ traits: { recognisedBy: ["conditions", "priority"] } });
const wanted = (name: string, fields: Fields) => desired(`door.rules.${name}`, { name, fields });
const there = (name: string, fields: Fields, more: Partial<ObservedResource> = {}) =>
  observed(`door.rules.${name}`, { id: name, name, fields, parent: "id-of-door", ...more });
const row = (id: string, name: string, kind = THING) => ({
  ...{ kind, id, address: addressFrom(`door.rules.${name}`) },
});

/** Which surplus one each wanted resource is taken to be, and what stays surplus. */
function renamed(
  rules: readonly DesiredResource[],
  surplus: readonly ObservedResource[],
  made: readonly ReturnType<typeof row>[] = [],
  more: { current?: ReadonlyMap<Address, ObservedResource>; kindNamed?: () => ReturnType<typeof thing> } = {},
) {
  const current = more.current ?? new Map([[addressFrom("door"), observed("door")]]);
  const nameConflicts = new Map([[addressFrom("c"), observed("c")]]);
  const found = withRenames({ current, surplus, nameConflicts }, rules, more.kindNamed ?? kindNamed, made);
  expect(found.nameConflicts).toBe(nameConflicts);
  expect(found.current.size + found.surplus.length).toBe(current.size + surplus.length);
  return {
    current: [...found.current]
      .filter(([, { id }]) => id !== "id-of-door")
      .map(([at, { id }]) => `${at} ${id}`),
    surplus: found.surplus.map(({ id }) => id),
    found,
  };
}

describe("what AWS knows no name of is known under a new one", () => {
  it("by the surest of its fields, and has the new place and name then", () => {
    const old = [there("x", { conditions: "c", priority: 1 }), there("y", { conditions: "d", priority: 2 })];
    const { current, surplus, found } = renamed([wanted("new", { conditions: "d", priority: 9 })], old);
    expect(current).toEqual(["door.rules.new y"]);
    expect(surplus).toEqual(["x"]);
    const address = addressFrom("door.rules.new");
    expect(found.current.get(address)).toEqual({ ...old[1], address, name: "new" });
    expect(parentOf(address)).toBe("door");
  });

  it("for all of them by the surest first, so that none takes what another one is known by", () => {
    const old = [there("x", { conditions: "c", priority: 1 })];
    const rules = [
      wanted("a", { conditions: "z", priority: 1 }),
      wanted("b", { conditions: "c", priority: 7 }),
    ];
    expect(renamed(rules, old)).toMatchObject({ current: ["door.rules.b x"], surplus: [] });
    expect(renamed(rules.slice(0, 1), old)).toMatchObject({ current: ["door.rules.a x"], surplus: [] });
  });

  it("each surplus one once", () => {
    const rules = [wanted("a", { conditions: "c" }), wanted("b", { conditions: "c" })];
    expect(renamed(rules, [there("x", { conditions: "c" })])).toMatchObject({
      ...{ current: ["door.rules.a x"], surplus: [] },
    });
  });

  it("only among its own kind, and what sits on the same", () => {
    const rules = [wanted("a", { conditions: "c" })];
    const nothing = { current: [] };
    expect(renamed(rules, [there("x", { conditions: "c" }, { kind: "alarm" })])).toMatchObject(nothing);
    expect(renamed(rules, [there("x", { conditions: "c" }, { parent: "other" })])).toMatchObject(nothing);
    const nowhere = { current: new Map<Address, ObservedResource>() };
    expect(renamed(rules, [there("x", { conditions: "c" })], [], nowhere)).toMatchObject(nothing);
    const { parent: _none, ...free } = there("x", { conditions: "c" });
    expect(renamed(rules, [free], [], nowhere)).toMatchObject(nothing);
  });

  it("not while it has one, not by a field that it lacks, nor by what is still to come", () => {
    const old = [there("x", { conditions: "c" })];
    const current = new Map([
      [addressFrom("door"), observed("door")],
      [addressFrom("door.rules.a"), there("a", {})],
    ]);
    expect(renamed([wanted("a", { conditions: "c" })], old, [], { current }).surplus).toEqual(["x"]);
    expect(renamed([wanted("a", {})], [there("x", {})]).surplus).toEqual(["x"]);
    const waiting = { conditions: refTo(addressFrom("b"), "id") };
    expect(renamed([wanted("a", waiting)], [there("x", {}), ...old]).surplus).toEqual(["x", "x"]);
    const named = { kindNamed: () => thing() };
    expect(renamed([wanted("a", { conditions: "c" })], old, [], named).surplus).toEqual(["x"]);
  });
});

describe("what was taken for it before", () => {
  it("stays it, whatever is wanted of it meanwhile", () => {
    const old = [there("x", { conditions: "c" }), there("y", { conditions: "d" })];
    const rules = [wanted("a", { conditions: "d" })];
    expect(renamed(rules, old, [row("x", "a")])).toMatchObject({
      current: ["door.rules.a x"],
      surplus: ["y"],
    });
    // Rows of another address, and of another kind, say nothing of it.
    const others = [row("x", "b"), row("x", "a", "alarm" as typeof THING)];
    expect(renamed(rules, old, others)).toMatchObject({ current: ["door.rules.a y"], surplus: ["x"] });
  });

  it("may be there where no list shows it, or be one of two: then nothing else is taken for it", () => {
    const old = [there("x", { conditions: "c" })];
    const rules = [wanted("a", { conditions: "c" })];
    expect(renamed(rules, old, [row("gone", "a")])).toMatchObject({ current: [], surplus: ["x"] });
    expect(renamed(rules, old, [row("x", "a"), row("gone", "a")])).toMatchObject({ current: [] });
  });
});

it("where nothing is wanted that has no name, nothing is renamed", () => {
  expect(renamed([], [there("x", { conditions: "c" })]).surplus).toEqual(["x"]);
});
