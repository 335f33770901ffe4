import { describe, expect, it } from "vitest";
import { certificateCalls } from "../../src/reconciler/kinds/listener/certificates.ts";
import { elbTagCalls } from "../../src/reconciler/kinds/tags.ts";
import { Installation } from "../support/installation.ts";
import { observed } from "./core/fixtures.ts";
import {
  addFault,
  arnOf,
  converged,
  type Draft,
  driftEvents,
  somebody,
  specWith,
  watching,
} from "./world.ts";

const ELB = "elasticloadbalancing";
const HTTPS = "loadBalancer.listeners.443";

interface Entry {
  readonly name: string;
  /** Its path is that of its name, unless it is given another one. */
  readonly path?: string;
  readonly priority: number;
}

/** Rules of the two listeners, each with a path of its own. */
const withRules = (secure: readonly Entry[], plain: readonly Entry[] = []): Draft =>
  specWith((spec) => {
    for (const [index, entries] of [plain, secure].entries())
      spec.loadBalancer.listeners[index]!.rules = entries.map(({ name, path = name, priority }) => ({
        name,
        priority,
        conditions: [{ pathPattern: [`/${path}`] }],
        action: { fixedResponse: { statusCode: "404" } },
      }));
  });

const HOUR_MS = 3_600_000;
const DENIED = { kind: "error", code: "AccessDenied", message: "no", status: 403 } as const;

/** What AWS told of its quotas is too old by now, and it tells nothing any more. */
async function untold(installation: Installation): Promise<void> {
  addFault(installation, `${ELB}:DescribeAccountLimits`, DENIED);
  await installation.clock.advance(HOUR_MS);
}

const ruleCalls = (calls: readonly string[]) => calls.filter((name) => /Rule(Priorities)?$/.test(name));
const told = (installation: Installation) =>
  installation.store
    .events({ limit: 50 })
    .items.map(({ message }) => message)
    .join("\n");

const numbered = (count: number, prefix = "r") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** What a changed spec does to AWS, once it stands again. */
async function change(installation: Installation, spec: Draft): Promise<string[]> {
  const before = installation.mutations().length;
  installation.post(spec);
  await installation.untilReady();
  await installation.clock.advance(300_000);
  expect(driftEvents(installation)).toEqual([]);
  expect(installation.condition("Stalled")?.status).toBe("False");
  return installation
    .mutations()
    .slice(before)
    .map((operation) => operation.replace(`${ELB}:`, ""));
}

const entries = (...names: string[]): Entry[] => names.map((name, index) => ({ name, priority: index + 1 }));

describe("a load balancer that has all the rules that AWS allows", () => {
  const hundred = entries(...numbered(100));
  const fresh: Entry = { name: "fresh", priority: 500 };
  const replaced = [...hundred.slice(0, 50), ...hundred.slice(51), fresh];

  it("keeps the one that is renamed", async () => {
    const installation = await converged(withRules(hundred));
    const renamed = hundred.map((entry) =>
      entry.name === "r50" ? { ...entry, name: "renamed", path: "r50" } : entry,
    );
    expect(ruleCalls(await change(installation, withRules(renamed)))).toEqual([]);
  });

  it("turns the one that goes into the one that comes", async () => {
    const installation = await converged(withRules(hundred));
    const arn = arnOf(installation, `${HTTPS}.rules.r50`);
    const calls = await change(installation, withRules(replaced));
    expect(ruleCalls(calls)).toEqual(["SetRulePriorities", "ModifyRule"]);
    expect(arnOf(installation, `${HTTPS}.rules.fresh`)).toBe(arn);
    expect(told(installation)).toMatch(
      /AWS's quota of 100 rules per load balancer is full: \S+443\/r50 becomes it/,
    );
  });

  it("loses the one that goes before it gets one of another listener, and says so", async () => {
    const installation = await converged(withRules(hundred));
    const moved = withRules(hundred.slice(1), [fresh]);
    const view = await installation.plan(moved);
    const full = "AWS's quota of 100 rules per load balancer is full";
    expect(view.rows).toMatchObject([
      {
        verb: "create",
        key: "loadBalancer.listeners.80.rules.fresh",
        calls: [`${ELB}:CreateRule`],
        blockedBy: [`${full}: what is not wanted goes first`],
      },
      {
        verb: "delete",
        calls: [`${ELB}:DeleteRule`],
        reason: `${full}: it makes room for loadBalancer.listeners.80.rules.fresh first`,
      },
    ]);
    expect(ruleCalls(await change(installation, moved))).toEqual(["DeleteRule", "CreateRule"]);
    expect(told(installation)).toContain(
      `${full}: it makes room for loadBalancer.listeners.80.rules.fresh first`,
    );
  });

  it("has put right itself what it turns into a rule that somebody deleted, and took the place of", async () => {
    const installation = await converged(withRules(hundred));
    const address = `${HTTPS}.rules.r50`;
    await somebody(installation, `${ELB}:DeleteRule`, { RuleArn: arnOf(installation, address) });
    installation.post(withRules([...hundred.slice(0, 99)], []));
    await somebody(installation, `${ELB}:CreateRule`, {
      ListenerArn: arnOf(installation, HTTPS),
      Priority: 40_000,
      Conditions: [{ Field: "path-pattern", Values: ["/theirs"] }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "418" } }],
    });
    await installation.untilReady();
    await installation.clock.advance(120_000);
    const events = driftEvents(installation).filter(({ resource }) => resource === address);
    expect(events).toMatchObject([{ change: "Missing", state: "Corrected" }]);
  });

  it("has lost nothing when what one has been turned into is wanted otherwise before anybody saw it", async () => {
    const installation = await converged(withRules(hundred));
    installation.post(withRules(replaced));
    await installation.until(() => installation.mutations().at(-1) === `${ELB}:ModifyRule`);
    const other = { ...fresh, path: "other", priority: 600 };
    await change(installation, withRules([...replaced.slice(0, -1), other]));
  });

  it("gets it first where AWS allows more", async () => {
    const installation = await converged(withRules(hundred), { quotas: { rulesPerLoadBalancer: 200 } });
    expect(ruleCalls(await change(installation, withRules(replaced)))).toEqual(["CreateRule", "DeleteRule"]);
  });

  it("is taken for full at AWS's default where AWS cannot be asked, and the number is called assumed", async () => {
    const installation = await converged(withRules(hundred));
    addFault(installation, `${ELB}:DescribeAccountLimits`, DENIED);
    const calls = await change(installation, withRules(hundred.slice(1), [fresh]));
    expect(ruleCalls(calls)).toEqual(["DeleteRule", "CreateRule"]);
    expect(told(installation)).toContain("AWS's quota of 100 rules per load balancer (assumed) is full");
  });

  it("is known by AWS's refusal where it is full sooner than anybody would think, and one goes for one", async () => {
    const quotas = { rulesPerLoadBalancer: 3 };
    const installation = await converged(withRules(entries("a", "b", "c")), { quotas });
    await untold(installation);
    const calls = await change(installation, withRules(entries("a"), [fresh]));
    expect(ruleCalls(calls)).toEqual(["CreateRule", "DeleteRule", "CreateRule", "DeleteRule"]);
    // From then on AWS tells how many it allows.
    installation.account.faults.clear();
    const more = [fresh, { name: "d", priority: 7 }];
    await change(installation, withRules(entries("a"), more));
    const last = await change(installation, withRules([], [...more, { name: "e", priority: 8 }]));
    expect(ruleCalls(last)).toEqual(["DeleteRule", "CreateRule"]);
    expect(told(installation)).toContain("AWS's quota of 3 rules per load balancer is full");
  });

  it("loses none because AWS refuses another one for want of something else", async () => {
    const installation = await converged(withRules(entries("a", "b", "c")));
    addFault(installation, `${ELB}:CreateRule`, {
      kind: "error",
      code: "TooManyUniqueTargetGroupsPerLoadBalancer",
      message: "no",
      status: 400,
    });
    const before = installation.mutations().length;
    installation.post(withRules(entries("a", "b"), [fresh]));
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(before)).not.toContain(`${ELB}:DeleteRule`);
  });

  it("deletes nothing where only more is wanted: AWS refuses it once, and the quota is told from then on", async () => {
    const quotas = { rulesPerLoadBalancer: 3 };
    const installation = await converged(withRules(entries("a", "b", "c")), { quotas });
    await untold(installation);
    const before = installation.mutations().length;
    installation.post(withRules(entries("a", "b", "c", "d")));
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    installation.account.faults.clear();
    await installation.clock.advance(600_000);
    expect(installation.condition("Stalled")).toMatchObject({
      reason: "QuotaExceeded",
      message: expect.stringContaining("AWS's quota of 3 rules per load balancer is less: one has no place"),
    });
    expect(installation.mutations().slice(before)).toEqual([`${ELB}:CreateRule`]);
  });

  it("is known to be full before the first call of a pass that nobody has asked for a plan before", async () => {
    const quotas = { rulesPerLoadBalancer: 3 };
    const installation = await converged(withRules(entries("a", "b", "c")), { quotas });
    // What was told when it was made is too old by now.
    await installation.clock.advance(HOUR_MS);
    const before = installation.mutations().length;
    installation.post(withRules(entries("a", "b", "c", "d")));
    await installation.until(() => installation.condition("Stalled")?.reason === "QuotaExceeded");
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(before)).toEqual([]);
  });

  it("is known to be full before the first call where a plan was asked for: nothing is tried that has no place", async () => {
    const quotas = { rulesPerLoadBalancer: 3 };
    const installation = await converged(withRules(entries("a", "b", "c")), { quotas });
    const before = installation.mutations().length;
    const wanted = withRules(entries("a", "b", "c", "d"));
    const plan = await installation.plan(wanted);
    expect(plan.steps).toEqual([]);
    expect(plan.rows).toMatchObject([
      { verb: "create", blockedBy: ["AWS's quota of 3 rules per load balancer: it has no place"] },
      { verb: "stop", blockedBy: ["QuotaExceeded"], reason: expect.stringContaining("Ask AWS for more") },
    ]);
    installation.post(wanted);
    await installation.until(() => installation.condition("Stalled")?.reason === "QuotaExceeded");
    expect(installation.mutations().slice(before)).toEqual([]);
  });

  it("is told as assumed where AWS cannot be asked, and holds nothing back", async () => {
    const installation = await converged(withRules(entries("r0")), { quotas: { rulesPerLoadBalancer: 200 } });
    await somebody(installation, `${ELB}:CreateRule`, {
      ListenerArn: arnOf(installation, HTTPS),
      Priority: 40_000,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    });
    addFault(installation, `${ELB}:DescribeAccountLimits`, DENIED);
    const plan = await installation.plan(withRules(hundred));
    expect(plan.rows.filter(({ verb }) => verb === "stop")).toMatchObject([
      {
        blockedBy: ["QuotaExceeded"],
        reason: expect.stringContaining("100 rules per load balancer (assumed)"),
      },
    ]);
    expect(plan.steps?.filter(({ call }) => call === `${ELB}:CreateRule`).length).toBe(99);
  });

  it("is asked about once within an hour, by whatever makes more, for all services, and by nothing that is idle", async () => {
    const installation = new Installation();
    const asked = () =>
      installation.account.calls.list().filter(({ operation }) => operation === "DescribeAccountLimits")
        .length;
    for (const name of ["web-api", "second"]) installation.post(withRules(entries("a", "b", "c")), name);
    await installation.untilReady();
    await installation.untilReady({ namespace: "default", name: "second" });
    expect(asked()).toBe(2);
    await change(installation, withRules(entries("a", "b", "d")));
    expect(asked()).toBe(2);
    await installation.clock.advance(3 * HOUR_MS);
    expect(asked()).toBe(2);
    await change(installation, withRules(entries("a", "b", "e")));
    expect(asked()).toBe(4);
  });

  it("is asked about again by the next that makes more where AWS did not answer, and not where it refuses to tell", async () => {
    const installation = await converged(withRules(entries("a")));
    const asked = () =>
      installation.account.calls.list().filter(({ operation }) => operation === "DescribeAccountLimits")
        .length;
    for (const [fault, more] of [
      [{ kind: "lost", afterMs: 500 }, 2],
      [DENIED, 0],
    ] as const) {
      installation.account.faults.clear();
      addFault(installation, `${ELB}:DescribeAccountLimits`, fault);
      await installation.clock.advance(HOUR_MS);
      const names = more === 2 ? ["b", "c"] : ["d", "e"];
      await change(installation, withRules(entries("a", names[0]!)));
      const before = asked();
      await change(installation, withRules(entries("a", names[1]!)));
      expect(asked() - before).toBeGreaterThanOrEqual(more);
      if (more === 0) expect(asked() - before).toBe(0);
    }
  });
});

describe("a load balancer that has all the listeners that AWS allows", () => {
  const withPorts = (...ports: number[]): Draft =>
    specWith((spec) => {
      const [, https] = spec.loadBalancer.listeners;
      const plain = ports.map((port) => ({
        port,
        protocol: "HTTP",
        defaultAction: { forward: { targetGroup: "web" } },
        rules: [
          {
            name: "deny",
            priority: 1,
            conditions: [{ pathPattern: ["/deny"] }],
            action: { fixedResponse: { statusCode: "403" } },
          },
        ],
      }));
      spec.loadBalancer.listeners = [...plain, https!];
    });
  const quotas = { listenersPerLoadBalancer: 4 };

  it("changes the port of one in place, and keeps its rules", async () => {
    const ports = Array.from({ length: 49 }, (_, index) => 1_000 + index);
    const installation = await converged(withPorts(...ports));
    const arn = arnOf(installation, "loadBalancer.listeners.1020");
    const calls = await change(
      installation,
      withPorts(...ports.map((port) => (port === 1_020 ? 2_000 : port))),
    );
    expect(calls).toContain("ModifyListener");
    for (const name of ["DeleteListener", "CreateListener", "DeleteRule", "CreateRule"])
      expect(calls).not.toContain(name);
    expect(arnOf(installation, "loadBalancer.listeners.2000")).toBe(arn);
    expect(arnOf(installation, HTTPS)).not.toBe(arn);
  });

  it("does so also where only AWS's refusal says that it is full", async () => {
    const installation = await converged(withPorts(1_000, 1_001, 1_002), { quotas });
    const calls = await change(installation, withPorts(1_000, 1_001, 2_000));
    expect(calls).toContain("ModifyListener");
    expect(calls).not.toContain("DeleteListener");
  });

  it("turns it into one of another protocol with all that this needs, at once", async () => {
    const installation = await converged(withPorts(1_000, 1_001, 1_002), { quotas });
    const secure = withPorts(1_000, 1_001);
    secure.loadBalancer.listeners.push({
      port: 2_000,
      protocol: "HTTPS",
      certificates: ["arn:aws:acm:us-east-1:123456789012:certificate/def-456"],
      defaultAction: { forward: { targetGroup: "web" } },
    });
    const calls = await change(installation, secure);
    expect(calls.filter((name) => /Listener$/.test(name))).toEqual(["ModifyListener"]);
    expect(calls).not.toContain("DeleteListener");
  });

  it("turns the one into it that needs the fewest changes", async () => {
    const gone = (spec: Draft, port: number): Draft => {
      const listener = spec.loadBalancer.listeners.find((one) => one.port === port);
      if (listener !== undefined) listener.defaultAction = { fixedResponse: { statusCode: "410" } };
      return spec;
    };
    const installation = await converged(gone(withPorts(1_000, 1_001, 1_002), 1_001), { quotas });
    const arn = arnOf(installation, "loadBalancer.listeners.1001");
    await change(installation, gone(withPorts(1_000, 2_000, 2_001), 2_001));
    expect(arnOf(installation, "loadBalancer.listeners.2001")).toBe(arn);
  });

  it("still makes a new one first where there is room for it", async () => {
    const installation = await converged(withPorts(1_000, 1_001));
    const calls = await change(installation, withPorts(1_000, 2_000));
    expect(calls.filter((name) => /^(Create|Delete)Listener$/.test(name))).toEqual([
      "CreateListener",
      "DeleteListener",
    ]);
  });
});

describe("a group that has all the scaling policies that AWS allows", () => {
  it("loses the one whose type changes before it gets the other", async () => {
    const policies = (type: "target" | "step"): Draft =>
      specWith((spec) => {
        const step = {
          stepScaling: {
            adjustmentType: "ChangeInCapacity",
            stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
          },
        };
        const { cpu } = spec.autoScalingGroups.web.scalingPolicies;
        spec.autoScalingGroups.web.scalingPolicies = {
          ...Object.fromEntries(numbered(49, "p").map((name) => [name, step])),
          cpu: type === "step" ? step : cpu!,
        };
      });
    const installation = await converged(policies("target"));
    const calls = await change(installation, policies("step"));
    expect(calls).toEqual(["autoscaling:DeletePolicy", "autoscaling:PutScalingPolicy"]);
  });
});

describe("a group that has all the target groups that AWS allows", () => {
  const many = (port: number): Draft =>
    specWith((spec) => {
      const names = numbered(49, "t");
      for (const [index, name] of names.entries())
        spec.targetGroups[name] = { port: name === "t7" ? port : 8_100 + index };
      spec.autoScalingGroups.web.targetGroups = ["web", ...names];
      spec.loadBalancer.listeners[1]!.rules = names.map((name, index) => ({
        name,
        priority: index + 1,
        conditions: [{ pathPattern: [`/${name}`] }],
        action: { forward: { targetGroup: name } },
      }));
    });

  it("replaces one without a moment in which nobody serves its requests", async () => {
    const installation = await converged(many(8_107));
    installation.post(many(9_999));
    const { elb } = installation.account.parts;
    await watching(installation, async () => {
      const { Rules } = await somebody(installation, `${ELB}:DescribeRules`, {
        ListenerArn: arnOf(installation, HTTPS),
      });
      const rule = Rules.find(({ Priority }) => Priority === "8");
      const tuples = rule?.Actions[0]?.ForwardConfig.TargetGroups ?? [];
      const serving = tuples
        .filter(({ Weight }) => Weight > 0)
        .flatMap(({ TargetGroupArn }) => elb.targets(TargetGroupArn))
        .filter(({ health }) => health.state === "healthy");
      expect(serving.length).toBeGreaterThanOrEqual(2);
    });
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toEqual([]);
    const group = installation.account.parts.autoScaling.groups()[0];
    expect(group?.targetGroupArns).toHaveLength(50);
    expect(group?.targetGroupArns).toContain(arnOf(installation, "targetGroups.t7"));
    expect(installation.mutations()).toContain(`${ELB}:RegisterTargets`);
  }, 120_000);
});

describe("a Region that has all the target groups that AWS allows", () => {
  it("loses a target group that nobody uses before it gets another", async () => {
    const idle = (name: string): Draft =>
      specWith((spec) => {
        spec.targetGroups[name] = { port: 9_090 };
      });
    const installation = await converged(idle("one"), { quotas: { targetGroups: 2 } });
    const calls = await change(installation, idle("two"));
    expect(calls.filter((name) => /TargetGroup$/.test(name)).slice(0, 3)).toEqual([
      "CreateTargetGroup",
      "DeleteTargetGroup",
      "CreateTargetGroup",
    ]);
    expect(told(installation)).toContain("target groups per Region");
  });

  it("keeps the one that serves, however long the new one is refused", async () => {
    const installation = await converged(
      specWith(() => {}),
      { quotas: { targetGroups: 1 } },
    );
    const before = installation.mutations().length;
    installation.post(
      specWith((spec) => {
        spec.targetGroups.web.port = 9_090;
      }),
    );
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    await installation.clock.advance(600_000);
    expect(installation.condition("Stalled")?.message).toContain("TooManyTargetGroups");
    expect(installation.mutations().slice(before)).not.toContain(`${ELB}:DeleteTargetGroup`);
  });
});

describe("what has no room for more", () => {
  const call = (calls: readonly { operation: string; input: object }[]) =>
    calls.map(({ operation, input }) => [operation.split(":")[1], JSON.stringify(input)]);

  it("loses tags before it gets others", () => {
    const tags = Object.fromEntries(numbered(50, "k").map((name) => [`tags.${name}`, "v"]));
    const full = observed("web", { fields: tags });
    const names = (calls: readonly { operation: string }[]) =>
      calls.map(({ operation }) => operation.split(":")[1]);
    expect(names(elbTagCalls(full, { fresh: "v" }, ["k0"]))).toEqual(["RemoveTags", "AddTags"]);
    expect(names(elbTagCalls(full, { k1: "other" }, ["k0"]))).toEqual(["AddTags", "RemoveTags"]);
    expect(names(elbTagCalls(observed("web"), { fresh: "v" }, ["k0"]))).toEqual(["AddTags", "RemoveTags"]);
  });

  it("loses a certificate that nobody wants before it gets another, and else the one that becomes the default", () => {
    const list = numbered(25, "c");
    const goes = certificateCalls(
      "arn",
      { byDefault: "d", others: list },
      { byDefault: "d", others: [...list.slice(1), "new"] },
      true,
    );
    expect(call(goes.first)).toEqual([["RemoveListenerCertificates", expect.stringContaining('"c0"')]]);
    expect(goes.removals).toEqual([]);
    const swap = certificateCalls(
      "arn",
      { byDefault: "d", others: list },
      { byDefault: "c0", others: [...list.slice(1), "d"] },
      true,
    );
    expect(call(swap.first)).toEqual([["RemoveListenerCertificates", expect.stringContaining('"c0"')]]);
    expect(call(swap.additions)).toEqual([["AddListenerCertificates", expect.stringContaining('"d"')]]);
  });
});
