/** Deeds that scenarios ask for, and that the seeds do not draw: what a seed tells would else be another history. */
import { OWNER, RESOURCE } from "../judges/remains.ts";
import { CANARY } from "../specs.ts";
import type { AwsCall, Deed } from "./saboteur.ts";

/** It stands in no answer of AWS's: what shows it has it from somewhere else. */
const CLIENT_SECRET = `client-${CANARY}`;

const asg = (operation: string, input: object): AwsCall => ["autoscaling", operation, input];
const elb = (operation: string, input: object): AwsCall => ["elasticloadbalancing", operation, input];

export const RARE_DEEDS = {
  "changes the health check to something else": ({ targetGroups }, pick) => {
    const arn = pick(targetGroups)?.it.TargetGroupArn;
    const input = { TargetGroupArn: arn, HealthCheckPath: "/else", HealthyThresholdCount: 5 };
    return [arn === undefined ? undefined : elb("ModifyTargetGroup", input)];
  },
  "suspends Terminate": ({ groups }, pick) => {
    const name = pick(groups)?.it.AutoScalingGroupName;
    return [
      name === undefined
        ? undefined
        : asg("SuspendProcesses", { AutoScalingGroupName: name, ScalingProcesses: ["Terminate"] }),
    ];
  },
  "makes the group larger than it may be": ({ groups }, pick) => {
    const name = pick(groups)?.it.AutoScalingGroupName;
    const input = { AutoScalingGroupName: name, MinSize: 6, MaxSize: 8 };
    return [name === undefined ? undefined : asg("UpdateAutoScalingGroup", input)];
  },
  "moves the capacity": ({ groups }, pick) => {
    const it = pick(groups)?.it;
    const input = { AutoScalingGroupName: it?.AutoScalingGroupName, DesiredCapacity: it?.MaxSize };
    return [it && asg("SetDesiredCapacity", input)];
  },
  "changes a scheduled action": ({ groups }, pick) => {
    const on = pick(groups);
    const action = pick(on?.scheduledActions ?? []);
    const { AutoScalingGroupName, ScheduledActionName, Recurrence, TimeZone } = action ?? {};
    const input = { AutoScalingGroupName, ScheduledActionName, Recurrence, TimeZone, MinSize: 1 };
    return [action && asg("PutScheduledUpdateGroupAction", input)];
  },
  "deletes a lifecycle hook": ({ groups }, pick) => {
    const hook = pick(pick(groups)?.lifecycleHooks ?? []);
    const { AutoScalingGroupName, LifecycleHookName } = hook ?? {};
    return [hook && asg("DeleteLifecycleHook", { AutoScalingGroupName, LifecycleHookName })];
  },
  "deletes a notification": ({ groups }, pick) => {
    const one = pick(pick(groups)?.notifications ?? []);
    const { AutoScalingGroupName, TopicARN } = one ?? {};
    return [one && asg("DeleteNotificationConfiguration", { AutoScalingGroupName, TopicARN })];
  },
  "has a topic told of something else": ({ groups }, pick) => {
    const one = pick(pick(groups)?.notifications ?? []);
    const { AutoScalingGroupName, TopicARN } = one ?? {};
    const NotificationTypes = ["autoscaling:EC2_INSTANCE_TERMINATE"];
    const input = { AutoScalingGroupName, TopicARN, NotificationTypes };
    return [one && asg("PutNotificationConfiguration", input)];
  },
  "changes the warm pool": ({ groups }, pick) => {
    const it = pick(groups)?.it;
    const pool = it?.WarmPoolConfiguration;
    return [pool && asg("PutWarmPool", { AutoScalingGroupName: it?.AutoScalingGroupName, MinSize: 2 })];
  },
  "puts an instance on standby": ({ groups }, pick) => {
    const it = pick(groups)?.it;
    const id = pick(it?.Instances ?? [])?.InstanceId;
    return [
      id === undefined
        ? undefined
        : asg("EnterStandby", {
            AutoScalingGroupName: it?.AutoScalingGroupName,
            InstanceIds: [id],
            ShouldDecrementDesiredCapacity: false,
          }),
    ];
  },
  "registers a target by hand": ({ targetGroups, groups }, pick) => {
    const arn = pick(targetGroups)?.it.TargetGroupArn;
    const id = pick(groups.flatMap((group) => group.it.Instances ?? []))?.InstanceId;
    return [
      arn === undefined || id === undefined
        ? undefined
        : elb("RegisterTargets", { TargetGroupArn: arn, Targets: [{ Id: id, Port: 9999 }] }),
    ];
  },
  "makes a target group of ours its own": ({ targetGroups }, pick) => {
    const arn = pick(targetGroups)?.it.TargetGroupArn;
    return [
      arn === undefined ? undefined : elb("RemoveTags", { ResourceArns: [arn], TagKeys: [OWNER, RESOURCE] }),
    ];
  },
  "signs users in before a rule": ({ rules }, pick) => {
    const it = pick(rules)?.it;
    const last = it?.Actions?.at(-1);
    const signIn = {
      Type: "authenticate-oidc",
      Order: 1,
      AuthenticateOidcConfig: {
        Issuer: "https://login.example.com",
        AuthorizationEndpoint: "https://login.example.com/authorize",
        TokenEndpoint: "https://login.example.com/token",
        UserInfoEndpoint: "https://login.example.com/userinfo",
        ClientId: "web",
        ClientSecret: CLIENT_SECRET,
      },
    };
    return [
      it === undefined
        ? undefined
        : [
            "elasticloadbalancing",
            "ModifyRule",
            { RuleArn: it.RuleArn, Actions: [signIn, { ...last, Order: 2 }] },
          ],
    ];
  },
} satisfies Record<string, Deed>;

export type RareDeedName = keyof typeof RARE_DEEDS;
