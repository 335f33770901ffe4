/** The status of the object after a pass, and events where it has turned. */
import { instanceRowsOf, lastSeen } from "../health/instances.ts";
import { scorecardOf } from "../health/scorecard.ts";
import { isUnconfirmed } from "../health/unconfirmed.ts";
import { zonesOf } from "../health/zones.ts";
import { type Address, LOAD_BALANCER } from "../model/address.ts";
import { conditionOf } from "../model/conditions.ts";
import type { TierFacts } from "../model/health.ts";
import type { WebService } from "../model/object.ts";
import type { AlarmRow, UnownedRow, UnreadRow, WebServiceStatus } from "../model/status.ts";
import { waitText } from "../model/text/waits.ts";
import { iso } from "../model/time.ts";
import type { Store } from "../ports.ts";
import { conditionsAfter, type Outcome, turningPoints } from "./conditions.ts";
import { approvalViewIn, consentAfter } from "./consent.ts";
import { isForeign } from "./consistency/epochs.ts";
import type { UnconfirmedAbsence } from "./consistency/unconfirmed-absences.ts";
import type { VerdictInput } from "./consistency/verdicts.ts";
import { blockersOf, verbOf } from "./core/actions.ts";
import { isStill } from "./core/belonging/mandate.ts";
import { sentenceOf } from "./core/holds.ts";
import { isComplete, type Observation } from "./core/observation.ts";
import { planViewOf } from "./core/plan-view.ts";
import type { Fields } from "./core/resource.ts";
import { coverageOf } from "./coverage.ts";
import type { Decision } from "./decide.ts";
import { kindNamed } from "./kinds/registry.ts";
import type { InstanceObservation } from "./observe-instances.ts";
import type { Pass, PassDependencies } from "./pass.ts";
import { resourceRowsOf, UNCONFIRMED, unownedIn } from "./resource-rows.ts";
import { rolloutsTold } from "./rollouts/told.ts";

/** What health was judged by. */
export interface HealthInput {
  readonly facts: TierFacts;
  readonly instances: InstanceObservation;
}

export interface StatusTimes {
  readonly requeueAfterMs: number;
  /** While deleting: since when every read has shown that AWS holds nothing of this service. */
  readonly emptySince: string | undefined;
}

export function writeStatus(
  deps: PassDependencies,
  pass: Pass,
  outcome: Outcome,
  health: HealthInput,
  times: StatusTimes,
): void {
  const { object, service } = pass;
  const { store } = deps;
  const previous = store.get(service.key)?.status;
  const status = statusAfter(deps, pass, outcome, health, times, previous);
  store.transaction(() => {
    store.updateStatus(service.key, object.metadata.uid, status);
    for (const occurrence of turningPoints(previous?.conditions, status.conditions))
      store.record(object, occurrence);
    recordUnowned(store, object, status.unowned, previous?.unowned ?? []);
  });
}

function statusAfter(
  { store, clock }: PassDependencies,
  pass: Pass,
  outcome: Outcome,
  { facts, instances }: HealthInput,
  { requeueAfterMs, emptySince }: StatusTimes,
  previous: WebServiceStatus | undefined,
): WebServiceStatus {
  const { object, service, lookups, observation } = pass;
  const nowMs = clock.nowMs();
  const { generation } = object.metadata;
  const { last, mandate } = outcome;
  const conditions = conditionsAfter(previous?.conditions ?? [], outcome, generation, iso(nowMs));
  const isSynced = conditionOf(conditions, "Synced")?.status === "True";
  const waitsForApproval = approvalViewIn(last);
  const isHeldBack = outcome.isPaused || isStill(mandate) || isForeign(pass.epoch);
  const dnsName = last.matching.current.get(LOAD_BALANCER)?.attributes.dnsName ?? previous?.dnsName;
  const account = store.accountOf(service.key);
  const records = store.applied(service.key);
  const applied = new Map([...records].map(([address, { fields }]) => [address, fields] as const));
  return {
    observedGeneration: generation,
    conditions,
    ...consentAfter(object, pass.decisionInput, {
      ...{ isSynced, last, observation: outcome.observation },
      approver: store.approverOf(service.key),
    }),
    ...(account === undefined ? {} : { account }),
    ...(dnsName === undefined ? {} : { dnsName }),
    resources: resourceRowsOf(outcome),
    ...instancesAfter(facts, previous),
    zones: zonesOf(facts),
    ...unreadIn(observation, instances, outcome.unconfirmed),
    ...(lookups.length === 0 ? {} : { lookups: [...lookups] }),
    alarms: alarmRowsOf(facts, observation),
    unowned: unownedIn(outcome.first, observation, applied),
    activities: activityRowsOf(facts, previous),
    scorecard: scorecardOf(facts),
    ...rolloutsTold(store.rollouts(service.key), last),
    ...coverageIn(last, applied, { findings: pass.drift.findings, holds: pass.holds, records }),
    ...observedAtOf(observation, previous, iso(Math.min(nowMs, pass.readAtMs))),
    ...(emptySince === undefined ? {} : { emptySince }),
    ...(isForeign(pass.epoch) ? { foreignEpoch: pass.epoch.epoch } : {}),
    ...(pass.correctionRequested === undefined ? {} : { correctionRequested: pass.correctionRequested }),
    nextPassAt: iso(nowMs + requeueAfterMs),
    waitingFor: (mandate === "observe" ? [] : last.actions).flatMap((action) =>
      blockersOf(action).map((reason) =>
        waitText([sentenceOf(reason)], `${verbOf(action)} ${action.address}`),
      ),
    ),
    ...(waitsForApproval !== undefined || (isHeldBack && last.actions.length > 0)
      ? {
          plan: planViewOf(last, waitsForApproval, {
            ...{ kindNamed, resources: outcome.observation.resources, matching: last.matching },
          }),
        }
      : {}),
  };
}

function recordUnowned(
  store: Store,
  object: WebService,
  rows: readonly UnownedRow[],
  earlier: readonly UnownedRow[],
): void {
  const known = new Set(earlier.map(placeOf));
  const fresh = rows.filter((candidate) => !known.has(placeOf(candidate)));
  for (const [on, tags] of Map.groupBy(fresh.filter(isTag), (row) => row.on)) {
    const keys = tags.map(({ id }) => id).join(", ");
    const message = `${on} carries tags that the spec does not declare (${keys}). They are left alone.`;
    store.record(object, { type: "Warning", reason: "UnownedResource", message });
  }
  for (const row of fresh.filter((candidate) => !isTag(candidate))) {
    store.record(
      object,
      row.isClaim === true
        ? { type: "Warning", reason: "NotOurs", message: row.description }
        : {
            type: "Warning",
            reason: "UnownedResource",
            message: `${row.on} carries ${row.description} (${row.id}). It is left alone.`,
          },
    );
  }
}

/** Two resources may carry the same tag. */
function placeOf({ on, id }: UnownedRow): string {
  return `${on} ${id}`;
}

function isTag({ kind }: UnownedRow): boolean {
  return kind === "tag";
}

/** Of what is wanted: nothing, while the service is being deleted. */
function coverageIn(
  decision: Decision,
  applied: ReadonlyMap<Address, Fields>,
  judgement: VerdictInput,
): Pick<WebServiceStatus, "coverage"> {
  const isAnythingWanted = decision.comparisons.length + decision.unread.length > 0;
  return isAnythingWanted ? { coverage: coverageOf(decision, applied, judgement) } : {};
}

/**
 * Activities are read only while something is going on; what they told stays, because AWS forgets it. A group and the one
 * that it takes the place of stand at one address: what stays of that stays once.
 */
function activityRowsOf(
  facts: TierFacts,
  previous: WebServiceStatus | undefined,
): WebServiceStatus["activities"] {
  const earlier = previous?.activities ?? [];
  if (facts.groups === undefined) return earlier;
  return [...Map.groupBy(facts.groups, ({ key }) => key)].flatMap(([autoScalingGroup, groups]) => {
    const read = groups
      .flatMap(({ activities = [] }) => activities)
      .map(({ timeMs, status, description, cause }) => ({
        time: iso(timeMs),
        ...{ autoScalingGroup, status, description, cause },
      }));
    return read.length > 0 ? read : earlier.filter((row) => row.autoScalingGroup === autoScalingGroup);
  });
}

function observedAtOf(
  observation: Observation,
  previous: WebServiceStatus | undefined,
  nowIso: string,
): { observedAt?: string } {
  if (isComplete(observation)) return { observedAt: nowIso };
  return previous?.observedAt === undefined ? {} : { observedAt: previous.observedAt };
}

/** What AWS says of the alarms that the spec asks for, also while they are being removed. */
function alarmRowsOf({ alarms = [] }: TierFacts, { resources, unreadable }: Observation): AlarmRow[] {
  const seen = [...resources, ...unreadable.flatMap(({ glimpse }) => glimpse ?? [])];
  return alarms.map(({ key, name, state, onlyScales }) => {
    const { reason, sinceMs } =
      seen.find((one) => one.kind === "alarm" && one.name === name)?.alarmState ?? {};
    return {
      key,
      name,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(sinceMs === undefined ? {} : { since: iso(sinceMs) }),
      ...(onlyScales === undefined ? {} : { onlyScales }),
    };
  });
}

/** When the groups could not be read, or are not believed to be gone, the instances stay as they were last seen, and nobody says how they are. */
function instancesAfter(
  facts: TierFacts,
  previous: WebServiceStatus | undefined,
): Pick<WebServiceStatus, "instances"> {
  if (facts.groups !== undefined) return { instances: instanceRowsOf(facts) };
  const rows = previous?.instances ?? [];
  const isDoubted = isUnconfirmed(facts, "autoScalingGroup");
  return { instances: rows.map((row) => lastSeen(row, row.lastSeenAt ?? previous?.observedAt, isDoubted)) };
}

/** What was not read, or is not believed to be missing, so that no page takes it for nothing. */
function unreadIn(
  { unknownKinds, unreadable }: Observation,
  { unanswered }: InstanceObservation,
  unconfirmed: readonly UnconfirmedAbsence[],
): Pick<WebServiceStatus, "unread"> {
  const unread: UnreadRow[] = [
    ...[...unknownKinds].map(([kind, reason]) => ({ kind, reason })),
    ...unreadable.map(({ kind, id, name, reason }) => ({ kind, name: name ?? id, reason })),
    ...unanswered.map(({ of, reason }) => ({ kind: of, reason })),
    ...unconfirmed.map(({ kind, name }) => ({ kind, name, reason: UNCONFIRMED })),
  ];
  return unread.length === 0 ? {} : { unread };
}
