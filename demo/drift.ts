/** Second chapter: somebody changes three things behind Holdfast's back. */
import { DetachLoadBalancerTargetGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ModifyTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { bold, dim, heading, say, waitFor } from "./terminal.ts";
import type { World } from "./world.ts";

const EDITS = 3;
const CORRECTED_LIMIT_MS = 60_000;

export async function showDrift(world: World): Promise<void> {
  heading("2. Somebody changes things by hand");
  const targetGroup = world.resource("targetGroups.web");
  const group = world.resource("autoScalingGroups.web");
  const alarm = world.resource("alarms.high-5xx");
  await world.elb.send(
    new ModifyTargetGroupCommand({ TargetGroupArn: targetGroup.arn, HealthCheckPath: "/nowhere" }),
  );
  say(`${world.clock()}  elbv2 modify-target-group --health-check-path /nowhere`);
  await world.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm.name] }));
  say(`${world.clock()}  cloudwatch delete-alarms --alarm-names ${alarm.name}`);
  const input = { AutoScalingGroupName: group.name, TargetGroupARNs: [targetGroup.arn] };
  await world.autoScaling.send(new DetachLoadBalancerTargetGroupsCommand(input));
  say(
    `${world.clock()}  autoscaling detach-load-balancer-target-groups --auto-scaling-group-name ${group.name}`,
  );
  const corrected = () => world.drift().filter((event) => event.state === "Corrected");
  await waitFor(
    async () => (corrected().length >= EDITS ? true : undefined),
    () => `${world.drift().length} of ${EDITS} found, ${corrected().length} put right`,
    CORRECTED_LIMIT_MS,
  );
  say(bold("Found, put right and recorded:"));
  for (const event of corrected().reverse()) {
    const what = event.field === "" ? `${event.resource} was gone` : `${event.resource}: ${event.field}`;
    say(`  ${what}`);
    if (event.field !== "")
      say(dim(`      wanted ${short(event.desired)}, was changed to ${short(event.after)}`));
    say(
      dim(
        `      seen ${event.firstSeenTime.slice(11, 19)}, right again after ${event.timeToRepairSeconds} s by ${event.correction?.operation}`,
      ),
    );
  }
  await world.untilReady(CORRECTED_LIMIT_MS);
  say("Ready again.");
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 87)}…` : text;
}
