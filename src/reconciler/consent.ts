/** What of a pass needs a person's consent, what was consented to, and which defaults AWS's resources follow. */
import { ANNOTATION_APPROVED_PLAN, textOfKey, type WebService } from "../model/object.ts";
import type { ApprovalPolicy, ApprovalView, ConsentRow, WebServiceStatus } from "../model/status.ts";
import { valuesEqual } from "../model/value.ts";
import type { Log, Store } from "../ports.ts";
import { type Action, differencesIn, isWayBack, verbOf } from "./core/actions.ts";
import {
  type Approval,
  type ApprovalQuestion,
  approvalOf,
  approvalViewOf,
  type ConsentRule,
  followsFromEdit,
  type GivenApproval,
} from "./core/consent/approval.ts";
import { holdsFrom } from "./core/holds.ts";
import { TAG_OWNER, TAG_RESOURCE } from "./core/names.ts";
import { isComplete, type Observation } from "./core/observation.ts";
import { tagField } from "./core/tags.ts";
import { type Decision, type DecisionInput, destructionsOf } from "./decide.ts";
import { approvalPolicyOf, defaultsOf, type WebServiceSpec } from "./kinds/web-service.ts";

/**
 * What of a pass needs consent.
 * @param compared what was decided without holding anything back, so that what needs consent stays the same from pass to pass
 */
export function consentOf(object: WebService, input: DecisionInput, compared: Decision): Approval {
  const { metadata, status } = object;
  const { goal, applied, observation, mandate } = input;
  const { generation, annotations } = metadata;
  // Whoever deletes a service has agreed to what comes of it.
  const isAsked = goal === "Converge" && mandate !== "observe" && mandate !== "release";
  const isDefaultsEdit = followedDefaults(object, observation) !== specDefaults(object);
  const ofDefaults: ConsentRule = (action) =>
    followsFromEdit(action, applied) ? "defaultsChanged" : undefined;
  const policy = policyFor(object);
  const before = status?.approvedBefore;
  const question: ApprovalQuestion = {
    generation,
    rules: isAsked
      ? [
          ...(isDefaultsEdit ? [ofDefaults] : []),
          ...adoptionRules(object, input, compared),
          ...(policy === "Always" ? [everyChange] : []),
        ]
      : [],
    asksOfDestruction: isAsked && policy !== "Never",
    isSettled: status?.settled?.generation === generation,
    annotation: annotations?.[ANNOTATION_APPROVED_PLAN],
    remembered: status?.approval,
    after: before?.generation === generation ? before.digest : undefined,
  };
  const believed = believedIn(compared.actions, input);
  return approvalOf({
    ...question,
    actions: policy === "Always" ? believed : compared.actions,
    destructions: question.asksOfDestruction === true ? destructionsOf(input, compared, { question }) : [],
  });
}

/** The stricter of what the spec says and what it said when AWS last was as it asked: an edit cannot release itself. */
function policyFor(object: WebService): ApprovalPolicy {
  const { settled } = object.status ?? {};
  const now = specPolicy(object);
  // A status of before there was a choice speaks of what is the default now.
  const earlier = settled?.approval ?? (object.status === undefined ? now : "Destructive");
  return STRICTNESS.indexOf(earlier) > STRICTNESS.indexOf(now) ? earlier : now;
}

const STRICTNESS: readonly ApprovalPolicy[] = ["Never", "Destructive", "Always"];

function specPolicy({ spec }: WebService): ApprovalPolicy {
  return approvalPolicyOf(spec as Pick<WebServiceSpec, "approval">);
}

const OUR_TAGS: readonly string[] = [TAG_OWNER, TAG_RESOURCE].map(tagField);

const everyChange: ConsentRule = (action) => {
  const verb = verbOf(action);
  if (verb === "adopt" || verb === "release" || isWayBack(action)) return undefined;
  const differences = differencesIn(action);
  const isOurTags = differences.length > 0 && differences.every(({ field }) => OUR_TAGS.includes(field));
  return isOurTags ? undefined : "everyChange";
};

/** Without what a second read has yet to confirm: what is not done needs no consent, and nobody is asked twice. */
function believedIn(
  actions: readonly Action[],
  { holds, listLacks }: Pick<DecisionInput, "holds" | "listLacks">,
): Action[] {
  const held = holdsFrom(holds);
  return actions.filter((action) => {
    const { address } = action;
    if (held.on(address) !== undefined) return false;
    if (verbOf(action) === "create") return !listLacks.some((lack) => lack.address === address);
    const differences = differencesIn(action);
    return differences.length === 0 || differences.some(({ field }) => held.on(address, field) === undefined);
  });
}

/**
 * What is done first after a service was only observed is agreed to as a whole where it is more than our tags: also where
 * nothing of it was found, for that may be a slip in a name, and a second tier. What follows from the edit that began an
 * adoption belongs to it to the end.
 */
function adoptionRules(
  { metadata: { generation }, status }: WebService,
  { mandate, applied, made }: Pick<DecisionInput, "mandate" | "applied" | "made">,
  { actions }: Decision,
): ConsentRule[] {
  const isFresh = made.some(({ adoptedIn }) => adoptedIn === generation);
  if (mandate === "adopt" || (status?.onlyObserved === true && !isFresh)) {
    const isMore = actions.some((action) => verbOf(action) !== "adopt");
    return isMore ? [() => "adoptionChanges"] : [];
  }
  return isFresh ? [(action) => (followsFromEdit(action, applied) ? "adoptionChanges" : undefined)] : [];
}

/**
 * Which defaults what is there follows: those of the spec where there is nothing yet. A status of before there was a
 * choice speaks of recommended ones.
 */
function followedDefaults(
  object: WebService,
  observation: Observation,
): NonNullable<WebServiceStatus["defaults"]> {
  const { status } = object;
  const isNew = status === undefined || (isComplete(observation) && !observation.resources.some(isOurs));
  return isNew ? specDefaults(object) : (status.defaults ?? "Recommended");
}

function specDefaults({ spec }: WebService): NonNullable<WebServiceStatus["defaults"]> {
  return defaultsOf(spec as Pick<WebServiceSpec, "defaults">);
}

function isOurs({ owned }: Observation["resources"][number]): boolean {
  return owned;
}

/** Before anything is done: what is agreed to stays agreed to while less and less of it is left. */
export function rememberApproval(
  { store, log }: { readonly store: Store; readonly log: Log },
  object: WebService,
  approval: Approval | undefined,
): void {
  const { namespace, name, uid } = object.metadata;
  const key = { namespace, name };
  const status = store.get(key)?.status;
  const given = approval?.given;
  if (given === undefined || status === undefined || isSame(status.approval, given)) return;
  const actor = store.approverOf(key);
  const by = actor === undefined ? {} : { actor };
  store.updateStatus(key, uid, { ...status, approval: { ...plain(given), ...by } });
  const { digest, generation } = given;
  const who = actor === undefined ? "" : ` of ${actor}`;
  store.record(object, {
    type: "Normal",
    reason: "Approved",
    message: `Plan ${digest} of generation ${generation} was approved by annotation${who}.`,
  });
  log.info({ service: textOfKey(key), generation, digest, actor }, "plan approved");
}

function isSame(stored: WebServiceStatus["approval"], given: GivenApproval): boolean {
  return stored !== undefined && valuesEqual(plain(stored), plain(given));
}

function plain({ digest, generation, effects }: GivenApproval) {
  return { digest, generation, effects: effects.map((row) => ({ ...row })) };
}

/** What a decision holds back for a person to agree to, for pages and programs. */
export function approvalViewIn({ approval }: Pick<Decision, "approval">): ApprovalView | undefined {
  return approval?.pending === undefined ? undefined : approvalViewOf(approval.pending);
}

/** How a pass ended. */
interface Ended {
  /** AWS holds what the spec asks for. */
  readonly isSynced: boolean;
  readonly approver: string | undefined;
  /** What was left, and what is known. */
  readonly last: Decision;
  readonly observation: Observation;
}

/** What a status says of it after a pass. */
export function consentAfter(
  object: WebService,
  input: DecisionInput,
  ended: Ended,
): Pick<WebServiceStatus, "defaults" | "approval" | "approvedBefore" | "settled" | "onlyObserved"> {
  const { metadata, status } = object;
  const { generation } = metadata;
  const { isSynced, approver } = ended;
  const { mandate, observation, approval } = input;
  const ofThis = <Of extends { generation: number }>(one: Of | undefined) =>
    one?.generation === generation ? one : undefined;
  const earlier = ofThis(status?.approval);
  // Between two steps of what was approved there may be nothing to do.
  const known = approval?.given ?? (isSynced ? undefined : earlier);
  const effects = (known?.effects ?? []).filter((row) => !isDone(row, input, ended));
  const approved = known === undefined || effects.length === 0 ? undefined : { ...known, effects };
  const isLess = known !== undefined && effects.length < known.effects.length;
  const done = isLess ? known : approved === undefined ? earlier : undefined;
  const before = done ?? ofThis(status?.approvedBefore);
  const settled = isSynced
    ? { generation, approval: specPolicy(object) }
    : (status?.settled ?? { generation: 0, approval: policyFor(object) });
  return {
    defaults: isSynced ? specDefaults(object) : followedDefaults(object, observation),
    ...(approved === undefined
      ? {}
      : { approval: { ...plain(approved), ...(approver === undefined ? {} : { actor: approver }) } }),
    ...(before === undefined ? {} : { approvedBefore: { digest: before.digest, generation } }),
    settled,
    ...(isOnlyObservedAfter(status, { mandate, observation, approval }) ? { onlyObserved: true } : {}),
  };
}

/**
 * What is agreed to is agreed to once. It is done when nothing of it differs, whether or not the rest of the service is as
 * it should be: what moves after that is something else.
 */
function isDone({ key, id, effect }: ConsentRow, input: DecisionInput, ended: Ended): boolean {
  const { approval, kindNamed } = input;
  const { last, observation } = ended;
  const comparison = last.comparisons.find(({ desired }) => desired.address === key);
  if (approval === undefined || comparison?.observed === undefined) return false;
  const { desired, differences, waitsFor } = comparison;
  switch (effect) {
    case "everyChange":
      return !isUnderWay(last) && differences.length + waitsFor.length === 0;
    case "instancesTerminated": {
      const { gradualFields = [] } = kindNamed(desired.kind);
      if (differences.some(({ field }) => gradualFields.includes(field))) return false;
      return !destructionsOf({ ...input, observation, holds: [] }, last, approval).some(
        (one) => one.effect === effect && one.address === key && one.id === id,
      );
    }
    default:
      return false;
  }
}

/** While something takes over from something else, what is as wanted by now may have to change once more. */
function isUnderWay({ matching, replacements, handovers, heldRequests }: Decision): boolean {
  return matching.surplus.length + replacements.length + handovers.length + heldRequests.length > 0;
}

/** Until a pass that may write has seen everything, and nothing of what it plans waits for consent. */
function isOnlyObservedAfter(
  status: WebServiceStatus | undefined,
  { mandate, observation, approval }: Pick<DecisionInput, "mandate" | "observation" | "approval">,
): boolean {
  if (mandate === "observe" || mandate === "release") return true;
  const isBegun = mandate === "manage" && isComplete(observation) && approval?.pending === undefined;
  return status?.onlyObserved === true && !isBegun;
}
