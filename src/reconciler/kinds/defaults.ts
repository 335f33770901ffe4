/**
 * What a short spec gets. The values are those of the two checklists that Holdfast is built from: health check on
 * /health every 30 s, ELB health checks with 300 s of grace, 30 s of draining, two instances at least, target
 * tracking, alarms on 5XX answers and on unhealthy hosts.
 */

import { targetGroupAddress } from "../../model/address.ts";
import { isRecord } from "../../model/value.ts";
import { webServiceSpecSchema } from "./web-service.ts";

type Json = Record<string, unknown>;

const mapAt = (parent: Json, name: string): Json => (isRecord(parent[name]) ? (parent[name] as Json) : {});

/** The spec with every default filled in. Takes anything: what is wrong with it is left for validation to say. */
export function withDefaults(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const spec = structuredClone(given);
  if (spec.loadBalancer === undefined) spec.loadBalancer = {};
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
    if (group.scalingPolicies === undefined) {
      group.scalingPolicies = {
        cpu: { targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 70 } },
      };
    }
  }
  if (spec.alarms === undefined) spec.alarms = defaultAlarms(firstTargetGroup);
  return filled(webServiceSpecSchema as DefaultingSchema, spec);
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
  const alarms: Json = {
    "high-5xx": {
      alarmDescription: "The targets answer with 5XX errors.",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions: { LoadBalancer: { ref: "loadBalancer" } },
      statistic: "Sum",
      threshold: 10,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
    },
  };
  if (targetGroup !== undefined) {
    alarms["unhealthy-hosts"] = {
      alarmDescription: "At least one target fails its health check.",
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: {
        LoadBalancer: { ref: "loadBalancer" },
        TargetGroup: { ref: targetGroupAddress(targetGroup) },
      },
      statistic: "Maximum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
    };
  }
  return alarms;
}

interface DefaultingSchema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, DefaultingSchema>>;
  readonly patternProperties?: Readonly<Record<string, DefaultingSchema>>;
  readonly items?: DefaultingSchema;
}

/** The value with the schema's defaults for what is absent, through maps and lists of every kind. */
function filled(schema: DefaultingSchema, given: unknown): unknown {
  const value = given === undefined && schema.default !== undefined ? structuredClone(schema.default) : given;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => filled(items, item));
  }
  if (!isRecord(value)) return value;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const inner = filled(member, value[name]);
    if (inner !== undefined) value[name] = inner;
  }
  for (const [pattern, member] of Object.entries(schema.patternProperties ?? {})) {
    const names = Object.keys(value).filter((name) => new RegExp(pattern, "u").test(name));
    for (const name of names) value[name] = filled(member, value[name]);
  }
  return value;
}
