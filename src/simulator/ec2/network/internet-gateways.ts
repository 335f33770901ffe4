/** Internet gateways: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html */
import type {
  AttachInternetGatewayCommandInput,
  CreateInternetGatewayCommandInput,
  DeleteInternetGatewayCommandInput,
  DescribeInternetGatewaysCommandInput,
  DetachInternetGatewayCommandInput,
  InternetGateway as GatewayView,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { describedPage } from "../described-page.ts";
import { GATEWAY_FILTERS } from "../filters/routing.ts";
import { specifiedTags } from "../tags.ts";
import { gatewayOf, type InternetGateway, inUse, type Network, QUOTAS, vpcOf } from "./state.ts";

export function internetGatewayOperations(network: Network): OperationTable {
  return {
    CreateInternetGateway: (input: CreateInternetGatewayCommandInput) => {
      const tags = specifiedTags(input.TagSpecifications, "internet-gateway");
      if (network.gateways.size >= QUOTAS.gateways) {
        throw new AwsError(
          "InternetGatewayLimitExceeded",
          "The maximum number of internet gateways has been reached.",
        );
      }
      const gateway: InternetGateway = { gatewayId: `igw-${network.context.id(17)}`, vpcId: undefined };
      network.gateways.set(gateway.gatewayId, gateway);
      network.tags.put(gateway.gatewayId, tags);
      return { InternetGateway: view(network, gateway) };
    },
    DescribeInternetGateways: (input: DescribeInternetGatewaysCommandInput) => {
      const page = describedPage(input, {
        operation: "DescribeInternetGateways",
        all: [...network.gateways.values()].map((one) => view(network, one)),
        idOf: (one) => one.InternetGatewayId,
        ids: input.InternetGatewayIds,
        kind: "internetGateway",
        filters: GATEWAY_FILTERS,
      });
      return { InternetGateways: page.items, NextToken: page.next };
    },
    DeleteInternetGateway: (input: DeleteInternetGatewayCommandInput) => {
      const { gatewayId, vpcId } = gatewayOf(network, input.InternetGatewayId);
      if (vpcId !== undefined) throw inUse("internetGateway", gatewayId);
      network.gateways.delete(gatewayId);
      network.tags.forget(gatewayId);
      return {};
    },
    ...attachmentOperations(network),
  };
}

/** ec2/gateway-attachment */
function attachmentOperations(network: Network): OperationTable {
  return {
    AttachInternetGateway: (input: AttachInternetGatewayCommandInput) => {
      const gateway = gatewayOf(network, input.InternetGatewayId);
      const { vpcId } = vpcOf(network, input.VpcId);
      if (gateway.vpcId !== undefined) {
        throw new AwsError(
          "Resource.AlreadyAssociated",
          `resource ${gateway.gatewayId} is already attached to network ${gateway.vpcId}`,
        );
      }
      if (hasInternetGateway(network, vpcId)) {
        throw new AwsError(
          "InvalidParameterValue",
          `Network ${vpcId} already has an internet gateway attached`,
        );
      }
      gateway.vpcId = vpcId;
      return {};
    },
    DetachInternetGateway: (input: DetachInternetGatewayCommandInput) => {
      const gateway = gatewayOf(network, input.InternetGatewayId);
      const { vpcId } = vpcOf(network, input.VpcId);
      if (gateway.vpcId !== vpcId) {
        throw new AwsError(
          "Gateway.NotAttached",
          `resource ${gateway.gatewayId} is not attached to network ${vpcId}`,
        );
      }
      const isPublic = network.interfaces().some((one) => one.vpcId === vpcId && one.publicIp !== undefined);
      if (isPublic) {
        throw new AwsError(
          "DependencyViolation",
          `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
        );
      }
      gateway.vpcId = undefined;
      return {};
    },
  };
}

export function hasInternetGateway(network: Network, vpcId: string): boolean {
  return [...network.gateways.values()].some((gateway) => gateway.vpcId === vpcId);
}

function view(network: Network, { gatewayId, vpcId }: InternetGateway): GatewayView {
  return {
    InternetGatewayId: gatewayId,
    // AWS says "available" here, which is no word of the SDK's.
    Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: "available" as "attached" }],
    OwnerId: network.context.accountId,
    Tags: [...network.tags.of(gatewayId)],
  };
}
