/** The nouns of a pass. Desired and observed have one shape, so that one plain comparison serves every kind. */
import type { Value } from "../../model/value.ts";

/** Field path within a resource (`healthCheck.path`, `tags.team`) → comparable value. */
export type Fields = Record<string, Value>;

/**
 * Points from one desired resource at another, by the address of the sibling; `attribute` says which of its
 * identifiers AWS wants there (`arn`, `id`, `name`, `dimension`, `version`, …).
 */
export interface Reference {
  readonly $ref: string;
  readonly attribute: string;
}

export interface DesiredResource {
  /** Address in the spec, for example `targetGroups.web`. */
  readonly key: string;
  readonly kind: string;
  /** Deterministic physical name; for what AWS does not name, one made of its parent's name. */
  readonly name: string;
  /** May hold {@link Reference}s anywhere. Secrets are digests here. */
  readonly fields: Fields;
  /** The secrets behind the digests, by field. Never stored, logged or shown. */
  readonly secrets?: Record<string, string>;
  /** Addresses that must exist first although no field refers to them. */
  readonly after?: readonly string[];
  /** Used once, when the resource is made; never compared afterwards. */
  readonly initial?: Fields;
  /** How changes to it are to be made; never compared. */
  readonly settings?: Fields;
}

/**
 * - `ready`: AWS has finished with it.
 * - `provisioning`: AWS is still making or changing it.
 * - `deleting`: AWS is removing it.
 * - `failed`: AWS gave up on it.
 */
export type Lifecycle = "ready" | "provisioning" | "deleting" | "failed";

export interface ObservedResource {
  readonly kind: string;
  /** AWS's identifier: ARN, template id, group name. */
  readonly id: string;
  readonly name: string;
  /** Address from its tag or name; undefined when it says none. */
  readonly key: string | undefined;
  /** Whether it carries our owner tag (or, where AWS has no tags, sits on such a resource under a name of ours). */
  readonly owned: boolean;
  readonly fields: Fields;
  /** Identifiers that a {@link Reference} may ask for. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids of the resources that it refers to: they cannot go before it does. */
  readonly refersTo: readonly string[];
  /** Id of the resource that takes this one with it when it is deleted. */
  readonly parent?: string;
  readonly lifecycle: Lifecycle;
  /** Why it is not ready, in AWS's words. */
  readonly lifecycleReason?: string;
  /** What the kind needs to know beyond the fields, to plan or to explain (instances, live priorities, …). */
  readonly detail?: unknown;
  readonly observedAtMs: number;
}

/** A resource as its kind reads it, before anybody has looked at whose it is. */
export type Seen = Omit<ObservedResource, "owned">;

/** What one pass saw. Unknown is never empty: a kind that could not be listed is named, not left out. */
export interface Observation {
  readonly resources: readonly ObservedResource[];
  /** Kind → why its list could not be read to the end. */
  readonly unknownKinds: ReadonlyMap<string, string>;
  /** Id → a resource that was found but could not be read whole: it is there, and that is all that is known. */
  readonly unreadable: ReadonlyMap<string, Unreadable>;
}

export interface Unreadable {
  readonly kind: string;
  /** Empty where the name stands in what could not be read. */
  readonly name: string;
  readonly reason: string;
}

export interface Difference {
  readonly field: string;
  /** `null`: must be absent. */
  readonly desired: Value;
  /** `null`: absent. */
  readonly observed: Value;
}

/** One AWS call, complete. Its input may hold secrets, so it is sent and never stored, logged or shown. */
export interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** An update in AWS's terms: the desired fields resolved, those that go back to a default among them. */
export interface Change {
  readonly desired: DesiredResource;
  readonly fields: Fields;
  readonly observed: ObservedResource;
  readonly differences: readonly Difference[];
}

/** What belongs together: within a family, nothing is removed while something is still to be made or changed. */
type Family = "traffic" | "compute" | "alarms";

/** How a kind turns decisions into calls. Pure; the rest of what a kind knows is in `kinds/kind.ts`. */
export interface KindRules {
  readonly name: string;
  readonly family: Family;
  /** Every field that AWS reports is the spec's: what the spec does not declare must be absent. */
  readonly isWhole?: true;
  /** The call that makes it. Fields, the initial ones among them, are resolved. */
  create(desired: DesiredResource, fields: Fields): Call;
  /** The calls that remove the differences, in order; those of the tags are not among them. */
  update(change: Change): Call[];
  /** Why a difference must not be acted on, when only a changed spec or a person can help. */
  obstacle?(change: Change): { reason: string; message: string } | undefined;
  /** The calls that bring its deletion nearer; none while AWS is at it. */
  remove(observed: ObservedResource): Call[];
  /** Calls that write or remove tags; values are those of `tags.*` fields. */
  tag?(observed: ObservedResource, write: Readonly<Record<string, Value>>, remove: readonly string[]): Call[];
  /** What a field goes back to when the spec no longer declares it; `undefined`: it is removed, or left. */
  defaultOf?(field: string): Value | undefined;
  /** Fields that AWS brings about over minutes: until the resource is ready again, they are not yet held. */
  readonly gradualFields?: readonly string[];
  /** Attributes that mean something else while the resource differs from the spec. */
  readonly volatileAttributes?: readonly string[];
}

type Verb = "create" | "update" | "arrange" | "delete" | "release";

/** A decision: what will be done to one resource, why, and by which calls, in order. */
export interface Action {
  readonly verb: Verb;
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** AWS's identifier, when it exists. */
  readonly id?: string;
  readonly reason: string;
  readonly differences: readonly Difference[];
  /** Empty while `blockedBy` is not. */
  readonly calls: readonly Call[];
  /** Addresses that must exist, or reasons that must pass, first. */
  readonly blockedBy: readonly string[];
}

/** Something that keeps the service from converging and that only a person can change. */
export interface Obstacle {
  readonly key: string;
  readonly reason: string;
  readonly message: string;
}

export interface Plan {
  readonly actions: readonly Action[];
  readonly obstacles: readonly Obstacle[];
}

export function referenceOf(value: Value | undefined): Reference | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { $ref, attribute } = value;
  return typeof $ref === "string" && typeof attribute === "string" ? { $ref, attribute } : undefined;
}

/** A reference as a field value. */
export function refTo(key: string, attribute: string): Value {
  return { $ref: key, attribute };
}
