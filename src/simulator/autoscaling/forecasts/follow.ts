/** Predictive policies at work: a forecast is made, renewed, and, where the policy may, scaled by. */
import { setDesired } from "../converge.ts";
import { type Forecast, type Group, isSuspended, type Policy, type State } from "../state.ts";
import { knownOf } from "./metrics.ts";
import { capacityFor, forecastLoad, HOUR_MS, hourOf } from "./model.ts";

/** autoscaling/forecast-renewed */
const RENEWED_AFTER_MS = 6 * HOUR_MS;
/** What was forecast can be asked for as long as a question may reach back at once. autoscaling/forecast-past */
const KEPT_MS = 30 * 24 * HOUR_MS;
/** CloudWatch has the minute that ends with an hour a moment later. */
const REPORTED_AFTER_MS = 1_000;

/** Makes the first forecast at once, if enough is known. @param before of the same policy, as it was put earlier */
export function beginForecasts(
  state: State,
  group: Group,
  policy: Policy,
  before: Forecast | undefined,
): Forecast {
  before?.cancel();
  const forecast: Forecast = {
    updatedAtMs: undefined,
    load: new Map(before?.load),
    capacity: new Map(before?.capacity),
    held: undefined,
    cancel: () => undefined,
  };
  const { clock } = state.context;
  let stopRenewing = () => {};
  let stopScaling = () => {};
  const renew = (): void => {
    const isMade = make(state, group, policy, forecast);
    const nowMs = clock.nowMs();
    const delayMs = isMade ? RENEWED_AFTER_MS : hourOf(nowMs) + HOUR_MS + REPORTED_AFTER_MS - nowMs;
    stopRenewing = clock.schedule(delayMs, renew);
  };
  const scaleEachHour = (): void => {
    const nowMs = clock.nowMs();
    const bufferMs = (policy.input.PredictiveScalingConfiguration?.SchedulingBufferTime ?? 300) * 1_000;
    // autoscaling/forecast-buffer-time
    const hourMs = hourOf(nowMs + bufferMs) + HOUR_MS;
    stopScaling = clock.schedule(hourMs - bufferMs - nowMs, () => {
      scale(state, group, policy, forecast, hourMs);
      scaleEachHour();
    });
  };
  renew();
  scaleEachHour();
  forecast.cancel = () => {
    stopRenewing();
    stopScaling();
  };
  return forecast;
}

/** @returns whether there is one: too little may be known */
function make(state: State, group: Group, policy: Policy, forecast: Forecast): boolean {
  const [specification] = policy.input.PredictiveScalingConfiguration?.MetricSpecifications ?? [];
  if (specification === undefined) return false;
  const nowMs = state.context.clock.nowMs();
  const { history, perUnit } = knownOf(state, group.name, specification);
  const load = forecastLoad(history, nowMs);
  if (load === undefined || perUnit === undefined) return false;
  for (const [hourMs, value] of load) {
    forecast.load.set(hourMs, value);
    forecast.capacity.set(hourMs, capacityFor(value, perUnit, specification.TargetValue ?? 1));
  }
  for (const hours of [forecast.load, forecast.capacity])
    for (const hourMs of hours.keys()) if (hourMs < nowMs - KEPT_MS) hours.delete(hourMs);
  forecast.updatedAtMs = nowMs;
  return true;
}

/** For the hour that begins: never fewer than there are. autoscaling/forecast-scales-out */
function scale(state: State, group: Group, policy: Policy, forecast: Forecast, hourMs: number): void {
  const { PredictiveScalingConfiguration: given, Enabled } = policy.input;
  const capacity = forecast.capacity.get(hourMs);
  const mayScale = given?.Mode === "ForecastAndScale" && Enabled !== false;
  if (!mayScale || capacity === undefined || group.deleting || isSuspended(group, "Launch")) return;
  // autoscaling/forecast-raises-maximum
  if (given.MaxCapacityBreachBehavior === "IncreaseMaxCapacity")
    group.maxSize = Math.max(
      group.maxSize,
      Math.ceil((capacity * (100 + (given.MaxCapacityBuffer ?? 0))) / 100),
    );
  const bufferMs = (given.SchedulingBufferTime ?? 300) * 1_000;
  forecast.held = { capacity, untilMs: hourMs + HOUR_MS - bufferMs };
  const wanted = Math.min(group.maxSize, Math.max(group.minSize, capacity));
  if (wanted > group.desired)
    setDesired(
      state,
      group,
      wanted,
      `predictive scaling policy ${policy.name} forecast a capacity of ${capacity}`,
    );
}

/** What the policies that scale by a forecast want in this hour: no other policy goes below. autoscaling/forecast-and-dynamic */
export function forecastFloor(state: State, group: Group): number {
  const nowMs = state.context.clock.nowMs();
  const wanted = [...group.policies.values()].flatMap(({ forecast }) =>
    forecast?.held !== undefined && nowMs < forecast.held.untilMs ? [forecast.held.capacity] : [],
  );
  return Math.max(0, ...wanted);
}
