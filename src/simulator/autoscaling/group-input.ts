/** Reading what CreateAutoScalingGroup and UpdateAutoScalingGroup are given, and refusing what AWS refuses. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import type { LaunchSource, Override, TemplateChoice } from "./launch-source.ts";
import { sourceAfter } from "./mixed/policy.ts";
import { invalid, type State } from "./state.ts";

export const TERMINATION_POLICIES: readonly string[] = [
  "AllocationStrategy",
  "ClosestToNextInstanceHour",
  "Default",
  "NewestInstance",
  "OldestInstance",
  "OldestLaunchConfiguration",
  "OldestLaunchTemplate",
];
/** What both operations have in common. */
export type GroupInput = asg.CreateAutoScalingGroupType | asg.UpdateAutoScalingGroupType;

/** @throws AwsError for what this account does not hold or model: better refused than silently left out */
export function refuseUnmodelled(input: GroupInput): void {
  if (input.LaunchConfigurationName !== undefined) {
    throw invalid(
      `Launch configuration name not found - A launch configuration with the name: ${input.LaunchConfigurationName} does not exist`,
    );
  }
  const unmodelled = {
    AvailabilityZoneIds: input.AvailabilityZoneIds,
    ...("InstanceId" in input && { InstanceId: input.InstanceId }),
    ...("LoadBalancerNames" in input && { LoadBalancerNames: nonEmpty(input.LoadBalancerNames) }),
    ...("Operator" in input && { Operator: input.Operator }),
  };
  for (const [member, value] of Object.entries(unmodelled)) {
    if (value !== undefined) throw invalid(`The simulated account does not model ${member}.`);
  }
}

/**
 * What the group launches from according to the input; nothing where it names nothing.
 *
 * @param before what an update does not name stays as it is there; without it the defaults are taken
 * @throws AwsError unless a launch from it would be taken: autoscaling/template-launchable
 */
export function launchSourceAfter(
  state: State,
  given: asg.DesiredConfiguration,
  before: LaunchSource | undefined,
  subnetId: string | undefined,
): LaunchSource | undefined {
  const { LaunchTemplate: template, MixedInstancesPolicy: policy } = given;
  if (nonEmpty(policy?.InstancesDistribution?.DistributionSegments) !== undefined) {
    throw invalid("The simulated account does not model DistributionSegments.");
  }
  if (policy !== undefined) {
    const source = sourceAfter(policy, before, (one, override) =>
      parseTemplate(state, one, subnetId, override),
    );
    refuseSpotTemplates(state, source);
    return source;
  }
  return template && { template: parseTemplate(state, template, subnetId), mixed: undefined };
}

/** Its words are those of https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html */
function refuseSpotTemplates(state: State, { template, mixed }: LaunchSource): void {
  const own = (mixed?.overrides ?? []).flatMap((one) => one.template ?? []);
  if (![template, ...own].some((one) => state.parts.ec2.templateTraits(one).isSpot)) return;
  throw invalid(
    "Incompatible launch template: You cannot use a launch template that is set to request Spot Instances (InstanceMarketOptions) when you configure an Auto Scaling group with a mixed instances policy. Add a different launch template to the group and try again.",
  );
}

function nonEmpty<T>(list: T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/**
 * A template that instances can be launched from, in the first of the subnets.
 * @throws AwsError unless the version exists and a launch would be taken: autoscaling/template-launchable
 */
function parseTemplate(
  state: State,
  given: asg.LaunchTemplateSpecification,
  subnetId: string | undefined,
  override?: Partial<Pick<Override, "instanceType" | "requirements" | "imageId">>,
): TemplateChoice {
  // autoscaling/template-default-version
  const version = given.Version ?? "$Default";
  try {
    const found = state.parts.ec2.templateVersion({
      ...(given.LaunchTemplateId ? { id: given.LaunchTemplateId } : { name: given.LaunchTemplateName ?? "" }),
      version,
    });
    if (subnetId !== undefined) {
      state.parts.ec2.checkTemplate({
        templateId: found.id,
        version,
        subnetId,
        isMixed: override !== undefined,
        ...override,
      });
    }
    return { id: found.id, name: found.name, version };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`You must use a valid fully-formed launch template. ${error.message}`, error.rule);
  }
}

/**
 * Where a group launches: its subnets, or without any the default ones of its zones.
 * @throws AwsError for unknown ones, or several VPCs: autoscaling/groups-by-zone
 */
export function parseSubnets(
  state: State,
  identifier: string | undefined,
  zones: readonly string[] = [],
): string[] {
  const ids = (identifier ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length + zones.length === 0)
    throw invalid("At least one Availability Zone or VPC Subnet is required.");
  if (ids.length === 0) return zones.map((zone) => defaultSubnet(state, zone));
  const subnets = ids.map((id) => {
    const subnet = state.parts.ec2.subnet(id);
    if (subnet === undefined) throw invalid(`The subnet ID '${id}' does not exist`);
    return subnet;
  });
  if (new Set(subnets.map((subnet) => subnet.vpcId)).size > 1) {
    throw invalid("All of the VPC Subnets provided must be in the same VPC.");
  }
  const own = new Set(subnets.map((subnet) => subnet.availabilityZone));
  if (zones.some((zone) => !own.has(zone))) {
    throw invalid("The availability zones of the specified subnets and the Auto Scaling group do not match");
  }
  return ids;
}

function defaultSubnet(state: State, zone: string): string {
  const subnet = state.parts.ec2.defaultSubnet(zone);
  if (subnet === undefined) throw invalid(`Availability Zone ${zone} is invalid or has no default subnet.`);
  return subnet.subnetId;
}

/** Unset means Default, and Default comes last. autoscaling/termination-order */
export function terminationPoliciesOf(given: readonly string[] | undefined): string[] {
  return given === undefined || given.length === 0 ? ["Default"] : [...given];
}

/** −1 clears both. */
export function maintenanceOf(
  given: asg.InstanceMaintenancePolicy,
): asg.InstanceMaintenancePolicy | undefined {
  return given.MinHealthyPercentage === -1 ? undefined : given;
}
