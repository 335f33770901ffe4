/** What lifecycle hooks do to an instance: it waits until each has let it go on, or one has given it up. */
import { uuidFrom } from "../../account/ids.ts";
import { tellLifecycle } from "../group-events.ts";
import { publish } from "../notifications/publish.ts";
import {
  type Group,
  type HookStep,
  type LifecycleAction,
  type LifecycleHook,
  type Member,
  REACTION_MS,
  type State,
  type Transition,
} from "../state.ts";

/** AWS's words for the end of an action. autoscaling/hook-texts */
export const COMPLETED = "Lifecycle Action Completed with ABANDON Result";
const TIMED_OUT = "Heartbeat Timeout";
/** 48 hours. autoscaling/hook-longest-wait */
const LONGEST_SECONDS = 172_800;
const HEARTBEATS = 100;
/** How far an activity shows itself to be while it waits; AWS documents no figure. */
const WAITING_PROGRESS = 60;

/** The longest that an instance waits for a hook, in seconds. autoscaling/hook-longest-wait */
export function globalTimeoutSeconds(hook: LifecycleHook): number {
  return Math.min(LONGEST_SECONDS, HEARTBEATS * hook.heartbeatSeconds);
}

/** Whether anything waits at the transition; a group on its way out waits for nothing. autoscaling/force-delete */
export function hasHooks(group: Group, transition: Transition): boolean {
  return hooksOf(group, transition).length > 0;
}

function hooksOf(group: Group, transition: Transition): LifecycleHook[] {
  if (group.deleting) return [];
  return [...group.hooks.values()].filter((hook) => hook.transition === transition);
}

/**
 * Lets every hook of the transition act on the instance, all at the same time; without any, what follows happens
 * at once. autoscaling/several-hooks
 */
export function passHooks(state: State, group: Group, member: Member, step: HookStep): void {
  const isOfDeletedPool = step.base.startsWith("Warmed:") && group.warmPool?.deleting === true;
  const hooks = isOfDeletedPool ? [] : hooksOf(group, step.transition);
  if (hooks.length === 0) {
    step.goOn(undefined);
    return;
  }
  member.lifecycle = `${step.base}:Wait`;
  if (member.activity !== undefined) {
    member.activity.StatusCode = "MidLifecycleAction";
    member.activity.Progress = WAITING_PROGRESS;
  }
  const actions = new Map<string, LifecycleAction>();
  member.waiting = { step, actions };
  const nowMs = state.context.clock.nowMs();
  for (const hook of hooks) {
    const action: LifecycleAction = {
      token: uuidFrom(state.context),
      hook,
      lastMs: nowMs + globalTimeoutSeconds(hook) * 1_000,
      cancelTimeout: () => undefined,
    };
    actions.set(hook.name, action);
    beat(state, group, member, action);
    tellLifecycle(state, group, member, action, step);
    tell(state, group, member, action, step);
  }
}

/** Its heartbeat starts anew, and not beyond the longest wait. autoscaling/hook-heartbeat */
export function beat(state: State, group: Group, member: Member, action: LifecycleAction): void {
  const { clock } = state.context;
  const { hook } = action;
  action.cancelTimeout();
  const restMs = Math.min(hook.heartbeatSeconds * 1_000, action.lastMs - clock.nowMs());
  // autoscaling/hook-timeout
  action.cancelTimeout = clock.schedule(Math.max(0, restMs), () =>
    complete(state, group, member, hook.name, hook.defaultResult, TIMED_OUT),
  );
}

/** @param why in AWS's words, for an abandoned one */
export function complete(
  state: State,
  group: Group,
  member: Member,
  hookName: string,
  result: "CONTINUE" | "ABANDON",
  why: string,
): void {
  const { waiting } = member;
  const action = waiting?.actions.get(hookName);
  if (waiting === undefined || action === undefined) return;
  action.cancelTimeout();
  waiting.actions.delete(hookName);
  if (result === "CONTINUE") {
    if (waiting.actions.size === 0) proceed(state, group, member, waiting.step, undefined);
    return;
  }
  dropWaiting(member);
  const reason = `Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${action.token} was abandoned: ${why}`;
  if (waiting.step.transition === "autoscaling:EC2_INSTANCE_LAUNCHING") waiting.step.goOn(reason);
  else proceed(state, group, member, waiting.step, reason);
}

function proceed(
  state: State,
  group: Group,
  member: Member,
  step: HookStep,
  abandoned: string | undefined,
): void {
  const lifecycle = `${step.base}:Proceed` as const;
  member.waiting = undefined;
  member.lifecycle = lifecycle;
  if (member.activity?.StatusCode === "MidLifecycleAction") member.activity.StatusCode = "InProgress";
  state.context.clock.schedule(REACTION_MS, () => {
    const isStill = state.groupOf.get(member.instanceId) === group && member.lifecycle === lifecycle;
    if (isStill) step.goOn(abandoned);
  });
}

/** What it waited for is no longer asked. */
export function dropWaiting(member: Member): void {
  for (const action of member.waiting?.actions.values() ?? []) action.cancelTimeout();
  member.waiting = undefined;
}

/** autoscaling/hook-notification */
function tell(state: State, group: Group, member: Member, action: LifecycleAction, step: HookStep): void {
  const { hook } = action;
  if (hook.targetArn === undefined) return;
  const verb = step.transition.slice("autoscaling:EC2_INSTANCE_".length);
  publish(
    state,
    group,
    hook.targetArn,
    `Auto Scaling:  Lifecycle action '${verb}' for instance ${member.instanceId} in progress.`,
    {
      LifecycleHookName: hook.name,
      LifecycleTransition: step.transition,
      LifecycleActionToken: action.token,
      EC2InstanceId: member.instanceId,
      NotificationMetadata: hook.metadata,
      Origin: step.origin,
      Destination: step.destination,
    },
  );
}
