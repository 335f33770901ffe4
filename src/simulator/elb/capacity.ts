/** Capacity that is reserved for a load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html */
import type {
  DescribeCapacityReservationCommandInput,
  ModifyCapacityReservationCommandInput,
  ModifyCapacityReservationOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import { draw } from "../account/timings.ts";
import type { OperationTable } from "../services.ts";
import { type ElbState, invalid, type LoadBalancer, loadBalancerOf, within } from "./state.ts";

const DECREASES_PER_DAY = 2;
const DAY_MS = 86_400_000;

interface Reservation {
  /** `undefined` once it has been reset. */
  units: number | undefined;
  readyAtMs: number;
  modifiedAtMs: number;
  decreasedAtMs: number[];
}

export function buildCapacityOperations(state: ElbState): OperationTable {
  const all = new WeakMap<LoadBalancer, Reservation>();
  return {
    DescribeCapacityReservation: (input: DescribeCapacityReservationCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      return view(state, found, all.get(found));
    },
    ModifyCapacityReservation: (input: ModifyCapacityReservationCommandInput) => {
      const found = loadBalancerOf(state, input.LoadBalancerArn);
      const changed = modified(state, all.get(found), input);
      all.set(found, changed);
      return view(state, found, changed);
    },
  };
}

/** elb/capacity-reservation */
function modified(
  state: ElbState,
  present: Reservation | undefined,
  input: ModifyCapacityReservationCommandInput,
): Reservation {
  const nowMs = state.context.clock.nowMs();
  const isReset = input.ResetCapacityReservation === true;
  const asked = input.MinimumLoadBalancerCapacity?.CapacityUnits;
  if (isReset === (asked !== undefined)) {
    throw invalid("Specify either MinimumLoadBalancerCapacity or ResetCapacityReservation");
  }
  const units = asked === undefined ? undefined : within(asked, 1, 2 ** 31 - 1, "The capacity units");
  if (present?.units !== undefined && present.readyAtMs > nowMs) {
    throw new AwsError("CapacityReservationPending", "There is a pending capacity reservation.");
  }
  const decreasedAtMs = recent(present, nowMs);
  const isDecrease = units !== undefined && present?.units !== undefined && units < present.units;
  if (isDecrease && decreasedAtMs.length >= DECREASES_PER_DAY) {
    throw new AwsError(
      "CapacityDecreaseRequestLimitExceeded",
      "You've exceeded the daily capacity decrease limit for this reservation.",
    );
  }
  return {
    units,
    readyAtMs: nowMs + draw(state.timings.capacityReservation, state.context.rng),
    modifiedAtMs: nowMs,
    decreasedAtMs: isDecrease ? [...decreasedAtMs, nowMs] : decreasedAtMs,
  };
}

function recent(reservation: Reservation | undefined, nowMs: number): number[] {
  return (reservation?.decreasedAtMs ?? []).filter((atMs) => nowMs - atMs < DAY_MS);
}

function view(
  state: ElbState,
  loadBalancer: LoadBalancer,
  reservation: Reservation | undefined,
): ModifyCapacityReservationOutput {
  const nowMs = state.context.clock.nowMs();
  const DecreaseRequestsRemaining = DECREASES_PER_DAY - recent(reservation, nowMs).length;
  if (reservation?.units === undefined) return { DecreaseRequestsRemaining, CapacityReservationState: [] };
  const isReady = reservation.readyAtMs <= nowMs;
  const zones = loadBalancer.subnets.map((subnet) => subnet.zone);
  const share = reservation.units / zones.length;
  return {
    LastModifiedTime: new Date(reservation.modifiedAtMs),
    DecreaseRequestsRemaining,
    MinimumLoadBalancerCapacity: { CapacityUnits: reservation.units },
    CapacityReservationState: zones.map((AvailabilityZone) => ({
      AvailabilityZone,
      State: { Code: isReady ? "provisioned" : "pending" },
      EffectiveCapacityUnits: isReady ? share : 0,
    })),
  };
}
