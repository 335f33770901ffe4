import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../../src/model/address.ts";
import {
  falseClaims,
  falseClaimText,
  keyOf,
  type OwnershipInput,
  withOwnership,
} from "../../../../src/reconciler/core/belonging/ownership.ts";
import type { ObservedResource } from "../../../../src/reconciler/core/resource.ts";
import { desired, kindNamed, observation, observed, THING } from "../fixtures.ts";

const OURS = { claim: { isNamedByUs: true } };
/** It carries our tag, and nobody knows it. */
const CLAIMS = { claim: { isNamedByUs: false } };
const row = (id: string, origin: "made" | "adopted" | "observed", sinceMs = 0, at = "a") => ({
  ...{ kind: THING, id, address: addressFrom(at), origin, sinceMs },
});

function belonging(resources: readonly ObservedResource[], more: Partial<OwnershipInput> = {}) {
  const given = resources.map((one) => ({ ...one, owned: false }));
  return withOwnership({
    ...{ kindNamed, observation: observation(given), desired: [], made: [], isObserved: false },
    isSettling: (ms) => ms > 0,
    ...more,
  }).resources;
}

/** What stands out of it: its id, and what it is. */
const told = (...given: Parameters<typeof belonging>) =>
  belonging(...given).map(({ id, owned, isToBeAdopted, isTagAwaited }) =>
    [id, owned ? "ours" : "", isToBeAdopted ? "adopt" : "", isTagAwaited ? "awaited" : ""]
      .filter((word) => word !== "")
      .join(" "),
  );

describe("ours is what carries our tag, and beside that", () => {
  const claims = observed("a", { id: "i", ...CLAIMS });

  it("a name that only we give, or that the spec asks for, or a row that says so", () => {
    expect(told([claims])).toEqual(["i"]);
    expect(told([{ ...claims, ...OURS }])).toEqual(["i ours"]);
    expect(told([claims], { desired: [desired("a")] })).toEqual(["i ours"]);
    expect(told([claims], { desired: [desired("b")] })).toEqual(["i"]);
    expect(told([claims], { desired: [desired("a", { kind: "alarm" })] })).toEqual(["i"]);
    expect(told([claims], { made: [row("i", "made")] })).toEqual(["i ours"]);
    expect(told([claims], { made: [row("j", "made")] })).toEqual(["i"]);
    expect(told([claims], { made: [{ ...row("i", "made"), kind: "alarm" }] })).toEqual(["i"]);
    expect(told([claims], { made: [row("i", "observed")] })).toEqual(["i"]);
  });

  it("nothing without the tag, whatever a row or a name says", () => {
    const bare = observed("a", { id: "i" });
    expect(told([bare], { made: [row("i", "made")], desired: [desired("a")] })).toEqual(["i"]);
  });

  it("of what sits on another one, that this is ours, or could not be read", () => {
    const child = observed("c", { id: "c", parent: "p", ...OURS });
    expect(told([child])).toEqual(["c ours"]);
    expect(told([child, observed("p", { id: "p", ...OURS })])).toEqual(["c ours", "p ours"]);
    expect(told([child, observed("p", { id: "p", ...CLAIMS })])).toEqual(["c", "p"]);
    expect(told([child, observed("p", { id: "p" })], { made: [row("c", "made")] })).toEqual(["c ours", "p"]);
  });

  it("of two that look the same, that it is the one that is known to us", () => {
    const twins = [
      observed("c", { id: "1", parent: "p", ...OURS }),
      observed("c", { id: "2", parent: "p", ...OURS }),
    ];
    expect(told(twins)).toEqual(["1 ours", "2 ours"]);
    expect(told(twins, { made: [row("2", "made")] })).toEqual(["1", "2 ours"]);
    // One that has lost its tag takes no name.
    const { claim: _lost, ...bare } = twins[1]!;
    expect(told([twins[0]!, bare], { made: [row("2", "made")] })).toEqual(["1 ours", "2"]);
    const named = [observed("c", { id: "1", ...OURS }), observed("c", { id: "2", ...OURS })];
    expect(told(named, { made: [row("2", "made")] })).toEqual(["1 ours", "2 ours"]);
  });

  it("what is borrowed, as long as it is wanted, with no tag at all", () => {
    const borrowed = observed("a", { id: "i", isBorrowed: true });
    expect(told([borrowed], { desired: [desired("a")] })).toEqual(["i ours"]);
    expect(told([{ ...borrowed, ...OURS }], { desired: [desired("b")] })).toEqual(["i"]);
  });
});

describe("what was seen while the service was observed", () => {
  const bare = observed("x", { id: "i", name: "name-of-a", address: undefined });
  const given = { desired: [desired("a")], made: [row("i", "observed")] };

  it("is compared like ours where it is meant, and only to be adopted", () => {
    expect(belonging([bare], given)).toEqual([{ ...bare, address: "a", owned: true, isToBeAdopted: true }]);
    expect(told([bare], { desired: [desired("a")] })).toEqual(["i"]);
    expect(told([bare], { ...given, desired: [desired("b")] })).toEqual(["i"]);
    expect(
      told([bare, observed("b", { id: "j" })], { ...given, desired: [desired("a"), desired("b")] }),
    ).toEqual([...["i ours adopt", "j"]]);
  });

  it("is ours, and nothing more, once it carries our tag", () => {
    expect(told([{ ...bare, ...OURS }], given)).toEqual(["i ours"]);
  });
});

describe("what was adopted a moment ago", () => {
  const bare = observed("x", { id: "i", name: "name-of-a", address: undefined });

  it("is ours although a read shows no tag yet, and that is waited for", () => {
    const made = [row("i", "adopted", 1)];
    expect(belonging([bare], { desired: [desired("a")], made })).toEqual([
      { ...bare, address: "a", owned: true, isToBeAdopted: true, isTagAwaited: true },
    ]);
    expect(belonging([bare], { made })).toEqual([
      { ...bare, owned: true, isToBeAdopted: true, isTagAwaited: true },
    ]);
    expect(told([{ ...bare, ...OURS }], { made })).toEqual(["i ours"]);
  });

  it("is not, when reads cannot be that old any more, and what was made never is", () => {
    expect(told([bare], { made: [row("i", "adopted", 0)] })).toEqual(["i"]);
    expect(told([bare], { made: [row("i", "made", 1)] })).toEqual(["i"]);
    expect(told([bare, observed("b", { id: "j" })], { made: [row("i", "adopted", 1)] })).toEqual([
      ...["i ours adopt awaited", "j"],
    ]);
  });
});

describe("what was released a moment ago", () => {
  const tagged = observed("a", {
    id: "i",
    fields: { "tags.holdfast.dev/owner": "o", "tags.theirs": "x" },
    ...OURS,
  });
  const released = { made: [row("i", "observed", 1)] };

  it("is not ours again because a read still shows our tags", () => {
    const { claim: _claim, ...rest } = tagged;
    expect(belonging([tagged], released)).toEqual([
      { ...rest, owned: false, fields: { "tags.theirs": "x" } },
    ]);
    expect(told([tagged], { made: [row("i", "observed", 0)] })).toEqual(["i ours"]);
    expect(told([tagged, observed("b", { id: "j", ...OURS })], released)).toEqual(["i", "j ours"]);
  });

  it("is adopted where it is wanted again, once a read shows it without them", () => {
    const wanted = { ...released, desired: [desired("a")] };
    expect(told([tagged], wanted)).toEqual(["i ours adopt awaited"]);
    const { claim: _claim, ...bare } = tagged;
    expect(told([bare], wanted)).toEqual(["i ours adopt"]);
  });
});

describe("of a service that is only observed", () => {
  const looked = { isObserved: true, desired: [desired("a")] };
  const there = observed("x", { id: "i", name: "name-of-a", address: undefined });

  it("what is meant is compared, whoever made it", () => {
    expect(belonging([there], looked)).toEqual([
      { ...there, address: "a", owned: true, isToBeAdopted: true },
    ]);
    expect(told([observed("b", { id: "j", ...OURS })], looked)).toEqual(["j"]);
  });

  it("what is ours by a row, or borrowed, is not to be adopted", () => {
    expect(told([{ ...there, ...OURS }], { ...looked, made: [row("i", "made")] })).toEqual(["i ours"]);
    expect(told([{ ...there, isBorrowed: true }], looked)).toEqual(["i ours"]);
    expect(told([there], { ...looked, made: [row("i", "observed")] })).toEqual(["i ours adopt"]);
  });

  it("what was ours and is not meant any more is still ours to be released, while it carries our tag", () => {
    const made = { ...looked, made: [row("j", "made")] };
    expect(told([observed("b", { id: "j", ...OURS })], made)).toEqual(["j ours"]);
    expect(told([observed("b", { id: "j" })], made)).toEqual(["j"]);
    expect(told([observed("b", { id: "j", ...OURS })], { ...made, isObserved: false, desired: [] })).toEqual([
      "j ours",
    ]);
  });

  it("tags that were taken off a moment ago are nothing to wait for", () => {
    const made = { ...looked, made: [row("i", "observed", 1)] };
    expect(belonging([{ ...there, ...OURS }], made)[0]).toMatchObject({ ...OURS, owned: true });
  });
});

describe("a false claim", () => {
  it("is what carries our tag and is not ours; what sits on one goes without saying", () => {
    const resources = [
      observed("a", { id: "ours", ...OURS }),
      observed("b", { id: "bare", owned: false }),
      observed("c", { id: "claims", owned: false, ...CLAIMS }),
      observed("d", { id: "below", owned: false, parent: "claims", ...CLAIMS }),
      observed("e", { id: "on-another", owned: false, parent: "ours", ...CLAIMS }),
    ];
    expect(falseClaims(observation(resources)).map(({ id }) => id)).toEqual(["claims", "on-another"]);
  });

  it("is told with what it is, where it says it stands, and how to end it", () => {
    const way =
      "It is left alone: not changed, not emptied, not deleted. Take the tags holdfast.dev/owner and " +
      "holdfast.dev/resource off it; to take it over, pin its name in the spec (`name`) and set `management: Observe`, then `Manage`.";
    expect(falseClaimText(observed("a", { id: "i", name: "n" }), "rule")).toBe(
      "rule n (i) carries our owner tag and says that it is a, but we have not made it, and its name is not one that " +
        `we would have given it. ${way}`,
    );
    expect(
      falseClaimText(observed("a", { id: "n", name: "n", address: undefined, parent: "p" }), "rule"),
    ).toBe(
      `rule n carries our owner tag, but we have not made it, and its place is not one that we would have given it. ${way}`,
    );
  });
});

it("a row and a resource are the same by kind and id", () => {
  expect(keyOf(observed("a", { id: "i" }))).toBe("thing i");
});
