/** What Auto Scaling refuses of lifecycle hooks. */
import type {
  CompleteLifecycleActionType,
  CreateAutoScalingGroupType,
  DescribeLifecycleHooksType,
  LifecycleHookSpecification,
  PutLifecycleHookType,
  UpdateAutoScalingGroupType,
} from "@aws-sdk/client-auto-scaling";
import {
  constraint,
  enumeration,
  firstOf,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import { TRANSITIONS } from "../hooks/operations.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const RESULTS = ["CONTINUE", "ABANDON"];
const RETENTIONS = ["retain", "terminate"];
const ARN = /^arn:[^:]+:(sns|sqs|lambda):[^:]*:\d{12}:.+/;

type Settings = LifecycleHookSpecification | PutLifecycleHookType;
/** A hook of its own, or the list that a group is created with. */
type Hooks = Partial<PutLifecycleHookType> &
  Pick<Partial<CreateAutoScalingGroupType>, "LifecycleHookSpecificationList">;
type Said = string | boolean | undefined;

function each(said: (hook: Settings) => Said): (input: Hooks) => Said {
  return (input) =>
    firstOf(
      input.LifecycleHookSpecificationList ??
        ("LifecycleHookName" in input ? [input as PutLifecycleHookType] : []),
      said,
    );
}

/** Topics and queues are published to with a role; functions are not. */
function needsRole(target: string | undefined): boolean {
  return ["sns", "sqs"].includes(ARN.exec(target ?? "")?.[1] ?? "");
}

const HOOKS = refusals<Hooks, State>(
  {
    prefix: "autoscaling",
    operations: ["PutLifecycleHook", "CreateAutoScalingGroup"],
    code: "ValidationError",
    page: `${API}/API_PutLifecycleHook.html`,
  },
  [
    [
      "hook-name",
      "The name of a lifecycle hook has 1 to 255 letters, digits, hyphens, underscores and slashes.",
      each(
        ({ LifecycleHookName: name = "" }) =>
          !/^[A-Za-z0-9\-_/]{1,255}$/.test(name) &&
          constraint(
            "lifecycleHookName",
            name,
            "Member must satisfy regular expression pattern: [A-Za-z0-9\\-_\\/]+",
          ),
      ),
    ],
    [
      "hook-transition",
      "A lifecycle hook acts on launching or on terminating instances.",
      each(
        ({ LifecycleTransition: transition }) =>
          isNoneOf(transition, TRANSITIONS) && `Invalid Lifecycle Transition: ${transition}`,
      ),
    ],
    [
      "hook-heartbeat",
      "The heartbeat of a lifecycle hook times out after 30 to 7200 seconds.",
      each(
        ({ HeartbeatTimeout: seconds }) =>
          isOutside(seconds, 30, 7_200) && "HeartbeatTimeout must be between 30 and 7200 seconds.",
      ),
    ],
    [
      "hook-default-result",
      "The default result of a lifecycle hook is CONTINUE or ABANDON.",
      each(
        ({ DefaultResult: result }) =>
          isNoneOf(result, RESULTS) && enumeration("defaultResult", result, RESULTS),
      ),
    ],
    [
      "hook-metadata",
      "The metadata of a lifecycle hook is 1 to 4000 printable ASCII characters.",
      each(
        ({ NotificationMetadata: metadata }) =>
          metadata !== undefined &&
          !/^[\t\n\r\x20-\x7e]{1,4000}$/.test(metadata) &&
          constraint(
            "notificationMetadata",
            metadata,
            "Member must have length between 1 and 4000, and satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007e]+",
          ),
      ),
    ],
    [
      "hook-target",
      "A lifecycle hook notifies an SNS topic, an SQS queue or a Lambda function, or nobody.",
      each(
        ({ NotificationTargetARN: target = "" }) =>
          target !== "" && !ARN.test(target) && `Invalid notification target: ${target}`,
      ),
    ],
    [
      "hook-role-without-target",
      "A role is given for a topic or a queue only.",
      (input, state) =>
        each(
          ({ NotificationTargetARN: target, LifecycleHookName: name = "", RoleARN: role }) =>
            role !== undefined && !needsRole(target ?? hookOf(input, state, name)?.targetArn),
        )(input),
    ],
  ],
);

function hookOf({ AutoScalingGroupName: group = "" }: Hooks, state: State, name: string) {
  return state.groups.get(group)?.hooks.get(name);
}

const NEW_HOOKS = refusals<Hooks, State>(
  {
    prefix: "autoscaling",
    operations: ["PutLifecycleHook", "CreateAutoScalingGroup"],
    code: "ValidationError",
    page: `${API}/API_PutLifecycleHook.html`,
  },
  [
    [
      "hook-transition-missing",
      "A new lifecycle hook says at which transition it acts.",
      (input, state) =>
        each(
          ({ LifecycleTransition: transition, LifecycleHookName: name = "" }) =>
            (transition ?? "") === "" &&
            isNew(input, state, name) &&
            constraint("lifecycleTransition", null, "Member must not be null"),
        )(input),
    ],
    [
      "hook-role-missing",
      "A lifecycle hook with a topic or a queue to notify has a role.",
      (input, state) =>
        each(
          ({ NotificationTargetARN: target, LifecycleHookName: name = "", RoleARN: role }) =>
            needsRole(target) && role === undefined && hookOf(input, state, name)?.roleArn === undefined,
        )(input),
    ],
  ],
);

/** Of a group that is not there the operation itself tells. */
function isNew({ AutoScalingGroupName: group = "", ...input }: Hooks, state: State, name: string): boolean {
  const present = state.groups.get(group);
  if (input.LifecycleHookSpecificationList !== undefined) return true;
  return present !== undefined && !present.hooks.has(name);
}

const ACTIONS = refusals<CompleteLifecycleActionType, State>(
  {
    prefix: "autoscaling",
    operations: ["CompleteLifecycleAction", "RecordLifecycleActionHeartbeat"],
    code: "ValidationError",
    page: `${API}/API_CompleteLifecycleAction.html`,
  },
  [
    [
      "action-token",
      "The token of a lifecycle action has 36 characters.",
      ({ LifecycleActionToken: token }) =>
        token !== undefined &&
        token.length !== 36 &&
        constraint("lifecycleActionToken", token, "Member must have length equal to 36"),
    ],
    [
      "action-subject-missing",
      "A lifecycle action is named by its token or by the instance.",
      ({ LifecycleActionToken: token, InstanceId: id }) => token === undefined && id === undefined,
    ],
  ],
);

const RESULT = refusals<CompleteLifecycleActionType, State>(
  {
    prefix: "autoscaling",
    operations: ["CompleteLifecycleAction"],
    code: "ValidationError",
    page: `${API}/API_CompleteLifecycleAction.html`,
  },
  [
    [
      "action-result",
      "A lifecycle action is completed with CONTINUE or ABANDON.",
      ({ LifecycleActionResult: result }) =>
        !RESULTS.includes(result ?? "") && enumeration("lifecycleActionResult", result ?? null, RESULTS),
    ],
  ],
);

const DESCRIBED = refusals<DescribeLifecycleHooksType, State>(
  {
    prefix: "autoscaling",
    operations: ["DescribeLifecycleHooks"],
    code: "ValidationError",
    page: `${API}/API_DescribeLifecycleHooks.html`,
  },
  [
    [
      "hook-names-count",
      "At most 50 lifecycle hooks are described by name.",
      ({ LifecycleHookNames: names = [] }) =>
        names.length > 50 &&
        constraint("lifecycleHookNames", names, "Member must have length less than or equal to 50"),
    ],
  ],
);

const RETENTION = refusals<CreateAutoScalingGroupType | UpdateAutoScalingGroupType, State>(
  {
    prefix: "autoscaling",
    operations: ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"],
    code: "ValidationError",
    page: `${API}/API_RetentionTriggers.html`,
  },
  [
    [
      "retention-action",
      "An instance whose termination is abandoned is retained or terminated.",
      ({ InstanceLifecyclePolicy: policy }) => {
        const action = policy?.RetentionTriggers?.TerminateHookAbandon;
        return (
          isNoneOf(action, RETENTIONS) &&
          enumeration("instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon", action, RETENTIONS)
        );
      },
    ],
  ],
);

export const HOOK_RULES: readonly RefusalRule<State>[] = [
  ...HOOKS,
  ...NEW_HOOKS,
  ...ACTIONS,
  ...RESULT,
  ...DESCRIBED,
  ...RETENTION,
];
