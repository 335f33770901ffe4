/** EC2's errors for what is not there: each type of resource has a code of its own. */
import { AwsError } from "../account/aws-error.ts";

/** The error for ids of the account's furniture. */
export function notFound(
  kind: "subnet" | "vpc" | "securityGroup" | "image",
  ids: readonly string[],
): AwsError {
  const list = ids.join(", ");
  switch (kind) {
    case "subnet":
      return new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${list}' does not exist`);
    case "vpc":
      return new AwsError("InvalidVpcID.NotFound", `The vpc ID '${list}' does not exist`);
    case "securityGroup":
      return new AwsError("InvalidGroup.NotFound", `The security group '${list}' does not exist`);
    case "image":
      return new AwsError("InvalidAMIID.NotFound", `The image id '[${list}]' does not exist`);
  }
}

export function noSuchInstance(ids: readonly string[]): AwsError {
  const text =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(", ")}' do not exist`;
  return new AwsError("InvalidInstanceID.NotFound", text);
}

/** The error for an id of any type, by its prefix. */
export function noSuchResource(id: string): AwsError {
  if (id.startsWith("i-")) return noSuchInstance([id]);
  if (id.startsWith("lt-")) {
    return new AwsError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  }
  if (id.startsWith("subnet-")) return notFound("subnet", [id]);
  if (id.startsWith("sg-")) return notFound("securityGroup", [id]);
  if (id.startsWith("vpc-")) return notFound("vpc", [id]);
  if (id.startsWith("ami-")) return notFound("image", [id]);
  return new AwsError("InvalidID", `The ID '${id}' is not valid`);
}
