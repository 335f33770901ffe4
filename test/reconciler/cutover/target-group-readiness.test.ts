import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { blockersOf, callsOf } from "../../../src/reconciler/core/actions.ts";
import { sentenceOf } from "../../../src/reconciler/core/holds.ts";
import type { Observation } from "../../../src/reconciler/core/observation.ts";
import { refTo as refToAddress, setOf, sortedSet } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import {
  type CutoverState,
  unreadyTargetGroups,
} from "../../../src/reconciler/cutover/target-group-readiness.ts";
import { type Decision, decide } from "../../../src/reconciler/decide.ts";
import {
  decisionInput,
  desired,
  fleet,
  fleetInstance,
  kindNamed,
  observation,
  observed,
  targetSet,
  unreadable,
} from "../core/fixtures.ts";

const refTo = (address: string, attribute: string) => refToAddress(addressFrom(address), attribute);

/** A target group as it is there; each letter is a target's instance, a capital one is healthy. */
function targetGroup(name: string, targets: string): ObservedResource {
  return observed(name, {
    kind: "targetGroup",
    attributes: { arn: `id-of-${name}` },
    ...targetSet(
      ...[...targets].map(
        (letter) =>
          [letter.toLowerCase(), letter === letter.toUpperCase() ? "healthy" : "unhealthy"] as const,
      ),
    ),
  });
}

/** A group as it is there, with an instance for each letter. */
function group(instances: string, ...attached: string[]): ObservedResource {
  return observed("group", {
    kind: "autoScalingGroup",
    fields: { healthCheckType: "ELB", minSize: 2, targetGroups: attached.map((name) => `id-of-${name}`) },
    refersTo: attached.map((name) => `id-of-${name}`),
    ...fleet({
      desiredCapacity: instances.length,
      instances: [...instances].map((letter) => fleetInstance(letter)),
    }),
  });
}

function wantedGroup(minSize: number, ...names: string[]): DesiredResource {
  return desired("group", {
    kind: "autoScalingGroup",
    fields: { minSize, healthCheckType: "ELB", targetGroups: setOf(names.map((name) => refTo(name, "arn"))) },
  });
}

const WANTED = ["web", "api"].map((name) => desired(name, { kind: "targetGroup" }));

function stateOf(
  wanted: DesiredResource[],
  there: ObservedResource[],
  more: Partial<CutoverState> = {},
): CutoverState {
  return {
    kindNamed,
    desired: [...WANTED, ...wanted],
    current: new Map(there.map((resource) => [resource.address ?? addressFrom(""), resource])),
    observation: observation(there),
    replacements: [],
    applied: new Map(),
    ...more,
  };
}

/** Address of each target group that is not ready, and how many healthy targets make it so. */
function unready(...args: Parameters<typeof stateOf>): [string, number][] {
  return unreadyTargetGroups(stateOf(...args)).map(({ address, needed }) => [address, needed]);
}

describe("a target group is not ready", () => {
  const web = targetGroup("web", "AB");

  it("while it has fewer healthy targets than the least that its group has", () => {
    const there = (targets: string) => [web, targetGroup("api", targets), group("ab", "web", "api")];
    expect(unready([wantedGroup(2, "web", "api")], there("aB"))).toEqual([["api", 2]]);
    expect(unready([wantedGroup(2, "web", "api")], there("AB"))).toEqual([]);
    expect(unready([wantedGroup(0, "web", "api")], there(""))).toEqual([["api", 1]]);
  });

  it("while several groups fill it, for all of them together", () => {
    const other = {
      ...wantedGroup(3, "api"),
      address: addressFrom("other"),
      initial: { desiredCapacity: 3 },
    };
    const there = [web, targetGroup("api", "ABcd"), group("ab", "web", "api")];
    expect(unready([wantedGroup(2, "web", "api"), other], there)).toEqual([["api", 5]]);
  });

  it("but not when nobody fills it, or only a group that has nothing and is to have nothing", () => {
    const there = [web, targetGroup("api", ""), group("", "web")];
    expect(unready([wantedGroup(2, "web")], there)).toEqual([]);
    expect(unready([wantedGroup(0, "api")], there)).toEqual([]);
  });

  it("when the group that fills it is still to be made, or could not be read", () => {
    const there = [web, targetGroup("api", "")];
    const toCome = { ...wantedGroup(0, "api"), initial: { desiredCapacity: 1 } };
    expect(unready([toCome], there)).toEqual([["api", 1]]);
    expect(unready([wantedGroup(0, "api")], there)).toEqual([]);
    const unlisted = observation(there, { unknownKinds: new Map([["autoScalingGroup", "it failed"]]) });
    expect(unready([wantedGroup(0, "api")], there, { observation: unlisted })).toEqual([["api", 1]]);
    const unread = observation(there, {
      unreadable: [unreadable("autoScalingGroup")],
    });
    expect(unready([wantedGroup(0, "api")], there, { observation: unread })).toEqual([["api", 1]]);
  });

  it("without waiting for an instance that is healthy nowhere", () => {
    const there = [targetGroup("web", "Ab"), targetGroup("api", "Ab"), group("ab", "web", "api")];
    expect(unready([wantedGroup(2, "web", "api")], there)).toEqual([]);
    const alone = [targetGroup("api", "Ab"), group("ab", "api")];
    expect(unready([wantedGroup(2, "api")], alone)).toEqual([["api", 2]]);
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
    refersTo: carried.map((name) => `id-of-${name}`),
  });
  return decide(
    decisionInput({
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
function groupAsked(
  wanted: DesiredResource,
  there: There,
): { healthCheckType: unknown; targetGroups: unknown; settings?: unknown } {
  const { comparisons } = decided(wanted, there);
  const { fields, desired: asked } = comparisons.find(({ desired: { address } }) => address === "group")!;
  const { healthCheckType, targetGroups } = fields;
  return { healthCheckType, targetGroups, ...(asked.settings && { settings: asked.settings }) };
}

describe("a group that fills a target group that is not ready", () => {
  const BOTH = ["id-of-api", "id-of-web"];

  it("looks at EC2's checks only, and at its own again when the target group is ready", () => {
    const attached = group("ab", "web", "api");
    expect(groupAsked(wantedGroup(2, "web", "api"), { group: attached }).healthCheckType).toBe("EC2");
    const over = groupAsked(wantedGroup(2, "web", "api"), { group: attached, api: "AB" });
    expect(over).toEqual({ healthCheckType: "ELB", targetGroups: BOTH });
  });

  it("goes on looking at the volumes that it looks at beside the target groups", () => {
    const wanted = wantedGroup(2, "web", "api");
    const both = { ...wanted, fields: { ...wanted.fields, healthCheckType: "EBS,ELB" } };
    const attached = group("ab", "web", "api");
    expect(groupAsked(both, { group: attached }).healthCheckType).toBe("EBS");
    const now = { ...attached, fields: { healthCheckType: "EBS" } };
    const given = { group: now, goal: "web", rule: ["web", "api"] };
    expect(groupAsked(both, given).healthCheckType).toBe("EBS");
    expect(groupAsked(both, { ...given, rule: ["web"] }).healthCheckType).toBe("EBS,ELB");
  });

  it("keeps its own where it serves nothing else", () => {
    const wanted = wantedGroup(2, "api");
    expect(groupAsked(wanted, { group: group("ab", "api") }).healthCheckType).toBe("ELB");
    expect(groupAsked(wantedGroup(2, "web", "api"), {}).healthCheckType).toBe("EC2");
  });

  it("stays with the target group that it is to leave, until the traffic has left it", () => {
    const wanted = wantedGroup(2, "api");
    const now = group("ab", "web", "api");
    expect(groupAsked(wanted, { group: now })).toMatchObject({ healthCheckType: "EC2", targetGroups: BOTH });
    expect(groupAsked(wanted, { group: now, api: "AB" }).targetGroups).toEqual(BOTH);
    expect(groupAsked(wanted, { group: now, api: "AB", rule: ["api"] }).targetGroups).toEqual(["id-of-api"]);
    // To take it off one that keeps the traffic is the user's word.
    expect(groupAsked(wanted, { group: now, goal: "web" }).targetGroups).toEqual(["id-of-api"]);
  });

  it("does not look at a target group that was given up before no action names it any more", () => {
    const now = { ...group("ab", "web", "api"), fields: { healthCheckType: "EC2" } };
    const given = { group: now, goal: "web", rule: ["web", "api"] };
    expect(groupAsked(wantedGroup(2, "web", "api"), given).healthCheckType).toBe("EC2");
    expect(groupAsked(wantedGroup(2, "web", "api"), { ...given, rule: ["web"] }).healthCheckType).toBe("ELB");
  });

  it("gives a refresh the time that an application may take to come up", () => {
    const wanted = {
      ...wantedGroup(2, "web", "api"),
      settings: { instanceWarmup: 10, minHealthyPercentage: 90 },
    };
    wanted.fields.healthCheckGracePeriod = 120;
    const now = group("ab", "web", "api");
    const settings = (api: string) => groupAsked(wanted, { group: now, api }).settings;
    expect(settings("")).toEqual({ instanceWarmup: 120, minHealthyPercentage: 90 });
    expect(settings("AB")).toEqual({ instanceWarmup: 10, minHealthyPercentage: 90 });
    wanted.settings.instanceWarmup = 300;
    expect(settings("")).toEqual({ instanceWarmup: 300, minHealthyPercentage: 90 });
    Object.assign(wanted, { settings: {} });
    wanted.fields.defaultInstanceWarmup = 200;
    expect(settings("")).toEqual({ instanceWarmup: 200 });
  });

  const stranger = (owned: boolean, carried: string) =>
    observed("stranger", { kind: "rule", owned, refersTo: [carried] });

  it("does not stay for a rule of somebody else's, unless its target group is being replaced", () => {
    const now = group("ab", "web", "api");
    const wanted = wantedGroup(2, "api");
    const done = { group: now, api: "AB", rule: ["api"] };
    expect(groupAsked(wanted, { ...done, others: [stranger(false, "id-of-web")] }).targetGroups).toEqual([
      "id-of-api",
    ]);
    expect(groupAsked(wanted, { ...done, others: [stranger(true, "id-of-web")] }).targetGroups).toEqual(BOTH);
    const old = { ...targetGroup("old", "AB"), address: addressFrom("api") };
    const replaced = { ...done, group: group("ab", "old", "api"), others: [old, stranger(false, old.id)] };
    // Nothing is waited for: the load balancer is replaced as well, and its listeners are new.
    expect(groupAsked(wanted, replaced)).toMatchObject({
      healthCheckType: "EC2",
      targetGroups: ["id-of-api", "id-of-old"],
    });
  });
});

describe("a plan that holds requests", () => {
  const wanted = wantedGroup(2, "web", "api");
  const rows = (there: There, unread: Partial<Observation> = {}) =>
    decided(wanted, there, unread)
      .actions.filter(({ address }) => address === "rule")
      .map((action) => [callsOf(action).length, ...blockersOf(action).map(sentenceOf)]);

  it("has one row for the rule: first what is to be done, then what is waited for", () => {
    const now = group("ab", "web", "api");
    expect(rows({ group: now })).toEqual([[1]]);
    expect(rows({ group: now, rule: ["web", "api"] })).toEqual([
      [0, "the new target group of api has not enough healthy targets yet (0 of 2); it has no targets"],
    ]);
    expect(rows({ group: now, rule: ["api"] })).toEqual([]);
  });

  it("says nothing of a rule that could not be compared", () => {
    const there = { group: group("ab", "web", "api"), rule: ["web", "api"] };
    expect(rows(there, { unreadable: [unreadable("targetGroup", "other")] })).toEqual([]);
  });
});
