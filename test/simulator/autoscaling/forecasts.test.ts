/** Predictive policies: what is forecast, when, and what the group does about it. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import {
  capacityFor,
  forecastLoad,
  HOUR_MS,
  HOURS_AHEAD,
  loadPerUnit,
  type PastHour,
} from "../../../src/simulator/autoscaling/forecasts/model.ts";
import { group, HOUR, MINUTE, type WebLab, webLab } from "./support.ts";

const DAY_MS = 24 * HOUR_MS;
/** The requests of a minute that one instance is to have. */
const TARGET = 6_000;
/** Requests of a second: two instances, and eight. */
const QUIET = 150;
const BUSY = 800;
const BUSY_HOURS = [8, 9, 10, 11];

const hoursOf = (count: number, load: (hour: number) => number | undefined) => {
  const history = new Map<number, PastHour>();
  for (let hour = 0; hour < count; hour += 1) {
    const value = load(hour);
    if (value !== undefined) history.set(hour * HOUR_MS, { load: value });
  }
  return history;
};

describe("the forecast of load", () => {
  it("needs a day of data, and is of two days", () => {
    expect(forecastLoad(new Map(), DAY_MS)).toBeUndefined();
    expect(
      forecastLoad(
        hoursOf(23, () => 1),
        23 * HOUR_MS,
      ),
    ).toBeUndefined();
    const forecast = forecastLoad(
      hoursOf(24, (hour) => hour),
      DAY_MS,
    )!;
    expect([...forecast.keys()]).toEqual(
      Array.from({ length: HOURS_AHEAD }, (_, index) => DAY_MS + index * HOUR_MS),
    );
    expect([...forecast.values()]).toEqual(Array.from({ length: HOURS_AHEAD }, (_, index) => index % 24));
  });

  it("is what the same hour of the other days had, and of the same weekday once a week is known", () => {
    const growing = hoursOf(48, (hour) => (hour < 24 ? 10 : 30));
    expect(forecastLoad(growing, 2 * DAY_MS)!.get(2 * DAY_MS)).toBe(20);
    const weekend = hoursOf(7 * 24, (hour) => (hour < 24 ? 1 : 9));
    const forecast = forecastLoad(weekend, 7 * DAY_MS)!;
    expect([forecast.get(7 * DAY_MS), forecast.get(8 * DAY_MS)]).toEqual([1, 9]);
  });

  it("takes an hour that nothing was reported of for one without load", () => {
    const sparse = hoursOf(24, (hour) => (hour === 5 ? undefined : 4));
    const forecast = forecastLoad(sparse, DAY_MS)!;
    expect([forecast.get(DAY_MS + 4 * HOUR_MS), forecast.get(DAY_MS + 5 * HOUR_MS)]).toEqual([4, 0]);
  });

  it("comes to so many instances that each has its target, by how load and scaling metric went together", () => {
    expect(capacityFor(36_000, 60, 100)).toBe(6);
    expect(capacityFor(36_001, 60, 100)).toBe(7);
    const history = new Map([
      [0, { load: 600, scaling: 10, capacity: 2 }],
      [HOUR_MS, { load: 900, scaling: 10, capacity: 3 }],
      [2 * HOUR_MS, { load: 5, scaling: undefined, capacity: 3 }],
    ]);
    expect(loadPerUnit(history)).toBe(30);
    expect(loadPerUnit(new Map([[0, { load: 1 }]]))).toBeUndefined();
  });
});

async function labOfSize(sizes: Partial<asg.CreateAutoScalingGroupType> = {}): Promise<WebLab> {
  const lab = await webLab({ MinSize: 2, MaxSize: 20, DesiredCapacity: 2, ...sizes });
  const nowMs = lab.clock.nowMs();
  await lab.clock.advance(HOUR - (nowMs % HOUR));
  return lab;
}

const labelOf = ({ loadBalancer, targetGroup }: WebLab): string =>
  `${loadBalancer.split(":loadbalancer/")[1]}/${targetGroup.split(":").at(-1)}`;

/** Each call takes a moment. */
const minuteOf = (ms: number): number => Math.floor(ms / MINUTE);

const hourOfDay = (lab: WebLab): number => Math.floor(lab.clock.nowMs() / HOUR) % 24;

/** Hours of traffic, from the full hour on: much of it in the morning. */
async function hours(lab: WebLab, count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    const requestsPerSecond = BUSY_HOURS.includes(hourOfDay(lab)) ? BUSY : QUIET;
    lab.account.parts.load.set(lab.loadBalancer, { requestsPerSecond, errorRate: 0 });
    await lab.clock.advance(HOUR);
  }
}

async function untilHour(lab: WebLab, hour: number): Promise<void> {
  while (hourOfDay(lab) !== hour) await hours(lab, 1);
}

async function put(lab: WebLab, more: Partial<asg.PredictiveScalingConfiguration> = {}): Promise<void> {
  await lab.call("autoscaling:PutScalingPolicy", {
    AutoScalingGroupName: "web",
    PolicyName: "ahead",
    PolicyType: "PredictiveScaling",
    PredictiveScalingConfiguration: {
      MetricSpecifications: [
        {
          TargetValue: TARGET,
          PredefinedMetricPairSpecification: {
            PredefinedMetricType: "ALBRequestCount",
            ResourceLabel: labelOf(lab),
          },
        },
      ],
      ...more,
    },
  });
}

function forecastOf(lab: WebLab, ranges: { from?: number; to?: number } = {}) {
  const nowMs = lab.clock.nowMs();
  return lab.call<asg.GetPredictiveScalingForecastAnswer>("autoscaling:GetPredictiveScalingForecast", {
    AutoScalingGroupName: "web",
    PolicyName: "ahead",
    StartTime: new Date(nowMs + (ranges.from ?? 0)),
    EndTime: new Date(nowMs + (ranges.to ?? 3 * DAY_MS)),
  });
}

async function causes(lab: WebLab): Promise<string[]> {
  const { Activities } = await lab.call<asg.ActivitiesType>("autoscaling:DescribeScalingActivities", {
    AutoScalingGroupName: "web",
  });
  return Activities!.map(({ Cause }) => Cause ?? "");
}

const desiredIn = async (lab: WebLab) => (await group(lab)).DesiredCapacity;

describe("a predictive policy", () => {
  it("has its forecast at once where CloudWatch knows a day, and else once that is known", async () => {
    const lab = await labOfSize();
    await put(lab);
    await hours(lab, 23);
    await expect(forecastOf(lab)).rejects.toThrow("a minimum of 24 hours of data is required");
    await hours(lab, 2);
    const { UpdateTime } = await forecastOf(lab);
    expect(minuteOf(UpdateTime!.getTime())).toBe(minuteOf(lab.clock.nowMs() - HOUR));
    await lab.call("autoscaling:DeletePolicy", { AutoScalingGroupName: "web", PolicyName: "ahead" });
    await put(lab);
    const {
      LoadForecast: [load] = [],
      CapacityForecast,
      ...again
    } = await forecastOf(lab, {
      from: -HOUR,
    });
    expect(minuteOf(again.UpdateTime!.getTime())).toBe(minuteOf(lab.clock.nowMs()));
    expect(load!.MetricSpecification).toMatchObject({ TargetValue: TARGET });
    expect(load!.Timestamps).toHaveLength(48);
    const at = (hour: number) => load!.Timestamps!.findIndex((time) => new Date(time).getUTCHours() === hour);
    expect(load!.Values![at(9)]).toBeCloseTo(BUSY * 3_600, 0);
    expect(load!.Values![at(20)]).toBeCloseTo(QUIET * 3_600, 0);
    expect([CapacityForecast!.Values![at(9)], CapacityForecast!.Values![at(20)]]).toEqual([8, 2]);
  });

  it("renews its forecast every six hours, and keeps what it was for hours that are over", async () => {
    const lab = await labOfSize();
    await hours(lab, 24);
    await put(lab);
    const madeAtMs = lab.clock.nowMs();
    await hours(lab, 13);
    const { UpdateTime, CapacityForecast } = await forecastOf(lab, { from: -14 * HOUR, to: 0 });
    expect(minuteOf(UpdateTime!.getTime())).toBe(minuteOf(madeAtMs + 12 * HOUR));
    expect(CapacityForecast!.Timestamps![0]).toEqual(new Date(Math.floor(madeAtMs / HOUR) * HOUR));
    expect(CapacityForecast!.Timestamps).toHaveLength(14);
  });

  it("looks and does not scale in ForecastOnly", async () => {
    const lab = await labOfSize();
    await hours(lab, 24);
    await put(lab);
    await hours(lab, 24);
    expect(await desiredIn(lab)).toBe(2);
  });

  it("scales out ahead of the hour, says so, and never scales in", async () => {
    const lab = await labOfSize();
    await hours(lab, 24);
    await put(lab, { Mode: "ForecastAndScale", SchedulingBufferTime: 600 });
    await untilHour(lab, 7);
    await lab.clock.advance(49 * MINUTE);
    expect(await desiredIn(lab)).toBe(2);
    await lab.clock.advance(2 * MINUTE);
    expect(await desiredIn(lab)).toBe(8);
    expect((await causes(lab))[0]).toMatch(
      /^At \S+T07:50:00Z predictive scaling policy ahead forecast a capacity of 8 changing the desired capacity from 2 to 8\./,
    );
    await lab.clock.advance(9 * MINUTE);
    await untilHour(lab, 20);
    expect(await desiredIn(lab)).toBe(8);
  });

  it("keeps other policies from scaling in below it within the hour", async () => {
    const lab = await labOfSize();
    await hours(lab, 24);
    await put(lab, { Mode: "ForecastAndScale" });
    await lab.call("autoscaling:PutScalingPolicy", {
      AutoScalingGroupName: "web",
      PolicyName: "in",
      AdjustmentType: "ChangeInCapacity",
      ScalingAdjustment: -7,
      Cooldown: 0,
    });
    await untilHour(lab, 8);
    const scaleIn = () =>
      lab.call("autoscaling:ExecutePolicy", { AutoScalingGroupName: "web", PolicyName: "in" });
    await lab.call("autoscaling:SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity: 10 });
    await lab.clock.advance(10 * MINUTE);
    await scaleIn();
    expect(await desiredIn(lab)).toBe(8);
    await lab.clock.advance(50 * MINUTE);
    await untilHour(lab, 12);
    await scaleIn();
    expect(await desiredIn(lab)).toBe(2);
  });

  it("honours the maximum, or raises it by its buffer and leaves it there", async () => {
    const honest = await labOfSize({ MaxSize: 5 });
    await hours(honest, 24);
    await put(honest, { Mode: "ForecastAndScale" });
    await untilHour(honest, 8);
    expect(await group(honest)).toMatchObject({ MaxSize: 5, DesiredCapacity: 5 });
    const raising = await labOfSize({ MaxSize: 5 });
    await hours(raising, 24);
    await put(raising, {
      Mode: "ForecastAndScale",
      MaxCapacityBreachBehavior: "IncreaseMaxCapacity",
      MaxCapacityBuffer: 30,
    });
    await untilHour(raising, 8);
    expect(await group(raising)).toMatchObject({ MaxSize: 11, DesiredCapacity: 8 });
    await untilHour(raising, 22);
    expect(await group(raising)).toMatchObject({ MaxSize: 11 });
  });

  it("that is off, or of a group whose launches are suspended, scales nothing", async () => {
    const lab = await labOfSize();
    await hours(lab, 24);
    await put(lab, { Mode: "ForecastAndScale" });
    await lab.call("autoscaling:SuspendProcesses", {
      AutoScalingGroupName: "web",
      ScalingProcesses: ["Launch"],
    });
    await untilHour(lab, 10);
    expect(await desiredIn(lab)).toBe(2);
  });

  it("forecasts by the CPU of the group, and by metrics of users", async () => {
    const lab = await labOfSize();
    const own = (MetricName: string, Stat: string) => ({
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric: { Namespace: "Shop", MetricName }, Stat } }],
    });
    // Each instance does 10 of the jobs at a time, and two of them all.
    for (let minutes = 0; minutes < 25 * 60; minutes += 5) {
      await lab.call("cloudwatch:PutMetricData", {
        Namespace: "Shop",
        MetricData: [
          { MetricName: "Jobs", Value: 20 },
          { MetricName: "JobsOfEach", Value: 10 },
        ],
      });
      await lab.clock.advance(5 * MINUTE);
    }
    const withSpecification = async (one: asg.PredictiveScalingMetricSpecification) => {
      await put(lab, { MetricSpecifications: [one] });
      return (await forecastOf(lab)).CapacityForecast!.Values!;
    };
    const jobs = await withSpecification({
      TargetValue: 4,
      CustomizedLoadMetricSpecification: own("Jobs", "Sum"),
      CustomizedScalingMetricSpecification: own("JobsOfEach", "Average"),
    });
    expect(new Set(jobs)).toEqual(new Set([5]));
    // Two instances that idle at 2 %.
    const cpu = await withSpecification({
      TargetValue: 1,
      PredefinedMetricPairSpecification: { PredefinedMetricType: "ASGCPUUtilization" },
    });
    expect(cpu[0]).toBe(4);
    const apart = await withSpecification({
      TargetValue: 1,
      PredefinedLoadMetricSpecification: { PredefinedMetricType: "ASGTotalCPUUtilization" },
      PredefinedScalingMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
    });
    expect(apart).toEqual(cpu);
  });
});
