/** Bringing the instances of a group to another version: once, and only where nobody is disturbed who must not be. */
import { describe, expect, it } from "vitest";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import type { Installation } from "../support/installation.ts";
import { converged, driftEvents, nameOf, somebody, specWith } from "./world.ts";

const image = (imageId: string) =>
  specWith((spec) => {
    spec.autoScalingGroups.web.launchTemplate.imageId = imageId;
  });

const started = (installation: Installation) =>
  installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;

async function refreshesOf(installation: Installation) {
  const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
  });
  return InstanceRefreshes.map(({ Status }) => Status);
}

describe("an instance refresh that ends between the read of the group and the read of its refreshes", () => {
  it("is not started a second time", async () => {
    let isUnderWay = false;
    const interceptor: Interceptor = {
      // The answer shows the group as it was when it was asked for, and the refreshes are asked for when it has come.
      after({ operation, input }) {
        isUnderWay ||= operation === "StartInstanceRefresh";
        if (!isUnderWay || operation !== "DescribeAutoScalingGroups" || !("Filters" in input)) return undefined;
        isUnderWay = false;
        return { kind: "slow", ms: 1_200_000 };
      },
    };
    const installation = await converged(undefined, { interceptor });
    installation.post(image("ami-87654321"));
    await installation.untilReady();
    expect(started(installation)).toBe(1);
    expect(await refreshesOf(installation)).toEqual(["Successful"]);
    expect(driftEvents(installation)).toEqual([]);
  });
});
