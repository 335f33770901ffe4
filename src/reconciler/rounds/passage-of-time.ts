/**
 * What AWS brings about by itself once our calls are made, if all goes well: load balancers become active, instances come
 * into service and targets healthy, what is emptied is empty, and what is being removed is gone. A plan goes on from
 * there, and says that it has assumed it. Pure.
 */
import { valuesEqual } from "../../model/value.ts";
import { instancesFor, unitsPerInstance } from "../core/fleet/units.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Observation } from "../core/observation.ts";
import type { Fleet, FleetInstance, ObservedResource, Target, TemplateVersion } from "../core/resource.ts";
import { runsVersion } from "../core/rollout/wanted.ts";
import { TO_BE_MADE } from "./assumed-answers.ts";

export interface Passage {
  readonly observation: Observation;
  /** What was assumed, in sentences for people; empty where AWS has nothing to do. */
  readonly assumed: readonly string[];
}

type Step = (kindNamed: KindNamed, resources: readonly ObservedResource[]) => readonly ObservedResource[];

/** What is assumed of one resource, if anything. */
type Says = (one: ObservedResource, was: ObservedResource | undefined) => string | undefined;

/** Until nothing of AWS's own is left to come. @param placeOf what people call a resource, by its id */
export function afterTime(
  kindNamed: KindNamed,
  observation: Observation,
  placeOf: (resource: ObservedResource) => string,
): Passage {
  const assumed: string[] = [];
  const step = (before: readonly ObservedResource[], next: Step, says: Says = () => undefined) => {
    const after = next(kindNamed, before);
    const known = new Map(before.map((one) => [one.id, one]));
    const left = new Set(after.map(({ id }) => id));
    for (const one of before)
      if (!left.has(one.id) && one.lifecycle === "deleting") assumed.push(`${placeOf(one)} is gone`);
    for (const one of after) {
      const said = says(one, known.get(one.id));
      if (said !== undefined) assumed.push(`${placeOf(one)} ${said}`);
    }
    return after;
  };
  let resources = step(observation.resources, withoutLeaving);
  resources = step(resources, withFleets, fleetText);
  resources = step(resources, withReferences);
  resources = step(resources, withReady, (_one, was) =>
    was?.lifecycle === "provisioning" && was.fleet === undefined ? "is ready" : undefined,
  );
  resources = step(resources, withTargets(instancesIn(observation.resources)), targetsText);
  return { observation: { ...observation, resources }, assumed: [...new Set(assumed)] };
}

const withoutLeaving: Step = (_kindNamed, resources) =>
  resources.filter(({ lifecycle }) => lifecycle !== "deleting");

const withReady: Step = (_kindNamed, resources) =>
  resources.map((resource) => {
    if (resource.lifecycle !== "provisioning") return resource;
    const { lifecycleReason: _over, ...rest } = resource;
    const entrance = resource.entrance && { ...resource.entrance, state: "active" };
    return { ...rest, lifecycle: "ready", ...(entrance === undefined ? {} : { entrance }) };
  });

/** An update is answered with its fields; whom it uses after that a read shows. */
const withReferences: Step = (kindNamed, resources) =>
  resources.map((resource) => {
    const refersTo = kindNamed(resource.kind).refersTo?.(resource);
    return refersTo === undefined ? resource : { ...resource, refersTo };
  });

const withFleets: Step = (_kindNamed, resources) =>
  resources.map((resource) =>
    resource.fleet === undefined ? resource : withInstances(resource, resource.fleet),
  );

/** As many instances as it is to keep, all of the version that it is to run, and in service. */
function withInstances(resource: ObservedResource, before: Fleet): ObservedResource {
  const { refresh, ...fleet } = before;
  const template = wantedTemplate(resource) ?? fleet.template;
  const minSize = numberIn(resource, "minSize") ?? fleet.minSize;
  const maxSize = numberIn(resource, "maxSize") ?? fleet.maxSize;
  const wanted = numberIn(resource, "desiredCapacity") ?? fleet.desiredCapacity;
  const desiredCapacity = Math.min(maxSize, Math.max(minSize, wanted));
  const isCurrent = (one: FleetInstance) =>
    template === undefined || one.template === undefined || runsVersion(one, template);
  const apart = fleet.instances.filter(({ lifecycleState }) => APART.includes(lifecycleState));
  const kept = fleet.instances
    .filter((one) => one.lifecycleState === "InService" && one.healthStatus !== "Unhealthy")
    .filter((one) => isCurrent(one) || one.protectedFromScaleIn)
    .slice(0, instancesFor(desiredCapacity, fleet));
  const fresh = Array.from(
    { length: instancesFor(desiredCapacity, fleet) - kept.length },
    (_, index): FleetInstance => ({
      instanceId: `i-${TO_BE_MADE}-${resource.name}-${template?.version ?? ""}-${index + 1}`,
      availabilityZone: "",
      lifecycleState: "InService",
      healthStatus: "Healthy",
      protectedFromScaleIn: false,
      template,
      ...(fleet.isWeighted ? { units: unitsPerInstance(fleet) } : {}),
    }),
  );
  const { lifecycleReason: _over, ...rest } = resource;
  return {
    ...rest,
    lifecycle: "ready",
    fields:
      template === undefined ? resource.fields : { ...resource.fields, launchTemplate: { ...template } },
    fleet: {
      ...fleet,
      ...{ minSize, maxSize, desiredCapacity, template },
      healthCheckType: textIn(resource, "healthCheckType") ?? fleet.healthCheckType,
      // One that AWS has given up on stays given up.
      ...(refresh !== undefined && resource.lifecycle === "ready" ? { refresh } : {}),
      instances: [...kept, ...fresh, ...apart],
    },
  };
}

/** They are somebody's, and stay as they are. */
const APART: readonly string[] = ["Standby", "Detached"];

/** Of a group whose instances are of several versions, the one that it names. */
function wantedTemplate({ fields }: ObservedResource): TemplateVersion | undefined {
  const wanted = fields.launchTemplate as Partial<TemplateVersion> | undefined;
  if (wanted?.id === undefined || wanted.version === undefined || wanted.version.includes(","))
    return undefined;
  return { id: wanted.id, version: wanted.version };
}

/**
 * The instances of the groups that fill it, and what somebody has registered by hand; healthy where they are checked.
 * @param former instances that were of a group before
 */
function withTargets(former: ReadonlySet<string>): Step {
  return (kindNamed, resources) => {
    const byId = new Map(resources.map((one) => [one.id, one]));
    const rootOf = (one: ObservedResource): ObservedResource => {
      const above = one.parent === undefined ? undefined : byId.get(one.parent);
      return above === undefined ? one : rootOf(above);
    };
    const now = instancesIn(resources);
    return resources.map((resource) => {
      const { targetSet, id } = resource;
      if (targetSet === undefined) return resource;
      const users = resources.filter(
        (user) => kindNamed(user.kind).traits.forwardField !== undefined && user.refersTo.includes(id),
      );
      const state = users.length > 0 ? "healthy" : "unused";
      const filled = resources
        .filter(({ fleet, refersTo }) => fleet !== undefined && refersTo.includes(id))
        .flatMap(({ fleet }) => fleet?.instances ?? [])
        .filter(({ lifecycleState }) => lifecycleState === "InService")
        .map(({ instanceId }): Target => ({ instanceId, state }));
      const registered = new Set(filled.map(({ instanceId }) => instanceId));
      // What we have registered ourselves, because its group has no place for that, is checked like the others.
      const others = targetSet.targets
        .filter(({ instanceId }) => !registered.has(instanceId))
        .filter((target) =>
          target.state === "initial" ? now.has(target.instanceId) : !former.has(target.instanceId),
        )
        .filter((target) => target.state !== "draining")
        .map(
          (target): Target =>
            target.state === "initial" ? { instanceId: target.instanceId, state } : target,
        );
      const loadBalancers = [...new Set(users.map((user) => rootOf(user).id))];
      return { ...resource, targetSet: { ...targetSet, targets: [...filled, ...others], loadBalancers } };
    });
  };
}

function instancesIn(resources: readonly ObservedResource[]): Set<string> {
  return new Set(
    resources.flatMap(({ fleet }) => (fleet?.instances ?? []).map(({ instanceId }) => instanceId)),
  );
}

function fleetText({ fleet }: ObservedResource, was: ObservedResource | undefined): string | undefined {
  if (fleet === undefined || was?.fleet === undefined) return undefined;
  const before = inService(was.fleet);
  const after = inService(fleet);
  const replaced = before.filter((id) => !after.includes(id)).length;
  const came = after.filter((id) => !before.includes(id)).length;
  if (after.length === 0 && was.fleet.instances.length > 0) return "has no instances any more";
  if (replaced > 0 && came > 0) return `has replaced ${counted(replaced)}`;
  if (came > 0) return `has ${counted(after.length)} in service`;
  if (replaced > 0) return `has terminated ${counted(replaced)}`;
  if (was.lifecycle === "provisioning") return "has ended its instance refresh";
  return undefined;
}

function inService({ instances }: Fleet): string[] {
  return instances
    .filter(({ lifecycleState }) => lifecycleState === "InService")
    .map(({ instanceId }) => instanceId);
}

function counted(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

function targetsText({ targetSet }: ObservedResource, was: ObservedResource | undefined): string | undefined {
  const before = healthyIn(was?.targetSet?.targets ?? []);
  const after = healthyIn(targetSet?.targets ?? []);
  if (after.some((id) => !before.includes(id)))
    return `has ${after.length === 1 ? "1 healthy target" : `${after.length} healthy targets`}`;
  return before.length > 0 && after.length === 0 ? "has drained its targets" : undefined;
}

function healthyIn(targets: readonly Target[]): string[] {
  return targets.filter(({ state }) => state === "healthy").map(({ instanceId }) => instanceId);
}

function numberIn({ fields }: ObservedResource, field: string): number | undefined {
  const value = fields[field];
  return typeof value === "number" ? value : undefined;
}

function textIn({ fields }: ObservedResource, field: string): string | undefined {
  const value = fields[field];
  return typeof value === "string" ? value : undefined;
}

/** Whether time has brought about anything that a decision could rest on. */
export function isSameView(a: Observation, b: Observation): boolean {
  const view = ({ resources }: Observation) =>
    resources.map(({ id, address, name, lifecycle, fields, refersTo, fleet, targetSet }) => ({
      ...{ id, address, name, lifecycle, fields, refersTo, fleet, targetSet },
    }));
  return valuesEqual(JSON.parse(JSON.stringify(view(a))), JSON.parse(JSON.stringify(view(b))));
}
