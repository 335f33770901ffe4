/** EC2's errors for what is not there: each type of resource has a code of its own. */
import { AwsError } from "../account/aws-error.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const ERRORS = {
  subnet: ["InvalidSubnetID.NotFound", (ids: string) => `The subnet ID '${ids}' does not exist`],
  vpc: ["InvalidVpcID.NotFound", (ids: string) => `The vpc ID '${ids}' does not exist`],
  securityGroup: ["InvalidGroup.NotFound", (ids: string) => `The security group '${ids}' does not exist`],
  securityGroupRule: [
    "InvalidSecurityGroupRuleId.NotFound",
    (ids: string) => `The security group rule ID '${ids}' does not exist`,
  ],
  image: ["InvalidAMIID.NotFound", (ids: string) => `The image id '[${ids}]' does not exist`],
  internetGateway: [
    "InvalidInternetGatewayID.NotFound",
    (ids: string) => `The internetGateway ID '${ids}' does not exist`,
  ],
  routeTable: ["InvalidRouteTableID.NotFound", (ids: string) => `The routeTable ID '${ids}' does not exist`],
  association: [
    "InvalidAssociationID.NotFound",
    (ids: string) => `The association ID '${ids}' does not exist`,
  ],
  networkAcl: ["InvalidNetworkAclID.NotFound", (ids: string) => `The networkAcl ID '${ids}' does not exist`],
  networkInterface: [
    "InvalidNetworkInterfaceID.NotFound",
    (ids: string) => `The networkInterface ID '${ids}' does not exist`,
  ],
  keyPair: ["InvalidKeyPair.NotFound", (ids: string) => `The key pair '${ids}' does not exist`],
  capacityReservation: [
    "InvalidCapacityReservationId.NotFound",
    (ids: string) => `The capacity reservation ID '${ids}' does not exist`,
  ],
} as const;

export type NamedKind = keyof typeof ERRORS;

/** The error for ids of one type. */
export function notFound(kind: NamedKind, ids: readonly string[]): AwsError {
  const [code, text] = ERRORS[kind];
  return new AwsError(code, text(ids.join(", ")));
}

export function noSuchInstance(ids: readonly string[]): AwsError {
  const text =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(", ")}' do not exist`;
  return new AwsError("InvalidInstanceID.NotFound", text);
}

const KINDS: readonly [prefix: string, kind: NamedKind][] = [
  ["subnet-", "subnet"],
  ["sg-", "securityGroup"],
  ["sgr-", "securityGroupRule"],
  ["vpc-", "vpc"],
  ["ami-", "image"],
  ["igw-", "internetGateway"],
  ["rtb-", "routeTable"],
  ["acl-", "networkAcl"],
  ["eni-", "networkInterface"],
  ["key-", "keyPair"],
];

/** The error for an id of any type, by its prefix. */
export function noSuchResource(id: string): AwsError {
  if (id.startsWith("i-")) return noSuchInstance([id]);
  if (id.startsWith("lt-")) {
    return new AwsError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  }
  const kind = KINDS.find(([prefix]) => id.startsWith(prefix))?.[1];
  return kind === undefined ? new AwsError("InvalidID", `The ID '${id}' is not valid`) : notFound(kind, [id]);
}
