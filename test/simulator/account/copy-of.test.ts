import { describe, expect, it } from "vitest";
import { copyOf } from "../../../src/simulator/account/copy-of.ts";

describe("a copy of a call's input", () => {
  it("equals it and shares nothing with it", () => {
    const input = () => ({
      Name: "web",
      Since: new Date(0),
      Bytes: new Uint8Array([1, 2]),
      Nothing: undefined,
      Tags: [{ Key: "a", Value: null }],
    });
    const original = input();
    const copy = copyOf(original);
    expect(copy).toStrictEqual(input());
    original.Tags.push({ Key: "b", Value: null });
    original.Since.setTime(1);
    original.Bytes[0] = 9;
    expect(copy).toStrictEqual(input());
  });

  it("keeps a member of any name as a member", () => {
    const input: object = JSON.parse('{ "__proto__": { "polluted": {} } }');
    const copy = copyOf(input);
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect("polluted" in copy).toBe(false);
  });
});
