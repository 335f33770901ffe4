/** An alarm as CloudWatch describes it, as its part of a spec. */
import {
  held,
  inOrderOf,
  lostTags,
  nested,
  notHeld,
  type Part,
  type Places,
  type Written,
} from "../from-aws.ts";
import type { Tags } from "../tags.ts";
import { ACTIONS, FIELDS, fieldsOfItem, type MetricAlarm } from "./kind.ts";
import { alarmSchema } from "./schema.ts";

export interface AlarmAnswers {
  readonly item: MetricAlarm;
  readonly tags: Tags;
}

export function alarmFromAws({ item, tags }: AlarmAnswers, places: Places, shared: Tags): Written {
  if ((item.Metrics ?? []).length > 0 || item.MetricName === undefined)
    return notHeld("it watches an expression over several metrics, which the spec cannot hold yet");
  if (item.ThresholdMetricId !== undefined || item.Threshold === undefined)
    return notHeld("it watches a band of anomaly detection, which the spec cannot hold yet");
  const dimensions = (item.Dimensions ?? []).map(({ Name = "", Value = "" }) => {
    const ref = places.dimension(Name, Value);
    return [Name, ref === undefined ? Value : { ref }] as const;
  });
  const actions = Object.entries(ACTIONS).map(([field, member]) => {
    const list = [...(item[member] ?? [])].sort().map((arn) => {
      const ref = places.scalingPolicy(arn);
      return ref === undefined ? arn : { ref };
    });
    return [field, list] as const;
  });
  const part: Part = {
    name: item.AlarmName,
    ...nested(FIELDS, fieldsOfItem(item)),
    ...(dimensions.length === 0 ? {} : { dimensions: Object.fromEntries(dimensions) }),
    ...Object.fromEntries(actions.filter(([, list]) => list.length > 0)),
  };
  return held(inOrderOf(alarmSchema, part), lostTags(tags, shared));
}
