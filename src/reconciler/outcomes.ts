/** What became of the actions of a pass, told: AWS's refusals, events, log lines. */
import type { Address } from "../model/address.ts";
import type { CloudError } from "../model/errors.ts";
import { type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import type { EventReason } from "../model/reasons.ts";
import type { Log, Store } from "../ports.ts";
import type { Applied } from "./apply.ts";
import type { Failure } from "./conditions.ts";
import { type Doable, differencesIn } from "./core/actions.ts";
import { kindNamed } from "./kinds/registry.ts";

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
    for (const { action, error } of done) {
      if (error !== undefined) {
        const { message } = failureOf(action.address, error);
        store.record(object, { type: "Warning", reason: "CallFailed", message });
        continue;
      }
      const reason = DONE[action.verb];
      const message = `${reason} ${kindNamed(action.kind).title} ${action.name}: ${action.reason}.`;
      store.record(object, { type: "Normal", reason, message });
    }
  });
}

export function logRound(log: Log, service: ObjectKey, answers: readonly Applied[]): void {
  for (const { action, error, requestId } of answers) {
    const fields = {
      service: textOfKey(service),
      verb: action.verb,
      resource: action.address,
      name: action.name,
      operations: action.calls.map((call) => call.operation),
      fields: differencesIn(action).map((difference) => difference.field),
      requestId,
    };
    if (error === undefined) log.info(fields, "action applied");
    else
      log.warn(
        { ...fields, code: error.code, category: error.category, error: error.message },
        "action failed",
      );
  }
}
