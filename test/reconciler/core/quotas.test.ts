import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import type { Action, Plan } from "../../../src/reconciler/core/actions.ts";
import { matched } from "../../../src/reconciler/core/current-and-surplus.ts";
import {
  assumedQuotaObstacles,
  heldByQuotas,
  type QuotaInput,
} from "../../../src/reconciler/core/quota-obstacles.ts";
import {
  ASSUMED_QUOTAS,
  isOfRegion,
  type Quota,
  type QuotaName,
  quotaText,
  saysFull,
} from "../../../src/reconciler/core/quotas.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { desired, observation, observed, unreadable } from "./fixtures.ts";

const NAMES = Object.keys(ASSUMED_QUOTAS) as QuotaName[];

describe("what AWS documents of its quotas", () => {
  it("are their defaults; only what AWS raises for nobody is not assumed", () => {
    expect(ASSUMED_QUOTAS).toEqual({
      rules: { most: 100, isAssumed: true },
      listeners: { most: 50, isAssumed: true },
      scalingPolicies: { most: 50, isAssumed: false },
      targetGroups: { most: 3_000, isAssumed: true },
      groups: { most: 500, isAssumed: true },
    });
  });

  it("two are of the Region, and the others of one resource", () => {
    expect(NAMES.filter(isOfRegion)).toEqual(["targetGroups", "groups"]);
  });

  it.each<[code: string, full: QuotaName[]]>([
    ["TooManyRules", ["rules"]],
    ["TooManyRulesException", ["rules"]],
    ["TooManyListeners", ["listeners"]],
    ["TooManyTargetGroups", ["targetGroups"]],
    ["LimitExceeded", ["scalingPolicies", "groups"]],
    ["LimitExceededFault", ["scalingPolicies", "groups"]],
    ["LimitExceededFaultX", []],
    ["TooManyFaultRules", []],
    ["Throttling", []],
  ])("%s says that there is no room for one more of %j", (code, full) => {
    expect(NAMES.filter((name) => saysFull(name, code))).toEqual(full);
  });

  it.each<[QuotaName, string]>([
    ["rules", "AWS's quota of 7 rules per load balancer"],
    ["listeners", "AWS's quota of 7 listeners per load balancer"],
    ["scalingPolicies", "AWS's quota of 7 scaling policies per group"],
    ["targetGroups", "AWS's quota of 7 target groups per Region"],
    ["groups", "AWS's quota of 7 Auto Scaling groups per Region"],
  ])("%s are told in words, and that nobody has asked", (name, text) => {
    expect(quotaText(name, { most: 7, isAssumed: false })).toBe(text);
    expect(quotaText(name, { most: 7, isAssumed: true })).toBe(`${text} (assumed)`);
  });
});

const BALANCER = "loadBalancer";
const LISTENER = `${BALANCER}.listeners.443`;
const HTTP = `${BALANCER}.listeners.80`;
const balancer = desired(BALANCER, { kind: "loadBalancer" });
const listeners = [LISTENER, HTTP].map((address) => desired(address, { kind: "listener" }));
const ruleOn = (listener: string, name: string) => desired(`${listener}.rules.${name}`, { kind: "rule" });
const rules = (...names: string[]) => names.map((name) => ruleOn(LISTENER, name));
const thereBalancer = observed(BALANCER, { kind: "loadBalancer" });
const thereListeners = [LISTENER, HTTP].map((address) =>
  observed(address, { kind: "listener", parent: thereBalancer.id }),
);
const thereRule = (name: string, more: Partial<Parameters<typeof observed>[1]> = {}) =>
  observed(`${LISTENER}.rules.${name}`, { kind: "rule", parent: `id-of-${LISTENER}`, ...more });
const GATE = [balancer, ...listeners];
const THERE_GATE = [thereBalancer, ...thereListeners];

function inputOf(
  wanted: readonly ReturnType<typeof desired>[],
  there: readonly ReturnType<typeof observed>[],
  quotas: Partial<Record<QuotaName, Quota>>,
): QuotaInput {
  return {
    kindNamed,
    desired: wanted,
    observation: observation(there),
    matching: matched(wanted, there),
    quotas: { ...ASSUMED_QUOTAS, ...quotas },
  };
}
const told = (most: number, used?: number): Quota => ({
  ...{ most, isAssumed: false },
  ...(used === undefined ? {} : { used }),
});

/** Of a plan that makes all that is missing: what has no place, and what is said. */
function without(input: QuotaInput): { waits: string[]; says: string[] } {
  const missing = input.desired.filter(({ address }) => !input.matching.current.has(address));
  const actions = missing.map(({ address, kind, name }): Action => {
    const calls = [{ operation: "ec2:CreateTags", input: { Resources: [], Tags: [] } }] as const;
    return { verb: "create", address, kind, name, reason: "missing", calls };
  });
  const plan = heldByQuotas({ actions, obstacles: [] }, input);
  return {
    waits: plan.actions.filter(({ verb }) => verb === "wait").map(({ address }) => address),
    says: plan.obstacles.map(({ message }) => message),
  };
}

describe("more than AWS allows", () => {
  it("as much as it allows has its place, and of one more the last one has none", () => {
    const fits = inputOf([...GATE, ...rules("a", "b")], THERE_GATE, { rules: told(2) });
    expect(without(fits)).toEqual({ waits: [], says: [] });
    const over = inputOf([...GATE, ...rules("a", "b", "c")], THERE_GATE, { rules: told(2) });
    expect(without(over)).toEqual({
      waits: [`${LISTENER}.rules.c`],
      says: [
        "The spec asks for 3 (listener rule), and AWS's quota of 2 rules per load balancer is less: one has no place. " +
          "Ask AWS for more, or the spec for less.",
      ],
    });
  });

  it("is an obstacle at the first that has no place, and waits for the quota by name", () => {
    const input = inputOf([...GATE, ...rules("a", "b", "c")], THERE_GATE, { rules: told(1) });
    const [a, b] = rules("b", "c");
    const calls = [{ operation: "ec2:CreateTags", input: { Resources: [], Tags: [] } }] as const;
    const creates = [a!, b!].map(({ address, kind, name }): Action => {
      return { verb: "create", address, kind, name, reason: "missing", calls };
    });
    const earlier = { address: addressFrom("x"), reason: "NotOurs", message: "m" } as const;
    const plan = heldByQuotas({ actions: creates, obstacles: [earlier] }, input);
    const quota = "AWS's quota of 1 rules per load balancer";
    expect(plan.actions).toMatchObject([
      { verb: "wait", until: [{ because: "quota exceeded", quota }] },
      { verb: "wait", until: [{ because: "quota exceeded", quota }] },
    ]);
    expect(plan.obstacles).toEqual([
      earlier,
      {
        address: `${LISTENER}.rules.b`,
        reason: "QuotaExceeded",
        message: expect.stringContaining("2 have no place"),
      },
    ]);
  });

  it("holds back nothing but what is to be made", () => {
    const wanted = [...GATE, ...rules("a", "b")];
    const input = inputOf(wanted, THERE_GATE, { rules: told(1) });
    const change: Action = {
      ...{ verb: "update", address: `${LISTENER}.rules.b` as Address, kind: "rule", name: "b" },
      ...{ reason: "differs", id: "arn", differences: [], calls: [] },
    };
    const plan: Plan = { actions: [change], obstacles: [] };
    expect(heldByQuotas(plan, input).actions).toEqual([change]);
  });

  it("counts what others have there and stays, and not what is ours", () => {
    const wanted = [...GATE, ...rules("a", "b")];
    const theirs = thereRule("theirs", { owned: false });
    const ours = thereRule("old");
    const quotas = { rules: told(2) };
    expect(without(inputOf(wanted, [...THERE_GATE, ours], quotas)).waits).toEqual([]);
    const { waits, says } = without(inputOf(wanted, [...THERE_GATE, theirs], quotas));
    expect(waits).toEqual([`${LISTENER}.rules.b`]);
    expect(says[0]).toContain(
      "asks for 2 (listener rule) beside 1 that others have there, and AWS's quota of 2",
    );
  });

  it("counts neither what others have elsewhere, nor what is of another quota", () => {
    const wanted = [...GATE, ...rules("a", "b")];
    const elsewhere = [
      observed("other", { kind: "loadBalancer", id: "arn:other", owned: false }),
      observed("other80", { kind: "listener", id: "arn:other80", parent: "arn:other", owned: false }),
      thereRule("theirs", { owned: false, parent: "arn:other80" }),
      observed("theirs", { kind: "listener", parent: thereBalancer.id, owned: false }),
      // Of what it sits on nothing is known but its id.
      thereRule("unknown", { owned: false, parent: "arn:unseen" }),
    ];
    expect(without(inputOf(wanted, [...THERE_GATE, ...elsewhere], { rules: told(2) })).waits).toEqual([]);
  });

  it("is counted over all listeners of one load balancer, and for each group by itself", () => {
    const both = [...GATE, ...rules("a"), ruleOn(HTTP, "b")];
    expect(without(inputOf(both, THERE_GATE, { rules: told(1) })).waits).toEqual([`${HTTP}.rules.b`]);
    const groups = ["web", "api"].map((name) => `autoScalingGroups.${name}`);
    const policies = groups.flatMap((group) => [
      desired(group, { kind: "autoScalingGroup" }),
      desired(`${group}.scalingPolicies.cpu`, { kind: "scalingPolicy" }),
    ]);
    expect(without(inputOf(policies, [], { scalingPolicies: told(1) })).waits).toEqual([]);
  });

  it("where there is no load balancer yet, nobody has anything on it", () => {
    const theirs = thereRule("theirs", { owned: false, parent: "arn:other" });
    const wanted = [...GATE, ...rules("a", "b")];
    expect(without(inputOf(wanted, [theirs], { rules: told(2) })).waits).toEqual([]);
    expect(without(inputOf(wanted, [theirs], { rules: told(1) })).waits).toEqual([`${LISTENER}.rules.b`]);
  });

  it("of the Region is what AWS counts, less what is ours, and unknown where it has not counted", () => {
    const wanted = ["a", "b"].map((name) => desired(`targetGroups.${name}`, { kind: "targetGroup" }));
    const ours = observed("targetGroups.a", { kind: "targetGroup" });
    const seen = [ours, observed("theirs", { kind: "targetGroup", owned: false })];
    const waits = (quota: Quota) => without(inputOf(wanted, seen, { targetGroups: quota })).waits;
    expect(waits(told(5, 5))).toEqual(["targetGroups.b"]);
    expect(waits(told(5, 4))).toEqual([]);
    expect(waits(told(1))).toEqual([]);
    // It counts late: what is ours takes its place all the same.
    expect(waits(told(2, 0))).toEqual([]);
    expect(waits(told(1, 0))).toEqual(["targetGroups.b"]);
  });

  it("leaves all without a place that is missing, where there are too many already", () => {
    const there = [...THERE_GATE, thereRule("a"), thereRule("theirs", { owned: false })];
    const wanted = [...GATE, ...rules("a", "b", "c")];
    expect(without(inputOf(wanted, there, { rules: told(1) })).waits).toHaveLength(2);
  });

  it("makes nothing that is there go, however much too much it is", () => {
    const wanted = [...GATE, ...rules("a", "b")];
    const there = [...THERE_GATE, thereRule("a"), thereRule("b")];
    expect(without(inputOf(wanted, there, { rules: told(1) }))).toEqual({ waits: [], says: [] });
  });

  it("is not said while anything could not be read", () => {
    const input = inputOf([...GATE, ...rules("a", "b")], THERE_GATE, { rules: told(1) });
    const half = { ...input, observation: observation(THERE_GATE, { unreadable: [unreadable("alarm")] }) };
    expect(without(half)).toEqual({ waits: [], says: [] });
    expect(without(input).waits).toHaveLength(1);
  });

  it("that is only assumed holds nothing back, and is told who asks before", () => {
    const wanted = [...GATE, ...rules("a", "b")];
    const assumed = inputOf(wanted, THERE_GATE, { rules: { most: 1, isAssumed: true } });
    expect(without(assumed)).toEqual({ waits: [], says: [] });
    expect(assumedQuotaObstacles(assumed)).toMatchObject([
      { address: `${LISTENER}.rules.b`, message: expect.stringContaining("(assumed) is less") },
    ]);
    expect(assumedQuotaObstacles(inputOf(wanted, THERE_GATE, { rules: told(1) }))).toEqual([]);
  });

  it("nothing is counted of a kind that has no quota", () => {
    const alarms = ["a", "b"].map((name) => desired(`alarms.${name}`, { kind: "alarm" as KindName }));
    expect(without(inputOf(alarms, [], { rules: told(0) }))).toEqual({ waits: [], says: [] });
  });
});
