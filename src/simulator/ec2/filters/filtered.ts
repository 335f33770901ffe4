/**
 * Filters of EC2's Describe operations, by one table for each: the name of a filter, and where its values stand in
 * AWS's own description of the resource. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
import { AwsError } from "../../account/aws-error.ts";
import type { Tag } from "../../services.ts";
import { type Filter, passes } from "../describe-input.ts";

/**
 * Where the values of a filter are: the path of a member of the description (`SecurityGroups.GroupId`; lists are
 * looked through); the path, and what it means that the member is not there; or how to find them.
 */
export type Reading<T> =
  | string
  | readonly [path: string, absent: string]
  | ((description: T) => string | undefined | readonly string[]);

/** The documented filters of one operation. */
export interface FilterTable<T> {
  readonly read: Readonly<Record<string, Reading<T>>>;
  /** Whether `tag:<key>` is among them. */
  readonly tag: boolean;
  /** Of these the account has no data: refused by name, because an empty answer would be a made-up one. */
  readonly lacks: readonly string[];
}

/** AWS's limits: the error FilterLimitExceeded. */
const MOST_VALUES = 200;
const LONGEST_VALUE = 255;

/**
 * The descriptions that pass all filters.
 * @throws AwsError for a filter that AWS does not document, that the account cannot answer, or that is too long:
 *   ec2/filters, ec2/filter-limits, ec2/filters-refused
 */
export function filtered<T extends object>(
  operation: string,
  table: FilterTable<T>,
  filters: readonly Filter[] | undefined,
  descriptions: readonly T[],
): readonly T[] {
  if (filters === undefined || filters.length === 0) return descriptions;
  for (const filter of filters) checkName(operation, table, filter.Name ?? "");
  checkValues(filters.flatMap((filter) => filter.Values ?? []));
  return descriptions.filter((one) => passes(filters, fieldsOf(table, filters, one), tagsOf(one)));
}

function checkName<T>(operation: string, table: FilterTable<T>, name: string): void {
  if (Object.hasOwn(table.read, name) || (table.tag && name.startsWith("tag:"))) return;
  if (table.lacks.includes(name)) {
    throw new AwsError(
      "InvalidParameterValue",
      `The simulated account does not hold what the filter '${name}' of ${operation} asks for`,
    );
  }
  throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

function checkValues(values: readonly string[]): void {
  if (values.length > MOST_VALUES) {
    throw new AwsError(
      "FilterLimitExceeded",
      `The maximum number of filter values specified on a single call is ${MOST_VALUES}`,
    );
  }
  if (values.some((value) => value.length > LONGEST_VALUE)) {
    throw new AwsError(
      "FilterLimitExceeded",
      `The maximum length for a filter value is ${LONGEST_VALUE} characters`,
    );
  }
}

function fieldsOf<T extends object>(
  table: FilterTable<T>,
  filters: readonly Filter[],
  description: T,
): Record<string, readonly string[]> {
  const fields: Record<string, readonly string[]> = {};
  for (const { Name: name = "" } of filters) {
    const reading = Object.hasOwn(table.read, name) ? table.read[name] : undefined;
    if (reading !== undefined) fields[name] = valuesOf(reading, description);
  }
  return fields;
}

function valuesOf<T extends object>(reading: Reading<T>, description: T): readonly string[] {
  if (typeof reading === "function") {
    const found = reading(description);
    return found === undefined ? [] : typeof found === "string" ? [found] : found;
  }
  const [path, absent] = typeof reading === "string" ? [reading, undefined] : reading;
  const found = path.split(".").reduce(membersOf, [description]).map(textOf);
  return found.length === 0 && absent !== undefined ? [absent] : found;
}

function membersOf(holders: readonly unknown[], member: string): readonly unknown[] {
  return holders
    .flatMap((holder) => (holder as Readonly<Record<string, unknown>>)[member])
    .filter((value) => value !== undefined && value !== null);
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function tagsOf(description: object): readonly Tag[] {
  const { Tags, TagSet } = description as { Tags?: readonly Tag[]; TagSet?: readonly Tag[] };
  return Tags ?? TagSet ?? [];
}
