/** What a version of a launch template holds: as fields, as EC2's input, and as the digest that says that it is ours. */
import { secretDigest } from "../../../model/secrets.ts";
import { type Value, valuesEqual } from "../../../model/value.ts";
import type { Input } from "../../../ports.ts";
import { foreignAmong, foreignField, foreignPath } from "../../core/foreign-fields.ts";
import { digestOf } from "../../core/names.ts";
import type { Fields, TemplateVersions } from "../../core/resource.ts";
import { withoutTags } from "../../core/tags.ts";
import { foreignMembers, withForeignMembers } from "../coverage/foreign-members.ts";
import { absentFields, fieldsOf, inputFrom, statedFields } from "../field.ts";
import { optionalText, record } from "../field-values.ts";
import type { Item } from "../kind.ts";
import { present, required } from "../required.ts";
import { tagList, tagsFromList, textsOf } from "../tags.ts";
import { LISTS, listFields, listsInput, withListsAsWanted } from "./lists.ts";
import { isDefaultContent } from "./members.ts";
import { type LaunchTemplateSpec, launchTemplateSchema } from "./schema.ts";
import { encodedUserData, userDataIn } from "./user-data.ts";

export type LaunchTemplate = Item<"ec2:DescribeLaunchTemplates", "LaunchTemplates">;
export type Version = Item<"ec2:DescribeLaunchTemplateVersions", "LaunchTemplateVersions">;
type RequestData = Input<"ec2:CreateLaunchTemplate">["LaunchTemplateData"];
type TagSpecification = NonNullable<NonNullable<RequestData>["TagSpecifications"]>[number];
type ResponseData = NonNullable<Version["LaunchTemplateData"]>;
type OneVersion = TemplateVersions["versions"][number];

export const FIELDS = fieldsOf(launchTemplateSchema).filter((info) => info.path !== "userData");
const ABSENT = absentFields(FIELDS);

/** Who made the default version. A version of somebody else's is not ours, however much it holds what ours would. */
export const MADE_BY = "madeBy";
export const US = "holdfast";
const ANOTHER = "somebody else";

const DESCRIPTION = "holdfast sha256:";
/** Unless the spec says otherwise, instances and their volumes carry the same tags. */
const TAGGED = ["instance", "volume"] as const;
/** Fields of the tags of what else a launch makes. */
const TAGS_OF = "tagSpecifications.";
const TAGGED_APART = Object.keys(launchTemplateSchema.properties.tagSpecifications.properties);

/**
 * Members that stand for fields, and those that only answers have
 * (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html).
 */
const KNOWN = [
  ...FIELDS.map((info) => info.aws),
  "UserData",
  ...Object.values(LISTS).map(({ aws }) => aws),
  "TagSpecifications",
  "MetadataOptions.State",
  "Operator.HiddenByDefault",
];

/** The fields of a version among those of a template. */
export function contentOf(fields: Fields): Fields {
  const { [MADE_BY]: _, ...content } = withoutTags(fields);
  return content;
}

/** `VersionDescription` of a version of ours with this content. */
export function descriptionOf(fields: Fields): string {
  return `${DESCRIPTION}${digestOf(contentOf(fields))}`;
}

export function dataOf(fields: Fields, secrets: Readonly<Record<string, string>> = {}): RequestData {
  const userData = optionalText(fields, "userData");
  const carried = foreignAmong(fields);
  const others = Object.keys(carried).filter(isTagSpecification);
  const plainMembers = Object.fromEntries(
    Object.entries(carried).filter(([field]) => !others.includes(field)),
  );
  const TagSpecifications = tagSpecifications(fields, others);
  return {
    ...withForeignMembers(inputFrom(FIELDS, fields), plainMembers),
    ...(userData === undefined
      ? {}
      : {
          UserData: encodedUserData(present(secrets[userData], "the secret behind its digest")),
        }),
    ...listsInput(fields),
    ...(TagSpecifications.length === 0 ? {} : { TagSpecifications }),
  };
}

/** Our versions tag instances and volumes alike, unless the spec says otherwise, or it was so when it was adopted. */
function tagSpecifications(fields: Fields, others: readonly string[]): TagSpecification[] {
  const tags = fields.instanceTags === undefined ? [] : tagList(textsOf(record(fields, "instanceTags")));
  const types = new Map<string, TagSpecification["Tags"]>(TAGGED.map((type) => [type, tags]));
  for (const field of others) types.set(typeIn(field), tagList(textsOf(record(fields, field))));
  for (const type of TAGGED_APART) {
    const field = `${TAGS_OF}${type}`;
    if (fields[field] !== undefined) types.set(type, tagList(textsOf(record(fields, field))));
  }
  // AWS takes no specification without a tag.
  return [...types].flatMap(([type, Tags = []]) =>
    Tags.length === 0 ? [] : [{ ResourceType: type as TagSpecification["ResourceType"], Tags }],
  );
}

const TAG_SPECIFICATIONS = "TagSpecifications.";

function isTagSpecification(field: string): boolean {
  return foreignPath(field).startsWith(TAG_SPECIFICATIONS);
}

function typeIn(field: string): string {
  return foreignPath(field).slice(TAG_SPECIFICATIONS.length);
}

/**
 * All versions as they were read.
 * @param wanted what a version of ours would hold today; undefined where the spec asks for none
 * @param adopted number of the one that counts as ours although somebody else has made it
 */
export function versionsOf(
  list: readonly Version[],
  wanted: Fields | undefined,
  adopted: number | undefined,
): OneVersion[] {
  const read = list.map((version) => ({
    number: required(version.VersionNumber, "VersionNumber"),
    fields: withAbsentMembers(
      fieldsOfData(required(version.LaunchTemplateData, "LaunchTemplateData")),
      wanted,
    ),
    description: version.VersionDescription ?? "",
  }));
  // Those that an earlier Holdfast has made say nothing of it.
  const isSigned = isVersionOfOurs(list);
  const echoes = wanted === undefined ? [] : echoesIn(read, wanted);
  return read.map(({ number, fields, description }) => ({
    number,
    fields: wanted === undefined ? fields : withoutEchoes(fields, wanted, echoes),
    isOurs: !isSigned || number === adopted || description.startsWith(DESCRIPTION),
  }));
}

/** Numbers of those that say that we have made them. */
export function madeAmong(list: readonly Version[]): number[] {
  return list
    .filter(({ VersionDescription = "" }) => VersionDescription.startsWith(DESCRIPTION))
    .map(({ VersionNumber }) => required(VersionNumber, "VersionNumber"));
}

/** Whether one of them says that we have made it. */
export function isVersionOfOurs(list: readonly Version[]): boolean {
  return list.some(({ VersionDescription = "" }) => VersionDescription.startsWith(DESCRIPTION));
}

/**
 * What is wanted as AWS has it without a word need not be in its answer, and what an answer says so is nothing that a spec
 * would have to declare (docs.aws.amazon.com/AWSEC2/latest/APIReference/
 * API_LaunchTemplateInstanceMetadataOptionsRequest.html and API_LaunchTemplatesMonitoringRequest.html).
 */
function withAbsentMembers(fields: Fields, wanted: Fields | undefined): Fields {
  if (wanted === undefined) return fields;
  const stated = Object.entries(fields).filter(
    ([field, value]) => wanted[field] !== undefined || !valuesEqual(value, ABSENT[field]),
  );
  const silent = Object.entries(wanted).filter(
    ([field, value]) => fields[field] === undefined && valuesEqual(value, ABSENT[field]),
  );
  return withListsAsWanted({ ...Object.fromEntries([...stated, ...silent]) }, wanted);
}

interface Read {
  readonly fields: Fields;
  readonly description: string;
}

type Member = readonly [field: string, value: Value];

/**
 * What AWS puts into an answer by itself. A version cannot be changed once it is made, and a version of ours was made of
 * what is wanted and nothing else: what all of those show besides is not somebody's doing, and nor is what a second one
 * shows again. Without this, a member that AWS comes to show one day would make us build version upon version.
 */
function echoesIn(read: readonly Read[], wanted: Fields): Member[] {
  const description = descriptionOf(wanted);
  const same = read.filter((version) => version.description === description);
  const members = same.flatMap(({ fields }) =>
    Object.entries(fields).filter(([field]) => wanted[field] === undefined),
  );
  return members.filter((member) => {
    const shown = members.filter((other) => isSame(member, other)).length;
    return shown === same.length || shown > 1;
  });
}

function withoutEchoes(fields: Fields, wanted: Fields, echoes: readonly Member[]): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (member) => wanted[member[0]] !== undefined || !echoes.some((echo) => isSame(member, echo)),
    ),
  );
}

function isSame([field, value]: Member, [otherField, otherValue]: Member): boolean {
  return field === otherField && valuesEqual(value, otherValue);
}

/** The newest version of ours with exactly this content. */
export function versionWith(fields: Fields, { versions }: TemplateVersions): number | undefined {
  const content = contentOf(fields);
  const same = versions.filter((version) => version.isOurs && valuesEqual(version.fields, content));
  return same.length === 0 ? undefined : Math.max(...same.map((version) => version.number));
}

/** The fields of the default version. */
export function defaultFields({ versions, defaultVersion }: TemplateVersions, name: string): Fields {
  const found = versions.find((version) => version.number === defaultVersion);
  const { fields, isOurs } = required(found, `version ${defaultVersion} of ${name}`);
  return { ...fields, [MADE_BY]: isOurs ? US : ANOTHER };
}

/** EC2's answer as fields, those included that the spec does not know. */
function fieldsOfData(data: ResponseData): Fields {
  const instanceTags = tagsOf(data, "instance");
  return {
    ...statedFields(FIELDS, data),
    ...(data.UserData === undefined ? {} : { userData: secretDigest(userDataIn(data.UserData)) }),
    ...listFields(data),
    ...(instanceTags === undefined ? {} : { instanceTags }),
    ...otherTags(data, instanceTags),
    ...foreignMembers(data, KNOWN, isDefaultContent),
  };
}

/**
 * Members that no spec could hold when they were written down, as the fields that hold them now: a template that was taken
 * over before its part of the spec grew is not touched because it grew.
 */
export function fieldsOfMembers(members: Fields): Fields {
  const tags = Object.entries(members).filter(([field]) => isTagSpecification(field));
  const plainMembers = Object.fromEntries(
    Object.entries(members).filter(([field]) => !isTagSpecification(field)),
  );
  return {
    ...fieldsOfData(withForeignMembers({}, plainMembers)),
    ...Object.fromEntries(tags.map(([field, value]) => [tagsField(typeIn(field)), value])),
  };
}

/** The secrets of one version, behind their digests: what carries it into the next one. */
export function secretsOf(list: readonly Version[], number: number): Record<string, string> | undefined {
  const found = list.find(({ VersionNumber }) => VersionNumber === number)?.LaunchTemplateData?.UserData;
  if (found === undefined) return undefined;
  const userData = userDataIn(found);
  return { [secretDigest(userData)]: userData };
}

function tagsOf({ TagSpecifications: list = [] }: ResponseData, type: string): Fields | undefined {
  const found = list.find((item) => item.ResourceType === type)?.Tags;
  return found === undefined ? undefined : tagsFromList(found);
}

/** Tags of what else a launch makes, and of volumes where they are not those of the instances. */
function otherTags(data: ResponseData, instanceTags: Fields | undefined): Fields {
  const types = (data.TagSpecifications ?? []).map((item) => String(item.ResourceType));
  const others = [...new Set([...types, "volume"])].filter((type) => type !== "instance");
  const fields: Fields = {};
  for (const type of others) {
    const tags = tagsOf(data, type) ?? {};
    const isAsOurs =
      type === "volume" ? valuesEqual(tags, instanceTags ?? {}) : Object.keys(tags).length === 0;
    if (!isAsOurs) fields[tagsField(type)] = tags;
  }
  return fields;
}

function tagsField(type: string): string {
  return TAGGED_APART.includes(type) ? `${TAGS_OF}${type}` : foreignField(`${TAG_SPECIFICATIONS}${type}`);
}

/** The tags apart that a spec declares, as fields. Those of volumes that are the instances' own say nothing. */
export function fieldsOfTags(apart: LaunchTemplateSpec["tagSpecifications"], instanceTags: Fields): Fields {
  return Object.fromEntries(
    Object.entries(apart ?? {}).flatMap(([type, tags]) => {
      const usual = type === "volume" ? instanceTags : {};
      return valuesEqual(tags, usual) ? [] : [[`${TAGS_OF}${type}`, tags]];
    }),
  );
}

/** The tags apart of a version, by type of resource. */
export function tagsApartOf(data: ResponseData): Fields {
  const apart = otherTags(data, tagsOf(data, "instance"));
  return Object.fromEntries(
    Object.entries(apart).flatMap(([field, tags]) =>
      field.startsWith(TAGS_OF) ? [[field.slice(TAGS_OF.length), tags]] : [],
    ),
  );
}

/** The tags that a version gives its instances. */
export function instanceTagsOf(data: ResponseData): Fields {
  return tagsOf(data, "instance") ?? {};
}
