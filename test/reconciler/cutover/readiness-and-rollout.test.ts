import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { refTo as refToAddress, setOf } from "../../../src/reconciler/core/references.ts";
import type {
  DesiredResource,
  Fields,
  ObservedResource,
  Refresh,
} from "../../../src/reconciler/core/resource.ts";
import { scalingGroupsDuringCutover } from "../../../src/reconciler/cutover/scaling-group-phase.ts";
import type { Installation } from "../../support/installation.ts";
import { desired, fleet, kindNamed, observation, observed, targetSet } from "../core/fixtures.ts";
import { converged, type Draft, driftEvents, port, scheme, serving, specWith, watching } from "../world.ts";

/** The example, rolled out at a pace that only health checks hold back, and then some. */
function hasty(...changes: ((spec: Draft) => void)[]): Draft {
  return specWith((spec) => {
    spec.autoScalingGroups.web.instanceRefresh = { minHealthyPercentage: 50, instanceWarmup: 0 };
    for (const change of changes) change(spec);
  });
}

const image = (spec: Draft) => {
  spec.autoScalingGroups.web.launchTemplate.imageId = "ami-87654321";
};
async function watchedToTheEnd(installation: Installation): Promise<void> {
  await watching(installation, async () => expect(serving(installation)).toBeGreaterThan(0));
  await installation.clock.advance(1_200_000);
  expect(installation.condition("Ready")?.status).toBe("True");
  expect(driftEvents(installation)).toEqual([]);
}

describe("somebody serves at every moment of a rollout", () => {
  it.each([
    ["a port that changes", port],
    ["a load balancer that is replaced", scheme],
  ])("that %s overtakes", async (_name, change) => {
    const installation = await converged(hasty());
    installation.post(hasty(image));
    await installation.clock.advance(60_000);
    const before = installation.mutations().length;
    installation.post(hasty(image, change));
    await watchedToTheEnd(installation);
    const calls = installation.mutations().slice(before);
    expect(calls).toContain("autoscaling:CancelInstanceRefresh");
    expect(calls.filter((call) => call === "autoscaling:StartInstanceRefresh")).toHaveLength(1);
    // AWS takes no target group while it refreshes: nothing is asked that it refuses.
    const attached = calls.filter((call) => call === "autoscaling:AttachLoadBalancerTargetGroups");
    expect(attached).toHaveLength(1);
  });

  it.each([
    ["port", port],
    ["load balancer", scheme],
  ])("that comes with another %s: the traffic first, the instances then", async (_name, change) => {
    const installation = await converged(hasty());
    const before = installation.mutations().length;
    installation.post(hasty(image, change));
    await watchedToTheEnd(installation);
    const calls = installation.mutations().slice(before);
    const at = (operation: string) => calls.indexOf(operation);
    expect(at("autoscaling:StartInstanceRefresh")).toBeGreaterThan(
      at("autoscaling:DetachLoadBalancerTargetGroups"),
    );
  });
});

it("a refresh that was stopped is noticed when it ends, long before the next look at everything is due", async () => {
  const installation = await converged(hasty(), { resyncMs: 24 * 3_600_000 });
  installation.post(hasty(image));
  await installation.clock.advance(60_000);
  installation.post(hasty(image, port));
  await installation.clock.advance(900_000);
  expect(installation.condition("Ready")?.status).toBe("True");
});

describe("while a target group is not ready, the rollout of its group", () => {
  const WANTED = { id: "lt", version: "2" };
  const PRESENT = { id: "lt", version: "1" };
  const API = addressFrom("api");
  const refTo = (address: string, attribute: string) => refToAddress(addressFrom(address), attribute);

  /** The group as it has to be while `api` is not ready. */
  function meanwhile(
    targets: readonly string[],
    more: Partial<ObservedResource> = {},
    { used = "api", applied = {} }: { used?: string; applied?: Fields } = {},
  ): DesiredResource {
    const targetGroup = (name: string, states: readonly string[]) =>
      observed(name, {
        kind: "targetGroup",
        attributes: { arn: `id-of-${name}` },
        ...targetSet(...states.map((state, index) => [String(index), state] as const)),
      });
    const now = observed("group", {
      kind: "autoScalingGroup",
      fields: { healthCheckType: "ELB", launchTemplate: PRESENT, targetGroups: ["id-of-web"] },
      refersTo: ["id-of-web"],
      ...fleet({ template: PRESENT }),
      ...more,
    });
    const wanted = desired("group", {
      kind: "autoScalingGroup",
      fields: {
        healthCheckType: "ELB",
        launchTemplate: WANTED,
        targetGroups: setOf([refTo("web", "arn"), refTo("api", "arn")]),
      },
    });
    const there = [targetGroup("web", ["healthy", "healthy"]), targetGroup("api", targets), now];
    const rule = desired("rule", {
      kind: "rule",
      fields: { action: { type: "forward", targetGroups: setOf([{ arn: refTo(used, "arn"), weight: 1 }]) } },
    });
    const state = {
      kindNamed,
      desired: [rule, wanted],
      current: new Map(there.map((resource) => [resource.address ?? API, resource])),
      observation: observation(there),
      replacements: [],
      applied: new Map([[addressFrom("group"), applied]]),
    };
    const unready = {
      address: API,
      id: "id-of-api",
      needed: 2,
      healthy: 0,
      predecessors: [],
      failing: [],
      strangers: [],
    };
    const groups = scalingGroupsDuringCutover(state, { unready: [unready], awaited: new Set([unready.id]) });
    return groups.get(wanted.address)!.desired;
  }

  it.each([
    ["nobody is registered", []],
    ["a first check is under way", ["healthy", "initial"]],
    ["no load balancer checks it yet", ["unused", "unused"]],
  ])("waits while %s", (_name, targets) => {
    expect(meanwhile(targets).fields.launchTemplate).toEqual(PRESENT);
  });

  it("does not wait for a target group that nobody forwards to, and nobody checks", () => {
    expect(meanwhile(["unused"], {}, { used: "web" }).fields.launchTemplate).toEqual(WANTED);
  });

  it("waits with what was applied, so that a change by hand is drift", () => {
    const theirs = { healthCheckType: "ELB", launchTemplate: { id: "theirs", version: "7" } };
    const fields = { ...theirs, targetGroups: ["id-of-web"] };
    const waiting = meanwhile(["initial"], { fields }, { applied: { launchTemplate: PRESENT } });
    expect(waiting.fields.launchTemplate).toEqual(PRESENT);
  });

  it("waits with no version in particular where the instances are of several", () => {
    const mixed = { healthCheckType: "ELB", launchTemplate: { id: "lt", version: "1, 2" } };
    const waiting = meanwhile(["initial"], { fields: { ...mixed, targetGroups: ["id-of-web"] } });
    expect(waiting.fields).not.toHaveProperty("launchTemplate");
  });

  it("goes on where the present instances fail: they may be what has to change", () => {
    expect(meanwhile(["unhealthy", "unhealthy"]).fields.launchTemplate).toEqual(WANTED);
  });

  it("is stopped where it counts on the load balancer's checks, and nothing else of the group is touched", () => {
    const refresh = { status: "InProgress", template: undefined };
    const fields = { healthCheckType: "ELB", launchTemplate: WANTED, targetGroups: ["id-of-web"] };
    const during = (more: Partial<Refresh>, type = "ELB") =>
      meanwhile(["initial"], {
        lifecycle: "provisioning",
        fields: { ...fields, healthCheckType: type },
        ...fleet({ template: PRESENT, refresh: { ...refresh, ...more } }),
      }).fields;
    expect(during({})).toEqual({
      healthCheckType: "ELB",
      launchTemplate: PRESENT,
      targetGroups: { $set: ["id-of-web"] },
    });
    expect(during({ status: "Cancelling" }).launchTemplate).toEqual(WANTED);
    // One that has begun without them has the patience that it needs.
    expect(during({}, "EC2").launchTemplate).toEqual(WANTED);
    expect(during({}, "EBS").launchTemplate).toEqual(WANTED);
    expect(during({}, "EBS,ELB").launchTemplate).toEqual(PRESENT);
  });
});
