/**
 * All that keeps actions from being done now although nothing is in their way, for whoever decides: a pass in each of its
 * rounds and right before each action, a preview, and who asks whether drift would be put right. A guard is added here, and
 * then all of them have it.
 */
import type { Observation } from "../core/observation.ts";
import { decide } from "../decide.ts";
import { foreignEpoch } from "../guards/foreign-epoch.ts";
import type { Guard } from "../guards/guard.ts";
import { windowsGuard } from "../guards/windows.ts";
import type { Pass, PassDependencies } from "../pass.ts";
import { budgetsOf } from "./budgets.ts";

type Guarding = Pick<PassDependencies, "store" | "clock" | "correctionsPerHour">;

/** As they are when they are asked for, on what is known of AWS by then. */
export function standingGuards(deps: Guarding, pass: Pass): (observation: Observation) => readonly Guard[] {
  const windows = windowsIn(deps, pass);
  return (observation) => [...foreignEpoch(pass.epoch), ...windows(observation), ...budgetsOf(deps, pass)];
}

/** One that closes during a pass lets nothing more begin. */
function windowsIn(
  { clock }: Pick<PassDependencies, "clock">,
  { service, observation: read, compared, decisionInput }: Pass,
): (observation: Observation) => Guard[] {
  const { windows } = service.spec;
  let known = { observation: read, decided: compared };
  return (observation) => {
    if (windows === undefined) return [];
    if (known.observation !== observation) {
      const { approval: _, ...input } = decisionInput;
      known = { observation, decided: decide({ ...input, observation, holds: [], listLacks: [] }) };
    }
    const { decided } = known;
    return windowsGuard({ ...decisionInput, windows, nowMs: clock.nowMs(), decided });
  };
}
