import { describe, expect, it } from "vitest";
import { attendedExample, forwardTo } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { approve, untilWaiting } from "../approval/world.ts";
import { arnOf, converged, type Draft, nameOf, somebody, specWith } from "../world.ts";

/** So many more rules on the listener with rules. */
const rules = (count: number) => (spec: Draft) => {
  const listener = spec.loadBalancer.listeners.find((one) => one.rules !== undefined);
  listener?.rules?.push(
    ...Array.from({ length: count }, (_, n) => ({
      name: `r${n}`,
      priority: 1_000 + n,
      conditions: [{ pathPattern: [`/r${n}`] }],
      action: { fixedResponse: { statusCode: "404" } },
    })),
  );
};
const deletedRules = ({ store }: Installation) =>
  store.calls({ limit: 500 }).filter(({ operation }) => operation === "elasticloadbalancing:DeleteRule")
    .length;
const HOUR_MS = 3_600_000;
const targetGroupsOf = async (installation: Installation) => {
  const { TargetGroups } = await somebody(installation, "elasticloadbalancing:DescribeTargetGroups", {});
  return TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn);
};

describe("a mass deletion by an edit", () => {
  it("ends at ten within an hour, stays frozen over a restart and the hour, and goes on when a person lifts it", async () => {
    const installation = await converged(specWith(rules(13)));
    installation.post(specWith(() => undefined));
    await installation.until(() => installation.condition("Stalled")?.reason === "DeletionsFrozen");
    expect(deletedRules(installation)).toBe(10);
    expect(installation.store.freezes()).toMatchObject([{ kind: "rule", deleted: 10 }]);
    await installation.restart();
    await installation.clock.advance(2 * HOUR_MS);
    expect(deletedRules(installation)).toBe(10);
    expect(installation.condition("Stalled")?.reason).toBe("DeletionsFrozen");

    expect(installation.store.liftFreeze("rule", "ada")).toBe(true);
    expect(installation.store.liftFreeze("rule", "ada")).toBe(false);
    await installation.until(() => installation.condition("Synced")?.status === "True");
    expect(deletedRules(installation)).toBe(13);
    expect(installation.store.freezes()).toEqual([]);
  });

  it("is shown by a dry run before it begins", async () => {
    const installation = await converged(specWith(rules(13)));
    const { rows } = await installation.plan(specWith(() => undefined));
    expect(rows.filter(({ verb, blockedBy }) => verb === "delete" && blockedBy.length === 0)).toHaveLength(
      10,
    );
    expect(
      rows.filter(({ blockedBy }) => blockedBy.some((text) => text.includes("are frozen"))),
    ).toHaveLength(3);
    expect(installation.store.freezes()).toEqual([]);
  });

  it("is shown without a freeze where it is as much as may be", async () => {
    const installation = await converged(specWith(rules(10)));
    const { steps = [] } = await installation.plan(specWith(() => undefined));
    const deletions = steps.filter(({ call }) => call === "elasticloadbalancing:DeleteRule");
    expect(deletions).toHaveLength(10);
    expect(deletions.filter(({ waitsFor }) => waitsFor !== undefined)).toEqual([]);
  });

  it("freezes nothing while everything is paused", async () => {
    const installation = await converged(specWith(rules(13)));
    installation.store.putPause({ since: new Date(installation.clock.nowMs()).toISOString() });
    installation.post(specWith(() => undefined));
    await installation.clock.advance(300_000);
    expect(installation.condition("Synced")?.reason).toBe("Paused");
    expect(installation.store.freezes()).toEqual([]);
  });

  it("counts over a restart: what went before it went within the hour", async () => {
    const installation = await converged(specWith(rules(13)));
    installation.post(specWith(rules(6)));
    await installation.until(() => deletedRules(installation) === 7);
    await installation.untilReady();
    await installation.restart();
    installation.post(specWith(() => undefined));
    await installation.until(() => installation.condition("Stalled")?.reason === "DeletionsFrozen");
    expect(deletedRules(installation)).toBe(10);
  });

  it("counts an hour and no longer", async () => {
    const installation = await converged(specWith(rules(13)));
    installation.post(specWith(rules(6)));
    await installation.until(() => deletedRules(installation) === 7);
    await installation.clock.advance(HOUR_MS + 60_000);
    installation.post(specWith(() => undefined));
    await installation.until(() => deletedRules(installation) === 13);
    expect(installation.store.freezes()).toEqual([]);
  });
});

describe("an approved replacement of a load balancer", () => {
  it("leaves more than ten target groups behind that served, and they go without a freeze", async () => {
    const names = Array.from({ length: 12 }, (_, n) => `t${n}`);
    const targetGroups = Object.fromEntries(names.map((name, n) => [name, { port: 8_000 + n }]));
    const [plain, secure] = specWith(() => undefined).loadBalancer.listeners;
    const rules = names.map((name, n) => ({
      ...{ name, priority: n + 1, conditions: [{ pathPattern: [`/${name}`] }] },
      action: forwardTo(name),
    }));
    const many = attendedExample()
      .with({ targetGroups, alarms: {} })
      .withGroup("web", { targetGroups: names });
    const tier = many.withLoadBalancer({
      listeners: [plain, { ...secure, defaultAction: forwardTo("t0"), rules }] as never,
    });
    const installation = await converged(tier.spec());
    const former = await targetGroupsOf(installation);
    installation.post(tier.withLoadBalancer({ scheme: "internal" }).spec());
    approve(installation, await untilWaiting(installation));
    const removed = () =>
      installation.store
        .calls({ limit: 1_000 })
        .filter(({ operation }) => operation === "elasticloadbalancing:DeleteTargetGroup");
    await installation.until(() => removed().length === 12, 4 * HOUR_MS);
    await installation.untilReady();
    const left = await targetGroupsOf(installation);
    expect(left).toHaveLength(12);
    expect(left.filter((arn) => former.includes(arn))).toEqual([]);
    expect(new Set(removed().map(({ cause }) => cause))).toEqual(new Set(["approved"]));
    expect(installation.store.freezes()).toEqual([]);
  });
});

describe("corrections", () => {
  it("within their budget are foretold as what is done now", async () => {
    const installation = await converged(undefined, { correctionsPerHour: 5 });
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MaxSize: 15,
    });
    await somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthCheckPath: "/moved",
    });
    const { steps = [] } = await installation.planNow();
    expect(steps).toHaveLength(2);
    expect(new Set(steps.map(({ waitsFor }) => waitsFor))).toEqual(new Set(["a second read says the same"]));
  });

  it("beyond their budget wait and say so; edits go on, and the rest is corrected when the hour is over", async () => {
    const installation = await converged(undefined, { correctionsPerHour: 1 });
    const group = () => nameOf(installation, "autoScalingGroups.web");
    const change = (MaxSize: number) =>
      somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
        AutoScalingGroupName: group(),
        MaxSize,
        HealthCheckGracePeriod: MaxSize,
      });
    const corrections = () =>
      installation.store.calls({ limit: 500 }).filter(({ cause }) => cause === "correction").length;
    await change(8);
    await installation.until(() => corrections() === 1);
    await installation.untilReady();
    await installation.clock.advance(600_000);
    await change(9);
    await installation.until(() =>
      Boolean(installation.condition("Synced")?.message.includes("have corrected drift within an hour")),
    );
    installation.post(
      specWith((spec) => {
        spec.loadBalancer.attributes["idle_timeout.timeout_seconds"] = 77;
      }),
    );
    await installation.until(() =>
      installation.mutations().includes("elasticloadbalancing:ModifyLoadBalancerAttributes"),
    );
    expect(corrections()).toBe(1);
    await installation.clock.advance(HOUR_MS);
    await installation.untilReady();
    expect(corrections()).toBe(2);
  });
});
