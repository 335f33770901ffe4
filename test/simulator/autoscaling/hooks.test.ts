import type * as asg from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "vitest";
import { health, type Lab } from "../support.ts";
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
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const ROLE = "arn:aws:iam::123456789012:role/notifier";

const put = (lab: Lab, name: string, more: Partial<asg.PutLifecycleHookType>): Promise<object> =>
  ask(lab, "PutLifecycleHook", { LifecycleHookName: name, ...more });
const complete = (lab: Lab, LifecycleHookName: string, LifecycleActionResult: string, by: object) =>
  ask(lab, "CompleteLifecycleAction", { LifecycleHookName, LifecycleActionResult, ...by });
const desire = (lab: Lab, DesiredCapacity: number): Promise<object> =>
  ask(lab, "SetDesiredCapacity", { DesiredCapacity });

async function states(lab: Lab): Promise<string[]> {
  return (await instances(lab)).map((one) => one.LifecycleState!).sort();
}

async function waiting(lab: Lab, state = "Pending:Wait"): Promise<string[]> {
  return (await instances(lab)).filter((one) => one.LifecycleState === state).map((one) => one.InstanceId!);
}

function messages(lab: Lab): Record<string, string>[] {
  return lab.account
    .publications()
    .map(({ topicArn, message }) => ({ topicArn, ...(JSON.parse(message) as object) }));
}

/** One more instance than the two in service, waiting for the hook `warm`. */
async function launchLab(more: Partial<asg.PutLifecycleHookType> = {}): Promise<Lab & { id: string }> {
  const lab = await groupLab();
  await put(lab, "warm", { LifecycleTransition: LAUNCHING, ...more });
  await desire(lab, 3);
  await lab.clock.advance(MINUTE);
  const [id] = await waiting(lab);
  return { ...lab, id: id! };
}

/** One of two instances on its way out, waiting for the hook `logs`. */
async function terminationLab(
  more: Partial<asg.PutLifecycleHookType> = {},
  input: Partial<asg.CreateAutoScalingGroupType> = {},
): Promise<Lab & { id: string }> {
  const lab = await groupLab({ MinSize: 0, DesiredCapacity: 2, ...input });
  await put(lab, "logs", { LifecycleTransition: TERMINATING, ...more });
  await desire(lab, 1);
  await lab.clock.advance(MINUTE);
  const [id] = await waiting(lab, "Terminating:Wait");
  return { ...lab, id: id! };
}

describe("a lifecycle hook", () => {
  it("has AWS's defaults, and the longest wait that follows from its heartbeat", async () => {
    const lab = await groupLab();
    await put(lab, "warm", { LifecycleTransition: LAUNCHING });
    await put(lab, "logs", { LifecycleTransition: TERMINATING, HeartbeatTimeout: 60 });
    const { LifecycleHooks } = await ask<asg.DescribeLifecycleHooksAnswer>(lab, "DescribeLifecycleHooks");
    expect(LifecycleHooks).toEqual([
      expect.objectContaining({
        LifecycleHookName: "warm",
        AutoScalingGroupName: "web",
        HeartbeatTimeout: 3_600,
        GlobalTimeout: 172_800,
        DefaultResult: "ABANDON",
      }),
      expect.objectContaining({ LifecycleHookName: "logs", HeartbeatTimeout: 60, GlobalTimeout: 6_000 }),
    ]);
    const named = { LifecycleHookNames: ["logs", "none"] };
    const found = await ask<asg.DescribeLifecycleHooksAnswer>(lab, "DescribeLifecycleHooks", named);
    expect(found.LifecycleHooks?.map((hook) => hook.LifecycleHookName)).toEqual(["logs"]);
  });

  it("keeps what is not given when it is put again, and loses its target to an empty one", async () => {
    const lab = await groupLab();
    const target = { NotificationTargetARN: TOPIC, RoleARN: ROLE };
    await put(lab, "warm", { LifecycleTransition: LAUNCHING, NotificationMetadata: "m", ...target });
    await put(lab, "warm", { HeartbeatTimeout: 30 });
    const described = () => ask<asg.DescribeLifecycleHooksAnswer>(lab, "DescribeLifecycleHooks");
    expect((await described()).LifecycleHooks).toEqual([
      expect.objectContaining({ ...target, HeartbeatTimeout: 30, NotificationMetadata: "m" }),
    ]);
    await put(lab, "warm", { NotificationTargetARN: "" });
    const [hook] = (await described()).LifecycleHooks!;
    expect([hook?.NotificationTargetARN, hook?.RoleARN]).toEqual([undefined, undefined]);
  });

  it("sends its target a test message, and is refused with one that takes none", async () => {
    const lab = await groupLab();
    await put(lab, "warm", { LifecycleTransition: LAUNCHING, NotificationTargetARN: TOPIC, RoleARN: ROLE });
    expect(messages(lab)).toEqual([
      expect.objectContaining({ topicArn: TOPIC, Event: "autoscaling:TEST_NOTIFICATION" }),
    ]);
    const lost = { NotificationTargetARN: `${TOPIC}-lost`, RoleARN: ROLE };
    const input = { ...lost, LifecycleHookName: "other", LifecycleTransition: LAUNCHING };
    const text = `ValidationError: Unable to publish test message to notification target ${TOPIC}-lost using IAM role ${ROLE}. Please check your target and role configuration and try to put lifecycle hook again.`;
    const asked = { AutoScalingGroupName: "web", ...input };
    expect(await refusalText(lab, "autoscaling:PutLifecycleHook", asked)).toBe(text);
    const created = { ...GROUP, AutoScalingGroupName: "new", LifecycleHookSpecificationList: [input] };
    expect(await refusalText(lab, "autoscaling:CreateAutoScalingGroup", created)).toBe(text);
    expect(
      (await lab.call<asg.AutoScalingGroupsType>("autoscaling:DescribeAutoScalingGroups")).AutoScalingGroups,
    ).toHaveLength(1);
  });

  it("is one of at most 50 of a group", async () => {
    const lab = await groupLab();
    for (let index = 0; index < 50; index += 1)
      await put(lab, `h${index}`, { LifecycleTransition: LAUNCHING });
    await put(lab, "h1", { HeartbeatTimeout: 60 });
    const more = { AutoScalingGroupName: "web", LifecycleHookName: "more", LifecycleTransition: LAUNCHING };
    expect(await lab.refusal("autoscaling:PutLifecycleHook", more)).toBe("LimitExceeded");
  });

  it("can be of two types", async () => {
    const lab = await groupLab();
    expect(await lab.call("autoscaling:DescribeLifecycleHookTypes")).toEqual({
      LifecycleHookTypes: [LAUNCHING, TERMINATING],
    });
  });

  it("that is not there can neither be deleted nor completed", async () => {
    const lab = await groupLab();
    for (const operation of ["DeleteLifecycleHook", "CompleteLifecycleAction"]) {
      const input = { AutoScalingGroupName: "web", LifecycleHookName: "none" };
      const more = { LifecycleActionResult: "CONTINUE", InstanceId: "i-1" };
      expect(await refusalText(lab, `autoscaling:${operation}`, { ...input, ...more })).toMatch(
        /^ValidationError: No Lifecycle Hook found/,
      );
    }
  });
});

describe("a launch with a hook", () => {
  it("waits out of service and away from its target group, then goes on", async () => {
    const lab = await webLab({
      LifecycleHookSpecificationList: [{ LifecycleHookName: "warm", LifecycleTransition: LAUNCHING }],
    });
    expect(await states(lab)).toEqual(["Pending:Wait", "Pending:Wait"]);
    const [first] = await waiting(lab);
    const targets = async (): Promise<string[]> =>
      lab.account.parts.elb.targets(lab.targetGroup).map((one) => one.instanceId);
    expect(await targets()).toEqual([]);
    expect((await activities(lab)).map((one) => one.StatusCode)).toEqual([
      "MidLifecycleAction",
      "MidLifecycleAction",
    ]);
    await complete(lab, "warm", "CONTINUE", { InstanceId: first });
    expect(await states(lab)).toEqual(["Pending:Proceed", "Pending:Wait"]);
    await lab.clock.advance(MINUTE);
    expect(await inService(lab)).toEqual([first]);
    expect(await targets()).toEqual([first]);
    expect(await health(lab, lab.targetGroup, first!)).toBe("healthy");
    expect((await activities(lab)).map((one) => one.StatusCode)).toEqual([
      "MidLifecycleAction",
      "Successful",
    ]);
  });

  it("counts towards the capacity while it waits, so nothing else is launched", async () => {
    const lab = await launchLab();
    await lab.clock.advance(30 * MINUTE);
    expect(await states(lab)).toEqual(["InService", "InService", "Pending:Wait"]);
  });

  it("is abandoned when nobody completes it, which its activity says, and tried again", async () => {
    const lab = await launchLab({ HeartbeatTimeout: 300 });
    await lab.clock.advance(5 * MINUTE);
    const failed = (await activities(lab)).find(
      (one) => one.Description?.includes(lab.id) && one.StatusCode === "Cancelled",
    );
    expect(failed?.StatusMessage).toMatch(
      /^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token [0-9a-f-]{36} was abandoned: Heartbeat Timeout$/,
    );
    expect(failed?.Description).toBe(
      `Launching a new EC2 instance: ${lab.id}.  Status Reason: ${failed?.StatusMessage}`,
    );
    await lab.clock.advance(4 * MINUTE);
    const [again] = await waiting(lab);
    expect(again).toMatch(/^i-/);
    expect(again).not.toBe(lab.id);
    expect(lab.account.parts.ec2.instance(lab.id)?.state).toBe("terminated");
  });

  it("goes on by itself when the default result is CONTINUE", async () => {
    const lab = await launchLab({ HeartbeatTimeout: 300, DefaultResult: "CONTINUE" });
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).toContain(lab.id);
  });

  it("that is abandoned by hand says so", async () => {
    const lab = await launchLab();
    await complete(lab, "warm", "ABANDON", { InstanceId: lab.id });
    const cancelled = (await activities(lab)).find((one) => one.StatusCode === "Cancelled");
    expect(cancelled?.StatusMessage).toMatch(
      /was abandoned: Lifecycle Action Completed with ABANDON Result$/,
    );
    await lab.clock.advance(4 * MINUTE);
    expect((await instances(lab)).map((one) => one.InstanceId)).not.toContain(lab.id);
  });

  it("waits a heartbeat longer from each one recorded, but never beyond 100 of them", async () => {
    const lab = await launchLab({ HeartbeatTimeout: 30, DefaultResult: "CONTINUE" });
    const beat = { AutoScalingGroupName: "web", LifecycleHookName: "warm" };
    for (let passed = 0; passed < 49; passed += 1) {
      const id = (await waiting(lab))[0] ?? "none";
      await lab.call("autoscaling:RecordLifecycleActionHeartbeat", { ...beat, InstanceId: id });
      await lab.clock.advance(20_000);
    }
    expect(await states(lab)).toContain("Pending:Wait");
    for (let passed = 0; passed < 110; passed += 1) {
      const [id] = await waiting(lab);
      if (id === undefined) break;
      await lab.call("autoscaling:RecordLifecycleActionHeartbeat", { ...beat, InstanceId: id });
      await lab.clock.advance(20_000);
    }
    expect(await waiting(lab)).toEqual([]);
    const refused = await refusalText(lab, "autoscaling:RecordLifecycleActionHeartbeat", {
      ...beat,
      InstanceId: "i-1",
    });
    expect(refused).toBe("ValidationError: No active Lifecycle Action found with instance ID i-1");
  });

  it("tells its target which instance waits and with which token, and the token completes it once", async () => {
    const lab = await launchLab({
      NotificationTargetARN: TOPIC,
      RoleARN: ROLE,
      NotificationMetadata: "blue",
    });
    const [, message] = messages(lab);
    expect(message).toMatchObject({
      LifecycleHookName: "warm",
      LifecycleTransition: LAUNCHING,
      EC2InstanceId: lab.id,
      NotificationMetadata: "blue",
      Origin: "EC2",
      Destination: "AutoScalingGroup",
    });
    const by = { LifecycleActionToken: message?.LifecycleActionToken };
    await complete(lab, "warm", "CONTINUE", by);
    await lab.clock.advance(10_000);
    expect(await inService(lab)).toContain(lab.id);
    const again = {
      AutoScalingGroupName: "web",
      LifecycleHookName: "warm",
      LifecycleActionResult: "CONTINUE",
    };
    expect(await refusalText(lab, "autoscaling:CompleteLifecycleAction", { ...again, ...by })).toBe(
      `ValidationError: No active Lifecycle Action found with token ${message?.LifecycleActionToken}`,
    );
  });

  it("waits for each of several hooks, and one that is abandoned ends the others", async () => {
    const lab = await groupLab();
    await put(lab, "warm", { LifecycleTransition: LAUNCHING });
    await put(lab, "scan", { LifecycleTransition: LAUNCHING });
    await desire(lab, 4);
    await lab.clock.advance(MINUTE);
    const [first, second] = await waiting(lab);
    await complete(lab, "warm", "CONTINUE", { InstanceId: first });
    expect(await waiting(lab)).toContain(first);
    await complete(lab, "scan", "CONTINUE", { InstanceId: first });
    await complete(lab, "scan", "ABANDON", { InstanceId: second });
    const warm = {
      AutoScalingGroupName: "web",
      LifecycleHookName: "warm",
      LifecycleActionResult: "CONTINUE",
    };
    expect(await lab.refusal("autoscaling:CompleteLifecycleAction", { ...warm, InstanceId: second })).toBe(
      "ValidationError",
    );
    await lab.clock.advance(10_000);
    expect(await inService(lab)).toContain(first);
  });

  it("is abandoned when its hook is deleted", async () => {
    const lab = await launchLab();
    await ask(lab, "DeleteLifecycleHook", { LifecycleHookName: "warm" });
    await lab.clock.advance(5 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(3);
    expect(now).not.toContain(lab.id);
  });

  it("is not health checked while it waits, and is replaced once it is in service", async () => {
    const lab = await launchLab();
    await lab.call("ec2:TerminateInstances", { InstanceIds: [lab.id] });
    await lab.clock.advance(5 * MINUTE);
    expect(await waiting(lab)).toEqual([lab.id]);
    await ask(lab, "PutLifecycleHook", {
      LifecycleHookName: "warm",
      DefaultResult: "CONTINUE",
      HeartbeatTimeout: 30,
    });
    await complete(lab, "warm", "CONTINUE", { InstanceId: lab.id });
    await lab.clock.advance(5 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(3);
    expect(now).not.toContain(lab.id);
  });
});

describe("a termination with a hook", () => {
  it("waits after the target group has drained it, and then goes on", async () => {
    const lab = await webLab({ MinSize: 0, DesiredCapacity: 2 });
    await put(lab, "logs", { LifecycleTransition: TERMINATING });
    await desire(lab, 1);
    await lab.clock.advance(MINUTE);
    expect(await states(lab)).toEqual(["InService", "Terminating"]);
    await lab.clock.advance(6 * MINUTE);
    const [id] = await waiting(lab, "Terminating:Wait");
    expect(lab.account.parts.ec2.instance(id!)?.state).toBe("running");
    await complete(lab, "logs", "CONTINUE", { InstanceId: id });
    expect(await states(lab)).toEqual(["InService", "Terminating:Proceed"]);
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["InService"]);
  });

  it.each(["CONTINUE", "ABANDON"])("ends with the instance gone, with %s as well", async (result) => {
    const lab = await terminationLab({ HeartbeatTimeout: 300, DefaultResult: result });
    await lab.clock.advance(7 * MINUTE);
    expect(await states(lab)).toEqual(["InService"]);
    expect(lab.account.parts.ec2.instance(lab.id)?.state).toBe("terminated");
  });

  it("continues when its hook is deleted", async () => {
    const lab = await terminationLab();
    await ask(lab, "DeleteLifecycleHook", { LifecycleHookName: "logs" });
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["InService"]);
  });

  it("waits also for an instance that EC2 has lost, whose place is taken meanwhile", async () => {
    const lab = await groupLab();
    await put(lab, "logs", { LifecycleTransition: TERMINATING });
    const [id] = await inService(lab);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toEqual(["InService", "InService", "Terminating:Wait"]);
    await complete(lab, "logs", "CONTINUE", { InstanceId: id });
    await lab.clock.advance(10_000);
    expect(await states(lab)).toEqual(["InService", "InService"]);
  });

  it("holds up a deletion that is not forced, and not one that is", async () => {
    const lab = await terminationLab();
    await desire(lab, 0);
    await lab.clock.advance(MINUTE);
    const name = { AutoScalingGroupName: "web" };
    expect(await lab.refusal("autoscaling:DeleteAutoScalingGroup", name)).toBe("ScalingActivityInProgress");
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    await lab.clock.advance(3 * MINUTE);
    const left = await lab.call<asg.AutoScalingGroupsType>("autoscaling:DescribeAutoScalingGroups");
    expect(left.AutoScalingGroups).toEqual([]);
  });

  it("makes an instance refresh wait for each instance", async () => {
    const lab = await groupLab({}, ["ami-12345678", "ami-12345678"]);
    await put(lab, "logs", { LifecycleTransition: TERMINATING, HeartbeatTimeout: 600 });
    await ask(lab, "StartInstanceRefresh", {
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: "web", Version: "2" } },
    });
    await lab.clock.advance(5 * MINUTE);
    expect(await states(lab)).toContain("Terminating:Wait");
    await lab.clock.advance(HOUR);
    const found = await group(lab);
    expect(found.LaunchTemplate?.Version).toBe("2");
    expect(found.Instances?.map((one) => one.LaunchTemplate?.Version)).toEqual(["2", "2"]);
  });
});

describe("an instance lifecycle policy that retains", () => {
  const RETAIN = {
    InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "retain" } },
  } as const;
  let lab: Lab & { id: string };
  beforeEach(async () => {
    lab = await terminationLab({ HeartbeatTimeout: 300 }, RETAIN);
    await lab.clock.advance(5 * MINUTE);
  });

  it("keeps an instance whose termination is abandoned, outside of the capacity", async () => {
    expect((await group(lab)).InstanceLifecyclePolicy).toEqual(RETAIN.InstanceLifecyclePolicy);
    expect(await states(lab)).toEqual(["InService", "Terminating:Retained"]);
    expect(lab.account.parts.ec2.instance(lab.id)?.state).toBe("running");
    await desire(lab, 2);
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["InService", "InService", "Terminating:Retained"]);
  });

  it("lets it go when the user terminates it", async () => {
    const { Activity } = await lab.call<asg.ActivityType>("autoscaling:TerminateInstanceInAutoScalingGroup", {
      InstanceId: lab.id,
      ShouldDecrementDesiredCapacity: false,
    });
    expect(Activity?.Description).toBe(`Terminating EC2 instance: ${lab.id}`);
    await lab.clock.advance(2 * MINUTE);
    expect(await states(lab)).toEqual(["InService"]);
  });

  it("refuses the forced deletion of the group until it is changed", async () => {
    const force = { AutoScalingGroupName: "web", ForceDelete: true };
    expect(await refusalText(lab, "autoscaling:DeleteAutoScalingGroup", force)).toBe(
      "ValidationError: You can't force delete this Auto Scaling group because the TerminateHookAbandon retention trigger is set to retain. Change the retention trigger to terminate and try again.",
    );
    await ask(lab, "UpdateAutoScalingGroup", {
      InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: "terminate" } },
    });
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    await lab.clock.advance(3 * MINUTE);
    expect(lab.account.parts.ec2.instance(lab.id)?.state).toBe("terminated");
  });
});
