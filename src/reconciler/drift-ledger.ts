/** The drift ledger: one event for each field or resource that moved, opened once, closed when a read shows it put right. */
import { type Address, addressFrom } from "../model/address.ts";
import type { DriftEvent, DriftState } from "../model/drift.ts";
import { API_VERSION, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import { iso } from "../model/time.ts";
import { valuesEqual } from "../model/value.ts";
import type { Store } from "../ports.ts";
import type { Applied } from "./apply.ts";
import { type Finding, isAbout, type Place } from "./consistency/drift.ts";
import type { Comparison } from "./core/compare.ts";
import { digestOf } from "./core/names.ts";

export interface LedgerInput {
  readonly store: Store;
  readonly object: WebService;
  readonly nowMs: number;
}

/** What a drift event is about; the API says it by the kind of change and, of a field, its path. */
export function placeOfEvent({ change, field }: Pick<DriftEvent, "change" | "field">): Place {
  return change === "Missing" ? { change } : { change, field };
}

/** Opens an event for each confirmed finding that has none, and keeps open ones up to date. */
export function recordFindings(
  { store, object, nowMs }: LedgerInput,
  findings: readonly Finding[],
): DriftEvent[] {
  const { namespace, name } = object.metadata;
  const open = store.openDrift({ namespace, name });
  const opened: DriftEvent[] = [];
  for (const finding of findings.filter((candidate) => candidate.isConfirmed)) {
    const known = open.find(
      (event) => event.resource === finding.address && isAbout(finding, placeOfEvent(event)),
    );
    if (known === undefined) {
      const event = eventOf({ namespace, name }, finding, nowMs);
      store.putDrift(event);
      store.record(object, { type: "Warning", reason: "DriftDetected", message: sentenceOf(event) });
      opened.push(event);
    } else if (!valuesEqual(known.after, finding.after)) {
      store.putDrift({ ...known, after: finding.after, lastSeenTime: iso(nowMs) });
    }
  }
  return opened;
}

function eventOf(service: ObjectKey, finding: Finding, nowMs: number): DriftEvent {
  const { address, firstSeenMs } = finding;
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
      generation: 1,
      resourceVersion: "",
      creationTimestamp: "",
    },
    service: service.name,
    resource: address,
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
  };
}

function sentenceOf(event: DriftEvent): string {
  if (event.change === "Missing") return `${event.resource} (${event.resourceName}) is gone from AWS.`;
  return `${event.resource}: ${event.field} is ${JSON.stringify(event.after)} in AWS, wanted is ${JSON.stringify(event.desired)}.`;
}

/** Notes on the open events which call of ours put their field right. A later read closes them. */
export function recordCorrections({ store, object, nowMs }: LedgerInput, applied: readonly Applied[]): void {
  const { namespace, name } = object.metadata;
  const done = applied.filter((item) => item.error === undefined);
  for (const event of store.openDrift({ namespace, name })) {
    const item = done.find(({ action }) => corrects(action, event));
    if (item === undefined) continue;
    store.putDrift({
      ...event,
      correction: {
        operation: item.action.calls.map((call) => call.operation).join(", "),
        ...(item.requestId === undefined ? {} : { requestId: item.requestId }),
        time: iso(nowMs),
      },
    });
  }
}

function corrects(action: Applied["action"], event: DriftEvent): boolean {
  const isItself = action.address === event.resource;
  switch (action.verb) {
    case "create":
      return isItself && event.change === "Missing";
    case "update":
      return (
        isItself &&
        event.change === "Modified" &&
        action.differences.some((difference) => difference.field === event.field)
      );
    case "reorder":
      return event.field === action.field && action.moves.some(({ rule }) => rule === event.resource);
    case "delete":
    case "release":
      return false;
  }
}

/** Closes what fresh reads show to be right again, and what the spec has overtaken. */
export function closeSettled(
  { store, object, nowMs }: LedgerInput,
  comparisons: readonly Comparison[],
  wanted: ReadonlySet<Address>,
): void {
  const { namespace, name } = object.metadata;
  for (const event of store.openDrift({ namespace, name })) {
    const state = stateOf(event, comparisons, wanted);
    if (state === "Open") continue;
    const closed: DriftEvent = {
      ...event,
      state,
      lastSeenTime: iso(nowMs),
      closedTime: iso(nowMs),
      timeToRepairSeconds: Math.round((nowMs - Date.parse(event.firstSeenTime)) / 1000),
    };
    store.putDrift(closed);
    store.record(object, { type: "Normal", reason: `Drift${state}`, message: closingSentence(closed) });
  }
}

function stateOf(
  event: DriftEvent,
  comparisons: readonly Comparison[],
  wanted: ReadonlySet<Address>,
): DriftState {
  if (!wanted.has(addressFrom(event.resource))) return "Superseded";
  const comparison = comparisons.find((candidate) => candidate.desired.address === event.resource);
  // Not read this time: nothing is claimed.
  if (comparison === undefined) return "Open";
  const settled = event.correction === undefined ? "Reverted" : "Corrected";
  if (event.change === "Missing") return comparison.observed === undefined ? "Open" : settled;
  if (comparison.observed === undefined || comparison.desired.name !== event.resourceName)
    return "Superseded";
  const difference = comparison.differences.find((candidate) => candidate.field === event.field);
  if (difference === undefined) {
    const wanted = comparison.fields[event.field];
    return wanted === undefined || valuesEqual(wanted, event.desired) ? settled : "Superseded";
  }
  return valuesEqual(difference.desired, event.desired) ? "Open" : "Superseded";
}

function closingSentence(event: DriftEvent): string {
  const what = event.change === "Missing" ? event.resource : `${event.resource}: ${event.field}`;
  switch (event.state) {
    case "Corrected":
      return `${what} was put right after ${event.timeToRepairSeconds} s by ${event.correction?.operation}.`;
    case "Reverted":
      return `${what} is as wanted again, and not by a call of ours.`;
    default:
      return `${what} no longer counts: the spec has moved on.`;
  }
}

/** Everything still open, when the service goes. */
export function supersedeAll(input: LedgerInput): void {
  closeSettled(input, [], new Set());
}
