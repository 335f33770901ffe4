/** A group with a mixed instances policy is taken over as it is: nothing differs, and nothing is lost. */
import { describe, expect, it } from "vitest";
import { Installation, WEB_API } from "../../support/installation.ts";
import { makeTier, SERVES_AFTER_MS } from "./existing-tier.ts";

const GROUP = "prod-web-asg";

describe("the import of a group with a mixed instances policy", () => {
  it("writes the policy into the spec, which is in sync at once, and stays so once it is managed", async () => {
    const here = new Installation();
    const { templateId } = await makeTier(here);
    await here.aws("autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: GROUP,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: "1" },
          Overrides: [{ InstanceType: "t3.medium" }, { InstanceType: "t3.large" }],
        },
        InstancesDistribution: {
          OnDemandBaseCapacity: 2,
          SpotAllocationStrategy: "price-capacity-optimized",
        },
      },
    });
    await here.clock.advance(SERVES_AFTER_MS);
    const { spec, status } = await here.import({ loadBalancer: "prod-web-alb" });
    expect(spec).toMatchObject({
      autoScalingGroups: {
        [GROUP]: {
          mixedInstancesPolicy: {
            launchTemplate: { overrides: [{ instanceType: "t3.medium" }, { instanceType: "t3.large" }] },
            instancesDistribution: {
              onDemandBaseCapacity: 2,
              onDemandPercentageAboveBaseCapacity: 100,
              onDemandAllocationStrategy: "prioritized",
              spotAllocationStrategy: "price-capacity-optimized",
            },
          },
        },
      },
    });
    expect(JSON.stringify(status.import.notCompared)).not.toContain("MixedInstancesPolicy");
    here.post(spec);
    await here.until(() => here.condition("Synced")?.status === "True");
    expect(here.mutations()).toEqual([]);
    here.post({ ...spec, management: "Manage" });
    await here.untilReady();
    const { AutoScalingGroups: [group] = [] } = await here.aws("autoscaling:DescribeAutoScalingGroups", {
      AutoScalingGroupNames: [GROUP],
    });
    expect(group?.MixedInstancesPolicy?.LaunchTemplate?.Overrides).toHaveLength(2);
    expect(here.get(WEB_API).status?.conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
  });
});
