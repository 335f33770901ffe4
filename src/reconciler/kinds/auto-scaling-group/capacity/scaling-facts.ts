/** What asks a group to grow, and what it has against a rise, in the terms of `health/`. Pure. */
import { childNameOf } from "../../../../model/address.ts";
import type { GroupFact, RingingFact } from "../../../../model/health.ts";
import type { Fields, ObservedResource } from "../../../core/resource.ts";
import type { CapacitySpec } from "./sizes.ts";

/** An alarm that AWS makes for a policy, as CloudWatch tells it. */
export interface DerivedAlarm {
  readonly state: string;
  readonly sinceMs?: number;
}

interface Around {
  readonly group: Pick<ObservedResource, "id" | "fields" | "fleet">;
  readonly spec: Pick<CapacitySpec, "scheduledActions"> | undefined;
  readonly resources: readonly ObservedResource[];
  /** Alarm name → what was read of it. */
  readonly alarms: ReadonlyMap<string, DerivedAlarm>;
}

/** Of the two alarms of a target tracking policy the one that scales out (…/ec2/userguide/as-scaling-target-tracking.html). */
const SCALES_OUT = /-AlarmHigh-/;

export function scalingFacts(around: Around): Pick<GroupFact, "ringing" | "warmupSeconds" | "preparations"> {
  const { group, spec, resources, alarms } = around;
  const policies = resources.filter(({ kind, parent }) => kind === "scalingPolicy" && parent === group.id);
  const makers = policies.flatMap((policy) =>
    (policy.derived ?? []).filter((name) => SCALES_OUT.test(name)).map((alarm) => ({ policy, alarm })),
  );
  const derived = makers.flatMap(({ policy, alarm }) => ringing(alarm, policy, alarms.get(alarm)));
  const own = policies
    .filter(({ fields }) => adds(fields))
    .flatMap((policy) =>
      resources
        .filter(({ kind, refersTo }) => kind === "alarm" && refersTo.includes(policy.id))
        .flatMap(({ name, alarmState }) => ringing(name, policy, alarmState)),
    );
  const warmup = warmupOf(group.fields, policies);
  return {
    ...(makers.every(({ alarm }) => alarms.has(alarm)) ? { ringing: [...derived, ...own] } : {}),
    ...(warmup === undefined ? {} : { warmupSeconds: warmup }),
    preparations: {
      schedule: Object.keys(spec?.scheduledActions ?? {}).length > 0,
      prediction: policies.some(({ fields }) => fields.mode === "ForecastAndScale"),
      warmPool: group.fleet?.pool !== undefined,
    },
  };
}

function ringing(
  alarm: string,
  { address, name }: ObservedResource,
  known: DerivedAlarm | undefined,
): RingingFact[] {
  if (known?.state !== "ALARM" || known.sinceMs === undefined) return [];
  return [{ alarm, policy: address === undefined ? name : childNameOf(address), sinceMs: known.sinceMs }];
}

/** Whether a step or simple policy ever adds instances. */
function adds({ stepAdjustments, scalingAdjustment, enabled }: Fields): boolean {
  if (enabled === false) return false;
  const steps = Array.isArray(stepAdjustments) ? stepAdjustments : [];
  return [scalingAdjustment, ...steps.map(adjustmentIn)].some((one) => typeof one === "number" && one > 0);
}

function adjustmentIn(step: unknown): unknown {
  return step !== null && typeof step === "object"
    ? (step as { scalingAdjustment?: unknown }).scalingAdjustment
    : undefined;
}

/** The policy's own, else the group's, else its cooldown (…/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html). */
function warmupOf(group: Fields, policies: readonly ObservedResource[]): number | undefined {
  const given = [
    ...policies.map(({ fields }) => fields.estimatedInstanceWarmup),
    group.defaultInstanceWarmup,
    group.defaultCooldown,
  ];
  return given.find((one): one is number => typeof one === "number" && one >= 0);
}
