/** What the Elastic Load Balancing kinds share. */
import { CloudError } from "../../model/errors.ts";
import type { Value } from "../../model/value.ts";
import type { Call, ObservedResource } from "../core/resource.ts";
import { callOf, tagList } from "./kind.ts";

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

/** Tags of load balancers, listeners, rules and target groups are written by the same two calls. */
export function elbTagCalls(
  { id }: ObservedResource,
  write: Readonly<Record<string, Value>>,
  remove: readonly string[],
): Call[] {
  const calls: Call[] = [];
  if (Object.keys(write).length > 0) {
    const texts = Object.fromEntries(Object.entries(write).map(([name, value]) => [name, String(value)]));
    calls.push(callOf("elasticloadbalancing:AddTags", { ResourceArns: [id], Tags: tagList(texts) }));
  }
  if (remove.length > 0) {
    calls.push(callOf("elasticloadbalancing:RemoveTags", { ResourceArns: [id], TagKeys: [...remove] }));
  }
  return calls;
}
