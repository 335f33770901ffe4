/**
 * What is not done before a person has agreed to it. An approval is given to one plan: to a generation of the spec, and to
 * the set of what in it needs consent. It stays good while that is being done, and lapses when there is more. Pure.
 */
import type { Address } from "../../../model/address.ts";
import { ANNOTATION_APPROVED_PLAN } from "../../../model/object.ts";
import type { ApprovalView, ConsentRow } from "../../../model/status.ts";
import { namesAndMore } from "../../../model/text/names-and-more.ts";
import { type Value, valuesEqual } from "../../../model/value.ts";
import { type Action, differencesIn, heldBack, type Obstacle, type Plan, verbOf } from "../actions.ts";
import type { Hold } from "../holds.ts";
import { digestOf } from "../names.ts";
import type { Fields } from "../resource.ts";
import { type Destruction, isPartOf } from "./destructive.ts";

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
  loadBalancerReplaced: {
    because: "another load balancer takes the place of the one that is there, whose DNS name goes",
  },
  loadBalancerRemoved: {
    because: "a load balancer goes, and its DNS name with it",
  },
  groupRemoved: {
    because: "a group goes, and its instances with it",
  },
  groupEmptied: {
    because: "a group is left without any instance",
  },
  servingRemoved: {
    because: "something that serves requests goes, or is left without instances",
  },
  instancesTerminated: {
    because: "a correction would terminate instances",
  },
  everyChange: {
    because: "spec.approval is Always",
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

/** How it stands with consent in one pass, or in one round of it. */
export interface Approval {
  readonly question: ApprovalQuestion;
  /** All that needs consent, whether it has it or not. */
  readonly needs: readonly Need[];
  /** What would be destroyed, as it was seen last. */
  readonly destructions: readonly Destruction[];
  readonly pending?: PendingApproval;
  /** Good for this plan; to be remembered before anything is done. */
  readonly given?: GivenApproval;
}

export interface ApprovalQuestion {
  readonly generation: number;
  readonly rules: readonly ConsentRule[];
  /** What destroys is asked for as well. */
  readonly asksOfDestruction?: boolean;
  /** AWS was once as this generation asks for: what is done since then corrects. */
  readonly isSettled?: boolean;
  /** What the annotation says. */
  readonly annotation: string | undefined;
  /** What was remembered of it. */
  readonly remembered: GivenApproval | undefined;
  /** Digest of what was approved last in this generation and has been done: the same again is asked for again. */
  readonly after?: string | undefined;
}

/** What is asked of. */
interface Planned {
  /** Everything that is planned, held back or not. */
  readonly actions: readonly Action[];
  readonly destructions?: readonly Destruction[];
}

export type ApprovalInput = ApprovalQuestion & Planned;

export function approvalOf({ actions, destructions = [], ...question }: ApprovalInput): Approval {
  return answerTo(question, needsIn({ actions, destructions }, question), destructions);
}

/**
 * The same, when more is known: what is to be destroyed may show only when something else has been done. What was asked
 * when the pass began stays part of the question, so that it is one from round to round.
 */
export function approvalInRound(approval: Approval, planned: Required<Planned>): Approval {
  const { question, needs, given } = approval;
  const asked = needs.map(rowOf);
  const more = needsIn(planned, question).filter((need) => !isCovered(need, asked));
  if (more.length === 0) return { ...approval, destructions: planned.destructions };
  const remembered = given ?? question.remembered;
  return answerTo({ ...question, remembered }, [...needs, ...more], planned.destructions);
}

function answerTo(
  question: ApprovalQuestion,
  needs: readonly Need[],
  destructions: readonly Destruction[],
): Approval {
  const { generation, annotation, after } = question;
  const known = { question, needs, destructions };
  if (needs.length === 0) return known;
  const digest = approvalDigest(generation, needs, after);
  if (annotation === digest) return { ...known, given: { digest, generation, effects: needs.map(rowOf) } };
  const earlier = rememberedIn(question);
  if (earlier !== undefined && needs.every((need) => isCovered(need, earlier.effects)))
    return { ...known, given: earlier };
  return { ...known, pending: { digest, needs, message: messageOf(digest, needs, annotation) } };
}

/** What was approved of this generation, while the annotation still says so. */
function rememberedIn({ generation, annotation, remembered }: ApprovalQuestion): GivenApproval | undefined {
  return remembered?.generation === generation && remembered.digest === annotation ? remembered : undefined;
}

function needsIn({ actions, destructions }: Required<Planned>, { rules }: ApprovalQuestion): Need[] {
  return [
    ...destructions.map(({ address, id, effect, verb }) => ({ address, id, effect, verb })),
    ...actions.flatMap((action) =>
      effectsOf(action, rules).map((effect) => ({
        address: action.address,
        id: idOf(action),
        effect,
        verb: verbOf(action),
      })),
    ),
  ];
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
function approvalDigest(generation: number, needs: readonly Need[], after: string | undefined): string {
  const set = needs.map(({ address, id, effect }) => [address, id, effect].join(" "));
  const asked = { generation, set: [...new Set(set)].sort(), ...(after === undefined ? {} : { after }) };
  return `p${digestOf(asked).slice(0, 15)}`;
}

/** Who agreed to something being made agreed to what is still to be done to it then. */
function isCovered({ address, id, effect }: Need, rows: readonly ConsentRow[]): boolean {
  const { isOfEdit }: EffectEntry = EFFECTS[effect];
  return rows.some(
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
  const told = new Set(
    // Our tags are the least of it.
    [...needs.filter(isMoreThanTags), ...needs.filter((need) => !isMoreThanTags(need))].map(
      ({ verb, address }) => `${verb} ${address}`,
    ),
  );
  const what = namesAndMore([...told], NAMES_TOLD);
  const other =
    annotation === undefined
      ? ""
      : ` The annotation's ${JSON.stringify(annotation.slice(0, CHARACTERS_TOLD))} is of another plan.`;
  return (
    `Waits for approval, because ${because}: ${what}. status.plan shows all of it. ` +
    `It goes on with the annotation ${ANNOTATION_APPROVED_PLAN}: ${digest}.${other}`
  );
}

/** Whether it is not begun before a person has agreed. */
export function isHeldForApproval(action: Action, { pending, question, destructions }: Approval): boolean {
  if (pending === undefined) return false;
  return effectsOf(action, question.rules).length > 0 || destructions.some((one) => isPartOf(action, one));
}

/** What was agreed to and still stands, also while nothing of it is left to ask for. */
export function agreedIn({
  given,
  question,
}: Pick<Approval, "given" | "question">): GivenApproval | undefined {
  return given ?? rememberedIn(question);
}

/** Whether a person has agreed to it. What was agreed to as a whole stays so when what is left of it destroys nothing more. */
export function isAgreedTo(action: Action, { given, question, destructions }: Approval): boolean {
  const agreed = agreedIn({ given, question });
  if (action.verb === "delete" && agreed?.effects.some(({ id }) => id === action.id) === true) return true;
  if (given === undefined) return false;
  return effectsOf(action, question.rules).length > 0 || destructions.some((one) => isPartOf(action, one));
}

/** What of what stays is not written before that, as holds: fields, and what stands in for what is to come as a whole. */
export function holdsForApproval({ pending, destructions }: Approval): Hold[] {
  if (pending === undefined) return [];
  const reason = { because: "approval", digest: pending.digest } as const;
  return destructions.flatMap(({ fields, standIns }) => [
    ...fields.map((place) => ({ ...place, reason })),
    ...standIns.flatMap(({ address }) => (address === undefined ? [] : [{ address, reason }])),
  ]);
}

/** The plan with what needs consent held back, and everything else as it was. */
export function heldForApproval(plan: Plan, approval: Approval): Plan {
  const { pending } = approval;
  if (pending === undefined) return plan;
  const { digest, message, needs } = pending;
  const { address } = needs.find(isMoreThanTags) ?? needs[0]!;
  const obstacle: Obstacle = { address, reason: "ApprovalRequired", message };
  return {
    actions: plan.actions.map((action) =>
      isHeldForApproval(action, approval) ? heldBack(action, { because: "approval", digest }) : action,
    ),
    obstacles: [...plan.obstacles, obstacle],
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
