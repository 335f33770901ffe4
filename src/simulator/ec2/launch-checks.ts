/** From a request or a template to the facts of a machine: the checks that EC2 makes at launch, not before. */
import type { RequestLaunchTemplateData, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { firstRefusal } from "../account/refusals.ts";
import {
  INSTANCE_PROFILES,
  INSTANCE_TYPES,
  KEY_PAIRS,
  SECURITY_GROUPS,
  type SeedImage,
  SUBNETS,
} from "../account/seed.ts";
import type { LaunchOptions, MachineFacts } from "./machine.ts";
import { notFound } from "./not-found.ts";
import { EC2_LAUNCH_REFUSALS } from "./refusals/all.ts";

export type LaunchRequest = Pick<
  RunInstancesCommandInput,
  | "ImageId"
  | "InstanceType"
  | "KeyName"
  | "SecurityGroupIds"
  | "SubnetId"
  | "UserData"
  | "IamInstanceProfile"
  | "DisableApiTermination"
  | "NetworkInterfaces"
  | "Placement"
  | keyof LaunchOptions
>;

const OPTIONS = [
  "CapacityReservationSpecification",
  "ClientToken",
  "EbsOptimized",
  "EnclaveOptions",
  "HibernationOptions",
  "InstanceMarketOptions",
  "MaintenanceOptions",
  "MetadataOptions",
  "Monitoring",
  "Placement",
  "PrivateDnsNameOptions",
] as const;

/** What the request leaves out comes from the template: ec2/template-overrides. */
export function merged(request: LaunchRequest, data: RequestLaunchTemplateData): LaunchRequest {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...(data as LaunchRequest), ...given };
}

/** What a launch meets. */
export interface Ground {
  image(imageId: string): SeedImage | undefined;
  isZoneAvailable(zone: string): boolean;
}

/** What a launch comes to, as far as it does not depend on the moment. */
interface Launchable {
  readonly image: SeedImage;
  readonly type: string;
  readonly subnet: (typeof SUBNETS)[number];
  readonly securityGroupIds: string[];
  readonly profileArn: string | undefined;
}

/**
 * @throws AwsError for the first parameter that EC2 does not take, and the first reference that does not hold:
 *   ec2/launch-checks-references
 */
export function checkLaunch(request: LaunchRequest, { image: find, isZoneAvailable }: Ground): Launchable {
  const refusal = firstRefusal(EC2_LAUNCH_REFUSALS, "RunInstances", request, undefined);
  if (refusal !== undefined) throw new AwsError(refusal.rule.code, refusal.message);
  const image = imageOf(request.ImageId, find);
  const type = typeOf(request.InstanceType);
  const subnet = subnetOf(request, isZoneAvailable);
  const securityGroupIds = groupsOf(request, subnet.vpcId);
  if (request.KeyName !== undefined && !KEY_PAIRS.includes(request.KeyName)) {
    throw new AwsError("InvalidKeyPair.NotFound", `The key pair '${request.KeyName}' does not exist`);
  }
  return { image, type, subnet, securityGroupIds, profileArn: profileOf(request.IamInstanceProfile) };
}

/** The machine that a launch makes. @throws AwsError as `checkLaunch`, and where there is no capacity */
export function launchFacts(
  context: AccountContext,
  request: LaunchRequest,
  ground: Ground,
): Omit<MachineFacts, "reservationId" | "launchIndex"> {
  const { image, type, subnet, securityGroupIds, profileArn } = checkLaunch(request, ground);
  // ec2/zone-without-capacity
  if (!ground.isZoneAvailable(subnet.zone)) {
    throw new AwsError(
      "InsufficientInstanceCapacity",
      `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${subnet.zone}). Our system will be working on provisioning additional capacity.`,
      500,
    );
  }
  const id = context.id(17);
  return {
    instanceId: `i-${id}`,
    availabilityZone: subnet.zone,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    instanceType: type,
    imageId: image.imageId,
    privateIp: addressIn(subnet.cidr, Number.parseInt(id.slice(-6), 16)),
    securityGroupIds,
    keyName: request.KeyName,
    profileArn,
    protectedFromTermination: request.DisableApiTermination ?? false,
    userData: request.UserData,
    options: Object.fromEntries(OPTIONS.map((name) => [name, request[name]])),
    imageStatusCode: image.statusCode,
  };
}

function imageOf(imageId: string | undefined, find: Ground["image"]): SeedImage {
  if (imageId === undefined)
    throw new AwsError("MissingParameter", "The request must contain the parameter ImageId");
  const image = find(imageId);
  if (image === undefined) throw notFound("image", [imageId]);
  return image;
}

function typeOf(type: string | undefined): string {
  const name = type ?? "m5.large";
  if (INSTANCE_TYPES.some((one) => one.name === name)) return name;
  throw new AwsError("InvalidParameterValue", `Invalid value '${name}' for InstanceType.`);
}

function subnetOf(
  request: LaunchRequest,
  isZoneAvailable: (zone: string) => boolean,
): (typeof SUBNETS)[number] {
  const subnetId = request.SubnetId ?? request.NetworkInterfaces?.[0]?.SubnetId;
  if (subnetId !== undefined) {
    const subnet = SUBNETS.find((one) => one.subnetId === subnetId);
    if (subnet === undefined) throw notFound("subnet", [subnetId]);
    return subnet;
  }
  const zone = request.Placement?.AvailabilityZone;
  const inZone = SUBNETS.filter((one) =>
    zone === undefined ? isZoneAvailable(one.zone) : one.zone === zone,
  );
  const subnet = inZone[0];
  if (subnet === undefined)
    throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${zone}]`);
  return subnet;
}

function groupsOf(request: LaunchRequest, vpcId: string): string[] {
  const given = request.SecurityGroupIds ?? request.NetworkInterfaces?.[0]?.Groups ?? [];
  if (given.length === 0) {
    return SECURITY_GROUPS.filter((one) => one.vpcId === vpcId && one.name === "default").map(
      (one) => one.groupId,
    );
  }
  for (const id of given) {
    const group = SECURITY_GROUPS.find((one) => one.groupId === id);
    if (group === undefined) throw notFound("securityGroup", [id]);
    if (group.vpcId !== vpcId) {
      throw new AwsError("InvalidParameter", `Security group ${id} and subnet belong to different networks.`);
    }
  }
  return [...given];
}

function profileOf(profile: LaunchRequest["IamInstanceProfile"]): string | undefined {
  if (profile === undefined) return undefined;
  const found = INSTANCE_PROFILES.find((one) => one.arn === profile.Arn || one.name === profile.Name);
  if (found !== undefined) return found.arn;
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${profile.Arn ?? profile.Name}) for parameter iamInstanceProfile.${profile.Arn ? "arn" : "name"} is invalid. Invalid IAM Instance Profile ${profile.Arn ? "ARN" : "name"}`,
  );
}

function addressIn(cidr: string, number: number): string {
  const [network = "", bits = "0"] = cidr.split("/");
  const base = network.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  // The first four addresses and the last of a subnet are AWS's own.
  const address = base + 4 + (number % (2 ** (32 - Number(bits)) - 5));
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
