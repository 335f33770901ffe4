import { describe, expect, it } from "vitest";
import { example } from "../support/example.ts";
import { Installation, WEB_API } from "../support/installation.ts";
import { census, converged, readsOf } from "./world.ts";

const TEN_CREATES = [
  "elasticloadbalancing:CreateLoadBalancer",
  "elasticloadbalancing:CreateTargetGroup",
  "ec2:CreateLaunchTemplate",
  "elasticloadbalancing:ModifyTargetGroupAttributes",
  "elasticloadbalancing:CreateListener",
  "elasticloadbalancing:CreateListener",
  "autoscaling:CreateAutoScalingGroup",
  "cloudwatch:PutMetricAlarm",
  "elasticloadbalancing:CreateRule",
  "autoscaling:PutScalingPolicy",
].sort();

describe("a first convergence", () => {
  it("makes each resource with one call, and each setting that a create cannot carry with one more", async () => {
    const installation = new Installation({ resyncMs: 600_000 });
    installation.post(example().spec());
    await installation.untilReady();
    expect(installation.mutations().sort()).toEqual(TEN_CREATES);
    // One of them asks whose account it is, and two how much AWS allows: once within an hour, for all services. How often a
    // probe finds that nothing is healthy yet, AWS's pace decides.
    expect(readsOf(installation)).toBeLessThanOrEqual(31);
  });

  it("is verified by a pass of at most 19 reads and no write", async () => {
    const installation = await converged(example().spec(), { resyncMs: 600_000 });
    const reads = readsOf(installation);
    installation.controller.request(WEB_API);
    await installation.clock.advance(20_000);
    expect(installation.mutations()).toHaveLength(10);
    expect(readsOf(installation) - reads).toBeLessThanOrEqual(19);
  });

  it("of a spec with the five required fields comes to a ready service", async () => {
    const installation = await converged({
      region: "us-east-1",
      vpcId: "vpc-12345678",
      subnetIds: ["subnet-1a", "subnet-1b"],
      targetGroups: { web: { port: 8080 } },
      autoScalingGroups: { web: { launchTemplate: { imageId: "ami-12345678", instanceType: "t3.micro" } } },
    });
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(installation.get().status?.resources.map((row) => row.state)).toEqual(Array(8).fill("InSync"));
    const calls = installation.mutations().length;
    await installation.clock.advance(3_600_000);
    expect(installation.mutations()).toHaveLength(calls);
  });

  it("stays as it is for a day without a write", async () => {
    const installation = await converged(example().spec(), { resyncMs: 600_000 });
    const before = await census(installation);
    await installation.clock.advance(86_400_000);
    expect(installation.mutations()).toHaveLength(10);
    expect(await census(installation)).toEqual(before);
    expect(installation.store.driftEvents({ limit: 10 }).items).toEqual([]);
  });
});
