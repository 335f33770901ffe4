/** Which metrics a predictive policy forecasts by, and what CloudWatch knows of their past. */
import type {
  MetricDataQuery,
  PredictiveScalingMetricSpecification as Specification,
} from "@aws-sdk/client-auto-scaling";
import { dimensionsOfLabel } from "../policy-input.ts";
import type { State } from "../state.ts";
import { HOUR_MS, hourOf, loadPerUnit, MOST_HISTORY, type PastHour } from "./model.ts";

const MINUTES_OF_HOUR = 60;

/** One metric, and its statistic over an hour. */
interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { Name: string; Value: string }[];
  readonly statistic: string;
}

type Word = "CPU" | "NetworkIn" | "NetworkOut" | "Requests";

/** AWS's names of pairs, load metrics and scaling metrics → what they count (API_PredictiveScalingPredefinedMetricPair.html). */
const WORDS: Readonly<Record<string, Word>> = {
  ASGCPUUtilization: "CPU",
  ASGTotalCPUUtilization: "CPU",
  ASGAverageCPUUtilization: "CPU",
  ASGNetworkIn: "NetworkIn",
  ASGTotalNetworkIn: "NetworkIn",
  ASGAverageNetworkIn: "NetworkIn",
  ASGNetworkOut: "NetworkOut",
  ASGTotalNetworkOut: "NetworkOut",
  ASGAverageNetworkOut: "NetworkOut",
  ALBRequestCount: "Requests",
  ALBTargetGroupRequestCount: "Requests",
  ALBRequestCountPerTarget: "Requests",
};
const EC2_METRICS = { CPU: "CPUUtilization", NetworkIn: "NetworkIn", NetworkOut: "NetworkOut" } as const;

/** What is known of the past of a policy's metrics, and what an instance may have at its target. */
interface Known {
  readonly history: ReadonlyMap<number, PastHour>;
  /** Load of an hour for each unit of the target; absent while nothing tells how they go together. */
  readonly perUnit: number | undefined;
}

export function knownOf(state: State, groupName: string, specification: Specification): Known {
  const load = loadOf(groupName, specification);
  const history = new Map<number, PastHour>();
  if (load === undefined) return { history, perUnit: undefined };
  const { cloudWatch } = state.parts;
  const scaling = scalingOf(groupName, specification);
  // As many as have reported a CPU each minute, where no metric of the policy counts them.
  const capacity = seriesOf(specification.CustomizedCapacityMetricSpecification?.MetricDataQueries) ?? {
    ...ofGroup("CPU", groupName, "SampleCount"),
  };
  const perHour = (series: Series, atMs: number) => {
    const value = cloudWatch.hourly(series, series.statistic, atMs);
    return isOfMinutes(series) && value !== undefined ? value / MINUTES_OF_HOUR : value;
  };
  const endMs = hourOf(state.context.clock.nowMs());
  for (let ago = MOST_HISTORY; ago > 0; ago -= 1) {
    const atMs = endMs - ago * HOUR_MS;
    const value = cloudWatch.hourly(load, load.statistic, atMs);
    if (value === undefined) continue;
    history.set(atMs, {
      load: value,
      scaling: scaling === undefined ? undefined : perHour(scaling, atMs),
      capacity: perHour(capacity, atMs),
    });
  }
  // Of AWS's own metrics it is known: what an instance has in a minute, and of all of them for an hour.
  const isOfOneWord = wordOf(specification) !== undefined;
  return { history, perUnit: isOfOneWord ? MINUTES_OF_HOUR : loadPerUnit(history) };
}

/** Targets and counts of instances are of a minute; what is summed up over an hour is of sixty. */
function isOfMinutes({ statistic }: Series): boolean {
  return statistic === "Sum" || statistic === "SampleCount";
}

/** What both metrics of a specification count, where AWS has defined both. */
function wordOf(one: Specification): Word | undefined {
  const pair = one.PredefinedMetricPairSpecification?.PredefinedMetricType;
  if (pair !== undefined) return WORDS[pair];
  const load = WORDS[one.PredefinedLoadMetricSpecification?.PredefinedMetricType ?? ""];
  const scaling = WORDS[one.PredefinedScalingMetricSpecification?.PredefinedMetricType ?? ""];
  return load === scaling ? load : undefined;
}

function loadOf(groupName: string, one: Specification): Series | undefined {
  const predefined = one.PredefinedMetricPairSpecification ?? one.PredefinedLoadMetricSpecification;
  if (predefined === undefined) return seriesOf(one.CustomizedLoadMetricSpecification?.MetricDataQueries);
  const word = WORDS[predefined.PredefinedMetricType ?? ""];
  if (word === undefined) return undefined;
  return word === "Requests"
    ? ofLabel("RequestCount", predefined.ResourceLabel)
    : ofGroup(word, groupName, "Sum");
}

function scalingOf(groupName: string, one: Specification): Series | undefined {
  const predefined = one.PredefinedScalingMetricSpecification;
  if (predefined === undefined) return seriesOf(one.CustomizedScalingMetricSpecification?.MetricDataQueries);
  const word = WORDS[predefined.PredefinedMetricType ?? ""];
  if (word === undefined) return undefined;
  return word === "Requests"
    ? ofLabel("RequestCountPerTarget", predefined.ResourceLabel)
    : ofGroup(word, groupName, "Average");
}

function ofGroup(word: Exclude<Word, "Requests">, groupName: string, statistic: string): Series {
  return {
    namespace: "AWS/EC2",
    metricName: EC2_METRICS[word],
    dimensions: [{ Name: "AutoScalingGroupName", Value: groupName }],
    statistic,
  };
}

function ofLabel(metricName: string, label = ""): Series {
  const { loadBalancer, targetGroup } = dimensionsOfLabel(label);
  return {
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: [
      { Name: "LoadBalancer", Value: loadBalancer },
      { Name: "TargetGroup", Value: targetGroup },
    ],
    statistic: "Sum",
  };
}

/** Of queries the one whose result counts. Metric maths is not evaluated: nothing is known of its result. */
function seriesOf(queries: readonly MetricDataQuery[] | undefined): Series | undefined {
  const query = queries?.find(({ ReturnData }) => ReturnData !== false);
  const { Metric: metric, Stat: statistic } = query?.MetricStat ?? {};
  if (metric?.Namespace === undefined || metric.MetricName === undefined || statistic === undefined)
    return undefined;
  const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => ({
    Name: Name ?? "",
    Value: Value ?? "",
  }));
  return { namespace: metric.Namespace, metricName: metric.MetricName, dimensions, statistic };
}
