/** EC2 instances: launching, stopping, showing. */
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstancesCommandInput,
  Instance as Ec2Instance,
  RebootInstancesCommandInput,
  RunInstancesCommandInput,
  StartInstancesCommandInput,
  StopInstancesCommandInput,
  TerminateInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Instance, OperationTable } from "../services.ts";
import { ec2Page, type Fields, named, passes } from "./describe-input.ts";
import { type LaunchGround, launchFacts, merged } from "./launch-checks.ts";
import type { Machine } from "./machine.ts";
import { groupsView, ownInterfaceView, publicName } from "./network/interfaces.ts";
import type { Network } from "./network/state.ts";
import { noSuchInstance } from "./not-found.ts";
import { interfaceOf } from "./own-interfaces.ts";
import { specifiedTags, templateTags } from "./tags.ts";
import type { Templates } from "./templates.ts";

/** The numbers that EC2 gives its states: API reference, InstanceState. */
const STATE_CODES: Record<Instance["state"], number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

const PAGE = { least: 5, most: 1000 };

/** The machines and how a new one comes among them. */
export interface Fleet {
  all(): readonly Machine[];
  get(instanceId: string): Machine | undefined;
  add(facts: Machine["facts"]): Machine;
  isZoneAvailable(zone: string): boolean;
}

export function buildInstanceOperations(
  fleet: Fleet,
  templates: Templates,
  ground: LaunchGround,
): OperationTable {
  const { network } = ground;
  return {
    ...runOperations(fleet, templates, ground),
    ...stateOperations(fleet),
    ...viewOperations(network.context, fleet, network),
  };
}

function runOperations(fleet: Fleet, templates: Templates, ground: LaunchGround): OperationTable {
  const { context, tags } = ground.network;
  return {
    RunInstances: (input: RunInstancesCommandInput) => {
      const { MinCount: least = 0, MaxCount: most = 0 } = input;
      if (least < 1 || most < least) {
        throw new AwsError("InvalidParameterValue", `Value ( ${least} ) for parameter minCount is invalid.`);
      }
      const template = templateOf(templates, input.LaunchTemplate);
      const data = template?.data ?? {};
      const request = merged(input, data);
      const wanted = [
        ...specifiedTags(data.TagSpecifications, "instance"),
        ...specifiedTags(input.TagSpecifications, "instance"),
        ...(template === undefined ? [] : templateTags(template)),
      ];
      const reservationId = `r-${context.id(17)}`;
      const taken = new Set<string>();
      const facts = Array.from({ length: most }, () => launchFacts(ground, request, taken));
      const machines = facts.map((one) => {
        tags.put(one.instanceId, wanted);
        return fleet.add({ ...one, reservationId });
      });
      return {
        ReservationId: reservationId,
        OwnerId: context.accountId,
        Groups: [],
        Instances: machines.map((one) => instanceView(one, ground.network)),
      };
    },
  };
}

function templateOf(templates: Templates, given: RunInstancesCommandInput["LaunchTemplate"]) {
  if (given === undefined) return undefined;
  return templates.resolve({ id: given.LaunchTemplateId, name: given.LaunchTemplateName }, given.Version);
}

function stateOperations(fleet: Fleet): OperationTable {
  const change = (
    ids: readonly string[] | undefined,
    check: (one: Machine) => void,
    act: (one: Machine) => void,
  ) => {
    const machines = instancesNamed(fleet, ids);
    for (const machine of machines) check(machine);
    return machines.map((machine) => {
      const previous = stateView(machine.state);
      act(machine);
      return {
        InstanceId: machine.facts.instanceId,
        PreviousState: previous,
        CurrentState: stateView(machine.state),
      };
    });
  };
  return {
    TerminateInstances: (input: TerminateInstancesCommandInput) => {
      const check = (one: Machine): void => {
        if (!one.facts.protectedFromTermination) return;
        throw protectedInstance(one, "terminated", "disableApiTermination");
      };
      return { TerminatingInstances: change(input.InstanceIds, check, (one) => one.terminate()) };
    },
    StopInstances: (input: StopInstancesCommandInput) => ({
      StoppingInstances: change(
        input.InstanceIds,
        (one) => {
          requireState(one, ["pending", "running", "stopping", "stopped"], "stopped");
          if (one.facts.protectedFromStop) throw protectedInstance(one, "stopped", "disableApiStop");
        },
        (one) => {
          if (one.state === "running" || one.state === "pending") one.stop();
        },
      ),
    }),
    StartInstances: (input: StartInstancesCommandInput) => ({
      StartingInstances: change(
        input.InstanceIds,
        (one) => requireState(one, ["pending", "running", "stopped"], "started"),
        (one) => {
          if (one.state === "stopped") one.start();
        },
      ),
    }),
    RebootInstances: (input: RebootInstancesCommandInput) => {
      change(
        input.InstanceIds,
        (one) => requireState(one, ["running"], "rebooted"),
        (one) => one.reboot(),
      );
      return {};
    },
  };
}

function viewOperations(context: AccountContext, fleet: Fleet, network: Network): OperationTable {
  const { tags } = network;
  return {
    DescribeInstances: (input: DescribeInstancesCommandInput) => {
      const asked = instancesNamed(fleet, input.InstanceIds, true);
      const found = asked.filter((one) =>
        passes(input.Filters, fieldsOf(one), tags.of(one.facts.instanceId)),
      );
      const page = ec2Page(found, (one) => one.facts.instanceId, input, PAGE);
      const reservations = Map.groupBy(page.items, (one) => one.facts.reservationId);
      return {
        Reservations: [...reservations].map(([ReservationId, machines]) => ({
          ReservationId,
          OwnerId: context.accountId,
          Groups: [],
          Instances: machines.map((one) => instanceView(one, network)),
        })),
        NextToken: page.next,
      };
    },
    DescribeInstanceStatus: (input: DescribeInstanceStatusCommandInput) => {
      const asked = instancesNamed(fleet, input.InstanceIds, true);
      // ec2/status-of-running-only
      const shown =
        input.IncludeAllInstances === true ? asked : asked.filter((one) => one.state === "running");
      const found = shown.filter((one) =>
        passes(input.Filters, fieldsOf(one), tags.of(one.facts.instanceId)),
      );
      const page = ec2Page(found, (one) => one.facts.instanceId, input, PAGE);
      return { InstanceStatuses: page.items.map(statusView), NextToken: page.next };
    },
  };
}

export function instancesNamed(
  fleet: Fleet,
  ids: readonly string[] | undefined,
  allWhenNone = false,
): readonly Machine[] {
  if (!allWhenNone && (ids === undefined || ids.length === 0)) {
    throw new AwsError("MissingParameter", "The request must contain the parameter InstanceId");
  }
  const malformed = ids?.find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (malformed !== undefined)
    throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
  return named(fleet.all(), (one) => one.facts.instanceId, ids, noSuchInstance);
}

/** ec2/termination-protection, ec2/stop-protection */
function protectedInstance({ facts }: Machine, done: string, attribute: string): AwsError {
  return new AwsError(
    "OperationNotPermitted",
    `The instance '${facts.instanceId}' may not be ${done}. Modify its '${attribute}' instance attribute and try again.`,
  );
}

function requireState(machine: Machine, states: readonly Instance["state"][], done: string): void {
  if (states.includes(machine.state)) return;
  throw new AwsError(
    "IncorrectInstanceState",
    `The instance '${machine.facts.instanceId}' is not in a state from which it can be ${done}.`,
  );
}

function stateView(state: Instance["state"]): { Code: number; Name: Instance["state"] } {
  return { Code: STATE_CODES[state], Name: state };
}

function fieldsOf(machine: Machine): Fields {
  const { facts } = machine;
  const view = machine.view([]);
  return {
    "instance-id": facts.instanceId,
    "instance-state-name": machine.state,
    "instance-state-code": String(STATE_CODES[machine.state]),
    "instance-type": facts.instanceType,
    "image-id": facts.imageId,
    "subnet-id": facts.subnetId,
    "vpc-id": facts.vpcId,
    "availability-zone": facts.availabilityZone,
    "private-ip-address": facts.privateIp,
    "key-name": facts.keyName,
    "reservation-id": facts.reservationId,
    "instance.group-id": facts.securityGroupIds,
    "iam-instance-profile.arn": facts.profileArn,
    "system-status.status": view.systemStatus,
    "instance-status.status": view.instanceStatus,
  };
}

function instanceView(machine: Machine, network: Network): Ec2Instance {
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
    Placement: { AvailabilityZone: facts.availabilityZone, GroupName: "", Tenancy: "default" },
    Monitoring: { State: "disabled" },
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
    AmiLaunchIndex: 0,
    EbsOptimized: false,
    SourceDestCheck: facts.sourceDestCheck,
    Tags: [...network.tags.of(facts.instanceId)],
  };
}

function statusView(machine: Machine): object {
  const view = machine.view([]);
  return {
    InstanceId: view.instanceId,
    AvailabilityZone: view.availabilityZone,
    InstanceState: stateView(view.state),
    SystemStatus: checkView(view.systemStatus),
    InstanceStatus: checkView(view.instanceStatus),
  };
}

function checkView(status: Instance["systemStatus"]): object {
  if (status === "not-applicable") return { Status: status };
  const check = status === "ok" ? "passed" : status === "impaired" ? "failed" : "initializing";
  return { Status: status, Details: [{ Name: "reachability", Status: check }] };
}
