import { describe, expect, it } from "vitest";
import { REFUSALS } from "../../src/simulator/refusals.ts";
import { AUTO_SCALING_CASES, AUTO_SCALING_TAKEN } from "./refusals/autoscaling.ts";
import { CLOUDWATCH_CASES, CLOUDWATCH_TAKEN } from "./refusals/cloudwatch.ts";
import { EC2_CASES, EC2_TAKEN } from "./refusals/ec2.ts";
import { ELB_CASES, ELB_TAKEN } from "./refusals/elb.ts";
import { buildGround, type Ground, refusalOf } from "./refusals/ground.ts";
import { MIXED_INSTANCES_CASES, MIXED_INSTANCES_TAKEN } from "./refusals/mixed-instances.ts";
import { SCALING_POLICIES_TAKEN, SCALING_POLICY_CASES } from "./refusals/scaling-policies.ts";

const CASES = {
  ...ELB_CASES,
  ...AUTO_SCALING_CASES,
  ...MIXED_INSTANCES_CASES,
  ...SCALING_POLICY_CASES,
  ...EC2_CASES,
  ...CLOUDWATCH_CASES,
};
const TAKEN = [
  ...ELB_TAKEN,
  ...AUTO_SCALING_TAKEN,
  ...MIXED_INSTANCES_TAKEN,
  ...SCALING_POLICIES_TAKEN,
  ...EC2_TAKEN,
  ...CLOUDWATCH_TAKEN,
];

/** Everything that the calls would have changed. */
async function pictureOf({ lab, loadBalancer, listener, secure, second, http2 }: Ground): Promise<object[]> {
  const seen = [
    ["elasticloadbalancing:DescribeLoadBalancers"],
    ["elasticloadbalancing:DescribeLoadBalancerAttributes", { LoadBalancerArn: loadBalancer }],
    ["elasticloadbalancing:DescribeTargetGroups"],
    ["elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: second }],
    ["elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: http2 }],
    ["elasticloadbalancing:DescribeListeners", { LoadBalancerArn: loadBalancer }],
    ["elasticloadbalancing:DescribeListenerAttributes", { ListenerArn: listener }],
    ["elasticloadbalancing:DescribeRules", { ListenerArn: listener }],
    ["elasticloadbalancing:DescribeRules", { ListenerArn: secure }],
    ["autoscaling:DescribeAutoScalingGroups"],
    ["autoscaling:DescribePolicies"],
    ["autoscaling:DescribeInstanceRefreshes", { AutoScalingGroupName: "web" }],
    ["ec2:DescribeLaunchTemplates"],
    ["ec2:DescribeInstances"],
    ["cloudwatch:DescribeAlarms"],
  ] as const;
  const answers: object[] = [];
  for (const [operation, input] of seen) answers.push(await lab.call(operation, input ?? {}));
  return answers;
}

describe("what AWS refuses by its pages", () => {
  it("is at least 120 things, each listed once, with a sentence and a page, and each with a call that shows it", () => {
    expect(REFUSALS.length).toBeGreaterThanOrEqual(120);
    expect(Object.keys(CASES).sort()).toEqual(REFUSALS.map((one) => one.id).sort());
    for (const { statement, page } of REFUSALS) {
      expect(statement).toMatch(/^\S.*\.$/s);
      expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.*\.html$/);
    }
  });

  it("the account refuses, for that reason, with AWS's code, and without an effect", async () => {
    const ground = await buildGround();
    const before = await pictureOf(ground);
    const wrong: object[] = [];
    for (const { id, code, operations } of REFUSALS) {
      const [operation, input] = CASES[id]!;
      const refusal = await refusalOf(ground.lab, operation, input(ground));
      const isNamed = operations.includes(operation.split(":")[1]!);
      if (refusal?.rule === id && refusal.code === code && refusal.message !== "" && isNamed) continue;
      wrong.push({ id, operation, rule: refusal?.rule, code: refusal?.code, message: refusal?.message });
    }
    expect(wrong).toEqual([]);
    expect(await pictureOf(ground)).toEqual(before);
  });

  it("is not what those calls are without their fault", async () => {
    for (const [operation, input] of TAKEN) {
      const ground = await buildGround();
      const refusal = await refusalOf(ground.lab, operation, input(ground));
      expect(refusal?.message, operation).toBeUndefined();
    }
  });
});
