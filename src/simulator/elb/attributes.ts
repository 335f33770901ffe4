/**
 * Attributes of load balancers, target groups and listeners: keys, values allowed, defaults.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html and the
 * pages beside it.
 */
interface Attribute {
  /** Once set, it can be changed and not emptied. */
  readonly isLasting?: true;
  readonly default: string;
  readonly isAllowed: (value: string) => boolean;
  readonly allowed: string;
}

export type AttributeTable = Readonly<Record<string, Attribute>>;

const choice = (fallback: string, ...values: string[]): Attribute => ({
  default: fallback,
  isAllowed: (value) => values.includes(value),
  allowed: `one of ${values.join(", ")}`,
});

const flag = (fallback: boolean): Attribute => choice(String(fallback), "true", "false");

const text = (fallback = "", pattern = /^[\s\S]{0,1024}$/): Attribute => ({
  default: fallback,
  isAllowed: (value) => pattern.test(value),
  allowed: "a text",
});

/** elb/log-bucket */
const bucket: Attribute = { ...text(), isLasting: true };

/** @param words values allowed beside the numbers */
const number = (fallback: string, least: number, most: number, ...words: string[]): Attribute => ({
  default: fallback,
  isAllowed: (value) =>
    words.includes(value) || (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most),
  allowed: [...words, `a whole number from ${least} to ${most}`].join(" or "),
});

export const LOAD_BALANCER_ATTRIBUTES: AttributeTable = {
  "access_logs.s3.enabled": flag(false),
  "access_logs.s3.bucket": bucket,
  "access_logs.s3.prefix": text(),
  "connection_logs.s3.enabled": flag(false),
  "connection_logs.s3.bucket": bucket,
  "connection_logs.s3.prefix": text(),
  "health_check_logs.s3.enabled": flag(false),
  "health_check_logs.s3.bucket": bucket,
  "health_check_logs.s3.prefix": text(),
  "deletion_protection.enabled": flag(false),
  "idle_timeout.timeout_seconds": number("60", 1, 4_000),
  "client_keep_alive.seconds": number("3600", 60, 604_800),
  "ipv6.deny_all_igw_traffic": flag(false),
  // Always on for an Application Load Balancer.
  "load_balancing.cross_zone.enabled": choice("true", "true"),
  "routing.http.desync_mitigation_mode": choice("defensive", "monitor", "defensive", "strictest"),
  "routing.http.drop_invalid_header_fields.enabled": flag(false),
  "routing.http.preserve_host_header.enabled": flag(false),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag(false),
  "routing.http.xff_client_port.enabled": flag(false),
  "routing.http.xff_header_processing.mode": choice("append", "append", "preserve", "remove"),
  "routing.http2.enabled": flag(true),
  "waf.fail_open.enabled": flag(false),
  "zonal_shift.config.enabled": flag(false),
};

export const TARGET_GROUP_ATTRIBUTES: AttributeTable = {
  "deregistration_delay.timeout_seconds": number("300", 0, 3_600),
  "stickiness.enabled": flag(false),
  "stickiness.type": choice("lb_cookie", "lb_cookie", "app_cookie"),
  "stickiness.lb_cookie.duration_seconds": number("86400", 1, 604_800),
  "stickiness.app_cookie.duration_seconds": number("86400", 1, 604_800),
  "stickiness.app_cookie.cookie_name": text("", /^[^\s;,]{0,256}$/),
  "load_balancing.algorithm.type": choice(
    "round_robin",
    "round_robin",
    "least_outstanding_requests",
    "weighted_random",
  ),
  "load_balancing.algorithm.anomaly_mitigation": choice("off", "on", "off"),
  "load_balancing.cross_zone.enabled": choice(
    "use_load_balancer_configuration",
    "true",
    "false",
    "use_load_balancer_configuration",
  ),
  "slow_start.duration_seconds": number("0", 30, 900, "0"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": number("1", 1, 1_000, "off"),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": number("off", 1, 100, "off"),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": number("1", 1, 1_000),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": number(
    "off",
    1,
    100,
    "off",
  ),
};

const headerName = (name: string): Attribute => text(name, /^[A-Za-z0-9-]{0,40}$/);

/** Of every listener. */
const RESPONSE_ATTRIBUTES: AttributeTable = {
  "routing.http.response.server.enabled": flag(true),
  "routing.http.response.strict_transport_security.header_value": text(),
  "routing.http.response.access_control_allow_origin.header_value": text(),
  "routing.http.response.access_control_allow_methods.header_value": text(),
  "routing.http.response.access_control_allow_headers.header_value": text(),
  "routing.http.response.access_control_allow_credentials.header_value": text("", /^(true)?$/),
  "routing.http.response.access_control_expose_headers.header_value": text(),
  "routing.http.response.access_control_max_age.header_value": text("", /^(\d{1,5})?$/),
  "routing.http.response.content_security_policy.header_value": text(),
  "routing.http.response.x_content_type_options.header_value": text("", /^(nosniff)?$/),
  "routing.http.response.x_frame_options.header_value": text("", /^(DENY|SAMEORIGIN|ALLOW-FROM \S+)?$/),
};

/** Of listeners that end TLS. */
const REQUEST_ATTRIBUTES: AttributeTable = {
  "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name": headerName(
    "X-Amzn-Mtls-Clientcert-Serial-Number",
  ),
  "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name": headerName(
    "X-Amzn-Mtls-Clientcert-Issuer",
  ),
  "routing.http.request.x_amzn_mtls_clientcert_subject.header_name": headerName(
    "X-Amzn-Mtls-Clientcert-Subject",
  ),
  "routing.http.request.x_amzn_mtls_clientcert_validity.header_name": headerName(
    "X-Amzn-Mtls-Clientcert-Validity",
  ),
  "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name": headerName("X-Amzn-Mtls-Clientcert-Leaf"),
  "routing.http.request.x_amzn_mtls_clientcert.header_name": headerName("X-Amzn-Mtls-Clientcert"),
  "routing.http.request.x_amzn_tls_version.header_name": headerName("X-Amzn-Tls-Version"),
  "routing.http.request.x_amzn_tls_cipher_suite.header_name": headerName("X-Amzn-Tls-Cipher-Suite"),
};

export function listenerAttributes(protocol: "HTTP" | "HTTPS"): AttributeTable {
  return protocol === "HTTPS" ? { ...RESPONSE_ATTRIBUTES, ...REQUEST_ATTRIBUTES } : RESPONSE_ATTRIBUTES;
}

export function attributeDefaults(table: AttributeTable): Map<string, string> {
  return new Map(Object.entries(table).map(([key, attribute]) => [key, attribute.default]));
}

export function attributeList(attributes: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...attributes].map(([Key, Value]) => ({ Key, Value }));
}

/** What is wrong with the value of an attribute that the table has. */
export function attributeFault(table: AttributeTable, key: string, value: string): string | undefined {
  const attribute = Object.hasOwn(table, key) ? table[key] : undefined;
  if (attribute?.isLasting && value === "") return `The value of '${key}' cannot be empty`;
  if (attribute === undefined || attribute.isAllowed(value)) return undefined;
  return `The value '${value}' of the attribute '${key}' is not valid: it must be ${attribute.allowed}`;
}

export function setAttributes(
  attributes: Map<string, string>,
  changes: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): void {
  for (const { Key: key = "", Value: value = "" } of changes ?? []) attributes.set(key, value);
}
