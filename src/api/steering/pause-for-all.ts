import type { Actor } from "../../model/actor.ts";
import { LIMITS } from "../../model/limits.ts";
import { type PauseForAll, pauseText } from "../../model/pause.ts";
import { iso } from "../../model/time.ts";
import type { Involved } from "../../ports.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError } from "../error.ts";

type Pausing = Pick<Dependencies, "store" | "clock" | "log" | "requestReconcileOfAll">;

/** What a person asks for. */
export interface PauseRequest {
  readonly paused: boolean;
  /** Shown wherever the pause is. */
  readonly reason?: string;
}

/** Its events stand in the namespace in which Kubernetes's clients look for those of the cluster. */
const SUBJECT: Involved = {
  kind: "Pause",
  metadata: { namespace: "default", name: "pause", uid: "pause" },
};

/**
 * Pauses all services, or lets all write again: once it answers, no call that writes begins. Asks for a pass over each, so
 * that their conditions say so.
 * @throws ApiError 422
 */
export function pauseForAll(
  { store, clock, log, requestReconcileOfAll }: Pausing,
  { paused, reason: given = "" }: PauseRequest,
  actor: Actor | undefined,
): PauseForAll | undefined {
  const reason = given.trim();
  if (reason.length > LIMITS.pauseReasonCharacters) {
    throw new ApiError(422, `the reason takes at most ${LIMITS.pauseReasonCharacters} characters`);
  }
  const before = store.pause();
  const by = actor === undefined ? {} : { actor: actor.name };
  if (!paused && before === undefined) return undefined;
  const pause: PauseForAll | undefined = paused
    ? { since: iso(clock.nowMs()), ...by, ...(reason !== "" && { reason }) }
    : undefined;
  store.transaction(() => {
    store.putPause(pause);
    if (pause !== undefined) {
      store.record(SUBJECT, { type: "Warning", reason: "PausedForAll", message: `${pauseText(pause)}.` });
    } else if (before !== undefined) {
      const why = reason === "" ? "" : ` (${reason})`;
      const message = `${actor?.name ?? "Somebody"} has lifted the pause for all${why}. It was: ${pauseText(before)}.`;
      store.record(SUBJECT, { type: "Normal", reason: "ResumedForAll", message });
    }
  });
  log.warn({ ...by, ...(reason !== "" && { reason }) }, paused ? "all is paused" : "all may write again");
  requestReconcileOfAll();
  return pause;
}
