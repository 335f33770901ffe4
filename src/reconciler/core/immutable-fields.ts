/**
 * What AWS cannot change in place. A name that we give has it in its hash, so that what differs has another name and is
 * replaced; under a name that the spec pins there is no such way. Then the spec and AWS contradict each other, and a
 * person decides which of the two is meant.
 */
import { valuesEqual } from "../../model/value.ts";
import type { Obstacle } from "./actions.ts";
import type { DesiredResource, Difference, ObservedResource } from "./resource.ts";

/** What AWS's answers leave out is not known to differ; nor is what is not there. */
export function immutableDifferencesOf(
  { immutable = {} }: DesiredResource,
  observed: ObservedResource | undefined,
): Difference[] {
  return Object.entries(immutable).flatMap(([field, desired]) => {
    const live = observed?.immutable?.[field] ?? observed?.fields[field];
    return live === undefined || valuesEqual(live, desired) ? [] : [{ field, desired, observed: live }];
  });
}

/** For people: what differs, and the two ways out. */
export function immutableDiffers(
  { address, name, isPinned }: DesiredResource,
  { id }: ObservedResource,
  differences: readonly Difference[],
): Obstacle {
  const fields = differences
    .map(
      ({ field, desired, observed }) =>
        `${field} is ${JSON.stringify(observed)}, and the spec asks for ${JSON.stringify(desired)}`,
    )
    .join("; ");
  const wayOut =
    isPinned === true
      ? "change or remove `name`, so that a replacement is made beside it"
      : "remove it in AWS, so that it is made anew";
  return {
    address,
    reason: "ImmutableDiffers",
    message:
      `${id} has the name of ${address} (${name}), and AWS cannot make of it what the spec asks for: ${fields}. ` +
      `It is left alone, and nothing is made beside it. Set the spec to what is there; or ${wayOut}.`,
  };
}
