/** How good or bad a word is: decides icon, colour and order, the same everywhere. */
import type { Condition } from "../model/conditions.ts";
import { type DriftEvent, type DriftState, isReportedOnly } from "../model/ledger/drift.ts";
import type { RolloutState } from "../model/ledger/rollout.ts";
import type { FieldVerdict } from "../model/ledger/verdicts.ts";
import type { LookupRow } from "../model/lookups.ts";
import type { AlarmRow, InstanceRow, ResourceState, ScorecardCheck } from "../model/status.ts";

export type Tone = "ok" | "warn" | "bad" | "info" | "unknown" | "idle";

export interface Mark {
  tone: Tone;
  word: string;
}

const mark = (tone: Tone, word: string): Mark => ({ tone, word });

/** Each condition in words: what it says when `True`, when `False`; a condition that is Unknown says so. */
const CONDITION_MARKS: Record<string, readonly [Mark, Mark]> = {
  Ready: [mark("ok", "Ready"), mark("bad", "Not ready")],
  Synced: [mark("ok", "Synced"), mark("warn", "Not synced")],
  Healthy: [mark("ok", "Healthy"), mark("bad", "Not healthy")],
  Drifted: [mark("warn", "Drifted"), mark("ok", "No drift")],
  Reconciling: [mark("info", "Reconciling"), mark("ok", "Settled")],
  Stalled: [mark("bad", "Stalled"), mark("ok", "Not stalled")],
};

export function conditionMark(condition: Pick<Condition, "type" | "status">): Mark {
  const marks = CONDITION_MARKS[condition.type];
  if (marks === undefined || condition.status === "Unknown") {
    return mark("unknown", `${condition.type} unknown`);
  }
  return condition.status === "True" ? marks[0] : marks[1];
}

const RESOURCE_MARKS: Record<ResourceState, Mark> = {
  InSync: mark("ok", "In sync"),
  OutOfSync: mark("warn", "Out of sync"),
  Missing: mark("bad", "Missing"),
  Provisioning: mark("info", "Provisioning"),
  Surplus: mark("warn", "Surplus"),
  Fired: mark("idle", "Fired"),
  Blocked: mark("idle", "Blocked"),
  Unknown: mark("unknown", "Unknown"),
};

/** The order in which states are counted: what needs attention first. */
export const RESOURCE_STATES: readonly ResourceState[] = [
  "Missing",
  "OutOfSync",
  "Surplus",
  "Unknown",
  "Blocked",
  "Provisioning",
  "Fired",
  "InSync",
];

export function resourceMark(state: ResourceState): Mark {
  return RESOURCE_MARKS[state] ?? mark("unknown", state);
}

const LOOKUP_MARKS: Record<LookupRow["state"], Mark> = {
  Current: mark("ok", "Current"),
  UpdateAvailable: mark("info", "Update available"),
  Unresolved: mark("warn", "Finds nothing"),
  Unknown: mark("unknown", "Unknown"),
};

const ROLLOUT_MARKS: Record<RolloutState, Mark> = {
  Running: mark("info", "Running"),
  Succeeded: mark("ok", "Succeeded"),
  Stopped: mark("idle", "Stopped"),
  Failed: mark("bad", "Failed"),
  RollingBack: mark("warn", "Rolling back"),
  RolledBack: mark("bad", "Rolled back"),
  RollbackFailed: mark("bad", "Rollback failed"),
};

export function rolloutMark(state: RolloutState): Mark {
  return ROLLOUT_MARKS[state] ?? mark("unknown", state);
}

export function lookupMark(state: LookupRow["state"]): Mark {
  return LOOKUP_MARKS[state] ?? mark("unknown", state);
}

const TARGET_TONES: Record<string, Tone> = {
  healthy: "ok",
  unhealthy: "bad",
  "unhealthy.draining": "bad",
  initial: "info",
  draining: "idle",
  unused: "warn",
};

export function targetMark(state: string): Mark {
  return mark(TARGET_TONES[state] ?? "unknown", state);
}

export function lifecycleTone(state: string, healthStatus: string): Tone {
  if (healthStatus === "Unhealthy") return "bad";
  if (state === "InService") return "ok";
  if (state.startsWith("Pending")) return "info";
  return "idle";
}

export function ec2Tone(ec2: { state: string; systemStatus: string; instanceStatus: string }): Tone {
  if (ec2.systemStatus === "impaired" || ec2.instanceStatus === "impaired") return "bad";
  if (ec2.state === "pending") return "info";
  if (ec2.state !== "running") return "idle";
  return ec2.systemStatus === "ok" && ec2.instanceStatus === "ok" ? "ok" : "info";
}

const SERVING_MARKS: Record<InstanceRow["serving"], Mark> = {
  yes: mark("ok", "serving"),
  no: mark("bad", "not serving"),
  unknown: mark("unknown", "unknown"),
};

const PHASE_MARKS: Partial<Record<NonNullable<InstanceRow["phase"]>, Mark>> = {
  starting: mark("info", "starting"),
  leaving: mark("idle", "leaving"),
  apart: mark("idle", "set apart"),
};

/** One that is on its way in or out is no failure. */
export function instanceMark({ serving, phase }: Pick<InstanceRow, "serving" | "phase">): Mark {
  return (phase === undefined ? undefined : PHASE_MARKS[phase]) ?? SERVING_MARKS[serving];
}

const VERDICT_MARKS: Record<FieldVerdict, Mark> = {
  same: mark("ok", "Same"),
  drifted: mark("warn", "Drifted"),
  "rolling out": mark("info", "Rolling out"),
  contested: mark("bad", "Contested"),
  ignored: mark("idle", "Ignored"),
  ineffective: mark("bad", "Ineffective"),
  "not compared": mark("unknown", "Not compared"),
};

export function verdictMark(verdict: FieldVerdict): Mark {
  return VERDICT_MARKS[verdict] ?? mark("unknown", verdict);
}

export const CHECK_MARKS: Record<ScorecardCheck["result"], Mark> = {
  fail: mark("bad", "Fails"),
  unknown: mark("unknown", "Unknown"),
  pass: mark("ok", "Passes"),
};

const DRIFT_MARKS: Record<DriftState, Mark> = {
  Open: mark("warn", "Open"),
  Corrected: mark("ok", "Corrected by Holdfast"),
  Reverted: mark("ok", "Reverted by others"),
  Superseded: mark("idle", "Superseded by a new spec"),
};

const REPORTED = mark("idle", "Reported, not corrected");

export function driftMark(event: DriftEvent): Mark {
  return event.state === "Open" && isReportedOnly(event) ? REPORTED : DRIFT_MARKS[event.state];
}

const ALARM_TONES: Record<string, Tone> = { OK: "ok", ALARM: "bad" };

export function alarmMark(alarm: Pick<AlarmRow, "state" | "onlyScales">): Mark {
  const { state, onlyScales } = alarm;
  if (state === "ALARM" && onlyScales === true) return mark("info", "ALARM: it scales");
  return mark(ALARM_TONES[state] ?? "unknown", state === "INSUFFICIENT_DATA" ? "Insufficient data" : state);
}

export function activityTone(status: string): Tone {
  if (status === "Successful") return "ok";
  if (status === "Failed" || status === "Cancelled") return "bad";
  return "info";
}
