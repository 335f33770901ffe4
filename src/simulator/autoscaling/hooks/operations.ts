/** Lifecycle hooks of a group: put, described, deleted, and the actions of single instances completed. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../account/aws-error.ts";
import { publishTest } from "../notifications/publish.ts";
import {
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  type LifecycleAction,
  type LifecycleHook,
  type Member,
  QUOTAS,
  required,
  type State,
  type Transition,
} from "../state.ts";
import { beat, COMPLETED, complete, globalTimeoutSeconds } from "./actions.ts";

export const TRANSITIONS: readonly Transition[] = [
  "autoscaling:EC2_INSTANCE_LAUNCHING",
  "autoscaling:EC2_INSTANCE_TERMINATING",
];
/** autoscaling/hook-defaults */
const HEARTBEAT_SECONDS = 3_600;

type Settings = asg.LifecycleHookSpecification | asg.PutLifecycleHookType;

export function hookOperations(state: State) {
  return {
    PutLifecycleHook(input: asg.PutLifecycleHookType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      required(input.LifecycleHookName, "lifecycleHookName");
      if (!group.hooks.has(input.LifecycleHookName)) checkRoom(group.hooks.size + 1);
      checkTarget(state, input, group.hooks.get(input.LifecycleHookName));
      putHook(state, group, input);
      return {};
    },
    DescribeLifecycleHooks(input: asg.DescribeLifecycleHooksType): asg.DescribeLifecycleHooksAnswer {
      const group = anyGroupNamed(state, input.AutoScalingGroupName);
      const names = input.LifecycleHookNames ?? [];
      return {
        LifecycleHooks: [...group.hooks.values()]
          .filter((hook) => names.length === 0 || names.includes(hook.name))
          .map((hook) => shown(group, hook)),
      };
    },
    DescribeLifecycleHookTypes(): asg.DescribeLifecycleHookTypesAnswer {
      return { LifecycleHookTypes: [...TRANSITIONS] };
    },
    // autoscaling/delete-hook
    DeleteLifecycleHook(input: asg.DeleteLifecycleHookType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const hook = hookNamed(group, input.LifecycleHookName);
      group.hooks.delete(hook.name);
      for (const member of waitingMembers(group)) {
        const action = member.waiting?.actions.get(hook.name);
        const isLaunching = member.waiting?.step.transition === "autoscaling:EC2_INSTANCE_LAUNCHING";
        const result = isLaunching ? "ABANDON" : "CONTINUE";
        if (action?.hook === hook) complete(state, group, member, hook.name, result, COMPLETED);
      }
      return {};
    },
    ...actionOperations(state),
  };
}

function actionOperations(state: State) {
  return {
    CompleteLifecycleAction(input: asg.CompleteLifecycleActionType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const { member, action } = activeAction(group, input);
      const result = input.LifecycleActionResult === "CONTINUE" ? "CONTINUE" : "ABANDON";
      complete(state, group, member, action.hook.name, result, COMPLETED);
      return {};
    },
    // autoscaling/hook-heartbeat
    RecordLifecycleActionHeartbeat(input: asg.RecordLifecycleActionHeartbeatType): object {
      const group = groupNamed(state, input.AutoScalingGroupName);
      const { member, action } = activeAction(group, input);
      beat(state, group, member, action);
      return {};
    },
  };
}

/** @throws AwsError when a group would have too many */
function checkRoom(count: number): void {
  if (count <= QUOTAS.hooks) return;
  throw new AwsError("LimitExceeded", `At most ${QUOTAS.hooks} lifecycle hooks per Auto Scaling group.`);
}

/** The hooks that a group is to be created with. @throws AwsError */
export function checkHooks(state: State, hooks: readonly asg.LifecycleHookSpecification[]): void {
  checkRoom(hooks.length);
  for (const hook of hooks) checkTarget(state, hook, undefined);
}

/** @throws AwsError for a target that does not take the test message. autoscaling/hook-test-message */
function checkTarget(state: State, input: Settings, before: LifecycleHook | undefined): void {
  const target = input.NotificationTargetARN ?? "";
  if (target === "" || state.parts.sns.hasTopic(target)) return;
  throw invalid(
    `Unable to publish test message to notification target ${target} using IAM role ${input.RoleARN ?? before?.roleArn ?? null}. Please check your target and role configuration and try to put lifecycle hook again.`,
  );
}

/** What is not given stays as it was. autoscaling/hook-update */
export function putHook(state: State, group: Group, input: Settings): void {
  const name = input.LifecycleHookName ?? "";
  const hook: LifecycleHook = group.hooks.get(name) ?? {
    name,
    transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    heartbeatSeconds: HEARTBEAT_SECONDS,
    defaultResult: "ABANDON",
    targetArn: undefined,
    roleArn: undefined,
    metadata: undefined,
  };
  const { NotificationTargetARN: target } = input;
  hook.transition = (input.LifecycleTransition as Transition | undefined) ?? hook.transition;
  hook.heartbeatSeconds = input.HeartbeatTimeout ?? hook.heartbeatSeconds;
  hook.defaultResult = (input.DefaultResult as "CONTINUE" | "ABANDON" | undefined) ?? hook.defaultResult;
  hook.metadata = input.NotificationMetadata ?? hook.metadata;
  hook.roleArn = input.RoleARN ?? hook.roleArn;
  if (target !== undefined) hook.targetArn = target === "" ? undefined : target;
  // A role is of use to a target only.
  if (hook.targetArn === undefined) hook.roleArn = undefined;
  group.hooks.set(name, hook);
  if (target !== undefined && target !== "") publishTest(state, group, target);
}

/** @throws AwsError when there is none */
function hookNamed(group: Group, name: string | undefined): LifecycleHook {
  required(name, "lifecycleHookName");
  const hook = group.hooks.get(name);
  if (hook !== undefined) return hook;
  throw invalid(`No Lifecycle Hook found with name ${name} for Auto Scaling group ${group.name}`);
}

function waitingMembers(group: Group): Member[] {
  return [...group.members.values(), ...group.warm.values()].filter(({ waiting }) => waiting !== undefined);
}

/** By its token, or else by the instance. @throws AwsError when nothing waits. autoscaling/action-by-token */
function activeAction(
  group: Group,
  input: {
    LifecycleHookName: string | undefined;
    LifecycleActionToken?: string | undefined;
    InstanceId?: string | undefined;
  },
): { member: Member; action: LifecycleAction } {
  const hook = hookNamed(group, input.LifecycleHookName);
  const { LifecycleActionToken: token, InstanceId: instanceId } = input;
  for (const member of waitingMembers(group)) {
    const action = member.waiting?.actions.get(hook.name);
    const isMeant = token === undefined ? member.instanceId === instanceId : action?.token === token;
    if (action !== undefined && isMeant) return { member, action };
  }
  const subject = token === undefined ? `instance ID ${instanceId}` : `token ${token}`;
  throw invalid(`No active Lifecycle Action found with ${subject}`);
}

function shown(group: Group, hook: LifecycleHook): asg.LifecycleHook {
  return {
    LifecycleHookName: hook.name,
    AutoScalingGroupName: group.name,
    LifecycleTransition: hook.transition,
    NotificationTargetARN: hook.targetArn,
    RoleARN: hook.roleArn,
    NotificationMetadata: hook.metadata,
    HeartbeatTimeout: hook.heartbeatSeconds,
    GlobalTimeout: globalTimeoutSeconds(hook),
    DefaultResult: hook.defaultResult,
  };
}
