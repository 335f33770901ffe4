/** Metrics of CloudWatch's in policies: as the spec has them, as they are compared, and as AWS takes and shows them. */
import { addressFrom, LOAD_BALANCER, referenceIn } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import { joined, refTo, setOf, sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { flag, optionalNumber, optionalText, record, records, text } from "../field-values.ts";
import { isReference, type ReferenceSpec } from "../reference.ts";
import { given } from "./adjustments.ts";
import { type QuerySpec, USUAL_PERIOD } from "./metric-schema.ts";

type DimensionsSpec = Readonly<Record<string, string | ReferenceSpec>> | undefined;

interface MetricInAws {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?:
    | readonly { readonly Name: string | undefined; readonly Value: string | undefined }[]
    | undefined;
}

/** A query of target tracking or of a forecast, which has no periods. */
export interface QueryInAws {
  readonly Id: string | undefined;
  readonly Expression?: string | undefined;
  readonly Label?: string | undefined;
  readonly ReturnData?: boolean | undefined;
  readonly Period?: number | undefined;
  readonly MetricStat?:
    | {
        readonly Metric: MetricInAws | undefined;
        readonly Stat: string | undefined;
        readonly Unit?: string | undefined;
        readonly Period?: number | undefined;
      }
    | undefined;
}

/** AWS's name of a target group behind the load balancer, made from the siblings. */
export function labelFields(label: ReferenceSpec | undefined): { resourceLabel?: Value } {
  if (label === undefined) return {};
  const parts = [refTo(LOAD_BALANCER, "dimension"), "/", refTo(addressFrom(label.ref), "dimension")];
  return { resourceLabel: joined(parts) };
}

/** What CloudWatch calls a sibling: a group by its name, the others by the end of their ARNs. */
export function dimensionFields(dimensions: DimensionsSpec): Value {
  return setOf(
    Object.entries(dimensions ?? {}).map(([name, value]) => ({
      name,
      value: isReference(value)
        ? refTo(
            addressFrom(value.ref),
            referenceIn(value.ref)?.to === "autoScalingGroup" ? "name" : "dimension",
          )
        : value,
    })),
  );
}

/** The order of queries means nothing: they speak of each other by their ids. */
export function queryFields(queries: readonly QuerySpec[]): Value {
  return setOf(
    queries.map((query): Value => {
      const { metricStat: stat } = query;
      const { period, ofStat } = periodsOf(query);
      return {
        ...given({ id: query.id, expression: query.expression, label: query.label }),
        returnData: query.returnData,
        ...periodFields(period),
        ...(stat === undefined
          ? {}
          : {
              metricStat: {
                metric: {
                  namespace: stat.metric.namespace,
                  metricName: stat.metric.metricName,
                  dimensions: dimensionFields(stat.metric.dimensions),
                },
                ...given({ stat: stat.stat, unit: stat.unit }),
                ...periodFields(ofStat),
              },
            }),
      };
    }),
  );
}

function periodsOf(query: QuerySpec): { period?: number | undefined; ofStat?: number | undefined } {
  const { metricStat: stat } = query;
  return {
    period: "period" in query ? query.period : undefined,
    ofStat: stat !== undefined && "period" in stat ? stat.period : undefined,
  };
}

/** The period that AWS takes anyway says nothing. */
export function periodFields(period: number | undefined): { period?: number } {
  return period === undefined || period === USUAL_PERIOD ? {} : { period };
}

export function dimensionsInput(fields: Fields): { Name: string; Value: string }[] {
  return records(fields, "dimensions").map((dimension) => ({
    Name: text(dimension, "name"),
    Value: text(dimension, "value"),
  }));
}

export function periodInput(fields: Fields): { Period?: number } {
  const period = optionalNumber(fields, "period");
  return period === undefined ? {} : { Period: period };
}

export function queriesInput(fields: Fields, name: string) {
  return records(fields, name).map((query) => {
    const expression = optionalText(query, "expression");
    const label = optionalText(query, "label");
    return {
      Id: text(query, "id"),
      ...(expression === undefined ? {} : { Expression: expression }),
      ...(label === undefined ? {} : { Label: label }),
      ReturnData: flag(query, "returnData"),
      ...periodInput(query),
      ...(query.metricStat === undefined ? {} : { MetricStat: statInput(record(query, "metricStat")) }),
    };
  });
}

function statInput(stat: Fields) {
  const metric = record(stat, "metric");
  const unit = optionalText(stat, "unit");
  return {
    Metric: {
      Namespace: text(metric, "namespace"),
      MetricName: text(metric, "metricName"),
      Dimensions: dimensionsInput(metric),
    },
    Stat: text(stat, "stat"),
    ...(unit === undefined ? {} : { Unit: unit }),
    ...periodInput(stat),
  };
}

export function observedDimensions({ Dimensions = [] }: MetricInAws): Value {
  return sortedSet(Dimensions.map(({ Name, Value }) => ({ name: Name ?? "", value: Value ?? "" })));
}

export function observedQueries(queries: readonly QueryInAws[]): Value {
  return sortedSet(
    queries.map((query): Value => {
      const { MetricStat: stat } = query;
      return {
        ...given({ id: query.Id, expression: query.Expression, label: query.Label }),
        returnData: query.ReturnData ?? true,
        ...periodFields(query.Period),
        ...(stat === undefined
          ? {}
          : {
              metricStat: {
                metric: {
                  ...given({ namespace: stat.Metric?.Namespace, metricName: stat.Metric?.MetricName }),
                  dimensions: observedDimensions(stat.Metric ?? {}),
                },
                ...given({ stat: stat.Stat, unit: stat.Unit }),
                ...periodFields(stat.Period),
              },
            }),
      };
    }),
  );
}
