/** What the request's `include` and `exclude` name, as AWS's ids. */
import type { Fault } from "../../model/errors.ts";
import type { ImportRequest } from "../../model/import.ts";
import { invalid } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";

/** By id: the ARN, or of a group its name. */
export interface Choices {
  isIncluded(id: string | undefined): boolean;
  isExcluded(id: string | undefined): boolean;
}

/** Something that can be named. */
interface Candidate {
  readonly id: string;
  readonly names: readonly (string | undefined)[];
  readonly title: string;
}

export function choicesOf(
  around: Surroundings,
  { include, exclude }: ImportRequest,
): { choices: Choices; faults: Fault[] } {
  const candidates = candidatesIn(around);
  const [included, excluded] = [include, exclude].map((names, list) =>
    names.map((name, index) => ({
      name,
      path: `${list === 0 ? "include" : "exclude"}[${index}]`,
      found: candidates.filter(({ names: all }) => all.includes(name)),
    })),
  );
  const all = [...(included ?? []), ...(excluded ?? [])];
  const faults = all.flatMap(({ name, path, found }): Fault[] => {
    if (found.length === 0)
      return [
        {
          path,
          message: `there is no target group, Auto Scaling group, listener, rule or alarm ${name}`,
          reason: "FieldValueNotFound",
        },
      ];
    if (found.length > 1)
      return [
        invalid(
          path,
          `${name} is ${found.map(({ title }) => title).join(" and ")}; give the ARN of the one that is meant`,
        ),
      ];
    return [];
  });
  const idsOf = (list: typeof included = []) =>
    new Set(list.flatMap(({ found }) => (found.length === 1 ? found.map(({ id }) => id) : [])));
  const [ins, outs] = [idsOf(included), idsOf(excluded)];
  const both = [...ins]
    .filter((id) => outs.has(id))
    .map((id) => invalid("exclude", `names ${id}, which include names as well; keep one of the two`));
  return {
    choices: {
      isIncluded: (id) => id !== undefined && ins.has(id),
      isExcluded: (id) => id !== undefined && outs.has(id),
    },
    faults: [...faults, ...both],
  };
}

function candidatesIn({ listeners, targetGroups, groups, alarms }: Surroundings): Candidate[] {
  return [
    ...targetGroups.map(({ TargetGroupArn: id = "", TargetGroupName: name }) => ({
      id,
      names: [id, name],
      title: `the target group ${id}`,
    })),
    ...groups.map(({ AutoScalingGroupName: id = "", AutoScalingGroupARN: arn }) => ({
      id,
      names: [id, arn],
      title: `the Auto Scaling group ${arn ?? id}`,
    })),
    ...listeners.map(({ item: { ListenerArn: id = "", Port } }) => ({
      id,
      names: [id],
      title: `listener ${Port}`,
    })),
    ...listeners.flatMap(({ rules }) =>
      rules.map(({ RuleArn: id = "", Priority }) => ({
        id,
        names: [id],
        title: `the rule of priority ${Priority}`,
      })),
    ),
    ...alarms.map(({ AlarmArn: id = "", AlarmName: name }) => ({
      id,
      names: [id, name],
      title: `the alarm ${id}`,
    })),
  ];
}
