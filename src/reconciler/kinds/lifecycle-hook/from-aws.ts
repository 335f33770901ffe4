/** A lifecycle hook as AWS describes it, as its part of a spec. */
import { held, inOrderOf, leavesFromAws, type Written } from "../from-aws.ts";
import { FIELDS, type LifecycleHook } from "./kind.ts";
import { lifecycleHookSchema } from "./schema.ts";

export function lifecycleHookFromAws(hook: LifecycleHook): Written {
  const part = { name: hook.LifecycleHookName, ...leavesFromAws(FIELDS, hook) };
  return held(inOrderOf(lifecycleHookSchema, part));
}
