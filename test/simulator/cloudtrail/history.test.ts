import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/model/limits.ts";
import type { ServiceName } from "../../../src/simulator/services.ts";
import { buildLab, type Lab, makeGroup } from "../support.ts";

interface Found {
  Events: {
    EventId: string;
    EventName: string;
    Username: string;
    ReadOnly: string;
    EventTime: Date;
    Resources: { ResourceType: string; ResourceName: string }[];
    CloudTrailEvent: string;
  }[];
  NextToken?: string;
}

const AT_ONCE = { troubles: { lookupDelay: [0, 0] as const } };
const ADA = "arn:aws:sts::123456789012:assumed-role/Admin/ada@example.com";

const by = (lab: Lab, operation: string, input: object, caller: object): Promise<object> => {
  const [service, name] = operation.split(":") as [ServiceName, string];
  return lab.clock.resolve(lab.account.call(service, name, input, caller));
};

async function lookup(lab: Lab, key?: string, value?: string, more: object = {}): Promise<Found> {
  const attributes = key === undefined ? [] : [{ AttributeKey: key, AttributeValue: value }];
  return lab.call<Found>("cloudtrail:LookupEvents", { LookupAttributes: attributes, ...more });
}

async function recordOf(lab: Lab, name: string): Promise<Record<string, unknown>> {
  const { Events } = await lookup(lab, "EventName", name);
  expect(Events).not.toEqual([]);
  return JSON.parse(Events[0]!.CloudTrailEvent) as Record<string, unknown>;
}

const ALARM = {
  AlarmName: "busy",
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 50,
  ComparisonOperator: "GreaterThanThreshold",
};

describe("the record of a call", () => {
  it("says who did what, from where, with what, and what came of it: cloudtrail/record", async () => {
    const lab = buildLab({ ...AT_ONCE, principals: { ASIAADA: ADA } });
    const group = { Name: "web", Protocol: "HTTP", Port: 80, VpcId: "vpc-12345678" };
    const caller = {
      accessKeyId: "ASIAADA",
      userAgent: "aws-cli/2",
      sourceAddress: "192.0.2.7",
      requestId: "11111111-2222-3333-4444-555555555555",
    };
    await by(lab, "elasticloadbalancing:CreateTargetGroup", group, caller);
    const record = await recordOf(lab, "CreateTargetGroup");
    expect(record).toMatchObject({
      eventVersion: "1.11",
      userIdentity: {
        type: "AssumedRole",
        arn: ADA,
        accountId: "123456789012",
        accessKeyId: "ASIAADA",
        sessionContext: {
          sessionIssuer: { type: "Role", arn: "arn:aws:iam::123456789012:role/Admin", userName: "Admin" },
        },
      },
      eventTime: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/),
      eventSource: "elasticloadbalancing.amazonaws.com",
      eventName: "CreateTargetGroup",
      awsRegion: "us-east-1",
      sourceIPAddress: "192.0.2.7",
      userAgent: "aws-cli/2",
      requestParameters: { name: "web", protocol: "HTTP", port: 80, vpcId: "vpc-12345678" },
      responseElements: { targetGroups: [{ targetGroupName: "web" }] },
      requestID: "11111111-2222-3333-4444-555555555555",
      readOnly: false,
      eventType: "AwsApiCall",
      recipientAccountId: "123456789012",
    });
    const { Events } = await lookup(lab, "EventName", "CreateTargetGroup");
    expect(record.eventID).toBe(Events[0]?.EventId);
    expect(Events[0]).toMatchObject({ Username: "ada@example.com", ReadOnly: "false" });
  });

  it("tells the daemon's own key from others", async () => {
    const lab = buildLab(AT_ONCE);
    for (const accessKeyId of ["AKIASIMULATED", "simulated", "AKIAEVE", undefined]) {
      await by(lab, "cloudwatch:PutMetricAlarm", ALARM, accessKeyId === undefined ? {} : { accessKeyId });
    }
    const { Events } = await lookup(lab, "EventName", "PutMetricAlarm");
    expect(Events.map(({ Username }) => Username)).toEqual(["somebody", "AKIAEVE", "simulated", "simulated"]);
    const own = await by(lab, "sts:GetCallerIdentity", {}, { accessKeyId: "simulated" });
    const { Arn } = own as { Arn: string };
    expect(Arn).toBe("arn:aws:iam::123456789012:user/simulated");
    expect(JSON.parse(Events[3]!.CloudTrailEvent)).toMatchObject({
      userIdentity: { type: "IAMUser", arn: Arn },
    });
    expect(() => lab.account.setPrincipal("key", "arn:aws:s3:::bucket")).toThrow("no user");
  });

  it("says why a call was refused, and of EC2 whose fault it was", async () => {
    const lab = buildLab(AT_ONCE);
    await lab.refusal("ec2:TerminateInstances", { InstanceIds: ["i-0123456789abcdef0"] });
    await lab.refusal("autoscaling:SetDesiredCapacity", { AutoScalingGroupName: "none", DesiredCapacity: 1 });
    expect(await recordOf(lab, "TerminateInstances")).toMatchObject({
      errorCode: "Client.InvalidInstanceID.NotFound",
      requestParameters: { instancesSet: { items: [{ instanceId: "i-0123456789abcdef0" }] } },
      responseElements: null,
    });
    expect(await recordOf(lab, "SetDesiredCapacity")).toMatchObject({
      errorCode: "ValidationError",
      errorMessage: expect.stringContaining("none"),
    });
  });

  it("hides what is secret: cloudtrail/secrets, cloudtrail/launch-templates", async () => {
    const lab = buildLab(AT_ONCE);
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: "ami-12345678", UserData: "c2VjcmV0" },
    });
    await lab.call("ssm:PutParameter", { Name: "/a", Value: "s3cret", Type: "String" });
    expect(await recordOf(lab, "CreateLaunchTemplate")).toMatchObject({
      requestParameters: {
        CreateLaunchTemplateRequest: {
          LaunchTemplateName: "web",
          LaunchTemplateData: { ImageId: "ami-12345678", UserData: "<sensitiveDataRemoved>" },
        },
      },
      responseElements: { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateName: "web" } } },
    });
    expect(await recordOf(lab, "PutParameter")).toMatchObject({
      requestParameters: { name: "/a", value: "HIDDEN_DUE_TO_SECURITY_REASONS" },
    });
    const { Events } = await lookup(lab);
    expect(JSON.stringify(Events)).not.toMatch(/c2VjcmV0|s3cret/);
  });

  it("of a read has no answer; of a call that never arrived there is none", async () => {
    const lab = buildLab(AT_ONCE);
    await lab.call("ec2:DescribeSubnets", { SubnetIds: ["subnet-1a"] });
    expect(await recordOf(lab, "DescribeSubnets")).toMatchObject({ readOnly: true, responseElements: null });
    const fault = { kind: "lost", afterMs: 0 } as const;
    lab.account.faults.add({ service: "ec2", operation: "CreateTags", when: "before", fault, times: 1 });
    await lab.refusal("ec2:CreateTags", { Resources: ["subnet-1a"], Tags: [{ Key: "a", Value: "1" }] });
    expect((await lookup(lab, "EventName", "CreateTags")).Events).toEqual([]);
  });

  it("of Auto Scaling's own calls names its service-linked role: cloudtrail/service-linked-role", async () => {
    const lab = buildLab(AT_ONCE);
    await makeGroup(lab, { MinSize: 1, MaxSize: 1 });
    await lab.clock.advance(300_000);
    const record = await recordOf(lab, "RunInstances");
    expect(record).toMatchObject({
      userIdentity: {
        type: "AssumedRole",
        arn: "arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling",
        invokedBy: "autoscaling.amazonaws.com",
      },
      sourceIPAddress: "autoscaling.amazonaws.com",
      userAgent: "autoscaling.amazonaws.com",
      responseElements: { instancesSet: { items: [{ instanceType: "t3.micro" }] } },
    });
  });
});

describe("the history", () => {
  it("finds by one attribute and time, newest first, page by page: cloudtrail/lookup", async () => {
    const lab = buildLab(AT_ONCE);
    await by(lab, "cloudwatch:PutMetricAlarm", ALARM, { accessKeyId: "AKIAEVE" });
    await lab.clock.advance(60_000);
    await lab.call("cloudwatch:DeleteAlarms", { AlarmNames: ["busy"] });
    const names = async (key: string, value: string): Promise<string[]> =>
      (await lookup(lab, key, value)).Events.map(({ EventName }) => EventName);
    const both = ["DeleteAlarms", "PutMetricAlarm"];
    expect(await names("ResourceName", "busy")).toEqual(both);
    expect(await names("ResourceType", "AWS::CloudWatch::Alarm")).toEqual(both);
    expect(await names("EventSource", "monitoring.amazonaws.com")).toEqual(both);
    expect(await names("ReadOnly", "false")).toEqual(both);
    expect(await names("AccessKeyId", "AKIAEVE")).toEqual(["PutMetricAlarm"]);
    expect(await names("Username", "AKIAEVE")).toEqual(["PutMetricAlarm"]);
    const first = await lookup(lab, "ReadOnly", "false", { MaxResults: 1 });
    const second = await lookup(lab, "ReadOnly", "false", { MaxResults: 1, NextToken: first.NextToken });
    expect(second.NextToken).toBeUndefined();
    expect(second.Events[0]?.EventName).toBe("PutMetricAlarm");
    expect(await names("EventId", second.Events[0]!.EventId)).toEqual(["PutMetricAlarm"]);
    const since = new Date(lab.clock.nowMs() - 30_000);
    const late = await lookup(lab, "ReadOnly", "false", {
      StartTime: since,
      EndTime: new Date(lab.clock.nowMs()),
    });
    expect(late.Events.map(({ EventName }) => EventName)).toEqual(["DeleteAlarms"]);
  });

  it("refuses what AWS refuses", async () => {
    const lab = buildLab(AT_ONCE);
    const refused = (input: object) => lab.refusal("cloudtrail:LookupEvents", input);
    const two = [
      { AttributeKey: "EventName", AttributeValue: "a" },
      { AttributeKey: "EventId", AttributeValue: "b" },
    ];
    expect(await refused({ LookupAttributes: two })).toBe("InvalidLookupAttributesException");
    expect(await refused({ MaxResults: 51 })).toBe("InvalidMaxResultsException");
    expect(await refused({ NextToken: "x" })).toBe("InvalidNextTokenException");
    const backwards = { StartTime: new Date(2), EndTime: new Date(1) };
    expect(await refused(backwards)).toBe("InvalidTimeRangeException");
  });

  it("shows a call some minutes later: cloudtrail/lookup-delay", async () => {
    const lab = buildLab();
    await lab.call("cloudwatch:PutMetricAlarm", ALARM);
    expect((await lookup(lab, "EventName", "PutMetricAlarm")).Events).toEqual([]);
    await lab.clock.advance(480_000);
    expect((await lookup(lab, "EventName", "PutMetricAlarm")).Events).toHaveLength(1);
  });

  it("has no calls on messages: cloudtrail/data-events", async () => {
    const lab = buildLab(AT_ONCE);
    const { QueueUrl } = await lab.call<{ QueueUrl: string }>("sqs:CreateQueue", { QueueName: "tiers" });
    await lab.call("sqs:SendMessage", { QueueUrl, MessageBody: "x" });
    await lab.call("sqs:ReceiveMessage", { QueueUrl });
    await lab.call("sqs:TagQueue", { QueueUrl, Tags: { a: "1" } });
    const { Events } = await lookup(lab, "EventSource", "sqs.amazonaws.com");
    expect(Events.map(({ EventName }) => EventName)).toEqual(["TagQueue", "CreateQueue"]);
  });

  it("keeps so many reads and changes, and reads do not push out changes", async () => {
    const lab = buildLab(AT_ONCE);
    await lab.call("cloudwatch:PutMetricAlarm", ALARM);
    for (let count = 0; count < 2 * LIMITS.simulatorTrailRecords; count += 1) {
      await lab.call("cloudwatch:DescribeAlarms", {});
    }
    expect((await lookup(lab, "EventName", "PutMetricAlarm")).Events).toHaveLength(1);
    let count = 0;
    let NextToken: string | undefined;
    do {
      const page = await lookup(lab, "EventName", "DescribeAlarms", { NextToken });
      count += page.Events.length;
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(count).toBe(LIMITS.simulatorTrailRecords);
  });

  it("is looked into twice a second", async () => {
    const lab = buildLab({ throttle: true });
    const answers = await lab.clock.resolve(
      Promise.allSettled([1, 2, 3].map(() => lab.account.call("cloudtrail", "LookupEvents", {}))),
    );
    expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });
});
