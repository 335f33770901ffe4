import { describe, expect, it } from "vitest";
import { matched } from "../../../src/reconciler/core/current-and-surplus.ts";
import { desired, observed } from "./fixtures.ts";

describe("what is wanted beside what is there", () => {
  const twins = [observed("a", { id: "id-2" }), observed("a", { id: "id-1" }), observed("a", { id: "id-3" })];

  it("is found by kind and name, and by no other sign", () => {
    const there = [observed("x", { name: "name-of-a" }), observed("b", { kind: "alarm" })];
    const { current, surplus, nameConflicts } = matched([desired("a"), desired("b")], there);
    expect([...current].map(([address, { id }]) => [address, id])).toEqual([["a", "id-of-x"]]);
    expect(surplus.map(({ id }) => id)).toEqual(["id-of-b"]);
    expect(nameConflicts.size).toBe(0);
  });

  it("of several with one name the lowest id stays, in whatever order they are listed; the others are surplus", () => {
    for (const listed of [twins, twins.toReversed(), [twins[1]!, twins[0]!, twins[2]!]]) {
      const { current, surplus } = matched([desired("a")], listed);
      expect([...current.values()].map(({ id }) => id)).toEqual(["id-1"]);
      expect(surplus.map(({ id }) => id)).toEqual(["id-2", "id-3"]);
    }
  });

  it("what is somebody else's is in the way where its name is wanted, and nothing to us elsewhere", () => {
    const theirs = [observed("a", { owned: false }), observed("b", { owned: false })];
    const { current, surplus, nameConflicts } = matched([desired("a")], theirs);
    expect([current.size, surplus]).toEqual([0, []]);
    expect([...nameConflicts].map(([address, { id }]) => [address, id])).toEqual([["a", "id-of-a"]]);
  });

  it("what is only to be adopted is never surplus", () => {
    const { current, surplus } = matched(
      [desired("a")],
      twins.map((twin) => ({ ...twin, isToBeAdopted: true })),
    );
    expect([...current.values()].map(({ id }) => id)).toEqual(["id-1"]);
    expect(surplus).toEqual([]);
    expect(matched([], [observed("a", { isToBeAdopted: true })]).surplus).toEqual([]);
  });
});
