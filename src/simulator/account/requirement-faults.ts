/** What EC2 and Auto Scaling both refuse of instance requirements. */
import { type Bounds, isGiven, type Requirements } from "./instance-requirements.ts";
import { firstOf, isOutside } from "./refusals.ts";

const INCLUSIONS = ["included", "required", "excluded"];
const WORDS: readonly (readonly [keyof Requirements, readonly string[]])[] = [
  ["CpuManufacturers", ["intel", "amd", "amazon-web-services", "apple"]],
  ["InstanceGenerations", ["current", "previous"]],
  ["BareMetal", INCLUSIONS],
  ["BurstablePerformance", INCLUSIONS],
  ["LocalStorage", INCLUSIONS],
  ["LocalStorageTypes", ["hdd", "ssd"]],
  ["AcceleratorTypes", ["gpu", "fpga", "inference", "media"]],
];
const BOUNDS = [
  "VCpuCount",
  "MemoryMiB",
  "MemoryGiBPerVCpu",
  "NetworkInterfaceCount",
  "TotalLocalStorageGB",
  "BaselineEbsBandwidthMbps",
  "AcceleratorCount",
  "AcceleratorTotalMemoryMiB",
  "NetworkBandwidthGbps",
] as const;
const PERCENTAGES = [
  "SpotMaxPricePercentageOverLowestPrice",
  "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
  "OnDemandMaxPricePercentageOverLowestPrice",
] as const;
const MOST_TYPES = 400;
const TYPE_PATTERN = /^[a-zA-Z0-9.*-]{1,30}$/;

/** The least numbers of vCPUs and of MiB are asked for, be it with 0. */
export function missingMinimum(asked: Requirements | undefined): string | undefined {
  if (asked === undefined) return undefined;
  return (["VCpuCount", "MemoryMiB"] as const).find((member) => asked[member]?.Min === undefined);
}

/** What cannot stand beside each other. */
export function excludingMembers(asked: Requirements | undefined): readonly [string, string] | undefined {
  const pairs = [
    ["AllowedInstanceTypes", "ExcludedInstanceTypes"],
    ["SpotMaxPricePercentageOverLowestPrice", "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice"],
  ] as const;
  return pairs.find((pair) => pair.every((member) => isGiven(asked?.[member])));
}

/** What is wrong with a value, with its member at the head; nothing of values that AWS takes. */
export function wrongValue(asked: Requirements | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const said =
    firstOf(WORDS, ([member, allowed]) => {
      const given = [asked[member] ?? []].flat() as string[];
      const wrong = given.find((one) => !allowed.includes(one));
      return wrong !== undefined && `${member} is one of ${allowed.join(", ")}, and ${wrong} was given.`;
    }) ??
    firstOf(BOUNDS, (member) => wrongBounds(member, asked[member])) ??
    firstOf(
      PERCENTAGES,
      (member) =>
        isOutside(asked[member], 0, 2_147_483_647) && `${member} is a whole number from 0: ${asked[member]}`,
    ) ??
    firstOf(["AllowedInstanceTypes", "ExcludedInstanceTypes"] as const, (member) => {
      const types = asked[member] ?? [];
      if (types.length > MOST_TYPES) return `${member} has at most ${MOST_TYPES} items.`;
      const wrong = types.find((one) => !TYPE_PATTERN.test(one));
      return wrong !== undefined && `${member} has an item that names no instance types: ${wrong}`;
    });
  return typeof said === "string" ? said : undefined;
}

function wrongBounds(member: string, bounds: Bounds | undefined): string | false {
  const { Min, Max } = bounds ?? {};
  const isNegative = [Min, Max].some((one) => one !== undefined && !(one >= 0));
  if (isNegative) return `${member} is not negative.`;
  if (Min === undefined || Max === undefined || Min <= Max) return false;
  return `The minimum of ${member}, ${Min}, is above its maximum, ${Max}.`;
}
