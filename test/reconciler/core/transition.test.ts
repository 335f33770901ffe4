import { describe, expect, it } from "vitest";
import { decide } from "../../../src/reconciler/core/plan.ts";
import { setOf } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { refTo } from "../../../src/reconciler/core/resource.ts";
import { type Scene, trialsOf } from "../../../src/reconciler/core/transition.ts";
import { desired, observation, observed, planInput } from "./fixtures.ts";

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

/** What a plan asks of the group, where a rule is to move from `web` to `api`. */
function wayOfGroup(
  wanted: DesiredResource,
  there: { rule?: string[]; api?: string; group?: ObservedResource; goal?: string },
): { healthCheckType: unknown; targetGroups: unknown } {
  const forward = (name: string) => ({ type: "forward", targetGroups: setOf([{ arn: refTo(name, "arn") }]) });
  const carried = there.rule ?? ["web"];
  const rule = observed("rule", {
    kind: "rule",
    fields: {
      action: {
        type: "forward",
        targetGroups: carried.map((name, index) => ({ arn: `id-of-${name}`, weight: index === 0 ? 1 : 0 })),
      },
    },
    detail: { listenerArn: "" },
    refersTo: carried.map((name) => `id-of-${name}`),
  });
  const { comparisons } = decide(
    planInput({
      desired: [
        ...WANTED,
        desired("rule", { kind: "rule", fields: { action: forward(there.goal ?? "api") } }),
        wanted,
      ],
      observation: observation([
        targetGroup("web", "AB"),
        targetGroup("api", there.api ?? ""),
        rule,
        ...(there.group === undefined ? [] : [there.group]),
      ]),
    }),
  );
  const { fields } = comparisons.find(({ desired: { key } }) => key === "group")!;
  return { healthCheckType: fields.healthCheckType, targetGroups: fields.targetGroups };
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
    expect(wayOfGroup(wanted, { group: now })).toEqual({ healthCheckType: "EC2", targetGroups: BOTH });
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
});
