import { describe, expect, it } from "vitest";
import { AccountBudget } from "../../src/aws/account-budget.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import { CloudError } from "../../src/model/errors.ts";
import type { Urgency } from "../../src/model/fleet/urgency.ts";
import { type Cloud, isRead, type OperationName } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { buildThrottle } from "../../src/simulator/account/throttle.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const READ = "elasticloadbalancing:DescribeRules";
const WRITE = "elasticloadbalancing:CreateRule";

/** An account with AWS's buckets, our limited calls to it, and somebody else who calls it three times a second. */
function world(seed: number) {
  const clock = new VirtualClock(0);
  const rng = seededRng(seed);
  const throttle = buildThrottle(clock);
  const wait = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
  const take = (operation: OperationName) => {
    const [service, name] = operation.split(":") as ["elasticloadbalancing", string];
    throttle.take({ service, operation: name, mutating: !isRead(operation), input: {} } as never);
  };
  const account = {
    call: async (operation: OperationName) => {
      await wait(50 + 100 * rng.next());
      try {
        take(operation);
      } catch {
        throw new CloudError({ operation, code: "Throttling", message: "Rate exceeded" });
      }
      await wait(50);
      return {};
    },
  } as unknown as Cloud;
  const budget = new AccountBudget({ clock });
  const cloud = withRateLimit(account, budget);
  const others = { calls: 0, throttled: 0 };
  const own = { calls: 0, throttled: 0 };
  const callAsAnother = (operation: OperationName, perSecond: number) => {
    const next = () => {
      others.calls += 1;
      try {
        take(operation);
      } catch {
        others.throttled += 1;
      }
      clock.schedule((-Math.log(1 - rng.next()) / perSecond) * 1_000, next);
    };
    next();
  };
  /** So many callers, each of which calls again as soon as it is answered. */
  const callFlatOut = (operation: OperationName, callers: number, urgency: Urgency) => {
    const again = async (): Promise<void> => {
      own.calls += 1;
      await cloud.call(operation, {} as never, { urgency }).catch((error) => {
        if (!(error instanceof CloudError)) throw error;
        own.throttled += 1;
      });
      return again();
    };
    for (let caller = 0; caller < callers; caller += 1) void again();
  };
  return { clock, budget, others, own, callAsAnother, callFlatOut };
}

describe("somebody else who calls three times a second", () => {
  it.each([1, 2, 3])("is not throttled while routine takes its share (seed %i)", async (seed) => {
    const { clock, others, own, callAsAnother, callFlatOut } = world(seed);
    callAsAnother("elasticloadbalancing:DescribeLoadBalancers", 3);
    callFlatOut(READ, 100, "routine");
    await clock.advance(1_200_000);
    expect(others.throttled / others.calls).toBe(0);
    expect(own.throttled).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])(
    "is throttled in one call of a hundred at most while we take all we can (seed %i)",
    async (seed) => {
      const { clock, others, callAsAnother, callFlatOut } = world(seed);
      callAsAnother("elasticloadbalancing:DescribeLoadBalancers", 3);
      callFlatOut(READ, 100, "person");
      callFlatOut(WRITE, 20, "person");
      await clock.advance(600_000);
      expect(others.throttled / others.calls).toBeLessThanOrEqual(0.01);
    },
  );
});

it("what nobody else uses is used whole", async () => {
  const { clock, own, callFlatOut } = world(1);
  callFlatOut(READ, 100, "person");
  await clock.advance(600_000);
  expect(own.calls).toBeGreaterThan(0.98 * 6_000);
  expect(own.throttled).toBe(0);
});
