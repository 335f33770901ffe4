/** What EC2 and Auto Scaling take of network interfaces in a template. */
import { duplicates, EC2_API, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { NetworkInterfaceSpec } from "./network-interfaces-schema.ts";
import type { LaunchTemplateSpec } from "./schema.ts";

/** What a rule of a template may look at. */
export interface InGroup {
  readonly autoScalingGroup: { readonly maxSize: number };
}

const REQUEST = `${EC2_API}/API_LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.html` as const;
const INTERFACE = `${EC2_API}/API_InstanceNetworkInterfaceSpecification.html` as const;

/** Members that give one address, which one instance can have. */
const FIXED = [
  "privateIpAddress",
  "privateIpAddresses",
  "ipv6Addresses",
  "ipv4Prefixes",
  "ipv6Prefixes",
] as const;
/** Members that give an address of whatever kind. */
const ADDRESSES = [
  ...FIXED,
  "associatePublicIpAddress",
  "associateCarrierIpAddress",
  "secondaryPrivateIpAddressCount",
  "ipv6AddressCount",
  "ipv4PrefixCount",
  "ipv6PrefixCount",
  "primaryIpv6",
] as const;
const LISTED_AND_COUNTED = [
  ["ipv6Addresses", "ipv6AddressCount"],
  ["ipv4Prefixes", "ipv4PrefixCount"],
  ["ipv6Prefixes", "ipv6PrefixCount"],
] as const;

const placeOf = ({ networkCardIndex = 0, deviceIndex }: NetworkInterfaceSpec): string =>
  `${deviceIndex} of card ${networkCardIndex}`;

export const networkInterfaceRules: readonly SpecRule<LaunchTemplateSpec, InGroup>[] = [
  {
    at: "securityGroupIds",
    must: "not stand beside `networkInterfaces`",
    when: ({ securityGroupIds, networkInterfaces }) =>
      securityGroupIds !== undefined && networkInterfaces !== undefined,
    says: "cannot stand beside networkInterfaces: there they are groups of each interface",
    source: REQUEST,
  },
  {
    at: "networkInterfaces",
    must: "have each `deviceIndex` of a card once",
    each: ({ networkInterfaces = [] }) =>
      duplicates(networkInterfaces.map(placeOf)).map((place) => `names deviceIndex ${place} twice`),
    reason: "FieldValueDuplicate",
    source: INTERFACE,
  },
  {
    at: "networkInterfaces",
    must: "have the primary one, with `deviceIndex` 0 of card 0",
    when: ({ networkInterfaces: all }) =>
      all !== undefined &&
      !all.some(({ networkCardIndex = 0, deviceIndex }) => networkCardIndex === 0 && deviceIndex === 0),
    says: "lacks the primary interface, deviceIndex 0 of card 0, which no group adds",
    source: REQUEST,
  },
  {
    at: "networkInterfaces",
    must: "be one, where it asks for `associatePublicIpAddress`",
    when: ({ networkInterfaces: all = [] }) =>
      all.length > 1 && all.some(({ associatePublicIpAddress: asks }) => asks === true),
    says: "takes associatePublicIpAddress: true only where it is the one interface",
    source: INTERFACE,
  },
  ofEach({
    must: "have what is counted not listed, too",
    source: INTERFACE,
    wrong: (one) =>
      LISTED_AND_COUNTED.flatMap(([listed, counted]) =>
        one[listed] !== undefined && one[counted] !== undefined
          ? [{ at: counted, says: `cannot stand beside ${listed}; keep one of the two` }]
          : [],
      ),
  }),
  ofEach({
    must: "not count further private addresses beside several that are listed",
    source: INTERFACE,
    wrong: ({ secondaryPrivateIpAddressCount: count, privateIpAddresses: listed = [] }) =>
      count !== undefined && listed.length > 1
        ? [
            {
              at: "secondaryPrivateIpAddressCount",
              says: "cannot stand beside several privateIpAddresses; keep one of the two",
            },
          ]
        : [],
  }),
  ofEach({
    must: "give an interface of type `efa-only` no addresses",
    source: REQUEST,
    wrong: (one) =>
      one.interfaceType === "efa-only"
        ? ADDRESSES.filter((name) => one[name] !== undefined).map((at) => ({
            at,
            says: "has no place on an interface of type efa-only, which has no addresses",
          }))
        : [],
  }),
  ofEach({
    must: "have ENA Express for UDP with ENA Express only",
    source: `${EC2_API}/API_EnaSrdUdpSpecificationRequest.html`,
    wrong: ({ enaSrdSpecification: ena }) =>
      ena?.enaSrdUdpSpecification?.enaSrdUdpEnabled === true && ena.enaSrdEnabled !== true
        ? [
            {
              at: "enaSrdSpecification.enaSrdUdpSpecification.enaSrdUdpEnabled",
              says: "needs enaSrdEnabled: true beside it",
            },
          ]
        : [],
  }),
  ofEach({
    must: "fix addresses where the group has one instance at most",
    source: HOLDFAST,
    wrong: (one, { maxSize }) =>
      maxSize > 1
        ? FIXED.filter((name) => one[name] !== undefined).map((at) => ({
            at,
            says: `can be had by one instance only, and the group has up to ${maxSize}; count addresses instead`,
          }))
        : [],
  }),
];

interface Check {
  readonly must: string;
  readonly source: SpecRule<LaunchTemplateSpec>["source"];
  readonly wrong: (
    one: NetworkInterfaceSpec,
    group: InGroup["autoScalingGroup"],
  ) => readonly { readonly at: string; readonly says: string }[];
}

function ofEach({ must, source, wrong }: Check): SpecRule<LaunchTemplateSpec, InGroup> {
  return {
    at: "networkInterfaces[]",
    must,
    source,
    each: ({ networkInterfaces = [] }, { autoScalingGroup }) =>
      networkInterfaces.flatMap((one, index) =>
        wrong(one, autoScalingGroup).map(({ at, says }) => ({
          at: `networkInterfaces[${index}].${at}`,
          says,
        })),
      ),
  };
}
