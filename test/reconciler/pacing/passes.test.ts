/** The pace of the passes of one service, and whether what is told of it keeps up. */
import { describe, expect, it } from "vitest";
import { stalenessOf } from "../../../src/dashboard/freshness.ts";
import type { Fault, Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, specWith } from "../world.ts";

const REQUESTED = "holdfast.dev/reconcile-requested-at";
const UNREACHABLE: Fault = { kind: "error", code: "ServiceUnavailable", message: "later", status: 503 };

/** What a page would say of its age, second by second. */
async function stalenessWithin(installation: Installation, resyncMs: number, ms: number) {
  const told = new Set<string>();
  for (let passed = 0; passed < ms; passed += 500) {
    await installation.clock.advance(500);
    const now = new Date(installation.clock.nowMs()).toISOString();
    const staleness = stalenessOf(installation.get().status ?? {}, { now, resyncSeconds: resyncMs / 1_000 });
    if (staleness !== undefined) told.add(staleness.replaceAll(/\d+ \w+/g, "some time"));
  }
  return [...told];
}

function askNow(installation: Installation): void {
  installation.annotate({ [REQUESTED]: new Date(installation.clock.nowMs()).toISOString() });
}

describe("a service that is looked at as often as its daemon was told to", () => {
  it.each([2, 5, 20, 60, 600])("is never told to be stale: every %d s", async (seconds) => {
    const resyncMs = seconds * 1_000;
    const installation = await converged(example().spec(), { resyncMs });
    expect(await stalenessWithin(installation, resyncMs, 4 * resyncMs)).toEqual([]);
    // A look that somebody asks for comes before its time, and puts off the one that was told.
    for (let time = 0; time < 5; time += 1) {
      askNow(installation);
      expect(await stalenessWithin(installation, resyncMs, 0.3 * resyncMs)).toEqual([]);
    }
    expect(await stalenessWithin(installation, resyncMs, 4 * resyncMs)).toEqual([]);
  });

  it("costs a write now and then, however many passes look at it", async () => {
    const installation = await converged(example().spec(), { resyncMs: 600_000 });
    const before = Number(installation.get().metadata.resourceVersion);
    for (let time = 0; time < 100; time += 1) {
      installation.controller.request(installation.get().metadata);
      await installation.clock.advance(1_000);
    }
    expect(Number(installation.get().metadata.resourceVersion) - before).toBeLessThan(10);
  });
});

describe("a service whose passes fail", () => {
  it("is told to be late no sooner than its passes are, though they come less and less often", async () => {
    let isThrottled = false;
    const interceptor: Interceptor = {
      before: ({ operation }) =>
        isThrottled && operation === "ModifyLoadBalancerAttributes"
          ? { kind: "error", code: "Throttling", message: "Rate exceeded" }
          : undefined,
    };
    const resyncMs = 5_000;
    const installation = await converged(example().spec(), { resyncMs, interceptor });
    isThrottled = true;
    installation.post(
      example()
        .withLoadBalancer({ attributes: { "idle_timeout.timeout_seconds": 300 } })
        .spec(),
    );
    const told = await stalenessWithin(installation, resyncMs, 900_000);
    expect(told).toEqual([expect.stringMatching(/^All of AWS was last read/)]);
  });

  it("is soon looked at again after its first failure, however long it has waited for a person before", async () => {
    let fault: Fault | undefined;
    const interceptor: Interceptor = {
      before: ({ operation }) => (operation === "DescribeLoadBalancers" ? fault : undefined),
    };
    const installation = await converged(example().spec(), { interceptor });
    const withoutSubnet = example().withLoadBalancer({ subnetIds: ["subnet-nowhere", "subnet-1b"] });
    installation.post(withoutSubnet.spec());
    await installation.clock.advance(3_600_000);
    expect(installation.condition("Stalled")?.status).toBe("True");
    fault = UNREACHABLE;
    installation.post(example().spec());
    await installation.until(() => installation.condition("Synced")?.reason === "CannotRead");
    fault = undefined;
    await installation.clock.advance(10_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});

describe("a question to AWS whose answer takes its time", () => {
  it("is over with the next pass, which asks for itself: no two ask one after the other about the same", async () => {
    const asked = async (isSlow: boolean) => {
      let isNextSlow = false;
      const interceptor: Interceptor = {
        after: ({ operation }) => {
          if (!isNextSlow || operation !== "DescribeTargetHealth") return undefined;
          isNextSlow = false;
          return { kind: "slow", ms: 40_000 };
        },
      };
      const resyncMs = 24 * 3_600_000;
      const installation = await converged(example().spec(), { interceptor, resyncMs });
      // Nothing of it ever gets healthy.
      installation.post(
        specWith(({ targetGroups }) => {
          targetGroups.web.port = 9_090;
          targetGroups.web.healthCheck = { ...targetGroups.web.healthCheck, matcher: { httpCode: "418" } };
        }),
      );
      await installation.clock.advance(900_000);
      isNextSlow = isSlow;
      await installation.clock.advance(20_000);
      askNow(installation);
      await installation.clock.advance(60_000);
      const before = installation.account.calls.counts()["elasticloadbalancing:DescribeTargetHealth"] ?? 0;
      await installation.clock.advance(900_000);
      const now = installation.account.calls.counts()["elasticloadbalancing:DescribeTargetHealth"] ?? 0;
      return now - before;
    };
    const usually = await asked(false);
    expect(usually).toBeGreaterThan(50);
    expect(await asked(true)).toBeLessThan(1.2 * usually);
  });
});
