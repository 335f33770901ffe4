/** What the three decisions on drift have in common: the answer, the refusal, and how it is written down. */

import { CloudError } from "../../model/errors.ts";
import type { DriftEvent, DriftVerb } from "../../model/ledger/drift.ts";
import { placeText, type Refusal } from "../../model/ledger/steering.ts";
import type { ResolvedLookup } from "../../model/lookups.ts";
import { API_VERSION, textOfKey, type WebService } from "../../model/object.ts";
import type { RevisionDifference } from "../../model/revision.ts";
import { iso } from "../../model/time.ts";
import { valuesEqual } from "../../model/value.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError, cloudFailure, subjectOf } from "../error.ts";
import { existing, type Writer } from "../writer.ts";
import { type By, causeOf, type DecisionAsked, whoIs } from "./by.ts";
import { differencesBetween } from "./revision-differences.ts";

export type SteeringDependencies = Pick<
  Dependencies,
  | "store"
  | "clock"
  | "log"
  | "withoutSecrets"
  | "acceptedSpec"
  | "correctionRefusals"
  | "ignoreRefusals"
  | "ignoringSpec"
  | "requestReconcile"
> & { readonly writer: Writer };

export interface DriftDecided {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: "DriftDecision";
  readonly verb: DriftVerb;
  readonly service: string;
  readonly namespace: string;
  /** The generation of the spec by now. */
  readonly generation: number;
  /** Whether a revision was made of it. */
  readonly isRevised: boolean;
  /** The one event that was asked for had been decided so before, and nothing was done now. */
  readonly isDecidedBefore: boolean;
  /** Nothing was stored: everything else is as it would be. */
  readonly isDryRun: boolean;
  /** How the spec was changed. */
  readonly differences: readonly RevisionDifference[];
  /** The events that it was decided of. */
  readonly events: readonly DriftEvent[];
  /** In a dry run, the service as it would be, with the plan that would follow in its status. */
  readonly object?: WebService;
}

export function decidedOf(
  verb: DriftVerb,
  { metadata: { namespace, name, generation } }: WebService,
  events: readonly DriftEvent[],
  {
    differences = [],
    isDecidedBefore = false,
    planned,
  }: {
    readonly differences?: readonly RevisionDifference[];
    readonly isDecidedBefore?: boolean;
    /** In a dry run. */
    readonly planned?: WebService | undefined;
  } = {},
): DriftDecided {
  return {
    apiVersion: API_VERSION,
    kind: "DriftDecision",
    verb,
    service: name,
    namespace,
    generation,
    isRevised: differences.length > 0,
    isDecidedBefore,
    isDryRun: planned !== undefined,
    differences,
    events,
    ...(planned === undefined ? {} : { object: planned }),
  };
}

/** @param code what a refusal is that is no change of AWS's meanwhile */
export function refusedError(
  verb: DriftVerb,
  { metadata }: WebService,
  refusals: readonly Refusal[],
  code: 409 | 422,
): ApiError {
  const isUnread = refusals.some(({ is }) => is === "unread");
  const isMoved = refusals.some(({ is }) => is === "moved");
  const shown = refusals.slice(0, REFUSALS_TOLD).map(({ place, why }) => `${place}: ${why}`);
  const more = refusals.length > shown.length ? `; and ${refusals.length - shown.length} more` : "";
  return new ApiError(
    isUnread ? 503 : isMoved ? 409 : code,
    `WebService ${textOfKey(metadata)}: nothing is done to ${verb} drift. ${shown.join("; ")}${more}`,
    {
      causes: refusals.map(({ is, place, why }) => ({ reason: CAUSES[is], message: why, field: place })),
      subject: subjectOf("WebService", metadata.name),
    },
  );
}

const REFUSALS_TOLD = 3;
const CAUSES = { moved: "DriftMoved", refused: "DriftRefused", unread: "Unread" } as const;

/** That AWS could not be read, and why, is the answer. */
export function unreadError(error: unknown): never {
  if (!(error instanceof CloudError)) throw error;
  throw cloudFailure("AWS could not be read, and nothing is done: ", error);
}

/** What is to be stored for a decision that changes the spec. */
export interface RevisingDecision {
  /** As it was when AWS was read. */
  readonly object: WebService;
  readonly events: readonly DriftEvent[];
  readonly spec: Record<string, unknown>;
  readonly lookups: readonly ResolvedLookup[];
  readonly by: DecisionAsked;
  /** What it comes to, for the revision: `accepts what AWS has in alarms.high-5xx: threshold`. */
  readonly what: string;
  /** The same of whoever did it: `has accepted …`. */
  readonly told: string;
}

/** The new spec and what becomes of the events, in one commit; or what that would be. @throws ApiError 409, 422 */
export async function revise(
  deps: SteeringDependencies,
  verb: "accept" | "ignore",
  revising: RevisingDecision,
): Promise<DriftDecided> {
  const { store, clock, writer, withoutSecrets } = deps;
  const { object, events, spec, lookups, by } = revising;
  const { namespace, name } = object.metadata;
  const key = { namespace, name };
  const now = existing(store, key);
  checkUnedited(store, object, now, events);
  const { labels = {}, annotations = {}, resourceVersion } = now.metadata;
  const incoming = { key, labels, annotations, spec, resourceVersion };
  const admitted = writer.admitOne({ ok: true, incoming }, "existing", lookups);
  const time = iso(clock.nowMs());
  const decision = decisionOf(verb, by, time);
  const closed = events.map(
    (event): DriftEvent => ({ ...event, state: "Superseded", closedTime: time, decision }),
  );
  const before = { spec: now.spec, lookups: store.lookups(key) };
  const differences = differencesBetween(before, { spec: admitted.spec, lookups }, withoutSecrets);
  if (by.isDryRun === true) {
    const [planned = now] = await writer.dryRunAll([admitted], true);
    return decidedOf(verb, planned, closed, { differences, planned });
  }
  const written = writeRevision(deps, verb, revising, { now, admitted, closed });
  return decidedOf(verb, written, closed, { differences });
}

function writeRevision(
  { store, log, writer }: SteeringDependencies,
  verb: "accept" | "ignore",
  { events, by, what, told }: RevisingDecision,
  {
    now,
    admitted,
    closed,
  }: {
    readonly now: WebService;
    readonly admitted: ReturnType<Writer["admitOne"]>;
    readonly closed: readonly DriftEvent[];
  },
): WebService {
  const together = ([written]: readonly WebService[]) => {
    if (written === undefined) return;
    for (const event of closed) store.putDrift(event);
    const message = causeOf(
      `${whoIs(by.actor)} ${told} (generation ${written.metadata.generation})`,
      by.reason,
    );
    store.record(
      written,
      verb === "accept"
        ? { type: "Normal", reason: "DriftAccepted", message }
        : { type: "Normal", reason: "DriftIgnored", message },
    );
  };
  const [written = now] = writer.write([admitted], by.actor, { cause: causeOf(what, by.reason), together });
  const { name: actor } = by.actor ?? {};
  const places = events.map(placeText);
  log.info({ service: textOfKey(now.metadata), verb, places, actor, reason: by.reason }, "drift decided");
  return written;
}

export function decisionOf(verb: DriftVerb, { actor, reason }: By, time: string) {
  return {
    verb,
    ...(actor === undefined ? {} : { actor: actor.name }),
    ...(reason === undefined ? {} : { reason }),
    time,
  };
}

/** Whoever has edited it while AWS was read has decided on another spec; and drift may have moved on, or been put right. */
function checkUnedited(
  store: SteeringDependencies["store"],
  before: WebService,
  now: WebService,
  events: readonly DriftEvent[],
): void {
  const { metadata } = now;
  const isSame =
    metadata.uid === before.metadata.uid &&
    metadata.generation === before.metadata.generation &&
    metadata.deletionTimestamp === before.metadata.deletionTimestamp;
  const open = store.openDrift(metadata);
  const isOpen = ({ metadata: { name }, after }: DriftEvent) =>
    open.some((one) => one.metadata.name === name && valuesEqual(one.after, after));
  if (isSame && events.every(isOpen)) return;
  throw new ApiError(
    409,
    `WebService ${textOfKey(metadata)} has changed while AWS was read, and nothing is stored: look at it again`,
    { subject: subjectOf("WebService", metadata.name) },
  );
}

/** The places of some events, for a sentence. */
export function placesOf(events: readonly DriftEvent[]): string {
  const texts = events.slice(0, REFUSALS_TOLD).map(placeText);
  return events.length > texts.length
    ? `${texts.join(", ")} and ${events.length - texts.length} more`
    : texts.join(", ");
}
