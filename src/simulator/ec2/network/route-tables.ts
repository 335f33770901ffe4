/** Route tables: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
import type {
  CreateRouteTableCommandInput,
  DeleteRouteTableCommandInput,
  DescribeRouteTablesCommandInput,
  Route as RouteView,
  RouteTable as TableView,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { buildIdempotency } from "../client-token.ts";
import { describedPage } from "../described-page.ts";
import { ROUTE_TABLE_FILTERS } from "../filters/routing.ts";
import { specifiedTags } from "../tags.ts";
import {
  inUse,
  type Network,
  QUOTAS,
  type Route,
  type RouteAssociation,
  type RouteTable,
  routeTableOf,
  vpcOf,
} from "./state.ts";

export function routeTableOperations(network: Network): OperationTable {
  const once = buildIdempotency();
  return {
    CreateRouteTable: once("CreateRouteTable", (input: CreateRouteTableCommandInput) => ({
      RouteTable: view(network, create(network, input)),
      ClientToken: input.ClientToken,
    })),
    DescribeRouteTables: (input: DescribeRouteTablesCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeRouteTables",
        all: [...network.routeTables.values()].map((table) => view(network, table)),
        idOf: (one) => one.RouteTableId,
        ids: input.RouteTableIds,
        kind: "routeTable",
        filters: ROUTE_TABLE_FILTERS,
        range: { least: 5, most: 100 },
      });
      return { RouteTables: page.items, NextToken: page.next };
    },
    // ec2/table-in-use
    DeleteRouteTable: (input: DeleteRouteTableCommandInput) => {
      const { tableId, associations } = routeTableOf(network, input.RouteTableId);
      if (associations.length > 0) throw inUse("routeTable", tableId);
      network.routeTables.delete(tableId);
      network.tags.forget(tableId);
      return {};
    },
  };
}

export function isMain(association: RouteAssociation): boolean {
  return association.subnetId === undefined && association.gatewayId === undefined;
}

function create(network: Network, input: CreateRouteTableCommandInput): RouteTable {
  const vpc = vpcOf(network, input.VpcId);
  const tags = specifiedTags(input.TagSpecifications, "route-table");
  const siblings = [...network.routeTables.values()].filter((table) => table.vpcId === vpc.vpcId);
  if (siblings.length >= QUOTAS.routeTablesPerVpc) {
    throw new AwsError("RouteTableLimitExceeded", "The maximum number of route tables has been reached.");
  }
  const blocks = [vpc.cidr, ...(vpc.ipv6 === undefined ? [] : [vpc.ipv6.cidr])];
  const table: RouteTable = {
    tableId: `rtb-${network.context.id(17)}`,
    vpcId: vpc.vpcId,
    // ec2/local-route
    routes: blocks.map((destination) => ({ destination, target: { gatewayId: "local" } })),
    associations: [],
  };
  network.routeTables.set(table.tableId, table);
  network.tags.put(table.tableId, tags);
  return table;
}

function view(network: Network, table: RouteTable): TableView {
  return {
    RouteTableId: table.tableId,
    VpcId: table.vpcId,
    OwnerId: network.context.accountId,
    PropagatingVgws: [],
    Routes: table.routes.map((route) => routeView(network, table, route)),
    Associations: table.associations.map((one) => ({
      RouteTableAssociationId: one.associationId,
      RouteTableId: table.tableId,
      Main: isMain(one),
      AssociationState: { State: "associated" },
      ...(one.subnetId !== undefined && { SubnetId: one.subnetId }),
      ...(one.gatewayId !== undefined && { GatewayId: one.gatewayId }),
    })),
    Tags: [...network.tags.of(table.tableId)],
  };
}

function routeView(network: Network, table: RouteTable, { destination, target }: Route): RouteView {
  const isLocal = "gatewayId" in target && target.gatewayId === "local";
  const to =
    "gatewayId" in target
      ? { GatewayId: target.gatewayId }
      : {
          InstanceId: target.instanceId,
          InstanceOwnerId: network.context.accountId,
          NetworkInterfaceId: target.interfaceId,
        };
  return {
    ...(destination.includes(":")
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination }),
    ...to,
    Origin: isLocal ? "CreateRouteTable" : "CreateRoute",
    State: isLocal || isAlive(network, table, target) ? "active" : "blackhole",
  };
}

/** ec2/blackhole */
function isAlive(network: Network, table: RouteTable, target: Route["target"]): boolean {
  if ("gatewayId" in target) return network.gateways.get(target.gatewayId)?.vpcId === table.vpcId;
  return network.interfaces().some((one) => one.interfaceId === target.interfaceId);
}
