/**
 * What keeps AWS from launching, by its own words: it reports a launch that failed nowhere but in the group's activities.
 * Pure.
 */

interface Trouble {
  readonly words: RegExp;
  readonly helps: string;
}

/** docs.aws.amazon.com/autoscaling/ec2/userguide/{ts-as-capacity,ts-as-instancelaunchfailure,ts-as-ami}.html, and EC2's error codes. */
const TROUBLES: readonly Trouble[] = [
  {
    words: /\bspot\b/i,
    helps: "it is Spot's: allow more instance types and zones, or take On-Demand instances beside them",
  },
  {
    words:
      /\b(limit|quota|already running|LimitExceeded|Max\w*Exceeded)\b|InstanceLimitExceeded|VcpuLimitExceeded/i,
    helps: "it is a quota of the account: ask AWS for more (Service Quotas, EC2), or for smaller instances",
  },
  {
    words: /free addresses|InsufficientFreeAddressesInSubnet|enough (free )?addresses/i,
    helps: "its subnets have no addresses left: give the group others",
  },
  {
    words:
      /(sufficient|insufficient).{0,60}capacity|InsufficientInstanceCapacity|not supported in your requested Availability Zone/i,
    helps: "AWS has none of that type there: allow another zone or another instance type",
  },
  {
    words: /requested configuration is currently not supported/i,
    helps: "the instance type, its image, its zone or its options do not go together: take others",
  },
  {
    words: /instance ?profile/i,
    helps: "the instance profile is not there, or may not be passed: mend iamInstanceProfile, or its role",
  },
  {
    words: /\b(image id|AMI|snapshot)\b|InvalidAMIID/i,
    helps: "the image is not there, is not ready, or does not go with the instance type: mend imageId",
  },
  {
    words: /Client\.InternalError|Client error on launch|\bKMS\b/i,
    helps: "the key of an encrypted volume may not be used: give Auto Scaling's role a grant for it",
  },
  {
    words: /not authorized|UnauthorizedOperation|AccessDenied/i,
    helps: "Auto Scaling's role may not do it: see its permissions, and the organisation's policies",
  },
  {
    words: /security group|subnet|key ?pair/i,
    helps: "something that the launch template or the group names is not there: mend it",
  },
];

/** AWS's words, and what helps where they are known. */
export function withHelp(words: string): string {
  const known = TROUBLES.find((trouble) => trouble.words.test(words));
  return known === undefined ? words : `${words} (${known.helps})`;
}
