/** How much faster than real is a random history, judges and all? */
import { historyOf } from "../test/simulation/generate.ts";
import { runHistory } from "../test/simulation/run-history.ts";
import type { Measurement } from "./report.ts";

const SEEDS = 60;
/** Seeds of a run of CI end far below. */
const WARM_UP_FROM = 1_000_000;
const WARM_UP = 20;

export async function measureSimulation(): Promise<Measurement[]> {
  for (let seed = WARM_UP_FROM; seed < WARM_UP_FROM + WARM_UP; seed += 1) await runHistory(historyOf(seed));
  const begin = process.cpuUsage();
  let virtualMs = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) virtualMs += (await runHistory(historyOf(seed))).virtualMs;
  const { user, system } = process.cpuUsage(begin);
  const usedMs = (user + system) / 1_000;
  return [
    {
      question: "Virtual time that passes in a random history, over the processor time that it takes",
      figure: virtualMs / usedMs,
      unit: "×",
      goal: { atLeast: 10_000 },
      how: `${(virtualMs / 3_600_000).toFixed(1)} h in ${(usedMs / 1_000).toFixed(1)} s, all threads; seeds 0 to ${SEEDS - 1}, daemon, simulated account and judges in one thread`,
    },
  ];
}
