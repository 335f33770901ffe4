import { describe, expect, it } from "vitest";
import { AccountBudget } from "../../src/aws/account-budget.ts";
import { RegionTurns } from "../../src/aws/region-turns.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import type { Address } from "../../src/model/address.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { OperationName, TurnWait } from "../../src/ports.ts";
import { SettableClock } from "../support/settable-clock.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { ScriptedCloud } from "./scripted-cloud.ts";

const CREATE = "elasticloadbalancing:CreateLoadBalancer";

function world() {
  const clock = new VirtualClock(0);
  const machine = new SettableClock(clock);
  const aws = new ScriptedCloud(() => clock.nowMs());
  const budget = new AccountBudget({ clock: machine });
  const cloud = withRateLimit(aws, budget);
  const turns = new RegionTurns(budget);
  const made: { name: string; atMs: number }[] = [];
  /** As a pass does it: the call leaves in the same breath as the answer that it may. */
  const attempt = (
    name: string,
    { operation = CREATE as OperationName, isStanding = false } = {},
  ): TurnWait | undefined => {
    const wait = turns.ask({
      service: { namespace: "default", name },
      address: "loadBalancer" as Address,
      operations: [operation],
      isStanding,
    });
    if (wait === undefined)
      void cloud.call(operation, {} as never).then(() => made.push({ name, atMs: clock.nowMs() }));
    return wait;
  };
  /** As the reconciler does it: asks, and comes back when it was told to. */
  const begin = (name: string) => {
    const wait = attempt(name);
    if (wait !== undefined) clock.schedule(wait.dueAtMs - clock.nowMs(), () => begin(name));
  };
  return { clock, machine, aws, budget, turns, made, attempt, begin };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `service-${index}`);

describe("turns", () => {
  it("what was promised a turn and has not come is not waited for after the clock was set back", () => {
    const { machine, budget, turns } = world();
    for (const name of names(10))
      turns.ask({
        service: { namespace: "default", name },
        address: "loadBalancer" as Address,
        operations: [CREATE],
        isStanding: false,
      });
    const promised = () => Math.max(...budget.bucketsOf(CREATE).map((bucket) => bucket.promised()));
    expect(promised()).toBe(10);
    machine.set(-86_400_000);
    expect(promised()).toBe(0);
  });

  it("what AWS can take now is not held", async () => {
    const { clock, made, attempt } = world();
    for (const name of names(10)) expect(attempt(name)).toBeUndefined();
    await clock.advance(0);
    expect(made).toHaveLength(10);
  });

  it("the eleventh waits for its turn", () => {
    const { attempt } = world();
    for (const name of names(10)) expect(attempt(name)).toBeUndefined();
    expect(attempt("one-more")).toMatchObject({ operation: CREATE, callsPerSecond: 0.2 });
  });

  it("tells how many are ahead, and when it is worth coming back", () => {
    const { attempt } = world();
    const waits = names(40).map((name) => attempt(name));
    expect(waits.at(-1)).toMatchObject({ ahead: 29 });
    expect(waits.at(-1)?.dueAtMs).toBeGreaterThan(145_000);
    expect(waits.at(-1)?.dueAtMs).toBeLessThanOrEqual(150_000);
  });

  it("who comes back when told loses no token: all are made as fast as AWS allows, first come, first served", async () => {
    const { clock, made, begin } = world();
    for (const name of names(60)) begin(name);
    await clock.advance(250_500);
    expect(made.map(({ name }) => name)).toEqual(names(60));
    expect(made.at(-1)?.atMs).toBe(250_500);
  });

  it("nobody is let past by asking often", async () => {
    const { clock, attempt, begin } = world();
    for (const name of names(20)) begin(name);
    let wait = attempt("pushing");
    for (let second = 0; second < 40; second += 1) {
      await clock.advance(1_000);
      wait = attempt("pushing");
      expect(wait).toBeDefined();
    }
    await clock.advance(11_000);
    expect(attempt("pushing")).toBeUndefined();
  });

  it("a service that serves goes before those that are being made", () => {
    const { attempt } = world();
    for (const name of names(40)) attempt(name);
    expect(
      attempt("serving", { operation: "elasticloadbalancing:SetSubnets", isStanding: true }),
    ).toMatchObject({
      ahead: 0,
    });
  });

  it("what needs no scarce call is never behind those that do", () => {
    const { attempt } = world();
    for (const name of names(40)) attempt(name);
    expect(attempt("serving", { operation: "elasticloadbalancing:ModifyTargetGroup" })).toBeUndefined();
  });

  it("a service that is deleted gives up its places at once", () => {
    const { turns, attempt } = world();
    for (const name of names(40)) attempt(name);
    for (const name of names(30)) turns.leave({ namespace: "default", name });
    expect(attempt("service-39")).toMatchObject({ ahead: 9 });
  });

  it("a place that nobody claims lapses", async () => {
    const { clock, attempt } = world();
    for (const name of names(40)) attempt(name);
    await clock.advance(300_000);
    expect(attempt("late")).toBeUndefined();
  });

  it("who is told to go and does not call is waited for a few seconds, and no longer", async () => {
    const { clock, turns, attempt } = world();
    const ask = (name: string) =>
      turns.ask({
        service: { namespace: "default", name },
        address: "loadBalancer" as Address,
        operations: [CREATE],
        isStanding: false,
      });
    for (const name of names(11)) expect(ask(name)).toBeUndefined();
    expect(ask("next")).toBeDefined();
    await clock.advance(10_000);
    expect(attempt("next")).toBeUndefined();
  });

  it("a line is no longer than its bound, and who finds it full is told when to come again all the same", () => {
    const { attempt } = world();
    for (const name of names(10 + LIMITS.turnsPerLine)) attempt(name);
    for (const name of ["one-more", "another"])
      expect(attempt(name)).toMatchObject({ ahead: LIMITS.turnsPerLine });
  });
});
