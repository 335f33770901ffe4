/**
 * Tables of what the members of AWS's answers are: what the annotations of the schemas say, and by hand the rest, each
 * with its reason. A test holds them against the schemas that the SDK carries.
 */
import { hiddenSecret, isSecretPath } from "../../../model/secrets.ts";
import { capitalised } from "../../../model/text/first-letter.ts";
import { isRecord, type Value, valuesEqual } from "../../../model/value.ts";
import type { Member, MemberIs } from "../../core/resource.ts";
import type { AttributeRule } from "../attributes.ts";
import type { FieldInfo } from "../field.ts";

/** Whether a value is the one that AWS documents for what nobody has set. */
type IsDefault = (value: Value) => boolean;

export interface MemberRule {
  readonly is: Exclude<MemberIs, "notRead">;
  readonly field?: string;
  readonly why?: string;
  readonly isDefault?: IsDefault;
  readonly isSecret?: true;
  readonly isInitial?: true;
}

/** AWS's path without the `[]` at its end → what it is; what is not `held` speaks for all that stands below it, too. */
export type MemberRules = Readonly<Record<string, MemberRule>>;

/** One call that reads a kind, and what is looked at in its answer. */
export interface AnswerTable {
  /** IAM's name of the call. */
  readonly operation: string;
  /** Where in the answer the looked-at part stands: `LoadBalancers`. */
  readonly at: string;
  readonly rules: MemberRules;
  /** A list of keys and values: its members are the keys. */
  readonly isKeyed?: true;
}

/** A call that makes or changes a resource, and the names that its input has beside those of the answers. */
export interface InputTable {
  readonly operation: string;
  /** Where in the input the part stands that the answers mirror: `LaunchTemplateData`. */
  readonly at?: string;
  readonly rules: MemberRules;
}

interface OwnCalls {
  readonly what: string;
  readonly write: string;
  /** The call that reads it, which nobody makes; absent where other answers tell it. */
  readonly unread?: string;
}

export interface MemberTable {
  readonly answers: readonly AnswerTable[];
  readonly inputs: readonly InputTable[];
  /** What has calls of its own and no place in a spec yet, by the word that a spec would have for it. */
  readonly ownCalls?: Readonly<Record<string, OwnCalls>>;
}

const NO_FIELD = "the spec has no field for it yet";
const UNHEARD_OF = "this version of Holdfast has never heard of it";

/** Members that fields of a schema stand for, as its annotations say. */
export function heldByFields(infos: readonly FieldInfo[]): MemberRules {
  return Object.fromEntries(
    infos.map(({ aws, path, owner, absent }) => [
      aws,
      {
        is: "held" as const,
        field: path,
        ...(owner === "initial" ? { isInitial: true as const } : {}),
        ...defaultTo(absent),
      },
    ]),
  );
}

/** A member that a field stands for, and what AWS documents for what nobody has set. */
export function heldWithDefault(field: string, path: string, initially: Value): MemberRules {
  return { [path]: { is: "held", field, ...defaultTo(initially) } };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly type?: unknown;
  readonly enum?: unknown;
}

/** The members of an item of a list, whose schema spells them as AWS does but for the first letter. */
export function heldItems(field: string, { properties = {} }: Schema): MemberRules {
  const rules = Object.entries(properties).map(([name, member]): MemberRules => {
    const aws = capitalised(name);
    const inner = member.items ?? member;
    if (inner.properties === undefined) return held(field, aws);
    return below(member.items === undefined ? aws : `${aws}[]`, heldItems(field, inner));
  });
  return Object.assign({}, ...rules);
}

/** Members that one field stands for. */
export function held(field: string, ...paths: readonly string[]): MemberRules {
  return Object.fromEntries(paths.map((path) => [path, { is: "held" as const, field }]));
}

/** AWS's own record of the resource. */
export function records(...paths: readonly string[]): MemberRules {
  return Object.fromEntries(paths.map((path) => [path, { is: "record" as const }]));
}

export function elsewhere(why: string, ...paths: readonly string[]): MemberRules {
  return Object.fromEntries(paths.map((path) => [path, { is: "elsewhere" as const, why }]));
}

/**
 * What the spec cannot hold: name → what AWS documents for what nobody has set (`undefined`: nothing), or how to
 * recognise it.
 */
export function notSupported(
  members: Readonly<Record<string, Value | IsDefault | undefined>>,
  why: string = NO_FIELD,
): MemberRules {
  return Object.fromEntries(
    Object.entries(members).map(([path, initially]) => [
      path,
      { is: "notSupported" as const, why, ...defaultTo(initially) },
    ]),
  );
}

function defaultTo(initially: Value | IsDefault | undefined): { isDefault?: IsDefault } {
  if (initially === undefined) return {};
  if (typeof initially === "function") return { isDefault: initially };
  return { isDefault: (value) => valuesEqual(value, initially) };
}

/** The same rules, whose values nobody is shown. */
export function secretly(rules: MemberRules): MemberRules {
  return Object.fromEntries(
    Object.entries(rules).map(([path, rule]) => [path, { ...rule, isSecret: true as const }]),
  );
}

/** The same rules for what stands below a member. */
export function below(path: string, rules: MemberRules): MemberRules {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`${path}.${name}`, rule]));
}

/** Attributes by their keys: those of the schema, and those that AWS has besides. */
export function attributeMembers(
  known: Readonly<Record<string, AttributeRule>>,
  others: Readonly<Record<string, Value | undefined>>,
  why: string,
): MemberRules {
  const ours = Object.entries(known).map(([key, rule]) => [
    key,
    { is: "held" as const, field: `attributes.${key}`, ...defaultTo(rule.default) },
  ]);
  return { ...notSupported(others, why), ...Object.fromEntries(ours) };
}

/** What a table says of a path; of one in the middle of what is said as a whole, that. */
export function ruleAt(rules: MemberRules, path: string): MemberRule | undefined {
  const own = rules[path] ?? rules[withoutList(path)];
  if (own !== undefined) return own;
  for (let above = parentOf(path); above !== ""; above = parentOf(above)) {
    const rule = rules[above] ?? rules[withoutList(above)];
    if (rule !== undefined) return rule.is === "held" ? undefined : rule;
  }
  return undefined;
}

function withoutList(path: string): string {
  return path.endsWith("[]") ? withoutList(path.slice(0, -2)) : path;
}

function parentOf(path: string): string {
  const plain = withoutList(path);
  return plain === path ? path.slice(0, Math.max(0, path.lastIndexOf("."))) : plain;
}

/** Whether members of a rule are asked for; without a rule: of those that no table knows. */
export type IsWanted = (rule: MemberRule | undefined) => boolean;

/**
 * The members of one answer that say something.
 * @param answer what stands at the table's `at`: an item of a list, or a list of keys and values
 * @param isSecret the spec says that nobody is shown what is compared here
 */
export function membersIn(
  table: AnswerTable,
  answer: unknown,
  isSecret = false,
  isWanted: IsWanted = () => true,
): Member[] {
  const leaves = new Map<string, Value[]>();
  if (table.isKeyed) collectKeys(answer, leaves);
  else collect(table.rules, answer, "", leaves);
  return [...leaves].flatMap(([path, values]) => {
    const rule = table.isKeyed ? table.rules[path] : ruleAt(table.rules, path);
    return isWanted(rule) ? [memberOf(table, rule, path, values, isSecret)] : [];
  });
}

function memberOf(
  { isKeyed, at }: AnswerTable,
  rule: MemberRule | undefined,
  path: string,
  values: Value[],
  isSecret: boolean,
): Member {
  const { is = "notSupported", field, isInitial, isDefault } = rule ?? {};
  const why = rule === undefined ? UNHEARD_OF : rule.why;
  const isHidden = isSecret || rule?.isSecret === true || isSecretPath(path);
  const shown = isHidden && is !== "record" ? values.map(hiddenSecret) : values;
  return {
    path: isKeyed ? `${at}[${path}]` : path,
    value: path.includes("[]") ? shown : (shown[0] ?? null),
    is,
    ...(field === undefined ? {} : { field }),
    ...(why === undefined ? {} : { why }),
    ...(isDefault !== undefined && values.every(isDefault) ? { isDefault: true as const } : {}),
    ...(isInitial === undefined ? {} : { isInitial }),
  };
}

/** What is AWS's record as a whole is not taken apart: of a list it is told how long it is. */
function collect(rules: MemberRules, value: unknown, path: string, leaves: Map<string, Value[]>): void {
  if (value === undefined || value === null || value === "") return;
  if (Array.isArray(value)) {
    if (rules[path]?.is === "record") add(leaves, path, value.length);
    else for (const item of value) collect(rules, item, `${path}[]`, leaves);
  } else if (value instanceof Date) add(leaves, path, value.toISOString());
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value))
      collect(rules, member, path === "" ? name : `${path}.${name}`, leaves);
  } else add(leaves, path, value as Value);
}

function collectKeys(answer: unknown, leaves: Map<string, Value[]>): void {
  for (const { Key, Value: value } of answer as readonly { Key?: string; Value?: string }[]) {
    if (Key !== undefined && value !== undefined && value !== "") add(leaves, Key, value);
  }
}

function add(leaves: Map<string, Value[]>, path: string, value: Value): void {
  const known = leaves.get(path);
  if (known === undefined) leaves.set(path, [value]);
  else known.push(value);
}
