/** Network interfaces that each instance is launched with. */
import Type, { type Static } from "typebox";
import { aws } from "../field.ts";

const VERSION = "ec2:CreateLaunchTemplateVersion";

const IPV4 = "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$";

const count = (what: string, most: number) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: most, description: `Number of ${what}.` }));

const privateIpAddressSchema = Type.Object(
  {
    privateIpAddress: Type.String({ pattern: IPV4, description: "The address." }),
    primary: Type.Optional(Type.Boolean({ description: "Whether it is the primary one." })),
  },
  { additionalProperties: false },
);

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ConnectionTrackingSpecificationRequest.html */
const connectionTrackingSchema = Type.Object(
  {
    tcpEstablishedTimeout: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 432_000, description: "Seconds, of TCP connections." }),
    ),
    udpStreamTimeout: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 180, description: "Seconds, of UDP with answers." }),
    ),
    udpTimeout: Type.Optional(
      Type.Integer({ minimum: 30, maximum: 60, description: "Seconds, of UDP without answers." }),
    ),
  },
  { additionalProperties: false, description: "When idle connections are forgotten." },
);

const enaSrdSchema = Type.Object(
  {
    enaSrdEnabled: Type.Optional(Type.Boolean({ description: "Whether ENA Express is on." })),
    enaSrdUdpSpecification: Type.Optional(
      Type.Object(
        { enaSrdUdpEnabled: Type.Optional(Type.Boolean({ description: "Whether it is for UDP, too." })) },
        { additionalProperties: false, description: "ENA Express for UDP." },
      ),
    ),
  },
  { additionalProperties: false, description: "ENA Express." },
);

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.html */
const networkInterfaceSchema = Type.Object(
  {
    deviceIndex: Type.Integer({
      minimum: 0,
      maximum: 255,
      description: "Place on its network card; the primary interface has 0.",
    }),
    networkCardIndex: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 255, description: "Network card. Default: 0." }),
    ),
    associatePublicIpAddress: Type.Optional(
      Type.Boolean({ description: "Whether it gets a public IPv4 address. Default: as the subnet says." }),
    ),
    associateCarrierIpAddress: Type.Optional(
      Type.Boolean({ description: "Whether it gets a carrier's address, in a Wavelength Zone." }),
    ),
    groups: Type.Optional(
      Type.Array(Type.String({ pattern: "^sg-[0-9a-z-]+$" }), {
        minItems: 1,
        maxItems: 16,
        uniqueItems: true,
        description: "Security groups, in place of `securityGroupIds`. Default: the VPC's own.",
      }),
    ),
    subnetId: Type.Optional(
      Type.String({
        pattern: "^subnet-[0-9a-z-]+$",
        description: "Subnet. Auto Scaling launches into the group's own subnets whatever stands here.",
      }),
    ),
    description: Type.Optional(Type.String({ maxLength: 255, description: "Description." })),
    deleteOnTermination: Type.Optional(
      Type.Boolean({
        description: "Whether it goes with the instance, as one that a group launches should.",
      }),
    ),
    interfaceType: Type.Optional(
      Type.Enum(["interface", "efa", "efa-only"], { description: "Type. Default: `interface`." }),
    ),
    privateIpAddress: Type.Optional(
      Type.String({ pattern: IPV4, description: "Primary private address, of a group of one instance." }),
    ),
    privateIpAddresses: Type.Optional(
      Type.Array(privateIpAddressSchema, {
        minItems: 1,
        maxItems: 50,
        description: "Private addresses, of a group of one instance.",
      }),
    ),
    secondaryPrivateIpAddressCount: count("further private addresses", 49),
    ipv6AddressCount: count("IPv6 addresses", 50),
    ipv6Addresses: Type.Optional(
      Type.Array(
        Type.Object(
          { ipv6Address: Type.String({ pattern: "^[0-9a-fA-F:.]+$", description: "The address." }) },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 50, description: "IPv6 addresses, of a group of one instance." },
      ),
    ),
    primaryIpv6: Type.Optional(Type.Boolean({ description: "Whether the first IPv6 address is primary." })),
    ipv4PrefixCount: count("IPv4 prefixes", 50),
    ipv4Prefixes: Type.Optional(
      Type.Array(
        Type.Object(
          { ipv4Prefix: Type.String({ minLength: 1, description: "The prefix." }) },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 50, description: "IPv4 prefixes, of a group of one instance." },
      ),
    ),
    ipv6PrefixCount: count("IPv6 prefixes", 50),
    ipv6Prefixes: Type.Optional(
      Type.Array(
        Type.Object(
          { ipv6Prefix: Type.String({ minLength: 1, description: "The prefix." }) },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 50, description: "IPv6 prefixes, of a group of one instance." },
      ),
    ),
    enaSrdSpecification: Type.Optional(enaSrdSchema),
    connectionTrackingSpecification: Type.Optional(connectionTrackingSchema),
    enaQueueCount: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 128, description: "Number of ENA queues." }),
    ),
  },
  { additionalProperties: false },
);

export type NetworkInterfaceSpec = Static<typeof networkInterfaceSchema>;

export const networkInterfacesSchema = {
  networkInterfaces: Type.Optional(
    Type.Array(networkInterfaceSchema, {
      ...aws("NetworkInterfaces", VERSION, { owner: "structure" }),
      minItems: 1,
      maxItems: 32,
      description:
        "Network interfaces of each instance, with public addresses and security groups. Not beside `securityGroupIds`.",
    }),
  ),
};
