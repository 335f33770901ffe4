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
import { blockDevicesOf, FIELDS, instanceTagsOf, type Version } from "./content.ts";
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
  if (data.InstanceType === undefined) return notHeld("its launch template names no instance type");
  const { tags, lost } = tagsOf(instanceTagsOf(data), sharedTags);
  const devices = blockDevicesOf(data).map(deviceOf);
  const part = {
    ...identity,
    ...nested(FIELDS, statedFields(FIELDS, data)),
    ...(data.UserData === undefined ? {} : userDataPart(data.UserData)),
    ...stated({
      blockDeviceMappings: devices.length === 0 ? undefined : devices,
      tags: Object.keys(tags).length === 0 ? undefined : tags,
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

const DEVICE = launchTemplateSchema.properties.blockDeviceMappings.items.properties;

/** A volume with what the schema knows of it. */
function deviceOf(all: Part): Part {
  const ebs = all.ebs as Part | undefined;
  return stated({
    ...known(all, DEVICE),
    ebs: ebs === undefined ? undefined : known(ebs, DEVICE.ebs.properties),
  });
}

function known(part: Part, properties: object): Part {
  return Object.fromEntries(Object.entries(part).filter(([name]) => Object.hasOwn(properties, name)));
}
