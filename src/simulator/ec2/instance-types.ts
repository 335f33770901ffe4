/** Instance types. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html */
import type { DescribeInstanceTypesCommandInput, InstanceTypeInfo } from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import { INSTANCE_TYPES } from "../account/seed.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { INSTANCE_TYPE_FILTERS } from "./filters/images.ts";

export function buildInstanceTypeOperations(): OperationTable {
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
      const all = asked.map(typeView);
      const found = filtered("DescribeInstanceTypes", INSTANCE_TYPE_FILTERS, input.Filters, all);
      const page = ec2Page(found, (type) => type.InstanceType ?? "", input, { least: 5, most: 100 });
      return { InstanceTypes: page.items, NextToken: page.next };
    },
  };
}

/** What all types of a family have in common. */
interface Family {
  readonly isNitro: boolean;
  readonly isBurstable: boolean;
  readonly encryptsInTransit: boolean;
  readonly network: string;
}

const NEWER: Family = {
  isNitro: true,
  isBurstable: false,
  encryptsInTransit: true,
  network: "Up to 12.5 Gigabit",
};
const FAMILIES: Readonly<Record<string, Family>> = {
  t2: { isNitro: false, isBurstable: true, encryptsInTransit: false, network: "Low to Moderate" },
  t3: { isNitro: true, isBurstable: true, encryptsInTransit: false, network: "Up to 5 Gigabit" },
  m5: { ...NEWER, encryptsInTransit: false, network: "Up to 10 Gigabit" },
  c5: { ...NEWER, encryptsInTransit: false, network: "Up to 10 Gigabit" },
};

/** Network interfaces, and addresses of each: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html */
const INTERFACES: Readonly<Record<string, readonly [interfaces: number, addresses: number]>> = {
  nano: [2, 2],
  micro: [2, 2],
  small: [3, 4],
  medium: [3, 6],
  large: [3, 10],
  xlarge: [4, 15],
  "2xlarge": [4, 15],
  "4xlarge": [8, 30],
  "t2.large": [3, 12],
  "t2.xlarge": [3, 15],
  "t2.2xlarge": [3, 15],
  "t3.large": [3, 12],
};

function typeView(type: (typeof INSTANCE_TYPES)[number]): InstanceTypeInfo {
  const [family = "", size = ""] = type.name.split(".");
  const { isNitro, isBurstable, encryptsInTransit, network } = FAMILIES[family] ?? NEWER;
  const [interfaces, addresses] = INTERFACES[type.name] ?? INTERFACES[size] ?? [4, 15];
  const threads = isNitro ? 2 : 1;
  return {
    InstanceType: type.name as NonNullable<InstanceTypeInfo["InstanceType"]>,
    CurrentGeneration: true,
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedRootDeviceTypes: ["ebs"],
    SupportedVirtualizationTypes: ["hvm"],
    SupportedBootModes: isNitro ? ["legacy-bios", "uefi"] : ["legacy-bios"],
    BareMetal: false,
    Hypervisor: isNitro ? "nitro" : "xen",
    ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
    VCpuInfo: {
      DefaultVCpus: type.vcpus,
      DefaultCores: type.vcpus / threads,
      DefaultThreadsPerCore: threads,
    },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: isNitro ? "default" : "unsupported",
      EncryptionSupport: "supported",
      NvmeSupport: isNitro ? "required" : "unsupported",
    },
    NetworkInfo: {
      NetworkPerformance: network,
      MaximumNetworkInterfaces: interfaces,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      Ipv4AddressesPerInterface: addresses,
      Ipv6AddressesPerInterface: addresses,
      Ipv6Supported: true,
      EnaSupport: isNitro ? "required" : "unsupported",
      EfaSupported: false,
      EncryptionInTransitSupported: encryptsInTransit,
    },
    PlacementGroupInfo: {
      SupportedStrategies: isBurstable ? ["partition", "spread"] : ["cluster", "partition", "spread"],
    },
    HibernationSupported: true,
    BurstablePerformanceSupported: isBurstable,
    DedicatedHostsSupported: isNitro,
    AutoRecoverySupported: true,
  };
}
