/** What EC2 refuses of instance requirements: what a type must have, in place of its name. */
import type {
  CreateLaunchTemplateCommandInput,
  CreateLaunchTemplateVersionCommandInput,
  GetInstanceTypesFromInstanceRequirementsCommandInput,
  RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import type { Requirements } from "../../account/instance-requirements.ts";
import { type RefusalRule, refusals } from "../../account/refusals.ts";
import { excludingMembers, missingMinimum, wrongValue } from "../../account/requirement-faults.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const TEMPLATES = ["CreateLaunchTemplate", "CreateLaunchTemplateVersion"];

type Template = CreateLaunchTemplateCommandInput & CreateLaunchTemplateVersionCommandInput;
type Asking = Partial<Template> & Partial<GetInstanceTypesFromInstanceRequirementsCommandInput>;

function askedIn({ LaunchTemplateData, InstanceRequirements }: Asking): Requirements | undefined {
  return InstanceRequirements ?? LaunchTemplateData?.InstanceRequirements;
}

const VALUE_RULES = refusals<Asking>(
  {
    prefix: "ec2",
    operations: [...TEMPLATES, "GetInstanceTypesFromInstanceRequirements"],
    code: "InvalidParameterValue",
    page: `${API}/API_InstanceRequirementsRequest.html`,
  },
  [
    [
      "requirements-minimum",
      "Instance requirements have the least numbers of vCPUs and of MiB of memory.",
      (input) => {
        const member = missingMinimum(askedIn(input));
        return (
          member !== undefined && `The request must contain the parameter InstanceRequirements.${member}.Min`
        );
      },
      "MissingParameter",
    ],
    [
      "requirements-exclusive",
      "Instance requirements have allowed types or excluded ones, and one threshold of Spot prices.",
      (input) => {
        const pair = excludingMembers(askedIn(input));
        return pair !== undefined && `You can't specify both ${pair[0]} and ${pair[1]}.`;
      },
      "InvalidParameterCombination",
    ],
    [
      "requirements-values",
      "The members of instance requirements have the values and ranges of the reference.",
      (input) => wrongValue(askedIn(input)),
    ],
  ],
);

const TYPE_RULES = refusals<Template>(
  {
    prefix: "ec2",
    operations: TEMPLATES,
    code: "InvalidParameterCombination",
    page: `${API}/API_RequestLaunchTemplateData.html`,
  },
  [
    [
      "template-type-or-requirements",
      "A launch template has an instance type or what it must have, not both.",
      ({ LaunchTemplateData: data }) =>
        data?.InstanceType !== undefined && data.InstanceRequirements !== undefined,
    ],
  ],
);

/** Of calls. */
export const REQUIREMENT_RULES: readonly RefusalRule<unknown>[] = [...VALUE_RULES, ...TYPE_RULES];

/** Of a launch alone: Auto Scaling takes such a template, and chooses the type before it launches. */
export const LAUNCH_BY_REQUIREMENTS_RULES: readonly RefusalRule<unknown>[] =
  refusals<RequestLaunchTemplateData>(
    {
      prefix: "ec2",
      operations: ["RunInstances"],
      code: "InvalidParameterCombination",
      page: `${API}/API_RequestLaunchTemplateData.html`,
    },
    [
      [
        "launch-by-requirements",
        "What a type must have, in place of a type, is for Auto Scaling groups with a mixed instances policy and for fleets; it cannot be used with RunInstances.",
        ({ InstanceRequirements: asked }) => asked !== undefined,
      ],
    ],
  );
