/** What Auto Scaling refuses of warm pools. */
import type { PutWarmPoolType } from "@aws-sdk/client-auto-scaling";
import {
  constraint,
  enumeration,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";
import type { State } from "../state.ts";

const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const POOL_STATES = ["Stopped", "Running", "Hibernated"];
const MOST = 2_147_483_647;

const NUMBERS = refusals<PutWarmPoolType, State>(
  {
    prefix: "autoscaling",
    operations: ["PutWarmPool"],
    code: "ValidationError",
    page: `${API}/API_PutWarmPool.html`,
  },
  [
    [
      "pool-prepared-capacity",
      "The prepared capacity of a warm pool is a whole number from 0, or -1 for none.",
      ({ MaxGroupPreparedCapacity: capacity }) =>
        isOutside(capacity, -1, MOST) &&
        constraint(
          "maxGroupPreparedCapacity",
          capacity,
          "Member must have value greater than or equal to -1",
        ),
    ],
    [
      "pool-min-size",
      "The minimum size of a warm pool is a whole number from 0.",
      ({ MinSize: size }) =>
        isOutside(size, 0, MOST) &&
        constraint("minSize", size, "Member must have value greater than or equal to 0"),
    ],
    [
      "pool-state",
      "A warm pool keeps its instances stopped, running or hibernated.",
      ({ PoolState: poolState }) =>
        isNoneOf(poolState, POOL_STATES) && enumeration("poolState", poolState, POOL_STATES),
    ],
  ],
);

/** Of a group or a template that is not there, others tell. */
function traitsOf({ AutoScalingGroupName: name = "" }: PutWarmPoolType, state: State) {
  const group = state.groups.get(name);
  try {
    return group && state.parts.ec2.templateTraits(group.template);
  } catch {
    return undefined;
  }
}

const TEMPLATES = refusals<PutWarmPoolType, State>(
  {
    prefix: "autoscaling",
    operations: ["PutWarmPool"],
    code: "ValidationError",
    page: `${GUIDE}/ec2-auto-scaling-warm-pools.html`,
  },
  [
    [
      "pool-spot",
      "A group that launches Spot Instances has no warm pool.",
      (input, state) =>
        traitsOf(input, state)?.isSpot === true &&
        "You can't add a warm pool to an Auto Scaling group that requests Spot Instances.",
    ],
    [
      "pool-hibernation",
      "A warm pool hibernates instances only that are launched with hibernation configured.",
      (input, state) => input.PoolState === "Hibernated" && traitsOf(input, state)?.canHibernate === false,
    ],
  ],
);

export const WARM_POOL_RULES: readonly RefusalRule<State>[] = [...NUMBERS, ...TEMPLATES];
