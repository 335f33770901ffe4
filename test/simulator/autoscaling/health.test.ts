import type * as asg from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { health, type Lab } from "../support.ts";
import {
  activities,
  ask,
  group,
  groupLab,
  HOUR,
  inService,
  instances,
  MINUTE,
  refusalText,
  template,
  webLab,
  zones,
} from "./support.ts";

const FAILING = { kind: "status", statusCode: 500 } as const;

/** The fewest instances in service at the end of any minute of the next so many. */
async function fewestInService(lab: Lab, minutes: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let minute = 0; minute < minutes; minute += 1) {
    await lab.clock.advance(MINUTE);
    fewest = Math.min(fewest, (await inService(lab)).length);
  }
  return fewest;
}

describe("an application that fails", () => {
  it("is taken out of the load balancer, terminated after its connections have drained, and replaced", async () => {
    const lab = await webLab();
    const [sick = "", well = ""] = await inService(lab);
    expect(await health(lab, lab.targetGroup, sick)).toBe("healthy");
    lab.account.control.breakApplication(sick, FAILING);
    await lab.clock.runUntil(
      () => lab.account.parts.elb.targetHealth(lab.targetGroup, sick)?.state === "unhealthy",
      2 * MINUTE,
    );
    expect(await inService(lab)).toContain(sick);
    await lab.clock.advance(70_000);
    // What is in progress comes first.
    const [terminate, launch] = await activities(lab);
    const { Instances: all } = await group(lab);
    expect(all?.find((one) => one.InstanceId === sick)).toMatchObject({
      LifecycleState: "Terminating",
      HealthStatus: "Unhealthy",
    });
    expect(terminate).toMatchObject({
      Description: `Terminating EC2 instance: ${sick} - Waiting For ELB Connection Draining.`,
      StatusCode: "WaitingForELBConnectionDraining",
    });
    expect(terminate?.Cause).toMatch(
      /^At \S+Z an instance was taken out of service in response to an ELB system health check failure\.$/,
    );
    expect(launch?.Cause).toMatch(
      /an instance was launched in response to an unhealthy instance needing to be replaced\.$/,
    );
    expect(lab.account.parts.ec2.instance(sick)?.state).toBe("running");
    await lab.clock.advance(10 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(2);
    expect(now).toContain(well);
    expect(now).not.toContain(sick);
    expect(lab.account.parts.ec2.instance(sick)?.state).toBe("terminated");
    for (const id of now) expect(await health(lab, lab.targetGroup, id)).toBe("healthy");
  });

  it("stays when the group looks at EC2's checks only", async () => {
    const lab = await webLab({ HealthCheckType: "EC2" });
    const before = await inService(lab);
    lab.account.control.breakApplication(before[0]!, FAILING);
    await lab.clock.advance(30 * MINUTE);
    expect(await inService(lab)).toEqual(before);
  });

  it("is left alone until the grace period is over", async () => {
    const lab = await webLab({ HealthCheckGracePeriod: 3_600 });
    const before = await inService(lab);
    lab.account.control.breakApplication(before[0]!, FAILING);
    await lab.clock.advance(40 * MINUTE);
    expect(await inService(lab)).toEqual(before);
    await lab.clock.advance(30 * MINUTE);
    expect(await inService(lab)).not.toContain(before[0]);
  });

  it("everywhere is replaced one instance at a time", async () => {
    const lab = await webLab({ MinSize: 4 });
    for (const id of await inService(lab)) lab.account.control.breakApplication(id, FAILING);
    expect(await fewestInService(lab, 60)).toBe(3);
    for (const id of await inService(lab)) expect(await health(lab, lab.targetGroup, id)).toBe("healthy");
  });

  it("waits for a replacement that is slow to start before the next is taken", async () => {
    const lab = await webLab({ MinSize: 4 }, undefined, {
      timings: { instancePending: [5 * MINUTE, 5 * MINUTE] },
    });
    await lab.clock.advance(10 * MINUTE);
    for (const id of await inService(lab)) lab.account.control.breakApplication(id, FAILING);
    expect(await fewestInService(lab, 60)).toBe(3);
  });

  it("in every instance of a target group attached later is not replaced until one has been healthy", async () => {
    const lab = await webLab({ TargetGroupARNs: [] }, ["ami-0bad0bad"]);
    const before = await inService(lab);
    await ask(lab, "AttachLoadBalancerTargetGroups", { TargetGroupARNs: [lab.targetGroup] });
    await lab.clock.advance(HOUR);
    expect(await health(lab, lab.targetGroup, before[0]!)).toContain("unhealthy");
    expect(await inService(lab)).toEqual(before);
  });
});

describe("an instance that stops or disappears", () => {
  it("is replaced at once, within the grace period too", async () => {
    const lab = await groupLab({ HealthCheckGracePeriod: 3_600 });
    const [stopped = "", terminated = ""] = await inService(lab);
    await lab.call("ec2:StopInstances", { InstanceIds: [stopped] });
    await lab.call("ec2:TerminateInstances", { InstanceIds: [terminated] });
    await lab.clock.advance(3 * MINUTE);
    const now = await inService(lab);
    expect(now).toHaveLength(2);
    expect(now).not.toContain(stopped);
    expect(now).not.toContain(terminated);
    const causes = (await activities(lab)).map((one) => one.Cause);
    expect(
      causes.filter((cause) =>
        cause?.includes("EC2 health check indicating it has been terminated or stopped"),
      ),
    ).toHaveLength(2);
  });

  it("impaired is tolerated for some minutes, then replaced", async () => {
    const lab = await groupLab();
    const [id = ""] = await inService(lab);
    lab.account.control.impair(id, { system: false, instance: true });
    await lab.clock.advance(4 * MINUTE);
    expect(await inService(lab)).toContain(id);
    await lab.clock.advance(8 * MINUTE);
    expect(await inService(lab)).not.toContain(id);
  });
});

describe("a zone that fails", () => {
  it("is left for the others, and taken back when it returns", async () => {
    const lab = await groupLab({ MinSize: 3 });
    expect(await zones(lab)).toEqual(["a", "b", "c"]);
    lab.account.control.failZone("us-east-1b");
    await lab.clock.advance(10 * MINUTE);
    expect(await zones(lab)).toHaveLength(3);
    expect(await zones(lab)).not.toContain("b");
    lab.account.control.restoreZone("us-east-1b");
    await lab.clock.advance(20 * MINUTE);
    expect(await zones(lab)).toEqual(["a", "b", "c"]);
    expect((await instances(lab)).length).toBe(3);
  });

  it("that the group no longer names is emptied, launching first", async () => {
    const lab = await groupLab({ MinSize: 3, MaxSize: 3 });
    await ask(lab, "UpdateAutoScalingGroup", { VPCZoneIdentifier: "subnet-1a,subnet-1b" });
    let least = 3;
    for (let step = 0; step < 30; step += 1) {
      await lab.clock.advance(30_000);
      least = Math.min(least, (await inService(lab)).length);
    }
    expect(least).toBe(3);
    expect(await zones(lab)).not.toContain("c");
    expect(await instances(lab)).toHaveLength(3);
  });
});

describe("a launch that EC2 refuses", () => {
  it("is a failed activity, retried with growing gaps, and works once the group is mended", async () => {
    const lab = await groupLab({ MinSize: 0, LaunchTemplate: { LaunchTemplateName: "web", Version: "2" } }, [
      "ami-12345678",
      "ami-87654321",
    ]);
    await lab.call("ec2:DeregisterImage", { ImageId: "ami-87654321" });
    await ask(lab, "UpdateAutoScalingGroup", { MinSize: 2 });
    await lab.clock.advance(2 * HOUR);
    const failed = await activities(lab);
    expect(await instances(lab)).toEqual([]);
    expect(failed.every((one) => one.StatusCode === "Failed")).toBe(true);
    expect(failed[0]?.Description).toMatch(
      /^Launching a new EC2 instance\. {2}Status Reason: .*ami-87654321.* Launching EC2 instance failed\.$/,
    );
    expect(failed.length).toBeGreaterThan(5);
    expect(failed.length).toBeLessThan(25);
    await ask(lab, "UpdateAutoScalingGroup", { LaunchTemplate: { LaunchTemplateName: "web", Version: "1" } });
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toHaveLength(2);
  });
});

describe("suspended processes", () => {
  it("Launch: nothing is launched until it is resumed", async () => {
    const lab = await groupLab();
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["Launch"] });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 4 });
    await lab.clock.advance(10 * MINUTE);
    expect(await inService(lab)).toHaveLength(2);
    expect((await group(lab)).SuspendedProcesses).toMatchObject([{ ProcessName: "Launch" }]);
    await ask(lab, "ResumeProcesses", { ScalingProcesses: ["Launch"] });
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toHaveLength(4);
  });

  it("Terminate: nothing is terminated, neither surplus nor unhealthy", async () => {
    const lab = await groupLab({ DesiredCapacity: 4 });
    const before = await inService(lab);
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["Terminate"] });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 2 });
    await lab.call("autoscaling:SetInstanceHealth", { InstanceId: before[0], HealthStatus: "Unhealthy" });
    await lab.clock.advance(10 * MINUTE);
    expect(await inService(lab)).toEqual(before);
    await ask(lab, "ResumeProcesses");
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).toHaveLength(2);
  });

  it("HealthCheck: what stops is not noticed; ReplaceUnhealthy: it is noticed and kept", async () => {
    const lab = await groupLab();
    const [first = "", second = ""] = await inService(lab);
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["HealthCheck"] });
    await lab.call("ec2:StopInstances", { InstanceIds: [first] });
    await lab.clock.advance(5 * MINUTE);
    expect((await instances(lab)).map((one) => one.HealthStatus)).toEqual(["Healthy", "Healthy"]);
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["ReplaceUnhealthy"] });
    await ask(lab, "ResumeProcesses", { ScalingProcesses: ["HealthCheck"] });
    await lab.clock.advance(5 * MINUTE);
    const kept = await instances(lab);
    expect(kept.find((one) => one.InstanceId === first)?.HealthStatus).toBe("Unhealthy");
    expect(kept.map((one) => one.InstanceId)).toContain(second);
    await ask(lab, "ResumeProcesses");
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).not.toContain(first);
  });

  it("AddToLoadBalancer: new instances stay out of the target groups", async () => {
    const lab = await webLab();
    await ask(lab, "SuspendProcesses", { ScalingProcesses: ["AddToLoadBalancer"] });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).toHaveLength(3);
    expect(lab.account.parts.elb.targets(lab.targetGroup)).toHaveLength(2);
  });

  it("of unknown names are refused, and no name means all", async () => {
    const lab = await groupLab();
    expect(
      await refusalText(lab, "autoscaling:SuspendProcesses", {
        AutoScalingGroupName: "web",
        ScalingProcesses: ["Everything"],
      }),
    ).toMatch(/^ValidationError: The process Everything is not valid/);
    await ask(lab, "SuspendProcesses");
    expect((await group(lab)).SuspendedProcesses).toHaveLength(9);
  });
});

describe("scaling in", () => {
  it("takes from the fullest zone, then by the group's policies, and never what is protected", async () => {
    const lab = await groupLab({ MinSize: 0, DesiredCapacity: 4, TerminationPolicies: ["NewestInstance"] });
    const before = await instances(lab);
    const fullest = before
      .filter((one) => one.AvailabilityZone === "us-east-1a")
      .map((one) => one.InstanceId!);
    expect(fullest).toHaveLength(2);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 3 });
    await lab.clock.advance(3 * MINUTE);
    const gone = before
      .map((one) => one.InstanceId!)
      .filter(
        (id) => !lab.account.parts.autoScaling.groups()[0]?.instances.some((one) => one.instanceId === id),
      );
    expect(fullest).toContain(gone[0]);
    const left = await inService(lab);
    await ask(lab, "SetInstanceProtection", { InstanceIds: left, ProtectedFromScaleIn: true });
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 0 });
    await lab.clock.advance(10 * MINUTE);
    expect(await inService(lab)).toEqual(left);
    expect((await activities(lab))[0]?.Description).toContain(
      "all remaining instances are protected from scale in",
    );
    await ask(lab, "SetInstanceProtection", { InstanceIds: left.slice(1), ProtectedFromScaleIn: false });
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toEqual(left.slice(0, 1));
  });

  it("by default goes for the oldest version of the template", async () => {
    const lab = await groupLab({ MinSize: 1, VPCZoneIdentifier: "subnet-1a" }, [
      "ami-12345678",
      "ami-87654321",
    ]);
    const [old] = await inService(lab);
    await lab.clock.advance(10 * MINUTE);
    await ask(lab, "UpdateAutoScalingGroup", {
      LaunchTemplate: { LaunchTemplateName: "web", Version: "2" },
      DesiredCapacity: 2,
    });
    await lab.clock.advance(5 * MINUTE);
    await ask(lab, "SetDesiredCapacity", { DesiredCapacity: 1 });
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).not.toContain(old);
  });
});

describe("single instances", () => {
  it("marked unhealthy by a user are replaced, after the grace period unless told otherwise", async () => {
    const lab = await groupLab({ HealthCheckGracePeriod: 3_600 });
    const [id = ""] = await inService(lab);
    const mark = (input: object): Promise<object> =>
      lab.call("autoscaling:SetInstanceHealth", { InstanceId: id, HealthStatus: "Unhealthy", ...input });
    await mark({});
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toContain(id);
    await mark({ ShouldRespectGracePeriod: false });
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).not.toContain(id);
    expect(
      (await activities(lab)).some((one) => one.Cause?.includes("in response to a user health-check")),
    ).toBe(true);
  });

  it("go to standby, where nobody checks them, and come back", async () => {
    const lab = await webLab();
    const [id = ""] = await inService(lab);
    const { Activities: moved } = await ask<asg.EnterStandbyAnswer>(lab, "EnterStandby", {
      InstanceIds: [id],
      ShouldDecrementDesiredCapacity: false,
    });
    expect(moved?.[0]).toMatchObject({ Description: `Moving EC2 instance to Standby: ${id}` });
    await lab.clock.advance(10 * MINUTE);
    expect((await instances(lab)).find((one) => one.InstanceId === id)?.LifecycleState).toBe("Standby");
    expect(await inService(lab)).toHaveLength(2);
    lab.account.control.stop(id);
    await lab.clock.advance(10 * MINUTE);
    expect((await instances(lab)).find((one) => one.InstanceId === id)?.HealthStatus).toBe("Healthy");
    await ask(lab, "ExitStandby", { InstanceIds: [id] });
    expect((await group(lab)).DesiredCapacity).toBe(3);
    await lab.clock.advance(5 * MINUTE);
    expect(await inService(lab)).not.toContain(id);
    expect(await inService(lab)).toHaveLength(3);
  });

  it("can be detached and attached", async () => {
    const lab = await webLab({ MinSize: 1, DesiredCapacity: 2 });
    const [id = ""] = await inService(lab);
    await ask(lab, "DetachInstances", { InstanceIds: [id], ShouldDecrementDesiredCapacity: true });
    await lab.clock.advance(10 * MINUTE);
    expect((await instances(lab)).map((one) => one.InstanceId)).not.toContain(id);
    expect(lab.account.parts.ec2.instance(id)?.state).toBe("running");
    await ask(lab, "AttachInstances", { InstanceIds: [id] });
    expect(await group(lab)).toMatchObject({ DesiredCapacity: 2 });
    expect(await inService(lab)).toContain(id);
    expect(lab.account.parts.elb.targetHealth(lab.targetGroup, id)).toBeDefined();
  });

  it("can be terminated with or without a replacement", async () => {
    const lab = await groupLab();
    const [first = "", second = ""] = await inService(lab);
    const end = (InstanceId: string, ShouldDecrementDesiredCapacity: boolean): object => ({
      InstanceId,
      ShouldDecrementDesiredCapacity,
    });
    expect(
      await refusalText(lab, "autoscaling:TerminateInstanceInAutoScalingGroup", end(first, true)),
    ).toMatch(/^ValidationError: Currently, desiredSize equals minSize \(2\)/);
    await lab.call("autoscaling:TerminateInstanceInAutoScalingGroup", end(first, false));
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toHaveLength(2);
    await ask(lab, "UpdateAutoScalingGroup", { MinSize: 1 });
    const { Activity: activity } = await lab.call<asg.ActivityType>(
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      end(second, true),
    );
    expect(activity?.Cause).toContain("in response to a user request, shrinking the capacity from 2 to 1.");
    await lab.clock.advance(3 * MINUTE);
    expect(await inService(lab)).toHaveLength(1);
    expect(
      await refusalText(lab, "autoscaling:TerminateInstanceInAutoScalingGroup", end("i-none", false)),
    ).toBe("ValidationError: Instance Id not found - No managed instance found for instance ID: i-none");
  });

  it("are replaced when they are older than the group allows", async () => {
    const lab = await groupLab({ MaxInstanceLifetime: 86_400 });
    const before = await inService(lab);
    await lab.clock.advance(25 * HOUR);
    const now = await inService(lab);
    expect(now).toHaveLength(2);
    for (const id of before) expect(now).not.toContain(id);
  });
});

describe("SetDesiredCapacity", () => {
  it("stays between the group's bounds", async () => {
    const lab = await groupLab();
    const set = (DesiredCapacity: number): Promise<string> =>
      refusalText(lab, "autoscaling:SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity });
    expect(await set(11)).toBe(
      "ValidationError: New SetDesiredCapacity value 11 is above max value 10 for the AutoScalingGroup.",
    );
    expect(await set(1)).toBe(
      "ValidationError: New SetDesiredCapacity value 1 is below min value 2 for the AutoScalingGroup.",
    );
    expect(await set(3)).toBe("no error");
  });
});

describe("the account", () => {
  it("behaves the same for the same seed", async () => {
    const story = async (): Promise<string> => {
      const lab = await webLab({ MinSize: 4 });
      await template(lab, "other");
      for (const id of (await inService(lab)).slice(0, 2)) lab.account.control.breakApplication(id, FAILING);
      await lab.clock.advance(HOUR);
      return JSON.stringify([await activities(lab), await group(lab)]);
    };
    expect(await story()).toBe(await story());
  });
});
