import { describe, expect, it } from "vitest";
import { exampleSpec, type Installation, WEB_API } from "../support/installation.ts";
import { converged, nameOf, somebody, specWith } from "./world.ts";

const GROUP = "autoScalingGroups.web";
const ASG = "autoscaling";
const TWO_HOURS_MS = 2 * 3_600_000;

const isGone = (installation: Installation) => () => installation.store.get(WEB_API) === undefined;
const FORCE = { "holdfast.dev/force-delete": "true" };

async function instancesOf(installation: Installation, name: string) {
  const { AutoScalingGroups } = await somebody(installation, `${ASG}:DescribeAutoScalingGroups`, {
    AutoScalingGroupNames: [name],
  });
  return AutoScalingGroups[0].Instances;
}

/** Somebody puts one instance of the group on standby; another one is launched in its place. */
async function putOnStandby(installation: Installation): Promise<string> {
  const AutoScalingGroupName = nameOf(installation, GROUP);
  const [first] = await instancesOf(installation, AutoScalingGroupName);
  const id = first?.InstanceId ?? "";
  await somebody(installation, `${ASG}:EnterStandby`, {
    AutoScalingGroupName,
    InstanceIds: [id],
    ShouldDecrementDesiredCapacity: false,
  });
  await installation.clock.advance(600_000);
  return id;
}

/** AWS's lists show the instances of every group as though a lifecycle hook held them. */
function heldByHook(call: { operation: string }, output: object) {
  const { AutoScalingGroups } = output as { AutoScalingGroups?: { Instances: object[] }[] };
  if (call.operation !== "DescribeAutoScalingGroups" || AutoScalingGroups === undefined) return undefined;
  const groups = AutoScalingGroups.map((group) => ({
    ...group,
    SuspendedProcesses: [],
    Instances: group.Instances.map((instance) => ({ ...instance, LifecycleState: "Terminating:Wait" })),
  }));
  return { kind: "output" as const, output: { ...output, AutoScalingGroups: groups } };
}

describe("a deletion", () => {
  it("terminates an instance on standby, which no size of the group reaches", async () => {
    const installation = await converged();
    const id = await putOnStandby(installation);
    installation.remove();
    await installation.until(isGone(installation));
    const { Reservations } = await somebody(installation, "ec2:DescribeInstances", { InstanceIds: [id] });
    expect(Reservations[0].Instances[0]?.State.Name).toBe("terminated");
  });

  it("never puts an instance on standby back into service on its way", async () => {
    const installation = await converged();
    await putOnStandby(installation);
    const before = installation.mutations().length;
    installation.remove();
    await installation.until(isGone(installation));
    const calls = installation.mutations().slice(before);
    expect(calls).toContain(`${ASG}:TerminateInstanceInAutoScalingGroup`);
    expect(calls).not.toContain(`${ASG}:ExitStandby`);
  });

  it("resumes Terminate where somebody has suspended it", async () => {
    const installation = await converged();
    await somebody(installation, `${ASG}:SuspendProcesses`, {
      AutoScalingGroupName: nameOf(installation, GROUP),
      ScalingProcesses: ["Terminate", "Launch"],
    });
    installation.remove();
    await installation.until(isGone(installation));
  });

  it("of a group by an edit ends as well, with an instance on standby and Terminate suspended", async () => {
    const second = specWith((spec) => {
      (spec.autoScalingGroups as Record<string, unknown>).second = {
        minSize: 2,
        maxSize: 2,
        launchTemplate: { imageId: "ami-12345678", instanceType: "t3.micro" },
      };
    });
    const installation = await converged(second);
    const AutoScalingGroupName = nameOf(installation, "autoScalingGroups.second");
    const [first] = await instancesOf(installation, AutoScalingGroupName);
    await somebody(installation, `${ASG}:EnterStandby`, {
      AutoScalingGroupName,
      InstanceIds: [first?.InstanceId],
      ShouldDecrementDesiredCapacity: false,
    });
    await somebody(installation, `${ASG}:SuspendProcesses`, {
      AutoScalingGroupName,
      ScalingProcesses: ["Terminate"],
    });
    installation.post(exampleSpec());
    await installation.untilReady();
    const { AutoScalingGroups } = await somebody(installation, `${ASG}:DescribeAutoScalingGroups`, {});
    expect(AutoScalingGroups).toHaveLength(1);
  });

  it("names the instances that a lifecycle hook holds, and is stalled after an hour, and no sooner", async () => {
    let isHeld = false;
    const after = (call: { operation: string }, output: object) =>
      isHeld ? heldByHook(call, output) : undefined;
    const installation = await converged(exampleSpec(), { interceptor: { after } });
    const name = nameOf(installation, GROUP);
    // What keeps them there, beside what is shown.
    await somebody(installation, `${ASG}:SuspendProcesses`, {
      AutoScalingGroupName: name,
      ScalingProcesses: ["Terminate"],
    });
    const ids = (await instancesOf(installation, name)).map(({ InstanceId }) => InstanceId).sort();
    isHeld = true;
    installation.remove();
    await installation.clock.advance(3_000_000);
    expect(installation.condition("Stalled")?.status).toBe("False");
    const held = `a lifecycle hook holds ${ids.join(", ")} in Terminating:Wait`;
    expect(installation.condition("Synced")?.message).toContain(held);
    await installation.clock.advance(900_000);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "DeletionTakesLong" });
    expect(installation.condition("Stalled")?.message).toContain(held);
  });

  it("by force waits for nobody: not for draining, not for a suspended process, not for standby", async () => {
    const installation = await converged();
    await putOnStandby(installation);
    await somebody(installation, `${ASG}:SuspendProcesses`, {
      AutoScalingGroupName: nameOf(installation, GROUP),
      ScalingProcesses: ["Terminate"],
    });
    const before = installation.mutations().length;
    installation.annotate(FORCE);
    installation.remove();
    await installation.until(isGone(installation), TWO_HOURS_MS);
    expect(
      installation
        .mutations()
        .slice(before)
        .filter((operation) => operation.startsWith(`${ASG}:`)),
    ).toEqual([`${ASG}:DeleteAutoScalingGroup`]);
  });

  it("is not asked for by the annotation alone", async () => {
    const installation = await converged();
    const calls = installation.account.calls.mutating();
    installation.annotate(FORCE);
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(calls);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});

it("a service is not let go while AWS holds what an older copy of its database has forgotten", async () => {
  const installation = await converged();
  installation.remove();
  await installation.until(() => installation.get().status?.emptySince !== undefined);
  const tags = {
    "holdfast.dev/owner": "holdfast/default/web-api",
    "holdfast.dev/resource": "loadBalancer",
    "holdfast.dev/epoch": `${installation.store.databaseUuid()}/9`,
  };
  await installation.aws("elasticloadbalancing:CreateLoadBalancer", {
    ...{ Name: "web-api-forgotten", Subnets: ["subnet-1a", "subnet-1b"] },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await installation.clock.advance(600_000);
  expect(installation.condition("Stalled")?.reason).toBe("OlderDatabase");
  await installation.confirmEpoch();
  await installation.until(() => installation.store.get(WEB_API) === undefined);
});
