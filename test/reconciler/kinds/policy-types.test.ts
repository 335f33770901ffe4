/** Every type of scaling policy over a whole installation. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { addressFrom, surplusAddress } from "../../../src/model/address.ts";
import { giveUp } from "../../../src/reconciler/applied-record.ts";
import type { Delete } from "../../../src/reconciler/core/actions.ts";
import type { Places } from "../../../src/reconciler/kinds/from-aws.ts";
import { policyFromAws } from "../../../src/reconciler/kinds/scaling-policy/from-aws.ts";
import { EVERY_POLICY, withEveryPolicy } from "../../support/every-policy.ts";
import { type Example, example, ONE_MORE } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, resizeGroup, somebody } from "../world.ts";

const GROUP = "autoScalingGroups.web";

const { simple: SIMPLE, raising: RAISING, forecast: FORECAST } = EVERY_POLICY;

const everyType = (): Example => withEveryPolicy(example());

async function policyOf(i: Installation, name: string): Promise<asg.ScalingPolicy> {
  const answer = await somebody(i, "autoscaling:DescribePolicies", {
    AutoScalingGroupName: nameOf(i, GROUP),
  });
  const policies = answer.ScalingPolicies as unknown as asg.ScalingPolicy[];
  const found = policies.find(({ PolicyName }) => PolicyName === `holdfast/default/web-api/${name}`);
  if (found === undefined)
    throw new Error(`no ${name} among ${policies.map(({ PolicyName }) => PolicyName)}`);
  return found;
}

describe("scaling policies of every type", () => {
  it("stand in AWS as declared, with the type in their names, and then stay as they are", async () => {
    const i = await converged(everyType().spec());
    expect(await policyOf(i, "simple@simple")).toMatchObject({
      PolicyType: "SimpleScaling",
      AdjustmentType: "PercentChangeInCapacity",
      ScalingAdjustment: 20,
      Cooldown: 0,
      MinAdjustmentMagnitude: 2,
    });
    const ahead = (await policyOf(i, "raising@predictive")).PredictiveScalingConfiguration;
    expect(ahead).toMatchObject({
      Mode: "ForecastAndScale",
      SchedulingBufferTime: 600,
      MaxCapacityBreachBehavior: "IncreaseMaxCapacity",
      MaxCapacityBuffer: 10,
    });
    expect(ahead?.MetricSpecifications?.[0]?.PredefinedMetricPairSpecification?.ResourceLabel).toMatch(
      /^app\/[^/]+\/[0-9a-f]+\/targetgroup\/[^/]+\/[0-9a-f]+$/,
    );
    const own = (await policyOf(i, "apart@predictive")).PredictiveScalingConfiguration;
    expect(own).toMatchObject({ Mode: "ForecastOnly", MaxCapacityBreachBehavior: "HonorMaxCapacity" });
    const backlog = (await policyOf(i, "backlog@target")).TargetTrackingConfiguration;
    const queries = backlog?.CustomizedMetricSpecification?.Metrics ?? [];
    expect(queries.map(({ Id, ReturnData }) => [Id, ReturnData])).toEqual(
      expect.arrayContaining([
        ["each", true],
        ["instances", false],
        ["waiting", false],
      ]),
    );
    expect(queries.find(({ Id }) => Id === "instances")?.MetricStat?.Metric?.Dimensions).toEqual([
      { Name: "AutoScalingGroupName", Value: nameOf(i, GROUP) },
    ]);
    const quick = (await policyOf(i, "quick@target")).TargetTrackingConfiguration;
    expect(quick?.CustomizedMetricSpecification?.Period).toBe(10);
    const from = i.mutations().length;
    await i.clock.advance(600_000);
    expect(i.mutations().slice(from)).toEqual([]);
    expect(driftEvents(i)).toEqual([]);
    expect(i.condition("Synced")?.status).toBe("True");
  });

  it("are found again by their names when the database is lost, and nothing is written", async () => {
    const i = await converged(everyType().spec());
    const from = i.mutations().length;
    await i.restart({ lost: true });
    i.post(everyType().spec());
    await i.untilReady();
    await i.clock.advance(300_000);
    expect(i.mutations().slice(from)).toEqual([]);
  });

  it("give way to one of another type under a name of its own", async () => {
    const i = await converged(example().withPolicy("out", SIMPLE).spec());
    i.post(example().withPolicy("out", FORECAST).spec());
    await i.clock.advance(300_000);
    await policyOf(i, "out@predictive");
    await expect(policyOf(i, "out@simple")).rejects.toThrow("no out@simple");
    expect(i.condition("Synced")?.status).toBe("True");
  });
});

describe("a maximum above the declared one", () => {
  it("is left while a predictive policy may raise it, with the policy as the reason", async () => {
    const i = await converged(example().withPolicy("ahead", RAISING).spec());
    const from = i.mutations().length;
    await resizeGroup(i, 14);
    await i.clock.advance(300_000);
    expect(i.mutations().slice(from)).toEqual([]);
    expect(driftEvents(i)).toEqual([]);
    const row = i.get().status?.coverage?.resources.find(({ address }) => address === GROUP);
    expect(row?.leftToOthers).toContainEqual({
      member: "maxSize",
      reason: "left to others: the predictive scaling policy holdfast/default/web-api/ahead@predictive",
      verdict: "ignored",
      value: 14,
      desired: 10,
    });
  });

  it("of a scheduled action is left likewise, although the spec's own is higher still", async () => {
    const scheduledActions = { low: { recurrence: "0 * * * *", maxSize: 6 } };
    const spec = example().withPolicy("ahead", RAISING).withGroup("web", { scheduledActions });
    const i = await converged(spec.spec());
    await i.clock.advance(3_600_000);
    const from = i.mutations().length;
    await resizeGroup(i, 8);
    await i.clock.advance(300_000);
    expect(i.mutations().slice(from)).toEqual([]);
    expect(driftEvents(i)).toEqual([]);
    const row = i.get().status?.coverage?.resources.find(({ address }) => address === GROUP);
    expect(row?.leftToOthers).toContainEqual({
      member: "maxSize",
      reason: "left to others: the predictive scaling policy holdfast/default/web-api/ahead@predictive",
      verdict: "ignored",
      value: 8,
      desired: 10,
    });
  });

  it("is written when the spec's own maximum is edited", async () => {
    const spec = example().withPolicy("ahead", RAISING);
    const i = await converged(spec.spec());
    await resizeGroup(i, 14);
    await i.clock.advance(300_000);
    i.post(spec.withGroup("web", { maxSize: 12 }).spec());
    await i.clock.advance(300_000);
    const { AutoScalingGroups } = await somebody(i, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups.map(({ MaxSize }) => MaxSize)).toEqual([12]);
  });

  it("is put back where the policy only forecasts, or keeps to the maximum; and a lower one always", async () => {
    const i = await converged(example().withPolicy("own", FORECAST).spec());
    await resizeGroup(i, 14);
    await i.clock.advance(300_000);
    expect(driftEvents(i)).toMatchObject([{ field: "maxSize", after: 14, state: "Corrected" }]);
    const raising = await converged(example().withPolicy("ahead", RAISING).spec());
    await resizeGroup(raising, 9);
    await raising.clock.advance(300_000);
    expect(driftEvents(raising)).toMatchObject([{ field: "maxSize", after: 9, state: "Corrected" }]);
  });
});

describe("a predictive policy of others", () => {
  const NOWHERE: Places = {
    targetGroup: () => undefined,
    autoScalingGroup: () => undefined,
    scalingPolicy: () => undefined,
    dimension: () => undefined,
    resourceLabel: () => undefined,
  };
  const written = (PredefinedMetricType: string, more: object = {}) => {
    const one = { TargetValue: 1, PredefinedMetricPairSpecification: { PredefinedMetricType, ...more } };
    const policy = { PredictiveScalingConfiguration: { MetricSpecifications: [one] } };
    return policyFromAws(policy as asg.ScalingPolicy, NOWHERE);
  };

  it("is not taken over with a metric that the spec does not know, or of a target group outside of it", () => {
    expect(written("ASGNetworkIn").is).toBe("held");
    expect(written("ASGMemory")).toEqual({
      is: "not held",
      why: "it follows ASGMemory, which the spec cannot hold yet",
    });
    expect(written("ALBRequestCount", { ResourceLabel: "app/a/1/targetgroup/b/2" })).toEqual({
      is: "not held",
      why: "it follows the requests of app/a/1/targetgroup/b/2, which is not in the manifest",
    });
  });
});

describe("a policy that is to be replaced by one of another type", () => {
  it("is nobody's change while it stands, also where no record of it is left", async () => {
    const adjustmentType = "ChangeInCapacity";
    const simple = example().withPolicy("surge", { simpleScaling: { adjustmentType, scalingAdjustment: 1 } });
    const i = await converged(simple.spec());
    // As after a crash between AWS's answer and the record of it.
    i.store.removeApplied(WEB_API, addressFrom(`${GROUP}.scalingPolicies.surge`));
    const calls = i.mutations().length;
    i.post(example().with({ approval: "Always" }).withPolicy("surge", ONE_MORE).spec());
    await i.clock.advance(30 * 60_000);
    expect(i.mutations().slice(calls)).toEqual([]);
    expect((await policyOf(i, "surge@simple")).ScalingAdjustment).toBe(1);
    expect(driftEvents(i)).toEqual([]);
  });

  it("is given up where it stood, too, when it goes: to want it back is no word that somebody took it", async () => {
    const i = await converged(example().withPolicy("surge", ONE_MORE).spec());
    const place = addressFrom(`${GROUP}.scalingPolicies.surge`);
    const recordIn = () => i.store.applied(WEB_API).get(place)!;
    const record = recordIn();
    const { kind, name, id = "" } = record;
    const action = { verb: "delete", address: surplusAddress(id), kind, name, id } as Delete;
    const writing = { store: i.store, service: WEB_API, generation: 2, nowMs: () => i.clock.nowMs() };
    const undo = giveUp(writing, action);
    expect(recordIn()).toMatchObject({ id, fields: {} });
    undo();
    expect(recordIn()).toEqual(record);
  });
});
