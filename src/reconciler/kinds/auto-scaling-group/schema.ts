import Type, { type Static } from "typebox";
import { absentAs, aws } from "../field.ts";
import { launchTemplateSchema } from "../launch-template/schema.ts";
import { lifecycleHookMapSchema } from "../lifecycle-hook/schema.ts";
import { lookedUp } from "../lookups/places.ts";
import { pinnedNameSchema } from "../names/pinned.ts";
import { notificationMapSchema } from "../notification/schema.ts";
import { scalingPolicyMapSchema } from "../scaling-policy/schema.ts";
import { scheduledActionMapSchema } from "../scheduled-action/schema.ts";
import { warmPoolMemberSchema } from "../warm-pool/schema.ts";
import { alsoWritten, HEALTH_CHECK_TYPES } from "../written-forms.ts";
import { desiredCapacityTypeSchema, mixedInstancesPolicySchema } from "./mixed/schema.ts";
import { refreshSchema } from "./refresh-schema.ts";
import { groupSettingsSchema } from "./settings-schema.ts";

const UPDATE = "autoscaling:UpdateAutoScalingGroup";

export const TERMINATION_POLICIES: readonly string[] = [
  "Default",
  "AllocationStrategy",
  "OldestLaunchTemplate",
  "OldestLaunchConfiguration",
  "ClosestToNextInstanceHour",
  "NewestInstance",
  "OldestInstance",
];
/** The ARN of a function that chooses; its qualifier may be left out, and AWS then says what it thinks of that. */
export const TERMINATION_FUNCTION = /^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:.+$/;
/** AWS documents no maximum for seconds; more does not fit into its integers. */
const MOST_SECONDS = 2_147_483_647;

export const autoScalingGroupSchema = Type.Object(
  {
    name: pinnedNameSchema("AutoScalingGroupName", 255),
    targetGroups: Type.Optional(
      Type.Array(Type.String(), {
        ...aws("TargetGroupARNs", "autoscaling:AttachLoadBalancerTargetGroups", { owner: "structure" }),
        maxItems: 50,
        uniqueItems: true,
        description: "Names of the target groups of this spec that its instances serve.",
      }),
    ),
    subnetIds: Type.Optional(
      Type.Array(Type.String({ pattern: "^subnet-[0-9a-z]+$" }), {
        ...aws("VPCZoneIdentifier", UPDATE, { owner: "structure" }),
        ...lookedUp("subnets"),
        minItems: 1,
        uniqueItems: true,
        description: "Subnets of the instances. Default: `spec.subnetIds`.",
      }),
    ),
    minSize: Type.Integer({
      ...aws("MinSize", UPDATE),
      minimum: 0,
      maximum: 10_000,
      default: 2,
      description: "Never fewer instances than this.",
    }),
    maxSize: Type.Integer({
      ...aws("MaxSize", UPDATE),
      minimum: 0,
      maximum: 10_000,
      default: 10,
      description: "Never more instances than this.",
    }),
    desiredCapacity: Type.Optional(
      Type.Integer({
        ...aws("DesiredCapacity", UPDATE, { owner: "initial" }),
        minimum: 0,
        maximum: 10_000,
        description:
          "How many to begin with; then it belongs to scaling, unless `desiredCapacityPolicy` says otherwise. Default: `minSize`.",
      }),
    ),
    desiredCapacityPolicy: Type.Optional(
      Type.Enum(["Initial", "Fixed"], {
        ...absentAs("Initial"),
        description:
          "`Initial`: `desiredCapacity` is used when the group is made, and scaling owns it afterwards. `Fixed`: it is put right whoever moves it. Default: `Initial`.",
      }),
    ),
    healthCheckType: Type.Enum([...HEALTH_CHECK_TYPES], {
      ...aws("HealthCheckType", UPDATE, { absent: "EC2" }),
      ...alsoWritten("healthCheckTypes"),
      default: "ELB",
      description:
        "`ELB`: an instance that fails its target group's health check is replaced. `EBS`: also one whose volumes cannot be reached. `EC2`: only one that is not running or impaired, which the others include. Both: `EBS,ELB`.",
    }),
    healthCheckGracePeriod: Type.Integer({
      ...aws("HealthCheckGracePeriod", UPDATE, { absent: 0 }),
      minimum: 0,
      maximum: MOST_SECONDS,
      default: 300,
      description: "Seconds after launch in which health checks do not count.",
    }),
    defaultCooldown: Type.Integer({
      ...aws("DefaultCooldown", UPDATE, { absent: 300 }),
      minimum: 0,
      maximum: MOST_SECONDS,
      default: 300,
      description: "Seconds between two simple scaling activities.",
    }),
    defaultInstanceWarmup: Type.Optional(
      Type.Integer({
        ...aws("DefaultInstanceWarmup", UPDATE),
        ...alsoWritten("minusOneForNone"),
        minimum: 0,
        maximum: MOST_SECONDS,
        description: "Seconds until a new instance's metrics count; -1 is none.",
      }),
    ),
    terminationPolicies: Type.Array(Type.String(), {
      ...aws("TerminationPolicies", UPDATE, { absent: ["Default"] }),
      minItems: 1,
      default: ["Default"],
      description: `Which instance goes first when the group shrinks, in order: ${TERMINATION_POLICIES.join(", ")}, or the ARN of a Lambda function.`,
    }),
    newInstancesProtectedFromScaleIn: Type.Boolean({
      ...aws("NewInstancesProtectedFromScaleIn", UPDATE, { absent: false }),
      default: false,
      description: "Whether scaling in leaves new instances alone.",
    }),
    capacityRebalance: Type.Boolean({
      ...aws("CapacityRebalance", UPDATE, { absent: false }),
      default: false,
      description: "Whether Spot instances at risk are replaced early.",
    }),
    maxInstanceLifetime: Type.Optional(
      Type.Integer({
        ...aws("MaxInstanceLifetime", UPDATE),
        ...alsoWritten("zeroForNone"),
        minimum: 86_400,
        maximum: 31_536_000,
        description: "Seconds after which an instance is replaced; 0 is never.",
      }),
    ),
    tags: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            value: Type.String({ description: "Value of the tag." }),
            propagateAtLaunch: Type.Boolean({
              ...absentAs(false),
              default: true,
              description: "Whether new instances get it too.",
            }),
          },
          { additionalProperties: false },
        ),
        {
          ...aws("Tags", "autoscaling:CreateOrUpdateTags", { owner: "structure" }),
          additionalProperties: false,
          description: "Tags of the group, beside `spec.tags`.",
        },
      ),
    ),
    ...groupSettingsSchema,
    mixedInstancesPolicy: Type.Optional(mixedInstancesPolicySchema),
    desiredCapacityType: Type.Optional(desiredCapacityTypeSchema),
    instanceRefresh: refreshSchema,
    launchTemplate: launchTemplateSchema,
    scalingPolicies: scalingPolicyMapSchema,
    scheduledActions: scheduledActionMapSchema,
    lifecycleHooks: lifecycleHookMapSchema,
    notifications: notificationMapSchema,
    warmPool: warmPoolMemberSchema,
  },
  { additionalProperties: false },
);

export type AutoScalingGroupSpec = Static<typeof autoScalingGroupSchema>;
