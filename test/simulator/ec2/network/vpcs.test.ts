import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../../support.ts";
import { makeGateway, makeGroup, makeSubnet, makeTable, makeVpc, refused } from "./support.ts";

const ofVpc = (vpc: string, ...others: object[]): object => ({
  Filters: [{ Name: "vpc-id", Values: [vpc] }, ...others],
});

interface Attribute {
  EnableDnsSupport?: { Value: boolean };
  EnableDnsHostnames?: { Value: boolean };
  EnableNetworkAddressUsageMetrics?: { Value: boolean };
}

async function attributes(lab: Lab, VpcId: string): Promise<(boolean | undefined)[]> {
  const of = (Attribute: string): Promise<Attribute> =>
    lab.call<Attribute>("ec2:DescribeVpcAttribute", { VpcId, Attribute });
  return [
    (await of("enableDnsSupport")).EnableDnsSupport?.Value,
    (await of("enableDnsHostnames")).EnableDnsHostnames?.Value,
    (await of("enableNetworkAddressUsageMetrics")).EnableNetworkAddressUsageMetrics?.Value,
  ];
}

describe("a VPC", () => {
  it("comes with a default group, a main route table and a default network ACL, and takes them with it", async () => {
    const lab = buildLab();
    const vpc = await makeVpc(lab);
    const { SecurityGroups } = await lab.call<{ SecurityGroups: { GroupId: string }[] }>(
      "ec2:DescribeSecurityGroups",
      ofVpc(vpc, { Name: "group-name", Values: ["default"] }),
    );
    const groupId = SecurityGroups[0]!.GroupId;
    expect(SecurityGroups).toMatchObject([
      {
        Description: "default VPC security group",
        IpPermissions: [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: groupId }] }],
        IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      },
    ]);
    const { RouteTables } = await lab.call<{ RouteTables: object[] }>(
      "ec2:DescribeRouteTables",
      ofVpc(vpc, { Name: "association.main", Values: ["true"] }),
    );
    expect(RouteTables).toMatchObject([
      {
        Routes: [
          {
            DestinationCidrBlock: "10.7.0.0/16",
            GatewayId: "local",
            Origin: "CreateRouteTable",
            State: "active",
          },
        ],
        Associations: [{ Main: true }],
      },
    ]);
    const { NetworkAcls } = await lab.call<{ NetworkAcls: object[] }>(
      "ec2:DescribeNetworkAcls",
      ofVpc(vpc, { Name: "default", Values: ["true"] }),
    );
    expect(NetworkAcls).toMatchObject([{ IsDefault: true, Associations: [] }]);
    await lab.call("ec2:DeleteVpc", { VpcId: vpc });
    expect(await refused(lab, "ec2:DescribeVpcs", { VpcIds: [vpc] })).toBe(
      `InvalidVpcID.NotFound: The vpc ID '${vpc}' does not exist`,
    );
    expect(await lab.refusal("ec2:DescribeSecurityGroups", { GroupIds: [groupId] })).toBe(
      "InvalidGroup.NotFound",
    );
    expect(
      (await lab.call<{ RouteTables: object[] }>("ec2:DescribeRouteTables", ofVpc(vpc))).RouteTables,
    ).toEqual([]);
  });

  it("is pending in the answer that makes it, and available to whoever asks then, with its tags", async () => {
    const lab = buildLab();
    const { Vpc } = await lab.call<{ Vpc: { VpcId: string } }>("ec2:CreateVpc", {
      CidrBlock: "100.68.0.18/18",
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "main" }] }],
    });
    expect(Vpc).toMatchObject({ State: "pending", CidrBlock: "100.68.0.0/18", InstanceTenancy: "default" });
    const { Vpcs } = await lab.call<{ Vpcs: object[] }>("ec2:DescribeVpcs", {
      Filters: [
        { Name: "tag:Name", Values: ["main"] },
        { Name: "is-default", Values: ["false"] },
      ],
    });
    expect(Vpcs).toMatchObject([
      {
        VpcId: Vpc.VpcId,
        State: "available",
        CidrBlockAssociationSet: [{ CidrBlock: "100.68.0.0/18", CidrBlockState: { State: "associated" } }],
        Tags: [{ Key: "Name", Value: "main" }],
      },
    ]);
  });

  it.each([
    [{ CidrBlock: "10.0.0.0/8" }, "InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."],
    [{ CidrBlock: "10.0.0.0/29" }, "InvalidVpc.Range: The CIDR '10.0.0.0/29' is invalid."],
    [
      { CidrBlock: "10.0.0" },
      "InvalidParameterValue: Value (10.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
    ],
    [
      { CidrBlock: undefined },
      "MissingParameter: Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.",
    ],
    [
      { Ipv4IpamPoolId: "ipam-pool-1" },
      "UnsupportedOperation: The simulated account does not model Ipv4IpamPoolId.",
    ],
  ])("is not made with %j: %s", async (input, text) => {
    expect(await refused(buildLab(), "ec2:CreateVpc", { CidrBlock: "10.0.0.0/16", ...input })).toBe(text);
  });

  it("stays while subnets, groups, route tables or a gateway are in it", async () => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab);
    const says = `DependencyViolation: The vpc '${VpcId}' has dependencies and cannot be deleted.`;
    const subnet = await makeSubnet(lab, VpcId, "10.7.0.0/24");
    expect(await refused(lab, "ec2:DeleteVpc", { VpcId })).toBe(says);
    await lab.call("ec2:DeleteSubnet", { SubnetId: subnet });
    const group = await makeGroup(lab, VpcId);
    expect(await refused(lab, "ec2:DeleteVpc", { VpcId })).toBe(says);
    await lab.call("ec2:DeleteSecurityGroup", { GroupId: group });
    const table = await makeTable(lab, VpcId);
    expect(await refused(lab, "ec2:DeleteVpc", { VpcId })).toBe(says);
    await lab.call("ec2:DeleteRouteTable", { RouteTableId: table });
    const gateway = await makeGateway(lab, VpcId);
    expect(await refused(lab, "ec2:DeleteVpc", { VpcId })).toBe(says);
    await lab.call("ec2:DetachInternetGateway", { InternetGatewayId: gateway, VpcId });
    await lab.call("ec2:DeleteVpc", { VpcId });
  });

  it("resolves names by default, gives hostnames when told to, and changes one attribute at a time", async () => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab);
    expect(await attributes(lab, VpcId)).toEqual([true, false, false]);
    expect(await attributes(lab, "vpc-12345678")).toEqual([true, true, false]);
    await lab.call("ec2:ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
    await lab.call("ec2:ModifyVpcAttribute", { VpcId, EnableNetworkAddressUsageMetrics: { Value: true } });
    expect(await attributes(lab, VpcId)).toEqual([true, true, true]);
    expect(
      await lab.refusal("ec2:ModifyVpcAttribute", {
        VpcId,
        EnableDnsHostnames: { Value: false },
        EnableDnsSupport: { Value: false },
      }),
    ).toBe("InvalidParameterCombination");
    expect(await lab.refusal("ec2:DescribeVpcAttribute", { VpcId, Attribute: "colour" })).toBe(
      "InvalidParameterValue",
    );
  });

  it("with an IPv6 block routes within it, and its groups allow IPv6 out", async () => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab, { AmazonProvidedIpv6CidrBlock: true });
    const { Vpcs } = await lab.call<{
      Vpcs: { Ipv6CidrBlockAssociationSet: { Ipv6CidrBlock: string; AssociationId: string }[] }[];
    }>("ec2:DescribeVpcs", { VpcIds: [VpcId] });
    const { Ipv6CidrBlock: block, AssociationId } = Vpcs[0]!.Ipv6CidrBlockAssociationSet[0]!;
    expect(block).toMatch(/^2600:1f18:[0-9a-f:]+::\/56$/);
    const filters = {
      Filters: [{ Name: "ipv6-cidr-block-association.association-id", Values: [AssociationId] }],
    };
    expect((await lab.call<{ Vpcs: object[] }>("ec2:DescribeVpcs", filters)).Vpcs).toHaveLength(1);
    const { RouteTables } = await lab.call<{ RouteTables: { Routes: object[] }[] }>(
      "ec2:DescribeRouteTables",
      ofVpc(VpcId),
    );
    expect(RouteTables[0]!.Routes).toContainEqual(
      expect.objectContaining({ DestinationIpv6CidrBlock: block, GatewayId: "local" }),
    );
    const GroupId = await makeGroup(lab, VpcId);
    const { SecurityGroups } = await lab.call<{ SecurityGroups: object[] }>("ec2:DescribeSecurityGroups", {
      GroupIds: [GroupId],
    });
    expect(SecurityGroups).toMatchObject([
      {
        IpPermissionsEgress: [{ IpRanges: [{ CidrIp: "0.0.0.0/0" }], Ipv6Ranges: [{ CidrIpv6: "::/0" }] }],
      },
    ]);
  });

  it("that is the default one has a gateway, a route to it and a default subnet in each zone", async () => {
    const lab = buildLab();
    const { InternetGateways } = await lab.call<{ InternetGateways: object[] }>(
      "ec2:DescribeInternetGateways",
      { Filters: [{ Name: "attachment.vpc-id", Values: ["vpc-12345678"] }] },
    );
    expect(InternetGateways).toMatchObject([{ Attachments: [{ State: "available" }] }]);
    const { RouteTables } = await lab.call<{ RouteTables: object[] }>(
      "ec2:DescribeRouteTables",
      ofVpc("vpc-12345678", { Name: "route.destination-cidr-block", Values: ["0.0.0.0/0"] }),
    );
    expect(RouteTables).toMatchObject([{ Associations: [{ Main: true }] }]);
    const { Subnets } = await lab.call<{ Subnets: { SubnetId: string }[] }>(
      "ec2:DescribeSubnets",
      ofVpc("vpc-12345678", { Name: "default-for-az", Values: ["true"] }),
    );
    expect(Subnets.map((one) => one.SubnetId)).toEqual(["subnet-1a", "subnet-1b", "subnet-1c"]);
  });
});
