/** What a pass concludes, in the words of the API. Pure; `Ready` is computed from the others and never set. */
import type { Address } from "../model/address.ts";
import { type Condition, conditionOf, type Verdict, withCondition } from "../model/conditions.ts";
import type { Occurrence } from "../model/events.ts";
import { type PauseForAll, pauseText } from "../model/pause.ts";
import { isFault, type Reason } from "../model/reasons.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { waitText } from "../model/text/waits.ts";
import { valuesEqual } from "../model/value.ts";
import type { UnconfirmedAbsence } from "./consistency/unconfirmed-absences.ts";
import { type Action, blockersOf, type Obstacle, verbOf } from "./core/actions.ts";
import type { Mandate } from "./core/belonging/mandate.ts";
import { type HoldReason, sentenceOf } from "./core/holds.ts";
import { isComplete, type Observation, unreadReasons } from "./core/observation.ts";
import type { DesiredResource, ObservedResource } from "./core/resource.ts";
import type { Decision } from "./decide.ts";

/** A refusal of AWS, in words that stay the same while the problem does. */
export interface Failure {
  readonly address: Address;
  readonly message: string;
  /** Whether it is of no use to try it again unless a person has changed something. */
  readonly isTerminal: boolean;
}

export interface Outcome {
  readonly observation: Observation;
  /** What was decided from what was read, before anything was done. */
  readonly first: Decision;
  /** What was left when nothing more could be done. */
  readonly last: Decision;
  /** What had its time, and is not there any more. */
  readonly over?: readonly DesiredResource[];
  /** Whether a call of this pass has changed AWS. */
  readonly hasActed: boolean;
  /** Why some deletions were held by a read right before them. */
  readonly doubts?: readonly HoldReason[];
  /** What a look right before a call has shown to be in its way. */
  readonly blockers?: readonly HoldReason[];
  /** Fields that differ and are not believed yet. */
  readonly isSettling: boolean;
  /** What was there before, and may be there still. */
  readonly unconfirmed: readonly UnconfirmedAbsence[];
  /** AWS's refusals, as sentences that stay the same while the problem does. */
  readonly failures: readonly Failure[];
  readonly openDrift: number;
  /** Something that had moved is right again by one read, and a second one decides. */
  readonly isClosing?: boolean;
  /** What has moved and is reported only. */
  readonly reportedDrift: number;
  readonly isPaused: boolean;
  /** Where it is paused because all are. */
  readonly pause?: PauseForAll;
  /** Whether it is also where that is lifted. */
  readonly isPausedItself?: boolean;
  /** What the pass may write. */
  readonly mandate: Mandate;
  readonly isDeleting: boolean;
  /** Since the deletion was asked for. */
  readonly deletingForMs?: number;
  readonly health: Verdict;
}

const say = (type: Verdict["type"], status: Verdict["status"], reason: Reason, message: string): Verdict => ({
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
  const elsewhere = outcome.last.obstacles.find(({ reason }) => reason === "WrongAccount");
  if (elsewhere !== undefined) return say("Synced", "Unknown", "WrongAccount", elsewhere.message);
  const [reason] = unreadReasons(observation);
  if (reason !== undefined)
    return say("Synced", "Unknown", "CannotRead", `AWS could not be read: ${reason}.`);
  const [obstacle] = obstaclesIn(outcome);
  if (obstacle !== undefined) return say("Synced", "False", obstacle.reason, obstacle.message);
  const [failure] = outcome.failures;
  if (failure !== undefined) return say("Synced", "False", "CallFailed", failure.message);
  if (isOnlyObserving(outcome)) return observedVerdict(outcome);
  if (hasActed) return say("Synced", "False", "Applying", "Changes were made; the next read verifies them.");
  if (outcome.mandate === "adopt" && !isPaused) return adoptingVerdict(first);
  const { doubts = [], blockers = [] } = outcome;
  const isDoubted = doubts.length + blockers.length > 0;
  const waiting = tellingWait(isDoubted ? outcome.last.actions : first.actions);
  const differing = differingIn(first);
  if (isPaused && differing.length > 0) {
    return say(
      "Synced",
      "False",
      "Paused",
      `AWS differs from the spec in ${listed(differing.map((item) => item.desired.address))}. ${pausedWords(outcome)}`,
    );
  }
  if (outcome.isSettling)
    return say("Synced", "False", "Confirming", "AWS differs from the spec; a second read decides.");
  if (waiting !== undefined) {
    const until = blockersOf(waiting).slice(0, 1).map(sentenceOf);
    const message = `${waitText(until, `${verbOf(waiting)} ${waiting.address}`)}.`;
    return blockersOf(waiting)[0]?.because === "refresh active"
      ? say("Synced", "False", "RefreshActive", message)
      : say("Synced", "False", "Waiting", message);
  }
  if (differing.length > 0) {
    return say(
      "Synced",
      "False",
      "OutOfSync",
      `AWS differs from the spec in ${listed(differing.map((item) => item.desired.address))}.`,
    );
  }
  if (first.matching.surplus.length > 0) {
    const names = listed(first.matching.surplus.map((item) => item.name));
    return isPaused
      ? say(
          "Synced",
          "False",
          "Paused",
          `AWS holds resources that the spec does not ask for: ${names}. ${pausedWords(outcome)}`,
        )
      : say(
          "Synced",
          "False",
          "Removing",
          `Resources that the spec does not ask for are being removed: ${names}.`,
        );
  }
  return settledVerdict(outcome);
}

/** Whose pause it is: the service's own, or everybody's. */
function pausedWords({ pause, isPausedItself = false }: Outcome): string {
  if (pause === undefined) return "The service is paused.";
  return `${pauseText(pause)}.${isPausedItself ? " The service is paused by itself as well." : ""}`;
}

const EXACTLY = "AWS holds exactly what the spec asks for.";

/** @param count of fields that differ, and are nobody's to put right */
function butFor(count: number): string {
  const fields = count === 1 ? "1 field that is" : `${count} fields that are`;
  return `AWS holds what the spec asks for, but for ${fields} left to others.`;
}

/** Nothing differs that is to be the same: AWS may still be at work on it. */
function settledVerdict({ first: { matching, comparisons }, isClosing }: Outcome): Verdict {
  if (isClosing === true)
    return say("Synced", "False", "Confirming", "AWS is as the spec asks for again; a second read decides.");
  const [busy] = [...matching.current].filter(([, resource]) => resource.lifecycle !== "ready");
  if (busy === undefined) {
    const others = comparisons
      .flatMap(({ left = [] }) => left)
      .filter(({ wanted, live }) => wanted !== undefined && !valuesEqual(wanted, live)).length;
    return say("Synced", "True", "InSync", others === 0 ? EXACTLY : butFor(others));
  }
  const [address, { lifecycle, lifecycleReason }] = busy;
  return lifecycle === "failed"
    ? say(
        "Synced",
        "False",
        "Failed",
        `AWS gave up on ${address}: ${lifecycleReason ?? "it says no reason"}.`,
      )
    : say(
        "Synced",
        "False",
        "Provisioning",
        `AWS is at work on ${address}: ${lifecycleReason ?? lifecycle}.`,
      );
}

/** How to go on from looking to managing. */
const NOTHING_WRITTEN = "Observed only: nothing is written. `management: Manage` in the spec takes it over.";

/** Whether nothing is put right: AWS is looked at, and our tags come off at most. */
function isOnlyObserving({ mandate }: Pick<Outcome, "mandate">): boolean {
  return mandate === "observe" || mandate === "release";
}

/** What would be in the way of managing it is in nobody's way while it is only observed. */
function obstaclesIn(outcome: Outcome): readonly Obstacle[] {
  const { obstacles } = outcome.last;
  return isOnlyObserving(outcome) ? obstacles.filter(({ reason }) => reason === "WrongAccount") : obstacles;
}

function differingIn({ comparisons }: Decision): Decision["comparisons"] {
  return comparisons.filter((item) => item.observed === undefined || item.differences.length > 0);
}

/** Nobody is to believe that it will be put right. */
function observedVerdict(outcome: Outcome): Verdict {
  const { first, isSettling } = outcome;
  if (isSettling)
    return say("Synced", "False", "Confirming", "AWS differs from the spec; a second read decides.");
  const differing = differingIn(first);
  if (differing.length === 0) return settledVerdict(outcome);
  const names = listed(differing.map((item) => item.desired.address));
  return say("Synced", "False", "ObserveOnly", `AWS differs from the spec in ${names}. ${NOTHING_WRITTEN}`);
}

function adoptingVerdict({ actions }: Decision): Verdict {
  const adoptions = actions.filter((action) => verbOf(action) === "adopt");
  const isAwaited = (action: Action) => blockersOf(action).some(({ because }) => because === "own write");
  const left = adoptions.filter((action) => !isAwaited(action));
  const listedOf = (some: readonly Action[]) => listed(some.map(({ address }) => address));
  const text =
    left.length === 0 && adoptions.length > 0
      ? `Our tags were written or taken off a moment ago; a later read decides on ${listedOf(adoptions)}.`
      : `Our tags are written first; they are missing on ${listedOf(left)}.`;
  return say("Synced", "False", "Adopting", text);
}

/** What is being removed holds what it uses: told is what the others wait for, too. */
function tellingWait(actions: readonly Action[]): Action | undefined {
  const waits = actions.filter(({ verb }) => verb === "wait");
  // What others wait for is this.
  const turn = waits.find((wait) => blockersOf(wait)[0]?.because === "turn");
  const [first] = turn === undefined ? waits : [turn];
  if (first === undefined || verbOf(first) !== "delete") return first;
  return waits.find((wait) => blockersOf(wait)[0]?.because === "AWS at work") ?? first;
}

/** How many names are told in a message. */
const NAMES_TOLD = 5;

/** Some names, and how many more. */
export function listed(names: readonly string[]): string {
  return namesAndMore(names, NAMES_TOLD);
}

function driftedVerdict({ openDrift, reportedDrift, observation, last, mandate }: Outcome): Verdict {
  const foreign = last.obstacles.find(
    ({ reason }) => reason === "OlderDatabase" || reason === "AnotherDatabase",
  );
  if (foreign !== undefined)
    return say("Drifted", "Unknown", foreign.reason, "This database does not know what was last applied.");
  if (openDrift > 0)
    return say("Drifted", "True", "AwsMoved", "AWS was changed by somebody else; see the drift events.");
  if (reportedDrift > 0)
    return say(
      "Drifted",
      "True",
      "Reported",
      "AWS was changed by somebody else where spec.drift says to report it: it is not corrected.",
    );
  if (!isComplete(observation))
    return say("Drifted", "Unknown", "CannotRead", "Not everything could be read.");
  // Before the tags are on, nothing was ever applied.
  if (isOnlyObserving({ mandate }) || mandate === "adopt")
    return say("Drifted", "False", "AsApplied", "Nothing has moved that was seen to equal the spec.");
  if (last.obstacles.some(({ reason }) => reason === "Ineffective"))
    return say("Drifted", "False", "Ineffective", "Nobody has moved AWS; a write of ours shows no effect.");
  return say("Drifted", "False", "AsApplied", "AWS holds what was last applied.");
}

/** AWS needs minutes; a lifecycle hook may hold an instance for an hour, unless it is told otherwise. */
const LONG_DELETION_MS = 3_600_000;

function stalledVerdict(outcome: Outcome): Verdict {
  const { last, failures } = outcome;
  const [obstacle] = obstaclesIn(outcome);
  if (obstacle !== undefined) return say("Stalled", "True", obstacle.reason, obstacle.message);
  const terminal = failures.find((failure) => failure.isTerminal);
  if (terminal !== undefined) return say("Stalled", "True", "RefusedByAws", terminal.message);
  const left = outcome.isPaused ? [] : last.matching.surplus;
  if ((outcome.deletingForMs ?? 0) >= LONG_DELETION_MS && left.length > 0)
    return say("Stalled", "True", "DeletionTakesLong", longDeletion(outcome, left));
  return say("Stalled", "False", "NotStalled", "Nothing needs a person.");
}

function longDeletion({ last, failures }: Outcome, left: readonly ObservedResource[]): string {
  const reasons = [
    ...failures.map(({ message }) => message),
    ...blockersOf(tellingWait(last.actions)).map(sentenceOf),
  ];
  const why = reasons[0] === undefined ? "" : `: ${reasons[0]}`;
  return `The deletion was asked for more than an hour ago, and AWS still holds ${listed(left.map(({ name }) => name))}${why}.`;
}

function reconcilingVerdict(outcome: Outcome, synced: Verdict): Verdict {
  if (outcome.isDeleting) return say("Reconciling", "True", "Deleting", deletionText(outcome));
  if (outcome.isPaused)
    return say(
      "Reconciling",
      "False",
      "Paused",
      outcome.pause === undefined
        ? "Paused by annotation: drift is recorded, nothing is written."
        : `${pauseText(outcome.pause)}. Drift is recorded, nothing is written.`,
    );
  if (outcome.mandate === "observe") return say("Reconciling", "False", "ObserveOnly", NOTHING_WRITTEN);
  if (outcome.mandate === "release")
    return say("Reconciling", "True", "Releasing", "Our tags are taken off, and nothing else is written.");
  if (synced.status === "True") return say("Reconciling", "False", "Converged", "There is nothing to do.");
  return say("Reconciling", "True", synced.reason, synced.message);
}

/** Only what nothing holds is being removed. */
function deletionText(outcome: Outcome): string {
  const { isPaused, last, first, mandate } = outcome;
  if (mandate === "release")
    return isPaused
      ? `The service is being deleted, and our tags stay on. ${pausedWords(outcome)}`
      : "Our tags are taken off; nothing else is written, and nothing is removed.";
  if (isPaused) return `The service is being deleted, and nothing is removed. ${pausedWords(outcome)}`;
  if (last.obstacles.length > 0) return "The service is being deleted, and something keeps it from going on.";
  return first.matching.surplus.length > 0
    ? "The AWS resources are being removed."
    : "Nothing is left to be removed, as far as it could be read.";
}

function readyVerdict({ health, isDeleting }: Outcome, synced: Verdict, stalled: Verdict): Verdict {
  if (isDeleting) return say("Ready", "False", "Deleting", "The service is being deleted.");
  const isBroken = health.status === "False" && isFault(health.reason);
  const parts: Verdict[] = [
    ...(stalled.status === "True" ? [{ ...stalled, status: "False" as const }] : []),
    // Work that is under way must not hide that what should serve does not.
    ...(isBroken ? [health] : []),
    synced,
    health,
  ];
  const no = parts.find((part) => part.status === "False");
  if (no !== undefined) return say("Ready", "False", no.reason, no.message);
  const unclear = parts.find((part) => part.status === "Unknown");
  if (unclear !== undefined) return say("Ready", "Unknown", unclear.reason, unclear.message);
  return say("Ready", "True", "Ready", "In sync with the spec, and serving.");
}

/** What changed between two sets of conditions, as occurrences worth an event. */
export function turningPoints(
  before: readonly Condition[] | undefined,
  after: readonly Condition[],
): Occurrence[] {
  const turned = (type: Condition["type"]) => {
    const now = conditionOf(after, type);
    return now !== undefined && conditionOf(before, type)?.status !== now.status ? now : undefined;
  };
  const ready = turned("Ready");
  const stalled = turned("Stalled");
  const synced = turned("Synced");
  const wasReady = conditionOf(before, "Ready")?.status === "True";
  const points: Occurrence[] = [];
  if (ready?.status === "True") points.push({ type: "Normal", reason: "Ready", message: ready.message });
  if (ready?.status === "False" && wasReady)
    points.push({ type: "Warning", reason: "NotReady", message: ready.message });
  // What is contested is told by the ledger, for each field.
  if (stalled?.status === "True" && stalled.reason !== "Contested")
    points.push({ type: "Warning", reason: stalled.reason, message: stalled.message });
  // What both say is told once.
  if (synced?.status === "Unknown" && synced.reason !== stalled?.reason)
    points.push({ type: "Warning", reason: synced.reason, message: synced.message });
  return points;
}
