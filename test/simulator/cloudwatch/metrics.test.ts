import type * as cw from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { ask, inService, MINUTE, type WebLab, webLab } from "../autoscaling/support.ts";
import { buildLab, type Lab } from "../support.ts";

function dimensions(lab: WebLab): Record<"balancer" | "group", { Name: string; Value: string }> {
  const [balancer] = lab.account.parts.elb.loadBalancers();
  return {
    balancer: { Name: "LoadBalancer", Value: balancer!.dimension },
    group: { Name: "TargetGroup", Value: balancer!.targetGroups[0]!.dimension },
  };
}

/** The statistic of the last whole minutes, oldest first. */
async function last(
  lab: Lab,
  metric: { Namespace: string; MetricName: string; Dimensions?: object[] },
  Stat: string,
  minutes = 1,
): Promise<number[]> {
  const endMs = Math.floor(lab.clock.nowMs() / MINUTE) * MINUTE;
  const answer = await lab.call<cw.GetMetricDataOutput>("cloudwatch:GetMetricData", {
    StartTime: new Date(endMs - minutes * MINUTE),
    EndTime: new Date(endMs),
    ScanBy: "TimestampAscending",
    MetricDataQueries: [{ Id: "m", MetricStat: { Metric: metric, Period: 60, Stat } }],
  });
  return answer.MetricDataResults![0]!.Values!;
}

const ELB = "AWS/ApplicationELB";

describe("a load balancer's metrics", () => {
  it("count requests and answers, and only those that there were", async () => {
    const lab = await webLab();
    const { balancer, group } = dimensions(lab);
    const both = [balancer, group];
    const elb = (MetricName: string, Dimensions: object[], Stat = "Sum"): Promise<number[]> =>
      last(lab, { Namespace: ELB, MetricName, Dimensions }, Stat);
    expect(await elb("RequestCount", [balancer])).toEqual([]);
    expect(await elb("RequestCountPerTarget", both)).toEqual([0]);
    lab.account.parts.load.set("web", { requestsPerSecond: 10, errorRate: 0.1 });
    await lab.clock.advance(2 * MINUTE);
    expect(await elb("RequestCount", [balancer])).toEqual([600]);
    expect(await elb("RequestCount", both)).toEqual([600]);
    expect(await elb("RequestCountPerTarget", [group])).toEqual([300]);
    expect(await elb("HTTPCode_Target_2XX_Count", [balancer])).toEqual([540]);
    expect(await elb("HTTPCode_Target_5XX_Count", both)).toEqual([60]);
    expect(await elb("HTTPCode_Target_4XX_Count", [balancer])).toEqual([]);
    expect(await elb("HTTPCode_ELB_5XX_Count", [balancer])).toEqual([]);
    expect(await elb("HealthyHostCount", both, "Minimum")).toEqual([2]);
    expect(await elb("UnHealthyHostCount", both, "Maximum")).toEqual([0]);
    const [seconds = 0] = await elb("TargetResponseTime", [balancer], "p90");
    expect(seconds).toBeGreaterThan(0.01);
    expect(seconds).toBeLessThan(0.1);
    expect(await elb("RequestCount", [{ Name: "LoadBalancer", Value: "app/none/1" }])).toEqual([]);
  });
});

describe("EC2's and Auto Scaling's metrics", () => {
  it("follow the load, by instance and by group", async () => {
    const lab = await webLab();
    const [id] = await inService(lab);
    const group = { Name: "AutoScalingGroupName", Value: "web" };
    const cpu = (dimension: object, Stat: string): Promise<number[]> =>
      last(lab, { Namespace: "AWS/EC2", MetricName: "CPUUtilization", Dimensions: [dimension] }, Stat);
    const [idle = 0] = await cpu(group, "Average");
    lab.account.parts.load.set("web", { requestsPerSecond: 200, errorRate: 0 });
    await lab.clock.advance(2 * MINUTE);
    const [busy = 0] = await cpu(group, "Average");
    expect(idle).toBeLessThan(5);
    expect(busy).toBeCloseTo(51);
    expect(await cpu({ Name: "InstanceId", Value: id }, "Maximum")).toEqual([busy]);
    expect(await cpu(group, "SampleCount")).toEqual([2]);
    lab.account.control.impair(id!, { system: false, instance: true });
    await lab.clock.advance(3 * MINUTE);
    const failed = { Namespace: "AWS/EC2", MetricName: "StatusCheckFailed", Dimensions: [group] };
    expect(await last(lab, failed, "Sum")).toEqual([1]);
  });

  it("show the group's sizes only while their collection is enabled", async () => {
    const lab = await webLab();
    const sizes = (MetricName: string): Promise<number[]> =>
      last(
        lab,
        {
          Namespace: "AWS/AutoScaling",
          MetricName,
          Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
        },
        "Average",
      );
    expect(await sizes("GroupDesiredCapacity")).toEqual([]);
    await ask(lab, "EnableMetricsCollection", { Granularity: "1Minute" });
    await lab.clock.advance(2 * MINUTE);
    expect(await sizes("GroupDesiredCapacity")).toEqual([2]);
    expect(await sizes("GroupInServiceInstances")).toEqual([2]);
    await ask(lab, "DisableMetricsCollection", { Metrics: ["GroupDesiredCapacity"] });
    await lab.clock.advance(2 * MINUTE);
    expect(await sizes("GroupDesiredCapacity")).toEqual([]);
    expect(await sizes("GroupTotalInstances")).toEqual([2]);
  });
});

describe("metrics of users", () => {
  it("are put, listed and read in periods", async () => {
    const lab = buildLab();
    const put = (datum: object): Promise<object> =>
      lab.call("cloudwatch:PutMetricData", {
        Namespace: "Shop",
        MetricData: [{ MetricName: "Orders", ...datum }],
      });
    const startMs = Math.ceil(lab.clock.nowMs() / MINUTE) * MINUTE;
    await lab.clock.advance(startMs - lab.clock.nowMs());
    await put({ Value: 3 });
    await put({ Values: [1, 5], Counts: [2, 1] });
    await lab.clock.advance(MINUTE);
    await put({ StatisticValues: { SampleCount: 4, Sum: 20, Minimum: 2, Maximum: 9 } });
    const answer = await lab.call<cw.GetMetricStatisticsOutput>("cloudwatch:GetMetricStatistics", {
      Namespace: "Shop",
      MetricName: "Orders",
      StartTime: new Date(startMs),
      EndTime: new Date(startMs + 2 * MINUTE),
      Period: 60,
      Statistics: ["Sum", "SampleCount", "Maximum"],
    });
    expect(answer.Datapoints).toEqual([
      { Timestamp: new Date(startMs), Unit: "None", Sum: 10, SampleCount: 4, Maximum: 5 },
      { Timestamp: new Date(startMs + MINUTE), Unit: "None", Sum: 20, SampleCount: 4, Maximum: 9 },
    ]);
    const listed = await lab.call<cw.ListMetricsOutput>("cloudwatch:ListMetrics", { Namespace: "Shop" });
    expect(listed.Metrics).toEqual([{ Namespace: "Shop", MetricName: "Orders", Dimensions: [] }]);
  });

  it("cannot pretend to be AWS's, nor be read without a statistic or by metric math", async () => {
    const lab = buildLab();
    const now = lab.clock.nowMs();
    const range = { StartTime: new Date(now - 10 * MINUTE), EndTime: new Date(now) };
    expect(
      await lab.refusal("cloudwatch:PutMetricData", {
        Namespace: "AWS/EC2",
        MetricData: [{ MetricName: "m", Value: 1 }],
      }),
    ).toBe("InvalidParameterValue");
    expect(
      await lab.refusal("cloudwatch:GetMetricStatistics", {
        Namespace: "n",
        MetricName: "m",
        Period: 60,
        ...range,
      }),
    ).toBe("MissingParameter");
    expect(
      await lab.refusal("cloudwatch:GetMetricData", {
        MetricDataQueries: [{ Id: "e", Expression: "1+1" }],
        ...range,
      }),
    ).toBe("InvalidParameterValue");
  });

  it("of a load balancer are listed by what was reported", async () => {
    const lab = await webLab();
    const { Metrics: listed } = await lab.call<cw.ListMetricsOutput>("cloudwatch:ListMetrics", {
      Namespace: ELB,
    });
    expect(listed!.map((one) => one.MetricName).sort()).toEqual([
      "HealthyHostCount",
      "RequestCountPerTarget",
      "UnHealthyHostCount",
    ]);
  });
});
