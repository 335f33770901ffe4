import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Comparison } from "../../../src/reconciler/core/compare.ts";
import {
  type DestructionInput,
  destructionsIn,
  isPartOf,
} from "../../../src/reconciler/core/consent/destructive.ts";
import { holdsFrom } from "../../../src/reconciler/core/holds.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { desired, fleet, observed } from "./fixtures.ts";

const GROUP = addressFrom("autoScalingGroups.web");

const balancer = (id: string) =>
  observed("loadBalancer", { kind: "loadBalancer", id, entrance: undefined as never });
const group = (instances: number, address = "autoScalingGroups.web") =>
  observed(address, {
    kind: "autoScalingGroup",
    ...fleet({
      desiredCapacity: instances,
      instances: Array.from({ length: instances }, (_, index) => ({
        instanceId: `i-${index}`,
        availabilityZone: "a",
        lifecycleState: "InService",
        healthStatus: "Healthy",
        protectedFromScaleIn: false,
        template: { id: "lt-1", version: "1" },
      })),
    }),
  });

function found(more: Partial<DestructionInput>, surplus: readonly ObservedResource[] = []) {
  return destructionsIn({
    ...{ kindNamed, desired: [], comparisons: [], resources: surplus, applied: new Map() },
    ...{ holds: holdsFrom([]), isSettled: true, sendsTo: () => [], isTakenOver: () => false },
    matching: { current: new Map(), surplus, nameConflicts: new Map() },
    ...more,
  });
}

const effects = (...given: Parameters<typeof found>) =>
  found(...given).map(({ effect, address, id }) => `${effect} ${address} ${id}`);

/** A group of 4 whose maximum, template or subnets differ. */
function differing(field: string, wanted: unknown, now: unknown): Comparison {
  const resource: DesiredResource = desired(GROUP, { kind: "autoScalingGroup" });
  const differences = [{ field, desired: wanted, observed: now }] as Comparison["differences"];
  const rest = { fields: {}, immutable: [], waitsFor: [] };
  return { desired: resource, observed: group(4), differences, ...rest };
}

const wants = (value: unknown) => new Map([[GROUP, { maxSize: value as number }]]);

describe("what destroys", () => {
  it("is a load balancer that goes: replaced where another one is wanted", () => {
    const other = [desired("loadBalancer", { kind: "loadBalancer" })];
    expect(effects({ desired: other }, [balancer("arn:old")])).toEqual([
      "loadBalancerReplaced loadBalancer arn:old",
    ]);
    expect(effects({}, [balancer("arn:old")])).toEqual(["loadBalancerRemoved loadBalancer arn:old"]);
  });

  it("is a group with instances, and none that is empty, or that AWS is removing already", () => {
    expect(effects({}, [group(1)])).toHaveLength(1);
    expect(effects({}, [group(0)])).toEqual([]);
    expect(effects({}, [{ ...group(1), lifecycle: "deleting" }])).toEqual([]);
  });

  it("is a target group that gets requests, unless another one takes over", () => {
    const target = observed("targetGroups.api", { kind: "targetGroup" });
    const sender = observed("loadBalancer.listeners.443", { kind: "listener" });
    const given = { resources: [target, sender], sendsTo: () => [target.id] };
    expect(effects(given, [target])).toEqual([`servingRemoved targetGroups.api ${target.id}`]);
    expect(effects({ ...given, isTakenOver: () => true }, [target])).toEqual([]);
    expect(effects({ ...given, sendsTo: () => [] }, [target])).toEqual([]);
  });

  it("is a maximum of none by an edit, and none that is lower", () => {
    const edit = { isSettled: false, applied: wants(9) };
    expect(effects({ ...edit, comparisons: [differing("maxSize", 0, 9)] })).toEqual([
      `groupEmptied ${GROUP} id-of-${GROUP}`,
    ]);
    expect(effects({ ...edit, comparisons: [differing("maxSize", 2, 9)] })).toEqual([]);
  });

  it("is a maximum below what is there by a correction, and none that leaves all of it", () => {
    const drift = { isSettled: false, applied: wants(2) };
    expect(effects({ ...drift, comparisons: [differing("maxSize", 2, 9)] })).toEqual([
      `instancesTerminated ${GROUP} id-of-${GROUP}`,
    ]);
    expect(effects({ isSettled: true, comparisons: [differing("maxSize", 3, 9)] })).toHaveLength(1);
    expect(effects({ isSettled: true, comparisons: [differing("maxSize", 4, 9)] })).toEqual([]);
  });

  it("is a subnet less and another version of the template by a correction", () => {
    expect(effects({ comparisons: [differing("subnets", ["a"], ["a", "b"])] })).toHaveLength(1);
    expect(effects({ comparisons: [differing("subnets", ["a", "b"], ["a"])] })).toEqual([]);
    const version = (number: string) => ({ id: "lt-1", version: number });
    expect(effects({ comparisons: [differing("launchTemplate", version("2"), version("1"))] })).toHaveLength(
      1,
    );
    expect(effects({ comparisons: [differing("launchTemplate", version("1"), version("2"))] })).toEqual([]);
  });

  it("is nothing that a second read has yet to confirm", () => {
    const hold = { address: GROUP, field: "maxSize", reason: { because: "unconfirmed" } } as const;
    expect(effects({ comparisons: [differing("maxSize", 2, 9)], holds: holdsFrom([hold]) })).toEqual([]);
  });
});

describe("what belongs to it", () => {
  it("is what is made in its place, and below: a group that takes over, and its launch template", () => {
    const heir: Comparison = {
      ...{
        desired: desired("autoScalingGroups.app", { kind: "autoScalingGroup", takesOver: [group(1).id] }),
      },
      ...{ observed: undefined, fields: {}, differences: [], immutable: [], waitsFor: [] },
    };
    const [destruction] = found({ comparisons: [heir] }, [group(1)]);
    const create = (kind: string, address: string) =>
      ({ verb: "create", kind, address: addressFrom(address), name: "x", reason: "", calls: [] }) as never;
    const isPart = (kind: string, address: string) => isPartOf(create(kind, address), destruction!);
    expect(isPart("autoScalingGroup", "autoScalingGroups.app")).toBe(true);
    expect(isPart("launchTemplate", "autoScalingGroups.app.launchTemplate")).toBe(true);
    expect(isPart("autoScalingGroup", "autoScalingGroups.apple")).toBe(false);
  });
});
