import { readFileSync, statSync } from "node:fs";
import { parseYaml } from "../api/body/parse-yaml.ts";
import { ApiError } from "../api/error.ts";
import { SetupError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { SystemClock } from "../runtime/system-clock.ts";
import type { Account } from "../simulator/account.ts";
import { type SeedCall, SeedFault, seedCalls } from "../simulator/seed-file/calls.ts";
import { runSeed } from "../simulator/seed-file/run.ts";

/** Tiers that somebody else made are not brand-new: as long their makers are away, in the account's time. */
const SETTLING_MS = 15 * 60_000;
/** How far the account's time goes between two looks whether the calls are done. */
const STEP_MS = 1_000;

/**
 * Makes what the file says in an account that the daemon does not call yet, and lets its time run on until the load
 * balancers are up and the instances serve. The account is served already: that keeps the process alive meanwhile.
 * @throws SetupError one line: the file, the number of the call, its operation, and what AWS says
 */
export async function seedFromFile(path: string, account: Account, clock: SystemClock): Promise<void> {
  try {
    const work = runSeed(account, callsIn(path));
    await hurried(work, clock);
  } catch (error) {
    if (!(error instanceof SeedFault)) throw error;
    throw new SetupError(`seed file ${path}: ${error.message}`);
  }
  await clock.advance(SETTLING_MS);
}

/**
 * The calls of a seed file.
 * @throws SeedFault when it cannot be read, or is no list of calls
 */
export function callsIn(path: string): SeedCall[] {
  try {
    return seedCalls(parseYaml(textOf(path)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [cause] = error.extras.causes ?? [];
    throw new SeedFault(
      cause === undefined ? error.message : `cannot be read as YAML: ${cause.message} at ${cause.field}`,
    );
  }
}

function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > LIMITS.bodyBytes) {
      throw new SeedFault(`it has ${size} bytes, and at most ${LIMITS.bodyBytes} are read`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof SeedFault) throw error;
    throw new SeedFault(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Lets time pass fast until the work is done. */
async function hurried(work: Promise<void>, clock: SystemClock): Promise<void> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  while (!isDone) await clock.advance(STEP_MS);
  await work;
}
