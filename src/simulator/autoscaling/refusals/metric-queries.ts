/** What Auto Scaling refuses of queries, and expressions over them, in target tracking and predictive policies. */
import type { PutScalingPolicyType } from "@aws-sdk/client-auto-scaling";
import { UNITS } from "../../../model/metric-units.ts";
import { hasTwice, isNoneOf, type RefusalRule, refusals } from "../../account/refusals.ts";
import { isStatistic } from "../../cloudwatch/statistics.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";

type Put = PutScalingPolicyType;

interface Query {
  readonly Id?: string | undefined;
  readonly Expression?: string | undefined;
  readonly Label?: string | undefined;
  readonly ReturnData?: boolean | undefined;
  readonly Period?: number | undefined;
  readonly MetricStat?:
    | {
        readonly Metric?:
          | {
              readonly Namespace?: string | undefined;
              readonly MetricName?: string | undefined;
              readonly Dimensions?: readonly unknown[] | undefined;
            }
          | undefined;
        readonly Stat?: string | undefined;
        readonly Unit?: string | undefined;
        readonly Period?: number | undefined;
      }
    | undefined;
}

interface Bounds {
  readonly id: number;
  readonly expression: number;
}

interface QueryList {
  readonly queries: readonly Query[];
  readonly most: Bounds;
}

const OF_TRACKING: Bounds = { id: 64, expression: 2047 };
const OF_FORECAST: Bounds = { id: 255, expression: 1023 };
const MOST_QUERIES = 10;
const PERIODS = [10, 30, 60];

/** Every list of queries of a policy. */
function listsIn(input: Put): QueryList[] {
  const tracked = input.TargetTrackingConfiguration?.CustomizedMetricSpecification?.Metrics;
  const forecast = (input.PredictiveScalingConfiguration?.MetricSpecifications ?? []).flatMap((one) =>
    [
      one.CustomizedScalingMetricSpecification,
      one.CustomizedLoadMetricSpecification,
      one.CustomizedCapacityMetricSpecification,
    ].flatMap((metric) => (metric === undefined ? [] : [metric.MetricDataQueries ?? []])),
  );
  return [
    ...(tracked === undefined ? [] : [{ queries: tracked, most: OF_TRACKING }]),
    ...forecast.map((queries) => ({ queries, most: OF_FORECAST })),
  ];
}

function ofLists(isWrong: (list: QueryList) => boolean, said: string): (input: Put) => string | false {
  return (input) => listsIn(input).some(isWrong) && said;
}

function ofQueries(
  isWrong: (query: Query, most: Bounds) => boolean,
  said: string,
): (input: Put) => string | false {
  return ofLists(({ queries, most }) => queries.some((query) => isWrong(query, most)), said);
}

const PUT = { prefix: "autoscaling", operations: ["PutScalingPolicy"], code: "ValidationError" };

const QUERY_RULES = refusals<Put, State>({ ...PUT, page: `${API}/API_MetricDataQuery.html` }, [
  [
    "query-id",
    "The id of a query begins with a small letter, and has letters, digits and underscores: 64 in target tracking, 255 in a forecast.",
    ofQueries(
      ({ Id: id = "" }, most) => !/^[a-z][A-Za-z0-9_]*$/.test(id) || id.length > most.id,
      "The Id of a metric data query must start with a lowercase letter, and contain letters, numbers and underscores only.",
    ),
  ],
  [
    "query-id-twice",
    "No two queries have the same id.",
    ofLists(
      ({ queries }) => hasTwice(queries.map(({ Id }) => Id)),
      "The Ids of metric data queries must be unique.",
    ),
  ],
  [
    "query-one-of",
    "A query has either an expression or a metric.",
    ofQueries(
      ({ Expression, MetricStat }) => (Expression === undefined) === (MetricStat === undefined),
      "Each metric data query must specify either Expression or MetricStat, but not both.",
    ),
  ],
  [
    "query-return-data",
    "Exactly one query of a list returns data.",
    ofLists(
      ({ queries }) => queries.length > 0 && queries.filter((one) => one.ReturnData ?? true).length !== 1,
      "Exactly one element of the metrics list should return data.",
    ),
  ],
  [
    "query-expression-length",
    "An expression has 1 to 2047 characters in target tracking, and 1023 in a forecast.",
    ofQueries(
      ({ Expression: text }, most) => text !== undefined && (text === "" || text.length > most.expression),
      "The Expression of a metric data query is too long.",
    ),
  ],
  [
    "query-label-length",
    "A label has at most 2047 characters.",
    ofQueries(({ Label = "" }) => Label.length > 2047, "The Label of a metric data query is too long."),
  ],
  [
    "query-unit",
    "The unit of a query is one of CloudWatch's.",
    ofQueries(
      ({ MetricStat }) => isNoneOf(MetricStat?.Unit, UNITS),
      "The Unit of a metric data query is invalid.",
    ),
  ],
]);

const STAT_RULES = refusals<Put, State>({ ...PUT, page: `${API}/API_MetricStat.html` }, [
  [
    "query-metric",
    "The metric of a query has a namespace and a name.",
    ofQueries(
      ({ MetricStat: stat }) =>
        stat !== undefined &&
        [stat.Metric?.Namespace, stat.Metric?.MetricName].some((name) => (name ?? "") === ""),
      "The Metric of a metric data query must have a Namespace and a MetricName.",
    ),
  ],
  [
    "query-stat",
    "The statistic of a query is one of CloudWatch's, of at most 100 characters.",
    ofQueries(
      ({ MetricStat: stat }) =>
        stat !== undefined && (!isStatistic(stat.Stat ?? "") || (stat.Stat ?? "").length > 100),
      "The Stat of a metric data query is invalid.",
    ),
  ],
  [
    "query-dimensions",
    "The metric of a query has at most 30 dimensions.",
    ofQueries(
      ({ MetricStat }) => (MetricStat?.Metric?.Dimensions ?? []).length > 30,
      "A metric can have at most 30 dimensions.",
    ),
  ],
]);

const PERIOD_RULES = refusals<Put, State>({ ...PUT, page: `${API}/API_TargetTrackingMetricStat.html` }, [
  [
    "query-period",
    "The period of a query is 10, 30 or 60 seconds.",
    ofQueries(
      ({ Period, MetricStat }) =>
        [Period, MetricStat?.Period].some((period) => period !== undefined && !PERIODS.includes(period)),
      "The Period of a metric data query must be 10, 30 or 60.",
    ),
  ],
]);

const LIST_RULES = refusals<Put, State>(
  { ...PUT, page: `${GUIDE}/predictive-scaling-customized-metric-specification.html` },
  [
    [
      "query-count",
      "One metric specification has 1 to 10 queries; an expression counts as one.",
      ofLists(
        ({ queries }) => queries.length === 0 || queries.length > MOST_QUERIES,
        `A metric specification can have at most ${MOST_QUERIES} metric data queries.`,
      ),
    ],
    [
      "query-expression",
      "An expression speaks of the ids of its own list only.",
      ofLists(
        ({ queries }) =>
          queries.some((query) => namesIn(query).some((name) => !queries.some(({ Id }) => Id === name))),
        "The Expression of a metric data query refers to an Id that is not in the list.",
      ),
    ],
  ],
);

/** Functions and keywords are in capitals, texts in quotes. */
function namesIn({ Expression = "" }: Query): string[] {
  const plain = Expression.replaceAll(/"[^"]*"|'[^']*'/g, " ");
  return plain.match(/(?<![\w.])[a-z]\w*/g) ?? [];
}

export const METRIC_QUERY_RULES: readonly RefusalRule<State>[] = [
  ...QUERY_RULES,
  ...STAT_RULES,
  ...PERIOD_RULES,
  ...LIST_RULES,
];
