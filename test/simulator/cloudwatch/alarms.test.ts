import type * as cw from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { HOUR, inService, MINUTE, webLab } from "../autoscaling/support.ts";
import { buildLab, type Lab } from "../support.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";

const ALARM: cw.PutMetricAlarmInput = {
  AlarmName: "pressure",
  Namespace: "Test",
  MetricName: "Pressure",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 60,
  ComparisonOperator: "GreaterThanThreshold",
};

function put(lab: Lab, more: object = {}): Promise<object> {
  return lab.call("cloudwatch:PutMetricAlarm", { ...ALARM, ...more });
}

async function press(lab: Lab, Value: number, minutes = 1, more: object = {}): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await lab.call("cloudwatch:PutMetricData", {
      Namespace: "Test",
      MetricData: [{ MetricName: "Pressure", Value, ...more }],
    });
    await lab.clock.advance(MINUTE);
  }
}

async function alarm(lab: Lab, name = "pressure"): Promise<cw.MetricAlarm> {
  const answer = await lab.call<cw.DescribeAlarmsOutput>("cloudwatch:DescribeAlarms", { AlarmNames: [name] });
  return answer.MetricAlarms![0]!;
}

async function history(lab: Lab, input: object = {}): Promise<string[]> {
  const answer = await lab.call<cw.DescribeAlarmHistoryOutput>("cloudwatch:DescribeAlarmHistory", {
    AlarmName: "pressure",
    ScanBy: "TimestampAscending",
    ...input,
  });
  return (answer.AlarmHistoryItems ?? []).map((item) => item.HistorySummary ?? "");
}

describe("an alarm", () => {
  it("starts without data, goes off when enough points breach, and calms down", async () => {
    const lab = buildLab();
    await put(lab, { AlarmActions: [TOPIC] });
    expect(await alarm(lab)).toMatchObject({
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "Unchecked: Initial alarm creation",
      ActionsEnabled: true,
      OKActions: [],
    });
    await press(lab, 50, 3);
    expect((await alarm(lab)).StateValue).toBe("OK");
    await press(lab, 70);
    expect((await alarm(lab)).StateValue).toBe("OK");
    await press(lab, 70);
    expect(await alarm(lab)).toMatchObject({ StateValue: "ALARM" });
    expect((await alarm(lab)).StateReason).toContain("2 out of the last 2 datapoints [70.0");
    await press(lab, 50);
    expect((await alarm(lab)).StateValue).toBe("OK");
    expect(await history(lab)).toEqual([
      'Alarm "pressure" created',
      "Alarm updated from INSUFFICIENT_DATA to OK",
      "Alarm updated from OK to ALARM",
      `Successfully executed action ${TOPIC}`,
      "Alarm updated from ALARM to OK",
    ]);
  });

  it("keeps its state and its tags when it is put again, and loses the rest", async () => {
    const lab = buildLab();
    await put(lab, { AlarmDescription: "first", Tags: [{ Key: "a", Value: "1" }], Threshold: 10 });
    await press(lab, 50, 3);
    await put(lab, { Tags: [{ Key: "b", Value: "2" }] });
    const now = await alarm(lab);
    expect(now).toMatchObject({ StateValue: "ALARM", Threshold: 60 });
    expect(now.AlarmDescription).toBeUndefined();
    expect(now).not.toHaveProperty("Tags");
    const tags = (): Promise<cw.ListTagsForResourceOutput> =>
      lab.call("cloudwatch:ListTagsForResource", { ResourceARN: now.AlarmArn });
    expect((await tags()).Tags).toEqual([{ Key: "a", Value: "1" }]);
    await lab.call("cloudwatch:TagResource", { ResourceARN: now.AlarmArn, Tags: [{ Key: "c", Value: "3" }] });
    await lab.call("cloudwatch:UntagResource", { ResourceARN: now.AlarmArn, TagKeys: ["a", "z"] });
    expect((await tags()).Tags).toEqual([{ Key: "c", Value: "3" }]);
    expect(await lab.refusal("cloudwatch:ListTagsForResource", { ResourceARN: `${now.AlarmArn}x` })).toBe(
      "ResourceNotFoundException",
    );
  });

  it("set by hand returns to the truth at the next evaluation", async () => {
    const lab = buildLab();
    await put(lab);
    await press(lab, 10, 3);
    await lab.call("cloudwatch:SetAlarmState", {
      AlarmName: "pressure",
      StateValue: "ALARM",
      StateReason: "drill",
    });
    expect(await alarm(lab)).toMatchObject({ StateValue: "ALARM", StateReason: "drill" });
    await press(lab, 10);
    expect((await alarm(lab)).StateValue).toBe("OK");
    expect(
      await lab.refusal("cloudwatch:SetAlarmState", { AlarmName: "none", StateValue: "OK", StateReason: "" }),
    ).toBe("ResourceNotFound");
  });

  it("does not act while its actions are disabled", async () => {
    const lab = buildLab();
    await put(lab, { AlarmActions: [TOPIC], EvaluationPeriods: 1 });
    await lab.call("cloudwatch:DisableAlarmActions", { AlarmNames: ["pressure", "unknown"] });
    await press(lab, 90, 2);
    expect(await alarm(lab)).toMatchObject({ StateValue: "ALARM", ActionsEnabled: false });
    expect(await history(lab, { HistoryItemType: "Action" })).toEqual([]);
    await lab.call("cloudwatch:EnableAlarmActions", { AlarmNames: ["pressure"] });
    expect((await alarm(lab)).ActionsEnabled).toBe(true);
  });

  it("of ten seconds goes off within the minute", async () => {
    const lab = buildLab();
    await put(lab, { Period: 10, EvaluationPeriods: 1 });
    await lab.call("cloudwatch:PutMetricData", {
      Namespace: "Test",
      MetricData: [{ MetricName: "Pressure", Value: 99, StorageResolution: 1 }],
    });
    await lab.clock.advance(11_000);
    expect((await alarm(lab)).StateValue).toBe("ALARM");
  });

  it("of five minutes slides over its window each minute", async () => {
    const lab = buildLab();
    await put(lab, { Period: 300, EvaluationPeriods: 1, Statistic: "Sum", Threshold: 100 });
    await press(lab, 40, 2);
    expect((await alarm(lab)).StateValue).toBe("OK");
    await press(lab, 40);
    expect((await alarm(lab)).StateValue).toBe("ALARM");
  });

  it.each([
    [{ Period: 45 }, "ValidationError"],
    [{ Namespace: "AWS/EC2", Period: 30 }, "ValidationError"],
    [{ Period: 3_000, EvaluationPeriods: 30 }, "ValidationError"],
    [{ Period: 3_600, EvaluationPeriods: 169 }, "ValidationError"],
    [{ DatapointsToAlarm: 3 }, "ValidationError"],
    [{ Statistic: undefined }, "MissingParameter"],
    [{ ExtendedStatistic: "p99" }, "InvalidParameterCombination"],
    [{ Statistic: undefined, ExtendedStatistic: "p101" }, "InvalidParameterValue"],
    [{ Threshold: undefined }, "MissingParameter"],
    [{ ComparisonOperator: "Above" }, "ValidationError"],
    [{ TreatMissingData: "zero" }, "ValidationError"],
    [{ AlarmActions: Array.from({ length: 6 }, (_, index) => `${TOPIC}${index}`) }, "ValidationError"],
    [{ AlarmActions: ["mail me"] }, "ValidationError"],
    [{ AlarmName: "x".repeat(256) }, "ValidationError"],
    [{ Metrics: [] }, "ValidationError"],
  ])("is refused with %o", async (wrong, code) => {
    const lab = buildLab();
    expect(await lab.refusal("cloudwatch:PutMetricAlarm", { ...ALARM, ...wrong })).toBe(code);
  });
});

describe("describing and deleting alarms", () => {
  it("gives pages, prefixes and states", async () => {
    const lab = buildLab();
    for (const AlarmName of ["a-1", "a-2", "b-1"]) await put(lab, { AlarmName });
    const describe = async (input: object): Promise<string[]> => {
      const answer = await lab.call<cw.DescribeAlarmsOutput>("cloudwatch:DescribeAlarms", input);
      return answer.MetricAlarms!.map((one) => one.AlarmName!);
    };
    expect(await describe({ AlarmNamePrefix: "a-" })).toEqual(["a-1", "a-2"]);
    expect(await describe({ StateValue: "ALARM" })).toEqual([]);
    expect(await describe({ AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
    const page = await lab.call<cw.DescribeAlarmsOutput>("cloudwatch:DescribeAlarms", { MaxRecords: 2 });
    expect(await describe({ MaxRecords: 2, NextToken: page.NextToken })).toEqual(["b-1"]);
    expect(await lab.refusal("cloudwatch:DescribeAlarms", { NextToken: "?" })).toBe("InvalidNextToken");
    expect(await lab.refusal("cloudwatch:DescribeAlarms", { AlarmNames: ["a"], AlarmNamePrefix: "a" })).toBe(
      "InvalidParameterCombination",
    );
    const metric = { Namespace: "Test", MetricName: "Pressure" };
    const ofMetric = await lab.call<cw.DescribeAlarmsForMetricOutput>(
      "cloudwatch:DescribeAlarmsForMetric",
      metric,
    );
    expect(ofMetric.MetricAlarms).toHaveLength(3);
    await lab.call("cloudwatch:DeleteAlarms", { AlarmNames: ["a-1", "unknown", "b-1"] });
    expect(await describe({})).toEqual(["a-2"]);
  });
});

describe("the article's alarm on 5XX answers", () => {
  it("goes off while a broken application answers, and only then", async () => {
    const lab = await webLab({ HealthCheckGracePeriod: 3_600 });
    const [balancer] = lab.account.parts.elb.loadBalancers();
    lab.account.parts.load.set("web", { requestsPerSecond: 20, errorRate: 0 });
    await put(lab, {
      Namespace: "AWS/ApplicationELB",
      MetricName: "HTTPCode_Target_5XX_Count",
      Dimensions: [{ Name: "LoadBalancer", Value: balancer!.dimension }],
      Statistic: "Sum",
      EvaluationPeriods: 2,
      Threshold: 10,
      TreatMissingData: "notBreaching",
    });
    await lab.clock.advance(10 * MINUTE);
    expect((await alarm(lab)).StateValue).toBe("OK");
    lab.account.parts.load.set("web", { requestsPerSecond: 20, errorRate: 0.05 });
    await lab.clock.advance(3 * MINUTE);
    expect((await alarm(lab)).StateValue).toBe("ALARM");
    lab.account.parts.load.set("web", { requestsPerSecond: 20, errorRate: 0 });
    await lab.clock.advance(6 * MINUTE);
    expect((await alarm(lab)).StateValue).toBe("OK");
    expect(await inService(lab)).toHaveLength(2);
  });
});

describe("history", () => {
  it("is kept for two weeks", async () => {
    const lab = buildLab();
    await put(lab);
    await lab.clock.advance(15 * 24 * HOUR);
    await put(lab);
    expect(await history(lab)).toEqual(['Alarm "pressure" updated']);
  });
});
