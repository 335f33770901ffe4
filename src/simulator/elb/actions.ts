/**
 * Actions of listeners and rules: how AWS shows what it was given.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 */
import type {
  Action,
  RedirectActionConfig,
  TargetGroupStickinessConfig,
  TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import { type ElbState, type LoadBalancer, targetGroupOf } from "./state.ts";

/**
 * The actions as AWS will show them.
 * @param usedBy which load balancer already uses a target group
 * @throws AwsError
 */
export function checkedActions(
  state: ElbState,
  actions: readonly Action[] | undefined,
  loadBalancer: LoadBalancer,
  usedBy: (targetGroupArn: string) => LoadBalancer | undefined,
): Action[] {
  const sorted = [...(actions ?? [])].sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1));
  const shown = sorted.map((action) => shownAction(state, action));
  checkAssociations(shown, loadBalancer, usedBy);
  return shown;
}

/** The target groups that actions send to; a weight of 0 counts too: elb/weight-zero-in-use. */
export function targetGroupsOf(actions: readonly Action[]): string[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn ?? ""),
  );
}

function shownAction(state: ElbState, action: Action): Action {
  const order = action.Order === undefined ? {} : { Order: action.Order };
  switch (action.Type) {
    case "forward":
      return { Type: action.Type, ...order, ...shownForward(state, action) };
    case "redirect":
      return { Type: action.Type, ...order, RedirectConfig: shownRedirect(action.RedirectConfig) };
    case "fixed-response":
      return {
        Type: action.Type,
        ...order,
        FixedResponseConfig: action.FixedResponseConfig,
      };
    case "authenticate-oidc":
      return {
        Type: action.Type,
        ...order,
        AuthenticateOidcConfig: shownOidc(action.AuthenticateOidcConfig),
      };
    case "authenticate-cognito":
      return {
        Type: action.Type,
        ...order,
        AuthenticateCognitoConfig: shownCognito(action.AuthenticateCognitoConfig),
      };
    default:
      return action;
  }
}

/** elb/forward-echo */
function shownForward(state: ElbState, action: Action): Partial<Action> {
  const given = action.ForwardConfig?.TargetGroups ?? [];
  const groups: TargetGroupTuple[] = given.length > 0 ? given : [{ TargetGroupArn: action.TargetGroupArn }];
  const tuples = groups.map((one) => ({
    TargetGroupArn: targetGroupOf(state, one.TargetGroupArn).arn,
    Weight: one.Weight ?? 1,
  }));
  // elb/unordered-lists: by the random end of the ARN, so that the order given is not the order shown.
  tuples.sort((a, b) => (a.TargetGroupArn.slice(-16) < b.TargetGroupArn.slice(-16) ? -1 : 1));
  const first = tuples[0];
  return {
    ...(tuples.length === 1 && first !== undefined && { TargetGroupArn: first.TargetGroupArn }),
    ForwardConfig: {
      TargetGroups: tuples,
      TargetGroupStickinessConfig: shownStickiness(action.ForwardConfig?.TargetGroupStickinessConfig),
    },
  };
}

function shownStickiness(given: TargetGroupStickinessConfig | undefined): TargetGroupStickinessConfig {
  if (given?.Enabled !== true) return { Enabled: false };
  return { Enabled: true, DurationSeconds: given.DurationSeconds };
}

/** elb/redirect-echo */
function shownRedirect(given: RedirectActionConfig | undefined): RedirectActionConfig {
  return {
    Protocol: given?.Protocol ?? "#{protocol}",
    Port: given?.Port ?? "#{port}",
    Host: given?.Host ?? "#{host}",
    Path: given?.Path ?? "/#{path}",
    Query: given?.Query ?? "#{query}",
    StatusCode: given?.StatusCode,
  };
}

const SESSION = {
  SessionCookieName: "AWSELBAuthSessionCookie",
  Scope: "openid",
  SessionTimeout: 604_800,
  OnUnauthenticatedRequest: "authenticate",
} as const;

/** elb/oidc-secret */
function shownOidc(given: Action["AuthenticateOidcConfig"]): Action["AuthenticateOidcConfig"] {
  if (given === undefined) return given;
  const { ClientSecret: _secret, UseExistingClientSecret: _keeps, ...rest } = given;
  return { ...SESSION, ...rest };
}

function shownCognito(given: Action["AuthenticateCognitoConfig"]): Action["AuthenticateCognitoConfig"] {
  return given === undefined ? given : { ...SESSION, ...given };
}

/** elb/one-load-balancer-per-target-group */
function checkAssociations(
  actions: readonly Action[],
  loadBalancer: LoadBalancer,
  usedBy: (targetGroupArn: string) => LoadBalancer | undefined,
): void {
  for (const arn of targetGroupsOf(actions)) {
    const user = usedBy(arn);
    if (user !== undefined && user !== loadBalancer) {
      throw new AwsError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
    }
  }
}
