import { describe, expect, it } from "vitest";
import type { ServiceName } from "../../../src/simulator/services.ts";
import { buildLab, buildWeb, type Lab } from "../../simulator/support.ts";
import { type AccountView, readAccount } from "./account-view.ts";

const SOME = [{ Key: "Team", Value: "shop" }];
const ALARM = {
  AlarmName: "high",
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 80,
  ComparisonOperator: "GreaterThanThreshold",
  Tags: SOME,
};
const GROUP = {
  AutoScalingGroupName: "web",
  LaunchTemplate: { LaunchTemplateName: "web" },
  MinSize: 0,
  MaxSize: 1,
  VPCZoneIdentifier: "subnet-1a",
};

/** One of each kind, and how to remove them, so that nothing that is left stands in the way of the next. */
async function oneOfEach(lab: Lab): Promise<[operation: string, input: object][]> {
  const { loadBalancer, group, listener } = await buildWeb(lab);
  const { Rules } = await lab.call<{ Rules: { RuleArn: string }[] }>("elasticloadbalancing:CreateRule", {
    ListenerArn: listener,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", Values: ["/api/*"] }],
    Actions: [{ Type: "forward", TargetGroupArn: group }],
    Tags: SOME,
  });
  await lab.call("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
  });
  await lab.call("autoscaling:CreateAutoScalingGroup", GROUP);
  await lab.call("cloudwatch:PutMetricAlarm", ALARM);
  return [
    ["elasticloadbalancing:DeleteRule", { RuleArn: Rules[0]?.RuleArn }],
    ["elasticloadbalancing:DeleteListener", { ListenerArn: listener }],
    ["elasticloadbalancing:DeleteTargetGroup", { TargetGroupArn: group }],
    ["elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn: loadBalancer }],
    ["autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: "web" }],
    ["ec2:DeleteLaunchTemplate", { LaunchTemplateName: "web" }],
    ["cloudwatch:DeleteAlarms", { AlarmNames: ["high"] }],
  ];
}

function sizeOf({ loadBalancers, targetGroups, groups, templates, alarms }: AccountView): number {
  const listeners = loadBalancers.flatMap((item) => item.listeners);
  const rules = listeners.flatMap((item) => item.rules);
  return [loadBalancers, listeners, rules, targetGroups, groups, templates, alarms].flat().length;
}

describe("a judge's view of the account", () => {
  it("is of one moment: what is being deleted is in it as a whole or not at all", async () => {
    const lab = buildLab();
    const removals = await oneOfEach(lab);
    const sizes = [sizeOf(readAccount(lab.account))];
    for (const [operation, input] of removals) {
      const [service, name] = operation.split(":") as [ServiceName, string];
      const removal = lab.account.call(service, name, input);
      for (let ms = 0; ms < 300; ms += 1) {
        const view = readAccount(lab.account);
        sizes.push(sizeOf(view));
        for (const { tags } of view.alarms) expect(tags).toEqual({ Team: "shop" });
        await lab.clock.advance(1);
      }
      await removal;
      // A group takes its time to go.
      await lab.clock.advance(60_000);
    }
    sizes.push(sizeOf(readAccount(lab.account)));
    expect([...new Set(sizes)]).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it("moves nothing: no time passes, no call is recorded, and what AWS draws next is the same", async () => {
    const [looking, other] = [buildLab(), buildLab()];
    for (const lab of [looking, other]) await oneOfEach(lab);
    const [nowMs, calls] = [looking.clock.nowMs(), looking.account.calls.total()];
    readAccount(looking.account);
    expect([looking.clock.nowMs(), looking.account.calls.total()]).toEqual([nowMs, calls]);
    const made = (lab: Lab) =>
      lab.call("ec2:CreateLaunchTemplate", {
        LaunchTemplateName: "next",
        LaunchTemplateData: { ImageId: "ami-12345678" },
      });
    expect(await made(looking)).toEqual(await made(other));
  });

  it("shares nothing with the account", async () => {
    const lab = buildLab();
    await oneOfEach(lab);
    readAccount(lab.account).groups[0]!.it.MaxSize = 9;
    expect(readAccount(lab.account).groups[0]?.it.MaxSize).toBe(1);
  });

  it("is made by looking, and nothing is changed by a look", () => {
    const { account } = buildLab();
    expect(() => account.look("ec2", "CreateVpc", { CidrBlock: "10.9.0.0/16" })).toThrow(RangeError);
    expect(() => account.look("ec2", "DescribeNothing", {})).toThrow(/not valid/);
  });
});
