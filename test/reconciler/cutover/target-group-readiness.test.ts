import { describe, expect, it } from "vitest";
import { type Decision, decide } from "../../../src/reconciler/core/plan.ts";
import { setOf, sortedSet } from "../../../src/reconciler/core/references.ts";
import {
  type DesiredResource,
  type Observation,
  type ObservedResource,
  refTo,
} from "../../../src/reconciler/core/resource.ts";
import { type Scene, trialsOf } from "../../../src/reconciler/cutover/target-group-readiness.ts";
import { desired, observation, observed, planInput } from "../core/fixtures.ts";

/** A target group as it is there; each letter is a target's instance, a capital one is healthy. */
function targetGroup(name: string, targets: string): ObservedResource {
  return observed(name, {
    kind: "targetGroup",
    attributes: { arn: `id-of-${name}` },
    detail: {
      targets: [...targets].map((letter) => ({
        instanceId: letter.toLowerCase(),
        state: letter === letter.toUpperCase() ? "healthy" : "unhealthy",
      })),
    },
  });
}

/** A group as it is there, with an instance for each letter. */
function group(instances: string, ...attached: string[]): ObservedResource {
  return observed("group", {
    kind: "autoScalingGroup",
    fields: { healthCheckType: "ELB", minSize: 2, targetGroups: attached.map((name) => `id-of-${name}`) },
    refersTo: attached.map((name) => `id-of-${name}`),
    detail: {
      group: {
        DesiredCapacity: instances.length,
        Instances: [...instances].map((InstanceId) => ({ InstanceId })),
      },
    },
  });
}

function wantedGroup(minSize: number, ...names: string[]): DesiredResource {
  return desired("group", {
    kind: "autoScalingGroup",
    fields: { minSize, healthCheckType: "ELB", targetGroups: setOf(names.map((name) => refTo(name, "arn"))) },
  });
}

const WANTED = ["web", "api"].map((name) => desired(name, { kind: "targetGroup" }));

function scene(wanted: DesiredResource[], there: ObservedResource[], more: Partial<Scene> = {}): Scene {
  return {
    desired: [...WANTED, ...wanted],
    current: new Map(there.map((resource) => [resource.key ?? "", resource])),
    observation: observation(there),
    successions: [],
    applied: new Map(),
    ...more,
  };
}

/** Address of each target group on trial, and how many healthy targets end it. */
function trials(...args: Parameters<typeof scene>): [string, number][] {
  return trialsOf(scene(...args)).map(({ key, needed }) => [key, needed]);
}

describe("a target group is on trial", () => {
  const web = targetGroup("web", "AB");

  it("while it has fewer healthy targets than the least that its group has", () => {
    const there = (targets: string) => [web, targetGroup("api", targets), group("ab", "web", "api")];
    expect(trials([wantedGroup(2, "web", "api")], there("aB"))).toEqual([["api", 2]]);
    expect(trials([wantedGroup(2, "web", "api")], there("AB"))).toEqual([]);
    expect(trials([wantedGroup(0, "web", "api")], there(""))).toEqual([["api", 1]]);
  });

  it("while several groups fill it, for all of them together", () => {
    const other = { ...wantedGroup(3, "api"), key: "other", initial: { desiredCapacity: 3 } };
    const there = [web, targetGroup("api", "ABcd"), group("ab", "web", "api")];
    expect(trials([wantedGroup(2, "web", "api"), other], there)).toEqual([["api", 5]]);
  });

  it("but not when nobody fills it, or only a group that has nothing and is to have nothing", () => {
    const there = [web, targetGroup("api", ""), group("", "web")];
    expect(trials([wantedGroup(2, "web")], there)).toEqual([]);
    expect(trials([wantedGroup(0, "api")], there)).toEqual([]);
  });

  it("when the group that fills it is still to be made, or could not be read", () => {
    const there = [web, targetGroup("api", "")];
    const toCome = { ...wantedGroup(0, "api"), initial: { desiredCapacity: 1 } };
    expect(trials([toCome], there)).toEqual([["api", 1]]);
    expect(trials([wantedGroup(0, "api")], there)).toEqual([]);
    const unlisted = observation(there, { unknownKinds: new Map([["autoScalingGroup", "it failed"]]) });
    expect(trials([wantedGroup(0, "api")], there, { observation: unlisted })).toEqual([["api", 1]]);
    const unread = observation(there, {
      unreadable: new Map([["id", { kind: "autoScalingGroup", name: "", reason: "it failed" }]]),
    });
    expect(trials([wantedGroup(0, "api")], there, { observation: unread })).toEqual([["api", 1]]);
  });

  it("without waiting for an instance that is healthy nowhere", () => {
    const there = [targetGroup("web", "Ab"), targetGroup("api", "Ab"), group("ab", "web", "api")];
    expect(trials([wantedGroup(2, "web", "api")], there)).toEqual([]);
    const alone = [targetGroup("api", "Ab"), group("ab", "api")];
    expect(trials([wantedGroup(2, "api")], alone)).toEqual([["api", 2]]);
  });
});

interface There {
  rule?: string[];
  api?: string;
  group?: ObservedResource;
  goal?: string;
  others?: ObservedResource[];
}

/** A plan in which a rule is to move from `web` to `api`. */
function decided(wanted: DesiredResource, there: There, unread: Partial<Observation> = {}): Decision {
  const forward = (name: string) => ({ type: "forward", targetGroups: setOf([{ arn: refTo(name, "arn") }]) });
  const carried = there.rule ?? ["web"];
  const rule = observed("rule", {
    kind: "rule",
    fields: {
      action: {
        type: "forward",
        targetGroups: sortedSet(
          carried.map((name, index) => ({
            arn: `id-of-${name}`,
            ...(carried.length === 1 ? {} : { weight: index === 0 ? 1 : 0 }),
          })),
        ),
      },
    },
    detail: { listenerArn: "" },
    refersTo: carried.map((name) => `id-of-${name}`),
  });
  return decide(
    planInput({
      desired: [
        ...WANTED,
        desired("rule", { kind: "rule", fields: { action: forward(there.goal ?? "api") } }),
        wanted,
      ],
      observation: observation(
        [
          targetGroup("web", "AB"),
          targetGroup("api", there.api ?? ""),
          rule,
          ...(there.others ?? []),
          ...(there.group === undefined ? [] : [there.group]),
        ],
        unread,
      ),
    }),
  );
}

/** What such a plan asks of the group. */
function wayOfGroup(
  wanted: DesiredResource,
  there: There,
): { healthCheckType: unknown; targetGroups: unknown; settings?: unknown } {
  const { comparisons } = decided(wanted, there);
  const { fields, desired: asked } = comparisons.find(({ desired: { key } }) => key === "group")!;
  const { healthCheckType, targetGroups } = fields;
  return { healthCheckType, targetGroups, ...(asked.settings && { settings: asked.settings }) };
}

describe("a group that fills a target group on trial", () => {
  const BOTH = ["id-of-api", "id-of-web"];

  it("looks at EC2's checks only, and at its own again when the trial is over", () => {
    const attached = group("ab", "web", "api");
    expect(wayOfGroup(wantedGroup(2, "web", "api"), { group: attached }).healthCheckType).toBe("EC2");
    const over = wayOfGroup(wantedGroup(2, "web", "api"), { group: attached, api: "AB" });
    expect(over).toEqual({ healthCheckType: "ELB", targetGroups: BOTH });
  });

  it("keeps its own where it serves nothing else", () => {
    const wanted = wantedGroup(2, "api");
    expect(wayOfGroup(wanted, { group: group("ab", "api") }).healthCheckType).toBe("ELB");
    expect(wayOfGroup(wantedGroup(2, "web", "api"), {}).healthCheckType).toBe("EC2");
  });

  it("stays with the target group that it is to leave, until the traffic has left it", () => {
    const wanted = wantedGroup(2, "api");
    const now = group("ab", "web", "api");
    expect(wayOfGroup(wanted, { group: now })).toMatchObject({ healthCheckType: "EC2", targetGroups: BOTH });
    expect(wayOfGroup(wanted, { group: now, api: "AB" }).targetGroups).toEqual(BOTH);
    expect(wayOfGroup(wanted, { group: now, api: "AB", rule: ["api"] }).targetGroups).toEqual(["id-of-api"]);
    // To take it off one that keeps the traffic is the user's word.
    expect(wayOfGroup(wanted, { group: now, goal: "web" }).targetGroups).toEqual(["id-of-api"]);
  });

  it("does not look at a target group that was given up before the traffic's way is free of it", () => {
    const now = { ...group("ab", "web", "api"), fields: { healthCheckType: "EC2" } };
    const given = { group: now, goal: "web", rule: ["web", "api"] };
    expect(wayOfGroup(wantedGroup(2, "web", "api"), given).healthCheckType).toBe("EC2");
    expect(wayOfGroup(wantedGroup(2, "web", "api"), { ...given, rule: ["web"] }).healthCheckType).toBe("ELB");
  });

  it("gives a refresh the time that an application may take to come up", () => {
    const wanted = {
      ...wantedGroup(2, "web", "api"),
      settings: { instanceWarmup: 10, minHealthyPercentage: 90 },
    };
    wanted.fields.healthCheckGracePeriod = 120;
    const now = group("ab", "web", "api");
    const settings = (api: string) => wayOfGroup(wanted, { group: now, api }).settings;
    expect(settings("")).toEqual({ instanceWarmup: 120, minHealthyPercentage: 90 });
    expect(settings("AB")).toEqual({ instanceWarmup: 10, minHealthyPercentage: 90 });
    wanted.settings.instanceWarmup = 300;
    expect(settings("")).toEqual({ instanceWarmup: 300, minHealthyPercentage: 90 });
    Object.assign(wanted, { settings: {} });
    wanted.fields.defaultInstanceWarmup = 200;
    expect(settings("")).toEqual({ instanceWarmup: 200 });
  });

  const stranger = (owned: boolean, carried: string) =>
    observed("stranger", { kind: "rule", owned, refersTo: [carried], detail: { listenerArn: "" } });

  it("does not stay for a rule of somebody else's, unless its target group is being replaced", () => {
    const now = group("ab", "web", "api");
    const wanted = wantedGroup(2, "api");
    const done = { group: now, api: "AB", rule: ["api"] };
    expect(wayOfGroup(wanted, { ...done, others: [stranger(false, "id-of-web")] }).targetGroups).toEqual([
      "id-of-api",
    ]);
    expect(wayOfGroup(wanted, { ...done, others: [stranger(true, "id-of-web")] }).targetGroups).toEqual(BOTH);
    const old = { ...targetGroup("old", "AB"), key: "api" };
    const replaced = { ...done, group: group("ab", "old", "api"), others: [old, stranger(false, old.id)] };
    // Nothing is on trial: the load balancer is replaced as well, and its listeners are new.
    expect(wayOfGroup(wanted, replaced)).toMatchObject({
      healthCheckType: "EC2",
      targetGroups: ["id-of-api", "id-of-old"],
    });
  });
});

describe("a plan with a hold", () => {
  const wanted = wantedGroup(2, "web", "api");
  const rows = (there: There, unread: Partial<Observation> = {}) =>
    decided(wanted, there, unread)
      .actions.filter(({ key }) => key === "rule")
      .map(({ calls, blockedBy }) => [calls.length, ...blockedBy]);

  it("has one row for the rule: first what is to be done, then what is waited for", () => {
    const now = group("ab", "web", "api");
    expect(rows({ group: now })).toEqual([[1]]);
    expect(rows({ group: now, rule: ["web", "api"] })).toEqual([
      [0, "the new target group of api has not enough healthy targets yet"],
    ]);
    expect(rows({ group: now, rule: ["api"] })).toEqual([]);
  });

  it("says nothing of a rule that could not be compared", () => {
    const there = { group: group("ab", "web", "api"), rule: ["web", "api"] };
    const unreadable = new Map([["id", { kind: "targetGroup", name: "other", reason: "it failed" }]]);
    expect(rows(there, { unreadable })).toEqual([]);
  });
});
