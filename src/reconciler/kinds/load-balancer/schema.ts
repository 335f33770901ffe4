import Type, { type Static } from "typebox";
import {
  attributesSchema,
  booleanAttribute,
  choiceAttribute,
  integerAttribute,
  textAttribute,
} from "../attributes.ts";
import { aws } from "../field.ts";
import { listenerListSchema } from "../listener/schema.ts";
import { lookedUp } from "../lookups/places.ts";
import { pinnedNameSchema } from "../names/pinned.ts";

export const LOAD_BALANCER_ATTRIBUTES = {
  "deletion_protection.enabled": booleanAttribute("Whether AWS refuses to delete it.", false),
  "access_logs.s3.enabled": booleanAttribute("Whether access logs are written to S3.", false),
  "access_logs.s3.bucket": textAttribute(
    "Bucket of the access logs. It stays as it is while they are switched off.",
    63,
    "never",
  ),
  "access_logs.s3.prefix": textAttribute(
    "Prefix of the access logs in the bucket. It stays as it is while they are switched off.",
    1024,
    "access_logs.s3.enabled",
  ),
  "connection_logs.s3.enabled": booleanAttribute("Whether connection logs are written to S3.", false),
  "connection_logs.s3.bucket": textAttribute(
    "Bucket of the connection logs. It stays as it is while they are switched off.",
    63,
    "never",
  ),
  "connection_logs.s3.prefix": textAttribute(
    "Prefix of the connection logs in the bucket. It stays as it is while they are switched off.",
    1024,
    "connection_logs.s3.enabled",
  ),
  "ipv6.deny_all_igw_traffic": booleanAttribute("Blocks access through an internet gateway.", undefined),
  "idle_timeout.timeout_seconds": integerAttribute("Idle timeout, in seconds.", 1, 4000, 60),
  "client_keep_alive.seconds": integerAttribute("Client keep-alive, in seconds.", 60, 604_800, 3600),
  "routing.http.desync_mitigation_mode": choiceAttribute(
    "How requests that could be a desync attack are handled.",
    ["monitor", "defensive", "strictest"],
    "defensive",
  ),
  "routing.http.drop_invalid_header_fields.enabled": booleanAttribute("Drops invalid header fields.", false),
  "routing.http.preserve_host_header.enabled": booleanAttribute("Keeps the Host header as it came.", false),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": booleanAttribute(
    "Adds headers with the negotiated TLS version and cipher suite.",
    false,
  ),
  "routing.http.xff_client_port.enabled": booleanAttribute(
    "Keeps the client's port in X-Forwarded-For.",
    false,
  ),
  "routing.http.xff_header_processing.mode": choiceAttribute(
    "What is done with X-Forwarded-For.",
    ["append", "preserve", "remove"],
    "append",
  ),
  "routing.http2.enabled": booleanAttribute("Whether HTTP/2 is offered.", true),
  "waf.fail_open.enabled": booleanAttribute("Whether requests pass when AWS WAF cannot be asked.", false),
  "zonal_shift.config.enabled": booleanAttribute("Whether zonal shift may be used.", false),
};

export const loadBalancerSchema = Type.Object(
  {
    name: pinnedNameSchema("LoadBalancerName", 32),
    scheme: Type.Enum(["internet-facing", "internal"], {
      ...aws("Scheme", "replace", { absent: "internet-facing" }),
      default: "internet-facing",
      description:
        "Whether clients come from the internet. AWS cannot change it in place: a new load balancer takes over.",
    }),
    ipAddressType: Type.Enum(["ipv4", "dualstack", "dualstack-without-public-ipv4"], {
      ...aws("IpAddressType", "elasticloadbalancing:SetIpAddressType", { absent: "ipv4" }),
      default: "ipv4",
      description: "Address families that clients may use.",
    }),
    subnetIds: Type.Optional(
      Type.Array(Type.String({ pattern: "^subnet-[0-9a-z]+$" }), {
        ...aws("Subnets", "elasticloadbalancing:SetSubnets", { owner: "structure" }),
        ...lookedUp("subnets"),
        minItems: 2,
        uniqueItems: true,
        description:
          "Its subnets, one for each of at least two Availability Zones. Default: `spec.subnetIds`.",
      }),
    ),
    subnetMappings: Type.Optional(
      Type.Array(
        Type.Object(
          { subnetId: Type.String({ pattern: "^subnet-[0-9a-z]+$", description: "The subnet." }) },
          { additionalProperties: false },
        ),
        {
          ...aws("SubnetMappings", "elasticloadbalancing:SetSubnets", { owner: "structure" }),
          minItems: 2,
          description: "The same as `subnetIds`, in the long form. Not both.",
        },
      ),
    ),
    securityGroups: Type.Optional(
      Type.Array(Type.String({ pattern: "^sg-[0-9a-z-]+$" }), {
        ...aws("SecurityGroups", "elasticloadbalancing:SetSecurityGroups", { owner: "structure" }),
        ...lookedUp("securityGroups"),
        minItems: 1,
        maxItems: 5,
        uniqueItems: true,
        description:
          "Its security groups. Default: AWS gives it the default group of the VPC, which is then left alone.",
      }),
    ),
    attributes: Type.Optional(
      attributesSchema(
        LOAD_BALANCER_ATTRIBUTES,
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "Attributes by AWS's own keys. Only those declared are kept; one that is no longer declared goes back to its default.",
      ),
    ),
    listeners: listenerListSchema,
  },
  { additionalProperties: false, description: "The Application Load Balancer." },
);

export type LoadBalancerSpec = Static<typeof loadBalancerSchema>;
