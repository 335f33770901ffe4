import { expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Create } from "../../../src/reconciler/core/actions.ts";
import { unseenPredecessors } from "../../../src/reconciler/guards/unseen-predecessors.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { observed } from "../core/fixtures.ts";

function creation(kind: Create["kind"], address: string): Create {
  const call = { operation: "ec2:CreateTags", input: { Resources: [], Tags: [] } } as const;
  return { verb: "create", kind, address: addressFrom(address), name: "x", reason: "missing", calls: [call] };
}

const LEAVING = { surplus: [observed("targetGroups.web", { kind: "targetGroup" })] };

it("nothing is made in the place of a load balancer or group that could not be read", () => {
  const blind = unseenPredecessors(kindNamed, new Set(["loadBalancer", "autoScalingGroup"]), { surplus: [] });
  expect(blind.stops(creation("loadBalancer", "loadBalancer"))).toMatchObject({ because: "unread" });
  expect(blind.stops(creation("autoScalingGroup", "autoScalingGroups.app"))).toMatchObject({
    because: "unread",
  });
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
});

it("a second target group may be the first step of another load balancer, where that could not be read", () => {
  const blind = unseenPredecessors(kindNamed, new Set(["loadBalancer"]), LEAVING);
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toMatchObject({ because: "unread" });
  expect(blind.stops(creation("targetGroup", "targetGroups.api"))).toBeUndefined();
  const seeing = unseenPredecessors(kindNamed, new Set(["alarm"]), LEAVING);
  expect(seeing.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
});

it("says what could not be read: what may be there of the kind, or of the load balancer that it may be for", () => {
  const blind = unseenPredecessors(kindNamed, new Set(["loadBalancer"]), LEAVING);
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
  const seeing = unseenPredecessors(kindNamed, new Set(["rule"]), LEAVING);
  expect(seeing.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
  const blind = unseenPredecessors(kindNamed, new Set(["rule", "loadBalancer"]), LEAVING);
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toMatchObject({
    what: "what may be there of loadBalancer",
  });
});

it("holds nothing but what is made, and no second one of what is no traffic or of another kind", () => {
  const blind = unseenPredecessors(kindNamed, new Set(["loadBalancer"]), {
    surplus: [observed("alarms.cpu", { kind: "alarm" }), observed("targetGroups.web", { kind: "rule" })],
  });
  expect(blind.stops(creation("alarm", "alarms.cpu"))).toBeUndefined();
  expect(blind.stops(creation("targetGroup", "targetGroups.web"))).toBeUndefined();
  const { calls: _, ...subject } = creation("loadBalancer", "loadBalancer");
  expect(blind.stops({ ...subject, verb: "delete", id: "arn:lb", isLast: true, calls: [] })).toBeUndefined();
});
