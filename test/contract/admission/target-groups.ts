import { bounds, long, type Row, row } from "./row.ts";

const TG = "targetGroups.web";
const CHECK = `${TG}.healthCheck`;
const GRPC = {
  [`${TG}.protocolVersion`]: "GRPC",
  [`${CHECK}.matcher`]: { grpcCode: "12" },
};
const groupAttribute = (name: string) => `${TG}.attributes["${name}"]`;
const VALUE = "elb/target-group-attribute-value";
const ALGORITHM = groupAttribute("load_balancing.algorithm.type");
const HEALTHY = "minimum_healthy_targets";

const NAME_ROWS: readonly Row[] = [
  row(`${TG}.name`, "elb/target-group-name-length", long(33), long(32)),
  row(`${TG}.name`, "elb/target-group-name-characters", "a_b", "a-B2"),
  row(`${TG}.name`, "elb/target-group-name-hyphens", "-a", "internal-a"),
];

const ATTRIBUTE_ROWS: readonly Row[] = [
  ...bounds(groupAttribute("deregistration_delay.timeout_seconds"), VALUE, 0, 3_600),
  ...bounds(groupAttribute("stickiness.lb_cookie.duration_seconds"), VALUE, 1, 604_800),
  ...bounds(groupAttribute("stickiness.app_cookie.duration_seconds"), VALUE, 1, 604_800),
  row(groupAttribute("slow_start.duration_seconds"), VALUE, 29, 30),
  row(groupAttribute("slow_start.duration_seconds"), VALUE, 901, 900),
  row(groupAttribute("slow_start.duration_seconds"), VALUE, -1, 0),
  row(groupAttribute("stickiness.enabled"), VALUE, "yes", "true"),
  row(groupAttribute("stickiness.type"), "elb/stickiness-type", "source_ip", "lb_cookie"),
  row(ALGORITHM, VALUE, "random", "round_robin"),
  row(groupAttribute("load_balancing.algorithm.anomaly_mitigation"), VALUE, "true", "off"),
  row(groupAttribute("load_balancing.cross_zone.enabled"), VALUE, "off", true),
  row(groupAttribute("no.such.key"), "elb/target-group-attribute-key", "1", undefined),
  row(groupAttribute(`target_group_health.dns_failover.${HEALTHY}.count`), VALUE, 1_001, 1_000),
  row(groupAttribute(`target_group_health.dns_failover.${HEALTHY}.count`), VALUE, 0, "off"),
  row(groupAttribute(`target_group_health.dns_failover.${HEALTHY}.percentage`), VALUE, 101, "100"),
  ...bounds(groupAttribute(`target_group_health.unhealthy_state_routing.${HEALTHY}.count`), VALUE, 1, 1_000),
  row(groupAttribute(`target_group_health.unhealthy_state_routing.${HEALTHY}.percentage`), VALUE, 101, "off"),
  row(groupAttribute("stickiness.app_cookie.cookie_name"), "elb/cookie-name-missing", undefined, "SESSION", {
    beside: {
      [groupAttribute("stickiness.enabled")]: true,
      [groupAttribute("stickiness.type")]: "app_cookie",
    },
  }),
  row(groupAttribute("stickiness.app_cookie.cookie_name"), "elb/cookie-name-reserved", "AWSALBX", "AWS", {
    beside: { [groupAttribute("stickiness.type")]: "app_cookie" },
  }),
  row(groupAttribute("stickiness.app_cookie.cookie_name"), VALUE, "a b", "a-b"),
  row(groupAttribute("stickiness.app_cookie.cookie_name"), VALUE, long(257), long(256)),
  row(groupAttribute("stickiness.enabled"), "elb/stickiness-weighted-random", "true", "false", {
    beside: { [ALGORITHM]: "weighted_random" },
  }),
  row(groupAttribute("slow_start.duration_seconds"), "elb/slow-start-weighted-random", "30", "0", {
    beside: { [ALGORITHM]: "weighted_random" },
  }),
  row(groupAttribute("slow_start.duration_seconds"), "elb/slow-start-least-outstanding", 30, 0, {
    beside: { [ALGORITHM]: "least_outstanding_requests" },
  }),
  row(
    groupAttribute("load_balancing.algorithm.anomaly_mitigation"),
    "elb/anomaly-mitigation",
    "round_robin",
    "weighted_random",
    {
      set: ALGORITHM,
      beside: { [groupAttribute("load_balancing.algorithm.anomaly_mitigation")]: "on" },
    },
  ),
];

export const TARGET_GROUP_ROWS: readonly Row[] = [
  ...NAME_ROWS,
  ...bounds(`${TG}.port`, "elb/target-group-port", 1, 65_535),
  row(`${TG}.protocol`, /HTTP and HTTPS only/, "TCP", "HTTPS"),
  row(`${TG}.protocolVersion`, "elb/protocol-version", "HTTP3", "HTTP1"),
  row(`${TG}.ipAddressType`, "elb/target-group-address-type", "dualstack", "ipv4"),
  row(`${CHECK}.enabled`, "elb/health-check-disabled", false, true),
  row(`${CHECK}.protocol`, "elb/health-check-protocol", "TCP", "HTTPS"),
  ...["0", "65536", "http"].map((port) => row(`${CHECK}.port`, "elb/health-check-port", port, 65_535)),
  row(`${CHECK}.path`, "elb/health-check-path", "health", "/"),
  row(`${CHECK}.path`, "elb/health-check-path", "/a b", "/a%20b"),
  row(`${CHECK}.path`, "elb/health-check-path", `/${long(1_024)}`, `/${long(1_023)}`),
  row(`${CHECK}.intervalSeconds`, "elb/health-check-interval", 4, 5, {
    beside: { [`${CHECK}.timeoutSeconds`]: 2 },
  }),
  row(`${CHECK}.intervalSeconds`, "elb/health-check-interval", 301, 300),
  row(`${CHECK}.timeoutSeconds`, "elb/health-check-timeout", 1, 2),
  row(`${CHECK}.timeoutSeconds`, "elb/health-check-timeout", 121, 120, {
    beside: { [`${CHECK}.intervalSeconds`]: 300 },
  }),
  row(`${CHECK}.timeoutSeconds`, "elb/health-check-timeout-interval", 30, 29),
  ...bounds(`${CHECK}.healthyThresholdCount`, "elb/healthy-threshold", 2, 10),
  ...bounds(`${CHECK}.unhealthyThresholdCount`, "elb/unhealthy-threshold", 2, 10),
  row(`${CHECK}.matcher.grpcCode`, "elb/matcher-kind", "12", undefined, {
    beside: { [`${CHECK}.matcher`]: {} },
  }),
  row(`${CHECK}.matcher.httpCode`, "elb/matcher-kind", "200", undefined, { beside: GRPC }),
  ...["199", "200-500", "200,", "2xx"].map((codes) =>
    row(`${CHECK}.matcher.httpCode`, "elb/matcher-codes", codes, "200,202,300-499"),
  ),
  row(`${CHECK}.matcher.httpCode`, "elb/matcher-range", "299-200", "200-200"),
  row(`${CHECK}.matcher.grpcCode`, "elb/matcher-codes", "100", "0,99", { beside: GRPC }),
  row(`${CHECK}.matcher.grpcCode`, "elb/matcher-range", "12-0", 12, { beside: GRPC }),
  ...ATTRIBUTE_ROWS,
];
