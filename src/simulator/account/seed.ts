/** What is in the simulated account before anyone calls: the ids of the article this program is about, and some more. */

export const ACCOUNT_ID = "123456789012";
export const REGION = "us-east-1";

export const ZONES = [
  { name: "us-east-1a", id: "use1-az1" },
  { name: "us-east-1b", id: "use1-az2" },
  { name: "us-east-1c", id: "use1-az4" },
] as const;

export const VPCS = [{ vpcId: "vpc-12345678", cidr: "10.0.0.0/16", isDefault: true, name: "main" }] as const;

/** A default VPC has one default subnet in each zone. */
export const SUBNETS = (
  [
    ["subnet-1a", "us-east-1a", "10.0.0.0/20", true],
    ["subnet-1b", "us-east-1b", "10.0.16.0/20", true],
    ["subnet-1c", "us-east-1c", "10.0.32.0/20", true],
    ["subnet-12345", "us-east-1a", "10.0.48.0/20", false],
    ["subnet-67890", "us-east-1b", "10.0.64.0/20", false],
  ] as const
).map(([subnetId, zone, cidr, isDefaultForZone]) => ({
  subnetId,
  vpcId: "vpc-12345678",
  zone,
  cidr,
  isDefaultForZone,
}));

export const SECURITY_GROUPS = [
  {
    groupId: "sg-default",
    name: "default",
    vpcId: "vpc-12345678",
    description: "default VPC security group",
  },
  { groupId: "sg-12345678", name: "web", vpcId: "vpc-12345678", description: "web servers" },
  { groupId: "sg-alb-12345678", name: "web-alb", vpcId: "vpc-12345678", description: "load balancer" },
] as const;

/** Of AWS Certificate Manager: issued, and valid for a year. */
export const CERTIFICATES: readonly { arn: string; domain: string }[] = [
  { arn: `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/abc-123`, domain: "www.example.com" },
  { arn: `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/def-456`, domain: "api.example.com" },
];

/** Of Simple Notification Service, by name. */
export const TOPICS: readonly string[] = ["alerts"];

export const KEY_PAIRS: readonly string[] = ["holdfast"];

export const INSTANCE_PROFILES: readonly { name: string; arn: string }[] = [
  { name: "holdfast", arn: `arn:aws:iam::${ACCOUNT_ID}:instance-profile/holdfast` },
];
