import { describe, expect, it } from "vitest";
import { buildLab, type Lab, makeGroup } from "../support.ts";

export interface Event {
  id: string;
  "detail-type": string;
  source: string;
  time: string;
  resources: string[];
  detail: Record<string, unknown>;
}

const RULE_ARN = "arn:aws:events:us-east-1:123456789012:rule/tiers";
const QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:tiers";

function policyFor(rule: string): string {
  const allow = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: QUEUE_ARN,
    Condition: { ArnEquals: { "aws:SourceArn": rule } },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
}

async function listen(
  lab: Lab,
  pattern: object,
  more: { Policy?: string; State?: string } = {},
): Promise<string> {
  const { Policy = policyFor(RULE_ARN), State = "ENABLED" } = more;
  const { QueueUrl } = await lab.call<{ QueueUrl: string }>("sqs:CreateQueue", {
    QueueName: "tiers",
    Attributes: Policy === "" ? {} : { Policy },
  });
  await lab.call("events:PutRule", { Name: "tiers", EventPattern: JSON.stringify(pattern), State });
  await lab.call("events:PutTargets", { Rule: "tiers", Targets: [{ Id: "queue", Arn: QUEUE_ARN }] });
  return QueueUrl;
}

async function heard(lab: Lab, QueueUrl: string): Promise<Event[]> {
  const all: Event[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10 };
    const { Messages = [] } = await lab.call<{ Messages?: { Body: string }[] }>("sqs:ReceiveMessage", input);
    if (Messages.length === 0) return all;
    all.push(...Messages.map(({ Body }) => JSON.parse(Body) as Event));
  }
}

async function launch(lab: Lab, more: object = {}): Promise<string> {
  const { Instances } = await lab.call<{ Instances: { InstanceId: string }[] }>("ec2:RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    SubnetId: "subnet-1a",
    MinCount: 1,
    MaxCount: 1,
    ...more,
  });
  return Instances[0]!.InstanceId;
}

const group = (lab: Lab, size: number) => makeGroup(lab, { MinSize: 0, MaxSize: 4, DesiredCapacity: size });

describe("a rule", () => {
  it("is described, listed, replaced, disabled and deleted: events/put-overwrites, events/delete-rule", async () => {
    const lab = buildLab();
    await listen(lab, { source: ["aws.ec2"] });
    await lab.call("events:PutRule", { Name: "tiers", EventPattern: '{"source":["aws.autoscaling"]}' });
    expect(await lab.call("events:DescribeRule", { Name: "tiers" })).toMatchObject({
      Arn: RULE_ARN,
      EventPattern: '{"source":["aws.autoscaling"]}',
      State: "ENABLED",
    });
    await lab.call("events:DisableRule", { Name: "tiers" });
    expect(await lab.call("events:ListRules", { NamePrefix: "ti" })).toMatchObject({
      Rules: [{ Name: "tiers", State: "DISABLED" }],
    });
    expect(await lab.call("events:ListTargetsByRule", { Rule: "tiers" })).toMatchObject({
      Targets: [{ Id: "queue", Arn: QUEUE_ARN }],
    });
    expect(await lab.call("events:ListRuleNamesByTarget", { TargetArn: QUEUE_ARN })).toMatchObject({
      RuleNames: ["tiers"],
    });
    expect(await lab.refusal("events:DeleteRule", { Name: "tiers" })).toBe("ValidationException");
    await lab.call("events:RemoveTargets", { Rule: "tiers", Ids: ["queue"] });
    await lab.call("events:DeleteRule", { Name: "tiers" });
    expect(await lab.refusal("events:DescribeRule", { Name: "tiers" })).toBe("ResourceNotFoundException");
    expect(await lab.refusal("events:DeleteRule", { Name: "tiers" })).toBe("no error");
  });

  it("is refused with a pattern that is none, and with targets that are no queues", async () => {
    const lab = buildLab();
    const put = (EventPattern: string) => lab.refusal("events:PutRule", { Name: "tiers", EventPattern });
    expect(await put('{"source":"aws.ec2"}')).toBe("InvalidEventPatternException");
    expect(await put('{"source":["aws.ec2"]}')).toBe("no error");
    const topic = { Id: "a", Arn: "arn:aws:sns:us-east-1:123456789012:alerts" };
    expect(await lab.refusal("events:PutTargets", { Rule: "tiers", Targets: [topic] })).toBe(
      "ValidationException",
    );
    expect(await lab.refusal("events:EnableRule", { Name: "other" })).toBe("ResourceNotFoundException");
  });

  it("sends only what the queue's policy lets it send: events to a queue, sqs/policy-for-rules", async () => {
    for (const [Policy, count] of [
      [policyFor(RULE_ARN), 1],
      [policyFor(`${RULE_ARN}s`), 0],
      ["", 0],
    ] as const) {
      const lab = buildLab();
      const url = await listen(lab, { source: ["aws.ec2"], detail: { state: ["pending"] } }, { Policy });
      await launch(lab);
      await lab.clock.advance(60_000);
      expect(await heard(lab, url)).toHaveLength(count);
    }
  });

  it("that is disabled sends nothing", async () => {
    const lab = buildLab();
    const url = await listen(lab, { source: ["aws.ec2"] }, { State: "DISABLED" });
    await launch(lab);
    await lab.clock.advance(60_000);
    expect(await heard(lab, url)).toEqual([]);
  });
});

describe("EC2, Auto Scaling and CloudWatch", () => {
  it("tell of the states of instances: events/of-instances, events/envelope", async () => {
    const lab = buildLab();
    const url = await listen(lab, { source: ["aws.ec2"] });
    const id = await launch(lab);
    await lab.clock.advance(200_000);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(200_000);
    const events = await heard(lab, url);
    const states = ["pending", "running", "shutting-down", "terminated"];
    expect(events.map(({ detail }) => detail.state)).toEqual(states);
    expect(events[0]).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account: "123456789012",
      time: expect.stringMatching(/^2026-01-01T00:00:\d\dZ$/),
      region: "us-east-1",
      resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
      detail: { "instance-id": id, state: "pending" },
    });
  });

  it("tell of launches, lifecycle actions, refreshes and terminations: events/of-groups", async () => {
    const lab = buildLab();
    const url = await listen(lab, { source: ["aws.autoscaling"] });
    await group(lab, 0);
    await lab.call("autoscaling:PutLifecycleHook", {
      AutoScalingGroupName: "web",
      LifecycleHookName: "boot",
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      HeartbeatTimeout: 30,
      DefaultResult: "CONTINUE",
    });
    await lab.call("autoscaling:SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity: 1 });
    await lab.clock.advance(600_000);
    await lab.call("autoscaling:StartInstanceRefresh", { AutoScalingGroupName: "web" });
    await lab.clock.advance(60_000);
    await lab.call("autoscaling:CancelInstanceRefresh", { AutoScalingGroupName: "web" });
    await lab.clock.advance(900_000);
    const events = await heard(lab, url);
    const told = new Set(events.map((event) => event["detail-type"]));
    expect([...told].sort()).toEqual([
      "EC2 Auto Scaling Instance Refresh Cancelled",
      "EC2 Auto Scaling Instance Refresh Started",
      "EC2 Instance Launch Successful",
      "EC2 Instance Terminate Successful",
      "EC2 Instance-launch Lifecycle Action",
    ]);
    const launched = events.find((event) => event["detail-type"] === "EC2 Instance Launch Successful");
    expect(launched?.resources[0]).toMatch(/:autoScalingGroup:.*:autoScalingGroupName\/web$/);
    expect(launched?.resources[1]).toMatch(/:instance\/i-/);
    expect(launched?.detail).toMatchObject({
      StatusCode: "InProgress",
      AutoScalingGroupName: "web",
      Origin: "EC2",
      Destination: "AutoScalingGroup",
      Details: { "Availability Zone": "us-east-1a" },
    });
    const started = events.find(({ "detail-type": type }) => type.endsWith("Refresh Started"));
    expect(started?.detail).toEqual({
      InstanceRefreshId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      AutoScalingGroupName: "web",
    });
  });

  it("tell of instances that are detached", async () => {
    const lab = buildLab();
    const url = await listen(lab, { "detail-type": [{ prefix: "EC2 Instance Detach" }] });
    await group(lab, 1);
    await lab.clock.advance(300_000);
    const { AutoScalingInstances: members } = await lab.call<{
      AutoScalingInstances: { InstanceId: string }[];
    }>("autoscaling:DescribeAutoScalingInstances");
    const InstanceIds = [members[0]!.InstanceId];
    const detach = { AutoScalingGroupName: "web", InstanceIds, ShouldDecrementDesiredCapacity: true };
    await lab.call("autoscaling:DetachInstances", detach);
    await lab.clock.advance(60_000);
    expect(await heard(lab, url)).toMatchObject([
      { "detail-type": "EC2 Instance Detach Successful", detail: { EC2InstanceId: InstanceIds[0] } },
    ]);
  });

  it("tell before a Spot Instance is taken back: events/of-spot-instances", async () => {
    const lab = buildLab();
    const url = await listen(lab, { detail: { state: [{ exists: false }] } });
    const id = await launch(lab, { InstanceMarketOptions: { MarketType: "spot" } });
    await lab.clock.advance(60_000);
    lab.account.control.interrupt(id, 60_000);
    await lab.clock.advance(90_000);
    const events = await heard(lab, url);
    expect(events.map(({ "detail-type": type, resources, detail }) => [type, resources, detail])).toEqual([
      [
        "EC2 Instance Rebalance Recommendation",
        [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
        { "instance-id": id },
      ],
      [
        "EC2 Spot Instance Interruption Warning",
        [`arn:aws:ec2:us-east-1a:instance/${id}`],
        { "instance-id": id, "instance-action": "terminate" },
      ],
    ]);
  });

  it("tell of alarms: events/of-alarms", async () => {
    const lab = buildLab();
    const url = await listen(lab, { source: ["aws.cloudwatch"] });
    const alarm = {
      AlarmName: "busy",
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "InstanceId", Value: "i-1" }],
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 50,
      ComparisonOperator: "GreaterThanThreshold",
    };
    await lab.call("cloudwatch:PutMetricAlarm", alarm);
    await lab.call("cloudwatch:PutMetricAlarm", { ...alarm, Threshold: 60 });
    await lab.call("cloudwatch:SetAlarmState", {
      AlarmName: "busy",
      StateValue: "ALARM",
      StateReason: "a test",
    });
    await lab.call("cloudwatch:DeleteAlarms", { AlarmNames: ["busy"] });
    await lab.clock.advance(10_000);
    const events = await heard(lab, url);
    const changes = events.filter(
      (event) => event["detail-type"] === "CloudWatch Alarm Configuration Change",
    );
    expect(changes.map(({ detail }) => detail.operation).sort()).toEqual(["create", "delete", "update"]);
    const update = changes.find(({ detail }) => detail.operation === "update");
    expect(update?.detail).toMatchObject({
      alarmName: "busy",
      configuration: { threshold: 60 },
      previousConfiguration: { threshold: 50 },
    });
    const [state] = events.filter((event) => event["detail-type"] === "CloudWatch Alarm State Change");
    expect(state).toMatchObject({
      resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:busy"],
      detail: {
        alarmName: "busy",
        state: { value: "ALARM", reason: "a test" },
        previousState: { value: "INSUFFICIENT_DATA" },
        configuration: {
          metrics: [
            { metricStat: { metric: { name: "CPUUtilization", dimensions: { InstanceId: "i-1" } } } },
          ],
        },
      },
    });
  });
});

describe("events that are in trouble", () => {
  const service = { delay: [5_000, 5_000] as const };

  it("come after the delay that is set", async () => {
    const lab = buildLab({ troubles: { service } });
    const url = await listen(lab, { detail: { state: ["pending"] } });
    await launch(lab);
    await lab.clock.advance(3_000);
    expect(await heard(lab, url)).toEqual([]);
    await lab.clock.advance(3_000);
    expect(await heard(lab, url)).toHaveLength(1);
  });

  it("are lost, or come twice with the same id", async () => {
    const lab = buildLab({ troubles: { service: { ...service, lossRate: 1 } } });
    const url = await listen(lab, { detail: { state: ["pending"] } });
    await launch(lab);
    await lab.clock.advance(60_000);
    expect(await heard(lab, url)).toEqual([]);
    lab.account.setTroubles({ service: { lossRate: 0, duplicateRate: 1 } });
    await launch(lab);
    await lab.clock.advance(60_000);
    const events = await heard(lab, url);
    expect(events).toHaveLength(2);
    expect(events[0]?.id).toBe(events[1]?.id);
  });

  it("are overtaken by what happened after them", async () => {
    const lab = buildLab({
      troubles: { service: { delay: [0, 0], lateRate: 0.5, late: [300_000, 300_000] } },
    });
    const url = await listen(lab, { detail: { state: ["pending"] } });
    for (let count = 0; count < 8; count += 1) await launch(lab);
    await lab.clock.advance(400_000);
    const times = (await heard(lab, url)).map(({ time }) => time);
    expect(times).toHaveLength(8);
    expect(times).not.toEqual(times.toSorted());
  });

  it("cannot have shares and ranges that are none", () => {
    const { account } = buildLab();
    expect(() => account.setTroubles({ service: { lossRate: 2 } })).toThrow("lossRate");
    expect(() => account.setTroubles({ cloudtrail: { delay: [2, 1] } })).toThrow("delay");
    expect(account.troubles.service.lossRate).toBe(0);
  });
});

describe("without a rule", () => {
  it("nothing is drawn: the account goes the way that it goes with one which matches nothing", async () => {
    const run = async (hears: boolean): Promise<string[]> => {
      const lab = buildLab();
      if (hears) {
        await listen(lab, { source: ["nobody"] });
        await lab.call("cloudtrail:CreateTrail", { Name: "all", S3BucketName: "logs" });
        await lab.call("cloudtrail:StartLogging", { Name: "all" });
      } else {
        // As many calls, which draw as much.
        await lab.call("sqs:CreateQueue", { QueueName: "other" });
        for (let count = 0; count < 4; count += 1)
          await lab.call("ec2:CreateTags", { Resources: ["subnet-1a"], Tags: [] });
      }
      return [await launch(lab), await launch(lab)];
    };
    expect(await run(true)).toEqual(await run(false));
  });
});
