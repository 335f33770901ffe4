import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:tiers";
const AT_ONCE = { troubles: { cloudtrail: { delay: [0, 0] as const } } };

async function listen(lab: Lab, State = "ENABLED"): Promise<string> {
  const allow = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: QUEUE_ARN,
  };
  const { QueueUrl } = await lab.call<{ QueueUrl: string }>("sqs:CreateQueue", {
    QueueName: "tiers",
    Attributes: { Policy: JSON.stringify({ Statement: [allow] }) },
  });
  const EventPattern = JSON.stringify({ "detail-type": ["AWS API Call via CloudTrail"] });
  await lab.call("events:PutRule", { Name: "calls", EventPattern, State });
  await lab.call("events:PutTargets", { Rule: "calls", Targets: [{ Id: "queue", Arn: QUEUE_ARN }] });
  return QueueUrl;
}

async function heard(lab: Lab, QueueUrl: string): Promise<string[]> {
  await lab.clock.advance(1_000);
  const input = { QueueUrl, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await lab.call<{ Messages?: { Body: string }[] }>("sqs:ReceiveMessage", input);
  return Messages.map(({ Body }) => Body);
}

const namesOf = (bodies: readonly string[]): string[] =>
  bodies.map((body) => (JSON.parse(body) as { detail: { eventName: string } }).detail.eventName);

const tag = (lab: Lab) =>
  lab.call("ec2:CreateTags", { Resources: ["subnet-1a"], Tags: [{ Key: "a", Value: "1" }] });

describe("CloudTrail's events", () => {
  it("come only while a trail logs: events/needs-a-trail, cloudtrail/start-logging", async () => {
    const lab = buildLab(AT_ONCE);
    const url = await listen(lab);
    await tag(lab);
    await lab.call("cloudtrail:CreateTrail", { Name: "all", S3BucketName: "logs" });
    await tag(lab);
    expect(await lab.call("cloudtrail:GetTrailStatus", { Name: "all" })).toEqual({ IsLogging: false });
    expect(await heard(lab, url)).toEqual([]);
    await lab.call("cloudtrail:StartLogging", { Name: "all" });
    await tag(lab);
    const bodies = await heard(lab, url);
    expect(namesOf(bodies)).toEqual(["StartLogging", "CreateTags"]);
    expect(JSON.parse(bodies[1]!)).toMatchObject({
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.ec2",
      resources: [],
      detail: {
        eventSource: "ec2.amazonaws.com",
        requestParameters: { resourcesSet: { items: [{ resourceId: "subnet-1a" }] } },
      },
    });
    await lab.call("cloudtrail:StopLogging", { Name: "all" });
    await tag(lab);
    expect(await heard(lab, url)).toEqual([]);
  });

  it("leave out reads unless the rule asks for all: events/reads-on-request", async () => {
    for (const [state, names] of [
      ["ENABLED", ["StartLogging", "CreateTags"]],
      ["ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", ["StartLogging", "DescribeSubnets", "CreateTags"]],
    ] as const) {
      const lab = buildLab(AT_ONCE);
      const url = await listen(lab, state);
      await lab.call("cloudtrail:CreateTrail", { Name: "all", S3BucketName: "logs" });
      await lab.call("cloudtrail:StartLogging", { Name: "all" });
      await lab.call("ec2:DescribeSubnets", {});
      await tag(lab);
      expect(namesOf(await heard(lab, url))).toEqual(names);
    }
  });
});

describe("a trail", () => {
  it("is made once, described and deleted", async () => {
    const lab = buildLab();
    const create = (Name: string) => lab.refusal("cloudtrail:CreateTrail", { Name, S3BucketName: "logs" });
    expect(await create("a b")).toBe("InvalidTrailNameException");
    expect(await create("all")).toBe("no error");
    expect(await create("all")).toBe("TrailAlreadyExistsException");
    for (const name of ["two", "three", "four", "five"]) await create(name);
    expect(await create("six")).toBe("MaximumNumberOfTrailsExceededException");
    const TrailARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/all";
    expect(await lab.call("cloudtrail:DescribeTrails", { trailNameList: ["all"] })).toMatchObject({
      trailList: [{ Name: "all", TrailARN, S3BucketName: "logs" }],
    });
    await lab.call("cloudtrail:DeleteTrail", { Name: TrailARN });
    expect(await lab.refusal("cloudtrail:GetTrailStatus", { Name: "all" })).toBe("TrailNotFoundException");
  });
});
