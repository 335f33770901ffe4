/** What a pass concludes, in the words of the API. Pure; `Ready` is computed from the others and never set. */
import { type Condition, conditionOf, type Verdict, withCondition } from "../../model/conditions.ts";
import type { PlanRow, PlanView, ResourceRow, ResourceState, UnownedRow } from "../../model/status.ts";
import type { Value } from "../../model/value.ts";
import { digestOf } from "./names.ts";
import { type Decision, planValue } from "./plan.ts";
import type { Fields, Observation, ObservedResource, Obstacle, Plan } from "./resource.ts";

export interface Outcome {
  readonly observation: Observation;
  /** What was decided from what was read, before anything was done. */
  readonly first: Decision;
  /** What was left when nothing more could be done. */
  readonly last: Decision;
  /** Whether a call of this pass has changed AWS. */
  readonly hasActed: boolean;
  /** Fields that differ and are not believed yet. */
  readonly isSettling: boolean;
  /** AWS's refusals, as sentences that stay the same while the problem does. */
  readonly failures: readonly { key: string; message: string; isTerminal: boolean }[];
  readonly openDrift: number;
  readonly isPaused: boolean;
  readonly isDeleting: boolean;
  readonly health: Verdict;
}

const say = (type: Verdict["type"], status: Verdict["status"], reason: string, message: string): Verdict => ({
  type,
  status,
  reason,
  message,
});

/** The conditions after a pass. */
export function conditionsAfter(
  previous: readonly Condition[],
  outcome: Outcome,
  generation: number,
  nowIso: string,
): Condition[] {
  const synced = syncedVerdict(outcome);
  const stalled = stalledVerdict(outcome);
  const verdicts = [
    synced,
    outcome.health,
    driftedVerdict(outcome),
    reconcilingVerdict(outcome, synced),
    stalled,
  ];
  const ready = readyVerdict(outcome, synced, stalled);
  return [ready, ...verdicts].reduce<Condition[]>(
    (conditions, verdict) => withCondition(conditions, verdict, generation, nowIso),
    [...previous],
  );
}

function syncedVerdict(outcome: Outcome): Verdict {
  const { observation, first, hasActed, isPaused } = outcome;
  const unknown = unreadReasons(observation);
  const [reason] = unknown;
  if (reason !== undefined)
    return say("Synced", "Unknown", "CannotRead", `AWS could not be read: ${reason}.`);
  const [obstacle] = outcome.last.obstacles;
  if (obstacle !== undefined) return say("Synced", "False", obstacle.reason, obstacle.message);
  const [failure] = outcome.failures;
  if (failure !== undefined) return say("Synced", "False", "CallFailed", failure.message);
  if (hasActed) return say("Synced", "False", "Applying", "Changes were made; the next read verifies them.");
  const waiting = first.actions.find((action) => action.blockedBy.length > 0);
  const differing = first.comparisons.filter(
    (item) => item.observed === undefined || item.differences.length > 0,
  );
  if (isPaused && differing.length > 0) {
    return say(
      "Synced",
      "False",
      "Paused",
      `AWS differs from the spec in ${listed(differing.map((item) => item.desired.key))}; the service is paused.`,
    );
  }
  if (outcome.isSettling)
    return say("Synced", "False", "Confirming", "AWS differs from the spec; a second read decides.");
  if (waiting !== undefined) {
    return say(
      "Synced",
      "False",
      "Waiting",
      `${waiting.verb} ${waiting.key} waits: ${waiting.blockedBy[0]}.`,
    );
  }
  if (differing.length > 0) {
    return say(
      "Synced",
      "False",
      "OutOfSync",
      `AWS differs from the spec in ${listed(differing.map((item) => item.desired.key))}.`,
    );
  }
  if (first.matching.orphans.length > 0) {
    return say(
      "Synced",
      "False",
      "Removing",
      `Resources that the spec does not ask for are being removed: ${listed(first.matching.orphans.map((item) => item.name))}.`,
    );
  }
  const [busy] = [...first.matching.current].filter(([, resource]) => resource.lifecycle !== "ready");
  if (busy !== undefined) {
    const [key, { lifecycle, lifecycleReason }] = busy;
    return lifecycle === "failed"
      ? say("Synced", "False", "Failed", `AWS gave up on ${key}: ${lifecycleReason ?? "it says no reason"}.`)
      : say("Synced", "False", "Provisioning", `AWS is at work on ${key}: ${lifecycleReason ?? lifecycle}.`);
  }
  return say("Synced", "True", "InSync", "AWS holds exactly what the spec asks for.");
}

function unreadReasons({ unknownKinds, unreadable }: Observation): string[] {
  return [...unknownKinds.values(), ...[...unreadable.values()].map(({ reason }) => reason)].sort();
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function driftedVerdict({ openDrift, observation }: Outcome): Verdict {
  if (openDrift > 0)
    return say("Drifted", "True", "AwsMoved", "AWS was changed by somebody else; see the drift events.");
  const isUnknown = observation.unknownKinds.size + observation.unreadable.size > 0;
  if (isUnknown) return say("Drifted", "Unknown", "CannotRead", "Not everything could be read.");
  return say("Drifted", "False", "AsApplied", "AWS holds what was last applied.");
}

function stalledVerdict({ last, failures }: Outcome): Verdict {
  const [obstacle] = last.obstacles;
  if (obstacle !== undefined) return say("Stalled", "True", obstacle.reason, obstacle.message);
  const terminal = failures.find((failure) => failure.isTerminal);
  if (terminal !== undefined) return say("Stalled", "True", "RefusedByAws", terminal.message);
  return say("Stalled", "False", "NotStalled", "Nothing needs a person.");
}

function reconcilingVerdict(outcome: Outcome, synced: Verdict): Verdict {
  if (outcome.isDeleting)
    return say("Reconciling", "True", "Deleting", "The AWS resources are being removed.");
  if (outcome.isPaused)
    return say(
      "Reconciling",
      "False",
      "Paused",
      "Paused by annotation: drift is recorded, nothing is written.",
    );
  if (synced.status === "True") return say("Reconciling", "False", "Converged", "There is nothing to do.");
  return say("Reconciling", "True", synced.reason, synced.message);
}

function readyVerdict({ health, isDeleting }: Outcome, synced: Verdict, stalled: Verdict): Verdict {
  if (isDeleting) return say("Ready", "False", "Deleting", "The service is being deleted.");
  const parts = [
    stalled.status === "True" ? { ...stalled, status: "False" as const } : synced,
    synced,
    health,
  ];
  const no = parts.find((part) => part.status === "False");
  if (no !== undefined) return say("Ready", "False", no.reason, no.message);
  const unclear = parts.find((part) => part.status === "Unknown");
  if (unclear !== undefined) return say("Ready", "Unknown", unclear.reason, unclear.message);
  return say("Ready", "True", "Ready", "In sync with the spec, and serving.");
}

/** One row for each resource that is wanted, and one for each that is ours and not wanted. */
export function resourceRowsOf(outcome: Outcome): ResourceRow[] {
  const { last, failures } = outcome;
  const obstacles = new Map(last.obstacles.map((obstacle) => [obstacle.key, obstacle]));
  const blocked = new Map(last.actions.map((action) => [action.key, action]));
  const failed = new Map(failures.map((failure) => [failure.key, failure.message]));
  const wanted = last.comparisons.map(({ desired: resource, observed, differences }): ResourceRow => {
    const blockers = blocked.get(resource.key)?.blockedBy ?? [];
    const message =
      obstacles.get(resource.key)?.message ??
      failed.get(resource.key) ??
      (blockers.length > 0 ? `waits: ${blockers[0]}` : undefined) ??
      (differences.length > 0
        ? `differs in ${listed(differences.map(({ field }) => field))}`
        : observed?.lifecycleReason);
    return {
      key: resource.key,
      kind: resource.kind,
      name: resource.name,
      ...(observed === undefined
        ? {}
        : { arn: observed.id, observedAt: new Date(observed.observedAtMs).toISOString() }),
      state: stateOf(observed, differences.length, blockers.length),
      ...(message === undefined ? {} : { message }),
    };
  });
  const orphans = last.matching.orphans.map((orphan): ResourceRow => {
    const blocker = last.actions.find((action) => action.id === orphan.id)?.blockedBy[0];
    return {
      key: orphan.key ?? orphan.id,
      kind: orphan.kind,
      name: orphan.name,
      arn: orphan.id,
      state: "Orphan",
      ...(blocker === undefined ? {} : { message: `goes once this is over: ${blocker}` }),
      observedAt: new Date(orphan.observedAtMs).toISOString(),
    };
  });
  const unknown = last.unread.map(
    (resource): ResourceRow => ({
      key: resource.key,
      kind: resource.kind,
      name: resource.name,
      state: "Unknown",
      message: "could not be read",
    }),
  );
  return [...wanted, ...unknown, ...orphans];
}

function stateOf(
  observed: ObservedResource | undefined,
  differences: number,
  blockers: number,
): ResourceState {
  if (observed === undefined) return blockers > 0 ? "Blocked" : "Missing";
  // It may hold what is wanted now and not yet what is wanted in the end.
  if (differences + blockers > 0) return "OutOfSync";
  return observed.lifecycle === "ready" ? "InSync" : "Provisioning";
}

/** What others have put on resources of ours: shown, and left alone. */
export function unownedIn(
  decision: Decision,
  observation: Observation,
  applied: ReadonlyMap<string, Fields>,
): UnownedRow[] {
  const ours = observation.resources.filter((resource) => resource.owned);
  const children = observation.resources
    .filter((resource) => !resource.owned)
    .flatMap((resource): UnownedRow[] => {
      const parent = ours.find((candidate) => candidate.id === resource.parent);
      if (parent === undefined) return [];
      return [
        {
          kind: resource.kind,
          on: parent.key ?? parent.id,
          id: resource.id,
          description: descriptionOf(resource),
        },
      ];
    });
  const tags = decision.comparisons.flatMap(({ desired, observed, differences }): UnownedRow[] => {
    // What differs is ours to take back, and may have been by now.
    const taken = Object.fromEntries(differences.map(({ field, observed: live }) => [field, live]));
    const known = { ...taken, ...applied.get(desired.key), ...desired.fields };
    return Object.entries(observed?.fields ?? {})
      .filter(([field]) => field.startsWith("tags.") && known[field] === undefined)
      .map(([field]) => ({
        kind: "tag",
        on: desired.key,
        id: field.slice("tags.".length),
        description: "a tag that the spec does not declare",
      }));
  });
  return [...children, ...tags];
}

function descriptionOf(resource: ObservedResource): string {
  if (resource.kind === "rule")
    return `a rule of somebody else's with priority ${shown(resource.fields.priority)}`;
  if (resource.kind === "listener")
    return `a listener of somebody else's on port ${shown(resource.fields.port)}`;
  return `a ${resource.kind} of somebody else's called ${resource.name}`;
}

function shown(value: Value | undefined): string {
  return value === undefined ? "?" : String(value);
}

/** The plan as people and programs see it: without inputs, which may hold secrets. */
export function planViewOf(plan: Plan): PlanView {
  const rows = plan.actions.map(
    (action): PlanRow => ({
      verb: action.verb,
      key: action.key,
      kind: action.kind,
      name: action.name,
      reason: action.reason,
      calls: action.calls.map((call) => call.operation),
      differences: action.differences.map((difference) => ({ ...difference })),
      blockedBy: [...action.blockedBy],
    }),
  );
  const obstacles = plan.obstacles.map(obstacleRow);
  const count = (verb: string) => rows.filter((row) => row.verb === verb).length;
  return {
    digest: digestOf(planValue(plan)).slice(0, 16),
    rows: [...rows, ...obstacles],
    summary: {
      create: count("create"),
      update: count("update") + count("arrange"),
      delete: count("delete"),
      blocked: rows.filter((row) => row.blockedBy.length > 0).length + obstacles.length,
    },
  };
}

function obstacleRow(obstacle: Obstacle): PlanRow {
  return {
    verb: "stop",
    key: obstacle.key,
    kind: "",
    name: "",
    reason: obstacle.message,
    calls: [],
    differences: [],
    blockedBy: [obstacle.reason],
  };
}

/** What changed between two sets of conditions, as occurrences worth an event. */
export function turningPoints(
  before: readonly Condition[] | undefined,
  after: readonly Condition[],
): { type: "Normal" | "Warning"; reason: string; message: string }[] {
  const turned = (type: Condition["type"]) => {
    const now = conditionOf(after, type);
    return now !== undefined && conditionOf(before, type)?.status !== now.status ? now : undefined;
  };
  const ready = turned("Ready");
  const stalled = turned("Stalled");
  const synced = turned("Synced");
  return [
    ...(ready?.status === "True"
      ? [{ type: "Normal" as const, reason: "Ready", message: ready.message }]
      : []),
    ...(ready?.status === "False" && conditionOf(before, "Ready")?.status === "True"
      ? [{ type: "Warning" as const, reason: "NotReady", message: ready.message }]
      : []),
    ...(stalled?.status === "True"
      ? [{ type: "Warning" as const, reason: stalled.reason, message: stalled.message }]
      : []),
    ...(synced?.status === "Unknown"
      ? [{ type: "Warning" as const, reason: synced.reason, message: synced.message }]
      : []),
  ];
}
