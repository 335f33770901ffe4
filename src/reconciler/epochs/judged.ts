/** What the epoch on AWS comes to for a pass, and what is remembered of it. */
import { textOfEpoch, withAccepted } from "../../model/epoch.ts";
import {
  ANNOTATION_CONFIRMED_EPOCH,
  isAskedAsBefore,
  textOfKey,
  type WebService,
} from "../../model/object.ts";
import type { Log } from "../../ports.ts";
import { CONFIRMATION_MS } from "../consistency/drift.ts";
import { type EpochVerdict, epochVerdictOf, isForeign, isUnread } from "../consistency/epochs.ts";
import { type JournalRow, unexplainedAbsences } from "../consistency/own-removals.ts";
import type { Decision, DecisionInput } from "../decide.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { EpochLook, Pass, PassDependencies } from "../pass.ts";

const OWN: EpochVerdict = { is: "own", accepts: [] };

/**
 * @param compared what was decided without holding anything back
 * @param calls the journal as far as it is near
 */
export function epochIn(
  { store, clock, epochsRead }: Pick<PassDependencies, "store" | "clock" | "epochsRead">,
  { metadata }: WebService,
  { mandate, observation, made }: Pick<DecisionInput, "mandate" | "observation" | "made">,
  compared: Decision,
  calls: () => readonly JournalRow[],
): EpochVerdict {
  // What is only looked at is not written to.
  if (mandate === "observe") return OWN;
  const look = lookOf(epochsRead, metadata);
  const lacksSinceMs = look?.lacksSinceMs;
  const wasRead = look !== undefined && lacksSinceMs === undefined;
  const isLackBelieved = lacksSinceMs !== undefined && clock.nowMs() - lacksSinceMs >= CONFIRMATION_MS;
  const carriers = made.filter(({ kind }) => kindNamed(kind).traits.withEpoch !== undefined);
  return epochVerdictOf({
    kindNamed,
    database: store.databaseUuid(),
    known: store.epoch(metadata),
    observation,
    confirmed: metadata.annotations?.[ANNOTATION_CONFIRMED_EPOCH],
    hasPlan: compared.actions.length > 0,
    wasRead,
    isLacking: !wasRead && !isLackBelieved && unexplainedAbsences(carriers, observation, calls).length > 0,
  });
}

/** What a person has confirmed, or nothing was to be done about, is asked about no more. */
export function rememberEpochs(
  { store, clock, log, epochsRead }: Pick<PassDependencies, "store" | "clock" | "log" | "epochsRead">,
  {
    object,
    service,
    observation,
    epoch: verdict,
  }: Pick<Pass, "object" | "service" | "observation" | "epoch">,
): void {
  const { key } = service;
  tellForeign(log, object, verdict);
  const { uid } = object.metadata;
  // What was seen to be foreign stays so while it cannot be read.
  if (isForeign(verdict)) epochsRead.delete(textOfKey(key));
  if (verdict.is === "unread" && verdict.isLacking) {
    const { lacksSinceMs = clock.nowMs() } = lookOf(epochsRead, object.metadata) ?? {};
    epochsRead.set(textOfKey(key), { uid, lacksSinceMs });
  }
  if (verdict.is !== "own") return;
  if (!isUnread({ kindNamed, observation })) epochsRead.set(textOfKey(key), { uid });
  for (const { epoch, isConfirmed } of verdict.accepts) {
    // That nothing was to be done says nothing of what is asked for by now.
    if (!isConfirmed && !isAskedAsBefore(store.get(key), object)) continue;
    const text = textOfEpoch(epoch);
    store.putEpoch(key, withAccepted(store.epoch(key), store.databaseUuid(), epoch));
    log.info({ service: textOfKey(key), epoch: text, isConfirmed }, "epoch accepted");
    if (!isConfirmed) continue;
    const message = `This database goes on although AWS carries the epoch ${text}: confirmed by annotation.`;
    store.record(object, { type: "Normal", reason: "EpochConfirmed", message });
  }
}

/** What was seen of this very object's, and not of one that had its name before. */
function lookOf(
  epochsRead: PassDependencies["epochsRead"],
  metadata: WebService["metadata"],
): EpochLook | undefined {
  const look = epochsRead.get(textOfKey(metadata));
  return look?.uid === metadata.uid ? look : undefined;
}

/** A line when it begins, and one when it is over: what is accepted is told as that. */
function tellForeign(log: Log, { metadata, status }: WebService, verdict: EpochVerdict): void {
  const before = status?.foreignEpoch;
  const service = textOfKey(metadata);
  if (isForeign(verdict)) {
    const { epoch, is: reason } = verdict;
    if (epoch !== before) log.warn({ service, epoch, reason }, "foreign epoch found");
  } else if (verdict.is === "own" && before !== undefined) {
    const isAccepted = verdict.accepts.some(({ epoch }) => textOfEpoch(epoch) === before);
    if (!isAccepted) log.info({ service, epoch: before }, "foreign epoch is over");
  }
}
