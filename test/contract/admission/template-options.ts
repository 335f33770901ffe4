/** Options, interfaces and tags of a launch template. */
import { bounds, long, many, type Row, row, times } from "./row.ts";

const TEMPLATE = "autoScalingGroups.web.launchTemplate";
const SPOT = `${TEMPLATE}.instanceMarketOptions.spotOptions`;
const PLACEMENT = `${TEMPLATE}.placement`;
const CAPACITY = `${TEMPLATE}.capacityReservationSpecification`;
const INTERFACES = `${TEMPLATE}.networkInterfaces`;
const GROUP_ARN = "arn:aws:resource-groups:us-east-1:123456789012:group/a";
const LICENCE = "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-1";

/** Without what cannot stand beside interfaces. */
const INSTEAD = { [`${TEMPLATE}.securityGroupIds`]: undefined };
const ONE_INSTANCE = {
  ...INSTEAD,
  "autoScalingGroups.web.minSize": 1,
  "autoScalingGroups.web.maxSize": 1,
};

/** A fault in a member of the first interface. */
function interfaceRow(
  member: string,
  refusal: Row["refusal"],
  bad: object,
  good: object,
  beside: Readonly<Record<string, unknown>> = INSTEAD,
): Row {
  const withIndex = (more: object) => [{ deviceIndex: 0, ...more }];
  return row(`${INTERFACES}[0].${member}`, refusal, withIndex(bad), withIndex(good), {
    set: INTERFACES,
    beside,
  });
}

const interfacesRow = (refusal: Row["refusal"], bad: object[], good: object[]): Row =>
  row(INTERFACES, refusal, bad, good, { beside: INSTEAD });

const ADDRESSES = [
  ["privateIpAddress", "10.0.0.9"],
  ["privateIpAddresses", [{ privateIpAddress: "10.0.0.9" }]],
  ["ipv6Addresses", [{ ipv6Address: "2001:db8::9" }]],
  ["ipv4Prefixes", [{ ipv4Prefix: "10.0.0.0/28" }]],
  ["ipv6Prefixes", [{ ipv6Prefix: "2001:db8::/80" }]],
] as const;

const INTERFACE_ROWS: readonly Row[] = [
  row(`${TEMPLATE}.securityGroupIds`, "ec2/groups-beside-interfaces", ["sg-12345678"], undefined, {
    beside: { [INTERFACES]: [{ deviceIndex: 0 }] },
  }),
  interfacesRow(
    "ec2/interface-index-twice",
    [{ deviceIndex: 0 }, { deviceIndex: 0, description: "again" }],
    [{ deviceIndex: 0 }, { deviceIndex: 0, networkCardIndex: 1 }],
  ),
  interfacesRow("ec2/interface-primary-missing", [{ deviceIndex: 1 }], [{ deviceIndex: 0 }]),
  interfacesRow(
    "ec2/public-address-of-several",
    [{ deviceIndex: 0, associatePublicIpAddress: true }, { deviceIndex: 1 }],
    [{ deviceIndex: 0, associatePublicIpAddress: true }],
  ),
  interfaceRow("interfaceType", "ec2/interface-type", { interfaceType: "ena" }, { interfaceType: "efa" }),
  interfaceRow("groups[0]", "ours", { groups: ["web"] }, { groups: ["sg-12345678"] }),
  interfaceRow(
    "description",
    "ec2/interface-description-length",
    { description: long(256) },
    { description: long(255) },
  ),
  interfaceRow(
    "ipv6AddressCount",
    "ec2/interface-ipv6-twofold",
    { ipv6AddressCount: 1, ipv6Addresses: [{ ipv6Address: "2001:db8::1" }] },
    { ipv6AddressCount: 1 },
    ONE_INSTANCE,
  ),
  interfaceRow(
    "ipv4PrefixCount",
    "ec2/interface-prefixes-twofold",
    { ipv4PrefixCount: 1, ipv4Prefixes: [{ ipv4Prefix: "10.0.0.0/28" }] },
    { ipv4PrefixCount: 1 },
    ONE_INSTANCE,
  ),
  interfaceRow(
    "secondaryPrivateIpAddressCount",
    "ec2/interface-secondary-twofold",
    {
      secondaryPrivateIpAddressCount: 1,
      privateIpAddresses: ["10.0.0.9", "10.0.0.10"].map((privateIpAddress) => ({ privateIpAddress })),
    },
    { secondaryPrivateIpAddressCount: 1 },
    ONE_INSTANCE,
  ),
  interfaceRow(
    "secondaryPrivateIpAddressCount",
    "ec2/efa-only-addresses",
    { interfaceType: "efa-only", secondaryPrivateIpAddressCount: 1 },
    { interfaceType: "efa-only" },
  ),
  interfaceRow(
    "enaSrdSpecification.enaSrdUdpSpecification.enaSrdUdpEnabled",
    "ec2/ena-express-udp",
    { enaSrdSpecification: { enaSrdUdpSpecification: { enaSrdUdpEnabled: true } } },
    { enaSrdSpecification: { enaSrdEnabled: true, enaSrdUdpSpecification: { enaSrdUdpEnabled: true } } },
  ),
  ...(
    [
      ["tcpEstablishedTimeout", 60, 432_000],
      ["udpStreamTimeout", 60, 180],
      ["udpTimeout", 30, 60],
    ] as const
  ).flatMap(([name, least, most]) => {
    const tracking = (seconds: number) => ({ connectionTrackingSpecification: { [name]: seconds } });
    const at = `connectionTrackingSpecification.${name}`;
    return [
      interfaceRow(at, "ec2/connection-tracking", tracking(least - 1), tracking(least)),
      interfaceRow(at, "ec2/connection-tracking", tracking(most + 1), tracking(most)),
    ];
  }),
  ...ADDRESSES.map(([member, value]) => interfaceRow(member, "ours", { [member]: value }, {})),
  // Bounds that depend on the type of the instance: these are wider than any.
  ...(
    [
      ["deviceIndex", 0, 255],
      ["networkCardIndex", 0, 255],
      ["secondaryPrivateIpAddressCount", 0, 49],
      ["ipv6AddressCount", 0, 50],
      ["ipv4PrefixCount", 0, 50],
      ["ipv6PrefixCount", 0, 50],
      ["enaQueueCount", 1, 128],
    ] as const
  ).flatMap(([name, least, most]) =>
    [least - 1, most + 1].map((bad) =>
      row(`${INTERFACES}[1].${name}`, "ours", two({ [name]: bad }), two({}), {
        set: INTERFACES,
        beside: INSTEAD,
      }),
    ),
  ),
  ...ADDRESSES.slice(0, 3).map(([member, value]) => {
    const at = {
      privateIpAddress: "",
      privateIpAddresses: "[0].privateIpAddress",
      ipv6Addresses: "[0].ipv6Address",
    };
    const bad = typeof value === "string" ? "ten" : value.map((one) => ({ ...one, ...wrongIn(one) }));
    return interfaceRow(
      `${member}${at[member as keyof typeof at]}`,
      "ours",
      { [member]: bad },
      { [member]: value },
      ONE_INSTANCE,
    );
  }),
  ...ADDRESSES.slice(1).map(([member, value]) =>
    interfaceRow(
      member,
      "ours",
      { [member]: times(51, () => value[0]) },
      { [member]: [value[0]] },
      ONE_INSTANCE,
    ),
  ),
];

function two(more: object): object[] {
  return [{ deviceIndex: 0 }, { deviceIndex: 1, networkCardIndex: 0, ...more }];
}

function wrongIn(address: object): object {
  return Object.fromEntries(Object.keys(address).map((name) => [name, "ten"]));
}

const OPTION_ROWS: readonly Row[] = [
  row(`${TEMPLATE}.metadataOptions.httpProtocolIpv6`, "ec2/metadata-endpoints", "on", "enabled"),
  row(`${TEMPLATE}.monitoring.metricCategoryIds`, "ec2/metric-categories-monitoring", ["a"], undefined, {
    beside: { [`${TEMPLATE}.monitoring`]: { enabled: false } },
  }),
  row(
    `${TEMPLATE}.cpuOptions`,
    "ec2/cpu-options-both",
    { coreCount: 1 },
    { coreCount: 1, threadsPerCore: 1 },
  ),
  ...bounds(`${TEMPLATE}.cpuOptions.coreCount`, "ec2/cpu-cores", 1, 448, {
    beside: { [`${TEMPLATE}.cpuOptions.threadsPerCore`]: 1 },
  }),
  ...bounds(`${TEMPLATE}.cpuOptions.threadsPerCore`, "ec2/cpu-threads", 1, 2, {
    beside: { [`${TEMPLATE}.cpuOptions.coreCount`]: 1 },
  }),
  row(`${TEMPLATE}.cpuOptions.amdSevSnp`, "ec2/cpu-switches", "on", "enabled"),
  row(`${TEMPLATE}.cpuOptions.nestedVirtualization`, "ec2/cpu-switches", "on", "enabled"),
  row(`${TEMPLATE}.creditSpecification.cpuCredits`, "ec2/credit-specification", "all", "unlimited"),
  row(
    `${TEMPLATE}.creditSpecification`,
    "ec2/credits-burstable-only",
    { cpuCredits: "standard" },
    undefined,
    {
      beside: { [`${TEMPLATE}.instanceType`]: "m5.large" },
    },
  ),
  row(
    PLACEMENT,
    "ec2/placement-zone-twofold",
    { availabilityZone: "us-east-1a", availabilityZoneId: "use1-az1" },
    { availabilityZone: "us-east-1a" },
  ),
  row(`${PLACEMENT}.tenancy`, "ec2/host-group-tenancy", "dedicated", "host", {
    beside: { [`${PLACEMENT}.hostResourceGroupArn`]: GROUP_ARN },
  }),
  row(`${PLACEMENT}.tenancy`, "ec2/tenancy", "shared", "dedicated"),
  row(`${PLACEMENT}.affinity`, "ec2/affinity", "none", "host"),
  row(`${PLACEMENT}.hostResourceGroupArn`, "ours", "hosts", GROUP_ARN),
  row(`${PLACEMENT}.groupName`, "ours", long(256), long(255)),
  row(`${PLACEMENT}.partitionNumber`, "ours", 0, 1),
  row(`${CAPACITY}.capacityReservationPreference`, "ec2/capacity-preference", "any", "none"),
  row(
    `${CAPACITY}.capacityReservationPreference`,
    "ec2/capacity-target-preference",
    "open",
    "capacity-reservations-only",
    { beside: { [`${CAPACITY}.capacityReservationTarget.capacityReservationId`]: "cr-12345678" } },
  ),
  row(
    `${CAPACITY}.capacityReservationTarget.capacityReservationResourceGroupArn`,
    "ours",
    "reserved",
    GROUP_ARN,
  ),
  row(`${TEMPLATE}.enclaveOptions.enabled`, "ec2/enclave-hibernation", true, false, {
    beside: { [`${TEMPLATE}.hibernationOptions`]: { configured: true } },
  }),
  row(`${TEMPLATE}.maintenanceOptions.autoRecovery`, "ec2/auto-recovery", "on", "disabled"),
  row(`${TEMPLATE}.privateDnsNameOptions.hostnameType`, "ec2/hostname-type", "dns", "ip-name"),
  row(
    `${TEMPLATE}.networkPerformanceOptions.bandwidthWeighting`,
    "ec2/bandwidth-weighting",
    "vpc-2",
    "vpc-1",
  ),
  row(
    `${TEMPLATE}.licenseSpecifications[0].licenseConfigurationArn`,
    "ours",
    [{ licenseConfigurationArn: "lic-1" }],
    [{ licenseConfigurationArn: LICENCE }],
    { set: `${TEMPLATE}.licenseSpecifications` },
  ),
  row(`${TEMPLATE}.instanceInitiatedShutdownBehavior`, "ec2/shutdown-behavior", "hibernate", "terminate"),
  row(`${TEMPLATE}.instanceMarketOptions.marketType`, "ec2/market-type", "on-demand", "spot"),
  row(`${SPOT}.maxPrice`, "ec2/spot-price", "0.001", "0.0011"),
  row(`${SPOT}.maxPrice`, "ec2/spot-price", "cheap", "1"),
  row(`${SPOT}.spotInstanceType`, "ec2/spot-type", "endless", "one-time"),
  row(`${SPOT}.spotInstanceType`, "ec2/spot-persistent", "persistent", "one-time"),
  row(`${SPOT}.instanceInterruptionBehavior`, "ec2/spot-interruption", "reboot", "stop"),
  row(`${SPOT}.instanceInterruptionBehavior`, "ec2/spot-hibernation", "stop", "hibernate", {
    beside: { [`${TEMPLATE}.hibernationOptions`]: { configured: true } },
  }),
  row(`${TEMPLATE}.tagSpecifications.volume.AWS:a`, "ec2/tag-reserved", "1", undefined),
  row(`${TEMPLATE}.tagSpecifications.volume.${long(128)}`, "ec2/tag-key-length", "1", undefined),
  row(`${TEMPLATE}.tagSpecifications.volume.a`, "ec2/tag-value-length", long(257), long(256)),
  row(`${TEMPLATE}.tagSpecifications.volume`, "ec2/tag-count", many(51, "1"), many(50, "1")),
  row(`${TEMPLATE}.tagSpecifications.spot-instances-request`, "ours", { a: "1" }, undefined),
];

export const TEMPLATE_OPTION_ROWS: readonly Row[] = [...OPTION_ROWS, ...INTERFACE_ROWS];
