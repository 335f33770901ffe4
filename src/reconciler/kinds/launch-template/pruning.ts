/**
 * Versions of ours that nothing names or runs any more, beyond those that are kept to go back to. They go along with a
 * write that makes another version the default, so that a service that is left alone is never written to for their sake.
 */
import { LIMITS } from "../../../model/limits.ts";
import type { TemplateVersions } from "../../core/resource.ts";
import { isOver, newestRefresh } from "../auto-scaling-group/instance-refresh.ts";
import type { Item, Reader } from "../kind.ts";
import { required } from "../required.ts";

type Group = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;
interface Named {
  readonly LaunchTemplateId?: string | undefined;
  readonly Version?: string | undefined;
}

/** What keeps a version. `$Latest` and `$Default` stand for one that stays anyway. */
export interface VersionUses {
  /** Named by a group, seen on an instance that runs, stands by or is kept warm. */
  readonly numbers: ReadonlySet<number>;
  /** A refresh may go on to a version, or back to one, that nothing else names. */
  readonly isRefreshUnderWay: boolean;
}

/**
 * The numbers that may go, oldest first.
 * @param made those that say that we have made them
 * @param wanted the one that is about to be the default; undefined where it is yet to be made
 */
export function spareVersions(
  made: readonly number[],
  { defaultVersion }: Pick<TemplateVersions, "defaultVersion">,
  wanted: number | undefined,
  { numbers, isRefreshUnderWay: isMoving }: VersionUses,
): number[] {
  if (isMoving) return [];
  const kept = keptBeside(wanted);
  const oldestFirst = [...made].sort((one, other) => one - other);
  return oldestFirst
    .slice(0, Math.max(0, oldestFirst.length - kept))
    .filter((number) => number !== defaultVersion && number !== wanted && !numbers.has(number))
    .slice(0, LIMITS.templateVersionsPerCall);
}

/** How many are kept of those that are there: one that is yet to be made will be one of them. */
export function keptBeside(wanted: number | undefined): number {
  return LIMITS.templateVersions - (wanted === undefined ? 1 : 0);
}

/** Everybody's uses of a template, ours and others'. @throws CloudError when one of them cannot be read */
export async function usesOf(reader: Reader, template: string): Promise<VersionUses> {
  const all = await reader.list(
    "autoscaling:DescribeAutoScalingGroups",
    { MaxRecords: 100 },
    (page) => page.AutoScalingGroups,
  );
  const groups = all.filter((group) => namedBy(group).some((one) => one.LaunchTemplateId === template));
  const refreshes = await Promise.all(groups.map((group) => newestRefresh(reader, nameOf(group))));
  const named = groups.flatMap(namedBy).filter(({ LaunchTemplateId }) => LaunchTemplateId === template);
  const launched = await versionsLaunched(reader, template);
  return {
    numbers: new Set([...named.map(({ Version }) => Version), ...launched].map(Number)),
    isRefreshUnderWay: refreshes.some((refresh) => refresh !== undefined && !isOver(refresh)),
  };
}

function nameOf({ AutoScalingGroupName: name }: Group): string {
  return required(name, "AutoScalingGroupName");
}

function namedBy({ LaunchTemplate, MixedInstancesPolicy }: Group): Named[] {
  const mixed = MixedInstancesPolicy?.LaunchTemplate;
  const all = [
    LaunchTemplate,
    mixed?.LaunchTemplateSpecification,
    ...(mixed?.Overrides ?? []).map((override) => override.LaunchTemplateSpecification),
  ];
  return all.filter((one) => one !== undefined);
}

/**
 * By the tags that EC2 puts on whatever is launched from a template, be it in service, on standby or stopped in a warm pool
 * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html).
 */
async function versionsLaunched(reader: Reader, template: string): Promise<string[]> {
  const reservations = await reader.list(
    "ec2:DescribeInstances",
    {
      Filters: [
        { Name: "tag:aws:ec2launchtemplate:id", Values: [template] },
        { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
      ],
      MaxResults: 1000,
    },
    (page) => page.Reservations,
  );
  return reservations.flatMap(({ Instances = [] }) =>
    Instances.flatMap(({ Tags = [] }) =>
      Tags.flatMap(({ Key, Value }) => (Key === "aws:ec2launchtemplate:version" ? (Value ?? []) : [])),
    ),
  );
}
