/** A version of a launch template as EC2 describes it, as its part of a spec. */
import type { Value } from "../../../model/value.ts";
import { statedFields } from "../field.ts";
import {
  held,
  inOrderOf,
  type Lost,
  lostTags,
  nested,
  notHeld,
  type Part,
  stated,
  type Written,
} from "../from-aws.ts";
import type { Tags } from "../tags.ts";
import { FIELDS, instanceTagsOf, tagsApartOf, type Version } from "./content.ts";
import { itemsOf, LISTS } from "./lists.ts";
import { launchTemplateSchema } from "./schema.ts";
import { userDataPart } from "./user-data.ts";

/** Of which template it is: one of this service alone, or one that others use as well. */
export type TemplateIdentity =
  | { readonly name: string }
  | { readonly shared: { readonly name: string; readonly version: string } };

interface TemplateAnswers {
  readonly version: Version;
  /** Of the template itself. */
  readonly tags: Tags;
}

export function templateFromAws(
  { version, tags: own }: TemplateAnswers,
  identity: TemplateIdentity,
  sharedTags: Tags,
): Written {
  const { LaunchTemplateData: data = {} } = version;
  if (data.ImageId === undefined) return notHeld("its launch template names no image");
  if ((data.NetworkInterfaces ?? []).some(({ NetworkInterfaceId: id = "" }) => id !== ""))
    return notHeld(
      "its launch template names a network interface that is there, which one instance can have",
    );
  const { tags, lost } = tagsOf(instanceTagsOf(data), sharedTags);
  const apart = tagsApartOf(data);
  const part = {
    ...identity,
    ...nested(FIELDS, statedFields(FIELDS, data)),
    ...(data.UserData === undefined ? {} : userDataPart(data.UserData)),
    ...stated({
      ...listsIn(data),
      tags: Object.keys(tags).length === 0 ? undefined : tags,
      tagSpecifications: Object.keys(apart).length === 0 ? undefined : apart,
    }),
  };
  return held(inOrderOf(launchTemplateSchema, part), [...lost, ...lostTags(own, sharedTags)]);
}

function tagsOf(all: Readonly<Record<string, Value>>, shared: Tags): { tags: Part; lost: Lost[] } {
  const own = Object.entries(all).filter(([key, value]) => shared[key] !== value);
  const isReserved = ([key]: [string, Value]) => /^aws:/i.test(key);
  return {
    tags: Object.fromEntries(own.filter((tag) => !isReserved(tag))),
    lost: own.filter(isReserved).map(([key, value]) => ({
      path: `TagSpecifications[instance].Tags[${key}]`,
      value,
      why: "a tag of AWS's own, which nobody else can write",
    })),
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly type?: unknown;
  readonly enum?: unknown;
}

function listsIn(data: NonNullable<Version["LaunchTemplateData"]>): Part {
  return Object.fromEntries(
    (Object.keys(LISTS) as (keyof typeof LISTS)[]).flatMap((field) => {
      const { items } = launchTemplateSchema.properties[field];
      const all = itemsOf(data, field).map((item) => known(item, items));
      return all.length === 0 ? [] : [[field, all]];
    }),
  );
}

/** With what the schema knows of it. */
function known(value: unknown, { properties, items }: Schema): unknown {
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => known(item, items));
  if (properties === undefined || value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const inner = properties[name];
      return inner === undefined ? [] : [[name, known(member, inner)]];
    }),
  );
}
