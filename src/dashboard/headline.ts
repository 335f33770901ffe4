/** The state of a service in the words that a person would use. Shared by page and terminal. */
import { conditionOf } from "../model/conditions.ts";
import type { DriftEvent } from "../model/drift.ts";
import { isPaused } from "../model/object.ts";
import type { WebServiceStatus } from "../model/status.ts";
import type { ServiceModel } from "../model/status-page.ts";
import type { Tone } from "./tone.ts";
import { clockTime, counted, sentence } from "./words.ts";

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
  const details = [
    ...(ready?.status === "True" ? [servingSentence(status)] : []),
    ...driftSentences(model),
    ...(isPaused(model.service) ? ["Paused: drift is reported and nothing is written."] : []),
    ...rolloutSentences(model),
  ];
  const isReconciling = conditionOf(status.conditions, "Reconciling")?.status === "True";
  const stalled = conditionOf(status.conditions, "Stalled");
  if (stalled?.status === "True") {
    return { tone: "bad", title: "Stalled.", details: [sentence(stalled.message), ...details] };
  }
  switch (ready?.status) {
    case "True":
      return {
        tone: openDrift(model.drift) > 0 || isPaused(model.service) ? "warn" : "ok",
        title: `Ready${since}.`,
        details,
      };
    case "False":
      return {
        tone: isReconciling ? "info" : "bad",
        title: `${isReconciling ? "Not ready yet" : "Not ready"}${since}.`,
        details: [sentence(ready.message), ...details],
      };
    default:
      return {
        tone: "unknown",
        title: `Not known to be ready${since}.`,
        details: [sentence(ready?.message ?? "Nothing was observed"), ...details],
      };
  }
}

function deletingHeadline(model: ServiceModel): Headline {
  const { status, metadata } = model.service;
  const left = status?.resources.filter((resource) => resource.state !== "Missing").length;
  const stalled = conditionOf(status?.conditions, "Stalled");
  const since = clockTime(metadata.deletionTimestamp ?? model.now, model.now);
  return {
    tone: stalled?.status === "True" ? "bad" : "info",
    title: `Being deleted since ${since}.`,
    details: [
      left === undefined
        ? "What AWS still holds is not known yet."
        : `AWS still holds ${counted(left, "resource")} of it.`,
      ...(stalled?.status === "True" ? [`It cannot go on: ${sentence(stalled.message)}`] : []),
    ],
  };
}

function servingSentence(status: WebServiceStatus): string {
  const serving = status.instances.filter((instance) => instance.serving === "yes").length;
  return `${serving} of ${counted(status.instances.length, "instance")} serving.`;
}

function driftSentences(model: ServiceModel): string[] {
  const open = openDrift(model.drift);
  if (open > 0) {
    const ending = isPaused(model.service) ? "and held back." : "and being put right.";
    return [`${counted(open, "field or resource", "fields or resources")} drifted ${ending}`];
  }
  const [latest] = model.drift;
  const since = latest?.closedTime ?? latest?.lastSeenTime ?? model.service.metadata.creationTimestamp;
  return [`Nothing has drifted since ${clockTime(since, model.now)}.`];
}

function rolloutSentences({ service: { metadata, status } }: ServiceModel): string[] {
  if (status === undefined || status.observedGeneration === metadata.generation) return [];
  return [`Generation ${metadata.generation} of the spec has not been looked at yet.`];
}

function openDrift(drift: readonly DriftEvent[]): number {
  return drift.filter((event) => event.state === "Open").length;
}
