/** A rollout that fails: what ran before comes back, and the same is not tried again before a person says so. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody } from "../world.ts";

const HOUR = 3_600_000;
/** Its application answers no health check. */
const BAD = "ami-0bad0bad";
const GOOD = "ami-87654321";

const started = (installation: Installation) =>
  installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;

const stalled = (installation: Installation) => installation.condition("Stalled");
const untilStalled = (installation: Installation, reason: string) =>
  installation.until(() => stalled(installation)?.reason === reason, 6 * HOUR);

async function groupOf(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0];
}

async function versionsOf(installation: Installation): Promise<string[]> {
  const { Instances } = await groupOf(installation);
  return Instances.map(({ LaunchTemplate }) => LaunchTemplate.Version);
}

async function refreshesOf(installation: Installation) {
  const { InstanceRefreshes } = await somebody(installation, "autoscaling:DescribeInstanceRefreshes", {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
  });
  return InstanceRefreshes.map(({ Status }) => Status);
}

/** After the rollout of a bad image has been rolled back. */
async function rolledBack(from = example()): Promise<Installation> {
  const installation = await converged(from.spec());
  installation.post(from.withImage(BAD).spec());
  await untilStalled(installation, "RolloutRolledBack");
  await installation.clock.advance(120_000);
  return installation;
}

describe("a rollout that fails", () => {
  it("is rolled back by AWS, and the condition says what failed, how, and what runs", async () => {
    const installation = await rolledBack();
    expect(await refreshesOf(installation)).toEqual(["RollbackSuccessful"]);
    expect(await versionsOf(installation)).toEqual(["1", "1"]);
    expect(await groupOf(installation)).toMatchObject({ LaunchTemplate: { Version: "1" } });
    const { message = "" } = stalled(installation) ?? {};
    expect(message).toContain(
      "The rollout of generation 2 to autoScalingGroups.web, with version 2 (ami-0bad0bad, user data sha256:",
    );
    expect(message).toContain("has failed, and version 1 (ami-12345678, user data sha256:");
    expect(message).toContain("AWS says: ");
    expect(message).toMatch(/i-[0-9a-f]+.*: unhealthy in targetGroups\.web \(Target\./);
    expect(message).toContain("holdfast.dev/rollout-requested-at");
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.condition("Healthy")?.status).toBe("True");
    const [row] = installation.get().status?.rollouts ?? [];
    expect(row).toMatchObject({
      autoScalingGroup: "autoScalingGroups.web",
      state: "RolledBack",
      generation: 2,
    });
    expect(row?.evidence?.length).toBeGreaterThan(0);
  });

  it("is not tried again, whatever else is edited, tags of the instances included, nor after a restart", async () => {
    const installation = await rolledBack();
    installation.post(
      example()
        .withImage(BAD)
        .withGroup("web", { maxSize: 7 })
        .withLaunchTemplate({ imageId: BAD, tags: { team: "blue" } })
        .spec(),
    );
    await installation.clock.advance(HOUR);
    await installation.restart();
    await installation.clock.advance(HOUR);
    expect(await groupOf(installation)).toMatchObject({ MaxSize: 7, LaunchTemplate: { Version: "1" } });
    expect(started(installation)).toBe(1);
    expect(stalled(installation)?.reason).toBe("RolloutRolledBack");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is not tried again with the database lost: AWS still tells of the refresh", async () => {
    const installation = await rolledBack();
    await installation.restart({ lost: true });
    installation.post(example().withImage(BAD).spec());
    await installation.clock.advance(2 * HOUR);
    expect(await versionsOf(installation)).toEqual(["1", "1"]);
    expect(started(installation)).toBe(0);
  });

  it("is not tried again after another one between them, and is when a person asks", async () => {
    const installation = await rolledBack();
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(started(installation)).toBe(2);
    installation.post(example().withImage(BAD).spec());
    await untilStalled(installation, "RolloutRolledBack");
    await installation.clock.advance(HOUR);
    expect(started(installation)).toBe(2);
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["3"]));
    installation.annotate({ "holdfast.dev/rollout-requested-at": "now" });
    await installation.until(() => started(installation) === 3, HOUR);
    await untilStalled(installation, "RolloutRolledBack");
    await installation.clock.advance(2 * HOUR);
    expect(started(installation)).toBe(3);
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["3"]));
  });

  it("ends with another content", async () => {
    const installation = await rolledBack();
    installation.post(example().withImage(GOOD).spec());
    await installation.untilReady();
    expect(stalled(installation)?.status).toBe("False");
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["3"]));
    expect(driftEvents(installation)).toEqual([]);
  });

  it("ends with the content that ran before, without a call", async () => {
    const installation = await rolledBack();
    installation.post(example().spec());
    await installation.untilReady();
    expect(started(installation)).toBe(1);
    expect(stalled(installation)?.status).toBe("False");
  });

  it("brings nothing back where the spec says so, and that is no drift", async () => {
    const from = example().withGroup("web", { instanceRefresh: { autoRollback: false } });
    const installation = await converged(from.spec());
    installation.post(from.withImage(BAD).spec());
    await untilStalled(installation, "InstanceRefreshFailed");
    await installation.clock.advance(3 * HOUR);
    expect(await refreshesOf(installation)).toEqual(["Failed"]);
    expect(started(installation)).toBe(1);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is rolled back when an alarm of the spec rings, also one that was made with it", async () => {
    const spec = example()
      .withGroup("web", {
        instanceRefresh: { bakeTime: 3_600, alarmSpecification: { alarms: [{ ref: "alarms.errors" }] } },
      })
      .withAlarm("errors", {
        namespace: "Shop",
        metricName: "Errors",
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        threshold: 1,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
      });
    const installation = await converged();
    installation.post(spec.withImage(GOOD).spec());
    await installation.until(() => installation.get().status?.rollouts?.[0]?.state === "Running", HOUR);
    await installation.clock.advance(20 * 60_000);
    const name = nameOf(installation, "alarms.errors");
    for (let minute = 0; minute < 5; minute += 1) {
      const Timestamp = new Date(installation.clock.nowMs());
      const MetricData = [{ MetricName: "Errors", Value: 5, Timestamp }];
      await somebody(installation, "cloudwatch:PutMetricData", { Namespace: "Shop", MetricData });
      await installation.clock.advance(60_000);
    }
    await untilStalled(installation, "RolloutRolledBack");
    expect(stalled(installation)?.message).toContain(name);
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["1"]));
  });
});

describe("a rollout that AWS cannot undo", () => {
  it("is undone by Holdfast, once, by a refresh back to the numbered version, and the plan says so", async () => {
    const parameter = "/ours/web";
    const from = example().withImage(`resolve:ssm:${parameter}`);
    const installation = await converged();
    await somebody(installation, "ssm:PutParameter", { Name: parameter, Value: GOOD, Type: "String" });
    installation.post(from.spec());
    await installation.untilReady();
    const plan = await installation.plan(from.withImage(BAD).spec());
    const told = plan.rows.flatMap(({ consequences = [] }) => consequences.map(({ says }) => says));
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringContaining("Holdfast brings version 2 back by a refresh of its own"),
      ]),
    );
    installation.post(from.withImage(BAD).spec());
    await installation.until(
      () => installation.get().status?.rollouts?.[0]?.state === "RollingBack",
      6 * HOUR,
    );
    expect(stalled(installation)?.reason).toBe("RollingBack");
    await installation.restart();
    await untilStalled(installation, "RolloutRolledBack");
    await installation.clock.advance(HOUR);
    expect(await refreshesOf(installation)).toEqual(["Successful", "Failed", "Successful"]);
    expect(new Set(await versionsOf(installation))).toEqual(new Set(["2"]));
    expect(driftEvents(installation)).toEqual([]);
  });
});

describe("a rollout under way", () => {
  it("tells its progress, and counts and names who is behind", async () => {
    const from = example().withGroup("web", { minSize: 4 });
    const installation = await converged(from.spec());
    installation.post(from.withImage(GOOD).spec());
    const seen = new Set<number>();
    await installation.until(() => {
      const { rollouts = [], behind = [] } = installation.get().status ?? {};
      const [row] = rollouts;
      if (row?.percentageComplete !== undefined) seen.add(row.percentageComplete);
      for (const { count, instances, version } of behind) {
        expect(version).toBe("2");
        expect(count).toBe(instances.length);
      }
      return row?.state === "Succeeded";
    }, 2 * HOUR);
    expect(seen.size).toBeGreaterThan(2);
    await installation.untilReady();
    expect(installation.get().status?.behind).toBeUndefined();
    expect(installation.get().status?.rollouts).toMatchObject([
      { state: "Succeeded", from: { version: "1" }, to: { version: "2", imageId: GOOD } },
    ]);
  });
});
