/** Instances in the shape of EC2's answers. */
import type { Instance as Ec2Instance, InstanceStatus, InstanceStatusSummary } from "@aws-sdk/client-ec2";
import { ZONES } from "../account/seed.ts";
import type { Instance } from "../services.ts";
import type { Machine } from "./machine.ts";
import { groupsView, ownInterfaceView, publicName } from "./network/interfaces.ts";
import type { Network } from "./network/state.ts";
import { interfaceOf } from "./own-interfaces.ts";
import { isSpot } from "./pools.ts";

/** The numbers that EC2 gives its states: API reference, InstanceState. */
const STATE_CODES: Record<Instance["state"], number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function stateView(state: Instance["state"]): { Code: number; Name: Instance["state"] } {
  return { Code: STATE_CODES[state], Name: state };
}

export function instanceView(machine: Machine, network: Network): Ec2Instance {
  const { facts } = machine;
  const isAlive = machine.state !== "terminated";
  const own = interfaceOf(machine);
  const { publicIp } = own;
  const host = facts.privateIp.replaceAll(".", "-");
  return {
    InstanceId: facts.instanceId,
    ImageId: facts.imageId,
    State: stateView(machine.state),
    InstanceType: facts.instanceType as NonNullable<Ec2Instance["InstanceType"]>,
    ...(facts.keyName !== undefined && { KeyName: facts.keyName }),
    LaunchTime: new Date(machine.launchedAtMs),
    Placement: {
      AvailabilityZone: facts.availabilityZone,
      AvailabilityZoneId: zoneId(facts.availabilityZone),
      GroupName: facts.options.Placement?.GroupName ?? "",
      Tenancy: facts.options.Placement?.Tenancy ?? "default",
    },
    ...(isAlive && {
      SubnetId: facts.subnetId,
      VpcId: facts.vpcId,
      PrivateIpAddress: facts.privateIp,
      PrivateDnsName: `ip-${host}.ec2.internal`,
      ...(facts.profileArn !== undefined && {
        IamInstanceProfile: { Arn: facts.profileArn, Id: "AIPASIMULATEDPROFILE1" },
      }),
    }),
    ...(publicIp !== undefined && { PublicIpAddress: publicIp }),
    PublicDnsName: publicIp === undefined ? "" : publicName(network, facts.vpcId, publicIp),
    SecurityGroups: groupsView(facts.securityGroupIds, network),
    NetworkInterfaces: isAlive ? [ownInterfaceView(network, own)] : [],
    ...(machine.stateReason !== undefined && {
      StateReason: {
        Code: machine.stateReason.code,
        Message: `${machine.stateReason.code}: ${machine.stateReason.message}`,
      },
      StateTransitionReason: machine.stateReason.message,
    }),
    Architecture: facts.architecture,
    Hypervisor: "xen",
    VirtualizationType: "hvm",
    RootDeviceName: facts.rootDeviceName,
    RootDeviceType: "ebs",
    AmiLaunchIndex: facts.launchIndex,
    SourceDestCheck: facts.sourceDestCheck,
    EnaSupport: true,
    BootMode: "uefi-preferred",
    CurrentInstanceBootMode: "uefi",
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    UsageOperationUpdateTime: new Date(machine.launchedAtMs),
    ...optionsView(facts.options),
    // ec2/spot-instances
    ...(isSpot(facts.options) && {
      InstanceLifecycle: "spot" as const,
      SpotInstanceRequestId: `sir-${facts.instanceId.slice(2, 10)}`,
    }),
    Tags: [...network.tags.of(facts.instanceId)],
  };
}

/** What the launch asked for, or what EC2 takes when it asked for nothing: API reference, RunInstances. */
function optionsView(options: Machine["facts"]["options"]): Partial<Ec2Instance> {
  const { MetadataOptions: metadata } = options;
  return {
    ClientToken: options.ClientToken ?? "",
    Monitoring: { State: options.Monitoring?.Enabled === true ? "enabled" : "disabled" },
    EbsOptimized: options.EbsOptimized ?? false,
    MetadataOptions: {
      State: "applied",
      HttpTokens: metadata?.HttpTokens ?? "optional",
      HttpPutResponseHopLimit: metadata?.HttpPutResponseHopLimit ?? 1,
      HttpEndpoint: metadata?.HttpEndpoint ?? "enabled",
      HttpProtocolIpv6: metadata?.HttpProtocolIpv6 ?? "disabled",
      InstanceMetadataTags: metadata?.InstanceMetadataTags ?? "disabled",
    },
    ...(options.CpuOptions !== undefined && { CpuOptions: options.CpuOptions }),
    ...(options.LicenseSpecifications !== undefined && { Licenses: options.LicenseSpecifications }),
    NetworkPerformanceOptions: {
      BandwidthWeighting: options.NetworkPerformanceOptions?.BandwidthWeighting ?? "default",
    },
    EnclaveOptions: { Enabled: options.EnclaveOptions?.Enabled ?? false },
    HibernationOptions: { Configured: options.HibernationOptions?.Configured ?? false },
    MaintenanceOptions: { AutoRecovery: options.MaintenanceOptions?.AutoRecovery ?? "default" },
    CapacityReservationSpecification: options.CapacityReservationSpecification ?? {
      CapacityReservationPreference: "open",
    },
    PrivateDnsNameOptions: {
      HostnameType: options.PrivateDnsNameOptions?.HostnameType ?? "ip-name",
      EnableResourceNameDnsARecord: options.PrivateDnsNameOptions?.EnableResourceNameDnsARecord ?? false,
      EnableResourceNameDnsAAAARecord:
        options.PrivateDnsNameOptions?.EnableResourceNameDnsAAAARecord ?? false,
    },
  };
}

function zoneId(name: string): string {
  return ZONES.find((zone) => zone.name === name)?.id ?? "";
}

export function statusView(machine: Machine): InstanceStatus {
  const view = machine.view([]);
  return {
    InstanceId: view.instanceId,
    AvailabilityZone: view.availabilityZone,
    AvailabilityZoneId: zoneId(view.availabilityZone),
    InstanceState: stateView(view.state),
    SystemStatus: checkView(view.systemStatus),
    InstanceStatus: checkView(view.instanceStatus),
  };
}

function checkView(status: Instance["systemStatus"]): InstanceStatusSummary {
  if (status === "not-applicable") return { Status: status };
  const check = status === "ok" ? "passed" : status === "impaired" ? "failed" : "initializing";
  return { Status: status, Details: [{ Name: "reachability", Status: check }] };
}
