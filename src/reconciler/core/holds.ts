/**
 * Every reason for "not yet", in one type. A hold lies on a wanted resource or on one of its fields; an action that
 * waits names the same reasons. Whoever asks "why has it not happened?" finds the answer among them.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import { namesAndMore } from "../../model/text/names-and-more.ts";
import type { Target } from "./resource.ts";

export type HoldReason =
  /** AWS did not answer what it was asked of it. */
  | { readonly because: "unread"; readonly what: string }
  /** A list lacks something of ours that it ought to show: see stale-lists.ts. */
  | { readonly because: "stale list"; readonly kind: KindName; readonly name: string }
  /** It differs from what was applied, and only one read says so: see drift.ts. */
  | { readonly because: "unconfirmed" }
  /** It differs from what we have written a moment ago: the read may be older. */
  | { readonly because: "own write" }
  /** Somebody else writes it as well: see field-conflicts.ts. */
  | { readonly because: "contested"; readonly corrections: number; readonly waitMs: number }
  /** AWS has taken it more than once, and no read shows it: see ineffective-writes.ts. */
  | { readonly because: "ineffective" }
  /** It was tried in this pass and is not known to be done: it is read before it is tried again. */
  | { readonly because: "tried" }
  /** A sibling has to be there first. */
  | { readonly because: "sibling"; readonly address: Address }
  /** The rules of its listener have to be in order first. */
  | { readonly because: "rule order" }
  /** Its name is not free before AWS has finished removing what had it. */
  | { readonly because: "name taken"; readonly name: string }
  /** The spec pins a name, and what has it is not what is meant. */
  | { readonly because: "contested name"; readonly address: Address; readonly name: string }
  /** AWS is at work on it. */
  | { readonly because: "AWS at work"; readonly doing: string }
  /** Requests stay with those who serve them: see target-group-readiness.ts. */
  | { readonly because: "unready targets"; readonly targetGroup: Address; readonly trial?: Trial }
  /** What takes over from it has fewer healthy instances than it: see fleet-handover.ts. */
  | {
      readonly because: "unready group";
      readonly group: Address;
      readonly healthy: number;
      readonly needed: number;
    }
  /** What it fills is given up, and still gets requests. */
  | { readonly because: "requests not moved"; readonly from: string }
  /** Something still uses it. */
  | { readonly because: "in use"; readonly by: string }
  /** Nothing goes before what is wanted is there. */
  | { readonly because: "comes later"; readonly than: Address }
  | { readonly because: "something failed" }
  /** What runs is taken over first, and read again: see adoption.ts. */
  | { readonly because: "adoption" }
  /** A group would launch the next version at once: see version-pins.ts. */
  | { readonly because: "version not pinned"; readonly group: Address }
  /** Something of the service is somebody else's by its tags: nothing of it is adopted. */
  | { readonly because: "managed elsewhere"; readonly address: Address }
  /** AWS has no place for it before something else has gone: see making-room.ts. */
  | { readonly because: "no room"; readonly quota: string }
  /** A person is to agree to it: see approval.ts. */
  | { readonly because: "approval"; readonly digest: string }
  /** What takes over from it is not ready. */
  | { readonly because: "replacement not active"; readonly name: string }
  /** AWS allows fewer than the spec asks for: see quota-obstacles.ts. */
  | { readonly because: "quota exceeded"; readonly quota: string }
  /** AWS takes it only when the instance refresh of the group is over: see guards/active-refresh.ts. */
  | { readonly because: "refresh active"; readonly group: string }
  /** Corrections and rollouts have to wait for a window of the spec: see guards/windows.ts. */
  | { readonly because: "window"; readonly opensAt?: string }
  /** A read of that very resource, right before its deletion, does not show it to be ours: see fresh-ownership.ts. */
  | {
      readonly because: "not ours by now";
      readonly name: string;
      readonly shows: "nothing" | "another resource" | "no tag of ours";
    }
  /** More of a kind would go within an hour than may: see deletion-budget.ts. */
  | { readonly because: "deletions frozen"; readonly kind: KindName; readonly title: string }
  /** As much was corrected within an hour as may be: see correction-budget.ts. */
  | { readonly because: "correction budget"; readonly most: number }
  /** AWS allows the account what it calls too rarely, and others came before: see guards/turn.ts. */
  | {
      readonly because: "turn";
      /** IAM's name of the call. */
      readonly operation: string;
      readonly callsPerSecond: number;
      readonly ahead: number;
      readonly waitMs: number;
    }
  /** AWS carries an epoch that a person has yet to confirm: see consistency/epochs.ts. */
  | { readonly because: "foreign epoch"; readonly epoch: string };

/** How a new target group fares before it is sent requests. */
interface Trial {
  readonly healthy: number;
  /** So many healthy targets are waited for. */
  readonly needed: number;
  readonly failing: readonly Target[];
  /** Healthy instances of the old one that are of no group of the spec. */
  readonly strangers: readonly string[];
}

/** Something that must not be done yet. */
export interface Hold {
  readonly address: Address;
  /** Absent: the whole resource. */
  readonly field?: string;
  readonly reason: HoldReason;
}

export interface Holds {
  /** What holds the whole resource or, with a field, that field of it. */
  on(address: Address, field?: string): HoldReason | undefined;
}

export function holdsFrom(list: readonly Hold[]): Holds {
  const byPlace = new Map<string, HoldReason>();
  for (const { address, field, reason } of list) {
    const place = placeOf(address, field);
    if (!byPlace.has(place)) byPlace.set(place, reason);
  }
  return { on: (address, field) => byPlace.get(placeOf(address, field)) };
}

function placeOf(address: Address, field: string | undefined): string {
  return [address, field].join("\n");
}

/** For people. The same words as long as the reason is the same, so that conditions do not flap. */
export function sentenceOf(reason: HoldReason): string {
  switch (reason.because) {
    case "unread":
      return `${reason.what} could not be read`;
    case "stale list":
      return `the ${reason.kind} list lacks ${reason.name}; a second read decides`;
    case "unconfirmed":
      return "a second read decides";
    case "own write":
      return "the read may be older than our last write";
    case "contested":
      return `somebody else writes it as well: it came back after each of ${reason.corrections} corrections, and the next one waits for ${reason.waitMs / 1000} s`;
    case "ineffective":
      return "AWS takes the change, and does not make it";
    case "tried":
      return "it was tried a moment ago; a read shows what became of it";
    case "sibling":
      return reason.address;
    case "rule order":
      return "the order of the rules";
    case "name taken":
      return `AWS to finish removing ${reason.name}`;
    case "contested name":
      return `what has the name of ${reason.address} (${reason.name}) is not what the spec asks for`;
    case "AWS at work":
      return reason.doing;
    case "unready targets":
      return `the new target group of ${reason.targetGroup} has not enough healthy targets yet${trialText(reason.trial)}`;
    case "unready group":
      return `${reason.group} takes over, and ${reason.healthy} of ${reason.needed} of its instances are healthy`;
    case "requests not moved":
      return `requests still go to target group ${reason.from}`;
    case "in use":
      return `${reason.by} still uses it`;
    case "comes later":
      return `${reason.than} comes first`;
    case "something failed":
      return "something that is wanted could not be done";
    case "adoption":
      return "what runs is adopted first";
    case "version not pinned":
      return `${reason.group} names the version that it runs by its number first`;
    case "managed elsewhere":
      return `somebody else manages ${reason.address}`;
    case "no room":
      return `${reason.quota}: what is not wanted goes first`;
    case "approval":
      return `approval of plan ${reason.digest}`;
    case "replacement not active":
      return `${reason.name} is not active yet`;
    case "quota exceeded":
      return `${reason.quota}: it has no place`;
    case "refresh active":
      return `the end of the instance refresh of ${reason.group}, before which AWS takes no target groups and no warm pool`;
    case "window":
      return reason.opensAt === undefined
        ? "a window of spec.windows, and none is known to open"
        : `the window of spec.windows that opens at ${reason.opensAt.slice(0, 16)}Z`;
    case "not ours by now":
      return `a read of ${reason.name} right before its deletion shows ${reason.shows}`;
    case "deletions frozen":
      return `deletions of the kind ${reason.title} are frozen until a person lifts that`;
    case "foreign epoch":
      return `a person to confirm the epoch ${reason.epoch}`;
    case "correction budget":
      return `${reason.most} calls have corrected drift within an hour, which is as many as may`;
    case "turn":
      return turnText(reason);
  }
}

/** Rounded, so that the words stay for a while. */
function turnText({
  operation,
  callsPerSecond,
  ahead,
  waitMs,
}: Extract<HoldReason, { because: "turn" }>): string {
  const name = operation.slice(operation.indexOf(":") + 1);
  const pace =
    callsPerSecond < 1
      ? `one ${name} each ${Math.round(1 / callsPerSecond)} s`
      : `${Math.round(callsPerSecond)} calls such as ${name} a second`;
  const minutes = Math.ceil(waitMs / 60_000);
  const soon = waitMs < 60_000 ? "within a minute" : `in about ${minutes} min`;
  return `its turn: AWS lets the account make ${pace}, ${ahead} are ahead, and it comes ${soon}`;
}

/** Whether something was to be read, and could not be. */
export function isUnread(reasons: readonly HoldReason[]): boolean {
  return reasons.some(({ because }) => because === "unread");
}

/** How many names are told of what fails for one reason. */
const NAMES_TOLD = 3;

function trialText(trial: Trial | undefined): string {
  if (trial === undefined) return "";
  const { healthy, needed, failing, strangers } = trial;
  const byReason = Map.groupBy(failing, ({ state, reason, description }) => {
    const why = description ?? reason;
    return why === undefined ? state : `${state} (${why})`;
  });
  const parts = [...byReason]
    .map(([why, targets]) => `${namesOf(targets.map(({ instanceId }) => instanceId))}: ${why}`)
    .sort();
  if (healthy + failing.length === 0) parts.push("it has no targets");
  if (strangers.length > 0)
    parts.push(`registered in the old one by hand, by no group of the spec: ${namesOf(strangers)}`);
  return [` (${healthy} of ${needed})`, ...parts].join("; ");
}

function namesOf(ids: readonly string[]): string {
  return namesAndMore([...ids].sort(), NAMES_TOLD);
}
