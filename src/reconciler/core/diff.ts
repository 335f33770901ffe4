import { type Value, valuesEqual } from "../../model/value.ts";
import type { KindRules } from "./kind-rules.ts";
import type { Difference, Fields, ObservedResource } from "./resource.ts";
import { isTag } from "./tags.ts";

/**
 * Where AWS and the spec differ, field by field, for all kinds alike.
 * @param applied what was last applied: a field in it that the spec no longer declares is ours to take back
 * @param waiting fields that the spec declares, but whose value another resource has yet to give
 */
export function differencesOf(
  kind: KindRules,
  desired: Fields,
  observed: Fields,
  applied: Fields | undefined,
  waiting: ReadonlyMap<string, unknown> = new Map(),
): Difference[] {
  const differences: Difference[] = [];
  for (const [field, value] of Object.entries(desired)) {
    const live = observed[field];
    // An endpoint that does not know a setting cannot have it at anything but its default.
    if (live === undefined && valuesEqual(value, kind.defaultOf?.(field, desired))) continue;
    if (!valuesEqual(value, live)) differences.push({ field, desired: value, observed: live ?? null });
  }
  for (const field of undeclaredFields(kind, desired, observed, applied)) {
    if (waiting.has(field)) continue;
    const live = observed[field];
    const goal: Value | undefined = kind.defaultOf?.(field, desired);
    if (live === undefined || valuesEqual(live, goal)) continue;
    // What AWS cannot be without, and has no default for, stays as it is: it is only nobody's declared wish any more.
    if (goal === undefined && !kind.isWhole && !isTag(field)) continue;
    differences.push({ field, desired: goal ?? null, observed: live });
  }
  return differences;
}

function undeclaredFields(
  kind: KindRules,
  desired: Fields,
  observed: Fields,
  applied: Fields | undefined,
): string[] {
  const earlier = Object.keys(applied ?? {});
  const present = Object.keys(observed).filter((field) => kind.isWhole === true && !isTag(field));
  return [...new Set([...earlier, ...present])].filter((field) => desired[field] === undefined);
}

/** The resource as it is once some of its differences are settled. */
export function withDifferencesSettled(
  observed: ObservedResource,
  differences: readonly Difference[],
): ObservedResource {
  const fields = { ...observed.fields };
  for (const { field, desired } of differences) {
    if (desired === null) delete fields[field];
    else fields[field] = desired;
  }
  return { ...observed, fields };
}
