/** How a kind turns decisions into calls, and what it is to traffic and instances. The rest stands in `kinds/kind.ts`. */
import type { KindName } from "../../model/kind-name.ts";
import type { Reason } from "../../model/reasons.ts";
import type { Consequence } from "../../model/status.ts";
import type { Value } from "../../model/value.ts";
import type { Call } from "./actions.ts";
import type { QuotaName } from "./quotas.ts";
import type { DesiredResource, Difference, Fields, ObservedResource } from "./resource.ts";

/** What belongs together: within a family, nothing is removed while something is still to be made or changed. */
type Family = "traffic" | "compute" | "alarms";

/** An update in AWS's terms: the desired fields resolved, those that go back to a default among them. */
export interface Change {
  readonly desired: DesiredResource;
  readonly fields: Fields;
  readonly observed: ObservedResource;
  readonly differences: readonly Difference[];
  /** Fields whose value another resource has yet to give: `fields` has them as they are. */
  readonly waiting?: readonly string[];
}

/** Why a field must not be changed, when only a changed spec or a person can help. */
export interface KindObstacle {
  readonly reason: Reason;
  readonly message: string;
  readonly field: string;
}

/** A difference whose removal terminates instances; `isAll`: nothing is left. */
export interface Termination {
  readonly difference: Difference;
  readonly isAll: boolean;
}

/** AWS refuses to delete the resource while `field` is `locked`; `says` tells a person how to let it go. */
export interface DeletionLock {
  readonly field: string;
  readonly locked: Value;
  readonly unlocked: Value;
  readonly says: (name: string) => string;
}

/**
 * What a kind is to traffic and instances. The core asks for these, and never for the name of a kind.
 */
interface Traits {
  /** Clients come in here: it goes only when what takes over is active. */
  readonly isEntrance?: true;
  readonly deletionLock?: DeletionLock;
  /** Requests are sent to it: it gets none before enough of its targets are healthy. */
  readonly receivesRequests?: true;
  /** For how long a client stays with one of its targets; `undefined`: it does not. */
  readonly stickySeconds?: (fields: Fields) => number | undefined;
  /** How long what is open in one of its targets has to end when that leaves. */
  readonly drainSeconds?: (fields: Fields) => number;
  /** The field in which it says where requests go. */
  readonly forwardField?: string;
  /** The field in which it names what its instances are registered in. */
  readonly registersIn?: string;
  /** The field in which it names the version of a template that its instances are launched from. */
  readonly launchesFrom?: string;
  /** So many of those AWS allows it. */
  readonly registersInAtMost?: number;
  /** Instances are launched from it, by what it stands below. */
  readonly isLaunchedFrom?: true;
  /** The field that orders it among its siblings, and that one call sets for all of them together. */
  readonly orderField?: string;
  /** It carries the epoch: the call that makes it, with that tag. Every service has one for all of its life. */
  readonly withEpoch?: (create: Call, tag: string, epoch: string) => Call;
  /** AWS knows no name of it: the fields by which it is known again under another one, the surest first. */
  readonly recognisedBy?: readonly string[];
}

export interface KindRules {
  readonly name: KindName;
  /** For people: `target group`. */
  readonly title: string;
  readonly family: Family;
  readonly traits: Traits;
  /** Every field that AWS reports is the spec's: what the spec does not declare must be absent. */
  readonly isWhole?: true;
  /** The call that makes what it stands below makes it as well, with all of its fields: see rounds/companions.ts. */
  readonly comesWithParent?: true;
  /** The call that makes it. Fields, the initial ones among them, are resolved. */
  create(desired: DesiredResource, fields: Fields): Call;
  /** The calls that remove the differences, in order; those of the tags are not among them. */
  update(change: Change): Call[];
  /** What must not be acted on. @param waiting fields whose value another resource has yet to give */
  obstacles?(change: Change, waiting: readonly string[]): readonly KindObstacle[];
  /**
   * The calls that bring its deletion nearer; none while AWS is at it.
   * @param isForced a person has asked for it at once, whatever holds it up
   */
  remove(observed: ObservedResource, isForced: boolean): Removal;
  /** What comes of a change of it, or of its removal, and only it knows: see consequences.ts. */
  consequences?(of: {
    readonly observed: ObservedResource;
    readonly differences: readonly Difference[] | "removed";
    /** That remove them. */
    readonly calls?: readonly Call[];
  }): readonly Consequence[];
  /** What is left of it while its removal goes on, once AWS has done these calls of it. */
  removing?(observed: ObservedResource, calls: readonly Call[]): ObservedResource;
  /** Ids of what it uses by its fields, where a change of them changes that; see `refersTo` of what is observed. */
  refersTo?(observed: ObservedResource): readonly string[];
  /** Those of the differences whose removal takes instances from it that run: see destructive.ts. */
  terminated?(change: Pick<Change, "desired" | "observed" | "differences">): readonly Termination[];
  /** Calls that write or remove tags; values are those of `tags.*` fields. */
  tag?(observed: ObservedResource, write: Readonly<Record<string, Value>>, remove: readonly string[]): Call[];
  /** What a field goes back to when the spec, `desired`, does not declare it; `undefined`: it is removed, or left. */
  defaultOf?(field: string, desired: Fields): Value | undefined;
  /** Why AWS does not take what is wanted beside another one of the same parent; `undefined` where it does. */
  excludedBy?(fields: Fields, other: ObservedResource): string | undefined;
  /** What is wanted of it at a time, and whether AWS will have dropped it by then: see consistency/time-bound.ts. */
  atTime?(desired: DesiredResource, nowMs: number): { desired: DesiredResource; isOver: boolean };
  /** How many of it AWS allows in one place. */
  readonly quota?: QuotaName;
  /** Calls that turn `observed`, which is not wanted, into what is, in place; `undefined` where AWS cannot. */
  become?(change: Change): Call[] | undefined;
  /** The calls that register instances which no group registers, because AWS has no place for that. */
  register?(observed: ObservedResource, instanceIds: readonly string[]): Call[];
  /** The calls by which it names the version that it runs by its number, so that a new one is not its own at once. */
  pin?(observed: ObservedResource): Call[];
  /**
   * Fields that say, beside the template, what instances are launched: a rollout brings them along, and what is brought back
   * after one has what it had.
   */
  readonly rolledAlong?: {
    readonly isOne: (field: string) => boolean;
    /** Whether AWS itself can undo a rollout that carries them. */
    readonly isUndoneByAws: (fields: Fields) => boolean;
  };
  /** Fields that AWS brings about over minutes: until the resource is ready again, they are not yet held. */
  readonly gradualFields?: readonly string[];
  /** Attributes that mean something else while the resource differs from the spec. */
  readonly volatileAttributes?: readonly string[];
  /** Fields that what stands beside it in AWS may set, and give back: see left-to-others.ts. */
  readonly lentFields?: readonly string[];
  /** The field that says who has made it as it is: see left-to-others.ts. */
  readonly authorField?: string;
  /** What the spec calls a field, where that is not what it is compared as: see drift-rules.ts. */
  inSpec?(field: string): readonly string[];
  /** Whether no call of ours can write a field, so that the next one of the whole loses it. */
  isLost?(field: string): boolean;
  /** Members that no field stood for when they were written down, as the fields that stand for them by now. */
  fieldsOfMembers?(members: Fields): Fields;
}

export interface Removal {
  readonly calls: readonly Call[];
  /** Whether the resource is gone after them. */
  readonly isLast: boolean;
  /** What AWS waits for, where that is more than its own work. */
  readonly heldUpBy?: string;
}

export type KindNamed = (name: KindName) => KindRules;

/** Whether it moves requests or instances from one target group to another: only on a whole view of the traffic. */
export function movesTraffic({ traits }: KindRules): boolean {
  return traits.forwardField !== undefined || traits.registersIn !== undefined;
}
