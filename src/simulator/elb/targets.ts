/** Which targets are registered where, and what their health depends on. */
import type {
  DeregisterTargetsCommandInput,
  DescribeTargetHealthCommandInput,
  RegisterTargetsCommandInput,
  TargetDescription,
  TargetHealthDescription,
  TargetHealth as TargetHealthView,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable, TargetHealth } from "../services.ts";
import { Target } from "./health-checks.ts";
import {
  type ElbState,
  type HealthSignals,
  invalid,
  type LoadBalancer,
  type TargetGroup,
  targetGroupOf,
  within,
} from "./state.ts";
import { usageOf } from "./usage.ts";

export interface Targets {
  readonly operations: OperationTable;
  readonly signals: HealthSignals;
  register(group: TargetGroup, id: string, port: number): void;
  deregister(group: TargetGroup, id: string, drained: () => void): void;
  of(group: TargetGroup): readonly Target[];
  /** Begins to follow EC2: to be called once. */
  watch(): void;
}

export function buildTargets(state: ElbState): Targets {
  /** Group ARN → `id:port` → target. */
  const byGroup = new Map<string, Map<string, Target>>();
  const byId = new Map<string, Set<Target>>();
  let usage = new Map<string, LoadBalancer>();

  const of = (group: TargetGroup): Target[] => [...(byGroup.get(group.arn)?.values() ?? [])];
  const refresh = (target: Target): void =>
    target.circumstances(obstacleOf(state, target, usage.get(target.group.arn)));

  const forget = (target: Target): void => {
    byGroup.get(target.group.arn)?.delete(`${target.id}:${target.port}`);
    const same = byId.get(target.id);
    same?.delete(target);
    if (same?.size === 0) byId.delete(target.id);
  };

  const register = (group: TargetGroup, id: string, port: number): void => {
    const all = byGroup.get(group.arn) ?? new Map<string, Target>();
    byGroup.set(group.arn, all);
    const existing = all.get(`${id}:${port}`);
    if (existing !== undefined && !existing.isDraining) return;
    existing?.revive();
    const target = existing ?? new Target(state, group, id, port);
    all.set(`${id}:${port}`, target);
    byId.set(id, (byId.get(id) ?? new Set()).add(target));
    refresh(target);
  };

  const deregister = (
    group: TargetGroup,
    matches: (target: Target) => boolean,
    drained: () => void,
  ): void => {
    for (const target of of(group).filter(matches)) target.drain(() => forget(target), drained);
  };

  const signals: HealthSignals = {
    referencesChanged: () => {
      usage = usageOf(state);
      for (const targets of byGroup.values()) for (const target of targets.values()) refresh(target);
    },
    checkChanged: (group) => {
      for (const target of of(group)) target.somethingChanged();
    },
    groupDeleted: (group) => {
      for (const target of of(group)) {
        forget(target);
        target.end();
      }
      byGroup.delete(group.arn);
    },
  };

  return {
    signals,
    of,
    register,
    deregister: (group, id, drained) => {
      const isRegistered = of(group).some((target) => target.id === id);
      if (isRegistered) deregister(group, (target) => target.id === id, drained);
      else state.context.clock.schedule(0, drained);
    },
    watch: () => {
      state.parts.ec2.onInstanceChange((instance) => {
        for (const target of byId.get(instance.instanceId) ?? []) refresh(target);
      });
      state.parts.ec2.onApplicationChange((id) => {
        const isGone = state.parts.ec2.instance(id) === undefined;
        for (const target of [...(byId.get(id) ?? [])]) {
          if (!isGone) target.somethingChanged();
          else {
            forget(target);
            target.end();
          }
        }
      });
    },
    operations: {
      RegisterTargets: (input: RegisterTargetsCommandInput) => {
        const group = targetGroupOf(state, input.TargetGroupArn);
        const wanted = required(input.Targets).map((one) => checkedTarget(state, group, one));
        const keys = new Set([...of(group), ...wanted].map((one) => `${one.id}:${one.port}`));
        if (keys.size > state.quotas.targetsPerTargetGroup) {
          throw new AwsError(
            "TooManyTargets",
            "The maximum number of targets of this target group has been reached",
          );
        }
        for (const { id, port } of wanted) register(group, id, port);
        return {};
      },
      // elb/deregister-unknown-target
      DeregisterTargets: (input: DeregisterTargetsCommandInput) => {
        const group = targetGroupOf(state, input.TargetGroupArn);
        for (const one of required(input.Targets)) {
          const isAsked = (target: Target): boolean =>
            target.id === one.Id && (one.Port === undefined || target.port === one.Port);
          deregister(group, isAsked, () => undefined);
        }
        return {};
      },
      DescribeTargetHealth: (input: DescribeTargetHealthCommandInput) => {
        const group = targetGroupOf(state, input.TargetGroupArn);
        const registered = of(group);
        const asked = input.Targets ?? [];
        if (asked.length === 0)
          return { TargetHealthDescriptions: registered.map((one) => view(state, one)) };
        return {
          TargetHealthDescriptions: asked.map((one) => {
            const port = one.Port ?? group.port;
            const found = registered.find((target) => target.id === one.Id && target.port === port);
            return found === undefined ? unregistered(one.Id ?? "", port) : view(state, found);
          }),
        };
      },
    },
  };
}

/** What keeps a target from being checked: the reasons in AWS's own order of looking. */
function obstacleOf(
  state: ElbState,
  target: Target,
  loadBalancer: LoadBalancer | undefined,
): TargetHealth | undefined {
  const instance = state.parts.ec2.instance(target.id);
  // elb/stopped-is-unused
  if (
    target.group.targetType === "instance" &&
    instance?.state !== "running" &&
    instance?.state !== "pending"
  ) {
    return unused("Target.InvalidState", `Target is in the ${instance?.state ?? "terminated"} state`);
  }
  // elb/unused-until-referenced
  if (loadBalancer === undefined) {
    return unused(
      "Target.NotInUse",
      "Target group is not configured to receive traffic from the load balancer",
    );
  }
  // elb/zone-not-enabled
  if (instance !== undefined && !loadBalancer.subnets.some((one) => one.zone === instance.availabilityZone)) {
    return unused(
      "Target.NotInUse",
      "Target is in an Availability Zone that is not enabled for the load balancer",
    );
  }
  // elb/checks-start-when-active
  if (loadBalancer.state === "active") return undefined;
  return {
    state: "initial",
    reason: "Elb.RegistrationInProgress",
    description: "Target registration is in progress",
  };
}

function unused(reason: string, description: string): TargetHealth {
  return { state: "unused", reason, description };
}

/** elb/register-running-only */
function checkedTarget(
  state: ElbState,
  group: TargetGroup,
  target: TargetDescription,
): { id: string; port: number } {
  const id = target.Id ?? "";
  const port = within(target.Port ?? group.port, 1, 65_535, "The port of a target");
  if (group.targetType === "ip") {
    if (!/^[0-9a-fA-F.:]+$/.test(id)) throw invalid(`'${id}' is not a valid IP address`);
    return { id, port };
  }
  const instance = state.parts.ec2.instance(id);
  if (instance === undefined) {
    throw new AwsError("InvalidTarget", `The following targets do not exist: '${id}'`);
  }
  if (instance.state !== "running") {
    throw new AwsError(
      "InvalidTarget",
      `The following targets are not in a running state and cannot be registered: '${id}'`,
    );
  }
  if (instance.vpcId !== group.vpcId) {
    throw new AwsError(
      "InvalidTarget",
      `The following targets are not within target group VPC '${group.vpcId}': '${id}'`,
    );
  }
  return { id, port };
}

function required<T>(list: readonly T[] | undefined): readonly T[] {
  if (list === undefined || list.length === 0) throw invalid("At least one target must be specified");
  return list;
}

function view(state: ElbState, target: Target): TargetHealthDescription {
  const zone = state.parts.ec2.instance(target.id)?.availabilityZone;
  return {
    Target: {
      Id: target.id,
      Port: target.port,
      ...(target.group.targetType === "ip" && zone !== undefined && { AvailabilityZone: zone }),
    },
    HealthCheckPort: target.checkPort,
    TargetHealth: healthView(target.health),
  };
}

function unregistered(id: string, port: number): TargetHealthDescription {
  const health = unused("Target.NotRegistered", "Target is not registered to the target group");
  return { Target: { Id: id, Port: port }, TargetHealth: healthView(health) };
}

function healthView(health: TargetHealth): TargetHealthView {
  return {
    State: health.state,
    ...(health.reason !== undefined && { Reason: health.reason as NonNullable<TargetHealthView["Reason"]> }),
    ...(health.description !== undefined && { Description: health.description }),
  };
}
