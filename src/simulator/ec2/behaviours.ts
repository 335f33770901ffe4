/** What EC2 of the simulated account promises to do as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide";

export const EC2_BEHAVIOURS: readonly Behaviour[] = documented("ec2", "ec2", [
  [
    "filters",
    "A filter passes when any of its values matches, * and ? are wildcards, and all filters of a request must pass.",
    `${GUIDE}/Using_Filtering.html`,
  ],
  [
    "filter-limits",
    "The filters of a call hold at most 200 values, of at most 255 characters each; more is FilterLimitExceeded.",
    `${GUIDE}/Using_Filtering.html`,
  ],
  [
    "filters-refused",
    "A filter that AWS does not document is refused in AWS's words; one that it documents and the account has no data for is refused by name.",
    `${API}/API_Filter.html`,
  ],
  [
    "image-owners",
    "DescribeImages shows the images of the owners asked for: self, an account, or an alias of AWS's.",
    `${API}/API_DescribeImages.html`,
  ],
  [
    "deregistered-image",
    "An image that is deregistered cannot be launched any more; what runs from it goes on.",
    `${API}/API_DeregisterImage.html`,
  ],
  [
    "dry-run",
    "A request with DryRun is answered with DryRunOperation and changes nothing.",
    `${API}/CommonParameters.html`,
  ],
  [
    "client-token",
    "The same client token with the same parameters repeats the first answer; with other parameters it is IdempotentParameterMismatch.",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
  ],
  [
    "template-source-version",
    "A new template version with a source version takes over every parameter that the request does not give.",
    `${API}/API_CreateLaunchTemplateVersion.html`,
  ],
  [
    "template-default-version-stays",
    "The default version of a launch template cannot be deleted.",
    `${API}/API_DeleteLaunchTemplateVersions.html`,
  ],
  [
    "template-versions-of-all",
    "Without a template, DescribeLaunchTemplateVersions answers the latest or default versions of all templates.",
    `${API}/API_DescribeLaunchTemplateVersions.html`,
  ],
  [
    "template-warnings",
    "A template whose parameters no launch would take is made, and the answer warns of each.",
    `${API}/API_CreateLaunchTemplate.html`,
  ],
  [
    "template-overrides",
    "A parameter of RunInstances wins over the same parameter in the launch template.",
    `${API}/API_RunInstances.html`,
  ],
  [
    "template-tags",
    "An instance launched from a template carries the template's id and version in tags of AWS's own.",
    `${GUIDE}/launch-instances-from-launch-template.html`,
  ],
  [
    "launch-checks-references",
    "A launch template may name an image, subnet or group that does not exist; the launch fails, not the creation of the template.",
    `${GUIDE}/launch-template-restrictions.html`,
  ],
  [
    "zone-without-capacity",
    "A launch in a zone that has no capacity fails with InsufficientInstanceCapacity.",
    `${GUIDE}/troubleshooting-launch.html`,
  ],
  [
    "status-of-running-only",
    "DescribeInstanceStatus shows running instances only, unless all are asked for.",
    `${API}/API_DescribeInstanceStatus.html`,
  ],
  [
    "lifecycle",
    "An instance is pending, running, stopping, stopped, shutting-down and terminated in the documented order, and stays visible for about an hour once terminated.",
    `${GUIDE}/ec2-instance-lifecycle.html`,
  ],
  [
    "status-checks",
    "The system and instance status checks of a running instance are initializing, then ok, and impaired while the host or the operating system does not answer.",
    `${GUIDE}/monitoring-system-instance-status-check.html`,
  ],
  [
    "termination-protection",
    "An instance with termination protection is not terminated by TerminateInstances.",
    `${GUIDE}/Using_ChangingDisableAPITermination.html`,
  ],
  [
    "tags",
    "A resource has at most 50 tags, and keys that begin with aws: are AWS's own.",
    `${GUIDE}/Using_Tags.html`,
  ],
  [
    "pages",
    "MaxResults outside the documented range is refused, and a token that is not valid is InvalidNextToken.",
    `${API}/API_DescribeInstances.html`,
  ],
]);
