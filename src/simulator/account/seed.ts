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

export interface SeedImage {
  readonly imageId: string;
  readonly name: string;
  readonly ownerId: string;
  /** Of AWS's own images. */
  readonly ownerAlias?: string;
  readonly architecture: "x86_64";
  readonly description?: string;
  /** What the application in the image answers once it has started. */
  readonly statusCode: number;
}

const own = (imageId: string, name: string, statusCode: number): SeedImage => ({
  imageId,
  name,
  ownerId: ACCOUNT_ID,
  architecture: "x86_64",
  statusCode,
});

/** Public ones are called as Amazon's and Canonical's are, because people look for those by name. */
export const IMAGES: readonly SeedImage[] = [
  own("ami-12345678", "web-1", 200),
  own("ami-87654321", "web-2", 200),
  own("ami-0abcdef1234567890", "web-3", 200),
  own("ami-0bad0bad", "web-that-fails", 500),
  {
    imageId: "ami-0a1b2c3d4e5f60001",
    name: "al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64",
    ownerId: "137112412989",
    ownerAlias: "amazon",
    architecture: "x86_64",
    description: "Amazon Linux 2023 AMI 2023.9.20251117.1 x86_64 HVM kernel-6.1",
    statusCode: 200,
  },
  {
    imageId: "ami-0a1b2c3d4e5f60002",
    name: "amzn2-ami-hvm-2.0.20251110.1-x86_64-gp2",
    ownerId: "137112412989",
    ownerAlias: "amazon",
    architecture: "x86_64",
    description: "Amazon Linux 2 AMI 2.0.20251110.1 x86_64 HVM gp2",
    statusCode: 200,
  },
  {
    imageId: "ami-0a1b2c3d4e5f60003",
    name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251022",
    ownerId: "099720109477",
    architecture: "x86_64",
    description: "Canonical, Ubuntu, 24.04, amd64 noble image",
    statusCode: 200,
  },
  {
    imageId: "ami-0a1b2c3d4e5f60004",
    name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20251015",
    ownerId: "099720109477",
    architecture: "x86_64",
    description: "Canonical, Ubuntu, 22.04 LTS, amd64 jammy image",
    statusCode: 200,
  },
];

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
  { name: "t2.nano", vcpus: 1, memoryMib: 512 },
  { name: "t2.micro", vcpus: 1, memoryMib: 1_024 },
  { name: "t2.small", vcpus: 1, memoryMib: 2_048 },
  { name: "t2.medium", vcpus: 2, memoryMib: 4_096 },
  { name: "t2.large", vcpus: 2, memoryMib: 8_192 },
  { name: "t2.xlarge", vcpus: 4, memoryMib: 16_384 },
  { name: "t2.2xlarge", vcpus: 8, memoryMib: 32_768 },
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
