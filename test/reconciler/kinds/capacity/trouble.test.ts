/** What goes wrong with the instances of a group, called by its name in the condition: from the account's own answers. */
import { describe, expect, it } from "vitest";
import { example } from "../../../support/example.ts";
import type { Installation } from "../../../support/installation.ts";
import { converged, nameOf } from "../../world.ts";

const MINUTE_MS = 60_000;

const idsIn = async (installation: Installation) => {
  const { AutoScalingGroups: [group] = [] } = await installation.aws(
    "autoscaling:DescribeAutoScalingGroups",
    {},
  );
  return (group?.Instances ?? []).map(({ InstanceId = "" }) => InstanceId);
};

async function byHand(installation: Installation, sizes: object): Promise<void> {
  const { AutoScalingGroups: [group] = [] } = await installation.aws(
    "autoscaling:DescribeAutoScalingGroups",
    {},
  );
  const AutoScalingGroupName = group!.AutoScalingGroupName!;
  await installation.aws("autoscaling:UpdateAutoScalingGroup", { AutoScalingGroupName, ...sizes });
}

describe("scaling that cannot keep up", () => {
  it("is told at the maximum, for as long as more is asked for", async () => {
    const installation = await converged(example().withGroup("web", { maxSize: 3 }).spec());
    const { load } = installation.account.parts;
    load.set(nameOf(installation, "loadBalancer"), { requestsPerSecond: 4_000, errorRate: 0 });
    await installation.until(() => installation.condition("Healthy")?.reason === "ScalingBehind");
    expect(installation.condition("Healthy")).toMatchObject({
      status: "True",
      message: expect.stringContaining("autoScalingGroups.web is at its maximum of 3"),
    });
    expect(installation.condition("Healthy")?.message).toMatch(/TargetTracking-\S+-AlarmHigh-\S+ has asked/);
    load.set(nameOf(installation, "loadBalancer"), { requestsPerSecond: 1, errorRate: 0 });
    await installation.clock.advance(40 * MINUTE_MS);
    expect(installation.condition("Healthy")?.reason).toBe("Serving");
  });

  it("is told in AWS's words where launches fail, though enough serve", async () => {
    const installation = await converged(example().spec());
    await installation.aws("ec2:DeregisterImage" as never, { ImageId: "ami-12345678" } as never);
    await byHand(installation, { DesiredCapacity: 4 });
    await installation.until(() => installation.condition("Healthy")?.reason === "GrowthFailing");
    const { status, message } = installation.condition("Healthy")!;
    expect(status).toBe("True");
    expect(message).toContain("autoScalingGroups.web wants 4 instances, and the last launch failed");
    expect(message).toMatch(/ami-12345678.*does not exist/);
    expect(message).toContain("mend imageId");
  });
});

describe("instances that fail", () => {
  it("all at once are called that", async () => {
    const installation = await converged(example().spec());
    for (const id of await idsIn(installation))
      installation.account.control.breakApplication(id, { kind: "status", statusCode: 500 });
    await installation.until(() => installation.condition("Healthy")?.reason === "NoHealthyTargets");
    expect(installation.condition("Healthy")?.message).toContain(
      "All 2 instances of autoScalingGroups.web fail at once, each with Target.ResponseCodeMismatch.",
    );
  });

  it("one after the other are a loop, also while the next one starts", async () => {
    const installation = await converged(example().withGroup("web", { healthCheckGracePeriod: 60 }).spec());
    const [kept] = await idsIn(installation);
    for (let minute = 0; minute < 40; minute += 1) {
      for (const id of (await idsIn(installation)).filter((one) => one !== kept))
        installation.account.control.breakApplication(id, { kind: "status", statusCode: 500 });
      await installation.clock.advance(MINUTE_MS);
      if (installation.condition("Healthy")?.reason === "RestartLoop") break;
    }
    const { status, reason, message } = installation.condition("Healthy")!;
    expect({ status, reason }).toEqual({ status: "False", reason: "RestartLoop" });
    expect(message).toMatch(/restart in a loop: \d+ were replaced for their health within half an hour/);
  });
});
