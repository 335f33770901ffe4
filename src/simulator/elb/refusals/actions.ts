/** What AWS refuses of the actions of listeners and rules. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  constraint,
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
} from "../../account/refusals.ts";
import { targetGroupsOf } from "../actions.ts";
import type { ElbState } from "../state.ts";
import { apiPage, ofPage } from "./of-page.ts";

const LAST = ["forward", "redirect", "fixed-response"];
const BEFORE = ["authenticate-oidc", "authenticate-cognito", "jwt-validation"];

/** A call that gives a listener or a rule its actions. */
export interface ActionsInput {
  readonly LoadBalancerArn?: string;
  readonly ListenerArn?: string;
  readonly RuleArn?: string;
  readonly Protocol?: string;
  readonly Port?: number;
  readonly DefaultActions?: Action[];
  readonly Actions?: Action[];
}

/** They all take actions. */
export const ACTION_OPERATIONS = ["CreateListener", "ModifyListener", "CreateRule", "ModifyRule"];

/** Of a call that leaves the actions as they are, none. */
export function actionsOf(input: ActionsInput): readonly Action[] {
  return input.DefaultActions ?? input.Actions ?? [];
}

function ordered(input: ActionsInput): readonly Action[] {
  return [...actionsOf(input)].sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1));
}

/** The protocol of the listener after the call. */
export function protocolOf(input: ActionsInput, state: ElbState): string | undefined {
  if (input.Protocol !== undefined) return input.Protocol;
  const listener =
    state.rules.get(input.RuleArn ?? "")?.listener ?? state.listeners.get(input.ListenerArn ?? "");
  return listener?.protocol;
}

/** Protocol and port of the listener after the call, as a redirect writes them. */
export function listenerOf(input: ActionsInput, state: ElbState): { protocol: string; port: string } {
  const listener =
    state.rules.get(input.RuleArn ?? "")?.listener ?? state.listeners.get(input.ListenerArn ?? "");
  return { protocol: protocolOf(input, state) ?? "", port: String(input.Port ?? listener?.port ?? "") };
}

const isLast = (action: Action): boolean => LAST.includes(action.Type ?? "");

const ORDER_RULES = ofPage<ActionsInput>(apiPage("Action"), ACTION_OPERATIONS, [
  [
    "action-type",
    "The type of an action is one of the reference's.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ Type }) => isNoneOf(Type, [...LAST, ...BEFORE]) && `The action type '${Type}' is not valid`,
      ),
  ],
  [
    "action-last",
    "Actions hold exactly one forward, redirect or fixed-response.",
    (input) =>
      actionsOf(input).length > 0 &&
      actionsOf(input).filter(isLast).length !== 1 &&
      "Exactly one action of type 'forward', 'redirect' or 'fixed-response' must be specified",
    "InvalidLoadBalancerAction",
  ],
  [
    "action-order-last",
    "The forward, redirect or fixed-response is performed last.",
    (input) => {
      const last = ordered(input).at(-1);
      return (
        last !== undefined &&
        !isLast(last) &&
        "The last action to be performed must be of type 'forward', 'redirect' or 'fixed-response'"
      );
    },
    "InvalidLoadBalancerAction",
  ],
  [
    "action-count",
    "Before the last action there is at most one that authenticates or validates.",
    (input) => actionsOf(input).length > 2 && "Too many actions are specified",
    "TooManyActions",
  ],
  [
    "action-order-missing",
    "Each of several actions has its order.",
    (input) =>
      actionsOf(input).length > 1 &&
      actionsOf(input).some(({ Order }) => Order === undefined) &&
      "An order must be specified for each of multiple actions",
  ],
  [
    "action-order-twice",
    "No two actions have the same order.",
    (input) =>
      hasTwice(actionsOf(input).flatMap(({ Order }) => Order ?? [])) &&
      "The order of each action must be unique",
  ],
  [
    "action-order-range",
    "The order of an action is 1 to 50000.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ Order }) =>
          isOutside(Order, 1, 50_000) &&
          constraint("actions.1.member.order", Order, "Member must have value between 1 and 50000"),
      ),
  ],
  [
    "authentication-on-http",
    "Only rules of HTTPS listeners authenticate and validate.",
    (input, state) =>
      protocolOf(input, state) === "HTTP" &&
      firstOf(
        actionsOf(input),
        ({ Type = "" }) =>
          BEFORE.includes(Type) &&
          `Action type '${Type}' is not supported for listeners with the HTTP protocol`,
      ),
    "InvalidLoadBalancerAction",
  ],
]);

const forwards = (input: ActionsInput): readonly Action[] =>
  actionsOf(input).filter(({ Type }) => Type === "forward");

const FORWARD_RULES = ofPage<ActionsInput>(apiPage("ForwardActionConfig"), ACTION_OPERATIONS, [
  [
    "forward-empty",
    "A forward has a target group.",
    (input) =>
      firstOf(
        forwards(input),
        ({ TargetGroupArn: arn = "", ForwardConfig: config }) =>
          arn === "" &&
          (config?.TargetGroups ?? []).length === 0 &&
          "A target group must be specified for actions of type 'forward'",
      ),
  ],
  [
    "forward-twofold",
    "A forward that names a target group both plainly and in its configuration names the same one.",
    (input) =>
      firstOf(forwards(input), ({ TargetGroupArn: arn = "", ForwardConfig: config }) => {
        const groups = config?.TargetGroups ?? [];
        const isOther = groups.length > 1 || groups.some((one) => one.TargetGroupArn !== arn);
        return (
          arn !== "" &&
          isOther &&
          "If you specify both ForwardConfig and TargetGroupArn, you can specify only one target group using ForwardConfig and it must be the same target group specified in TargetGroupArn"
        );
      }),
  ],
  [
    "forward-count",
    "A forward has at most 5 target groups.",
    (input, { quotas }) =>
      firstOf(
        forwards(input),
        ({ ForwardConfig: config }) =>
          (config?.TargetGroups ?? []).length > quotas.targetGroupsPerAction &&
          `A forward action can have at most '${quotas.targetGroupsPerAction}' target groups`,
      ),
    "TooManyTargetGroups",
  ],
  [
    "forward-group-twice",
    "A forward names a target group once.",
    (input) =>
      firstOf(
        forwards(input),
        ({ ForwardConfig: config }) =>
          hasTwice((config?.TargetGroups ?? []).map((one) => one.TargetGroupArn)) &&
          "A target group ARN can only be specified once in a forward action",
      ),
  ],
  [
    "forward-weight",
    "The weight of a target group is 0 to 999.",
    (input) =>
      firstOf(forwards(input), ({ ForwardConfig: config }) =>
        firstOf(
          config?.TargetGroups,
          ({ Weight: weight }) =>
            isOutside(weight, 0, 999) && `Weight '${weight}' must be between '0' and '999' inclusive`,
        ),
      ),
  ],
  [
    "group-stickiness-duration-missing",
    "Group stickiness that is on has a duration.",
    (input) =>
      firstOf(forwards(input), ({ ForwardConfig: config }) => {
        const stickiness = config?.TargetGroupStickinessConfig;
        return (
          stickiness?.Enabled === true &&
          stickiness.DurationSeconds === undefined &&
          "A duration must be specified when target group stickiness is enabled"
        );
      }),
  ],
  [
    "group-stickiness-duration",
    "The duration of group stickiness is 1 to 604800 seconds.",
    (input) =>
      firstOf(
        forwards(input),
        ({ ForwardConfig: config }) =>
          isOutside(config?.TargetGroupStickinessConfig?.DurationSeconds, 1, 604_800) &&
          "Target group stickiness duration must be between '1' and '604800' seconds",
      ),
  ],
  [
    "weighted-stickiness",
    "A forward to several target groups, one of which is sticky, has group stickiness.",
    (input, state) =>
      firstOf(forwards(input), ({ ForwardConfig: config }) => {
        const groups = config?.TargetGroups ?? [];
        const isSticky = groups.some(
          ({ TargetGroupArn: arn = "" }) =>
            state.targetGroups.get(arn)?.attributes.get("stickiness.enabled") === "true",
        );
        return (
          groups.length > 1 &&
          isSticky &&
          config?.TargetGroupStickinessConfig?.Enabled !== true &&
          "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups"
        );
      }),
    "InvalidLoadBalancerAction",
  ],
  [
    "http-listener-protocol-version",
    "Target groups for HTTP2 and GRPC stand behind HTTPS listeners only.",
    (input, state) =>
      protocolOf(input, state) === "HTTP" &&
      firstOf(groupsAfter(input, state), (arn) => {
        const version = state.targetGroups.get(arn)?.protocolVersion ?? "HTTP1";
        return (
          version !== "HTTP1" &&
          `Listener protocol 'HTTP' is not supported with a target group with the protocol-version '${version}'`
        );
      }),
    "InvalidConfigurationRequest",
  ],
]);

/** The target groups that the call names; with a new protocol also those that the listener has already. */
function groupsAfter(input: ActionsInput, state: ElbState): readonly string[] {
  const given = actionsOf(input);
  const plain = given.flatMap((action) => action.TargetGroupArn ?? []);
  const listener = input.Protocol === undefined ? undefined : state.listeners.get(input.ListenerArn ?? "");
  if (listener === undefined) return [...plain, ...targetGroupsOf(given)];
  const rules = [...state.rules.values()].filter((rule) => rule.listener === listener);
  const kept = [
    ...(given.length > 0 ? given : listener.defaultActions),
    ...rules.flatMap((rule) => rule.actions),
  ];
  return [...plain, ...targetGroupsOf(kept)];
}

export const ACTION_RULES: readonly RefusalRule<ElbState>[] = [...ORDER_RULES, ...FORWARD_RULES];
