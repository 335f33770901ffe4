import { isOnlyObserved, isPaused, type WebService } from "../object.ts";
import { type InstanceRow, isRinging, type ResourceState, type WebServiceStatus } from "../status.ts";
import type { ServiceSummary } from "../status-page.ts";

/** Counted up with every change of what {@link summaryOf} says of an object: what another one said is made anew. */
export const SUMMARY_FORMAT = 1;

/** As the object says of itself: drift is counted elsewhere. */
export function summaryOf({ metadata, spec, status }: WebService): ServiceSummary {
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    region: typeof spec.region === "string" ? spec.region : "",
    labels: metadata.labels ?? {},
    creationTimestamp: metadata.creationTimestamp,
    generation: metadata.generation,
    conditions: status?.conditions ?? [],
    resources: statesOf(status),
    instances: servingOf(status),
    unread: [...new Set(status?.unread?.map(({ kind }) => kind))],
    ringingAlarms: status?.alarms.filter(isRinging).map(({ key }) => key) ?? [],
    openDrift: 0,
    failedChecks: status?.scorecard.filter((check) => check.result === "fail").length ?? 0,
    deleting: metadata.deletionTimestamp !== undefined,
    paused: isPaused({ metadata }),
    ...(isOnlyObserved({ spec }) && { observed: true as const }),
    ...(status !== undefined && { observedGeneration: status.observedGeneration }),
    ...(status?.dnsName !== undefined && { dnsName: status.dnsName }),
    ...(status?.observedAt !== undefined && { observedAt: status.observedAt }),
    ...(status?.nextPassAt !== undefined && { nextPassAt: status.nextPassAt }),
  };
}

function statesOf(status: WebServiceStatus | undefined): Partial<Record<ResourceState, number>> {
  const states: Partial<Record<ResourceState, number>> = {};
  for (const { state } of status?.resources ?? []) states[state] = (states[state] ?? 0) + 1;
  return states;
}

function servingOf(status: WebServiceStatus | undefined): ServiceSummary["instances"] {
  const instances = status?.instances ?? [];
  const count = (is: (instance: InstanceRow) => boolean) => instances.filter(is).length;
  return {
    serving: count(({ serving }) => serving === "yes"),
    starting: count(({ phase }) => phase === "starting"),
    apart: count(({ phase }) => phase === "leaving" || phase === "apart"),
    unknown: count(({ serving }) => serving === "unknown"),
    total: instances.length,
  };
}
