/** The observation in the terms of `health/`: who serves, who looks after whom, and what the settings are. */
import {
  type Address,
  addressFrom,
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
  RolloutFact,
  TargetFact,
  TargetGroupFact,
  TierFacts,
} from "../model/health.ts";
import type { KindName } from "../model/kind-name.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import type { UnconfirmedAbsence } from "./consistency/unconfirmed-absences.ts";
import type { Comparison } from "./core/compare.ts";
import { isListed, knows, type Observation } from "./core/observation.ts";
import type { DesiredResource, Fleet, FleetInstance, ObservedResource, Seen } from "./core/resource.ts";
import { isSameVersion } from "./core/rollout/wanted.ts";
import { isTag } from "./core/tags.ts";
import type { FleetHandover } from "./cutover/fleet-handover.ts";
import { requestedBy, targetsSentTo } from "./cutover/forward-weights.ts";
import { scalingFacts } from "./kinds/auto-scaling-group/capacity/scaling-facts.ts";
import { isActive } from "./kinds/auto-scaling-group/instance-refresh.ts";
import { asRecord } from "./kinds/field-values.ts";
import { kindNamed } from "./kinds/registry.ts";
import { present } from "./kinds/required.ts";
import { memberOf } from "./kinds/spec-rule.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";
import type { InstanceObservation } from "./observe-instances.ts";
import type { RememberedRollout } from "./rollouts/record.ts";

export interface FactsInput {
  readonly observation: Observation;
  /** What is not in it and may be there all the same. */
  readonly unconfirmed: readonly UnconfirmedAbsence[];
  /** What the spec asks for, also while the service is being deleted: it serves until it is gone. */
  readonly desired: readonly DesiredResource[];
  /** Address → what is there of it. */
  readonly current: ReadonlyMap<Address, ObservedResource>;
  /** The service goes, and leaves what it has. */
  readonly isRetained?: boolean;
  /** Groups that take over from others and are not able to yet. */
  readonly handovers: readonly FleetHandover[];
  /** Ids of what is known to be ours. */
  readonly madeIds: ReadonlySet<string>;
  readonly instances: InstanceObservation;
  readonly spec: WebServiceSpec;
  /** Address of a group → what is remembered of the rollout that was begun last. */
  readonly rollouts: ReadonlyMap<string, RememberedRollout>;
  /** What is wanted beside what is there, for what of it is left to others. */
  readonly comparisons: readonly Pick<Comparison, "desired" | "observed" | "left">[];
  readonly nowMs: number;
}

/** What is there, under the address at which it is wanted, or was. */
type Placed = Seen & { readonly key: Address; readonly isLeaving: boolean };

/**
 * Each member rests on the lists and details that it needs, and on no others: what could not be read leaves out what it
 * would have said, and nothing else. So does a list that lacks what a second look may show again: who is not in it may
 * serve, and what is in it may look unused because of that. Unknown is not the same as empty.
 */
export function factsOf(input: FactsInput): TierFacts {
  const loadBalancer = loadBalancerFact(input);
  const listeners = believed(input, "listener");
  const targetGroups = believed(input, "targetGroup");
  const groups = believed(input, "autoScalingGroup");
  const alarms = believed(input, "alarm");
  const unconfirmed = input.unconfirmed.map(({ kind, name }) => ({
    kind,
    text: `${kindNamed(kind).title} ${name}`,
  }));
  return {
    nowMs: input.nowMs,
    ...(unconfirmed.length === 0 ? {} : { unconfirmed }),
    ...forwardsElsewhere(input),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(listeners === undefined ? {} : { listeners: wanted(listeners).map(listenerFact) }),
    ...(targetGroups === undefined
      ? {}
      : { targetGroups: targetGroups.map((item) => targetGroupFact(input, item)) }),
    ...(groups === undefined ? {} : { groups: groups.map((item) => groupFact(input, item, targetGroups)) }),
    ...(alarms === undefined ? {} : { alarms: wanted(alarms).map(alarmFact) }),
  };
}

/**
 * All of a kind that is ours: what is wanted, by what was read of it or else by what its list says, and what is to go.
 * `undefined` when there may be more.
 */
function placed(input: FactsInput, kind: KindName): Placed[] | undefined {
  const { observation, current, desired, madeIds, isRetained } = input;
  if (!isListed(observation, kind)) return undefined;
  // What was released is nobody's to find any more, and stands all the same.
  if (isRetained === true && desired.some((one) => one.kind === kind && !current.has(one.address)))
    return undefined;
  const here = [...current].filter(([, item]) => item.kind === kind);
  const ids = new Set(here.map(([, { id }]) => id));
  const partly = observation.unreadable
    .filter((item) => item.kind === kind && !ids.has(item.id))
    .map((item) => {
      const address = desired.find((one) => one.kind === kind && one.name === item.name)?.address;
      return address !== undefined && item.glimpse !== undefined && madeIds.has(item.id)
        ? { ...item.glimpse, key: address, isLeaving: false }
        : undefined;
    });
  if (partly.includes(undefined)) return undefined;
  const leaving = observation.resources
    .filter((item) => item.kind === kind && item.owned && !ids.has(item.id))
    .map((item) => ({ ...item, key: keyOfLeaving(item), isLeaving: true }));
  return [
    ...here.map(([address, item]) => ({ ...item, key: address, isLeaving: false })),
    ...partly.filter((item) => item !== undefined),
    ...leaving,
  ];
}

/** As {@link placed}, and nothing of it may be missing. */
function believed(input: FactsInput, kind: KindName): Placed[] | undefined {
  return isDoubted(input, kind) ? undefined : placed(input, kind);
}

/** Whether something of the kind may be there that no list shows: also what is asked for below what is not shown. */
function isDoubted({ unconfirmed }: FactsInput, kind: KindName): boolean {
  const above = kindNamed(kind).sitsOn;
  const kinds: ReadonlySet<KindName | undefined> = new Set([kind, above, above && kindNamed(above).sitsOn]);
  return unconfirmed.some((absence) => kinds.has(absence.kind));
}

/** A target group may have a successor at its address; no two groups have one address. */
function keyOfLeaving({ kind, address, name }: ObservedResource): Address {
  return kind === "targetGroup" ? addressFrom(name) : (address ?? addressFrom(name));
}

function wanted(items: readonly Placed[]): Placed[] {
  return items.filter(({ isLeaving }) => !isLeaving);
}

/** Until its successor is there, the one that is to go lets the requests in. */
function loadBalancerFact(input: FactsInput): LoadBalancerFact | undefined {
  const items = placed(input, "loadBalancer");
  if (items === undefined) return undefined;
  const isReady = (item: Placed | undefined) => item?.entrance?.state === "active";
  const item = items.find(({ key, isLeaving }) => key === LOAD_BALANCER && !isLeaving);
  const before = predecessorOf(items);
  const serving = before ?? item ?? items.find(isReady);
  if (!isReady(serving) && isDoubted(input, "loadBalancer")) return undefined;
  if (serving === undefined)
    return { name: "", state: "absent", scheme: "", availabilityZones: [], attributes: {} };
  const { availabilityZones, state } = present(serving.entrance, "its entrance");
  return {
    name: serving.name,
    state: state ?? "provisioning",
    ...(serving.lifecycleReason === undefined ? {} : { stateReason: serving.lifecycleReason }),
    ...(before === undefined || item === undefined ? {} : { successor: item.name }),
    scheme: String(serving.fields.scheme),
    availabilityZones: [...availabilityZones],
    attributes: fieldsBelow(serving, "attributes."),
  };
}

/**
 * The load balancer that clients know, while another one stands ready to take its place: it goes when that is active and
 * has enough healthy targets, and no earlier.
 */
function predecessorOf(items: readonly Placed[]): Placed | undefined {
  const isRouting = ({ entrance }: Placed) =>
    entrance?.state === "active" || entrance?.state === "active_impaired";
  return items.find((item) => item.isLeaving && item.lifecycle !== "deleting" && isRouting(item));
}

function fieldsBelow(item: Seen, prefix: string): Record<string, string> {
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
    key: item.key,
    port: Number(item.fields.port),
    protocol: String(item.fields.protocol),
    defaultAction: type === "redirect" ? "redirect" : type === "fixed-response" ? "fixedResponse" : "forward",
    ...(type === "redirect" ? { redirectProtocol: String(action.protocol) } : {}),
  };
}

function targetGroupFact(input: FactsInput, item: Placed): TargetGroupFact {
  const { fields } = item;
  const delay = fields["attributes.deregistration_delay.timeout_seconds"];
  const from = sendersTo(input, item);
  const inUse = from.length > 0 || (isEverySenderKnown(input) ? false : undefined);
  const targets = item.targetSet?.targets.filter(({ state }) => state !== "draining").length;
  return {
    key: item.key,
    name: item.name,
    ...(item.isLeaving ? { isLeaving: true } : {}),
    healthCheck: {
      ...(fields["healthCheck.path"] === undefined ? {} : { path: String(fields["healthCheck.path"]) }),
      intervalSeconds: Number(fields["healthCheck.intervalSeconds"]),
      timeoutSeconds: Number(fields["healthCheck.timeoutSeconds"]),
      healthyThresholdCount: Number(fields["healthCheck.healthyThresholdCount"]),
      unhealthyThresholdCount: Number(fields["healthCheck.unhealthyThresholdCount"]),
    },
    ...(delay === undefined ? {} : { deregistrationDelaySeconds: Number(delay) }),
    ...(inUse === undefined ? {} : { inUse }),
    ...(from.length === 0 ? {} : { requestedBy: from }),
    ...(targets === undefined ? {} : { targets }),
    ...(item.targetSet === undefined ? { isUnread: true } : {}),
  };
}

/** Addresses of the listeners and rules that do so now; a name in one with weight 0 is no request. */
function sendersTo(input: FactsInput, { id }: Placed): string[] {
  const { observation, current } = input;
  const glimpses = observation.unreadable.flatMap(({ glimpse }) => glimpse ?? []);
  const addressOf = (sender: Seen) =>
    [...current].find(([, one]) => one.id === sender.id)?.[0] ??
    observation.resources.find((one) => one.id === sender.id)?.address ??
    sender.name;
  return reachedIn(input, [...observation.resources, ...glimpses])
    .filter((sender) => targetsSentTo(kindNamed, sender).includes(id))
    .map(addressOf)
    .sort();
}

function isEverySenderKnown(input: FactsInput): boolean {
  const { observation } = input;
  return (["listener", "rule"] as const).every(
    (kind) =>
      isListed(observation, kind) &&
      !isDoubted(input, kind) &&
      observation.unreadable.every((item) => item.kind !== kind || item.glimpse !== undefined),
  );
}

/** Without what stands on a load balancer that no client knows yet: the one that it replaces takes the requests. */
function reachedIn(input: FactsInput, resources: readonly Seen[]): readonly Seen[] {
  const items = placed(input, "loadBalancer");
  const waiting = items === undefined || predecessorOf(items) === undefined ? undefined : items;
  if (waiting === undefined) return resources;
  const idle = new Set(waiting.filter(({ isLeaving }) => !isLeaving).map(({ id }) => id));
  const byId = new Map(resources.map((one) => [one.id, one]));
  const isIdle = ({ id, parent }: Seen): boolean => {
    if (idle.has(id)) return true;
    const above = parent === undefined || parent === id ? undefined : byId.get(parent);
    return (parent !== undefined && idle.has(parent)) || (above !== undefined && isIdle(above));
  };
  return resources.filter((one) => !isIdle(one));
}

/** Target groups that are not ours, to which others have requests sent where the spec leaves that to them. */
function forwardsElsewhere({ comparisons, observation }: FactsInput): Pick<TierFacts, "forwardsElsewhere"> {
  const left = comparisons.flatMap(({ desired: { kind }, observed, left: fields = [] }) =>
    observed !== undefined && fields.some(({ field }) => field === kindNamed(kind).traits.forwardField)
      ? [observed]
      : [],
  );
  const known = new Set(observation.resources.filter(({ owned }) => owned).map(({ id }) => id));
  const elsewhere = [...requestedBy(kindNamed, left)].filter((arn) => !known.has(arn)).sort();
  return elsewhere.length === 0 ? {} : { forwardsElsewhere: elsewhere };
}

function groupFact(input: FactsInput, item: Placed, all: readonly Placed[] | undefined): GroupFact {
  const fleet = present(item.fleet, "its fleet");
  const { key, name } = item;
  const { instances, observation } = input;
  const declared = (item.isLeaving ? undefined : memberOf(input.spec.autoScalingGroups, childNameOf(key)))
    ?.targetGroups;
  const targetGroups = (declared ?? []).map(targetGroupAddress);
  const attached = all?.filter(({ id }) => item.refersTo.includes(id)).map((one) => one.key) ?? [];
  const others = attached.filter((one) => !targetGroups.includes(one));
  const handover = input.handovers.find(({ from }) => from.id === item.id);
  const successor = handover?.to[0];
  const template = input.current.get(launchTemplateAddress(key));
  const activities = instances.activities.get(name);
  const rollout = rolloutFact(input, key, fleet, template);
  return {
    key,
    name,
    ...(item.isLeaving ? { isLeaving: true } : {}),
    ...(successor === undefined ? {} : { successor }),
    ...(item.lifecycle === "deleting" ? { isBeingDeleted: true } : {}),
    minSize: fleet.minSize,
    maxSize: fleet.maxSize,
    desiredCapacity: fleet.desiredCapacity,
    ...(fleet.isWeighted ? { isWeighted: true } : {}),
    healthCheckType: fleet.healthCheckType,
    healthCheckGracePeriodSeconds: fleet.healthCheckGracePeriodSeconds,
    availabilityZones: [...fleet.availabilityZones],
    suspendedProcesses: [...fleet.suspendedProcesses],
    targetGroups,
    ...(others.length === 0 ? {} : { otherTargetGroups: others }),
    ...(knows(observation, "scalingPolicy") && !isDoubted(input, "scalingPolicy")
      ? policiesOf(input, item)
      : {}),
    ...scalingFacts({
      group: item,
      spec: memberOf(input.spec.autoScalingGroups, childNameOf(key)),
      resources: [...input.current.values()],
      alarms: instances.alarms,
    }),
    usesLaunchTemplate: fleet.usesLaunchTemplate,
    ...(template === undefined
      ? {}
      : { httpTokensRequired: template.fields["metadataOptions.httpTokens"] === "required" }),
    instances: fleet.instances.map((instance) => instanceFact(input, instance, fleet, all)),
    ...(activities === undefined ? {} : { activities: activities.map((activity) => ({ ...activity })) }),
    ...(rollout === undefined ? {} : { rollout }),
  };
}

function policiesOf({ current }: FactsInput, group: Placed) {
  const policies = [...current.values()].filter(
    ({ kind, parent }) => kind === "scalingPolicy" && parent === group.id,
  );
  return {
    scalingPolicies: policies.length,
    targetTrackingPolicies: policies.filter(({ fields }) => fields.targetValue !== undefined).length,
  };
}

/** What it changes stands in the versions of the template: the one that the group names, and the one that is to come. */
function rolloutFact(
  { rollouts, spec }: FactsInput,
  key: Address,
  { refresh, template: from }: Fleet,
  template: ObservedResource | undefined,
): RolloutFact | undefined {
  if (refresh === undefined || !isActive(refresh)) return undefined;
  const versions = template?.templateVersions?.versions ?? [];
  const contentOf = (version: string | undefined) =>
    versions.find(({ number }) => String(number) === version)?.fields;
  const { generation, evidence = [] } = rollouts.get(key) ?? {};
  const { status, startedAtMs, percentageComplete, alarms = [], isRolledBack = false } = refresh;
  const settings = memberOf(spec.autoScalingGroups, childNameOf(key))?.instanceRefresh;
  return {
    status,
    stoppedBy: [...alarms],
    ...(isRolledBack ? { undoneBy: "AWS" } : {}),
    ...(!isRolledBack && settings !== undefined
      ? { undoneBy: settings.autoRollback === false ? "nobody" : "Holdfast" }
      : {}),
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(percentageComplete === undefined ? {} : { percentageComplete }),
    ...(generation === undefined ? {} : { generation }),
    ...(evidence.length === 0 ? {} : { seen: evidence.map(({ why }) => why) }),
    changes: changesBetween(contentOf(from?.version), contentOf(refresh.template?.version)),
  };
}

function changesBetween(
  before: Readonly<Record<string, Value>> | undefined,
  after: Readonly<Record<string, Value>> | undefined,
): RolloutFact["changes"] {
  if (before === undefined || after === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isTag(field) && !valuesEqual(before[field] ?? null, after[field] ?? null))
    .sort()
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }));
}

function instanceFact(
  { instances }: FactsInput,
  instance: FleetInstance,
  { refresh }: Fleet,
  targetGroups: readonly Placed[] | undefined,
): InstanceFact {
  const {
    instanceId,
    availabilityZone,
    lifecycleState,
    healthStatus,
    protectedFromScaleIn,
    template,
    units,
  } = instance;
  const ec2 = instances.ec2?.get(instanceId);
  const goal = refresh !== undefined && isActive(refresh) ? refresh.template : undefined;
  const targets = targetsOf(instanceId, targetGroups);
  return {
    instanceId,
    availabilityZone,
    lifecycleState,
    healthStatus,
    protectedFromScaleIn,
    ...(units === undefined ? {} : { units }),
    ...(template === undefined ? {} : { launchTemplateVersion: template.version }),
    ...(ec2?.launchedAtMs === undefined ? {} : { launchedAtMs: ec2.launchedAtMs }),
    ...(ec2 === undefined
      ? {}
      : {
          ec2: { state: ec2.state, systemStatus: ec2.systemStatus, instanceStatus: ec2.instanceStatus },
        }),
    ...(targets === undefined ? {} : { targets }),
    ...(goal !== undefined && isSameVersion(template, goal) ? { isOfRollout: true } : {}),
  };
}

/** `undefined` when the health of none could be read. */
function targetsOf(
  instanceId: string,
  targetGroups: readonly Placed[] | undefined,
): TargetFact[] | undefined {
  if (targetGroups === undefined) return undefined;
  const read = targetGroups.filter(({ targetSet }) => targetSet !== undefined);
  if (read.length === 0 && targetGroups.length > 0) return undefined;
  return read.flatMap(({ key, targetSet }) => {
    const target = targetSet?.targets.find((candidate) => candidate.instanceId === instanceId);
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

function alarmFact(item: Placed): AlarmFact {
  const { state, hasActions, onlyScales } = present(item.alarmState, "its state");
  return {
    key: item.key,
    name: item.name,
    namespace: String(item.fields.namespace ?? ""),
    metricName: String(item.fields.metricName ?? ""),
    state,
    hasActions,
    ...(onlyScales ? { onlyScales: true } : {}),
  };
}
