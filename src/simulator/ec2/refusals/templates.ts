/** What EC2 refuses of launch templates at once, whatever is launched from them later. */
import type {
  CreateLaunchTemplateCommandInput,
  CreateLaunchTemplateVersionCommandInput,
  CreateTagsCommandInput,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import { firstOf, hasTwice, lengthOf, type RefusalRule, refusals } from "../../account/refusals.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";

/** User data before it is encoded. */
export const MOST_USER_DATA_BYTES = 16_384;

type Create = CreateLaunchTemplateCommandInput & CreateLaunchTemplateVersionCommandInput;

const TEMPLATES = ["CreateLaunchTemplate", "CreateLaunchTemplateVersion"];

const NAME_RULES = refusals<CreateLaunchTemplateCommandInput>(
  {
    prefix: "ec2",
    operations: ["CreateLaunchTemplate"],
    code: "InvalidLaunchTemplateName.MalformedException",
    page: `${API}/API_CreateLaunchTemplate.html`,
  },
  [
    [
      "template-name-length",
      "The name of a launch template has 3 to 128 characters.",
      ({ LaunchTemplateName: name = "" }) =>
        (name.length < 3 || name.length > 128) &&
        "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.",
    ],
    [
      "template-name-characters",
      "The name of a launch template has letters, digits and - ( ) . / _ only.",
      ({ LaunchTemplateName: name = "" }) =>
        !/^[a-zA-Z0-9().\-/_]*$/.test(name) &&
        "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.",
    ],
  ],
);

const DATA_RULES = refusals<Create>(
  {
    prefix: "ec2",
    operations: TEMPLATES,
    code: "InvalidParameterValue",
    page: `${API}/API_RequestLaunchTemplateData.html`,
  },
  [
    [
      "template-data-missing",
      "A launch template has data.",
      ({ LaunchTemplateData: data }) =>
        Object.keys(data ?? {}).length === 0 && "The request must contain the parameter LaunchTemplateData",
      "MissingParameter",
    ],
    [
      "version-description-length",
      "The description of a version has at most 255 characters.",
      ({ VersionDescription: text }) => lengthOf(text) > 255,
    ],
    [
      "client-token",
      "A client token has at most 128 ASCII characters.",
      ({ ClientToken: token = "" }) =>
        (token.length > 128 || !/^\p{ASCII}*$/u.test(token)) && "Invalid client token",
    ],
    [
      "template-user-data-encoding",
      "User data is encoded in base64.",
      ({ LaunchTemplateData: data }) =>
        data?.UserData !== undefined && !isBase64(data.UserData) && "Invalid BASE64 encoding of user data.",
      "InvalidUserData.Malformed",
    ],
    [
      "template-user-data-length",
      "User data has at most 16384 bytes before it is encoded.",
      ({ LaunchTemplateData: data }) =>
        bytesOf(data?.UserData) > MOST_USER_DATA_BYTES &&
        `User data is limited to ${MOST_USER_DATA_BYTES} bytes.`,
      "InvalidUserData.Malformed",
    ],
    [
      "template-tag-types",
      "A launch template tags instances, volumes, network interfaces and spot instance requests.",
      ({ LaunchTemplateData: data }) =>
        firstOf(
          data?.TagSpecifications,
          ({ ResourceType: type = "" }) =>
            !["instance", "volume", "network-interface", "spot-instances-request"].includes(type) &&
            `'${type}' is not a valid taggable resource type for this operation.`,
        ),
    ],
    [
      "template-tag-type-twice",
      "A launch template tags each type of resource once.",
      ({ LaunchTemplateData: data }) =>
        hasTwice((data?.TagSpecifications ?? []).map((one) => one.ResourceType)) &&
        "The same resource type may not be specified more than once in tag specifications",
    ],
  ],
);

export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text);
}

export function bytesOf(encoded: string | undefined): number {
  return Buffer.from(encoded ?? "", "base64").length;
}

interface Tagging {
  readonly Tags?: CreateTagsCommandInput["Tags"];
  readonly TagSpecifications?: readonly TagSpecification[];
  readonly LaunchTemplateData?: Create["LaunchTemplateData"];
}

/** One list for each resource that gets tags. */
function tagLists(input: Tagging) {
  const specified = [
    ...(input.TagSpecifications ?? []),
    ...(input.LaunchTemplateData?.TagSpecifications ?? []),
  ];
  return [input.Tags ?? [], ...specified.map((one) => one.Tags ?? [])];
}

const TAG_RULES = refusals<Tagging>(
  {
    prefix: "ec2",
    operations: [...TEMPLATES, "CreateTags", "RunInstances"],
    code: "InvalidParameterValue",
    page: `${API}/API_Tag.html`,
  },
  [
    [
      "tag-key-empty",
      "A tag has a key.",
      (input) => firstOf(tagLists(input).flat(), ({ Key = "" }) => Key === "" && "Tag key cannot be empty."),
    ],
    [
      "tag-key-length",
      "A tag key has at most 127 characters.",
      (input) =>
        firstOf(
          tagLists(input).flat(),
          ({ Key }) => lengthOf(Key) > 127 && "Tag key exceeds the maximum length of 127 characters",
        ),
    ],
    [
      "tag-value-length",
      "A tag value has at most 256 characters.",
      (input) =>
        firstOf(
          tagLists(input).flat(),
          ({ Value }) => lengthOf(Value) > 256 && "Tag value exceeds the maximum length of 256 characters",
        ),
    ],
    [
      "tag-reserved",
      "Tag keys that begin with aws:, in any case, are AWS's own.",
      (input) =>
        firstOf(
          tagLists(input).flat(),
          ({ Key = "" }) =>
            /^aws:/i.test(Key) &&
            `Value ( ${Key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
        ),
    ],
    [
      "tag-twice",
      "A tag key is given once.",
      (input) =>
        firstOf(
          tagLists(input),
          (tags) =>
            hasTwice(tags.map(({ Key }) => Key)) &&
            "Duplicate tag keys found. Please note that Tag keys are case sensitive.",
        ),
    ],
    [
      "tag-count",
      "A resource has at most 50 tags.",
      (input) => firstOf(tagLists(input), (tags) => tags.length > 50 && "More than 50 tags specified"),
      "TagLimitExceeded",
    ],
  ],
);

export const TEMPLATE_RULES: readonly RefusalRule<unknown>[] = [...NAME_RULES, ...DATA_RULES, ...TAG_RULES];
