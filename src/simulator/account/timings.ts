/**
 * How long things take in the simulated account, as a range in milliseconds from which each case is drawn evenly.
 * AWS documents few of these; rows without a page are what is usually seen ("typical").
 */
import type { Rng } from "../../ports.ts";

type Range = readonly [least: number, most: number];

export interface Timings {
  /** RunInstances until `running`. Typical. */
  readonly instancePending: Range;
  /** `running` until the application on the instance answers requests. Typical for a small web application. */
  readonly applicationBoot: Range;
  /** `running` until both status checks have passed ("a few minutes" in the EC2 guide on status checks). Typical. */
  readonly statusChecks: Range;
  /** A fault until a status check, which runs each minute, reports it: EC2 guide, status checks for instances. */
  readonly statusImpaired: Range;
  readonly instanceStopping: Range;
  readonly instanceShuttingDown: Range;
  /** A terminated instance "remains visible for a short while", about an hour: EC2 guide, terminate instances. */
  readonly terminatedVisible: Range;
  /** CreateLoadBalancer until `active`. Measured range; AWS says "a few minutes". */
  readonly loadBalancerProvisioning: Range;
  /** ModifyCapacityReservation until the capacity is there: "a few minutes" in the guide on LCU reservations. */
  readonly capacityReservation: Range;
  /** RegisterTargets until the first health check is due. Typical. */
  readonly targetRegistration: Range;
}

export const TIMINGS: Timings = {
  instancePending: [20_000, 30_000],
  applicationBoot: [30_000, 60_000],
  statusChecks: [105_000, 135_000],
  statusImpaired: [60_000, 120_000],
  instanceStopping: [30_000, 60_000],
  instanceShuttingDown: [30_000, 60_000],
  terminatedVisible: [3_300_000, 3_900_000],
  loadBalancerProvisioning: [135_000, 187_000],
  capacityReservation: [60_000, 300_000],
  targetRegistration: [2_000, 8_000],
};

/** One duration out of a range. */
export function draw(range: Range, rng: Rng): number {
  return Math.round(range[0] + rng.next() * (range[1] - range[0]));
}
