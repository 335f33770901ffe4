import { describe, expect, it } from "vitest";
import type { Installation, InstallationOptions } from "../../support/installation.ts";
import { arnOf, converged, type Draft, driftEvents, somebody, specWith, watching } from "../world.ts";

const ELB = "elasticloadbalancing";
const WEB = { forward: { targetGroup: "web" } };
const API = { forward: { targetGroup: "api" } };
const GONE = { fixedResponse: { statusCode: "404" } };
const NOT_YET = "the new target group of targetGroups.api has not enough healthy targets yet";
const RULE = "loadBalancer.listeners.443.rules.api";

/** The example with a rule for /api. */
function withRule(action: object, more: (spec: Draft) => void = () => {}): Draft {
  return specWith((spec) => {
    spec.loadBalancer.listeners[1]!.rules!.push({
      name: "api",
      priority: 20,
      conditions: [{ pathPattern: ["/api/*"] }],
      action,
    });
    more(spec);
  });
}

/** A second target group, which the group fills as well. */
function fillApi(spec: Draft): void {
  spec.targetGroups.api = { port: 9090 };
  spec.autoScalingGroups.web.targetGroups = ["web", "api"];
}

/** As fillApi, but what it wants to hear is what no application says. */
function fillDeafApi(spec: Draft): void {
  fillApi(spec);
  spec.targetGroups.api = { port: 9090, healthCheck: { matcher: { httpCode: "418" } } };
}

/** What breakForApi does is no failure for `web`. */
function tolerant(spec: Draft): void {
  spec.targetGroups.web.healthCheck.matcher = { httpCode: "200,404" };
  spec.autoScalingGroups.web.healthCheckGracePeriod = 0;
}

function waitsFor(installation: Installation): readonly string[] {
  return installation.get().status?.waitingFor ?? [];
}

interface Served {
  readonly arn: string;
  readonly weight: number;
  readonly healthy: number;
}

function served(installation: Installation, actions: { ForwardConfig?: object }[] | undefined): Served[] {
  const forward = actions?.[0]?.ForwardConfig as
    | { TargetGroups: { TargetGroupArn: string; Weight: number }[] }
    | undefined;
  return (forward?.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => ({
    arn: TargetGroupArn,
    weight: Weight,
    healthy: installation.account.parts.elb
      .targets(TargetGroupArn)
      .filter((target) => target.health.state === "healthy").length,
  }));
}

async function listenerOf(installation: Installation) {
  const { LoadBalancers } = await somebody(installation, `${ELB}:DescribeLoadBalancers`, {});
  const { LoadBalancerArn } = LoadBalancers[0];
  const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, { LoadBalancerArn });
  return Listeners.find((one) => one.Port === 443);
}

async function defaultOf(installation: Installation): Promise<Served[]> {
  return served(installation, (await listenerOf(installation))?.DefaultActions);
}

/** What the rule with a priority sends to; `undefined` while there is none. */
async function ruleOf(installation: Installation, priority = "20"): Promise<Served[] | undefined> {
  const listener = await listenerOf(installation);
  const { Rules } = await somebody(installation, `${ELB}:DescribeRules`, {
    ListenerArn: listener?.ListenerArn,
  });
  const rule = Rules.find((one) => one.Priority === priority);
  return rule === undefined ? undefined : served(installation, rule.Actions);
}

/** Whatever has a share of the traffic has healthy targets. */
function expectServed(shares: Served[] | undefined, least = 1): void {
  if (shares === undefined) return;
  const traffic = shares.filter(({ weight }) => weight > 0);
  expect(traffic.length).toBeGreaterThan(0);
  for (const { healthy } of traffic) expect(healthy).toBeGreaterThanOrEqual(least);
}

async function groupOf(installation: Installation) {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0];
}

const idsOf = (group: { Instances: { InstanceId: string }[] }) =>
  group.Instances.map(({ InstanceId }) => InstanceId).sort();

/** Makes every application, or only so many, fail for whoever is not tolerant. */
async function breakForApi(installation: Installation, count = 2): Promise<string[]> {
  const ids = idsOf(await groupOf(installation)).slice(0, count);
  for (const id of ids)
    installation.account.control.breakApplication(id, { kind: "status", statusCode: 404 });
  return ids;
}

/** Everything as declared, and nobody has been blamed on the way. */
async function expectSettled(installation: Installation): Promise<void> {
  await installation.clock.advance(600_000);
  expect(installation.condition("Ready")?.status).toBe("True");
  expect(driftEvents(installation)).toEqual([]);
  expect(waitsFor(installation)).toEqual([]);
  expect(await groupOf(installation)).toMatchObject({ HealthCheckType: "ELB" });
}

const only = (arn: string) => [expect.objectContaining({ arn, weight: 1, healthy: 2 })];

describe("traffic moves to a new target group when that has enough healthy targets:", () => {
  it("that of a rule", async () => {
    const installation = await converged(withRule(WEB));
    const calls = installation.mutations().length;
    installation.post(withRule(API, fillApi));
    const types = new Set<unknown>();
    await watching(installation, async () => {
      expectServed(await ruleOf(installation), 2);
      types.add((await groupOf(installation)).HealthCheckType);
    });
    expect(await ruleOf(installation)).toEqual(only(arnOf(installation, "targetGroups.api")));
    expect([...types].sort()).toEqual(["EC2", "ELB"]);
    await expectSettled(installation);
    expect(installation.mutations().slice(calls).sort()).toEqual([
      "autoscaling:AttachLoadBalancerTargetGroups",
      "autoscaling:UpdateAutoScalingGroup",
      "autoscaling:UpdateAutoScalingGroup",
      `${ELB}:CreateTargetGroup`,
      `${ELB}:ModifyRule`,
      `${ELB}:ModifyRule`,
      `${ELB}:ModifyTargetGroupAttributes`,
    ]);
  });

  it("that of a default action", async () => {
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        fillApi(spec);
        spec.loadBalancer.listeners[1]!.defaultAction = API;
      }),
    );
    await watching(installation, async () => expectServed(await defaultOf(installation), 2));
    expect(await defaultOf(installation)).toEqual(only(arnOf(installation, "targetGroups.api")));
    await expectSettled(installation);
  });

  it("that of a new rule, which the default action has served so far", async () => {
    const installation = await converged();
    installation.post(withRule(API, fillApi));
    let hasWaited = false;
    await watching(installation, async () => {
      const shares = await ruleOf(installation);
      expectServed(shares, 2);
      hasWaited ||= shares?.length === 2;
    });
    expect(hasWaited).toBe(true);
    expect(await ruleOf(installation)).toEqual(only(arnOf(installation, "targetGroups.api")));
    await expectSettled(installation);
  });

  it("a share of it", async () => {
    const share = {
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: 9 },
          { targetGroup: "api", weight: 1 },
        ],
      },
    };
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        fillApi(spec);
        spec.loadBalancer.listeners[1]!.defaultAction = share;
      }),
    );
    await watching(installation, async () => expectServed(await defaultOf(installation), 2));
    expect((await defaultOf(installation)).map(({ weight }) => weight).sort()).toEqual([1, 9]);
    await expectSettled(installation);
  });

  it("to one that a new group fills, which has nothing to lose and keeps its own health checks", async () => {
    const installation = await converged(withRule(WEB));
    installation.post(
      withRule(API, (spec) => {
        spec.targetGroups.api = { port: 9090 };
        Object.assign(spec.autoScalingGroups, {
          api: {
            targetGroups: ["api"],
            minSize: 3,
            launchTemplate: { imageId: "ami-12345678", instanceType: "t3.small" },
          },
        });
      }),
    );
    const types = new Set<unknown>();
    await watching(installation, async () => {
      const shares = await ruleOf(installation);
      expectServed(
        shares,
        shares?.length === 1 && shares[0]?.arn !== arnOf(installation, "targetGroups.web") ? 3 : 2,
      );
      const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
      for (const { HealthCheckType } of AutoScalingGroups) types.add(HealthCheckType);
    });
    expect([...types]).toEqual(["ELB"]);
    await expectSettled(installation);
  });

  it("from one that the spec no longer names: it stays, with its instances, until the traffic has left it", async () => {
    const installation = await converged();
    const web = arnOf(installation, "targetGroups.web");
    const renamed = specWith((spec) => {
      Object.assign(spec, { targetGroups: { api: { port: 9090 } } });
      spec.autoScalingGroups.web.targetGroups = ["api"];
      spec.loadBalancer.listeners[1]!.defaultAction = API;
    });
    installation.post(renamed);
    await watching(installation, async () => expectServed(await defaultOf(installation), 2));
    expect((await defaultOf(installation)).map(({ arn }) => arn)).not.toContain(web);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups.map((one) => one.Port)).toEqual([9090]);
    expect((await groupOf(installation)).TargetGroupARNs).toEqual([TargetGroups[0].TargetGroupArn]);
    await expectSettled(installation);
  });

  it("while another target group of the same action is being replaced", async () => {
    const both = (api: number, web: number) => ({
      forward: {
        targetGroups: [
          { targetGroup: "web", weight: web },
          { targetGroup: "api", weight: api },
        ],
      },
    });
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        fillApi(spec);
        spec.targetGroups.web.port = 7070;
        spec.loadBalancer.listeners[1]!.defaultAction = both(1, 3);
      }),
    );
    await watching(installation, async () => expectServed(await defaultOf(installation), 2));
    expect((await defaultOf(installation)).map(({ weight }) => weight).sort()).toEqual([1, 3]);
    await expectSettled(installation);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups.map((one) => one.Port).sort()).toEqual([7070, 9090]);
  });

  it("also when the instances are replaced by ones that are slow to come up, in the same edit", async () => {
    const hasty = (spec: Draft) => {
      spec.autoScalingGroups.web.instanceRefresh = { minHealthyPercentage: 50, instanceWarmup: 0 };
    };
    const installation = await converged(withRule(WEB, hasty));
    installation.post(
      withRule(API, (spec) => {
        hasty(spec);
        fillApi(spec);
        spec.autoScalingGroups.web.launchTemplate.imageId = "ami-87654321";
      }),
    );
    await watching(installation, async () => expectServed(await ruleOf(installation)));
    await expectSettled(installation);
  });

  it("promptly, long before the next look at everything is due", async () => {
    const installation = await converged(withRule(WEB, tolerant), { resyncMs: 24 * 3_600_000 });
    const broken = await breakForApi(installation);
    installation.post(
      withRule(API, (spec) => {
        tolerant(spec);
        fillApi(spec);
      }),
    );
    await installation.clock.advance(1_800_000);
    expect(waitsFor(installation)).toEqual([expect.stringContaining(`update ${RULE} waits: ${NOT_YET}`)]);
    for (const id of broken) installation.account.control.mendApplication(id);
    await installation.clock.advance(120_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("promptly to one that a new group fills, too", async () => {
    const installation = await converged(withRule(WEB), { resyncMs: 24 * 3_600_000 });
    installation.post(
      withRule(API, (spec) => {
        spec.targetGroups.api = { port: 9090 };
        Object.assign(spec.autoScalingGroups, {
          api: {
            targetGroups: ["api"],
            launchTemplate: { imageId: "ami-12345678", instanceType: "t3.small" },
          },
        });
      }),
    );
    await installation.clock.advance(900_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("also when the daemon is started again in the middle, without its database", async () => {
    const installation = await converged(withRule(WEB));
    const spec = withRule(API, fillApi);
    installation.post(spec);
    await installation.until(() => waitsFor(installation)[0]?.includes(NOT_YET) === true);
    await installation.restart({ lost: true });
    installation.post(spec);
    await installation.confirmEpoch();
    await watching(installation, async () => expectServed(await ruleOf(installation), 2));
    expect(await ruleOf(installation)).toEqual(only(arnOf(installation, "targetGroups.api")));
    await expectSettled(installation);
  });
});

describe("a new target group that never gets healthy", () => {
  async function stuck(options: InstallationOptions = {}): Promise<Installation> {
    const installation = await converged(withRule(WEB), options);
    installation.post(withRule(API, fillDeafApi));
    await installation.until(() => waitsFor(installation).length === 1);
    return installation;
  }

  it("gets no traffic and costs no instance, and Ready says why", async () => {
    const installation = await stuck();
    const before = idsOf(await groupOf(installation));
    for (let step = 0; step < 120; step += 1) {
      await installation.clock.advance(30_000);
      expectServed(await ruleOf(installation), 2);
    }
    expect(idsOf(await groupOf(installation))).toEqual(before);
    const ids = before.join(", ");
    const told = `${NOT_YET} (0 of 2); ${ids}: unhealthy (Health checks failed with these codes: [200])`;
    const message = `update ${RULE} waits: ${told}.`;
    expect(installation.condition("Synced")).toMatchObject({ status: "False", reason: "Waiting", message });
    expect(installation.condition("Ready")).toMatchObject({ status: "False", reason: "Waiting", message });
    expect(waitsFor(installation)).toEqual([`update ${RULE} waits: ${told}`]);
    expect(installation.get().status?.resources.find(({ key }) => key === RULE)).toMatchObject({
      state: "OutOfSync",
      message: `waits: ${told}`,
    });
    expect(driftEvents(installation)).toEqual([]);
  });

  it("and the spec is taken back: everything is as before, and no instance is lost", async () => {
    const installation = await stuck();
    const before = idsOf(await groupOf(installation));
    installation.post(withRule(WEB));
    await watching(installation, async () => expectServed(await ruleOf(installation), 2));
    expect(await ruleOf(installation)).toEqual(only(arnOf(installation, "targetGroups.web")));
    await expectSettled(installation);
    expect(idsOf(await groupOf(installation))).toEqual(before);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(1);
  });

  it("is told by a dry run too", async () => {
    const installation = await stuck();
    const view = await installation.plan(installation.get().spec);
    const [row, ...later] = view.rows;
    expect(row).toMatchObject({
      verb: "update",
      key: RULE,
      calls: ["elasticloadbalancing:ModifyRule"],
      blockedBy: [expect.stringContaining(NOT_YET)],
    });
    // What comes after that waits for it, too.
    expect(later.every(({ blockedBy }) => blockedBy.length > 0)).toBe(true);
    expect(view.steps?.every(({ waitsFor }) => waitsFor !== undefined)).toBe(true);
  });

  it("does not hold up what else the spec asks for", async () => {
    const installation = await stuck();
    installation.post(
      withRule(API, (spec) => {
        fillDeafApi(spec);
        spec.loadBalancer.listeners[1]!.rules = spec.loadBalancer.listeners[1]!.rules!.filter(
          ({ name }) => name !== "block-admin",
        );
        spec.targetGroups.web.healthCheck.path = "/";
      }),
    );
    await installation.clock.advance(120_000);
    expect(await ruleOf(installation, "10")).toBeUndefined();
    expect(waitsFor(installation)).toEqual([expect.stringContaining(`update ${RULE} waits: ${NOT_YET}`)]);
  });

  it("gets no traffic because those who serve fail for a moment", async () => {
    const installation = await stuck();
    const { Instances } = await groupOf(installation);
    for (const { InstanceId } of Instances)
      installation.account.control.breakApplication(InstanceId, { kind: "status", statusCode: 500 });
    await installation.clock.advance(300_000);
    for (const { InstanceId } of Instances) installation.account.control.mendApplication(InstanceId);
    await installation.clock.advance(300_000);
    expectServed(await ruleOf(installation), 2);
  });

  it("gets no traffic by hand either: that is drift, and put right", async () => {
    const installation = await stuck();
    const [web, api] = ["targetGroups.web", "targetGroups.api"].map((key) => arnOf(installation, key));
    await installation.clock.advance(60_000);
    await somebody(installation, `${ELB}:ModifyRule`, {
      RuleArn: arnOf(installation, RULE),
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: web, Weight: 1 },
              { TargetGroupArn: api, Weight: 1 },
            ],
          },
        },
      ],
    });
    await installation.until(() => driftEvents(installation)[0]?.state === "Corrected");
    expect(driftEvents(installation)).toHaveLength(1);
    expectServed(await ruleOf(installation), 2);
  });

  it("is believed when a person sends it the traffic that the spec asks for", async () => {
    const installation = await stuck();
    await installation.clock.advance(60_000);
    await somebody(installation, `${ELB}:ModifyRule`, {
      RuleArn: arnOf(installation, RULE),
      Actions: [{ Type: "forward", TargetGroupArn: arnOf(installation, "targetGroups.api") }],
    });
    await installation.clock.advance(600_000);
    expect((await ruleOf(installation))?.map(({ arn }) => arn)).toEqual([
      arnOf(installation, "targetGroups.api"),
    ]);
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it("lets a paused service, and one that is deleted, go their way", async () => {
    const installation = await stuck();
    installation.annotate({ "holdfast.dev/paused": "true" });
    const calls = installation.mutations().length;
    await installation.clock.advance(300_000);
    expect(installation.mutations()).toHaveLength(calls);
    installation.annotate({ "holdfast.dev/paused": "false" });
    installation.remove();
    await installation.until(
      () => installation.store.get({ namespace: "default", name: "web-api" }) === undefined,
    );
  });
});

describe("instances are not blamed for a new target group:", () => {
  it("those that fail in it alone stay, once one of them has passed", async () => {
    const installation = await converged(withRule(WEB, tolerant));
    const before = idsOf(await groupOf(installation));
    await breakForApi(installation, 1);
    installation.post(
      withRule(API, (spec) => {
        tolerant(spec);
        fillApi(spec);
      }),
    );
    await installation.clock.advance(1_800_000);
    expectServed(await ruleOf(installation), 2);
    expect(idsOf(await groupOf(installation))).toEqual(before);
    installation.post(withRule(WEB, tolerant));
    await installation.untilReady();
    await expectSettled(installation);
    expect(idsOf(await groupOf(installation))).toEqual(before);
  });

  it("one that is healthy nowhere is not waited for", async () => {
    const installation = await converged(withRule(WEB));
    const [first] = idsOf(await groupOf(installation)) as [string];
    installation.post(withRule(API, fillApi));
    await installation.until(() => waitsFor(installation)[0]?.includes(NOT_YET) === true);
    installation.account.control.breakApplication(first, { kind: "status", statusCode: 500 });
    await installation.clock.advance(300_000);
    expect((await ruleOf(installation))?.map(({ arn }) => arn)).toEqual([
      arnOf(installation, "targetGroups.api"),
    ]);
    installation.account.control.mendApplication(first);
    await installation.untilReady();
  });
});

describe("the user's word is obeyed at once", () => {
  const at = async (installation: Installation) => {
    await installation.clock.advance(5_000);
    return (await ruleOf(installation))?.map(({ arn }) => arn);
  };

  it("when nobody of the spec fills the target group", async () => {
    const installation = await converged(withRule(WEB));
    installation.post(
      withRule(API, (spec) => {
        spec.targetGroups.api = { port: 9090 };
      }),
    );
    expect(await at(installation)).toEqual([arnOf(installation, "targetGroups.api")]);
  });

  it("when it is a successor, and its group is taken off it in the same edit", async () => {
    const installation = await converged(withRule(WEB));
    installation.post(
      withRule(WEB, (spec) => {
        spec.targetGroups.web.port = 9090;
        spec.autoScalingGroups.web.targetGroups = [];
      }),
    );
    await installation.clock.advance(1_800_000);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("when the group that fills it is empty and is to be empty", async () => {
    const empty = (spec: Draft) => {
      spec.autoScalingGroups.web.minSize = 0;
      spec.autoScalingGroups.web.desiredCapacity = 0;
    };
    const installation = await converged(withRule(WEB));
    installation.post(
      withRule(API, (spec) => {
        fillApi(spec);
        empty(spec);
        spec.autoScalingGroups.web.targetGroups = ["web"];
        Object.assign(spec.autoScalingGroups, {
          api: {
            targetGroups: ["api"],
            minSize: 0,
            launchTemplate: { imageId: "ami-12345678", instanceType: "t3.small" },
          },
        });
      }),
    );
    expect(await at(installation)).toEqual([arnOf(installation, "targetGroups.api")]);
  });

  it("when the action has not forwarded before", async () => {
    const installation = await converged(withRule(GONE));
    installation.post(withRule(API, fillApi));
    expect(await at(installation)).toEqual([arnOf(installation, "targetGroups.api")]);
  });

  it("when a new rule's default action does not forward", async () => {
    const silent = (spec: Draft) => {
      spec.loadBalancer.listeners[1]!.defaultAction = GONE;
      spec.loadBalancer.listeners[1]!.rules![0]!.action = WEB;
    };
    const installation = await converged(specWith(silent));
    installation.post(
      withRule(API, (spec) => {
        silent(spec);
        fillApi(spec);
      }),
    );
    expect(await at(installation)).toEqual([arnOf(installation, "targetGroups.api")]);
  });

  it("in an outage, as soon as there is somebody who serves", async () => {
    const installation = await converged(withRule(WEB, tolerant));
    const others = (spec: Draft) => {
      spec.targetGroups.api = { port: 9090 };
      Object.assign(spec.autoScalingGroups, {
        api: {
          targetGroups: ["api"],
          minSize: 2,
          launchTemplate: { imageId: "ami-12345678", instanceType: "t3.small" },
        },
      });
    };
    installation.post(withRule(API, others));
    await installation.clock.advance(20_000);
    const { Instances } = await groupOf(installation);
    for (const { InstanceId } of Instances)
      installation.account.control.breakApplication(InstanceId, { kind: "status", statusCode: 500 });
    await installation.untilReady();
    expect(await at(installation)).toEqual([arnOf(installation, "targetGroups.api")]);
  });
});

describe("whether a target group is ready is decided by nothing that was not read:", () => {
  it("while the health of its targets cannot be read, nothing moves", async () => {
    let isBroken = false;
    const installation = await converged(withRule(WEB), {
      interceptor: {
        before: ({ operation }) =>
          isBroken && operation === "DescribeTargetHealth"
            ? { kind: "error", code: "InternalFailure", message: "no", status: 500 }
            : undefined,
      },
    });
    installation.post(withRule(API, fillApi));
    await installation.until(() => waitsFor(installation)[0]?.includes(NOT_YET) === true);
    isBroken = true;
    const calls = installation.mutations().length;
    await installation.clock.advance(600_000);
    expect(installation.mutations()).toHaveLength(calls);
    isBroken = false;
    await watching(installation, async () => expectServed(await ruleOf(installation), 2));
    await expectSettled(installation);
  });

  it("a group that cannot be read is not an empty one", async () => {
    let isBroken = false;
    const elastic = (spec: Draft) => {
      spec.autoScalingGroups.web.minSize = 0;
      spec.autoScalingGroups.web.desiredCapacity = 2;
    };
    const installation = await converged(withRule(WEB, elastic), {
      interceptor: {
        before: ({ operation }) =>
          isBroken && operation === "DescribeAutoScalingGroups"
            ? { kind: "error", code: "InternalFailure", message: "no", status: 500 }
            : undefined,
      },
    });
    isBroken = true;
    installation.post(
      withRule(API, (spec) => {
        fillApi(spec);
        elastic(spec);
        delete spec.autoScalingGroups.web.desiredCapacity;
      }),
    );
    await installation.clock.advance(300_000);
    expectServed(await ruleOf(installation), 2);
    isBroken = false;
    await watching(installation, async () => expectServed(await ruleOf(installation)));
    await expectSettled(installation);
  });
});
