/** EC2 instances: launching, stopping, showing. */
import type {
  DescribeInstanceStatusCommandInput,
  DescribeInstancesCommandInput,
  RebootInstancesCommandInput,
  RunInstancesCommandInput,
  StartInstancesCommandInput,
  StopInstancesCommandInput,
  TerminateInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Instance, OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { filtered } from "./filters/filtered.ts";
import { INSTANCE_FILTERS, INSTANCE_STATUS_FILTERS, type ReservedInstance } from "./filters/instances.ts";
import { instanceView, stateView, statusView } from "./instance-view.ts";
import { type Fleet, launched } from "./launch.ts";
import { type LaunchGround, launchFacts, merged } from "./launch-checks.ts";
import type { Machine } from "./machine.ts";
import type { Network } from "./network/state.ts";
import { noSuchInstance } from "./not-found.ts";
import { specifiedTags, templateTags } from "./tags.ts";
import type { Templates } from "./templates.ts";

const PAGE = { least: 5, most: 1000 };

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
      const machines = facts.map((one, launchIndex) =>
        launched({ fleet, tags }, { ...one, reservationId, launchIndex }, wanted),
      );
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
  const reservedView = (one: Machine): ReservedInstance => ({
    ...instanceView(one, network),
    ReservationId: one.facts.reservationId,
    OwnerId: context.accountId,
  });
  return {
    DescribeInstances: (input: DescribeInstancesCommandInput) => {
      const all = instancesNamed(fleet, input.InstanceIds, true).map(reservedView);
      const found = filtered("DescribeInstances", INSTANCE_FILTERS, input.Filters, all);
      const page = ec2Page(found, (one) => one.InstanceId ?? "", input, PAGE);
      const reservations = Map.groupBy(page.items, (one) => one.ReservationId);
      return {
        Reservations: [...reservations].map(([ReservationId, instances]) => ({
          ReservationId,
          OwnerId: context.accountId,
          Groups: [],
          Instances: instances.map(({ ReservationId: _reservation, OwnerId: _owner, ...one }) => one),
        })),
        NextToken: page.next,
      };
    },
    DescribeInstanceStatus: (input: DescribeInstanceStatusCommandInput) => {
      const asked = instancesNamed(fleet, input.InstanceIds, true);
      // ec2/status-of-running-only
      const shown =
        input.IncludeAllInstances === true ? asked : asked.filter((one) => one.state === "running");
      const found = filtered(
        "DescribeInstanceStatus",
        INSTANCE_STATUS_FILTERS,
        input.Filters,
        shown.map(statusView),
      );
      const page = ec2Page(found, (one) => one.InstanceId ?? "", input, PAGE);
      return { InstanceStatuses: page.items, NextToken: page.next };
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
