import { describe, expect, it } from "vitest";
import { DOCUMENTED_DEFAULTS, sparseAnswers } from "../../../src/simulator/faults/sparse.ts";
import { WIRE_SERVICES, type WireOperation } from "../../../src/simulator/wire/schemas.ts";
import { buildLab, buildWeb, WEB } from "../support.ts";

const ELB = "elasticloadbalancing:";

type Tuple = readonly [0, 0, 0, 0, string[]?, 0?, number?];

describe("sparse answers", () => {
  it("lack what the documented defaults say, and nothing else", async () => {
    const lab = buildLab({ interceptor: sparseAnswers() });
    const web = await buildWeb(lab);
    const { TargetGroups } = await lab.call<{ TargetGroups: Record<string, unknown>[] }>(
      `${ELB}DescribeTargetGroups`,
      {},
    );
    const [group] = TargetGroups;
    expect(Object.keys(group!).sort()).toEqual([
      "HealthCheckIntervalSeconds",
      "HealthyThresholdCount",
      "LoadBalancerArns",
      "Port",
      "Protocol",
      "TargetGroupArn",
      "TargetGroupName",
      "VpcId",
    ]);
    const { Rules } = await lab.call<{ Rules: object[] }>(`${ELB}DescribeRules`, {
      ListenerArn: web.listener,
    });
    expect(Rules).toEqual([
      {
        RuleArn: expect.stringContaining(":listener-rule/"),
        Priority: "default",
        IsDefault: true,
        Actions: [
          {
            Type: "forward",
            TargetGroupArn: web.group,
            ForwardConfig: { TargetGroups: [{ TargetGroupArn: web.group }] },
          },
        ],
      },
    ]);
  });

  it("keep other values, what the reference requires, and what the answer consists of", async () => {
    const lab = buildLab({ interceptor: sparseAnswers() });
    await lab.call(`${ELB}CreateTargetGroup`, {
      Name: "grpc",
      Protocol: "HTTPS",
      Port: 443,
      VpcId: WEB.vpc,
      ProtocolVersion: "GRPC",
    });
    expect(await lab.call(`${ELB}DescribeTargetGroups`, {})).toMatchObject({
      TargetGroups: [
        { ProtocolVersion: "GRPC", Matcher: { GrpcCode: "12" }, HealthCheckPath: "/AWS.ALB/healthcheck" },
      ],
    });
    expect(await lab.call(`${ELB}DescribeLoadBalancers`, {})).toEqual({ LoadBalancers: [] });
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: "ami-12345678" },
    });
    await lab.call("autoscaling:CreateAutoScalingGroup", {
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateName: "web" },
      MinSize: 0,
      MaxSize: 0,
      VPCZoneIdentifier: "subnet-1a",
    });
    const { AutoScalingGroups } = await lab.call<{ AutoScalingGroups: Record<string, unknown>[] }>(
      "autoscaling:DescribeAutoScalingGroups",
      {},
    );
    expect(AutoScalingGroups[0]).toMatchObject({ MinSize: 0, DesiredCapacity: 0, DefaultCooldown: 300 });
    expect(AutoScalingGroups[0]).not.toHaveProperty("CapacityRebalance");
    expect(AutoScalingGroups[0]).not.toHaveProperty("SuspendedProcesses");
    expect(AutoScalingGroups[0]).not.toHaveProperty("TerminationPolicies");
  });

  it("lack what a test names besides", async () => {
    const lab = buildLab({ interceptor: sparseAnswers(["TargetGroup.Port"]) });
    await buildWeb(lab);
    const { TargetGroups } = await lab.call<{ TargetGroups: object[] }>(`${ELB}DescribeTargetGroups`, {});
    expect(TargetGroups[0]).not.toHaveProperty("Port");
  });

  it("rest on defaults of members that there are, and that no reference requires", () => {
    const types = new Map<string, { members: string[]; required: string[] }>();
    const visit = (schema: WireOperation["output"]): void => {
      if (schema.isListSchema()) visit(schema.getValueSchema());
      if (!schema.isStructSchema() || schema.isUnitSchema()) return;
      const name = (schema.getName() ?? "").split("#").at(-1)!;
      if (types.has(name)) return;
      const [, , , , names = [], , count = 0] = schema.getSchema() as unknown as Tuple;
      types.set(name, { members: [...names], required: names.slice(0, count) });
      for (const [, member] of schema.structIterator()) visit(member);
    };
    for (const service of WIRE_SERVICES) {
      for (const { output } of service.operations.values()) visit(output);
    }
    for (const path of Object.keys(DOCUMENTED_DEFAULTS)) {
      const [type = "", member = ""] = path.split(".");
      expect(types.get(type)?.members, path).toContain(member);
      expect(types.get(type)?.required, path).not.toContain(member);
    }
  });
});
