/**
 * Whether a look at what was known shows that all is as it was. Whatever it shows beside that, nothing is done, recorded or
 * doubted because of it: AWS is asked again first.
 */
import type { Store } from "../../ports.ts";
import { isComplete } from "../core/observation.ts";
import { isUnhindered } from "../decide.ts";
import { isAllWell } from "../observe-instances.ts";
import type { Pass } from "../pass.ts";
import { probesOf } from "./probes.ts";

export function isAsBefore(store: Store, pass: Pass, nowMs: number): boolean {
  const { service, account, observation, compared, decisionInput, epoch } = pass;
  return (
    account.is === "right" &&
    epoch.is === "own" &&
    isComplete(observation) &&
    isUnhindered(decisionInput) &&
    compared.actions.length + compared.obstacles.length === 0 &&
    isUndoubted(pass) &&
    probesOf(compared, nowMs).length === 0 &&
    (isAllWell(observation) || pass.isOfUnwell) &&
    isSettled(store, service.key)
  );
}

function isUndoubted({ drift, contested, listLacks, moved, indeterminate, isSettling }: Pass): boolean {
  const doubts = drift.findings.length + contested.length + listLacks.length + moved.length;
  return doubts + indeterminate.size === 0 && !isSettling;
}

/** Nothing is under way, or still to be confirmed, by what is written down. */
function isSettled(store: Store, key: Pass["service"]["key"]): boolean {
  const isOpen = ({ suspectedAtMs = {}, unseen = {} }: { suspectedAtMs?: object; unseen?: object }) =>
    Object.keys(suspectedAtMs).length + Object.keys(unseen).length > 0;
  return (
    store.openDrift(key).length === 0 &&
    store.rollouts(key).every(({ state }) => state !== "Running" && state !== "RollingBack") &&
    [...store.applied(key).values()].every((row) => !isOpen(row))
  );
}
