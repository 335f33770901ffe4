import { describe, expect, it } from "vitest";
import {
  coldStartFloorSeconds,
  type ProfiledNode,
  percentile,
  processorShares,
  ReadAges,
} from "../../bench/fleet/arithmetic.ts";
import { partsOf, partsTold } from "../../bench/fleet/reads.ts";
import type { WebService } from "../../src/model/object.ts";

describe("a percentile", () => {
  it("is the least value that so many do not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.95)).toBe(7);
  });

  it("of none is no number, and one that is infinite counts", () => {
    expect(percentile([], 0.95)).toBeNaN();
    expect(percentile([1, Number.POSITIVE_INFINITY], 0.95)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the floor of a cold start", () => {
  it("is what one service takes, while the burst of the bucket lasts", () => {
    expect(coldStartFloorSeconds(10, 178)).toBe(178);
  });

  it("grows by five seconds with each service beyond", () => {
    expect(coldStartFloorSeconds(120, 178)).toBe(550 + 178);
  });
});

describe("the age of a class", () => {
  const parts = { health: ["health a"], structure: ["list a", "rules a"], attributes: ["attributes a"] };

  it("is that of its oldest part, and infinite while one was never read", () => {
    const ages = new ReadAges([parts]);
    ages.read("list a", 1_000);
    expect(ages.agesOf("structure", 5_000)).toEqual([Number.POSITIVE_INFINITY]);
    ages.read("rules a", 3_000);
    expect(ages.agesOf("structure", 5_000)).toEqual([4_000]);
  });

  it("does not grow by an answer that comes late and was asked for earlier", () => {
    const ages = new ReadAges([parts]);
    ages.read("health a", 3_000);
    ages.read("health a", 2_000);
    expect(ages.agesOf("health", 5_000)).toEqual([2_000]);
  });

  it("is known for a round only when every part of every service was asked for in it", () => {
    const ages = new ReadAges([parts, { health: ["health b"], structure: [], attributes: [] }]);
    for (const part of ["health a", "list a", "rules a", "attributes a"]) ages.read(part, 2_000);
    expect(ages.isReadSince(1_000)).toBe(false);
    ages.read("health b", 1_000);
    expect(ages.isReadSince(1_000)).toBe(true);
    expect(ages.isReadSince(1_001)).toBe(false);
  });
});

describe("the parts of a service", () => {
  const group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
  const service = {
    status: { resources: [{ key: "targetGroups.web", kind: "targetGroup", name: "web", arn: group }] },
  } as unknown as WebService;

  it("are told by the answers that name them", () => {
    const { structure } = partsOf(service);
    const list = partsTold("DescribeTargetGroups", {}, { TargetGroups: [{ TargetGroupArn: group }] });
    const tags = partsTold("DescribeTags", {}, { TagDescriptions: [{ ResourceArn: group }] });
    expect([...list, ...tags].sort()).toEqual([...structure].sort());
  });

  it("are not told by a list that does not name them", () => {
    expect(partsTold("DescribeTargetGroups", { TargetGroupArns: [group] }, { TargetGroups: [] })).toEqual([]);
  });

  it("health is told by its target group's targets, and by CloudWatch's counts of them", () => {
    const { health } = partsOf(service);
    const Dimensions = [{ Name: "TargetGroup", Value: "targetgroup/web/1" }];
    const MetricDataQueries = [{ MetricStat: { Metric: { Dimensions } } }];
    expect(partsTold("DescribeTargetHealth", { TargetGroupArn: group }, {})).toEqual(health);
    expect(partsTold("GetMetricData", { MetricDataQueries }, {})).toEqual(health);
  });
});

describe("processor time", () => {
  const node = (id: number, url: string, functionName: string, ...children: number[]): ProfiledNode => ({
    ...{ id, children },
    callFrame: { url, functionName },
  });

  it("of a library is its caller's, of an account that the daemon calls the account's, and waiting is nobody's", () => {
    const nodes = [
      node(1, "", "(root)", 2, 5, 6),
      node(2, "file:///repo/src/reconciler/pass.ts", "pass", 3, 4),
      node(3, "node:internal/crypto/hash", "update"),
      node(4, "file:///repo/src/simulator/account.ts", "perform"),
      node(5, "", "(garbage collector)"),
      node(6, "", "(idle)"),
    ];
    expect(processorShares(nodes, [2, 3, 4, 5, 6], [10, 30, 40, 20, 900])).toEqual({
      daemon: 0.4,
      account: 0.4,
      elsewhere: 0.2,
    });
  });
});
