import type { EventFlow } from "../model/fleet/event-flow.ts";
import { clockTime, durationOf } from "./words.ts";

/** Whether AWS's events come, in sentences. */
export function eventFlowText(flow: EventFlow, now: string): string {
  const { state, since, queue, region, lastEventAt, usualDelaySeconds, fault } = flow;
  const last =
    lastEventAt === undefined ? "None has come yet" : `The last came at ${clockTime(lastEventAt, now)}`;
  const delay =
    usualDelaySeconds === undefined ? "" : `; a call is told of after ${durationOf(usualDelaySeconds)}`;
  const how =
    state === "flowing"
      ? `AWS's events flow since ${clockTime(since, now)}`
      : `AWS's events are silent since ${clockTime(since, now)}, so that everything is polled`;
  const why = fault === undefined ? "" : ` The queue cannot be read: ${fault}.`;
  return `${how} (queue ${queue}, ${region}). ${last}${delay}.${why}`;
}
