/** What AWS refuses of target groups, their health checks and their attributes. */
import type {
  CreateTargetGroupCommandInput,
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { constraint, firstOf, isNoneOf, isOutside, type RefusalRule } from "../../account/refusals.ts";
import { TARGET_GROUP_ATTRIBUTES } from "../attributes.ts";
import type { ElbState, TargetGroup } from "../state.ts";
import { forwardsTo } from "../usage.ts";
import {
  apiPage,
  attributeCountRows,
  attributeKeyRow,
  attributesAfter,
  attributeValueRow,
  guidePage,
  ofPage,
} from "./of-page.ts";

type Create = CreateTargetGroupCommandInput;
type Check = Create & ModifyTargetGroupCommandInput;

const CREATE_RULES = ofPage<Create>(
  apiPage("CreateTargetGroup"),
  ["CreateTargetGroup"],
  [
    [
      "target-group-protocol-missing",
      "A target group of instances or addresses has a protocol.",
      ({ Protocol }) => Protocol === undefined && "A protocol must be specified",
    ],
    [
      "target-group-port-missing",
      "A target group of instances or addresses has a port.",
      ({ Port }) => Port === undefined && "A port must be specified",
    ],
    [
      "target-group-vpc-missing",
      "A target group of instances or addresses has a VPC.",
      ({ VpcId = "" }) => VpcId === "" && "A VPC ID must be specified",
    ],
    [
      "target-group-vpc",
      "The VPC of a target group exists.",
      ({ VpcId = "" }, state) =>
        state.parts.ec2.vpc(VpcId) === undefined && `The VPC ID '${VpcId}' is not found`,
    ],
    [
      "target-group-port",
      "The port of a target group is 1 to 65535.",
      ({ Port }) =>
        isOutside(Port, 1, 65_535) && constraint("port", Port, "Member must have value between 1 and 65535"),
    ],
    [
      "target-control-port",
      "The target control port is 1 to 65535.",
      ({ TargetControlPort: port }) => isOutside(port, 1, 65_535),
    ],
    [
      "protocol-version",
      "The protocol version is HTTP1, HTTP2 or GRPC.",
      ({ ProtocolVersion: version = "" }) =>
        version !== "" &&
        !["HTTP1", "HTTP2", "GRPC"].includes(version) &&
        `The protocol version '${version}' is not valid`,
    ],
    [
      "target-group-address-type",
      "The address type of a target group is ipv4 or ipv6.",
      ({ IpAddressType: type }) =>
        isNoneOf(type, ["ipv4", "ipv6"]) && `The IP address type '${type}' is not valid`,
    ],
  ],
);

/** Of the target group that is created or changed. */
function versionOf({ ProtocolVersion: given, TargetGroupArn: arn }: Check, state: ElbState): string {
  return state.targetGroups.get(arn ?? "")?.protocolVersion ?? (given || "HTTP1");
}

function checkOf(input: Check, state: ElbState): TargetGroup["healthCheck"] | undefined {
  return state.targetGroups.get(input.TargetGroupArn ?? "")?.healthCheck;
}

const CHECK_RULES = ofPage<Check>(
  guidePage("target-group-health-checks"),
  ["CreateTargetGroup", "ModifyTargetGroup"],
  [
    [
      "health-check-disabled",
      "Health checks of instances and addresses cannot be disabled.",
      ({ HealthCheckEnabled: enabled }) =>
        enabled === false &&
        "Health checks cannot be disabled for target groups with target type 'instance' or 'ip'",
    ],
    [
      "health-check-protocol",
      "The health check protocol of an HTTP or HTTPS target group is HTTP or HTTPS.",
      ({ HealthCheckProtocol: protocol }) =>
        isNoneOf(protocol, ["HTTP", "HTTPS"]) &&
        `Health check protocol '${protocol}' is not supported for target groups with the HTTP or HTTPS protocol`,
    ],
    [
      "health-check-port",
      "The health check port is traffic-port, or 1 to 65535.",
      ({ HealthCheckPort: port }) =>
        port !== undefined &&
        port !== "traffic-port" &&
        (!/^\d+$/.test(port) || isOutside(Number(port), 1, 65_535)) &&
        `Health check port '${port}' must be 'traffic-port' or an integer between '1' and '65535'`,
    ],
    [
      "health-check-path",
      "The health check path begins with / and has at most 1024 characters without spaces.",
      ({ HealthCheckPath: path }) =>
        path !== undefined && !/^\/\S{0,1023}$/.test(path) && `Health check path '${path}' is not valid`,
    ],
    [
      "health-check-interval",
      "The health check interval is 5 to 300 seconds.",
      ({ HealthCheckIntervalSeconds: seconds }) =>
        isOutside(seconds, 5, 300) && "Health check interval must be between '5' and '300' seconds",
    ],
    [
      "health-check-timeout",
      "The health check timeout is 2 to 120 seconds.",
      ({ HealthCheckTimeoutSeconds: seconds }) =>
        isOutside(seconds, 2, 120) && "Health check timeout must be between '2' and '120' seconds",
    ],
    [
      "health-check-timeout-interval",
      "The health check timeout is shorter than the interval.",
      (input, state) => {
        const before = checkOf(input, state);
        const timeout = input.HealthCheckTimeoutSeconds ?? before?.timeoutSeconds ?? 5;
        const interval = input.HealthCheckIntervalSeconds ?? before?.intervalSeconds ?? 30;
        return timeout >= interval && "Health check interval must be greater than the timeout.";
      },
    ],
    [
      "healthy-threshold",
      "The healthy threshold is 2 to 10.",
      ({ HealthyThresholdCount: count }) =>
        isOutside(count, 2, 10) && "Healthy threshold count must be between '2' and '10'",
    ],
    [
      "unhealthy-threshold",
      "The unhealthy threshold is 2 to 10.",
      ({ UnhealthyThresholdCount: count }) =>
        isOutside(count, 2, 10) && "Unhealthy threshold count must be between '2' and '10'",
    ],
    [
      "matcher-kind",
      "A gRPC target group matches gRPC codes, and every other one HTTP codes.",
      (input, state) => {
        const { Matcher: matcher } = input;
        if (matcher === undefined) return false;
        const isGrpc = versionOf(input, state) === "GRPC";
        const other = isGrpc ? matcher.HttpCode : matcher.GrpcCode;
        return (
          (other ?? "") !== "" &&
          `${isGrpc ? "HTTP" : "gRPC"} codes cannot be specified for a target group with this protocol version`
        );
      },
    ],
    [
      "matcher-codes",
      "Health check codes are 200 to 499, or 0 to 99 for gRPC: single ones, lists and ranges.",
      (input, state) => {
        const isGrpc = versionOf(input, state) === "GRPC";
        const codes = isGrpc ? input.Matcher?.GrpcCode : input.Matcher?.HttpCode;
        // Clients send an empty matcher for the one that is there: elb/empty-matcher.
        if (codes === undefined || codes === "") return false;
        const [least, most] = isGrpc ? [0, 99] : [200, 499];
        const isWrong = codes
          .split(",")
          .some(
            (part) =>
              !/^\d+(-\d+)?$/.test(part) ||
              part.split("-").some((one) => isOutside(Number(one), least, most)),
          );
        return (
          isWrong &&
          `Health check matcher ${isGrpc ? "gRPC" : "HTTP"} code '${codes}' must be within '${least}-${most}' inclusive`
        );
      },
    ],
    [
      "matcher-range",
      "A range of health check codes begins with its lowest.",
      ({ Matcher: matcher }) =>
        firstOf((matcher?.HttpCode ?? matcher?.GrpcCode ?? "").split(","), (part) => {
          const [first, last] = part.split("-");
          return (
            last !== undefined &&
            Number(first) > Number(last) &&
            `Health check matcher range '${part}' is not valid: its first code is greater than its last`
          );
        }),
    ],
  ],
);

type Modify = ModifyTargetGroupAttributesCommandInput;

/** Attributes of target groups of network and gateway load balancers, and of functions. */
const OTHERS =
  /^(preserve_client_ip|proxy_protocol_v2|target_health_state|target_failover|send_tcp_reset|lambda)\.|connection_termination/;

/** The attributes as they would be after the call. */
function after(input: Modify, state: ElbState): ReadonlyMap<string, string> {
  return attributesAfter(state.targetGroups.get(input.TargetGroupArn ?? "")?.attributes, input);
}

const ATTRIBUTE_RULES = ofPage<Modify>(
  apiPage("TargetGroupAttribute"),
  ["ModifyTargetGroupAttributes"],
  [
    ...attributeCountRows<Modify>("target group"),
    [
      "target-group-attribute-of-others",
      "A target group for HTTP or HTTPS has no attributes of those for other protocols and targets.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key = "" }) =>
            OTHERS.test(Key) && `Target group attribute key '${Key}' is not supported on this target group`,
        ),
      "InvalidConfigurationRequest",
    ],
    attributeKeyRow<Modify>(
      "target group",
      "A target group has the attributes of the reference, and no others.",
      () => TARGET_GROUP_ATTRIBUTES,
    ),
    [
      "stickiness-type",
      "The stickiness of an HTTP or HTTPS target group is by lb_cookie or app_cookie.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key, Value = "" }) =>
            Key === "stickiness.type" &&
            ["source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"].includes(Value) &&
            `Stickiness type '${Value}' is not supported for target groups with the HTTP protocol`,
        ),
      "InvalidConfigurationRequest",
    ],
    [
      "cookie-name-reserved",
      "A cookie of an application is not called AWSALB…: these are the load balancer's.",
      ({ Attributes }) =>
        firstOf(
          Attributes,
          ({ Key, Value = "" }) =>
            Key === "stickiness.app_cookie.cookie_name" &&
            Value.startsWith("AWSALB") &&
            `The cookie name '${Value}' is not valid: names with the prefixes AWSALB, AWSALBAPP and AWSALBTG are reserved`,
        ),
    ],
    attributeValueRow<Modify>("target group", () => TARGET_GROUP_ATTRIBUTES),
  ],
);

/** Of attributes that do not go together: elb/attribute-combinations. */
const TOGETHER_RULES = ofPage<Modify>(
  guidePage("edit-target-group-attributes"),
  ["ModifyTargetGroupAttributes"],
  [
    [
      "anomaly-mitigation",
      "Anomaly mitigation goes with the algorithm weighted_random only.",
      (input, state) => {
        const attributes = after(input, state);
        return (
          attributes.get("load_balancing.algorithm.anomaly_mitigation") === "on" &&
          attributes.get("load_balancing.algorithm.type") !== "weighted_random" &&
          "You cannot enable anomaly mitigation without the weighted random algorithm on a target group"
        );
      },
    ],
    [
      "slow-start-weighted-random",
      "Slow start does not go with the algorithm weighted_random.",
      (input, state) =>
        hasSlowStartWith(input, state, "weighted_random") &&
        "You cannot enable both slow start and weighted random algorithm on a target group",
    ],
    [
      "slow-start-least-outstanding",
      "Slow start does not go with the algorithm least_outstanding_requests.",
      (input, state) =>
        hasSlowStartWith(input, state, "least_outstanding_requests") &&
        "You cannot enable both slow start and least outstanding requests algorithm on a target group",
    ],
    [
      "stickiness-weighted-random",
      "Stickiness does not go with the algorithm weighted_random.",
      (input, state) => {
        const attributes = after(input, state);
        return (
          attributes.get("stickiness.enabled") === "true" &&
          attributes.get("load_balancing.algorithm.type") === "weighted_random" &&
          "You cannot have both stickiness and weighted random algorithm enabled on the same target group."
        );
      },
    ],
    [
      "cookie-name-missing",
      "Stickiness by a cookie of the application has the cookie's name.",
      (input, state) => {
        const attributes = after(input, state);
        return (
          attributes.get("stickiness.enabled") === "true" &&
          attributes.get("stickiness.type") === "app_cookie" &&
          (attributes.get("stickiness.app_cookie.cookie_name") ?? "") === "" &&
          "A cookie name must be specified for stickiness type 'app_cookie'"
        );
      },
    ],
    [
      "stickiness-behind-weighted-rule",
      "A target group that shares a rule with others is made sticky only when the rule has group stickiness.",
      (input, state) => {
        const isSticky = after(input, state).get("stickiness.enabled") === "true";
        const loose = forwardsTo(state, input.TargetGroupArn ?? "").find(
          ({ action }) =>
            (action.ForwardConfig?.TargetGroups ?? []).length > 1 &&
            action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled !== true,
        );
        return (
          isSticky &&
          loose !== undefined &&
          `This target group appears behind a rule with group stickiness disabled (${loose.arn}). You must enable group stickiness before enabling target stickiness`
        );
      },
    ],
  ],
  "InvalidConfigurationRequest",
);

function hasSlowStartWith(input: Modify, state: ElbState, algorithm: string): boolean {
  const attributes = after(input, state);
  const seconds = attributes.get("slow_start.duration_seconds") ?? "0";
  return seconds !== "0" && attributes.get("load_balancing.algorithm.type") === algorithm;
}

export const TARGET_GROUP_RULES: readonly RefusalRule<ElbState>[] = [
  ...CREATE_RULES,
  ...CHECK_RULES,
  ...ATTRIBUTE_RULES,
  ...TOGETHER_RULES,
];
