import { below, held, type MemberRules, notSupported, secretly } from "../coverage/member-table.ts";

const NO_AUTHENTICATION = "the spec has no actions that authenticate users yet";

/**
 * Members of an action
 * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html).
 * @param path of the list of actions
 * @param field that stands for them
 */
export function actionMembers(path: string, field: string): MemberRules {
  return below(`${path}[]`, {
    ...held(
      field,
      "Type",
      "Order",
      "TargetGroupArn",
      "ForwardConfig.TargetGroups[].TargetGroupArn",
      "ForwardConfig.TargetGroups[].Weight",
      "ForwardConfig.TargetGroupStickinessConfig.Enabled",
      "ForwardConfig.TargetGroupStickinessConfig.DurationSeconds",
      ...["Protocol", "Host", "Port", "Path", "Query", "StatusCode"].map((name) => `RedirectConfig.${name}`),
      ...["StatusCode", "ContentType", "MessageBody"].map((name) => `FixedResponseConfig.${name}`),
    ),
    ...secretly(
      notSupported(
        {
          AuthenticateOidcConfig: undefined,
          AuthenticateCognitoConfig: undefined,
          JwtValidationConfig: undefined,
        },
        NO_AUTHENTICATION,
      ),
    ),
  });
}
