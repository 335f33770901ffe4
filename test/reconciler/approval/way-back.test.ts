import { expect, it } from "vitest";
import { attendedExample } from "../../support/example.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";
import { approve, untilWaiting, waitingIn } from "./world.ts";

const HOUR = 3_600_000;
const GOOD = "ami-87654321";
const BAD = "ami-0bad0bad";

/** Of an image that each launch looks up AWS rolls nothing back: Holdfast does. */
it.each(["Destructive", "Always"] as const)(
  "with %s a way back of Holdfast's own waits for nobody",
  async (approval) => {
    const installation = await converged(attendedExample().spec());
    await somebody(installation, "ssm:PutParameter", { Name: "/ours/web", Value: GOOD, Type: "String" });
    const spec = attendedExample().with({ approval });
    const post = async (image: string) => {
      installation.post(spec.withImage(image).spec());
      if (approval !== "Always") return;
      await untilWaiting(installation);
      approve(installation);
    };
    await post("resolve:ssm:/ours/web");
    await installation.untilReady();
    await installation.clock.advance(120_000);
    await post(BAD);
    await installation.until(
      () => installation.condition("Stalled")?.reason === "RolloutRolledBack",
      8 * HOUR,
    );
    expect(waitingIn(installation)).toBeUndefined();
    const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    });
    expect(InstanceRefreshes.map(({ Status }) => Status)).toEqual(["Successful", "Failed", "Successful"]);
    expect(driftEvents(installation)).toEqual([]);
  },
);
