/** What a subnet does for instances that are launched in it. */
import type { ModifySubnetAttributeCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../account/aws-error.ts";
import type { OperationTable } from "../../services.ts";
import { refuseUnmodelled } from "./refusals.ts";
import { type Network, type Subnet, subnetOf } from "./state.ts";

/** Each attribute that there is, and how it is set. */
const SETTERS = {
  MapPublicIpOnLaunch: (subnet, { MapPublicIpOnLaunch: given }) => {
    subnet.mapsPublicIp = given?.Value ?? false;
  },
  AssignIpv6AddressOnCreation: (subnet, { AssignIpv6AddressOnCreation: given }) => {
    if (given?.Value === true && subnet.ipv6 === undefined) {
      throw new AwsError(
        "InvalidParameterValue",
        `Invalid value 'true' for assignIpv6AddressOnCreation. Subnet '${subnet.subnetId}' does not have an IPv6 CIDR block associated with it.`,
      );
    }
    subnet.assignsIpv6 = given?.Value ?? false;
  },
  EnableDns64: (subnet, { EnableDns64: given }) => {
    subnet.dns64 = given?.Value ?? false;
  },
  PrivateDnsHostnameTypeOnLaunch: (subnet, { PrivateDnsHostnameTypeOnLaunch: given }) => {
    if (given !== "ip-name" && given !== "resource-name") {
      throw new AwsError(
        "InvalidParameterValue",
        `Value (${given}) for parameter privateDnsHostnameTypeOnLaunch is invalid.`,
      );
    }
    subnet.hostnameType = given;
  },
  EnableResourceNameDnsARecordOnLaunch: (subnet, { EnableResourceNameDnsARecordOnLaunch: given }) => {
    subnet.recordsA = given?.Value ?? false;
  },
  EnableResourceNameDnsAAAARecordOnLaunch: (subnet, { EnableResourceNameDnsAAAARecordOnLaunch: given }) => {
    subnet.recordsAaaa = given?.Value ?? false;
  },
} satisfies Partial<
  Record<
    keyof ModifySubnetAttributeCommandInput,
    (subnet: Subnet, input: ModifySubnetAttributeCommandInput) => void
  >
>;

export function subnetAttributeOperations(network: Network): OperationTable {
  return {
    ModifySubnetAttribute: (input: ModifySubnetAttributeCommandInput) => {
      const subnet = subnetOf(network, input.SubnetId);
      refuseUnmodelled(input, [
        "MapCustomerOwnedIpOnLaunch",
        "CustomerOwnedIpv4Pool",
        "EnableLniAtDeviceIndex",
        "DisableLniAtDeviceIndex",
      ]);
      const names = Object.keys(SETTERS) as (keyof typeof SETTERS)[];
      const given = names.filter((name) => input[name] !== undefined);
      // ec2/one-attribute
      if (given.length > 1) {
        throw new AwsError("InvalidParameterCombination", "Fields for multiple attribute types specified.");
      }
      const [name] = given;
      if (name === undefined) throw new AwsError("InvalidParameterCombination", "No attributes specified.");
      SETTERS[name](subnet, input);
      return {};
    },
  };
}
