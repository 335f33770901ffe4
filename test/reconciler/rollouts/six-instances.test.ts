/** A bad image on its way to six instances that serve requests: found, rolled back, and nobody noticed. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, serving, somebody } from "../world.ts";

const HOUR = 3_600_000;
const STEP_MS = 10_000;
const INSTANCES = 6;
/** Of six, and rounded up. */
const LEAST = Math.ceil(INSTANCES * 0.8);

const six = example()
  .withGroup("web", {
    minSize: INSTANCES,
    maxSize: INSTANCES + 2,
    instanceRefresh: { minHealthyPercentage: 80, instanceWarmup: 60 },
  })
  .withPolicy("cpu", {
    targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 90 },
  });

async function versionsOf(installation: Installation): Promise<string[]> {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0].Instances.map(({ LaunchTemplate }) => LaunchTemplate.Version);
}

describe("a bad image that is rolled out to six instances under traffic", () => {
  it("is found and rolled back with the service never below its least healthy share, and not tried again", async () => {
    const installation = await converged(six.spec());
    expect(serving(installation)).toBe(INSTANCES);
    const traffic = { requestsPerSecond: 300, errorRate: 0 };
    installation.account.parts.load.set(arnOf(installation, "loadBalancer"), traffic);
    installation.post(six.withImage("ami-0bad0bad").spec());
    const refreshed = () =>
      installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;
    let least = INSTANCES;
    const seen = new Set<string>();
    for (let passedMs = 0; passedMs < 5 * HOUR; passedMs += STEP_MS) {
      await installation.clock.advance(STEP_MS);
      least = Math.min(least, serving(installation));
      seen.add(installation.get().status?.rollouts?.[0]?.state ?? "");
    }
    expect(least).toBeGreaterThanOrEqual(LEAST);
    expect([...seen].filter((state) => state !== "")).toEqual(["Running", "RollingBack", "RolledBack"]);
    expect(await versionsOf(installation)).toEqual(Array(INSTANCES).fill("1"));
    expect(serving(installation)).toBe(INSTANCES);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "RolloutRolledBack" });
    expect(installation.condition("Healthy")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
    expect(refreshed()).toBe(1);
  });
});
