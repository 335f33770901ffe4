/** The routes of a table. Of targets the account has internet gateways, instances and their interfaces. */
import type {
  CreateRouteCommandInput,
  DeleteRouteCommandInput,
  ReplaceRouteCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { noSuchInstance, notFound } from "../not-found.ts";
import { type Block, blockOf, blockText, contains, parseBlock } from "./cidr.ts";
import { refuseUnmodelled } from "./refusals.ts";
import { fail, type Network, QUOTAS, type Route, type RouteTable, routeTableOf } from "./state.ts";

export function routeOperations(network: Network): OperationTable {
  return {
    CreateRoute: (input: CreateRouteCommandInput) => {
      const table = routeTableOf(network, input.RouteTableId);
      const block = destinationOf(input);
      const destination = blockText(block);
      const target = targetOf(network, table, input);
      if (table.routes.some((route) => route.destination === destination)) {
        throw new AwsError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
      }
      if ("gatewayId" in target) refuseWithinVpc(network, table, block);
      if (table.routes.length >= QUOTAS.routesPerTable) {
        throw new AwsError("RouteLimitExceeded", "The maximum number of routes has been reached.");
      }
      table.routes = [...table.routes, { destination, target }];
      return { Return: true };
    },
    ReplaceRoute: (input: ReplaceRouteCommandInput) => {
      refuseUnmodelled(input, ["LocalTarget"]);
      const table = routeTableOf(network, input.RouteTableId);
      const destination = blockText(destinationOf(input));
      const target = targetOf(network, table, input);
      if (!table.routes.some((route) => route.destination === destination)) {
        throw new AwsError(
          "InvalidParameterValue",
          `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`,
        );
      }
      table.routes = table.routes.map((route) =>
        route.destination === destination ? { destination, target } : route,
      );
      return {};
    },
    DeleteRoute: (input: DeleteRouteCommandInput) => {
      const table = routeTableOf(network, input.RouteTableId);
      const destination = blockText(destinationOf(input));
      const route = table.routes.find((one) => one.destination === destination);
      if (route === undefined) {
        const kind = destination.includes(":") ? "destination-ipv6-cidr-block" : "destination-cidr-block";
        throw new AwsError(
          "InvalidRoute.NotFound",
          `no route with ${kind} ${destination} in route table ${table.tableId}`,
        );
      }
      // ec2/local-route
      if ("gatewayId" in route.target && route.target.gatewayId === "local") {
        throw new AwsError(
          "InvalidParameterValue",
          `cannot remove local route ${destination} in route table ${table.tableId}`,
        );
      }
      table.routes = table.routes.filter((one) => one !== route);
      return {};
    },
  };
}

function destinationOf(input: DeleteRouteCommandInput): Block {
  if (input.DestinationPrefixListId !== undefined) {
    throw new AwsError(
      "InvalidPrefixListID.NotFound",
      `The prefix list ID '${input.DestinationPrefixListId}' does not exist`,
    );
  }
  const { DestinationCidrBlock: four, DestinationIpv6CidrBlock: six } = input;
  const given = four ?? six;
  if (given === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter destinationCidrBlock");
  }
  const block = parseBlock(given);
  if (block?.family === (four === undefined ? 6 : 4)) return block;
  const parameter = four === undefined ? "destinationIpv6CidrBlock" : "destinationCidrBlock";
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${given}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );
}

/** ec2/more-specific-route: to an instance only. */
function refuseWithinVpc(network: Network, table: RouteTable, block: Block): void {
  const vpc = network.vpcs.get(table.vpcId);
  const blocks = [vpc?.cidr, vpc?.ipv6?.cidr].filter((cidr) => cidr !== undefined);
  if (!blocks.some((cidr) => contains(blockOf(cidr), block))) return;
  throw new AwsError(
    "InvalidParameterValue",
    `The destination CIDR block ${blockText(block)} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  );
}

/** What does not exist in this account, with AWS's error for each. */
const ABSENT: readonly [
  member: keyof CreateRouteCommandInput,
  error: (id: string) => readonly [code: string, text: string],
][] = [
  ["NatGatewayId", (id) => ["InvalidNatGatewayID.NotFound", `The natGateway ID '${id}' does not exist`]],
  [
    "TransitGatewayId",
    (id) => ["InvalidTransitGatewayID.NotFound", `The transitGateway ID '${id}' does not exist`],
  ],
  [
    "VpcPeeringConnectionId",
    (id) => ["InvalidVpcPeeringConnectionID.NotFound", `The vpcPeeringConnection ID '${id}' does not exist`],
  ],
  [
    "EgressOnlyInternetGatewayId",
    (id) => ["InvalidGatewayID.NotFound", `The eigw ID '${id}' does not exist`],
  ],
  ["VpcEndpointId", (id) => ["InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`]],
];

function targetOf(network: Network, table: RouteTable, input: CreateRouteCommandInput): Route["target"] {
  refuseUnmodelled(input, ["LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn"]);
  for (const [member, error] of ABSENT) {
    const id = input[member];
    if (typeof id === "string") throw new AwsError(...error(id));
  }
  const { GatewayId: gatewayId, InstanceId: instanceId, NetworkInterfaceId: interfaceId } = input;
  if ([gatewayId, instanceId, interfaceId].filter((id) => id !== undefined).length !== 1) {
    throw new AwsError(
      "InvalidParameterCombination",
      "Exactly one route target must be specified for the route.",
    );
  }
  if (gatewayId !== undefined) return gatewayTarget(network, table, gatewayId);
  const found = network
    .interfaces()
    .find(({ interfaceId: id, owner }) =>
      interfaceId === undefined
        ? owner.kind === "instance" && owner.instanceId === instanceId
        : id === interfaceId,
    );
  if (found?.owner.kind !== "instance") {
    throw interfaceId === undefined
      ? noSuchInstance([instanceId ?? ""])
      : notFound("networkInterface", [interfaceId]);
  }
  if (found.vpcId !== table.vpcId) throw elsewhere(table, `interface ${found.interfaceId}`);
  return { instanceId: found.owner.instanceId, interfaceId: found.interfaceId };
}

function gatewayTarget(network: Network, table: RouteTable, gatewayId: string): Route["target"] {
  if (gatewayId === "local") return { gatewayId };
  const gateway =
    network.gateways.get(gatewayId) ??
    fail(new AwsError("InvalidGatewayID.NotFound", `The gateway ID '${gatewayId}' does not exist`));
  if (gateway.vpcId !== table.vpcId) throw elsewhere(table, `network gateway ${gatewayId}`);
  return { gatewayId };
}

function elsewhere(table: RouteTable, what: string): AwsError {
  return new AwsError(
    "InvalidParameterValue",
    `route table ${table.tableId} and ${what} belong to different networks`,
  );
}
