/** The observation in the terms of `health/`: who serves, who looks after whom, and what the settings are. */
import type {
  AlarmFact,
  GroupFact,
  InstanceFact,
  ListenerFact,
  LoadBalancerFact,
  TargetFact,
  TargetGroupFact,
  TierFacts,
} from "../model/health.ts";
import type { Value } from "../model/value.ts";
import type { Observation, ObservedResource } from "./core/resource.ts";
import type { AlarmDetail } from "./kinds/alarm.ts";
import type { AutoScalingGroupDetail } from "./kinds/auto-scaling-group.ts";
import type { LoadBalancerDetail } from "./kinds/load-balancer.ts";
import type { TargetGroupDetail } from "./kinds/target-group.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";
import type { Machines } from "./observe-instances.ts";

export interface FactsInput {
  readonly observation: Observation;
  /** Address → what is there. */
  readonly current: ReadonlyMap<string, ObservedResource>;
  readonly machines: Machines;
  readonly spec: WebServiceSpec;
  readonly nowMs: number;
}

/** A kind that could not be read leaves its member out: unknown is not the same as empty. */
export function factsOf(input: FactsInput): TierFacts {
  const { observation } = input;
  const isKnown = (kind: string) => !observation.unknownKinds.has(kind) && observation.unreadable.size === 0;
  return {
    nowMs: input.nowMs,
    ...(isKnown("loadBalancer") ? { loadBalancer: loadBalancerFact(input) } : {}),
    ...(isKnown("listener") ? { listeners: ofKind(input, "listener").map(listenerFact) } : {}),
    ...(isKnown("targetGroup") && isKnown("rule") && isKnown("listener")
      ? { targetGroups: ofKind(input, "targetGroup").map((item) => targetGroupFact(input, item)) }
      : {}),
    ...(isKnown("autoScalingGroup")
      ? { groups: ofKind(input, "autoScalingGroup").map((item) => groupFact(input, item)) }
      : {}),
    ...(isKnown("alarm") ? { alarms: ofKind(input, "alarm").map(alarmFact) } : {}),
  };
}

function ofKind({ current }: FactsInput, kind: string): (ObservedResource & { key: string })[] {
  return [...current].filter(([, item]) => item.kind === kind).map(([key, item]) => ({ ...item, key }));
}

function loadBalancerFact({ current }: FactsInput): LoadBalancerFact {
  const item = current.get("loadBalancer");
  if (item === undefined)
    return { name: "", state: "absent", scheme: "", availabilityZones: [], attributes: {} };
  const { zones, state } = item.detail as LoadBalancerDetail;
  return {
    name: item.name,
    state: state ?? "provisioning",
    ...(item.lifecycleReason === undefined ? {} : { stateReason: item.lifecycleReason }),
    scheme: String(item.fields.scheme),
    availabilityZones: [...zones],
    attributes: fieldsBelow(item, "attributes."),
  };
}

function fieldsBelow(item: ObservedResource, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(item.fields)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, value]) => [field.slice(prefix.length), String(value)]),
  );
}

function listenerFact(item: ObservedResource & { key: string }): ListenerFact {
  const action = item.fields.defaultAction as Record<string, Value>;
  const type = String(action.type);
  return {
    key: item.key,
    port: Number(item.fields.port),
    protocol: String(item.fields.protocol),
    defaultAction: type === "redirect" ? "redirect" : type === "fixed-response" ? "fixedResponse" : "forward",
    ...(type === "redirect" ? { redirectProtocol: String(action.protocol) } : {}),
  };
}

function targetGroupFact(
  { observation }: FactsInput,
  item: ObservedResource & { key: string },
): TargetGroupFact {
  const { fields } = item;
  const users = observation.resources.filter((other) => other.kind === "listener" || other.kind === "rule");
  return {
    key: item.key,
    name: item.name,
    healthCheck: {
      ...(fields["healthCheck.path"] === undefined ? {} : { path: String(fields["healthCheck.path"]) }),
      intervalSeconds: Number(fields["healthCheck.intervalSeconds"]),
      timeoutSeconds: Number(fields["healthCheck.timeoutSeconds"]),
      healthyThresholdCount: Number(fields["healthCheck.healthyThresholdCount"]),
      unhealthyThresholdCount: Number(fields["healthCheck.unhealthyThresholdCount"]),
    },
    deregistrationDelaySeconds: Number(fields["attributes.deregistration_delay.timeout_seconds"] ?? 300),
    inUse: users.some((user) => user.refersTo.includes(item.id)),
  };
}

function groupFact(input: FactsInput, item: ObservedResource & { key: string }): GroupFact {
  const { group, refresh } = item.detail as AutoScalingGroupDetail;
  const child = item.key.slice("autoScalingGroups.".length);
  const spec = input.spec.autoScalingGroups[child];
  const policies = [...input.current.values()].filter(
    (other) => other.kind === "scalingPolicy" && other.parent === item.id,
  );
  return {
    key: item.key,
    name: item.name,
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    desiredCapacity: group.DesiredCapacity ?? 0,
    healthCheckType: group.HealthCheckType ?? "EC2",
    healthCheckGracePeriodSeconds: group.HealthCheckGracePeriod ?? 0,
    availabilityZones: group.AvailabilityZones ?? [],
    suspendedProcesses: (group.SuspendedProcesses ?? []).map((process) => process.ProcessName ?? ""),
    targetGroups: (spec?.targetGroups ?? []).map((name) => `targetGroups.${name}`),
    scalingPolicies: policies.length,
    targetTrackingPolicies: policies.filter((policy) => policy.fields.targetValue !== undefined).length,
    usesLaunchTemplate: group.LaunchTemplate !== undefined || group.MixedInstancesPolicy !== undefined,
    httpTokensRequired:
      input.current.get(`${item.key}.launchTemplate`)?.fields["metadataOptions.httpTokens"] === "required",
    instances: (group.Instances ?? []).map((instance) => instanceFact(input, instance)),
    activities: (input.machines.activities.get(item.name) ?? []).map((activity) => ({
      timeMs: activity.StartTime?.getTime() ?? 0,
      status: activity.StatusCode ?? "",
      description: activity.Description ?? "",
      cause: activity.Cause ?? "",
    })),
    ...(refresh === undefined
      ? {}
      : {
          refresh: {
            status: refresh.Status ?? "",
            ...(refresh.PercentageComplete === undefined
              ? {}
              : { percentageComplete: refresh.PercentageComplete }),
            ...(refresh.StatusReason === undefined ? {} : { reason: refresh.StatusReason }),
          },
        }),
  };
}

type GroupInstance = NonNullable<AutoScalingGroupDetail["group"]["Instances"]>[number];

function instanceFact({ current, machines, observation }: FactsInput, instance: GroupInstance): InstanceFact {
  const id = instance.InstanceId ?? "";
  const machine = machines.machines?.get(id);
  const areTargetsKnown = !observation.unknownKinds.has("targetGroup") && observation.unreadable.size === 0;
  return {
    instanceId: id,
    availabilityZone: instance.AvailabilityZone ?? "",
    lifecycleState: instance.LifecycleState ?? "",
    healthStatus: instance.HealthStatus ?? "",
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
    ...(instance.LaunchTemplate?.Version === undefined
      ? {}
      : { launchTemplateVersion: instance.LaunchTemplate.Version }),
    ...(machine?.launchedAtMs === undefined ? {} : { launchedAtMs: machine.launchedAtMs }),
    ...(machine === undefined
      ? {}
      : {
          ec2: {
            state: machine.state,
            systemStatus: machine.systemStatus,
            instanceStatus: machine.instanceStatus,
          },
        }),
    ...(areTargetsKnown ? { targets: targetsOf(id, current) } : {}),
  };
}

function targetsOf(instanceId: string, current: ReadonlyMap<string, ObservedResource>): TargetFact[] {
  return [...current].flatMap(([key, item]) => {
    if (item.kind !== "targetGroup") return [];
    const target = (item.detail as TargetGroupDetail).targets.find(
      (candidate) => candidate.instanceId === instanceId,
    );
    if (target === undefined) return [];
    const { state, reason, description } = target;
    return [
      {
        targetGroup: key,
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(description === undefined ? {} : { description }),
      },
    ];
  });
}

function alarmFact(item: ObservedResource & { key: string }): AlarmFact {
  const { state, hasActions } = item.detail as AlarmDetail;
  return {
    key: item.key,
    name: item.name,
    namespace: String(item.fields.namespace ?? ""),
    metricName: String(item.fields.metricName ?? ""),
    state,
    hasActions,
  };
}
