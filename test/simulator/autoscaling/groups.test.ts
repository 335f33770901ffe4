import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { buildLab } from "../support.ts";
import {
  activities,
  ask,
  GROUP,
  group,
  groupLab,
  HOUR,
  inService,
  instances,
  MINUTE,
  refusalText,
  template,
  webLab,
  zones,
} from "./support.ts";

describe("a new group", () => {
  it("starts the minimum of instances, spread over its zones, and says why", async () => {
    const lab = await groupLab({ MinSize: 3 });
    expect(await zones(lab)).toEqual(["a", "b", "c"]);
    const [newest] = await activities(lab);
    expect(newest).toMatchObject({ StatusCode: "Successful", Progress: 100 });
    expect(newest?.Description).toMatch(/^Launching a new EC2 instance: i-/);
    expect(newest?.Cause).toMatch(
      /^At \S+Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 3\. {2}At \S+Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 3\.$/,
    );
  });

  it("has AWS's defaults, and shows its template by id and name", async () => {
    const lab = await groupLab();
    const found = await group(lab);
    expect(found).toMatchObject({
      DesiredCapacity: 2,
      DefaultCooldown: 300,
      HealthCheckType: "EC2",
      HealthCheckGracePeriod: 0,
      TerminationPolicies: ["Default"],
      VPCZoneIdentifier: "subnet-1a,subnet-1b,subnet-1c",
      AvailabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      LaunchTemplate: { LaunchTemplateName: "web", Version: "1" },
    });
    expect(found.LaunchTemplate?.LaunchTemplateId).toMatch(/^lt-/);
    expect(found.Instances?.[0]).toMatchObject({ HealthStatus: "Healthy", LaunchTemplate: { Version: "1" } });
  });

  it("gives its instances the tags that are meant for them", async () => {
    const lab = await groupLab({
      Tags: [
        { Key: "team", Value: "storefront", PropagateAtLaunch: true },
        { Key: "own", Value: "1", PropagateAtLaunch: false },
      ],
    });
    const [id] = await inService(lab);
    const keys = lab.account.parts.ec2.instance(id!)?.tags.map((tag) => tag.Key);
    expect(keys).toContain("team");
    expect(keys).toContain("aws:autoscaling:groupName");
    expect(keys).not.toContain("own");
  });

  it.each([
    [{ MinSize: 5, MaxSize: 3 }, "ValidationError: Min bound, 5, must be less than or equal to max bound, 3"],
    [{ DesiredCapacity: 11 }, "ValidationError: Desired capacity:11 must be between"],
    [{ VPCZoneIdentifier: "subnet-none" }, "ValidationError: The subnet ID 'subnet-none' does not exist"],
    [
      { LaunchTemplate: { LaunchTemplateName: "none" } },
      "ValidationError: You must use a valid fully-formed launch template.",
    ],
    [
      { LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web" } },
      "ValidationError: Valid requests must contain either launchTemplateId or LaunchTemplateName",
    ],
    [
      { LaunchTemplate: undefined },
      "ValidationError: Valid requests must contain either LaunchTemplate, LaunchConfigurationName",
    ],
    [
      { LaunchConfigurationName: "old" },
      "ValidationError: Valid requests must contain either LaunchTemplate, LaunchConfigurationName",
    ],
    [
      { LaunchTemplate: undefined, LaunchConfigurationName: "old" },
      "ValidationError: Launch configuration name not found",
    ],
    [{ TargetGroupARNs: ["arn:none"] }, "ValidationError: Provided Target Groups may not be valid."],
    [{ HealthCheckType: "PING" }, "ValidationError: Invalid HealthCheckType"],
    [
      { TerminationPolicies: ["Default", "OldestInstance"] },
      "ValidationError: The Default termination policy must be the last",
    ],
    [{ AutoScalingGroupName: "a:b" }, "ValidationError: AutoScalingGroup name a:b is not valid"],
    [
      { MixedInstancesPolicy: {} },
      "ValidationError: Valid requests must contain either LaunchTemplate, LaunchConfigurationName",
    ],
    [{ AvailabilityZoneIds: ["use1-az1"] }, "ValidationError: The simulated account does not model"],
  ])("is refused with %o", async (input, message) => {
    const lab = buildLab();
    await template(lab, "web");
    const refused = await refusalText(lab, "autoscaling:CreateAutoScalingGroup", { ...GROUP, ...input });
    expect(refused.startsWith(message), refused).toBe(true);
    const all = await lab.call<asg.AutoScalingGroupsType>("autoscaling:DescribeAutoScalingGroups");
    expect(all.AutoScalingGroups).toEqual([]);
  });

  it("is refused under a name that is taken", async () => {
    const lab = await groupLab();
    expect(await lab.refusal("autoscaling:CreateAutoScalingGroup", GROUP)).toBe("AlreadyExists");
  });
});

describe("an update", () => {
  it("raises the desired capacity to a new minimum, and lowers it to a new maximum", async () => {
    const lab = await groupLab();
    await ask(lab, "UpdateAutoScalingGroup", { MinSize: 4 });
    expect((await group(lab)).DesiredCapacity).toBe(4);
    await ask(lab, "UpdateAutoScalingGroup", { MinSize: 1, MaxSize: 3 });
    expect((await group(lab)).DesiredCapacity).toBe(3);
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).toHaveLength(3);
  });

  it("that is refused changes nothing", async () => {
    const lab = await groupLab();
    const before = await group(lab);
    expect(
      await lab.refusal("autoscaling:UpdateAutoScalingGroup", {
        AutoScalingGroupName: "web",
        MinSize: 1,
        HealthCheckGracePeriod: 7,
        TerminationPolicies: ["Nobody"],
      }),
    ).toBe("ValidationError");
    expect(await group(lab)).toEqual(before);
  });

  it("of an unknown group names it", async () => {
    const lab = buildLab();
    const refused = await refusalText(lab, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: "none",
    });
    expect(refused).toMatch(/^ValidationError: AutoScalingGroup name not found - .*none/);
  });
});

describe("deleting a group", () => {
  it("needs it empty, and forced terminates the instances first", async () => {
    const lab = await groupLab();
    expect(await lab.refusal("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: "web" })).toBe(
      "ResourceInUse",
    );
    const ids = await inService(lab);
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    expect((await group(lab)).Status).toBe("Delete in progress");
    expect(await refusalText(lab, "autoscaling:CreateAutoScalingGroup", GROUP)).toMatch(
      /^AlreadyExists.*pending delete/,
    );
    await lab.clock.advance(5 * MINUTE);
    await expect(group(lab)).rejects.toThrow("no group");
    for (const id of ids) expect(lab.account.parts.ec2.instance(id)?.state).toBe("terminated");
    await lab.call("autoscaling:CreateAutoScalingGroup", GROUP);
  });

  it("is a matter of time while the last instances terminate", async () => {
    const lab = await groupLab();
    await ask(lab, "UpdateAutoScalingGroup", { MinSize: 0, DesiredCapacity: 0 });
    await lab.clock.advance(10_000);
    expect(await lab.refusal("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: "web" })).toBe(
      "ScalingActivityInProgress",
    );
    await lab.clock.advance(5 * MINUTE);
    await ask(lab, "DeleteAutoScalingGroup");
    await lab.clock.advance(MINUTE);
    await expect(group(lab)).rejects.toThrow("no group");
    const kept = await ask<asg.ActivitiesType>(lab, "DescribeScalingActivities", {
      IncludeDeletedGroups: true,
    });
    expect(kept.Activities?.every((one) => one.AutoScalingGroupState === "Deleted")).toBe(true);
  });

  it("is refused by deletion protection", async () => {
    const lab = await groupLab({ DeletionProtection: "prevent-force-deletion" });
    expect(
      await lab.refusal("autoscaling:DeleteAutoScalingGroup", {
        AutoScalingGroupName: "web",
        ForceDelete: true,
      }),
    ).toBe("ValidationError");
  });
});

describe("describing groups", () => {
  it("gives pages and follows tag filters", async () => {
    const lab = buildLab();
    await template(lab, "web");
    for (const name of ["a", "b", "c"]) {
      await lab.call("autoscaling:CreateAutoScalingGroup", {
        ...GROUP,
        AutoScalingGroupName: name,
        MinSize: 0,
        Tags: [{ Key: "owner", Value: name === "b" ? "us" : "them" }],
      });
    }
    const describe = (input: object): Promise<asg.AutoScalingGroupsType> =>
      lab.call("autoscaling:DescribeAutoScalingGroups", input);
    const first = await describe({ MaxRecords: 2 });
    const second = await describe({ MaxRecords: 2, NextToken: first.NextToken });
    const names = [...first.AutoScalingGroups!, ...second.AutoScalingGroups!].map(
      (one) => one.AutoScalingGroupName,
    );
    expect(names).toEqual(["a", "b", "c"]);
    expect(second.NextToken).toBeUndefined();
    const ours = await describe({ Filters: [{ Name: "tag:owner", Values: ["us"] }] });
    expect(ours.AutoScalingGroups?.map((one) => one.AutoScalingGroupName)).toEqual(["b"]);
    expect((await describe({ AutoScalingGroupNames: ["none"] })).AutoScalingGroups).toEqual([]);
    expect(await lab.refusal("autoscaling:DescribeAutoScalingGroups", { NextToken: "?" })).toBe(
      "InvalidNextToken",
    );
    expect(await lab.refusal("autoscaling:DescribeAutoScalingGroups", { MaxRecords: 101 })).toBe(
      "ValidationError",
    );
  });
});

describe("tags", () => {
  it("are upserted, described and deleted", async () => {
    const lab = await groupLab();
    const tag = { ResourceId: "web", ResourceType: "auto-scaling-group", Key: "k", PropagateAtLaunch: true };
    await lab.call("autoscaling:CreateOrUpdateTags", { Tags: [{ ...tag, Value: "1" }] });
    await lab.call("autoscaling:CreateOrUpdateTags", { Tags: [{ ...tag, Value: "2" }] });
    expect((await group(lab)).Tags).toEqual([{ ...tag, Value: "2" }]);
    const found = await lab.call<asg.TagsType>("autoscaling:DescribeTags", {
      Filters: [{ Name: "key", Values: ["k"] }],
    });
    expect(found.Tags).toHaveLength(1);
    await lab.call("autoscaling:DeleteTags", { Tags: [{ ...tag, Value: "other" }] });
    expect((await group(lab)).Tags).toHaveLength(1);
    await lab.call("autoscaling:DeleteTags", {
      Tags: [
        { ResourceId: "web", Key: "k" },
        { ResourceId: "web", Key: "z" },
      ],
    });
    expect((await group(lab)).Tags).toEqual([]);
    expect(
      await lab.refusal("autoscaling:CreateOrUpdateTags", { Tags: [{ ...tag, ResourceId: "none" }] }),
    ).toBe("ValidationError");
  });
});

describe("scheduled actions", () => {
  it("overwrite the sizes when they fire, and one that does not recur is gone", async () => {
    const lab = await groupLab();
    const at = new Date(lab.clock.nowMs() + HOUR);
    await ask(lab, "PutScheduledUpdateGroupAction", {
      ScheduledActionName: "morning",
      StartTime: at,
      MinSize: 4,
      MaxSize: 8,
      DesiredCapacity: 5,
    });
    const before = await ask<asg.ScheduledActionsType>(lab, "DescribeScheduledActions");
    expect(before.ScheduledUpdateGroupActions).toMatchObject([
      { ScheduledActionName: "morning", StartTime: at },
    ]);
    await lab.clock.advance(HOUR + 5 * MINUTE);
    expect(await group(lab)).toMatchObject({ MinSize: 4, MaxSize: 8, DesiredCapacity: 5 });
    expect(await inService(lab)).toHaveLength(5);
    expect((await activities(lab))[0]?.Cause).toContain(
      "a scheduled action update of AutoScalingGroup constraints to min: 4, max: 8, desired: 5 changing the desired capacity from 2 to 5.",
    );
    const after = await ask<asg.ScheduledActionsType>(lab, "DescribeScheduledActions");
    expect(after.ScheduledUpdateGroupActions).toEqual([]);
  });

  it("recur by their cron expression, in their time zone", async () => {
    const lab = await groupLab({ MinSize: 0 });
    const put = (Recurrence: string, TimeZone?: string): Promise<object> =>
      ask(lab, "PutScheduledUpdateGroupAction", {
        ScheduledActionName: "s",
        MinSize: 1,
        Recurrence,
        TimeZone,
      });
    const next = async (): Promise<string | undefined> => {
      const { ScheduledUpdateGroupActions: all } = await ask<asg.ScheduledActionsType>(
        lab,
        "DescribeScheduledActions",
      );
      return all?.[0]?.StartTime?.toISOString();
    };
    // The clock stands on Thursday, 1 January 2026, shortly after midnight.
    await put("30 9 * * MON-FRI");
    expect(await next()).toBe("2026-01-01T09:30:00.000Z");
    await put("0 18 * * 1");
    expect(await next()).toBe("2026-01-05T18:00:00.000Z");
    await put("*/15 */6 29 2 *");
    expect(await next()).toBe("2028-02-29T00:00:00.000Z");
    await put("0 9 * * *", "Europe/Berlin");
    expect(await next()).toBe("2026-01-01T08:00:00.000Z");
    await lab.clock.advance(9 * HOUR);
    expect(await next()).toBe("2026-01-02T08:00:00.000Z");
    expect((await group(lab)).MinSize).toBe(1);
    expect(
      await lab.refusal("autoscaling:PutScheduledUpdateGroupAction", {
        AutoScalingGroupName: "web",
        ScheduledActionName: "s",
        MinSize: 1,
        Recurrence: "61 * * * *",
      }),
    ).toBe("ValidationError");
  });

  it("do nothing while suspended, and cannot start in the past", async () => {
    const lab = await groupLab();
    expect(
      await refusalText(lab, "autoscaling:PutScheduledUpdateGroupAction", {
        AutoScalingGroupName: "web",
        ScheduledActionName: "late",
        StartTime: new Date(lab.clock.nowMs() - 1),
        MinSize: 1,
      }),
    ).toBe("ValidationError: Given start time is in the past");
    await ask(lab, "PutScheduledUpdateGroupAction", {
      ScheduledActionName: "s",
      StartTime: new Date(lab.clock.nowMs() + MINUTE),
      DesiredCapacity: 6,
    });
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["ScheduledActions"] });
    await lab.clock.advance(5 * MINUTE);
    await ask(lab, "ResumeProcesses");
    await lab.clock.advance(5 * MINUTE);
    expect((await group(lab)).DesiredCapacity).toBe(2);
  });
});

describe("target groups", () => {
  it("get the instances on attach, lose them on detach, and the instances stay", async () => {
    const lab = await webLab({ TargetGroupARNs: [] });
    const describe = async (): Promise<string[]> => {
      const answer = await ask<asg.DescribeLoadBalancerTargetGroupsResponse>(
        lab,
        "DescribeLoadBalancerTargetGroups",
      );
      return (answer.LoadBalancerTargetGroups ?? []).map((one) => one.State ?? "");
    };
    await ask(lab, "AttachLoadBalancerTargetGroups", { TargetGroupARNs: [lab.targetGroup] });
    expect(await describe()).toEqual(["Added"]);
    expect((await group(lab)).TargetGroupARNs).toEqual([lab.targetGroup]);
    await lab.clock.advance(5 * MINUTE);
    expect(await describe()).toEqual(["InService"]);
    expect(lab.account.parts.elb.targets(lab.targetGroup)).toHaveLength(2);
    await ask(lab, "DetachLoadBalancerTargetGroups", { TargetGroupARNs: [lab.targetGroup] });
    expect(await describe()).toEqual(["Removing"]);
    expect((await group(lab)).TargetGroupARNs).toEqual([]);
    await lab.clock.advance(10 * MINUTE);
    expect(await describe()).toEqual([]);
    expect(await inService(lab)).toHaveLength(2);
    expect(
      await lab.refusal("autoscaling:DetachLoadBalancerTargetGroups", {
        AutoScalingGroupName: "web",
        TargetGroupARNs: [lab.targetGroup],
      }),
    ).toBe("ValidationError");
  });

  it("are attached and detached as traffic sources too, and others are refused", async () => {
    const lab = await webLab({ TargetGroupARNs: [] });
    const TrafficSources = [{ Identifier: lab.targetGroup, Type: "elbv2" }];
    await ask(lab, "AttachTrafficSources", { TrafficSources });
    await lab.clock.advance(5 * MINUTE);
    expect(await ask(lab, "DescribeTrafficSources")).toMatchObject({
      TrafficSources: [{ ...TrafficSources[0], State: "InService" }],
    });
    expect((await group(lab)).TargetGroupARNs).toEqual([lab.targetGroup]);
    await ask(lab, "DetachTrafficSources", { TrafficSources });
    await lab.clock.advance(10 * MINUTE);
    expect((await group(lab)).TrafficSources).toEqual([]);
    for (const source of [
      { Identifier: "classic", Type: "elb" },
      { Identifier: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/1", Type: "elbv2" },
    ]) {
      const input = { AutoScalingGroupName: "web", TrafficSources: [source] };
      expect(await lab.refusal("autoscaling:AttachTrafficSources", input)).toBe("ValidationError");
      expect(await lab.refusal("autoscaling:DetachTrafficSources", input)).toBe("ValidationError");
    }
  });

  it("may be deleted under the group, which goes on", async () => {
    const lab = await webLab();
    const { Listeners } = await lab.call<{ Listeners: { ListenerArn: string }[] }>(
      "elasticloadbalancing:DescribeListeners",
      { LoadBalancerArn: lab.loadBalancer },
    );
    await lab.call("elasticloadbalancing:DeleteListener", { ListenerArn: Listeners[0]!.ListenerArn });
    await lab.clock.advance(MINUTE);
    await lab.call("elasticloadbalancing:DeleteTargetGroup", { TargetGroupArn: lab.targetGroup });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 4 });
    await lab.clock.advance(10 * MINUTE);
    expect(await inService(lab)).toHaveLength(4);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 2 });
    await lab.clock.advance(10 * MINUTE);
    expect(await instances(lab)).toHaveLength(2);
  });

  it("are refused eleven at a time", async () => {
    const lab = await groupLab();
    const TargetGroupARNs = Array.from({ length: 11 }, (_, index) => `arn:${index}`);
    expect(
      await refusalText(lab, "autoscaling:AttachLoadBalancerTargetGroups", {
        AutoScalingGroupName: "web",
        TargetGroupARNs,
      }),
    ).toBe(
      "ValidationError: Trying to update too many Load Balancers/Target Groups at once. The limit is 10",
    );
  });
});
