/**
 * Actions of listeners and rules: what AWS refuses, and how it shows what it was given.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
 */
import type {
  Action,
  FixedResponseActionConfig,
  RedirectActionConfig,
  TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import { type ElbState, invalid, type LoadBalancer, targetGroupOf, within } from "./state.ts";

const LAST = ["forward", "redirect", "fixed-response"] as const;
const AUTHENTICATION = ["authenticate-oidc", "authenticate-cognito", "jwt-validation"] as const;
const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

/**
 * The actions as AWS will show them.
 * @param usedBy which load balancer already uses a target group
 * @throws AwsError
 */
export function checkedActions(
  state: ElbState,
  actions: readonly Action[] | undefined,
  place: { loadBalancer: LoadBalancer; protocol: "HTTP" | "HTTPS" },
  usedBy: (targetGroupArn: string) => LoadBalancer | undefined,
): Action[] {
  const sorted = [...(actions ?? [])].sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1));
  checkShape(sorted, place.protocol);
  const shown = sorted.map((action) => shownAction(state, action));
  checkAssociations(shown, place.loadBalancer, usedBy);
  return shown;
}

/** The target groups that actions send to; a weight of 0 counts too: elb/weight-zero-in-use. */
export function targetGroupsOf(actions: readonly Action[]): string[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn ?? ""),
  );
}

/** elb/one-last-action */
function checkShape(sorted: readonly Action[], protocol: "HTTP" | "HTTPS"): void {
  const isLast = (action: Action): boolean => LAST.some((type) => type === action.Type);
  const last = sorted.at(-1);
  if (last === undefined || !isLast(last) || sorted.filter(isLast).length !== 1) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "Exactly one action of type forward, redirect or fixed-response must be specified, and it must be performed last",
    );
  }
  if (sorted.length > 2) throw new AwsError("TooManyActions", "Too many actions are specified");
  const first = sorted[0];
  if (sorted.length === 2 && first !== undefined) {
    if (!AUTHENTICATION.some((type) => type === first.Type))
      throw invalid(`The action type '${first.Type}' is not valid`);
    if (protocol !== "HTTPS") {
      throw new AwsError(
        "InvalidLoadBalancerAction",
        `The action type '${first.Type}' is supported on HTTPS listeners only`,
      );
    }
    if (sorted.some((action) => action.Order === undefined) || first.Order === last.Order) {
      throw invalid("With several actions, each must have an order of its own");
    }
  }
  for (const action of sorted) {
    if (action.Order !== undefined) within(action.Order, 1, 50_000, "The order of an action");
  }
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
        FixedResponseConfig: checkedResponse(action.FixedResponseConfig),
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
  const single = action.TargetGroupArn;
  if (single === undefined && given.length === 0) throw invalid("A forward action must have a target group");
  if (single !== undefined && given.length > 0 && (given.length > 1 || given[0]?.TargetGroupArn !== single)) {
    throw invalid("The target group ARN and the target groups of a forward action must be the same");
  }
  const groups: TargetGroupTuple[] = given.length > 0 ? given : [{ TargetGroupArn: single }];
  if (groups.length > state.quotas.targetGroupsPerAction) {
    throw invalid(`A forward action can have at most ${state.quotas.targetGroupsPerAction} target groups`);
  }
  if (new Set(groups.map((one) => one.TargetGroupArn)).size < groups.length) {
    throw invalid("A target group is specified more than once in a forward action");
  }
  const tuples = groups.map((one) => ({
    TargetGroupArn: targetGroupOf(state, one.TargetGroupArn).arn,
    Weight: within(one.Weight ?? 1, 0, 999, "The weight of a target group"),
  }));
  // elb/unordered-lists: by the random end of the ARN, so that the order given is not the order shown.
  tuples.sort((a, b) => (a.TargetGroupArn.slice(-16) < b.TargetGroupArn.slice(-16) ? -1 : 1));
  const first = tuples[0];
  return {
    ...(tuples.length === 1 && first !== undefined && { TargetGroupArn: first.TargetGroupArn }),
    ForwardConfig: {
      TargetGroups: tuples,
      TargetGroupStickinessConfig: checkedStickiness(action.ForwardConfig?.TargetGroupStickinessConfig),
    },
  };
}

function checkedStickiness(
  given: { Enabled?: boolean | undefined; DurationSeconds?: number | undefined } | undefined,
) {
  if (given?.Enabled !== true) return { Enabled: false };
  if (given.DurationSeconds === undefined)
    throw invalid("Target group stickiness must have a duration when it is enabled");
  const DurationSeconds = within(
    given.DurationSeconds,
    1,
    604_800,
    "The duration of target group stickiness",
  );
  return { Enabled: true, DurationSeconds };
}

/** elb/redirect-echo */
function shownRedirect(given: RedirectActionConfig | undefined): RedirectActionConfig {
  if (given === undefined) throw invalid("A redirect action must have a redirect configuration");
  if (given.StatusCode !== "HTTP_301" && given.StatusCode !== "HTTP_302") {
    throw invalid(`The status code '${given.StatusCode}' of a redirect must be HTTP_301 or HTTP_302`);
  }
  const shown = {
    Protocol: given.Protocol ?? "#{protocol}",
    Port: given.Port ?? "#{port}",
    Host: given.Host ?? "#{host}",
    Path: given.Path ?? "/#{path}",
    Query: given.Query ?? "#{query}",
    StatusCode: given.StatusCode,
  };
  if (!/^(HTTPS?|#\{protocol\})$/.test(shown.Protocol))
    throw invalid(`The protocol '${shown.Protocol}' of a redirect is not valid`);
  if (shown.Port !== "#{port}") within(Number(shown.Port), 1, 65_535, "The port of a redirect");
  if (!shown.Path.startsWith("/")) throw invalid("The path of a redirect must start with '/'");
  if ([shown.Host, shown.Path, shown.Query].some((part) => part.length > 128)) {
    throw invalid("The host, path and query of a redirect have at most 128 characters each");
  }
  const isUnchanged =
    shown.Protocol === "#{protocol}" &&
    shown.Port === "#{port}" &&
    shown.Host === "#{host}" &&
    shown.Path === "/#{path}";
  if (isUnchanged) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "The options specified would redirect a request to itself",
    );
  }
  return shown;
}

function checkedResponse(given: FixedResponseActionConfig | undefined): FixedResponseActionConfig {
  if (given === undefined) throw invalid("A fixed-response action must have a fixed response configuration");
  if (!/^[245]\d\d$/.test(given.StatusCode ?? "")) {
    throw invalid(`The status code '${given.StatusCode}' of a fixed response must be 2XX, 4XX or 5XX`);
  }
  if ((given.MessageBody ?? "").length > 1_024)
    throw invalid("The body of a fixed response has at most 1024 characters");
  if (given.ContentType !== undefined && !CONTENT_TYPES.includes(given.ContentType)) {
    throw invalid(`The content type '${given.ContentType}' must be one of ${CONTENT_TYPES.join(", ")}`);
  }
  return given;
}

const SESSION = {
  SessionCookieName: "AWSELBAuthSessionCookie",
  Scope: "openid",
  SessionTimeout: 604_800,
  OnUnauthenticatedRequest: "authenticate",
} as const;

/** elb/oidc-secret */
function shownOidc(given: Action["AuthenticateOidcConfig"]): Action["AuthenticateOidcConfig"] {
  if (given === undefined) throw invalid("An authenticate-oidc action must have its configuration");
  const { ClientSecret: secret, UseExistingClientSecret: keeps, ...rest } = given;
  if (secret === undefined && keeps !== true)
    throw invalid("An authenticate-oidc action must have a client secret");
  return { ...SESSION, ...rest };
}

function shownCognito(given: Action["AuthenticateCognitoConfig"]): Action["AuthenticateCognitoConfig"] {
  if (given === undefined) throw invalid("An authenticate-cognito action must have its configuration");
  return { ...SESSION, ...given };
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
