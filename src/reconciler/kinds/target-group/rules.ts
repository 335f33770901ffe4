import { nameRule } from "../names/rule.ts";
import { isPort } from "../ports.ts";
import { shown } from "../shown.ts";
import { ELB_API, ELB_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { TargetGroupSpec } from "./schema.ts";

const MATCHER = `${ELB_API}/API_Matcher.html` as const;
const ATTRIBUTE = `${ELB_API}/API_TargetGroupAttribute.html` as const;
const TOGETHER = `${ELB_GUIDE}/edit-target-group-attributes.html` as const;
const STICKY = `${ELB_GUIDE}/sticky-sessions.html` as const;

const ALGORITHM = "load_balancing.algorithm.type";
const MITIGATION = "load_balancing.algorithm.anomaly_mitigation";
const SLOW_START = "slow_start.duration_seconds";
const COOKIE = "stickiness.app_cookie.cookie_name";

const stickinessRules: readonly SpecRule<TargetGroupSpec>[] = [
  {
    at: `attributes["${COOKIE}"]`,
    must: "be given with `stickiness.type` app_cookie while `stickiness.enabled` is true",
    when: ({ attributes }) =>
      attributes["stickiness.enabled"] === true &&
      attributes["stickiness.type"] === "app_cookie" &&
      !attributes[COOKIE],
    says: "is required with stickiness.type app_cookie",
    reason: "FieldValueRequired",
    source: STICKY,
  },
  {
    at: `attributes["${COOKIE}"]`,
    must: "not begin with `AWSALB`, as the load balancer's own cookies do",
    when: ({ attributes }) => String(attributes[COOKIE] ?? "").startsWith("AWSALB"),
    source: STICKY,
  },
  {
    at: `attributes["${COOKIE}"]`,
    must: "have no spaces, commas and semicolons",
    when: ({ attributes }) => /[\s;,]/.test(String(attributes[COOKIE] ?? "")),
    source: STICKY,
  },
  {
    at: 'attributes["stickiness.enabled"]',
    must: `not be true with \`${ALGORITHM}\` weighted_random`,
    when: ({ attributes }) =>
      attributes["stickiness.enabled"] === true && attributes[ALGORITHM] === "weighted_random",
    says: `does not go with ${ALGORITHM} weighted_random; keep one of the two`,
    source: TOGETHER,
  },
];

const algorithmRules: readonly SpecRule<TargetGroupSpec>[] = [
  {
    at: `attributes["${SLOW_START}"]`,
    must: "be 0 or from 30 to 900",
    when: ({ attributes }) => {
      const seconds = attributes[SLOW_START];
      return typeof seconds === "number" && seconds > 0 && seconds < 30;
    },
    source: ATTRIBUTE,
  },
  {
    at: `attributes["${SLOW_START}"]`,
    must: `be 0 with \`${ALGORITHM}\` weighted_random`,
    when: ({ attributes }) => hasSlowStartWith("weighted_random", attributes),
    says: `does not go with ${ALGORITHM} weighted_random; keep one of the two`,
    source: TOGETHER,
  },
  {
    at: `attributes["${SLOW_START}"]`,
    must: `be 0 with \`${ALGORITHM}\` least_outstanding_requests`,
    when: ({ attributes }) => hasSlowStartWith("least_outstanding_requests", attributes),
    says: `does not go with ${ALGORITHM} least_outstanding_requests; keep one of the two`,
    source: TOGETHER,
  },
  {
    at: `attributes["${MITIGATION}"]`,
    must: `be off unless \`${ALGORITHM}\` is weighted_random`,
    when: ({ attributes }) => attributes[MITIGATION] === "on" && attributes[ALGORITHM] !== "weighted_random",
    says: `needs ${ALGORITHM} weighted_random`,
    source: TOGETHER,
  },
];

function hasSlowStartWith(algorithm: string, attributes: TargetGroupSpec["attributes"]): boolean {
  return Number(attributes[SLOW_START] ?? 0) !== 0 && attributes[ALGORITHM] === algorithm;
}

export const targetGroupRules: readonly SpecRule<TargetGroupSpec>[] = [
  nameRule({
    must: "have letters, digits and hyphens only, and no hyphen at either end",
    isAllowed: (name) => /^(?!-)[A-Za-z0-9-]+(?<!-)$/.test(name),
    source: `${ELB_API}/API_CreateTargetGroup.html`,
  }),
  {
    at: "healthCheck.timeoutSeconds",
    must: "be less than `intervalSeconds`",
    when: ({ healthCheck }) => healthCheck.timeoutSeconds >= healthCheck.intervalSeconds,
    says: ({ healthCheck: { timeoutSeconds, intervalSeconds } }) =>
      `must be less than intervalSeconds (${intervalSeconds}); was ${timeoutSeconds}`,
    source: "github.com/hashicorp/terraform-provider-aws/issues/2366",
  },
  {
    at: "healthCheck.port",
    must: "be `traffic-port`, or 1 to 65535",
    when: ({ healthCheck: { port } }) => port !== "traffic-port" && !isPort(port),
    source: `${ELB_API}/API_CreateTargetGroup.html`,
  },
  {
    at: "healthCheck.path",
    must: "have no spaces",
    when: ({ healthCheck: { path } }) => /\s/.test(path),
    source: `${ELB_GUIDE}/target-group-health-checks.html`,
  },
  {
    at: "healthCheck.matcher.httpCode",
    must: "not be given with `protocolVersion` GRPC",
    when: ({ protocolVersion, healthCheck }) =>
      protocolVersion === "GRPC" && healthCheck.matcher.httpCode !== undefined,
    says: "has no place with GRPC; use grpcCode",
    source: MATCHER,
  },
  {
    at: "healthCheck.matcher.grpcCode",
    must: "be given with `protocolVersion` GRPC only",
    when: ({ protocolVersion, healthCheck }) =>
      protocolVersion !== "GRPC" && healthCheck.matcher.grpcCode !== undefined,
    says: "needs protocolVersion GRPC",
    source: MATCHER,
  },
  {
    at: "healthCheck.matcher.httpCode",
    must: "be codes from 200 to 499, lists of them (`200,202`) and ranges (`200-299`)",
    each: ({ healthCheck: { matcher } }) => faultsOfCodes(matcher.httpCode, 200, 499),
    source: MATCHER,
  },
  {
    at: "healthCheck.matcher.grpcCode",
    must: "be codes from 0 to 99, lists of them (`0,12`) and ranges (`0-5`)",
    each: ({ healthCheck: { matcher } }) => faultsOfCodes(matcher.grpcCode, 0, 99),
    source: MATCHER,
  },
  {
    at: "healthCheck.matcher.httpCode",
    must: "have the lower code of a range first",
    each: ({ healthCheck: { matcher } }) => backwardRanges(matcher.httpCode),
    source: MATCHER,
  },
  {
    at: "healthCheck.matcher.grpcCode",
    must: "have the lower code of a range first",
    each: ({ healthCheck: { matcher } }) => backwardRanges(matcher.grpcCode),
    source: MATCHER,
  },
  ...stickinessRules,
  ...algorithmRules,
];

function faultsOfCodes(codes: string | undefined, least: number, most: number): string[] {
  const isIn = (code: string) => Number(code) >= least && Number(code) <= most;
  return (codes?.split(",") ?? [])
    .filter((part) => !/^[0-9]+(-[0-9]+)?$/.test(part) || !part.split("-").every(isIn))
    .map((part) => `takes codes from ${least} to ${most}, lists and ranges of them; was ${shown(part)}`);
}

function backwardRanges(codes: string | undefined): string[] {
  const ranges = (codes?.split(",") ?? []).map((part) => part.split("-"));
  return ranges
    .filter(([first, last]) => last !== undefined && Number(first) > Number(last))
    .map(([first, last]) => `has the lower code of a range first; was ${first}-${last}`);
}
