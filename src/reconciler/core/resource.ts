/** The nouns of a pass. Desired and observed have one shape, so that one plain comparison serves every kind. */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { FieldOwner } from "../../model/status.ts";
import type { Value } from "../../model/value.ts";

/** Field path within a resource (`healthCheck.path`, `tags.team`) → comparable value. */
export type Fields = Record<string, Value>;

export interface DesiredResource {
  readonly address: Address;
  readonly kind: KindName;
  /** The name that the spec pins, or a deterministic one; for what AWS does not name, one made of its parent's name. */
  readonly name: string;
  /** The spec pins its name: whatever has that name is meant, and nothing is ever made beside it. */
  readonly isPinned?: true;
  /** May hold references to siblings anywhere: see references.ts. Secrets are digests here. */
  readonly fields: Fields;
  /**
   * What AWS cannot change in place, by its path in the spec. Hashed into a name that is not pinned; under a pinned one it
   * must be as it is: see immutable-fields.ts. It may stand in `fields` as well.
   */
  readonly immutable?: Fields;
  /** Digest → the secret behind it. Never stored, logged or shown. */
  readonly secrets?: Record<string, string>;
  /** What must exist first although no field refers to it. */
  readonly after?: readonly Address[];
  /** Used once, when the resource is made; never compared afterwards. */
  readonly initial?: Fields;
  /** How changes to it are to be made; never compared. */
  readonly settings?: Fields;
  /** Its sizes count units, of which an instance may be several. */
  readonly isWeighted?: true;
  /** Ids of what is ours, not wanted any more, and whose work it takes over: see fleet-handover.ts. */
  readonly takesOver?: readonly string[];
}

/**
 * - `ready`: AWS has finished with it.
 * - `provisioning`: AWS is still making or changing it.
 * - `deleting`: AWS is removing it.
 * - `failed`: AWS gave up on it.
 */
export type Lifecycle = "ready" | "provisioning" | "deleting" | "failed";

/**
 * One AWS resource as it was read. What is compared stands in `fields`; what a decision needs beside them stands in the
 * facets at the end, of which a kind fills those that its resources have.
 */
export interface ObservedResource {
  readonly kind: KindName;
  /** AWS's identifier: ARN, template id, group name. */
  readonly id: string;
  readonly name: string;
  /** From its tag or name; undefined when it says none. */
  readonly address: Address | undefined;
  /** Whether it is ours: see ownership.ts. */
  readonly owned: boolean;
  /** Present where it says that it is ours. */
  readonly claim?: Claim;
  /** It is what the spec means, and not ours yet: it is compared like ours, and only ever adopted. */
  readonly isToBeAdopted?: true;
  /** Beside that: our tags were written, or taken off, a moment ago, and this read may be older. A later one decides. */
  readonly isTagAwaited?: true;
  /** It is somebody else's and stays so: it stands in for one of ours that would hold the same, and nothing is written to it. */
  readonly isBorrowed?: true;
  /** What its tag says of the database that has written to the service last: see consistency/epochs.ts. */
  readonly epoch?: string;
  /** Others whose tags say that they manage it; read where it is looked at without being ours. */
  readonly managedBy?: readonly Claimant[];
  readonly fields: Fields;
  /** What AWS cannot change in place and does not stand in `fields`. */
  readonly immutable?: Fields;
  /** Identifiers that a reference may ask for. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids of the resources that it refers to: they cannot go before it does. */
  readonly refersTo: readonly string[];
  /** Id of the resource that it sits on, and that takes it along when it is deleted. */
  readonly parent?: string;
  readonly lifecycle: Lifecycle;
  /** Why it is not ready, in AWS's words. */
  readonly lifecycleReason?: string;
  readonly observedAtMs: number;
  /** Digest → the secret behind it, as it was read. Never stored, logged or shown. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Field → what others have set up in AWS that has given it its value: see left-to-others.ts. */
  readonly keptBy?: Readonly<Record<string, string>>;
  /** Field → whose it is, where more than the spec may own it. */
  readonly owners?: Readonly<Record<string, OwnerClaim>>;
  /** Names of what AWS makes and keeps for it: nobody else's to touch. */
  readonly derived?: readonly string[];
  /** Members of AWS's answers that no field is compared for; absent where it is known from its own create alone. */
  readonly members?: readonly Member[];

  readonly entrance?: Entrance;
  readonly targetSet?: TargetSet;
  readonly templateVersions?: TemplateVersions;
  readonly fleet?: Fleet;
  readonly alarmState?: AlarmState;
  readonly pool?: Pool;
}

/** Whose a field is. */
export interface OwnerClaim {
  readonly owner: FieldOwner;
  /** Why, for people. */
  readonly why: string;
  readonly live: number;
  /** What the spec says of it, if anything. */
  readonly declared?: number;
}

/** A resource carries our owner tag or, where AWS has no tags, sits on one that does under a name of ours. */
interface Claim {
  /** Whether it has a name (or, where AWS knows none, a place and an address) that nobody but us gives to what its tags say it is. */
  readonly isNamedByUs: boolean;
}

/** Somebody else, and the tag by which they say that they manage a resource. */
export interface Claimant {
  readonly manager: string;
  readonly tag: string;
  /** For people, where the name is not enough. */
  readonly says?: string;
}

/** A resource as its kind reads it, before anybody has looked at whose it is. */
export type Seen = Omit<
  ObservedResource,
  "owned" | "claim" | "isToBeAdopted" | "isTagAwaited" | "managedBy" | "epoch"
>;

/** What takes the clients' requests: a load balancer. */
interface Entrance {
  readonly availabilityZones: readonly string[];
  /** AWS's state code; undefined when its answer lacks it. */
  readonly state: string | undefined;
  readonly createdAtMs: number | undefined;
}

/** What requests are sent to: a target group. */
interface TargetSet {
  readonly targets: readonly Target[];
  /** ARNs of the load balancers that AWS says use it. */
  readonly loadBalancers: readonly string[];
}

export interface Target {
  readonly instanceId: string;
  /** AWS's state: initial, healthy, unhealthy, unused, draining, unavailable. */
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** A numbered version of a launch template, or `$Latest` or `$Default`, as AWS answers with it. */
export interface TemplateVersion {
  readonly id: string;
  readonly version: string;
}

/** All versions of a launch template. */
export interface TemplateVersions {
  readonly versions: readonly {
    readonly number: number;
    readonly fields: Fields;
    /** Whether we have made it, as far as it says. */
    readonly isOurs: boolean;
  }[];
  readonly defaultVersion: number;
  /** Those of ours that nothing names or runs, beyond those that are kept; they go with the next one that we make the default. */
  readonly spare?: readonly number[];
}

/** A number of instances that AWS keeps: an Auto Scaling group. */
export interface Fleet {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly healthCheckType: string;
  readonly healthCheckGracePeriodSeconds: number;
  readonly availabilityZones: readonly string[];
  readonly suspendedProcesses: readonly string[];
  /** The version that the group itself names, by its number; undefined when it names none. */
  readonly template: TemplateVersion | undefined;
  /** How it names that version where it does not by its number: `$Latest`, `$Default`. Then the next one would be its own. */
  readonly alias?: string;
  readonly usesLaunchTemplate: boolean;
  /** What the group itself says beside the template of what it launches; empty where it says nothing. */
  readonly policy?: Fields;
  /** Its sizes count units, of which an instance may be several. */
  readonly isWeighted?: true;
  readonly instances: readonly FleetInstance[];
  /** Prepared instances beside it; absent where it has none. */
  readonly pool?: Pool;
  /** The newest instance refresh, where one was worth reading. */
  readonly refresh?: Refresh;
}

/** Instances that wait outside of a group: a warm pool. */
export interface Pool {
  /** So many are in it. */
  readonly size: number;
  readonly minSize: number;
  readonly maxGroupPreparedCapacity?: number;
  readonly isDeleting: boolean;
  /** Absent where they were not read: the group tells their number alone. */
  readonly instances?: readonly FleetInstance[];
}

export interface FleetInstance {
  readonly instanceId: string;
  readonly availabilityZone: string;
  readonly lifecycleState: string;
  readonly healthStatus: string;
  readonly protectedFromScaleIn: boolean;
  readonly template: TemplateVersion | undefined;
  /** It runs a template that the group has beside its own: no version of its own is awaited of it. */
  readonly isOfOther?: true;
  /** For so many units of the sizes it counts; absent: for one, and of a weighted fleet it is not known. */
  readonly units?: number;
}

export interface Refresh {
  readonly id?: string;
  /** AWS's status: Pending, InProgress, Baking, Successful, Cancelling, … */
  readonly status: string;
  readonly startedAtMs?: number;
  /** The version that it brings the instances to. */
  readonly template: TemplateVersion | undefined;
  /** What it brings along beside that, as {@link Fleet.policy}; absent where it says nothing of it. */
  readonly policy?: Fields;
  readonly percentageComplete?: number;
  /** Whether AWS brings back what ran before, if it fails. */
  readonly isRolledBack?: boolean;
  /** Names of the alarms that end it. */
  readonly alarms?: readonly string[];
  /** So many instances of the group's warm pool are still to be replaced. */
  readonly leftInPool?: number;
  readonly reason?: string;
  /** What AWS was told to do about instances that it does not replace of its own accord. */
  readonly preferences?: { readonly scaleInProtectedInstances: string; readonly standbyInstances: string };
}

export interface AlarmState {
  /** OK, ALARM, INSUFFICIENT_DATA. */
  readonly state: string;
  readonly reason?: string;
  readonly sinceMs?: number;
  readonly hasActions: boolean;
  /** It rings for scaling policies, and for nobody else. */
  readonly onlyScales: boolean;
}

export interface Difference {
  readonly field: string;
  /** `null`: must be absent. */
  readonly desired: Value;
  /** `null`: absent. */
  readonly observed: Value;
}

/**
 * - `held`: a field of the spec stands for it, so that it is compared.
 * - `record`: AWS's own record: an ARN, a time, a state. There is nothing to declare.
 * - `elsewhere`: another kind of resource, or another member, says the same, and it is compared there.
 * - `notSupported`: the spec has no field for it.
 * - `notRead`: AWS would tell it in another call, which is not made.
 */
export type MemberIs = "held" | "record" | "elsewhere" | "notSupported" | "notRead";

/** What one member of AWS's answers about a resource is to the spec. */
export interface Member {
  /** AWS's path, with `[]` for lists: `AvailabilityZones[].OutpostId`, `Attributes[idle_timeout.timeout_seconds]`. */
  readonly path: string;
  /** A list where the path leads through one. What may be secret is a digest; `null` where nothing was read. */
  readonly value: Value;
  readonly is: MemberIs;
  /** Of what is held: the field of the observed resource, or the one that its field's name begins with. */
  readonly field?: string;
  /** Why it is not compared. */
  readonly why?: string;
  /** It has the value that AWS documents for what nobody has set. */
  readonly isDefault?: true;
  /** Held by a field that is used when the resource is made, and then left to AWS. */
  readonly isInitial?: true;
}
