/** What AWS refuses of actions that answer by themselves: redirects and fixed responses. */
import type { RedirectActionConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  constraint,
  enumeration,
  firstOf,
  isNoneOf,
  isOutside,
  type RefusalRule,
} from "../../account/refusals.ts";
import type { ElbState } from "../state.ts";
import { ACTION_OPERATIONS, type ActionsInput, actionsOf, listenerOf, protocolOf } from "./actions.ts";
import { apiPage, ofPage } from "./of-page.ts";

const REDIRECT_CODES = ["HTTP_301", "HTTP_302"];
const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

const redirects = (input: ActionsInput): readonly RedirectActionConfig[] =>
  actionsOf(input).flatMap(({ RedirectConfig: config }) => config ?? []);

const REDIRECT_RULES = ofPage<ActionsInput>(apiPage("RedirectActionConfig"), ACTION_OPERATIONS, [
  [
    "redirect-missing",
    "A redirect has its configuration.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ Type, RedirectConfig: config }) =>
          Type === "redirect" &&
          config === undefined &&
          "A redirect configuration must be specified for actions of type 'redirect'",
      ),
  ],
  [
    "redirect-status",
    "The status of a redirect is HTTP_301 or HTTP_302.",
    (input) =>
      firstOf(
        redirects(input),
        ({ StatusCode: code }) =>
          !REDIRECT_CODES.includes(code ?? "") &&
          enumeration("redirectConfig.statusCode", code, REDIRECT_CODES),
      ),
  ],
  [
    "redirect-protocol",
    "The protocol of a redirect is HTTP, HTTPS or #{protocol}.",
    (input) =>
      firstOf(
        redirects(input),
        ({ Protocol: protocol }) =>
          protocol !== undefined &&
          !/^(HTTPS?|#\{protocol\})$/.test(protocol) &&
          `The redirect protocol '${protocol}' is not valid`,
      ),
  ],
  [
    "redirect-https-to-http",
    "HTTPS is not redirected to HTTP.",
    (input, state) =>
      protocolOf(input, state) === "HTTPS" &&
      firstOf(
        redirects(input),
        ({ Protocol: protocol }) => protocol === "HTTP" && "You cannot redirect from HTTPS to HTTP",
      ),
    "InvalidLoadBalancerAction",
  ],
  [
    "redirect-port",
    "The port of a redirect is 1 to 65535 or #{port}.",
    (input) =>
      firstOf(
        redirects(input),
        ({ Port: port }) =>
          port !== undefined &&
          port !== "#{port}" &&
          (!/^\d+$/.test(port) || isOutside(Number(port), 1, 65_535)) &&
          `The redirect port '${port}' must be '#{port}' or an integer between '1' and '65535'`,
      ),
  ],
  [
    "redirect-path",
    "The path of a redirect begins with /.",
    (input) =>
      firstOf(
        redirects(input),
        ({ Path: path }) =>
          path !== undefined && !path.startsWith("/") && `The redirect path '${path}' must begin with '/'`,
      ),
  ],
  [
    "redirect-query",
    "The query of a redirect is given without the leading ?.",
    (input) =>
      firstOf(
        redirects(input),
        ({ Query: query = "" }) =>
          query.startsWith("?") && `The redirect query '${query}' must not begin with '?'`,
      ),
  ],
  [
    "redirect-length",
    "The host, path and query of a redirect have at most 128 characters each.",
    (input) =>
      firstOf(redirects(input), ({ Host, Path, Query }) =>
        [Host, Path, Query].some((part) => (part ?? "").length > 128),
      ),
  ],
  [
    "redirect-loop",
    "A redirect changes the protocol, host, port or path.",
    (input, state) =>
      firstOf(redirects(input), ({ Protocol, Host, Port, Path }) => {
        const { protocol, port } = listenerOf(input, state);
        const isKept =
          ["#{protocol}", protocol].includes(Protocol ?? "#{protocol}") &&
          ["#{port}", port].includes(Port ?? "#{port}") &&
          (Host ?? "#{host}") === "#{host}" &&
          (Path ?? "/#{path}") === "/#{path}";
        return isKept && "The redirect configuration is not valid because it creates a loop.";
      }),
    "InvalidLoadBalancerAction",
  ],
]);

const RESPONSE_RULES = ofPage<ActionsInput>(apiPage("FixedResponseActionConfig"), ACTION_OPERATIONS, [
  [
    "response-missing",
    "A fixed response has its configuration.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ Type, FixedResponseConfig: config }) =>
          Type === "fixed-response" &&
          config === undefined &&
          "A fixed response configuration must be specified for actions of type 'fixed-response'",
      ),
  ],
  [
    "response-status",
    "The status of a fixed response is 2XX, 4XX or 5XX.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ FixedResponseConfig: config }) =>
          config !== undefined &&
          !/^[245]\d\d$/.test(config.StatusCode ?? "") &&
          constraint(
            "fixedResponseConfig.statusCode",
            config.StatusCode,
            "Member must satisfy regular expression pattern: ^(2|4|5)\\d\\d$",
          ),
      ),
  ],
  [
    "response-body",
    "The body of a fixed response has at most 1024 characters.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ FixedResponseConfig: config }) => (config?.MessageBody ?? "").length > 1_024,
      ),
  ],
  [
    "response-content-type",
    "The content type of a fixed response is one of the reference's.",
    (input) =>
      firstOf(
        actionsOf(input),
        ({ FixedResponseConfig: config }) =>
          isNoneOf(config?.ContentType, ["", ...CONTENT_TYPES]) &&
          `The content type '${config?.ContentType}' must be one of ${CONTENT_TYPES.join(", ")}`,
      ),
  ],
]);

export const ANSWER_RULES: readonly RefusalRule<ElbState>[] = [...REDIRECT_RULES, ...RESPONSE_RULES];
