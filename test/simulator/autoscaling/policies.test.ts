import type * as asg from "@aws-sdk/client-auto-scaling";
import type * as cw from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import type { Lab } from "../support.ts";
import { activities, ask, group, groupLab, HOUR, inService, MINUTE, refusalText, webLab } from "./support.ts";

const CPU_AT_50: Partial<asg.PutScalingPolicyType> = {
  PolicyName: "cpu",
  PolicyType: "TargetTrackingScaling",
  EstimatedInstanceWarmup: 60,
  TargetTrackingConfiguration: {
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
    TargetValue: 50,
  },
};

const STEPS: Partial<asg.PutScalingPolicyType> = {
  PolicyName: "steps",
  PolicyType: "StepScaling",
  AdjustmentType: "ChangeInCapacity",
  EstimatedInstanceWarmup: 60,
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
  ],
};

function put(lab: Lab, input: Partial<asg.PutScalingPolicyType>): Promise<asg.PolicyARNType> {
  return ask<asg.PolicyARNType>(lab, "PutScalingPolicy", input);
}

async function policies(lab: Lab): Promise<asg.ScalingPolicy[]> {
  return (await ask<asg.PoliciesType>(lab, "DescribePolicies")).ScalingPolicies ?? [];
}

async function alarmNames(lab: Lab): Promise<string[]> {
  const { MetricAlarms: all } = await lab.call<cw.DescribeAlarmsOutput>("cloudwatch:DescribeAlarms");
  return (all ?? []).map((alarm) => alarm.AlarmName ?? "");
}

/** An alarm on a metric of the test's own, with the policy as its action. */
async function watchPressure(
  lab: Lab,
  policyArn: string,
  more: Partial<cw.PutMetricAlarmInput> = {},
): Promise<void> {
  await lab.call("cloudwatch:PutMetricAlarm", {
    AlarmName: "pressure",
    Namespace: "Test",
    MetricName: "Pressure",
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 60,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    AlarmActions: [policyArn],
    ...more,
  });
}

async function press(lab: Lab, Value: number, minutes = 1): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await lab.call("cloudwatch:PutMetricData", {
      Namespace: "Test",
      MetricData: [{ MetricName: "Pressure", Value }],
    });
    await lab.clock.advance(MINUTE);
  }
}

async function desired(lab: Lab): Promise<number> {
  return (await group(lab)).DesiredCapacity!;
}

describe("target tracking", () => {
  it("keeps two alarms of its own, which follow the policy to its end", async () => {
    const lab = await groupLab();
    const answer = await put(lab, CPU_AT_50);
    const names = await alarmNames(lab);
    expect(names[0]).toMatch(/^TargetTracking-web-AlarmHigh-[0-9a-f-]{36}$/);
    expect(names[1]).toMatch(/^TargetTracking-web-AlarmLow-[0-9a-f-]{36}$/);
    expect(answer.Alarms?.map((alarm) => alarm.AlarmName)).toEqual(names);
    const [policy] = await policies(lab);
    expect(policy).toMatchObject({
      PolicyARN: answer.PolicyARN,
      PolicyType: "TargetTrackingScaling",
      Enabled: true,
    });
    expect(policy?.Alarms?.map((alarm) => alarm.AlarmName)).toEqual(names);
    const again = await put(lab, {
      ...CPU_AT_50,
      TargetTrackingConfiguration: { ...CPU_AT_50.TargetTrackingConfiguration!, DisableScaleIn: true },
    });
    expect(again.PolicyARN).toBe(answer.PolicyARN);
    expect(await alarmNames(lab)).toEqual(names.slice(0, 1));
    await ask(lab, "DeletePolicy", { PolicyName: "cpu" });
    expect(await alarmNames(lab)).toEqual([]);
    await put(lab, CPU_AT_50);
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    expect(await alarmNames(lab)).toEqual([]);
  });

  it("scales out in proportion to the load, and in again slowly", async () => {
    const lab = await webLab();
    await put(lab, CPU_AT_50);
    // Two instances of 200 requests a second each are at their limit.
    lab.account.parts.load.set("web", { requestsPerSecond: 400, errorRate: 0 });
    await lab.clock.advance(30 * MINUTE);
    expect(await desired(lab)).toBe(5);
    expect((await activities(lab))[0]?.Cause).toMatch(
      /a monitor alarm TargetTracking-web-AlarmHigh-\S+ in state ALARM triggered policy cpu changing the desired capacity from 4 to 5\./,
    );
    lab.account.parts.load.set("web", { requestsPerSecond: 10, errorRate: 0 });
    await lab.clock.advance(10 * MINUTE);
    expect(await desired(lab)).toBe(5);
    await lab.clock.advance(8 * MINUTE);
    expect(await desired(lab)).toBe(4);
    await lab.clock.advance(2 * HOUR);
    expect(await desired(lab)).toBe(2);
    expect(await inService(lab)).toHaveLength(2);
  });

  it("does nothing while alarms are suspended", async () => {
    const lab = await webLab();
    await put(lab, CPU_AT_50);
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["AlarmNotification"] });
    lab.account.parts.load.set("web", { requestsPerSecond: 400, errorRate: 0 });
    await lab.clock.advance(30 * MINUTE);
    expect(await desired(lab)).toBe(2);
    await ask(lab, "ResumeProcesses");
    await lab.clock.advance(5 * MINUTE);
    expect(await desired(lab)).toBeGreaterThan(2);
  });

  it("on requests per target takes only the label of a target group in use and attached", async () => {
    const lab = await webLab();
    const [balancer] = lab.account.parts.elb.loadBalancers();
    const label = `${balancer!.dimension}/${balancer!.targetGroups[0]!.dimension}`;
    const onRequests = (ResourceLabel: string | undefined): Partial<asg.PutScalingPolicyType> => ({
      PolicyName: "requests",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel },
        TargetValue: 600,
      },
    });
    const refused = (given: string | undefined): Promise<string> =>
      lab.refusal("autoscaling:PutScalingPolicy", { AutoScalingGroupName: "web", ...onRequests(given) });
    expect(await refused(undefined)).toBe("ValidationError");
    expect(await refused("app/none/1/targetgroup/none/2")).toBe("ValidationError");
    await put(lab, onRequests(label));
    lab.account.parts.load.set("web", { requestsPerSecond: 40, errorRate: 0 });
    await lab.clock.advance(30 * MINUTE);
    // 2,400 requests a minute are 600 for each of four targets.
    expect(await desired(lab)).toBe(4);
  });

  it("is refused a second time for the same metric", async () => {
    const lab = await groupLab();
    await put(lab, CPU_AT_50);
    expect(
      await refusalText(lab, "autoscaling:PutScalingPolicy", {
        AutoScalingGroupName: "web",
        ...CPU_AT_50,
        PolicyName: "cpu-2",
      }),
    ).toBe(
      "ValidationError: Only one TargetTrackingScaling policy for a given metric specification is allowed.",
    );
  });
});

describe("step scaling", () => {
  it("scales by the size of the breach, and counts no instance twice while it warms up", async () => {
    const lab = await groupLab();
    const { PolicyARN: arn } = await put(lab, { ...STEPS, EstimatedInstanceWarmup: 120 });
    await watchPressure(lab, arn!);
    await press(lab, 65, 2);
    expect(await desired(lab)).toBe(3);
    await press(lab, 70);
    expect(await desired(lab)).toBe(5);
    expect(
      (await activities(lab)).some((one) =>
        one.Cause?.includes("monitor alarm pressure in state ALARM triggered policy steps"),
      ),
    ).toBe(true);
  });

  it("holds the lower bound above the threshold and the upper bound below it", async () => {
    const lab = await groupLab({ MinSize: 1, DesiredCapacity: 6 });
    await lab.clock.advance(10 * MINUTE);
    await put(lab, {
      ...STEPS,
      StepAdjustments: [
        { MetricIntervalUpperBound: -10, ScalingAdjustment: -3 },
        { MetricIntervalLowerBound: -10, MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
      ],
    });
    const execute = (MetricValue: number): Promise<object> =>
      ask(lab, "ExecutePolicy", { PolicyName: "steps", MetricValue, BreachThreshold: 40 });
    await execute(30);
    expect(await desired(lab)).toBe(3);
    await lab.clock.advance(5 * MINUTE);
    await execute(31);
    expect(await desired(lab)).toBe(2);
  });

  it.each([
    [10, 10, undefined, 11],
    [10, 67, undefined, 16],
    [4, 5, undefined, 5],
    [4, 25, 2, 6],
    [10, -66, undefined, 4],
    [10, -5, undefined, 9],
  ])("of %i instances by %i percent, at least %s, makes %i", async (from, percent, least, to) => {
    const lab = await groupLab({ MinSize: 0, MaxSize: 50, DesiredCapacity: from });
    await lab.clock.advance(10 * MINUTE);
    const isOut = percent > 0;
    await put(lab, {
      ...STEPS,
      AdjustmentType: "PercentChangeInCapacity",
      MinAdjustmentMagnitude: least,
      StepAdjustments: [
        isOut
          ? { MetricIntervalLowerBound: 0, ScalingAdjustment: percent }
          : { MetricIntervalUpperBound: 0, ScalingAdjustment: percent },
      ],
    });
    await ask(lab, "ExecutePolicy", { PolicyName: "steps", MetricValue: isOut ? 9 : 1, BreachThreshold: 5 });
    expect(await desired(lab)).toBe(to);
  });

  it.each([
    [
      "a gap",
      [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10 }, { MetricIntervalLowerBound: 20 }],
    ],
    [
      "an overlap",
      [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20 }, { MetricIntervalLowerBound: 10 }],
    ],
    ["a closed end above zero", [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10 }]],
    ["a closed end below zero", [{ MetricIntervalLowerBound: -10, MetricIntervalUpperBound: 0 }]],
    ["no bounds", [{}]],
    ["no steps", []],
  ])("is refused with %s", async (_, bounds) => {
    const lab = await groupLab({ MinSize: 0 });
    const StepAdjustments = bounds.map((one) => ({ ...one, ScalingAdjustment: 1 }));
    expect(
      await lab.refusal("autoscaling:PutScalingPolicy", {
        AutoScalingGroupName: "web",
        ...STEPS,
        StepAdjustments,
      }),
    ).toBe("ValidationError");
  });

  it("leaves its alarm behind, without the action; with the group the alarm goes too", async () => {
    const lab = await groupLab();
    const { PolicyARN: arn } = await put(lab, STEPS);
    await watchPressure(lab, arn!);
    await watchPressure(lab, arn!, {
      AlarmName: "noted",
      OKActions: ["arn:aws:sns:us-east-1:123456789012:topic"],
    });
    expect((await policies(lab))[0]?.Alarms?.map((alarm) => alarm.AlarmName)).toEqual(["noted", "pressure"]);
    await ask(lab, "DeletePolicy", { PolicyName: "steps" });
    expect(await alarmNames(lab)).toEqual(["noted", "pressure"]);
    const { PolicyARN: next } = await put(lab, STEPS);
    await watchPressure(lab, next!);
    await watchPressure(lab, next!, {
      AlarmName: "noted",
      OKActions: ["arn:aws:sns:us-east-1:123456789012:topic"],
    });
    await ask(lab, "DeleteAutoScalingGroup", { ForceDelete: true });
    expect(await alarmNames(lab)).toEqual(["noted"]);
  });
});

describe("simple scaling", () => {
  it("waits for the activity and the cooldown before it acts again", async () => {
    const lab = await groupLab();
    const { PolicyARN: arn } = await put(lab, {
      PolicyName: "more",
      AdjustmentType: "ChangeInCapacity",
      ScalingAdjustment: 1,
      Cooldown: 600,
    });
    await watchPressure(lab, arn!);
    await press(lab, 90, 9);
    expect(await desired(lab)).toBe(3);
    expect(
      await lab.refusal("autoscaling:ExecutePolicy", {
        AutoScalingGroupName: "web",
        PolicyName: "more",
        HonorCooldown: true,
      }),
    ).toBe("ScalingActivityInProgress");
    await press(lab, 90, 4);
    expect(await desired(lab)).toBe(4);
    await ask(lab, "ExecutePolicy", { PolicyName: "more" });
    expect(await desired(lab)).toBe(5);
  });

  it("never leaves the bounds of the group", async () => {
    const lab = await groupLab({ MaxSize: 3 });
    await put(lab, { PolicyName: "nine", AdjustmentType: "ExactCapacity", ScalingAdjustment: 9 });
    await ask(lab, "ExecutePolicy", { PolicyName: "nine" });
    expect(await desired(lab)).toBe(3);
  });
});

describe("predictive scaling", () => {
  const AHEAD: Partial<asg.PutScalingPolicyType> = {
    PolicyName: "ahead",
    PolicyType: "PredictiveScaling",
    PredictiveScalingConfiguration: {
      MetricSpecifications: [
        {
          TargetValue: 40,
          PredefinedMetricPairSpecification: { PredefinedMetricType: "ASGCPUUtilization" },
        },
      ],
    },
  };

  it("is described with the defaults of what was not given, has no alarms, and no user executes it", async () => {
    const lab = await groupLab();
    const { Alarms } = await put(lab, AHEAD);
    expect(Alarms).toEqual([]);
    const [policy] = await policies(lab);
    expect(policy).toMatchObject({
      PolicyType: "PredictiveScaling",
      PredictiveScalingConfiguration: {
        ...AHEAD.PredictiveScalingConfiguration,
        Mode: "ForecastOnly",
        SchedulingBufferTime: 300,
        MaxCapacityBreachBehavior: "HonorMaxCapacity",
      },
    });
    const asked = { AutoScalingGroupName: "web", PolicyName: "ahead" };
    expect(await refusalText(lab, "autoscaling:ExecutePolicy", asked)).toMatch(
      /ExecutePolicy is not supported for policies of type PredictiveScaling/,
    );
  });
});

describe("target tracking by metric maths", () => {
  it("keeps its queries, and its alarms stay without data", async () => {
    const lab = await groupLab();
    const Metrics = [
      {
        Id: "m1",
        MetricStat: { Metric: { Namespace: "Test", MetricName: "Pressure" }, Stat: "Sum", Period: 60 },
        ReturnData: false,
      },
      { Id: "e1", Expression: "m1 / 2", ReturnData: true },
    ];
    await put(lab, {
      PolicyName: "maths",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingConfiguration: { TargetValue: 10, CustomizedMetricSpecification: { Metrics } },
    });
    const [policy] = await policies(lab);
    expect(policy?.TargetTrackingConfiguration?.CustomizedMetricSpecification?.Metrics).toEqual(Metrics);
    await press(lab, 100, 5);
    const { MetricAlarms = [] } = await lab.call<cw.DescribeAlarmsOutput>("cloudwatch:DescribeAlarms");
    expect(MetricAlarms.map((alarm) => [alarm.StateValue, alarm.Metrics])).toEqual([
      ["INSUFFICIENT_DATA", Metrics],
      ["INSUFFICIENT_DATA", Metrics],
    ]);
  });
});
