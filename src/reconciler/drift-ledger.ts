/** The drift ledger: one event for each field or resource that moved, opened once, closed when a read shows it put right. */
import { type Address, addressFrom, surplusAddress } from "../model/address.ts";
import {
  type Contest,
  type DriftEvent,
  type DriftState,
  isRepaired,
  isReportedOnly,
  REPORTED_BY,
} from "../model/ledger/drift.ts";
import { LIMITS } from "../model/limits.ts";
import { API_VERSION, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import { iso } from "../model/time.ts";
import { valuesEqual } from "../model/value.ts";
import type { Store } from "../ports.ts";
import type { Outcome } from "./conditions.ts";
import { CONFIRMATION_MS, type Finding, isAbout, type Place } from "./consistency/drift.ts";
import {
  type Contested,
  type Correction,
  contestSentence,
  isLeftAlone,
  type OpenDrift,
} from "./consistency/field-conflicts.ts";
import type { Comparison } from "./core/compare.ts";
import { digestOf } from "./core/names.ts";
import type { Write } from "./core/writes.ts";

export interface LedgerInput {
  readonly store: Store;
  readonly object: WebService;
  readonly nowMs: number;
}

/** What a drift event is about; the API says it by the kind of change and, of a field, its path. */
function placeOfEvent({ change, field }: Pick<DriftEvent, "change" | "field">): Place {
  return change === "Missing" ? { change } : { change, field };
}

/** Opens an event for each confirmed finding that has none, and keeps open ones up to date. */
export function recordFindings(
  { store, object, nowMs }: LedgerInput,
  findings: readonly Finding[],
  contested: readonly Contested[],
): DriftEvent[] {
  const { namespace, name } = object.metadata;
  // Compared with what is not wanted any more: what a person has just decided of it must not be undone.
  if (store.get({ namespace, name })?.metadata.generation !== object.metadata.generation) return [];
  const open = store.openDrift({ namespace, name });
  const opened: DriftEvent[] = [];
  for (const finding of findings.filter(
    ({ isConfirmed, isGivenBack }) => isConfirmed && isGivenBack !== true,
  )) {
    const known = open.find((event) => isOf(event, finding) && isAbout(finding, placeOfEvent(event)));
    const contest = contested.find(({ finding: about }) => about === finding);
    if (contest !== undefined && isLeftAlone(contest) && known?.contest?.corrections !== contest.corrections)
      store.record(object, { type: "Warning", reason: "Contested", message: contestSentence(contest) });
    if (known === undefined) {
      const event = { ...eventOf({ namespace, name }, finding, nowMs), ...contestIn(contest) };
      store.putDrift(event);
      store.record(object, { type: "Warning", reason: "DriftDetected", message: sentenceOf(event) });
      opened.push(event);
    } else {
      const next = seenAgain(known, finding, contest, nowMs);
      if (next !== undefined) store.putDrift(next);
    }
  }
  return opened;
}

/** Whatever it is to be replaced by may have moved as well. */
function isOf(event: DriftEvent, { standsAt, address, name }: Finding): boolean {
  return event.resource === (standsAt ?? address) && (standsAt === undefined || event.resourceName === name);
}

/** While nothing else of it moves, when it was last seen is written no more often than this. */
const LAST_SEEN_EVERY_MS = 300_000;

/** An open event that is still so; nothing, where there is nothing worth writing. */
function seenAgain(
  known: DriftEvent,
  finding: Finding,
  contest: Contested | undefined,
  nowMs: number,
): DriftEvent | undefined {
  const hasMoved = !valuesEqual(known.after, finding.after);
  const isNews =
    hasMoved ||
    (contest !== undefined && known.contest?.corrections !== contest.corrections) ||
    known.rightSinceTime !== undefined ||
    reporterOf(known) !== finding.by ||
    nowMs - Date.parse(known.lastSeenTime) >= LAST_SEEN_EVERY_MS;
  if (!isNews) return undefined;
  const metadata = { ...known.metadata, ...annotationsOf(finding) };
  if (finding.by === undefined) delete metadata.annotations;
  const { rightSinceTime: _not, ...rest } = known;
  return {
    ...rest,
    metadata,
    after: finding.after,
    lastSeenTime: iso(nowMs),
    ...(hasMoved ? { afterSinceTime: iso(nowMs) } : {}),
    ...contestIn(contest),
  };
}

function contestIn(contested: Contested | undefined): { contest?: Contest } {
  if (contested === undefined) return {};
  const { corrections, sinceMs, values, times, waitMs } = contested;
  return {
    contest: {
      corrections,
      since: iso(sinceMs),
      values: [...values],
      times: times.map(iso),
      waitSeconds: waitMs / 1000,
    },
  };
}

/** What is open, and what was put right lately, where something has moved again: by what a conflict is known. */
export function pastOf(
  store: Store,
  { namespace, name }: ObjectKey,
  findings: readonly Finding[],
): { corrections: Correction[]; open: OpenDrift[] } {
  if (findings.length === 0) return { corrections: [], open: [] };
  const { items } = store.driftEvents({
    namespace,
    service: name,
    state: "Corrected",
    limit: LIMITS.listPage,
  });
  const momentsOf = (event: DriftEvent) => ({
    address: findings.find((finding) => isOf(event, finding))?.address ?? addressFrom(event.resource),
    of: placeOfEvent(event),
    after: event.after,
    firstSeenMs: Date.parse(event.firstSeenTime),
  });
  return {
    corrections: items.map((event) => ({
      ...momentsOf(event),
      closedMs: Date.parse(event.closedTime ?? event.lastSeenTime),
    })),
    open: store.openDrift({ namespace, name }).map((event) => ({
      ...momentsOf(event),
      afterSinceMs: Date.parse(event.afterSinceTime ?? event.firstSeenTime),
    })),
  };
}

function eventOf(service: ObjectKey, finding: Finding, nowMs: number): DriftEvent {
  const { address, standsAt = address, firstSeenMs } = finding;
  const field = finding.change === "Missing" ? "" : finding.field;
  const digest = digestOf([textOfKey(service), address, field, firstSeenMs]).slice(0, 10);
  return {
    apiVersion: API_VERSION,
    kind: "DriftEvent",
    metadata: {
      name: `${service.name}-${digest}`,
      namespace: service.namespace,
      uid: "",
      labels: { "holdfast.dev/service": service.name },
      ...annotationsOf(finding),
      generation: 1,
      resourceVersion: "",
      creationTimestamp: "",
    },
    service: service.name,
    resource: standsAt,
    resourceKind: finding.kind,
    resourceName: finding.name,
    ...(finding.id === undefined ? {} : { arn: finding.id }),
    field,
    change: finding.change,
    desired: finding.desired,
    before: finding.before,
    after: finding.after,
    state: "Open",
    firstSeenTime: iso(firstSeenMs),
    lastSeenTime: iso(nowMs),
    attempts: 0,
  };
}

/** What is reported only says so, and by which rule. */
function annotationsOf({ by }: Finding): { annotations?: Record<string, string> } {
  return by === undefined ? {} : { annotations: { [REPORTED_BY]: by } };
}

function reporterOf({ metadata }: DriftEvent): string | undefined {
  return metadata.annotations?.[REPORTED_BY];
}

function sentenceOf(event: DriftEvent): string {
  if (event.change === "Missing") return `${event.resource} (${event.resourceName}) is gone from AWS.`;
  const reporter = reporterOf(event);
  return `${event.resource}: ${event.field} is ${JSON.stringify(event.after)} in AWS, wanted is ${JSON.stringify(event.desired)}${reporter === undefined ? "" : `; reported, not corrected (${reporter})`}.`;
}

/** What an open event said of its correction before a call was sent. */
export type NotedCorrections = readonly DriftEvent[];

/**
 * Before a call is sent: notes on the open events that it is on its way to put their field right. AWS's request id is added
 * when AWS has answered; a correction without one was sent, and nobody knows more than what a later read shows.
 */
export function noteCorrections(
  { store, object, nowMs }: LedgerInput,
  operation: string,
  writes: readonly Write[],
  operationsFor: (field: string | undefined) => readonly string[],
): NotedCorrections {
  const { namespace, name } = object.metadata;
  const noted = writes.length === 0 ? [] : store.openDrift({ namespace, name });
  const rows = noted.length === 0 ? undefined : store.applied({ namespace, name });
  const placeOf = ({ arn, resource }: DriftEvent): string => {
    const own = arn === undefined ? undefined : surplusAddress(arn);
    return own !== undefined && rows?.has(own) === true ? own : resource;
  };
  return noted.filter((event) => {
    if (!writes.some((write) => corrects(write, event, placeOf(event)))) return false;
    const operations = operationsFor(event.change === "Missing" ? undefined : event.field);
    // Of several calls for one field, the first begins another attempt.
    const attempts = event.attempts + (operation === operations[0] ? 1 : 0);
    const correction = { operation: operations.join(", "), time: iso(nowMs) };
    store.putDrift({ ...event, attempts, correction });
    return true;
  });
}

/** AWS has answered that the call was done. */
export function confirmCorrections(
  { store, object }: LedgerInput,
  noted: NotedCorrections,
  requestId: string | undefined,
): void {
  if (requestId === undefined) return;
  for (const event of stillOpen(store, object, noted)) {
    if (event.correction !== undefined)
      store.putDrift({ ...event, correction: { ...event.correction, requestId } });
  }
}

/** AWS has refused the call: what stood there before stands there again. */
export function withdrawCorrections({ store, object }: LedgerInput, noted: NotedCorrections): void {
  for (const event of stillOpen(store, object, noted)) {
    const { correction: _, ...rest } = event;
    const before = noted.find(({ metadata }) => metadata.name === event.metadata.name)?.correction;
    store.putDrift({ ...rest, ...(before === undefined ? {} : { correction: before }) });
  }
}

function stillOpen(store: Store, object: WebService, noted: NotedCorrections): DriftEvent[] {
  if (noted.length === 0) return [];
  const { namespace, name } = object.metadata;
  const names = new Set(noted.map(({ metadata }) => metadata.name));
  return store.openDrift({ namespace, name }).filter(({ metadata }) => names.has(metadata.name));
}

function corrects({ address, isCreate, differences }: Write, event: DriftEvent, place: string): boolean {
  if (address !== place) return false;
  if (event.change === "Missing") return isCreate;
  return !isCreate && differences.some(({ field }) => field === event.field);
}

/**
 * Closes what fresh reads show to be right again, and what the spec has overtaken. After a correction of ours one read is
 * enough: all reads of a pass begin after the calls of the one before. What we have not put right may only seem so, by an
 * answer of before it moved: a second read decides, as it does when an event is opened.
 */
export function closeSettled(
  { store, object, nowMs }: LedgerInput,
  comparisons: readonly Comparison[],
  known: KnownPlaces,
): void {
  const { namespace, name } = object.metadata;
  for (const event of store.openDrift({ namespace, name })) {
    const comparison = comparisonFor(event, comparisons);
    const state = stateOf(event, comparison, known);
    const isRead = comparison !== undefined;
    const rightSinceMs = rightSince(event, state === "Open" && isRead ? "differs" : state, nowMs);
    if (rightSinceMs !== sinceIn(event)) store.putDrift(withRightSince(event, rightSinceMs));
    if (state === "Open") continue;
    if (state === "Reverted" && nowMs - (rightSinceMs ?? nowMs) < CONFIRMATION_MS) continue;
    const closedMs = state === "Reverted" ? (rightSinceMs ?? nowMs) : nowMs;
    const closed: DriftEvent = {
      ...withRightSince(event, undefined),
      state,
      closedTime: iso(closedMs),
      ...(isRepaired(state)
        ? { timeToRepairSeconds: Math.round((closedMs - Date.parse(event.firstSeenTime)) / 1000) }
        : {}),
    };
    store.putDrift(closed);
    store.record(object, { type: "Normal", reason: `Drift${state}`, message: closingSentence(closed) });
  }
}

/** Whether a second look is to show that something is right again. */
export function isBeingClosed(event: Pick<DriftEvent, "rightSinceTime">): boolean {
  return event.rightSinceTime !== undefined;
}

/** Since when reads have shown it right, and not after a call of ours. */
function rightSince(event: DriftEvent, seen: DriftState | "differs", nowMs: number): number | undefined {
  // What the clock says may be before what it said.
  if (seen === "Reverted") return Math.min(sinceIn(event) ?? nowMs, nowMs);
  // Not read this time: what was seen before still counts.
  return seen === "Open" ? sinceIn(event) : undefined;
}

function sinceIn({ rightSinceTime }: DriftEvent): number | undefined {
  return rightSinceTime === undefined ? undefined : Date.parse(rightSinceTime);
}

function withRightSince(event: DriftEvent, sinceMs: number | undefined): DriftEvent {
  const { rightSinceTime: _, ...rest } = event;
  return sinceMs === undefined ? rest : { ...rest, rightSinceTime: iso(sinceMs) };
}

/** What an event is about, as it was compared: what is to be replaced before what takes its place. */
export function comparisonFor(
  { resource, resourceName }: Pick<DriftEvent, "resource" | "resourceName">,
  comparisons: readonly Comparison[],
): Comparison | undefined {
  const isMeant = ({ standsAt, desired }: Comparison) =>
    standsAt === resource && desired.name === resourceName;
  return comparisons.find(isMeant) ?? comparisons.find(({ desired }) => desired.address === resource);
}

/** What is wanted, and what is there whether or not it was compared. */
export interface KnownPlaces {
  readonly wanted: ReadonlySet<Address>;
  readonly stands: (kind: string, id: string) => boolean;
}

function stateOf(
  event: DriftEvent,
  comparison: Comparison | undefined,
  { wanted, stands }: KnownPlaces,
): DriftState {
  if (!wanted.has(addressFrom(event.resource))) return "Superseded";
  // Not read this time: nothing is claimed.
  if (comparison === undefined) return "Open";
  const settled = event.correction === undefined ? "Reverted" : "Corrected";
  if (event.change === "Missing") return comparison.observed === undefined ? "Open" : settled;
  if (comparison.desired.name !== event.resourceName) {
    const { arn } = event;
    return arn !== undefined && stands(event.resourceKind, arn) ? "Open" : "Superseded";
  }
  if (comparison.observed === undefined) return "Superseded";
  // The spec asks for something else there by now, of what replaces it.
  if (isEdited(comparison, event.field)) return "Superseded";
  const left = comparison.left?.find(({ field }) => field === event.field);
  if (left !== undefined)
    return left.isReported && valuesEqual(left.wanted ?? null, event.desired) ? "Open" : "Superseded";
  const difference = comparison.differences.find((candidate) => candidate.field === event.field);
  if (difference === undefined) {
    const wanted = comparison.fields[event.field];
    return wanted === undefined || valuesEqual(wanted, event.desired) ? settled : "Superseded";
  }
  return valuesEqual(difference.desired, event.desired) ? "Open" : "Superseded";
}

function isEdited({ standsAt, desired, fields }: Comparison, field: string): boolean {
  return standsAt !== undefined && desired.fields[field] !== undefined && fields[field] === undefined;
}

function closingSentence(event: DriftEvent): string {
  const what = event.change === "Missing" ? event.resource : `${event.resource}: ${event.field}`;
  switch (event.state) {
    case "Corrected":
      return event.correction?.requestId === undefined
        ? `${what} is as wanted again after ${event.timeToRepairSeconds} s: ${event.correction?.operation} was sent, and AWS did not answer it.`
        : `${what} was put right after ${event.timeToRepairSeconds} s by ${event.correction.operation}.`;
    case "Reverted":
      return `${what} is as wanted again, and not by a call of ours.`;
    default:
      return `${what} no longer counts: the spec has moved on.`;
  }
}

/** Everything still open, when the service goes. */
export function supersedeAll(input: LedgerInput): void {
  closeSettled(input, [], { wanted: new Set(), stands: () => false });
}

/** How much has moved that is to be put right, and how much that is reported only. */
export function openDriftIn(
  open: readonly DriftEvent[],
): Pick<Outcome, "openDrift" | "reportedDrift" | "isClosing"> {
  const corrected = open.filter((event) => !isReportedOnly(event));
  return {
    openDrift: corrected.length,
    reportedDrift: open.length - corrected.length,
    isClosing: corrected.some(isBeingClosed),
  };
}
