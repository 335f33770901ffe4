import { describe, expect, it } from "vitest";
import { normalHealthCheckType } from "../../../src/reconciler/kinds/written-forms.ts";
import { example } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged, nameOf, somebody } from "../world.ts";

const GROUP = "autoScalingGroups.web";

const of = (settings: object) =>
  example()
    .withGroup("web", settings as never)
    .spec();

async function group(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [nameOf(installation, GROUP)],
  });
  return AutoScalingGroups[0];
}

async function edited(installation: Installation, settings: object): Promise<void> {
  installation.post(of(settings));
  await installation.clock.advance(120_000);
}

const isGone = (installation: Installation) => () => installation.store.get(WEB_API) === undefined;

describe("a setting of a group that leaves the spec goes back to AWS's own default:", () => {
  it.each([
    ["placement group", { placementGroup: "spread" }, "PlacementGroup", undefined],
    [
      "maintenance policy, which has both its shares or none",
      { instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 } },
      "InstanceMaintenancePolicy",
      undefined,
    ],
    ["deletion protection", { deletionProtection: "prevent-force-deletion" }, "DeletionProtection", "none"],
    [
      "reservations",
      {
        capacityReservationSpecification: {
          capacityReservationPreference: "capacity-reservations-only",
          capacityReservationTarget: { capacityReservationIds: ["cr-1"] },
        },
      },
      "CapacityReservationSpecification",
      { CapacityReservationPreference: "default" },
    ],
    ["metrics", { metricsCollection: { metrics: ["GroupMinSize"] } }, "EnabledMetrics", []],
    ["suspended processes", { suspendedProcesses: ["AZRebalance"] }, "SuspendedProcesses", []],
  ])("its %s", async (_what, settings, member, then) => {
    const installation = await converged(of(settings));
    expect((await group(installation))[member]).not.toEqual(then);
    await edited(installation, {});
    expect((await group(installation))[member]).toEqual(then);
    expect(installation.store.driftEvents({ limit: 10 }).items).toEqual([]);
  });
});

describe("a part of a setting that AWS takes as a whole", () => {
  it("goes with the others when it changes alone", async () => {
    const policy = { minHealthyPercentage: 100, maxHealthyPercentage: 150 };
    const installation = await converged(of({ instanceMaintenancePolicy: policy }));
    await edited(installation, { instanceMaintenancePolicy: { ...policy, maxHealthyPercentage: 120 } });
    expect((await group(installation)).InstanceMaintenancePolicy).toEqual({
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 120,
    });
  });
});

describe("what people on call suspend", () => {
  const suspend = (installation: Installation) =>
    somebody(installation, "autoscaling:SuspendProcesses", {
      AutoScalingGroupName: nameOf(installation, GROUP),
      ScalingProcesses: ["AZRebalance"],
    });

  it("stays suspended where the spec says nothing of it", async () => {
    const installation = await converged(of({}));
    await suspend(installation);
    await installation.clock.advance(300_000);
    expect((await group(installation)).SuspendedProcesses).toHaveLength(1);
    expect(installation.store.driftEvents({ limit: 10 }).items).toEqual([]);
  });

  it("is resumed where the spec says that everything runs", async () => {
    const installation = await converged(of({ suspendedProcesses: [] }));
    await suspend(installation);
    await installation.clock.advance(300_000);
    expect((await group(installation)).SuspendedProcesses).toEqual([]);
    expect(installation.store.driftEvents({ limit: 10 }).items).toMatchObject([
      { field: "suspendedProcesses", before: [], after: ["AZRebalance"], state: "Corrected" },
    ]);
  });
});

describe("health check types", () => {
  it.each([
    ["ELB", "ELB"],
    ["EC2", "EC2"],
    ["ELB,EBS", "EBS,ELB"],
    [" EC2 , ELB", "ELB"],
    ["EC2,EBS", "EBS"],
  ])("%j is %j, whatever the order and with EC2's own, which are always looked at", (written, normal) => {
    expect(normalHealthCheckType(written)).toBe(normal);
  });

  it("of two in another order than AWS has them are no difference", async () => {
    const installation = await converged(of({ healthCheckType: "ELB,EBS" }));
    const before = installation.mutations().length;
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, GROUP),
      HealthCheckType: "EC2,ELB,EBS",
    });
    await installation.clock.advance(300_000);
    expect(installation.mutations().length).toBe(before);
  });
});

describe("a group that AWS protects from deletion", () => {
  it("stops the deletion of its service, whole, and says how it goes on", async () => {
    const installation = await converged(of({ deletionProtection: "prevent-all-deletion" }));
    const before = installation.mutations().length;
    installation.remove();
    await installation.clock.advance(600_000);
    expect(installation.mutations().length).toBe(before);
    expect(installation.condition("Stalled")).toMatchObject({
      status: "True",
      reason: "DeletionProtected",
      message: expect.stringContaining("set its deletionProtection in the spec to none"),
    });
  });

  it("goes once the spec says so in so many words", async () => {
    const installation = await converged(of({ deletionProtection: "prevent-all-deletion" }));
    installation.remove();
    await installation.clock.advance(600_000);
    installation.post(of({ deletionProtection: "none" }));
    await installation.until(isGone(installation));
  });

  it("from force alone is emptied and drained instead of forced", async () => {
    const installation = await converged(of({ deletionProtection: "prevent-force-deletion" }));
    installation.annotate({ "holdfast.dev/force-delete": "true" });
    installation.remove();
    await installation.until(isGone(installation));
    const deletions = installation.account.calls
      .list()
      .filter(({ operation }) => operation === "DeleteAutoScalingGroup")
      .map(({ input }) => input);
    expect(deletions.length).toBeGreaterThan(0);
    for (const input of deletions) expect(input).not.toHaveProperty("ForceDelete");
  });

  it("and one that retains instances, which AWS does not force either, says what it waits for", async () => {
    const installation = await converged(
      of({
        instanceLifecyclePolicy: { retentionTriggers: { terminateHookAbandon: "retain" } },
        lifecycleHooks: {
          drain: { lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 60 },
        },
      }),
    );
    installation.annotate({ "holdfast.dev/force-delete": "true" });
    installation.remove();
    await installation.clock.advance(900_000);
    expect(installation.condition("Synced")?.message).toMatch(
      /retains i-\S+, i-\S+ until somebody terminates/,
    );
    for (const { InstanceId } of (await group(installation)).Instances) {
      await somebody(installation, "autoscaling:TerminateInstanceInAutoScalingGroup", {
        InstanceId,
        ShouldDecrementDesiredCapacity: false,
      });
    }
    await installation.until(isGone(installation));
    const forced = installation.account.calls.list().filter(({ input }) => "ForceDelete" in input);
    expect(forced.map(({ operation }) => operation)).not.toContain("DeleteAutoScalingGroup");
  });
});
