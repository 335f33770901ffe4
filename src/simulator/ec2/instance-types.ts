/** Instance types, as EC2 describes them, and where they are offered: all of them everywhere. */
import type {
  DescribeInstanceTypeOfferingsCommandInput,
  DescribeInstanceTypesCommandInput,
  EbsInfo,
  InstanceTypeInfo,
  NetworkInfo,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { INSTANCE_TYPES, type InstanceType } from "../account/instance-types.ts";
import { REGION, ZONES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named, passes } from "./describe-input.ts";

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
      const found = asked.filter((type) =>
        passes(
          input.Filters,
          {
            "instance-type": type.name,
            "current-generation": String(type.family.isCurrent),
            "burstable-performance-supported": String(type.family.isBurstable),
            "free-tier-eligible": String(type.size.isFree),
            hypervisor: type.family.hypervisor,
            "processor-info.supported-architecture": type.family.architectures,
            "supported-virtualization-type": "hvm",
            "supported-root-device-type": "ebs",
            "supported-usage-class": ["on-demand", "spot"],
            "bare-metal": "false",
            "instance-storage-supported": "false",
            "vcpu-info.default-vcpus": String(type.vcpus),
            "vcpu-info.default-cores": String(type.vcpus / type.family.threadsPerCore),
            "memory-info.size-in-mib": String(type.memoryMib),
            "network-info.maximum-network-interfaces": String(type.size.interfaces),
            "network-info.network-performance": type.size.network,
            "placement-group-info.supported-strategies": type.family.strategies,
          },
          [],
        ),
      );
      const page = ec2Page(found, (type) => type.name, input, { least: 5, most: 100 });
      return { InstanceTypes: page.items.map(view), NextToken: page.next };
    },
    DescribeInstanceTypeOfferings: (input: DescribeInstanceTypeOfferingsCommandInput) => {
      const LocationType = input.LocationType ?? "region";
      const offerings = locationsOf(LocationType).flatMap((Location) =>
        INSTANCE_TYPES.map(({ name }) => ({ InstanceType: name, LocationType, Location })),
      );
      const found = offerings.filter((one) =>
        passes(input.Filters, { location: one.Location, "instance-type": one.InstanceType }, []),
      );
      const page = ec2Page(found, (one) => `${one.Location} ${one.InstanceType}`, input, {
        least: 5,
        most: 1_000,
      });
      return { InstanceTypeOfferings: page.items, NextToken: page.next };
    },
  };
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
