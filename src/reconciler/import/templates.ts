/** Of each group's launch template whose it is: this group's alone, or that of others as well. */
import type { Neighbour } from "../../model/import.ts";
import { type AutoScalingGroup, namedTemplate } from "../kinds/auto-scaling-group/fleet.ts";
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
 * A template is held as this service's own when no other group launches from it. Else it stays as it is: the first change
 * makes one of our own.
 */
export function identityOf(
  template: TemplateAnswers,
  group: AutoScalingGroup,
  groups: readonly AutoScalingGroup[],
): { readonly identity: TemplateIdentity; readonly told: Neighbour } {
  const { id, name, defaultVersion, version } = template;
  const asked = namedTemplate(group)?.Version ?? "$Default";
  const others = usersOf(template, groups).filter((user) => user !== group.AutoScalingGroupName);
  const number = version.VersionNumber;
  const runs = asked.startsWith("$") ? `${asked}, which is version ${number}` : `version ${number}`;
  const says = `${group.AutoScalingGroupName} runs ${runs}`;
  const row = { kind: "launchTemplate", name, id } as const;
  if (others.length === 0) {
    const isDefault = defaultVersion === undefined || number === defaultVersion;
    const reason = isDefault ? says : `${says}; its default is version ${defaultVersion}`;
    return { identity: { name }, told: { ...row, is: "taken in", reason } };
  }
  const use = `${others.join(" and ")} ${others.length === 1 ? "uses" : "use"} it as well`;
  const reason = `${says}; ${use}: it gets no version and no tag from us, and the first change makes a template of our own`;
  return { identity: { shared: { name, version: asked } }, told: { ...row, is: "shared", reason } };
}
