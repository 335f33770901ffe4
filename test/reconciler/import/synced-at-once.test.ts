/** The manifest of a tier as somebody else has made it, posted as it comes: it says what is there, and nothing is written. */
import { describe, expect, it } from "vitest";
import type { ImportedManifest } from "../../../src/model/import.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import {
  makeGroup,
  makeListener,
  makeTargetGroup,
  makeTemplate,
  makeTier,
  SERVES_AFTER_MS,
  TEMPLATE,
  type Tier,
  USER_DATA,
} from "./existing-tier.ts";

/** Posts it, and waits until AWS was read and compared. */
async function observed(here: Installation, { spec }: ImportedManifest): Promise<void> {
  here.post(spec);
  await here.until(() => here.get().status?.observedGeneration === here.get().metadata.generation);
}

async function expectSyncedAtOnce(
  here: Installation,
  request: Record<string, unknown>,
): Promise<ImportedManifest> {
  await here.clock.advance(SERVES_AFTER_MS);
  const before = here.account.calls.mutating();
  const manifest = await here.import(request);
  await observed(here, manifest);
  // What is only observed carries none of our tags, and the plan says what adoption would begin with.
  const plan = await here.plan(manifest.spec);
  expect(plan.rows.filter(({ verb }) => verb !== "adopt")).toEqual([]);
  expect(here.condition("Synced")).toMatchObject({ status: "True", reason: "InSync" });
  expect(here.account.calls.mutating()).toBe(before);
  expect(here.store.driftEvents({}).items).toEqual([]);
  return manifest;
}

describe("what an import answers with, posted as it comes", () => {
  it("is in sync with a tier of another team's, and nothing is written", async () => {
    const here = new Installation();
    await makeTier(here);
    const { spec, status } = await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
    expect(spec).toMatchObject({
      management: "Observe",
      deletionPolicy: "Retain",
      defaults: "AWS",
      loadBalancer: { name: "prod-web-alb" },
      targetGroups: { "prod-web-tg": { name: "prod-web-tg" } },
      autoScalingGroups: {
        "prod-web-asg": {
          name: "prod-web-asg",
          launchTemplate: { name: "prod-web-lt", userData: USER_DATA },
          scalingPolicies: { "prod-web-cpu": { name: "prod-web-cpu" } },
        },
      },
      alarms: { "prod-web-5xx": { name: "prod-web-5xx" } },
    });
    expect(status.import.notCompared.map(({ member }) => member)).toEqual([
      "capacity reservation",
      "Tags[Team]",
      "listener attributes",
    ]);
    expect(here.get(WEB_API).status?.resources.map(({ name }) => name)).toContain("prod-web-alb");
  });

  it("stays in sync while nothing changes, and tells what somebody changes then", async () => {
    const here = new Installation();
    const { group } = await makeTier(here);
    await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
    await here.aws("autoscaling:UpdateAutoScalingGroup", { AutoScalingGroupName: group, MaxSize: 9 });
    await here.until(() => here.condition("Drifted")?.status === "True");
    expect(here.condition("Synced")?.message).toContain(
      "AWS differs from the spec in autoScalingGroups.prod-web-asg",
    );
  });

  it("says which version runs, whatever the group calls it", async () => {
    for (const version of ["$Latest", "$Default", "2"]) {
      const here = new Installation();
      const tier = await makeTier(here);
      await moveTo(here, tier, version);
      const manifest = await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
      const row = manifest.status.import.neighbours.find(({ kind }) => kind === "launchTemplate");
      const number = version === "$Default" ? 1 : 2;
      expect(row?.reason).toContain(
        version.startsWith("$") ? `${version}, which is version ${number}` : `version ${number}`,
      );
    }
  });

  it("leaves a launch template that others use as it is", async () => {
    const here = new Installation();
    const { templateId } = await makeTier(here);
    await makeGroup(here, "batch", templateId, []);
    await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
  });

  it("keeps what the spec does not know of a launch template, and tells it", async () => {
    const here = new Installation();
    const tier = await makeTier(here);
    const { LaunchTemplateVersion: made } = await here.aws("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateId: tier.templateId,
      LaunchTemplateData: {
        ...TEMPLATE,
        Placement: { SpreadDomain: "others" },
        ElasticInferenceAccelerators: [{ Type: "eia2.medium" }],
      },
    });
    expect(made?.VersionNumber).toBe(2);
    await refreshed(here, tier);
    const { status } = await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
    const members = status.import.notCompared.map(({ member }) => member);
    expect(members).toContain("LaunchTemplateData.Placement.SpreadDomain");
    expect(members).toContain("LaunchTemplateData.ElasticInferenceAccelerators[].Type");
  });

  it("holds two groups on one target group, and a second listener", async () => {
    const here = new Installation();
    const { loadBalancerArn, targetGroupArn } = await makeTier(here);
    const green = await makeTargetGroup(here, "green", {
      Matcher: { HttpCode: "200-299" },
      HealthCheckIntervalSeconds: 12,
    });
    await makeListener(here, loadBalancerArn, green, 8080);
    await makeGroup(here, "Green_Fleet", await makeTemplate(here, "green"), [targetGroupArn, green], {
      HealthCheckType: "EC2",
    });
    const { spec } = await expectSyncedAtOnce(here, { loadBalancer: "prod-web-alb" });
    expect(Object.keys(spec.autoScalingGroups as object)).toEqual(["green-fleet", "prod-web-asg"]);
  });
});

/** A second version, which the group runs under some name, and its instances as well. */
async function moveTo(here: Installation, tier: Tier, version: string): Promise<void> {
  await here.aws("ec2:CreateLaunchTemplateVersion", {
    LaunchTemplateId: tier.templateId,
    LaunchTemplateData: { ...TEMPLATE, InstanceType: "t3.large" },
  });
  await here.aws("autoscaling:UpdateAutoScalingGroup", {
    AutoScalingGroupName: tier.group,
    LaunchTemplate: { LaunchTemplateId: tier.templateId, Version: version },
  });
  await refreshed(here, tier);
}

/** As somebody's instance refresh leaves it: every instance runs what the group names. */
async function refreshed(here: Installation, { group: AutoScalingGroupName }: Tier): Promise<void> {
  await here.aws("autoscaling:StartInstanceRefresh", {
    AutoScalingGroupName,
    Preferences: { MinHealthyPercentage: 0, InstanceWarmup: 0 },
  });
  for (let round = 0; round < 200; round += 1) {
    await here.clock.advance(60_000);
    const { InstanceRefreshes: [refresh] = [] } = await here.aws("autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName,
    });
    if (refresh?.Status === "Successful") return;
  }
  throw new Error("the instance refresh did not come to its end");
}
