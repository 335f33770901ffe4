/** `spec.drift`: what becomes of what others change. */
import Type from "typebox";
import { LIMITS } from "../../model/limits.ts";
import { aws } from "./field.ts";

const ruleSchema = Type.Object(
  {
    resource: Type.String({
      ...aws("", "never", { owner: "structure" }),
      pattern: "^[-A-Za-z0-9*]+(\\.[-A-Za-z0-9*]+)*$",
      maxLength: 300,
      description:
        "Address of the resource, as in `status.resources[].key`; `*` is any part between two dots, and alone every resource.",
    }),
    field: Type.Optional(
      Type.String({
        ...aws("", "never", { owner: "structure" }),
        minLength: 1,
        maxLength: 300,
        description:
          "Field of the resource, or what fields stand below, as differences and drift events name it; `*` is any part between two dots. Default: every field.",
      }),
    ),
    policy: Type.Enum(["Correct", "Report", "Ignore"], {
      ...aws("", "never", { owner: "structure" }),
      description:
        "`Correct`: put right. `Report`: recorded and shown, not corrected; an edit of the field here is written. `Ignore`: written when the resource is made, never again, edit or not.",
    }),
  },
  { additionalProperties: false },
);

export const driftSchema = Type.Object(
  {
    policy: Type.Enum(["Correct", "Report"], {
      ...aws("", "never", { owner: "structure" }),
      default: "Correct",
      description: "What no rule speaks of: `Correct` or `Report`.",
    }),
    rules: Type.Optional(
      Type.Array(ruleSchema, {
        ...aws("", "never", { owner: "structure" }),
        maxItems: LIMITS.driftRules,
        description: "The last rule that matches speaks.",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "What becomes of what others change in AWS. Default: it is corrected.",
  },
);
