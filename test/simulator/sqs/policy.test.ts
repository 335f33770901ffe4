import { describe, expect, it } from "vitest";
import { parsePolicy, verdictOf } from "../../../src/simulator/sqs/policy.ts";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:tiers";
const RULE = "arn:aws:events:us-east-1:123456789012:rule/tiers";
const REQUEST = {
  service: "events.amazonaws.com",
  action: "sqs:SendMessage",
  resource: QUEUE,
  context: { "aws:sourcearn": RULE, "aws:sourceaccount": "123456789012" },
};
const ALLOW = {
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: QUEUE,
};

const verdict = (...Statement: object[]): string => verdictOf(JSON.stringify({ Statement }), REQUEST);
const under = (Condition: object): string => verdict({ ...ALLOW, Condition });

describe("the policy of a queue", () => {
  it("lets a service in by name, action and resource, with wildcards", () => {
    expect(verdictOf(undefined, REQUEST)).toBe("nothing");
    expect(verdict(ALLOW)).toBe("allow");
    expect(verdict({ ...ALLOW, Action: ["SQS:Send*"], Resource: "arn:aws:sqs:*:*:tier?" })).toBe("allow");
    expect(verdict({ ...ALLOW, Principal: "*" })).toBe("allow");
    expect(verdict({ ...ALLOW, Principal: { Service: ["sns.amazonaws.com"] } })).toBe("nothing");
    expect(verdict({ ...ALLOW, Action: "sqs:ReceiveMessage" })).toBe("nothing");
    expect(verdict({ ...ALLOW, Resource: `${QUEUE}s` })).toBe("nothing");
  });

  it("lets a denial win over whatever allows", () => {
    expect(verdict(ALLOW, { ...ALLOW, Effect: "Deny", Principal: "*" })).toBe("deny");
    expect(verdict({ ...ALLOW, Effect: "Deny", Principal: { AWS: "*" } }, ALLOW)).toBe("deny");
  });

  it("holds every condition, with one of its values", () => {
    expect(under({ ArnEquals: { "aws:SourceArn": ["arn:other", RULE] } })).toBe("allow");
    expect(under({ ArnLike: { "AWS:SourceArn": "arn:aws:events:*:*:rule/*" } })).toBe("allow");
    expect(under({ ArnEquals: { "aws:SourceArn": `${RULE}s` } })).toBe("nothing");
    expect(under({ StringEquals: { "aws:SourceAccount": "123456789012" } })).toBe("allow");
    expect(under({ StringNotEquals: { "aws:SourceAccount": "123456789012" } })).toBe("nothing");
    const both = { ArnEquals: { "aws:SourceArn": RULE }, StringEquals: { "aws:SourceAccount": "1" } };
    expect(under(both)).toBe("nothing");
  });

  it("takes what is not known of the request as AWS does", () => {
    expect(under({ StringEquals: { "aws:PrincipalOrgID": "o-1" } })).toBe("nothing");
    expect(under({ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } })).toBe("allow");
    expect(under({ StringNotEquals: { "aws:PrincipalOrgID": "o-1" } })).toBe("allow");
    expect(under({ NumericLessThan: { "aws:SourceAccount": "1" } })).toBe("nothing");
  });

  it("is none without statements, effects and principals", () => {
    for (const text of [
      "",
      "[]",
      "{}",
      '{"Statement":[]}',
      '{"Statement":[{"Effect":"Maybe","Principal":"*"}]}',
    ]) {
      expect(parsePolicy(text)).toBeUndefined();
    }
    expect(parsePolicy(JSON.stringify({ Statement: ALLOW }))).toHaveLength(1);
  });
});
