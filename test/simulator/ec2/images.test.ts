import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";
import { refused } from "./network/support.ts";

interface Image {
  ImageId: string;
  Name: string;
  OwnerId: string;
  Architecture: string;
  CreationDate: string;
}

async function images(lab: Lab, input: object): Promise<Image[]> {
  return (await lab.call<{ Images: Image[] }>("ec2:DescribeImages", input)).Images;
}

const named = (pattern: string, ...owners: string[]): object => ({
  Owners: owners,
  Filters: [
    { Name: "name", Values: [pattern] },
    { Name: "virtualization-type", Values: ["hvm"] },
    { Name: "root-device-type", Values: ["ebs"] },
    { Name: "state", Values: ["available"] },
  ],
});

describe("images", () => {
  it.each([
    ["al2023-ami-2023.*-kernel-6.1-x86_64", "amazon", "137112412989", "/dev/xvda"],
    ["al2023-ami-2023.*-arm64", "137112412989", "137112412989", "/dev/xvda"],
    ["amzn2-ami-hvm-*-x86_64-gp2", "amazon", "137112412989", "/dev/xvda"],
    ["amzn2-ami-kernel-5.10-hvm-*-x86_64-gp2", "amazon", "137112412989", "/dev/xvda"],
    ["ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-*", "099720109477", "099720109477", "/dev/sda1"],
    ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*", "099720109477", "099720109477", "/dev/sda1"],
    ["ubuntu/images/*/ubuntu-noble-24.04-arm64-server-*", "099720109477", "099720109477", "/dev/sda1"],
  ])("are found as %s of %s", async (pattern, owner, ownerId, RootDeviceName) => {
    const found = await images(buildLab(), named(pattern, owner));
    expect(found.length).toBeGreaterThan(0);
    for (const image of found) {
      expect(image).toMatchObject({
        OwnerId: ownerId,
        Public: true,
        State: "available",
        ImageType: "machine",
        EnaSupport: true,
        RootDeviceName,
        BlockDeviceMappings: [
          { DeviceName: RootDeviceName, Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
        ],
      });
      expect(image.Name.includes(image.Architecture === "x86_64" ? "64" : "arm64")).toBe(true);
    }
  });

  /** The first is what the tests of Terraform's provider ask for. */
  it.each([
    ["amzn2-ami-minimal-hvm-*", "x86_64", "standard"],
    ["amzn2-ami-minimal-hvm-2.0.*-arm64-ebs", "arm64", "standard"],
    ["al2023-ami-minimal-2023.*-kernel-6.1-x86_64", "x86_64", "gp3"],
    ["al2023-ami-minimal-2023.*-arm64", "arm64", "gp3"],
  ])(
    "are found as %s for %s, with the small root volume of a minimal one",
    async (pattern, cpu, VolumeType) => {
      const all = await images(buildLab(), named(pattern, "amazon"));
      const found = all.filter((image) => image.Architecture === cpu);
      expect(found).toMatchObject([{ BlockDeviceMappings: [{ Ebs: { VolumeSize: 2, VolumeType } }] }]);
    },
  );

  it("of the account are its own, and nobody else's", async () => {
    const lab = buildLab();
    const ids = async (input: object): Promise<string[]> =>
      (await images(lab, input)).map((one) => one.ImageId);
    const own = ["ami-12345678", "ami-87654321", "ami-0abcdef1234567890", "ami-0bad0bad"];
    expect(await ids({ Owners: ["self"] })).toEqual(own);
    expect(await ids({ Owners: ["123456789012"] })).toEqual(own);
    expect(await ids({ Filters: [{ Name: "is-public", Values: ["false"] }] })).toEqual(own);
    expect(await ids({ Owners: ["self"], ExecutableUsers: ["all"] })).toEqual([]);
    expect(await ids({ Owners: ["aws-marketplace"] })).toEqual([]);
    expect((await ids({})).length).toBeGreaterThan(10);
  });

  it("are launched on types of their architecture only", async () => {
    const lab = buildLab();
    const [arm] = await images(lab, named("al2023-ami-*-kernel-6.1-arm64", "amazon"));
    const run = (InstanceType: string): Promise<string> =>
      refused(lab, "ec2:RunInstances", { ImageId: arm!.ImageId, InstanceType, MinCount: 1, MaxCount: 1 });
    expect(await run("t4g.micro")).toBe("no error");
    expect(await run("t3.micro")).toMatch(
      /^InvalidParameterValue: The architecture 'x86_64' of the specified instance type does not match the architecture 'arm64' of the specified AMI\./,
    );
  });
});

describe("instance types", () => {
  it("say what they offer of network, EBS and placement", async () => {
    const { InstanceTypes } = await buildLab().call<{ InstanceTypes: object[] }>(
      "ec2:DescribeInstanceTypes",
      {
        InstanceTypes: ["t2.micro", "m5.xlarge"],
      },
    );
    expect(InstanceTypes).toMatchObject([
      {
        InstanceType: "t2.micro",
        Hypervisor: "xen",
        BurstablePerformanceSupported: true,
        VCpuInfo: { DefaultVCpus: 1 },
        EbsInfo: { EbsOptimizedSupport: "unsupported" },
        NetworkInfo: { MaximumNetworkInterfaces: 2, Ipv4AddressesPerInterface: 2, EnaSupport: "unsupported" },
        PlacementGroupInfo: { SupportedStrategies: ["partition", "spread"] },
      },
      {
        InstanceType: "m5.xlarge",
        Hypervisor: "nitro",
        VCpuInfo: { DefaultVCpus: 4, DefaultCores: 2, DefaultThreadsPerCore: 2 },
        MemoryInfo: { SizeInMiB: 16_384 },
        EbsInfo: {
          EbsOptimizedSupport: "default",
          EbsOptimizedInfo: {
            BaselineBandwidthInMbps: 1_150,
            BaselineThroughputInMBps: 143.75,
            MaximumIops: 18_750,
          },
        },
        NetworkInfo: {
          MaximumNetworkInterfaces: 4,
          Ipv4AddressesPerInterface: 15,
          NetworkPerformance: "Up to 10 Gigabit",
        },
        PlacementGroupInfo: { SupportedStrategies: ["cluster", "partition", "spread"] },
      },
    ]);
  });

  it("are offered in the Region, in each zone by name or id, and on no Outpost", async () => {
    const lab = buildLab();
    const where = async (LocationType?: string): Promise<string[]> => {
      const { InstanceTypeOfferings } = await lab.call<{ InstanceTypeOfferings: { Location: string }[] }>(
        "ec2:DescribeInstanceTypeOfferings",
        { LocationType, Filters: [{ Name: "instance-type", Values: ["t2.micro"] }] },
      );
      return InstanceTypeOfferings.map((one) => one.Location);
    };
    expect(await where()).toEqual(["us-east-1"]);
    expect(await where("availability-zone")).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
    expect(await where("availability-zone-id")).toEqual(["use1-az1", "use1-az2", "use1-az4"]);
    expect(await where("outpost")).toEqual([]);
  });

  it("are reserved by nobody", async () => {
    const lab = buildLab();
    expect(await lab.call("ec2:DescribeCapacityReservations")).toMatchObject({ CapacityReservations: [] });
    expect(await lab.refusal("ec2:DescribeCapacityReservations", { CapacityReservationIds: ["cr-9"] })).toBe(
      "InvalidCapacityReservationId.NotFound",
    );
  });
});
