import { describe, expect, it } from "vitest";
import { REFUSALS } from "../../src/simulator/refusals.ts";
import { CASES, TAKEN } from "./refusals/cases.ts";
import { buildGround, type Ground, refusalOf } from "./refusals/ground.ts";

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
