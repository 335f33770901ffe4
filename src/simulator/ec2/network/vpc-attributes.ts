/** What can be switched on and off for a VPC: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html */
import type {
  DescribeVpcAttributeCommandInput,
  ModifyVpcAttributeCommandInput,
  ModifyVpcTenancyCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { type Network, type Vpc, vpcOf } from "./state.ts";

export function vpcAttributeOperations(network: Network): OperationTable {
  return {
    DescribeVpcAttribute: (input: DescribeVpcAttributeCommandInput) => {
      const vpc = vpcOf(network, input.VpcId);
      return { VpcId: vpc.vpcId, ...attributeOf(vpc, input.Attribute) };
    },
    ModifyVpcAttribute: (input: ModifyVpcAttributeCommandInput) => {
      modify(vpcOf(network, input.VpcId), input);
      return {};
    },
    ModifyVpcTenancy: (input: ModifyVpcTenancyCommandInput) => {
      const vpc = vpcOf(network, input.VpcId);
      if (input.InstanceTenancy !== "default") {
        throw new AwsError(
          "UnsupportedTenancy",
          `The tenancy value ${input.InstanceTenancy} is not supported.`,
        );
      }
      vpc.tenancy = "default";
      return { ReturnValue: true };
    },
  };
}

function attributeOf(vpc: Vpc, attribute: string | undefined): object {
  switch (attribute) {
    case "enableDnsSupport":
      return { EnableDnsSupport: { Value: vpc.dnsSupport } };
    case "enableDnsHostnames":
      return { EnableDnsHostnames: { Value: vpc.dnsHostnames } };
    case "enableNetworkAddressUsageMetrics":
      return { EnableNetworkAddressUsageMetrics: { Value: vpc.addressUsageMetrics } };
    default:
      throw new AwsError(
        "InvalidParameterValue",
        `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

/** ec2/one-attribute */
function modify(vpc: Vpc, input: ModifyVpcAttributeCommandInput): void {
  const { EnableDnsSupport: support, EnableDnsHostnames: hostnames } = input;
  const metrics = input.EnableNetworkAddressUsageMetrics;
  const given = [support, hostnames, metrics].filter((one) => one !== undefined).length;
  if (given > 1) {
    throw new AwsError("InvalidParameterCombination", "Fields for multiple attribute types specified.");
  }
  if (given === 0) {
    throw new AwsError("InvalidParameterCombination", "No attributes specified.");
  }
  if (support?.Value !== undefined) vpc.dnsSupport = support.Value;
  if (hostnames?.Value !== undefined) vpc.dnsHostnames = hostnames.Value;
  if (metrics?.Value !== undefined) vpc.addressUsageMetrics = metrics.Value;
}
