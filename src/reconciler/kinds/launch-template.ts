import { canonicalJson, type Value, valuesEqual } from "../../model/value.ts";
import type { Input, Output } from "../../ports.ts";
import { ownerTags, physicalName, secretDigest, TAG_OWNER, TAG_RESOURCE } from "../core/names.ts";
import { sortedSet } from "../core/references.ts";
import type { Call, Change, Fields, Seen } from "../core/resource.ts";
import { required } from "./elb.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import {
  callOf,
  type Found,
  type Item,
  type Kind,
  tagFields,
  tagList,
  tagsFromList,
  tagsIn,
} from "./kind.ts";
import { launchTemplateSchema } from "./launch-template/schema.ts";

type LaunchTemplate = Item<"ec2:DescribeLaunchTemplates", "LaunchTemplates">;
type LaunchTemplateVersion = Item<"ec2:DescribeLaunchTemplateVersions", "LaunchTemplateVersions">;
type RequestLaunchTemplateData = Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"];
type ResponseLaunchTemplateData = NonNullable<LaunchTemplateVersion["LaunchTemplateData"]>;

const VERSION = "ec2:CreateLaunchTemplateVersion";
const DEFAULT_VERSION = "ec2:ModifyLaunchTemplate";
const NAME_LIMIT = 128;

const FIELDS = fieldsOf(launchTemplateSchema).filter((info) => info.path !== "userData");

interface Version {
  readonly number: number;
  readonly fields: Fields;
}

interface LaunchTemplateDetail {
  readonly versions: readonly Version[];
  readonly defaultVersion: number;
}

export function launchTemplateKey(group: string): string {
  return `autoScalingGroups.${group}.launchTemplate`;
}

/** The number of a listed template's default version, as text. */
export function defaultVersionOf({ raw }: Found): string {
  return String((raw as LaunchTemplate).DefaultVersionNumber);
}

export const launchTemplate: Kind = {
  name: "launchTemplate",
  title: "launch template",
  family: "compute",
  isWhole: true,
  schema: launchTemplateSchema,
  tagSource: "list",
  // While its default version is not the wanted one, no group may be pointed at it.
  volatileAttributes: ["version"],

  desired({ key, owner, spec }) {
    return Object.entries(spec.autoScalingGroups).map(([group, { launchTemplate: wanted }]) => {
      const address = launchTemplateKey(group);
      const name = physicalName({
        service: key.name,
        child: group,
        limit: NAME_LIMIT,
        owner,
        resource: address,
      });
      const instanceTags = { Name: `${key.name}-${group}`, ...spec.tags, ...wanted.tags };
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        ...(wanted.userData === undefined ? {} : { userData: secretDigest(wanted.userData) }),
        ...(wanted.blockDeviceMappings === undefined
          ? {}
          : { blockDeviceMappings: sortedSet(wanted.blockDeviceMappings as unknown as Value[]) }),
        instanceTags,
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      const secrets: Record<string, string> =
        wanted.userData === undefined ? {} : { userData: wanted.userData };
      return { key: address, kind: "launchTemplate", name, fields, secrets };
    });
  },

  async list(reader, { owner }) {
    const mine = await reader.list<"ec2:DescribeLaunchTemplates", LaunchTemplate>(
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
    }));
  },

  async observe(reader, found, tags) {
    const versions = await reader.list<"ec2:DescribeLaunchTemplateVersions", LaunchTemplateVersion>(
      "ec2:DescribeLaunchTemplateVersions",
      { LaunchTemplateId: found.id, MaxResults: 200 },
      (page) => page.LaunchTemplateVersions,
    );
    const detail: LaunchTemplateDetail = {
      versions: versions.map((version) => ({
        number: required(version.VersionNumber, "VersionNumber"),
        fields: fieldsOfData(required(version.LaunchTemplateData, "LaunchTemplateData")),
      })),
      defaultVersion: required((found.raw as LaunchTemplate).DefaultVersionNumber, "DefaultVersionNumber"),
    };
    return observed(found.id, found.name, tags, detail, reader.nowMs());
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

  created(desired, fields, output, nowMs) {
    const made = (output as Output<"ec2:CreateLaunchTemplate">).LaunchTemplate;
    if (made?.LaunchTemplateId === undefined) return null;
    const detail: LaunchTemplateDetail = {
      versions: [{ number: 1, fields: dataFields(fields) }],
      defaultVersion: 1,
    };
    return observed(made.LaunchTemplateId, desired.name, tagsIn(fields), detail, nowMs);
  },

  /** First the version, if no version holds this data yet; then, once its number is known, the default. */
  update({ desired, fields, observed: { id, detail }, differences }) {
    if (differences.every(({ field }) => field.startsWith("tags."))) return [];
    const number = versionWith(dataFields(fields), detail as LaunchTemplateDetail);
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

  updated(change: Change, call: Call, output: unknown) {
    const { observed: before, fields } = change;
    const detail = before.detail as LaunchTemplateDetail;
    const tags = tagsIn(before.fields);
    const fold = (next: LaunchTemplateDetail) => ({
      ...observed(before.id, before.name, tags, next, before.observedAtMs),
      owned: before.owned,
    });
    if (call.operation === VERSION) {
      const made = (output as Output<"ec2:CreateLaunchTemplateVersion">).LaunchTemplateVersion;
      const version = { number: required(made?.VersionNumber, "VersionNumber"), fields: dataFields(fields) };
      return fold({ ...detail, versions: [...detail.versions, version] });
    }
    if (call.operation !== DEFAULT_VERSION) return before;
    return fold({ ...detail, defaultVersion: Number(call.input.DefaultVersion) });
  },

  remove({ id }) {
    return [callOf("ec2:DeleteLaunchTemplate", { LaunchTemplateId: id })];
  },

  tag({ id }, write, remove) {
    const texts = Object.fromEntries(Object.entries(write).map(([name, value]) => [name, String(value)]));
    return [
      ...(Object.keys(write).length === 0
        ? []
        : [callOf("ec2:CreateTags", { Resources: [id], Tags: tagList(texts) })]),
      ...(remove.length === 0
        ? []
        : [callOf("ec2:DeleteTags", { Resources: [id], Tags: remove.map((Key) => ({ Key })) })]),
    ];
  },
};

function dataFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !field.startsWith("tags.")));
}

/** The newest version with exactly this data. */
function versionWith(fields: Fields, { versions }: LaunchTemplateDetail): number | undefined {
  const same = versions.filter((version) => valuesEqual(version.fields, fields));
  return same.length === 0 ? undefined : Math.max(...same.map((version) => version.number));
}

function dataOf(
  fields: Fields,
  secrets: Readonly<Record<string, string>> | undefined,
): RequestLaunchTemplateData {
  const tags = tagList(fields.instanceTags as Record<string, string>);
  const devices = fields.blockDeviceMappings as Record<string, unknown>[] | undefined;
  return {
    ...inputFrom(FIELDS, fields),
    ...(secrets?.userData === undefined
      ? {}
      : { UserData: Buffer.from(secrets.userData).toString("base64") }),
    ...(devices === undefined ? {} : { BlockDeviceMappings: devices.map(capitalised) }),
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

function observed(
  id: string,
  name: string,
  tags: Readonly<Record<string, string>>,
  detail: LaunchTemplateDetail,
  nowMs: number,
): Seen {
  const current = detail.versions.find((version) => version.number === detail.defaultVersion);
  return {
    kind: "launchTemplate",
    id,
    name,
    key: tags[TAG_RESOURCE],
    fields: {
      ...required(current, `version ${detail.defaultVersion} of ${name}`).fields,
      ...tagFields(tags),
    },
    attributes: { id, name, version: String(detail.defaultVersion) },
    refersTo: [],
    lifecycle: "ready",
    detail,
    observedAtMs: nowMs,
  };
}

function capitalised(value: Record<string, unknown>): Record<string, unknown> {
  return renamed(value, (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
}

function lowerCased(value: object): Value {
  const answer = renamed(value, (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  return JSON.parse(canonicalJson(answer as Value)) as Value;
}

function renamed(value: object, nameOf: (name: string) => string): Record<string, unknown> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [
      nameOf(name),
      member !== null && typeof member === "object" ? renamed(member as object, nameOf) : member,
    ]),
  );
}
