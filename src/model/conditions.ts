/** Conditions, as the Kubernetes API conventions describe them. */
import type { Reason } from "./reasons.ts";

export type ConditionType = "Ready" | "Synced" | "Healthy" | "Drifted" | "Reconciling" | "Stalled";
export type ConditionStatus = "True" | "False" | "Unknown";

export interface Condition {
  type: ConditionType;
  status: ConditionStatus;
  /** One CamelCase word, for programs: see reasons.ts. */
  reason: Reason;
  /** For people. The same problem gives the same words, so no counters, ages or request ids. */
  message: string;
  observedGeneration: number;
  /** Moves only when `status` does. */
  lastTransitionTime: string;
}

/** What each condition says of a service with which all is well. */
const WELL: Record<ConditionType, ConditionStatus> = {
  Ready: "True",
  Synced: "True",
  Healthy: "True",
  Drifted: "False",
  Reconciling: "False",
  Stalled: "False",
};

export const CONDITION_TYPES = Object.keys(WELL) as readonly ConditionType[];

/** Whether a condition is as it should be; `Unknown` never is. */
export function isWell({ type, status }: Pick<Condition, "type" | "status">): boolean {
  return status === WELL[type];
}

/** What a pass concludes of one condition; times and generation are added by {@link withCondition}. */
export type Verdict = Pick<Condition, "type" | "status" | "reason" | "message">;

/** The conditions with one of them replaced; `lastTransitionTime` is kept while the status stays. */
export function withCondition(
  conditions: readonly Condition[],
  verdict: Verdict,
  observedGeneration: number,
  nowIso: string,
): Condition[] {
  const previous = conditions.find((condition) => condition.type === verdict.type);
  const lastTransitionTime =
    previous !== undefined && previous.status === verdict.status ? previous.lastTransitionTime : nowIso;
  const next: Condition = { ...verdict, observedGeneration, lastTransitionTime };
  return previous === undefined
    ? [...conditions, next]
    : conditions.map((condition) => (condition.type === verdict.type ? next : condition));
}

export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
