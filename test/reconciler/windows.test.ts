/** `spec.windows` of a whole service. The clock begins on Thursday, 1 January 2026, at midnight. */
import { expect, it } from "vitest";
import { example } from "../support/example.ts";
import { type Installation, WEB_API } from "../support/installation.ts";
import { addFault, arnOf, converged, driftEvents, somebody, specWith } from "./world.ts";

const WINDOWS = { allow: [{ cron: "0 1 * * *", durationMinutes: 120, timeZone: "UTC" }] };
const inWindows = () => example().with({ windows: WINDOWS });
const minuteOf = (time: string | undefined) => time?.slice(0, 16);

async function moveHealthCheck(installation: Installation): Promise<void> {
  const { TargetGroups } = await installation.aws("elasticloadbalancing:DescribeTargetGroups", {});
  await installation.aws("elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn,
    HealthCheckPath: "/changed",
  });
}

it("drift is recorded at any time, and corrected when the next window opens, in a pass that is due then", async () => {
  // A resync is far away, so that nothing but the window can be the reason of the pass.
  const installation = await converged(inWindows().spec(), { resyncMs: 7 * 86_400_000 });
  await moveHealthCheck(installation);
  const before = installation.mutations().length;
  installation.controller.request({ namespace: "default", name: "web-api" });
  await installation.clock.advance(600_000);
  expect(installation.mutations()).toHaveLength(before);
  expect(installation.condition("Synced")).toMatchObject({
    ...{ status: "False", reason: "Waiting" },
    message: "update targetGroups.web waits: the window of spec.windows that opens at 2026-01-01T01:00Z.",
  });
  expect(installation.condition("Drifted")?.status).toBe("True");
  expect(minuteOf(installation.get().status?.nextPassAt)).toBe("2026-01-01T01:00");
  await installation.clock.advance(Date.parse("2026-01-01T01:00:05Z") - installation.clock.nowMs());
  expect(installation.mutations().slice(before)).toEqual(["elasticloadbalancing:ModifyTargetGroup"]);
});

it("an edit of settings waits for no window, and the rollout that comes with it does", async () => {
  const installation = await converged(inWindows().spec());
  const before = installation.mutations().length;
  installation.post(
    inWindows().withGroup("web", { maxSize: 12 }).withLaunchTemplate({ instanceType: "t3.large" }).spec(),
  );
  await installation.clock.advance(600_000);
  const done = installation.mutations().slice(before);
  expect(done).toContain("ec2:CreateLaunchTemplateVersion");
  expect(done).toContain("autoscaling:UpdateAutoScalingGroup");
  expect(done).not.toContain("autoscaling:StartInstanceRefresh");
  expect(installation.condition("Synced")?.message).toContain("opens at 2026-01-01T01:00Z");
  await installation.clock.advance(Date.parse("2026-01-01T01:01:00Z") - installation.clock.nowMs());
  expect(installation.mutations().slice(before)).toContain("autoscaling:StartInstanceRefresh");
  // It is finished, also after the window.
  await installation.untilReady();
});

it("a cutover is begun within a window, and nothing of it before", async () => {
  const installation = await converged(inWindows().spec());
  const before = installation.mutations().length;
  const moved = inWindows().withTargetGroup("web", { port: 9090 }).spec();
  installation.post(moved);
  await installation.clock.advance(600_000);
  expect(installation.mutations()).toHaveLength(before);
  expect(installation.condition("Synced")?.message).toContain("create targetGroups.web waits");
  await installation.clock.advance(Date.parse("2026-01-01T01:01:00Z") - installation.clock.nowMs());
  expect(installation.mutations().slice(before)).toContain("elasticloadbalancing:CreateTargetGroup");
  await installation.untilReady();
});

it("a service is made, and deleted, whatever its windows are", async () => {
  const installation = await converged(inWindows().spec());
  installation.remove();
  await installation.until(
    () => installation.store.get({ namespace: "default", name: "web-api" }) === undefined,
  );
});

it("a plan says what would wait for a window", async () => {
  const installation = await converged(inWindows().spec());
  const plan = await installation.plan(inWindows().withTargetGroup("web", { port: 9090 }).spec());
  expect(plan.rows.find(({ key }) => key === "targetGroups.web")?.blockedBy).toEqual([
    "the window of spec.windows that opens at 2026-01-01T01:00Z",
  ]);
});

it("what an edit brings along, because its call writes the whole, is told as put right by us", async () => {
  const installation = await converged(inWindows().spec());
  const { MetricAlarms = [] } = await installation.aws("cloudwatch:DescribeAlarms", {});
  const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName?.endsWith("high-5xx"));
  const { AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods } = alarm ?? {};
  await installation.aws("cloudwatch:PutMetricAlarm", {
    ...{ AlarmName, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods },
    ...{ ComparisonOperator: alarm?.ComparisonOperator, Threshold: 77 },
  });
  await installation.clock.advance(120_000);
  installation.post(inWindows().withAlarm("high-5xx", { period: 120 }).spec());
  await installation.clock.advance(300_000);
  const { items } = installation.store.driftEvents({ limit: 10 });
  expect(items.map(({ field, state }) => [field, state])).toContainEqual(["threshold", "Corrected"]);
});

const RULES = Array.from({ length: 10 }, (_, n) => ({
  ...{ name: `r${n}`, priority: 1_000 + n, action: { fixedResponse: { statusCode: "404" } } },
  conditions: [{ pathPattern: [`/r${n}`] }],
}));
const withRules = () =>
  specWith((spec) => {
    Object.assign(spec, { windows: WINDOWS });
    spec.loadBalancer.listeners.find(({ rules }) => rules !== undefined)!.rules = RULES;
  });
const HTTPS = "loadBalancer.listeners.443";
const ELB = "elasticloadbalancing";

/** Less than a minute before the window closes: there is time for two looks, and for the beginning of what they lead to. */
async function untilNearlyClosed({ clock }: Installation): Promise<void> {
  await clock.advance(Date.parse("2026-01-01T02:59:10Z") - clock.nowMs());
}

it("no correction is begun after the window has closed, although the pass began within it", async () => {
  const installation = await converged(withRules(), { resyncMs: 7 * 86_400_000 });
  await untilNearlyClosed(installation);
  for (const { name } of RULES)
    await somebody(installation, `${ELB}:ModifyRule`, {
      RuleArn: arnOf(installation, `${HTTPS}.rules.${name}`),
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [`/moved-${name}`] } }],
    });
  // More than are sent at a time, each of them answered after the end of the window.
  addFault(installation, `${ELB}:ModifyRule`, { kind: "slow", ms: 60_000 });
  const before = installation.mutations().length;
  installation.controller.request(WEB_API);
  await installation.clock.advance(10 * 60_000);
  expect(driftEvents(installation)).toHaveLength(10);
  expect(installation.mutations().slice(before)).toEqual(Array(8).fill(`${ELB}:ModifyRule`));
  expect(installation.condition("Synced")?.message).toContain("opens at 2026-01-02T01:00Z");
  installation.account.faults.clear();
  await installation.clock.advance(Date.parse("2026-01-02T01:01:00Z") - installation.clock.nowMs());
  expect(installation.mutations().slice(before)).toHaveLength(10);
});
