/** A version of a launch template as EC2 describes it, as its part of a spec. */
import type { Value } from "../../../model/value.ts";
import { statedFields } from "../field.ts";
import { held, inOrderOf, type Lost, nested, notHeld, type Part, stated, type Written } from "../from-aws.ts";
import type { Tags } from "../tags.ts";
import { blockDevicesOf, FIELDS, instanceTagsOf, type Version } from "./content.ts";
import { launchTemplateSchema } from "./schema.ts";

type Data = NonNullable<Version["LaunchTemplateData"]>;

/** Of which template it is: one of this service alone, or one that others use as well. */
export type TemplateIdentity =
  | { readonly name: string }
  | { readonly shared: { readonly name: string; readonly version: string } };

export function templateFromAws(data: Data, identity: TemplateIdentity, sharedTags: Tags): Written {
  if (data.ImageId === undefined) return notHeld("its launch template names no image");
  if (data.InstanceType === undefined) return notHeld("its launch template names no instance type");
  const userData = textOf(data.UserData);
  const { tags, lost: lostTags } = tagsOf(instanceTagsOf(data), sharedTags);
  const devices = blockDevicesOf(data).map(deviceOf);
  const part = {
    ...identity,
    ...nested(FIELDS, statedFields(FIELDS, data)),
    ...stated({
      userData: userData.text,
      blockDeviceMappings: devices.length === 0 ? undefined : devices,
      tags: Object.keys(tags).length === 0 ? undefined : tags,
    }),
  };
  return held(inOrderOf(launchTemplateSchema, part), [...lostTags, ...userData.lost]);
}

/** The spec holds plain text: what is none (a zipped archive, say) would come out as something else. */
function textOf(encoded: string | undefined): { text: string | undefined; lost: Lost[] } {
  if (encoded === undefined) return { text: undefined, lost: [] };
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return { text, lost: [] };
  const lost = {
    path: "UserData",
    value: `(${bytes.length} bytes)`,
    why: "it is no text in UTF-8, and the spec holds text alone",
  };
  return { text: undefined, lost: [lost] };
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
