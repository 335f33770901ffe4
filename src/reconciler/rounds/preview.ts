/** What a pass would do for an object, all of it, without doing it: asks AWS afresh, and writes nothing. */
import { addressFrom } from "../../model/address.ts";
import { isPaused } from "../../model/object.ts";
import type { PlanView } from "../../model/status.ts";
import { approvalViewIn } from "../consent.ts";
import type { Obstacle } from "../core/actions.ts";
import { sentenceOf } from "../core/holds.ts";
import { planViewOf } from "../core/plan-view.ts";
import { assumedQuotaObstacles } from "../core/quota-obstacles.ts";
import { ASSUMED_QUOTAS } from "../core/quotas.ts";
import { decide } from "../decide.ts";
import { withEpochStep } from "../epochs/write-ahead.ts";
import { kindNamed } from "../kinds/registry.ts";
import { standingGuards } from "../pacing/standing-guards.ts";
import type { Pass, PassDependencies, Revision } from "../pass.ts";
import { readNow } from "../reconcile.ts";
import { isLasting, projectionOf } from "./projection.ts";
import { wholePlanOf } from "./whole-plan.ts";

export async function preview(
  deps: PassDependencies,
  { object, resolved, asked }: Omit<Revision, "looked">,
  signal: AbortSignal,
): Promise<PlanView> {
  const pass = await readNow(deps, { object, resolved, looked: [], asked }, signal, true);
  const { account } = pass;
  const guards = standingGuards(deps, pass)(pass.observation);
  const decisionInput = { ...pass.decisionInput, guards };
  const decision = decide({ ...decisionInput, holds: decisionInput.holds.filter(isLasting) });
  const { matching } = decision;
  const assumed =
    decisionInput.goal === "Converge"
      ? assumedQuotaObstacles({ quotas: ASSUMED_QUOTAS, ...decisionInput, matching })
      : [];
  const plan = { ...decision, obstacles: [...decision.obstacles, ...assumed, ...unknownIn(pass)] };
  if (account.is !== "right") return planViewOf(plan);
  const foretold = projectionOf({
    decisionInput,
    generation: object.metadata.generation,
    pauses: { ofAll: deps.store.pause() !== undefined, ofItself: isPaused(object) },
    nowMs: deps.clock.nowMs(),
  });
  const projection = { ...foretold, steps: withEpochStep(deps.store, pass, foretold) };
  const known = { kindNamed, resources: decisionInput.observation.resources, matching: decision.matching };
  const view = planViewOf(plan, approvalViewIn(decision), known);
  // While what was approved is carried out, it stays the plan that it is.
  const { given } = decision.approval ?? {};
  return wholePlanOf(given === undefined ? view : { ...view, digest: given.digest }, projection);
}

/** What could not be read, or is not believed to be missing. */
function unknownIn({ account, observation, decisionInput }: Pass): Obstacle[] {
  if (account.is === "wrong") return [];
  const unread = [
    ...observation.unknownKinds,
    ...observation.unreadable.map(({ id, reason }) => [id, reason] as const),
  ];
  const lacking = decisionInput.listLacks.map(
    ({ address, kind, name }) => [address, sentenceOf({ because: "stale list", kind, name })] as const,
  );
  return [...unread, ...lacking].map(([of, why]) => ({
    address: addressFrom(of),
    reason: "Unknown",
    message: `Cannot say: ${why}.`,
  }));
}
