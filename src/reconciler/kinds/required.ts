/** What an answer of AWS's promises, and what we have put somewhere ourselves. */
import { CloudError } from "../../model/errors.ts";

/**
 * A member that AWS promises. @throws CloudError `malformed` when the answer lacks it: an answer that is cut short
 * must not be read as "there is none".
 */
export function required<T>(value: T | undefined | null, member: string): T {
  if (value !== undefined && value !== null) return value;
  throw new CloudError({
    operation: "answer",
    code: "MalformedAnswer",
    category: "malformed",
    message: `AWS's answer lacks ${member}`,
  });
}

/** What this kind gives each of its resources. @throws when one lacks it, which is a bug of ours */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`a resource was observed without ${what}`);
  return value;
}
