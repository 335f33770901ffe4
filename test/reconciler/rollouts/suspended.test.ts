/** A rollout of a group that AWS is kept from replacing instances of. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";

const HOUR = 3_600_000;
const GOOD = "ami-87654321";

const started = (installation: Installation) =>
  installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;
const suspended = example().withGroup("web", { suspendedProcesses: ["Launch"] });

describe("while Launch is suspended", () => {
  it("no rollout is begun, and it is said why; once it is resumed, it is", async () => {
    const installation = await converged(suspended.spec());
    installation.post(suspended.withImage(GOOD).spec());
    await installation.clock.advance(3 * HOUR);
    expect(started(installation)).toBe(0);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "ProcessesSuspended" });
    expect(installation.condition("Stalled")?.message).toContain("while Launch of autoScalingGroups.web is");
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(started(installation)).toBe(1);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("a rollout that is under way is given up by AWS, rejects nothing, and is begun anew when it is resumed", async () => {
    const installation = await converged();
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => installation.get().status?.rollouts?.[0]?.state === "Running", HOUR);
    installation.post(suspended.withImage(GOOD).spec());
    await installation.clock.advance(3 * HOUR);
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Stopped" }]);
    expect(installation.condition("Stalled")?.reason).toBe("ProcessesSuspended");
    const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    });
    expect(InstanceRefreshes.length).toBe(1);
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(installation.get().status?.rollouts).toMatchObject([{ state: "Succeeded" }]);
    expect(driftEvents(installation)).toEqual([]);
  });
});
