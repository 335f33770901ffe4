/**
 * How much of the account passes may change within an hour, over all services, and what comes of more: what the guards
 * ask of the journal, and the freeze that they leave behind. A restart forgets none of it.
 */
import type { CallCause } from "../../model/call-cause.ts";
import type { KindName } from "../../model/kind-name.ts";
import { isPaused, textOfKey } from "../../model/object.ts";
import { iso } from "../../model/time.ts";
import type { CallRow, Store } from "../../ports.ts";
import { mayHaveBeenDone } from "../consistency/indeterminate-writes.ts";
import { blockersOf, type Doable, type Plan } from "../core/actions.ts";
import { causeOf } from "../guards/cause.ts";
import { correctionBudget } from "../guards/correction-budget.ts";
import { deletionBudget, deletionKey, type KindUsage, WINDOW_MS } from "../guards/deletion-budget.ts";
import type { Guard } from "../guards/guard.ts";
import { KINDS } from "../kinds/registry.ts";
import type { Pass, PassDependencies } from "../pass.ts";

type Budgeting = Pick<PassDependencies, "store" | "clock" | "correctionsPerHour">;

/** Why a pass does something. */
export function causeIn({ decisionInput }: Pick<Pass, "decisionInput">): (action: Doable) => CallCause {
  return (action) => causeOf(action, decisionInput);
}

/** Good for one look at a plan. Where nothing will be written anyway there is nothing to guard. */
export function budgetsOf(
  { store, clock, correctionsPerHour }: Budgeting,
  pass: Pick<Pass, "decisionInput" | "object" | "service">,
): Guard[] {
  const { mandate = "manage" } = pass.decisionInput;
  if (isPaused(pass.object) || store.pause() !== undefined || mandate !== "manage") return [];
  const service = textOfKey(pass.service.key);
  const reasonOf = causeIn(pass);
  const deletions = KINDS.map(({ name: kind, title }) => {
    const usage = () => usageOf(store, kind, clock.nowMs());
    return deletionBudget({ kind, title, service, causeOf: reasonOf, usage });
  });
  if (correctionsPerHour === undefined) return deletions;
  const used = () => store.correctionsSince(iso(clock.nowMs() - WINDOW_MS));
  return [...deletions, correctionBudget({ most: correctionsPerHour, causeOf: reasonOf, used })];
}

/** Why an action must not begin now, by the journal as it is at this moment. */
export function stoppedBy(guards: readonly Guard[], action: Doable) {
  for (const { stops } of guards) {
    const reason = stops(action);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function usageOf(store: Store, kind: KindName, nowMs: number): KindUsage {
  const hourAgo = iso(nowMs - WINDOW_MS);
  const lifted = store.freezeLifted(kind);
  // Both in one form, so that the later text is the later time.
  const since = lifted !== undefined && lifted > hourAgo ? lifted : hourAgo;
  const rows = store.removals(kind, since).filter(mayBeDone);
  return {
    owned: store.owned(kind),
    deleted: new Set(rows.map(({ service, address }) => deletionKey(textOfKey(service), address))),
    isFrozen: store.freezes().some((freeze) => freeze.kind === kind),
  };
}

/** What AWS has refused has deleted nothing. */
function mayBeDone({ outcome, operation, errorCode = "" }: CallRow): boolean {
  return outcome !== "failed" || mayHaveBeenDone(operation, errorCode);
}

/** What is stopped once stays frozen, for every service, until a person lifts it. */
export function rememberFreezes(
  { store, clock, log }: Pick<PassDependencies, "store" | "clock" | "log">,
  { service }: Pick<Pass, "service">,
  { actions }: Plan,
): void {
  const kinds = new Set(
    actions.flatMap((action) =>
      blockersOf(action).flatMap((reason) => (reason.because === "deletions frozen" ? [reason.kind] : [])),
    ),
  );
  for (const kind of kinds) {
    const nowMs = clock.nowMs();
    const { owned, deleted } = usageOf(store, kind, nowMs);
    const counts = { deleted: deleted.size, owned };
    if (store.freeze({ kind, since: iso(nowMs), ...counts }))
      log.warn({ kind, ...counts, service: textOfKey(service.key) }, "deletions frozen");
  }
}
