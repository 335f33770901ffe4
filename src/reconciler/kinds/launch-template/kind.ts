import { launchTemplateAddress, scalingGroupAddress } from "../../../model/address.ts";
import { valuesEqual } from "../../../model/value.ts";
import type { Input, Output } from "../../../ports.ts";
import { answeredAs, callOf } from "../../core/actions.ts";
import { ownerTags, physicalName, secretDigest, TAG_OWNER } from "../../core/names.ts";
import { sortedSet } from "../../core/references.ts";
import type { Fields, Seen, TemplateVersions } from "../../core/resource.ts";
import { isTag, withoutTags } from "../../core/tags.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "../field.ts";
import { record, records } from "../field-values.ts";
import type { Item, Kind } from "../kind.ts";
import { present, required } from "../required.ts";
import { addressIn, type Tags, tagFields, tagList, tagsFromList, tagsIn, textsOf } from "../tags.ts";
import { launchTemplateSchema } from "./schema.ts";

type LaunchTemplate = Item<"ec2:DescribeLaunchTemplates", "LaunchTemplates">;
type LaunchTemplateVersion = Item<"ec2:DescribeLaunchTemplateVersions", "LaunchTemplateVersions">;
type RequestLaunchTemplateData = Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"];
type ResponseLaunchTemplateData = NonNullable<LaunchTemplateVersion["LaunchTemplateData"]>;
type Made = Output<"ec2:CreateLaunchTemplate">;

const VERSION = "ec2:CreateLaunchTemplateVersion";
const DEFAULT_VERSION = "ec2:ModifyLaunchTemplate";
const NAME_LIMIT = 128;

const FIELDS = fieldsOf(launchTemplateSchema).filter((info) => info.path !== "userData");

export const launchTemplate: Kind<LaunchTemplate, Made> = {
  name: "launchTemplate",
  title: "launch template",
  family: "compute",
  traits: {},
  isWhole: true,
  schema: launchTemplateSchema,
  tagSource: "list",
  // While its default version is not the wanted one, no group may be pointed at it.
  volatileAttributes: ["version"],

  desired({ key, owner, spec }) {
    return Object.entries(spec.autoScalingGroups).map(([group, { launchTemplate: wanted }]) => {
      const address = launchTemplateAddress(scalingGroupAddress(group));
      const name = physicalName({
        service: key.name,
        child: group,
        limit: NAME_LIMIT,
        owner,
        address,
      });
      const instanceTags = { Name: `${key.name}-${group}`, ...spec.tags, ...wanted.tags };
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        ...(wanted.userData === undefined ? {} : { userData: secretDigest(wanted.userData) }),
        ...(wanted.blockDeviceMappings === undefined
          ? {}
          : { blockDeviceMappings: sortedSet(wanted.blockDeviceMappings.map(plain)) }),
        instanceTags,
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      const secrets: Record<string, string> =
        wanted.userData === undefined ? {} : { userData: wanted.userData };
      return { address, kind: "launchTemplate", name, fields, secrets };
    });
  },

  async list(reader, { owner }) {
    const mine = await reader.list(
      "ec2:DescribeLaunchTemplates",
      { Filters: [{ Name: `tag:${TAG_OWNER}`, Values: [owner] }], MaxResults: 200 },
      (page) => page.LaunchTemplates,
    );
    return mine.map((item) => ({
      kind: "launchTemplate",
      id: required(item.LaunchTemplateId, "LaunchTemplateId"),
      name: required(item.LaunchTemplateName, "LaunchTemplateName"),
      raw: item,
      tags: tagsFromList(item.Tags),
      defaultVersion: String(item.DefaultVersionNumber),
    }));
  },

  async observe({ reader, found, tags }) {
    const versions = await reader.list(
      "ec2:DescribeLaunchTemplateVersions",
      { LaunchTemplateId: found.id, MaxResults: 200 },
      (page) => page.LaunchTemplateVersions,
    );
    const templateVersions: TemplateVersions = {
      versions: versions.map((version) => ({
        number: required(version.VersionNumber, "VersionNumber"),
        fields: fieldsOfData(required(version.LaunchTemplateData, "LaunchTemplateData")),
      })),
      defaultVersion: required(found.raw.DefaultVersionNumber, "DefaultVersionNumber"),
    };
    const name = present(found.name, "its name");
    return observed({ id: found.id, name, tags, templateVersions, nowMs: reader.nowMs() });
  },

  /**
   * Without a client token: a repeated create is refused for its name and a repeated version is found by its data,
   * while a token would go on answering with a template or version that somebody has deleted since.
   */
  create(desired, fields) {
    return callOf("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: desired.name,
      LaunchTemplateData: dataOf(fields, desired.secrets),
      TagSpecifications: [{ ResourceType: "launch-template", Tags: tagList(tagsIn(fields)) }],
    });
  },

  created({ name }, fields, { LaunchTemplate: made }, nowMs) {
    if (made?.LaunchTemplateId === undefined) return null;
    const templateVersions = { versions: [{ number: 1, fields: withoutTags(fields) }], defaultVersion: 1 };
    return observed({ id: made.LaunchTemplateId, name, tags: tagsIn(fields), templateVersions, nowMs });
  },

  /** First the version, if no version holds this data yet; then, once its number is known, the default. */
  update({ desired, fields, observed: { id, templateVersions }, differences }) {
    if (differences.every(({ field }) => isTag(field))) return [];
    const number = versionWith(withoutTags(fields), present(templateVersions, "its versions"));
    if (number !== undefined) {
      return [callOf(DEFAULT_VERSION, { LaunchTemplateId: id, DefaultVersion: String(number) })];
    }
    return [
      callOf(VERSION, {
        LaunchTemplateId: id,
        LaunchTemplateData: dataOf(fields, desired.secrets),
      }),
    ];
  },

  updated({ observed: before, fields }, call, output) {
    const { id, name, owned, observedAtMs: nowMs } = before;
    const known = present(before.templateVersions, "its versions");
    const fold = (templateVersions: TemplateVersions) => ({
      ...observed({ id, name, tags: tagsIn(before.fields), templateVersions, nowMs }),
      owned,
    });
    const made = answeredAs(VERSION, call, output)?.output;
    if (made !== undefined) {
      const number = required(made.LaunchTemplateVersion?.VersionNumber, "VersionNumber");
      return fold({ ...known, versions: [...known.versions, { number, fields: withoutTags(fields) }] });
    }
    const chosen = answeredAs(DEFAULT_VERSION, call, output)?.input;
    return chosen === undefined ? before : fold({ ...known, defaultVersion: Number(chosen.DefaultVersion) });
  },

  remove({ id }) {
    return { calls: [callOf("ec2:DeleteLaunchTemplate", { LaunchTemplateId: id })], isLast: true };
  },

  tag({ id }, write, remove) {
    return [
      ...(Object.keys(write).length === 0
        ? []
        : [callOf("ec2:CreateTags", { Resources: [id], Tags: tagList(textsOf(write)) })]),
      ...(remove.length === 0
        ? []
        : [callOf("ec2:DeleteTags", { Resources: [id], Tags: remove.map((Key) => ({ Key })) })]),
    ];
  },
};

/** The newest version with exactly this data. */
function versionWith(fields: Fields, { versions }: TemplateVersions): number | undefined {
  const same = versions.filter((version) => valuesEqual(version.fields, fields));
  return same.length === 0 ? undefined : Math.max(...same.map((version) => version.number));
}

function dataOf(
  fields: Fields,
  secrets: Readonly<Record<string, string>> | undefined,
): RequestLaunchTemplateData {
  const tags = tagList(textsOf(record(fields, "instanceTags")));
  return {
    ...inputFrom(FIELDS, fields),
    ...(secrets?.userData === undefined
      ? {}
      : { UserData: Buffer.from(secrets.userData).toString("base64") }),
    ...(fields.blockDeviceMappings === undefined
      ? {}
      : { BlockDeviceMappings: records(fields, "blockDeviceMappings").map(capitalised) }),
    TagSpecifications: [
      { ResourceType: "instance", Tags: tags },
      { ResourceType: "volume", Tags: tags },
    ],
  };
}

/** EC2's answer as fields. Members that only an answer has (`MetadataOptions.State`) are not asked for. */
function fieldsOfData(data: ResponseLaunchTemplateData): Fields {
  const instanceTags = data.TagSpecifications?.find((item) => item.ResourceType === "instance")?.Tags;
  return {
    ...fieldsFromAws(FIELDS, data),
    ...(data.UserData === undefined
      ? {}
      : { userData: secretDigest(Buffer.from(data.UserData, "base64").toString("utf8")) }),
    ...(data.BlockDeviceMappings === undefined || data.BlockDeviceMappings.length === 0
      ? {}
      : { blockDeviceMappings: sortedSet(data.BlockDeviceMappings.map(lowerCased)) }),
    ...(instanceTags === undefined ? {} : { instanceTags: tagsFromList(instanceTags) }),
  };
}

function observed({
  id,
  name,
  tags,
  templateVersions,
  nowMs,
}: {
  id: string;
  name: string;
  tags: Tags;
  templateVersions: TemplateVersions;
  nowMs: number;
}): Seen {
  const { versions, defaultVersion } = templateVersions;
  const current = versions.find((version) => version.number === defaultVersion);
  return {
    kind: "launchTemplate",
    id,
    name,
    address: addressIn(tags),
    fields: {
      ...required(current, `version ${defaultVersion} of ${name}`).fields,
      ...tagFields(tags),
    },
    attributes: { id, name, version: String(defaultVersion) },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: nowMs,
    templateVersions,
  };
}

function capitalised(value: object): Fields {
  return renamed(value, (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
}

function lowerCased(value: object): Fields {
  return renamed(value, (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`);
}

function plain(value: object): Fields {
  return renamed(value, (name) => name);
}

/** Members of plain data, those of inner records too, under other names; without those that are undefined. */
function renamed(value: object, nameOf: (name: string) => string): Fields {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [
      nameOf(name),
      member !== null && typeof member === "object" ? renamed(member, nameOf) : member,
    ]),
  );
}
