import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { Create } from "../../../src/reconciler/core/actions.ts";
import type { Matching } from "../../../src/reconciler/core/current-and-surplus.ts";
import {
  type Unseen,
  unseenIn,
  unseenPredecessors,
} from "../../../src/reconciler/guards/unseen-predecessors.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { observed } from "../core/fixtures.ts";

function creation(kind: Create["kind"], address: string): Create {
  const call = { operation: "ec2:CreateTags", input: { Resources: [], Tags: [] } } as const;
  return { verb: "create", kind, address: addressFrom(address), name: "x", reason: "missing", calls: [call] };
}

const GROUPS = ["autoScalingGroups.app", "autoScalingGroups.web"].map((address) => ({
  kind: "autoScalingGroup" as const,
  address: addressFrom(address),
}));
const SEEN: Pick<Matching, "surplus" | "current"> = { surplus: [], current: new Map() };
const LEAVING = { ...SEEN, surplus: [observed("targetGroups.web", { kind: "targetGroup" })] };

const stopped = (unseen: readonly Unseen[], kind: KindName, address: string, matching = SEEN) =>
  unseenPredecessors(kindNamed, unseen, matching, GROUPS).stops(creation(kind, address)) !== undefined;
const at = (address: string) => ({ kind: "autoScalingGroup", address: addressFrom(address) }) as const;

describe("nothing is made in the place", () => {
  it("of a load balancer or group that could not be read, nor what comes before it", () => {
    const unseen = [{ kind: "loadBalancer" }, { kind: "autoScalingGroup" }] as const;
    expect(stopped(unseen, "loadBalancer", "loadBalancer")).toBe(true);
    expect(stopped(unseen, "autoScalingGroup", "autoScalingGroups.app")).toBe(true);
    expect(stopped(unseen, "launchTemplate", "autoScalingGroups.app.launchTemplate")).toBe(true);
    expect(stopped(unseen, "targetGroup", "targetGroups.web")).toBe(false);
  });

  it("of one group whose place is known, and another group goes on", () => {
    const unseen = [at("autoScalingGroups.web")];
    expect(stopped(unseen, "autoScalingGroup", "autoScalingGroups.web")).toBe(true);
    expect(stopped(unseen, "launchTemplate", "autoScalingGroups.web.launchTemplate")).toBe(true);
    expect(stopped(unseen, "autoScalingGroup", "autoScalingGroups.app")).toBe(false);
    expect(stopped(unseen, "launchTemplate", "autoScalingGroups.app.launchTemplate")).toBe(false);
  });

  it("of what nobody agrees to the replacement of goes on", () => {
    for (const kind of [
      "alarm",
      "targetGroup",
      "listener",
      "rule",
      "scalingPolicy",
      "launchTemplate",
    ] as const)
      expect(stopped([{ kind }], kind, "somewhere"), kind).toBe(false);
  });
});

describe("where something stands that could not be read", () => {
  const unreadable = (id: string) =>
    ({
      unknownKinds: new Map(),
      unreadable: [{ kind: "autoScalingGroup", id, name: id, reason: "" }],
    }) as const;
  const made = [
    { id: "g1", address: addressFrom("autoScalingGroups.web") },
    { id: "g2", address: addressFrom("autoScalingGroups.former") },
  ];

  it("its row says by its id, while the spec has that place", () => {
    expect(unseenIn(unreadable("g1"), [], made, GROUPS)).toEqual([at("autoScalingGroups.web")]);
  });

  it("nobody can say without a row, or where the spec has the place no more, or of what a list lacks", () => {
    const anywhere = [{ kind: "autoScalingGroup" }];
    expect(unseenIn(unreadable("g9"), [], made, GROUPS)).toEqual(anywhere);
    expect(unseenIn(unreadable("g2"), [], made, GROUPS)).toEqual(anywhere);
    const nothing = { unknownKinds: new Map(), unreadable: [] };
    expect(unseenIn(nothing, [{ kind: "autoScalingGroup" }], made, GROUPS)).toEqual(anywhere);
    const unlisted = { ...nothing, unknownKinds: new Map([["autoScalingGroup", "Throttling"] as const]) };
    expect(unseenIn(unlisted, [], made, GROUPS)).toEqual(anywhere);
  });
});

it("a second target group may be the first step of another load balancer, where that could not be read", () => {
  const blind = [{ kind: "loadBalancer" }] as const;
  expect(stopped(blind, "targetGroup", "targetGroups.web", LEAVING)).toBe(true);
  expect(stopped(blind, "targetGroup", "targetGroups.api", LEAVING)).toBe(false);
  expect(stopped([{ kind: "alarm" }], "targetGroup", "targetGroups.web", LEAVING)).toBe(false);
});

it("a target group may be the first step of another load balancer also where neither it nor the one before was seen", () => {
  const unseen = [{ kind: "loadBalancer" }, { kind: "targetGroup" }] as const;
  expect(stopped(unseen, "targetGroup", "targetGroups.web")).toBe(true);
  expect(stopped([{ kind: "targetGroup" }], "targetGroup", "targetGroups.web")).toBe(false);
});

it("says what could not be read: what may be there of the kind, or of the load balancer that it may be for", () => {
  const blind = unseenPredecessors(kindNamed, [{ kind: "loadBalancer" }], LEAVING, GROUPS);
  expect(blind.stops(creation("loadBalancer", "loadBalancer"))).toEqual({
    because: "unread",
    what: "what may be there of loadBalancer",
  });
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toEqual({
    because: "unread",
    what: "what may be there of loadBalancer",
  });
});

it("only a load balancer is what the others serve; it is told, whatever else could not be read", () => {
  const seeing = unseenPredecessors(kindNamed, [{ kind: "rule" }], LEAVING, GROUPS);
  expect(seeing.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
  const blind = unseenPredecessors(kindNamed, [{ kind: "rule" }, { kind: "loadBalancer" }], LEAVING, GROUPS);
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toMatchObject({
    what: "what may be there of loadBalancer",
  });
});

it("holds nothing but what is made, and no second one of what is no traffic or of another kind", () => {
  const blind = unseenPredecessors(
    kindNamed,
    [{ kind: "loadBalancer" }],
    {
      ...SEEN,
      surplus: [observed("alarms.cpu", { kind: "alarm" }), observed("targetGroups.web", { kind: "rule" })],
    },
    GROUPS,
  );
  expect(blind.stops(creation("alarm", "alarms.cpu"))).toBeUndefined();
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
  const { calls: _, ...subject } = creation("loadBalancer", "loadBalancer");
  expect(blind.stops({ ...subject, verb: "delete", id: "arn:lb", isLast: true, calls: [] })).toBeUndefined();
});
