import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../../support.ts";
import { makeLoadBalancer, makeNetwork, makeSubnet, makeVpc, refused } from "./support.ts";

interface Shown {
  SubnetId: string;
  AvailabilityZone: string;
  AvailabilityZoneId: string;
  AvailableIpAddressCount: number;
}

async function shown(lab: Lab, id: string): Promise<Shown> {
  const { Subnets } = await lab.call<{ Subnets: Shown[] }>("ec2:DescribeSubnets", { SubnetIds: [id] });
  return Subnets[0]!;
}

const CIDR = "CIDR '10.7.0.128/25'";

describe("a subnet", () => {
  it("is in the zone that is named by name or by id, or in one that AWS chooses", async () => {
    const lab = buildLab();
    const vpc = await makeVpc(lab);
    const byName = await makeSubnet(lab, vpc, "10.7.0.0/24", { AvailabilityZone: "us-east-1b" });
    const byId = await makeSubnet(lab, vpc, "10.7.1.0/24", { AvailabilityZoneId: "use1-az4" });
    const chosen = await makeSubnet(lab, vpc, "10.7.2.0/24");
    expect(await shown(lab, byName)).toMatchObject({
      AvailabilityZoneId: "use1-az2",
      AvailableIpAddressCount: 251,
      MapPublicIpOnLaunch: false,
      DefaultForAz: false,
      State: "available",
    });
    expect((await shown(lab, byId)).AvailabilityZone).toBe("us-east-1c");
    expect((await shown(lab, chosen)).AvailabilityZone).toMatch(/^us-east-1[abc]$/);
    expect(
      await refused(lab, "ec2:CreateSubnet", {
        VpcId: vpc,
        CidrBlock: "10.7.3.0/24",
        AvailabilityZone: "us-east-1z",
      }),
    ).toBe(
      "InvalidParameterValue: Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b, us-east-1c.",
    );
  });

  it.each([
    ["10.8.0.0/24", "InvalidSubnet.Range: The CIDR '10.8.0.0/24' is invalid."],
    ["10.7.0.0/29", "InvalidSubnet.Range: The CIDR '10.7.0.0/29' is invalid."],
    ["10.0.0.0/8", "InvalidSubnet.Range: The CIDR '10.0.0.0/8' is invalid."],
    ["10.7.0.128/25", `InvalidSubnet.Conflict: The ${CIDR} conflicts with another subnet`],
    ["10.7.0.0/16", "InvalidSubnet.Conflict: The CIDR '10.7.0.0/16' conflicts with another subnet"],
    [
      "web",
      "InvalidParameterValue: Value (web) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
    ],
  ])("is not made with the block %s beside another: %s", async (CidrBlock, text) => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab);
    await makeSubnet(lab, VpcId, "10.7.0.0/24");
    expect(await refused(lab, "ec2:CreateSubnet", { VpcId, CidrBlock })).toBe(text);
  });

  it("is not made in a VPC that is not there", async () => {
    expect(await refused(buildLab(), "ec2:CreateSubnet", { VpcId: "vpc-9", CidrBlock: "10.7.0.0/24" })).toBe(
      "InvalidVpcID.NotFound: The vpc ID 'vpc-9' does not exist",
    );
  });

  it("takes an IPv6 block of its VPC, and only then gives IPv6 addresses", async () => {
    const lab = buildLab();
    const vpc = await makeVpc(lab, { AmazonProvidedIpv6CidrBlock: true });
    const { Vpcs } = await lab.call<{
      Vpcs: { Ipv6CidrBlockAssociationSet: { Ipv6CidrBlock: string }[] }[];
    }>("ec2:DescribeVpcs", { VpcIds: [vpc] });
    const block = Vpcs[0]!.Ipv6CidrBlockAssociationSet[0]!.Ipv6CidrBlock.replace("/56", "/64");
    const six = await makeSubnet(lab, vpc, "10.7.0.0/24", { Ipv6CidrBlock: block });
    const four = await makeSubnet(lab, vpc, "10.7.1.0/24");
    const assign = (SubnetId: string): Promise<string> =>
      lab.refusal("ec2:ModifySubnetAttribute", { SubnetId, AssignIpv6AddressOnCreation: { Value: true } });
    expect(await assign(six)).toBe("no error");
    expect(await assign(four)).toBe("InvalidParameterValue");
    expect(await shown(lab, six)).toMatchObject({
      AssignIpv6AddressOnCreation: true,
      Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: "associated" } }],
    });
    for (const [Ipv6CidrBlock, code] of [
      [block, "InvalidSubnet.Conflict"],
      ["2001:db8::/64", "InvalidSubnet.Range"],
    ]) {
      const input = { VpcId: vpc, CidrBlock: "10.7.2.0/24", Ipv6CidrBlock };
      expect(await lab.refusal("ec2:CreateSubnet", input)).toBe(code);
    }
  });

  it("changes one attribute at a time", async () => {
    const lab = buildLab();
    const SubnetId = await makeSubnet(lab, await makeVpc(lab), "10.7.0.0/24");
    const change = (input: object): Promise<string> =>
      lab.refusal("ec2:ModifySubnetAttribute", { SubnetId, ...input });
    expect(await change({ MapPublicIpOnLaunch: { Value: true } })).toBe("no error");
    expect(await change({ EnableResourceNameDnsARecordOnLaunch: { Value: true } })).toBe("no error");
    expect(await change({ PrivateDnsHostnameTypeOnLaunch: "resource-name" })).toBe("no error");
    expect(await change({ EnableDns64: { Value: true }, MapPublicIpOnLaunch: { Value: false } })).toBe(
      "InvalidParameterCombination",
    );
    expect(await change({ CustomerOwnedIpv4Pool: "pool" })).toBe("UnsupportedOperation");
    expect(await shown(lab, SubnetId)).toMatchObject({
      MapPublicIpOnLaunch: true,
      EnableDns64: false,
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: "resource-name",
        EnableResourceNameDnsARecord: true,
        EnableResourceNameDnsAAAARecord: false,
      },
    });
  });

  it("stays while an instance is in it, until that is terminated", async () => {
    const lab = buildLab();
    const { subnets } = await makeNetwork(lab);
    const SubnetId = subnets[0]!;
    const id = await launch(lab, SubnetId);
    expect((await shown(lab, SubnetId)).AvailableIpAddressCount).toBe(250);
    expect(await refused(lab, "ec2:DeleteSubnet", { SubnetId })).toBe(
      `DependencyViolation: The subnet '${SubnetId}' has dependencies and cannot be deleted.`,
    );
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    expect(await lab.refusal("ec2:DeleteSubnet", { SubnetId })).toBe("DependencyViolation");
    await lab.clock.advance(61_000);
    await lab.call("ec2:DeleteSubnet", { SubnetId });
    expect(await refused(lab, "ec2:DescribeSubnets", { SubnetIds: [SubnetId] })).toBe(
      `InvalidSubnetID.NotFound: The subnet ID '${SubnetId}' does not exist`,
    );
  });

  it("stays while a load balancer is in it, and one that is gone is refused to a new one", async () => {
    const lab = buildLab();
    const { subnets } = await makeNetwork(lab);
    const LoadBalancerArn = await makeLoadBalancer(lab, { Subnets: subnets });
    expect(await lab.refusal("ec2:DeleteSubnet", { SubnetId: subnets[1] })).toBe("DependencyViolation");
    await lab.call("elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn });
    await lab.call("ec2:DeleteSubnet", { SubnetId: subnets[1] });
    expect(
      await lab.refusal("elasticloadbalancing:CreateLoadBalancer", { Name: "web", Subnets: subnets }),
    ).toBe("SubnetNotFound");
    expect(
      await lab.refusal("ec2:RunInstances", {
        ImageId: "ami-12345678",
        SubnetId: subnets[1],
        MinCount: 1,
        MaxCount: 1,
      }),
    ).toBe("InvalidSubnetID.NotFound");
  });

  it("is a default one of the zone that a launch names, or of any zone", async () => {
    const lab = buildLab();
    const zone = async (Placement?: object): Promise<string> => {
      const { Instances } = await lab.call<{ Instances: { SubnetId: string }[] }>("ec2:RunInstances", {
        ImageId: "ami-12345678",
        Placement,
        MinCount: 1,
        MaxCount: 1,
      });
      return Instances[0]!.SubnetId;
    };
    expect(await zone({ AvailabilityZone: "us-east-1b" })).toBe("subnet-1b");
    expect(await zone({ AvailabilityZone: "" })).toBe("subnet-1a");
    expect(await zone()).toBe("subnet-1a");
  });

  it("gives each address once, and no more than it has", async () => {
    const lab = buildLab();
    const SubnetId = await makeSubnet(lab, await makeVpc(lab), "10.7.0.0/28");
    const run = (count: number): Promise<{ Instances: { PrivateIpAddress: string }[] }> =>
      lab.call("ec2:RunInstances", { ImageId: "ami-12345678", SubnetId, MinCount: count, MaxCount: count });
    const addresses = [...(await run(6)).Instances, ...(await run(5)).Instances].map(
      (one) => one.PrivateIpAddress,
    );
    expect(new Set(addresses).size).toBe(11);
    await expect(run(1)).rejects.toMatchObject({
      code: "InsufficientFreeAddressesInSubnet",
      message: `There are not enough free addresses in subnet '${SubnetId}' to satisfy the requested number of instances.`,
    });
  });

  it("needs eight free addresses to take a load balancer", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const narrow = await makeSubnet(lab, vpc, "10.7.2.0/28", { AvailabilityZone: "us-east-1c" });
    await lab.call("ec2:RunInstances", {
      ImageId: "ami-12345678",
      SubnetId: narrow,
      MinCount: 4,
      MaxCount: 4,
    });
    expect(
      await refused(lab, "elasticloadbalancing:CreateLoadBalancer", {
        Name: "web",
        Subnets: [subnets[0], narrow],
      }),
    ).toBe(
      `InvalidSubnet: Not enough IP space available in ${narrow}. ELB requires at least 8 free IP addresses in each subnet.`,
    );
  });
});
