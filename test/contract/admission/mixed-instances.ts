/** Rules of mixed instances policies, and of the attributes by which AWS chooses instance types. */
import { formless, long, type Row, row, times } from "./row.ts";

const ASG = "autoScalingGroups.web";
const TEMPLATE = `${ASG}.launchTemplate`;
const POLICY = `${ASG}.mixedInstancesPolicy`;
const OVERRIDES = `${POLICY}.launchTemplate.overrides`;
const DISTRIBUTION = `${POLICY}.instancesDistribution`;
const FIRST = `${OVERRIDES}[0]`;
const REQUIREMENTS = `${FIRST}.instanceRequirements`;
const STRATEGY = `${ASG}.instanceRefresh.strategy`;

/** What the types of the simulated account have. */
const LEAST = { vCpuCount: { min: 2 }, memoryMiB: { min: 2048 }, burstablePerformance: "included" };
const MOST = 2_147_483_647;

const onTypes = { beside: { [OVERRIDES]: [{ instanceType: "t3.medium" }] } };
const twoTypes = (first: object = {}) => ({
  beside: { [OVERRIDES]: [{ instanceType: "t3.medium", ...first }, { instanceType: "t3.large" }] },
});
const onAttributes = { beside: { [OVERRIDES]: [{ instanceRequirements: LEAST }] } };

const template = (at: string, bad: object): Row =>
  row(`${FIRST}.launchTemplateSpecification${at}`, "ours", bad, undefined, {
    ...onTypes,
    set: `${FIRST}.launchTemplateSpecification`,
  });

const attribute = (at: string, bad: unknown, good: unknown, refusal: Row["refusal"] = "ours"): Row =>
  row(`${REQUIREMENTS}.${at}`, refusal, bad, good, onAttributes);

const oneOf = (list: string, bad: string, good: string): Row =>
  row(`${REQUIREMENTS}.${list}[0]`, "ours", [bad], undefined, {
    ...onAttributes,
    set: `${REQUIREMENTS}.${list}`,
    beside: { [OVERRIDES]: [{ instanceRequirements: { ...LEAST, [list]: [good] } }] },
  });

const price = (name: string): Row[] => [attribute(name, -1, 0), attribute(name, MOST + 1, 999_999)];

export const MIXED_ROWS: readonly Row[] = [
  row(
    FIRST.concat(".instanceType"),
    "autoscaling/override-type-and-requirements",
    "t3.medium",
    undefined,
    onAttributes,
  ),
  row(`${FIRST}.weightedCapacity`, "autoscaling/override-weight", "0", "1", onTypes),
  row(`${FIRST}.weightedCapacity`, "ours", "2", undefined, onAttributes),
  row(
    `${OVERRIDES}[1].weightedCapacity`,
    "autoscaling/override-weights-all",
    undefined,
    "2",
    twoTypes({ weightedCapacity: "1" }),
  ),
  row(`${OVERRIDES}[1].instanceType`, "autoscaling/override-type-twice", "t3.medium", "t3.large", twoTypes()),
  row(
    OVERRIDES,
    "autoscaling/override-types-count",
    times(41, (index) => ({ instanceType: `t3.x${index}` })),
    [{ instanceType: "t3.medium" }],
  ),
  row(
    OVERRIDES,
    "autoscaling/override-requirements-count",
    times(5, () => ({ instanceRequirements: LEAST })),
    times(4, () => ({ instanceRequirements: LEAST })),
  ),
  row(
    OVERRIDES,
    "autoscaling/override-templates-count",
    times(20, (index) => ({
      instanceType: `t3.x${index}`,
      launchTemplateSpecification: { launchTemplateName: `other-${index}` },
    })),
    [{ instanceType: "t3.medium" }],
  ),
  row(
    `${FIRST}.launchTemplateSpecification`,
    "autoscaling/mixed-template-twofold",
    { version: "1" },
    undefined,
    onTypes,
  ),
  template(".launchTemplateName", { launchTemplateName: long(129) }),
  template(".version", { launchTemplateName: "other", version: "newest" }),
  row(
    `${DISTRIBUTION}.onDemandAllocationStrategy`,
    "autoscaling/on-demand-strategy",
    "cheapest",
    "lowest-price",
    onTypes,
  ),
  row(
    `${DISTRIBUTION}.onDemandAllocationStrategy`,
    "autoscaling/on-demand-strategy-attributes",
    "prioritized",
    "lowest-price",
    onAttributes,
  ),
  row(`${DISTRIBUTION}.onDemandBaseCapacity`, "autoscaling/on-demand-base", -1, 0, onTypes),
  row(`${DISTRIBUTION}.onDemandBaseCapacity`, "ours", 10_001, 10, onTypes),
  row(`${DISTRIBUTION}.onDemandBaseCapacity`, "ours", 11, 10, onTypes),
  row(
    `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`,
    "autoscaling/on-demand-percentage",
    -1,
    0,
    onTypes,
  ),
  row(
    `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`,
    "autoscaling/on-demand-percentage",
    101,
    100,
    onTypes,
  ),
  row(
    `${DISTRIBUTION}.spotAllocationStrategy`,
    "autoscaling/spot-strategy",
    "random",
    "capacity-optimized",
    onTypes,
  ),
  row(
    `${DISTRIBUTION}.spotAllocationStrategy`,
    "autoscaling/spot-strategy-attributes",
    "capacity-optimized-prioritized",
    "capacity-optimized",
    onAttributes,
  ),
  row(`${DISTRIBUTION}.spotInstancePools`, "autoscaling/spot-pools", -1, 1, onTypes),
  row(`${DISTRIBUTION}.spotInstancePools`, "autoscaling/spot-pools", 21, 20, onTypes),
  formless(
    row(`${DISTRIBUTION}.spotInstancePools`, "autoscaling/spot-pools-lowest-price", 2, undefined, {
      beside: { ...onTypes.beside, [`${DISTRIBUTION}.spotAllocationStrategy`]: "capacity-optimized" },
    }),
  ),
  row(`${DISTRIBUTION}.spotMaxPrice`, "autoscaling/spot-max-price", "cheap", "0.05", onTypes),
  row(`${DISTRIBUTION}.spotMaxPrice`, "autoscaling/spot-max-price", "0.0001", "", onTypes),
  row(
    `${DISTRIBUTION}.distributionSegments[0].targetCapacityTypes[0]`,
    "ours",
    [{ targetCapacityTypes: ["spot"] }],
    [],
    { ...onTypes, set: `${DISTRIBUTION}.distributionSegments` },
  ),
  row(`${DISTRIBUTION}.distributionSegments`, "ours", [{ targetCapacityTypes: ["on-demand"] }], [], {
    beside: { ...onTypes.beside, [`${DISTRIBUTION}.onDemandBaseCapacity`]: 1 },
  }),
  row(`${ASG}.desiredCapacityType`, "autoscaling/capacity-type", "cores", "vcpu", onAttributes),
  row(`${ASG}.desiredCapacityType`, "autoscaling/capacity-type-attributes", "vcpu", "units"),
  row(
    `${TEMPLATE}.instanceRequirements`,
    "ours",
    undefined,
    { launchTemplate: { overrides: [{ instanceType: "t3.medium" }] } },
    {
      set: POLICY,
      beside: { [`${TEMPLATE}.instanceType`]: undefined, [`${TEMPLATE}.instanceRequirements`]: LEAST },
    },
  ),
  row(`${TEMPLATE}.instanceType`, "ours", undefined, "t3.medium"),
  row(`${TEMPLATE}.instanceType`, "ours", "t3.medium", undefined, {
    beside: { ...onTypes.beside, [`${TEMPLATE}.instanceRequirements`]: LEAST },
  }),
  row(
    `${TEMPLATE}.instanceRequirements.vCpuCount.min`,
    "ours",
    { min: 4, max: 2 },
    { min: 2, max: 4 },
    {
      set: `${TEMPLATE}.instanceRequirements.vCpuCount`,
      beside: {
        ...onTypes.beside,
        [`${TEMPLATE}.instanceType`]: undefined,
        [`${TEMPLATE}.instanceRequirements`]: LEAST,
      },
    },
  ),
  row(`${TEMPLATE}.instanceMarketOptions`, "ours", { marketType: "spot" }, undefined, onTypes),
  row(`${ASG}.warmPool`, "ours", {}, undefined, {
    beside: { [OVERRIDES]: [{ instanceType: "t3.medium", weightedCapacity: "1" }] },
  }),
  row(`${ASG}.warmPool`, "ours", {}, undefined, {
    beside: { ...onTypes.beside, [`${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`]: 50 },
  }),
  row(STRATEGY, "ours", "ReplaceRootVolume", "Rolling", {
    beside: { [OVERRIDES]: [{ instanceRequirements: LEAST, imageId: "ami-12345678" }] },
  }),
  row(
    `${REQUIREMENTS}.vCpuCount.min`,
    "ours",
    { min: 4, max: 2 },
    { min: 2, max: 4 },
    {
      set: `${REQUIREMENTS}.vCpuCount`,
      ...onAttributes,
    },
  ),
  row(`${REQUIREMENTS}.vCpuCount.min`, "ours", -1, 2, onAttributes),
  row(`${REQUIREMENTS}.vCpuCount.min`, "ours", MOST + 1, 2, onAttributes),
  row(`${REQUIREMENTS}.networkInterfaceCount.max`, "ours", -1, 8, onAttributes),
  row(`${REQUIREMENTS}.vCpuCount.max`, "ours", MOST + 1, 8, onAttributes),
  row(`${REQUIREMENTS}.excludedInstanceTypes`, "autoscaling/requirements-exclusive", ["m5.*"], undefined, {
    beside: { [OVERRIDES]: [{ instanceRequirements: { ...LEAST, allowedInstanceTypes: ["t3.*"] } }] },
  }),
  row(
    `${REQUIREMENTS}.maxSpotPriceAsPercentageOfOptimalOnDemandPrice`,
    "autoscaling/requirements-exclusive",
    60,
    undefined,
    {
      beside: {
        [OVERRIDES]: [{ instanceRequirements: { ...LEAST, spotMaxPricePercentageOverLowestPrice: 60 } }],
      },
    },
  ),
  ...["spotMaxPricePercentageOverLowestPrice", "onDemandMaxPricePercentageOverLowestPrice"].flatMap(price),
  ...price("maxSpotPriceAsPercentageOfOptimalOnDemandPrice"),
  attribute("bareMetal", "maybe", "included", "autoscaling/requirements-values"),
  attribute("burstablePerformance", "maybe", "included", "autoscaling/requirements-values"),
  attribute("localStorage", "maybe", "included", "autoscaling/requirements-values"),
  oneOf("cpuManufacturers", "arm", "intel"),
  oneOf("instanceGenerations", "next", "current"),
  oneOf("localStorageTypes", "tape", "ssd"),
  oneOf("acceleratorTypes", "warp", "gpu"),
  oneOf("acceleratorManufacturers", "acme", "nvidia"),
  oneOf("acceleratorNames", "x1", "t4"),
  oneOf("excludedInstanceTypes", "m5/*", "m5.*"),
  oneOf("excludedInstanceTypes", long(31), "m5.*"),
  oneOf("allowedInstanceTypes", "m5/*", "t3.*"),
  oneOf("allowedInstanceTypes", long(31), "t3.*"),
  attribute(
    "excludedInstanceTypes",
    times(401, (index) => `m5.x${index}`),
    undefined,
  ),
  attribute(
    "allowedInstanceTypes",
    times(401, (index) => `m5.x${index}`),
    undefined,
  ),
  row(
    `${REQUIREMENTS}.baselinePerformanceFactors.cpu.references`,
    "ours",
    [{ instanceFamily: "m5" }, { instanceFamily: "c5" }],
    [{ instanceFamily: "m5" }],
    onAttributes,
  ),
  row(
    `${REQUIREMENTS}.baselinePerformanceFactors.cpu.references[0].instanceFamily`,
    "ours",
    [{ instanceFamily: "m5.large" }],
    [{ instanceFamily: "m5" }],
    { ...onAttributes, set: `${REQUIREMENTS}.baselinePerformanceFactors.cpu.references` },
  ),
];
