/** What became of the actions of a pass, told: AWS's refusals, events, log lines. */
import type { Address } from "../model/address.ts";
import type { CloudError } from "../model/errors.ts";
import type { Occurrence } from "../model/events.ts";
import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { EventReason } from "../model/reasons.ts";
import type { CallRow, Log, Store } from "../ports.ts";

import type { Failure } from "./conditions.ts";
import { type Doable, differencesIn } from "./core/actions.ts";
import { type HoldReason, sentenceOf } from "./core/holds.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { Applied } from "./rounds/answers.ts";

const TERMINAL: readonly string[] = ["invalid", "quota", "conflict", "unauthorized", "unsupported"];

/** AWS's refusals, in words that stay the same while the problem does. */
export function failuresIn(done: readonly Applied[]): Failure[] {
  return done.flatMap(({ action, error }) => (error === undefined ? [] : [failureOf(action.address, error)]));
}

function failureOf(address: Address, error: CloudError): Failure {
  const isTerminal = TERMINAL.includes(error.category);
  const detail = isTerminal ? `${error.code}: ${error.message}` : `${error.code} (${error.category})`;
  return { address, message: `${address}: ${error.operation} was refused with ${detail}`, isTerminal };
}

const DONE: Record<Doable["verb"], EventReason> = {
  adopt: "Adopted",
  create: "Created",
  update: "Updated",
  reorder: "Reordered",
  delete: "Deleted",
  release: "Released",
};

/** What was done, and what AWS refused, as events. */
export function recordDone(store: Store, object: WebService, done: readonly Applied[]): void {
  if (done.length === 0) return;
  store.transaction(() => {
    for (const { action, error, stoppedAfter, heldBy } of done) {
      if (error !== undefined) {
        const { message } = failureOf(action.address, error);
        store.record(object, { type: "Warning", reason: "CallFailed", message });
        continue;
      }
      if (heldBy !== undefined) {
        if (heldBy.because === "not ours by now" && heldBy.shows !== "nothing")
          store.record(object, leftAlone(action, heldBy));
        continue;
      }
      if (stoppedAfter !== undefined) {
        if (stoppedAfter > 0) store.record(object, interruption(action, stoppedAfter));
        continue;
      }
      const reason = DONE[action.verb];
      const message = `${reason} ${kindNamed(action.kind).title} ${action.name}: ${action.reason}.`;
      store.record(object, { type: "Normal", reason, message });
    }
  });
}

/** It was to be deleted, and a read of it says that somebody has made it theirs. */
function leftAlone({ kind, name }: Doable, reason: HoldReason): Occurrence {
  const message = `${kindNamed(kind).title} ${name} was to be deleted, and is left: ${sentenceOf(reason)}.`;
  return { type: "Warning", reason: "NotOurs", message };
}

/** It was neither done nor left: which of its calls were made. */
function interruption({ calls, kind, name, reason }: Doable, made: number): Occurrence {
  const operations = calls.map(({ operation }) => operation);
  const left = operations.slice(made).join(", ");
  const message = `${kindNamed(kind).title} ${name} (${reason}) was changed in part: ${operations.slice(0, made).join(", ")} was made, and ${left} not, because it was told to stop.`;
  return { type: "Warning", reason: "Interrupted", message };
}

export function logRound(log: Log, service: ObjectKey, answers: readonly Applied[]): void {
  for (const { action, error, requestId, stoppedAfter, heldBy } of answers) {
    const fields = {
      service: textOfKey(service),
      verb: action.verb,
      resource: action.address,
      name: action.name,
      operations: action.calls.map((call) => call.operation),
      fields: differencesIn(action).map((difference) => difference.field),
      requestId,
    };
    if (heldBy?.because === "turn")
      log.info({ ...fields, why: sentenceOf(heldBy) }, "action waits for its turn");
    else if (heldBy !== undefined)
      log.warn({ ...fields, callsMade: stoppedAfter, why: sentenceOf(heldBy) }, "action held by a guard");
    else if (stoppedAfter !== undefined) log.info({ ...fields, callsMade: stoppedAfter }, "action stopped");
    else if (error === undefined) log.info(fields, "action applied");
    else
      log.warn(
        { ...fields, code: error.code, category: error.category, error: error.message },
        "action failed",
      );
  }
}

/** The last calls, read only when they are asked for. */
export function journalOf(store: Store, service: ObjectKey): () => readonly CallRow[] {
  return () => store.calls({ service, limit: LIMITS.listPage });
}
