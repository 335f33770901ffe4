/** Reading what CreateAutoScalingGroup and UpdateAutoScalingGroup are given, and refusing what AWS refuses. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { invalid, type State, type TemplateChoice } from "./state.ts";

const TERMINATION_POLICIES = [
  "AllocationStrategy",
  "ClosestToNextInstanceHour",
  "Default",
  "NewestInstance",
  "OldestInstance",
  "OldestLaunchConfiguration",
  "OldestLaunchTemplate",
];
const HEALTH_CHECK_TYPES = new Set(["EC2", "ELB", "EBS", "VPC_LATTICE"]);

export function terminationPolicyTypes(): string[] {
  return [...TERMINATION_POLICIES];
}

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
    MixedInstancesPolicy: input.MixedInstancesPolicy,
    AvailabilityZoneIds: input.AvailabilityZoneIds,
    CapacityReservationSpecification: input.CapacityReservationSpecification,
    InstanceLifecyclePolicy: input.InstanceLifecyclePolicy,
    ...("InstanceId" in input && { InstanceId: input.InstanceId }),
    ...("LoadBalancerNames" in input && { LoadBalancerNames: nonEmpty(input.LoadBalancerNames) }),
    ...("LifecycleHookSpecificationList" in input && {
      LifecycleHookSpecificationList: nonEmpty(input.LifecycleHookSpecificationList),
    }),
    ...("Operator" in input && { Operator: input.Operator }),
  };
  for (const [member, value] of Object.entries(unmodelled)) {
    if (value !== undefined) throw invalid(`The simulated account does not model ${member}.`);
  }
}

function nonEmpty<T>(list: T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/** @throws AwsError unless exactly one of id and name is given and the version exists */
export function parseTemplate(state: State, given: asg.LaunchTemplateSpecification): TemplateChoice {
  const hasId = (given.LaunchTemplateId ?? "") !== "";
  const hasName = (given.LaunchTemplateName ?? "") !== "";
  if (hasId === hasName) {
    throw invalid("Valid requests must contain either launchTemplateId or LaunchTemplateName");
  }
  // autoscaling/template-default-version
  const version = given.Version ?? "$Default";
  try {
    const found = state.parts.ec2.templateVersion({
      ...(hasId ? { id: given.LaunchTemplateId! } : { name: given.LaunchTemplateName! }),
      version,
    });
    return { id: found.id, name: found.name, version };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`You must use a valid fully-formed launch template. ${error.message}`);
  }
}

/** @throws AwsError unless min, max and desired fit together */
export function checkSizes(min: number, max: number, desired: number): void {
  for (const [name, value] of Object.entries({ MinSize: min, MaxSize: max, DesiredCapacity: desired })) {
    if (!Number.isInteger(value) || value < 0)
      throw invalid(`${name} must be a number of at least 0, and is ${value}.`);
  }
  if (min > max) throw invalid(`Min bound, ${min}, must be less than or equal to max bound, ${max}`);
  if (desired < min || desired > max) {
    throw invalid(
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    );
  }
}

/** The subnets of a VPCZoneIdentifier. @throws AwsError for unknown ones, or several VPCs */
export function parseSubnets(
  state: State,
  identifier: string | undefined,
  zones: string[] | undefined,
): string[] {
  const ids = (identifier ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length === 0) {
    throw invalid(
      zones === undefined || zones.length === 0
        ? "At least one Availability Zone or VPC Subnet is required."
        : "The simulated account takes subnets only: VPCZoneIdentifier is required.",
    );
  }
  const subnets = ids.map((id) => {
    const subnet = state.parts.ec2.subnet(id);
    if (subnet === undefined) throw invalid(`The subnet ID '${id}' does not exist`);
    return subnet;
  });
  if (new Set(subnets.map((subnet) => subnet.vpcId)).size > 1) {
    throw invalid("All of the VPC Subnets provided must be in the same VPC.");
  }
  const own = new Set(subnets.map((subnet) => subnet.availabilityZone));
  if (zones !== undefined && zones.length > 0 && zones.some((zone) => !own.has(zone))) {
    throw invalid("The availability zones of the specified subnets and the Auto Scaling group do not match");
  }
  return ids;
}

/** @throws AwsError for an unknown type */
export function parseHealthCheckType(given: string): string {
  const types = given.split(",").map((type) => type.trim());
  if (types.some((type) => !HEALTH_CHECK_TYPES.has(type))) {
    throw invalid(`Invalid HealthCheckType ${given}: the valid values are EC2, EBS, ELB, and VPC_LATTICE.`);
  }
  return types.join(",");
}

/** Unset means Default, and Default comes last. autoscaling/termination-order @throws AwsError */
export function parseTerminationPolicies(given: string[] | undefined): string[] {
  if (given === undefined || given.length === 0) return ["Default"];
  const unknown = given.find((policy) => !TERMINATION_POLICIES.includes(policy));
  if (unknown !== undefined) throw invalid(`Termination policy ${unknown} is not valid.`);
  const position = given.indexOf("Default");
  if (position >= 0 && position < given.length - 1) {
    throw invalid("The Default termination policy must be the last of the list of termination policies.");
  }
  return [...given];
}

/** @throws AwsError outside 0 and a day, or below a day and above 0 for a maximum lifetime */
export function checkDurations(input: GroupInput): void {
  const { HealthCheckGracePeriod: grace, DefaultCooldown: cooldown, MaxInstanceLifetime: lifetime } = input;
  if (grace !== undefined && grace < 0) throw invalid("HealthCheckGracePeriod must not be negative.");
  if (cooldown !== undefined && cooldown < 0) throw invalid("DefaultCooldown must not be negative.");
  if (lifetime !== undefined && lifetime !== 0 && (lifetime < 86_400 || lifetime > 31_536_000)) {
    throw invalid("Value of MaxInstanceLifetime must be 0, or between 86400 and 31536000 seconds.");
  }
  const warmup = input.DefaultInstanceWarmup;
  if (warmup !== undefined && warmup < -1) throw invalid("DefaultInstanceWarmup must be at least -1.");
}

/** −1 clears both. @throws AwsError when only one is given, or out of range */
export function parseMaintenance(
  given: asg.InstanceMaintenancePolicy,
): asg.InstanceMaintenancePolicy | undefined {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = given;
  if (min === undefined || max === undefined) {
    throw invalid("Both MinHealthyPercentage and MaxHealthyPercentage must be specified.");
  }
  if (min === -1 && max === -1) return undefined;
  if (min < 0 || min > 100 || max < 100 || max > 200 || max - min > 100) {
    throw invalid(
      "MinHealthyPercentage must be between 0 and 100, MaxHealthyPercentage between 100 and 200, and the difference at most 100.",
    );
  }
  return { MinHealthyPercentage: min, MaxHealthyPercentage: max };
}
