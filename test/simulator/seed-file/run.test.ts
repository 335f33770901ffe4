import { describe, expect, it } from "vitest";
import { seedCalls } from "../../../src/simulator/seed-file/calls.ts";
import { runSeed } from "../../../src/simulator/seed-file/run.ts";
import { buildLab, WEB } from "../support.ts";

const LOAD_BALANCER = {
  call: "elasticloadbalancing:CreateLoadBalancer",
  as: "lb",
  input: { Name: "shop", Subnets: WEB.subnets, SecurityGroups: ["sg-alb-12345678"] },
};
const LISTENER = {
  call: "elasticloadbalancing:CreateListener",
  input: {
    LoadBalancerArn: { from: "lb.LoadBalancers[0].LoadBalancerArn" },
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
  },
};
const ALARM = {
  call: "cloudwatch:PutMetricAlarm",
  input: {
    AlarmName: "shop-5xx",
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_ELB_5XX_Count",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
  },
};

async function made(...calls: readonly object[]) {
  const lab = buildLab();
  await lab.clock.resolve(runSeed(lab.account, seedCalls([calls])));
  return lab;
}

function withInput(call: { call: string; input: object }, more: object) {
  return { ...call, input: { ...call.input, ...more } };
}

describe("a seed file", () => {
  it("makes its calls in order, with what earlier ones have answered", async () => {
    const lab = await made(LOAD_BALANCER, LISTENER);
    const { LoadBalancers } = await lab.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      "elasticloadbalancing:DescribeLoadBalancers",
    );
    const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
    expect(await lab.call("elasticloadbalancing:DescribeListeners", { LoadBalancerArn })).toMatchObject({
      Listeners: [{ Port: 80, LoadBalancerArn }],
    });
  });

  it("takes a part of an answer, joins texts, and encodes user data", async () => {
    const after = { from: "lb.LoadBalancers[0].LoadBalancerArn", after: "loadbalancer/" };
    const lab = await made(
      LOAD_BALANCER,
      withInput(ALARM, { Dimensions: [{ Name: "LoadBalancer", Value: after }] }),
      withInput(ALARM, { AlarmName: { join: ["of-", { from: "lb.LoadBalancers[0].LoadBalancerName" }] } }),
      {
        call: "ec2:CreateLaunchTemplate",
        input: {
          LaunchTemplateName: "shop",
          LaunchTemplateData: { ImageId: "ami-12345678", UserData: { base64: "#!/bin/sh\nexec ü\n" } },
        },
      },
    );
    const { MetricAlarms } = await lab.call<{ MetricAlarms: { AlarmName: string; Dimensions: object[] }[] }>(
      "cloudwatch:DescribeAlarms",
    );
    expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(["of-shop", "shop-5xx"]);
    expect(MetricAlarms[1]?.Dimensions).toEqual([
      { Name: "LoadBalancer", Value: expect.stringMatching(/^app\/shop\/[0-9a-f]{16}$/) },
    ]);
    const { LaunchTemplateVersions } = await lab.call<{
      LaunchTemplateVersions: { LaunchTemplateData: { UserData: string } }[];
    }>("ec2:DescribeLaunchTemplateVersions", { LaunchTemplateName: "shop" });
    const data = LaunchTemplateVersions[0]?.LaunchTemplateData.UserData ?? "";
    expect(Buffer.from(data, "base64").toString()).toBe("#!/bin/sh\nexec ü\n");
  });

  it("takes times as texts", async () => {
    const lab = await made(
      {
        call: "ec2:CreateLaunchTemplate",
        input: {
          LaunchTemplateName: "web",
          LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.micro" },
        },
      },
      {
        call: "autoscaling:CreateAutoScalingGroup",
        input: {
          AutoScalingGroupName: "g",
          MinSize: 0,
          MaxSize: 1,
          VPCZoneIdentifier: "subnet-1a",
          LaunchTemplate: { LaunchTemplateName: "web" },
        },
      },
      {
        call: "autoscaling:PutScheduledUpdateGroupAction",
        input: {
          AutoScalingGroupName: "g",
          ScheduledActionName: "up",
          StartTime: "2027-01-31T12:00:00Z",
          MinSize: 1,
        },
      },
    );
    expect(await lab.call("autoscaling:DescribeScheduledActions")).toMatchObject({
      ScheduledUpdateGroupActions: [{ StartTime: new Date("2027-01-31T12:00:00Z") }],
    });
  });
});

describe("a seed file is refused, with the number of the call, its operation and AWS's message,", () => {
  const LISTENING = "call 2, elasticloadbalancing:CreateListener: ";

  it.each([
    [
      "for what the account refuses",
      [LOAD_BALANCER, withInput(LISTENER, { Port: 0 })],
      /^call 2, elasticloadbalancing:CreateListener: ValidationError: .*port/i,
    ],
    [
      "for an operation that AWS does not have",
      [{ call: "elasticloadbalancing:CreateLoadBalncer" }],
      "call 1, elasticloadbalancing:CreateLoadBalncer: InvalidAction: The action CreateLoadBalncer is not valid for this web service.",
    ],
    [
      "for one that the account does not have",
      [{ call: "ec2:CreateVpnGateway", input: { Type: "ipsec.1" } }],
      "call 1, ec2:CreateVpnGateway: InvalidAction: The action CreateVpnGateway is not valid for this web service.",
    ],
    [
      "for a parameter that the operation does not have",
      [LOAD_BALANCER, withInput(LISTENER, { Prot: 80 })],
      `${LISTENING}ParamValidation: input has no parameter Prot; did you mean Port?`,
    ],
    [
      "for a parameter of another type",
      [LOAD_BALANCER, withInput(LISTENER, { DefaultActions: [{ Type: 5 }] })],
      `${LISTENING}ParamValidation: input.DefaultActions[0].Type is a text; put 5 in quotes`,
    ],
    [
      "for a parameter that is missing",
      [{ call: "elasticloadbalancing:CreateLoadBalancer" }],
      /^call 1, elasticloadbalancing:CreateLoadBalancer: ValidationError: .*'name'/,
    ],
    [
      "for a member that the answer does not have",
      [
        LOAD_BALANCER,
        withInput(LISTENER, { LoadBalancerArn: { from: "lb.LoadBalancers[1].LoadBalancerArn" } }),
      ],
      `${LISTENING}input.LoadBalancerArn: the answer has no lb.LoadBalancers[1].LoadBalancerArn`,
    ],
    [
      "for a text that the member does not hold",
      [
        LOAD_BALANCER,
        withInput(LISTENER, {
          LoadBalancerArn: { from: "lb.LoadBalancers[0].LoadBalancerArn", after: "x/" },
        }),
      ],
      `${LISTENING}input.LoadBalancerArn: there is no "x/" in lb.LoadBalancers[0].LoadBalancerArn`,
    ],
  ])("%s", async (_, calls, message) => {
    await expect(made(...calls)).rejects.toThrow(message);
  });
});

describe("the shape of a seed file is checked before anything is made", () => {
  it.each([
    ["a map", [{ call: "x" }], "it is one list of calls, each with `call`, `input` and perhaps `as`"],
    ["two documents", [[], []], /^it is one list/],
    ["nothing", [], /^it is one list/],
    [
      "too many calls",
      [Array.from({ length: 1_001 }, () => LOAD_BALANCER)],
      "it holds 1001 calls, and at most 1000 are made",
    ],
    ["an item that is no map", [["x"]], "call 1: it is a map with `call`, `input` and perhaps `as`"],
    [
      "a field that there is not",
      [[{ ...ALARM, name: "x" }]],
      "call 1: there is no `name`; a call has call, input, as",
    ],
    [
      "an operation without a service",
      [[{ call: "CreateListener" }]],
      /^call 1: `call` is an operation as IAM/,
    ],
    [
      "a service that there is not",
      [[{ call: "autoscalling:PutScalingPolicy" }]],
      "call 1, autoscalling:PutScalingPolicy: the account has no service autoscalling; did you mean autoscaling?",
    ],
    ["an input that is a list", [[{ ...ALARM, input: [] }]], /`input` is a map of AWS's parameters$/],
    ["a name with a dot", [[{ ...ALARM, as: "a.b" }]], /`as` is a name of letters/],
    [
      "a name that stands twice",
      [[LOAD_BALANCER, LOAD_BALANCER]],
      "call 2, elasticloadbalancing:CreateLoadBalancer: an earlier call is named lb already",
    ],
    [
      "a reference to a later call",
      [[LISTENER, LOAD_BALANCER]],
      "call 1, elasticloadbalancing:CreateListener: input.LoadBalancerArn: no call before this one is named lb",
    ],
    [
      "a reference to a whole answer",
      [[LOAD_BALANCER, withInput(LISTENER, { LoadBalancerArn: { from: "lb" } })]],
      /input\.LoadBalancerArn: `from` is a member of an earlier answer/,
    ],
    [
      "something beside a reference",
      [[LOAD_BALANCER, withInput(LISTENER, { LoadBalancerArn: { from: "lb.A", before: "x" } })]],
      /input\.LoadBalancerArn: `before` cannot stand beside `from`$/,
    ],
    [
      "base64 of a number",
      [[withInput(ALARM, { AlarmName: { base64: 5 } })]],
      /input\.AlarmName: `base64` is a text$/,
    ],
    [
      "a join of no list",
      [[withInput(ALARM, { AlarmName: { join: "x" } })]],
      /input\.AlarmName: `join` is a list of texts$/,
    ],
  ])("%s", (_, documents, message) => {
    expect(() => seedCalls(documents)).toThrow(message);
  });
});
