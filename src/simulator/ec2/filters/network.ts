/** Filters of zones, VPCs, subnets and security groups. */
import type { AvailabilityZone, SecurityGroup, SecurityGroupRule, Subnet, Vpc } from "@aws-sdk/client-ec2";
import type { FilterTable, Reading } from "./filtered.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html */
export const ZONE_FILTERS: FilterTable<AvailabilityZone> = {
  read: {
    "group-long-name": "GroupLongName",
    "group-name": "GroupName",
    message: "Messages.Message",
    "opt-in-status": "OptInStatus",
    "parent-zone-id": "ParentZoneId",
    "parent-zone-name": "ParentZoneName",
    "region-name": "RegionName",
    state: "State",
    "zone-id": "ZoneId",
    "zone-name": "ZoneName",
    "zone-type": "ZoneType",
  },
  tag: false,
  lacks: [],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html */
export const VPC_FILTERS: FilterTable<Vpc> = {
  read: {
    "tag-key": "Tags.Key",
    cidr: "CidrBlock",
    "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
    "cidr-block-association.association-id": "CidrBlockAssociationSet.AssociationId",
    "cidr-block-association.state": "CidrBlockAssociationSet.CidrBlockState.State",
    "dhcp-options-id": "DhcpOptionsId",
    "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
    "ipv6-cidr-block-association.ipv6-pool": "Ipv6CidrBlockAssociationSet.Ipv6Pool",
    "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
    "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
    "is-default": "IsDefault",
    // Documented once, and still sent by older clients.
    isDefault: "IsDefault",
    "owner-id": "OwnerId",
    state: "State",
    "vpc-id": "VpcId",
  },
  tag: true,
  lacks: [],
};

const ON_LAUNCH = "PrivateDnsNameOptionsOnLaunch";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html */
export const SUBNET_FILTERS: FilterTable<Subnet> = {
  read: {
    "tag-key": "Tags.Key",
    "availability-zone": "AvailabilityZone",
    availabilityZone: "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    availabilityZoneId: "AvailabilityZoneId",
    "available-ip-address-count": "AvailableIpAddressCount",
    "cidr-block": "CidrBlock",
    cidr: "CidrBlock",
    cidrBlock: "CidrBlock",
    "customer-owned-ipv4-pool": "CustomerOwnedIpv4Pool",
    "default-for-az": "DefaultForAz",
    defaultForAz: "DefaultForAz",
    "enable-dns64": ["EnableDns64", "false"],
    "enable-lni-at-device-index": "EnableLniAtDeviceIndex",
    "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
    "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
    "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
    "ipv6-native": ["Ipv6Native", "false"],
    "map-customer-owned-ip-on-launch": ["MapCustomerOwnedIpOnLaunch", "false"],
    "map-public-ip-on-launch": "MapPublicIpOnLaunch",
    "outpost-arn": "OutpostArn",
    "owner-id": "OwnerId",
    "private-dns-name-options-on-launch.hostname-type": [`${ON_LAUNCH}.HostnameType`, "ip-name"],
    "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": [
      `${ON_LAUNCH}.EnableResourceNameDnsARecord`,
      "false",
    ],
    "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": [
      `${ON_LAUNCH}.EnableResourceNameDnsAAAARecord`,
      "false",
    ],
    state: "State",
    "subnet-arn": "SubnetArn",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
  },
  tag: true,
  lacks: [],
};

/** A rule's filters, under `ip-permission` for inbound rules and `egress.ip-permission` for outbound ones. */
function ruleFilters(prefix: string, member: string): Record<string, Reading<SecurityGroup>> {
  return {
    [`${prefix}.cidr`]: `${member}.IpRanges.CidrIp`,
    [`${prefix}.from-port`]: `${member}.FromPort`,
    [`${prefix}.group-id`]: `${member}.UserIdGroupPairs.GroupId`,
    [`${prefix}.group-name`]: `${member}.UserIdGroupPairs.GroupName`,
    [`${prefix}.ipv6-cidr`]: `${member}.Ipv6Ranges.CidrIpv6`,
    [`${prefix}.prefix-list-id`]: `${member}.PrefixListIds.PrefixListId`,
    [`${prefix}.protocol`]: `${member}.IpProtocol`,
    [`${prefix}.to-port`]: `${member}.ToPort`,
    [`${prefix}.user-id`]: `${member}.UserIdGroupPairs.UserId`,
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
export const SECURITY_GROUP_FILTERS: FilterTable<SecurityGroup> = {
  read: {
    "tag-key": "Tags.Key",
    description: "Description",
    ...ruleFilters("egress.ip-permission", "IpPermissionsEgress"),
    "group-id": "GroupId",
    "group-name": "GroupName",
    ...ruleFilters("ip-permission", "IpPermissions"),
    "owner-id": "OwnerId",
    "vpc-id": "VpcId",
  },
  tag: true,
  lacks: [],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html */
export const GROUP_RULE_FILTERS: FilterTable<SecurityGroupRule> = {
  read: { "group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId" },
  tag: true,
  lacks: [],
};
