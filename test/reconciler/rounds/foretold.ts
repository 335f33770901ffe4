/** What a plan foretold, beside what was then called: by a service that is edited, paused, approved, deleted. */
import { expect } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { ANNOTATION_APPROVED_PLAN } from "../../../src/model/object.ts";
import type { PlanView } from "../../../src/model/status.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";

const A_WHILE_MS = 1_500_000;

/** Every mutating call so far, with the address that it was for. */
export function callsOf({ store }: Installation): string[] {
  return store
    .calls({ limit: 10_000 })
    .map(({ operation, address }) => `${operation} ${address}`)
    .reverse();
}

/** Time for everything that AWS does by itself; what waits for consent gets it, as often as it asks. */
export async function quiet(installation: Installation): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await installation.clock.advance(A_WHILE_MS);
    const digest = installation.store.get(WEB_API)?.status?.plan?.approval?.digest;
    if (digest === undefined) return;
    installation.annotate({ [ANNOTATION_APPROVED_PLAN]: digest });
  }
}

/** The plan of a spec, and the calls that came of it, in the end or in so much time; `undefined` where the spec is refused. */
export async function planAndDo(
  installation: Installation,
  spec: unknown,
  forMs?: number,
): Promise<{ plan: PlanView; calls: string[] } | undefined> {
  const plan = await installation.plan(spec).catch((error: unknown) => {
    if (error instanceof InvalidSpecError) return undefined;
    throw error;
  });
  if (plan === undefined) return undefined;
  const before = callsOf(installation).length;
  installation.post(spec);
  if (forMs === undefined) await quiet(installation);
  else await installation.clock.advance(forMs);
  return { plan, calls: callsOf(installation).slice(before) };
}

const textOf = ({ call, key }: { call: string; key: string }) => `${call} ${key}`;

/** None more, none fewer; of each resource in this order; and round by round as far as nothing but calls decides. */
export function expectForetold({ steps = [], cut }: PlanView, calls: readonly string[], says: string): void {
  expect(cut, says).toBeUndefined();
  const told = steps.map(textOf);
  expect([...told].sort(), says).toEqual([...calls].sort());
  const byKey = (list: readonly string[]) =>
    Object.fromEntries(Map.groupBy(list, (text) => text.slice(text.indexOf(" ") + 1)));
  expect(byKey(told), says).toEqual(byKey(calls));
  const atOnce = steps.filter(({ waitsFor }) => waitsFor === undefined);
  let done = 0;
  for (const [round, group] of Map.groupBy(atOnce, (step) => step.round)) {
    const chunk = calls.slice(done, done + group.length);
    expect([...chunk].sort(), `${says}, round ${round}`).toEqual(group.map(textOf).sort());
    done += group.length;
  }
}
