import { describe, expect, it } from "vitest";
import { seededRng } from "../../../src/runtime/seeded-rng.ts";
import { RARE_EDITS, type RareEditName } from "../../simulation/rare-edits.ts";
import { EDIT_NAMES, type EditName, edited, firstSpec, type Spec } from "../../simulation/specs.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { converged, loudOfBugs } from "../world.ts";
import { callsOf, expectForetold, planAndDo, quiet } from "./foretold.ts";

const DUE = "scheduled actions that are soon due";
/**
 * What it makes wait for the night is foretold, and not done by the time that is looked at; and that sizes go back to the
 * spec's once the schedule that has set them is removed is seen only when it has gone.
 */
const HELD_BACK: readonly string[] = ["corrected at night", DUE];
const EDITS = [...EDIT_NAMES, ...Object.keys(RARE_EDITS)].filter((name) => !HELD_BACK.includes(name)) as (
  | EditName
  | RareEditName
)[];

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

/** Some edits are of what an earlier one has removed. */
function editedWhereItCan(spec: Spec, name: EditName | RareEditName): Spec {
  const copy = structuredClone(spec);
  try {
    edited(copy, name);
    return copy;
  } catch (error) {
    if (error instanceof TypeError) return spec;
    throw error;
  }
}

describe("every call is foretold", () => {
  it("of a service that is new", async () => {
    const installation = new Installation({ log: loudOfBugs });
    const plan = await installation.plan(firstSpec());
    installation.post(firstSpec());
    await quiet(installation);
    expectForetold(plan, callsOf(installation), "create");
    expect(callsOf(installation).length).toBeGreaterThan(12);
  });

  it.each(EDITS)("of an edit: %s", async (name) => {
    const installation = await converged(firstSpec());
    const spec = firstSpec();
    edited(spec, name);
    const { plan, calls } = (await planAndDo(installation, spec)) ?? {};
    if (plan !== undefined && calls !== undefined) expectForetold(plan, calls, name);
  });

  it.each(seeds(6))("of edits one after the other, seed %i", async (seed) => {
    const rng = seededRng(seed + 1);
    const drawn = () => EDITS[Math.floor(rng.next() * EDITS.length)]!;
    const installation = await converged(firstSpec(), { seed: seed + 1 });
    let spec = firstSpec();
    for (let turn = 0; turn < 6; turn += 1) {
      const names = [drawn(), drawn(), drawn()].slice(0, 1 + Math.floor(rng.next() * 3));
      const next = names.reduce(editedWhereItCan, spec);
      const foretold = await planAndDo(installation, next);
      if (foretold === undefined) continue;
      expectForetold(foretold.plan, foretold.calls, `seed ${seed}, turn ${turn}: ${names.join(" + ")}`);
      spec = next;
    }
  });

  it("of an edit while a schedule has set the sizes, which are left to it", async () => {
    const spec = firstSpec();
    edited(spec, DUE);
    const installation = await converged(spec);
    await installation.clock.advance(30 * 60_000);
    const next = structuredClone(spec);
    edited(next, "two attributes");
    const { plan, calls } = (await planAndDo(installation, next))!;
    expectForetold(plan, calls, DUE);
    expect(calls.join()).not.toContain("UpdateAutoScalingGroup");
  });

  it.each(seeds(16))("of an edit in the middle of another one, seed %i", async (seed) => {
    const rng = seededRng(seed + 1000);
    const drawn = () => EDITS[Math.floor(rng.next() * EDITS.length)]!;
    const installation = await converged(firstSpec(), { seed: seed + 1 });
    const first = editedWhereItCan(firstSpec(), drawn());
    const second = editedWhereItCan(first, drawn());
    const began = await planAndDo(installation, first, Math.floor(rng.next() * 300_000));
    if (began === undefined) return;
    const foretold = await planAndDo(installation, second);
    if (foretold !== undefined) expectForetold(foretold.plan, foretold.calls, `seed ${seed}`);
  });

  it.each(["Delete", "Retain"])("of a deletion with the policy %s", async (deletionPolicy) => {
    const installation = await converged({ ...firstSpec(), deletionPolicy });
    const plan = await installation.planOfDeletion();
    const before = callsOf(installation).length;
    installation.remove();
    await quiet(installation);
    expectForetold(plan, callsOf(installation).slice(before), deletionPolicy);
    expect(installation.store.get(WEB_API)).toBeUndefined();
  });
});
