import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../support.ts";
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
  webLab,
} from "./support.ts";

const LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
const TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

const pool = (lab: Lab, input: object = {}): Promise<asg.DescribeWarmPoolAnswer> =>
  ask<asg.DescribeWarmPoolAnswer>(lab, "DescribeWarmPool", input);
const desire = (lab: Lab, DesiredCapacity: number): Promise<object> =>
  ask(lab, "SetDesiredCapacity", { DesiredCapacity });
const hook = (lab: Lab, LifecycleHookName: string, LifecycleTransition: string, more: object = {}) =>
  ask(lab, "PutLifecycleHook", { LifecycleHookName, LifecycleTransition, ...more });
const complete = (lab: Lab, LifecycleHookName: string, InstanceId: string) =>
  ask(lab, "CompleteLifecycleAction", { LifecycleHookName, InstanceId, LifecycleActionResult: "CONTINUE" });

async function states(lab: Lab): Promise<string[]> {
  return ((await pool(lab)).Instances ?? []).map((one) => one.LifecycleState!).sort();
}

async function ids(lab: Lab): Promise<string[]> {
  return ((await pool(lab)).Instances ?? []).map((one) => one.InstanceId!);
}

const ec2State = (lab: Lab, id: string) => lab.account.parts.ec2.instance(id)?.state;

/** Two instances in service of at most four, so two in the pool. */
async function poolLab(
  more: Partial<asg.PutWarmPoolType> = {},
  input: Partial<asg.CreateAutoScalingGroupType> = {},
  images?: string[],
): Promise<Lab> {
  const lab = await groupLab({ MinSize: 0, DesiredCapacity: 2, MaxSize: 4, ...input }, images);
  await ask(lab, "PutWarmPool", more);
  await lab.clock.advance(5 * MINUTE);
  return lab;
}

describe("a warm pool", () => {
  it("is filled up to the maximum with stopped instances that do not count as the group's", async () => {
    const lab = await poolLab();
    expect(await pool(lab)).toMatchObject({ WarmPoolConfiguration: { MinSize: 0, PoolState: "Stopped" } });
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped"]);
    for (const id of await ids(lab)) expect(ec2State(lab, id)).toBe("stopped");
    const found = await group(lab);
    expect(found).toMatchObject({ WarmPoolSize: 2, WarmPoolConfiguration: { PoolState: "Stopped" } });
    expect(found.Instances).toHaveLength(2);
    const all = await lab.call<asg.AutoScalingInstancesType>("autoscaling:DescribeAutoScalingInstances");
    expect(all.AutoScalingInstances?.map((one) => one.LifecycleState).sort()).toEqual([
      "InService",
      "InService",
      "Warmed:Stopped",
      "Warmed:Stopped",
    ]);
    const [newest] = await activities(lab);
    expect(newest).toMatchObject({ StatusCode: "Successful" });
    expect(newest?.Description).toMatch(/^Launching a new EC2 instance into warm pool: i-/);
  });

  it.each([
    [{ MaxGroupPreparedCapacity: 3 }, 1],
    [{ MaxGroupPreparedCapacity: 1 }, 0],
    [{ MaxGroupPreparedCapacity: 1, MinSize: 1 }, 1],
    [{ MinSize: 3 }, 3],
    [{ MaxGroupPreparedCapacity: 3, MinSize: 3 }, 3],
  ])("with %o has a size of %i", async (input, size) => {
    const lab = await poolLab(input);
    expect(await states(lab)).toHaveLength(size);
  });

  it("keeps what is not given when it is put again, and -1 takes the prepared capacity away", async () => {
    const lab = await poolLab({ MaxGroupPreparedCapacity: 2, MinSize: 1 });
    await ask(lab, "PutWarmPool", { InstanceReusePolicy: { ReuseOnScaleIn: true } });
    expect((await pool(lab)).WarmPoolConfiguration).toEqual({
      MaxGroupPreparedCapacity: 2,
      MinSize: 1,
      PoolState: "Stopped",
      InstanceReusePolicy: { ReuseOnScaleIn: true },
    });
    await ask(lab, "PutWarmPool", { MaxGroupPreparedCapacity: -1 });
    await lab.clock.advance(5 * MINUTE);
    expect((await pool(lab)).WarmPoolConfiguration?.MaxGroupPreparedCapacity).toBeUndefined();
    expect(await states(lab)).toHaveLength(2);
  });

  it("follows the maximum of the group, and the instances that are too many go", async () => {
    const lab = await poolLab();
    await ask(lab, "UpdateAutoScalingGroup", { MaxSize: 3 });
    await lab.clock.advance(3 * MINUTE);
    expect(await states(lab)).toHaveLength(1);
    await ask(lab, "UpdateAutoScalingGroup", { MaxSize: 5 });
    await lab.clock.advance(3 * MINUTE);
    expect(await states(lab)).toHaveLength(3);
  });

  it("is described in pages", async () => {
    const lab = await poolLab();
    const first = await pool(lab, { MaxRecords: 1 });
    const second = await pool(lab, { MaxRecords: 1, NextToken: first.NextToken });
    const both = [...first.Instances!, ...second.Instances!].map((one) => one.InstanceId);
    expect(both).toEqual(await ids(lab));
    expect(second.NextToken).toBeUndefined();
    expect(
      await lab.refusal("autoscaling:DescribeWarmPool", { AutoScalingGroupName: "web", MaxRecords: 51 }),
    ).toBe("ValidationError");
  });

  it("that does not exist is described as empty, and cannot be deleted", async () => {
    const lab = await groupLab();
    expect(await pool(lab)).toEqual({ Instances: [] });
    expect((await group(lab)).WarmPoolConfiguration).toBeUndefined();
    expect(await refusalText(lab, "autoscaling:DeleteWarmPool", { AutoScalingGroupName: "web" })).toMatch(
      /^ValidationError: No warm pool found/,
    );
  });

  it("of running instances keeps them running", async () => {
    const lab = await poolLab({ PoolState: "Running" });
    expect(await states(lab)).toEqual(["Warmed:Running", "Warmed:Running"]);
    for (const id of await ids(lab)) expect(ec2State(lab, id)).toBe("running");
  });

  it("of hibernated instances needs a template that says so, and their application is there at once", async () => {
    const lab = await groupLab({ MinSize: 0, DesiredCapacity: 1, MaxSize: 2 });
    const hibernated = { AutoScalingGroupName: "web", PoolState: "Hibernated" };
    expect(await lab.refusal("autoscaling:PutWarmPool", hibernated)).toBe("ValidationError");
    await lab.call("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateName: "web",
      SourceVersion: "1",
      LaunchTemplateData: { HibernationOptions: { Configured: true } },
    });
    await ask(lab, "UpdateAutoScalingGroup", { LaunchTemplate: { LaunchTemplateName: "web", Version: "2" } });
    await hook(lab, "warm", LAUNCHING, { HeartbeatTimeout: 120, DefaultResult: "CONTINUE" });
    await lab.call("autoscaling:PutWarmPool", hibernated);
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Hibernated"]);
    const [id] = await ids(lab);
    await desire(lab, 2);
    await lab.clock.advance(35_000);
    expect(lab.account.parts.ec2.respond(id!, 80, "/")).toEqual({ reachable: true, statusCode: 200 });
  });
});

describe("scale-out with a warm pool", () => {
  it("starts an instance of the pool, and launches only what the pool has not", async () => {
    const lab = await poolLab({ MaxGroupPreparedCapacity: 3 });
    const [id] = await ids(lab);
    await desire(lab, 4);
    await lab.clock.advance(3 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(4);
    expect(now).toContain(id);
    expect(await states(lab)).toEqual([]);
    const said = (await activities(lab)).map((one) => one.Description);
    expect(said).toContain(`Launching a new EC2 instance from warm pool: ${id}`);
    expect(said.filter((one) => one?.startsWith("Launching a new EC2 instance: "))).toHaveLength(3);
  });

  it("registers what comes out of the pool with the target groups, and nothing before", async () => {
    const lab = await webLab({ MinSize: 0, DesiredCapacity: 1, MaxSize: 2 });
    await ask(lab, "PutWarmPool");
    await lab.clock.advance(5 * MINUTE);
    const targets = (): string[] =>
      lab.account.parts.elb.targets(lab.targetGroup).map((one) => one.instanceId);
    const [id] = await ids(lab);
    expect(targets()).not.toContain(id);
    await desire(lab, 2);
    await lab.clock.advance(3 * MINUTE);
    expect(targets()).toContain(id);
  });

  it("refills the pool up to its minimum", async () => {
    const lab = await poolLab({ MinSize: 2 });
    await desire(lab, 4);
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).toHaveLength(4);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped"]);
  });

  it("replaces an instance that was lost out of the pool", async () => {
    const lab = await poolLab();
    const warm = await ids(lab);
    const [id] = await inService(lab);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(5 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(2);
    expect(now.some((one) => warm.includes(one))).toBe(true);
    expect(await states(lab)).toHaveLength(2);
  });
});

describe("scale-in with a warm pool", () => {
  it("terminates without a reuse policy, and the pool is filled with new ones", async () => {
    const lab = await poolLab();
    const before = await inService(lab);
    await desire(lab, 1);
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped", "Warmed:Stopped"]);
    expect((await ids(lab)).some((id) => before.includes(id))).toBe(false);
  });

  it("returns the instance to the pool with one", async () => {
    const lab = await poolLab({ InstanceReusePolicy: { ReuseOnScaleIn: true } });
    const before = await inService(lab);
    await desire(lab, 1);
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped", "Warmed:Stopped"]);
    const [returned] = (await ids(lab)).filter((id) => before.includes(id));
    expect(ec2State(lab, returned!)).toBe("stopped");
    await desire(lab, 4);
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toContain(returned);
  });

  it("terminates what a full pool has no room for", async () => {
    const lab = await poolLab({
      MaxGroupPreparedCapacity: 0,
      MinSize: 1,
      InstanceReusePolicy: { ReuseOnScaleIn: true },
    });
    await desire(lab, 1);
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped"]);
    expect(await inService(lab)).toHaveLength(1);
  });
});

describe("hooks of a group with a warm pool", () => {
  it("act on an instance that enters the pool, and again when it leaves it for service", async () => {
    const lab = await groupLab({ MinSize: 0, DesiredCapacity: 1, MaxSize: 2 });
    await hook(lab, "warm", LAUNCHING, {
      NotificationTargetARN: "arn:aws:sns:us-east-1:123456789012:alerts",
      RoleARN: "arn:aws:iam::123456789012:role/notifier",
    });
    await ask(lab, "PutWarmPool");
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Pending:Wait"]);
    const [id] = await ids(lab);
    expect(ec2State(lab, id!)).toBe("running");
    await complete(lab, "warm", id!);
    expect(await states(lab)).toEqual(["Warmed:Pending:Proceed"]);
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped"]);
    await desire(lab, 2);
    await lab.clock.advance(MINUTE);
    const found = (await instances(lab)).find((one) => one.InstanceId === id);
    expect(found?.LifecycleState).toBe("Pending:Wait");
    await complete(lab, "warm", id!);
    await lab.clock.advance(10_000);
    expect(await inService(lab)).toContain(id);
    const told = lab.account.publications().map((one) => JSON.parse(one.message) as Record<string, string>);
    expect(told.slice(1).map((one) => `${one.Origin} ${one.Destination}`)).toEqual([
      "EC2 WarmPool",
      "WarmPool AutoScalingGroup",
    ]);
  });

  it("act on an instance that returns to the pool, as on one that terminates", async () => {
    const lab = await poolLab({ InstanceReusePolicy: { ReuseOnScaleIn: true } });
    await hook(lab, "logs", TERMINATING);
    await desire(lab, 1);
    await lab.clock.advance(MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Pending:Wait", "Warmed:Stopped", "Warmed:Stopped"]);
    const waiting = (await pool(lab)).Instances?.find((one) => one.LifecycleState === "Warmed:Pending:Wait");
    await complete(lab, "logs", waiting?.InstanceId ?? "");
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped", "Warmed:Stopped"]);
  });

  it("hold up the termination of an instance of the pool, but not a forced one", async () => {
    const lab = await poolLab();
    await hook(lab, "logs", TERMINATING);
    await ask(lab, "PutWarmPool", { MaxGroupPreparedCapacity: 3 });
    await lab.clock.advance(MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Terminating:Wait"]);
    await ask(lab, "DeleteWarmPool", { ForceDelete: true });
    expect((await pool(lab)).WarmPoolConfiguration?.Status).toBe("PendingDelete");
    await lab.clock.advance(2 * MINUTE);
    expect(await pool(lab)).toEqual({ Instances: [] });
  });

  it("that abandon an initialisation make it tried again", async () => {
    const lab = await groupLab({ MinSize: 0, DesiredCapacity: 1, MaxSize: 2 });
    await hook(lab, "warm", LAUNCHING, { HeartbeatTimeout: 60 });
    await ask(lab, "PutWarmPool");
    await lab.clock.advance(MINUTE);
    const [first] = await ids(lab);
    await lab.clock.advance(4 * MINUTE);
    const now = await ids(lab);
    expect(now).toHaveLength(1);
    expect(now).not.toContain(first);
    const said = (await activities(lab)).find((one) => one.StatusCode === "Cancelled");
    expect(said?.Description).toMatch(
      /^Launching a new EC2 instance into warm pool: i-\w+\. {2}Status Reason: /,
    );
  });
});

describe("the health of a warm pool", () => {
  it("is that of EC2: what is lost is replaced", async () => {
    const lab = await poolLab();
    const [id] = await ids(lab);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(6 * MINUTE);
    expect(await states(lab)).toEqual(["Warmed:Stopped", "Warmed:Stopped"]);
    expect(await ids(lab)).not.toContain(id);
  });

  it("is that of status checks while instances run", async () => {
    const lab = await poolLab({ PoolState: "Running" });
    const [id] = await ids(lab);
    lab.account.control.impair(id!, { system: true, instance: false });
    await lab.clock.advance(15 * MINUTE);
    expect(await ids(lab)).not.toContain(id);
    expect(await states(lab)).toEqual(["Warmed:Running", "Warmed:Running"]);
  });

  it("is what the user says, whatever the group's grace period", async () => {
    const lab = await poolLab({}, { HealthCheckGracePeriod: 3_600 });
    const [id] = await ids(lab);
    await lab.call("autoscaling:SetInstanceHealth", { InstanceId: id, HealthStatus: "Unhealthy" });
    await lab.clock.advance(5 * MINUTE);
    expect(await ids(lab)).not.toContain(id);
    expect(await states(lab)).toHaveLength(2);
  });
});

describe("an instance refresh of a group with a warm pool", () => {
  it("replaces the instances in service, then those of the pool", async () => {
    const lab = await poolLab({}, {}, ["ami-12345678", "ami-12345678"]);
    await ask(lab, "StartInstanceRefresh", {
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: "web", Version: "2" } },
      Preferences: { InstanceWarmup: 0 },
    });
    const seen: (asg.InstanceRefreshProgressDetails | undefined)[] = [];
    for (let look = 0; look < 60; look += 1) {
      await lab.clock.advance(5_000);
      const answer = await ask<asg.DescribeInstanceRefreshesAnswer>(lab, "DescribeInstanceRefreshes");
      seen.push(answer.InstanceRefreshes?.[0]?.ProgressDetails);
    }
    const early = seen.filter((one) => (one?.LivePoolProgress?.PercentageComplete ?? 100) < 100);
    expect(early.length).toBeGreaterThan(0);
    for (const one of early) {
      expect(one?.WarmPoolProgress).toEqual({ PercentageComplete: 0, InstancesToUpdate: 2 });
    }
    await lab.clock.advance(HOUR);
    const after = await ask<asg.DescribeInstanceRefreshesAnswer>(lab, "DescribeInstanceRefreshes");
    expect(after.InstanceRefreshes?.[0]).toMatchObject({
      Status: "Successful",
      InstancesToUpdate: 0,
      ProgressDetails: {
        LivePoolProgress: { PercentageComplete: 100, InstancesToUpdate: 0 },
        WarmPoolProgress: { PercentageComplete: 100, InstancesToUpdate: 0 },
      },
    });
    expect((await instances(lab)).map((one) => one.LaunchTemplate?.Version)).toEqual(["2", "2"]);
    expect((await pool(lab)).Instances?.map((one) => one.LaunchTemplate?.Version)).toEqual(["2", "2"]);
  });

  it("keeps a pool from being put", async () => {
    const lab = await groupLab();
    await ask(lab, "StartInstanceRefresh");
    expect(await lab.refusal("autoscaling:PutWarmPool", { AutoScalingGroupName: "web" })).toBe(
      "InstanceRefreshInProgress",
    );
  });
});

describe("a warm pool is refused", () => {
  const spot = {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    InstanceMarketOptions: { MarketType: "spot" },
  };

  it("to a group that asks for Spot Instances, and such a template to a group that has one", async () => {
    const lab = await poolLab();
    await lab.call("ec2:CreateLaunchTemplate", { LaunchTemplateName: "spot", LaunchTemplateData: spot });
    const template = { LaunchTemplateName: "spot", Version: "1" };
    await lab.call("autoscaling:CreateAutoScalingGroup", {
      ...GROUP,
      AutoScalingGroupName: "spot",
      LaunchTemplate: template,
      MinSize: 0,
    });
    expect(await refusalText(lab, "autoscaling:PutWarmPool", { AutoScalingGroupName: "spot" })).toBe(
      "ValidationError: You can't add a warm pool to an Auto Scaling group that requests Spot Instances.",
    );
    const update = { AutoScalingGroupName: "web", LaunchTemplate: template };
    expect(await lab.refusal("autoscaling:UpdateAutoScalingGroup", update)).toBe("ValidationError");
    expect((await group(lab)).LaunchTemplate?.LaunchTemplateName).toBe("web");
  });

  it("its deletion while it has instances, and the group's with it, unless they are forced", async () => {
    const lab = await poolLab({}, { DesiredCapacity: 0, MaxSize: 1 });
    const name = { AutoScalingGroupName: "web" };
    expect(await states(lab)).toEqual(["Warmed:Stopped"]);
    expect(await lab.refusal("autoscaling:DeleteWarmPool", name)).toBe("ResourceInUse");
    expect(await lab.refusal("autoscaling:DeleteAutoScalingGroup", name)).toBe("ResourceInUse");
    await ask(lab, "PutWarmPool", { MaxGroupPreparedCapacity: 0 });
    await lab.clock.advance(10_000);
    expect(await lab.refusal("autoscaling:DeleteWarmPool", name)).toBe("ScalingActivityInProgress");
    await lab.clock.advance(2 * MINUTE);
    await ask(lab, "DeleteWarmPool");
    await lab.clock.advance(10_000);
    expect(await pool(lab)).toEqual({ Instances: [] });
    await ask(lab, "PutWarmPool");
    await lab.clock.advance(3 * MINUTE);
    const [id] = await ids(lab);
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    await lab.clock.advance(2 * MINUTE);
    expect(ec2State(lab, id!)).toBe("terminated");
    const left = await lab.call<asg.AutoScalingGroupsType>("autoscaling:DescribeAutoScalingGroups");
    expect(left.AutoScalingGroups).toEqual([]);
  });

  it("the termination of one of its instances as one of the group's", async () => {
    const lab = await poolLab();
    const [id] = await ids(lab);
    const input = { InstanceId: id, ShouldDecrementDesiredCapacity: false };
    expect(await lab.refusal("autoscaling:TerminateInstanceInAutoScalingGroup", input)).toBe(
      "ValidationError",
    );
  });
});
