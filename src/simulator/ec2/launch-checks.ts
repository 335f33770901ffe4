/** From a request or a template to the facts of a machine: the checks that EC2 makes at launch, not before. */
import type { RequestLaunchTemplateData, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { Image } from "../account/images.ts";
import { meets, type Requirements } from "../account/instance-requirements.ts";
import { INSTANCE_TYPES } from "../account/instance-types.ts";
import { firstRefusal } from "../account/refusals.ts";
import type { LaunchVariation } from "../services.ts";
import type { LaunchOptions, MachineFacts } from "./machine.ts";
import { blockOf, usableAddress, usableAddresses } from "./network/cidr.ts";
import {
  defaultGroupOf,
  defaultVpc,
  fail,
  groupNamed,
  type Network,
  noDefaultVpc,
  QUOTAS,
  type Subnet,
  securityGroupOf,
  subnetOf,
} from "./network/state.ts";
import { notFound } from "./not-found.ts";
import { noOnDemand, type Pools } from "./pools.ts";
import { EC2_LAUNCH_REFUSALS } from "./refusals/all.ts";

export type LaunchRequest = Pick<
  RunInstancesCommandInput,
  | "ImageId"
  | "InstanceType"
  | "KeyName"
  | "SecurityGroupIds"
  | "SecurityGroups"
  | "SubnetId"
  | "UserData"
  | "IamInstanceProfile"
  | "DisableApiTermination"
  | "DisableApiStop"
  | "InstanceInitiatedShutdownBehavior"
  | "CreditSpecification"
  | "NetworkInterfaces"
  | keyof LaunchOptions
>;

const OPTIONS = [
  "CapacityReservationSpecification",
  "ClientToken",
  "CpuOptions",
  "EbsOptimized",
  "EnclaveOptions",
  "HibernationOptions",
  "InstanceMarketOptions",
  "LicenseSpecifications",
  "MaintenanceOptions",
  "MetadataOptions",
  "Monitoring",
  "NetworkPerformanceOptions",
  "Placement",
  "PrivateDnsNameOptions",
] as const;

/** What the request leaves out comes from the template: ec2/template-overrides. */
export function merged(request: LaunchRequest, data: RequestLaunchTemplateData): LaunchRequest {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...(data as LaunchRequest), ...given };
}

/** What an Auto Scaling group asks for: the template, in the group's subnet, with what an override says in its place. */
export function varied(
  { subnetId, instanceType, imageId, market, spotMaxPrice }: LaunchVariation & { subnetId: string },
  data: RequestLaunchTemplateData,
): LaunchRequest {
  const request: RequestLaunchTemplateData = merged(
    { SubnetId: subnetId, ImageId: imageId },
    data,
  ) as RequestLaunchTemplateData;
  if (market === "spot") {
    request.InstanceMarketOptions = { MarketType: "spot", SpotOptions: { MaxPrice: spotMaxPrice } };
  }
  if (instanceType === undefined) return request as LaunchRequest;
  const { InstanceRequirements: _asked, ...rest } = request;
  return { ...rest, InstanceType: instanceType } as LaunchRequest;
}

/** For a check that is to hold of whatever type is chosen: the first that would do. */
export function someTypeOf<Asked extends LaunchVariation>(
  ground: LaunchGround,
  request: Asked,
  { ImageId, InstanceType, InstanceRequirements }: RequestLaunchTemplateData,
): Asked {
  const own = InstanceType === undefined ? InstanceRequirements : undefined;
  const requirements = request.requirements ?? own;
  if (request.instanceType !== undefined || requirements === undefined) return request;
  const imageId = request.imageId ?? ImageId;
  const [first] = [
    ...typesMeeting(ground, requirements, imageId),
    ...typesMeeting(ground, ANY_TYPE, imageId),
  ];
  return { ...request, instanceType: first };
}

const ANY_TYPE: Requirements = { BurstablePerformance: "included" };

/** In the order of the catalogue. @throws AwsError for an image that is not there */
export function typesMeeting(
  ground: LaunchGround,
  requirements: Requirements,
  imageId: string | undefined,
): string[] {
  const { architecture } = imageOf(ground, imageId);
  return INSTANCE_TYPES.filter(
    (type) => type.family.architectures.includes(architecture) && meets(type, requirements),
  ).map((type) => type.name);
}

/** Where a launch finds what it refers to. */
export interface LaunchGround {
  readonly network: Network;
  image(imageId: string): Image | undefined;
  imageNamedBy(given: string): string | undefined;
  instanceProfile(named: { name?: string | undefined; arn?: string | undefined }): string | undefined;
  hasKeyPair(name: string): boolean;
  isZoneAvailable(zone: string): boolean;
  readonly pools: Pools;
}

/** What a launch comes to, as far as it does not depend on the moment. */
interface Launchable {
  readonly image: Image;
  readonly type: string;
  readonly subnet: Subnet;
  readonly securityGroupIds: string[];
  readonly profileArn: string | undefined;
}

/**
 * @throws AwsError for the first parameter that EC2 does not take, and the first reference that does not hold:
 *   ec2/launch-checks-references
 */
export function checkLaunch(ground: LaunchGround, request: LaunchRequest): Launchable {
  const refusal = firstRefusal(EC2_LAUNCH_REFUSALS, request, undefined);
  if (refusal !== undefined) throw refusal;
  const image = imageOf(ground, request.ImageId);
  const type = typeOf(request.InstanceType, image);
  const subnet = placeOf(ground, request);
  const securityGroupIds = groupsOf(ground.network, request, subnet.vpcId);
  if (request.KeyName !== undefined && !ground.hasKeyPair(request.KeyName)) {
    throw notFound("keyPair", [request.KeyName]);
  }
  return { image, type, subnet, securityGroupIds, profileArn: profileOf(ground, request.IamInstanceProfile) };
}

/**
 * @param taken addresses that are given out beside those of existing interfaces; the new one is added
 * @throws AwsError as `checkLaunch`, and where there is no capacity
 */
export function launchFacts(
  ground: LaunchGround,
  request: LaunchRequest,
  taken: Set<string> = new Set(),
): Omit<MachineFacts, "reservationId" | "launchIndex"> {
  const { network } = ground;
  const { image, type, subnet, securityGroupIds, profileArn } = checkLaunch(ground, request);
  // ec2/zone-without-capacity
  if (!ground.isZoneAvailable(subnet.zone)) {
    throw noOnDemand(type, subnet.zone, (zone) => ground.isZoneAvailable(zone));
  }
  const { MarketType: market, SpotOptions: spot } = request.InstanceMarketOptions ?? {};
  ground.pools.checkRoom({
    type,
    zone: subnet.zone,
    market: market === "spot" ? "spot" : "on-demand",
    spotMaxPrice: spot?.MaxPrice,
  });
  const id = network.context.id(17);
  return {
    instanceId: `i-${id}`,
    availabilityZone: subnet.zone,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    instanceType: type,
    imageId: image.imageId,
    architecture: image.architecture,
    rootDeviceName: image.rootDeviceName,
    privateIp: freeAddress(network, subnet, Number.parseInt(id.slice(-6), 16), taken),
    // ec2/public-addresses
    hasPublicIp: request.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? subnet.mapsPublicIp,
    securityGroupIds,
    keyName: request.KeyName,
    profileArn,
    protectedFromTermination: request.DisableApiTermination ?? false,
    protectedFromStop: request.DisableApiStop ?? false,
    shutdownBehavior: request.InstanceInitiatedShutdownBehavior === "terminate" ? "terminate" : "stop",
    sourceDestCheck: true,
    cpuCredits: creditsOf(type, request.CreditSpecification?.CpuCredits),
    userData: request.UserData,
    options: Object.fromEntries(OPTIONS.map((name) => [name, request[name]])),
    imageStatusCode: image.statusCode,
  };
}

function imageOf({ image: find, imageNamedBy }: LaunchGround, imageId: string | undefined): Image {
  if (imageId === undefined)
    throw new AwsError("MissingParameter", "The request must contain the parameter ImageId");
  // ec2/image-parameters
  const named = imageNamedBy(imageId);
  if (named === undefined) {
    throw new AwsError(
      "InvalidParameterValue",
      `The parameter of ${imageId} does not exist, or names no image.`,
    );
  }
  const image = find(named);
  if (image === undefined) throw notFound("image", [named]);
  return image;
}

/** ec2/architectures */
function typeOf(given: string | undefined, image: Image): string {
  const name = given ?? "m5.large";
  const type = INSTANCE_TYPES.find((one) => one.name === name);
  if (type === undefined) {
    throw new AwsError("InvalidParameterValue", `Invalid value '${name}' for InstanceType.`);
  }
  const { architectures } = type.family;
  if (architectures.includes(image.architecture)) return name;
  throw new AwsError(
    "InvalidParameterValue",
    `The architecture '${architectures.join(",")}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
  );
}

/** Without a subnet, a default one of the default VPC: in the zone asked for, or in one that is available. */
function placeOf({ network, isZoneAvailable }: LaunchGround, request: LaunchRequest): Subnet {
  const subnetId = request.SubnetId ?? request.NetworkInterfaces?.[0]?.SubnetId;
  if (subnetId !== undefined) return subnetOf(network, subnetId);
  const vpc = defaultVpc(network) ?? fail(noDefaultVpc(""));
  const own = [...network.subnets.values()].filter(
    (subnet) => subnet.vpcId === vpc.vpcId && subnet.isDefaultForZone,
  );
  if (own.length === 0) {
    throw new AwsError(
      "MissingInput",
      `No subnets found for the default VPC '${vpc.vpcId}'. Please specify a subnet.`,
    );
  }
  // Terraform sends an empty one for none.
  const zone = request.Placement?.AvailabilityZone || undefined;
  const subnet = own.find((one) => (zone === undefined ? isZoneAvailable(one.zone) : one.zone === zone));
  if (subnet === undefined)
    throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${zone}]`);
  return subnet;
}

function groupsOf(network: Network, request: LaunchRequest, vpcId: string): string[] {
  const names = request.SecurityGroups ?? [];
  if (names.length > 0 && (request.SubnetId ?? request.NetworkInterfaces) !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameter groupName cannot be used with the parameter subnet",
    );
  }
  const given = [
    ...(request.SecurityGroupIds ?? request.NetworkInterfaces?.[0]?.Groups ?? []),
    ...names.map((GroupName) => groupNamed(network, { GroupName }).groupId),
  ];
  if (given.length === 0) return [defaultGroupOf(network, vpcId).groupId];
  return checkedGroups(network, given, vpcId);
}

/** The groups of one interface. @throws AwsError */
export function checkedGroups(network: Network, groupIds: readonly string[], vpcId: string): string[] {
  for (const id of groupIds) {
    if (securityGroupOf(network, id).vpcId !== vpcId) {
      throw new AwsError("InvalidParameter", `Security group ${id} and subnet belong to different networks.`);
    }
  }
  if (groupIds.length > QUOTAS.groupsPerInterface) {
    throw new AwsError(
      "SecurityGroupsPerInterfaceLimitExceeded",
      "The maximum number of security groups per interface has been reached.",
    );
  }
  return [...groupIds];
}

/** ec2/cpu-credits */
function creditsOf(type: string, given: string | undefined): MachineFacts["cpuCredits"] {
  const family = INSTANCE_TYPES.find((one) => one.name === type)?.family;
  if (family?.isBurstable !== true) return undefined;
  const usual = type.startsWith("t2.") ? "standard" : "unlimited";
  return given === "standard" || given === "unlimited" ? given : usual;
}

function profileOf(
  { instanceProfile }: LaunchGround,
  profile: LaunchRequest["IamInstanceProfile"],
): string | undefined {
  if (profile === undefined) return undefined;
  const found = instanceProfile({ name: profile.Name, arn: profile.Arn });
  if (found !== undefined) return found;
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${profile.Arn ?? profile.Name}) for parameter iamInstanceProfile.${profile.Arn ? "arn" : "name"} is invalid. Invalid IAM Instance Profile ${profile.Arn ? "ARN" : "name"}`,
  );
}

/** ec2/free-addresses */
function freeAddress(network: Network, subnet: Subnet, from: number, taken: Set<string>): string {
  const block = blockOf(subnet.cidr);
  const used = new Set(taken);
  for (const one of network.interfaces()) if (one.subnetId === subnet.subnetId) used.add(one.privateIp);
  for (let tries = 0; tries < usableAddresses(block) && tries <= used.size; tries += 1) {
    const address = usableAddress(block, from + tries);
    if (used.has(address)) continue;
    taken.add(address);
    return address;
  }
  throw new AwsError(
    "InsufficientFreeAddressesInSubnet",
    `There are not enough free addresses in subnet '${subnet.subnetId}' to satisfy the requested number of instances.`,
  );
}
