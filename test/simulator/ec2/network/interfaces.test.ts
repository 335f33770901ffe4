import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../../support.ts";
import { makeGroup, makeLoadBalancer, makeNetwork, refused } from "./support.ts";

const by = (name: string, value: string): object => ({ Filters: [{ Name: name, Values: [value] }] });

interface Shown {
  NetworkInterfaceId: string;
  SubnetId: string;
}

async function interfaces(lab: Lab, input: object): Promise<Shown[]> {
  const { NetworkInterfaces } = await lab.call<{ NetworkInterfaces: Shown[] }>(
    "ec2:DescribeNetworkInterfaces",
    input,
  );
  return NetworkInterfaces;
}

describe("network interfaces", () => {
  it("of an instance are there until it is terminated, and the instance shows the same", async () => {
    const lab = buildLab();
    const { subnets } = await makeNetwork(lab);
    const id = await launch(lab, subnets[0]);
    const [own] = await interfaces(lab, by("attachment.instance-id", id));
    expect(own).toMatchObject({
      SubnetId: subnets[0],
      Status: "in-use",
      RequesterManaged: false,
      SourceDestCheck: true,
      Attachment: { DeviceIndex: 0, Status: "attached", InstanceOwnerId: "123456789012" },
    });
    const { Reservations } = await lab.call<{
      Reservations: { Instances: { NetworkInterfaces: Shown[] }[] }[];
    }>("ec2:DescribeInstances", { InstanceIds: [id] });
    expect(Reservations[0]!.Instances[0]!.NetworkInterfaces).toMatchObject([
      { NetworkInterfaceId: own!.NetworkInterfaceId },
    ]);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(61_000);
    expect(await interfaces(lab, by("subnet-id", subnets[0]!))).toEqual([]);
    expect(
      await refused(lab, "ec2:DescribeNetworkInterfaces", { NetworkInterfaceIds: [own!.NetworkInterfaceId] }),
    ).toBe(
      `InvalidNetworkInterfaceID.NotFound: The networkInterface ID '${own!.NetworkInterfaceId}' does not exist`,
    );
  });

  it("have a public address while the instance runs, if the launch or else the subnet says so", async () => {
    const lab = buildLab();
    const { vpc: VpcId, subnets, gateway: InternetGatewayId } = await makeNetwork(lab);
    const run = async (AssociatePublicIpAddress?: boolean): Promise<string> => {
      const { Instances } = await lab.call<{ Instances: { InstanceId: string }[] }>("ec2:RunInstances", {
        ImageId: "ami-12345678",
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnets[0], AssociatePublicIpAddress }],
        MinCount: 1,
        MaxCount: 1,
      });
      await lab.clock.advance(40_000);
      return Instances[0]!.InstanceId;
    };
    const shown = async (id: string): Promise<{ PublicIpAddress?: string; PublicDnsName: string }> => {
      const { Reservations } = await lab.call<{
        Reservations: { Instances: { PublicIpAddress?: string; PublicDnsName: string }[] }[];
      }>("ec2:DescribeInstances", { InstanceIds: [id] });
      return Reservations[0]!.Instances[0]!;
    };
    const hidden = await run();
    expect((await shown(hidden)).PublicIpAddress).toBeUndefined();
    const id = await run(true);
    const first = await shown(id);
    expect(first).toMatchObject({ PublicIpAddress: expect.stringMatching(/^54\./), PublicDnsName: "" });
    const [own] = await interfaces(lab, by("association.public-ip", first.PublicIpAddress!));
    expect(own).toMatchObject({ Attachment: { InstanceId: id }, Association: { IpOwnerId: "amazon" } });
    expect(await lab.refusal("ec2:DetachInternetGateway", { InternetGatewayId, VpcId })).toBe(
      "DependencyViolation",
    );
    await lab.call("ec2:StopInstances", { InstanceIds: [id] });
    await lab.clock.advance(61_000);
    expect((await shown(id)).PublicIpAddress).toBeUndefined();
    await lab.call("ec2:StartInstances", { InstanceIds: [id] });
    await lab.call("ec2:ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
    const second = await shown(id);
    expect(second.PublicIpAddress).not.toBe(first.PublicIpAddress);
    expect(second.PublicDnsName).toBe(
      `ec2-${second.PublicIpAddress!.replaceAll(".", "-")}.compute-1.amazonaws.com`,
    );
    expect((await shown(await launch(lab))).PublicIpAddress).toMatch(/^54\./);
    expect((await shown(await run(false))).PublicIpAddress).toBeUndefined();
  });

  it("of a load balancer are one in each subnet, managed by it and called after it", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const GroupId = await makeGroup(lab, vpc);
    const arn = await makeLoadBalancer(lab, { Subnets: subnets, SecurityGroups: [GroupId] });
    const description = `ELB ${arn.split(":loadbalancer/")[1]}`;
    const found = await interfaces(lab, by("description", description));
    expect(found.map((one) => one.SubnetId).sort()).toEqual([...subnets].sort());
    expect(found[0]).toMatchObject({
      RequesterManaged: true,
      RequesterId: "amazon-elb",
      Groups: [{ GroupId, GroupName: "web" }],
      Attachment: { InstanceOwnerId: "amazon-elb", DeviceIndex: 1 },
    });
    expect(await interfaces(lab, by("group-id", GroupId))).toEqual(found);
    await lab.call("elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn: arn });
    expect(await interfaces(lab, by("group-id", GroupId))).toEqual([]);
  });
});

describe("tags", () => {
  it("are put on everything of a network, by creation or later, found, and gone with it", async () => {
    const lab = buildLab();
    const { vpc, subnets, gateway } = await makeNetwork(lab);
    const { RouteTable } = await lab.call<{ RouteTable: { RouteTableId: string } }>("ec2:CreateRouteTable", {
      VpcId: vpc,
      TagSpecifications: [{ ResourceType: "route-table", Tags: [{ Key: "Name", Value: "rt" }] }],
    });
    const GroupId = await makeGroup(lab, vpc);
    const { SecurityGroupRules } = await lab.call<{ SecurityGroupRules: { SecurityGroupRuleId: string }[] }>(
      "ec2:DescribeSecurityGroupRules",
      by("group-id", GroupId),
    );
    const rule = SecurityGroupRules[0]!.SecurityGroupRuleId;
    const Resources = [vpc, subnets[0]!, gateway, RouteTable.RouteTableId, GroupId, rule];
    await lab.call("ec2:CreateTags", { Resources, Tags: [{ Key: "team", Value: "net" }] });
    const { Tags } = await lab.call<{ Tags: { ResourceId: string; ResourceType: string }[] }>(
      "ec2:DescribeTags",
      by("key", "team"),
    );
    expect(Object.fromEntries(Tags.map((tag) => [tag.ResourceId, tag.ResourceType]))).toEqual({
      [vpc]: "vpc",
      [subnets[0]!]: "subnet",
      [gateway]: "internet-gateway",
      [RouteTable.RouteTableId]: "route-table",
      [GroupId]: "security-group",
      [rule]: "security-group-rule",
    });
    expect(await interfaces(lab, by("tag:team", "net"))).toEqual([]);
    await lab.call("ec2:DeleteSecurityGroup", { GroupId });
    await lab.call("ec2:DeleteRouteTable", { RouteTableId: RouteTable.RouteTableId });
    const left = await lab.call<{ Tags: object[] }>("ec2:DescribeTags", by("key", "team"));
    expect(left.Tags).toHaveLength(3);
    expect(
      await lab.refusal("ec2:CreateTags", { Resources: [GroupId], Tags: [{ Key: "team", Value: "net" }] }),
    ).toBe("InvalidGroup.NotFound");
  });
});
