import { describe, expect, it } from "vitest";
import { apiOf, commandOf, OPERATIONS, timeLimitMsOf } from "../../src/aws/operations.ts";
import { isRead, type OperationName } from "../../src/ports.ts";

const NAMES = Object.keys(OPERATIONS) as OperationName[];

describe("the table of operations", () => {
  it.each(NAMES)("%s is sent as the command of that name", async (operation) => {
    expect((await commandOf(operation)).name).toBe(`${operation.split(":")[1]}Command`);
  });

  it("knows five APIs, four that are asked by lookups alone, and two for events", () => {
    const often = ["elasticloadbalancing", "ec2", "autoscaling", "cloudwatch", "sts"];
    expect(new Set(NAMES.map(apiOf))).toEqual(
      new Set([...often, "acm", "iam", "sns", "ssm", "cloudtrail", "sqs"]),
    );
  });

  it("gives every operation a bucket, and a time that a person would wait", () => {
    for (const operation of NAMES) {
      expect(OPERATIONS[operation].buckets.length).toBeGreaterThan(0);
      expect(timeLimitMsOf(operation)).toBeGreaterThanOrEqual(10_000);
      expect(timeLimitMsOf(operation)).toBeLessThanOrEqual(60_000);
    }
  });

  it("expects a list in every answer that is read", () => {
    const unchecked = NAMES.filter(isRead).filter((operation) => OPERATIONS[operation].answers === undefined);
    expect(unchecked).toEqual([]);
  });
});
