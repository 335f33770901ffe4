import Type, { type Static } from "typebox";
import { LIMITS } from "../../../model/limits.ts";
import { aws } from "../field.ts";
import { lookedUp } from "../lookups/places.ts";
import { pinnedNameSchema } from "../names/pinned.ts";

const PUT = "autoscaling:PutLifecycleHook";

export const lifecycleHookSchema = Type.Object(
  {
    name: pinnedNameSchema("LifecycleHookName", 255),
    lifecycleTransition: Type.Enum(
      ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"],
      {
        ...aws("LifecycleTransition", PUT),
        description: "Whether instances wait before they come into service, or before they are terminated.",
      },
    ),
    heartbeatTimeout: Type.Integer({
      ...aws("HeartbeatTimeout", PUT, { absent: 3_600 }),
      minimum: 30,
      maximum: 7_200,
      default: 3_600,
      description: "Seconds that an instance waits for somebody to complete the hook.",
    }),
    defaultResult: Type.Enum(["CONTINUE", "ABANDON"], {
      ...aws("DefaultResult", PUT, { absent: "ABANDON" }),
      default: "ABANDON",
      description:
        "What becomes of an instance that nobody has completed the hook for: on with it, or away with it.",
    }),
    notificationTargetArn: Type.Optional(
      Type.String({
        ...aws("NotificationTargetARN", PUT),
        ...lookedUp("topic"),
        description:
          "Topic of SNS, queue of SQS or Lambda function that is told of each instance that waits. AWS sends it a test message.",
      }),
    ),
    roleArn: Type.Optional(
      Type.String({
        ...aws("RoleARN", PUT),
        pattern: "^arn:[^:]+:iam::[0-9]{12}:role/.+$",
        description: "Role by which the group may publish to the topic or the queue.",
      }),
    ),
    notificationMetadata: Type.Optional(
      Type.String({
        ...aws("NotificationMetadata", PUT),
        minLength: 1,
        maxLength: 4_000,
        pattern: "^[\\t\\n\\r\\u0020-\\u007e]*$",
        description:
          "Goes with every message to the target. It is shown as it is: no place for secrets. AWS has no call that takes it away again; a hook under another name has none.",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "Instances wait for somebody while they are launched or terminated.",
  },
);

export const lifecycleHookMapSchema = Type.Optional(
  Type.Record(Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }), lifecycleHookSchema, {
    ...aws("LifecycleHooks", "never", { owner: "structure" }),
    maxProperties: LIMITS.lifecycleHooksPerGroup,
    additionalProperties: false,
    description: "Lifecycle hooks, by name. The first instances of the group wait for them, too.",
  }),
);

export type LifecycleHookSpec = Static<typeof lifecycleHookSchema>;
