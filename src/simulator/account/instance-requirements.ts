/**
 * What is asked of an instance type in place of its name: what EC2 and Auto Scaling have in common of
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirementsRequest.html and
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html
 */
import type { InstanceType } from "./instance-types.ts";

export interface Bounds {
  readonly Min?: number | undefined;
  readonly Max?: number | undefined;
}

export interface Requirements {
  readonly VCpuCount?: Bounds | undefined;
  readonly MemoryMiB?: Bounds | undefined;
  readonly CpuManufacturers?: readonly string[] | undefined;
  readonly MemoryGiBPerVCpu?: Bounds | undefined;
  readonly ExcludedInstanceTypes?: readonly string[] | undefined;
  readonly InstanceGenerations?: readonly string[] | undefined;
  readonly SpotMaxPricePercentageOverLowestPrice?: number | undefined;
  readonly MaxSpotPriceAsPercentageOfOptimalOnDemandPrice?: number | undefined;
  readonly OnDemandMaxPricePercentageOverLowestPrice?: number | undefined;
  readonly BareMetal?: string | undefined;
  readonly BurstablePerformance?: string | undefined;
  readonly RequireHibernateSupport?: boolean | undefined;
  readonly NetworkInterfaceCount?: Bounds | undefined;
  readonly LocalStorage?: string | undefined;
  readonly LocalStorageTypes?: readonly string[] | undefined;
  readonly TotalLocalStorageGB?: Bounds | undefined;
  readonly BaselineEbsBandwidthMbps?: Bounds | undefined;
  readonly AcceleratorTypes?: readonly string[] | undefined;
  readonly AcceleratorCount?: Bounds | undefined;
  readonly AcceleratorManufacturers?: readonly string[] | undefined;
  readonly AcceleratorNames?: readonly string[] | undefined;
  readonly AcceleratorTotalMemoryMiB?: Bounds | undefined;
  readonly NetworkBandwidthGbps?: Bounds | undefined;
  readonly AllowedInstanceTypes?: readonly string[] | undefined;
}

/** Whether an instance type has what is asked for. What is not asked for has the reference's defaults. */
export function meets(type: InstanceType, asked: Requirements): boolean {
  const { family, size } = type;
  const memoryGib = type.memoryMib / 1_024;
  return (
    isWithin(type.vcpus, asked.VCpuCount) &&
    isWithin(type.memoryMib, asked.MemoryMiB) &&
    isWithin(memoryGib / type.vcpus, asked.MemoryGiBPerVCpu) &&
    isWithin(size.interfaces, asked.NetworkInterfaceCount) &&
    isWithin(size.baselineGbps, asked.NetworkBandwidthGbps) &&
    isWithin(size.ebs?.mbps[0] ?? 0, asked.BaselineEbsBandwidthMbps) &&
    // No type of the catalogue has a disk or an accelerator of its own, or is bare metal.
    isWithin(0, asked.TotalLocalStorageGB) &&
    isWithin(0, asked.AcceleratorCount) &&
    isWithin(0, asked.AcceleratorTotalMemoryMiB) &&
    asked.LocalStorage !== "required" &&
    asked.BareMetal !== "required" &&
    [
      asked.LocalStorageTypes,
      asked.AcceleratorTypes,
      asked.AcceleratorManufacturers,
      asked.AcceleratorNames,
    ].every((one) => !isGiven(one)) &&
    isAmong(MANUFACTURERS[family.manufacturer], asked.CpuManufacturers) &&
    isAmong(family.isCurrent ? "current" : "previous", asked.InstanceGenerations) &&
    isIncluded(family.isBurstable, asked.BurstablePerformance ?? "excluded") &&
    (!isGiven(asked.AllowedInstanceTypes) || isNamed(type.name, asked.AllowedInstanceTypes)) &&
    !isNamed(type.name, asked.ExcludedInstanceTypes)
  );
}

/** A list that is empty asks for nothing. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

const MANUFACTURERS = { Intel: "intel", AWS: "amazon-web-services" } as const;

function isWithin(value: number, bounds: Bounds | undefined): boolean {
  return value >= (bounds?.Min ?? 0) && value <= (bounds?.Max ?? Number.POSITIVE_INFINITY);
}

function isAmong(value: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.length === 0 || allowed.includes(value);
}

function isIncluded(has: boolean, wanted: string): boolean {
  return wanted === "included" || has === (wanted === "required");
}

/** `m5.large`, `c5*`, `m5a.*`, `*3*`: a star stands for any number of characters. */
function isNamed(name: string, patterns: readonly string[] | undefined): boolean {
  return (patterns ?? []).some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.-]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}
