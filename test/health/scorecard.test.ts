import { apply } from "json-merge-patch";
import { describe, expect, it } from "vitest";
import { scorecardOf } from "../../src/health/scorecard.ts";
import type { TierFacts } from "../../src/model/health.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { example } from "../support/example.ts";
import { groupFact, loadBalancerFact, NOW_MS, targetGroupFact, tierFacts } from "./fixtures.ts";

interface Patched {
  readonly spec: unknown;
}

function check(id: string, tier: TierFacts) {
  const found = scorecardOf(tier).find((each) => each.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

const healthCheck = targetGroupFact().healthCheck;
const withCheck = (over: Partial<typeof healthCheck>): Partial<TierFacts> => ({
  targetGroups: [targetGroupFact({ healthCheck: { ...healthCheck, ...over } })],
});
const withGroup = (over: Parameters<typeof groupFact>[0]): Partial<TierFacts> => ({
  groups: [groupFact(over)],
});
const withAttribute = (name: string, value: string): Partial<TierFacts> => ({
  loadBalancer: loadBalancerFact({ attributes: { [name]: value } }),
});
const noAttributes: Partial<TierFacts> = { loadBalancer: loadBalancerFact({ attributes: {} }) };
const alarm = (tierFacts().alarms ?? [])[0];

/** For each check: what makes it fail, the field that its remedy names, and what makes it unknown. */
const CASES: { id: string; failing: Partial<TierFacts>; remedy: string; unknown: Partial<TierFacts> }[] = [
  {
    id: "health-check-path",
    failing: withCheck({ path: "/" }),
    remedy: "spec.targetGroups.web.healthCheck.path",
    unknown: { targetGroups: undefined },
  },
  {
    id: "health-check-interval",
    failing: withCheck({ intervalSeconds: 60 }),
    remedy: "Set spec.targetGroups.web.healthCheck.intervalSeconds to 30.",
    unknown: { targetGroups: undefined },
  },
  {
    id: "unhealthy-threshold",
    failing: withCheck({ unhealthyThresholdCount: 10 }),
    remedy: "Set spec.targetGroups.web.healthCheck.unhealthyThresholdCount to 3.",
    unknown: { targetGroups: undefined },
  },
  {
    id: "healthy-threshold",
    failing: withCheck({ healthyThresholdCount: 5 }),
    remedy: "Set spec.targetGroups.web.healthCheck.healthyThresholdCount to 2.",
    unknown: { targetGroups: undefined },
  },
  {
    id: "AutoScaling.1",
    failing: withGroup({ healthCheckType: "EC2" }),
    remedy: "Set spec.autoScalingGroups.web.healthCheckType to ELB.",
    unknown: { groups: undefined },
  },
  {
    id: "grace-period",
    failing: withGroup({ healthCheckGracePeriodSeconds: 0 }),
    remedy: "spec.autoScalingGroups.web.healthCheckGracePeriod",
    unknown: { groups: undefined },
  },
  {
    id: "deregistration-delay",
    failing: { targetGroups: [targetGroupFact({ deregistrationDelaySeconds: 300 })] },
    remedy: 'Set spec.targetGroups.web.attributes["deregistration_delay.timeout_seconds"] to 30.',
    unknown: { targetGroups: undefined },
  },
  {
    id: "minimum-instances",
    failing: withGroup({ minSize: 1 }),
    remedy: "spec.autoScalingGroups.web.minSize",
    unknown: { groups: undefined },
  },
  {
    id: "AutoScaling.2",
    failing: withGroup({ availabilityZones: ["us-east-1a"] }),
    remedy: "spec.subnetIds",
    unknown: { groups: undefined },
  },
  {
    id: "three-zones",
    failing: withGroup({ availabilityZones: ["us-east-1a", "us-east-1b"] }),
    remedy: "spec.subnetIds",
    unknown: { groups: [] },
  },
  {
    id: "ELB.13",
    failing: { loadBalancer: loadBalancerFact({ availabilityZones: ["us-east-1a"] }) },
    remedy: "spec.subnetIds",
    unknown: { loadBalancer: undefined },
  },
  {
    id: "target-tracking",
    failing: withGroup({ scalingPolicies: 0 }),
    remedy: "spec.autoScalingGroups.web.scalingPolicies",
    unknown: withGroup({ targetTrackingPolicies: undefined }),
  },
  {
    id: "scaling-headroom",
    failing: withGroup({ desiredCapacity: 10 }),
    remedy: "spec.autoScalingGroups.web.maxSize",
    unknown: { groups: undefined },
  },
  { id: "alarm-5xx", failing: { alarms: [] }, remedy: "spec.alarms", unknown: { alarms: undefined } },
  {
    id: "alarm-unhealthy-hosts",
    failing: { alarms: [] },
    remedy: "spec.alarms",
    unknown: { alarms: undefined },
  },
  {
    id: "alarms-have-actions",
    failing: { alarms: [{ ...alarm!, hasActions: false }] },
    remedy: "spec.alarms.high-5xx.alarmActions",
    unknown: { alarms: undefined },
  },
  {
    id: "connection-draining",
    failing: { targetGroups: [targetGroupFact({ deregistrationDelaySeconds: 0 })] },
    remedy: 'spec.targetGroups.web.attributes["deregistration_delay.timeout_seconds"]',
    unknown: { targetGroups: undefined },
  },
  {
    id: "graceful-shutdown",
    failing: { targetGroups: [targetGroupFact({ deregistrationDelaySeconds: 0 })] },
    remedy: "spec.targetGroups",
    unknown: { targetGroups: [] },
  },
  {
    id: "AutoScaling.3",
    failing: withGroup({ httpTokensRequired: false }),
    remedy: "spec.autoScalingGroups.web.launchTemplate.metadataOptions.httpTokens",
    unknown: { groups: undefined },
  },
  {
    id: "AutoScaling.9",
    failing: withGroup({ usesLaunchTemplate: false }),
    remedy: "spec.autoScalingGroups.web.launchTemplate",
    unknown: withGroup({ usesLaunchTemplate: undefined }),
  },
  {
    id: "ELB.1",
    failing: {
      listeners: [{ key: "loadBalancer.listeners.80", port: 80, protocol: "HTTP", defaultAction: "forward" }],
    },
    remedy: "spec.loadBalancer.listeners",
    unknown: {
      listeners: [
        { key: "loadBalancer.listeners.80", port: 80, protocol: "HTTP", defaultAction: "redirect" },
      ],
    },
  },
  {
    id: "ELB.4",
    failing: withAttribute("routing.http.drop_invalid_header_fields.enabled", "false"),
    remedy: 'spec.loadBalancer.attributes["routing.http.drop_invalid_header_fields.enabled"]',
    unknown: noAttributes,
  },
  {
    id: "ELB.5",
    failing: withAttribute("access_logs.s3.enabled", "false"),
    remedy: 'spec.loadBalancer.attributes["access_logs.s3.enabled"]',
    unknown: noAttributes,
  },
  {
    id: "ELB.6",
    failing: withAttribute("deletion_protection.enabled", "false"),
    remedy: 'spec.loadBalancer.attributes["deletion_protection.enabled"]',
    unknown: { loadBalancer: loadBalancerFact({ state: "absent" }) },
  },
  {
    id: "ELB.12",
    failing: withAttribute("routing.http.desync_mitigation_mode", "monitor"),
    remedy: 'spec.loadBalancer.attributes["routing.http.desync_mitigation_mode"]',
    unknown: noAttributes,
  },
];

describe("scorecard", () => {
  it("has a passing, a failing and an unknown case for every check, and passes all of them for the worked example", () => {
    const rows = scorecardOf(tierFacts());
    expect(rows.filter((row) => row.result !== "pass")).toEqual([]);
    expect(rows.map((row) => row.id)).toEqual(CASES.map((each) => each.id));
    expect(rows.every((row) => row.evidence !== "" && row.remedy === undefined)).toBe(true);
  });

  it.each(CASES)("$id fails on evidence, and its remedy names the field", ({ id, failing, remedy }) => {
    const found = check(id, tierFacts(failing));
    expect(found.result).toBe("fail");
    expect(found.remedy).toContain(remedy);
  });

  it("gives a patch wherever there is one answer, which admission takes and which changes the spec", () => {
    const spec = admit(example().with({ defaults: "AWS" }).spec());
    const patched = CASES.flatMap(({ id, failing }) => {
      const { patch } = check(id, tierFacts(failing));
      if (patch === undefined) return [];
      const { spec: laidOver } = apply({ spec: structuredClone(spec) }, JSON.parse(patch)) as Patched;
      expect(() => admit(laidOver), id).not.toThrow();
      return [id];
    });
    expect(patched).toEqual([
      "health-check-path",
      "health-check-interval",
      "unhealthy-threshold",
      "healthy-threshold",
      "AutoScaling.1",
      "grace-period",
      "deregistration-delay",
      "minimum-instances",
      "target-tracking",
      "alarm-5xx",
      "alarm-unhealthy-hosts",
      "connection-draining",
      "AutoScaling.3",
      "ELB.4",
      "ELB.6",
      "ELB.12",
    ]);
  });

  it("gives one patch for all the resources that it names, and none that is half an answer", () => {
    const groups = ["web", "batch"].map((name) =>
      groupFact({ key: `autoScalingGroups.${name}`, minSize: 1 }),
    );
    const { patch = "" } = check("minimum-instances", tierFacts({ groups }));
    expect(JSON.parse(patch)).toEqual({
      spec: { autoScalingGroups: { web: { minSize: 2 }, batch: { minSize: 2 } } },
    });
    expect(
      check("alarms-have-actions", tierFacts(CASES.find(({ id }) => id === "alarms-have-actions")!.failing)),
    ).not.toHaveProperty("patch");
  });

  it.each(CASES)("$id is unknown, not failed, where its fact is missing", ({ id, unknown }) => {
    const found = check(id, tierFacts(unknown));
    expect(found.result).toBe("unknown");
    expect(found.remedy).toBeUndefined();
  });

  it("claims nothing at all when nothing was read", () => {
    expect(new Set(scorecardOf({ nowMs: NOW_MS }).map((row) => row.result))).toEqual(new Set(["unknown"]));
  });

  it("names the resource that fails, not the ones that pass", () => {
    const groups = [groupFact(), groupFact({ key: "autoScalingGroups.batch", minSize: 1 })];
    expect(check("minimum-instances", tierFacts({ groups }))).toMatchObject({
      result: "fail",
      evidence: "autoScalingGroups.batch: minimum is 1",
      remedy: "Raise spec.autoScalingGroups.batch.minSize to 2 or more.",
    });
  });

  it("does not ask for load balancer health checks of a group without one", () => {
    const groups = [groupFact({ targetGroups: [], healthCheckType: "EC2" })];
    expect(check("AutoScaling.1", tierFacts({ groups })).result).toBe("pass");
  });

  it("asks for the load balancer's health checks beside those of the volumes", () => {
    const groups = [groupFact({ healthCheckType: "EBS" })];
    expect(check("AutoScaling.1", tierFacts({ groups })).remedy).toMatch(/ to EBS,ELB\.$/);
  });

  it("names at most four resources in the evidence", () => {
    const groups = [1, 2, 3, 4, 5, 6].map((n) => groupFact({ key: `autoScalingGroups.g${n}`, minSize: 1 }));
    expect(check("minimum-instances", tierFacts({ groups })).evidence).toBe(
      "autoScalingGroups.g1: minimum is 1; autoScalingGroups.g2: minimum is 1; autoScalingGroups.g3: minimum is 1; autoScalingGroups.g4: minimum is 1; and 2 more",
    );
  });
});
