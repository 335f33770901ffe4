/** One page out of a list, with an opaque token for the next. */
import { AwsError } from "./aws-error.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * @param keyOf names an item: the token holds the key of the last one given, so that a list that has changed
 *   in between neither repeats nor skips what has stayed
 * @param invalid AWS's code for a token that is not one of ours
 * @throws AwsError
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: { token: string | undefined; size: number },
  invalid: string,
): Page<T> {
  const start = request.token === undefined ? 0 : startOf(items, keyOf, request.token, invalid);
  const page = items.slice(start, start + request.size);
  const last = page.at(-1);
  const hasMore = last !== undefined && start + page.length < items.length;
  return { items: page, next: hasMore ? encode(keyOf(last), start + page.length) : undefined };
}

function encode(key: string, offset: number): string {
  return Buffer.from(JSON.stringify([key, offset])).toString("base64url");
}

function startOf<T>(items: readonly T[], keyOf: (item: T) => string, token: string, invalid: string): number {
  const [key, offset] = decode(token, invalid);
  const index = items.findIndex((item) => keyOf(item) === key);
  // The last item given is gone: what followed it has moved up by at least one.
  return index >= 0 ? index + 1 : Math.max(0, offset - 1);
}

function decode(token: string, invalid: string): [string, number] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number") {
      return [value[0], value[1]];
    }
  } catch {
    // Not a token of ours: said below.
  }
  throw new AwsError(invalid, "The specified token or marker is not valid.");
}
