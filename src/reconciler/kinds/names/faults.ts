/**
 * What is wrong with the names that a spec pins. A name is a resource: two children cannot have one, and what AWS cannot
 * change in place cannot be replaced while its name stays. So the edit is refused, with the way out, and not found out by
 * AWS half-way.
 */
import type { Fault } from "../../../model/errors.ts";
import type { ObjectKey, WebService } from "../../../model/object.ts";
import type { Reason } from "../../../model/reasons.ts";
import { type Value, valuesEqual } from "../../../model/value.ts";
import { addressesIn } from "../../core/references.ts";
import type { DesiredResource } from "../../core/resource.ts";
import { desiredOf, kindNamed } from "../registry.ts";
import { shown } from "../shown.ts";
import type { WebServiceSpec } from "../web-service.ts";

/** Whose spec it is: what the names that are not pinned are made of. */
export interface Named {
  readonly key: ObjectKey;
  /** Value of the owner tag. */
  readonly owner: string;
}

/** @param previous the stored object and what its spec is, where the service is there already */
export function nameFaults(
  named: Named,
  spec: WebServiceSpec,
  previous: { readonly object: WebService; readonly spec: WebServiceSpec } | undefined,
): Fault[] {
  const desired = desiredOf({ ...named, spec });
  const pinned = desired.filter(({ isPinned }) => isPinned === true);
  if (pinned.length === 0) return [];
  const before = previous === undefined ? [] : desiredOf({ ...named, spec: previous.spec });
  return [
    ...pinned.flatMap((resource) => sharedName(resource, desired)),
    ...immutableChanges(
      pinned,
      before.filter(
        (resource) =>
          !isKnownOtherwise(resource, previous?.object.metadata.generation, previous?.object.status),
      ),
    ),
    ...heldByLoadBalancer(pinned, desired, before),
  ];
}

const nameIn = ({ kind, name }: DesiredResource): string => `${kind} ${name}`;
const pathOf = ({ address }: DesiredResource): string => `spec.${address}.name`;

/** Of two that are pinned, the later one is told. */
function sharedName(resource: DesiredResource, desired: readonly DesiredResource[]): Fault[] {
  const others = desired.filter((other) => other !== resource && nameIn(other) === nameIn(resource));
  const first = others.find(
    (other) => other.isPinned !== true || desired.indexOf(other) < desired.indexOf(resource),
  );
  if (first === undefined) return [];
  const how = first.isPinned === true ? pathOf(first) : "the one that Holdfast gives it";
  const message = `is the name of ${first.address} too (${how}), and a name is one resource; was ${shown(nameOf(resource))}`;
  return [{ path: pathOf(resource), message, reason: "FieldValueDuplicate" }];
}

/** As it stands in the spec: that of what sits on a group without its group's. */
function nameOf({ name, initial }: DesiredResource): Value {
  return initial?.policyName ?? initial?.childName ?? name;
}

/**
 * Whether the last pass has seen that AWS has nothing of that name, or something else than what is stored: then to give
 * way is to change the spec.
 */
function isKnownOtherwise(
  { address, name }: DesiredResource,
  generation: number | undefined,
  status: WebService["status"],
): boolean {
  if (status === undefined || status.observedGeneration !== generation) return false;
  const row = status.resources.find(({ key, name: seen }) => key === address && seen === name);
  return row?.reason === DIFFERS || row?.state === "Missing" || row?.state === "Blocked";
}

const DIFFERS: Reason = "ImmutableDiffers";

/** What the name is of is told by the name alone: under another key it is the same resource. */
function immutableChanges(pinned: readonly DesiredResource[], before: readonly DesiredResource[]): Fault[] {
  const stored = new Map(before.map((resource) => [nameIn(resource), resource]));
  const faults = pinned.flatMap((resource) =>
    Object.entries(resource.immutable ?? {}).flatMap(([field, value]): Fault[] => {
      const earlier = stored.get(nameIn(resource))?.immutable?.[field];
      if (earlier === undefined || valuesEqual(earlier, value)) return [];
      const message =
        `AWS cannot change it in place, and ${pathOf(resource)} (${shown(nameOf(resource))}) stays: ` +
        `was ${shown(value)}, stored is ${shown(earlier)}. Change or remove \`name\` in the same edit, so that a replacement is made beside it`;
      return [{ path: fieldPath(resource, field), message, reason: "FieldValueInvalid" }];
    }),
  );
  return faults;
}

/** Of a field that stands above the child, or of none, as the type of a policy. */
function fieldPath({ address, kind }: DesiredResource, field: string): string {
  const { properties = {} } = kindNamed(kind).schema as { properties?: object };
  if (Object.hasOwn(properties, field)) return `spec.${address}.${field}`;
  return field === "vpcId" ? `spec.${field}` : `spec.${address}`;
}

/**
 * AWS lets a target group serve one load balancer
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html): one that stays cannot
 * be forwarded to by the load balancer that takes over, as long as the old one serves.
 */
function heldByLoadBalancer(
  pinned: readonly DesiredResource[],
  desired: readonly DesiredResource[],
  before: readonly DesiredResource[],
): Fault[] {
  const isEntrance = ({ kind }: DesiredResource) => kindNamed(kind).traits.isEntrance === true;
  const entrance = desired.find(isEntrance);
  const earlier = before.find(isEntrance);
  if (entrance === undefined || earlier === undefined || entrance.name === earlier.name) return [];
  const served = [desired, before].map(forwardedNames);
  return pinned
    .filter((resource) => served.every((names) => names.has(nameIn(resource))))
    .map((resource) => ({
      path: pathOf(resource),
      message:
        "would stay while the load balancer is replaced, and AWS lets a target group serve one load balancer at a time; " +
        `was ${shown(resource.name)}. Change or remove it in the same edit, so that a replacement is made beside it`,
      reason: "FieldValueInvalid",
    }));
}

/** What requests are sent to, by its name in AWS. */
function forwardedNames(desired: readonly DesiredResource[]): ReadonlySet<string> {
  const addresses = new Set(
    desired.flatMap(({ kind, fields }) => {
      const { forwardField } = kindNamed(kind).traits;
      return forwardField === undefined ? [] : addressesIn(fields[forwardField]);
    }),
  );
  return new Set(desired.filter(({ address }) => addresses.has(address)).map(nameIn));
}
