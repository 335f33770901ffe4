/** References of a user's spec: `{ ref: <path of the sibling> }`, never an ARN that only AWS knows. */
import Type, { type Static } from "typebox";

export const referenceSchema = Type.Object(
  {
    ref: Type.String({
      pattern: "^(loadBalancer|targetGroups\\.[^.]+|autoScalingGroups\\.[^.]+(\\.scalingPolicies\\.[^.]+)?)$",
      description:
        "Path of a sibling: `loadBalancer`, `targetGroups.web`, `autoScalingGroups.web`, `autoScalingGroups.web.scalingPolicies.cpu`.",
    }),
  },
  { additionalProperties: false },
);

export type ReferenceSpec = Static<typeof referenceSchema>;

export function isReference(value: unknown): value is ReferenceSpec {
  return typeof value === "object" && value !== null && "ref" in value;
}
