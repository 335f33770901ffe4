/** A spec that goes back while its rollout is under way. */
import { describe, expect, it } from "vitest";
import type { Call, Fault } from "../../../src/simulator/faults/interceptors.ts";
import { example } from "../../support/example.ts";
import { converged, driftEvents } from "../world.ts";

const GOOD = "ami-87654321";

describe("a spec that is taken back right after its rollout was begun", () => {
  it("has the refresh stopped as an edit, and calls it no drift, also where a first read did not show it yet", async () => {
    let older: object | undefined;
    let isOld = false;
    const interceptor = {
      after({ operation }: Call, output: object): Fault | undefined {
        if (operation === "DescribeInstanceRefreshes" && isOld)
          return { kind: "output", output: { InstanceRefreshes: [] } };
        if (operation !== "DescribeAutoScalingGroups") return undefined;
        if (isOld) return older && { kind: "output", output: older };
        older = structuredClone(output);
        return undefined;
      },
    };
    const installation = await converged(example().spec(), { interceptor });
    installation.post(example().withImage(GOOD).spec());
    await installation.until(() => installation.mutations().includes("autoscaling:StartInstanceRefresh"));
    isOld = true;
    installation.post(example().spec());
    await installation.clock.advance(90_000);
    expect(installation.condition("Synced")?.status).toBe("True");
    isOld = false;
    await installation.clock.advance(30 * 60_000);
    await installation.untilReady();
    expect(installation.mutations()).toContain("autoscaling:CancelInstanceRefresh");
    expect(driftEvents(installation)).toEqual([]);
  });
});
