/** The state of a service in the words that a person would use. Shared by page and terminal. */

import { conditionOf } from "../model/conditions.ts";
import { type DriftEvent, isReportedOnly } from "../model/ledger/drift.ts";
import { isOnlyObserved, isPaused } from "../model/object.ts";
import { isFault } from "../model/reasons.ts";
import { isRinging, type WebServiceStatus } from "../model/status.ts";
import type { ServiceModel } from "../model/status-page.ts";
import { namesAndMore } from "../model/text/names-and-more.ts";
import { lastSeenAt, stalenessOf } from "./freshness.ts";
import type { Tone } from "./marks.ts";
import { clockTime, counted, ratioOf, sentence } from "./words.ts";

export interface Headline {
  tone: Tone;
  /** One sentence: the verdict. */
  title: string;
  /** The sentences that go with it. */
  details: string[];
}

export function serviceHeadline(model: ServiceModel): Headline {
  const { status, metadata } = model.service;
  if (metadata.deletionTimestamp !== undefined) return deletingHeadline(model);
  if (status === undefined || status.conditions.length === 0) {
    return {
      tone: "unknown",
      title: "Not looked at yet.",
      details: ["The first pass has not ended."],
    };
  }
  const ready = conditionOf(status.conditions, "Ready");
  const since = ready === undefined ? "" : ` since ${clockTime(ready.lastTransitionTime, model.now)}`;
  const ringing = ringingSentences(status, model.now);
  const details = [
    ...ringing,
    ...(ready?.status === "True" ? [servingSentence(status)] : []),
    ...driftSentences(model),
    ...(isPaused(model.service) ? ["Paused: drift is reported and nothing is written."] : []),
    ...(isOnlyObserved(model.service)
      ? ["Observed only: nothing is written. `management: Manage` in the spec takes it over."]
      : []),
    ...rolloutSentences(model),
  ];
  const isReconciling = conditionOf(status.conditions, "Reconciling")?.status === "True";
  const stalled = conditionOf(status.conditions, "Stalled");
  const times = timesOf(model);
  const stale = stalenessOf(times, model);
  if (stalled?.status === "True") {
    return {
      tone: "bad",
      title: `Stalled since ${clockTime(stalled.lastTransitionTime, model.now)}.`,
      details: [sentence(stalled.message), ...(stale === undefined ? [] : [stale]), ...details],
    };
  }
  const isPassing = ready?.status === "False" && isReconciling && !isFault(ready.reason);
  if (stale !== undefined && (ready?.status === "True" || isPassing)) {
    const was = ready?.status === "True" ? "ready" : "not ready yet";
    const seen = clockTime(lastSeenAt(times, model) ?? model.now, model.now);
    return {
      tone: "unknown",
      title: `Stale: ${was} when last seen at ${seen}.`,
      details: [stale, ...details],
    };
  }
  const asOf = stale === undefined ? [] : [stale];
  switch (ready?.status) {
    case "True":
      if (ringing.length > 0) return { tone: "bad", title: `Ready${since}, and in alarm.`, details };
      return {
        tone: openDrift(model.drift) > 0 || isHeldBack(model) ? "warn" : "ok",
        title: `Ready${since}.`,
        details,
      };
    case "False":
      if (ready.reason === "ObserveOnly")
        return { tone: "warn", title: `Differs from the spec${since}.`, details: [...asOf, ...details] };
      return {
        tone: isPassing ? "info" : "bad",
        title: `${isPassing ? "Not ready yet" : "Not ready"}${since}.`,
        details: [sentence(ready.message), ...asOf, ...details],
      };
    default:
      return {
        tone: "unknown",
        title: `Not known to be ready${since}.`,
        details: [sentence(ready?.message ?? "Nothing was observed"), ...asOf, ...details],
      };
  }
}

/** By what it is told whether what is known of it is stale. */
export function timesOf({ service: { status }, freshness }: Pick<ServiceModel, "service" | "freshness">) {
  return { observedAt: status?.observedAt, nextPassAt: status?.nextPassAt, freshness };
}

function deletingHeadline(model: ServiceModel): Headline {
  const { status, metadata } = model.service;
  const left = status?.resources.filter((resource) => resource.state !== "Missing").length;
  const stalled = conditionOf(status?.conditions, "Stalled");
  const since = clockTime(metadata.deletionTimestamp ?? model.now, model.now);
  const stale = stalenessOf(timesOf(model), model);
  return {
    tone: stalled?.status === "True" ? "bad" : "info",
    title: `Being deleted since ${since}.`,
    details: [
      left === undefined
        ? "What AWS still holds is not known yet."
        : `AWS still holds ${counted(left, "resource")} of it.`,
      ...(stalled?.status === "True"
        ? [`Stalled since ${clockTime(stalled.lastTransitionTime, model.now)}: ${sentence(stalled.message)}`]
        : []),
      ...(status !== undefined && status.instances.length > 0 ? [servingSentence(status)] : []),
      ...(stale === undefined ? [] : [stale]),
    ],
  };
}

/** The names of the first, so that a person need not look for them. */
const NAMED_ALARMS = 3;

function ringingSentences({ alarms }: WebServiceStatus, now: string): string[] {
  const ringing = alarms.filter(isRinging);
  if (ringing.length === 0) return [];
  const named = ringing.map(({ key, since }) =>
    since === undefined ? key : `${key} since ${clockTime(since, now)}`,
  );
  return [`${counted(ringing.length, "alarm")} in ALARM: ${namesAndMore(named, NAMED_ALARMS)}.`];
}

function servingSentence({ instances, unread = [] }: WebServiceStatus): string {
  const count = (serving: string) => instances.filter((instance) => instance.serving === serving).length;
  if (instances.length === 0 && unread.some(({ kind }) => kind === "autoScalingGroup"))
    return "How many instances serve is not known.";
  const total = counted(instances.length, "instance");
  return `${ratioOf(count("yes"), count("unknown"), instances.length).replace(/\d+$/, total)} serving.`;
}

function driftSentences(model: ServiceModel): string[] {
  const { status, metadata } = model.service;
  const open = model.drift.filter((event) => event.state === "Open");
  const reported = open.filter(isReportedOnly);
  const moved = open.filter((event) => !isReportedOnly(event));
  if (open.length > 0)
    return [
      ...(moved.length > 0
        ? [
            `${counted(moved.length, "field or resource", "fields or resources")} drifted ${outlookOf(moved, model)}`,
          ]
        : []),
      ...(reported.length > 0
        ? [`${counted(reported.length, "field", "fields")} drifted and left as spec.drift says.`]
        : []),
    ];
  // What was not read may have moved.
  if (conditionOf(status?.conditions, "Drifted")?.status !== "False")
    return ["Whether anything has drifted is not known."];
  if (status !== undefined && stalenessOf(status, model) !== undefined)
    return ["Nothing had drifted when last seen."];
  const [latest] = model.drift;
  const since = latest?.closedTime ?? latest?.lastSeenTime ?? metadata.creationTimestamp;
  return [`Nothing has drifted since ${clockTime(since, model.now)}.`];
}

/** Only what a call was made for is being put right. */
function outlookOf(open: readonly DriftEvent[], model: ServiceModel): string {
  const { service } = model;
  if (isHeldBack(model)) return "and held back.";
  if (isOnlyObserved(service)) return "and left alone.";
  if (conditionOf(service.status?.conditions, "Stalled")?.status === "True")
    return "and not put right while it is stalled.";
  return open.every(({ correction }) => correction !== undefined)
    ? "and being put right."
    : "and not put right yet.";
}

function rolloutSentences({ service: { metadata, status } }: ServiceModel): string[] {
  if (status === undefined || status.observedGeneration === metadata.generation) return [];
  return [`Generation ${metadata.generation} of the spec has not been looked at yet.`];
}

function isHeldBack({ service, pause }: ServiceModel): boolean {
  return isPaused(service) || pause !== undefined;
}

function openDrift(drift: readonly DriftEvent[]): number {
  return drift.filter((event) => event.state === "Open" && !isReportedOnly(event)).length;
}
