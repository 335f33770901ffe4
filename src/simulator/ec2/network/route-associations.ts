/** Which table routes for a subnet or gateway: an own one, or else the main one of the VPC. */
import type {
  AssociateRouteTableCommandInput,
  DisassociateRouteTableCommandInput,
  ReplaceRouteTableAssociationCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { notFound } from "../not-found.ts";
import { refuseUnmodelled } from "./refusals.ts";
import { isMain } from "./route-tables.ts";
import {
  fail,
  gatewayOf,
  type Network,
  type RouteAssociation,
  type RouteTable,
  routeTableOf,
  subnetOf,
} from "./state.ts";

const ASSOCIATED = { State: "associated" };

export function routeAssociationOperations(network: Network): OperationTable {
  return {
    AssociateRouteTable: (input: AssociateRouteTableCommandInput) => {
      refuseUnmodelled(input, ["PublicIpv4Pool"]);
      const association = associate(network, routeTableOf(network, input.RouteTableId), input);
      return { AssociationId: association.associationId, AssociationState: ASSOCIATED };
    },
    DisassociateRouteTable: (input: DisassociateRouteTableCommandInput) => {
      const { table, association } = associationOf(network, input.AssociationId);
      if (isMain(association)) {
        throw new AwsError(
          "InvalidParameterValue",
          `cannot disassociate the main route table association ${association.associationId}`,
        );
      }
      table.associations = table.associations.filter((one) => one !== association);
      return {};
    },
    // ec2/main-table-replaced
    ReplaceRouteTableAssociation: (input: ReplaceRouteTableAssociationCommandInput) => {
      const { table, association } = associationOf(network, input.AssociationId);
      const next = routeTableOf(network, input.RouteTableId);
      if (next.vpcId !== table.vpcId) {
        throw new AwsError(
          "InvalidParameterValue",
          `route table ${next.tableId} and route table ${table.tableId} belong to different networks`,
        );
      }
      if (next === table) {
        return { NewAssociationId: association.associationId, AssociationState: ASSOCIATED };
      }
      const moved = { ...association, associationId: `rtbassoc-${network.context.id(17)}` };
      table.associations = table.associations.filter((one) => one !== association);
      next.associations = [...next.associations, moved];
      return { NewAssociationId: moved.associationId, AssociationState: ASSOCIATED };
    },
  };
}

/** ec2/one-table-per-subnet */
function associate(
  network: Network,
  table: RouteTable,
  input: AssociateRouteTableCommandInput,
): RouteAssociation {
  const { SubnetId: subnetId, GatewayId: gatewayId } = input;
  if ((subnetId === undefined) === (gatewayId === undefined)) {
    throw new AwsError("InvalidParameterCombination", "Specify either subnetId or gatewayId, but not both.");
  }
  const [what, vpcId] =
    subnetId === undefined
      ? [`gateway ${gatewayId}`, gatewayOf(network, gatewayId).vpcId]
      : [`subnet ${subnetId}`, subnetOf(network, subnetId).vpcId];
  if (vpcId !== table.vpcId) {
    throw new AwsError(
      "InvalidParameterValue",
      `route table ${table.tableId} and ${what} belong to different networks`,
    );
  }
  const isSame = (one: RouteAssociation): boolean =>
    !isMain(one) && one.subnetId === subnetId && one.gatewayId === gatewayId;
  const own = table.associations.find(isSame);
  if (own !== undefined) return own;
  if ([...network.routeTables.values()].some((other) => other.associations.some(isSame))) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `the specified association for route table ${table.tableId} conflicts with an existing association`,
    );
  }
  const association: RouteAssociation = {
    associationId: `rtbassoc-${network.context.id(17)}`,
    ...(subnetId !== undefined && { subnetId }),
    ...(gatewayId !== undefined && { gatewayId }),
  };
  table.associations = [...table.associations, association];
  return association;
}

function associationOf(
  network: Network,
  associationId: string | undefined,
): { table: RouteTable; association: RouteAssociation } {
  for (const table of network.routeTables.values()) {
    const association = table.associations.find((one) => one.associationId === associationId);
    if (association !== undefined) return { table, association };
  }
  return fail(notFound("association", [associationId ?? ""]));
}
