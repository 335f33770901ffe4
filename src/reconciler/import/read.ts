/** The reads of an import, in two steps: first what is near, then what belongs to the tier in detail. */
import { CloudError, InvalidSpecError, NothingToImportError } from "../../model/errors.ts";
import type { ImportRequest } from "../../model/import.ts";
import { ARNS_PER_TAG_CALL } from "../../model/limits.ts";
import { capitalised } from "../../model/text/first-letter.ts";
import type { Input, Output, ReadOperation } from "../../ports.ts";
import { batches } from "../core/batches.ts";
import { type AutoScalingGroup, namedTemplate } from "../kinds/auto-scaling-group/fleet.ts";
import { targetGroupsOf } from "../kinds/auto-scaling-group/from-aws.ts";
import type { Reader } from "../kinds/kind.ts";
import { required } from "../kinds/required.ts";
import { type Tags, tagsFromList } from "../kinds/tags.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import { invalid, otherRegionFaults } from "./request.ts";
import type {
  Details,
  GroupDetails,
  ListenerWithRules,
  LoadBalancer,
  Surroundings,
  TargetGroup,
  TemplateAnswers,
} from "./surroundings.ts";

/** @throws NothingToImportError, InvalidSpecError, CloudError */
export async function readSurroundings(reader: Reader, request: ImportRequest): Promise<Surroundings> {
  const [targetGroups, groups, alarms] = await Promise.all([
    reader.list("elasticloadbalancing:DescribeTargetGroups", { PageSize: 400 }, (page) => page.TargetGroups),
    reader.list(
      "autoscaling:DescribeAutoScalingGroups",
      { MaxRecords: 100 },
      (page) => page.AutoScalingGroups,
    ),
    reader.list(
      "cloudwatch:DescribeAlarms",
      { AlarmTypes: ["MetricAlarm"], MaxRecords: 100 },
      (page) => page.MetricAlarms,
    ),
  ]);
  const loadBalancer = await readLoadBalancer(reader, request, targetGroups, groups);
  const listeners = await readListeners(reader, required(loadBalancer.LoadBalancerArn, "LoadBalancerArn"));
  return { loadBalancer, listeners, targetGroups, groups, alarms };
}

async function readLoadBalancer(
  reader: Reader,
  { region, loadBalancer, autoScalingGroup }: ImportRequest,
  targetGroups: readonly TargetGroup[],
  groups: readonly AutoScalingGroup[],
): Promise<LoadBalancer> {
  const asked = loadBalancer ?? entranceOf(autoScalingGroup ?? "", region, targetGroups, groups);
  const path = loadBalancer === undefined ? "autoScalingGroup" : "loadBalancer";
  const found = await describe(reader, asked);
  if (found === undefined) {
    throw new NothingToImportError(
      `there is no load balancer ${asked} in ${region} among those of Elastic Load Balancing v2 (a Classic Load Balancer of that name is not held)`,
    );
  }
  const { Type: type = "application", LoadBalancerName: name, LoadBalancerArn: arn } = found;
  if (type === "application") {
    const elsewhere = arn === undefined ? [] : otherRegionFaults(path, arn, region);
    if (elsewhere.length > 0) throw new InvalidSpecError(elsewhere);
    return found;
  }
  const title = capitalised(type);
  throw new InvalidSpecError([
    invalid(path, `${name} is a ${title} Load Balancer; Holdfast holds Application Load Balancers alone`),
  ]);
}

async function describe(reader: Reader, asked: string): Promise<LoadBalancer | undefined> {
  const input = asked.startsWith("arn:") ? { LoadBalancerArns: [asked] } : { Names: [asked] };
  try {
    const answer = await reader.call("elasticloadbalancing:DescribeLoadBalancers", input);
    return required(answer.LoadBalancers, "LoadBalancers")[0];
  } catch (error) {
    if (error instanceof CloudError && error.category === "notFound") return undefined;
    throw error;
  }
}

/** ARN of the load balancer that sends a group its requests. */
function entranceOf(
  asked: string,
  region: string,
  targetGroups: readonly TargetGroup[],
  groups: readonly AutoScalingGroup[],
): string {
  const group = groups.find(
    ({ AutoScalingGroupName: name, AutoScalingGroupARN: arn }) => asked === name || asked === arn,
  );
  if (group === undefined)
    throw new NothingToImportError(`there is no Auto Scaling group ${asked} in ${region}`);
  const attached = targetGroupsOf(group);
  const own = targetGroups.filter(({ TargetGroupArn: arn = "" }) => attached.includes(arn));
  const entrances = [...new Set(own.flatMap(({ LoadBalancerArns: arns = [] }) => arns))].sort();
  const [only] = entrances;
  if (only !== undefined && entrances.length === 1) return only;
  const message =
    only === undefined
      ? "no load balancer of Elastic Load Balancing v2 sends it requests, and a WebService has one"
      : `it is behind ${entrances.length} load balancers; name the one that is meant as loadBalancer: ${entrances.join(" or ")}`;
  throw new InvalidSpecError([invalid("autoScalingGroup", message)]);
}

async function readListeners(reader: Reader, loadBalancerArn: string): Promise<ListenerWithRules[]> {
  const items = await reader.list(
    "elasticloadbalancing:DescribeListeners",
    { LoadBalancerArn: loadBalancerArn, PageSize: 400 },
    (page) => page.Listeners,
  );
  return Promise.all(
    items.map(async (item) => {
      const ListenerArn = required(item.ListenerArn, "ListenerArn");
      const [rules, certificates] = await Promise.all([
        reader.list(
          "elasticloadbalancing:DescribeRules",
          { ListenerArn, PageSize: 400 },
          (page) => page.Rules,
        ),
        item.Protocol === "HTTPS"
          ? reader.list(
              "elasticloadbalancing:DescribeListenerCertificates",
              { ListenerArn, PageSize: 400 },
              (page) => page.Certificates,
            )
          : [],
      ]);
      return { item, certificates, rules: rules.filter(({ IsDefault }) => IsDefault !== true) };
    }),
  );
}

/** @param alarmArns of the alarms that belong to the tier @throws CloudError */
export async function readDetails(
  reader: Reader,
  around: Surroundings,
  near: Neighbourhood,
): Promise<Details> {
  const LoadBalancerArn = required(around.loadBalancer.LoadBalancerArn, "LoadBalancerArn");
  const unread: Details["unread"][number][] = [];
  const tolerant = tolerantOf(reader, unread);
  const targetGroupArns = near.targetGroups.map(({ TargetGroupArn: arn }) => required(arn, "TargetGroupArn"));
  const taggable = [
    LoadBalancerArn,
    ...near.listeners.flatMap(({ item, rules }) => [
      item.ListenerArn,
      ...rules.map(({ RuleArn }) => RuleArn),
    ]),
    ...targetGroupArns,
  ];
  const [balancer, tags, attributes, targets, groups] = await Promise.all([
    reader.call("elasticloadbalancing:DescribeLoadBalancerAttributes", { LoadBalancerArn }),
    readElbTags(
      reader,
      taggable.filter((arn) => arn !== undefined),
    ),
    byKey(targetGroupArns, async (TargetGroupArn) => {
      const answer = await reader.call("elasticloadbalancing:DescribeTargetGroupAttributes", {
        TargetGroupArn,
      });
      return required(answer.Attributes, "Attributes");
    }),
    byKey(targetGroupArns, async (TargetGroupArn) => {
      const answer = await reader.call("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn });
      return required(answer.TargetHealthDescriptions, "TargetHealthDescriptions");
    }),
    Promise.all(
      near.groups.map(
        async (group) =>
          [group.AutoScalingGroupName ?? "", await readGroup(reader, tolerant, group)] as const,
      ),
    ),
  ]);
  return {
    loadBalancerAttributes: required(balancer.Attributes, "Attributes"),
    tags,
    targetGroupAttributes: attributes,
    targets,
    groups: new Map(groups),
    unread,
  };
}

/** Tags of alarms, by ARN. */
export async function readAlarmTags(
  reader: Reader,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Tags>> {
  return byKey(arns, async (ResourceARN) => {
    const { Tags } = await reader.call("cloudwatch:ListTagsForResource", { ResourceARN });
    return tagsFromList(Tags);
  });
}

async function byKey<T>(
  keys: readonly string[],
  read: (key: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(keys.map(async (key) => [key, await read(key)] as const)));
}

async function readElbTags(reader: Reader, arns: readonly string[]): Promise<ReadonlyMap<string, Tags>> {
  const answers = await Promise.all(
    batches([...arns], ARNS_PER_TAG_CALL).map((ResourceArns) =>
      reader.call("elasticloadbalancing:DescribeTags", { ResourceArns }),
    ),
  );
  const all = answers.flatMap(({ TagDescriptions }) => required(TagDescriptions, "TagDescriptions"));
  const tags = new Map(all.map(({ ResourceArn = "", Tags }) => [ResourceArn, tagsFromList(Tags)] as const));
  // A resource without a description has unknown tags, which is not the same as none.
  for (const arn of arns) required(tags.get(arn), `the tags of ${arn}`);
  return tags;
}

type Tolerant = <O extends ReadOperation, T>(
  operation: O,
  input: Input<O>,
  items: (answer: Output<O>) => readonly T[] | undefined,
) => Promise<readonly T[]>;

/**
 * Of what a manifest cannot hold anyway: that it could not be read is told once, and is in nobody's way. Another
 * implementation of AWS's API may not know the operation, and a role may lack the permission.
 */
function tolerantOf(reader: Reader, unread: { operation: string; reason: string }[]): Tolerant {
  return async (operation, input, items) => {
    try {
      return await reader.list(operation, input, items);
    } catch (error) {
      if (
        !(error instanceof CloudError) ||
        !["unsupported", "unauthorized", "malformed", "notFound"].includes(error.category)
      )
        throw error;
      if (!unread.some((row) => row.operation === operation))
        unread.push({ operation, reason: `${error.code} (${error.category})` });
      return [];
    }
  };
}

async function readGroup(reader: Reader, tolerant: Tolerant, group: AutoScalingGroup): Promise<GroupDetails> {
  const AutoScalingGroupName = group.AutoScalingGroupName ?? "";
  const [policies, scheduledActions, lifecycleHooks, notifications, template] = await Promise.all([
    reader.list(
      "autoscaling:DescribePolicies",
      { AutoScalingGroupName, MaxRecords: 100 },
      (page) => page.ScalingPolicies,
    ),
    tolerant(
      "autoscaling:DescribeScheduledActions",
      { AutoScalingGroupName, MaxRecords: 100 },
      (page) => page.ScheduledUpdateGroupActions,
    ),
    tolerant(
      "autoscaling:DescribeLifecycleHooks",
      { AutoScalingGroupName },
      (answer) => answer.LifecycleHooks,
    ),
    tolerant(
      "autoscaling:DescribeNotificationConfigurations",
      { AutoScalingGroupNames: [AutoScalingGroupName], MaxRecords: 100 },
      (page) => page.NotificationConfigurations,
    ),
    readTemplate(reader, group),
  ]);
  return { policies, scheduledActions, lifecycleHooks, notifications, template };
}

async function readTemplate(reader: Reader, group: AutoScalingGroup): Promise<TemplateAnswers> {
  const {
    LaunchTemplateId,
    LaunchTemplateName,
    Version = "$Default",
  } = required(namedTemplate(group), "LaunchTemplate");
  const which = LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId };
  const names =
    LaunchTemplateId === undefined
      ? { LaunchTemplateNames: [LaunchTemplateName ?? ""] }
      : { LaunchTemplateIds: [LaunchTemplateId] };
  const [templates, versions] = await Promise.all([
    reader.call("ec2:DescribeLaunchTemplates", names),
    reader.call("ec2:DescribeLaunchTemplateVersions", { ...which, Versions: [Version] }),
  ]);
  const template = required(templates.LaunchTemplates?.[0], "LaunchTemplates");
  return {
    id: required(template.LaunchTemplateId, "LaunchTemplateId"),
    name: required(template.LaunchTemplateName, "LaunchTemplateName"),
    defaultVersion: template.DefaultVersionNumber,
    tags: tagsFromList(template.Tags),
    version: required(versions.LaunchTemplateVersions?.[0], "LaunchTemplateVersions"),
  };
}
