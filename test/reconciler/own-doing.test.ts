import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { example, ONE_MORE } from "../support/example.ts";
import { addFault, arnOf, converged, driftEvents, nameOf, somebody } from "./world.ts";

const ELB = "elasticloadbalancing";
const GROUP = "autoScalingGroups.web";

describe("nobody is blamed for", () => {
  it("a rollout that AWS began without answering, when another change stops it", async () => {
    const installation = await converged();
    const rollout = example().withImage("ami-87654321");
    const lost: Fault = { kind: "lost", afterMs: 30_000 };
    addFault(installation, "autoscaling:StartInstanceRefresh", lost, { times: 1 }, "after");
    installation.post(rollout.spec());
    await installation.clock.advance(40_000);
    installation.post(rollout.withTargetGroup("web", { port: 9090 }).spec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.mutations()).toContain("autoscaling:CancelInstanceRefresh");
  });

  it("a resource that we have removed, when it is wanted again and AWS still shows it", async () => {
    const installation = await converged();
    const AutoScalingGroupName = nameOf(installation, GROUP);
    const before = await somebody(installation, "autoscaling:DescribePolicies", { AutoScalingGroupName });
    installation.post(example().withPolicy("cpu", ONE_MORE).spec());
    await installation.clock.advance(5_000);
    const old: Fault = { kind: "output", output: before };
    addFault(installation, "autoscaling:DescribePolicies", old, { times: 1 }, "after");
    installation.post(example().spec());
    await installation.clock.advance(600_000);
    const { ScalingPolicies } = await somebody(installation, "autoscaling:DescribePolicies", {
      AutoScalingGroupName,
    });
    const names = (policies: readonly { PolicyName: string }[]) =>
      policies.map(({ PolicyName }) => PolicyName).sort();
    expect(names(ScalingPolicies)).toEqual(names(before.ScalingPolicies));
    expect(driftEvents(installation)).toEqual([]);
  });

  it("an answer older than our write, when the clock goes back a day; later, a change by hand is found", async () => {
    const installation = await converged();
    const { clock } = installation;
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    const ask = { LoadBalancerArn };
    const before = await somebody(installation, `${ELB}:DescribeLoadBalancerAttributes`, ask);
    installation.post(
      example()
        .withLoadBalancer({ attributes: { "idle_timeout.timeout_seconds": 120 } })
        .spec(),
    );
    await clock.advance(5_000);
    const nowMs = clock.nowMs.bind(clock);
    clock.nowMs = () => nowMs() - 86_400_000;
    const old: Fault = { kind: "output", output: before };
    addFault(installation, `${ELB}:DescribeLoadBalancerAttributes`, old, { times: 4 }, "after");
    for (let look = 0; look < 4; look += 1) {
      installation.annotate({ "holdfast.dev/reconcile-requested-at": String(look) });
      await clock.advance(5_000);
    }
    expect(driftEvents(installation)).toEqual([]);
    await clock.advance(120_000);
    await somebody(installation, `${ELB}:ModifyLoadBalancerAttributes`, {
      LoadBalancerArn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "60" }],
    });
    await clock.advance(120_000);
    expect(driftEvents(installation)).toMatchObject([{ resource: "loadBalancer", state: "Corrected" }]);
  });
});
