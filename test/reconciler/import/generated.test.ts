/** Whatever somebody else has made: its manifest says the same, and each member that it does not say is told. */
import { describe, expect, it } from "vitest";
import type { CoverageRow } from "../../../src/model/status.ts";
import { Installation } from "../../support/installation.ts";
import { SERVES_AFTER_MS } from "./existing-tier.ts";
import { generatedTier } from "./generated-tier.ts";

const SEEDS = 200;
const PIECES = 20;

describe("the manifest of a generated tier", () => {
  for (let from = 0; from < SEEDS; from += SEEDS / PIECES) {
    it(`is in sync as it comes, and tells what it does not say: seeds ${from} to ${from + SEEDS / PIECES - 1}`, async () => {
      for (let seed = from; seed < from + SEEDS / PIECES; seed += 1) await expectInSync(seed);
    });
  }
});

async function expectInSync(seed: number): Promise<void> {
  const here = new Installation({ seed });
  const loadBalancer = await generatedTier(here, seed);
  await here.clock.advance(SERVES_AFTER_MS);
  const before = here.account.calls.mutating();
  const { spec, status } = await here.import({ loadBalancer });
  here.post(spec);
  await here.until(() => here.get().status?.observedGeneration === here.get().metadata.generation);
  const { coverage } = here.get().status ?? {};
  const rows = coverage?.resources ?? [];
  const different = rows.filter((row) => row.different.length > 0 || row.reason !== undefined);
  expect({ seed, different }).toEqual({ seed, different: [] });
  const told = new Set(status.import.notCompared.map(({ resource, member }) => `${resource} ${member}`));
  const unheard = rows.flatMap((row) => untold(row, told));
  expect({ seed, unheard }).toEqual({ seed, unheard: [] });
  const plan = await here.plan(spec);
  // The tags of others are in the way of an adoption, and of nothing else.
  const rest = plan.rows.filter(
    ({ verb, blockedBy }) => verb !== "adopt" && !blockedBy.includes("ManagedElsewhere"),
  );
  expect({ seed, rest }).toEqual({ seed, rest: [] });
  expect({ seed, synced: here.condition("Synced")?.status }).toEqual({ seed, synced: "True" });
  expect(here.account.calls.mutating()).toBe(before);
}

/** What a group begins with stands in the manifest; and what no pass reads of one an import does. */
const TOLD_OTHERWISE = /desiredCapacity$|lifecycle hooks$|scheduled actions$|notifications$/;

/** What the status calls not compared, or left to others, and the import has not told. */
function untold({ address, notCompared, leftToOthers }: CoverageRow, told: ReadonlySet<string>): string[] {
  const tags = leftToOthers.map(({ member }) => member.replace(/^tags\.(.*)$/, "Tags[$1]"));
  return [...notCompared.map(({ member }) => member), ...tags]
    .map((member) => `${address} ${member}`)
    .filter((line) => !told.has(line) && !TOLD_OTHERWISE.test(line));
}
