/** A scheduled action as AWS describes it, as its part of a spec. */
import { held, inOrderOf, type Written } from "../from-aws.ts";
import { fieldsFromAws, type ScheduledAction } from "./kind.ts";
import { scheduledActionSchema } from "./schema.ts";

/** @param nowMs AWS shows the next time of what recurs as its start, and only one beyond that is one */
export function scheduledActionFromAws(action: ScheduledAction, nowMs: number): Written {
  const part = { name: action.ScheduledActionName, ...fieldsFromAws(action, undefined, nowMs) };
  return held(inOrderOf(scheduledActionSchema, part));
}
