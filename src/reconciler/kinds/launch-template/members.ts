import type { Value } from "../../../model/value.ts";
import {
  below,
  elsewhere,
  held,
  heldByFields,
  heldItems,
  type MemberRules,
  type MemberTable,
  notSupported,
  records,
  ruleAt,
  secretly,
} from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { launchTemplateSchema } from "./schema.ts";

const MANAGED = "somebody else's service manages it";
const DATA = "LaunchTemplateData";

const DEVICE = launchTemplateSchema.properties.blockDeviceMappings.items;
const INTERFACE = launchTemplateSchema.properties.networkInterfaces.items;

const managed: MemberRules = notSupported(
  { "Operator.Managed": false, "Operator.HiddenByDefault": false, "Operator.Principal": undefined },
  MANAGED,
);

/**
 * Members of a version's content. The defaults:
 * docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html and the pages of its parts;
 * for what they leave open, API_RunInstances.html.
 */
const contentMembers: MemberRules = {
  ...heldByFields(fieldsOf(launchTemplateSchema)),
  ...secretly(held("userData", "UserData")),
  ...below("BlockDeviceMappings[]", heldItems("blockDeviceMappings", DEVICE)),
  ...below("NetworkInterfaces[]", heldItems("networkInterfaces", INTERFACE)),
  ...held("licenseSpecifications", "LicenseSpecifications[].LicenseConfigurationArn"),
  ...held(
    "instanceTags",
    "TagSpecifications[].ResourceType",
    "TagSpecifications[].Tags[].Key",
    "TagSpecifications[].Tags[].Value",
  ),
  ...records("MetadataOptions.State", "NetworkInterfaces[].Ipv6Addresses[].IsPrimaryIpv6"),
  ...notSupported(
    { "NetworkInterfaces[].NetworkInterfaceId": undefined },
    "an interface that is there is one instance's, and a group that has subnets takes none (CreateAutoScalingGroup, AvailabilityZones)",
  ),
  ...notSupported(
    { SecondaryInterfaces: undefined },
    "secondary networks connect the machines of a cluster, and no web tier",
  ),
  ...notSupported({ "Placement.SpreadDomain": undefined }, "AWS reserves it"),
  ...notSupported(
    { ElasticGpuSpecifications: undefined, ElasticInferenceAccelerators: undefined },
    "AWS has ended the service behind it",
  ),
  ...notSupported(
    {
      "InstanceMarketOptions.SpotOptions.ValidUntil": undefined,
      "InstanceMarketOptions.SpotOptions.BlockDurationMinutes": undefined,
    },
    "a group asks for Spot instances one by one, for as long as it needs them; AWS has ended durations",
  ),
  ...notSupported(
    { SecurityGroups: undefined },
    "the spec names security groups by their ids, as a VPC other than the default one needs it",
  ),
  ...held(
    "instanceRequirements.baselinePerformanceFactors.cpu.references",
    "InstanceRequirements.BaselinePerformanceFactors.Cpu.References[].InstanceFamily",
  ),
  ...managed,
};

/** Whether a member of a version's content has the value that AWS documents for what nobody has set. */
export function isDefaultContent(path: string, value: Value): boolean {
  return ruleAt(contentMembers, path)?.isDefault?.(value) === true;
}

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplate.html and API_LaunchTemplateVersion.html */
export const launchTemplateMembers: MemberTable = {
  answers: [
    {
      operation: "ec2:DescribeLaunchTemplates",
      at: "LaunchTemplates",
      rules: {
        ...records(
          "LaunchTemplateId",
          "LaunchTemplateName",
          "CreateTime",
          "CreatedBy",
          "LatestVersionNumber",
        ),
        ...held("tags", "Tags[].Key", "Tags[].Value"),
        ...elsewhere("the content of the version is compared", "DefaultVersionNumber"),
        ...managed,
      },
    },
    {
      operation: "ec2:DescribeLaunchTemplateVersions",
      at: "LaunchTemplateVersions",
      rules: {
        ...records(
          "LaunchTemplateId",
          "LaunchTemplateName",
          "VersionNumber",
          "VersionDescription",
          "CreateTime",
          "CreatedBy",
          "DefaultVersion",
        ),
        ...below(DATA, contentMembers),
        ...managed,
      },
    },
  ],
  inputs: [
    { operation: "ec2:CreateLaunchTemplate", at: DATA, rules: contentMembers },
    { operation: "ec2:CreateLaunchTemplateVersion", at: DATA, rules: contentMembers },
  ],
};
