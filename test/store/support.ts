import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import type { Reason } from "../../src/model/reasons.ts";
import type { WebServiceStatus } from "../../src/model/status.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

export function newUids(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `00000000-0000-4000-8000-${String(last).padStart(12, "0")}`;
  };
}

/** A store that is closed when the test ends. */
export function opened(path = ":memory:", clock = new VirtualClock()): { store: Store; clock: VirtualClock } {
  const store = openStore({ path, clock, newUid: newUids() });
  onTestFinished(() => {
    store.close();
  });
  return { store, clock };
}

/** A folder that is removed when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "holdfast-store-"));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

export const KEY = { namespace: "default", name: "web-api" };
export const SPEC = { region: "us-east-1", targetGroups: { web: { port: 8080 } } };

export function created(store: Store, name = KEY.name, namespace = KEY.namespace) {
  return store.create({ metadata: { name, namespace }, spec: SPEC });
}

export function statusOf(observedAt: string, reason: Reason = "InSync"): WebServiceStatus {
  return {
    observedGeneration: 1,
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason,
        message: "All is as declared.",
        observedGeneration: 1,
        lastTransitionTime: "2026-01-01T00:00:00.000Z",
      },
    ],
    resources: [{ key: "loadBalancer", kind: "LoadBalancer", name: "hf-web", state: "InSync", observedAt }],
    instances: [],
    alarms: [],
    unowned: [],
    activities: [],
    scorecard: [],
    observedAt,
    nextPassAt: observedAt,
  };
}

export function driftOf(name: string, change: Partial<DriftEvent> = {}): DriftEvent {
  return {
    apiVersion: "holdfast.dev/v1",
    kind: "DriftEvent",
    metadata: {
      name,
      namespace: "default",
      uid: "",
      generation: 1,
      resourceVersion: "",
      creationTimestamp: "",
    },
    service: "web-api",
    resource: "targetGroups.web",
    resourceKind: "TargetGroup",
    resourceName: "hf-web",
    field: "healthCheck.path",
    change: "Modified",
    desired: "/health",
    before: "/health",
    after: "/",
    state: "Open",
    firstSeenTime: "2026-01-01T00:00:00.000Z",
    lastSeenTime: "2026-01-01T00:00:00.000Z",
    attempts: 0,
    ...change,
  };
}
