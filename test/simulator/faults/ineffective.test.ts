import { describe, expect, it } from "vitest";
import { canBeIneffective } from "../../../src/simulator/faults/ineffective.ts";
import type { Fault } from "../../../src/simulator/faults/interceptors.ts";
import { buildLab, buildWeb, type Lab, WEB } from "../support.ts";

const ELB = "elasticloadbalancing:";

/** The answer to the next call, which meets the fault. */
async function faulted(lab: Lab, operation: string, input: object, fault: Fault): Promise<object> {
  const [service, name] = operation.split(":") as ["elasticloadbalancing", string];
  lab.account.faults.add({ service, operation: name, when: "before", times: 1, fault });
  return lab.call(operation, input);
}

describe("a change that AWS takes and does not make", () => {
  it("is answered with what was there, and leaves everything as it was", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn, group, listener } = await buildWeb(lab);
    const { Rules: made } = await lab.call<{ Rules: { RuleArn: string }[] }>(`${ELB}CreateRule`, {
      ListenerArn: listener,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: ["/a"] }],
      Actions: [{ Type: "forward", TargetGroupArn: group }],
    });
    const RuleArn = made[0]!.RuleArn;
    const cases: readonly (readonly [string, object, string, object])[] = [
      [
        "ModifyTargetGroup",
        { TargetGroupArn: group, HealthCheckPath: "/other" },
        "DescribeTargetGroups",
        { TargetGroupArns: [group] },
      ],
      [
        "ModifyTargetGroupAttributes",
        { TargetGroupArn: group, Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "1" }] },
        "DescribeTargetGroupAttributes",
        { TargetGroupArn: group },
      ],
      [
        "ModifyLoadBalancerAttributes",
        { LoadBalancerArn, Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "1" }] },
        "DescribeLoadBalancerAttributes",
        { LoadBalancerArn },
      ],
      [
        "ModifyListener",
        { ListenerArn: listener, Port: 8080 },
        "DescribeListeners",
        { ListenerArns: [listener] },
      ],
      [
        "ModifyRule",
        { RuleArn, Conditions: [{ Field: "path-pattern", Values: ["/b"] }] },
        "DescribeRules",
        { RuleArns: [RuleArn] },
      ],
      [
        "SetRulePriorities",
        { RulePriorities: [{ RuleArn, Priority: 9 }] },
        "DescribeRules",
        { RuleArns: [RuleArn] },
      ],
    ];
    for (const [operation, input, describing, asked] of cases) {
      const before = await lab.call(`${ELB}${describing}`, asked);
      const answer = await faulted(lab, `${ELB}${operation}`, input, { kind: "ineffective" });
      expect(answer, operation).toEqual({ ...before, NextMarker: undefined });
      expect(await lab.call(`${ELB}${describing}`, asked), operation).toEqual(before);
    }
    const answers = [
      ["SetSubnets", { LoadBalancerArn, Subnets: ["subnet-1a", "subnet-1b"] }, { IpAddressType: "ipv4" }],
      [
        "SetSecurityGroups",
        { LoadBalancerArn, SecurityGroups: ["sg-12345678"] },
        { SecurityGroupIds: ["sg-alb-12345678"] },
      ],
      ["SetIpAddressType", { LoadBalancerArn, IpAddressType: "dualstack" }, { IpAddressType: "ipv4" }],
    ] as const;
    for (const [operation, input, answer] of answers) {
      expect(await faulted(lab, `${ELB}${operation}`, input, { kind: "ineffective" })).toMatchObject(answer);
    }
    expect(await lab.call(`${ELB}DescribeLoadBalancers`)).toMatchObject({
      LoadBalancers: [
        { IpAddressType: "ipv4", SecurityGroups: ["sg-alb-12345678"], AvailabilityZones: [{}, {}, {}] },
      ],
    });
  });

  it("says nothing where AWS says nothing, and keeps what a deletion was for", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    const tags = { ResourceArns: [LoadBalancerArn], Tags: [{ Key: "a", Value: "1" }] };
    expect(await faulted(lab, `${ELB}AddTags`, tags, { kind: "ineffective" })).toEqual({});
    expect(
      await faulted(lab, `${ELB}DeleteLoadBalancer`, { LoadBalancerArn }, { kind: "ineffective" }),
    ).toEqual({});
    expect(await lab.call(`${ELB}DescribeTags`, { ResourceArns: [LoadBalancerArn] })).toEqual({
      TagDescriptions: [{ ResourceArn: LoadBalancerArn, Tags: [] }],
    });
  });

  it("may concern some of its members only", async () => {
    const lab = buildLab();
    const { group: TargetGroupArn } = await buildWeb(lab);
    const two = [
      { Key: "deregistration_delay.timeout_seconds", Value: "1" },
      { Key: "slow_start.duration_seconds", Value: "60" },
    ];
    await faulted(
      lab,
      `${ELB}ModifyTargetGroupAttributes`,
      { TargetGroupArn, Attributes: two },
      { kind: "ineffective", members: ["Attributes/slow_start.duration_seconds"] },
    );
    const { Attributes } = await lab.call<{ Attributes: { Key: string; Value: string }[] }>(
      `${ELB}DescribeTargetGroupAttributes`,
      { TargetGroupArn },
    );
    const held = (key: string): string | undefined => Attributes.find((one) => one.Key === key)?.Value;
    expect(two.map(({ Key }) => held(Key))).toEqual(["1", "0"]);
    const made = await faulted(
      lab,
      `${ELB}CreateTargetGroup`,
      { Name: "b", Protocol: "HTTP", Port: 80, VpcId: WEB.vpc, HealthCheckPath: "/b" },
      { kind: "ineffective", members: ["HealthCheckPath"] },
    );
    expect(made).toMatchObject({ TargetGroups: [{ TargetGroupName: "b", HealthCheckPath: "/" }] });
  });

  it("is no way to make something: only changes and deletions can be left undone", () => {
    expect(canBeIneffective("elasticloadbalancing", "ModifyRule")).toBe(true);
    expect(canBeIneffective("autoscaling", "UpdateAutoScalingGroup")).toBe(true);
    expect(canBeIneffective("cloudwatch", "PutMetricAlarm")).toBe(true);
    expect(canBeIneffective("elasticloadbalancing", "CreateRule")).toBe(false);
    expect(canBeIneffective("ec2", "RunInstances")).toBe(false);
    expect(canBeIneffective("elasticloadbalancing", "DescribeRules")).toBe(false);
  });
});
