import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../../src/model/address.ts";
import type { Action } from "../../../../src/reconciler/core/actions.ts";
import {
  adoptionOf,
  afterAdoption,
  isAdoptionLeft,
  type ReleaseInput,
  releasesOf,
  withoutOwnTags,
} from "../../../../src/reconciler/core/belonging/adoption.ts";
import type { Observation } from "../../../../src/reconciler/core/observation.ts";
import type { ObservedResource } from "../../../../src/reconciler/core/resource.ts";
import { desired, observation, observed, THING, thing, unreadable } from "../fixtures.ts";

const OWNER = "tags.holdfast.dev/owner";
const RESOURCE = "tags.holdfast.dev/resource";
const TAGS = { [OWNER]: "o", [RESOURCE]: "a" };
const WANTED = desired("a", { fields: { x: 2, ...TAGS, "tags.theirs": "t" } });
const SUBJECT = { address: "a", kind: THING, name: "name-of-a", id: "id-of-a" };
const REASON = "it runs where the spec wants it";
const tagCall = (write: object, remove: string[] = []) => ({ operation: "x:Tag", input: { write, remove } });
const untaggable = () => {
  const { tag: _none, ...rest } = thing();
  return rest;
};

function placed(...resources: readonly ObservedResource[]) {
  return {
    current: new Map(resources.map((one) => [one.address!, one])),
    ...{ surplus: [], nameConflicts: new Map() },
  };
}

const there = (more: Partial<ObservedResource> = {}) => observed("a", { isToBeAdopted: true, ...more });

describe("what is taken over", () => {
  const adopted = (resource: ObservedResource, kindNamed = () => thing()) =>
    adoptionOf({ kindNamed, desired: [WANTED], matching: placed(resource), formerManagers: new Set() });

  it("gets our tags, and nothing else", () => {
    expect(adopted(there({ fields: { x: 1, "tags.theirs": "other" } }))).toEqual({
      actions: [
        {
          ...{ verb: "adopt", ...SUBJECT, reason: REASON },
          differences: [
            { field: OWNER, desired: "o", observed: null },
            { field: RESOURCE, desired: "a", observed: null },
          ],
          calls: [tagCall({ "holdfast.dev/owner": "o", "holdfast.dev/resource": "a" })],
        },
      ],
      obstacles: [],
    });
  });

  it("gets those that it lacks, or has from somebody else", () => {
    const [action] = adopted(there({ fields: { [OWNER]: "another", [RESOURCE]: "a" } })).actions;
    expect(action).toMatchObject({
      differences: [{ field: OWNER, desired: "o", observed: "another" }],
      calls: [tagCall({ "holdfast.dev/owner": "o" })],
    });
  });

  it("is ours without a call where it has them all, or where AWS knows no tags", () => {
    expect(adopted(there({ fields: TAGS })).actions).toMatchObject([{ differences: [], calls: [] }]);
    expect(adopted(there(), untaggable).actions).toMatchObject([{ verb: "adopt", calls: [] }]);
  });

  it("is what is to be adopted where it is wanted, and nothing that is ours or elsewhere", () => {
    expect(adopted(observed("a")).actions).toEqual([]);
    expect(adopted(observed("b", { isToBeAdopted: true })).actions).toEqual([]);
  });

  it("waits for a read that shows the tags which were written a moment ago", () => {
    const differences = [
      { field: OWNER, desired: "o", observed: null },
      { field: RESOURCE, desired: "a", observed: null },
    ];
    expect(adopted(there({ isTagAwaited: true })).actions).toEqual([
      {
        ...{ verb: "wait", to: "adopt", ...SUBJECT, reason: REASON, differences },
        until: [{ because: "own write" }],
      },
    ]);
  });

  it("waits as a whole while something of it is somebody else's, until a person says that it is not", () => {
    const managedBy = [{ manager: "cloudformation", tag: "aws:cloudformation:stack-name" }];
    const both = placed(there({ managedBy }), observed("b", { isToBeAdopted: true }));
    const plan = (...former: string[]) =>
      adoptionOf({
        ...{ kindNamed: () => thing(), desired: [WANTED, desired("b")], matching: both },
        formerManagers: new Set(former),
      });
    const until = [{ because: "managed elsewhere", address: "a" }];
    expect(plan().actions).toMatchObject([
      { verb: "wait", address: "a", until },
      { verb: "wait", address: "b", until },
    ]);
    expect(plan().obstacles.map(({ reason, address }) => [reason, address])).toEqual([
      ["ManagedElsewhere", "a"],
    ]);
    expect(plan("cloudformation").actions.map(({ verb }) => verb)).toEqual(["adopt", "adopt"]);
    expect(plan("cloudformation").obstacles).toEqual([]);
  });
});

describe("an adoption is not over", () => {
  const row = (origin: "observed" | "adopted", at = "a") => ({
    ...{ kind: THING, id: "i", address: addressFrom(at), origin },
  });
  const isLeft = (seen: Observation, ...made: ReturnType<typeof row>[]) =>
    isAdoptionLeft(seen, [WANTED], made);

  it("while something that was seen is not ours", () => {
    expect(isLeft(observation([observed("b"), there()]))).toBe(true);
    expect(isLeft(observation([observed("a")]))).toBe(false);
    expect(isLeft(observation([]), row("observed"))).toBe(false);
  });

  it("while something that was seen, and is wanted, cannot be read", () => {
    const blind = observation([], { unreadable: [unreadable(THING)] });
    expect(isLeft(blind, row("observed"))).toBe(true);
    expect(isLeft(blind, row("adopted"))).toBe(false);
    expect(isLeft(blind, row("observed", "b"))).toBe(false);
    expect(isLeft(blind, row("adopted"), row("observed"))).toBe(true);
    expect(isLeft(blind)).toBe(false);
  });
});

describe("what is to be done beside an adoption waits for it", () => {
  const subject = { address: addressFrom("a"), kind: THING, name: "n", reason: "why" };
  const differences = [{ field: "x", desired: 2, observed: 1 }];

  it("and stays known, with all else that it waits for", () => {
    const update = { verb: "update", ...subject, id: "i", differences, calls: [] } as Action;
    const waits = { verb: "wait", to: "update", ...subject, id: "i", differences };
    expect(afterAdoption(update)).toEqual({ ...waits, until: [{ because: "adoption" }] });
    const held = { ...waits, until: [{ because: "tried" }] } as Action;
    expect(afterAdoption(held)).toEqual({ ...waits, until: [{ because: "adoption" }, { because: "tried" }] });
  });

  it("and has no id before it is made", () => {
    const create = { verb: "create", ...subject, id: "of nothing", calls: [] } as unknown as Action;
    expect(afterAdoption(create)).not.toHaveProperty("id");
    const held = { verb: "wait", to: "create", ...subject, differences: [], until: [] } as Action;
    expect(afterAdoption(held)).not.toHaveProperty("id");
  });
});

describe("what is released", () => {
  const tagged = observed("a", {
    claim: { isNamedByUs: true },
    fields: { x: 1, ...TAGS, "tags.theirs": "t" },
  });
  const made = [
    { kind: THING, id: "id-of-a", address: addressFrom("a"), origin: "made" },
  ] as unknown as ReleaseInput["made"];
  const released = (resource: ObservedResource, more: Partial<ReleaseInput> = {}) =>
    releasesOf({
      ...{ kindNamed: () => thing(), desired: [], observation: observation([resource]) },
      ...{ matching: placed(resource), made },
      ...more,
    });
  const RELEASE = { verb: "release", ...SUBJECT, reason: "the service is only observed from now on" };

  it("loses our tags, and is looked at where it is wanted", () => {
    const calls = [tagCall({}, ["holdfast.dev/owner", "holdfast.dev/resource"])];
    expect(released(tagged)).toEqual([{ ...RELEASE, calls, isObserved: true }]);
    const elsewhere = released(tagged, { matching: placed() });
    expect(elsewhere).toEqual([{ ...RELEASE, address: "surplus id-of-a", calls }]);
  });

  it("needs no call where the owner tag is not ours any more, or there is none, or AWS knows no tags", () => {
    const { claim: _claim, ...lost } = tagged;
    const bare = { ...tagged, fields: { x: 1, "tags.theirs": "t" } };
    expect(released(lost)).toEqual([{ ...RELEASE, calls: [], isObserved: true }]);
    expect(released(bare)).toEqual([{ ...RELEASE, calls: [], isObserved: true }]);
    expect(released(tagged, { kindNamed: untaggable })).toEqual([
      { ...RELEASE, calls: [], isObserved: true },
    ]);
  });

  it("waits for a read that is younger than our last tags", () => {
    expect(released({ ...tagged, isTagAwaited: true })).toEqual([
      {
        ...RELEASE,
        ...{ verb: "wait", to: "release", differences: [], until: [{ because: "own write" }] },
      },
    ]);
  });

  it("is what a row says is ours, and a read shows", () => {
    expect(released(observed("b", { claim: { isNamedByUs: true } }))).toEqual([]);
    expect(released({ ...tagged, kind: "alarm" })).toEqual([]);
    const seen = made.map((one) => ({ ...one, origin: "observed" as const }));
    expect(released(tagged, { made: seen })).toEqual([]);
  });
});

it("what is not ours is compared by everything but our tags", () => {
  expect(withoutOwnTags({ x: 1, ...TAGS, "tags.theirs": "t" })).toEqual({ x: 1, "tags.theirs": "t" });
});
