import { describe, expect, it } from "vitest";
import { sharing } from "../../../src/simulator/cloudwatch/sharing.ts";

interface Group {
  name: string;
  instances: { id: string; state: string }[];
}
const groups = (state: string): Group[] => [
  { name: "a", instances: [{ id: "i-1", state: "InService" }] },
  { name: "b", instances: [{ id: "i-2", state }] },
];

describe("what is looked at again", () => {
  it("is the same object while nothing in it has changed", () => {
    const before = { groups: groups("InService"), readings: new Map([["i-1", { cpu: 3 }]]) };
    const now = { groups: groups("InService"), readings: new Map([["i-1", { cpu: 3 }]]) };
    expect(sharing(before, now)).toBe(before);
  });

  it("says what is now, and shares what is as before", () => {
    const before = groups("Pending");
    const now = groups("InService");
    const shared = sharing(before, now);
    expect(shared).toEqual(now);
    expect(shared[0]).toBe(before[0]);
    expect(before).toEqual(groups("Pending"));
  });

  it.each([
    ["a longer list", [1, 2], [1, 2, 3]],
    ["a shorter list", [1, 2, 3], [1, 2]],
    ["a member that is gone", { a: 1, b: undefined }, { a: 1 }],
    ["a member that is new and holds nothing", { a: 1 }, { a: 1, b: undefined }],
    ["a list for an object", { 0: 1 }, [1]],
    ["an object for a list", [1], { 0: 1 }],
    ["an entry of a map that is gone", new Map([["a", 1]]), new Map()],
    ["another value in a map", new Map([["a", { of: 1 }]]), new Map([["a", { of: 2 }]])],
    ["nothing before", undefined, { a: [1] }],
    ["null now", { a: 1 }, null],
  ])("takes %s for what it is", (_case, before: unknown, now: unknown) => {
    expect(sharing(before, now)).toStrictEqual(now);
  });
});
