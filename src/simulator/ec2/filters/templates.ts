/** Filters of launch templates, their versions, and tags. */
import type { LaunchTemplate, LaunchTemplateVersion, TagDescription } from "@aws-sdk/client-ec2";
import type { FilterTable } from "./filtered.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html */
export const TEMPLATE_FILTERS: FilterTable<LaunchTemplate> = {
  read: {
    "tag-key": "Tags.Key",
    "create-time": "CreateTime",
    "launch-template-name": "LaunchTemplateName",
  },
  tag: true,
  lacks: [],
};

const DATA = "LaunchTemplateData";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html */
export const TEMPLATE_VERSION_FILTERS: FilterTable<LaunchTemplateVersion> = {
  read: {
    "create-time": "CreateTime",
    "ebs-optimized": [`${DATA}.EbsOptimized`, "false"],
    "http-endpoint": `${DATA}.MetadataOptions.HttpEndpoint`,
    "http-protocol-ipv4": `${DATA}.MetadataOptions.HttpEndpoint`,
    "host-resource-group-arn": `${DATA}.Placement.HostResourceGroupArn`,
    "http-tokens": `${DATA}.MetadataOptions.HttpTokens`,
    "iam-instance-profile": `${DATA}.IamInstanceProfile.Arn`,
    "image-id": `${DATA}.ImageId`,
    "instance-type": `${DATA}.InstanceType`,
    "is-default-version": "DefaultVersion",
    "kernel-id": `${DATA}.KernelId`,
    "license-configuration-arn": `${DATA}.LicenseSpecifications.LicenseConfigurationArn`,
    "network-card-index": `${DATA}.NetworkInterfaces.NetworkCardIndex`,
    "ram-disk-id": `${DATA}.RamDiskId`,
  },
  tag: false,
  lacks: [],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html */
export const TAG_FILTERS: FilterTable<TagDescription> = {
  read: { key: "Key", "resource-id": "ResourceId", "resource-type": "ResourceType", value: "Value" },
  tag: true,
  lacks: [],
};
