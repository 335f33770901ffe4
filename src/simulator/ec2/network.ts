/** Zones, VPCs, subnets and security groups: they are there from the start, and nothing here changes them. */
import type {
  AvailabilityZone,
  DescribeAvailabilityZonesCommandInput,
  DescribeSecurityGroupsCommandInput,
  DescribeSubnetsCommandInput,
  DescribeVpcsCommandInput,
  SecurityGroup,
  Subnet,
  Vpc,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { ACCOUNT_ID, REGION, SECURITY_GROUPS, SUBNETS, VPCS, ZONES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { SECURITY_GROUP_FILTERS, SUBNET_FILTERS, VPC_FILTERS, ZONE_FILTERS } from "./filters/network.ts";
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
      const noSuchZone = ([name]: readonly string[]): AwsError =>
        new AwsError("InvalidParameterValue", `Invalid availability zone: [${name}]`);
      const byName = named(ZONES, (zone) => zone.name, input.ZoneNames, noSuchZone);
      const asked = named(byName, (zone) => zone.id, input.ZoneIds, noSuchZone);
      const zones = asked.map(
        (zone): AvailabilityZone => ({
          ZoneName: zone.name,
          ZoneId: zone.id,
          RegionName: REGION,
          GroupName: `${REGION}-zg-1`,
          GroupLongName: "US East (N. Virginia) 1",
          NetworkBorderGroup: REGION,
          ZoneType: "availability-zone",
          OptInStatus: "opt-in-not-required",
          State: isZoneAvailable(zone.name) ? "available" : "unavailable",
          Messages: [],
        }),
      );
      const found = filtered("DescribeAvailabilityZones", ZONE_FILTERS, input.Filters, zones);
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
      const all = asked.map(
        (vpc): Vpc => ({
          VpcId: vpc.vpcId,
          CidrBlock: vpc.cidr,
          IsDefault: vpc.isDefault,
          State: "available",
          OwnerId: ACCOUNT_ID,
          InstanceTenancy: "default",
          Tags: [...tags.of(vpc.vpcId)],
        }),
      );
      const found = filtered("DescribeVpcs", VPC_FILTERS, input.Filters, all);
      const page = ec2Page(found, (vpc) => vpc.VpcId ?? "", input, PAGE);
      return { Vpcs: page.items, NextToken: page.next };
    },
    DescribeSubnets: (input: DescribeSubnetsCommandInput) => {
      const asked = named(
        SUBNETS,
        (one) => one.subnetId,
        input.SubnetIds,
        (ids) => notFound("subnet", ids),
      );
      const all = asked.map(
        (subnet): Subnet => ({
          SubnetId: subnet.subnetId,
          SubnetArn: `arn:aws:ec2:${REGION}:${ACCOUNT_ID}:subnet/${subnet.subnetId}`,
          VpcId: subnet.vpcId,
          AvailabilityZone: subnet.zone,
          AvailabilityZoneId: ZONES.find((zone) => zone.name === subnet.zone)?.id ?? "",
          CidrBlock: subnet.cidr,
          AvailableIpAddressCount: 4_000,
          DefaultForAz: false,
          MapPublicIpOnLaunch: true,
          State: "available",
          OwnerId: ACCOUNT_ID,
          Tags: [...tags.of(subnet.subnetId)],
        }),
      );
      const found = filtered("DescribeSubnets", SUBNET_FILTERS, input.Filters, all);
      const page = ec2Page(found, (subnet) => subnet.SubnetId ?? "", input, PAGE);
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
      const all = asked.map(
        (group): SecurityGroup => ({
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
        }),
      );
      const found = filtered("DescribeSecurityGroups", SECURITY_GROUP_FILTERS, input.Filters, all);
      const page = ec2Page(found, (group) => group.GroupId ?? "", input, PAGE);
      return { SecurityGroups: page.items, NextToken: page.next };
    },
  };
}
