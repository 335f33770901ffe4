/** `spec.drift` over a whole installation: what others have is theirs, and whatever we write carries it. */
import { describe, expect, it } from "vitest";
import { isReportedOnly } from "../../../src/model/ledger/drift.ts";
import { watchesOf } from "../../support/alarm-input.ts";
import { type Example, example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, nameOf, somebody } from "../world.ts";
import { withGreen } from "./blue-and-green.ts";

const ELB = "elasticloadbalancing";
const LISTENER = "loadBalancer.listeners.443";
const TEMPLATE = "autoScalingGroups.web.launchTemplate";
const GROUP = "autoScalingGroups.web";
const ALARM = "alarms.high-5xx";
const ALARM_NAME = "holdfast/default/web-api/high-5xx";
const PIPELINES_IMAGE = "ami-87654321";

type Policy = "Correct" | "Report" | "Ignore";

const leaving = (resource: string, policy: Policy, field?: string, base: Example = example()): Example =>
  base.with({ drift: { policy: "Correct", rules: [{ resource, policy, ...(field ? { field } : {}) }] } });

/** Three passes: a first look, a second one, and one more. */
async function passes(i: Installation): Promise<void> {
  await i.clock.advance(300_000);
}

/** The calls since `from` that change AWS. */
const since = (i: Installation, from: number) => i.mutations().slice(from);

function expectInSync(i: Installation): void {
  expect(i.condition("Ready")).toMatchObject({ status: "True" });
  expect(i.condition("Synced")).toMatchObject({ status: "True" });
}

const left = (i: Installation, address: string) =>
  i.get().status?.coverage?.resources.find((row) => row.address === address)?.leftToOthers ?? [];

async function threshold(i: Installation): Promise<unknown> {
  const { MetricAlarms } = await somebody(i, "cloudwatch:DescribeAlarms", { AlarmNames: [ALARM_NAME] });
  return MetricAlarms[0].Threshold;
}

async function setThreshold(i: Installation, Threshold: number): Promise<void> {
  const { MetricAlarms } = await somebody(i, "cloudwatch:DescribeAlarms", { AlarmNames: [ALARM_NAME] });
  await somebody(i, "cloudwatch:PutMetricAlarm", { ...watchesOf(MetricAlarms[0]), Threshold });
}

async function forwardsOf(i: Installation): Promise<string[]> {
  const { Listeners } = await somebody(i, `${ELB}:DescribeListeners`, {
    ListenerArns: [arnOf(i, LISTENER)],
  });
  return Listeners[0].DefaultActions[0]!.ForwardConfig.TargetGroups.map(
    ({ TargetGroupArn }) => TargetGroupArn,
  );
}

async function switchTo(i: Installation, TargetGroupArn: string): Promise<void> {
  await somebody(i, `${ELB}:ModifyListener`, {
    ListenerArn: arnOf(i, LISTENER),
    DefaultActions: [{ Type: "forward", TargetGroupArn }],
  });
}

async function foreignTargetGroup(i: Installation): Promise<string> {
  const { TargetGroups } = await somebody(i, `${ELB}:CreateTargetGroup`, {
    Name: "green",
    Protocol: "HTTP",
    Port: 8080,
    VpcId: "vpc-12345678",
  });
  return TargetGroups[0].TargetGroupArn;
}

async function imageOf(i: Installation): Promise<unknown> {
  const { LaunchTemplateVersions } = await somebody(i, "ec2:DescribeLaunchTemplateVersions", {
    LaunchTemplateId: arnOf(i, TEMPLATE),
    Versions: ["$Default"],
  });
  return (LaunchTemplateVersions[0].LaunchTemplateData as Record<string, unknown>).ImageId;
}

/** A pipeline makes a version with its image, and the default; it rolls that out itself, or not yet. */
async function pipelineWrites(i: Installation, image: string, rollsOut: boolean): Promise<void> {
  const LaunchTemplateId = arnOf(i, TEMPLATE);
  const made = (await somebody(i, "ec2:CreateLaunchTemplateVersion", {
    LaunchTemplateId,
    SourceVersion: "$Default",
    LaunchTemplateData: { ImageId: image },
  })) as unknown as { LaunchTemplateVersion: { VersionNumber: number } };
  const Version = String(made.LaunchTemplateVersion.VersionNumber);
  await somebody(i, "ec2:ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion: Version });
  if (!rollsOut) return;
  await somebody(i, "autoscaling:StartInstanceRefresh", {
    AutoScalingGroupName: nameOf(i, GROUP),
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version } },
    Preferences: { MinHealthyPercentage: 50, InstanceWarmup: 0 },
  });
}

describe("a deploy tool switches the target group of a listener", () => {
  const spec = leaving("loadBalancer.listeners.443", "Ignore", "defaultAction");

  it("what it forwards to stays, is shown, and is carried by a change of the listener", async () => {
    const i = await converged(spec.spec());
    const green = await foreignTargetGroup(i);
    const from = i.mutations().length;
    await switchTo(i, green);
    await passes(i);
    expect(await forwardsOf(i)).toEqual([green]);
    expect(since(i, from)).toEqual([]);
    expect(driftEvents(i)).toEqual([]);
    expect(i.condition("Synced")).toMatchObject({
      status: "True",
      message: "AWS holds what the spec asks for, but for 1 field that is left to others.",
    });
    // Nobody reads whether what is not ours serves.
    expect(i.condition("Healthy")).toMatchObject({ status: "Unknown", reason: "ForwardedElsewhere" });
    expect(i.condition("Drifted")).toMatchObject({ status: "False" });
    expect(left(i, LISTENER)).toContainEqual({
      member: "defaultAction",
      reason: "left to others: spec.drift.rules[0]",
      verdict: "ignored",
      value: { type: "forward", targetGroups: [{ arn: green }] },
      desired: { type: "forward", targetGroups: [{ arn: expect.stringContaining("targetgroup/") }] },
    });
    i.post(spec.withListener(443, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" }).spec());
    await passes(i);
    expect(since(i, from)).toEqual([`${ELB}:ModifyListener`]);
    expect(await forwardsOf(i)).toEqual([green]);
  });

  it("an edit of it in the spec is not written", async () => {
    const i = await converged(spec.spec());
    const from = i.mutations().length;
    i.post(
      spec.withListener(443, { defaultAction: { fixedResponse: { statusCode: "503" } } as never }).spec(),
    );
    await passes(i);
    expect(since(i, from)).toEqual([]);
    expectInSync(i);
  });

  it("between two groups of the spec, and no cutover moves it back", async () => {
    const both = withGreen(spec);
    const i = await converged(both.spec());
    const green = arnOf(i, "targetGroups.green");
    const from = i.mutations().length;
    await switchTo(i, green);
    await passes(i);
    expect(await forwardsOf(i)).toEqual([green]);
    expect(since(i, from)).toEqual([]);
    expectInSync(i);
    // AWS cannot change its port: the successor is made, and the listener is the tool's to move.
    i.post(both.withTargetGroup("web", { port: 9090 }).spec());
    await passes(i);
    expect(await forwardsOf(i)).toEqual([green]);
    expect(since(i, from)).not.toContain(`${ELB}:ModifyListener`);
  });

  it("a listener that is made anew forwards where the last one did", async () => {
    const i = await converged(spec.spec());
    const green = await foreignTargetGroup(i);
    await switchTo(i, green);
    await passes(i);
    await somebody(i, `${ELB}:DeleteListener`, { ListenerArn: arnOf(i, LISTENER) });
    await passes(i);
    expect(await forwardsOf(i)).toEqual([green]);
    expect(i.condition("Synced")).toMatchObject({ status: "True" });
  });
});

describe("a pipeline writes the image", () => {
  const spec = leaving(TEMPLATE, "Ignore", "imageId");

  it.each([{ rollsOut: true }, { rollsOut: false }])(
    "its version is left as it is, and its rollout to it (it rolls out: $rollsOut)",
    async ({ rollsOut }) => {
      const i = await converged(spec.spec());
      const from = i.mutations().length;
      await pipelineWrites(i, PIPELINES_IMAGE, rollsOut);
      await i.clock.advance(1_800_000);
      expect(await imageOf(i)).toBe(PIPELINES_IMAGE);
      expect(since(i, from)).toEqual([]);
      expect(driftEvents(i)).toEqual([]);
      expectInSync(i);
    },
  );

  it("our next version, for another change, carries its image and is rolled out", async () => {
    const i = await converged(spec.spec());
    await pipelineWrites(i, PIPELINES_IMAGE, false);
    await passes(i);
    const from = i.mutations().length;
    i.post(spec.withLaunchTemplate({ instanceType: "t3.large" }).spec());
    await i.untilReady();
    await i.clock.advance(1_800_000);
    expect(await imageOf(i)).toBe(PIPELINES_IMAGE);
    expect(since(i, from)).toEqual([
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyLaunchTemplate",
      "autoscaling:StartInstanceRefresh",
    ]);
    expectInSync(i);
  });

  it("user data that others write is carried, too, though nobody is shown it", async () => {
    const own = leaving(TEMPLATE, "Ignore", "userData");
    const i = await converged(own.spec());
    const LaunchTemplateId = arnOf(i, TEMPLATE);
    const UserData = Buffer.from("#!/bin/sh\nexec theirs\n").toString("base64");
    await somebody(i, "ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateId,
      SourceVersion: "$Default",
      LaunchTemplateData: { UserData },
    });
    await somebody(i, "ec2:ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion: "2" });
    await passes(i);
    i.post(own.withLaunchTemplate({ instanceType: "t3.large" }).spec());
    await i.untilReady();
    const { LaunchTemplateVersions } = await somebody(i, "ec2:DescribeLaunchTemplateVersions", {
      LaunchTemplateId,
      Versions: ["$Default"],
    });
    expect(LaunchTemplateVersions[0].LaunchTemplateData).toMatchObject({
      UserData,
      InstanceType: "t3.large",
    });
  });
});

describe("an alarm, which every write replaces as a whole", () => {
  it.each([
    { policy: "Report", told: 1 },
    { policy: "Ignore", told: 0 },
  ] as const)(
    "$policy: what others have set stays, and is carried by a change of it",
    async ({ policy, told }) => {
      const spec = leaving(ALARM, policy, "threshold");
      const i = await converged(spec.spec());
      const from = i.mutations().length;
      await setThreshold(i, 25);
      await passes(i);
      expect(since(i, from)).toEqual([]);
      expect(driftEvents(i).filter((event) => event.state === "Open" && isReportedOnly(event))).toHaveLength(
        told,
      );
      expect(i.condition("Drifted")).toMatchObject(
        policy === "Report" ? { status: "True", reason: "Reported" } : { status: "False" },
      );
      expectInSync(i);
      i.post(spec.withAlarm("high-5xx", { evaluationPeriods: 3 }).spec());
      await i.untilReady();
      expect(since(i, from)).toEqual(["cloudwatch:PutMetricAlarm"]);
      expect(await threshold(i)).toBe(25);
      await somebody(i, "cloudwatch:DeleteAlarms", { AlarmNames: [ALARM_NAME] });
      await passes(i);
      expect(await threshold(i)).toBe(25);
      expectInSync(i);
    },
  );

  it("Report: an edit in the spec is written, and closes what was reported", async () => {
    const spec = leaving(ALARM, "Report", "threshold");
    const i = await converged(spec.spec());
    await setThreshold(i, 25);
    await passes(i);
    i.post(spec.withAlarm("high-5xx", { threshold: 12 }).spec());
    await i.untilReady();
    await passes(i);
    expect(await threshold(i)).toBe(12);
    expect(driftEvents(i).map(({ state }) => state)).toEqual(["Superseded"]);
  });

  it("Report: what comes back by itself is closed as that", async () => {
    const i = await converged(leaving(ALARM, "Report", "threshold").spec());
    await setThreshold(i, 25);
    await passes(i);
    await setThreshold(i, 10);
    await passes(i);
    expect(driftEvents(i).map(({ state }) => state)).toEqual(["Reverted"]);
  });

  it("Ignore: an edit in the spec is not written", async () => {
    const spec = leaving(ALARM, "Ignore", "threshold");
    const i = await converged(spec.spec());
    i.post(spec.withAlarm("high-5xx", { threshold: 12 }).spec());
    await passes(i);
    expect(await threshold(i)).toBe(10);
    expectInSync(i);
  });

  it("without the rule it is put right again, as drift", async () => {
    const i = await converged(leaving(ALARM, "Ignore", "threshold").spec());
    await setThreshold(i, 25);
    await passes(i);
    i.post(example().spec());
    await passes(i);
    expect(await threshold(i)).toBe(10);
    expect(driftEvents(i).map(({ state, field }) => [state, field])).toEqual([["Corrected", "threshold"]]);
  });

  it("Report: the database is lost, and what was reported still is not corrected", async () => {
    const spec = leaving(ALARM, "Report", "threshold");
    const i = await converged(spec.spec());
    await setThreshold(i, 25);
    await passes(i);
    await i.restart({ lost: true });
    i.post(spec.spec());
    await passes(i);
    expect(await threshold(i)).toBe(25);
    expectInSync(i);
  });
});

describe("everything is reported", () => {
  const spec = example().with({ drift: { policy: "Report" } });

  it("and nothing corrected but what is gone, whatever is changed by hand", async () => {
    const i = await converged(spec.spec());
    const from = i.mutations().length;
    await setThreshold(i, 25);
    await pipelineWrites(i, PIPELINES_IMAGE, false);
    await somebody(i, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(i, GROUP),
      MaxSize: 12,
      HealthCheckType: "EC2",
    });
    await passes(i);
    expect(since(i, from)).toEqual([]);
    expect(driftEvents(i).map(({ field }) => field)).toEqual(
      expect.arrayContaining(["threshold", "imageId", "maxSize", "healthCheckType"]),
    );
    expectInSync(i);
  });

  it("while an edit goes its whole way, a cutover included", async () => {
    const i = await converged(spec.spec());
    i.post(spec.withTargetGroup("web", { port: 9090 }).withImage(PIPELINES_IMAGE).spec());
    await i.untilReady();
    await i.clock.advance(1_800_000);
    expect(await forwardsOf(i)).toEqual([arnOf(i, "targetGroups.web")]);
    expect(await imageOf(i)).toBe(PIPELINES_IMAGE);
    expect(driftEvents(i)).toEqual([]);
    expectInSync(i);
  });
});

describe("scheduled actions of others", () => {
  const sizes = async (i: Installation) => {
    const { AutoScalingGroups } = await somebody(i, "autoscaling:DescribeAutoScalingGroups", {
      AutoScalingGroupNames: [nameOf(i, GROUP)],
    });
    const { MinSize, MaxSize } = AutoScalingGroups[0] as Record<string, unknown>;
    return [MinSize, MaxSize];
  };
  const schedule = (i: Installation, change: object) =>
    somebody(i, "autoscaling:PutScheduledUpdateGroupAction", {
      AutoScalingGroupName: nameOf(i, GROUP),
      ScheduledActionName: "morning",
      Recurrence: "0 * * * *",
      ...change,
    });
  const HOUR_MS = 3_600_000;

  it("what one has set is no drift; what somebody sets besides is", async () => {
    const i = await converged();
    await schedule(i, { MinSize: 3, MaxSize: 12 });
    const from = i.mutations().length;
    await i.clock.advance(HOUR_MS + 600_000);
    expect(await sizes(i)).toEqual([3, 12]);
    expect(since(i, from)).toEqual([]);
    expect(driftEvents(i)).toEqual([]);
    expectInSync(i);
    expect(left(i, GROUP)).toContainEqual({
      member: "minSize",
      reason: "left to others: the scheduled action morning",
      verdict: "ignored",
      value: 3,
      desired: 2,
    });
    await somebody(i, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(i, GROUP),
      MaxSize: 20,
    });
    await i.clock.advance(600_000);
    expect(await sizes(i)).toEqual([3, 10]);
    expect(driftEvents(i).map(({ field, state }) => [field, state])).toEqual([["maxSize", "Corrected"]]);
  });

  it("an edit of the size in the spec is written", async () => {
    const i = await converged();
    await schedule(i, { MinSize: 3 });
    await i.clock.advance(HOUR_MS + 600_000);
    i.post(example().withGroup("web", { minSize: 4 }).spec());
    await i.untilReady();
    expect(await sizes(i)).toEqual([4, 10]);
  });

  it("one whose time has not come keeps nothing", async () => {
    const i = await converged();
    await schedule(i, {
      MinSize: 3,
      Recurrence: "0 0 1 1 *",
      StartTime: new Date(i.clock.nowMs() + 800 * 24 * HOUR_MS),
    });
    await somebody(i, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(i, GROUP),
      MinSize: 3,
    });
    await passes(i);
    expect(await sizes(i)).toEqual([2, 10]);
  });
});

describe("an operator", () => {
  it("sets the desired capacity, and nobody sets it back", async () => {
    const i = await converged();
    const from = i.mutations().length;
    await somebody(i, "autoscaling:SetDesiredCapacity", {
      AutoScalingGroupName: nameOf(i, GROUP),
      DesiredCapacity: 5,
    });
    await passes(i);
    expect(since(i, from)).toEqual([]);
  });

  it("may rewrite a rule, whose other fields are kept", async () => {
    const spec = leaving(`${LISTENER}.rules.*`, "Ignore", "action");
    const i = await converged(spec.spec());
    const RuleArn = arnOf(i, `${LISTENER}.rules.block-admin`);
    await somebody(i, `${ELB}:ModifyRule`, {
      RuleArn,
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    });
    await passes(i);
    const { Rules } = await somebody(i, `${ELB}:DescribeRules`, { RuleArns: [RuleArn] });
    expect(Rules[0].Actions).toMatchObject([{ FixedResponseConfig: { StatusCode: "404" } }]);
  });
});
