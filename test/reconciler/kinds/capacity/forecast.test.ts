/** A predictive policy at work: whose the sizes are that it moves, where that is told, and that nothing is written over it. */
import { describe, expect, it } from "vitest";
import { besides } from "../../../../src/dashboard/words.ts";
import { example } from "../../../support/example.ts";
import { type Installation, WEB_API } from "../../../support/installation.ts";
import { converged, driftEvents } from "../../world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GROUP = "autoScalingGroups.web";
/** Requests of a second; with 100 for each instance two of them, and eight. */
const QUIET = 150;
const BUSY = 800;
/** Days pass, and nothing is lost by a look every ten minutes. */
const RARELY = { resyncMs: 10 * MINUTE_MS };
const BUSY_HOURS = { from: 8, to: 12 };

const withForecast = (predictive: object, group: object = {}) =>
  example()
    .withGroup("web", { minSize: 2, maxSize: 5, scalingPolicies: {}, ...group })
    .withPolicy("ahead", {
      predictiveScaling: {
        mode: "ForecastAndScale",
        metricSpecifications: [
          {
            targetValue: 6_000,
            predefinedMetricPair: {
              predefinedMetricType: "ALBRequestCount",
              resourceLabel: { ref: "targetGroups.web" },
            },
          },
        ],
        ...predictive,
      },
    });
const RAISING = { maxCapacityBreachBehavior: "IncreaseMaxCapacity", maxCapacityBuffer: 30 };

async function groupIn(installation: Installation) {
  const { AutoScalingGroups: [group] = [] } = await installation.aws(
    "autoscaling:DescribeAutoScalingGroups",
    {},
  );
  return group!;
}

/** A day, and as many hours of the next one, with traffic in the morning. */
async function untilNextDay(installation: Installation, hour: number): Promise<void> {
  const [balancer] = installation.account.parts.elb.loadBalancers();
  const endMs = (Math.floor(installation.clock.nowMs() / (24 * HOUR_MS)) + 1) * 24 * HOUR_MS + hour * HOUR_MS;
  while (installation.clock.nowMs() < endMs) {
    const now = new Date(installation.clock.nowMs()).getUTCHours();
    const requestsPerSecond = now >= BUSY_HOURS.from && now < BUSY_HOURS.to ? BUSY : QUIET;
    installation.account.parts.load.set(balancer!.arn, { requestsPerSecond, errorRate: 0 });
    await installation.clock.advance(HOUR_MS - (installation.clock.nowMs() % HOUR_MS));
  }
  await installation.clock.advance(25 * MINUTE_MS);
}

const rowOf = (installation: Installation, key: string) =>
  installation.store.get(WEB_API)!.status!.resources.find((row) => row.key === key)!;
const ownersIn = (installation: Installation) =>
  Object.fromEntries(rowOf(installation, GROUP).owners!.map((one) => [one.field, one]));
const POLICY_NAME = "holdfast/default/web-api/ahead@predictive";

describe("a predictive policy at work", () => {
  it("moves the desired capacity within the band, which is scaling's", async () => {
    const installation = await converged(withForecast({}).spec(), RARELY);
    const calls = installation.mutations().length;
    await untilNextDay(installation, 8);
    expect(await groupIn(installation)).toMatchObject({ MaxSize: 5, DesiredCapacity: 5 });
    expect(ownersIn(installation).desiredCapacity).toMatchObject({
      owner: "Scaling",
      value: 5,
      why: "anything from 2 to 5 is scaling (ahead)'s",
    });
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("owns the maximum that it raises, wherever that is told, until an edit says otherwise", async () => {
    const installation = await converged(withForecast(RAISING).spec(), RARELY);
    const calls = installation.mutations().length;
    await untilNextDay(installation, 8);
    expect(await groupIn(installation)).toMatchObject({ MaxSize: 11, DesiredCapacity: 8 });
    const why = `the predictive scaling policy ${POLICY_NAME} may raise it, and AWS never lowers it again`;
    expect(ownersIn(installation).maxSize).toEqual({
      field: "maxSize",
      owner: "Forecast",
      why,
      value: 11,
      declared: 5,
    });
    expect(besides(rowOf(installation, GROUP))).toContain(`maxSize 11 (declared 5): a forecast's, ${why}`);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(installation.condition("Synced")?.status).toBe("True");
    installation.post(withForecast(RAISING, { maxSize: 9 }).spec());
    await installation.untilReady();
    expect((await groupIn(installation)).MaxSize).toBe(9);
    await untilNextDay(installation, 8);
    expect((await groupIn(installation)).MaxSize).toBe(11);
    expect(driftEvents(installation)).toEqual([]);
  }, 60_000);

  it("that the spec has no more leaves the maximum to the spec, and nobody has moved it", async () => {
    const installation = await converged(withForecast(RAISING).spec(), RARELY);
    await untilNextDay(installation, 20);
    expect((await groupIn(installation)).MaxSize).toBe(11);
    // Room for what runs: nothing is terminated, so nobody is asked.
    installation.post(withForecast({}, { maxSize: 9 }).spec());
    await installation.untilReady();
    await installation.clock.advance(30 * MINUTE_MS);
    expect((await groupIn(installation)).MaxSize).toBe(9);
    expect(driftEvents(installation)).toEqual([]);
  });
});
