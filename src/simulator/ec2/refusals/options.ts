/** What EC2 refuses of the options of a launch that its reference documents beside those of launches.ts. */
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { firstOf, isNoneOf, isOutside, type RefusalRule, refusals } from "../../account/refusals.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

type Launch = RequestLaunchTemplateData;

const OPERATIONS = ["RunInstances"];

const wrong = (parameter: string, value: unknown): string =>
  `Value (${value}) for parameter ${parameter} is invalid.`;

const of = (page: string) => ({
  prefix: "ec2",
  operations: OPERATIONS,
  code: "InvalidParameterCombination",
  page: `${API}/${page}.html`,
});

const CPU_RULES = refusals<Launch>(of("API_LaunchTemplateCpuOptionsRequest"), [
  [
    "cpu-options-both",
    "The cores and the threads of each are given together.",
    ({ CpuOptions: cpu }) =>
      cpu !== undefined &&
      (cpu.CoreCount === undefined) !== (cpu.ThreadsPerCore === undefined) &&
      "Both core count and threads per core must be specified in CPU options.",
  ],
  [
    "cpu-switches",
    "AMD SEV-SNP and nested virtualization are enabled or disabled.",
    ({ CpuOptions: cpu }) =>
      firstOf(
        ["AmdSevSnp", "NestedVirtualization"] as const,
        (name) => isNoneOf(cpu?.[name], ["enabled", "disabled"]) && wrong(`CpuOptions.${name}`, cpu?.[name]),
      ),
    "InvalidParameterValue",
  ],
]);

const MARKET_RULES = refusals<Launch>(of("API_SpotMarketOptions"), [
  [
    "spot-type",
    "A request for Spot instances is one-time or persistent.",
    ({ InstanceMarketOptions: market }) =>
      isNoneOf(market?.SpotOptions?.SpotInstanceType, ["one-time", "persistent"]) &&
      wrong("SpotOptions.SpotInstanceType", market?.SpotOptions?.SpotInstanceType),
    "InvalidParameterValue",
  ],
  [
    "spot-hibernation",
    "A Spot instance that is set up for hibernation hibernates when it is interrupted.",
    ({ InstanceMarketOptions: market, HibernationOptions: hibernation }) => {
      const { InstanceInterruptionBehavior: behavior = "hibernate" } = market?.SpotOptions ?? {};
      return hibernation?.Configured === true && behavior !== "hibernate";
    },
  ],
  [
    "spot-persistent",
    "A persistent request is for instances that hibernate or stop when they are interrupted.",
    ({ InstanceMarketOptions: market, HibernationOptions: hibernation }) => {
      const usual = hibernation?.Configured === true ? "hibernate" : "terminate";
      const { SpotInstanceType: type, InstanceInterruptionBehavior: behavior = usual } =
        market?.SpotOptions ?? {};
      return (
        type === "persistent" &&
        behavior === "terminate" &&
        "Persistent Spot Instance requests are only supported when the instance interruption behavior is either hibernate or stop."
      );
    },
  ],
  [
    "spot-valid-until",
    "The end of a request is given for persistent ones only.",
    ({ InstanceMarketOptions: market }) =>
      market?.SpotOptions?.ValidUntil !== undefined && market.SpotOptions.SpotInstanceType !== "persistent",
  ],
]);

const CAPACITY_RULES = refusals<Launch>(of("API_CapacityReservationSpecification"), [
  [
    "capacity-target-preference",
    "A target is given with the preference capacity-reservations-only, or without one.",
    ({ CapacityReservationSpecification: capacity }) =>
      capacity?.CapacityReservationTarget !== undefined &&
      isNoneOf(capacity.CapacityReservationPreference, ["capacity-reservations-only"]),
  ],
]);

const OTHER_RULES = [
  ...refusals<Launch>(of("API_LaunchTemplatesMonitoringRequest"), [
    [
      "metric-categories-monitoring",
      "Categories of metrics need detailed monitoring.",
      ({ Monitoring: monitoring }) =>
        (monitoring?.MetricCategoryIds ?? []).length > 0 && monitoring?.Enabled !== true,
    ],
  ]),
  ...refusals<Launch>(of("API_LaunchTemplateNetworkPerformanceOptionsRequest"), [
    [
      "bandwidth-weighting",
      "The weighting of bandwidth is default, vpc-1 or ebs-1.",
      ({ NetworkPerformanceOptions: network }) =>
        isNoneOf(network?.BandwidthWeighting, ["default", "vpc-1", "ebs-1"]) &&
        wrong("NetworkPerformanceOptions.BandwidthWeighting", network?.BandwidthWeighting),
      "InvalidParameterValue",
    ],
  ]),
  ...refusals<Launch>(of("API_Placement"), [
    [
      "affinity",
      "The affinity to a Dedicated Host is default or host.",
      ({ Placement: placement }) =>
        isNoneOf(placement?.Affinity, ["default", "host"]) &&
        wrong("Placement.Affinity", placement?.Affinity),
      "InvalidParameterValue",
    ],
  ]),
];

const INTERFACE_RULES = [
  ...refusals<Launch>(of("API_LaunchTemplateInstanceNetworkInterfaceSpecificationRequest"), [
    [
      "interface-primary-missing",
      "A launch that lists network interfaces has the primary one among them.",
      ({ NetworkInterfaces: all = [] }) =>
        all.length > 0 &&
        !all.some((one) => (one.NetworkCardIndex ?? 0) === 0 && one.DeviceIndex === 0) &&
        all.every((one) => one.DeviceIndex !== undefined) &&
        "The primary network interface (device index 0 of network card 0) is missing.",
    ],
    [
      "efa-only-addresses",
      "An interface of type efa-only has no addresses.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          (one) =>
            one.InterfaceType === "efa-only" &&
            (one.AssociatePublicIpAddress !== undefined ||
              one.PrivateIpAddress !== undefined ||
              (one.PrivateIpAddresses ?? []).length > 0 ||
              one.SecondaryPrivateIpAddressCount !== undefined ||
              one.Ipv6AddressCount !== undefined ||
              (one.Ipv6Addresses ?? []).length > 0),
        ),
    ],
    [
      "interface-description-length",
      "The description of a network interface has at most 255 characters.",
      ({ NetworkInterfaces }) =>
        firstOf(NetworkInterfaces, ({ Description: text = "" }) => [...text].length > 255),
      "InvalidParameterValue",
    ],
  ]),
  ...refusals<Launch>(of("API_InstanceNetworkInterfaceSpecification"), [
    [
      "interface-secondary-twofold",
      "Further private addresses are listed or counted.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ SecondaryPrivateIpAddressCount: count, PrivateIpAddresses: listed = [] }) =>
            count !== undefined && listed.length > 1,
        ),
    ],
  ]),
  ...refusals<Launch>(of("API_EnaSrdUdpSpecificationRequest"), [
    [
      "ena-express-udp",
      "ENA Express for UDP needs ENA Express.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ EnaSrdSpecification: ena }) =>
            ena?.EnaSrdUdpSpecification?.EnaSrdUdpEnabled === true && ena.EnaSrdEnabled !== true,
        ),
    ],
  ]),
  ...refusals<Launch>(
    { ...of("API_ConnectionTrackingSpecificationRequest"), code: "InvalidParameterValue" },
    [
      [
        "connection-tracking",
        "Idle connections are forgotten after 60 to 432000 s (TCP), 60 to 180 s (UDP streams) and 30 to 60 s (UDP).",
        ({ NetworkInterfaces }) =>
          firstOf(
            NetworkInterfaces,
            ({ ConnectionTrackingSpecification: tracked }) =>
              isOutside(tracked?.TcpEstablishedTimeout, 60, 432_000) ||
              isOutside(tracked?.UdpStreamTimeout, 60, 180) ||
              isOutside(tracked?.UdpTimeout, 30, 60),
          ),
      ],
    ],
  ),
];

export const OPTION_RULES: readonly RefusalRule<unknown>[] = [
  ...CPU_RULES,
  ...MARKET_RULES,
  ...CAPACITY_RULES,
  ...OTHER_RULES,
  ...INTERFACE_RULES,
];
