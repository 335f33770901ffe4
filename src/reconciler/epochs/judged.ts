/** What the epoch on AWS comes to for a pass, and what is remembered of it. */
import { textOfEpoch, withAccepted } from "../../model/epoch.ts";
import { ANNOTATION_CONFIRMED_EPOCH, textOfKey, type WebService } from "../../model/object.ts";
import { type EpochVerdict, epochVerdictOf, isForeign, isUnread } from "../consistency/epochs.ts";
import type { Decision, DecisionInput } from "../decide.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { Pass, PassDependencies } from "../pass.ts";

const OWN: EpochVerdict = { is: "own", accepts: [] };

/** @param compared what was decided without holding anything back */
export function epochIn(
  { store, epochsRead }: Pick<PassDependencies, "store" | "epochsRead">,
  { metadata }: WebService,
  { mandate, observation }: DecisionInput,
  compared: Decision,
): EpochVerdict {
  // What is only looked at is not written to.
  if (mandate === "observe") return OWN;
  return epochVerdictOf({
    kindNamed,
    database: store.databaseUuid(),
    known: store.epoch(metadata),
    observation,
    confirmed: metadata.annotations?.[ANNOTATION_CONFIRMED_EPOCH],
    hasPlan: compared.actions.length > 0,
    wasRead: epochsRead.get(textOfKey(metadata)) === metadata.uid,
  });
}

/** What a person has confirmed, or nothing was to be done about, is asked about no more. */
export function rememberEpochs(
  { store, log, epochsRead }: Pick<PassDependencies, "store" | "log" | "epochsRead">,
  {
    object,
    service,
    observation,
    epoch: verdict,
  }: Pick<Pass, "object" | "service" | "observation" | "epoch">,
): void {
  const { key } = service;
  // What was seen to be foreign stays so while it cannot be read.
  if (isForeign(verdict)) epochsRead.delete(textOfKey(key));
  if (verdict.is !== "own") return;
  if (!isUnread({ kindNamed, observation })) epochsRead.set(textOfKey(key), object.metadata.uid);
  for (const { epoch, isConfirmed } of verdict.accepts) {
    const text = textOfEpoch(epoch);
    store.putEpoch(key, withAccepted(store.epoch(key), store.databaseUuid(), epoch));
    log.info({ service: textOfKey(key), epoch: text, isConfirmed }, "epoch accepted");
    if (!isConfirmed) continue;
    const message = `This database goes on although AWS carries the epoch ${text}: confirmed by annotation.`;
    store.record(object, { type: "Normal", reason: "EpochConfirmed", message });
  }
}
