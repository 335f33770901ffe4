/**
 * What a service that is only observed, is being adopted, or goes back must never do. Learnt from the calls and from what
 * stands in the account alone: nothing of it asks the reconciler.
 */
import type { DriftEvent } from "../../../src/model/ledger/drift.ts";
import type { WebService } from "../../../src/model/object.ts";
import type { Call, Fault, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import type { AccountView } from "./account-view.ts";
import { labelled, taggedIn } from "./labels.ts";
import { mapOf, text } from "./oracle-values.ts";
import { removedBy } from "./ours.ts";
import { EPOCH, OWNER, ownerOf, RESOURCE } from "./remains.ts";

/** With which a taking over begins; the other one of ours comes with the first generation that writes. */
const FIRST: readonly (string | undefined)[] = [OWNER, RESOURCE];
const OWN: readonly (string | undefined)[] = [...FIRST, EPOCH];

export interface TakeoverHooks {
  isDaemons(call: Call): boolean;
  stored(service: string): WebService | undefined;
  /** The service that the journal holds a call of this operation for, sent and not yet answered. */
  serviceOf(operation: string): string | undefined;
  /** Whether a user has just written something, which a call may overtake. */
  isJustEdited(): boolean;
  isMisled(service: string): boolean;
  /** Whether something stands in the way of reading what is. */
  isTroubled(): boolean;
  /** The annotation that says that another tool manages nothing of it any more. */
  isDisowned(service: string): boolean;
  object(text: string): void;
}

/** A tier that somebody else has made, and that is a service's now. */
interface Tier {
  /** What the manifest names of what AWS gives tags to. */
  readonly ids: Set<string>;
  /** What carries our tags now. */
  readonly tagged: Set<string>;
  /** Whether another tool's tags say that it is its own. */
  readonly isClaimed: boolean;
  /** Everything of it has carried our tags. */
  isAdopted: boolean;
  /** Neither its user nor anybody else has moved anything. */
  isUntouched: boolean;
  mode: "Observe" | "Manage";
  hasBeenManaged: boolean;
  /** As AWS has it without us; absent where it cannot be known. */
  portrait: string | undefined;
  /** Its instances before it was taken over; absent once somebody may have changed them. */
  instances: string | undefined;
}

interface TagCall {
  readonly ids: readonly (string | undefined)[];
  readonly tags: readonly { Key?: string; Value?: string }[];
  readonly isRemoval: boolean;
}

export class Takeover implements Interceptor {
  readonly #hooks: TakeoverHooks;
  readonly #tiers = new Map<string, Tier>();
  /** Group → its template, and by what it names the version. */
  readonly #goesBy = new Map<string, string>();

  constructor(hooks: TakeoverHooks) {
    this.#hooks = hooks;
  }

  /** The user has posted the manifest of an import. */
  imported(service: string, spec: object, view: AccountView): void {
    const own = taggedIn(labelled(view, { name: service, spec: mapOf(spec) }), service);
    this.#tiers.set(service, {
      ids: new Set(own.map(({ id }) => id)),
      tagged: new Set(),
      isClaimed: own.some(({ tags }) => Object.keys(tags).some((tag) => tag.includes("k8s.aws/"))),
      isAdopted: false,
      isUntouched: true,
      mode: "Observe",
      hasBeenManaged: false,
      portrait: portraitOf(view),
      instances: instancesIn(view),
    });
  }

  isTaken(service: string): boolean {
    return this.#tiers.has(service);
  }

  isObserved(service: string): boolean {
    return this.#tiers.get(service)?.mode === "Observe";
  }

  isUntouched(service: string): boolean {
    return this.#tiers.get(service)?.isUntouched === true;
  }

  /** Nothing of it carries our tags. */
  isReleased(service: string): boolean {
    return this.#tiers.get(service)?.tagged.size === 0;
  }

  /** Its user has changed what becomes of it. */
  turned(service: string, mode: "Observe" | "Manage"): void {
    const tier = this.#tiers.get(service);
    if (tier === undefined) return;
    // What the user has changed meanwhile is written from now on.
    if (mode === "Manage" && !tier.isUntouched) this.#forget(tier);
    tier.mode = mode;
    tier.hasBeenManaged = true;
  }

  /** Its user has changed the spec. */
  edited(service: string): void {
    const tier = this.#tiers.get(service);
    if (tier === undefined) return;
    tier.isUntouched = false;
    if (tier.mode === "Manage") this.#forget(tier);
  }

  /** Somebody else has done something, and this is what has come of it. */
  moved(view: AccountView): void {
    for (const tier of this.#tiers.values()) {
      tier.isUntouched = false;
      if (tier.mode === "Manage") this.#forget(tier);
      else [tier.portrait, tier.instances] = [portraitOf(view), undefined];
    }
  }

  #forget(tier: Tier): void {
    tier.portrait = undefined;
    tier.instances = undefined;
  }

  /** What is only observed carries no tags: the oracle is shown it as if it did. */
  shown(view: AccountView): AccountView {
    return [...this.#tiers.keys()].reduce((seen, service) => {
      const spec = this.#hooks.stored(service)?.spec;
      return spec === undefined || !this.isObserved(service)
        ? seen
        : labelled(seen, { name: service, spec: mapOf(spec) });
    }, view);
  }

  before(call: Call): Fault | undefined {
    if (this.#tiers.size === 0 || !call.mutating || !this.#hooks.isDaemons(call)) return undefined;
    this.#judgeVersion(call);
    const service = this.#hooks.serviceOf(`${call.service}:${call.operation}`);
    const tier = service === undefined ? undefined : this.#tiers.get(service);
    if (service === undefined || tier === undefined) return undefined;
    const tags = tagsIn(call);
    // What was on its way when the user wrote may still arrive: of one that was managed anything, else what a release sends.
    const isOvertaken = this.#hooks.isJustEdited();
    if (tier.mode === "Observe") {
      if (!(isOvertaken && tier.hasBeenManaged)) this.#judgeObserved(call, tags, tier);
    } else if (!tier.isAdopted && !(isOvertaken && tags?.isRemoval === true))
      this.#judgeAdoption(call, tags, tier, service);
    return undefined;
  }

  #judgeObserved(call: Call, tags: TagCall | undefined, { tagged }: Tier): void {
    const { object, isMisled } = this.#hooks;
    if (tags?.isRemoval !== true) object(`${call.operation} is sent for a service that is only observed`);
    else if (tags.tags.length === 0 || tags.tags.some(({ Key }) => !OWN.includes(Key)))
      object(`${call.operation} takes more than our tags off what is only observed`);
    else if (!isMisled(call.service) && tags.ids.some((id) => id === undefined || !tagged.has(id)))
      object(`${call.operation} writes what is only observed, and carries no tag of ours`);
  }

  #judgeAdoption(call: Call, tags: TagCall | undefined, tier: Tier, service: string): void {
    const { object, isDisowned } = this.#hooks;
    if (tags === undefined || tags.isRemoval)
      object(`${call.operation} is sent before everything carries our tags`);
    else if (tags.ids.some((id) => id === undefined || !tier.ids.has(id)))
      object(`${call.operation} takes what the manifest does not name`);
    else if (tags.tags.some(({ Key }) => !FIRST.includes(Key)))
      object(`${call.operation} writes more than our tags on what is being taken over`);
    else if (tags.tags.some(({ Key, Value }) => Key === OWNER && Value !== ownerOf(service)))
      object(`${call.operation} takes it over for somebody else`);
    if (tier.isClaimed && !isDisowned(service))
      object(`${call.operation} takes what another tool says it manages`);
  }

  /** What a group goes by `$Latest` of gets no version, nor another default what goes by `$Default`: a scale-out would take it. */
  #judgeVersion({ operation, input }: Call): void {
    const template = templateIn(input);
    const alias = { CreateLaunchTemplateVersion: "$Latest", ModifyLaunchTemplate: "$Default" }[operation];
    if (alias === undefined) return;
    for (const [group, goesBy] of this.#goesBy)
      if (goesBy === `${template} ${alias}`)
        this.#hooks.object(`${operation} changes what ${group} starts: it goes by ${alias}`);
  }

  after(call: Call): Fault | undefined {
    if (!call.mutating) return undefined;
    const { AutoScalingGroupName: group, LaunchTemplate: by } = call.input as {
      AutoScalingGroupName?: string;
      LaunchTemplate?: { Version?: string };
    };
    if (group !== undefined && by !== undefined)
      this.#goesBy.set(group, `${templateIn(by)} ${by.Version ?? "$Default"}`);
    const removed = removedBy(call);
    const { ids, tags, isRemoval } = tagsIn(call) ?? { ids: [], tags: [], isRemoval: false };
    for (const tier of this.#tiers.values()) {
      if (removed !== undefined)
        for (const set of [tier.ids, tier.tagged])
          for (const id of set) if (id === removed || isBelow(id, removed)) set.delete(id);
      if (tags.some(({ Key }) => Key === OWNER))
        for (const id of ids) {
          if (id === undefined || !tier.ids.has(id)) continue;
          if (isRemoval) tier.tagged.delete(id);
          else tier.tagged.add(id);
        }
      const isAll = [...tier.ids].every((id) => tier.tagged.has(id));
      if (isAll) tier.isAdopted = true;
      else if (tier.tagged.size === 0) tier.isAdopted = false;
    }
    return undefined;
  }

  /** What the daemon says of a service. */
  hear(service: string, { conditions, plan, coverage }: NonNullable<WebService["status"]>): void {
    const tier = this.#tiers.get(service);
    const { object, isTroubled, isJustEdited } = this.#hooks;
    if (tier === undefined || tier.hasBeenManaged || !tier.isUntouched) return;
    if (isTroubled() || isJustEdited()) return;
    const synced = conditions.find(({ type }) => type === "Synced");
    if (synced?.status === "False") object(`${service}: what was imported is not in sync: ${synced.message}`);
    if (synced?.status !== "True") return;
    const verbs = (plan?.rows ?? []).map(({ verb }) => verb).filter((verb) => verb !== "adopt");
    if (verbs.length > 0) object(`${service}: the plan of what was imported would ${verbs.join(", ")}`);
    if ((coverage?.different ?? 0) > 0) object(`${service}: what was imported differs from what is there`);
  }

  hearDrift({ service, state, resource }: DriftEvent): void {
    if (state === "Corrected" && this.isObserved(service) && !this.#hooks.isJustEdited())
      this.#hooks.object(`${resource} of ${service} was put right although it is only observed`);
  }

  /** At the end, and while nobody does anything. */
  check(view: AccountView): void {
    const { object } = this.#hooks;
    for (const [service, tier] of this.#tiers) {
      if (tier.portrait !== undefined && tier.portrait !== portraitOf(view))
        object(
          `${service}: what was taken over is not what it was: ${firstDifference(tier.portrait, portraitOf(view))}`,
        );
      if (tier.instances !== undefined && tier.instances !== instancesIn(view))
        object(`${service}: the instances of what was taken over are other ones`);
      const carries = taggedIn(view, service);
      if (tier.mode === "Observe" && carries.length > 0)
        object(`${service} is only observed, and ${carries[0]?.id} still carries our tags`);
    }
  }
}

function templateIn(input: object): string | undefined {
  const { LaunchTemplateId, LaunchTemplateName } = input as Record<string, string | undefined>;
  return LaunchTemplateId ?? LaunchTemplateName;
}

/** A rule goes with its listener, and both with their load balancer. */
function isBelow(id: string, removed: string): boolean {
  const below = (kind: string) => removed.replace(/:(loadbalancer|listener)\//, `:${kind}/`);
  return [below("listener"), below("listener-rule")].some((prefix) => id.startsWith(`${prefix}/`));
}

function tagsIn({ operation, input }: Call): TagCall | undefined {
  const given = input as {
    ResourceArns?: string[];
    Resources?: string[];
    ResourceARN?: string;
    TagKeys?: string[];
    Tags?: { Key?: string; Value?: string; ResourceId?: string }[];
  };
  const { Tags = [], TagKeys = [] } = given;
  const tags = [...Tags, ...TagKeys.map((Key) => ({ Key }))];
  switch (operation) {
    case "AddTags":
    case "RemoveTags":
      return { ids: given.ResourceArns ?? [], tags, isRemoval: operation === "RemoveTags" };
    case "CreateTags":
      return { ids: given.Resources ?? [], tags, isRemoval: false };
    case "CreateOrUpdateTags":
      return { ids: Tags.map(({ ResourceId }) => ResourceId), tags, isRemoval: false };
    case "DeleteTags": {
      const ids = given.Resources ?? Tags.map(({ ResourceId }) => ResourceId);
      return { ids, tags, isRemoval: true };
    }
    case "TagResource":
    case "UntagResource":
      return { ids: [given.ResourceARN], tags, isRemoval: operation === "UntagResource" };
    default:
      return undefined;
  }
}

/** What moves by itself. */
const VOLATILE =
  /^(State.*|Instances|DesiredCapacity|Status|health|EnabledMetrics|SuspendedProcesses|AlarmConfigurationUpdatedTimestamp)$/;

/** All that is in the account, but for what moves by itself, our tags, and what was ours from the beginning. */
export function portraitOf(view: AccountView): string {
  const without = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.filter((item) => !OWN.includes(mapOf(item).Key as string | undefined)).map(without);
    if (value === null || typeof value !== "object" || value instanceof Date) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !VOLATILE.test(name) && !OWN.includes(name))
        .map(([name, member]) => [name, without(member)]),
    );
  };
  return Object.values(view)
    .flatMap((items: { it: object }[]) => items.map((item) => text(without(item))))
    .sort()
    .join("\n");
}

export function instancesIn({ groups }: AccountView): string {
  return groups
    .flatMap(({ it }) => (it.Instances ?? []).map(({ InstanceId }) => InstanceId))
    .sort()
    .join();
}

function firstDifference(before: string, now: string): string {
  const at = [...before].findIndex((letter, index) => letter !== now[index]);
  return `${before.slice(Math.max(0, at - 60), at + 80)} → ${now.slice(Math.max(0, at - 60), at + 80)}`;
}
