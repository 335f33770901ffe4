/** What EC2's Describe operations share: filters, ids and pages. */
import { AwsError } from "../account/aws-error.ts";
import { type Page, pageOf } from "../account/paging.ts";
import type { Tag } from "../services.ts";

export interface Filter {
  Name?: string | undefined;
  Values?: string[] | undefined;
}

/** The values of one resource by filter name; an array when it has several. */
export type Fields = Readonly<Record<string, string | undefined | readonly string[]>>;

/** A filter passes when any value matches, and all filters must pass: ec2/filters. */
export function passes(
  filters: readonly Filter[] | undefined,
  fields: Fields,
  tags: readonly Tag[],
): boolean {
  return (filters ?? []).every((filter) => {
    const name = filter.Name ?? "";
    const values = filter.Values ?? [];
    const found = valuesOf(name, fields, tags);
    return found.some((value) => values.some((pattern) => matches(pattern, value)));
  });
}

function valuesOf(name: string, fields: Fields, tags: readonly Tag[]): readonly string[] {
  if (Object.hasOwn(fields, name)) {
    const value = fields[name];
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
  }
  if (name === "tag-key") return tags.map((tag) => tag.Key);
  if (name.startsWith("tag:")) {
    return tags.filter((tag) => tag.Key === name.slice(4)).map((tag) => tag.Value);
  }
  throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

/** `*` stands for any characters and `?` for one; a backslash takes their meaning away. */
function matches(pattern: string, value: string): boolean {
  if (!/[*?\\]/.test(pattern)) return pattern === value;
  const source = pattern.replace(/\\([*?\\])|([*?])|[.*+?^${}()|[\]\\]/g, (found, escaped, wild) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (wild !== undefined) return wild === "*" ? "[^]*" : "[^]";
    return `\\${found}`;
  });
  return new RegExp(`^${source}$`).test(value);
}

/** @throws AwsError when MaxResults is out of its range or the token is not valid */
export function ec2Page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { MaxResults?: number | undefined; NextToken?: string | undefined },
  range: { least: number; most: number },
): Page<T> {
  const size = input.MaxResults;
  if (size !== undefined && (size < range.least || size > range.most)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${range.least} and ${range.most}.`,
    );
  }
  return pageOf(items, keyOf, { token: input.NextToken, size: size ?? range.most }, "InvalidNextToken");
}

/** All of the ids, in the order of the list, or AWS's error for the ones that are not there. */
export function named<T>(
  all: readonly T[],
  idOf: (item: T) => string,
  ids: readonly string[] | undefined,
  missing: (ids: readonly string[]) => AwsError,
): readonly T[] {
  if (ids === undefined || ids.length === 0) return all;
  const wanted = new Set(ids);
  const found = all.filter((item) => wanted.has(idOf(item)));
  const known = new Set(found.map(idOf));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) throw missing(unknown);
  return found;
}
