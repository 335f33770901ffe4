/**
 * How a changed launch template is brought to the instances: every preference of an instance refresh
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html and …/API_RefreshPreferences.html).
 */
import Type, { type Static } from "typebox";
import { absentAs } from "../field.ts";

export const STRATEGIES = ["Rolling", "ReplaceRootVolume"] as const;
export const SCALE_IN_PROTECTED = ["Refresh", "Ignore", "Wait"] as const;
export const STANDBY = ["Terminate", "Ignore", "Wait"] as const;
/** Two days (…/API_RefreshPreferences.html, BakeTime and CheckpointDelay). */
const MOST_WAITED_SECONDS = 172_800;
/** AWS documents no maximum; more does not fit into its integers. */
const MOST_SECONDS = 2_147_483_647;
/** …/API_AlarmSpecification.html */
const MOST_ALARMS = 10;

const alarmReferenceSchema = Type.Object(
  {
    ref: Type.String({
      pattern: "^alarms\\.[^.]+$",
      description: "Path of an alarm of this spec: `alarms.high-5xx`.",
    }),
  },
  { additionalProperties: false },
);

export const refreshSchema = Type.Object(
  {
    strategy: Type.Enum([...STRATEGIES], {
      ...absentAs("Rolling"),
      default: "Rolling",
      description:
        "`Rolling` replaces instances. `ReplaceRootVolume` replaces the root volume of each, and takes a mixed instances policy whose overrides name images.",
    }),
    minHealthyPercentage: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        default: 90,
        description: "Share of the group that stays in service.",
      }),
    ),
    maxHealthyPercentage: Type.Optional(
      Type.Integer({ minimum: 100, maximum: 200, description: "Share that it may grow to meanwhile." }),
    ),
    instanceWarmup: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_SECONDS,
        description: "Seconds until a new instance counts.",
      }),
    ),
    skipMatching: Type.Boolean({
      ...absentAs(false),
      default: true,
      description: "Whether instances stay that run the wanted version already.",
    }),
    checkpointPercentages: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 100 }), {
        minItems: 1,
        description:
          "Shares of new instances at which the rollout pauses for `checkpointDelay`, ascending; the last is 100.",
      }),
    ),
    checkpointDelay: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_WAITED_SECONDS,
        description: "Seconds that the rollout pauses at each checkpoint. Default: AWS's, an hour.",
      }),
    ),
    bakeTime: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_WAITED_SECONDS,
        description:
          "Seconds in which the new instances have to prove themselves at the end, before the rollout counts as done.",
      }),
    ),
    scaleInProtectedInstances: Type.Optional(
      Type.Enum([...SCALE_IN_PROTECTED], {
        ...absentAs("Wait"),
        description:
          "What becomes of instances that are protected from scale-in: `Refresh` replaces them, `Ignore` leaves them at their version, `Wait` lets AWS wait an hour for somebody to take the protection away, and then give up. Without it a rollout is not begun while there are any, and the service asks.",
      }),
    ),
    standbyInstances: Type.Optional(
      Type.Enum([...STANDBY], {
        ...absentAs("Wait"),
        description:
          "The same for instances on standby: `Terminate` replaces them, `Ignore` leaves them at their version, `Wait` lets AWS wait an hour for them to return to service, and then give up.",
      }),
    ),
    autoRollback: Type.Boolean({
      ...absentAs(false),
      default: true,
      description:
        "Whether a rollout that fails, or during which an alarm of `alarmSpecification` rings, brings back what ran before. Where AWS cannot (an image of `resolve:ssm:`), Holdfast does.",
    }),
    alarmSpecification: Type.Optional(
      Type.Object(
        {
          alarms: Type.Array(
            Type.Union([Type.String({ minLength: 1, maxLength: 255 }), alarmReferenceSchema]),
            {
              minItems: 1,
              maxItems: MOST_ALARMS,
              description:
                "Alarms of this spec, `{ ref: alarms.high-5xx }`, or the names of others in the account.",
            },
          ),
        },
        { additionalProperties: false, description: "Alarms that stop a rollout when they ring." },
      ),
    ),
  },
  {
    additionalProperties: false,
    default: {},
    description: "How instances are replaced when the launch template changes.",
  },
);

export type RefreshSpec = Static<typeof refreshSchema>;
