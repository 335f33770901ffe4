/** What EC2 refuses when an instance is launched, and reports as a warning when a template is made. */
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import {
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import { bytesOf, isBase64, MOST_USER_DATA_BYTES } from "./templates.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

type Launch = RequestLaunchTemplateData;

const wrong = (parameter: string, value: unknown): string =>
  `Value (${value}) for parameter ${parameter} is invalid.`;

const MACHINE_RULES = refusals<Launch>(
  {
    prefix: "ec2",
    operations: ["RunInstances"],
    code: "InvalidParameterValue",
    page: `${API}/API_RunInstances.html`,
  },
  [
    [
      "launch-user-data-encoding",
      "User data is encoded in base64.",
      ({ UserData: data }) =>
        data !== undefined && !isBase64(data) && "Invalid BASE64 encoding of user data.",
      "InvalidUserData.Malformed",
    ],
    [
      "launch-user-data-length",
      "User data has at most 16384 bytes before it is encoded.",
      ({ UserData: data }) =>
        bytesOf(data) > MOST_USER_DATA_BYTES && `User data is limited to ${MOST_USER_DATA_BYTES} bytes`,
    ],
    [
      "image-id",
      "An image is an id, or a parameter of Systems Manager.",
      ({ ImageId: image = "ami-" }) =>
        !/^(ami-|resolve:ssm:)/.test(image) && `Invalid id: "${image}" (expecting "ami-...")`,
      "InvalidAMIID.Malformed",
    ],
    [
      "image-parameter",
      "An image that a parameter of Systems Manager names is given by the parameter's name or ARN.",
      ({ ImageId: image = "" }) =>
        image.startsWith("resolve:ssm:") &&
        !/^resolve:ssm:[A-Za-z0-9_.:/-]+$/.test(image) &&
        `Invalid id: "${image}" (expecting "resolve:ssm:parameter-name")`,
      "InvalidAMIID.Malformed",
    ],
    [
      "type-or-requirements",
      "Either an instance type is given or what it must have, not both.",
      ({ InstanceType, InstanceRequirements }) =>
        InstanceType !== undefined && InstanceRequirements !== undefined,
      "InvalidParameterCombination",
    ],
    [
      "profile-twofold",
      "An instance profile is given by ARN or by name.",
      ({ IamInstanceProfile: profile }) =>
        (profile?.Arn ?? "") !== "" &&
        (profile?.Name ?? "") !== "" &&
        "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
      "InvalidParameterCombination",
    ],
    [
      "shutdown-behavior",
      "An instance that shuts itself down stops or terminates.",
      ({ InstanceInitiatedShutdownBehavior: behavior }) =>
        isNoneOf(behavior, ["stop", "terminate"]) && wrong("instanceInitiatedShutdownBehavior", behavior),
    ],
    [
      "credit-specification",
      "CPU credits are standard or unlimited.",
      ({ CreditSpecification: credits }) =>
        isNoneOf(credits?.CpuCredits, ["standard", "unlimited"]) &&
        wrong("CreditSpecification.CpuCredits", credits?.CpuCredits),
    ],
    [
      "credits-burstable-only",
      "CPU credits are for T instances.",
      ({ CreditSpecification: credits, InstanceType: type = "" }) =>
        credits !== undefined &&
        type !== "" &&
        !/^t\d/.test(type) &&
        "The CPU credits option can't be specified for this instance type",
      "InvalidParameterCombination",
    ],
    [
      "cpu-threads",
      "A core runs one or two threads.",
      ({ CpuOptions: cpu }) =>
        isOutside(cpu?.ThreadsPerCore, 1, 2) && wrong("CpuOptions.ThreadsPerCore", cpu?.ThreadsPerCore),
    ],
    [
      "cpu-cores",
      "An instance has at least one core.",
      ({ CpuOptions: cpu }) =>
        isOutside(cpu?.CoreCount, 1, 448) && wrong("CpuOptions.CoreCount", cpu?.CoreCount),
    ],
    [
      "enclave-hibernation",
      "An instance has either Nitro Enclaves or hibernation.",
      ({ EnclaveOptions: enclave, HibernationOptions: hibernation }) =>
        enclave?.Enabled === true && hibernation?.Configured === true,
      "InvalidParameterCombination",
    ],
    [
      "auto-recovery",
      "Recovery is default or disabled.",
      ({ MaintenanceOptions: maintenance }) =>
        isNoneOf(maintenance?.AutoRecovery, ["default", "disabled"]) &&
        wrong("MaintenanceOptions.AutoRecovery", maintenance?.AutoRecovery),
    ],
    [
      "hostname-type",
      "The type of a host name is ip-name or resource-name.",
      ({ PrivateDnsNameOptions: names }) =>
        isNoneOf(names?.HostnameType, ["ip-name", "resource-name"]) &&
        wrong("PrivateDnsNameOptions.HostnameType", names?.HostnameType),
    ],
    [
      "capacity-preference",
      "The preference for capacity reservations is one of the reference's.",
      ({ CapacityReservationSpecification: capacity }) =>
        isNoneOf(capacity?.CapacityReservationPreference, ["open", "none", "capacity-reservations-only"]) &&
        wrong(
          "CapacityReservationSpecification.CapacityReservationPreference",
          capacity?.CapacityReservationPreference,
        ),
    ],
    [
      "market-type",
      "The market is spot, capacity-block or interruptible-capacity-reservation.",
      ({ InstanceMarketOptions: market }) =>
        isNoneOf(market?.MarketType, ["spot", "capacity-block", "interruptible-capacity-reservation"]) &&
        wrong("InstanceMarketOptions.MarketType", market?.MarketType),
    ],
    [
      "spot-interruption",
      "A spot instance that is interrupted hibernates, stops or terminates.",
      ({ InstanceMarketOptions: market }) =>
        isNoneOf(market?.SpotOptions?.InstanceInterruptionBehavior, ["hibernate", "stop", "terminate"]) &&
        wrong("InstanceInterruptionBehavior", market?.SpotOptions?.InstanceInterruptionBehavior),
    ],
    [
      "spot-price",
      "The maximum price of a spot instance is more than 0.001 USD.",
      ({ InstanceMarketOptions: market }) => {
        const price = market?.SpotOptions?.MaxPrice;
        return price !== undefined && !(Number(price) > 0.001) && wrong("SpotOptions.MaxPrice", price);
      },
    ],
  ],
);

const METADATA_RULES = refusals<Launch>(
  {
    prefix: "ec2",
    operations: ["RunInstances"],
    code: "InvalidParameterValue",
    page: `${API}/API_InstanceMetadataOptionsRequest.html`,
  },
  [
    [
      "metadata-tokens",
      "Metadata tokens are optional or required.",
      ({ MetadataOptions: options }) =>
        isNoneOf(options?.HttpTokens, ["optional", "required"]) &&
        wrong("MetadataOptions.HttpTokens", options?.HttpTokens),
    ],
    [
      "metadata-hop-limit",
      "The hop limit of metadata is 1 to 64.",
      ({ MetadataOptions: options }) =>
        isOutside(options?.HttpPutResponseHopLimit, 1, 64) &&
        wrong("MetadataOptions.HttpPutResponseHopLimit", options?.HttpPutResponseHopLimit),
    ],
    [
      "metadata-endpoints",
      "The metadata's endpoint, its IPv6 endpoint and its tags are enabled or disabled.",
      ({ MetadataOptions: options }) =>
        firstOf(
          ["HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags"] as const,
          (name) =>
            isNoneOf(options?.[name], ["enabled", "disabled"]) &&
            wrong(`MetadataOptions.${name}`, options?.[name]),
        ),
    ],
  ],
);

const PLACEMENT_RULES = refusals<Launch>(
  {
    prefix: "ec2",
    operations: ["RunInstances"],
    code: "InvalidParameterValue",
    page: `${API}/API_Placement.html`,
  },
  [
    [
      "tenancy",
      "The tenancy is default, dedicated or host.",
      ({ Placement: placement }) =>
        isNoneOf(placement?.Tenancy, ["default", "dedicated", "host"]) &&
        wrong("Placement.Tenancy", placement?.Tenancy),
    ],
    [
      "placement-zone-twofold",
      "A zone is given by name or by id.",
      ({ Placement: placement }) =>
        placement?.AvailabilityZone !== undefined && placement.AvailabilityZoneId !== undefined,
      "InvalidParameterCombination",
    ],
    [
      "host-group-tenancy",
      "With a host resource group the tenancy is host.",
      ({ Placement: placement }) =>
        placement?.HostResourceGroupArn !== undefined && isNoneOf(placement.Tenancy, ["host"]),
      "InvalidParameterCombination",
    ],
  ],
);

const NETWORK_RULES = refusals<Launch>(
  {
    prefix: "ec2",
    operations: ["RunInstances"],
    code: "InvalidParameterCombination",
    page: `${API}/API_InstanceNetworkInterfaceSpecification.html`,
  },
  [
    [
      "groups-beside-interfaces",
      "With network interfaces, the security groups are part of them.",
      ({ NetworkInterfaces = [], SecurityGroupIds = [], SecurityGroups = [] }) =>
        NetworkInterfaces.length > 0 &&
        SecurityGroupIds.length + SecurityGroups.length > 0 &&
        "Network interfaces and an instance-level security groups may not be specified on the same request",
    ],
    [
      "groups-twofold",
      "Security groups are given by id or by name.",
      ({ SecurityGroupIds = [], SecurityGroups = [] }) =>
        SecurityGroupIds.length > 0 &&
        SecurityGroups.length > 0 &&
        "The parameter groupName cannot be used with the parameter groupId",
    ],
    [
      "interface-index-missing",
      "A network interface has a device index.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ DeviceIndex: index }) =>
            index === undefined &&
            "Each network interface requires a device index. Specify the device index for each network interface",
        ),
      "InvalidParameterValue",
    ],
    [
      "interface-index-twice",
      "Each network interface of a card has a device index of its own.",
      ({ NetworkInterfaces = [] }) =>
        hasTwice(NetworkInterfaces.map((one) => `${one.NetworkCardIndex ?? 0}/${one.DeviceIndex}`)),
      "InvalidParameterValue",
    ],
    [
      "public-address-of-several",
      "A public address is asked for with one network interface only.",
      ({ NetworkInterfaces = [] }) =>
        NetworkInterfaces.length > 1 &&
        NetworkInterfaces.some((one) => one.AssociatePublicIpAddress === true) &&
        "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
    ],
    [
      "interface-type",
      "The type of a network interface is interface, efa or efa-only.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ InterfaceType: type }) =>
            isNoneOf(type, ["interface", "efa", "efa-only"]) && wrong("interfaceType", type),
        ),
      "InvalidParameterValue",
    ],
    [
      "interface-ipv6-twofold",
      "IPv6 addresses are listed or counted.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ Ipv6AddressCount: count, Ipv6Addresses = [] }) =>
            count !== undefined && Ipv6Addresses.length > 0,
        ),
    ],
    [
      "interface-prefixes-twofold",
      "Prefixes are listed or counted.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          ({ Ipv4PrefixCount: four, Ipv4Prefixes = [], Ipv6PrefixCount: six, Ipv6Prefixes = [] }) =>
            (four !== undefined && Ipv4Prefixes.length > 0) || (six !== undefined && Ipv6Prefixes.length > 0),
        ),
    ],
    [
      "existing-interface",
      "A network interface that is there keeps its subnet, groups and addresses.",
      ({ NetworkInterfaces }) =>
        firstOf(
          NetworkInterfaces,
          (one) =>
            one.NetworkInterfaceId !== undefined &&
            (one.SubnetId !== undefined ||
              (one.Groups ?? []).length > 0 ||
              one.PrivateIpAddress !== undefined),
        ),
    ],
  ],
);

export const LAUNCH_RULES: readonly RefusalRule<unknown>[] = [
  ...MACHINE_RULES,
  ...METADATA_RULES,
  ...PLACEMENT_RULES,
  ...NETWORK_RULES,
];
