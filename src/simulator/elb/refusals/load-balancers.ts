/** What AWS refuses of load balancers. */
import type {
  CreateLoadBalancerCommandInput,
  ModifyLoadBalancerAttributesCommandInput,
  SetSubnetsCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { firstOf, isNoneOf, type RefusalRule } from "../../account/refusals.ts";
import { LOAD_BALANCER_ATTRIBUTES } from "../attributes.ts";
import type { ElbState } from "../state.ts";
import {
  apiPage,
  attributeCountRows,
  attributeKeyRow,
  attributesAfter,
  attributeValueRow,
  ofPage,
} from "./of-page.ts";

const ADDRESS_TYPES = ["ipv4", "dualstack", "dualstack-without-public-ipv4"];

type Create = CreateLoadBalancerCommandInput;
type Subnets = Pick<Create & SetSubnetsCommandInput, "Subnets" | "SubnetMappings" | "IpAddressType">;

const SUBNET_RULES = ofPage<Subnets>(
  apiPage("SetSubnets"),
  ["CreateLoadBalancer", "SetSubnets"],
  [
    [
      "subnets-or-mappings",
      "Either subnets or subnet mappings are given, not both.",
      ({ Subnets = [], SubnetMappings = [] }) =>
        Subnets.length > 0 &&
        SubnetMappings.length > 0 &&
        "You must specify either subnets or subnet mappings, but not both",
    ],
    [
      "subnet-addresses",
      "An Application Load Balancer takes no addresses of its own for a subnet.",
      ({ SubnetMappings }) =>
        firstOf(
          SubnetMappings,
          (one) =>
            (one.AllocationId ?? one.PrivateIPv4Address ?? one.IPv6Address ?? one.SourceNatIpv6Prefix) !==
              undefined &&
            "You cannot specify Elastic IP addresses or private addresses for the subnets of an Application Load Balancer",
        ),
      "InvalidConfigurationRequest",
    ],
    [
      "ip-address-type",
      "The address type is ipv4, dualstack or dualstack-without-public-ipv4.",
      ({ IpAddressType: type }) =>
        isNoneOf(type, ADDRESS_TYPES) &&
        `The IP address type '${type}' must be one of ${ADDRESS_TYPES.join(", ")}`,
    ],
  ],
);

const CREATE_RULES = ofPage<Create>(
  apiPage("CreateLoadBalancer"),
  ["CreateLoadBalancer"],
  [
    [
      "scheme",
      "The scheme is internet-facing or internal.",
      ({ Scheme: scheme }) =>
        isNoneOf(scheme, ["internet-facing", "internal"]) && `The scheme '${scheme}' is not valid`,
      "InvalidScheme",
    ],
    [
      "public-ipv6-internal",
      "The address type dualstack-without-public-ipv4 is for internet-facing load balancers.",
      ({ Scheme, IpAddressType: type }) => Scheme === "internal" && type === "dualstack-without-public-ipv4",
      "InvalidConfigurationRequest",
    ],
    [
      "customer-owned-pool",
      "A customer-owned address pool is for load balancers on Outposts, and this account has none.",
      ({ CustomerOwnedIpv4Pool: pool = "" }) => pool !== "",
      "InvalidConfigurationRequest",
    ],
    [
      "ipam-pool",
      "An IPAM pool exists, and this account has none.",
      ({ IpamPools: pools }) =>
        (pools?.Ipv4IpamPoolId ?? "") !== "" && `The IPAM pool '${pools?.Ipv4IpamPoolId}' is not found`,
    ],
    [
      "source-nat-prefix",
      "Prefixes for source NAT are for Network Load Balancers.",
      ({ EnablePrefixForIpv6SourceNat: enable }) => enable === "on",
      "InvalidConfigurationRequest",
    ],
  ],
);

const LOGS = ["access_logs", "connection_logs", "health_check_logs"] as const;

type Modify = ModifyLoadBalancerAttributesCommandInput;

const ATTRIBUTE_RULES = ofPage<Modify>(
  apiPage("LoadBalancerAttribute"),
  ["ModifyLoadBalancerAttributes"],
  [
    ...attributeCountRows<Modify>("load balancer"),
    [
      "load-balancer-attribute-of-others",
      "An Application Load Balancer has no attributes of Network Load Balancers.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key = "" }) =>
            /^(dns_record\.|secondary_ips\.)/.test(Key) &&
            `Load balancer attribute key '${Key}' is not supported on load balancers with type 'application'`,
        ),
      "InvalidConfigurationRequest",
    ],
    attributeKeyRow<Modify>(
      "load balancer",
      "An Application Load Balancer has the attributes of the reference, and no others.",
      () => LOAD_BALANCER_ATTRIBUTES,
    ),
    [
      "logs-bucket-empty",
      "The bucket of a log is not empty: to end logging, it is switched off.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key = "", Value = "" }) =>
            /_logs\.s3\.bucket$/.test(Key) && Value === "" && `The value of '${Key}' cannot be empty`,
        ),
    ],
    attributeValueRow<Modify>("load balancer", () => LOAD_BALANCER_ATTRIBUTES),
    [
      "logs-bucket-missing",
      "A log that is switched on has a bucket.",
      (input, state) => {
        const { attributes } = state.loadBalancers.get(input.LoadBalancerArn ?? "") ?? {};
        const after = attributesAfter(attributes, input);
        return firstOf(
          LOGS,
          (log) =>
            after.get(`${log}.s3.enabled`) === "true" &&
            (after.get(`${log}.s3.bucket`) ?? "") === "" &&
            `An S3 bucket must be specified when '${log}.s3.enabled' is true`,
        );
      },
    ],
    [
      "logs-prefix",
      "The prefix of a log does not hold 'AWSLogs', which Elastic Load Balancing adds.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key = "", Value = "" }) => /_logs\.s3\.prefix$/.test(Key) && /AWSLogs/.test(Value),
        ),
    ],
  ],
);

export const LOAD_BALANCER_RULES: readonly RefusalRule<ElbState>[] = [
  ...SUBNET_RULES,
  ...CREATE_RULES,
  ...ATTRIBUTE_RULES,
];
