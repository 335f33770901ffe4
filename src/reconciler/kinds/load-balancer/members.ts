import {
  attributeMembers,
  elsewhere,
  held,
  heldByFields,
  type MemberTable,
  notSupported,
  records,
} from "../coverage/member-table.ts";
import { fieldsOf } from "../field.ts";
import { LOAD_BALANCER_ATTRIBUTES, loadBalancerSchema } from "./schema.ts";

const NETWORK = "only Network Load Balancers have it";
const ADDRESSES = "the spec cannot hold addresses of a load balancer yet";

/** docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html */
export const loadBalancerMembers: MemberTable = {
  answers: [
    {
      operation: "elasticloadbalancing:DescribeLoadBalancers",
      at: "LoadBalancers",
      rules: {
        ...heldByFields(fieldsOf(loadBalancerSchema)),
        ...held("subnets", "AvailabilityZones[].SubnetId"),
        ...held("securityGroups", "SecurityGroups"),
        ...records(
          "LoadBalancerArn",
          "LoadBalancerName",
          "DNSName",
          "CanonicalHostedZoneId",
          "CreatedTime",
          "State",
          "AvailabilityZones[].ZoneName",
        ),
        ...elsewhere("it follows from the subnets", "VpcId"),
        ...elsewhere("no other type is looked at", "Type"),
        ...notSupported({ "AvailabilityZones[].OutpostId": undefined }, "the spec cannot hold Outposts yet"),
        ...notSupported({ "AvailabilityZones[].LoadBalancerAddresses": undefined }, ADDRESSES),
        ...notSupported({ CustomerOwnedIpv4Pool: undefined, IpamPools: undefined }, ADDRESSES),
        ...notSupported(
          {
            "AvailabilityZones[].SourceNatIpv6Prefixes": undefined,
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
            EnablePrefixForIpv6SourceNat: "off",
          },
          NETWORK,
        ),
      },
    },
    {
      operation: "elasticloadbalancing:DescribeLoadBalancerAttributes",
      at: "Attributes",
      isKeyed: true,
      // docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
      rules: {
        ...attributeMembers(
          LOAD_BALANCER_ATTRIBUTES,
          {
            "dns_record.client_routing_policy": "any_availability_zone",
            "secondary_ips.auto_assigned.per_subnet": "0",
          },
          NETWORK,
        ),
        ...attributeMembers(
          {},
          { "load_balancing.cross_zone.enabled": "true" },
          "AWS does not let it be changed on an Application Load Balancer",
        ),
        ...notSupported({
          "health_check_logs.s3.enabled": "false",
          "health_check_logs.s3.bucket": undefined,
          "health_check_logs.s3.prefix": undefined,
        }),
      },
    },
  ],
  inputs: [
    {
      operation: "elasticloadbalancing:CreateLoadBalancer",
      rules: {
        ...held("name", "Name"),
        ...held("subnets", "Subnets", "SubnetMappings[].SubnetId"),
        ...held("tags", "Tags[].Key", "Tags[].Value"),
        ...notSupported(
          {
            "SubnetMappings[].AllocationId": undefined,
            "SubnetMappings[].PrivateIPv4Address": undefined,
            "SubnetMappings[].IPv6Address": undefined,
          },
          ADDRESSES,
        ),
        ...notSupported({ "SubnetMappings[].SourceNatIpv6Prefix": undefined }, NETWORK),
      },
    },
    {
      operation: "elasticloadbalancing:SetSecurityGroups",
      rules: {
        ...records("LoadBalancerArn"),
        ...notSupported({ EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: undefined }, NETWORK),
      },
    },
  ],
  ownCalls: {
    minimumLoadBalancerCapacity: {
      what: "capacity reservation",
      write: "elasticloadbalancing:ModifyCapacityReservation",
      unread: "elasticloadbalancing:DescribeCapacityReservation",
    },
  },
};
