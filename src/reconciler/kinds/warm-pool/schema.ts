import Type, { type Static } from "typebox";
import { aws } from "../field.ts";
import { alsoWritten } from "../written-forms.ts";

const PUT = "autoscaling:PutWarmPool";

export const warmPoolSchema = Type.Object(
  {
    minSize: Type.Integer({
      ...aws("MinSize", PUT, { absent: 0 }),
      minimum: 0,
      maximum: 10_000,
      default: 0,
      description: "So many instances it holds at least.",
    }),
    maxGroupPreparedCapacity: Type.Optional(
      Type.Integer({
        ...aws("MaxGroupPreparedCapacity", PUT),
        ...alsoWritten("minusOneForNone"),
        minimum: 0,
        maximum: 10_000,
        description:
          "So many instances group and pool have together at most; -1 is none. Default: the group's `maxSize`.",
      }),
    ),
    poolState: Type.Enum(["Stopped", "Running", "Hibernated"], {
      ...aws("PoolState", PUT, { absent: "Stopped" }),
      default: "Stopped",
      description: "How its instances wait.",
    }),
    instanceReusePolicy: Type.Object(
      {
        reuseOnScaleIn: Type.Boolean({
          ...aws("InstanceReusePolicy.ReuseOnScaleIn", PUT, { absent: false }),
          default: false,
          description: "Whether instances go back to the pool when the group shrinks.",
        }),
      },
      {
        additionalProperties: false,
        default: {},
        description: "What becomes of instances when the group shrinks.",
      },
    ),
  },
  {
    additionalProperties: false,
    description:
      "Instances that are prepared, and wait outside of the group. A rollout replaces them after those in service; AWS takes no change of the pool meanwhile.",
  },
);

/** Without it the group has none; `{}` is one with AWS's defaults. */
export const warmPoolMemberSchema = Type.Optional(
  Type.Unsafe<Static<typeof warmPoolSchema>>({
    ...warmPoolSchema,
    ...aws("WarmPoolConfiguration", "never", { owner: "structure" }),
  }),
);
