/** Does a rollout of the daemon take longer than the instance refresh that AWS would have made of the same wish? */
import { conditionOf } from "../src/model/conditions.ts";
import { type Example, example } from "../test/support/example.ts";
import { Installation } from "../test/support/installation.ts";
import type { Measurement } from "./report.ts";

const GROUP = "web";
const INSTANCES = 6;
/** Below what the scaling policy of the worked example adds an instance for. */
const REQUESTS_PER_SECOND = 300;
const NEXT_IMAGE = "ami-87654321";
/** As much longer may it take in all: the number, and until when the status says so. */
const MOST = 1.05;
/** Whatever is under way after the first convergence is over then. */
const QUIET_MS = 900_000;
const LIMIT_MS = 6 * 3_600_000;
const LOOK_MS = 1_000;
/** The account looks at its group once a minute: where in that minute a rollout begins is spread evenly. */
const STARTS = 12;
const SPREAD_MS = 60_000 / STARTS;
/** The same for every instance on both sides: which draws are lucky is not the question. */
const TIMINGS = {
  instancePending: [25_000, 25_000],
  applicationBoot: [45_000, 45_000],
  targetRegistration: [5_000, 5_000],
} as const;

type Preferences = NonNullable<Parameters<Example["withGroup"]>[1]["instanceRefresh"]>;

/** What a spec says of it, and nothing that would make AWS's own rollback different. */
const WISHES: Readonly<Record<string, Preferences>> = {
  "half at a time": { minHealthyPercentage: 50, maxHealthyPercentage: 100, instanceWarmup: 60 },
  "new ones first": { minHealthyPercentage: 100, maxHealthyPercentage: 150, instanceWarmup: 60 },
  "checkpoints and baking": {
    minHealthyPercentage: 100,
    maxHealthyPercentage: 150,
    instanceWarmup: 60,
    checkpointPercentages: [50, 100],
    checkpointDelay: 300,
    bakeTime: 300,
  },
};

export async function measureRollout(): Promise<Measurement[]> {
  const rows: { readonly name: string; readonly ours: number; readonly aws: number }[] = [];
  for (const [name, wish] of Object.entries(WISHES)) {
    let ours = 0;
    let aws = 0;
    for (let start = 0; start < STARTS; start += 1) {
      ours += await oursMs(start, wish);
      aws += await awsMs(start, wish);
    }
    rows.push({ name, ours, aws });
  }
  const told = rows.map(({ name, ours, aws }) => `${name} ${secondsOf(ours)} s against ${secondsOf(aws)} s`);
  return [
    {
      question: `A rollout over ${INSTANCES} instances, as against AWS's own refresh`,
      figure: Math.max(...rows.map(({ ours, aws }) => ours / aws)),
      unit: "times as long",
      goal: { atMost: MOST },
      how: `the longest of: ${told.join("; ")}; means of ${STARTS}, from the edit until the status says Ready, against StartInstanceRefresh with the same preferences until AWS says Successful, under ${REQUESTS_PER_SECOND} requests a second`,
    },
  ];
}

function secondsOf(ms: number): number {
  return Math.round(ms / STARTS / 1_000);
}

function specWith(instanceRefresh: Preferences): Example {
  return example().withGroup(GROUP, { minSize: INSTANCES, instanceRefresh });
}

async function settledWorld(start: number, wish: Preferences): Promise<Installation> {
  const world = new Installation({ seed: start + 1, timings: TIMINGS });
  world.post(specWith(wish).spec());
  await world.untilReady();
  const { LoadBalancers = [] } = await world.aws("elasticloadbalancing:DescribeLoadBalancers", {});
  const [balancer = ""] = LoadBalancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
  world.account.parts.load.set(balancer, { requestsPerSecond: REQUESTS_PER_SECOND, errorRate: 0 });
  await world.clock.advance(QUIET_MS + start * SPREAD_MS);
  return world;
}

/** From the edit until the status says that all is as the spec has it. */
async function oursMs(start: number, wish: Preferences): Promise<number> {
  const world = await settledWorld(start, wish);
  const startMs = world.clock.nowMs();
  world.post(specWith(wish).withImage(NEXT_IMAGE).spec());
  await world.until(() => {
    const { metadata, status } = world.get();
    const isOver = status?.rollouts?.some(({ state }) => state === "Succeeded") === true;
    const isSeen = status?.observedGeneration === metadata.generation;
    return isOver && isSeen && conditionOf(status?.conditions ?? [], "Ready")?.status === "True";
  }, LIMIT_MS);
  return world.clock.nowMs() - startMs;
}

/** As somebody does it who has AWS's API only: a version, a refresh with the same preferences, and its end. */
async function awsMs(start: number, wish: Preferences): Promise<number> {
  const world = await settledWorld(start, wish);
  const stopped = world.controller.stop();
  await world.waiting(stopped);
  const { AutoScalingGroups = [] } = await world.aws("autoscaling:DescribeAutoScalingGroups", {});
  const [{ AutoScalingGroupName, LaunchTemplate } = {}] = AutoScalingGroups;
  const { LaunchTemplateId, Version } = LaunchTemplate ?? {};
  const startMs = world.clock.nowMs();
  const { LaunchTemplateVersion } = await world.aws("ec2:CreateLaunchTemplateVersion", {
    LaunchTemplateId,
    SourceVersion: Version,
    LaunchTemplateData: { ImageId: NEXT_IMAGE },
  });
  const next = { LaunchTemplateId, Version: String(LaunchTemplateVersion?.VersionNumber) };
  await world.aws("autoscaling:StartInstanceRefresh", {
    AutoScalingGroupName,
    DesiredConfiguration: { LaunchTemplate: next },
    Preferences: {
      ...{ MinHealthyPercentage: wish.minHealthyPercentage, MaxHealthyPercentage: wish.maxHealthyPercentage },
      ...{ InstanceWarmup: wish.instanceWarmup, BakeTime: wish.bakeTime },
      ...{ CheckpointPercentages: wish.checkpointPercentages, CheckpointDelay: wish.checkpointDelay },
      ...{ SkipMatching: true, AutoRollback: true },
    },
  });
  for (;;) {
    const answer = await world.aws("autoscaling:DescribeInstanceRefreshes", { AutoScalingGroupName });
    const [refresh] = answer.InstanceRefreshes ?? [];
    if (refresh?.Status === "Successful") return (refresh.EndTime?.getTime() ?? Number.NaN) - startMs;
    if (world.clock.nowMs() - startMs > LIMIT_MS) throw new Error(`the refresh stays ${refresh?.Status}`);
    await world.clock.advance(LOOK_MS);
  }
}
