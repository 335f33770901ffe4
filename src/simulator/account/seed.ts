/** What is in the simulated account before anyone calls: the ids of the article this program is about, and some more. */

export const ACCOUNT_ID = "123456789012";
export const REGION = "us-east-1";

export const ZONES = [
  { name: "us-east-1a", id: "use1-az1" },
  { name: "us-east-1b", id: "use1-az2" },
  { name: "us-east-1c", id: "use1-az4" },
] as const;

export const VPCS = [{ vpcId: "vpc-12345678", cidr: "10.0.0.0/16", isDefault: true, name: "main" }] as const;

export const SUBNETS = [
  { subnetId: "subnet-1a", vpcId: "vpc-12345678", zone: "us-east-1a", cidr: "10.0.0.0/20" },
  { subnetId: "subnet-1b", vpcId: "vpc-12345678", zone: "us-east-1b", cidr: "10.0.16.0/20" },
  { subnetId: "subnet-1c", vpcId: "vpc-12345678", zone: "us-east-1c", cidr: "10.0.32.0/20" },
  { subnetId: "subnet-12345", vpcId: "vpc-12345678", zone: "us-east-1a", cidr: "10.0.48.0/20" },
  { subnetId: "subnet-67890", vpcId: "vpc-12345678", zone: "us-east-1b", cidr: "10.0.64.0/20" },
] as const;

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

/** `statusCode`: what the application in the image answers once it has started. */
export const IMAGES = [
  { imageId: "ami-12345678", name: "web-1", architecture: "x86_64", statusCode: 200 },
  { imageId: "ami-87654321", name: "web-2", architecture: "x86_64", statusCode: 200 },
  { imageId: "ami-0abcdef1234567890", name: "web-3", architecture: "x86_64", statusCode: 200 },
  { imageId: "ami-0bad0bad", name: "web-that-fails", architecture: "x86_64", statusCode: 500 },
] as const;

/** Known to ELB as AWS Certificate Manager's. */
export const CERTIFICATES: readonly string[] = [
  `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/abc-123`,
  `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/def-456`,
];

export const KEY_PAIRS: readonly string[] = ["holdfast"];

export const INSTANCE_PROFILES: readonly { name: string; arn: string }[] = [
  { name: "holdfast", arn: `arn:aws:iam::${ACCOUNT_ID}:instance-profile/holdfast` },
];

/** vCPUs and memory in MiB. */
export const INSTANCE_TYPES: readonly { name: string; vcpus: number; memoryMib: number }[] = [
  { name: "t3.nano", vcpus: 2, memoryMib: 512 },
  { name: "t3.micro", vcpus: 2, memoryMib: 1_024 },
  { name: "t3.small", vcpus: 2, memoryMib: 2_048 },
  { name: "t3.medium", vcpus: 2, memoryMib: 4_096 },
  { name: "t3.large", vcpus: 2, memoryMib: 8_192 },
  { name: "t3.xlarge", vcpus: 4, memoryMib: 16_384 },
  { name: "t3.2xlarge", vcpus: 8, memoryMib: 32_768 },
  ...["m5", "m6i", "m7i"].flatMap((family) => sizesOf(family, 4)),
  ...["c5", "c6i", "c7i"].flatMap((family) => sizesOf(family, 2)),
];

function sizesOf(family: string, gibPerVcpu: number): { name: string; vcpus: number; memoryMib: number }[] {
  const sizes = { large: 2, xlarge: 4, "2xlarge": 8, "4xlarge": 16 };
  return Object.entries(sizes).map(([size, vcpus]) => ({
    name: `${family}.${size}`,
    vcpus,
    memoryMib: vcpus * gibPerVcpu * 1_024,
  }));
}
