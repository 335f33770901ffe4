/** What warm pools of the simulated account promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const POOLS = `${GUIDE}/ec2-auto-scaling-warm-pools.html`;

export const WARM_POOL_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "pool-size",
    "A warm pool has as many instances as the maximum or the prepared capacity exceeds the desired one, and never fewer than its minimum.",
    `${API}/API_PutWarmPool.html`,
  ],
  [
    "pool-update",
    "Putting a pool again changes what is given; a prepared capacity of -1 takes it away.",
    `${API}/API_PutWarmPool.html`,
  ],
  ["pool-state", "What has been initialised is kept stopped, running or hibernated.", POOLS],
  [
    "pool-hooks",
    "Launch hooks act on an instance as it enters the pool, in Warmed:Pending:Wait, and again as it comes into service; termination hooks as it is terminated, or as it returns to the pool.",
    `${GUIDE}/warm-pool-instance-lifecycle.html`,
  ],
  ["pool-first", "Scale-out takes from the pool what is ready there, and launches only the rest.", POOLS],
  [
    "pool-reuse",
    "With a reuse policy, scale-in returns an instance to a pool that is not full.",
    `${API}/API_InstanceReusePolicy.html`,
  ],
  [
    "pool-health",
    "Instances of a pool are health checked from when they are at rest, without a grace period, and replaced.",
    `${GUIDE}/warm-pools-health-checks-monitor-view-status.html`,
  ],
  ["pool-refresh", "An instance refresh replaces the instances in service, then those of the pool.", POOLS],
  ["pool-on-demand", "A group with a warm pool takes no template that asks for Spot Instances.", POOLS],
  [
    "pool-described",
    "A group shows its pool's settings and size; the instances of the pool are described by DescribeWarmPool.",
    `${API}/API_AutoScalingGroup.html`,
  ],
  [
    "delete-pool",
    "A pool with instances is deleted only with ForceDelete, which waits for no hook.",
    `${API}/API_DeleteWarmPool.html`,
  ],
  [
    "delete-group-with-pool",
    "A group whose pool has instances is deleted only with ForceDelete, and the pool with it.",
    `${API}/API_DeleteAutoScalingGroup.html`,
  ],
]);
