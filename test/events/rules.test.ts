import { describe, expect, it } from "vitest";
import { QUEUE_POLICY, RULE_PATTERNS } from "../../scripts/events-page.ts";
import { EVENTS_QUEUE } from "../../src/aws/iam-policy.ts";
import { KNOWN_OPERATIONS } from "../../src/events/recorded-operations.ts";

type Pattern = { source: string[]; "detail-type": string[]; detail?: { eventName?: string[] } };
const PATTERNS = Object.values(RULE_PATTERNS) as Pattern[];
const CALL = "AWS API Call via CloudTrail";

function admits(source: string, detailType: string, eventName?: string): boolean {
  return PATTERNS.some(
    (pattern) =>
      pattern.source.includes(source) &&
      pattern["detail-type"].includes(detailType) &&
      (pattern.detail?.eventName === undefined || pattern.detail.eventName.includes(eventName ?? "")),
  );
}

describe("the rules of docs/events.md", () => {
  it("let every call through that the daemon understands, its own heartbeat among them", () => {
    const sourceOf = (api: string) => `aws.${api === "cloudwatch" ? "monitoring" : api}`;
    const lost = [...KNOWN_OPERATIONS, "sqs:TagQueue"].filter((operation) => {
      const [api = "", name] = operation.split(":");
      return !admits(sourceOf(api), CALL, name);
    });
    expect(lost).toEqual([]);
  });

  it("let no call of a service through that is not listened to", () => {
    expect(admits("aws.s3", CALL, "PutBucketTagging")).toBe(false);
    expect(admits("aws.ec2", CALL, "CreateVpc")).toBe(false);
    expect(admits("aws.sqs", CALL, "SendMessage")).toBe(false);
  });

  // docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  it("have patterns that EventBridge takes", () => {
    for (const pattern of PATTERNS) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
  });

  it("are all that may send to the queue", () => {
    const [statement, ...others] = QUEUE_POLICY.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: EVENTS_QUEUE,
    });
    const arn = statement?.Condition.ArnLike["aws:SourceArn"] ?? "";
    const prefix = arn.slice(arn.lastIndexOf("/") + 1).replace("*", "");
    expect(Object.keys(RULE_PATTERNS).every((name) => name.startsWith(prefix))).toBe(true);
  });
});
