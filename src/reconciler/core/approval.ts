/**
 * What is not done before a person has agreed to it. An approval is given to one plan: to a generation of the spec, and to
 * the set of what in it needs consent. It stays good while that is being done, and lapses when there is more. Pure.
 */
import type { Address } from "../../model/address.ts";
import { namesAndMore } from "../../model/names-and-more.ts";
import { ANNOTATION_APPROVED_PLAN } from "../../model/object.ts";
import type { ApprovalView, ConsentRow } from "../../model/status.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import { type Action, differencesIn, heldBack, type Obstacle, type Plan, verbOf } from "./actions.ts";
import { digestOf } from "./names.ts";
import type { Fields } from "./resource.ts";

interface EffectEntry {
  /** Why it needs consent, after "because". */
  readonly because: string;
  /** Consent is to the edit as a whole: what follows from it step by step needs none again. */
  readonly isOfEdit?: true;
}

const EFFECTS = {
  defaultsChanged: {
    because: "spec.defaults was changed, and with it what AWS is to hold",
    isOfEdit: true,
  },
  adoptionChanges: {
    because: "the adoption would do more than write our tags",
  },
} as const satisfies Record<string, EffectEntry>;

/** A reason for which an action needs consent. */
type Effect = keyof typeof EFFECTS;

/** Which consent an action needs, if any. It is asked of what waits as well, so that the whole of a change is known at once. */
export type ConsentRule = (action: Action) => Effect | undefined;

/** One thing that needs consent; `id` is AWS's, and empty of what is still to be made. */
interface Need {
  readonly address: Address;
  readonly id: string;
  readonly effect: Effect;
  /** For people; not part of what is agreed to. */
  readonly verb: string;
}

/** An approval that was given, as it is remembered while what it is for is being done. */
export interface GivenApproval {
  readonly digest: string;
  readonly generation: number;
  readonly effects: readonly ConsentRow[];
}

/** What waits for consent. */
export interface PendingApproval {
  readonly digest: string;
  readonly needs: readonly Need[];
  readonly message: string;
}

/** How it stands with consent in one pass. */
export interface Approval {
  readonly rules: readonly ConsentRule[];
  readonly pending?: PendingApproval;
  /** Good for this plan; to be remembered before anything is done. */
  readonly given?: GivenApproval;
}

export interface ApprovalInput {
  readonly generation: number;
  readonly rules: readonly ConsentRule[];
  /** Everything that is planned, held back or not. */
  readonly actions: readonly Action[];
  /** What the annotation says. */
  readonly annotation: string | undefined;
  /** What was remembered of it. */
  readonly remembered: GivenApproval | undefined;
}

export function approvalOf({ generation, rules, actions, annotation, remembered }: ApprovalInput): Approval {
  const needs = needsIn(actions, rules);
  if (needs.length === 0) return { rules };
  const digest = approvalDigest(generation, needs);
  if (annotation === digest) return { rules, given: { digest, generation, effects: needs.map(rowOf) } };
  const isRemembered = remembered?.generation === generation && remembered.digest === annotation;
  if (isRemembered && needs.every((need) => isCovered(need, remembered))) return { rules, given: remembered };
  return { rules, pending: { digest, needs, message: messageOf(digest, needs, annotation) } };
}

function needsIn(actions: readonly Action[], rules: readonly ConsentRule[]): Need[] {
  return actions.flatMap((action) =>
    effectsOf(action, rules).map((effect) => ({
      address: action.address,
      id: idOf(action),
      effect,
      verb: verbOf(action),
    })),
  );
}

function effectsOf(action: Action, rules: readonly ConsentRule[]): Effect[] {
  return [...new Set(rules.flatMap((rule) => rule(action) ?? []))];
}

function idOf(action: Action): string {
  return action.verb === "create" ? "" : (action.id ?? "");
}

function rowOf({ address, id, effect }: Need): ConsentRow {
  return { key: address, id, effect };
}

/** Begins with a letter, so that no YAML takes it for a number. */
function approvalDigest(generation: number, needs: readonly Need[]): string {
  const set = needs.map(({ address, id, effect }) => [address, id, effect].join(" "));
  return `p${digestOf({ generation, set: [...new Set(set)].sort() }).slice(0, 15)}`;
}

/** Who agreed to something being made agreed to what is still to be done to it then. */
function isCovered({ address, id, effect }: Need, { effects }: GivenApproval): boolean {
  const { isOfEdit }: EffectEntry = EFFECTS[effect];
  return effects.some(
    (row) =>
      row.effect === effect &&
      (isOfEdit === true || (row.key === address && (row.id === id || row.id === ""))),
  );
}

function isMoreThanTags({ verb }: Need): boolean {
  return verb !== "adopt";
}

/** How many actions, and how much of an annotation, are told in a message. */
const NAMES_TOLD = 5;
const CHARACTERS_TOLD = 40;

function messageOf(digest: string, needs: readonly Need[], annotation: string | undefined): string {
  const because = [...new Set(needs.map(({ effect }) => EFFECTS[effect].because))].join("; and ");
  const what = namesAndMore(
    // Our tags are the least of it.
    [...needs.filter(isMoreThanTags), ...needs.filter((need) => !isMoreThanTags(need))].map(
      ({ verb, address }) => `${verb} ${address}`,
    ),
    NAMES_TOLD,
  );
  const other =
    annotation === undefined
      ? ""
      : ` The annotation's ${JSON.stringify(annotation.slice(0, CHARACTERS_TOLD))} is of another plan.`;
  return (
    `Waits for approval, because ${because}: ${what}. status.plan shows all of it. ` +
    `It goes on with the annotation ${ANNOTATION_APPROVED_PLAN}: ${digest}.${other}`
  );
}

/**
 * The plan with what needs consent held back, and everything else as it was. What depends on the held waits for it
 * already, by its own reasons.
 */
export function heldForApproval(plan: Plan, approval: Approval | undefined): Plan {
  const { pending, rules } = approval ?? {};
  if (pending === undefined || rules === undefined) return plan;
  const { digest, message, needs } = pending;
  const first = needs.find(isMoreThanTags) ?? needs[0];
  const obstacle: Obstacle[] =
    first === undefined ? [] : [{ address: first.address, reason: "ApprovalRequired", message }];
  return {
    actions: plan.actions.map((action) =>
      effectsOf(action, rules).length > 0 ? heldBack(action, { because: "approval", digest }) : action,
    ),
    obstacles: [...plan.obstacles, ...obstacle],
  };
}

/** For pages and programs. */
export function approvalViewOf({ digest, needs }: PendingApproval): ApprovalView {
  return { annotation: ANNOTATION_APPROVED_PLAN, digest, effects: needs.map(rowOf) };
}

/**
 * Whether an action follows from an edit of the spec: what was last applied is not what it brings about. What puts back
 * what was applied corrects a drift.
 */
export function followsFromEdit(action: Action, applied: ReadonlyMap<Address, Fields>): boolean {
  if (action.verb === "reorder") {
    return action.moves.some(({ rule, to }) => !valuesEqual(applied.get(rule)?.[action.field] ?? null, to));
  }
  switch (verbOf(action)) {
    // Our tags alone change nothing that the spec asks for.
    case "adopt":
      return false;
    case "create":
      return !applied.has(action.address);
    case "update":
    case "reorder":
      return differencesIn(action).some(
        ({ field, desired }) => !isSame(applied.get(action.address)?.[field], desired),
      );
    case "delete":
    case "release":
      return true;
  }
}

/** `null` is what must be absent. */
function isSame(applied: Value | undefined, desired: Value): boolean {
  return valuesEqual(applied ?? null, desired);
}
