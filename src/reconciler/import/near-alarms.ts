/** Which alarms belong to a tier: those that watch a part of it, or set off one of its policies. */
import type { Neighbour } from "../../model/import.ts";
import type { MetricAlarm } from "../kinds/alarm/kind.ts";
import type { ScalingPolicy } from "../kinds/scaling-policy/type.ts";
import type { Choices } from "./choices.ts";

interface Watched {
  /** Whether a dimension speaks of a part of the tier. */
  isOurs(name: string, value: string): boolean;
  readonly policies: readonly ScalingPolicy[];
  readonly choices: Choices;
}

export interface NearAlarms {
  readonly held: readonly MetricAlarm[];
  readonly told: readonly Neighbour[];
}

export function alarmsNear(
  alarms: readonly MetricAlarm[],
  { isOurs, policies, choices }: Watched,
): NearAlarms {
  const makers = new Map(
    policies
      .filter(({ PolicyType: type }) => type === "TargetTrackingScaling")
      .flatMap(({ Alarms = [], PolicyName = "" }) =>
        Alarms.map(({ AlarmARN = "" }) => [AlarmARN, PolicyName] as const),
      ),
  );
  const arns = new Set(policies.map(({ PolicyARN }) => PolicyARN));
  const held: MetricAlarm[] = [];
  const told: Neighbour[] = [];
  for (const alarm of [...alarms].sort(byName)) {
    const { AlarmArn: id = "", AlarmName: name = "" } = alarm;
    const row = { kind: "alarm", name, id, is: "left out" } as const;
    const actions = [alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions].flatMap(
      (list) => list ?? [],
    );
    const watches = (alarm.Dimensions ?? []).some(({ Name = "", Value = "" }) => isOurs(Name, Value));
    const maker = makers.get(id);
    if (maker !== undefined)
      told.push({ ...row, reason: `AWS makes it for the target tracking policy ${maker}, and keeps it` });
    else if (choices.isExcluded(id)) told.push({ ...row, reason: "the request excludes it" });
    else if (watches || choices.isIncluded(id) || actions.some((arn) => arns.has(arn))) held.push(alarm);
  }
  return { held, told };
}

function byName(one: MetricAlarm, other: MetricAlarm): number {
  return (one.AlarmName ?? "") < (other.AlarmName ?? "") ? -1 : 1;
}
