import type { Value } from "../../../model/value.ts";
import {
  below,
  elsewhere,
  held,
  heldByFields,
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
  ...held(
    "blockDeviceMappings",
    ...["DeviceName", "VirtualName", "NoDevice"].map((name) => `BlockDeviceMappings[].${name}`),
    ...[
      "Encrypted",
      "DeleteOnTermination",
      "Iops",
      "KmsKeyId",
      "SnapshotId",
      "VolumeSize",
      "VolumeType",
      "Throughput",
    ].map((name) => `BlockDeviceMappings[].Ebs.${name}`),
  ),
  ...held(
    "instanceTags",
    "TagSpecifications[].ResourceType",
    "TagSpecifications[].Tags[].Key",
    "TagSpecifications[].Tags[].Value",
  ),
  ...records("MetadataOptions.State"),
  ...notSupported({
    "BlockDeviceMappings[].Ebs.VolumeInitializationRate": undefined,
    "BlockDeviceMappings[].Ebs.EbsCardIndex": undefined,
    "MetadataOptions.HttpProtocolIpv6": "disabled",
    "Monitoring.MetricCategoryIds": undefined,
    KernelId: undefined,
    RamDiskId: undefined,
    "Placement.Tenancy": "default",
    Placement: undefined,
    DisableApiTermination: false,
    DisableApiStop: false,
    InstanceInitiatedShutdownBehavior: "stop",
    ElasticGpuSpecifications: undefined,
    ElasticInferenceAccelerators: undefined,
    CreditSpecification: undefined,
    CpuOptions: undefined,
    "CapacityReservationSpecification.CapacityReservationPreference": "open",
    CapacityReservationSpecification: undefined,
    LicenseSpecifications: undefined,
    "HibernationOptions.Configured": false,
    "EnclaveOptions.Enabled": false,
    "PrivateDnsNameOptions.EnableResourceNameDnsARecord": false,
    "PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord": false,
    PrivateDnsNameOptions: undefined,
    "MaintenanceOptions.AutoRecovery": "default",
    "NetworkPerformanceOptions.BandwidthWeighting": "default",
    SecondaryInterfaces: undefined,
  }),
  ...notSupported({ NetworkInterfaces: undefined }, "the spec has no network interfaces yet"),
  ...notSupported(
    { SecurityGroups: undefined },
    "the spec names security groups by their ids, as a VPC other than the default one needs it",
  ),
  ...notSupported({ InstanceMarketOptions: undefined }, "the spec has no Spot instances yet"),
  ...notSupported({ InstanceRequirements: undefined }, "the spec has no choice of instance types yet"),
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
  inputs: [{ operation: "ec2:CreateLaunchTemplate", at: DATA, rules: contentMembers }],
};
