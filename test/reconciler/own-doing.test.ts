import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { example, ONE_MORE } from "../support/example.ts";
import type { Installation } from "../support/installation.ts";
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

  describe("a policy that we have removed, when it is wanted again and AWS still shows it", () => {
    const lost: Fault = { kind: "lost", afterMs: 20_000 };
    const without = example().withGroup("web", { scalingPolicies: {} });

    it.each([
      ["replaced by another type, and answered", example().withPolicy("cpu", ONE_MORE), undefined],
      ["replaced by another type, and not answered", example().withPolicy("cpu", ONE_MORE), lost],
      ["dropped, and answered", without, undefined],
      ["dropped, and not answered", without, lost],
    ])("%s", async (_how, edited, fault) => {
      const { installation, before, oldLists } = await withPolicies();
      if (fault !== undefined)
        addFault(installation, "autoscaling:DeletePolicy", fault, { times: 9 }, "after");
      installation.post(edited.spec());
      await installation.until(() => installation.mutations().includes("autoscaling:DeletePolicy"));
      if (fault !== undefined) installation.crash();
      await oldLists(20_000);
      await installation.clock.advance(600_000);
      expect(await policiesOf(installation)).toEqual(before);
      expect(driftEvents(installation)).toEqual([]);
    });

    it("while its successor, which that list has not shown yet, is not let go at once", async () => {
      const { installation, before, oldLists } = await withPolicies();
      installation.post(example().withPolicy("cpu", ONE_MORE).spec());
      await installation.until(() => installation.mutations().includes("autoscaling:DeletePolicy"));
      await oldLists(12_000);
      const refusal: Fault = { kind: "error", code: "AccessDenied", message: "no", status: 403 };
      addFault(installation, "autoscaling:DeletePolicy", refusal, { times: 1 });
      await installation.clock.advance(600_000);
      expect(await policiesOf(installation)).toEqual(before);
      expect(driftEvents(installation)).toEqual([]);
    });
  });

  it("and somebody is, of what moves after the answer to its creation was lost and a read has shown it", async () => {
    const installation = await converged(example().withGroup("web", { scalingPolicies: {} }).spec());
    const AutoScalingGroupName = nameOf(installation, GROUP);
    const garbage: Fault = { kind: "damaged", body: "garbage" };
    addFault(installation, "autoscaling:PutScalingPolicy", garbage, { times: 1 }, "after");
    installation.post(
      example()
        .withGroup("web", { scalingPolicies: { more: ONE_MORE } })
        .spec(),
    );
    await installation.untilReady();
    const [policy] = (await somebody(installation, "autoscaling:DescribePolicies", { AutoScalingGroupName }))
      .ScalingPolicies;
    await somebody(installation, "autoscaling:PutScalingPolicy", {
      AutoScalingGroupName,
      PolicyName: policy.PolicyName,
      PolicyType: "StepScaling",
      AdjustmentType: "ChangeInCapacity",
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 7 }],
    });
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toMatchObject([
      { resource: `${GROUP}.scalingPolicies.more`, field: "stepAdjustments", state: "Corrected" },
    ]);
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

async function policiesOf(installation: Installation): Promise<string[]> {
  const AutoScalingGroupName = nameOf(installation, GROUP);
  const { ScalingPolicies } = await somebody(installation, "autoscaling:DescribePolicies", {
    AutoScalingGroupName,
  });
  return ScalingPolicies.map(({ PolicyName }: { PolicyName: string }) => PolicyName).sort();
}

/** The example, brought up; `oldLists` takes an edit back, and shows what AWS has said until then for so long. */
async function withPolicies() {
  const installation = await converged();
  const operation = "autoscaling:DescribePolicies";
  const AutoScalingGroupName = nameOf(installation, GROUP);
  const old: Fault = {
    kind: "output",
    output: await somebody(installation, operation, { AutoScalingGroupName }),
  };
  const oldLists = async (forMs: number) => {
    installation.account.faults.clear();
    addFault(installation, operation, old, { times: 1_000 }, "after");
    installation.post(example().spec());
    for (let ms = 0; ms < forMs; ms += 1_000) {
      await installation.clock.advance(1_000);
      installation.annotate({ "holdfast.dev/reconcile-requested-at": String(ms) });
    }
    installation.account.faults.clear();
  };
  return { installation, before: await policiesOf(installation), oldLists };
}
