import { duplicates, type SpecRule } from "../spec-rule.ts";
import type { LaunchTemplateSpec } from "./schema.ts";

export const launchTemplateRules: readonly SpecRule<LaunchTemplateSpec>[] = [
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
];
