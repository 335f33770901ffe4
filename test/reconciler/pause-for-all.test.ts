/** The pause for all: nothing is written, in passes that are under way as well, until it is lifted. */
import { expect, it } from "vitest";
import { pauseForAll } from "../../src/api/steering/pause-for-all.ts";
import { ANNOTATION_PAUSED } from "../../src/model/object.ts";
import type { PauseForAll } from "../../src/model/pause.ts";
import { example } from "../support/example.ts";
import { Installation, silent } from "../support/installation.ts";
import { converged, loudOfBugs } from "./world.ts";

const ALICE = { name: "alice", mayWrite: true };

/** As the API does it. */
function pauseAll(installation: Installation, paused: boolean, reason?: string): PauseForAll | undefined {
  const { store, clock } = installation;
  const requestReconcileOfAll = () => installation.controller.requestAll();
  const asked = { paused, ...(reason === undefined ? {} : { reason }) };
  return pauseForAll({ store, clock, log: silent, requestReconcileOfAll }, asked, ALICE);
}

function pauseIt(installation: Installation, paused: boolean): void {
  installation.annotate(paused ? { [ANNOTATION_PAUSED]: "true" } : {});
}

it("while everything is paused drift is recorded, nothing is written, and the conditions say who and why", async () => {
  const installation = await converged();
  pauseAll(installation, true, "the incident of tonight.");
  const groups = await installation.aws("elasticloadbalancing:DescribeTargetGroups", {});
  await installation.aws("elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn: groups.TargetGroups?.[0]?.TargetGroupArn,
    HealthCheckPath: "/changed",
  });
  const before = installation.mutations().length;
  await installation.clock.advance(300_000);
  expect(installation.mutations()).toHaveLength(before);
  expect(installation.store.openDrift({ namespace: "default", name: "web-api" })).toHaveLength(1);
  const words = "Everything is paused by alice since 2026-01-01T";
  for (const type of ["Synced", "Reconciling"] as const) {
    expect(installation.condition(type)).toMatchObject({ status: "False", reason: "Paused" });
    expect(installation.condition(type)?.message).toContain(words);
    expect(installation.condition(type)?.message).toContain(": the incident of tonight.");
    expect(installation.condition(type)?.message).not.toContain("service is paused");
  }
  expect(installation.get().status?.plan?.rows).toHaveLength(1);
  // Whose pause it is: the one that stays when the other is lifted is told as well.
  pauseIt(installation, true);
  await installation.clock.advance(120_000);
  const synced = () => installation.condition("Synced")?.message;
  expect(synced()).toMatch(/Everything is paused by alice .*\. The service is paused by itself as well\.$/);
  pauseAll(installation, false);
  await installation.clock.advance(120_000);
  expect(synced()).toMatch(/^AWS differs from the spec in targetGroups\.web\. The service is paused\.$/);
});

it("a service that is made, and one that is deleted, wait as well", async () => {
  const installation = await converged();
  pauseAll(installation, true);
  installation.post(example().spec(), "second");
  installation.remove();
  const before = installation.mutations().length;
  await installation.clock.advance(300_000);
  expect(installation.mutations()).toHaveLength(before);
  expect(installation.condition("Reconciling")?.message).toContain("Everything is paused by alice");
});

it("what was paused goes on at once when it is lifted", async () => {
  const installation = await converged();
  pauseAll(installation, true);
  installation.post(
    example()
      .with({ tags: { Environment: "test" } })
      .spec(),
  );
  await installation.clock.advance(120_000);
  const before = installation.mutations().length;
  pauseAll(installation, false);
  await installation.clock.advance(2_000);
  expect(installation.mutations().length).toBeGreaterThan(before);
  await installation.untilReady();
});

it("it holds within a pass: no write begins after it, the calls in hand are finished, and the pass says so", async () => {
  const installation = new Installation({ log: loudOfBugs });
  installation.post(example().spec());
  await installation.until(() => installation.mutations().length >= 3);
  pauseAll(installation, true);
  const inHand = installation.mutations().length;
  await installation.clock.advance(300_000);
  expect(installation.mutations()).toHaveLength(inHand);
  expect(installation.store.calls({ limit: 100 }).every(({ outcome }) => outcome === "succeeded")).toBe(true);
  expect(installation.condition("Reconciling")).toMatchObject({ reason: "Paused" });
  pauseAll(installation, false);
  await installation.untilReady();
});

it.each([
  { of: "everything", pause: pauseAll },
  { of: "the service alone", pause: pauseIt },
])(
  "what waits in line for its rate limit when a pause of $of comes is not sent, and is no failure",
  async ({ pause }) => {
    const installation = new Installation({ log: loudOfBugs, limitsItsRate: true });
    const names = Array.from({ length: 40 }, (_, index) => `tg${index}`);
    installation.post(
      names.reduce((spec, name) => spec.withTargetGroup(name, { port: 80 }), example()).spec(),
    );
    const groups = () => installation.account.calls.counts()["elasticloadbalancing:CreateTargetGroup"] ?? 0;
    const refused = () =>
      installation.store.calls({ limit: 500 }).filter(({ errorCode }) => errorCode === "Paused");
    await installation.until(() => groups() > 22);
    pause(installation, true);
    // What is in hand is answered within seconds.
    await installation.clock.advance(20_000);
    const before = groups();
    await installation.clock.advance(300_000);
    expect(groups()).toBe(before);
    expect(refused().length).toBeGreaterThan(0);
    expect(installation.condition("Synced")?.reason).not.toBe("CallFailed");
    pause(installation, false);
    await installation.untilReady();
  },
);

it("it survives a restart", async () => {
  const installation = await converged();
  pauseAll(installation, true, "for the night");
  await installation.restart();
  installation.post(
    example()
      .with({ tags: { Environment: "test" } })
      .spec(),
  );
  const before = installation.mutations().length;
  await installation.clock.advance(300_000);
  expect(installation.mutations()).toHaveLength(before);
  expect(installation.condition("Reconciling")?.reason).toBe("Paused");
});
