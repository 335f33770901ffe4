import Type, { type Static } from "typebox";
import {
  attributesSchema,
  booleanAttribute,
  choiceAttribute,
  countAttribute,
  integerAttribute,
  textAttribute,
} from "../attributes.ts";
import { aws } from "../field.ts";
import { pinnedNameSchema } from "../names/pinned.ts";
import { alsoWritten } from "../written-forms.ts";

const MODIFY = "elasticloadbalancing:ModifyTargetGroup";

export const TARGET_GROUP_ATTRIBUTES = {
  "deregistration_delay.timeout_seconds": integerAttribute(
    "How long connections may drain, in seconds.",
    0,
    3600,
    300,
  ),
  "stickiness.enabled": booleanAttribute("Whether a client stays with one target.", false),
  "stickiness.type": choiceAttribute("Kind of stickiness.", ["lb_cookie", "app_cookie"], "lb_cookie"),
  "stickiness.lb_cookie.duration_seconds": integerAttribute("For how long, in seconds.", 1, 604_800, 86_400),
  "stickiness.app_cookie.cookie_name": textAttribute(
    "Name of the application's cookie. It stays as it is while another kind of stickiness is used.",
    256,
    "never",
  ),
  "stickiness.app_cookie.duration_seconds": integerAttribute("For how long, in seconds.", 1, 604_800, 86_400),
  "load_balancing.algorithm.type": choiceAttribute(
    "How a target is chosen.",
    ["round_robin", "least_outstanding_requests", "weighted_random"],
    "round_robin",
  ),
  "load_balancing.algorithm.anomaly_mitigation": choiceAttribute(
    "Whether anomalous targets get less; weighted_random only.",
    ["on", "off"],
    "off",
  ),
  "load_balancing.cross_zone.enabled": choiceAttribute(
    "Whether targets of all zones are used.",
    ["true", "false", "use_load_balancer_configuration"],
    "use_load_balancer_configuration",
  ),
  "slow_start.duration_seconds": integerAttribute(
    "How long a new target gets less; 0 or 30 to 900 seconds.",
    0,
    900,
    0,
  ),
  "target_group_health.dns_failover.minimum_healthy_targets.count": countAttribute(
    "Healthy targets below which a zone leaves DNS.",
    1000,
    "1",
  ),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": countAttribute(
    "The same, in percent.",
    100,
    "off",
  ),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": integerAttribute(
    "Healthy targets below which all targets get traffic.",
    1,
    1000,
    1,
  ),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": countAttribute(
    "The same, in percent.",
    100,
    "off",
  ),
};

/**
 * What a health check is where nobody says: it depends on the protocol version
 * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html, HealthCheckPath; API_Matcher.html).
 */
export function healthCheckOfAws(protocolVersion: unknown): {
  path: string;
  matcher: { httpCode: string } | { grpcCode: string };
} {
  return protocolVersion === "GRPC"
    ? { path: "/AWS.ALB/healthcheck", matcher: { grpcCode: "12" } }
    : { path: "/", matcher: { httpCode: "200" } };
}

export const targetGroupSchema = Type.Object(
  {
    name: pinnedNameSchema("TargetGroupName", 32),
    protocol: Type.Enum(["HTTP", "HTTPS"], {
      ...aws("Protocol", "replace"),
      default: "HTTP",
      description:
        "Protocol between load balancer and targets. AWS cannot change it in place: a new target group takes over.",
    }),
    port: Type.Integer({
      ...aws("Port", "replace"),
      minimum: 1,
      maximum: 65_535,
      description: "Port of the targets. AWS cannot change it in place: a new target group takes over.",
    }),
    protocolVersion: Type.Enum(["HTTP1", "HTTP2", "GRPC"], {
      ...aws("ProtocolVersion", "replace", { absent: "HTTP1" }),
      default: "HTTP1",
      description: "Version of the protocol. AWS cannot change it in place.",
    }),
    targetType: Type.Enum(["instance"], {
      ...aws("TargetType", "replace", { absent: "instance" }),
      default: "instance",
      description: "What is registered; an Auto Scaling group registers instances.",
    }),
    ipAddressType: Type.Enum(["ipv4", "ipv6"], {
      ...aws("IpAddressType", "replace", { absent: "ipv4" }),
      default: "ipv4",
      description: "Address family towards the targets. AWS cannot change it in place.",
    }),
    healthCheck: Type.Object(
      {
        enabled: Type.Literal(true, {
          ...aws("HealthCheckEnabled", MODIFY, { absent: true }),
          default: true,
          description: "Instances are always checked.",
        }),
        protocol: Type.Enum(["HTTP", "HTTPS"], {
          ...aws("HealthCheckProtocol", MODIFY, { absent: "HTTP" }),
          default: "HTTP",
          description: "Protocol of the check.",
        }),
        port: Type.String({
          ...aws("HealthCheckPort", MODIFY, { absent: "traffic-port" }),
          ...alsoWritten("numberAsText"),
          default: "traffic-port",
          description: "Port of the check; `traffic-port` is the target's own.",
        }),
        path: Type.String({
          ...aws("HealthCheckPath", MODIFY),
          pattern: "^/",
          maxLength: 1024,
          default: "/health",
          description: "Path that must answer as `matcher` says.",
        }),
        intervalSeconds: Type.Integer({
          ...aws("HealthCheckIntervalSeconds", MODIFY, { absent: 30 }),
          minimum: 5,
          maximum: 300,
          default: 30,
          description: "Seconds between two checks of a target.",
        }),
        timeoutSeconds: Type.Integer({
          ...aws("HealthCheckTimeoutSeconds", MODIFY, { absent: 5 }),
          minimum: 2,
          maximum: 120,
          default: 5,
          description: "Seconds without an answer that count as a failure; less than the interval.",
        }),
        healthyThresholdCount: Type.Integer({
          ...aws("HealthyThresholdCount", MODIFY, { absent: 5 }),
          minimum: 2,
          maximum: 10,
          default: 2,
          description: "Successes in a row that make an unhealthy target healthy.",
        }),
        unhealthyThresholdCount: Type.Integer({
          ...aws("UnhealthyThresholdCount", MODIFY, { absent: 2 }),
          minimum: 2,
          maximum: 10,
          default: 3,
          description: "Failures in a row that make a target unhealthy.",
        }),
        matcher: Type.Object(
          {
            httpCode: Type.Optional(
              Type.String({
                ...aws("Matcher.HttpCode", MODIFY),
                ...alsoWritten("numberAsText"),
                description:
                  "Status codes that mean success, 200 to 499: `200`, `200,202`, `200-299`. Default: 200.",
              }),
            ),
            grpcCode: Type.Optional(
              Type.String({
                ...aws("Matcher.GrpcCode", MODIFY),
                ...alsoWritten("numberAsText"),
                description: "GRPC only: codes that mean success, 0 to 99. Default: 12.",
              }),
            ),
          },
          { additionalProperties: false, default: {}, description: "What a healthy answer is." },
        ),
      },
      { additionalProperties: false, default: {}, description: "How the load balancer checks a target." },
    ),
    attributes: Type.Unsafe<Record<string, string | number | boolean>>({
      ...attributesSchema(
        TARGET_GROUP_ATTRIBUTES,
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "Attributes by AWS's own keys. Only those declared are kept. A deregistration delay of 30 seconds is the default here.",
      ),
      default: {},
    }),
  },
  { additionalProperties: false },
);

export type TargetGroupSpec = Static<typeof targetGroupSchema>;
