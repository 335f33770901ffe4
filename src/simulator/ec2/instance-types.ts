/** Instance types, as EC2 describes them, and where they are offered: all of them everywhere. */
import type {
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypesCommandInput,
  EbsInfo,
  GetInstanceTypesFromInstanceRequirementsCommandInput,
  InstanceTypeInfo,
  InstanceTypeOffering,
  NetworkInfo,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { meets, type Requirements } from "../account/instance-requirements.ts";
import { INSTANCE_TYPES, type InstanceType } from "../account/instance-types.ts";
import { REGION, ZONES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { INSTANCE_TYPE_FILTERS, OFFERING_FILTERS } from "./filters/images.ts";

export function instanceTypeOperations(): OperationTable {
  return {
    DescribeInstanceTypes: (input: DescribeInstanceTypesCommandInput) => {
      const asked = named(
        INSTANCE_TYPES,
        (type) => type.name,
        input.InstanceTypes,
        (names) => {
          return new AwsError(
            "InvalidInstanceType",
            `The following supplied instance types do not exist: [${names.join(", ")}]`,
          );
        },
      );
      const all = asked.map(view);
      const found = filtered("DescribeInstanceTypes", INSTANCE_TYPE_FILTERS, input.Filters, all);
      const page = ec2Page(found, (type) => type.InstanceType ?? "", input, { least: 5, most: 100 });
      return { InstanceTypes: page.items, NextToken: page.next };
    },
    // ec2/types-by-requirements
    GetInstanceTypesFromInstanceRequirements: (
      input: GetInstanceTypesFromInstanceRequirementsCommandInput,
    ) => {
      const { ArchitectureTypes = [], VirtualizationTypes = [], InstanceRequirements } = input;
      const found = INSTANCE_TYPES.filter(
        (type) =>
          VirtualizationTypes.includes("hvm") &&
          type.family.architectures.some((one) => ArchitectureTypes.includes(one)) &&
          meets(type, (InstanceRequirements ?? {}) as Requirements),
      ).map(({ name }) => ({ InstanceType: name }));
      const page = ec2Page(found, (one) => one.InstanceType, input, { least: 1, most: 1_000 });
      return { InstanceTypes: page.items, NextToken: page.next };
    },
    DescribeInstanceTypeOfferings: (input: DescribeInstanceTypeOfferingsCommandInput) => {
      const LocationType = input.LocationType ?? "region";
      const offerings = locationsOf(LocationType).flatMap((Location) =>
        INSTANCE_TYPES.map(({ name }) => offering(name, LocationType, Location)),
      );
      const found = filtered("DescribeInstanceTypeOfferings", OFFERING_FILTERS, input.Filters, offerings);
      const page = ec2Page(found, (one) => `${one.Location} ${one.InstanceType}`, input, {
        least: 5,
        most: 1_000,
      });
      return { InstanceTypeOfferings: page.items, NextToken: page.next };
    },
  };
}

function offering(name: string, LocationType: string, Location: string): InstanceTypeOffering {
  return { InstanceType: name, LocationType, Location } as InstanceTypeOffering;
}

function locationsOf(kind: string): readonly string[] {
  switch (kind) {
    case "region":
      return [REGION];
    case "availability-zone":
      return ZONES.map((zone) => zone.name);
    case "availability-zone-id":
      return ZONES.map((zone) => zone.id);
    case "outpost":
      return [];
    default:
      throw new AwsError("InvalidParameterValue", `Value (${kind}) for parameter locationType is invalid.`);
  }
}

function view(type: InstanceType): InstanceTypeInfo {
  const { family } = type;
  const cores = type.vcpus / family.threadsPerCore;
  return {
    InstanceType: type.name as NonNullable<InstanceTypeInfo["InstanceType"]>,
    CurrentGeneration: family.isCurrent,
    FreeTierEligible: type.size.isFree,
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedRootDeviceTypes: ["ebs"],
    SupportedVirtualizationTypes: ["hvm"],
    BareMetal: false,
    Hypervisor: family.hypervisor,
    ProcessorInfo: {
      Manufacturer: family.manufacturer,
      SupportedArchitectures: [...family.architectures],
      SustainedClockSpeedInGhz: family.clockGhz,
    },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: cores,
      DefaultThreadsPerCore: family.threadsPerCore,
    },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    InstanceStorageSupported: false,
    EbsInfo: ebsInfo(type),
    NetworkInfo: networkInfo(type),
    PlacementGroupInfo: { SupportedStrategies: [...family.strategies] },
    HibernationSupported: true,
    BurstablePerformanceSupported: family.isBurstable,
    AutoRecoverySupported: true,
  };
}

function ebsInfo({ size }: InstanceType): EbsInfo {
  if (size.ebs === undefined) {
    return { EbsOptimizedSupport: "unsupported", EncryptionSupport: "supported", NvmeSupport: "unsupported" };
  }
  const { mbps, iops } = size.ebs;
  return {
    EbsOptimizedSupport: "default",
    EncryptionSupport: "supported",
    NvmeSupport: "required",
    EbsOptimizedInfo: {
      BaselineBandwidthInMbps: mbps[0],
      BaselineThroughputInMBps: mbps[0] / 8,
      BaselineIops: iops[0],
      MaximumBandwidthInMbps: mbps[1],
      MaximumThroughputInMBps: mbps[1] / 8,
      MaximumIops: iops[1],
    },
  };
}

function networkInfo({ family, size }: InstanceType): NetworkInfo {
  return {
    NetworkPerformance: size.network,
    MaximumNetworkInterfaces: size.interfaces,
    MaximumNetworkCards: 1,
    DefaultNetworkCardIndex: 0,
    NetworkCards: [
      {
        NetworkCardIndex: 0,
        NetworkPerformance: size.network,
        MaximumNetworkInterfaces: size.interfaces,
        BaselineBandwidthInGbps: size.baselineGbps,
        PeakBandwidthInGbps: family.peakGbps,
      },
    ],
    Ipv4AddressesPerInterface: size.addresses,
    Ipv6AddressesPerInterface: size.addresses,
    Ipv6Supported: true,
    EnaSupport: family.hypervisor === "xen" ? "unsupported" : "required",
    EfaSupported: false,
    EnaSrdSupported: false,
    EncryptionInTransitSupported: family.encryptsInTransit,
  };
}
