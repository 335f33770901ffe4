import { nameRule } from "../names/rule.ts";
import { duplicates, EC2_API, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import { instanceTagRules, TAGS_PER_RESOURCE } from "../tag-rules.ts";
import { defaultsOf, type WebServiceSpec } from "../web-service.ts";
import { type InGroup, networkInterfaceRules } from "./network-interface-rules.ts";
import { optionRules } from "./options-rules.ts";
import type { LaunchTemplateSpec } from "./schema.ts";
import { volumeRules } from "./volume-rules.ts";

const DATA = `${EC2_API}/API_RequestLaunchTemplateData.html` as const;
/** Before it is encoded in base64. */
const USER_DATA_BYTES = 16_384;

const bytesOf = (text: string): number => Buffer.byteLength(text, "utf8");

export const launchTemplateRules: readonly SpecRule<LaunchTemplateSpec, InGroup>[] = [
  nameRule({
    must: "have 3 characters or more, of letters, digits and ( ) . - / _",
    isAllowed: (name) => /^[a-zA-Z0-9().\-/_]{3,}$/.test(name),
    source: `${EC2_API}/API_CreateLaunchTemplate.html`,
  }),
  {
    at: "shared",
    must: "not stand beside `name`",
    when: ({ name, shared }) => name !== undefined && shared !== undefined,
    says: "cannot stand beside name: what others use is not this service's own; keep one of the two",
    source: HOLDFAST,
  },
  {
    at: "imageId",
    must: "be an image's id, or `resolve:ssm:` and the name or ARN of a parameter",
    when: ({ imageId }) => !/^(ami-[0-9a-z]+|resolve:ssm:[A-Za-z0-9_.:/-]+)$/.test(imageId),
    source: DATA,
  },
  {
    at: "instanceType",
    must: "not stand beside `instanceRequirements`",
    when: ({ instanceType, instanceRequirements }) =>
      instanceType !== undefined && instanceRequirements !== undefined,
    says: "cannot stand beside instanceRequirements: keep one of the two",
    source: DATA,
  },
  {
    at: "userData",
    must: `have at most ${USER_DATA_BYTES} bytes in UTF-8`,
    when: ({ userData = "" }) => bytesOf(userData) > USER_DATA_BYTES,
    says: ({ userData = "" }) =>
      `must have at most ${USER_DATA_BYTES} bytes in UTF-8; it has ${bytesOf(userData)}; its text is not shown`,
    source: DATA,
  },
  {
    at: "userDataBase64",
    must: `stand for at most ${USER_DATA_BYTES} bytes`,
    when: ({ userDataBase64: encoded = "" }) => Buffer.from(encoded, "base64").length > USER_DATA_BYTES,
    says: `must stand for at most ${USER_DATA_BYTES} bytes; it is not shown`,
    source: DATA,
  },
  {
    at: "userDataBase64",
    must: "not stand beside `userData`",
    when: ({ userData, userDataBase64 }) => userData !== undefined && userDataBase64 !== undefined,
    says: "cannot stand beside userData; keep one of the two",
    source: HOLDFAST,
  },
  {
    at: "iamInstanceProfile",
    must: "be given by exactly one of `name` and `arn`",
    when: ({ iamInstanceProfile: profile }) => profile !== undefined && Object.keys(profile).length !== 1,
    says: "takes exactly one of name and arn",
    source: "github.com/aws/aws-sdk-java/issues/647",
  },
  {
    at: "blockDeviceMappings",
    must: "name each device once",
    each: ({ blockDeviceMappings = [] }) =>
      duplicates(blockDeviceMappings.map(({ deviceName }) => deviceName)).map(
        (device) => `names ${device} twice`,
      ),
    reason: "FieldValueDuplicate",
    source: "repost.aws/knowledge-center/cloudformation-device-mapping-error",
  },
  ...volumeRules,
  ...networkInterfaceRules,
  ...optionRules,
  ...instanceTagRules,
  {
    at: "tags",
    must: `be at most ${TAGS_PER_RESOURCE} together with \`spec.tags\` and \`Name\``,
    when: ({ tags }, { spec }) => tagsOfInstance(spec, tags) > TAGS_PER_RESOURCE,
    says: ({ tags }, { spec }) =>
      `would be ${tagsOfInstance(spec, tags)} with spec.tags and Name; AWS takes ${TAGS_PER_RESOURCE}`,
    source: `${EC2_API}/API_Tag.html`,
  },
];

function tagsOfInstance(spec: WebServiceSpec, own: Readonly<Record<string, string>> = {}): number {
  const ours = defaultsOf(spec) === "AWS" ? [] : ["Name"];
  return new Set([...ours, ...Object.keys(spec.tags), ...Object.keys(own)]).size;
}
