/** Third chapter: one instance's application fails, and the seven steps to its replacement. */
import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { bold, dim, heading, say, waitFor } from "./terminal.ts";
import type { World } from "./world.ts";

const STEP_LIMIT_MS = 90_000;

interface Look {
  readonly group: AutoScalingGroup | undefined;
  readonly targets: readonly TargetHealthDescription[];
}

export async function showFlow(world: World): Promise<void> {
  heading("3. The application of one instance fails");
  const before = await look(world);
  const known = new Set((before.group?.Instances ?? []).map((instance) => instance.InstanceId));
  const [victim] = (world.service().status?.instances ?? []).filter((instance) => instance.serving === "yes");
  if (victim === undefined) throw new Error("no instance serves");
  const id = victim.instanceId;
  await world.control("break", { instanceId: id });
  const startMs = world.daemon.clock.nowMs();
  const step = (number: number, text: string) => {
    const seconds = Math.round((world.daemon.clock.nowMs() - startMs) / 1000);
    say(`${number}. ${world.clock()}  ${dim(`+${seconds} s`.padEnd(7))} ${text}`);
  };
  step(1, `the application on ${id} answers with 500`);
  await until(
    world,
    (now) => stateOf(now.targets, id) === "unhealthy" || isGivenUp(now.group, id),
    "the load balancer checks every 30 s, and three failures count",
  );
  step(2, "the load balancer calls it unhealthy and sends it no more requests");
  await until(
    world,
    ({ group }) => isGivenUp(group, id),
    "Auto Scaling waits for its grace period of 300 s after launch",
  );
  step(3, "Auto Scaling (health check type ELB) calls it unhealthy too");
  step(4, "its grace period is over, or Auto Scaling would wait");
  await until(world, ({ group }) => isLeaving(group, id), "Auto Scaling takes it out of service");
  step(5, "Auto Scaling terminates it; the target group lets its connections drain for 30 s");
  const fresh = ({ group }: Look) =>
    (group?.Instances ?? []).find((instance) => !known.has(instance.InstanceId));
  await until(world, (now) => fresh(now) !== undefined, "a replacement is launched");
  const replacement = fresh(await look(world))?.InstanceId ?? "";
  step(6, `Auto Scaling launches ${replacement} in its place`);
  await until(
    world,
    ({ targets }) => stateOf(targets, replacement) === "healthy",
    `${replacement} boots and has to pass its health check`,
  );
  step(7, `${replacement} is healthy and gets requests`);
  await world.untilReady(STEP_LIMIT_MS);
  say(`${bold("Healed.")} Auto Scaling did this; Holdfast explained it meanwhile, and changed nothing:`);
  say(
    dim(
      `  drift events since: ${world.drift().filter((event) => Date.parse(event.firstSeenTime) >= startMs).length}`,
    ),
  );
}

async function until(world: World, isSo: (now: Look) => boolean, meanwhile: string): Promise<void> {
  await waitFor(
    async () => (isSo(await look(world)) ? true : undefined),
    () => meanwhile,
    STEP_LIMIT_MS,
  );
}

async function look(world: World): Promise<Look> {
  const group = { AutoScalingGroupNames: [world.resource("autoScalingGroups.web").name] };
  const targetGroup = { TargetGroupArn: world.resource("targetGroups.web").arn };
  const [groups, health] = await Promise.all([
    world.autoScaling.send(new DescribeAutoScalingGroupsCommand(group)),
    world.elb.send(new DescribeTargetHealthCommand(targetGroup)),
  ]);
  return { group: groups.AutoScalingGroups?.[0], targets: health.TargetHealthDescriptions ?? [] };
}

/** Auto Scaling calls it unhealthy, or has gone on already: two steps may lie between one look and the next. */
function isGivenUp(group: AutoScalingGroup | undefined, id: string): boolean {
  return memberOf(group, id)?.HealthStatus === "Unhealthy" || isLeaving(group, id);
}

function isLeaving(group: AutoScalingGroup | undefined, id: string): boolean {
  return group !== undefined && memberOf(group, id)?.LifecycleState !== "InService";
}

function memberOf(group: AutoScalingGroup | undefined, id: string) {
  return group?.Instances?.find((instance) => instance.InstanceId === id);
}

function stateOf(targets: readonly TargetHealthDescription[], id: string): string | undefined {
  return targets.find((target) => target.Target?.Id === id)?.TargetHealth?.State;
}
