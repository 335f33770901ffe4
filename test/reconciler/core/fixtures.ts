/** Small resources of a made-up account, for the tests of the pure core. */
import { addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import { type Call, isDoable, verbOf } from "../../../src/reconciler/core/actions.ts";
import type { HoldReason } from "../../../src/reconciler/core/holds.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import type { Observation, Unreadable } from "../../../src/reconciler/core/observation.ts";
import type {
  DesiredResource,
  Fleet,
  FleetInstance,
  ObservedResource,
  Target,
} from "../../../src/reconciler/core/resource.ts";
import { type DecisionInput, decide } from "../../../src/reconciler/decide.ts";
import { kindNamed as realKindNamed } from "../../../src/reconciler/kinds/registry.ts";

/** A kind that is nothing to traffic or instances. */
export const THING = "thing" as KindName;

export function desired(address: string, more: Partial<DesiredResource> = {}): DesiredResource {
  return { address: addressFrom(address), kind: THING, name: `name-of-${address}`, fields: {}, ...more };
}

export function observed(address: string, more: Partial<ObservedResource> = {}): ObservedResource {
  return {
    kind: THING,
    id: `id-of-${address}`,
    name: `name-of-${address}`,
    address: addressFrom(address),
    owned: true,
    fields: {},
    attributes: { id: `id-of-${address}` },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: 0,
    ...more,
  };
}

/** What is known of the targets of a target group; each is an instance and AWS's state of it. */
export function targetSet(...targets: readonly (readonly [instanceId: string, state: string])[]) {
  const items = targets.map(([instanceId, state]): Target => ({ instanceId, state }));
  return { targetSet: { targets: items, loadBalancers: [] } };
}

export function fleet(more: Partial<Fleet> = {}): { fleet: Fleet } {
  return {
    fleet: {
      minSize: 0,
      maxSize: 9,
      desiredCapacity: 0,
      healthCheckType: "ELB",
      healthCheckGracePeriodSeconds: 0,
      availabilityZones: [],
      suspendedProcesses: [],
      template: undefined,
      usesLaunchTemplate: true,
      instances: [],
      ...more,
    },
  };
}

export function fleetInstance(instanceId: string, more: Partial<FleetInstance> = {}): FleetInstance {
  return {
    instanceId,
    availabilityZone: "us-east-1a",
    lifecycleState: "InService",
    healthStatus: "Healthy",
    protectedFromScaleIn: false,
    template: undefined,
    ...more,
  };
}

/** A call of no AWS service: the core hands calls on and does not look into them. */
function call(operation: `x:${string}`, input: object): Call {
  return { operation, input } as unknown as Call;
}

/** A kind without surprises: one call each for making, changing, tagging and removing. */
export function thing(more: Partial<KindRules> = {}): KindRules {
  return {
    name: THING,
    title: "thing",
    family: "traffic",
    traits: {},
    create: ({ name }) => call("x:Create", { name }),
    update: ({ fields }) => [call("x:Modify", { ...fields })],
    remove: ({ id }) => ({ calls: [call("x:Delete", { id })], isLast: true }),
    tag: (_observed, write, remove) => [call("x:Tag", { write, remove })],
    ...more,
  };
}

/** As plain as a thing, and to traffic and instances what the real kind of the name is. */
export function kindNamed(name: KindName): KindRules {
  const traits = name === THING ? {} : realKindNamed(name).traits;
  return thing({ name, traits, family: name === "alarm" ? "alarms" : "traffic" });
}

export function observation(
  resources: readonly ObservedResource[],
  more: Partial<Observation> = {},
): Observation {
  return { resources, unknownKinds: new Map(), unreadable: [], ...more };
}

/** Something that was found and could not be read; nobody knows its name unless it is given. */
export function unreadable(kind: KindName, name?: string): Unreadable {
  return { id: "id", kind, name, reason: "it failed" };
}

export function decisionInput(more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    kindNamed,
    desired: [],
    observation: observation([]),
    applied: new Map(),
    made: [],
    listLacks: [],
    holds: [],
    goal: "Converge",
    ...more,
  };
}

export function hold(address: string, because: "tried" | "unconfirmed" | "own write", field?: string) {
  const reason: HoldReason = { because };
  return { address: addressFrom(address), reason, ...(field === undefined ? {} : { field }) };
}

/** Verb and address of what would be done now, and of what has to wait. */
export function decided(more: Partial<DecisionInput>): {
  now: string[];
  waiting: string[];
  obstacles: string[];
} {
  const { actions, obstacles } = decide(decisionInput(more));
  const texts = (which: typeof actions) => which.map((action) => `${verbOf(action)} ${action.address}`);
  return {
    now: texts(actions.filter(isDoable)),
    waiting: texts(actions.filter((action) => !isDoable(action))),
    obstacles: obstacles.map((obstacle) => obstacle.reason),
  };
}
