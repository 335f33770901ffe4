import Type from "typebox";
import { launchTemplateAddress, scalingGroupAddress } from "../../model/address.ts";
import { valuesEqual } from "../../model/value.ts";
import type { Input, Output } from "../../ports.ts";
import { answeredAs, callOf } from "../core/actions.ts";
import { ownerTags, physicalName, secretDigest, TAG_OWNER } from "../core/names.ts";
import { sortedSet } from "../core/references.ts";
import type { Fields, Seen, TemplateVersions } from "../core/resource.ts";
import { isTag, withoutTags } from "../core/tags.ts";
import { aws, fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "./field.ts";
import { record, records } from "./field-values.ts";
import type { Item, Kind } from "./kind.ts";
import { present, required } from "./required.ts";
import { addressIn, type Tags, tagFields, tagList, tagsFromList, tagsIn, textsOf } from "./tags.ts";

type LaunchTemplate = Item<"ec2:DescribeLaunchTemplates", "LaunchTemplates">;
type LaunchTemplateVersion = Item<"ec2:DescribeLaunchTemplateVersions", "LaunchTemplateVersions">;
type RequestLaunchTemplateData = Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"];
type ResponseLaunchTemplateData = NonNullable<LaunchTemplateVersion["LaunchTemplateData"]>;
type Made = Output<"ec2:CreateLaunchTemplate">;

const VERSION = "ec2:CreateLaunchTemplateVersion";
const DEFAULT_VERSION = "ec2:ModifyLaunchTemplate";
const NAME_LIMIT = 128;

const blockDeviceSchema = Type.Object(
  {
    deviceName: Type.String({ minLength: 1, description: "Name of the device, for example /dev/xvda." }),
    virtualName: Type.Optional(
      Type.String({ description: "Instance store volume, for example ephemeral0." }),
    ),
    noDevice: Type.Optional(Type.String({ description: "Empty text leaves the image's device out." })),
    ebs: Type.Optional(
      Type.Object(
        {
          volumeSize: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 65_536, description: "Size in GiB." }),
          ),
          volumeType: Type.Optional(
            Type.Enum(["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"], {
              description: "Type of the volume.",
            }),
          ),
          iops: Type.Optional(
            Type.Integer({
              minimum: 100,
              maximum: 256_000,
              description: "Provisioned operations per second.",
            }),
          ),
          throughput: Type.Optional(
            Type.Integer({ minimum: 125, maximum: 2000, description: "MiB per second, gp3." }),
          ),
          encrypted: Type.Optional(Type.Boolean({ description: "Whether it is encrypted." })),
          kmsKeyId: Type.Optional(Type.String({ description: "Key for the encryption." })),
          snapshotId: Type.Optional(
            Type.String({ pattern: "^snap-", description: "Snapshot that it starts from." }),
          ),
          deleteOnTermination: Type.Optional(
            Type.Boolean({ description: "Whether it goes with the instance." }),
          ),
        },
        { additionalProperties: false, description: "An EBS volume." },
      ),
    ),
  },
  { additionalProperties: false },
);

export const launchTemplateSchema = Type.Object(
  {
    imageId: Type.String({
      ...aws("ImageId", VERSION),
      pattern: "^ami-[0-9a-z]+$",
      description: "Image that the instances start from.",
    }),
    instanceType: Type.String({
      ...aws("InstanceType", VERSION),
      pattern: "^[a-z0-9-]+\\.[a-z0-9-]+$",
      description: "Type of the instances.",
    }),
    securityGroupIds: Type.Optional(
      Type.Array(Type.String({ pattern: "^sg-[0-9a-z-]+$" }), {
        ...aws("SecurityGroupIds", VERSION, { set: true }),
        minItems: 1,
        maxItems: 16,
        uniqueItems: true,
        description: "Security groups of the instances. Default: the VPC's own.",
      }),
    ),
    keyName: Type.Optional(
      Type.String({
        ...aws("KeyName", VERSION),
        minLength: 1,
        maxLength: 255,
        description: "Key pair for SSH.",
      }),
    ),
    iamInstanceProfile: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(
            Type.String({ ...aws("IamInstanceProfile.Name", VERSION), description: "Name of the profile." }),
          ),
          arn: Type.Optional(
            Type.String({
              ...aws("IamInstanceProfile.Arn", VERSION),
              pattern: "^arn:",
              description: "ARN of the profile.",
            }),
          ),
        },
        { additionalProperties: false, description: "Instance profile: its name or its ARN." },
      ),
    ),
    userData: Type.Optional(
      Type.String({
        ...aws("UserData", VERSION, { secret: true }),
        maxLength: 16_384,
        description: "What the instance runs when it starts, as plain text. Compared and shown as a digest.",
      }),
    ),
    metadataOptions: Type.Object(
      {
        httpTokens: Type.Enum(["required", "optional"], {
          ...aws("MetadataOptions.HttpTokens", VERSION),
          default: "required",
          description: "`required` allows IMDSv2 only.",
        }),
        httpEndpoint: Type.Optional(
          Type.Enum(["enabled", "disabled"], {
            ...aws("MetadataOptions.HttpEndpoint", VERSION),
            description: "Whether the metadata service answers.",
          }),
        ),
        httpPutResponseHopLimit: Type.Optional(
          Type.Integer({
            ...aws("MetadataOptions.HttpPutResponseHopLimit", VERSION),
            minimum: 1,
            maximum: 64,
            description: "Network hops that a token may take.",
          }),
        ),
        instanceMetadataTags: Type.Optional(
          Type.Enum(["enabled", "disabled"], {
            ...aws("MetadataOptions.InstanceMetadataTags", VERSION),
            description: "Whether tags can be read there.",
          }),
        ),
      },
      { additionalProperties: false, default: {}, description: "The instance metadata service." },
    ),
    monitoring: Type.Optional(
      Type.Object(
        {
          enabled: Type.Boolean({
            ...aws("Monitoring.Enabled", VERSION),
            description: "Whether metrics come every minute.",
          }),
        },
        { additionalProperties: false, description: "Detailed monitoring." },
      ),
    ),
    ebsOptimized: Type.Optional(
      Type.Boolean({ ...aws("EbsOptimized", VERSION), description: "Dedicated throughput to EBS." }),
    ),
    blockDeviceMappings: Type.Optional(
      Type.Array(blockDeviceSchema, {
        ...aws("BlockDeviceMappings", VERSION, { owner: "structure" }),
        minItems: 1,
        maxItems: 50,
        description: "Volumes of the instances.",
      }),
    ),
    tags: Type.Optional(
      Type.Record(Type.String({ pattern: "^(?!aws:).{1,128}$" }), Type.String({ maxLength: 256 }), {
        ...aws("TagSpecifications", VERSION, { owner: "structure" }),
        additionalProperties: false,
        description:
          "Tags of the instances and their volumes. `Name` is the service and the group unless given.",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "What an instance is made from. A change becomes a new version and an instance refresh.",
  },
);

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
