/** What of a pass needs a person's consent, what was consented to, and which defaults AWS's resources follow. */
import { ANNOTATION_APPROVED_PLAN, type WebService } from "../model/object.ts";
import type { ApprovalView, WebServiceStatus } from "../model/status.ts";
import { valuesEqual } from "../model/value.ts";
import type { Store } from "../ports.ts";
import { verbOf } from "./core/actions.ts";
import {
  type Approval,
  approvalOf,
  approvalViewOf,
  type ConsentRule,
  followsFromEdit,
  type GivenApproval,
} from "./core/approval.ts";
import { isComplete, type Observation } from "./core/observation.ts";
import type { Decision, DecisionInput } from "./decide.ts";
import { defaultsOf, type WebServiceSpec } from "./kinds/web-service.ts";
import type { Pass } from "./pass.ts";

/** @param compared what was decided without holding anything back, so that what needs consent stays the same from pass to pass */
export function consentOf(
  object: WebService,
  input: Pick<DecisionInput, "goal" | "applied" | "observation" | "mandate" | "made">,
  compared: Decision,
): Approval {
  const { metadata, status } = object;
  const { goal, applied, observation, mandate } = input;
  const isDefaultsEdit = followedDefaults(object, observation) !== specDefaults(object);
  const ofDefaults: ConsentRule = (action) =>
    followsFromEdit(action, applied) ? "defaultsChanged" : undefined;
  return approvalOf({
    generation: metadata.generation,
    // Whoever deletes a service has agreed to what comes of it.
    rules:
      goal !== "Converge" || mandate === "observe" || mandate === "release"
        ? []
        : [...(isDefaultsEdit ? [ofDefaults] : []), ...adoptionRules(object, input, compared)],
    actions: compared.actions,
    annotation: metadata.annotations?.[ANNOTATION_APPROVED_PLAN],
    remembered: status?.approval,
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
export function rememberApproval(store: Store, object: WebService, approval: Approval | undefined): void {
  const { namespace, name, uid } = object.metadata;
  const status = store.get({ namespace, name })?.status;
  const given = approval?.given;
  if (given === undefined || status === undefined || isSame(status.approval, given)) return;
  store.updateStatus({ namespace, name }, uid, { ...status, approval: plain(given) });
  store.record(object, {
    type: "Normal",
    reason: "Approved",
    message: `Plan ${given.digest} of generation ${given.generation} was approved by annotation.`,
  });
}

function isSame(stored: WebServiceStatus["approval"], given: GivenApproval): boolean {
  return stored !== undefined && valuesEqual(plain(stored), plain(given));
}

function plain({ digest, generation, effects }: GivenApproval) {
  return { digest, generation, effects: effects.map((row) => ({ ...row })) };
}

/** What a pass holds back for a person to agree to, for pages and programs. */
export function approvalViewIn({ decisionInput }: Pick<Pass, "decisionInput">): ApprovalView | undefined {
  const pending = decisionInput.approval?.pending;
  return pending === undefined ? undefined : approvalViewOf(pending);
}

/** What a status says of both after a pass. @param isSynced AWS holds what the spec asks for */
export function consentAfter(
  object: WebService,
  { mandate, observation, approval }: Pick<DecisionInput, "mandate" | "observation" | "approval">,
  isSynced: boolean,
): Pick<WebServiceStatus, "defaults" | "approval" | "onlyObserved"> {
  const { metadata, status } = object;
  const earlier = status?.approval?.generation === metadata.generation ? status.approval : undefined;
  // Between two steps of what was approved there may be nothing to do.
  const approved = approval?.given ?? (isSynced ? undefined : earlier);
  return {
    defaults: isSynced ? specDefaults(object) : followedDefaults(object, observation),
    ...(approved === undefined ? {} : { approval: plain(approved) }),
    ...(isOnlyObservedAfter(status, { mandate, observation, approval }) ? { onlyObserved: true } : {}),
  };
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
