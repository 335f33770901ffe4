import { describe, expect, it } from "vitest";
import { plainAlarm } from "../support/alarm-input.ts";
import { SECOND_CERTIFICATE } from "../support/example.ts";
import { type Installation, WEB_API } from "../support/installation.ts";
import { arnOf, census, converged, driftEvents, nameOf, somebody } from "./world.ts";

const ELB = "elasticloadbalancing";
const GROUP = "autoScalingGroups.web";

interface Case {
  /** What somebody else does. */
  readonly does: string;
  readonly change: (installation: Installation) => Promise<unknown>;
  /** What the status shows of it: kind and the address that it sits on. */
  readonly shown?: { kind: string; on: string };
}

const group = (i: Installation) => ({ AutoScalingGroupName: nameOf(i, GROUP) });
const instancesOf = async (i: Installation): Promise<string[]> => {
  const { AutoScalingGroups } = await somebody(i, "autoscaling:DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [nameOf(i, GROUP)],
  });
  return AutoScalingGroups[0].Instances.map((instance: { InstanceId: string }) => instance.InstanceId);
};
const elbTag = (key: string) => (i: Installation) =>
  somebody(i, `${ELB}:AddTags`, {
    ResourceArns: [arnOf(i, key)],
    Tags: [{ Key: "cost-centre", Value: "42" }],
  });

const CASES: readonly Case[] = [
  {
    does: "adds a rule to our listener",
    change: (i) =>
      somebody(i, `${ELB}:CreateRule`, {
        ListenerArn: arnOf(i, "loadBalancer.listeners.443"),
        Priority: 500,
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs"] } }],
        Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
      }),
    shown: { kind: "rule", on: "loadBalancer.listeners.443" },
  },
  {
    does: "adds a listener to our load balancer",
    change: (i) =>
      somebody(i, `${ELB}:CreateListener`, {
        LoadBalancerArn: arnOf(i, "loadBalancer"),
        Port: 8443,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
      }),
    shown: { kind: "listener", on: "loadBalancer" },
  },
  {
    does: "tags the load balancer",
    change: elbTag("loadBalancer"),
    shown: { kind: "tag", on: "loadBalancer" },
  },
  {
    does: "tags the target group",
    change: elbTag("targetGroups.web"),
    shown: { kind: "tag", on: "targetGroups.web" },
  },
  {
    does: "tags the group",
    change: (i) =>
      somebody(i, "autoscaling:CreateOrUpdateTags", {
        Tags: [
          {
            Key: "cost-centre",
            Value: "42",
            PropagateAtLaunch: true,
            ResourceId: nameOf(i, GROUP),
            ResourceType: "auto-scaling-group",
          },
        ],
      }),
    shown: { kind: "tag", on: GROUP },
  },
  {
    does: "tags an alarm",
    change: (i) =>
      somebody(i, "cloudwatch:TagResource", {
        ResourceARN: arnOf(i, "alarms.high-5xx"),
        Tags: [{ Key: "cost-centre", Value: "42" }],
      }),
    shown: { kind: "tag", on: "alarms.high-5xx" },
  },
  {
    does: "adds a scaling policy to our group",
    change: (i) =>
      somebody(i, "autoscaling:PutScalingPolicy", {
        ...group(i),
        PolicyName: "theirs",
        PolicyType: "StepScaling",
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      }),
    shown: { kind: "scalingPolicy", on: GROUP },
  },
  {
    does: "has a load balancer, a target group and an alarm with names like ours",
    change: async (i) => {
      await somebody(i, `${ELB}:CreateLoadBalancer`, {
        Name: "web-api-other",
        Subnets: ["subnet-1a", "subnet-1b"],
      });
      await somebody(i, `${ELB}:CreateTargetGroup`, {
        Name: "web-api-other",
        Protocol: "HTTP",
        Port: 80,
        VpcId: "vpc-12345678",
      });
      await somebody(i, "cloudwatch:PutMetricAlarm", plainAlarm("holdfast/default/web-api/theirs"));
    },
  },
  {
    does: "sets the desired capacity within the bounds",
    change: (i) => somebody(i, "autoscaling:SetDesiredCapacity", { ...group(i), DesiredCapacity: 4 }),
  },
  {
    does: "suspends a process of the group",
    change: (i) =>
      somebody(i, "autoscaling:SuspendProcesses", { ...group(i), ScalingProcesses: ["AlarmNotification"] }),
  },
  {
    does: "adds a certificate to a listener for which the spec has one",
    change: (i) =>
      somebody(i, `${ELB}:AddListenerCertificates`, {
        ListenerArn: arnOf(i, "loadBalancer.listeners.443"),
        Certificates: [{ CertificateArn: SECOND_CERTIFICATE }],
      }),
  },
  {
    does: "terminates an instance",
    change: async (i) => somebody(i, "ec2:TerminateInstances", { InstanceIds: [(await instancesOf(i))[0]] }),
  },
  {
    does: "protects an instance from scaling in",
    change: async (i) =>
      somebody(i, "autoscaling:SetInstanceProtection", {
        ...group(i),
        InstanceIds: [(await instancesOf(i))[0]],
        ProtectedFromScaleIn: true,
      }),
  },
  {
    does: "adds a version to the launch template without making it the default",
    change: (i) =>
      somebody(i, "ec2:CreateLaunchTemplateVersion", {
        LaunchTemplateId: arnOf(i, "autoScalingGroups.web.launchTemplate"),
        LaunchTemplateData: { ImageId: "ami-87654321", InstanceType: "t3.nano" },
      }),
  },
  {
    does: "sends so much traffic that target tracking adds instances",
    change: async (i) => {
      i.account.parts.load.set(arnOf(i, "loadBalancer"), { requestsPerSecond: 900, errorRate: 0 });
      await i.clock.advance(1_200_000);
      const { AutoScalingGroups } = await somebody(i, "autoscaling:DescribeAutoScalingGroups", {});
      expect(AutoScalingGroups[0].DesiredCapacity).toBeGreaterThan(2);
    },
  },
];

describe("what is not ours is left alone: somebody else", () => {
  it.each(CASES)("$does", async ({ change, shown }) => {
    const installation = await converged();
    const calls = installation.mutations().length;
    await change(installation);
    const before = await census(installation);
    installation.controller.request(WEB_API);
    await installation.clock.advance(900_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
    expect(await census(installation)).toEqual(before);
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(installation.condition("Drifted")?.status).toBe("False");
    const { unowned } = installation.get().status!;
    expect(unowned.map(({ kind, on }) => ({ kind, on }))).toEqual(shown === undefined ? [] : [shown]);
    const events = installation.store.events({ limit: 100, involvedName: WEB_API.name }).items;
    expect(events.filter((event) => event.reason === "UnownedResource")).toHaveLength(unowned.length);
  });

  it("tags two resources alike: each is told of, once, with all of its tags", async () => {
    const installation = await converged();
    const ResourceArns = [arnOf(installation, "loadBalancer"), arnOf(installation, "targetGroups.web")];
    const tag = (Key: string) =>
      somebody(installation, "elasticloadbalancing:AddTags", { ResourceArns, Tags: [{ Key, Value: "x" }] });
    await tag("Team");
    await tag("CostCenter");
    installation.controller.request(WEB_API);
    await installation.clock.advance(120_000);
    const events = installation.store.events({ limit: 100, involvedName: WEB_API.name }).items;
    const told = events.filter(({ reason }) => reason === "UnownedResource").map(({ message }) => message);
    expect(told.sort()).toEqual(
      ["loadBalancer", "targetGroups.web"].map(
        (on) => `${on} carries tags that the spec does not declare (Team, CostCenter). They are left alone.`,
      ),
    );
  });
});
