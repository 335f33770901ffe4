/** Of each group's launch template whose it is: this group's alone, or that of others as well. */
import type { Neighbour } from "../../model/import.ts";
import type { AutoScalingGroup } from "../kinds/auto-scaling-group/fleet.ts";
import type { TemplateIdentity } from "../kinds/launch-template/from-aws.ts";
import type { TemplateAnswers } from "./surroundings.ts";

/** Names of the groups of the Region that launch from a template, by whatever way they name it. */
function usersOf({ id, name }: TemplateAnswers, groups: readonly AutoScalingGroup[]): string[] {
  return groups
    .filter(({ LaunchTemplate: own, MixedInstancesPolicy: mixed }) =>
      [
        own,
        mixed?.LaunchTemplate?.LaunchTemplateSpecification,
        ...(mixed?.LaunchTemplate?.Overrides ?? []).map((one) => one.LaunchTemplateSpecification),
      ].some((one) => one !== undefined && (one.LaunchTemplateId === id || one.LaunchTemplateName === name)),
    )
    .map(({ AutoScalingGroupName }) => AutoScalingGroupName ?? "");
}

/**
 * A template is held as this service's own when no other group launches from it, and the version that the group runs is the
 * default one, which is the one that we would go by. Else it stays as it is: the first change makes one of our own.
 */
export function identityOf(
  template: TemplateAnswers,
  group: AutoScalingGroup,
  groups: readonly AutoScalingGroup[],
): { readonly identity: TemplateIdentity; readonly told: readonly Neighbour[] } {
  const { id, name, defaultVersion, version } = template;
  const asked = group.LaunchTemplate?.Version ?? "$Default";
  const others = usersOf(template, groups).filter((user) => user !== group.AutoScalingGroupName);
  const number = version.VersionNumber;
  const runs = asked.startsWith("$") ? `${asked}, which is version ${number}` : `version ${number}`;
  const row = { kind: "launchTemplate", name, id } as const;
  const shared = { shared: { name, version: asked } };
  if (others.length > 0) {
    const reason = `${group.AutoScalingGroupName} runs ${runs}; ${others.join(" and ")} ${others.length === 1 ? "uses" : "use"} it as well: it gets no version and no tag from us, and the first change makes a template of our own`;
    return { identity: shared, told: [{ ...row, is: "shared", reason }] };
  }
  if (defaultVersion !== undefined && number !== defaultVersion) {
    const reason = `${group.AutoScalingGroupName} runs ${runs}, and its default is version ${defaultVersion}: it stays as it is, and the first change makes a template of our own`;
    return { identity: shared, told: [{ ...row, is: "shared", reason }] };
  }
  return {
    identity: { name },
    told: asked.startsWith("$")
      ? [{ ...row, is: "taken in", reason: `${group.AutoScalingGroupName} runs ${runs}` }]
      : [],
  };
}
