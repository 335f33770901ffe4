import type { Lab } from "../../support.ts";

/** What a refused call says, code and text; "no error" when it is not refused. */
export async function refused(lab: Lab, operation: string, input: object): Promise<string> {
  try {
    await lab.call(operation, input);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
  return "no error";
}

export async function makeVpc(lab: Lab, input: object = {}): Promise<string> {
  const { Vpc } = await lab.call<{ Vpc: { VpcId: string } }>("ec2:CreateVpc", {
    CidrBlock: "10.7.0.0/16",
    ...input,
  });
  return Vpc.VpcId;
}

export async function makeSubnet(lab: Lab, VpcId: string, CidrBlock: string, input = {}): Promise<string> {
  const { Subnet } = await lab.call<{ Subnet: { SubnetId: string } }>("ec2:CreateSubnet", {
    VpcId,
    CidrBlock,
    ...input,
  });
  return Subnet.SubnetId;
}

export async function makeGateway(lab: Lab, VpcId?: string): Promise<string> {
  const { InternetGateway } = await lab.call<{ InternetGateway: { InternetGatewayId: string } }>(
    "ec2:CreateInternetGateway",
  );
  const { InternetGatewayId } = InternetGateway;
  if (VpcId !== undefined) await lab.call("ec2:AttachInternetGateway", { InternetGatewayId, VpcId });
  return InternetGatewayId;
}

export async function makeTable(lab: Lab, VpcId: string): Promise<string> {
  const { RouteTable } = await lab.call<{ RouteTable: { RouteTableId: string } }>("ec2:CreateRouteTable", {
    VpcId,
  });
  return RouteTable.RouteTableId;
}

export async function makeGroup(lab: Lab, VpcId: string, GroupName = "web"): Promise<string> {
  const { GroupId } = await lab.call<{ GroupId: string }>("ec2:CreateSecurityGroup", {
    GroupName,
    Description: GroupName,
    VpcId,
  });
  return GroupId;
}

/** Two subnets in two zones of a VPC with an internet gateway: what a load balancer needs. */
export async function makeNetwork(lab: Lab): Promise<{ vpc: string; subnets: string[]; gateway: string }> {
  const vpc = await makeVpc(lab);
  const subnets = [
    await makeSubnet(lab, vpc, "10.7.0.0/24", { AvailabilityZone: "us-east-1a" }),
    await makeSubnet(lab, vpc, "10.7.1.0/24", { AvailabilityZone: "us-east-1b" }),
  ];
  return { vpc, subnets, gateway: await makeGateway(lab, vpc) };
}

export async function makeLoadBalancer(lab: Lab, input: object): Promise<string> {
  const { LoadBalancers } = await lab.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    "elasticloadbalancing:CreateLoadBalancer",
    { Name: "web", ...input },
  );
  return LoadBalancers[0]!.LoadBalancerArn;
}
