import { WEB } from "../../simulator/support.ts";
import { type Case, type Cases, type Ground, long, times } from "./ground.ts";

const on = (operation: string, input: (ground: Ground) => object): Case => [
  `elasticloadbalancing:${operation}`,
  input,
];

const loadBalancer = (more: object = {}): object => ({ Name: "new", Subnets: WEB.subnets, ...more });
const targetGroup = (more: object = {}): object => ({
  Name: "new",
  Protocol: "HTTP",
  Port: 80,
  VpcId: WEB.vpc,
  ...more,
});
const listener = (ground: Ground, more: object = {}): object => ({
  LoadBalancerArn: ground.loadBalancer,
  Protocol: "HTTP",
  Port: 81,
  DefaultActions: [{ Type: "forward", TargetGroupArn: ground.group }],
  ...more,
});
const rule = (ground: Ground, more: object = {}): object => ({
  ListenerArn: ground.listener,
  Priority: 5,
  Conditions: [{ Field: "path-pattern", Values: ["/a"] }],
  Actions: [{ Type: "forward", TargetGroupArn: ground.group }],
  ...more,
});

const balancer = (more: object): Case => on("CreateLoadBalancer", () => loadBalancer(more));
const group = (more: object): Case => on("CreateTargetGroup", () => targetGroup(more));
const attributes = (Key: string, Value: string, ...more: object[]): Case =>
  on("ModifyLoadBalancerAttributes", ({ loadBalancer: LoadBalancerArn }) => ({
    LoadBalancerArn,
    Attributes: [{ Key, Value }, ...more],
  }));
const groupAttributes = (values: Record<string, string>): Case =>
  on("ModifyTargetGroupAttributes", ({ http2: TargetGroupArn }) => ({
    TargetGroupArn,
    Attributes: Object.entries(values).map(([Key, Value]) => ({ Key, Value })),
  }));
const listening = (more: (ground: Ground) => object): Case =>
  on("CreateListener", (ground) => listener(ground, more(ground)));
const changing = (more: object): Case =>
  on("ModifyListener", ({ secure: ListenerArn }) => ({ ListenerArn, ...more }));
const tls = { Protocol: "HTTPS", Port: 444, Certificates: [{ CertificateArn: WEB.certificate }] };
const ruled = (more: (ground: Ground) => object): Case =>
  on("CreateRule", (ground) => rule(ground, more(ground)));
const when = (...Conditions: object[]): Case => ruled(() => ({ Conditions }));
const doing = (...actions: object[]): Case => ruled(() => ({ Actions: actions }));
const doingSecurely = (...actions: object[]): Case =>
  ruled((ground) => ({
    ListenerArn: ground.secure,
    Actions: actions.length > 1 ? actions : [{ ...actions[0], Order: 1 }, forwardTo(ground)],
  }));
const forwardTo = (ground: Ground): object => ({ Type: "forward", TargetGroupArn: ground.group, Order: 2 });
const forward = (config: (ground: Ground) => object): Case =>
  ruled((ground) => ({ Actions: [{ Type: "forward", ForwardConfig: config(ground) }] }));
const redirect = (more: object): Case =>
  doing({ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Path: "/b", ...more } });
const response = (more: object): Case =>
  doing({ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200", ...more } });
const tagged = (...Tags: object[]): Case => balancer({ Tags });

const OIDC = {
  Issuer: "https://id.example.com",
  AuthorizationEndpoint: "https://id.example.com/a",
  TokenEndpoint: "https://id.example.com/t",
  UserInfoEndpoint: "https://id.example.com/u",
  ClientId: "c",
  ClientSecret: "s",
};
const oidc = (more: object): Case =>
  doingSecurely({ Type: "authenticate-oidc", AuthenticateOidcConfig: { ...OIDC, ...more } });
const JWT = { JwksEndpoint: "https://id.example.com/keys", Issuer: "https://id.example.com" };
const jwt = (more: object): Case =>
  doingSecurely({ Type: "jwt-validation", JwtValidationConfig: { ...JWT, ...more } });
const claim = (Name: string): object => ({ Name, Format: "single-string", Values: ["x"] });
const FIXED = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } };
const REWRITE = { Regex: "^/a", Replace: "/b" };
const url = (...Rewrites: object[]): object => ({ Type: "url-rewrite", UrlRewriteConfig: { Rewrites } });

export const ELB_CASES: Cases = {
  "elb/load-balancer-name-length": balancer({ Name: long(33) }),
  "elb/load-balancer-name-characters": balancer({ Name: "a_b" }),
  "elb/load-balancer-name-hyphens": balancer({ Name: "-a" }),
  "elb/load-balancer-name-internal": balancer({ Name: "internal-a" }),
  "elb/target-group-name-length": group({ Name: long(33) }),
  "elb/target-group-name-characters": group({ Name: "a b" }),
  "elb/target-group-name-hyphens": group({ Name: "a-" }),
  "elb/subnets-or-mappings": balancer({ SubnetMappings: [{ SubnetId: "subnet-1a" }] }),
  "elb/subnet-addresses": balancer({
    Subnets: undefined,
    SubnetMappings: WEB.subnets.map((SubnetId) => ({ SubnetId, AllocationId: "eipalloc-1" })),
  }),
  "elb/ip-address-type": balancer({ IpAddressType: "ipv6" }),
  "elb/scheme": balancer({ Scheme: "public" }),
  "elb/public-ipv6-internal": balancer({
    Scheme: "internal",
    IpAddressType: "dualstack-without-public-ipv4",
  }),
  "elb/customer-owned-pool": balancer({ CustomerOwnedIpv4Pool: "ipv4pool-coip-1" }),
  "elb/ipam-pool": balancer({ IpamPools: { Ipv4IpamPoolId: "ipam-pool-1" } }),
  "elb/source-nat-prefix": balancer({ EnablePrefixForIpv6SourceNat: "on" }),
  "elb/load-balancer-attribute-count": on("ModifyLoadBalancerAttributes", (ground) => ({
    LoadBalancerArn: ground.loadBalancer,
    Attributes: times(21, (index) => ({ Key: `k${index}`, Value: "1" })),
  })),
  "elb/load-balancer-attribute-twice": attributes("idle_timeout.timeout_seconds", "60", {
    Key: "idle_timeout.timeout_seconds",
    Value: "61",
  }),
  "elb/load-balancer-attribute-key": attributes("no.such.key", "1"),
  "elb/load-balancer-attribute-of-others": attributes(
    "dns_record.client_routing_policy",
    "any_availability_zone",
  ),
  "elb/logs-bucket-empty": attributes("access_logs.s3.bucket", ""),
  "elb/load-balancer-attribute-value": attributes("idle_timeout.timeout_seconds", "4001"),
  "elb/logs-bucket-missing": attributes("connection_logs.s3.enabled", "true"),
  "elb/logs-prefix": attributes("access_logs.s3.prefix", "a/AWSLogs"),
  "elb/target-group-protocol-missing": group({ Protocol: undefined }),
  "elb/target-group-port-missing": group({ Port: undefined }),
  "elb/target-group-vpc-missing": group({ VpcId: undefined }),
  "elb/target-group-vpc": group({ VpcId: "vpc-99999999" }),
  "elb/target-group-port": group({ Port: 65_536 }),
  "elb/target-control-port": group({ TargetControlPort: 0 }),
  "elb/protocol-version": group({ ProtocolVersion: "HTTP3" }),
  "elb/target-group-address-type": group({ IpAddressType: "dualstack" }),
  "elb/health-check-disabled": group({ HealthCheckEnabled: false }),
  "elb/health-check-protocol": group({ HealthCheckProtocol: "TCP" }),
  "elb/health-check-port": group({ HealthCheckPort: "0" }),
  "elb/health-check-path": group({ HealthCheckPath: "health" }),
  "elb/health-check-interval": group({ HealthCheckIntervalSeconds: 301 }),
  "elb/health-check-timeout": group({ HealthCheckTimeoutSeconds: 1 }),
  "elb/health-check-timeout-interval": group({
    HealthCheckIntervalSeconds: 10,
    HealthCheckTimeoutSeconds: 10,
  }),
  "elb/healthy-threshold": group({ HealthyThresholdCount: 11 }),
  "elb/unhealthy-threshold": group({ UnhealthyThresholdCount: 1 }),
  "elb/matcher-kind": group({ Matcher: { GrpcCode: "12" } }),
  "elb/matcher-codes": group({ Matcher: { HttpCode: "200-599" } }),
  "elb/matcher-range": group({ Matcher: { HttpCode: "299-200" } }),
  "elb/target-group-attribute-count": groupAttributes(
    Object.fromEntries(times(21, (index) => [`k${index}`, "1"])),
  ),
  "elb/target-group-attribute-twice": on("ModifyTargetGroupAttributes", (ground) => ({
    TargetGroupArn: ground.group,
    Attributes: times(2, () => ({ Key: "stickiness.enabled", Value: "false" })),
  })),
  "elb/target-group-attribute-key": groupAttributes({ "no.such.key": "1" }),
  "elb/target-group-attribute-of-others": groupAttributes({ "preserve_client_ip.enabled": "true" }),
  "elb/stickiness-type": groupAttributes({ "stickiness.type": "source_ip" }),
  "elb/cookie-name-reserved": groupAttributes({ "stickiness.app_cookie.cookie_name": "AWSALBX" }),
  "elb/target-group-attribute-value": groupAttributes({ "slow_start.duration_seconds": "29" }),
  "elb/anomaly-mitigation": groupAttributes({ "load_balancing.algorithm.anomaly_mitigation": "on" }),
  "elb/slow-start-weighted-random": groupAttributes({
    "slow_start.duration_seconds": "60",
    "load_balancing.algorithm.type": "weighted_random",
  }),
  "elb/slow-start-least-outstanding": groupAttributes({
    "slow_start.duration_seconds": "60",
    "load_balancing.algorithm.type": "least_outstanding_requests",
  }),
  "elb/stickiness-weighted-random": groupAttributes({
    "stickiness.enabled": "true",
    "load_balancing.algorithm.type": "weighted_random",
  }),
  "elb/cookie-name-missing": groupAttributes({
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
  }),
  "elb/stickiness-behind-weighted-rule": on("ModifyTargetGroupAttributes", (ground) => ({
    TargetGroupArn: ground.second,
    Attributes: [{ Key: "stickiness.enabled", Value: "true" }],
  })),
  "elb/listener-protocol-missing": listening(() => ({ Protocol: undefined })),
  "elb/listener-port-missing": listening(() => ({ Port: undefined })),
  "elb/listener-without-action": listening(() => ({ DefaultActions: [] })),
  "elb/https-certificate-missing": listening(() => ({ Protocol: "HTTPS" })),
  "elb/listener-protocol": listening(() => ({ Protocol: "TCP" })),
  "elb/listener-port": listening(() => ({ Port: 0 })),
  "elb/http-certificate": listening(() => ({ Certificates: tls.Certificates })),
  "elb/http-policy": listening(() => ({ SslPolicy: "ELBSecurityPolicy-2016-08" })),
  "elb/http-mutual-authentication": listening(() => ({ MutualAuthentication: { Mode: "passthrough" } })),
  "elb/one-default-certificate": changing({
    Certificates: [{ CertificateArn: WEB.certificate }, { CertificateArn: WEB.otherCertificate }],
  }),
  "elb/listener-is-default": changing({
    Certificates: [{ CertificateArn: WEB.certificate, IsDefault: true }],
  }),
  "elb/ssl-policy-unknown": changing({ SslPolicy: "ELBSecurityPolicy-None" }),
  "elb/mutual-authentication-mode": changing({ MutualAuthentication: { Mode: "on" } }),
  "elb/trust-store-missing": changing({ MutualAuthentication: { Mode: "verify" } }),
  "elb/trust-store-unused": changing({ MutualAuthentication: { Mode: "off", TrustStoreArn: "arn:aws:x" } }),
  "elb/alpn-policy": changing({ AlpnPolicy: ["HTTP2Only"] }),
  "elb/certificate-arn": changing({ Certificates: [{ CertificateArn: "certificate" }] }),
  "elb/certificate-region": changing({
    Certificates: [{ CertificateArn: WEB.certificate.replace("us-east-1", "eu-west-1") }],
  }),
  "elb/added-is-default": on("AddListenerCertificates", ({ secure: ListenerArn }) => ({
    ListenerArn,
    Certificates: [{ CertificateArn: WEB.otherCertificate, IsDefault: false }],
  })),
  "elb/certificates-of-http": on("AddListenerCertificates", ({ listener: ListenerArn }) => ({
    ListenerArn,
    Certificates: [{ CertificateArn: WEB.otherCertificate }],
  })),
  "elb/listener-attribute-count": on("ModifyListenerAttributes", ({ listener: ListenerArn }) => ({
    ListenerArn,
    Attributes: times(21, (index) => ({ Key: `k${index}`, Value: "1" })),
  })),
  "elb/listener-attribute-twice": on("ModifyListenerAttributes", ({ listener: ListenerArn }) => ({
    ListenerArn,
    Attributes: times(2, () => ({ Key: "routing.http.response.server.enabled", Value: "true" })),
  })),
  "elb/listener-attribute-key": on("ModifyListenerAttributes", ({ listener: ListenerArn }) => ({
    ListenerArn,
    Attributes: [{ Key: "routing.http.request.x_amzn_tls_version.header_name", Value: "X" }],
  })),
  "elb/listener-attribute-value": on("ModifyListenerAttributes", ({ listener: ListenerArn }) => ({
    ListenerArn,
    Attributes: [{ Key: "routing.http.response.server.enabled", Value: "yes" }],
  })),
  "elb/rule-without-condition": when(),
  "elb/rule-without-action": ruled(() => ({ Actions: [] })),
  "elb/rule-priority": ruled(() => ({ Priority: 50_001 })),
  "elb/condition-field": when({ Field: "cookie", Values: ["a"] }),
  "elb/condition-config": when({
    Field: "path-pattern",
    Values: ["/a"],
    HostHeaderConfig: { Values: ["a.example.com"] },
  }),
  "elb/condition-values-twofold": when({
    Field: "path-pattern",
    Values: ["/a"],
    PathPatternConfig: { Values: ["/b"] },
  }),
  "elb/condition-plain-values": when({ Field: "source-ip", Values: ["10.0.0.0/8"] }),
  "elb/condition-empty": when({ Field: "host-header" }),
  "elb/condition-regex-field": when({
    Field: "source-ip",
    SourceIpConfig: { Values: ["10.0.0.0/8"] },
    RegexValues: [".*"],
  }),
  "elb/condition-value-length": when({ Field: "path-pattern", Values: [`/${long(128)}`] }),
  "elb/condition-once": when(
    { Field: "path-pattern", Values: ["/a"] },
    { Field: "path-pattern", Values: ["/b"] },
  ),
  "elb/host-characters": when({ Field: "host-header", Values: ["a b.example.com"] }),
  "elb/host-dot": when({ Field: "host-header", Values: ["localhost"] }),
  "elb/path-characters": when({ Field: "path-pattern", Values: ["/a b"] }),
  "elb/method-characters": when({
    Field: "http-request-method",
    HttpRequestMethodConfig: { Values: ["get"] },
  }),
  "elb/header-name": when({
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: "X A", Values: ["a"] },
  }),
  "elb/header-host": when({
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: "Host", Values: ["a"] },
  }),
  "elb/source-address": when({ Field: "source-ip", SourceIpConfig: { Values: ["999.1.1.1/8"] } }),
  "elb/source-address-type": when({
    Field: "source-ip",
    SourceIpConfig: { Values: ["10.0.0.0/8"], IpAddressType: "ipv4" },
  }),
  "elb/condition-value-count": when({ Field: "path-pattern", Values: times(6, (index) => `/${index}`) }),
  "elb/condition-wildcards": when({ Field: "path-pattern", Values: ["/*/*/*/*/*/*/*"] }),
  "elb/priorities-empty": on("SetRulePriorities", () => ({ RulePriorities: [] })),
  "elb/priorities-rule-twice": on("SetRulePriorities", ({ rule: RuleArn }) => ({
    RulePriorities: [
      { RuleArn, Priority: 2 },
      { RuleArn, Priority: 3 },
    ],
  })),
  "elb/priorities-range": on("SetRulePriorities", ({ rule: RuleArn }) => ({
    RulePriorities: [{ RuleArn, Priority: 0 }],
  })),
  "elb/transform-type": ruled(() => ({ Transforms: [{ ...url(REWRITE), Type: "path-rewrite" }] })),
  "elb/transform-once": ruled(() => ({ Transforms: [url(REWRITE), url(REWRITE)] })),
  "elb/transform-rewrites": ruled(() => ({ Transforms: [url()] })),
  "elb/transform-reset": on("ModifyRule", ({ rule: RuleArn }) => ({
    RuleArn,
    Transforms: [url(REWRITE)],
    ResetTransforms: true,
  })),
  "elb/action-type": doing({ Type: "drop" }),
  "elb/action-last": doing({ ...FIXED, Order: 1 }, { ...FIXED, Order: 2 }),
  "elb/action-order-last": ruled((ground) => ({
    ListenerArn: ground.secure,
    Actions: [
      { ...forwardTo(ground), Order: 1 },
      { Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC, Order: 2 },
    ],
  })),
  "elb/action-count": ruled((ground) => ({
    ListenerArn: ground.secure,
    Actions: [
      { Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC, Order: 1 },
      { Type: "jwt-validation", JwtValidationConfig: JWT, Order: 2 },
      { ...forwardTo(ground), Order: 3 },
    ],
  })),
  "elb/action-order-missing": doingSecurely(
    { Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC },
    { ...FIXED, Order: 2 },
  ),
  "elb/action-order-twice": doingSecurely(
    { Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC, Order: 1 },
    { ...FIXED, Order: 1 },
  ),
  "elb/action-order-range": doing({ ...FIXED, Order: 50_001 }),
  "elb/authentication-on-http": doing(
    { Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC, Order: 1 },
    { ...FIXED, Order: 2 },
  ),
  "elb/forward-empty": doing({ Type: "forward" }),
  "elb/forward-twofold": ruled((ground) => ({
    Actions: [
      {
        Type: "forward",
        TargetGroupArn: ground.group,
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: ground.second }] },
      },
    ],
  })),
  "elb/forward-count": forward((ground) => ({
    TargetGroups: [...times(6, (index) => ({ TargetGroupArn: `${ground.group}${index}` }))],
  })),
  "elb/forward-group-twice": forward((ground) => ({
    TargetGroups: times(2, () => ({ TargetGroupArn: ground.group })),
  })),
  "elb/forward-weight": forward((ground) => ({
    TargetGroups: [{ TargetGroupArn: ground.group, Weight: 1_000 }],
  })),
  "elb/group-stickiness-duration-missing": forward((ground) => ({
    TargetGroups: [{ TargetGroupArn: ground.group }],
    TargetGroupStickinessConfig: { Enabled: true },
  })),
  "elb/group-stickiness-duration": forward((ground) => ({
    TargetGroups: [{ TargetGroupArn: ground.group }],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 604_801 },
  })),
  "elb/weighted-stickiness": forward((ground) => ({
    TargetGroups: [{ TargetGroupArn: ground.group }, { TargetGroupArn: ground.sticky }],
  })),
  "elb/http-listener-protocol-version": ruled((ground) => ({
    Actions: [{ Type: "forward", TargetGroupArn: ground.http2 }],
  })),
  "elb/redirect-missing": doing({ Type: "redirect" }),
  "elb/redirect-status": redirect({ StatusCode: "HTTP_307" }),
  "elb/redirect-protocol": redirect({ Protocol: "FTP" }),
  "elb/redirect-https-to-http": ruled((ground) => ({
    ListenerArn: ground.secure,
    Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTP" } }],
  })),
  "elb/redirect-port": redirect({ Port: "99999" }),
  "elb/redirect-path": redirect({ Path: "b" }),
  "elb/redirect-query": redirect({ Query: "?a=1" }),
  "elb/redirect-length": redirect({ Host: long(129) }),
  "elb/redirect-loop": redirect({ Path: undefined }),
  "elb/response-missing": doing({ Type: "fixed-response" }),
  "elb/response-status": response({ StatusCode: "301" }),
  "elb/response-body": response({ MessageBody: long(1_025) }),
  "elb/response-content-type": response({ ContentType: "image/png" }),
  "elb/oidc-missing": doingSecurely({ Type: "authenticate-oidc" }),
  "elb/oidc-endpoints": oidc({ TokenEndpoint: "http://id.example.com" }),
  "elb/oidc-client-secret-missing": oidc({ ClientSecret: undefined }),
  "elb/session-timeout": oidc({ SessionTimeout: 604_801 }),
  "elb/unauthenticated-request": oidc({ OnUnauthenticatedRequest: "ask" }),
  "elb/authentication-parameters": oidc({
    AuthenticationRequestExtraParams: Object.fromEntries(times(11, (index) => [`p${index}`, "1"])),
  }),
  "elb/cognito-missing": doingSecurely({ Type: "authenticate-cognito" }),
  "elb/cognito-user-pool": doingSecurely({
    Type: "authenticate-cognito",
    AuthenticateCognitoConfig: { UserPoolArn: "pool", UserPoolClientId: "c", UserPoolDomain: "d" },
  }),
  "elb/jwt-missing": doingSecurely({ Type: "jwt-validation" }),
  "elb/jwt-endpoint": jwt({ JwksEndpoint: "http://id.example.com/keys" }),
  "elb/jwt-claims": jwt({ AdditionalClaims: times(11, (index) => claim(`c${index}`)) }),
  "elb/jwt-claim-reserved": jwt({ AdditionalClaims: [claim("iss")] }),
  "elb/tag-key-length": tagged({ Key: long(129), Value: "1" }),
  "elb/tag-value-length": tagged({ Key: "a", Value: long(257) }),
  "elb/tag-characters": tagged({ Key: "a#b", Value: "1" }),
  "elb/tag-reserved": tagged({ Key: "AWS:a", Value: "1" }),
  "elb/tag-twice": tagged({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }),
  "elb/tag-count": tagged(...times(51, (index) => ({ Key: `k${index}`, Value: "1" }))),
};

/** Calls that AWS takes: what the cases change. */
export const ELB_TAKEN: readonly Case[] = [
  on("CreateLoadBalancer", () => loadBalancer()),
  on("CreateTargetGroup", () => targetGroup({ TargetControlPort: 3_000, ProtocolVersion: "" })),
  on("CreateListener", (ground) => listener(ground)),
  on("CreateListener", (ground) =>
    listener(ground, { ...tls, DefaultActions: [{ ...forwardTo(ground), TargetGroupArn: ground.grpc }] }),
  ),
  on("CreateRule", (ground) => rule(ground)),
  on("CreateRule", (ground) =>
    rule(ground, {
      ListenerArn: ground.secure,
      Actions: [{ Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC, Order: 1 }, forwardTo(ground)],
    }),
  ),
  on("CreateRule", (ground) =>
    rule(ground, {
      Priority: 6,
      Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Path: "/b" } }],
      Transforms: [url(REWRITE)],
    }),
  ),
  on("ModifyTargetGroup", ({ http2: TargetGroupArn }) => ({ TargetGroupArn, Matcher: { HttpCode: "" } })),
];
