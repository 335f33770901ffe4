/** How EC2's Describe operations answer: those that are named, that pass the filters, a page of them. */
import type { Page } from "../account/paging.ts";
import { ec2Page, type Filter, named } from "./describe-input.ts";
import { type FilterTable, filtered } from "./filters/filtered.ts";
import { type NamedKind, notFound } from "./not-found.ts";

interface Listing<Description> {
  readonly operation: string;
  readonly all: readonly Description[];
  readonly idOf: (description: Description) => string | undefined;
  /** Those asked for; without any, all. */
  readonly ids: readonly string[] | undefined;
  readonly kind: NamedKind;
  readonly filters: FilterTable<Description>;
  /** Of `MaxResults`. */
  readonly range?: { readonly least: number; readonly most: number };
}

interface DescribeInput {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

const RANGE = { least: 5, most: 1_000 };

/** @throws AwsError for ids that are not there, for filters and for page sizes that EC2 does not take */
export function describedPage<Description extends object>(
  input: DescribeInput,
  { operation, all, idOf, ids, kind, filters, range = RANGE }: Listing<Description>,
): Page<Description> {
  const idIn = (description: Description): string => idOf(description) ?? "";
  const asked = named(all, idIn, ids, (unknown) => notFound(kind, unknown));
  return ec2Page(filtered(operation, filters, input.Filters, asked), idIn, input, range);
}
