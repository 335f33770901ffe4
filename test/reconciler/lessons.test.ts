/** What reviews and the simulation have taught: one fact each, so that it stays learnt. */
import { describe, expect, it } from "vitest";
import type { FleetInstance } from "../../src/reconciler/core/resource.ts";
import { liveTemplate } from "../../src/reconciler/kinds/auto-scaling-group/instance-refresh.ts";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { type Installation, WEB_API } from "../support/installation.ts";
import { fleetInstance } from "./core/fixtures.ts";
import { addFault, converged, driftEvents, specWith } from "./world.ts";

const LISTS = {
  elasticloadbalancing: { DescribeLoadBalancers: "LoadBalancers", DescribeTargetGroups: "TargetGroups" },
  autoscaling: { DescribeAutoScalingGroups: "AutoScalingGroups" },
  ec2: { DescribeLaunchTemplates: "LaunchTemplates" },
  cloudwatch: { DescribeAlarms: "MetricAlarms" },
} as const;

describe("deleting", () => {
  it("does not believe one round of empty lists: nothing is left behind in AWS", async () => {
    const installation = await converged();
    for (const [service, lists] of Object.entries(LISTS)) {
      for (const [operation, member] of Object.entries(lists)) {
        const fault = { kind: "output" as const, output: { [member]: [] } };
        addFault(installation, `${service}:${operation}`, fault, { times: 1 });
      }
    }
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined, 3_600_000);
    const { LoadBalancers } = await installation.aws("elasticloadbalancing:DescribeLoadBalancers", {});
    const { AutoScalingGroups } = await installation.aws("autoscaling:DescribeAutoScalingGroups", {});
    expect([LoadBalancers, AutoScalingGroups]).toEqual([[], []]);
  });
});

describe("an alarm that goes while it is being changed", () => {
  it("is made anew by the change, and is ours", async () => {
    const installation: Installation = await converged(undefined, {
      interceptor: {
        before({ operation, input }) {
          const { AlarmName, Threshold } = input as { AlarmName: string; Threshold?: number };
          const isChange = operation === "PutMetricAlarm" && Threshold === 99;
          if (isChange) installation.account.parts.cloudWatch.deleteServiceAlarm(AlarmName);
          return undefined;
        },
      },
    });
    installation.post(
      specWith((spec) => {
        spec.alarms["high-5xx"]!.threshold = 99;
      }),
    );
    await installation.clock.advance(600_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});

describe("a pause", () => {
  it("ends an action between two of its calls", async () => {
    const installation = await converged();
    const before = installation.mutations().length;
    const slow: Fault = { kind: "slow", ms: 20_000 };
    addFault(installation, "ec2:CreateLaunchTemplateVersion", slow, { times: 1 });
    installation.post(
      specWith((spec) => {
        spec.tags = { Environment: "production", Team: "storefront" };
      }),
    );
    await installation.clock.advance(3_000);
    const calls = installation.mutations().length;
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(120_000);
    expect(installation.mutations().slice(before)).toContain("ec2:CreateLaunchTemplateVersion");
    expect(installation.mutations()).toHaveLength(calls);
    installation.annotate({ "holdfast.dev/paused": "false" });
    await installation.untilReady();
    expect(installation.mutations().slice(calls)).toContain("ec2:CreateTags");
  });
});

describe("a setting that AWS cannot be without", () => {
  it("is left as it is when the spec no longer declares it", async () => {
    const installation = await converged();
    const before = installation.mutations().length;
    const spec = specWith((draft) => {
      delete (draft.loadBalancer as { securityGroups?: string[] }).securityGroups;
    });
    installation.post(spec);
    await installation.untilReady();
    expect(installation.mutations()).toHaveLength(before);
  });
});

describe("what AWS forgets", () => {
  it("scaling activities stay in the status after the group has settled", async () => {
    const installation = await converged();
    const [victim] = installation.get().status?.instances ?? [];
    installation.account.control.breakApplication(victim?.instanceId ?? "", {
      kind: "status",
      statusCode: 500,
    });
    await installation.until(() => installation.condition("Healthy")?.status === "False");
    await installation.untilReady();
    await installation.clock.advance(300_000);
    const activities = installation.get().status?.activities ?? [];
    expect(activities.some((row) => row.description.includes(victim?.instanceId ?? "-"))).toBe(true);
  });
});

describe("an instance that fails while its grace period hides it", () => {
  it("is shown with the time until which Auto Scaling will not act", async () => {
    const spec = specWith((draft) => {
      draft.autoScalingGroups.web.healthCheckGracePeriod = 7200;
    });
    const installation = await converged(spec);
    const [victim] = installation.get().status?.instances ?? [];
    installation.account.control.breakApplication(victim?.instanceId ?? "", {
      kind: "status",
      statusCode: 500,
    });
    await installation.until(() => installation.condition("Healthy")?.status === "False");
    const row = installation.get().status?.instances.find((one) => one.instanceId === victim?.instanceId);
    expect(row?.launchTime).toBeDefined();
    expect(row?.verdict).toMatch(/grace/);
  });
});

describe("a target group that is being replaced while AWS cannot say how its targets are", () => {
  it("keeps the traffic on the predecessor", async () => {
    const installation = await converged();
    const { TargetGroups: before } = await installation.aws("elasticloadbalancing:DescribeTargetGroups", {});
    const failure: Fault = {
      kind: "error",
      code: "InternalFailure",
      message: "We have a problem.",
      status: 500,
    };
    addFault(installation, "elasticloadbalancing:DescribeTargetHealth", failure, { seconds: 300 });
    installation.post(
      specWith((draft) => {
        draft.targetGroups.web.port = 9090;
      }),
    );
    await installation.clock.advance(290_000);
    const { LoadBalancers } = await installation.aws("elasticloadbalancing:DescribeLoadBalancers", {});
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    const { Listeners } = await installation.aws("elasticloadbalancing:DescribeListeners", {
      LoadBalancerArn,
    });
    const forward = Listeners?.find((listener) => listener.Port === 443)?.DefaultActions?.[0]?.ForwardConfig;
    const serving = (forward?.TargetGroups ?? []).filter((tuple) => (tuple.Weight ?? 1) > 0);
    expect(serving.map((tuple) => tuple.TargetGroupArn)).toEqual([before?.[0]?.TargetGroupArn]);
    await installation.untilReady();
    const { TargetGroups: after } = await installation.aws("elasticloadbalancing:DescribeTargetGroups", {});
    expect(after?.map((group) => group.Port)).toEqual([9090]);
  });
});

describe("a group whose instances are of two launch template versions", () => {
  it("is not at either of them while no refresh is under way", () => {
    const template = (version: string) => ({ id: "lt-1", version });
    const member = (version: string, lifecycleState: string) =>
      fleetInstance("i", { lifecycleState, template: template(version) });
    const version = (...instances: FleetInstance[]) => liveTemplate({ instances }, template("2")).version;
    expect(version(member("2", "InService"), member("1", "Pending"))).toBe("2, 1");
    expect(version(member("2", "InService"), member("1", "Terminating"))).toBe("2");
  });
});

describe("a field that somebody else writes as well", () => {
  it("is left as it is for a while, and a person is told", async () => {
    const installation = await converged();
    const [group] =
      (await installation.aws("autoscaling:DescribeAutoScalingGroups", {})).AutoScalingGroups ?? [];
    const AutoScalingGroupName = group?.AutoScalingGroupName ?? "";
    const meddle = async () => {
      await installation.aws("autoscaling:UpdateAutoScalingGroup", {
        AutoScalingGroupName,
        DefaultCooldown: 7,
      });
    };
    const isContested = () => installation.condition("Stalled")?.reason === "Contested";
    for (let round = 0; round < 8 && !isContested(); round += 1) {
      await meddle();
      await installation.clock.advance(70_000);
    }
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "Contested" });
    const writes = installation.mutations().length;
    await installation.clock.advance(60_000);
    expect(installation.mutations()).toHaveLength(writes);
    await installation.clock.advance(900_000);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation).every((event) => event.state === "Corrected")).toBe(true);
  });
});
