import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { importRequestOf } from "../../../src/reconciler/import/request.ts";

const KEY = { namespace: "default", name: "shop" };
const OF_ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer";

function faultsOf(body: Record<string, unknown>): string[] {
  try {
    importRequestOf(body, KEY);
    return [];
  } catch (error) {
    if (error instanceof InvalidSpecError)
      return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

describe("what an import is asked for", () => {
  it("begins at a load balancer or a group, by name or ARN", () => {
    expect(faultsOf({ region: "us-east-1", loadBalancer: "shop" })).toEqual([]);
    expect(faultsOf({ region: "us-east-1", loadBalancer: `${OF_ELB}/app/shop/50dc6c495c0c9188` })).toEqual(
      [],
    );
    expect(faultsOf({ region: "us-east-1", autoScalingGroup: "shop", include: ["a"], exclude: [] })).toEqual(
      [],
    );
  });

  it("is told every fault at once", () => {
    expect(faultsOf({ regoin: "x", include: "a", exclude: [1] })).toEqual([
      "regoin: is not a known field; did you mean region?",
      "region: is required: the AWS Region to read",
      "loadBalancer: is required, or autoScalingGroup: the name or ARN to begin with",
      "include: must be a list of names or ARNs",
      "exclude: must be a list of names or ARNs",
    ]);
  });

  it("begins at one thing only", () => {
    expect(faultsOf({ region: "us-east-1", loadBalancer: "a", autoScalingGroup: "b" })).toEqual([
      "autoScalingGroup: cannot stand beside loadBalancer; keep the one to begin with",
    ]);
  });

  it.each([
    ["net/shop/50dc6c495c0c9188", "is a Network Load Balancer"],
    ["gwy/shop/50dc6c495c0c9188", "is a Gateway Load Balancer"],
    ["shop", "is a Classic Load Balancer"],
  ])("is no load balancer %s", (end, says) => {
    const [fault] = faultsOf({ region: "us-east-1", loadBalancer: `${OF_ELB}/${end}` });
    expect(fault).toContain(`loadBalancer: ${says}`);
  });

  it("stays in one Region", () => {
    const loadBalancer = `${OF_ELB}/app/shop/50dc6c495c0c9188`;
    const group = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/shop";
    expect(faultsOf({ region: "eu-west-1", loadBalancer })).toEqual([
      "loadBalancer: is of us-east-1, and region says eu-west-1; a service has one Region",
    ]);
    expect(faultsOf({ region: "us-east-1", loadBalancer, exclude: [group] })).toEqual([
      "exclude[0]: is of eu-west-1, and region says us-east-1; a service has one Region",
    ]);
  });

  it("takes an ARN of what it says", () => {
    expect(
      faultsOf({ region: "us-east-1", autoScalingGroup: `${OF_ELB}/app/shop/50dc6c495c0c9188` }),
    ).toEqual(["autoScalingGroup: is no ARN of an Auto Scaling group"]);
  });
});
