import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Aws, buildAws } from "../../src/aws/build.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Log } from "../../src/ports.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { errorOf } from "./scripted-cloud.ts";
import { answer, NO_LOAD_BALANCERS, queryError, WireEndpoint } from "./wire.ts";

let endpoint: WireEndpoint;
let aws: Aws;
let lines: { fields: Record<string, unknown>; message: string }[];

beforeAll(async () => {
  endpoint = await WireEndpoint.start();
});
afterAll(() => endpoint.stop());
beforeEach(() => {
  lines = [];
  const keep = (fields: Record<string, unknown>, message: string) => lines.push({ fields, message });
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  aws = buildAws({
    clock: systemClock({ speed: 1 }),
    rng: { next: () => 0 },
    log,
    endpoint: endpoint.url,
    credentials,
  });
});
afterEach(() => aws.close());

describe("the AWS account", () => {
  it("says for each Region and API how its calls went", async () => {
    const cloud = aws.cloudFor("us-east-1");
    endpoint.behaviour = answer(200, NO_LOAD_BALANCERS);
    await cloud.call("elasticloadbalancing:DescribeLoadBalancers", {});
    endpoint.behaviour = queryError(400, "Throttling");
    await errorOf(cloud.call("elasticloadbalancing:DeleteRule", { RuleArn: "arn" }));
    endpoint.behaviour = answer(503, "");
    await errorOf(aws.cloudFor("eu-west-1").call("ec2:CreateTags", { Resources: ["lt-1"], Tags: [] }));
    expect(aws.status()).toEqual([
      {
        region: "us-east-1",
        api: "elasticloadbalancing",
        circuit: "closed",
        calls: 2,
        throttledCalls: 1,
        failedCalls: 0,
      },
      {
        region: "eu-west-1",
        api: "ec2",
        circuit: "closed",
        calls: 1,
        throttledCalls: 0,
        failedCalls: 1,
      },
    ]);
  });

  it("counts what is not there as an answer, not as a failure", async () => {
    endpoint.behaviour = queryError(400, "RuleNotFound");
    await errorOf(aws.cloudFor("us-east-1").call("elasticloadbalancing:DeleteRule", { RuleArn: "arn" }));
    expect(aws.status()[0]).toMatchObject({ calls: 1, throttledCalls: 0, failedCalls: 0 });
  });

  it("holds an API back after ten failures, in that Region alone", async () => {
    endpoint.behaviour = answer(503, "");
    const cloud = aws.cloudFor("us-east-1");
    const fail = () => errorOf(cloud.call("elasticloadbalancing:DeleteRule", { RuleArn: "arn" }));
    for (let call = 0; call < 10; call += 1) await fail();
    endpoint.arrived.length = 0;
    expect(await fail()).toMatchObject({ code: "CircuitOpen" });
    expect(endpoint.arrived).toEqual([]);
    await errorOf(aws.cloudFor("eu-west-1").call("elasticloadbalancing:DeleteRule", { RuleArn: "arn" }));
    expect(endpoint.arrived).toEqual(["DeleteRule"]);
  });

  it("logs one line for each call: what, how long, how it ended, and never what was sent", async () => {
    const cloud = aws.cloudFor("us-east-1");
    endpoint.behaviour = answer(200, NO_LOAD_BALANCERS);
    await cloud.call("elasticloadbalancing:DescribeLoadBalancers", { Names: ["canary"] });
    endpoint.behaviour = queryError(400, "RuleNotFound");
    await errorOf(cloud.call("elasticloadbalancing:DeleteRule", { RuleArn: "canary" }));
    expect(lines).toEqual([
      {
        message: "AWS call",
        fields: {
          operation: "elasticloadbalancing:DescribeLoadBalancers",
          region: "us-east-1",
          durationMs: expect.any(Number),
          outcome: "succeeded",
          requestId: "request-1",
        },
      },
      {
        message: "AWS call",
        fields: {
          operation: "elasticloadbalancing:DeleteRule",
          region: "us-east-1",
          durationMs: expect.any(Number),
          outcome: "notFound",
          errorCode: "RuleNotFound",
          requestId: "request-1",
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain("canary");
  });

  it("gives one Region one cloud, and refuses a Region too many", async () => {
    expect(aws.cloudFor("us-east-1")).toBe(aws.cloudFor("us-east-1"));
    for (let number = 1; number < LIMITS.regions; number += 1) aws.cloudFor(`xx-region-${number}`);
    const error = await errorOf(aws.cloudFor("yy-region-1").call("ec2:DescribeInstances", {}));
    expect(error).toMatchObject({ category: "quota", code: "TooManyRegions" });
  });

  it("a Region that is no Region is the user's fault", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const clock = systemClock({ speed: 1 });
    const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
    const real = buildAws({ clock, rng: { next: () => 0 }, log, credentials });
    const error = await errorOf(real.cloudFor("no such/region").call("ec2:DescribeInstances", {}));
    expect(error.category).toBe("invalid");
    real.close();
  });
});
