import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { Lab } from "../support.ts";
import { activities, ask, groupLab, inService, MINUTE, refusalText } from "./support.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";
const event = (name: string): string => `autoscaling:EC2_INSTANCE_${name}`;

const put = (lab: Lab, names: string[], TopicARN = TOPIC): Promise<object> =>
  ask(lab, "PutNotificationConfiguration", { TopicARN, NotificationTypes: names.map(event) });
const described = (lab: Lab, input: object = {}) =>
  lab.call<asg.DescribeNotificationConfigurationsAnswer>(
    "autoscaling:DescribeNotificationConfigurations",
    input,
  );

/** Without the test messages. */
function told(lab: Lab): Record<string, unknown>[] {
  return lab.account
    .publications()
    .map(({ message, subject }): Record<string, unknown> => ({ ...(JSON.parse(message) as object), subject }))
    .filter((one) => one.Event !== "autoscaling:TEST_NOTIFICATION");
}

describe("a notification", () => {
  it("sends its topic a test message, and is described by group, topic and event", async () => {
    const lab = await groupLab();
    await put(lab, ["LAUNCH", "TERMINATE"]);
    expect(lab.account.publications().map((one) => [one.topicArn, one.subject])).toEqual([
      [TOPIC, 'Auto Scaling: test notification for group "web"'],
    ]);
    const both = ["LAUNCH", "TERMINATE"].map((name) => ({
      AutoScalingGroupName: "web",
      TopicARN: TOPIC,
      NotificationType: event(name),
    }));
    expect((await described(lab, { AutoScalingGroupNames: ["web"] })).NotificationConfigurations).toEqual(
      both,
    );
    expect((await described(lab, { AutoScalingGroupNames: ["other"] })).NotificationConfigurations).toEqual(
      [],
    );
    const first = await described(lab, { MaxRecords: 1 });
    const second = await described(lab, { MaxRecords: 1, NextToken: first.NextToken });
    expect([...first.NotificationConfigurations!, ...second.NotificationConfigurations!]).toEqual(both);
  });

  it("replaces what its topic was told before", async () => {
    const lab = await groupLab();
    await put(lab, ["LAUNCH", "TERMINATE"]);
    await put(lab, ["LAUNCH_ERROR"]);
    const { NotificationConfigurations: all } = await described(lab);
    expect(all?.map((one) => one.NotificationType)).toEqual([event("LAUNCH_ERROR")]);
  });

  it("tells its topic of launches and terminations, with their activities", async () => {
    const lab = await groupLab();
    await put(lab, ["LAUNCH", "TERMINATE"]);
    const before = await inService(lab);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(2 * MINUTE);
    const [id] = (await inService(lab)).filter((one) => !before.includes(one));
    const [newest] = await activities(lab);
    expect(told(lab)).toEqual([
      expect.objectContaining({
        Event: event("LAUNCH"),
        subject: 'Auto Scaling: launch for group "web"',
        AccountId: "123456789012",
        AutoScalingGroupName: "web",
        ActivityId: newest?.ActivityId,
        Description: `Launching a new EC2 instance: ${id}`,
        Cause: newest?.Cause,
        EC2InstanceId: id,
        Details: expect.objectContaining({ "Availability Zone": expect.any(String) }),
      }),
    ]);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 2 });
    await lab.clock.advance(2 * MINUTE);
    expect(told(lab).map((one) => one.Event)).toEqual([event("LAUNCH"), event("TERMINATE")]);
  });

  it("tells its topic of a launch that failed, and of no other event than it was put for", async () => {
    const lab = await groupLab();
    await put(lab, ["LAUNCH_ERROR"]);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(2 * MINUTE);
    expect(told(lab)).toEqual([]);
    for (const zone of ["a", "b", "c"]) lab.account.control.failZone(`us-east-1${zone}`);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 4 });
    await lab.clock.advance(10_000);
    expect(told(lab).length).toBeGreaterThan(0);
    expect(told(lab)[0]).toMatchObject({ Event: event("LAUNCH_ERROR"), StatusCode: "Failed" });
  });

  it("tells its topic of a launch that a hook abandoned, and of one into a warm pool", async () => {
    const lab = await groupLab({ MaxSize: 3 });
    await put(lab, ["LAUNCH", "LAUNCH_ERROR"]);
    await ask(lab, "PutWarmPool");
    await lab.clock.advance(3 * MINUTE);
    expect(told(lab).map((one) => one.Event)).toEqual([event("LAUNCH")]);
    await ask(lab, "PutLifecycleHook", {
      LifecycleHookName: "warm",
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      HeartbeatTimeout: 30,
    });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(2 * MINUTE);
    expect(told(lab)[1]).toMatchObject({ Event: event("LAUNCH_ERROR"), StatusCode: "Cancelled" });
  });

  it("is no more once it is deleted, which a second time is no error", async () => {
    const lab = await groupLab();
    await put(lab, ["LAUNCH"]);
    await ask(lab, "DeleteNotificationConfiguration", { TopicARN: TOPIC });
    await ask(lab, "DeleteNotificationConfiguration", { TopicARN: TOPIC });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(2 * MINUTE);
    expect((await described(lab)).NotificationConfigurations).toEqual([]);
    expect(told(lab)).toEqual([]);
  });

  it("is refused for a topic that does not exist, and for an eleventh", async () => {
    const lab = await groupLab();
    const input = { AutoScalingGroupName: "web", NotificationTypes: [event("LAUNCH")] };
    const lost = { ...input, TopicARN: `${TOPIC}-lost` };
    expect(await refusalText(lab, "autoscaling:PutNotificationConfiguration", lost)).toMatch(
      /^ValidationError: Unable to publish to notification topic/,
    );
    for (let index = 0; index < 11; index += 1) await lab.call("sns:CreateTopic", { Name: `t${index}` });
    const topic = (index: number): string => `arn:aws:sns:us-east-1:123456789012:t${index}`;
    for (let index = 0; index < 10; index += 1) await put(lab, ["LAUNCH"], topic(index));
    await put(lab, ["TERMINATE"], topic(0));
    const more = { ...input, TopicARN: topic(10) };
    expect(await lab.refusal("autoscaling:PutNotificationConfiguration", more)).toBe("LimitExceeded");
  });

  it("can be of five types", async () => {
    const lab = await groupLab();
    const names = ["LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR"].map(event);
    expect(await lab.call("autoscaling:DescribeAutoScalingNotificationTypes")).toEqual({
      AutoScalingNotificationTypes: [...names, "autoscaling:TEST_NOTIFICATION"],
    });
  });
});
