/** Edits that scenarios ask for, and that the seeds do not draw: what a seed tells would else be another history. */
import { followedByRequests } from "../support/followed-by-requests.ts";
import { NIGHT } from "./judges/guards.ts";
import { SCALING_EDITS } from "./scaling-edits.ts";
import type { Spec } from "./specs.ts";

type Json = Record<string, unknown>;

const https = (spec: Spec) => spec.loadBalancer.listeners.find((listener) => listener.port === 443) as Json;

export const RARE_EDITS = {
  ...SCALING_EDITS,
  "certificates change places": (spec: Spec) => {
    https(spec).certificates = [...(https(spec).certificates as string[])].reverse();
  },
  "the second certificate alone": (spec: Spec) => {
    https(spec).certificates = (https(spec).certificates as string[]).slice(1);
  },
  "sticky targets": (spec: Spec) => {
    const web = spec.targetGroups.web as Json;
    web.attributes = { ...(web.attributes as Json), "stickiness.enabled": true };
  },
  "scaled and watched by requests": (spec: Spec) =>
    followedByRequests(spec as Parameters<typeof followedByRequests>[0]),
  "our defaults declined": (spec: Spec) => {
    spec.defaults = "AWS";
    // What AWS demands, and a health check by which a rollout waits for what it brings.
    for (const targetGroup of Object.values(spec.targetGroups)) {
      const check = { path: "/health", healthyThresholdCount: 2, unhealthyThresholdCount: 3 };
      targetGroup.protocol ??= "HTTP";
      targetGroup.healthCheck = { ...check, ...(targetGroup.healthCheck as Json | undefined) };
    }
    for (const group of Object.values(spec.autoScalingGroups)) group.healthCheckType ??= "ELB";
    for (const alarm of Object.values(spec.alarms))
      Object.assign(alarm, { period: 60, evaluationPeriods: 2 });
  },
  "a rule replaced": (spec: Spec) => {
    https(spec).rules = (https(spec).rules as Json[]).map((rule) =>
      rule.name === "api"
        ? { ...rule, name: "search", priority: 30, conditions: [{ pathPattern: ["/search/*"] }] }
        : rule,
    );
  },
  "a rule moves to the other listener": (spec: Spec) => {
    const [moving, ...rest] = https(spec).rules as Json[];
    https(spec).rules = rest;
    for (const listener of spec.loadBalancer.listeners)
      if (listener.port === 80) listener.rules = [moving as Json];
  },
  "names pinned": (spec: Spec) => {
    spec.loadBalancer.name = "prod-web";
    for (const targetGroup of Object.values(spec.targetGroups)) targetGroup.name = "prod-web-a";
    for (const group of Object.values(spec.autoScalingGroups)) {
      Object.assign(group, { name: "prod/web.a" });
      group.launchTemplate.name = "prod/web.a";
    }
  },
  "another target group name": (spec: Spec) => {
    for (const targetGroup of Object.values(spec.targetGroups))
      Object.assign(targetGroup, { name: "prod-web-b", port: 9090 });
  },
  "another group name": (spec: Spec) => {
    for (const group of Object.values(spec.autoScalingGroups)) {
      Object.assign(group, { name: "prod/web.b" });
      group.launchTemplate.name = "prod/web.b";
    }
  },
  "no names": (spec: Spec) => {
    delete spec.loadBalancer.name;
    for (const targetGroup of Object.values(spec.targetGroups)) delete targetGroup.name;
    for (const group of Object.values(spec.autoScalingGroups)) {
      Object.assign(group, { name: undefined });
      delete group.launchTemplate.name;
    }
  },
  "retained, with another idle timeout": (spec: Spec) => {
    spec.deletionPolicy = "Retain";
    const attributes = spec.loadBalancer.attributes as Json | undefined;
    spec.loadBalancer.attributes = { ...attributes, "idle_timeout.timeout_seconds": 99 };
  },
  "nothing waits any more, and another scheme": (spec: Spec) => {
    spec.approval = "Never";
    spec.loadBalancer.scheme = "internal";
  },
  "many more rules": (spec: Spec) => {
    const more = Array.from({ length: 13 }, (_, number) => ({
      ...{
        name: `more-${number}`,
        priority: 1_000 + number,
        conditions: [{ pathPattern: [`/${number}/*`] }],
      },
      action: { fixedResponse: { statusCode: "404" } },
    }));
    https(spec).rules = [...(https(spec).rules as Json[]), ...more];
  },
  "a listener for an empty target group": (spec: Spec) => {
    spec.targetGroups.empty = { port: 9000, protocol: "HTTP", healthCheck: { path: "/health" } };
    const defaultAction = { forward: { targetGroups: [{ targetGroup: "empty", weight: 1 }] } };
    spec.loadBalancer.listeners.push({ port: 8081, protocol: "HTTP", defaultAction });
  },
  "corrected at night": (spec: Spec) => {
    const durationMinutes = 60 * (NIGHT.to - NIGHT.from);
    spec.windows = { allow: [{ cron: `0 ${NIGHT.from} * * *`, durationMinutes }] };
  },
  "a listener moves": (spec: Spec) => {
    https(spec).port = 8443;
  },
} satisfies Record<string, (spec: Spec) => void>;

export type RareEditName = keyof typeof RARE_EDITS;
