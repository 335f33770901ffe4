import { ELB_API, ELB_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { TargetGroupSpec } from "./schema.ts";

const MATCHER = `${ELB_API}/API_Matcher.html` as const;

export const targetGroupRules: readonly SpecRule<TargetGroupSpec>[] = [
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
    when: ({ healthCheck: { port } }) => port !== "traffic-port" && Number(port) > 65_535,
    says: ({ healthCheck: { port } }) => `must be 1 to 65535; was ${port}`,
    source: `${ELB_API}/API_CreateTargetGroup.html`,
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
    must: "hold codes from 200 to 499",
    each: ({ healthCheck: { matcher } }) =>
      (matcher.httpCode?.match(/\d+/g) ?? [])
        .filter((code) => Number(code) < 200 || Number(code) > 499)
        .map((code) => `takes codes from 200 to 499; was ${code}`),
    source: MATCHER,
  },
  {
    at: 'attributes["slow_start.duration_seconds"]',
    must: "be 0 or from 30 to 900",
    when: ({ attributes }) => {
      const seconds = attributes["slow_start.duration_seconds"];
      return typeof seconds === "number" && seconds !== 0 && seconds < 30;
    },
    source: `${ELB_API}/API_TargetGroupAttribute.html`,
  },
  {
    at: 'attributes["stickiness.app_cookie.cookie_name"]',
    must: "be given with `stickiness.type` app_cookie",
    when: ({ attributes }) =>
      attributes["stickiness.type"] === "app_cookie" && !attributes["stickiness.app_cookie.cookie_name"],
    says: "is required with stickiness.type app_cookie",
    reason: "FieldValueRequired",
    source: `${ELB_GUIDE}/sticky-sessions.html`,
  },
];
