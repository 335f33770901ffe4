/** The shapes of the model's values that live in JSON columns. */
import { CONFIDENCES } from "../model/ledger/attribution.ts";
import { DRIFT_VERBS } from "../model/ledger/drift.ts";
import { anyValue, listOf, mapOf, number, oneOf, record, type Shape, text, truth } from "./shape.ts";

export const SPEC: Shape = mapOf(anyValue);
export const TEXTS: Shape = mapOf(text);
export const NAMES: Shape = listOf(text);
export const FIELDS: Shape = mapOf(anyValue);
export const TIMES: Shape = mapOf(text);
export const EPOCHS: Shape = mapOf(number);

const condition = record({
  type: oneOf("Ready", "Synced", "Healthy", "Drifted", "Reconciling", "Stalled"),
  status: oneOf("True", "False", "Unknown"),
  reason: text,
  message: text,
  observedGeneration: number,
  lastTransitionTime: text,
});

const resource = record(
  {
    key: text,
    kind: text,
    name: text,
    state: oneOf("InSync", "OutOfSync", "Missing", "Provisioning", "Surplus", "Fired", "Blocked", "Unknown"),
  },
  { arn: text, message: text, reason: text, cutover: text, observedAt: text },
);

const instance = record(
  {
    instanceId: text,
    availabilityZone: text,
    autoScalingGroup: text,
    autoScaling: record({ lifecycleState: text, healthStatus: text, protectedFromScaleIn: truth }),
    verdict: text,
    serving: oneOf("yes", "no", "unknown"),
  },
  {
    targetHealth: listOf(record({ targetGroup: text, state: text }, { reason: text, description: text })),
    phase: oneOf("serving", "starting", "failing", "leaving", "apart", "unknown"),
    lastSeenAt: text,
    launchTemplateVersion: text,
    launchTime: text,
    ec2: record({ state: text, systemStatus: text, instanceStatus: text }),
  },
);

const coverageMember = record({ member: text, reason: text }, { value: anyValue });

const coverageRow = record(
  {
    kind: text,
    name: text,
    address: text,
    compared: number,
    equal: number,
    different: listOf(record({ member: text, desired: anyValue, observed: anyValue })),
    leftToOthers: listOf(coverageMember),
    notCompared: listOf(coverageMember),
  },
  { more: number, reason: text },
);

const planRow = record({
  verb: text,
  key: text,
  kind: text,
  name: text,
  reason: text,
  calls: listOf(text),
  differences: listOf(record({ field: text })),
  blockedBy: listOf(text),
});

const consent = record({ key: text, id: text, effect: text });

const evidence = record({ why: text, instances: NAMES });

const rolledVersion = record(
  { id: text, version: text },
  { digest: text, imageId: text, userData: text, policy: FIELDS },
);

/** Of `Rollout`, but for what has a column of its own. */
export const ROLLOUT: Shape = record(
  { to: rolledVersion },
  {
    from: rolledVersion,
    refreshId: text,
    refreshBefore: text,
    percentageComplete: number,
    reason: text,
    evidence: listOf(evidence),
    askedBy: text,
    preferences: TEXTS,
    isBack: truth,
  },
);

const rolloutStates = oneOf(
  "Running",
  "Succeeded",
  "Stopped",
  "Failed",
  "RollingBack",
  "RolledBack",
  "RollbackFailed",
);

const rolloutRow = record(
  { autoScalingGroup: text, state: rolloutStates, to: rolledVersion, begunAt: text },
  {
    generation: number,
    from: rolledVersion,
    percentageComplete: number,
    endedAt: text,
    reason: text,
    evidence: listOf(evidence),
  },
);

const behindRow = record(
  {
    autoScalingGroup: text,
    version: text,
    count: number,
    instances: listOf(record({ instanceId: text, version: text }, { lifecycleState: text })),
  },
  { inWarmPool: number },
);

/** Of `UnseenWrite`, by field. */
export const UNSEEN_WRITES: Shape = mapOf(
  record(
    { operation: text, wanted: anyValue, was: anyValue, answered: number, sentAtMs: number },
    { requestId: text },
  ),
);

/** Of `Inherited`. */
export const INHERITED: Shape = record({ members: FIELDS }, { version: text });

/** Of `DriftDecision`. */
export const DECISION: Shape = record(
  { verb: oneOf(...DRIFT_VERBS), time: text },
  { actor: text, reason: text },
);

/** Of `Attribution`. */
export const ATTRIBUTION: Shape = record(
  {
    confidence: oneOf(...Object.keys(CONFIDENCES)),
    principal: text,
    eventId: text,
    eventName: text,
    eventTime: text,
    from: oneOf("event", "lookup"),
  },
  { session: text, sourceIpAddress: text, userAgent: text },
);

/** Of `CallerAccount`. */
export const ACCOUNT: Shape = record({ id: text, partition: text });

const lookup = { path: text, kind: text, asked: anyValue, value: anyValue, resolvedAt: text };

/** Of `ResolvedLookup`s. */
export const LOOKUPS: Shape = listOf(record({ ...lookup, within: text }, { detail: text }));

export const CONDITIONS: Shape = listOf(condition);

export const ALARMS: Shape = listOf(
  record({ key: text, name: text, state: text }, { reason: text, since: text, onlyScales: truth }),
);

/** Of `Contest`. */
export const CONTEST: Shape = record({
  corrections: number,
  since: text,
  values: listOf(anyValue),
  times: listOf(text),
  waitSeconds: number,
});

/** Of `WebServiceStatus`. */
export const STATUS: Shape = record(
  {
    observedGeneration: number,
    conditions: CONDITIONS,
    resources: listOf(resource),
    instances: listOf(instance),
    alarms: ALARMS,
    unowned: listOf(record({ kind: text, on: text, id: text, description: text }, { isClaim: truth })),
    activities: listOf(
      record({ time: text, autoScalingGroup: text, status: text, description: text, cause: text }),
    ),
    scorecard: listOf(
      record(
        { id: text, title: text, result: oneOf("pass", "fail", "unknown"), evidence: text },
        { remedy: text, patch: text },
      ),
    ),
  },
  {
    account: ACCOUNT,
    dnsName: text,
    coverage: record(
      {
        complete: truth,
        compared: number,
        equal: number,
        different: number,
        leftToOthers: number,
        notCompared: number,
        resources: listOf(coverageRow),
      },
      { more: number },
    ),
    zones: listOf(record({ name: text, instances: number, serving: number, unknown: number })),
    unread: listOf(record({ kind: text, reason: text }, { name: text })),
    lookups: listOf(
      record(
        {
          ...lookup,
          state: oneOf("Current", "UpdateAvailable", "Unresolved", "Unknown"),
          checkedAt: text,
        },
        { detail: text, newer: anyValue, message: text },
      ),
    ),
    observedAt: text,
    emptySince: text,
    nextPassAt: text,
    waitingFor: listOf(text),
    plan: record(
      {
        digest: text,
        rows: listOf(planRow),
        summary: record({ create: number, update: number, delete: number, blocked: number }),
      },
      { approval: record({ annotation: text, digest: text, effects: listOf(consent) }) },
    ),
    defaults: oneOf("Recommended", "AWS"),
    approval: record({ digest: text, generation: number, effects: listOf(consent) }, { actor: text }),
    approvedBefore: record({ digest: text, generation: number }),
    settled: record({ generation: number, approval: oneOf("Never", "Destructive", "Always") }),
    onlyObserved: truth,
    foreignEpoch: text,
    rollouts: listOf(rolloutRow),
    behind: listOf(behindRow),
    correctionRequested: record({ value: text, time: text }),
  },
);

/** Of `ServiceSummary`. */
export const SUMMARY: Shape = record(
  {
    namespace: text,
    name: text,
    region: text,
    labels: TEXTS,
    creationTimestamp: text,
    generation: number,
    conditions: CONDITIONS,
    resources: mapOf(number),
    instances: record({ serving: number, starting: number, apart: number, unknown: number, total: number }),
    unread: NAMES,
    ringingAlarms: NAMES,
    openDrift: number,
    failedChecks: number,
    deleting: truth,
    paused: truth,
  },
  { observedGeneration: number, dnsName: text, observedAt: text, nextPassAt: text, observed: truth },
);

export const VALUE: Shape = anyValue;
