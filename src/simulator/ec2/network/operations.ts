/** The operations of the account's network, noun by noun. */
import type { OperationTable } from "../../services.ts";
import { networkAclOperations } from "./acls.ts";
import { groupRuleOperations } from "./group-rules.ts";
import { interfaceOperations } from "./interfaces.ts";
import { internetGatewayOperations } from "./internet-gateways.ts";
import { routeAssociationOperations } from "./route-associations.ts";
import { routeTableOperations } from "./route-tables.ts";
import { routeOperations } from "./routes.ts";
import { ruleChangeOperations } from "./rule-changes.ts";
import { securityGroupOperations } from "./security-groups.ts";
import type { Network } from "./state.ts";
import { subnetAttributeOperations } from "./subnet-attributes.ts";
import { subnetOperations } from "./subnets.ts";
import { vpcAttributeOperations } from "./vpc-attributes.ts";
import { vpcOperations } from "./vpcs.ts";
import { zoneOperations } from "./zones.ts";

export function networkOperations(
  network: Network,
  isZoneAvailable: (zone: string) => boolean,
): OperationTable {
  return {
    ...zoneOperations(isZoneAvailable),
    ...vpcOperations(network),
    ...vpcAttributeOperations(network),
    ...subnetOperations(network),
    ...subnetAttributeOperations(network),
    ...internetGatewayOperations(network),
    ...networkAclOperations(network),
    ...routeTableOperations(network),
    ...routeOperations(network),
    ...routeAssociationOperations(network),
    ...securityGroupOperations(network),
    ...groupRuleOperations(network),
    ...ruleChangeOperations(network),
    ...interfaceOperations(network),
  };
}
