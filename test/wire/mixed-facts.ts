/** What every AWS client must see of a group with a mixed instances policy. */
import type { ActivitiesType, AutoScalingGroup, AutoScalingGroupsType } from "@aws-sdk/client-auto-scaling";
import type { DescribeInstancesResult } from "@aws-sdk/client-ec2";
import { expect } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import type { WireClient } from "./client-facts.ts";

const AutoScalingGroupName = "wire-mixed";
const LaunchTemplateSpecification = { LaunchTemplateName: AutoScalingGroupName, Version: "1" };

/** Creates, changes and deletes one, whose instances are nobody's. */
export async function itMixesInstances(client: WireClient, limitMs: number): Promise<void> {
  await client.call("ec2", "CreateLaunchTemplate", {
    LaunchTemplateName: AutoScalingGroupName,
    LaunchTemplateData: { ImageId: "ami-12345678" },
  });
  const made = {
    LaunchTemplate: {
      LaunchTemplateSpecification,
      Overrides: [
        { InstanceType: "m5.large", WeightedCapacity: "1" },
        { InstanceType: "m5.xlarge", WeightedCapacity: "2" },
      ],
    },
    InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 0 },
  };
  await client.call("autoscaling", "CreateAutoScalingGroup", {
    AutoScalingGroupName,
    MixedInstancesPolicy: made,
    MinSize: 2,
    MaxSize: 4,
    AvailabilityZones: ["us-east-1a"],
  });
  const served = await whenServing(client, 2, limitMs);
  expect(served.LaunchTemplate ?? undefined).toBeUndefined();
  expect(served.MixedInstancesPolicy).toMatchObject({
    LaunchTemplate: { LaunchTemplateSpecification, Overrides: made.LaunchTemplate.Overrides },
    InstancesDistribution: {
      ...made.InstancesDistribution,
      OnDemandAllocationStrategy: "prioritized",
      SpotAllocationStrategy: "lowest-price",
      SpotInstancePools: 2,
    },
  });
  const weights = served.Instances?.map((one) => [one.InstanceType, one.WeightedCapacity].join(" ")).sort();
  expect(weights?.[0]).toBe("m5.large 1");
  expect(await lifecyclesOf(client, served)).toEqual(["on-demand", "spot"]);

  const update = (MixedInstancesPolicy: object): Promise<unknown> =>
    client.call("autoscaling", "UpdateAutoScalingGroup", { AutoScalingGroupName, MixedInstancesPolicy });
  await expect(
    update({ InstancesDistribution: { SpotAllocationStrategy: "capacity-optimized", SpotInstancePools: 2 } }),
  ).rejects.toThrow(/ValidationError.*SpotInstancePools option is only available/s);
  await update({ InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 100 } });
  const changed = await waitUntil(async () => {
    const group = await described(client);
    const all = await lifecyclesOf(client, group);
    return all.join() === "on-demand,on-demand" ? group : undefined;
  }, limitMs);
  expect(changed.MixedInstancesPolicy?.LaunchTemplate?.Overrides).toHaveLength(2);
  const { Activities = [] } = (await client.call("autoscaling", "DescribeScalingActivities", {
    AutoScalingGroupName,
  })) as ActivitiesType;
  expect(Activities.length).toBeGreaterThanOrEqual(3);
  await client.call("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName, ForceDelete: true });
}

async function described(client: WireClient): Promise<AutoScalingGroup> {
  const { AutoScalingGroups = [] } = (await client.call("autoscaling", "DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [AutoScalingGroupName],
  })) as AutoScalingGroupsType;
  const [group] = AutoScalingGroups;
  if (group === undefined) throw new Error(`${AutoScalingGroupName} is not there`);
  return group;
}

function whenServing(client: WireClient, count: number, limitMs: number): Promise<AutoScalingGroup> {
  return waitUntil(async () => {
    const group = await described(client);
    const serving = (group.Instances ?? []).filter((one) => one.LifecycleState === "InService");
    return serving.length === count ? group : undefined;
  }, limitMs);
}

/** As EC2 has those in service: it says nothing of an On-Demand Instance. */
async function lifecyclesOf(client: WireClient, { Instances = [] }: AutoScalingGroup): Promise<string[]> {
  const { Reservations = [] } = (await client.call("ec2", "DescribeInstances", {
    InstanceIds: Instances.map((one) => one.InstanceId),
  })) as DescribeInstancesResult;
  return Reservations.flatMap((one) => one.Instances ?? [])
    .map((one) => one.InstanceLifecycle ?? "on-demand")
    .sort();
}
