import { apply } from "json-merge-patch";
import { describe, expect, it } from "vitest";
import { ANNOTATION_APPROVED_PLAN } from "../../../src/model/object.ts";
import { forwardTo } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, somebody } from "../world.ts";

/** A short spec that says all that AWS demands, so that it means something with either defaults. */
const SHORT = {
  region: "us-east-1",
  vpcId: "vpc-12345678",
  subnetIds: ["subnet-1a", "subnet-1b"],
  loadBalancer: { listeners: [{ port: 80, protocol: "HTTP", defaultAction: forwardTo("web") }] },
  targetGroups: { web: { protocol: "HTTP", port: 8080, healthCheck: { path: "/health" } } },
  autoScalingGroups: {
    web: {
      minSize: 1,
      maxSize: 3,
      targetGroups: ["web"],
      launchTemplate: { imageId: "ami-12345678", instanceType: "t3.micro" },
    },
  },
};
const DECLINED = { ...SHORT, defaults: "AWS" };

/** What AWS holds of what the defaults are about. */
async function live(installation: Installation) {
  const ask = (operation: Parameters<typeof somebody>[1], input: object = {}) =>
    somebody(installation, operation, input);
  const [targetGroup] = (await ask("elasticloadbalancing:DescribeTargetGroups")).TargetGroups;
  const [group] = (await ask("autoscaling:DescribeAutoScalingGroups")).AutoScalingGroups;
  const { Attributes } = await ask("elasticloadbalancing:DescribeTargetGroupAttributes", {
    TargetGroupArn: targetGroup.TargetGroupArn,
  });
  const policies = (await ask("autoscaling:DescribePolicies")).ScalingPolicies;
  const alarms = (await ask("cloudwatch:DescribeAlarms")).MetricAlarms;
  const versions = (await ask("ec2:DescribeLaunchTemplateVersions", { Versions: ["$Default"] }))
    .LaunchTemplateVersions;
  return {
    check: targetGroup.HealthyThresholdCount,
    delay: Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value,
    type: group.HealthCheckType,
    grace: group.HealthCheckGracePeriod,
    policies: policies.length,
    alarms: alarms.length,
    template: Object.keys(versions[0].LaunchTemplateData as object).sort(),
  };
}

const OF_AWS = {
  check: 5,
  delay: "300",
  type: "EC2",
  grace: 0,
  policies: 0,
  alarms: 0,
  template: ["ImageId", "InstanceType"],
};

describe("a service that declines our defaults", () => {
  it("is made as AWS makes it, and serves", async () => {
    const installation = await converged(DECLINED);
    expect(await live(installation)).toEqual(OF_AWS);
  });

  it("comes to be so once that is approved: what had been made up goes, and attributes go back", async () => {
    const installation = await converged(SHORT);
    expect(await live(installation)).toMatchObject({ check: 2, delay: "30", type: "ELB", policies: 1 });
    installation.post(DECLINED);
    await installation.until(() => installation.condition("Stalled")?.reason === "ApprovalRequired");
    expect(await live(installation)).toMatchObject({ check: 2, delay: "30", type: "ELB", policies: 1 });
    const { approval } = installation.get().status?.plan ?? {};
    expect(approval?.effects.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["targetGroups.web", "autoScalingGroups.web"]),
    );
    installation.annotate({ [ANNOTATION_APPROVED_PLAN]: approval!.digest });
    await installation.untilReady();
    expect(await live(installation)).toEqual(OF_AWS);
  });

  it("is told by the scorecard what is advised, and takes it patch by patch, without approval", async () => {
    const installation = await converged(DECLINED);
    const patches = () => installation.get().status!.scorecard.flatMap(({ patch }) => patch ?? []);
    expect(patches().length).toBeGreaterThan(8);
    for (const patch of patches()) {
      const { spec } = apply({ spec: structuredClone(installation.get().spec) }, JSON.parse(patch)) as {
        spec: object;
      };
      installation.post(spec);
    }
    await installation.untilReady();
    await installation.clock.advance(120_000);
    expect(patches()).toEqual([]);
    expect(await live(installation)).toMatchObject({ check: 2, type: "ELB", grace: 300, policies: 1 });
    expect(installation.get().status?.defaults).toBe("AWS");
  });
});
