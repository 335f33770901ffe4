import { bounds, formless, long, type Row, row, times } from "./row.ts";

const LB = "loadBalancer";
const HTTP = "loadBalancer.listeners[0]";
const HTTPS = "loadBalancer.listeners[1]";
const RULE = `${HTTPS}.rules[0]`;
const CONDITION = `${RULE}.conditions[0]`;
const SUBNETS = ["subnet-1a", "subnet-1b"];
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/abc-123";
const OK = { fixedResponse: { statusCode: "200" } };
const forward = (...names: string[]) => ({
  forward: { targetGroups: names.map((targetGroup) => ({ targetGroup })) },
});
const attribute = (name: string) => `${LB}.attributes["${name}"]`;
const listener = (port: number) => ({ port, protocol: "HTTP", defaultAction: OK });
const rule = (priority: number) => ({
  name: `r${priority}`,
  priority,
  conditions: [{ pathPattern: [`/${priority}`] }],
  action: OK,
});

export const LOAD_BALANCER_ROWS: readonly Row[] = [
  row(`${LB}.name`, "elb/load-balancer-name-length", long(33), long(32)),
  row(`${LB}.name`, "elb/load-balancer-name-characters", "a.b", "a-B2"),
  row(`${LB}.name`, "elb/load-balancer-name-hyphens", "a-", "a-b"),
  row(`${LB}.name`, "elb/load-balancer-name-internal", "internal-web", "internal"),
  row(`${LB}.scheme`, "elb/scheme", "public", "internal", { isFormless: true }),
  row(`${LB}.ipAddressType`, "elb/ip-address-type", "ipv6", "dualstack", { isFormless: true }),
  row(`${LB}.ipAddressType`, "elb/public-ipv6-internal", "dualstack-without-public-ipv4", "dualstack", {
    beside: { [`${LB}.scheme`]: "internal" },
  }),
  row("subnetIds", /At least two subnets/, ["subnet-1a"], SUBNETS),
  row(`${LB}.subnetIds`, /At least two subnets/, ["subnet-1a"], SUBNETS),
  row(
    `${LB}.subnetMappings`,
    /At least two subnets/,
    [{ subnetId: "subnet-1a" }],
    SUBNETS.map((subnetId) => ({ subnetId })),
  ),
  row(
    `${LB}.subnetMappings`,
    "elb/subnets-or-mappings",
    SUBNETS.map((subnetId) => ({ subnetId })),
    undefined,
    {
      beside: { [`${LB}.subnetIds`]: SUBNETS },
      isFormless: true,
    },
  ),
  row(
    `${LB}.subnetMappings`,
    /At least two subnets|multiple subnets/,
    times(2, () => ({ subnetId: "subnet-1a" })),
    SUBNETS.map((subnetId) => ({ subnetId })),
  ),
  row(attribute("access_logs.s3.bucket"), "elb/logs-bucket-missing", undefined, "logs", {
    beside: { [attribute("access_logs.s3.enabled")]: true },
  }),
  row(attribute("connection_logs.s3.bucket"), "elb/logs-bucket-missing", undefined, "logs", {
    beside: { [attribute("connection_logs.s3.enabled")]: true },
  }),
  row(attribute("access_logs.s3.bucket"), "elb/logs-bucket-empty", "", "b", { isFormless: true }),
  row(attribute("connection_logs.s3.bucket"), "elb/logs-bucket-empty", "", "b", { isFormless: true }),
  row(attribute("access_logs.s3.prefix"), "elb/logs-prefix", "AWSLogs", "awslogs"),
  row(attribute("connection_logs.s3.prefix"), "elb/logs-prefix", "a/AWSLogs", "a"),
  ...["access_logs", "connection_logs"].map((log) =>
    row(attribute(`${log}.s3.prefix`), "elb/load-balancer-attribute-value", long(1_025), long(1_024), {
      beside: { [attribute(`${log}.s3.enabled`)]: true, [attribute(`${log}.s3.bucket`)]: "logs" },
    }),
  ),
  ...bounds(attribute("idle_timeout.timeout_seconds"), "elb/load-balancer-attribute-value", 1, 4_000),
  ...bounds(attribute("client_keep_alive.seconds"), "elb/load-balancer-attribute-value", 60, 604_800),
  row(
    attribute("routing.http.desync_mitigation_mode"),
    "elb/load-balancer-attribute-value",
    "off",
    "monitor",
  ),
  row(
    attribute("routing.http.xff_header_processing.mode"),
    "elb/load-balancer-attribute-value",
    "keep",
    "remove",
  ),
  ...[
    "deletion_protection.enabled",
    "routing.http2.enabled",
    "waf.fail_open.enabled",
    "zonal_shift.config.enabled",
    "routing.http.xff_client_port.enabled",
    "routing.http.preserve_host_header.enabled",
    "routing.http.drop_invalid_header_fields.enabled",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "ipv6.deny_all_igw_traffic",
  ].map((name) => row(attribute(name), "elb/load-balancer-attribute-value", "yes", "true")),
  row(attribute("no.such.key"), "elb/load-balancer-attribute-key", "1", undefined),
  row(`${LB}.listeners`, "ours", [listener(80), listener(80)], [listener(80), listener(81)]),
  row(`${LB}.listeners`, "ours", [], undefined),
  row(
    `${LB}.listeners`,
    /maximum number of rules/,
    [
      { ...listener(80), rules: times(60, rule) },
      { ...listener(81), rules: times(41, rule) },
    ].map(numbered),
    [
      { ...listener(80), rules: times(60, rule) },
      { ...listener(81), rules: times(40, rule) },
    ].map(numbered),
  ),
  row(`${LB}.listeners`, /maximum number of listeners/, times(51, listenerAt), times(50, listenerAt)),
];

function listenerAt(index: number): object {
  return listener(8_000 + index);
}

/** Priorities begin at 1. */
function numbered(one: ReturnType<typeof listener> & { rules: ReturnType<typeof rule>[] }): object {
  return { ...one, rules: one.rules.map((_, index) => rule(index + 1)) };
}

export const LISTENER_ROWS: readonly Row[] = [
  ...bounds(`${HTTP}.port`, "elb/listener-port", 1, 65_535),
  row(`${HTTP}.protocol`, "elb/listener-protocol", "TCP", "HTTP", { isFormless: true }),
  row(`${HTTPS}.certificates`, "elb/https-certificate-missing", undefined, [CERTIFICATE]),
  row(`${HTTP}.certificates`, "elb/http-certificate", [CERTIFICATE], undefined),
  row(`${HTTP}.sslPolicy`, "elb/http-policy", "ELBSecurityPolicy-2016-08", undefined, { isFormless: true }),
  row(`${HTTPS}.sslPolicy`, "elb/ssl-policy-unknown", "TLS-1-2", "ELBSecurityPolicy-2016-08"),
  row(`${HTTPS}.certificates`, "elb/certificate-arn", ["arn:aws:s3:::certificate"], [CERTIFICATE]),
  row(
    `${HTTPS}.certificates`,
    "elb/certificate-region",
    ["arn:aws:acm:eu-west-1:123456789012:certificate/abc-123"],
    [CERTIFICATE],
  ),
];

const SECOND = { "targetGroups.b": { port: 81 } };
const PLAIN = { [`${HTTP}.defaultAction`]: { forward: { targetGroup: "web" } } };

export const ACTION_ROWS: readonly Row[] = [
  row(`${HTTPS}.defaultAction`, "elb/action-last", { ...OK, forward: { targetGroup: "web" } }, OK, {
    isFormless: true,
  }),
  row(`${RULE}.action`, "elb/rule-without-action", {}, OK, { isFormless: true }),
  row(
    `${HTTPS}.defaultAction.forward`,
    "elb/forward-twofold",
    { targetGroup: "web", targetGroups: [{ targetGroup: "web" }] },
    { targetGroup: "web" },
    { isFormless: true },
  ),
  row(
    `${HTTPS}.defaultAction.forward.targetGroup`,
    "elb/forward-empty",
    {},
    { targetGroup: "web" },
    {
      set: `${HTTPS}.defaultAction.forward`,
    },
  ),
  row(`${HTTPS}.defaultAction.forward.targetGroup`, "ours", "constructor", "web"),
  row(
    `${HTTPS}.defaultAction.forward.targetGroups`,
    "elb/forward-group-twice",
    forward("web", "web").forward,
    forward("web", "b").forward,
    {
      set: `${HTTPS}.defaultAction.forward`,
      beside: SECOND,
      isFormless: true,
    },
  ),
  row(
    `${HTTPS}.defaultAction.forward.targetGroups`,
    "elb/forward-count",
    forward("web", "k0", "k1", "k2", "k3", "k4").forward,
    forward("web", "k0", "k1", "k2", "k3").forward,
    {
      set: `${HTTPS}.defaultAction.forward`,
      beside: Object.fromEntries(times(5, (index) => [`targetGroups.k${index}`, { port: 90 + index }])),
    },
  ),
  ...[-1, 1_000].map((weight) =>
    row(
      `${HTTPS}.defaultAction.forward.targetGroups[1].weight`,
      "elb/forward-weight",
      weight,
      weight < 0 ? 0 : 999,
      { beside: { ...SECOND, [`${HTTPS}.defaultAction`]: forward("web", "b") } },
    ),
  ),
  ...bounds(
    `${HTTPS}.defaultAction.forward.stickiness.durationSeconds`,
    "elb/group-stickiness-duration",
    1,
    604_800,
    {
      beside: {
        ...SECOND,
        [`${HTTPS}.defaultAction`]: forward("web", "b"),
        [`${HTTPS}.defaultAction.forward.stickiness`]: { enabled: true },
      },
    },
  ),
  formless(
    row(
      `${HTTPS}.defaultAction.forward.stickiness.durationSeconds`,
      "elb/group-stickiness-duration-missing",
      { enabled: true },
      { enabled: false },
      {
        set: `${HTTPS}.defaultAction.forward.stickiness`,
        beside: {
          ...SECOND,
          defaults: "AWS",
          "targetGroups.b.protocol": "HTTP",
          [`${HTTPS}.defaultAction`]: forward("web", "b"),
        },
      },
    ),
  ),
  row(
    `${HTTPS}.defaultAction.forward.stickiness`,
    "elb/weighted-stickiness",
    { enabled: false },
    { enabled: true },
    {
      beside: {
        ...SECOND,
        'targetGroups.web.attributes["stickiness.enabled"]': true,
        [`${HTTPS}.defaultAction`]: forward("web", "b"),
      },
    },
  ),
  ...["GRPC", "HTTP2"].map((version) =>
    row(`${HTTP}.defaultAction.forward.targetGroup`, "elb/http-listener-protocol-version", version, "HTTP1", {
      set: "targetGroups.web.protocolVersion",
      beside: {
        ...PLAIN,
        "targetGroups.web.healthCheck.matcher": undefined,
      },
    }),
  ),
  redirectRow(HTTPS, "", "elb/redirect-loop", { port: "443" }, { port: "444" }),
  redirectRow(HTTPS, "", "elb/redirect-loop", { protocol: "HTTPS", query: "a=1" }, { path: "/x" }),
  redirectRow(
    HTTPS,
    ".protocol",
    "elb/redirect-https-to-http",
    { protocol: "HTTP" },
    { protocol: "HTTPS", path: "/x" },
  ),
  redirectRow(HTTP, ".protocol", "elb/redirect-protocol", { protocol: "FTP" }, { protocol: "HTTPS" }),
  ...["0", "65536", "99999", "https"].map((port) =>
    redirectRow(HTTP, ".port", "elb/redirect-port", { port }, { port: "65535" }),
  ),
  redirectRow(
    HTTP,
    ".query",
    "elb/redirect-query",
    { path: "/x", query: "?a=1" },
    { path: "/x", query: "a=1" },
  ),
  redirectRow(HTTP, ".path", "elb/redirect-path", { path: "x" }, { path: "/" }),
  redirectRow(HTTP, ".path", "elb/redirect-length", { path: `/${long(128)}` }, { path: `/${long(127)}` }),
  redirectRow(HTTP, ".host", "elb/redirect-length", { host: long(129) }, { host: long(128) }),
  redirectRow(
    HTTP,
    ".query",
    "elb/redirect-length",
    { path: "/x", query: long(129) },
    { path: "/x", query: long(128) },
  ),
  formless(
    redirectRow(
      HTTP,
      ".statusCode",
      "elb/redirect-status",
      { path: "/x", statusCode: "HTTP_307" },
      { path: "/x", statusCode: "302" },
    ),
  ),
  ...["301", "600", "20"].map((statusCode) =>
    row(`${RULE}.action.fixedResponse.statusCode`, "elb/response-status", statusCode, "599"),
  ),
  row(
    `${RULE}.action.fixedResponse.contentType`,
    "elb/response-content-type",
    "image/png",
    "application/json",
  ),
  row(`${RULE}.action.fixedResponse.messageBody`, "elb/response-body", long(1_025), long(1_024)),
];

function redirectRow(listenerPath: string, field: string, refusal: string, bad: object, good: object): Row {
  const redirect = (parts: object) => ({ redirect: { statusCode: "HTTP_301", ...parts } });
  const set = `${listenerPath}.defaultAction`;
  return row(`${set}.redirect${field}`, refusal, redirect(bad), redirect(good), { set });
}

const conditionRow = (field: string, refusal: string, bad: object, good: object): Row =>
  row(`${CONDITION}${field}`, refusal, bad, good, { set: CONDITION });

export const RULE_ROWS: readonly Row[] = [
  ...bounds(`${RULE}.priority`, "elb/rule-priority", 1, 50_000),
  row(`${HTTPS}.rules`, /currently in use/, [rule(1), { ...rule(2), priority: 1 }], [rule(1), rule(2)]),
  row(`${HTTPS}.rules`, "ours", [rule(1), { ...rule(2), name: "r1" }], [rule(1), rule(2)]),
  row(`${RULE}.conditions`, "elb/rule-without-condition", [], [{ pathPattern: ["/"] }]),
  formless(conditionRow("", "elb/condition-field", {}, { pathPattern: ["/"] })),
  ...["hostHeader", "pathPattern", "httpRequestMethod", "sourceIp"].map((type) =>
    conditionRow(`.${type}`, "elb/condition-empty", { [type]: [] }, { pathPattern: ["/"] }),
  ),
  row(
    `${RULE}.conditions`,
    "elb/condition-once",
    [{ pathPattern: ["/a"] }, { pathPattern: ["/b"] }],
    [{ pathPattern: ["/a", "/b"] }],
  ),
  row(
    `${RULE}.conditions`,
    "elb/condition-value-count",
    [
      { pathPattern: times(3, (index) => `/${index}`) },
      { sourceIp: times(3, (index) => `10.${index}.0.0/16`) },
    ],
    [
      { pathPattern: times(3, (index) => `/${index}`) },
      { sourceIp: times(2, (index) => `10.${index}.0.0/16`) },
    ],
  ),
  row(
    `${RULE}.conditions`,
    "elb/condition-wildcards",
    [{ pathPattern: ["/*/*/*/*/*/*/*"] }],
    [{ pathPattern: ["/*/*/*/*/*/?"] }],
  ),
  conditionRow(
    ".hostHeader",
    "elb/host-characters",
    { hostHeader: ["a b.example.com"] },
    { hostHeader: ["a-b.example.com"] },
  ),
  conditionRow(".hostHeader", "elb/host-dot", { hostHeader: ["localhost"] }, { hostHeader: ["*.localhost"] }),
  conditionRow(
    ".hostHeader",
    "elb/host-dot",
    { hostHeader: ["a.example.c0m"] },
    { hostHeader: ["a.example.com"] },
  ),
  conditionRow(
    ".hostHeader[0]",
    "elb/condition-value-length",
    { hostHeader: [`${long(125)}.com`] },
    { hostHeader: [`${long(124)}.com`] },
  ),
  conditionRow(
    ".pathPattern",
    "elb/path-characters",
    { pathPattern: ["/a b"] },
    { pathPattern: ["/a_-.$/~\"'@:+&b"] },
  ),
  conditionRow(
    ".pathPattern[0]",
    "elb/condition-value-length",
    { pathPattern: [`/${long(128)}`] },
    { pathPattern: [`/${long(127)}`] },
  ),
  conditionRow(
    ".httpRequestMethod",
    "elb/method-characters",
    { httpRequestMethod: ["get"] },
    { httpRequestMethod: ["GET"] },
  ),
  conditionRow(
    ".httpRequestMethod[0]",
    "elb/condition-value-length",
    { httpRequestMethod: ["A".repeat(41)] },
    { httpRequestMethod: ["A".repeat(40)] },
  ),
  conditionRow(
    ".httpHeader.name",
    "elb/header-name",
    { httpHeader: { name: "X A", values: ["a"] } },
    { httpHeader: { name: "X-A", values: ["a"] } },
  ),
  conditionRow(
    ".httpHeader.name",
    "elb/header-name",
    { httpHeader: { name: long(41), values: ["a"] } },
    { httpHeader: { name: long(40), values: ["a"] } },
  ),
  conditionRow(
    ".httpHeader.name",
    "elb/header-host",
    { httpHeader: { name: "Host", values: ["a"] } },
    { httpHeader: { name: "X-Host", values: ["a"] } },
  ),
  conditionRow(
    ".httpHeader.values[0]",
    "elb/condition-value-length",
    { httpHeader: { name: "X", values: [long(129)] } },
    { httpHeader: { name: "X", values: [long(128)] } },
  ),
  conditionRow(
    ".queryString[0].value",
    "elb/condition-value-length",
    { queryString: [{ key: "a", value: long(129) }] },
    { queryString: [{ key: "a", value: long(128) }] },
  ),
  ...["999.1.1.1/8", ":/999", "10.0.0.1", "10.0.0.0/33", "2001:db8::/129"].map((address) =>
    conditionRow(
      ".sourceIp",
      "elb/source-address",
      { sourceIp: [address] },
      { sourceIp: ["10.0.0.0/32", "2001:db8::/128"] },
    ),
  ),
];
