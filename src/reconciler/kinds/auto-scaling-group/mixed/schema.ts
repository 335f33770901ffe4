/**
 * Several instance types and ways to buy them in one group
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_MixedInstancesPolicy.html and the pages of its parts). The launch
 * template of it is the group's own, from `launchTemplate` of the spec.
 */
import Type, { type Static } from "typebox";
import { absentAs, aws } from "../../field.ts";
import { overrideRequirementsSchema } from "../../instance-requirements/schema.ts";
import { alsoWritten } from "../../written-forms.ts";

const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const POLICY = "MixedInstancesPolicy";
const DISTRIBUTION = `${POLICY}.InstancesDistribution`;
/** …/API_LaunchTemplateOverrides.html, InstanceType. */
const MOST_OVERRIDES = 40;
/** AWS documents no maximum; more does not fit into what a group may have. */
const MOST_CAPACITY = 10_000;

/** …/API_DistributionSegment.html */
const CAPACITY_TYPES = [
  "on-demand-capacity-reservation",
  "capacity-block",
  "interruptible-capacity-reservation",
  "on-demand",
] as const;

const overrideSchema = Type.Object(
  {
    instanceType: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9-]+\\.[a-z0-9-]+$",
        description: "Instance type. Either this or `instanceRequirements`; without either, the template's.",
      }),
    ),
    instanceRequirements: Type.Optional(overrideRequirementsSchema),
    weightedCapacity: Type.Optional(
      Type.String({
        ...alsoWritten("numberAsText"),
        pattern: "^[1-9][0-9]{0,2}$",
        description:
          "Units that an instance of this type counts for, 1 to 999. Given for one, it is given for all; the sizes of the group are in these units then.",
      }),
    ),
    launchTemplateSpecification: Type.Optional(
      Type.Object(
        {
          launchTemplateId: Type.Optional(
            Type.String({ pattern: "^lt-[0-9a-z]+$", description: "Its id. Either this or its name." }),
          ),
          launchTemplateName: Type.Optional(
            Type.String({ minLength: 3, maxLength: 128, description: "Its name." }),
          ),
          version: Type.Optional(
            Type.String({
              ...absentAs("$Default"),
              ...alsoWritten("numberAsText"),
              pattern: "^(\\$Latest|\\$Default|[1-9][0-9]*)$",
              description: "Its version: a number, `$Latest` or `$Default`. Default: `$Default`.",
            }),
          ),
        },
        {
          additionalProperties: false,
          description:
            "Another launch template of the account for this override, which is somebody else's: no version is made of it. Default: the group's own.",
        },
      ),
    ),
    imageId: Type.Optional(
      Type.String({
        pattern: "^ami-[0-9a-z]+$",
        description:
          "Image in place of the template's; what `instanceRefresh.strategy` ReplaceRootVolume puts into a new root volume.",
      }),
    ),
  },
  { additionalProperties: false },
);

const distributionSchema = Type.Object(
  {
    onDemandAllocationStrategy: Type.Optional(
      Type.Enum(["lowest-price", "prioritized"], {
        ...aws(`${DISTRIBUTION}.OnDemandAllocationStrategy`, UPDATE),
        description:
          "How types are chosen on demand: by price, or in the order of the overrides. AWS's default: `prioritized`, and `lowest-price` with `instanceRequirements`.",
      }),
    ),
    onDemandBaseCapacity: Type.Optional(
      Type.Integer({
        ...aws(`${DISTRIBUTION}.OnDemandBaseCapacity`, UPDATE),
        minimum: 0,
        maximum: MOST_CAPACITY,
        description:
          "How much of the capacity is on demand before anything else, in the units of the group's sizes. AWS's default: 0. A change replaces running instances, one after the other.",
      }),
    ),
    onDemandPercentageAboveBaseCapacity: Type.Optional(
      Type.Integer({
        ...aws(`${DISTRIBUTION}.OnDemandPercentageAboveBaseCapacity`, UPDATE),
        minimum: 0,
        maximum: 100,
        description:
          "Share of the rest that is on demand; what is left is Spot. AWS's default: 100, so that nothing is. A change replaces running instances, one after the other.",
      }),
    ),
    spotAllocationStrategy: Type.Optional(
      Type.Enum(
        ["lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"],
        {
          ...aws(`${DISTRIBUTION}.SpotAllocationStrategy`, UPDATE),
          description:
            "How Spot pools are chosen. AWS advises `price-capacity-optimized`; its default, `lowest-price`, is interrupted most.",
        },
      ),
    ),
    spotInstancePools: Type.Optional(
      Type.Integer({
        ...aws(`${DISTRIBUTION}.SpotInstancePools`, UPDATE),
        ...alsoWritten("zeroForNone"),
        minimum: 1,
        maximum: 20,
        description:
          "Over how many of the cheapest pools it spreads; with `lowest-price` only. AWS's default: 2.",
      }),
    ),
    spotMaxPrice: Type.Optional(
      Type.String({
        ...aws(`${DISTRIBUTION}.SpotMaxPrice`, UPDATE),
        pattern: "^([0-9]+(\\.[0-9]+)?)?$",
        description:
          "US dollars for an hour of an instance that are not exceeded, 0.001 or more. Empty, or not given: the price on demand, as AWS advises.",
      }),
    ),
    distributionSegments: Type.Optional(
      Type.Array(
        Type.Object(
          {
            targetCapacityTypes: Type.Array(Type.Enum([...CAPACITY_TYPES]), {
              minItems: 1,
              uniqueItems: true,
              description: "Capacity that is looked for, the first choice first.",
            }),
          },
          { additionalProperties: false },
        ),
        {
          ...aws(`${DISTRIBUTION}.DistributionSegments`, UPDATE, { records: true }),
          description:
            "Reserved capacity that is used before what is on demand. Not with the two fields on capacity on demand.",
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description:
      "How much is on demand and how much is Spot, and how types are chosen. What is not given stays as AWS has it.",
  },
);

export const mixedInstancesPolicySchema = Type.Object(
  {
    launchTemplate: Type.Optional(
      Type.Object(
        {
          overrides: Type.Optional(
            Type.Array(overrideSchema, {
              ...aws(`${POLICY}.LaunchTemplate.Overrides`, UPDATE, { records: true }),
              maxItems: MOST_OVERRIDES,
              description:
                "Instance types, or attributes of them, in place of the template's; the first one first where a strategy goes by priority. A change is for new instances: those that run stay until a refresh or scaling replaces them.",
            }),
          ),
        },
        { additionalProperties: false, description: "What is laid over the group's launch template." },
      ),
    ),
    instancesDistribution: Type.Optional(distributionSchema),
  },
  {
    additionalProperties: false,
    description:
      "Several instance types, Spot, and reserved capacity in one group. Its launch template is `launchTemplate` of the group. With one, AWS has the group by its policy and not by its template alone.",
  },
);

export const desiredCapacityTypeSchema = Type.Enum(["units", "vcpu", "memory-mib"], {
  ...aws("DesiredCapacityType", UPDATE, { absent: "units" }),
  description:
    "What the sizes of the group count: instances or units of weight, vCPUs, or MiB of memory. Other than `units` only with `instanceRequirements`. Default: `units`.",
});

export type MixedInstancesPolicySpec = Static<typeof mixedInstancesPolicySchema>;
export type OverrideSpec = Static<typeof overrideSchema>;
