import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import type { Value } from "../../../src/model/value.ts";
import { CORRECT_ALL, type DriftPolicy, type DriftRules } from "../../../src/reconciler/core/drift-rules.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import {
  canBeLeft,
  type LeftInput,
  leftToOthers,
  withReferences,
} from "../../../src/reconciler/core/left-to-others.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { desired, observed, thing } from "./fixtures.ts";

const A = addressFrom("a");
const B = addressFrom("b");

/** One rule for everything; `Correct` with a rule, so that it is one. */
const all = (policy: DriftPolicy, field?: string): DriftRules => ({
  policy: "Correct",
  rules: [{ resource: "*", policy, ...(field === undefined ? {} : { field }) }],
});

function left(
  wanted: readonly DesiredResource[],
  there: readonly ObservedResource[],
  { kind = thing(), ...more }: Partial<LeftInput> & { kind?: KindRules } = {},
) {
  const current = new Map(there.map((one) => [one.address as Address, one]));
  return leftToOthers({
    ...{ kindNamed: () => kind, desired: wanted, current, applied: new Map(), records: new Map() },
    ...{ rules: CORRECT_ALL, isUnseen: () => false },
    ...more,
  });
}

/** One resource `a`, whose field `x` is wanted to be 1, was applied as 1, and is 9. */
function ofX(more: Parameters<typeof left>[2] = {}, there: Partial<ObservedResource> = {}) {
  const answer = left([desired("a", { fields: { x: 1 } })], [observed("a", { fields: { x: 9 }, ...there })], {
    applied: new Map([[A, { x: 1 }]]),
    ...more,
  });
  return { found: answer.left.get(A), wanted: answer.desired[0]?.fields };
}

describe("what is left to others", () => {
  it("is told with what was wanted and what is there, and is wanted as it is", () => {
    expect(ofX({ rules: all("Report") })).toEqual({
      found: [{ field: "x", isReported: true, by: "spec.drift.rules[0]", wanted: 1, live: 9 }],
      wanted: { x: 9 },
    });
    expect(ofX({ rules: all("Ignore") })).toEqual({
      found: [{ field: "x", isReported: false, by: "spec.drift.rules[0]", wanted: 1, live: 9 }],
      wanted: { x: 9 },
    });
    expect(ofX({ rules: { policy: "Report", rules: [] } }).found).toMatchObject([
      { by: "spec.drift.policy" },
    ]);
    expect(ofX({ rules: all("Correct") })).toEqual({ found: undefined, wanted: { x: 1 } });
    expect(ofX()).toEqual({ found: undefined, wanted: { x: 1 } });
  });

  it("is ignored also where it is as the spec asks for, and reported only where it is not", () => {
    const same = { fields: { x: 1 } };
    expect(ofX({ rules: all("Ignore") }, same).found).toMatchObject([{ field: "x", live: 1 }]);
    expect(ofX({ rules: all("Report") }, same).found).toBeUndefined();
  });

  it("lacks what AWS lacks", () => {
    expect(ofX({ rules: all("Report") }, { fields: {} }).wanted).toStrictEqual({});
    expect(ofX({ rules: all("Report") }, { fields: {} }).found).toMatchObject([{ live: undefined }]);
  });

  it("is what others have set up to be kept, though no rule says so; and nothing else of the resource", () => {
    const keptBy = { x: "scaling policy cpu" };
    expect(ofX({}, { keptBy }).found).toEqual([
      { field: "x", isReported: false, by: "scaling policy cpu", wanted: 1, live: 9 },
    ]);
    expect(ofX({}, { keptBy: { y: "somebody" } })).toEqual({ found: undefined, wanted: { x: 1 } });
    expect(ofX({}, { keptBy, fields: { x: 1 } }).found).toBeUndefined();
  });

  it("is not what the spec has moved: an edit is written, unless it is ignored", () => {
    const edited = { applied: new Map([[A, { x: 5 }]]) };
    expect(ofX({ ...edited, rules: all("Report") }).found).toBeUndefined();
    expect(ofX({ ...edited }, { keptBy: { x: "policy" } }).found).toBeUndefined();
    expect(ofX({ ...edited, rules: all("Ignore") }).found).toHaveLength(1);
  });

  it("is not what AWS has taken from us and no read has shown", () => {
    const asked: unknown[] = [];
    const isUnseen = (...of: unknown[]) => asked.push(of) > 0;
    expect(ofX({ rules: all("Report"), isUnseen }).found).toBeUndefined();
    expect(asked).toEqual([[A, "x", 1]]);
  });

  it("is what differs where nobody knows what was applied", () => {
    const lost = { applied: new Map(), rules: all("Report"), isUnseen: () => true };
    expect(ofX(lost).found).toMatchObject([{ field: "x", isReported: true }]);
  });

  it("is what the spec does not ask for and nobody has written, in what is the spec's as a whole", () => {
    const kind = thing({ isWhole: true });
    const there = [observed("a", { fields: { x: 1, y: 2 } })];
    const wanted = [desired("a", { fields: { x: 1 } })];
    const more = { kind, rules: all("Report"), applied: new Map([[A, { x: 1 }]]) };
    expect(left(wanted, there, more).left.get(A)).toEqual([
      { field: "y", isReported: true, by: "spec.drift.rules[0]", wanted: undefined, live: 2 },
    ]);
    // What the spec has asked for before was taken back by an edit of it.
    const before = { ...more, applied: new Map([[A, { x: 1, y: 2 }]]) };
    expect(left(wanted, there, before).left.get(A)).toBeUndefined();
  });

  it("is not what a person wants put right this once", () => {
    const asked: unknown[] = [];
    const isToBeCorrected = (...of: unknown[]) => asked.push(of) > 0;
    expect(ofX({ rules: all("Report"), isToBeCorrected }).found).toBeUndefined();
    expect(asked).toEqual([[A, "x"]]);
    expect(ofX({ rules: all("Report"), isToBeCorrected: () => false }).found).toHaveLength(1);
    // What others keep is theirs all the same.
    expect(ofX({ isToBeCorrected }, { keptBy: { x: "policy" } }).found).toHaveLength(1);
  });

  it("is known by the name that the spec gives a field, too", () => {
    const kind = thing({ inSpec: (field) => (field === "x" ? ["ex"] : []) });
    expect(ofX({ kind, rules: all("Ignore", "ex") }).found).toMatchObject([{ field: "x" }]);
    expect(ofX({ rules: all("Ignore", "ex") }).found).toBeUndefined();
  });

  it("is never our tags, nor what the next call of the whole would lose", () => {
    const kind = thing({ isLost: (field) => field === "lost" });
    const can = (field: string, of = kind) => canBeLeft(of, field);
    expect(
      ["tags.holdfast.dev/owner", "tags.holdfast.dev/resource", "lost"].map((field) => can(field)),
    ).toEqual([false, false, false]);
    expect(["tags.team", "x"].map((field) => can(field))).toEqual([true, true]);
    expect(can("lost", thing())).toBe(true);
    const lost = thing({ isLost: () => true });
    expect(ofX({ kind: lost, rules: all("Ignore") }).found).toBeUndefined();
  });

  it("keeps the secrets behind what is there, and those that the spec knows better", () => {
    const secretsOf = (secrets?: Record<string, string>, ofSpec?: Record<string, string>) =>
      left(
        [desired("a", { fields: { x: 1 }, ...(ofSpec === undefined ? {} : { secrets: ofSpec }) })],
        [observed("a", { fields: { x: 9 }, ...(secrets === undefined ? {} : { secrets }) })],
        { rules: all("Ignore") },
      ).desired[0];
    expect(secretsOf({ d1: "live", d2: "live" }, { d2: "spec" })?.secrets).toEqual({
      d1: "live",
      d2: "spec",
    });
    expect(secretsOf()).not.toHaveProperty("secrets");
  });

  it("waits for a sibling by itself: what it is to be is not known, and it is no difference", () => {
    const wanted = [desired("a", { fields: { x: refTo(B, "id") } })];
    const there = [observed("a", { fields: { x: "old" } })];
    const more = { applied: new Map([[A, { x: "old" }]]) };
    expect(left(wanted, there, { ...more, rules: all("Report") }).left.get(A)).toBeUndefined();
    expect(left(wanted, there, { ...more, rules: all("Ignore") }).left.get(A)).toMatchObject([
      { wanted: undefined, live: "old" },
    ]);
  });

  it("says what was wanted in AWS's terms", () => {
    const wanted = [desired("a", { fields: { x: refTo(B, "id") } }), desired("b")];
    const there = [observed("a", { fields: { x: "theirs" } }), observed("b")];
    const more = { rules: all("Report"), applied: new Map([[A, { x: "id-of-b" }]]) };
    expect(left(wanted, there, more).left.get(A)).toMatchObject([{ wanted: "id-of-b", live: "theirs" }]);
  });
});

describe("who has made it as it is", () => {
  const kind = thing({ authorField: "author" });
  const authored = (policy: DriftPolicy, field: string | undefined, live: Fields) =>
    left([desired("a", { fields: { x: 1, author: "us" } })], [observed("a", { fields: live })], {
      ...{ kind, rules: all(policy, field), applied: new Map([[A, { x: 1, author: "us" }]]) },
    }).left.get(A);

  it("is no difference where something of it is left to them", () => {
    expect(authored("Report", "x", { x: 9, author: "them" })).toEqual([
      { field: "x", isReported: true, by: "spec.drift.rules[0]", wanted: 1, live: 9 },
      { field: "author", isReported: false, by: "spec.drift.rules[0]", wanted: "us", live: "them" },
    ]);
  });

  it("is told once where a rule speaks of it, and not at all where nothing is left", () => {
    expect(authored("Report", undefined, { x: 9, author: "them" })?.map(({ field }) => field)).toEqual([
      "x",
      "author",
    ]);
    expect(authored("Report", "x", { x: 1, author: "them" })).toBeUndefined();
  });
});

describe("what is made anew", () => {
  const record = (fields: Fields, leftThere: Fields) => new Map([[A, { fields, left: leftThere }]]);
  const anew = (
    policy: DriftPolicy,
    records: LeftInput["records"],
    wanted: Partial<DesiredResource> = {},
    there: readonly ObservedResource[] = [],
  ) => {
    const want = [desired("a", { fields: { x: 1 }, ...wanted }), desired("b")];
    const answer = left(want, there, { rules: all(policy), records });
    return { found: answer.left.get(A), fields: answer.desired[0]?.fields };
  };

  it("has what its predecessor had, and says so", () => {
    expect(anew("Ignore", record({ x: 1 }, { x: 9 }))).toEqual({
      found: [{ field: "x", isReported: false, by: "spec.drift.rules[0]", wanted: 1, live: 9 }],
      fields: { x: 9 },
    });
    expect(anew("Report", record({ x: 1 }, { x: 9 })).found).toMatchObject([{ isReported: true }]);
    expect(anew("Ignore", new Map())).toEqual({ found: undefined, fields: { x: 1 } });
    expect(anew("Ignore", new Map([[A, { fields: { x: 1 } }]])).found).toBeUndefined();
  });

  it("also while AWS still removes that", () => {
    const leaving = [observed("a", { lifecycle: "deleting", fields: { x: 5 } })];
    expect(anew("Ignore", record({ x: 1 }, { x: 9 }), {}, leaving).fields).toEqual({ x: 9 });
  });

  it("has what the spec has never asked for", () => {
    expect(anew("Report", record({}, { y: 9 }))).toEqual({
      found: [{ field: "y", isReported: true, by: "spec.drift.rules[0]", wanted: undefined, live: 9 }],
      fields: { x: 1, y: 9 },
    });
  });

  it("has what the spec asks for where that has moved and drift is reported", () => {
    expect(anew("Report", record({ x: 0 }, { x: 9 }))).toEqual({ found: undefined, fields: { x: 1 } });
    expect(anew("Report", record({}, { x: 9 })).fields).toEqual({ x: 1 });
    expect(anew("Ignore", record({ x: 0 }, { x: 9 })).fields).toEqual({ x: 9 });
  });

  it("lacks what the spec has asked for and asks for no more, where drift is reported", () => {
    expect(anew("Report", record({ x: 1, y: 5 }, { y: 9 }))).toEqual({ found: undefined, fields: { x: 1 } });
    expect(anew("Ignore", record({ x: 1, y: 5 }, { y: 9 })).fields).toEqual({ x: 1, y: 9 });
  });

  it("a reference says something else each time, and has not moved by that", () => {
    const records = record({ x: "id-before" }, { x: "theirs" });
    const wanted = { fields: { x: refTo(B, "id") } };
    expect(anew("Report", records, wanted, [observed("b")]).fields).toEqual({ x: "theirs" });
    expect(anew("Report", records, wanted).fields).toEqual({ x: "theirs" });
  });

  it("has nothing that referred to what the spec no longer asks for", () => {
    expect(anew("Ignore", record({}, { x: refTo(B, "arn") })).found).toHaveLength(1);
    expect(
      anew("Ignore", record({}, { x: [refTo(B, "arn"), refTo(addressFrom("c"), "arn")] })).found,
    ).toBeUndefined();
  });

  it.each<[value: Value, isKnown: boolean]>([
    ["sha256:aa", false],
    ["sha256:bb", true],
    [["sha256:bb", "sha256:aa"], false],
    [{ deep: { er: "sha256:aa" } }, false],
    [{ deep: { er: "sha256:bb" } }, true],
    ["plain", true],
    [null, true],
    [5, true],
  ])("of a secret only the digest is remembered: %j is carried: %s", (value, isKnown) => {
    const { found } = anew("Ignore", record({}, { x: value }), { secrets: { "sha256:bb": "known" } });
    expect(found !== undefined).toBe(isKnown);
  });

  it("is called by what the spec calls a field, too", () => {
    const kind = thing({ inSpec: () => ["ex"] });
    const answer = left([desired("a", { fields: { x: 1 } })], [], {
      ...{ kind, rules: all("Ignore", "ex"), records: record({ x: 1 }, { x: 9 }) },
    });
    expect(answer.desired[0]?.fields).toEqual({ x: 9 });
  });
});

describe("what refers to what others have made", () => {
  const kind = thing({ authorField: "author", volatileAttributes: ["version"] });
  const template = (author: string) =>
    observed("t", { fields: { x: author === "us" ? 1 : 9, author }, attributes: { version: "7", id: "t" } });
  const T = addressFrom("t");
  const follows = (
    author: string,
    value: Value = refTo(T, "version"),
    group: Fields = { version: "6", size: 1 },
    more: Parameters<typeof left>[2] = {},
  ) => {
    const wanted = [
      desired("t", { fields: { x: 1, author: "us" } }),
      desired("g", { fields: { version: value, size: 1 } }),
    ];
    const answer = left(wanted, [template(author), observed("g", { fields: group })], {
      ...{ kind, rules: all("Report", "x"), applied: new Map([[T, { x: 1, author: "us" }]]) },
      ...more,
    });
    return { found: answer.left.get(addressFrom("g")), fields: answer.desired[1]?.fields };
  };

  it("keeps what it has, and says whose it is", () => {
    expect(follows("them")).toEqual({
      found: [
        { field: "version", isReported: false, by: "what others have made of t", wanted: "7", live: "6" },
      ],
      fields: { version: "6", size: 1 },
    });
  });

  it("is found wherever the reference stands", () => {
    const value = { list: [refTo(B, "id"), refTo(T, "version")] };
    expect(follows("them", value, { version: { list: ["b", "6"] } }).found).toHaveLength(1);
  });

  it.each<[what: string, ...Parameters<typeof follows>]>([
    ["it is ours", "us"],
    ["it refers to what does not change with it", "them", refTo(T, "id")],
    ["it refers to nothing", "them", "7"],
    ["it has none", "them", refTo(T, "version"), { size: 1 }],
    ["it has it already", "them", refTo(T, "version"), { version: "7", size: 1 }],
    ["nothing is left to them", "them", refTo(T, "version"), { version: "6" }, { rules: CORRECT_ALL }],
    [
      "nobody is its author",
      "them",
      refTo(T, "version"),
      { version: "6" },
      { kind: thing({ volatileAttributes: ["version"] }) },
    ],
    [
      "nothing of it changes with every write",
      "them",
      refTo(T, "version"),
      { version: "6" },
      { kind: thing({ authorField: "author" }) },
    ],
  ])("rolls out what it refers to where %s", (_, ...of) => {
    const { found, fields } = follows(...of);
    expect(found).toBeUndefined();
    expect(fields?.version).toEqual(of[1] ?? refTo(T, "version"));
  });

  it("keeps what else is left of it to others", () => {
    const { found } = follows(
      "them",
      refTo(T, "version"),
      { version: "6", size: 5 },
      {
        rules: {
          policy: "Correct",
          rules: [
            { resource: "t", policy: "Report", field: "x" },
            { resource: "g", field: "size", policy: "Ignore" },
          ],
        },
      },
    );
    expect(found?.map(({ field }) => field)).toEqual(["size", "author", "version"]);
  });

  it("is made anew with what is there then, for there is nothing to keep", () => {
    const wanted = [
      desired("t", { fields: { x: 1, author: "us" } }),
      desired("g", { fields: { version: refTo(T, "version") } }),
    ];
    const answer = left(wanted, [template("them")], {
      kind,
      rules: all("Report", "x"),
      applied: new Map([[T, { x: 1, author: "us" }]]),
    });
    expect(answer.desired[1]).toBe(wanted[1]);
  });
});

describe("what is remembered of a live value", () => {
  const there = new Map([
    [A, observed("a", { attributes: { arn: "arn:a" } })],
    [B, observed("b", { attributes: { arn: "arn:b", id: "b" } })],
  ]);

  it.each<[Value, Value]>([
    ["arn:b", refTo(B, "arn")],
    ["b", "b"],
    [
      ["arn:a", { deep: "arn:b" }],
      [refTo(A, "arn"), { deep: refTo(B, "arn") }],
    ],
    [null, null],
    [5, 5],
    [true, true],
  ])("%j is %j: siblings by reference, and all else as it is", (value, remembered) => {
    expect(withReferences(value, there)).toEqual(remembered);
  });
});
