import { InvalidSpecError } from "../model/errors.ts";
import type { ListAnswer } from "../model/fleet/list-query.ts";

/** What a `continue` token holds: the version of the first page, and the place after which the next begins. */
export interface Place<K> {
  version: number;
  after: K;
}

function tokenOf<K>(place: Place<K>): string {
  return Buffer.from(JSON.stringify([place.version, place.after])).toString("base64url");
}

/** @throws InvalidSpecError when the token is none of ours */
export function placeOf<K>(token: string, isKey: (value: unknown) => value is K): Place<K> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && Number.isSafeInteger(value[0]) && isKey(value[1])) {
    return { version: value[0], after: value[1] };
  }
  throw new InvalidSpecError([
    {
      path: "continue",
      message: "is not a token from an earlier list; leave it out to begin at the first page",
      reason: "FieldValueInvalid",
    },
  ]);
}

export interface Page<Row, T, K> {
  /** In list order, already behind the place. */
  rows: Iterable<Row>;
  /** The item of a row, or nothing when the query does not match it. */
  itemOf: (row: Row) => T | undefined;
  keyOf: (row: Row) => K;
  limit: number | undefined;
  /** Rows that are looked at at most. */
  scan: number | undefined;
  /**
   * Of the first page: all pages of one walk carry it, so that a watch from it misses nothing that
   * moved while the walk went on.
   */
  version: number;
  /** Rows behind the last one of the page, where that can be told cheaply. */
  remainingAfter?: (key: K) => number;
}

/** One page: reads one item more than asked, to know whether there is another page. */
export function pageOf<Row, T, K>(page: Page<Row, T, K>): ListAnswer<T> {
  const limit = page.limit === undefined || page.limit <= 0 ? Number.POSITIVE_INFINITY : page.limit;
  const items: T[] = [];
  let last: K | undefined;
  let seen = 0;
  for (const row of page.rows) {
    const isScanned = seen === page.scan;
    const item = isScanned ? undefined : page.itemOf(row);
    seen += 1;
    if (item === undefined && !isScanned) {
      // Once the page is full, only an item more would show that there is another page.
      if (items.length < limit) last = page.keyOf(row);
      continue;
    }
    if ((isScanned || items.length === limit) && last !== undefined) {
      const remaining = page.remainingAfter?.(last);
      return {
        items,
        continue: tokenOf({ version: page.version, after: last }),
        ...(remaining === undefined ? {} : { remaining }),
        resourceVersion: String(page.version),
      };
    }
    if (item !== undefined) items.push(item);
    last = page.keyOf(row);
  }
  return { items, resourceVersion: String(page.version) };
}
