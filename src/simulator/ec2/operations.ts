/** EC2 of the simulated account, composed: its operations, its part, and what happens without a call. */
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { refusing } from "../account/refusals.ts";
import { ZONES } from "../account/seed.ts";
import type { Timings } from "../account/timings.ts";
import type { Ec2Part, Instance, OperationTable, Parts, Service } from "../services.ts";
import { capacityReservationOperations } from "./capacity-reservations.ts";
import { buildImages } from "./images.ts";
import { instanceAttributeOperations } from "./instance-attributes.ts";
import { instanceTypeOperations } from "./instance-types.ts";
import { buildInstanceOperations } from "./instances.ts";
import { buildKeyPairs } from "./key-pairs.ts";
import { type Fleet, launched } from "./launch.ts";
import {
  checkLaunch,
  type LaunchGround,
  launchFacts,
  someTypeOf,
  typesMeeting,
  varied,
} from "./launch-checks.ts";
import { type ApplicationFault, Machine } from "./machine.ts";
import { hasInternetGateway } from "./network/internet-gateways.ts";
import { networkOperations } from "./network/operations.ts";
import { seededNetwork } from "./network/seeded.ts";
import { defaultGroupOf, defaultVpc, type Network } from "./network/state.ts";
import { freeAddresses } from "./network/subnets.ts";
import { noSuchInstance, noSuchResource } from "./not-found.ts";
import { ownInterfaces } from "./own-interfaces.ts";
import { buildPools, type PoolSelection, type Pools } from "./pools.ts";
import { EC2_CALL_REFUSALS } from "./refusals/all.ts";
import { buildSpotInterruptions, type SpotInterruptions } from "./spot.ts";
import { stateTeller } from "./state-events.ts";
import { buildTagOperations, buildTagStore, specifiedTags, templateTags } from "./tags.ts";
import { buildTemplates } from "./templates.ts";

/** What happens to machines and zones without anyone calling AWS. Unknown ids throw EC2's own errors. */
export interface Ec2Control {
  instances(): readonly (Instance & {
    application: ApplicationFault["kind"] | "starting" | "answering" | "away";
  })[];
  breakApplication(instanceId: string, fault: ApplicationFault): void;
  mendApplication(instanceId: string): void;
  /** Faults of the host (`system`) or the operating system (`instance`), which the status checks then report. */
  impair(instanceId: string, impairment: { system: boolean; instance: boolean }): void;
  /** As if the machine had been shut down from within. */
  stop(instanceId: string): void;
  /** Nothing in the zone answers and nothing can be launched there, until it is restored. */
  failZone(zone: string): void;
  restoreZone(zone: string): void;
  zones(): readonly { zone: string; available: boolean }[];
  /** Nothing can be launched from these pools, until it can again. */
  exhaust(selection: PoolSelection, isExhausted: boolean): void;
  /** Recommends to replace a Spot Instance, and takes it back two minutes after a notice; without one, not at all. */
  interrupt(instanceId: string, noticeAfterMs: number | undefined): void;
}

export interface Ec2Service extends Service<Ec2Part> {
  readonly control: Ec2Control;
}

export function buildEc2(context: AccountContext, parts: Parts, timings: Timings): Ec2Service {
  const tags = buildTagStore();
  const machines = new Map<string, Machine>();
  const network: Network = seededNetwork(context, tags, () =>
    interfaces([...machines.values()], parts.elb.interfaces()),
  );
  const interfaces = ownInterfaces(network.subnets);
  const templates = buildTemplates(context, tags);
  const keyPairs = buildKeyPairs(context, tags);
  const images = buildImages(tags);
  const downZones = new Set<string>();
  const instanceListeners: ((instance: Instance) => void)[] = [];
  const applicationListeners: ((instanceId: string) => void)[] = [];
  const viewOf = (machine: Machine): Instance => machine.view(tags.of(machine.facts.instanceId));

  const fleet: Fleet = {
    all: () => [...machines.values()],
    get: (instanceId) => machines.get(instanceId),
    isZoneAvailable: (zone) => !downZones.has(zone),
    add: (facts) => {
      const id = facts.instanceId;
      const tellState = stateTeller(context, parts, id);
      const machine: Machine = new Machine(context, timings, facts, !downZones.has(facts.availabilityZone), {
        changed: () => {
          tellState(machine.view([]).state);
          for (const listener of instanceListeners) listener(viewOf(machine));
        },
        applicationChanged: () => {
          for (const listener of applicationListeners) listener(id);
        },
        vanished: () => {
          machines.delete(id);
          tags.forget(id);
          for (const listener of applicationListeners) listener(id);
        },
      });
      machines.set(id, machine);
      tellState("pending");
      return machine;
    },
  };

  const ground: LaunchGround = {
    network,
    image: images.find,
    imageNamedBy: (given) => parts.ssm.imageNamedBy(given),
    instanceProfile: (named) => parts.iam.instanceProfile(named),
    hasKeyPair: keyPairs.has,
    isZoneAvailable: fleet.isZoneAvailable,
    pools: buildPools(() => machines.values()),
  };

  const spot = buildSpotInterruptions(context, parts);

  const part: Ec2Part = {
    // A group remembers id and name; the id stays when a template is made anew under the same name.
    templateVersion: ({ id, name, version }) =>
      templates.resolve(id === undefined ? { name } : { id }, version),
    templateImage: ({ id, name, version }) => {
      try {
        return templates.resolve(id === undefined ? { name } : { id }, version).data.ImageId;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return undefined;
      }
    },
    launch: (request) => {
      const template = templates.resolve({ id: request.templateId }, String(request.version));
      const { data } = template;
      const facts = launchFacts(ground, varied(request, data));
      const wanted = [
        ...specifiedTags(data.TagSpecifications, "instance"),
        ...request.tags,
        ...templateTags(template),
      ];
      const reserved = { ...facts, reservationId: `r-${context.id(17)}`, launchIndex: 0 };
      return viewOf(launched({ fleet, tags }, reserved, wanted));
    },
    checkTemplate: ({ templateId, version, isMixed, ...request }) => {
      const { data } = templates.resolve({ id: templateId }, version);
      checkLaunch(ground, varied(isMixed ? someTypeOf(ground, request, data) : request, data));
    },
    typesMeeting: ({ templateId, version, requirements, imageId }) => {
      const { data } = templates.resolve({ id: templateId }, version);
      return typesMeeting(ground, requirements, imageId ?? data.ImageId);
    },
    spare: ground.pools.spare,
    templateType: ({ id, version }) => {
      const { InstanceType, InstanceRequirements } = templates.resolve({ id }, version).data;
      return { instanceType: InstanceType, requirements: InstanceRequirements };
    },
    templateTraits: ({ id, version }) => {
      const { data } = templates.resolve({ id }, version);
      return {
        isSpot: data.InstanceMarketOptions?.MarketType === "spot",
        canHibernate: data.HibernationOptions?.Configured === true,
      };
    },
    terminate: (instanceId) => machines.get(instanceId)?.terminate(),
    stop: (instanceId, hibernate) => {
      const machine = machines.get(instanceId);
      if (machine?.state === "running") machine.stop(hibernate);
    },
    start: (instanceId) => {
      const machine = machines.get(instanceId);
      if (machine?.state === "stopped") machine.start();
    },
    instance: (instanceId) => {
      const machine = machines.get(instanceId);
      return machine === undefined ? undefined : viewOf(machine);
    },
    ...networkPart(network),
    isZoneAvailable: fleet.isZoneAvailable,
    // Every application answers alike on each port and path.
    respond: (instanceId) => machines.get(instanceId)?.respond() ?? { reachable: false, timedOut: true },
    onInstanceChange: (listener) => void instanceListeners.push(listener),
    onSpotSignal: spot.onSignal,
    onApplicationChange: (listener) => void applicationListeners.push(listener),
  };

  const requireExists = (resourceId: string): string => {
    const isThere =
      machines.has(resourceId) ||
      templates.has(resourceId) ||
      keyPairs.has(resourceId) ||
      images.find(resourceId) !== undefined ||
      isInNetwork(network, resourceId);
    if (isThere) return resourceId;
    throw noSuchResource(resourceId);
  };

  return {
    part,
    control: buildControl(fleet, viewOf, downZones, ground.pools, spot),
    operations: withDryRun(
      refusing(
        {
          ...templates.operations,
          ...buildInstanceOperations(fleet, templates, ground),
          ...instanceAttributeOperations(fleet, network),
          ...instanceTypeOperations(),
          ...images.operations,
          ...keyPairs.operations,
          ...capacityReservationOperations(),
          ...networkOperations(network, fleet.isZoneAvailable),
          ...buildTagOperations(tags, requireExists),
        },
        EC2_CALL_REFUSALS,
        undefined,
      ),
    ),
  };
}

function buildControl(
  fleet: Fleet,
  viewOf: (machine: Machine) => Instance,
  downZones: Set<string>,
  pools: Pools,
  spot: SpotInterruptions,
): Ec2Control {
  const find = (instanceId: string): Machine => {
    const machine = fleet.get(instanceId);
    if (machine === undefined) throw noSuchInstance([instanceId]);
    return machine;
  };
  const checkZone = (zone: string): void => {
    if (ZONES.some((one) => one.name === zone)) return;
    throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${zone}]`);
  };
  const tellZone = (zone: string): void => {
    for (const machine of fleet.all()) {
      if (machine.facts.availabilityZone === zone) machine.zoneChanged(!downZones.has(zone));
    }
  };
  return {
    instances: () =>
      fleet.all().map((machine) => ({ ...viewOf(machine), application: applicationOf(machine) })),
    breakApplication: (instanceId, fault) => find(instanceId).breakApplication(fault),
    mendApplication: (instanceId) => find(instanceId).breakApplication(undefined),
    impair: (instanceId, impairment) => find(instanceId).impair(impairment),
    stop: (instanceId) => {
      const machine = find(instanceId);
      if (machine.state !== "running" && machine.state !== "pending") {
        throw new AwsError(
          "IncorrectInstanceState",
          `The instance '${instanceId}' is ${machine.state}, not running.`,
        );
      }
      // ec2/shutdown-behavior
      if (machine.facts.shutdownBehavior === "terminate") machine.terminate();
      else machine.stop();
    },
    failZone: (zone) => {
      checkZone(zone);
      downZones.add(zone);
      tellZone(zone);
    },
    restoreZone: (zone) => {
      checkZone(zone);
      downZones.delete(zone);
      tellZone(zone);
    },
    exhaust: (selection, isExhausted) => {
      if (selection.zone !== undefined) checkZone(selection.zone);
      pools.exhaust(selection, isExhausted);
    },
    interrupt: (instanceId, noticeAfterMs) => spot.interrupt(find(instanceId), noticeAfterMs),
    zones: () => ZONES.map(({ name }) => ({ zone: name, available: !downZones.has(name) })),
  };
}

function applicationOf(machine: Machine): ApplicationFault["kind"] | "starting" | "answering" | "away" {
  if (machine.state !== "running") return "away";
  if (!machine.isBooted) return "starting";
  return machine.applicationFault?.kind ?? "answering";
}

/** ec2/dry-run */
function withDryRun(operations: OperationTable): OperationTable {
  const wrap = (run: (input: never) => object) => (input: { DryRun?: boolean }) => {
    if (input.DryRun === true) {
      throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
    }
    return run(input as never);
  };
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, wrap(run)]));
}

/** What the other services ask of the network. */
function networkPart(
  network: Network,
): Pick<
  Ec2Part,
  "subnet" | "defaultSubnet" | "securityGroup" | "defaultSecurityGroup" | "vpc" | "hasInternetGateway"
> {
  return {
    defaultSubnet: (zone) => {
      const vpc = defaultVpc(network);
      return [...network.subnets.values()].find(
        (one) => one.vpcId === vpc?.vpcId && one.zone === zone && one.isDefaultForZone,
      );
    },
    subnet: (subnetId) => {
      const subnet = network.subnets.get(subnetId);
      if (subnet === undefined) return undefined;
      const { vpcId, zone } = subnet;
      return { subnetId, vpcId, availabilityZone: zone, freeAddresses: () => freeAddresses(network, subnet) };
    },
    securityGroup: (groupId) => network.securityGroups.get(groupId),
    defaultSecurityGroup: (vpcId) => defaultGroupOf(network, vpcId).groupId,
    vpc: (vpcId) => network.vpcs.get(vpcId),
    hasInternetGateway: (vpcId) => hasInternetGateway(network, vpcId),
  };
}

function isInNetwork(network: Network, id: string): boolean {
  return (
    [network.vpcs, network.subnets, network.gateways, network.routeTables, network.securityGroups].some(
      (all) => all.has(id),
    ) ||
    [...network.vpcs.values()].some((vpc) => vpc.defaultAclId === id) ||
    [...network.securityGroups.values()].some((group) => group.rules.some((rule) => rule.ruleId === id)) ||
    network.interfaces().some((one) => one.interfaceId === id)
  );
}
