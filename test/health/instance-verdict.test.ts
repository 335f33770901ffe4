import { describe, expect, it } from "vitest";
import { verdictOf } from "../../src/health/instance-verdict.ts";
import type { GroupFact, InstanceFact, TierFacts } from "../../src/model/health.ts";
import {
  FAILING,
  groupFact,
  instanceFact,
  loadBalancerFact,
  NOW_MS,
  replacementActivity,
  targetGroupFact,
  tierFacts,
} from "./fixtures.ts";

interface Row {
  case: string;
  instance?: Partial<InstanceFact>;
  group?: Partial<GroupFact>;
  tier?: Partial<TierFacts>;
  /** The other instance fails too. */
  alone?: boolean;
  verdict: string;
  serving: "yes" | "no" | "unknown";
}

function judge(row: Row) {
  const instance = instanceFact({ instanceId: "i-it", ...row.instance });
  const instances = row.alone === true ? [instance] : [instance, instanceFact({ instanceId: "i-other" })];
  const group = groupFact({ instances, ...row.group });
  return verdictOf(instance, group, tierFacts({ groups: [group], ...row.tier }));
}

const failing = { targets: FAILING };
const young = { launchedAtMs: NOW_MS - 50_000 };
const thrash = [replacementActivity(3), replacementActivity(12), replacementActivity(21)];

const ROWS: Row[] = [
  {
    case: "all three agree",
    verdict: "Serving: target health, Auto Scaling and EC2 agree that it is healthy.",
    serving: "yes",
  },
  {
    case: "EC2 has no result yet",
    instance: { ec2: { state: "running", systemStatus: "initializing", instanceStatus: "initializing" } },
    verdict: "Serving: it answers the load balancer; EC2's status checks have no result yet.",
    serving: "yes",
  },
  {
    case: "unhealthy target, health check type EC2",
    instance: failing,
    group: { healthCheckType: "EC2" },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced: health check type is EC2 (spec.autoScalingGroups.web.healthCheckType).",
    serving: "no",
  },
  {
    case: "unhealthy target within the grace period",
    instance: { ...failing, ...young },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced before 12:04:10Z: grace period is 300 s (spec.autoScalingGroups.web.healthCheckGracePeriod).",
    serving: "no",
  },
  {
    case: "unhealthy target after the grace period",
    instance: failing,
    group: { healthCheckType: "EC2,ELB" },
    verdict: "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and its group replaces it.",
    serving: "no",
  },
  {
    case: "unhealthy target, launch time unknown",
    instance: { ...failing, launchedAtMs: undefined },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch); its launch time could not be read, so when its grace period ends is unknown.",
    serving: "no",
  },
  {
    case: "HealthCheck suspended",
    instance: failing,
    group: { suspendedProcesses: ["HealthCheck"] },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced: process HealthCheck of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "ReplaceUnhealthy suspended",
    instance: failing,
    group: { suspendedProcesses: ["ReplaceUnhealthy"] },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced: process ReplaceUnhealthy of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "Terminate suspended",
    instance: failing,
    group: { suspendedProcesses: ["Terminate"] },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and will not be replaced: process Terminate of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "Launch suspended",
    instance: failing,
    group: { suspendedProcesses: ["Launch"] },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and is terminated without a replacement: process Launch of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "every target unhealthy",
    instance: failing,
    alone: true,
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch), as every target of targetGroups.web does: the load balancer fails open and sends them requests all the same.",
    serving: "no",
  },
  {
    case: "thrash, failing",
    instance: failing,
    group: { activities: thrash },
    verdict:
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch), as the instances before it did: check that /health exists and the application starts; if it only needs longer than 300 s to start, raise spec.autoScalingGroups.web.healthCheckGracePeriod.",
    serving: "no",
  },
  {
    case: "thrash, starting again",
    instance: { targets: [{ targetGroup: "targetGroups.web", state: "initial" }] },
    group: { activities: thrash },
    verdict:
      "Starting, and the instances before it failed: check that /health exists and the application starts; if it only needs longer than 300 s to start, raise spec.autoScalingGroups.web.healthCheckGracePeriod.",
    serving: "no",
  },
  {
    case: "replacements of an hour ago are no thrash",
    instance: failing,
    group: { activities: [...thrash.slice(0, 2), replacementActivity(60)] },
    verdict: "Fails /health on targetGroups.web (Target.ResponseCodeMismatch) and its group replaces it.",
    serving: "no",
  },
  {
    case: "marked Unhealthy",
    instance: { ...failing, healthStatus: "Unhealthy" },
    verdict: "Its group has marked it Unhealthy and replaces it.",
    serving: "no",
  },
  {
    case: "marked Unhealthy, protected from scale-in",
    instance: { ...failing, healthStatus: "Unhealthy", protectedFromScaleIn: true },
    verdict:
      "Its group has marked it Unhealthy and replaces it; protection from scale-in does not prevent that.",
    serving: "no",
  },
  {
    case: "marked Unhealthy, ReplaceUnhealthy suspended",
    instance: { healthStatus: "Unhealthy", protectedFromScaleIn: true },
    group: { suspendedProcesses: ["ReplaceUnhealthy"] },
    verdict:
      "Its group has marked it Unhealthy and will not be replaced: process ReplaceUnhealthy of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "stopped",
    instance: {
      ec2: { state: "stopped", systemStatus: "not-applicable", instanceStatus: "not-applicable" },
      targets: [{ targetGroup: "targetGroups.web", state: "unused", reason: "Target.InvalidState" }],
    },
    verdict: "EC2 says that it is stopped, so it serves nothing and its group replaces it.",
    serving: "no",
  },
  {
    case: "stopped, Terminate suspended",
    instance: { ec2: { state: "stopped", systemStatus: "x", instanceStatus: "x" } },
    group: { suspendedProcesses: ["Terminate"] },
    verdict:
      "EC2 says that it is stopped, so it serves nothing and will not be replaced: process Terminate of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "host impaired",
    instance: { ec2: { state: "running", systemStatus: "impaired", instanceStatus: "ok" } },
    verdict:
      "Answers the load balancer, but fails EC2's system status check (its host or network) and its group replaces it if that lasts.",
    serving: "yes",
  },
  {
    case: "operating system impaired, HealthCheck suspended",
    instance: { ec2: { state: "running", systemStatus: "ok", instanceStatus: "impaired" } },
    group: { suspendedProcesses: ["HealthCheck"] },
    verdict:
      "Answers the load balancer, but fails EC2's instance status check (its operating system) and will not be replaced: process HealthCheck of shop-web is suspended.",
    serving: "yes",
  },
  {
    case: "nothing forwards to its target group",
    instance: { targets: [{ targetGroup: "targetGroups.web", state: "unused", reason: "Target.NotInUse" }] },
    tier: { targetGroups: [targetGroupFact({ inUse: false })] },
    verdict: "Gets no requests: no listener or rule forwards to targetGroups.web.",
    serving: "no",
  },
  {
    case: "its zone is not enabled",
    instance: {
      availabilityZone: "us-east-1d",
      targets: [{ targetGroup: "targetGroups.web", state: "unused", reason: "Target.NotInUse" }],
    },
    verdict: "Gets no requests: the load balancer is not enabled in us-east-1d (spec.subnetIds).",
    serving: "no",
  },
  {
    case: "unused for a reason of AWS's own",
    instance: {
      targets: [{ targetGroup: "targetGroups.web", state: "unused", reason: "Target.IpUnusable" }],
    },
    verdict: "Gets no requests: targetGroups.web does not use it (Target.IpUnusable).",
    serving: "no",
  },
  {
    case: "registered nowhere",
    instance: { targets: [] },
    verdict:
      "InService, and not registered in targetGroups.web, which spec.autoScalingGroups.web.targetGroups names: it gets no requests from there.",
    serving: "no",
  },
  {
    case: "registered nowhere, AddToLoadBalancer suspended",
    instance: { targets: [] },
    group: { suspendedProcesses: ["AddToLoadBalancer"] },
    verdict:
      "InService, and not registered in targetGroups.web: process AddToLoadBalancer of shop-web is suspended.",
    serving: "no",
  },
  {
    case: "initial",
    instance: {
      targets: [{ targetGroup: "targetGroups.web", state: "initial", reason: "Elb.InitialHealthChecking" }],
    },
    verdict:
      "Starting: healthy on targetGroups.web 60 s after its application answers (2 checks, 30 s apart).",
    serving: "no",
  },
  {
    case: "initial, health check settings unread",
    instance: { targets: [{ targetGroup: "targetGroups.web", state: "initial" }] },
    tier: { targetGroups: undefined },
    verdict: "Starting: targetGroups.web has not finished its first checks.",
    serving: "no",
  },
  {
    case: "pending",
    instance: { lifecycleState: "Pending", targets: [] },
    verdict: "Starting: EC2 launches it, and the group registers it when it runs.",
    serving: "no",
  },
  {
    case: "held by a launch hook",
    instance: { lifecycleState: "Pending:Wait", targets: [] },
    verdict: "Starting: a launch lifecycle hook holds it (Pending:Wait).",
    serving: "no",
  },
  {
    case: "terminating, draining",
    instance: {
      lifecycleState: "Terminating",
      targets: [{ targetGroup: "targetGroups.web", state: "draining" }],
    },
    verdict:
      "Leaving: requests in flight on targetGroups.web finish for up to 30 s (deregistration delay), then it is terminated.",
    serving: "no",
  },
  {
    case: "terminating, drained",
    instance: { lifecycleState: "Terminating:Proceed", targets: [] },
    verdict: "Leaving: no requests reach it, and the group terminates it.",
    serving: "no",
  },
  {
    case: "held by a termination hook",
    instance: { lifecycleState: "Terminating:Wait", targets: [] },
    verdict: "Leaving: a termination lifecycle hook holds it (Terminating:Wait).",
    serving: "no",
  },
  {
    case: "terminated",
    instance: {
      lifecycleState: "Terminating",
      ec2: { state: "terminated", systemStatus: "x", instanceStatus: "x" },
    },
    verdict: "Terminated: it leaves the group's list within the hour.",
    serving: "no",
  },
  {
    case: "standby",
    instance: { lifecycleState: "Standby", targets: [] },
    verdict: "In standby: it gets no requests and is not replaced until somebody returns it to service.",
    serving: "no",
  },
  {
    case: "detached",
    instance: { lifecycleState: "Detaching" },
    verdict: "Detached: the group lets it go without terminating it, and nothing replaces it for its health.",
    serving: "no",
  },
  {
    case: "in the warm pool",
    instance: { lifecycleState: "Warmed:Stopped", targets: [] },
    verdict:
      "In the warm pool (Warmed:Stopped): it gets requests only after the group takes it into service.",
    serving: "no",
  },
  {
    case: "taken out by somebody",
    instance: { targets: [{ targetGroup: "targetGroups.web", state: "draining" }] },
    verdict:
      "InService, and being deregistered from targetGroups.web: somebody other than its group took it out.",
    serving: "no",
  },
  {
    case: "health checks disabled",
    instance: {
      targets: [
        { targetGroup: "targetGroups.web", state: "unavailable", reason: "Target.HealthCheckDisabled" },
      ],
    },
    verdict:
      "targetGroups.web says unavailable (Target.HealthCheckDisabled), so whether its application works is unknown.",
    serving: "unknown",
  },
  {
    case: "target health unread",
    instance: { targets: undefined },
    verdict: "The load balancer's target health could not be read, so whether it serves is unknown.",
    serving: "unknown",
  },
  {
    case: "its target group not seen once",
    instance: { targets: undefined },
    tier: { unconfirmed: [{ kind: "targetGroup", text: "target group shop-web" }] },
    verdict: "AWS's answers lack a target group that was there; whether it serves, a second read decides.",
    serving: "unknown",
  },
  {
    case: "EC2 unread",
    instance: { ec2: undefined },
    verdict: "Healthy in its target groups, but EC2's status checks could not be read.",
    serving: "unknown",
  },
  {
    case: "no target groups",
    instance: { targets: [] },
    group: { targetGroups: [] },
    verdict:
      "In service: spec.autoScalingGroups.web.targetGroups is empty, so only EC2's status checks speak for it.",
    serving: "yes",
  },
  {
    case: "a state that AWS invents tomorrow",
    instance: { lifecycleState: "Quarantined" },
    verdict: "What Auto Scaling's state Quarantined means for its requests is not known here.",
    serving: "unknown",
  },
];

describe("verdict: the three health checks of an instance in one sentence", () => {
  it.each(ROWS)("$case", (row) => {
    expect(judge(row)).toMatchObject({ verdict: row.verdict, serving: row.serving });
  });

  it("does not mind a spare target group that no listener uses", () => {
    const instance = {
      targets: [
        { targetGroup: "targetGroups.spare", state: "unused", reason: "Target.NotInUse" },
        { targetGroup: "targetGroups.web", state: "healthy" },
      ],
    };
    const targetGroups = [targetGroupFact({ key: "targetGroups.spare", inUse: false }), targetGroupFact()];
    const group = { targetGroups: ["targetGroups.spare", "targetGroups.web"] };
    expect(
      judge({ case: "", instance, group, tier: { targetGroups }, verdict: "", serving: "yes" }),
    ).toMatchObject({
      verdict: "Serving: target health, Auto Scaling and EC2 agree that it is healthy.",
      serving: "yes",
    });
  });

  it("never says that it serves when nothing at all was read of it", () => {
    const group = groupFact({ healthCheckType: "" });
    const instance = instanceFact({ ec2: undefined, targets: undefined, launchedAtMs: undefined });
    expect(verdictOf(instance, group, { nowMs: NOW_MS }).serving).toBe("unknown");
  });

  it("knows AWS's words for every replacement for health, and no other", () => {
    const causes = [
      "an EC2 health check indicating it has been terminated or stopped.",
      "an EC2 instance status checks failure.",
      "an ELB system health check failure.",
      "a user health-check.",
    ].map(
      (ending) => `At 2026-03-01T11:50:00Z an instance was taken out of service in response to ${ending}`,
    );
    const activities = (texts: string[]) => texts.map((cause) => ({ ...replacementActivity(5), cause }));
    const thrashing = (texts: string[]) =>
      judge({
        case: "",
        instance: failing,
        group: { activities: activities(texts) },
        verdict: "",
        serving: "no",
      }).verdict.includes("as the instances before it did");
    for (const cause of causes) expect(thrashing([cause, cause, cause])).toBe(true);
    const refresh =
      "At 2026-03-01T11:50:00Z an instance was taken out of service in response to an instance refresh.";
    expect(thrashing([refresh, refresh, refresh])).toBe(false);
  });

  it("names no zone as missing when the load balancer could not be read", () => {
    const row: Row = {
      case: "",
      instance: {
        targets: [{ targetGroup: "targetGroups.web", state: "unused", reason: "Target.NotInUse" }],
      },
      tier: { loadBalancer: undefined },
      verdict: "",
      serving: "no",
    };
    expect(judge(row).verdict).toBe("Gets no requests: targetGroups.web does not use it (Target.NotInUse).");
    expect(judge({ ...row, tier: { loadBalancer: loadBalancerFact() } }).verdict).toBe(
      "Gets no requests: targetGroups.web does not use it (Target.NotInUse).",
    );
  });
});

describe("where an instance stands in its life", () => {
  const phaseOf = (instance: Partial<InstanceFact>, group: Partial<GroupFact> = {}) =>
    judge({ case: "", instance, group, verdict: "", serving: "no" }).phase;
  const initial = [{ targetGroup: "targetGroups.web", state: "initial" }];

  it("one that boots is no failure, in EC2, in the load balancer, or within its grace period", () => {
    expect(phaseOf({ lifecycleState: "Pending" })).toBe("starting");
    expect(phaseOf({ targets: initial })).toBe("starting");
    expect(phaseOf({ ...failing, ...young })).toBe("starting");
    expect(phaseOf(failing)).toBe("failing");
  });

  it("one that goes or stands apart is none either", () => {
    expect(phaseOf({ lifecycleState: "Terminating" })).toBe("leaving");
    expect(phaseOf({ lifecycleState: "Standby" })).toBe("apart");
    expect(phaseOf({})).toBe("serving");
    expect(phaseOf({ targets: undefined })).toBe("unknown");
  });
});

describe("while requests move from one target group to another", () => {
  const old = targetGroupFact({ key: "shop-web-old", isLeaving: true });
  const trial = targetGroupFact({ inUse: false });
  const over = { case: "", verdict: "", serving: "yes" as const, tier: { targetGroups: [old, trial] } };
  const group = { otherTargetGroups: ["shop-web-old"] };
  const inOld = { targetGroup: "shop-web-old", state: "healthy" };

  it("who serves in the old one serves, whatever becomes of it in the new one", () => {
    for (const targets of [
      [inOld],
      [inOld, { targetGroup: "targetGroups.web", state: "initial" }],
      [inOld, ...FAILING],
    ])
      expect(judge({ ...over, instance: { targets }, group })).toMatchObject({ serving: "yes" });
  });

  it("that it fails where it gets no requests is told", () => {
    expect(judge({ ...over, instance: { targets: [inOld, ...FAILING] }, group }).verdict).toBe(
      "Serving, and fails /health on targetGroups.web (Target.ResponseCodeMismatch), which gets no requests; its group replaces it for that.",
    );
  });

  it("nothing is claimed when it is not known who gets the requests", () => {
    const { inUse: _inUse, ...unclear } = trial;
    const { inUse: _old, ...unclearOld } = old;
    const tier = { targetGroups: [unclearOld, unclear] };
    expect(judge({ ...over, tier, instance: { targets: [inOld, ...FAILING] }, group }).serving).toBe(
      "unknown",
    );
  });
});

describe("an instance of a rollout that fails", () => {
  it("is told what changed, and not to wait longer", () => {
    const rollout = {
      status: "InProgress",
      startedAtMs: NOW_MS - 1_200_000,
      changes: [{ field: "imageId", from: "ami-1", to: "ami-2" }],
    };
    const { verdict } = judge({
      case: "",
      instance: { ...failing, isOfRollout: true },
      group: { rollout, activities: thrash },
      verdict: "",
      serving: "no",
    });
    expect(verdict).toBe(
      "Fails /health on targetGroups.web (Target.ResponseCodeMismatch), as the instances before it did: all of them run what the rollout brings (imageId from ami-1 to ami-2), so look there first, or go back.",
    );
  });
});
