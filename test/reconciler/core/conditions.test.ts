import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { conditionOf } from "../../../src/model/conditions.ts";
import { conditionsAfter, type Outcome, turningPoints } from "../../../src/reconciler/conditions.ts";
import { planViewOf } from "../../../src/reconciler/core/plan-view.ts";
import { decide } from "../../../src/reconciler/decide.ts";
import { decisionInput, desired, observation, observed } from "./fixtures.ts";

const A = addressFrom("a");

const inSync = decide(decisionInput({ desired: [desired("a")], observation: observation([observed("a")]) }));
const outOfSync = decide(decisionInput({ desired: [desired("a")] }));

function outcome(more: Partial<Outcome> = {}): Outcome {
  return {
    observation: observation([]),
    first: inSync,
    last: inSync,
    hasActed: false,
    isSettling: false,
    unconfirmed: [],
    failures: [],
    openDrift: 0,
    reportedDrift: 0,
    isPaused: false,
    mandate: "manage",
    isDeleting: false,
    health: { type: "Healthy", status: "True", reason: "Serving", message: "It serves." },
    ...more,
  };
}

const statusOf = (one: Outcome, type: "Ready" | "Synced" | "Stalled" | "Drifted" | "Reconciling") =>
  conditionOf(conditionsAfter([], one, 1, "t"), type)?.status;

const health = (status: "True" | "False" | "Unknown") =>
  ({ type: "Healthy", status, reason: "NotObserved", message: "m" }) as const;

const some = fc.record({
  hasActed: fc.boolean(),
  isSettling: fc.boolean(),
  isPaused: fc.boolean(),
  isDeleting: fc.boolean(),
  openDrift: fc.nat(2),
  health: fc.constantFrom(health("True"), health("False"), health("Unknown")),
  first: fc.constantFrom(inSync, outOfSync),
  observation: fc.constantFrom(
    observation([]),
    observation([], { unknownKinds: new Map([["rule", "it failed"]]) }),
  ),
  failures: fc.constantFrom<Outcome["failures"][]>(
    [],
    [{ address: A, message: "no", isTerminal: true }],
    [{ address: A, message: "later", isTerminal: false }],
  ),
});

describe("conditions", () => {
  it("Ready waits for the second read of what is right again, as Drifted does", () => {
    const closing = outcome({ openDrift: 1, isClosing: true });
    expect(statusOf(closing, "Drifted")).toBe("True");
    expect(conditionOf(conditionsAfter([], closing, 1, "t"), "Synced")).toMatchObject({
      status: "False",
      reason: "Confirming",
    });
    expect(statusOf(closing, "Ready")).toBe("False");
  });

  it("Ready is true exactly when everything was read, AWS equals the spec, and the instances serve", () => {
    fc.assert(
      fc.property(some, (more) => {
        const one = outcome({ ...more, last: more.first });
        const isReady = statusOf(one, "Ready") === "True";
        const isGood =
          statusOf(one, "Synced") === "True" &&
          one.health.status === "True" &&
          statusOf(one, "Stalled") === "False" &&
          !one.isDeleting;
        expect(isReady).toBe(isGood);
        if (one.observation.unknownKinds.size > 0) expect(statusOf(one, "Synced")).toBe("Unknown");
      }),
    );
  });

  it("the same outcome again changes nothing, not even a time", () => {
    fc.assert(
      fc.property(some, (more) => {
        const one = outcome({ ...more, last: more.first });
        const first = conditionsAfter([], one, 1, "2026-01-01T00:00:00.000Z");
        expect(conditionsAfter(first, one, 1, "2026-01-02T00:00:00.000Z")).toEqual(first);
        expect(turningPoints(first, first)).toEqual([]);
      }),
    );
  });

  it("the time of a transition moves with the status alone", () => {
    const first = conditionsAfter([], outcome(), 1, "t1");
    const second = conditionsAfter(first, outcome({ hasActed: true }), 2, "t2");
    expect(conditionOf(second, "Synced")).toMatchObject({
      status: "False",
      lastTransitionTime: "t2",
      observedGeneration: 2,
    });
    expect(conditionOf(second, "Healthy")).toMatchObject({ lastTransitionTime: "t1", observedGeneration: 2 });
  });

  it("while AWS is at work on a resource, the spec is not there yet", () => {
    const busy = observed("a", { lifecycle: "provisioning", lifecycleReason: "instance refresh InProgress" });
    const first = decide(decisionInput({ desired: [desired("a")], observation: observation([busy]) }));
    expect(conditionOf(conditionsAfter([], outcome({ first, last: first }), 1, "t"), "Synced")).toMatchObject(
      {
        status: "False",
        reason: "Provisioning",
      },
    );
  });

  it("drift that is open shows, and so does what could not be read", () => {
    expect(statusOf(outcome({ openDrift: 1 }), "Drifted")).toBe("True");
    expect(statusOf(outcome(), "Drifted")).toBe("False");
    const unread = observation([], { unknownKinds: new Map([["rule", "it failed"]]) });
    expect(statusOf(outcome({ observation: unread }), "Drifted")).toBe("Unknown");
  });

  it("turning points are told once: ready, not ready any more, stalled, unknown", () => {
    const ready = conditionsAfter([], outcome(), 1, "t1");
    const stalled = conditionsAfter(
      ready,
      outcome({ failures: [{ address: A, message: "no", isTerminal: true }] }),
      1,
      "t2",
    );
    expect(turningPoints([], ready).map(({ reason }) => reason)).toEqual(["Ready"]);
    expect(turningPoints(ready, stalled).map(({ reason }) => reason)).toEqual(["NotReady", "RefusedByAws"]);
  });

  it("equal plans have equal digests, and a plan shows no input", () => {
    const view = planViewOf(outOfSync);
    expect(planViewOf(decide(decisionInput({ desired: [desired("a")] }))).digest).toBe(view.digest);
    expect(planViewOf(inSync).digest).not.toBe(view.digest);
    expect(JSON.stringify(view)).not.toContain("input");
  });
});
