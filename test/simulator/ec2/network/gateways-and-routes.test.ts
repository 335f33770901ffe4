import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../../support.ts";
import {
  makeGateway,
  makeLoadBalancer,
  makeNetwork,
  makeSubnet,
  makeTable,
  makeVpc,
  refused,
} from "./support.ts";

interface Table {
  RouteTableId: string;
  Routes: { DestinationCidrBlock: string; GatewayId?: string; State: string; Origin: string }[];
  Associations: { RouteTableAssociationId: string; Main: boolean; SubnetId?: string }[];
}

async function table(lab: Lab, RouteTableId: string): Promise<Table> {
  const { RouteTables } = await lab.call<{ RouteTables: Table[] }>("ec2:DescribeRouteTables", {
    RouteTableIds: [RouteTableId],
  });
  return RouteTables[0]!;
}

async function mainTable(lab: Lab, vpc: string): Promise<Table> {
  const { RouteTables } = await lab.call<{ RouteTables: Table[] }>("ec2:DescribeRouteTables", {
    Filters: [
      { Name: "vpc-id", Values: [vpc] },
      { Name: "association.main", Values: ["true"] },
    ],
  });
  return RouteTables[0]!;
}

const ALL = { DestinationCidrBlock: "0.0.0.0/0" };

describe("an internet gateway", () => {
  it("is attached to one VPC, and a VPC has one", async () => {
    const lab = buildLab();
    const [one, other] = [await makeVpc(lab), await makeVpc(lab)];
    const gateway = await makeGateway(lab, one);
    expect(
      await refused(lab, "ec2:AttachInternetGateway", { InternetGatewayId: gateway, VpcId: other }),
    ).toBe(`Resource.AlreadyAssociated: resource ${gateway} is already attached to network ${one}`);
    const second = await makeGateway(lab);
    expect(await refused(lab, "ec2:AttachInternetGateway", { InternetGatewayId: second, VpcId: one })).toBe(
      `InvalidParameterValue: Network ${one} already has an internet gateway attached`,
    );
    expect(
      await refused(lab, "ec2:DetachInternetGateway", { InternetGatewayId: gateway, VpcId: other }),
    ).toBe(`Gateway.NotAttached: resource ${gateway} is not attached to network ${other}`);
    expect(await refused(lab, "ec2:AttachInternetGateway", { InternetGatewayId: "igw-9", VpcId: one })).toBe(
      "InvalidInternetGatewayID.NotFound: The internetGateway ID 'igw-9' does not exist",
    );
  });

  it("is deleted only when it is detached", async () => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab);
    const InternetGatewayId = await makeGateway(lab, VpcId);
    expect(await refused(lab, "ec2:DeleteInternetGateway", { InternetGatewayId })).toBe(
      `DependencyViolation: The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`,
    );
    await lab.call("ec2:DetachInternetGateway", { InternetGatewayId, VpcId });
    await lab.call("ec2:DeleteInternetGateway", { InternetGatewayId });
    expect(
      await lab.refusal("ec2:DescribeInternetGateways", { InternetGatewayIds: [InternetGatewayId] }),
    ).toBe("InvalidInternetGatewayID.NotFound");
  });

  it("is what an internet-facing load balancer needs, and keeps", async () => {
    const lab = buildLab();
    const { vpc: VpcId, subnets, gateway: InternetGatewayId } = await makeNetwork(lab);
    const arn = await makeLoadBalancer(lab, { Subnets: subnets });
    expect(await refused(lab, "ec2:DetachInternetGateway", { InternetGatewayId, VpcId })).toBe(
      `DependencyViolation: Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
    await lab.call("elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn: arn });
    await lab.call("ec2:DetachInternetGateway", { InternetGatewayId, VpcId });
    const input = { Name: "web", Subnets: subnets };
    expect(await refused(lab, "elasticloadbalancing:CreateLoadBalancer", input)).toBe(
      `InvalidSubnet: VPC ${VpcId} has no internet gateway`,
    );
    await makeLoadBalancer(lab, { Subnets: subnets, Scheme: "internal" });
  });
});

describe("a route", () => {
  it("comes, is pointed elsewhere and goes, and its destination is there once", async () => {
    const lab = buildLab();
    const { vpc, subnets, gateway } = await makeNetwork(lab);
    const RouteTableId = await makeTable(lab, vpc);
    const route = { RouteTableId, ...ALL, GatewayId: gateway };
    expect(await refused(lab, "ec2:ReplaceRoute", route)).toBe(
      "InvalidParameterValue: There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.",
    );
    expect(await refused(lab, "ec2:DeleteRoute", { RouteTableId, ...ALL })).toBe(
      `InvalidRoute.NotFound: no route with destination-cidr-block 0.0.0.0/0 in route table ${RouteTableId}`,
    );
    await lab.call("ec2:CreateRoute", route);
    expect(await refused(lab, "ec2:CreateRoute", route)).toBe(
      "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.",
    );
    const instance = await launch(lab, subnets[0]);
    await lab.call("ec2:ReplaceRoute", { RouteTableId, ...ALL, InstanceId: instance });
    expect((await table(lab, RouteTableId)).Routes[1]).toMatchObject({
      ...ALL,
      InstanceId: instance,
      NetworkInterfaceId: instance.replace("i-", "eni-"),
      State: "active",
      Origin: "CreateRoute",
    });
    await lab.call("ec2:DeleteRoute", { RouteTableId, ...ALL });
    expect((await table(lab, RouteTableId)).Routes).toHaveLength(1);
  });

  it("is a blackhole when what it leads to is gone", async () => {
    const lab = buildLab();
    const { vpc: VpcId, gateway } = await makeNetwork(lab);
    const RouteTableId = await makeTable(lab, VpcId);
    await lab.call("ec2:CreateRoute", { RouteTableId, ...ALL, GatewayId: gateway });
    await lab.call("ec2:DetachInternetGateway", { InternetGatewayId: gateway, VpcId });
    await lab.call("ec2:DeleteInternetGateway", { InternetGatewayId: gateway });
    expect((await table(lab, RouteTableId)).Routes.map((one) => one.State)).toEqual(["active", "blackhole"]);
  });

  it.each([
    [{ GatewayId: "igw-9" }, "InvalidGatewayID.NotFound: The gateway ID 'igw-9' does not exist"],
    [
      { GatewayId: "igw-12345678" },
      /^InvalidParameterValue: route table rtb-\w+ and network gateway igw-12345678 belong to different networks$/,
    ],
    [{ NatGatewayId: "nat-9" }, "InvalidNatGatewayID.NotFound: The natGateway ID 'nat-9' does not exist"],
    [
      { TransitGatewayId: "tgw-9" },
      "InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-9' does not exist",
    ],
    [
      { NetworkInterfaceId: "eni-9" },
      "InvalidNetworkInterfaceID.NotFound: The networkInterface ID 'eni-9' does not exist",
    ],
    [{ InstanceId: "i-9" }, "InvalidInstanceID.NotFound: The instance ID 'i-9' does not exist"],
    [
      { GatewayId: "local", DestinationCidrBlock: "10.7.0.0/16" },
      "RouteAlreadyExists: The route identified by 10.7.0.0/16 already exists.",
    ],
    [
      { GatewayId: "local", DestinationCidrBlock: "10.7.1.0/24" },
      "InvalidParameterValue: The destination CIDR block 10.7.1.0/24 is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.",
    ],
    [
      { GatewayId: "local", DestinationCidrBlock: "x" },
      "InvalidParameterValue: Value (x) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.",
    ],
    [{ RouteTableId: "rtb-9" }, "InvalidRouteTableID.NotFound: The routeTable ID 'rtb-9' does not exist"],
  ])("is not made with %j", async (input, text) => {
    const lab = buildLab();
    const RouteTableId = await makeTable(lab, await makeVpc(lab));
    const said = await refused(lab, "ec2:CreateRoute", { RouteTableId, ...ALL, ...input });
    if (typeof text === "string") expect(said).toBe(text);
    else expect(said).toMatch(text);
  });

  it("within the VPC stays", async () => {
    const lab = buildLab();
    const RouteTableId = await makeTable(lab, await makeVpc(lab));
    expect(await refused(lab, "ec2:DeleteRoute", { RouteTableId, DestinationCidrBlock: "10.7.0.0/16" })).toBe(
      `InvalidParameterValue: cannot remove local route 10.7.0.0/16 in route table ${RouteTableId}`,
    );
  });
});

describe("a route table", () => {
  it("is one for each subnet, and stays while it is associated", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const [one, other] = [await makeTable(lab, vpc), await makeTable(lab, vpc)];
    const SubnetId = subnets[0]!;
    const associate = (RouteTableId: string): Promise<{ AssociationId: string }> =>
      lab.call("ec2:AssociateRouteTable", { RouteTableId, SubnetId });
    const { AssociationId } = await associate(one);
    expect((await associate(one)).AssociationId).toBe(AssociationId);
    expect(await refused(lab, "ec2:AssociateRouteTable", { RouteTableId: other, SubnetId })).toBe(
      `Resource.AlreadyAssociated: the specified association for route table ${other} conflicts with an existing association`,
    );
    expect(await refused(lab, "ec2:DeleteRouteTable", { RouteTableId: one })).toBe(
      `DependencyViolation: The routeTable '${one}' has dependencies and cannot be deleted.`,
    );
    const { NewAssociationId } = await lab.call<{ NewAssociationId: string }>(
      "ec2:ReplaceRouteTableAssociation",
      { AssociationId, RouteTableId: other },
    );
    await lab.call("ec2:DeleteRouteTable", { RouteTableId: one });
    expect((await table(lab, other)).Associations).toMatchObject([
      { RouteTableAssociationId: NewAssociationId, SubnetId, Main: false },
    ]);
    await lab.call("ec2:DisassociateRouteTable", { AssociationId: NewAssociationId });
    expect(await refused(lab, "ec2:DisassociateRouteTable", { AssociationId: NewAssociationId })).toBe(
      `InvalidAssociationID.NotFound: The association ID '${NewAssociationId}' does not exist`,
    );
    await lab.call("ec2:DeleteRouteTable", { RouteTableId: other });
  });

  it("is not associated with a subnet of another VPC, and forgets a subnet that is deleted", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const RouteTableId = await makeTable(lab, vpc);
    const elsewhere = await makeSubnet(lab, await makeVpc(lab), "10.7.0.0/24");
    expect(await refused(lab, "ec2:AssociateRouteTable", { RouteTableId, SubnetId: elsewhere })).toBe(
      `InvalidParameterValue: route table ${RouteTableId} and subnet ${elsewhere} belong to different networks`,
    );
    await lab.call("ec2:AssociateRouteTable", { RouteTableId, SubnetId: subnets[0] });
    await lab.call("ec2:DeleteSubnet", { SubnetId: subnets[0] });
    await lab.call("ec2:DeleteRouteTable", { RouteTableId });
  });

  it("that is the main one is exchanged for another, never taken away", async () => {
    const lab = buildLab();
    const vpc = await makeVpc(lab);
    const first = await mainTable(lab, vpc);
    const AssociationId = first.Associations[0]!.RouteTableAssociationId;
    expect(await refused(lab, "ec2:DisassociateRouteTable", { AssociationId })).toBe(
      `InvalidParameterValue: cannot disassociate the main route table association ${AssociationId}`,
    );
    expect(await lab.refusal("ec2:DeleteRouteTable", { RouteTableId: first.RouteTableId })).toBe(
      "DependencyViolation",
    );
    const RouteTableId = await makeTable(lab, vpc);
    await lab.call("ec2:ReplaceRouteTableAssociation", { AssociationId, RouteTableId });
    expect((await mainTable(lab, vpc)).RouteTableId).toBe(RouteTableId);
    await lab.call("ec2:DeleteRouteTable", { RouteTableId: first.RouteTableId });
    await lab.call("ec2:DeleteVpc", { VpcId: vpc });
  });

  it("that is asked for twice with one client token is made once", async () => {
    const lab = buildLab();
    const VpcId = await makeVpc(lab);
    const make = (): Promise<{ RouteTable: Table }> =>
      lab.call("ec2:CreateRouteTable", { VpcId, ClientToken: "once" });
    expect((await make()).RouteTable.RouteTableId).toBe((await make()).RouteTable.RouteTableId);
  });
});
