import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { actionSchema } from "../action/schema.ts";
import { aws } from "../field.ts";
import { conditionSchema } from "./condition-schema.ts";

const MODIFY = "elasticloadbalancing:ModifyRule";

export const ruleSchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
      description: "Identifies the rule within its listener.",
    }),
    priority: Type.Integer({
      ...aws("Priority", "elasticloadbalancing:SetRulePriorities"),
      minimum: 1,
      maximum: 50_000,
      description: "Rules are tried from the lowest number up.",
    }),
    conditions: Type.Array(conditionSchema, {
      ...aws("Conditions", MODIFY, { owner: "structure" }),
      minItems: 1,
      maxItems: 5,
      description: "All of them must match; each is exactly one of the six condition types.",
    }),
    action: Type.Unsafe<Static<typeof actionSchema>>({
      ...actionSchema,
      ...aws("Actions", MODIFY, { owner: "structure" }),
      description: "What is done with a matching request: exactly one of forward, redirect, fixedResponse.",
    }),
    secret: Type.Optional(
      Type.Boolean({
        description:
          "Whether what its conditions compare with, and the texts of its redirect or fixed response, are secret: compared, stored and shown as digests. Default: the values of `httpHeader` are, and nothing else; `false` shows them.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const ruleListSchema = Type.Optional(
  Type.Array(ruleSchema, {
    ...aws("Rules", "never", { owner: "structure" }),
    maxItems: LIMITS.rulesPerService,
    description: "Rules that come before the default action.",
  }),
);

export type RuleSpec = Static<typeof ruleSchema>;
