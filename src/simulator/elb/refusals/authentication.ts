/** What AWS refuses of actions that authenticate users or validate tokens. */
import { firstOf, isNoneOf, isOutside, type RefusalRule } from "../../account/refusals.ts";
import type { ElbState } from "../state.ts";
import { ACTION_OPERATIONS, type ActionsInput, actionsOf } from "./actions.ts";
import { apiPage, ofPage } from "./of-page.ts";

const BEHAVIOURS = ["deny", "allow", "authenticate"];

const ENDPOINTS = ["Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint"] as const;

const isUrl = (text: string): boolean => /^https:\/\/[^\s/]+/.test(text);

export const AUTHENTICATION_RULES: readonly RefusalRule<ElbState>[] = [
  ...ofPage<ActionsInput>(apiPage("AuthenticateOidcActionConfig"), ACTION_OPERATIONS, [
    [
      "oidc-missing",
      "An authenticate-oidc action has its configuration.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ Type, AuthenticateOidcConfig: config }) => Type === "authenticate-oidc" && config === undefined,
        ),
    ],
    [
      "oidc-endpoints",
      "The issuer and the endpoints of an identity provider are full URLs of HTTPS.",
      (input) =>
        firstOf(actionsOf(input), ({ AuthenticateOidcConfig: config }) =>
          firstOf(
            config === undefined ? [] : ENDPOINTS,
            (name) =>
              !isUrl(config?.[name] ?? "") &&
              `The ${name} '${config?.[name] ?? ""}' must be a full URL, including the HTTPS protocol and the domain`,
          ),
        ),
    ],
    [
      "oidc-client-secret-missing",
      "An authenticate-oidc action has a client secret, or keeps the one that is there.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ AuthenticateOidcConfig: config }) =>
            config !== undefined &&
            (config.ClientSecret ?? "") === "" &&
            config.UseExistingClientSecret !== true &&
            "A client secret must be specified for actions of type 'authenticate-oidc'",
        ),
    ],
    [
      "session-timeout",
      "The timeout of an authentication session is 1 to 604800 seconds.",
      (input) =>
        firstOf(actionsOf(input), ({ AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito }) =>
          isOutside(oidc?.SessionTimeout ?? cognito?.SessionTimeout, 1, 604_800),
        ),
    ],
    [
      "unauthenticated-request",
      "A request that is not authenticated is denied, allowed or sent to be authenticated.",
      (input) =>
        firstOf(actionsOf(input), ({ AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito }) =>
          isNoneOf(oidc?.OnUnauthenticatedRequest ?? cognito?.OnUnauthenticatedRequest, BEHAVIOURS),
        ),
    ],
    [
      "authentication-parameters",
      "A request to be authenticated carries at most 10 extra parameters.",
      (input) =>
        firstOf(actionsOf(input), ({ AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito }) => {
          const given = oidc?.AuthenticationRequestExtraParams ?? cognito?.AuthenticationRequestExtraParams;
          return Object.keys(given ?? {}).length > 10;
        }),
    ],
  ]),
  ...ofPage<ActionsInput>(apiPage("AuthenticateCognitoActionConfig"), ACTION_OPERATIONS, [
    [
      "cognito-missing",
      "An authenticate-cognito action has its configuration.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ Type, AuthenticateCognitoConfig: config }) =>
            Type === "authenticate-cognito" && config === undefined,
        ),
    ],
    [
      "cognito-user-pool",
      "The user pool of an authenticate-cognito action is an ARN of Cognito.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ AuthenticateCognitoConfig: config }) =>
            config !== undefined &&
            !/^arn:[^:]+:cognito-idp:[^:]+:\d{12}:userpool\/.+/.test(config.UserPoolArn ?? "") &&
            `The user pool ARN '${config.UserPoolArn ?? ""}' is not valid`,
        ),
    ],
  ]),
  ...ofPage<ActionsInput>(apiPage("JwtValidationActionConfig"), ACTION_OPERATIONS, [
    [
      "jwt-missing",
      "A jwt-validation action has its configuration.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ Type, JwtValidationConfig: config }) => Type === "jwt-validation" && config === undefined,
        ),
    ],
    [
      "jwt-endpoint",
      "The endpoint of a key set is a full URL of HTTPS with at most 256 characters.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ JwtValidationConfig: config }) =>
            config !== undefined &&
            (!isUrl(config.JwksEndpoint ?? "") || (config.JwksEndpoint ?? "").length > 256),
        ),
    ],
    [
      "jwt-claims",
      "A jwt-validation action checks at most 10 additional claims.",
      (input) =>
        firstOf(
          actionsOf(input),
          ({ JwtValidationConfig: config }) => (config?.AdditionalClaims ?? []).length > 10,
        ),
    ],
    [
      "jwt-claim-reserved",
      "The claims exp, iss, nbf and iat are always checked, and not given.",
      (input) =>
        firstOf(actionsOf(input), ({ JwtValidationConfig: config }) =>
          (config?.AdditionalClaims ?? []).some(({ Name = "" }) =>
            ["exp", "iss", "nbf", "iat"].includes(Name),
          ),
        ),
    ],
  ]),
];
