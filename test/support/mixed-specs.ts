import { type Example, example } from "./example.ts";

/** Every attribute of instance types that a launch template takes. */
const ALL_REQUIREMENTS = {
  vCpuCount: { min: 2, max: 64 },
  memoryMiB: { min: 2048, max: 262_144 },
  cpuManufacturers: ["intel", "amd"],
  memoryGiBPerVCpu: { min: 1, max: 16 },
  excludedInstanceTypes: ["r5.*", "c4.*"],
  instanceGenerations: ["current"],
  spotMaxPricePercentageOverLowestPrice: 50,
  onDemandMaxPricePercentageOverLowestPrice: 30,
  bareMetal: "excluded",
  burstablePerformance: "included",
  requireHibernateSupport: false,
  requireEncryptionInTransit: false,
  networkInterfaceCount: { min: 1, max: 8 },
  localStorage: "included",
  localStorageTypes: ["ssd"],
  totalLocalStorageGB: { min: 10, max: 1000 },
  baselineEbsBandwidthMbps: { min: 100, max: 20_000 },
  networkBandwidthGbps: { min: 1, max: 100 },
  acceleratorTypes: ["gpu"],
  acceleratorCount: { min: 0, max: 1 },
  acceleratorManufacturers: ["nvidia"],
  acceleratorNames: ["t4"],
  acceleratorTotalMemoryMiB: { min: 0, max: 16_384 },
  baselinePerformanceFactors: { cpu: { references: [{ instanceFamily: "m5" }] } },
} as const;

const {
  excludedInstanceTypes: _excluded,
  spotMaxPricePercentageOverLowestPrice: _price,
  ...shared
} = ALL_REQUIREMENTS;

type Group = Parameters<Example["withGroup"]>[1];
export type Mixed = NonNullable<Group["mixedInstancesPolicy"]>;

/** Some types, each with a weight where one is given. */
export function typesOf(...types: readonly (string | readonly [type: string, weight: number])[]) {
  return types.map((one) =>
    typeof one === "string"
      ? { instanceType: one }
      : { instanceType: one[0], weightedCapacity: String(one[1]) },
  );
}

export function withMixed(
  overrides: NonNullable<Mixed["launchTemplate"]>["overrides"],
  distribution = {},
): Mixed {
  return { launchTemplate: { overrides }, instancesDistribution: distribution } as Mixed;
}

/** A list of types with weights, Spot among them; the template says attributes, over which the types go. */
export const WEIGHTED: Example = example()
  .withGroup("web", {
    mixedInstancesPolicy: withMixed(typesOf(["t3.medium", 1], ["t3.large", 2]), {
      onDemandAllocationStrategy: "prioritized",
      onDemandBaseCapacity: 1,
      onDemandPercentageAboveBaseCapacity: 50,
      spotAllocationStrategy: "lowest-price",
      spotInstancePools: 3,
      spotMaxPrice: "0.05",
    }),
  })
  .withLaunchTemplate({ instanceType: undefined, instanceRequirements: ALL_REQUIREMENTS as never });

/** Types by what they have, and capacity counted in vCPUs. */
export const BY_ATTRIBUTES: Example = example()
  .withGroup("web", {
    desiredCapacityType: "vcpu",
    minSize: 4,
    maxSize: 20,
    mixedInstancesPolicy: withMixed(
      [
        {
          instanceRequirements: {
            vCpuCount: { min: 2, max: 4 },
            memoryMiB: { min: 2048 },
            burstablePerformance: "included",
          },
        },
      ],
      { spotAllocationStrategy: "price-capacity-optimized", distributionSegments: [] },
    ),
  })
  .withLaunchTemplate({
    instanceType: undefined,
    instanceRequirements: {
      ...shared,
      allowedInstanceTypes: ["t3.*"],
      maxSpotPriceAsPercentageOfOptimalOnDemandPrice: 60,
    } as never,
  });
