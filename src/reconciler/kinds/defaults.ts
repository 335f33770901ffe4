/**
 * What a short spec gets. The values that are recommended are those of the two checklists that Holdfast is built from:
 * health check on /health every 30 s, ELB health checks with 300 s of grace, 30 s of draining, two instances at least,
 * target tracking, alarms on 5XX answers and on unhealthy hosts. With `spec.defaults` AWS it gets what AWS documents.
 */

import { targetGroupAddress } from "../../model/address.ts";
import { ERROR_ALARM, healthAlarm, RECOMMENDED_POLICIES } from "../../model/recommendations.ts";
import { isRecord } from "../../model/value.ts";
import { ABSENT, type FieldMeta, META } from "./field.ts";
import { SSL_POLICY_OF_AWS } from "./listener/schema.ts";
import { healthCheckOfAws } from "./target-group/schema.ts";
import { webServiceSpecSchema } from "./web-service.ts";

type Json = Record<string, unknown>;

const mapAt = (parent: Json, name: string): Json => (isRecord(parent[name]) ? (parent[name] as Json) : {});

/** The spec with every default filled in. Takes anything: what is wrong with it is left for validation to say. */
export function withDefaults(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const spec = structuredClone(given);
  if (spec.loadBalancer === undefined) spec.loadBalancer = {};
  return spec.defaults === "AWS" ? withDefaultsOfAws(spec) : withRecommendations(spec);
}

/**
 * What AWS documents for a member that nobody gives. What it has no default for stays out: where AWS demands it
 * (`minSize`, say), it is missing; where it decides by itself (`httpTokens`), nothing is said of it.
 */
function withDefaultsOfAws(spec: Json): unknown {
  for (const targetGroup of Object.values(mapAt(spec, "targetGroups")).filter(isRecord)) {
    if (targetGroup.healthCheck === undefined) targetGroup.healthCheck = {};
    if (!isRecord(targetGroup.healthCheck)) continue;
    const { path, matcher } = healthCheckOfAws(targetGroup.protocolVersion);
    targetGroup.healthCheck.path ??= path;
    targetGroup.healthCheck.matcher ??= matcher;
  }
  const { listeners } = mapAt(spec, "loadBalancer");
  for (const listener of Array.isArray(listeners) ? listeners.filter(isRecord) : []) {
    if (listener.protocol === "HTTPS" && listener.sslPolicy === undefined)
      listener.sslPolicy = SSL_POLICY_OF_AWS;
  }
  return filled(webServiceSpecSchema as DefaultingSchema, spec, absentOf);
}

function withRecommendations(spec: Json): unknown {
  const [firstTargetGroup] = Object.keys(mapAt(spec, "targetGroups"));
  const loadBalancer = spec.loadBalancer;
  if (isRecord(loadBalancer) && loadBalancer.listeners === undefined && firstTargetGroup !== undefined) {
    loadBalancer.listeners = [
      { port: 80, protocol: "HTTP", defaultAction: { forward: { targetGroup: firstTargetGroup } } },
    ];
  }
  for (const targetGroup of Object.values(mapAt(spec, "targetGroups")).filter(isRecord)) {
    if (targetGroup.attributes === undefined || isRecord(targetGroup.attributes)) {
      targetGroup.attributes = {
        "deregistration_delay.timeout_seconds": 30,
        ...mapAt(targetGroup, "attributes"),
      };
    }
    withHealthCheckDefaults(targetGroup);
  }
  const targetGroups = Object.keys(mapAt(spec, "targetGroups"));
  for (const group of Object.values(mapAt(spec, "autoScalingGroups")).filter(isRecord)) {
    if (group.targetGroups === undefined) group.targetGroups = targetGroups;
    // A capacity that is fixed is nobody's to scale.
    if (group.scalingPolicies === undefined && group.desiredCapacityPolicy !== "Fixed") {
      group.scalingPolicies = structuredClone(RECOMMENDED_POLICIES);
    }
  }
  if (spec.alarms === undefined) spec.alarms = structuredClone(defaultAlarms(firstTargetGroup));
  return filled(webServiceSpecSchema as DefaultingSchema, spec, (schema) => schema.default);
}

/** A check speaks the target group's protocol, and success is what that protocol calls success. */
function withHealthCheckDefaults(targetGroup: Json): void {
  if (targetGroup.healthCheck === undefined) targetGroup.healthCheck = {};
  const { healthCheck } = targetGroup;
  if (!isRecord(healthCheck)) return;
  if (healthCheck.protocol === undefined && targetGroup.protocol === "HTTPS") healthCheck.protocol = "HTTPS";
  if (healthCheck.matcher === undefined) {
    healthCheck.matcher = targetGroup.protocolVersion === "GRPC" ? { grpcCode: "12" } : { httpCode: "200" };
  }
}

function defaultAlarms(targetGroup: string | undefined): Json {
  return {
    ...ERROR_ALARM,
    ...(targetGroup === undefined ? {} : healthAlarm(targetGroupAddress(targetGroup))),
  };
}

interface DefaultingSchema {
  readonly default?: unknown;
  readonly [META]?: FieldMeta;
  readonly [ABSENT]?: unknown;
  readonly properties?: Readonly<Record<string, DefaultingSchema>>;
  readonly patternProperties?: Readonly<Record<string, DefaultingSchema>>;
  readonly items?: DefaultingSchema;
}

/**
 * What AWS makes of a field that nobody gives. A map that only holds others is nobody's opinion, nor is what AWS knows
 * nothing of. What a launch template leaves open is decided at each launch, by account and image: to write it down would
 * be to decide it.
 */
function absentOf(schema: DefaultingSchema): unknown {
  const { default: ours, [META]: meta, [ABSENT]: part } = schema;
  if (meta?.change === "ec2:CreateLaunchTemplateVersion") return undefined;
  const isOurs = meta?.aws === "";
  const isEmptyMap = isRecord(ours) && Object.keys(ours).length === 0;
  return meta?.absent ?? part ?? (isOurs || isEmptyMap ? ours : undefined);
}

/** The value with the defaults for what is absent, through maps and lists of every kind. */
function filled(
  schema: DefaultingSchema,
  given: unknown,
  defaultOf: (schema: DefaultingSchema) => unknown,
): unknown {
  const preset = given === undefined ? defaultOf(schema) : undefined;
  const value = preset === undefined ? given : structuredClone(preset);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => filled(items, item, defaultOf));
  }
  if (!isRecord(value)) return value;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const inner = filled(member, value[name], defaultOf);
    if (inner !== undefined) value[name] = inner;
  }
  for (const [pattern, member] of Object.entries(schema.patternProperties ?? {})) {
    const names = Object.keys(value).filter((name) => new RegExp(pattern, "u").test(name));
    for (const name of names) value[name] = filled(member, value[name], defaultOf);
  }
  return value;
}
