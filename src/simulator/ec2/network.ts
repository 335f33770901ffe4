/** Zones, VPCs, subnets and security groups: they are there from the start, and nothing here changes them. */
import type {
  DescribeAvailabilityZonesCommandInput,
  DescribeSecurityGroupsCommandInput,
  DescribeSubnetsCommandInput,
  DescribeVpcsCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { ACCOUNT_ID, REGION, SECURITY_GROUPS, SUBNETS, VPCS, ZONES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named, passes } from "./describe-input.ts";
import { notFound } from "./not-found.ts";
import type { TagStore } from "./tags.ts";

const PAGE = { least: 5, most: 1000 };

export function buildNetworkOperations(
  tags: TagStore,
  isZoneAvailable: (zone: string) => boolean,
): OperationTable {
  return {
    ...addressing(tags),
    DescribeAvailabilityZones: (input: DescribeAvailabilityZonesCommandInput) => {
      const asked = named(
        ZONES,
        (zone) => zone.name,
        input.ZoneNames,
        ([name]) => {
          return new AwsError("InvalidParameterValue", `Invalid availability zone: [${name}]`);
        },
      );
      const zones = asked.map((zone) => ({
        ZoneName: zone.name,
        ZoneId: zone.id,
        RegionName: REGION,
        GroupName: REGION,
        NetworkBorderGroup: REGION,
        ZoneType: "availability-zone",
        OptInStatus: "opt-in-not-required",
        State: isZoneAvailable(zone.name) ? "available" : "unavailable",
        Messages: [],
      }));
      const found = zones.filter((zone) =>
        passes(
          input.Filters,
          {
            "zone-name": zone.ZoneName,
            "zone-id": zone.ZoneId,
            state: zone.State,
            "region-name": REGION,
            "zone-type": zone.ZoneType,
          },
          [],
        ),
      );
      return { AvailabilityZones: found };
    },
  };
}

function addressing(tags: TagStore): OperationTable {
  return {
    DescribeVpcs: (input: DescribeVpcsCommandInput) => {
      const asked = named(
        VPCS,
        (vpc) => vpc.vpcId,
        input.VpcIds,
        (ids) => notFound("vpc", ids),
      );
      const all = asked.map((vpc) => ({
        VpcId: vpc.vpcId,
        CidrBlock: vpc.cidr,
        IsDefault: vpc.isDefault,
        State: "available",
        OwnerId: ACCOUNT_ID,
        InstanceTenancy: "default",
        Tags: [...tags.of(vpc.vpcId)],
      }));
      const found = all.filter((vpc) =>
        passes(
          input.Filters,
          {
            "vpc-id": vpc.VpcId,
            cidr: vpc.CidrBlock,
            "is-default": String(vpc.IsDefault),
            isDefault: String(vpc.IsDefault),
            state: vpc.State,
            "owner-id": vpc.OwnerId,
          },
          vpc.Tags,
        ),
      );
      const page = ec2Page(found, (vpc) => vpc.VpcId, input, PAGE);
      return { Vpcs: page.items, NextToken: page.next };
    },
    DescribeSubnets: (input: DescribeSubnetsCommandInput) => {
      const asked = named(
        SUBNETS,
        (one) => one.subnetId,
        input.SubnetIds,
        (ids) => notFound("subnet", ids),
      );
      const all = asked.map((subnet) => ({
        SubnetId: subnet.subnetId,
        SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT_ID}:subnet/${subnet.subnetId}`,
        VpcId: subnet.vpcId,
        AvailabilityZone: subnet.zone,
        AvailabilityZoneId: ZONES.find((zone) => zone.name === subnet.zone)?.id,
        CidrBlock: subnet.cidr,
        AvailableIpAddressCount: 4_000,
        DefaultForAz: false,
        MapPublicIpOnLaunch: true,
        State: "available",
        OwnerId: ACCOUNT_ID,
        Tags: [...tags.of(subnet.subnetId)],
      }));
      const found = all.filter((subnet) =>
        passes(
          input.Filters,
          {
            "subnet-id": subnet.SubnetId,
            "vpc-id": subnet.VpcId,
            "availability-zone": subnet.AvailabilityZone,
            availabilityZone: subnet.AvailabilityZone,
            "availability-zone-id": subnet.AvailabilityZoneId,
            cidr: subnet.CidrBlock,
            "cidr-block": subnet.CidrBlock,
            state: subnet.State,
            "owner-id": subnet.OwnerId,
            "default-for-az": "false",
          },
          subnet.Tags,
        ),
      );
      const page = ec2Page(found, (subnet) => subnet.SubnetId, input, PAGE);
      return { Subnets: page.items, NextToken: page.next };
    },
    DescribeSecurityGroups: (input: DescribeSecurityGroupsCommandInput) => {
      const byId = named(
        SECURITY_GROUPS,
        (one) => one.groupId,
        input.GroupIds,
        (ids) => notFound("securityGroup", ids),
      );
      const asked = named(
        byId,
        (one) => one.name,
        input.GroupNames,
        (ids) => notFound("securityGroup", ids),
      );
      const all = asked.map((group) => ({
        GroupId: group.groupId,
        GroupName: group.name,
        Description: group.description,
        SecurityGroupArn: `arn:aws:ec2:${REGION}:${ACCOUNT_ID}:security-group/${group.groupId}`,
        VpcId: group.vpcId,
        OwnerId: ACCOUNT_ID,
        IpPermissions: [],
        IpPermissionsEgress: [
          {
            IpProtocol: "-1",
            IpRanges: [{ CidrIp: "0.0.0.0/0" }],
            Ipv6Ranges: [],
            PrefixListIds: [],
            UserIdGroupPairs: [],
          },
        ],
        Tags: [...tags.of(group.groupId)],
      }));
      const found = all.filter((group) =>
        passes(
          input.Filters,
          {
            "group-id": group.GroupId,
            "group-name": group.GroupName,
            "vpc-id": group.VpcId,
            description: group.Description,
            "owner-id": group.OwnerId,
          },
          group.Tags,
        ),
      );
      const page = ec2Page(found, (group) => group.GroupId, input, PAGE);
      return { SecurityGroups: page.items, NextToken: page.next };
    },
  };
}
