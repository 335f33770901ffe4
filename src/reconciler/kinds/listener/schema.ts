import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { actionSchema } from "../action/schema.ts";
import { absentAs, aws } from "../field.ts";
import { ruleListSchema } from "../listener-rule/schema.ts";
import { lookedUp } from "../lookups/places.ts";

const MODIFY = "elasticloadbalancing:ModifyListener";
/**
 * AWS's recommended policy for new listeners; without it the API falls back to one of 2016. It stands in no stored spec,
 * so that it must stay as it is: another one would change every listener that does not say which it wants.
 */
export const DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/** docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const SSL_POLICY_OF_AWS = "ELBSecurityPolicy-2016-08";

export const listenerSchema = Type.Object(
  {
    port: Type.Integer({
      ...aws("Port", "never"),
      minimum: 1,
      maximum: 65_535,
      description: "Port that clients use; it identifies the listener within the spec.",
    }),
    protocol: Type.Enum(["HTTP", "HTTPS"], {
      ...aws("Protocol", MODIFY),
      description: "Protocol that clients speak.",
    }),
    sslPolicy: Type.Optional(
      Type.String({
        ...aws("SslPolicy", MODIFY),
        pattern: "^ELBSecurityPolicy-",
        description: `HTTPS only: which TLS versions and ciphers are offered. Default: ${DEFAULT_SSL_POLICY}.`,
      }),
    ),
    certificates: Type.Optional(
      Type.Array(Type.String(lookedUp("certificate")), {
        ...aws("Certificates", MODIFY, { owner: "structure" }),
        minItems: 1,
        maxItems: 26,
        uniqueItems: true,
        description:
          "HTTPS only: ARNs of certificates; the first is the default, the others are chosen by host name.",
      }),
    ),
    defaultAction: Type.Unsafe<Static<typeof actionSchema>>({
      ...actionSchema,
      ...aws("DefaultActions", MODIFY, { owner: "structure" }),
      description:
        "What is done with a request that no rule matches: exactly one of forward, redirect, fixedResponse.",
    }),
    rules: ruleListSchema,
  },
  { additionalProperties: false },
);

export const listenerListSchema = Type.Array(listenerSchema, {
  ...aws("Listeners", "never", { owner: "structure" }),
  ...absentAs([]),
  maxItems: LIMITS.listenersPerService,
  description: "What the load balancer listens on. Default: port 80, forwarding to the first target group.",
});

export type ListenerSpec = Static<typeof listenerSchema>;
