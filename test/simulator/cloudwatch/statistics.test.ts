import { describe, expect, it } from "vitest";
import { sampleOf } from "../../../src/simulator/cloudwatch/samples.ts";
import { isStatistic, statisticOf } from "../../../src/simulator/cloudwatch/statistics.ts";
import { buildLab } from "../support.ts";

const HUNDRED = sampleOf(...Array.from({ length: 100 }, (_, index) => index + 1))!;

describe("statistics", () => {
  it.each([
    ["p90", 90],
    ["tm90", 45.5],
    ["TM(10%:90%)", 50.5],
    ["IQM", 50.5],
    ["TM(50:60)", 55.5],
    ["TM(:10%)", 5.5],
    ["tc90", 90],
    ["TC(20:)", 80],
    ["ts10", 55],
    ["TS(:3)", 6],
    ["PR(:30)", 30],
    ["PR(10:30)", 20],
    ["WM(10%:90%)", 50.4],
    ["wm98", 50.47],
    ["WM(40:60)", 50.1],
  ])("%s of the numbers from 1 to 100 is %d", (name, value) => {
    expect(statisticOf(HUNDRED, name)).toBeCloseTo(value, 6);
  });

  it.each(["p101", "tm101", "TM(90%:10%)", "TM(10%:90)", "TM(:)", "PR(10%:20%)", "IQR", "mean", "tm"])(
    "there is none called %s",
    (name) => {
      expect(isStatistic(name)).toBe(false);
    },
  );

  it("are answered by both ways of asking, and watched by alarms", async () => {
    const lab = buildLab();
    const metric = { Namespace: "App", MetricName: "latency" };
    const Values = Array.from({ length: 10 }, (_, index) => index + 1);
    await lab.call("cloudwatch:PutMetricData", {
      Namespace: "App",
      MetricData: [{ MetricName: "latency", Values }],
    });
    await lab.call("cloudwatch:PutMetricAlarm", {
      ...metric,
      AlarmName: "slow",
      ExtendedStatistic: "TM(10%:90%)",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
    });
    const StartTime = new Date(lab.clock.nowMs() - 120_000);
    await lab.clock.advance(120_000);
    const EndTime = new Date(lab.clock.nowMs());
    const range = { StartTime, EndTime };
    const { Datapoints } = await lab.call<{ Datapoints: { ExtendedStatistics: object }[] }>(
      "cloudwatch:GetMetricStatistics",
      { ...metric, ...range, Period: 60, ExtendedStatistics: ["tm90", "IQM", "PR(:3)"] },
    );
    expect(Datapoints[0]!.ExtendedStatistics).toEqual({ tm90: 5, IQM: 5.5, "PR(:3)": 30 });
    const { MetricDataResults } = await lab.call<{ MetricDataResults: { Values: number[] }[] }>(
      "cloudwatch:GetMetricData",
      {
        ...range,
        MetricDataQueries: [{ Id: "a", MetricStat: { Metric: metric, Period: 60, Stat: "tc90" } }],
      },
    );
    expect(MetricDataResults[0]!.Values).toEqual([9]);
    const { MetricAlarms } = await lab.call<{ MetricAlarms: { StateValue: string }[] }>(
      "cloudwatch:DescribeAlarms",
      {},
    );
    expect(MetricAlarms[0]!.StateValue).toBe("ALARM");
  });
});
