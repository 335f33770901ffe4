/** Attributes of an instance, one by one: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html */
import type {
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceCreditSpecificationsCommandInput,
  InstanceCreditSpecification,
  ModifyInstanceAttributeCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import { ec2Page } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { CREDIT_FILTERS } from "./filters/instances.ts";
import { instancesNamed } from "./instances.ts";
import type { Fleet } from "./launch.ts";
import { checkedGroups } from "./launch-checks.ts";
import type { Machine } from "./machine.ts";
import { groupsView } from "./network/interfaces.ts";
import { refuseUnmodelled } from "./network/refusals.ts";
import type { Network } from "./network/state.ts";

export function instanceAttributeOperations(fleet: Fleet, network: Network): OperationTable {
  const find = (instanceId: string | undefined): Machine =>
    instancesNamed(fleet, instanceId === undefined ? [] : [instanceId])[0]!;
  return {
    DescribeInstanceAttribute: (input: DescribeInstanceAttributeCommandInput) => {
      const machine = find(input.InstanceId);
      return { InstanceId: machine.facts.instanceId, ...attributeOf(machine, input.Attribute, network) };
    },
    DescribeInstanceCreditSpecifications: (input: DescribeInstanceCreditSpecificationsCommandInput) => {
      const asked = instancesNamed(fleet, input.InstanceIds, true);
      const burstable = asked.filter(({ facts }) => facts.cpuCredits !== undefined);
      // "If you do not specify an instance ID, Amazon EC2 returns burstable performance instances with the unlimited credit option."
      const shown =
        (input.InstanceIds ?? []).length > 0
          ? burstable
          : burstable.filter(({ facts }) => facts.cpuCredits === "unlimited");
      const all = shown.map(
        ({ facts }): InstanceCreditSpecification => ({
          InstanceId: facts.instanceId,
          CpuCredits: facts.cpuCredits,
        }),
      );
      const operation = "DescribeInstanceCreditSpecifications";
      const found = filtered(operation, CREDIT_FILTERS, input.Filters, all);
      const page = ec2Page(found, (one) => one.InstanceId ?? "", input, { least: 5, most: 1_000 });
      return { InstanceCreditSpecifications: page.items, NextToken: page.next };
    },
    ModifyInstanceAttribute: (input: ModifyInstanceAttributeCommandInput) => {
      const machine = find(input.InstanceId);
      modify(machine, input, network);
      return {};
    },
  };
}

function attributeOf({ facts }: Machine, attribute: string | undefined, network: Network): object {
  switch (attribute) {
    case "instanceType":
      return { InstanceType: { Value: facts.instanceType } };
    case "userData":
      return { UserData: facts.userData === undefined ? {} : { Value: facts.userData } };
    case "disableApiTermination":
      return { DisableApiTermination: { Value: facts.protectedFromTermination } };
    case "disableApiStop":
      return { DisableApiStop: { Value: facts.protectedFromStop } };
    case "instanceInitiatedShutdownBehavior":
      return { InstanceInitiatedShutdownBehavior: { Value: facts.shutdownBehavior } };
    case "rootDeviceName":
      return { RootDeviceName: { Value: facts.rootDeviceName } };
    case "sourceDestCheck":
      return { SourceDestCheck: { Value: facts.sourceDestCheck } };
    case "groupSet":
      return { Groups: groupsView(facts.securityGroupIds, network) };
    case "ebsOptimized":
      return { EbsOptimized: { Value: false } };
    case "enaSupport":
      return { EnaSupport: { Value: true } };
    case "enclaveOptions":
      return { EnclaveOptions: { Enabled: false } };
    case "sriovNetSupport":
      return { SriovNetSupport: { Value: "simple" } };
    case "kernel":
      return { KernelId: {} };
    case "ramdisk":
      return { RamdiskId: {} };
    case "productCodes":
      return { ProductCodes: [] };
    case "blockDeviceMapping":
      return { BlockDeviceMappings: [] };
    default:
      throw new AwsError(
        "InvalidParameterValue",
        `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

/** By the member of its name, or by the older pair of attribute and value. One of them in each request. */
function modify(machine: Machine, input: ModifyInstanceAttributeCommandInput, network: Network): void {
  refuseUnmodelled(input, [
    "BlockDeviceMappings",
    "InstanceType",
    "Kernel",
    "Ramdisk",
    "UserData",
    "EbsOptimized",
    "SriovNetSupport",
    "EnaSupport",
    "EnclaveOptions",
  ]);
  const { facts } = machine;
  const setters = {
    disableApiTermination: (value: string) => {
      facts.protectedFromTermination = value === "true";
    },
    disableApiStop: (value: string) => {
      facts.protectedFromStop = value === "true";
    },
    sourceDestCheck: (value: string) => {
      facts.sourceDestCheck = value === "true";
    },
    instanceInitiatedShutdownBehavior: (value: string) => {
      if (value !== "stop" && value !== "terminate") {
        throw new AwsError(
          "InvalidParameterValue",
          `Value (${value}) for parameter instanceInitiatedShutdownBehavior is invalid.`,
        );
      }
      facts.shutdownBehavior = value;
    },
    groupSet: (value: string) => {
      facts.securityGroupIds = checkedGroups(network, value.split(","), facts.vpcId);
    },
  };
  const given: Record<string, string | undefined> = {
    disableApiTermination: text(input.DisableApiTermination?.Value),
    disableApiStop: text(input.DisableApiStop?.Value),
    sourceDestCheck: text(input.SourceDestCheck?.Value),
    instanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior?.Value,
    groupSet: input.Groups?.join(","),
    ...(input.Attribute !== undefined && { [input.Attribute]: input.Value }),
  };
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  if (asked.length !== 1) {
    throw new AwsError(
      "InvalidParameterCombination",
      asked.length === 0 ? "No attributes specified." : "Fields for multiple attribute types specified.",
    );
  }
  const [name, value] = asked[0] as [string, string];
  const set = (setters as Record<string, ((value: string) => void) | undefined>)[name];
  if (set === undefined) {
    throw new AwsError("UnsupportedOperation", `The simulated account does not model changes of ${name}.`);
  }
  set(value);
}

function text(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
