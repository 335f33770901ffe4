/** Members of a version that are lists of records: compared as wholes, each item without what AWS takes for granted. */
import { capitalised, decapitalised } from "../../../model/text/first-letter.ts";
import { isRecord, type Value, valuesEqual } from "../../../model/value.ts";
import type { Input } from "../../../ports.ts";
import { sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { asRecords, records } from "../field-values.ts";
import type { LaunchTemplateSpec } from "./schema.ts";

type RequestData = NonNullable<Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"]>;

interface List {
  /** AWS's name. */
  readonly aws: "BlockDeviceMappings" | "NetworkInterfaces" | "LicenseSpecifications";
  /** What tells its items apart. */
  readonly keyOf: (item: Fields) => string;
  /** What AWS documents for members of an item that nobody gives; a switch is off. */
  readonly absent: Fields;
}

export const LISTS = {
  blockDeviceMappings: {
    aws: "BlockDeviceMappings",
    keyOf: ({ deviceName }) => String(deviceName),
    absent: {},
  },
  /** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.html */
  networkInterfaces: {
    aws: "NetworkInterfaces",
    keyOf: ({ networkCardIndex = 0, deviceIndex }) => `${networkCardIndex} ${deviceIndex}`,
    absent: { networkCardIndex: 0, interfaceType: "interface" },
  },
  licenseSpecifications: {
    aws: "LicenseSpecifications",
    keyOf: ({ licenseConfigurationArn }) => String(licenseConfigurationArn),
    absent: {},
  },
} satisfies Readonly<Record<string, List>>;

type ListName = keyof typeof LISTS;

const ENTRIES = Object.entries(LISTS) as [ListName, List][];
/** What answers alone have within an item. */
const ECHOED: readonly string[] = ["IsPrimaryIpv6"];
/** Lists of texts within an item whose order means nothing. */
const SETS: readonly string[] = ["groups"];

/** What a spec declares. */
export function declaredLists(spec: LaunchTemplateSpec): Fields {
  return Object.fromEntries(
    ENTRIES.flatMap(([field]) => {
      const items = spec[field];
      return items === undefined ? [] : [[field, sortedSet(items.map(plain))]];
    }),
  );
}

/** What EC2 answers with. It answers with empty lists where there is none. */
export function listFields(
  data: Readonly<Partial<Record<List["aws"], readonly object[] | undefined>>>,
): Fields {
  return Object.fromEntries(
    ENTRIES.flatMap(([field, { aws }]) => {
      const items = data[aws] ?? [];
      return items.length === 0
        ? []
        : [[field, sortedSet(items.map((item) => renamed(item, decapitalised)))]];
    }),
  );
}

export function listsInput(fields: Fields): Pick<RequestData, List["aws"]> {
  return Object.fromEntries(
    ENTRIES.flatMap(([field, { aws }]) =>
      fields[field] === undefined
        ? []
        : [[aws, records(fields, field).map((item) => renamed(item, capitalised))]],
    ),
  );
}

/** Lists with their items in our spelling, for an import. */
export function itemsOf(
  data: Readonly<Partial<Record<List["aws"], readonly object[] | undefined>>>,
  field: ListName,
): Fields[] {
  return (data[LISTS[field].aws] ?? []).map((item) => renamed(item, decapitalised));
}

/** What an answer leaves out has the default that is wanted, and what it states besides is not wanted if it is a default. */
export function withListsAsWanted(fields: Fields, wanted: Fields): Fields {
  const lists = ENTRIES.flatMap(([field, { keyOf, absent }]): [string, Value][] => {
    const there = fields[field];
    const asked = wanted[field];
    if (there === undefined || asked === undefined) return [];
    const items = asRecords(asked, field);
    return [
      [
        field,
        sortedSet(
          asRecords(there, field).map((item) => {
            const same = items.find((one) => keyOf(one) === keyOf(item));
            return same === undefined ? item : asWanted(item, same, absent);
          }),
        ),
      ],
    ];
  });
  return { ...fields, ...Object.fromEntries(lists) };
}

function asWanted(there: Fields, wanted: Fields, absent: Fields): Fields {
  const isDefault = ([name, value]: [string, Value]) =>
    value === false || (absent[name] !== undefined && valuesEqual(value, absent[name]));
  const stated = Object.entries(there).filter(
    (member) => wanted[member[0]] !== undefined || !isDefault(member),
  );
  const silent = Object.entries(wanted).filter(
    (member) => there[member[0]] === undefined && isDefault(member),
  );
  return Object.fromEntries(
    [...stated, ...silent].map(([name, value]) => {
      const asked = wanted[name];
      return [name, isRecord(value) && isRecord(asked) ? asWanted(value, asked, {}) : value];
    }),
  );
}

function plain(value: object): Fields {
  return renamed(value, (name) => name);
}

/** Members of plain data, those of inner records too, under other names; without those that are undefined or empty. */
function renamed(value: object, nameOf: (name: string) => string): Fields {
  const members = Object.entries(value).filter(
    ([name, member]) =>
      member !== undefined && !ECHOED.includes(name) && !(Array.isArray(member) && member.length === 0),
  );
  return Object.fromEntries(
    members.map(([name, member]) => [nameOf(name), renamedMember(nameOf(name), member, nameOf)]),
  );
}

function renamedMember(name: string, member: unknown, nameOf: (name: string) => string): Value {
  if (!Array.isArray(member))
    return member !== null && typeof member === "object" ? renamed(member, nameOf) : (member as Value);
  const items = member.map((item) => renamedMember("", item, nameOf));
  return SETS.includes(name) ? sortedSet(items) : items;
}
