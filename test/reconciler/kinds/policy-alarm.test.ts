/** The alarm that a step or simple policy is declared with. */
import { describe, expect, it } from "vitest";
import { accept } from "../../../src/api/steering/accept.ts";
import { addressFrom } from "../../../src/model/address.ts";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { alarmNameAt } from "../../../src/reconciler/kinds/alarm/name.ts";
import { example } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, nameOf } from "../world.ts";

const MINUTE_MS = 60_000;
const GROUP = "autoScalingGroups.web";
const POLICY = `${GROUP}.scalingPolicies.surge`;
const ALARM = `${POLICY}.stepScaling.alarm`;
const NAME = "holdfast/default/web-api/web/surge";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts";

type Policy = Parameters<ReturnType<typeof example>["withPolicy"]>[1];
type Alarm = NonNullable<NonNullable<Policy["stepScaling"]>["alarm"]>;

const BUSY: Alarm = {
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  threshold: 90,
  comparisonOperator: "GreaterThanThreshold",
};
const STEPS = {
  adjustmentType: "ChangeInCapacity" as const,
  stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
};

const withStep = (alarm: Alarm | undefined, name = "surge") =>
  example().withPolicy(name, { stepScaling: { ...STEPS, ...(alarm === undefined ? {} : { alarm }) } });
const withSimple = (alarm: Alarm) =>
  example().withPolicy("surge", {
    simpleScaling: { adjustmentType: "ChangeInCapacity", scalingAdjustment: 2, alarm },
  });

async function alarmsIn(installation: Installation, AlarmNamePrefix = "holdfast/default/web-api/web/") {
  const { MetricAlarms } = await installation.aws("cloudwatch:DescribeAlarms", { AlarmNamePrefix });
  return MetricAlarms!;
}

const since = (installation: Installation, calls: number) => installation.mutations().slice(calls);

/** Somebody puts the alarm with another threshold. */
async function putWith(installation: Installation, more: object): Promise<void> {
  const [alarm] = await alarmsIn(installation);
  const { AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods } = alarm!;
  const { Threshold, ComparisonOperator, AlarmActions } = alarm!;
  await installation.aws("cloudwatch:PutMetricAlarm", {
    ...{ AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods },
    ...{ Threshold, ComparisonOperator, AlarmActions, ...more },
  });
}

describe("the alarm that a policy is declared with", () => {
  it("watches the group, sets off the policy, is ours by its tags, and stays as it is", async () => {
    const installation = await converged(withStep(BUSY).spec());
    const [alarm] = await alarmsIn(installation);
    expect(alarm).toMatchObject({
      AlarmName: NAME,
      Dimensions: [{ Name: "AutoScalingGroupName", Value: nameOf(installation, GROUP) }],
      AlarmActions: [arnOf(installation, POLICY)],
      Period: 60,
      Threshold: 90,
    });
    const { Tags } = await installation.aws("cloudwatch:ListTagsForResource", {
      ResourceARN: alarm!.AlarmArn,
    });
    expect(Tags).toContainEqual({ Key: "holdfast.dev/resource", Value: ALARM });
    expect(installation.get().status?.alarms).toContainEqual(expect.objectContaining({ key: ALARM }));
    const calls = installation.mutations().length;
    await installation.restart({ lost: true });
    installation.post(withStep(BUSY).spec());
    await installation.untilReady();
    await installation.clock.advance(30 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([]);
  });

  it("that somebody changes or deletes is put right, and told where the spec has it", async () => {
    const installation = await converged(withStep(BUSY).spec());
    await putWith(installation, { Threshold: 50, AlarmActions: [] });
    await installation.clock.advance(5 * MINUTE_MS);
    expect(await alarmsIn(installation)).toMatchObject([
      { Threshold: 90, AlarmActions: [arnOf(installation, POLICY)] },
    ]);
    await installation.aws("cloudwatch:DeleteAlarms", { AlarmNames: [NAME] });
    await installation.clock.advance(5 * MINUTE_MS);
    expect(await alarmsIn(installation)).toHaveLength(1);
    const told = driftEvents(installation).map(({ resource, field, change, state }) => [
      ...[resource, change, field, state],
    ]);
    expect(told.sort()).toEqual([
      [ALARM, "Missing", expect.anything(), "Corrected"],
      [ALARM, "Modified", "alarmActions", "Corrected"],
      [ALARM, "Modified", "threshold", "Corrected"],
    ]);
  });

  it("goes with its member, and with its policy", async () => {
    const installation = await converged(withStep(BUSY).spec());
    const calls = installation.mutations().length;
    installation.post(withStep(undefined).spec());
    await installation.untilReady();
    expect(since(installation, calls)).toEqual(["cloudwatch:DeleteAlarms"]);
    installation.post(withStep(BUSY).spec());
    await installation.untilReady();
    expect(await alarmsIn(installation)).toHaveLength(1);
    installation.post(example().spec());
    await installation.untilReady();
    expect(since(installation, calls).slice(-2)).toEqual([
      "cloudwatch:DeleteAlarms",
      "autoscaling:DeletePolicy",
    ]);
    expect(await alarmsIn(installation)).toEqual([]);
  });

  it("is another alarm when its policy has another key, and the same one when its policy has another type", async () => {
    const installation = await converged(withStep(BUSY).spec());
    installation.post(withSimple(BUSY).spec());
    await installation.untilReady();
    const [alarm, ...others] = await alarmsIn(installation);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ AlarmName: NAME, AlarmActions: [arnOf(installation, POLICY)] });
    const { Tags } = await installation.aws("cloudwatch:ListTagsForResource", {
      ResourceARN: alarm!.AlarmArn,
    });
    expect(Tags).toContainEqual({
      Key: "holdfast.dev/resource",
      Value: `${POLICY}.simpleScaling.alarm`,
    });
    expect(installation.mutations().filter((call) => call === "cloudwatch:DeleteAlarms")).toEqual([]);
    installation.post(withStep(BUSY, "rush").spec());
    await installation.untilReady();
    expect((await alarmsIn(installation)).map(({ AlarmName }) => AlarmName)).toEqual([
      "holdfast/default/web-api/web/rush",
    ]);
  });

  it("may have been one of `alarms`: with its name pinned it moves, and nobody is without it", async () => {
    const name = "busy";
    const own = {
      ...BUSY,
      name,
      dimensions: { AutoScalingGroupName: { ref: GROUP } },
      alarmActions: [{ ref: POLICY }],
    };
    const installation = await converged(withStep(undefined).withAlarm("busy", own).spec());
    const calls = installation.mutations().length;
    installation.post(withStep({ ...BUSY, name }).spec());
    await installation.untilReady();
    expect(since(installation, calls)).toEqual(["cloudwatch:TagResource"]);
    expect(await alarmsIn(installation, "busy")).toHaveLength(1);
  });

  it("takes over what somebody has added to it, when that is accepted", async () => {
    const installation = await converged(withStep(BUSY).spec());
    installation.annotate({ [ANNOTATION_PAUSED]: "true" });
    const AlarmActions = [arnOf(installation, POLICY), TOPIC];
    await putWith(installation, { Threshold: 50, AlarmActions });
    installation.controller.request(WEB_API);
    await installation.until(() => driftEvents(installation).length > 0);
    await installation.clock.advance(MINUTE_MS);
    const actor = { name: "anna", mayWrite: true };
    await installation.waiting(accept(installation.steering(), WEB_API, { actor, reason: "paged, too" }));
    const calls = installation.mutations().length;
    installation.annotate({});
    await installation.clock.advance(30 * MINUTE_MS);
    expect(since(installation, calls)).toEqual([]);
    const spec = installation.get().spec as { autoScalingGroups: Record<string, object> };
    expect(spec.autoScalingGroups.web).toMatchObject({
      scalingPolicies: {
        surge: { stepScaling: { alarm: { threshold: 50, alarmActions: [{ ref: POLICY }, TOPIC] } } },
      },
    });
  });

  it("has a name that CloudWatch takes, however long the keys are", () => {
    const long = "k".repeat(63);
    const owner = ["holdfast", long, long].join("/");
    const at = (policy: string) =>
      addressFrom(`autoScalingGroups.${long}.scalingPolicies.${policy}.stepScaling.alarm`);
    const [one, other] = [long, `${"k".repeat(62)}l`].map((policy) => alarmNameAt(owner, at(policy)));
    expect(one!.length).toBeLessThanOrEqual(255);
    expect(one).not.toBe(other);
  });
});

function faultsOf(spec: unknown): { path: string; message: string }[] {
  try {
    admit(spec, undefined, { key: WEB_API, owner: "holdfast/default/web-api", stored: [] });
  } catch (error) {
    if (error instanceof InvalidSpecError) return [...error.faults];
    throw error;
  }
  return [];
}

describe("admission of a policy's alarm", () => {
  it("tells all that is wrong with it at once, each at its place", () => {
    const { metricName: _metric, ...unmeasured } = BUSY;
    const paths = (alarm: object) =>
      faultsOf(withStep(alarm as Alarm).spec())
        .map(({ path }) => path)
        .sort();
    expect(paths(unmeasured)).toEqual([`spec.${ALARM}.metricName`]);
    expect(paths({ ...BUSY, period: 90, evaluationPeriods: 2, datapointsToAlarm: 3 })).toEqual([
      `spec.${ALARM}.datapointsToAlarm`,
      `spec.${ALARM}.period`,
    ]);
    expect(paths({ ...BUSY, extendedStatistic: "p99" })).toEqual([`spec.${ALARM}.statistic`]);
    expect(paths({ ...BUSY, metrics: [] })).toEqual([`spec.${ALARM}.metrics`]);
  });

  it("counts the policy among the actions, whether or not it is named there", () => {
    const topics = (count: number) => Array.from({ length: count }, (_, index) => `${TOPIC}-${index}`);
    const actions = (...alarmActions: (string | { ref: string })[]) =>
      faultsOf(withStep({ ...BUSY, alarmActions }).spec()).map(({ path }) => path);
    expect(actions(...topics(5))).toEqual([`spec.${ALARM}.alarmActions`]);
    expect(actions(...topics(4))).toEqual([]);
    expect(actions({ ref: POLICY }, ...topics(4))).toEqual([]);
  });

  it("refuses a name that an alarm of the spec has, too", () => {
    const { alarms } = example().spec();
    const name = "busy";
    const both = withStep({ ...BUSY, name }).withAlarm("high-5xx", { ...alarms!["high-5xx"], name });
    expect(faultsOf(both.spec())).toMatchObject([
      { path: `spec.${ALARM}.name`, message: expect.stringMatching(/is the name of alarms.high-5xx too/) },
    ]);
    const given = withStep(BUSY).withAlarm("high-5xx", { ...alarms!["high-5xx"], name: NAME });
    expect(faultsOf(given.spec())).toMatchObject([
      { path: "spec.alarms.high-5xx.name", message: expect.stringContaining(ALARM) },
    ]);
  });
});
