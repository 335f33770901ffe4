/** What comes of a situation: from the spec, what AWS has, what has fired and what was applied, to what is written. */
import { differencesOf } from "../../../../src/reconciler/core/diff.ts";
import { CORRECT_ALL, type DriftRules } from "../../../../src/reconciler/core/drift-rules.ts";
import { leftToOthers } from "../../../../src/reconciler/core/left-to-others.ts";
import type { Fields, Fleet } from "../../../../src/reconciler/core/resource.ts";
import {
  type CapacityEvidence,
  keptIn,
  ownersOf,
} from "../../../../src/reconciler/kinds/auto-scaling-group/capacity/owners.ts";
import {
  type CapacitySpec,
  SIZES,
  type SizeName,
} from "../../../../src/reconciler/kinds/auto-scaling-group/capacity/sizes.ts";
import { kindNamed } from "../../../../src/reconciler/kinds/registry.ts";
import { desired, fleet, fleetInstance, observed } from "../../core/fixtures.ts";

const NOW = "2026-03-04T12:00:00Z";

export interface Situation {
  readonly spec?: object;
  /** Minimum, maximum, desired capacity; what is declared is 2, 10 and nothing. */
  readonly live?: readonly [min: number, max: number, desired: number];
  readonly actions?: readonly object[];
  readonly policies?: readonly object[];
  readonly activities?: readonly object[];
  readonly suspended?: readonly object[];
  readonly editedAt?: string;
  /** When AWS has made the group. */
  readonly createdAt?: string;
  /** What was last applied, where that is not what the spec says. */
  readonly applied?: Fields;
  readonly isRecordLost?: true;
  readonly rules?: DriftRules;
  readonly fleet?: Partial<Fleet>;
}

/**
 * - `=`: as declared.
 * - `kept`: not as declared, and left.
 * - `written`; `consent`: written once a person agrees, for it is a correction that terminates instances.
 * - `edited`: written, and no correction.
 * - `refused`: AWS would not take it.
 * - `free`: not compared.
 */
type Outcome = "=" | "kept" | "written" | "consent" | "edited" | "refused" | "free";

export function outcomeOf(situation: Situation): {
  owners: Record<SizeName, string>;
  why: Record<SizeName, string>;
} {
  const spec = { minSize: 2, maxSize: 10, ...situation.spec } as CapacitySpec;
  const [minSize, maxSize, desiredCapacity] = situation.live ?? [2, 10, 2];
  const sizes = { minSize, maxSize, desiredCapacity };
  const claims = ownersOf(spec, {
    live: sizes,
    suspended: situation.suspended ?? [],
    nowMs: Date.parse(NOW),
    editedAtMs: situation.editedAt === undefined ? undefined : Date.parse(situation.editedAt),
    createdAtMs: situation.createdAt === undefined ? undefined : Date.parse(situation.createdAt),
    ...(situation.actions === undefined ? {} : { actions: situation.actions }),
    ...(situation.policies === undefined ? {} : { policies: situation.policies }),
    ...(situation.activities === undefined ? {} : { activities: situation.activities }),
  } as CapacityEvidence);
  const isFixed = spec.desiredCapacityPolicy === "Fixed";
  const compared = SIZES.filter((size) => isFixed || size !== "desiredCapacity");
  const pick = (from: object): Fields =>
    Object.fromEntries(Object.entries(from).filter(([name]) => compared.some((size) => size === name)));
  const wanted = pick(spec);
  const applied = { ...wanted, ...situation.applied };
  const address = "autoScalingGroups.web";
  const there = observed(address, {
    kind: "autoScalingGroup",
    fields: pick(sizes),
    keptBy: keptIn(claims),
    owners: claims,
    ...fleet({
      ...sizes,
      instances: Array.from({ length: desiredCapacity }, (_, index) => fleetInstance(`i-${index}`)),
      ...situation.fleet,
    }),
  });
  const one = desired(address, { kind: "autoScalingGroup", fields: wanted });
  const kind = kindNamed("autoScalingGroup");
  const known = situation.isRecordLost === true ? [] : [[one.address, applied] as const];
  const left = leftToOthers({
    ...{ kindNamed, desired: [one], current: new Map([[one.address, there]]), applied: new Map(known) },
    ...{ records: new Map(), rules: situation.rules ?? CORRECT_ALL, isUnseen: () => false },
  });
  const [settled] = left.desired;
  const fields = settled!.fields;
  const differences = differencesOf(kind, fields, there.fields, applied);
  const change = { desired: settled!, fields, observed: there, differences };
  const refused = kind.obstacles!(change, []).map(({ field }) => field);
  const isEdit = (size: string) => applied[size] !== wanted[size];
  const terminated = kind.terminated!(change).map(({ difference }) => difference.field);
  const outcome = (size: SizeName): Outcome => {
    if (!compared.includes(size)) return "free";
    if (refused.includes(size)) return "refused";
    if (differences.some(({ field }) => field === size)) {
      if (isEdit(size)) return "edited";
      return terminated.includes(size) ? "consent" : "written";
    }
    return sizes[size] === wanted[size] ? "=" : "kept";
  };
  const told = SIZES.map((size) => [size, `${claims[size].owner} ${outcome(size)}`] as const);
  return {
    owners: Object.fromEntries(told) as Record<SizeName, string>,
    why: Object.fromEntries(SIZES.map((size) => [size, claims[size].why])) as Record<SizeName, string>,
  };
}

export type Table = readonly [
  what: string,
  situation: Situation,
  min: string,
  max: string,
  desired: string,
  why?: Partial<Record<SizeName, RegExp>>,
][];
