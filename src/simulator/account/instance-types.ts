/**
 * The instance types that can be launched, and what EC2 says of them:
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */

export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly family: Family;
  readonly size: Size;
}

interface Family {
  readonly isCurrent: boolean;
  readonly hypervisor: "xen" | "nitro";
  readonly architectures: readonly ("i386" | "x86_64" | "arm64")[];
  readonly manufacturer: "Intel" | "AWS";
  readonly clockGhz: number;
  readonly threadsPerCore: 1 | 2;
  readonly isBurstable: boolean;
  readonly peakGbps: number;
  readonly encryptsInTransit: boolean;
  readonly strategies: readonly ("cluster" | "partition" | "spread")[];
}

interface Size {
  /** Network interfaces, and addresses of each family on one of them. */
  readonly interfaces: number;
  readonly addresses: number;
  readonly network: string;
  readonly baselineGbps: number;
  readonly isFree: boolean;
  /** Of EBS, in Mbps and operations per second; a type that is not optimised for it has none. */
  readonly ebs: { readonly mbps: Pair; readonly iops: Pair } | undefined;
}

type Pair = readonly [baseline: number, maximum: number];

const BURSTABLE: Family = {
  isCurrent: true,
  hypervisor: "nitro",
  architectures: ["x86_64"],
  manufacturer: "Intel",
  clockGhz: 2.5,
  threadsPerCore: 2,
  isBurstable: true,
  peakGbps: 5,
  encryptsInTransit: false,
  strategies: ["partition", "spread"],
};

const FIXED: Family = {
  ...BURSTABLE,
  isBurstable: false,
  peakGbps: 12.5,
  encryptsInTransit: true,
  strategies: ["cluster", "partition", "spread"],
};

/** The smaller ones run 32-bit systems too, and are not all on the same processors. */
function t2(size: string): Family {
  const isSmall = /^(nano|micro|small|medium)$/.test(size);
  return {
    ...BURSTABLE,
    hypervisor: "xen",
    architectures: isSmall ? ["i386", "x86_64"] : ["x86_64"],
    clockGhz: ({ nano: 2.4, micro: 2.5, small: 2.5 } as Record<string, number>)[size] ?? 2.3,
    threadsPerCore: 1,
    peakGbps: size === "nano" ? 0.512 : 1.024,
  };
}

const T4G: Family = { ...BURSTABLE, architectures: ["arm64"], manufacturer: "AWS", threadsPerCore: 1 };

/** size, vCPUs, memory in MiB, interfaces, addresses, baseline Gbps, whether in the free tier */
type Row = readonly [string, number, number, number, number, number, boolean];

const T2_SIZES: readonly Row[] = [
  ["nano", 1, 512, 2, 2, 0.032, false],
  ["micro", 1, 1_024, 2, 2, 0.064, false],
  ["small", 1, 2_048, 3, 4, 0.128, false],
  ["medium", 2, 4_096, 3, 6, 0.256, false],
  ["large", 2, 8_192, 3, 12, 0.512, false],
  ["xlarge", 4, 16_384, 3, 15, 0.75, false],
  ["2xlarge", 8, 32_768, 3, 15, 1, false],
];

const T3_SIZES: readonly (readonly [...Row, mbps: Pair, iops: Pair])[] = [
  ["nano", 2, 512, 2, 2, 0.032, false, [43, 2_085], [250, 11_800]],
  ["micro", 2, 1_024, 2, 2, 0.064, true, [87, 2_085], [500, 11_800]],
  ["small", 2, 2_048, 3, 4, 0.128, true, [174, 2_085], [1_000, 11_800]],
  ["medium", 2, 4_096, 3, 6, 0.256, false, [347, 2_085], [2_000, 11_800]],
  ["large", 2, 8_192, 3, 12, 0.512, false, [695, 2_780], [4_000, 15_700]],
  ["xlarge", 4, 16_384, 4, 15, 1.024, false, [695, 2_780], [4_000, 15_700]],
  ["2xlarge", 8, 32_768, 4, 15, 2.048, false, [695, 2_780], [4_000, 15_700]],
];

/** By size, for families whose sizes differ in memory alone: vCPUs, interfaces, addresses. */
const FIXED_SIZES = [
  ["large", 2, 3, 10],
  ["xlarge", 4, 4, 15],
  ["2xlarge", 8, 4, 15],
  ["4xlarge", 16, 8, 30],
] as const;

/** The fifth generation, with the sizes' baseline Gbps and EBS. */
const FIFTH = {
  gbps: [0.75, 1.25, 2.5, 5],
  mbps: [650, 1_150, 2_300, 4_750],
  mostMbps: 4_750,
};
const NEWER = {
  gbps: [0.781, 1.562, 3.125, 6.25],
  mbps: [650, 1_250, 2_500, 5_000],
  mostMbps: 10_000,
};

export const INSTANCE_TYPES: readonly InstanceType[] = [
  ...T2_SIZES.map((row) =>
    typeOf("t2", t2(row[0]), row, row[1] > 2 ? "Moderate" : "Low to Moderate", undefined),
  ),
  ...T3_SIZES.map((row) => burstable("t3", BURSTABLE, row)),
  ...T3_SIZES.map((row) => burstable("t4g", T4G, row)),
  ...fixed("m5", 4, { isCurrent: false, clockGhz: 3.1 }, FIFTH, [3_600, 6_000, 12_000, 18_750], 18_750),
  ...fixed("m6i", 4, { isCurrent: false, clockGhz: 3.5 }, NEWER, [3_600, 6_000, 12_000, 20_000], 40_000),
  ...fixed("m7i", 4, { clockGhz: 3.2 }, NEWER, [3_600, 6_000, 12_000, 20_000], 40_000),
  ...fixed("c5", 2, { isCurrent: false, clockGhz: 3.4 }, FIFTH, [4_000, 6_000, 10_000, 20_000], 20_000),
  ...fixed("c6i", 2, { clockGhz: 3.5 }, NEWER, [3_600, 6_000, 12_000, 20_000], 40_000),
  ...fixed("c7i", 2, { clockGhz: 3.2 }, NEWER, [3_600, 6_000, 12_000, 20_000], 40_000),
];

function typeOf(prefix: string, family: Family, row: Row, network: string, ebs: Size["ebs"]): InstanceType {
  const [size, vcpus, memoryMib, interfaces, addresses, baselineGbps, isFree] = row;
  return {
    name: `${prefix}.${size}`,
    vcpus,
    memoryMib,
    family,
    size: { interfaces, addresses, network, baselineGbps, isFree, ebs },
  };
}

function burstable(prefix: string, family: Family, row: (typeof T3_SIZES)[number]): InstanceType {
  const [size, vcpus, memory, interfaces, addresses, gbps, isFree, mbps, iops] = row;
  const plain = [size, vcpus, memory, interfaces, addresses, gbps, isFree] as const;
  return typeOf(prefix, family, plain, "Up to 5 Gigabit", { mbps, iops });
}

function fixed(
  prefix: string,
  gibPerVcpu: number,
  differences: Partial<Family>,
  generation: typeof FIFTH,
  iops: readonly number[],
  mostIops: number,
): InstanceType[] {
  const isFifth = generation === FIFTH;
  const family = { ...FIXED, ...(isFifth && { peakGbps: 10, encryptsInTransit: false }), ...differences };
  return FIXED_SIZES.map(([size, vcpus, interfaces, addresses], index) =>
    typeOf(
      prefix,
      family,
      [size, vcpus, vcpus * gibPerVcpu * 1_024, interfaces, addresses, generation.gbps[index]!, false],
      `Up to ${family.peakGbps} Gigabit`,
      { mbps: [generation.mbps[index]!, generation.mostMbps], iops: [iops[index]!, mostIops] },
    ),
  );
}
