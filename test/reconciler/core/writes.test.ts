import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Call, Doable, Update } from "../../../src/reconciler/core/actions.ts";
import type { Comparison } from "../../../src/reconciler/core/compare.ts";
import { immutableDiffers } from "../../../src/reconciler/core/immutable-fields.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import type { Difference } from "../../../src/reconciler/core/resource.ts";
import { writesOf } from "../../../src/reconciler/core/writes.ts";
import { desired, observed, THING, thing } from "./fixtures.ts";

const A = addressFrom("a");
const call = (operation: string) => ({ operation, input: {} }) as unknown as Call;
const subject = { address: A, kind: THING, name: "a", reason: "", id: "id-of-a" } as const;
const PORT: Difference = { field: "port", desired: 80, observed: 81 };
const SIZE: Difference = { field: "size", desired: 3, observed: 2 };
const update = (differences: readonly Difference[], more: Partial<Update> = {}): Update => ({
  ...{ ...subject, verb: "update", differences, calls: [] },
  ...more,
});
const comparison = (differences: readonly Difference[], more: Partial<Comparison> = {}): Comparison => ({
  ...{ desired: desired("a"), observed: observed("a"), fields: { port: 80, size: 3 } },
  ...{ differences, immutable: [], waitsFor: [] },
  ...more,
});
/** Each field is written by a call of its own. */
const perField = thing({ update: ({ differences }) => differences.map(({ field }) => call(`x:${field}`)) });
const writes = (kind: KindRules, action: Doable, of: Comparison | undefined, operation: string) =>
  writesOf(kind, action, of, call(operation)).map(({ address, isCreate, differences }) => [
    address,
    isCreate,
    differences,
  ]);

describe("what a call writes", () => {
  it("is, where it makes a resource, all its fields, of which there was none", () => {
    const create = { ...subject, verb: "create", calls: [call("x:Create")] } as const;
    expect(writes(thing(), create, comparison([]), "x:Create")).toEqual([
      [
        A,
        true,
        [
          { field: "port", desired: 80, observed: null },
          { field: "size", desired: 3, observed: null },
        ],
      ],
    ]);
    expect(writes(thing(), create, undefined, "x:Create")).toEqual([[A, true, []]]);
  });

  it("is of a change what that very call is for", () => {
    const of = comparison([PORT, SIZE]);
    expect(writes(perField, update([PORT, SIZE]), of, "x:port")).toEqual([[A, false, [PORT]]]);
    expect(writes(perField, update([PORT, SIZE]), of, "x:size")).toEqual([[A, false, [SIZE]]]);
    expect(writes(perField, update([PORT, SIZE]), of, "x:other")).toEqual([[A, false, []]]);
  });

  it("is what one of several calls brings, each of them", () => {
    const kind = thing({ update: () => [call("x:First"), call("x:Second")] });
    for (const operation of ["x:First", "x:Second"])
      expect(writes(kind, update([PORT]), comparison([PORT]), operation)).toEqual([[A, false, [PORT]]]);
  });

  it("is not what the change leaves for later, unless the call writes the whole", () => {
    const of = comparison([PORT, SIZE]);
    expect(writes(thing(), update([PORT]), of, "x:Modify")).toEqual([[A, false, [PORT]]]);
    expect(writes(thing({ isWhole: true }), update([PORT]), of, "x:Modify")).toEqual([
      [A, false, [PORT, SIZE]],
    ]);
  });

  it("is, where one resource becomes another, the making of that one", () => {
    const renames = update([PORT], { renames: true });
    expect(writes(perField, renames, comparison([]), "x:Become")).toEqual([[A, true, [PORT]]]);
  });

  it("is not known where nothing was compared, or nothing was there", () => {
    expect(writes(thing(), update([PORT]), undefined, "x:Modify")).toEqual([]);
    expect(writes(thing(), update([PORT]), comparison([PORT], { observed: undefined }), "x:Modify")).toEqual(
      [],
    );
  });

  it("is of an order the place of each rule that moves", () => {
    const rule = addressFrom("rules.api");
    const moves = [{ rule, arn: "arn", from: 1, to: 2 }];
    const reorder = {
      ...subject,
      verb: "reorder",
      field: "priority",
      moves,
      calls: [call("x")] as never,
    } as const;
    expect(writes(thing(), reorder, undefined, "x")).toEqual([
      [rule, false, [{ field: "priority", desired: 2, observed: 1 }]],
    ]);
  });

  it.each([
    { ...subject, verb: "adopt", differences: [PORT], calls: [] },
    { ...subject, verb: "delete", isLast: true, calls: [] },
    { ...subject, verb: "release", calls: [] },
  ] as const)("is nothing of the spec where it serves to $verb", (action) => {
    expect(writes(thing(), action, comparison([PORT]), "x:Modify")).toEqual([]);
  });
});

describe("what AWS cannot make of what is there", () => {
  const differs = (isPinned: boolean) =>
    immutableDiffers(desired("a", isPinned ? { isPinned } : {}), observed("a", { id: "arn:a" }), [
      PORT,
      SIZE,
    ]);

  it("is told with every field, and with both ways out", () => {
    expect(differs(true)).toEqual({
      address: "a",
      reason: "ImmutableDiffers",
      message:
        "arn:a has the name of a (name-of-a), and AWS cannot make of it what the spec asks for: port is 81, and the " +
        "spec asks for 80; size is 2, and the spec asks for 3. It is left alone, and nothing is made beside it. " +
        "Set the spec to what is there; or change or remove `name`, so that a replacement is made beside it.",
    });
  });

  it("has to be removed in AWS where its name is not the spec's to change", () => {
    expect(differs(false).message).toMatch(/; or remove it in AWS, so that it is made anew\.$/);
  });
});
