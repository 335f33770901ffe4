/** To whom a drift event is owed: which of the calls that AWS has recorded can have done it. */
import type { Address } from "../model/address.ts";
import type { KindName } from "../model/kind-name.ts";
import type { Attribution } from "../model/ledger/attribution.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import { iso } from "../model/time.ts";
import type { Caller, Hint, RecordedCall, Subject } from "./hint.ts";

/**
 * Whether an operation can have written a field of a kind, or, with an empty field, have made the resource go: `undefined` if
 * not. `members`: of what the record of the call then names one; without them, the operation writes the field whatever it
 * names.
 */
export type WritesField = (
  operation: string,
  kind: KindName,
  field: string,
) => { readonly members?: readonly string[] } | undefined;

/** What stands at an address, as AWS knows it. */
interface Standing {
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  readonly id?: string;
}

/** What drifted, and what it stands below. */
export interface DriftedPlace extends Standing {
  readonly field: string;
  readonly change: DriftEvent["change"];
  readonly region: string;
  readonly above: readonly Standing[];
}

/** When it may have happened. */
export interface Window {
  /** When a read that showed the desired value had begun; absent where none is known. */
  readonly rightAtMs?: number;
  /** When a read first showed the other. */
  readonly seenAtMs: number;
}

/** A record is stamped with AWS's time, to the second. */
export const CLOCK_SLACK_MS = 5_000;
/** How far back a call is looked for where no read is known that showed the desired value. */
const LOOK_BACK_MS = 3_600_000;

/** The time in which a call that did it must have been made. */
export function spanOf({ rightAtMs, seenAtMs }: Window): {
  readonly fromMs: number;
  readonly untilMs: number;
} {
  return {
    fromMs: (rightAtMs ?? seenAtMs - LOOK_BACK_MS) - CLOCK_SLACK_MS,
    untilMs: seenAtMs + CLOCK_SLACK_MS,
  };
}

interface Candidate {
  readonly call: RecordedCall;
  readonly caller: Caller;
  readonly atMs: number;
  readonly from: Attribution["from"];
  /** The record itself says that it wrote the field. */
  readonly isNamed: boolean;
}

interface Rules {
  /** Whether a call is one of the daemon's. */
  readonly isOwn: (hint: Hint) => boolean;
  readonly writesField: WritesField;
}

/** @returns nothing without a record of a call that can have done it */
export function attributionOf(
  place: DriftedPlace,
  window: Window,
  hints: readonly Hint[],
  rules: Rules,
): Attribution | undefined {
  const { fromMs, untilMs } = spanOf(window);
  const candidates = hints
    .filter(({ region, atMs }) => region === place.region && atMs >= fromMs && atMs <= untilMs)
    .map((hint) => candidateIn(hint, place, rules))
    .filter((candidate) => candidate !== undefined)
    .sort((one, other) => other.atMs - one.atMs);
  // What was done after it was seen is worth a look only where nothing was done before: clocks differ a little.
  const newest = candidates.find(({ atMs }) => atMs <= window.seenAtMs) ?? candidates[0];
  if (newest === undefined) return undefined;
  const isAlone = candidates.every(({ caller }) => isSameCaller(caller, newest.caller));
  const isSure = newest.isNamed && window.rightAtMs !== undefined && newest.atMs <= window.seenAtMs;
  const { call, caller, atMs, from } = newest;
  return {
    confidence: isAlone ? (isSure ? "certain" : "likely") : "possible",
    ...caller,
    eventId: call.eventId,
    eventName: call.operation.slice(call.operation.indexOf(":") + 1),
    eventTime: iso(atMs),
    from,
  };
}

/** A role is many people's; its session is one's. */
function isSameCaller(one: Caller, other: Caller): boolean {
  return one.principal === other.principal && one.session === other.session;
}

function candidateIn(hint: Hint, place: DriftedPlace, { isOwn, writesField }: Rules): Candidate | undefined {
  const { call, atMs, from } = hint;
  if (call?.caller === undefined || !call.hasChanged) return undefined;
  const field = place.change === "Missing" ? "" : place.field;
  const writes = writesField(call.operation, place.kind, field);
  if (writes === undefined || !isOn(hint, place)) return undefined;
  const { members } = writes;
  // What a change in place does not name it leaves as it was.
  if (members !== undefined && call.members?.some((name) => members.includes(name)) === false)
    return undefined;
  if (isOwn(hint)) return undefined;
  const isNamed = members === undefined || call.members !== undefined;
  return { call, caller: call.caller, atMs, from, isNamed };
}

/** Whether the call was made on it, or, where it is gone, on what it stood below. */
function isOn({ subjects }: Hint, place: DriftedPlace): boolean {
  const isMeant = (standing: Standing) => subjects.some((subject) => names(subject, standing));
  return isMeant(place) || (place.change === "Missing" && place.above.some(isMeant));
}

/** What sits on a group is called by the group and its own name there; of a warm pool calls name the group alone. */
function names({ id, kind, within }: Subject, standing: Standing): boolean {
  if (kind === undefined) return id === standing.id;
  if (kind !== standing.kind) return false;
  if (kind === "warmPool") return standing.name.startsWith(`${id}:`);
  return standing.name === (within === undefined ? id : `${within}:${id}`);
}
