/** The observation in the terms of `health/`: who serves, who looks after whom, and what the settings are. */
import {
  type Address,
  childNameOf,
  LOAD_BALANCER,
  launchTemplateAddress,
  targetGroupAddress,
} from "../model/address.ts";
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
import type { KindName } from "../model/kind-name.ts";
import { isListed, type Observation } from "./core/observation.ts";
import type { FleetInstance, ObservedResource, Refresh } from "./core/resource.ts";
import { asRecord } from "./kinds/field-values.ts";
import { present } from "./kinds/required.ts";
import { memberOf } from "./kinds/spec-rule.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";
import type { InstanceObservation } from "./observe-instances.ts";

export interface FactsInput {
  readonly observation: Observation;
  /** Address → what is there. */
  readonly current: ReadonlyMap<Address, ObservedResource>;
  readonly instances: InstanceObservation;
  readonly spec: WebServiceSpec;
  readonly nowMs: number;
}

/** What is there, under the address at which it is wanted. */
type Placed = ObservedResource & { readonly address: Address };

/** A kind that could not be read leaves its member out: unknown is not the same as empty. */
export function factsOf(input: FactsInput): TierFacts {
  const isSure = (kind: KindName) => isSureOf(input.observation, kind);
  return {
    nowMs: input.nowMs,
    ...(isSure("loadBalancer") ? { loadBalancer: loadBalancerFact(input) } : {}),
    ...(isSure("listener") ? { listeners: ofKind(input, "listener").map(listenerFact) } : {}),
    ...(isSure("targetGroup") && isSure("rule") && isSure("listener")
      ? { targetGroups: ofKind(input, "targetGroup").map((item) => targetGroupFact(input, item)) }
      : {}),
    ...(isSure("autoScalingGroup")
      ? { groups: ofKind(input, "autoScalingGroup").map((item) => groupFact(input, item)) }
      : {}),
    ...(isSure("alarm") ? { alarms: ofKind(input, "alarm").map(alarmFact) } : {}),
  };
}

/**
 * The kind was listed, and nothing at all was unreadable. That is more than the plan asks, because a fact about one
 * kind rests on others (who forwards to a target group, where an instance is a target), and a verdict on health that
 * was given with a part missing would be taken back when the part is read.
 */
function isSureOf(observation: Observation, kind: KindName): boolean {
  return isListed(observation, kind) && observation.unreadable.length === 0;
}

function ofKind({ current }: FactsInput, kind: KindName): Placed[] {
  return [...current]
    .filter(([, item]) => item.kind === kind)
    .map(([address, item]) => ({ ...item, address }));
}

function loadBalancerFact({ current }: FactsInput): LoadBalancerFact {
  const item = current.get(LOAD_BALANCER);
  if (item === undefined)
    return { name: "", state: "absent", scheme: "", availabilityZones: [], attributes: {} };
  const { availabilityZones, state } = present(item.entrance, "its entrance");
  return {
    name: item.name,
    state: state ?? "provisioning",
    ...(item.lifecycleReason === undefined ? {} : { stateReason: item.lifecycleReason }),
    scheme: String(item.fields.scheme),
    availabilityZones: [...availabilityZones],
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

function listenerFact(item: Placed): ListenerFact {
  const action = asRecord(item.fields.defaultAction, "defaultAction");
  const type = String(action.type);
  return {
    key: item.address,
    port: Number(item.fields.port),
    protocol: String(item.fields.protocol),
    defaultAction: type === "redirect" ? "redirect" : type === "fixed-response" ? "fixedResponse" : "forward",
    ...(type === "redirect" ? { redirectProtocol: String(action.protocol) } : {}),
  };
}

function targetGroupFact({ observation }: FactsInput, item: Placed): TargetGroupFact {
  const { fields } = item;
  const users = observation.resources.filter((other) => other.kind === "listener" || other.kind === "rule");
  return {
    key: item.address,
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

function groupFact(input: FactsInput, item: Placed): GroupFact {
  const fleet = present(item.fleet, "its fleet");
  const { address, name } = item;
  const spec = memberOf(input.spec.autoScalingGroups, childNameOf(address));
  const template = input.current.get(launchTemplateAddress(address));
  const policies = [...input.current.values()].filter(
    (other) => other.kind === "scalingPolicy" && other.parent === item.id,
  );
  return {
    key: address,
    name,
    minSize: fleet.minSize,
    maxSize: fleet.maxSize,
    desiredCapacity: fleet.desiredCapacity,
    healthCheckType: fleet.healthCheckType,
    healthCheckGracePeriodSeconds: fleet.healthCheckGracePeriodSeconds,
    availabilityZones: [...fleet.availabilityZones],
    suspendedProcesses: [...fleet.suspendedProcesses],
    targetGroups: (spec?.targetGroups ?? []).map(targetGroupAddress),
    scalingPolicies: policies.length,
    targetTrackingPolicies: policies.filter((policy) => policy.fields.targetValue !== undefined).length,
    usesLaunchTemplate: fleet.usesLaunchTemplate,
    httpTokensRequired: template?.fields["metadataOptions.httpTokens"] === "required",
    instances: fleet.instances.map((instance) => instanceFact(input, instance)),
    activities: (input.instances.activities.get(name) ?? []).map((activity) => ({ ...activity })),
    ...(fleet.refresh === undefined ? {} : { refresh: refreshFact(fleet.refresh) }),
  };
}

function refreshFact({ status, percentageComplete, reason }: Refresh): NonNullable<GroupFact["refresh"]> {
  return {
    status,
    ...(percentageComplete === undefined ? {} : { percentageComplete }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function instanceFact(
  { current, instances, observation }: FactsInput,
  instance: FleetInstance,
): InstanceFact {
  const { instanceId, availabilityZone, lifecycleState, healthStatus, protectedFromScaleIn, template } =
    instance;
  const ec2 = instances.ec2?.get(instanceId);
  return {
    instanceId,
    availabilityZone,
    lifecycleState,
    healthStatus,
    protectedFromScaleIn,
    ...(template === undefined ? {} : { launchTemplateVersion: template.version }),
    ...(ec2?.launchedAtMs === undefined ? {} : { launchedAtMs: ec2.launchedAtMs }),
    ...(ec2 === undefined
      ? {}
      : {
          ec2: { state: ec2.state, systemStatus: ec2.systemStatus, instanceStatus: ec2.instanceStatus },
        }),
    ...(isSureOf(observation, "targetGroup") ? { targets: targetsOf(instanceId, current) } : {}),
  };
}

function targetsOf(instanceId: string, current: ReadonlyMap<Address, ObservedResource>): TargetFact[] {
  return [...current].flatMap(([address, { targetSet }]) => {
    const target = targetSet?.targets.find((candidate) => candidate.instanceId === instanceId);
    if (target === undefined) return [];
    const { state, reason, description } = target;
    return [
      {
        targetGroup: address,
        state,
        ...(reason === undefined ? {} : { reason }),
        ...(description === undefined ? {} : { description }),
      },
    ];
  });
}

function alarmFact(item: Placed): AlarmFact {
  const { state, hasActions } = present(item.alarmState, "its state");
  return {
    key: item.address,
    name: item.name,
    namespace: String(item.fields.namespace ?? ""),
    metricName: String(item.fields.metricName ?? ""),
    state,
    hasActions,
  };
}
