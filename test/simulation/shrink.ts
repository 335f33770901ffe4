/** The shortest history that still fails: ever smaller parts are left out, as long as what is left fails (Zeller's ddmin). */
import { execFileSync } from "node:child_process";
import { runHistory } from "./run-history.ts";
import type { History, Step } from "./steps.ts";

const MOST_RUNS = 150;

/** @param fails whether a history fails; called at most {@link MOST_RUNS} times */
export async function shrunk(
  history: History,
  fails: (history: History) => Promise<boolean>,
): Promise<History> {
  let steps = history.steps;
  let portion = Math.ceil(steps.length / 2);
  let runs = 0;
  while (portion >= 1 && runs < MOST_RUNS) {
    let isShorter = false;
    for (let start = 0; start < steps.length && runs < MOST_RUNS; ) {
      const rest: Step[] = steps.filter((_, index) => index < start || index >= start + portion);
      runs += 1;
      if (rest.length > 0 && (await fails({ ...history, steps: rest }))) {
        steps = rest;
        isShorter = true;
      } else start += portion;
    }
    if (portion === 1 && !isShorter) break;
    portion = isShorter ? Math.max(1, Math.min(portion, steps.length)) : Math.floor(portion / 2);
  }
  return { ...history, steps };
}

/** What a person needs of a failure: how to see it again, at which commit, and the shortest history that still fails. */
export async function reportOf(
  command: string,
  history: History,
  objections: readonly string[],
): Promise<string> {
  const sign = objections[0]?.slice(0, 40) ?? "";
  const short = await shrunk(history, async (shorter) =>
    (await runHistory(shorter)).objections.some((text) => text.startsWith(sign)),
  );
  return [
    `${command} at commit ${commit()}`,
    ...objections.map((text) => `  ${text}`),
    "The shortest history that still fails:",
    ...short.steps.map((step) => `  ${JSON.stringify(step)}`),
  ].join("\n");
}

export function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
