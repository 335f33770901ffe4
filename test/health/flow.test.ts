import { describe, expect, it } from "vitest";
import { flowOf } from "../../src/health/flow.ts";
import { instanceRowsOf } from "../../src/health/instances.ts";
import type { GroupFact, InstanceFact } from "../../src/model/health.ts";
import { FAILING, groupFact, instanceFact, NOW_MS, replacementActivity, tierFacts } from "./fixtures.ts";

function flow(over: Partial<InstanceFact>, groupOver: Partial<GroupFact> = {}) {
  const instance = instanceFact(over);
  const group = groupFact({ ...groupOver, instances: [instance, instanceFact({ instanceId: "i-ok" })] });
  return flowOf(instance, group, tierFacts({ groups: [group] }));
}

const states = (over: Partial<InstanceFact>, groupOver?: Partial<GroupFact>) =>
  flow(over, groupOver)
    ?.map((step) => step.state[0])
    .join("");

describe("flow: seven steps from a failing application to a healthy replacement", () => {
  it("says nothing of an instance that is well, or that leaves because the group shrinks", () => {
    expect(flow({})).toBeUndefined();
    expect(
      flow({
        lifecycleState: "Terminating",
        targets: [{ targetGroup: "targetGroups.web", state: "draining" }],
      }),
    ).toBeUndefined();
  });

  it("takes its durations from the configuration", () => {
    expect(flow({ targets: FAILING })?.map((step) => step.expectedSeconds)).toEqual([
      undefined,
      90,
      60,
      300,
      30,
      undefined,
      60,
    ]);
  });

  it("waits for Auto Scaling to notice", () => {
    expect(states({ targets: FAILING })).toBe("ddcpppp");
  });

  it("waits for the grace period, whose end it names", () => {
    const steps = flow({ targets: FAILING, launchedAtMs: NOW_MS - 50_000 });
    expect(steps?.map((step) => step.state[0]).join("")).toBe("dddcppp");
    expect(steps?.[3]?.detail).toBe(
      "New instances are spared for 300 s; for this instance not before 12:04:10Z.",
    );
  });

  it("is blocked where the group does not ask the load balancer", () => {
    const steps = flow({ targets: FAILING }, { healthCheckType: "EC2" });
    expect(steps?.[2]).toMatchObject({
      state: "blocked",
      detail: "Will not happen: health check type is EC2 (spec.autoScalingGroups.web.healthCheckType).",
    });
  });

  it("is blocked where a process is suspended", () => {
    expect(states({ targets: FAILING }, { suspendedProcesses: ["ReplaceUnhealthy"] })).toBe("ddddbpp");
    expect(states({ healthStatus: "Unhealthy" }, { suspendedProcesses: ["Terminate"] })).toBe("ddddbpp");
  });

  it("drains and terminates what is marked Unhealthy", () => {
    expect(states({ healthStatus: "Unhealthy" })).toBe("ddddcpp");
    expect(
      states(
        { healthStatus: "Unhealthy", lifecycleState: "Terminating" },
        { suspendedProcesses: ["Terminate"] },
      ),
    ).toBe("ddddcpp");
  });

  it("follows the replacement until it serves", () => {
    const activities = [replacementActivity(5)];
    const launchedAtMs = NOW_MS - 4 * 60_000;
    const starting = [{ targetGroup: "targetGroups.web", state: "initial" }];
    expect(states({ lifecycleState: "Pending", targets: [], launchedAtMs: undefined }, { activities })).toBe(
      "dddddcp",
    );
    expect(
      states(
        { lifecycleState: "Pending", targets: [], launchedAtMs },
        { activities, suspendedProcesses: ["Launch"] },
      ),
    ).toBe("dddddbp");
    expect(states({ targets: starting, launchedAtMs }, { activities })).toBe("ddddddc");
    expect(states({ launchedAtMs }, { activities })).toBeUndefined();
    expect(states({ targets: starting, launchedAtMs: NOW_MS - 6 * 60_000 }, { activities })).toBeUndefined();
  });
});

describe("instance rows", () => {
  it("put the three checks side by side, with verdict and flow", () => {
    const bad = instanceFact({ instanceId: "i-bad", targets: FAILING, launchTemplateVersion: "3" });
    const [first, second] = instanceRowsOf(
      tierFacts({ groups: [groupFact({ instances: [bad, instanceFact()] })] }),
    );
    expect(first).toMatchObject({
      instanceId: "i-bad",
      autoScalingGroup: "autoScalingGroups.web",
      launchTemplateVersion: "3",
      launchTime: "2026-03-01T11:00:00.000Z",
      targetHealth: FAILING,
      autoScaling: { lifecycleState: "InService", healthStatus: "Healthy", protectedFromScaleIn: false },
      serving: "no",
    });
    expect(first?.flow).toHaveLength(7);
    expect(second).not.toHaveProperty("flow");
  });

  it("claim nothing of what could not be read", () => {
    const blind = instanceFact({ ec2: undefined, launchedAtMs: undefined });
    const [row] = instanceRowsOf(tierFacts({ groups: [groupFact({ instances: [blind] })] }));
    expect(row).not.toHaveProperty("ec2");
    expect(row).not.toHaveProperty("launchTime");
    expect(instanceRowsOf({ nowMs: NOW_MS })).toEqual([]);
  });
});
