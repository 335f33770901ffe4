/** A launch template that groups of others use as well: as it is while the spec says the same, and never written to. */
import { describe, expect, it } from "vitest";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { makeGroup, makeTemplate, makeTier, SERVES_AFTER_MS, TEMPLATE } from "./existing-tier.ts";

interface Spec {
  management: string;
  autoScalingGroups: Record<string, { launchTemplate: Record<string, unknown> }>;
}

const GROUP = "prod-web-asg";

/** Taken over by the service, with the template left to those who use it as well. */
async function takenOver(here: Installation): Promise<{ spec: Spec; templateId: string }> {
  const templateId = await makeTemplate(here, "everybody", {
    ...TEMPLATE,
    Placement: { SpreadDomain: "others" },
  });
  await makeTier(here);
  await here.aws("autoscaling:UpdateAutoScalingGroup", {
    AutoScalingGroupName: GROUP,
    LaunchTemplate: { LaunchTemplateId: templateId, Version: "$Latest" },
  });
  await here.aws("autoscaling:DeletePolicy", { AutoScalingGroupName: GROUP, PolicyName: "prod-web-cpu" });
  await makeGroup(here, "batch", templateId, []);
  await here.aws("autoscaling:StartInstanceRefresh", {
    AutoScalingGroupName: GROUP,
    Preferences: { MinHealthyPercentage: 0, InstanceWarmup: 0 },
  });
  await here.clock.advance(6 * SERVES_AFTER_MS);
  const { spec } = await here.import({ loadBalancer: "prod-web-alb" });
  here.post(spec);
  await here.until(() => here.condition("Synced")?.status === "True");
  const managed = { ...spec, management: "Manage" } as unknown as Spec;
  here.post(managed);
  await here.untilReady();
  return { spec: managed, templateId };
}

async function versionsOf(here: Installation, LaunchTemplateId: string): Promise<number> {
  const { LaunchTemplateVersions = [] } = await here.aws("ec2:DescribeLaunchTemplateVersions", {
    LaunchTemplateId,
  });
  return LaunchTemplateVersions.length;
}

async function groupOf(here: Installation) {
  const { AutoScalingGroups: [group] = [] } = await here.aws("autoscaling:DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [GROUP],
  });
  return group;
}

describe("a launch template that others use as well", () => {
  it("gets no tag and no version when the rest is taken over, and the group stays on it", async () => {
    const here = new Installation();
    const { templateId } = await takenOver(here);
    const { LaunchTemplates: [template] = [] } = await here.aws("ec2:DescribeLaunchTemplates", {
      LaunchTemplateIds: [templateId],
    });
    expect([template?.Tags ?? [], await versionsOf(here, templateId)]).toEqual([[], 1]);
    expect((await groupOf(here))?.LaunchTemplate).toMatchObject({ LaunchTemplateId: templateId });
    expect(here.mutations().filter((operation) => operation.startsWith("ec2:"))).toEqual([]);
  });

  it("is left behind at the first change, by a template of our own that holds what the spec does not know", async () => {
    const here = new Installation();
    const { spec, templateId } = await takenOver(here);
    const changed = structuredClone(spec);
    const { launchTemplate } = changed.autoScalingGroups[GROUP] ?? { launchTemplate: {} };
    launchTemplate.instanceType = "t3.large";
    here.post(changed);
    await here.untilReady();
    const own = (await groupOf(here))?.LaunchTemplate?.LaunchTemplateId ?? "";
    expect(own).not.toBe(templateId);
    expect(await versionsOf(here, templateId)).toBe(1);
    const { LaunchTemplateVersions: [version] = [] } = await here.aws("ec2:DescribeLaunchTemplateVersions", {
      LaunchTemplateId: own,
    });
    expect(version?.LaunchTemplateData).toMatchObject({
      InstanceType: "t3.large",
      Placement: { SpreadDomain: "others" },
    });
  });

  it("goes back to whom it belongs when the service is deleted", async () => {
    const here = new Installation();
    const { templateId } = await takenOver(here);
    here.remove();
    await here.until(() => here.store.get(WEB_API) === undefined);
    expect(await versionsOf(here, templateId)).toBe(1);
  });

  it("has no name of its own in the spec beside it", () => {
    const launchTemplate = {
      imageId: "ami-12345678",
      instanceType: "t3.medium",
      name: "a-name",
      shared: { name: "everybody", version: 1 },
    };
    const spec = {
      region: "us-east-1",
      vpcId: "vpc-12345678",
      subnetIds: ["subnet-1a", "subnet-1b"],
      targetGroups: { web: { port: 80 } },
      autoScalingGroups: { web: { launchTemplate } },
    };
    expect(() => admit(spec)).toThrow("launchTemplate.shared: cannot stand beside name");
  });
});
