/**
 * What AWS is asked about the sizes of a group: nothing where they are as declared, and no more than what is needed to
 * explain them where they are not.
 */
import { type Address, scalingGroupAddress } from "../../../../model/address.ts";
import { CloudError } from "../../../../model/errors.ts";
import type { Reader, ServiceContext } from "../../kind.ts";
import { required } from "../../required.ts";
import type { AutoScalingGroup } from "../fleet.ts";
import { type CapacityEvidence, type Claims, isAboveLastSet, keptIn, ownersOf } from "./owners.ts";
import { type CapacitySpec, isFixed } from "./sizes.ts";

/** AWS answers with the newest first; what is older than those has been changed since. */
const ACTIVITIES = 100;

export interface KnownOwners {
  /** Whose each size is. */
  readonly owners?: Claims;
  /** Size → what of AWS's has set it, and keeps it: see core/left-to-others.ts. */
  readonly keptBy?: Readonly<Record<string, string>>;
}

/** @throws CloudError when what may explain a size cannot be read */
export async function sizeOwners(
  reader: Reader,
  group: AutoScalingGroup,
  { spec, editedAtMs }: Pick<ServiceContext, "spec" | "editedAtMs">,
  address: Address | undefined,
): Promise<KnownOwners> {
  const wanted = capacityAt(spec, address);
  const { AutoScalingGroupName } = group;
  if (wanted === undefined || AutoScalingGroupName === undefined) return {};
  let evidence: CapacityEvidence = {
    live: {
      minSize: required(group.MinSize, "MinSize"),
      maxSize: required(group.MaxSize, "MaxSize"),
      desiredCapacity: required(group.DesiredCapacity, "DesiredCapacity"),
    },
    suspended: (group.SuspendedProcesses ?? []) as CapacityEvidence["suspended"],
    nowMs: reader.nowMs(),
    createdAtMs: group.CreatedTime?.getTime(),
    editedAtMs,
  };
  if (isAsDeclared(wanted, evidence)) return known(ownersOf(wanted, evidence));
  const actions = await whereThereIs(
    reader.list(
      "autoscaling:DescribeScheduledActions",
      { AutoScalingGroupName, MaxRecords: 100 },
      (page) => page.ScheduledUpdateGroupActions,
    ),
  );
  evidence = { ...evidence, actions };
  if (isUnexplained("maxSize", wanted, evidence) && isAboveLastSet(wanted, evidence)) {
    const policies = await reader.list(
      "autoscaling:DescribePolicies",
      { AutoScalingGroupName, PolicyTypes: ["PredictiveScaling"], MaxRecords: 100 },
      (page) => page.ScalingPolicies,
    );
    evidence = { ...evidence, policies };
  }
  if (isUnexplained("minSize", wanted, evidence) || isUnexplained("maxSize", wanted, evidence)) {
    const answer = reader.call("autoscaling:DescribeScalingActivities", {
      AutoScalingGroupName,
      MaxRecords: ACTIVITIES,
    });
    const activities = await whereThereIs(
      answer.then(({ Activities }) => required(Activities, "Activities")),
    );
    evidence = { ...evidence, activities };
  }
  return known(ownersOf(wanted, evidence));
}

/**
 * Another implementation of AWS's API may not have the operation at all. Then it has nothing of what that would tell, and
 * an edit of a size is not held up for ever by it. Everything else that goes wrong is thrown.
 */
async function whereThereIs<T>(items: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await items;
  } catch (error) {
    if (error instanceof CloudError && error.category === "unsupported") return [];
    throw error;
  }
}

/** What a spec says of the sizes of the group at an address; nothing of one that it does not ask for. */
export function capacityAt(
  spec: ServiceContext["spec"],
  address: Address | undefined,
): CapacitySpec | undefined {
  return Object.entries(spec.autoScalingGroups).find(
    ([child]) => scalingGroupAddress(child) === address,
  )?.[1];
}

function isAsDeclared(spec: CapacitySpec, { live }: CapacityEvidence): boolean {
  const isDesired = !isFixed(spec) || spec.desiredCapacity === live.desiredCapacity;
  return spec.minSize === live.minSize && spec.maxSize === live.maxSize && isDesired;
}

function isUnexplained(
  size: "minSize" | "maxSize",
  wanted: CapacitySpec,
  evidence: CapacityEvidence,
): boolean {
  const { owner, live, declared } = ownersOf(wanted, evidence)[size];
  return owner === "Spec" && live !== declared;
}

function known(owners: Claims): KnownOwners {
  const keptBy = keptIn(owners);
  return { owners, ...(Object.keys(keptBy).length === 0 ? {} : { keptBy }) };
}
