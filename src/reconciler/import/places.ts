/** What each member of the tier is called in the spec, and where it stands there. */
import {
  type Address,
  LOAD_BALANCER,
  scalingGroupAddress,
  scalingPolicyAddress,
  targetGroupAddress,
} from "../../model/address.ts";
import type { Places } from "../kinds/from-aws.ts";
import type { ScalingPolicy } from "../kinds/scaling-policy/type.ts";
import { childKeys } from "./child-keys.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { LoadBalancer } from "./surroundings.ts";

export interface Keys {
  /** ARN → key. */
  readonly targetGroups: ReadonlyMap<string, string>;
  /** Name → key. */
  readonly groups: ReadonlyMap<string, string>;
}

export function keysOf({ targetGroups, groups }: Pick<Neighbourhood, "targetGroups" | "groups">): Keys {
  const ofTargetGroups = childKeys(targetGroups.map(({ TargetGroupName: name = "" }) => name));
  return {
    targetGroups: new Map(
      targetGroups.map(({ TargetGroupArn: arn = "", TargetGroupName: name = "" }) => [
        arn,
        ofTargetGroups.get(name) ?? name,
      ]),
    ),
    groups: childKeys(groups.map(({ AutoScalingGroupName: name = "" }) => name)),
  };
}

/** A policy that stands in the manifest, under a key of its group's. */
export interface PlacedPolicy {
  readonly policy: ScalingPolicy;
  readonly group: string;
  readonly key: string;
}

export function placesOf(loadBalancer: LoadBalancer, keys: Keys, policies: readonly PlacedPolicy[]): Places {
  const { LoadBalancerArn: own = "" } = loadBalancer;
  const balancer = own.slice(own.indexOf(":loadbalancer/") + ":loadbalancer/".length);
  const byArn = new Map([...keys.targetGroups].map(([arn, key]) => [arn, targetGroupAddress(key)]));
  const byDimension = new Map(
    [...byArn].map(([arn, address]) => [arn.slice(arn.indexOf("targetgroup/")), address]),
  );
  const byPolicy = new Map(
    policies.flatMap(({ policy, group, key }): [string, Address][] => {
      const parent = keys.groups.get(group);
      return parent === undefined
        ? []
        : [[policy.PolicyARN ?? "", scalingPolicyAddress(scalingGroupAddress(parent), key)]];
    }),
  );
  const autoScalingGroup = (name: string) => {
    const key = keys.groups.get(name);
    return key === undefined ? undefined : scalingGroupAddress(key);
  };
  return {
    targetGroup: (arn) => byArn.get(arn),
    autoScalingGroup,
    scalingPolicy: (arn) => byPolicy.get(arn),
    dimension(name, value) {
      if (name === "LoadBalancer") return value === balancer ? LOAD_BALANCER : undefined;
      if (name === "TargetGroup") return byDimension.get(value);
      return name === "AutoScalingGroupName" ? autoScalingGroup(value) : undefined;
    },
    resourceLabel: (label) =>
      label.startsWith(`${balancer}/`) ? byDimension.get(label.slice(balancer.length + 1)) : undefined,
  };
}
