/**
 * What AWS's pages say that an operation does not take, as tables: one for each service, beside its code. A rule
 * looks at the input, and at what the service holds where the page makes it depend on that.
 */
import type { OperationTable } from "../services.ts";
import { AwsError } from "./aws-error.ts";

/** One documented reason for which AWS refuses a call. */
export interface Refusal {
  /** `<service>/<short-name>`. */
  readonly id: string;
  readonly operations: readonly string[];
  /** What AWS demands, in one sentence. */
  readonly statement: string;
  /** AWS's error code. */
  readonly code: string;
  readonly page: string;
}

export interface RefusalRule<State> extends Refusal {
  /** AWS's words about an input that breaks the rule; nothing about one that keeps it. */
  says(input: never, state: State): string | undefined;
}

/** `true` stands for the statement itself: AWS's own words are not known. */
type Verdict = string | boolean | undefined;

export type Row<Input, State> = readonly [
  name: string,
  statement: string,
  breaks: (input: Input, state: State) => Verdict,
  /** Where it is not the usual one of the table. */
  code?: string,
];

/** The rows of one page for the operations that share it. */
export function refusals<Input, State = unknown>(
  place: {
    readonly prefix: string;
    readonly operations: readonly string[];
    readonly code: string;
    readonly page: string;
  },
  rows: readonly Row<Input, State>[],
): readonly RefusalRule<State>[] {
  return rows.map(([name, statement, breaks, code = place.code]) => ({
    id: `${place.prefix}/${name}`,
    operations: place.operations,
    statement,
    code,
    page: place.page,
    says: (input, state) => {
      const verdict = breaks(input, state);
      if (verdict === true) return statement;
      return verdict === false ? undefined : verdict;
    },
  }));
}

/** AWS's answer for the first rule that an input breaks. */
export function firstRefusal<State>(
  rules: readonly RefusalRule<State>[],
  input: object,
  state: State,
): AwsError | undefined {
  for (const rule of rules) {
    const message = rule.says(input as never, state);
    if (message !== undefined) return new AwsError(rule.code, message, undefined, rule.id);
  }
  return undefined;
}

/** The operations, each behind the rules that name it. */
export function refusing<State>(
  operations: OperationTable,
  rules: readonly RefusalRule<State>[],
  state: State,
): OperationTable {
  const wrap = ([operation, run]: [string, (input: never) => object]) => {
    const own = rules.filter((rule) => rule.operations.includes(operation));
    if (own.length === 0) return [operation, run] as const;
    const checked = (input: object): object => {
      const refusal = firstRefusal(own, input, state);
      if (refusal !== undefined) throw refusal;
      return run(input as never);
    };
    return [operation, checked] as const;
  };
  return Object.fromEntries(Object.entries(operations).map(wrap));
}

/** AWS's own check of a member of the input, in its words. */
export function constraint(member: string, value: unknown, demand: string): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${demand}`;
}

/** The same of a member that takes one of some values. */
export function enumeration(member: string, value: unknown, allowed: readonly string[]): string {
  return constraint(member, value, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

/** What is said of the first item of which anything is said. */
export function firstOf<T>(
  items: readonly T[] | undefined,
  said: (item: T, index: number) => Verdict,
): Verdict {
  for (const [index, item] of (items ?? []).entries()) {
    const verdict = said(item, index);
    if (verdict !== undefined && verdict !== false) return verdict;
  }
  return undefined;
}

/** Whether a number is given and no whole one of the range. */
export function isOutside(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && !(Number.isInteger(value) && value >= least && value <= most);
}

/** Whether a text is given and none of those allowed. */
export function isNoneOf(value: string | undefined, allowed: readonly string[]): value is string {
  return value !== undefined && !allowed.includes(value);
}

/** Whether a list holds something twice. */
export function hasTwice(items: readonly unknown[]): boolean {
  return new Set(items).size < items.length;
}

/** Unicode characters, as AWS counts them in names and tags. */
export function lengthOf(text: string | undefined): number {
  return [...(text ?? "")].length;
}

/** How long tags are, where AWS's words for longer ones are not known. */
export const TAG_LENGTH_ROWS: readonly Row<
  { readonly Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined },
  unknown
>[] = [
  [
    "tag-key-length",
    "A tag key has 1 to 128 characters.",
    ({ Tags }) => firstOf(Tags, ({ Key }) => lengthOf(Key) < 1 || lengthOf(Key) > 128),
  ],
  [
    "tag-value-length",
    "A tag value has at most 256 characters.",
    ({ Tags }) => firstOf(Tags, ({ Value }) => lengthOf(Value) > 256),
  ],
];
