/** What does it cost to keep a group that scales, and does the daemon leave alone what scaling does? */
import { example } from "../test/support/example.ts";
import { Installation, WEB_API } from "../test/support/installation.ts";
import { countsOf } from "./counts.ts";
import type { Measurement } from "./report.ts";

const HOUR_MS = 3_600_000;
const HOURS = 7 * 24;
/** With one instance of the worked example serving 200 a second at most. */
const REQUESTS = { busy: 1_300, quiet: 40 };
/** In UTC, as the virtual clock goes; people come a while after the group has grown for them. */
const BUSY_HOURS = { from: 8, to: 18 };
/** No pass comes by itself while one is counted. */
const LONG_RESYNC_MS = 600_000;
const PASS_MS = 30_000;
/** As many reads more may a warm pool, hooks and scheduled actions cost. */
const MORE_READS = 4;
/** A working day begins and ends, and the weekend needs no more than so much. */
const SCHEDULE = {
  morning: { recurrence: "0 7 * * MON-FRI", timeZone: "Europe/Berlin", minSize: 4, desiredCapacity: 6 },
  evening: { recurrence: "0 20 * * MON-FRI", timeZone: "Europe/Berlin", minSize: 2 },
  saturday: { recurrence: "0 0 * * SAT", timeZone: "Europe/Berlin", maxSize: 12 },
};

export async function measureScaling(): Promise<Measurement[]> {
  return [await idleReads(), ...(await week())];
}

async function idleReads(): Promise<Measurement> {
  const plain = await furtherPass(example().spec());
  const hook = { heartbeatTimeout: 30, defaultResult: "CONTINUE" } as const;
  const more = await furtherPass(
    example()
      .withGroup("web", {
        warmPool: { minSize: 1 },
        lifecycleHooks: {
          launching: { ...hook, lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING" },
          terminating: { ...hook, lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING" },
        },
        scheduledActions: SCHEDULE,
      })
      .spec(),
  );
  return {
    question: "A further pass with a warm pool, two hooks and three scheduled actions: reads more",
    figure: more - plain,
    unit: "calls",
    goal: { atMost: MORE_READS },
    how: `${more}, where the worked example without them makes ${plain}`,
  };
}

/** Reads of one pass over a service that stands. */
async function furtherPass(spec: unknown): Promise<number> {
  const world = new Installation({ resyncMs: LONG_RESYNC_MS });
  world.post(spec);
  await world.untilReady();
  // Until whatever the pool launches is there, too.
  await world.clock.advance(LONG_RESYNC_MS + LONG_RESYNC_MS / 2);
  const before = countsOf(world);
  world.controller.request(WEB_API);
  await world.clock.advance(PASS_MS);
  return countsOf(world).reads - before.reads;
}

/** Every kind of scaling at once, and a day's traffic each day. */
function scaledSpec(): unknown {
  return example()
    .withGroup("web", { scheduledActions: SCHEDULE, defaultInstanceWarmup: 120 })
    .withPolicy("forecast", {
      predictiveScaling: {
        mode: "ForecastAndScale",
        // The spec never says again what it raises.
        maxCapacityBreachBehavior: "IncreaseMaxCapacity",
        maxCapacityBuffer: 10,
        metricSpecifications: [
          { targetValue: 70, predefinedMetricPair: { predefinedMetricType: "ASGCPUUtilization" } },
        ],
      },
    })
    .withPolicy("surge", {
      stepScaling: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
      },
    })
    .withAlarm("surge", {
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: { ref: "autoScalingGroups.web" } },
      statistic: "Average",
      period: 60,
      evaluationPeriods: 1,
      threshold: 90,
      comparisonOperator: "GreaterThanThreshold",
      alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.surge" }],
    })
    .spec();
}

/** What AWS says of an activity that one of them has caused. */
const CAUSES = {
  schedule: /scheduled action/,
  "target tracking": /monitor alarm TargetTracking-/,
  steps: /monitor alarm (?!TargetTracking-)/,
  prediction: /predictive scaling policy/,
} as const;

async function week(): Promise<Measurement[]> {
  const world = new Installation({ resyncMs: LONG_RESYNC_MS });
  world.post(scaledSpec());
  await world.untilReady();
  const { LoadBalancers = [] } = await world.aws("elasticloadbalancing:DescribeLoadBalancers", {});
  const [balancer = ""] = LoadBalancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
  const before = countsOf(world);
  const causes = new Map<string, string>();
  for (let hour = 0; hour < HOURS; hour += 1) {
    const isBusy = hour % 24 >= BUSY_HOURS.from && hour % 24 < BUSY_HOURS.to;
    const requestsPerSecond = isBusy ? REQUESTS.busy : REQUESTS.quiet;
    world.account.parts.load.set(balancer, { requestsPerSecond, errorRate: 0 });
    await world.clock.advance(HOUR_MS);
    const { Activities = [] } = await world.aws("autoscaling:DescribeScalingActivities", {});
    for (const { ActivityId = "", Cause = "" } of Activities) causes.set(ActivityId, Cause);
  }
  const drift = world.store.driftEvents({ limit: 100 }).items.length;
  const atWork = Object.entries(CAUSES).map(([name, cause]) => {
    const count = [...causes.values()].filter((text) => cause.test(text)).length;
    return { name, count };
  });
  const how = `${HOURS} h of virtual time, ${REQUESTS.quiet} to ${REQUESTS.busy} requests a second each day; instances that came or went by ${atWork.map(({ name, count }) => `${name} ${count}`).join(", by ")}`;
  return [
    {
      question: "A week of scaling: drift events",
      figure: drift,
      unit: "events",
      goal: { atMost: 0 },
      how,
    },
    {
      question: "A week of scaling: mutating calls",
      figure: countsOf(world).mutating - before.mutating,
      unit: "calls",
      goal: { atMost: 0 },
      how: "in the same week",
    },
    {
      question: "A week of scaling: ways of scaling that were at work",
      figure: atWork.filter(({ count }) => count > 0).length,
      unit: "of 4",
      goal: { atLeast: 4 },
      how: "by what AWS says of each activity; with less, the figures above would mean nothing",
    },
  ];
}
