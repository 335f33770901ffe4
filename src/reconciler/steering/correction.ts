/** Whether the next pass may put drift right, as a person asks: AWS is read, and nothing is written. */
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { placeText, type Refusal, type Steered } from "../../model/ledger/steering.ts";
import { isPaused } from "../../model/object.ts";
import { iso } from "../../model/time.ts";
import { sentenceOf } from "../core/holds.ts";
import { comparedIn, type Decision, decide } from "../decide.ts";
import { comparisonFor } from "../drift-ledger.ts";
import { standingGuards } from "../pacing/standing-guards.ts";
import type { Pass, PassDependencies } from "../pass.ts";
import { readNow } from "../reconcile.ts";
import { liveOf } from "./acceptance.ts";

/** What is in the way of it; empty: the next pass does it. */
export async function correctionRefusals(
  deps: PassDependencies,
  { object, lookups, events }: Steered,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const refused = (why: string) =>
    events.map((event): Refusal => ({ is: "refused", place: placeText(event), why }));
  if (isPaused(object)) return refused("the service is paused: resume it first");
  if (deps.store.pause() !== undefined) return refused("everything is paused: lift the pause for all first");
  const decision = { verb: "correct", time: iso(deps.clock.nowMs()) } as const;
  const asked = events.map((event): DriftEvent => ({ ...event, decision }));
  const pass = await readNow(deps, { object, resolved: lookups, looked: [], asked }, signal);
  switch (pass.decisionInput.mandate) {
    case "observe":
    case "release":
      return refused("the service is only observed: nothing is written for it");
    case "adopt":
      return refused("what runs is adopted first");
    default: {
      const guards = standingGuards(deps, pass)(pass.observation);
      const planned = decide({ ...pass.decisionInput, guards, holds: [] });
      return events.flatMap((event) => refusalOf(pass, planned, event) ?? []);
    }
  }
}

function refusalOf(pass: Pass, planned: Decision, event: DriftEvent): Refusal | undefined {
  const place = placeText(event);
  const { account, compared } = pass;
  if (account.is !== "right")
    return { is: "unread", place, why: account.is === "wrong" ? account.message : account.reason };
  const comparison = comparisonFor(event, [...comparedIn(compared).values()]);
  if (comparison === undefined) return { is: "unread", place, why: "AWS could not be read to its end" };
  // What it has moved on to is put right as well.
  const live = liveOf(comparison, event);
  if (live.is === "as wanted") return { is: "moved", place, why: live.why };
  const { address } = comparison.desired;
  const lasting = pass.holds.on(address, event.field === "" ? undefined : event.field);
  if (lasting?.because === "ineffective") return { is: "refused", place, why: sentenceOf(lasting) };
  // Only what a guard or a missing consent stops is complete, and waits; of a change, it may be a part.
  const [held] = planned.actions.flatMap((action) => {
    if (action.verb !== "wait" || action.held === undefined || action.address !== address) return [];
    const isOfOthers = action.differences.length > 0 && event.field !== "";
    return isOfOthers && !action.differences.some(({ field }) => field === event.field) ? [] : [action];
  });
  if (held === undefined) return undefined;
  return { is: "refused", place, why: `it waits for ${held.until.map(sentenceOf).join(" and ")}` };
}
