import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hintIn, hintOfRecord } from "../../src/events/parse.ts";
import {
  ACCOUNT,
  ALICE,
  callMessage,
  envelope,
  IN_A_ROLE,
  LISTENER,
  ORIGIN,
  pathChanged,
  RULE,
  record,
  TARGET_GROUP,
} from "./records.ts";

const hintOf = (body: unknown) => hintIn(typeof body === "string" ? body : JSON.stringify(body), ORIGIN);

describe("an event of a call", () => {
  it("says what was written, by whom, from where and with what", () => {
    const { call, subjects, atMs, region } = hintOf(pathChanged())!;
    expect(subjects).toEqual([{ id: TARGET_GROUP }]);
    expect(call).toMatchObject({
      operation: "elasticloadbalancing:ModifyTargetGroup",
      hasChanged: true,
      members: ["targetGroupArn", "healthCheckPath"],
      caller: { principal: ALICE, sourceIpAddress: "203.0.113.7" },
    });
    expect(call?.caller?.userAgent).toMatch(/^aws-cli\/2\.15/);
    expect({ atMs, region }).toEqual({ atMs: Date.parse("2026-01-01T12:00:00Z"), region: "us-east-1" });
  });

  it("keeps no value of what was written", () => {
    expect(JSON.stringify(hintOf(pathChanged()))).not.toContain("secret-path");
  });

  it("of a role tells the role, and the session beside it", () => {
    expect(hintOf(pathChanged(IN_A_ROLE))?.call?.caller).toMatchObject({
      principal: `arn:aws:iam::${ACCOUNT}:role/admin`,
      session: "alice@example.com",
    });
  });

  it("of an AWS service tells the service", () => {
    const userIdentity = { type: "AWSService", invokedBy: "autoscaling.amazonaws.com" };
    expect(hintOf(pathChanged({ userIdentity }))?.call?.caller?.principal).toBe("autoscaling.amazonaws.com");
  });

  it("that AWS refused, or that only read, has changed nothing", () => {
    expect(hintOf(pathChanged({ errorCode: "AccessDenied" }))?.call?.hasChanged).toBe(false);
    expect(hintOf(pathChanged({ readOnly: true }))?.call?.hasChanged).toBe(false);
    expect(hintOf(callMessage("ec2", "DescribeInstances", {}))?.call?.hasChanged).toBe(false);
  });

  it("names attributes and tags by their keys, and no value of either", () => {
    const attributes = [{ key: "deregistration_delay.timeout_seconds", value: "7777" }];
    const message = callMessage("elasticloadbalancing", "ModifyTargetGroupAttributes", {
      targetGroupArn: TARGET_GROUP,
      attributes,
    });
    expect(hintOf(message)?.call?.members).toContain("attributes.deregistration_delay.timeout_seconds");
    expect(JSON.stringify(hintOf(message))).not.toContain("7777");
    const tags = { resourceArns: [TARGET_GROUP], tags: [{ key: "Environment", value: "hidden" }] };
    const tagged = hintOf(callMessage("elasticloadbalancing", "AddTags", tags));
    expect(tagged?.call?.members).toContain("tags.Environment");
    expect(JSON.stringify(tagged)).not.toContain("hidden");
  });

  it.each([
    ["elasticloadbalancing", "ModifyListener", { listenerArn: LISTENER }, [{ id: LISTENER }]],
    [
      "elasticloadbalancing",
      "SetRulePriorities",
      { rulePriorities: [{ ruleArn: RULE, priority: 3 }] },
      [{ id: RULE }],
    ],
    [
      "autoscaling",
      "UpdateAutoScalingGroup",
      { autoScalingGroupName: "web" },
      [{ id: "web", kind: "autoScalingGroup" }],
    ],
    [
      "autoscaling",
      "PutScalingPolicy",
      { autoScalingGroupName: "web", policyName: "cpu" },
      [{ id: "cpu", kind: "scalingPolicy", within: "web" }],
    ],
    [
      "autoscaling",
      "CreateOrUpdateTags",
      { tags: [{ resourceId: "web", resourceType: "auto-scaling-group", key: "a", value: "b" }] },
      [{ id: "web", kind: "autoScalingGroup" }],
    ],
    [
      "ec2",
      "ModifyLaunchTemplate",
      { ModifyLaunchTemplateRequest: { LaunchTemplateId: "lt-0123456789abcdef0", SetDefaultVersion: 3 } },
      [{ id: "lt-0123456789abcdef0" }],
    ],
    [
      "ec2",
      "CreateTags",
      { resourcesSet: { items: [{ resourceId: "lt-1" }] }, tagSet: { items: [] } },
      [{ id: "lt-1" }],
    ],
    [
      "monitoring",
      "DeleteAlarms",
      { alarmNames: ["high", "low"] },
      [
        { id: "high", kind: "alarm" },
        { id: "low", kind: "alarm" },
      ],
    ],
  ])("%s %s is on what its parameters name", (api, name, parameters, subjects) => {
    expect(hintOf(callMessage(api, name, parameters))?.subjects).toEqual(subjects);
  });

  it("names the instances that it is about", () => {
    const instancesSet = { items: [{ instanceId: "i-0123456789abcdef0" }] };
    expect(hintOf(callMessage("ec2", "TerminateInstances", { instancesSet }))?.instances).toEqual([
      "i-0123456789abcdef0",
    ]);
  });

  it("does not say which fields were written where the record was cut", () => {
    expect(hintOf(pathChanged({ omitted: true }))?.call?.members).toBeUndefined();
    expect(hintOf(pathChanged({ requestParameters: null }))?.call?.members).toBeUndefined();
  });

  it("means the same where CloudTrail was asked for it", () => {
    const asked = record("elasticloadbalancing", "ModifyTargetGroup", { targetGroupArn: TARGET_GROUP });
    expect(hintOfRecord(JSON.stringify(asked), ORIGIN)).toMatchObject({
      from: "lookup",
      subjects: [{ id: TARGET_GROUP }],
    });
  });
});

describe("an event that is no call", () => {
  it("of Auto Scaling names the group and the instance", () => {
    const detail = {
      StatusCode: "InProgress",
      AutoScalingGroupName: "web",
      EC2InstanceId: "i-1234567890abcdef0",
    };
    expect(hintOf(envelope("aws.autoscaling", "EC2 Instance Terminate Successful", detail))).toMatchObject({
      subjects: [{ id: "web", kind: "autoScalingGroup" }],
      instances: ["i-1234567890abcdef0"],
    });
  });

  it("of EC2 names the instance", () => {
    const detail = { "instance-id": "i-1234567890abcdef0", state: "shutting-down" };
    expect(hintOf(envelope("aws.ec2", "EC2 Instance State-change Notification", detail))?.instances).toEqual([
      "i-1234567890abcdef0",
    ]);
  });

  it("of CloudWatch names the alarm", () => {
    const detail = { alarmName: "high-5xx", state: { value: "ALARM" } };
    expect(hintOf(envelope("aws.cloudwatch", "CloudWatch Alarm State Change", detail))).toMatchObject({
      subjects: [{ id: "high-5xx", kind: "alarm" }],
    });
  });

  it("says nobody's name", () => {
    const detail = { AutoScalingGroupName: "web" };
    expect(
      hintOf(envelope("aws.autoscaling", "EC2 Instance Launch Successful", detail))?.call,
    ).toBeUndefined();
  });
});

describe("a message that nobody honest has written", () => {
  const event = JSON.parse(pathChanged()) as Record<string, unknown>;
  const detail = event.detail as Record<string, unknown>;

  it.each([
    ["another account's", { ...event, account: "999999999999" }],
    ["another Region's", { ...event, region: "eu-west-1" }],
    [
      "a record of another Region in an envelope of ours",
      { ...event, detail: { ...detail, awsRegion: "eu-west-1" } },
    ],
    ["a record for another account", { ...event, detail: { ...detail, recipientAccountId: "999999999999" } }],
    ["a record of no API of ours", { ...event, detail: { ...detail, eventSource: "s3.amazonaws.com" } }],
    ["a record of the prototype", { ...event, detail: { ...detail, eventSource: "constructor" } }],
    ["a time that is none", { ...event, time: "yesterday" }],
    ["an operation that is none", { ...event, detail: { ...detail, eventName: "<script>" } }],
    ["an event of a source that means nothing", envelope("aws.health", "AWS Health Event", {})],
    ["a source that every object has", envelope("constructor", "x", {})],
    ["no JSON", "{"],
    ["a number", "7"],
    ["nothing", "null"],
    ["a list", "[]"],
    ["nothing but depth", "[".repeat(100_000)],
    ["more than a message can be", `"${"x".repeat(1_100_000)}"`],
  ])("%s is nothing", (_, body) => {
    expect(hintOf(body)).toBeUndefined();
  });

  it("names no principal that is none, and no text of several lines", () => {
    const arn = "arn:aws:iam::123456789012:user/<b>\nroot";
    expect(hintOf(pathChanged({ userIdentity: { arn } }))?.call?.caller).toBeUndefined();
    const spoken = hintOf(pathChanged({ userAgent: "a\u0000b\nc" }));
    expect(spoken?.call?.caller?.userAgent).toBe("abc");
  });

  it("names no more than a few things, however many it lists", () => {
    const resourceArns = Array.from({ length: 5_000 }, (_, index) => `${TARGET_GROUP}${index}`);
    const hint = hintOf(callMessage("elasticloadbalancing", "AddTags", { resourceArns, tags: [] }));
    expect(hint?.subjects.length).toBe(60);
    expect(hint?.mentions.length).toBeLessThanOrEqual(60);
  });

  it("never throws, whatever stands where", () => {
    const keys = [...Object.keys(event), ...Object.keys(detail)];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), fc.boolean(), (key, value, isInside) => {
        const body = isInside
          ? { ...event, detail: { ...detail, [key]: value } }
          : { ...event, [key]: value };
        hintOf(body);
        return true;
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string(), (body) => {
        hintIn(body, ORIGIN);
        return true;
      }),
    );
  });
});
