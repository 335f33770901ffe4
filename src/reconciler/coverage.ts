/**
 * How much of what AWS holds is compared with the spec: for every wanted resource which members are equal, which differ,
 * which are left to others and which are not compared, and why. What was not read is never equal. Pure.
 */
import { type Address, surplusAddress } from "../model/address.ts";
import { LIMITS } from "../model/limits.ts";
import type { Coverage, CoverageDifference, CoverageMember, CoverageRow } from "../model/status.ts";
import { waitText } from "../model/text/waits.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import { type Verdict, type VerdictInput, verdictOnField, verdictOnMissing } from "./consistency/verdicts.ts";
import type { Comparison } from "./core/compare.ts";
import { foreignPath, isForeign } from "./core/foreign-fields.ts";
import { sentenceOf } from "./core/holds.ts";
import type { LeftField } from "./core/left-to-others.ts";
import type {
  DesiredResource,
  Difference,
  Fields,
  Member,
  ObservedResource,
  OwnerClaim,
} from "./core/resource.ts";
import { isTag } from "./core/tags.ts";
import type { Decision } from "./decide.ts";
import { isAwsDefault, isHeld } from "./kinds/coverage/answer-members.ts";
import { kindNamed } from "./kinds/registry.ts";

const NOT_DECLARED = "the spec does not declare it";
const OTHERS_TAG = "a tag that the spec does not declare";
const INITIAL = "used when the resource is made, and then left to others";
const NOT_READ = "not read";
const FOR_SUCCESSOR = "the spec asks for another value, of what replaces it";

/**
 * @param applied what was last applied: a field in it that the spec no longer declares is compared with AWS's default
 */
export function coverageOf(
  { comparisons, predecessors, unread }: Pick<Decision, "comparisons" | "predecessors" | "unread">,
  applied: ReadonlyMap<Address, Fields>,
  judgement: VerdictInput,
): Coverage {
  const shownIds = new Set(comparisons.map(({ observed }) => observed?.id));
  const besides = predecessors.filter(({ observed }) => !shownIds.has(observed.id));
  const rows = [
    ...[...comparisons, ...besides].map((comparison) =>
      rowOf(comparison, applied.get(comparison.desired.address), judgement),
    ),
    ...unread.map((desired) => emptyRow(desired, NOT_READ, { verdict: "not compared" })),
  ];
  const sum = (count: (row: CoverageRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  const different = sum((row) => row.different.length);
  const shown = rows.slice(0, LIMITS.coverageRows);
  return {
    complete: different === 0 && rows.every(({ reason }) => reason === undefined),
    compared: sum((row) => row.compared),
    equal: sum((row) => row.equal),
    different,
    leftToOthers: sum((row) => row.leftToOthers.length),
    notCompared: sum((row) => row.notCompared.length),
    resources: withinLimit(shown),
    ...(rows.length > shown.length ? { more: rows.length - shown.length } : {}),
  };
}

function emptyRow(
  { kind, name, address }: DesiredResource,
  reason: string,
  { verdict }: Verdict,
): CoverageRow {
  return {
    kind,
    name,
    address,
    compared: 0,
    equal: 0,
    different: [],
    leftToOthers: [],
    notCompared: [],
    reason,
    verdict,
  };
}

function rowOf(comparison: Comparison, applied: Fields | undefined, judgement: VerdictInput): CoverageRow {
  const { desired, observed } = comparison;
  if (observed === undefined) {
    return emptyRow(desired, missingBecause(comparison), verdictOnMissing(judgement, desired.address));
  }
  const { equal, different, leftToOthers, waiting } = fieldsOf(comparison, observed, applied);
  const members = membersOf(observed, new Set([...equal, ...different.map(({ field }) => field)]));
  return {
    kind: desired.kind,
    name: observed.name,
    address: desired.address,
    compared: equal.length + members.atDefault + different.length,
    equal: equal.length + members.atDefault,
    different: different.map(
      ({ field, desired: wanted, observed: live }): CoverageDifference => ({
        member: field,
        desired: shortened(wanted),
        observed: shortened(live),
        ...verdictOnField(judgement, placeOf(comparison, observed), field, wanted),
      }),
    ),
    leftToOthers: [...leftToOthers, ...members.initial],
    notCompared: [...waiting, ...members.notCompared],
  };
}

/** What stands in for what is to come has a record of its own. */
function placeOf({ desired: { address, name } }: Comparison, { id, name: there }: ObservedResource): Address {
  return name === there ? address : surplusAddress(id);
}

function missingBecause({ waitsFor: [hold] }: Comparison): string {
  return hold === undefined
    ? "AWS does not have it"
    : `AWS does not have it; ${waitText([sentenceOf(hold)])}`;
}

interface ComparedFields {
  readonly equal: readonly string[];
  readonly different: readonly Difference[];
  readonly leftToOthers: readonly CoverageMember[];
  /** Fields whose value another resource has yet to give. */
  readonly waiting: readonly CoverageMember[];
}

function fieldsOf(
  { desired, standsAt, fields, goal = fields, differences, waitsFor, left = [] }: Comparison,
  { kind, fields: live }: ObservedResource,
  applied: Fields = {},
): ComparedFields {
  const known = new Map(differences.map((difference) => [difference.field, difference]));
  const equal: string[] = [];
  const different: Difference[] = [];
  const leftToOthers: CoverageMember[] = [];
  const waiting: CoverageMember[] = [];
  for (const field of new Set([...Object.keys(desired.fields), ...Object.keys(goal), ...Object.keys(live)])) {
    const difference = known.get(field) ?? onTheWay(field, goal, fields, live);
    const there = live[field];
    const others = left.find((one) => one.field === field);
    if (others !== undefined) {
      if (isTag(field) || isHeld(kind, field)) leftToOthers.push(leftMember(others, there));
    } else if (difference !== undefined) different.push(difference);
    else if (goal[field] !== undefined) equal.push(field);
    else if (desired.fields[field] !== undefined) {
      const reason = standsAt === undefined ? waitText(waitsFor.map(sentenceOf)) : FOR_SUCCESSOR;
      waiting.push({ member: field, reason, verdict: "rolling out", ...shownValue(there) });
    } else if (isComparedUndeclared(kind, field, there, { applied, goal })) equal.push(field);
    // What the spec could not declare is told among the members.
    else if (isTag(field) || isHeld(kind, field))
      leftToOthers.push({
        member: field,
        reason: isTag(field) ? OTHERS_TAG : NOT_DECLARED,
        ...shownValue(there),
      });
  }
  return { equal, different, leftToOthers, waiting };
}

function leftMember({ field, by, isReported, wanted }: LeftField, there: Value | undefined): CoverageMember {
  return {
    member: field,
    reason: isReported ? `reported, not corrected: ${by}` : `left to others: ${by}`,
    verdict: isReported ? "drifted" : "ignored",
    ...shownValue(there),
    ...(wanted === undefined ? {} : { desired: shortened(wanted) }),
  };
}

/** What is as it is to be now, and not yet as it is to be in the end. */
function onTheWay(field: string, goal: Fields, fields: Fields, live: Fields): Difference | undefined {
  const wanted = goal[field];
  if (wanted === undefined || valuesEqual(wanted, fields[field]) || valuesEqual(wanted, live[field]))
    return undefined;
  return { field, desired: wanted, observed: live[field] ?? null };
}

/** What the spec does not declare and nobody has set, and what would be taken back if it were another. */
function isComparedUndeclared(
  kind: ObservedResource["kind"],
  field: string,
  value: Value | undefined,
  { applied, goal }: { readonly applied: Fields; readonly goal: Fields },
): boolean {
  const rules = kindNamed(kind);
  if (rules.isWhole === true && !isTag(field)) return true;
  if (!isHeld(kind, field)) return false;
  if (value === undefined || value === "" || valuesEqual(value, []) || isAwsDefault(kind, field, value))
    return true;
  const initially = applied[field] === undefined ? undefined : rules.defaultOf?.(field, goal);
  return initially !== undefined && valuesEqual(initially, value);
}

/** @param compared the fields that are compared, those of members that the spec does not know among them */
function membersOf(
  { members, owners }: ObservedResource,
  compared: ReadonlySet<string>,
): {
  readonly atDefault: number;
  readonly initial: readonly CoverageMember[];
  readonly notCompared: readonly CoverageMember[];
} {
  if (members === undefined) {
    const everythingElse = { member: "everything else", reason: `${NOT_READ} since it was made` };
    return { atDefault: 0, initial: [], notCompared: [everythingElse] };
  }
  const foreign = [...compared].filter(isForeign).map(foreignPath);
  const isComparedAsField = ({ path }: Member) => foreign.some((name) => standsBelow(name, path));
  const unsupported = members.filter(
    (member) => member.is === "notSupported" && member.isDefault !== true && !isComparedAsField(member),
  );
  const unread = members.filter(({ is }) => is === "notRead");
  return {
    atDefault: members.filter(({ is, isDefault }) => is === "notSupported" && isDefault === true).length,
    initial: members
      .filter(({ isInitial, field = "" }) => isInitial === true && !compared.has(field))
      .map(({ field, path, value }) => ({
        member: field ?? path,
        reason: reasonOfInitial(owners?.[field ?? path]),
        ...shownValue(value),
      })),
    notCompared: [...unsupported, ...unread].map(({ path, value, why = NOT_DECLARED }) => ({
      member: path,
      reason: why,
      ...shownValue(value ?? undefined),
    })),
  };
}

/** @param claim whose it is by now, where that is known */
function reasonOfInitial(claim: OwnerClaim | undefined): string {
  return claim === undefined ? INITIAL : `left to others: ${claim.why}`;
}

/** Whether a member is, or stands below, one of some name: `LaunchTemplateData.CpuOptions.CoreCount` below `CpuOptions`. */
function standsBelow(name: string, path: string): boolean {
  return `.${path.replaceAll("[]", "")}.`.includes(`.${name}.`);
}

function shownValue(value: Value | undefined): { value?: Value } {
  return value === undefined || value === null ? {} : { value: shortened(value) };
}

function shortened(value: Value): Value {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const most = LIMITS.coverageValueCharacters;
  return text.length > most ? `${text.slice(0, most)}…` : value;
}

/** What differs is named first, then what is not compared, then what is left to others; of each row how many more. */
function withinLimit(rows: readonly CoverageRow[]): CoverageRow[] {
  let left: number = LIMITS.coverageMembers;
  const take = <T>(items: readonly T[]): T[] => {
    const taken = items.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const different = rows.map((row) => take(row.different));
  const notCompared = rows.map((row) => take(row.notCompared));
  const leftToOthers = rows.map((row) => take(row.leftToOthers));
  return rows.map((row, index) => {
    const shown = {
      different: different[index] ?? [],
      leftToOthers: leftToOthers[index] ?? [],
      notCompared: notCompared[index] ?? [],
    };
    const all = row.different.length + row.leftToOthers.length + row.notCompared.length;
    const more = all - shown.different.length - shown.leftToOthers.length - shown.notCompared.length;
    return { ...row, ...shown, ...(more > 0 ? { more } : {}) };
  });
}
