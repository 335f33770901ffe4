import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { onTestFinished } from "vitest";
import { buildApp } from "../../src/api/build-app.ts";
import type { Dependencies } from "../../src/api/dependencies.ts";
import { InvalidSpecError } from "../../src/model/errors.ts";
import type { ImportedManifest } from "../../src/model/import.ts";
import type { ObjectKey } from "../../src/model/object.ts";
import type { PlanView } from "../../src/model/status.ts";
import type { Log, Store } from "../../src/ports.ts";
import { importRequestOf } from "../../src/reconciler/import/request.ts";
import { eventLoopTurns } from "../../src/runtime/event-loop-turns.ts";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

export const BASE = "/apis/holdfast.dev/v1/namespaces/default/webservices";
export const PLAN: PlanView = {
  digest: "sha256:0",
  rows: [],
  summary: { create: 3, update: 0, delete: 0, blocked: 1 },
};
export const IMPORTED: ImportedManifest = {
  apiVersion: "holdfast.dev/v1",
  kind: "WebService",
  metadata: { name: "shop", namespace: "default" },
  spec: { region: "us-east-1", script: "#!/bin/sh\nexec on\n" },
  status: {
    import: {
      from: "arn:x",
      readAt: "2026-01-01T00:00:00.000Z",
      notCompared: [],
      neighbours: [],
      unread: [],
    },
  },
};
export const YAML = { "content-type": "application/yaml" };
export const JSON_TYPE = { "content-type": "application/json" };
export const MERGE = { "content-type": "application/merge-patch+json" };
export const JSON_PATCH = { "content-type": "application/json-patch+json" };

export interface World {
  app: FastifyInstance;
  store: Store;
  clock: VirtualClock;
  /** Keys for which a pass was asked for. */
  requested: ObjectKey[];
  /** What was logged as an error. */
  errors: Record<string, unknown>[];
  deps: Dependencies;
}

/** Knows `region` and `size`; fills in `size: 1`; a region cannot be changed. */
function admit(spec: unknown, previous?: { spec: Record<string, unknown> }): Record<string, unknown> {
  const given = spec as Record<string, unknown>;
  const fault = (path: string, message: string) => ({ path, message, reason: "FieldValueInvalid" as const });
  const faults = Object.keys(given ?? {})
    .filter((name) => !["region", "size", "tags"].includes(name))
    .map((name) => ({ path: `spec.${name}`, message: "is not known", reason: "FieldUnknown" as const }));
  if (typeof given?.region !== "string")
    throw new InvalidSpecError([...faults, fault("spec.region", "is required")]);
  if (previous !== undefined && previous.spec.region !== given.region) {
    throw new InvalidSpecError([...faults, fault("spec.region", "cannot be changed")]);
  }
  if (faults.length > 0) throw new InvalidSpecError(faults);
  return { size: 1, ...given };
}

/** @param stalledMs as {@link buildApp} has it */
export function world(change: Partial<Dependencies> = {}, stalledMs?: number): World {
  const clock = new VirtualClock();
  let uid = 0;
  let secrets = 0;
  // The first one is the database's own.
  const store = openStore({
    path: ":memory:",
    clock,
    newUid: () => (uid++ === 0 ? "database" : `uid-${uid - 1}`),
  });
  const requested: ObjectKey[] = [];
  const errors: Record<string, unknown>[] = [];
  const silent = () => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error: (fields) => errors.push(fields) };
  const deps: Dependencies = {
    store,
    clock,
    log,
    version: { major: "1", minor: "0", gitVersion: "v0.1.0" },
    world: { cloud: "simulated", speed: 1, version: "0.1.0", resyncSeconds: 60 },
    admit,
    heldNamesIn: ({ tags, region }) =>
      Object.entries((tags ?? {}) as Record<string, string>)
        .filter(([tag]) => tag === "pinned")
        .map(([, name]) => ({
          kind: "loadBalancer",
          title: "load balancer",
          region: String(region),
          name,
          path: "spec.tags.pinned",
          isLikeGiven: name.endsWith("-0123abcd"),
        })),
    warnings: ({ spec }) => (spec.size === 13 ? ['size 13 \u2013 "unlucky"'] : []),
    deletionFields: [["size"], ["tags", "guard.on"]],
    resolveLookups: async () => [],
    plan: async () => PLAN,
    parseImport: importRequestOf,
    importTier: async () => IMPORTED,
    acceptedSpec: async ({ object, lookups }) => ({
      is: "accepted",
      spec: { ...object.spec, size: 9 },
      lookups,
    }),
    correctionRefusals: async () => [],
    ignoreRefusals: () => [],
    ignoringSpec: (spec) => spec,
    specSchema: {
      type: "object",
      required: ["region"],
      properties: {
        region: { type: "string" },
        size: { type: "integer", exclusiveMinimum: 0 },
        mode: { const: "x" },
      },
    },
    withoutSecrets: ({ tags: _, ...spec }) => spec,
    requestReconcile: (key) => requested.push(key),
    requestReconcileOfAll: () => {
      for (const { metadata } of store.list({}).items) requested.push(metadata);
    },
    bucketUse: () => [
      {
        region: "us-east-1",
        bucket: "elb",
        burst: 40,
        refillPerSecond: 10,
        refillInForcePerSecond: 7,
        apiShare: 0.5,
        callsPerSecond: 4,
        routineCallsPerSecond: 3,
        waiting: { person: 0, verification: 0, suspicion: 0, unhealthy: 0, routine: 12 },
        throttledSince: "2026-01-01T00:00:00.000Z",
      },
    ],
    cloudStatus: () => [
      {
        region: "us-east-1",
        api: "autoscaling",
        circuit: "open",
        calls: 9,
        throttledCalls: 2,
        failedCalls: 1,
      },
    ],
    freshnessOf: () => undefined,
    budgets: () => [],
    queueStatus: () => ({ waiting: 1, running: 2, scheduled: 3 }),
    eventFlow: () => undefined,
    counters: () => ({
      passes: [{ result: "converged", count: 4 }],
      calls: [{ operation: "ec2:CreateTags", outcome: "succeeded", count: 5 }],
      lostLogLines: 7,
    }),
    ready: () => ({ ready: true, reasons: [] }),
    realClock: clock,
    takeTurn: eventLoopTurns(),
    newSecret: () => `secret-${++secrets}`,
    dashboard: {
      fleetPage: (model) => `<h1>${model.services.length} services</h1>`,
      servicePage: (model) => `<h1>${model.service.metadata.name}</h1>`,
      editPage: ({ text }) => `<textarea>${text}</textarea>`,
      fleetText: (model) => `${model.services.length} services\n`,
      signInPage: ({ next, problem = "" }) => `<form>${next} ${problem}</form>`,
      planText: ({ service, plan }) => `${service.metadata.name}: ${plan.digest}\n`,
      serviceText: (model) => `${model.service.metadata.name}\n`,
      fleetJson: (model) => ({ ...model, totalServices: model.services.length }),
      past: {
        ledger: {
          html: ({ drift }) => `<h1>${drift.length} events</h1>`,
          text: ({ drift }) => `${drift.length} events\n`,
        },
        fleet: { html: ({ asOf }) => `<h1>as of ${asOf}</h1>`, text: ({ asOf }) => `as of ${asOf}\n` },
        service: { html: ({ asOf }) => `<h1>as of ${asOf}</h1>`, text: ({ asOf }) => `as of ${asOf}\n` },
      },
      errorPage: ({ code, message }) => `<h1>${code}</h1><p>${message}</p>`,
      docs: ["operations.md", "missing.md"],
      docsPage: (name) => (name === "missing.md" ? undefined : `<h1>${name}</h1>`),
      assets: { "page.css": { type: "text/css; charset=utf-8", body: "h1 {}" } },
    },
    ...change,
  };
  const app = buildApp(deps, stalledMs);
  onTestFinished(async () => {
    await app.close();
    store.close();
  });
  return { app, store, clock, requested, errors, deps };
}

export function manifest(name: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: "holdfast.dev/v1",
    kind: "WebService",
    metadata: { name },
    spec: { region: "us-east-1" },
    ...change,
  };
}

export function post(
  { app }: World,
  body: unknown,
  url = "/specs",
  headers: Record<string, string> = JSON_TYPE,
): Promise<LightMyRequestResponse> {
  const payload = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return app.inject({ method: "POST", url, headers, payload });
}

/** The causes of an error, as `field reason`. */
export function causesOf(answer: LightMyRequestResponse): string[] {
  const { details } = answer.json();
  return (details?.causes ?? []).map(
    (cause: { field: string; reason: string }) => `${cause.field} ${cause.reason}`,
  );
}
