import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { toOpenApiSchema } from "../../src/api/openapi/dialect.ts";
import { tokensIn } from "../../src/config/token-file.ts";
import { LOAD_BALANCER } from "../../src/model/address.ts";
import type { Condition } from "../../src/model/conditions.ts";
import { StoreError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Reason } from "../../src/model/reasons.ts";
import type { FleetModel, ServiceSummary } from "../../src/model/status-page.ts";
import { driftOf, statusOf } from "../store/support.ts";
import { exampleSpec, Installation } from "../support/installation.ts";
import { BASE, JSON_TYPE, manifest, post, world } from "./support.ts";

const ALL = "/apis/holdfast.dev/v1/webservices";

describe("probes and daemon routes", () => {
  it("answer whether the process lives and works", async () => {
    const { app } = world();
    expect((await app.inject("/livez")).body).toBe("ok\n");
    expect((await app.inject("/readyz")).body).toBe("ok\n");
    expect((await app.inject("/version")).json()).toMatchObject({ gitVersion: "v0.1.0" });
    const waiting = world({ ready: () => ({ ready: false, reasons: ["the first sweep is running"] }) });
    const answer = await waiting.app.inject("/readyz");
    expect([answer.statusCode, answer.json().message]).toEqual([
      503,
      "not ready: the first sweep is running",
    ]);
    expect((await waiting.app.inject("/livez")).statusCode).toBe(200);
  });

  it("answer 404 and 405 with a Status, and 405 with what is allowed", async () => {
    const { app } = world();
    const missing = await app.inject({
      method: "POST",
      url: "/nowhere?x=1",
      headers: { "content-type": "text/odd" },
      payload: "x",
    });
    expect([missing.statusCode, missing.json().reason]).toEqual([404, "NotFound"]);
    expect(missing.json().message).toContain("/nowhere;");
    const wrong: [string, string, string][] = [
      ["GET", "/specs", "POST"],
      ["DELETE", BASE, "GET, HEAD, POST"],
      ["POST", `${BASE}/a`, "GET, HEAD, PUT, PATCH, DELETE"],
      ["OPTIONS", "/status", "GET, HEAD"],
    ];
    for (const [method, url, allow] of wrong) {
      const answer = await app.inject({
        method: method as "GET",
        url,
        payload: method === "GET" ? undefined : "{",
      });
      const allowed = String(answer.headers.allow).split(", ").sort().join(", ");
      expect([url, answer.statusCode, allowed]).toEqual([url, 405, allow.split(", ").sort().join(", ")]);
      expect(answer.json().reason).toBe("MethodNotAllowed");
    }
    const undecodable = await app.inject("/%E0%A4%A");
    expect([undecodable.statusCode, undecodable.json().kind]).toEqual([400, "Status"]);
  });

  it("tell nothing of what is inside when the server itself fails, and log it", async () => {
    const w = world({
      admit: () => {
        throw new StoreError("database /secret/place.db: the disk is full");
      },
    });
    const answer = await post(w, manifest("a"));
    expect([answer.statusCode, answer.json().reason]).toEqual([500, "InternalError"]);
    expect(answer.body).not.toContain("secret");
    expect(w.errors).toHaveLength(1);
    expect(w.errors[0]?.error).toContain("/secret/place.db");
  });

  it("answer discovery as Kubernetes clients ask for it", async () => {
    const { app } = world();
    expect((await app.inject("/api")).json().versions).toEqual(["v1"]);
    expect((await app.inject("/apis")).json().groups[0].name).toBe("holdfast.dev");
    expect((await app.inject("/apis/holdfast.dev")).json().preferredVersion.groupVersion).toBe(
      "holdfast.dev/v1",
    );
    const { resources } = (await app.inject("/apis/holdfast.dev/v1")).json();
    expect(resources.map((one: { name: string }) => one.name)).toEqual([
      ...["webservices", "webservices/revisions", "webservices/rollback", "webservices/drift"],
      ...["driftevents", "driftevents/accept", "driftevents/correct", "driftevents/ignore"],
    ]);
    expect(resources[0].shortNames).toEqual(["ws"]);
    expect((await app.inject("/api/v1")).json().resources[0].name).toBe("events");
  });
});

describe("metrics", () => {
  it("count objects by condition, drift, passes, calls, queue, circuits, watches and requests", async () => {
    const w = world();
    await post(w, [manifest("a"), manifest("b")]);
    w.store.updateStatus({ namespace: "default", name: "a" }, "uid-1", statusOf("2026-01-01T00:00:00.000Z"));
    w.store.putDrift(driftOf("d1"));
    w.store.putDrift(driftOf("d2"));
    w.store.putDrift(driftOf("d2", { state: "Corrected" }));
    w.store.release({ namespace: "default", name: "b" }, "uid-2");
    const answer = await w.app.inject("/metrics");
    expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'holdfast_webservices{condition="Ready",status="True"} 1',
      "holdfast_webservices_stored 1",
      "holdfast_drift_open 1",
      "holdfast_drift_total 2",
      'holdfast_passes_total{result="converged"} 4',
      'holdfast_aws_calls_total{operation="ec2:CreateTags",outcome="succeeded"} 5',
      'holdfast_aws_circuit{region="us-east-1",api="autoscaling",state="open"} 1',
      'holdfast_api_bucket_refill_calls_per_second{region="us-east-1",bucket="elb",by="aws"} 10',
      'holdfast_api_bucket_refill_calls_per_second{region="us-east-1",bucket="elb",by="in_force"} 7',
      'holdfast_api_bucket_calls_per_second{region="us-east-1",bucket="elb",kind="routine"} 3',
      'holdfast_api_bucket_calls_per_second{region="us-east-1",bucket="elb",kind="other"} 1',
      'holdfast_api_bucket_routine_share_max{region="us-east-1",bucket="elb"} 0.5',
      'holdfast_api_bucket_waiting_calls{region="us-east-1",bucket="elb",urgency="routine"} 12',
      'holdfast_api_bucket_throttled{region="us-east-1",bucket="elb"} 1',
      'holdfast_aws_circuit{region="us-east-1",api="autoscaling",state="closed"} 0',
      'holdfast_aws_throttled_calls_total{region="us-east-1",api="autoscaling"} 2',
      'holdfast_queue_services{state="waiting"} 1',
      "holdfast_watches 0",
      'holdfast_http_requests_total{method="POST",route="/specs",code="201"} 1',
    ]) {
      expect(answer.body).toContain(`${line}\n`);
    }
    expect(answer.body).toContain("holdfast_nodejs_eventloop_lag_seconds");
    expect((await w.app.inject("/metrics")).body).toContain('holdfast_passes_total{result="converged"} 4\n');
  });
});

describe("the status of a very large fleet", () => {
  it("goes through the services once a second at most, and tells at once what has come, gone or got another spec", async () => {
    const asked: string[] = [];
    const w = world({
      freshnessOf: ({ name }) => {
        asked.push(name);
        return undefined;
      },
    });
    const many = LIMITS.servicesToldAnew + 1;
    w.store.transaction(() => {
      for (let n = 0; n < many; n += 1)
        w.store.create({ metadata: { namespace: "default", name: `n${n}` }, spec: { region: "us-east-1" } });
    });
    const told = async () => {
      asked.length = 0;
      const { body } = await w.app.inject({ url: "/status", headers: { accept: "application/json" } });
      return [JSON.parse(body).totalServices, asked.length];
    };
    expect([await told(), await told()]).toEqual([
      [many, many],
      [many, 0],
    ]);
    w.store.create({ metadata: { namespace: "default", name: "new" }, spec: { region: "us-east-1" } });
    expect(await told()).toEqual([many + 1, many + 1]);
    await w.clock.advance(1_000);
    expect(await told()).toEqual([many + 1, many + 1]);
    w.store.markDeleted({ namespace: "default", name: "new" });
    expect(await told()).toEqual([many + 1, many + 1]);
  });
});

describe("the metrics of freshness", () => {
  it("say by Region and class what is promised and how old the oldest is, and nothing of what was not compared", async () => {
    const w = world({
      budgets: () => [
        {
          ...{ region: "us-east-1", apiShare: 0.5, services: 60, wishedSeconds: 60 },
          promisedSeconds: { health: 60, structure: 75, attributes: 300 },
          limit: { bucket: "elb", wishedShare: 1.12 },
          shares: [{ bucket: "elb", share: 0.5 }],
          oldest: {
            health: {
              namespace: "default",
              name: "a",
              comparedAt: new Date(w.clock.nowMs() - 48_000).toISOString(),
            },
          },
        },
      ],
    });
    const { body } = await w.app.inject("/metrics");
    for (const line of [
      'holdfast_freshness_promised_seconds{region="us-east-1",class="structure"} 75',
      'holdfast_freshness_worst_age_seconds{region="us-east-1",class="health"} 48',
      'holdfast_routine_share_allowed{region="us-east-1"} 0.5',
      'holdfast_routine_share{region="us-east-1",bucket="elb"} 0.5',
      'holdfast_routine_share_wished{region="us-east-1",bucket="elb"} 1.12',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    expect(body).not.toContain('worst_age_seconds{region="us-east-1",class="structure"}');
  });

  it("stand on the status of a service and of the fleet as the promise of each class", async () => {
    const freshness = {
      health: { comparedAt: "2026-01-01T00:00:00.000Z", promisedSeconds: 60 },
      structure: { promisedSeconds: 75 },
      attributes: { promisedSeconds: 300 },
    };
    const w = world({ freshnessOf: ({ name }) => (name === "a" ? freshness : undefined) });
    await post(w, [manifest("a"), manifest("b")]);
    const json = async (path: string) =>
      (await w.app.inject({ url: path, headers: { accept: "application/json" } })).json();
    expect((await json("/status/default/a")).freshness).toEqual(freshness);
    expect(await json("/status/default/b")).not.toHaveProperty("freshness");
    const { services } = await json("/status");
    expect(services.map((one: { freshness?: object }) => one.freshness)).toEqual([freshness, undefined]);
  });
});

describe("the metric of alarms", () => {
  const alarm = (key: string, state: string) => ({ key, name: key, state });

  it("counts those in ALARM that do more than scale, of services that are there", async () => {
    const w = world();
    await post(w, [manifest("a"), manifest("b")]);
    const rings = async () =>
      /^holdfast_alarms_ringing (\d+)$/m.exec((await w.app.inject("/metrics")).body)?.[1];
    const tell = (name: string, uid: string, ...alarms: object[]) => {
      const status = { ...statusOf("2026-01-01T00:00:00.000Z"), alarms: alarms as never };
      w.store.updateStatus({ namespace: "default", name }, uid, status);
    };
    expect(await rings()).toBe("0");
    tell("a", "uid-1", alarm("high-5xx", "ALARM"), alarm("hosts", "OK"), alarm("new", "INSUFFICIENT_DATA"));
    tell("b", "uid-2", alarm("hosts", "ALARM"), { ...alarm("scale-out", "ALARM"), onlyScales: true });
    expect(await rings()).toBe("2");
    tell("a", "uid-1", alarm("high-5xx", "OK"));
    expect(await rings()).toBe("1");
    const model = (await w.app.inject({ url: "/status", headers: { accept: "application/json" } })).json();
    expect(model.services.map((one: { ringingAlarms: string[] }) => one.ringingAlarms)).toEqual([
      [],
      ["hosts"],
    ]);
    w.store.release({ namespace: "default", name: "b" }, "uid-2");
    expect(await rings()).toBe("0");
  });
});

describe("the metric of reasons", () => {
  /** A service for each list of conditions; the store keeps words that the table does not have. */
  async function reasonsOf(services: readonly (readonly Condition[])[]): Promise<string[]> {
    const w = world();
    await post(
      w,
      services.map((_conditions, index) => manifest(`s${index}`)),
    );
    for (const [index, conditions] of services.entries()) {
      const status = { ...statusOf("2026-01-01T00:00:00.000Z"), conditions: [...conditions] };
      w.store.updateStatus({ namespace: "default", name: `s${index}` }, `uid-${index + 1}`, status);
    }
    const { body } = await w.app.inject("/metrics");
    return body.split("\n").filter((line) => line.startsWith("holdfast_webservices_reason{"));
  }
  const said = (type: Condition["type"], status: Condition["status"], reason: string): Condition => ({
    type,
    status,
    reason: reason as Reason,
    message: "",
    observedGeneration: 1,
    lastTransitionTime: "2026-01-01T00:00:00.000Z",
  });

  it("counts conditions that are not as they should be, and none that are", async () => {
    const stalled = [
      said("Ready", "False", "NotOurs"),
      said("Synced", "False", "NotOurs"),
      said("Healthy", "Unknown", "NotObserved"),
      said("Drifted", "True", "AwsMoved"),
      said("Reconciling", "True", "NotOurs"),
      said("Stalled", "True", "NotOurs"),
    ];
    const well = [
      said("Ready", "True", "Ready"),
      said("Drifted", "False", "AsApplied"),
      said("Reconciling", "False", "Converged"),
      said("Stalled", "False", "NotStalled"),
    ];
    expect((await reasonsOf([stalled, stalled, well])).sort()).toEqual([
      'holdfast_webservices_reason{condition="Drifted",reason="AwsMoved"} 2',
      'holdfast_webservices_reason{condition="Healthy",reason="NotObserved"} 2',
      'holdfast_webservices_reason{condition="Ready",reason="NotOurs"} 2',
      'holdfast_webservices_reason{condition="Reconciling",reason="NotOurs"} 2',
      'holdfast_webservices_reason{condition="Stalled",reason="NotOurs"} 2',
      'holdfast_webservices_reason{condition="Synced",reason="NotOurs"} 2',
    ]);
  });

  it("has no label that is not in the table of reasons, whatever the database holds", async () => {
    const words = ["OfAnOlderVersion", "constructor", "DriftDetected"];
    expect(await reasonsOf(words.map((word) => [said("Ready", "False", word)]))).toEqual([
      'holdfast_webservices_reason{condition="Ready",reason=""} 3',
    ]);
  });
});

interface Described {
  $ref?: string;
  allOf?: Described[];
  properties?: Record<string, Described>;
  items?: Described;
  additionalProperties?: unknown;
}

/** Paths of members that a schema does not name. */
function undescribed(
  value: unknown,
  given: Described,
  schemas: Record<string, Described>,
  at: string,
): string[] {
  const name = (given.$ref ?? given.allOf?.[0]?.$ref)?.split("/").at(-1);
  const { properties, items } = name === undefined ? given : (schemas[name] ?? {});
  if (Array.isArray(value)) return value.flatMap((one) => undescribed(one, items ?? {}, schemas, `${at}[]`));
  if (typeof value !== "object" || value === null || properties === undefined) return [];
  return Object.entries(value).flatMap(([member, one]) => {
    const schema = properties[member];
    return schema === undefined ? [`${at}.${member}`] : undescribed(one, schema, schemas, `${at}.${member}`);
  });
}

describe("the OpenAPI document", () => {
  it("knows every reason of a condition", async () => {
    const { schemas } = (await world().app.inject("/openapi/v3/holdfast")).json().components;
    expect(schemas.WebServiceStatus.properties.conditions.items.$ref).toBe("#/components/schemas/Condition");
    const { type, reason } = schemas.Condition.properties;
    expect(type.enum).toHaveLength(6);
    expect(reason.enum).toEqual(expect.arrayContaining(["InSync", "NotOurs", "Serving", "Converged"]));
    expect(reason.enum).not.toContain("DriftDetected");
  });

  it("describes every route that there is, and refers to nothing that there is not", async () => {
    const { app } = world();
    const document = (await app.inject("/openapi/v3/holdfast")).json();
    expect(document.openapi).toBe("3.0.3");
    const operations = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
      ([path, item]) =>
        Object.entries(item).map(([method, { operationId }]) => ({ path, method, operationId })),
    );
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        "post /specs",
        "get /apis/holdfast.dev/v1/webservices",
        "patch /apis/holdfast.dev/v1/namespaces/{namespace}/webservices/{name}",
        "get /api/v1/namespaces/{namespace}/events",
        "get /status/{namespace}/{name}",
        "get /metrics",
      ]),
    );
    expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/([A-Za-z]+)/g)) {
      expect(document.components.schemas).toHaveProperty(name ?? "");
    }
    for (const { path, method } of operations) {
      const answer = await app.inject({
        method: method.toUpperCase() as "GET",
        url: path.replaceAll(/[{}]/g, ""),
      });
      expect([path, method, answer.statusCode < 500 && answer.statusCode !== 405]).toEqual([
        path,
        method,
        true,
      ]);
    }
    const parameters = Object.values<Record<string, { parameters: { in: string; description?: string }[] }>>(
      document.paths,
    ).flatMap((item) => Object.values(item).flatMap((operation) => operation.parameters));
    const inPath = parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.length).toBeGreaterThan(10);
    expect(inPath.filter(({ description }) => description === undefined)).toEqual([]);
  });

  it("is an index, from which Kubernetes's clients find the document of a group and in it their kind", async () => {
    const { app } = world();
    const { paths } = (await app.inject("/openapi/v3")).json();
    expect(Object.keys(paths)).toEqual(["apis/holdfast.dev/v1", "api/v1", "holdfast"]);
    for (const [path, kinds] of [
      ["apis/holdfast.dev/v1", ["WebService", "DriftEvent"]],
      ["api/v1", ["Event", "Namespace"]],
    ] as const) {
      const answer = await app.inject(paths[path].serverRelativeURL);
      expect(answer.headers["cache-control"]).toContain("immutable");
      const document = answer.json();
      for (const kind of kinds) {
        const isOfKind = (one: { kind: string; version: string }) =>
          one.kind === kind && one.version === "v1";
        const schema = document.components.schemas[kind];
        expect(schema["x-kubernetes-group-version-kind"].some(isOfKind)).toBe(true);
        expect(
          Object.values<Record<string, { "x-kubernetes-group-version-kind"?: never }>>(document.paths)
            .flatMap((item) => Object.values(item))
            .some((operation) => isOfKind(operation["x-kubernetes-group-version-kind"] ?? ({} as never))),
        ).toBe(true);
      }
      expect(Object.keys(document.paths).filter((url) => !url.startsWith(`/${path}/`))).toEqual([]);
    }
    const stale = await app.inject("/openapi/v3/api/v1?hash=OLD");
    expect(stale.headers["cache-control"]).toBe("no-store");
  });

  it("describes every member of what is stored and served", async () => {
    const installation = new Installation();
    installation.post(exampleSpec());
    await installation.untilReady();
    const [event] = installation.store.events({ limit: 1 }).items;
    const { schemas } = (await world().app.inject("/openapi/v3/holdfast")).json().components;
    const { spec: _, ...service } = installation.get();
    expect(service.status?.instances.length).toBeGreaterThan(0);
    expect([
      ...undescribed(service, schemas.WebService, schemas, "WebService"),
      ...undescribed(driftOf("d", { service: "a" }), schemas.DriftEvent, schemas, "DriftEvent"),
      ...undescribed(event, schemas.Event, schemas, "Event"),
    ]).toEqual([]);
    const made = { ...service, status: { ...service.status, novelty: 1 } };
    expect(undescribed(made, schemas.WebService, schemas, "WebService")).toEqual([
      "WebService.status.novelty",
    ]);
  });

  it("puts a JSON Schema into the dialect of OpenAPI 3.0", () => {
    const schema = {
      type: "object",
      required: ["a", "f"],
      properties: {
        f: { type: "string", default: "x" },
        a: { const: 1 },
        b: { type: ["string", "null"] },
        c: { type: "integer", exclusiveMinimum: 0, aws: "x", "x-own": true },
        d: { anyOf: [{ type: "array", items: { type: "string" } }, { not: { type: "number" } }] },
        e: { type: "array", items: [{}, {}] },
      },
      patternProperties: { "^x$": { type: "boolean" } },
      additionalProperties: false,
    };
    expect(toOpenApiSchema(schema)).toEqual({
      type: "object",
      required: ["a"],
      properties: {
        f: { type: "string", default: "x" },
        a: { enum: [1] },
        b: { type: "string", nullable: true },
        c: { type: "integer", minimum: 0, exclusiveMinimum: true, "x-own": true },
        d: { anyOf: [{ type: "array", items: { type: "string" } }, { not: { type: "number" } }] },
        e: { type: "array", items: {} },
      },
      additionalProperties: { type: "boolean" },
    });
    expect(toOpenApiSchema(true)).toEqual({});
  });
});

describe("who may ask", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it("must show the token when there is one, but for the probes", async () => {
    const { app } = world({ tokens: () => tokensIn("a-secret-of-16-letters") });
    for (const url of ["/status", "/metrics", "/nowhere", BASE, "/openapi/v3", "/status/assets/page.css"]) {
      for (const headers of [
        {},
        bearer("wrong"),
        bearer("a-secret-of-16-letter"),
        { authorization: "Basic a-secret-of-16-letters" },
        bearer(""),
      ]) {
        const answer = await app.inject({ url, headers });
        expect([url, answer.statusCode, answer.json().reason]).toEqual([url, 401, "Unauthorized"]);
        expect(answer.headers["www-authenticate"]).toBe('Bearer realm="holdfast"');
      }
    }
    expect((await app.inject({ url: BASE, headers: bearer("a-secret-of-16-letters") })).statusCode).toBe(200);
    expect(
      (await app.inject({ url: BASE, headers: { authorization: "bearer  a-secret-of-16-letters" } }))
        .statusCode,
    ).toBe(200);
    expect((await app.inject("/livez")).statusCode).toBe(200);
    expect((await app.inject("/readyz?verbose=1")).statusCode).toBe(200);
    expect((await app.inject("/livez/x")).statusCode).toBe(401);
  });

  it("may not be a page of another site that writes", async () => {
    const w = world();
    const refused: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: "http://localhost:9999", host: "localhost:8080" },
      { origin: "http://evil.example:8080", host: "evil.example:8080", "sec-fetch-site": "same-origin" },
    ];
    for (const headers of refused) {
      const answer = await post(w, manifest("a"), "/specs", { ...JSON_TYPE, ...headers });
      expect([headers, answer.statusCode, answer.json().reason]).toEqual([headers, 403, "Forbidden"]);
    }
    expect(w.store.list({}).items).toEqual([]);
    const own = { origin: "http://localhost:8080", host: "localhost:8080", "sec-fetch-site": "same-origin" };
    expect((await post(w, manifest("a"), "/specs", { ...JSON_TYPE, ...own })).statusCode).toBe(201);
  });

  it("may not reach it under a name that others give out", async () => {
    const { app } = world();
    const codeOf = async (host: string) =>
      (await app.inject({ url: "/status", headers: { host } })).statusCode;
    expect(await codeOf("evil.example:8080")).toBe(403);
    expect(await codeOf("localhost.evil.example")).toBe(403);
    expect(await codeOf("not a host")).toBe(403);
    for (const host of ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "10.0.0.7", "holdfast.localhost"]) {
      expect([host, await codeOf(host)]).toEqual([host, 200]);
    }
  });

  it("gets headers that keep a browser from being used", async () => {
    const { headers } = await world().app.inject("/status");
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
    // A browser that may name no referrer calls the origin of our own forms `null`, and they would be refused.
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["cache-control"]).toBe("no-store");
  });
});

describe("status pages", () => {
  it("come as a page, as text or as data, as the Accept header or the format says", async () => {
    const w = world();
    await post(w, manifest("a", { spec: { region: "x", tags: { secret: "hush" } } }));
    const get = (url: string, accept?: string) =>
      w.app.inject({ url, headers: accept === undefined ? {} : { accept } });
    expect((await get("/status")).body).toBe("<h1>1 services</h1>");
    expect(
      (await get("/status", "text/html,application/xhtml+xml,*/*;q=0.8")).headers["content-type"],
    ).toMatch("text/html");
    expect((await get("/status", "text/plain")).body).toBe("1 services\n");
    expect((await get("/status", "text/plain;q=0.5, application/json")).json().services).toHaveLength(1);
    expect((await get("/status?format=text", "text/html")).body).toBe("1 services\n");
    expect((await get("/status", "image/png")).statusCode).toBe(406);
    expect((await get("/status?format=pdf")).statusCode).toBe(400);
    expect((await get("/status/default/a")).body).toBe("<h1>a</h1>");
    expect((await get("/status/default/none")).statusCode).toBe(404);
    expect((await get("/")).headers.location).toBe("/status");
    expect((await get("/status/docs/operations.md")).body).toBe("<h1>operations.md</h1>");
    expect((await get("/status/docs/missing.md")).statusCode).toBe(404);
    expect((await get("/status/assets/page.css")).headers["content-type"]).toMatch("text/css");
    const data = await get("/status/default/a?format=json");
    expect(data.json().service.spec).toEqual({ region: "x", size: 1 });
    expect(data.body).not.toContain("hush");
  });

  it("search, and let be what others have put into an address", async () => {
    const asked: FleetModel[] = [];
    const { dashboard } = world().deps;
    const fleetPage = (model: FleetModel) => {
      asked.push(model);
      return dashboard.fleetPage(model);
    };
    const w = world({ dashboard: { ...dashboard, fleetPage } });
    await post(w, [manifest("a"), manifest("b", { metadata: { name: "b", namespace: "team-a" } })]);
    for (const [url, filter, services] of [
      ["/status?utm_source=mail&fbclid=1", undefined, ["a", "b"]],
      ["/status?filter=web+api&attention=yes", { text: "web api", needsAttention: true }, ["a", "b"]],
      ["/status?filter=&attention=", undefined, ["a", "b"]],
      ["/status/team-a", undefined, ["b"]],
      ["/status/team-a?filter=x", { text: "x", needsAttention: false }, ["b"]],
      ["/status/nobody", undefined, []],
    ] as const) {
      expect([url, (await w.app.inject(url)).statusCode]).toEqual([url, 200]);
      const model = asked.at(-1);
      expect([model?.filter, model?.services.map(({ name }) => name)]).toEqual([filter, services]);
    }
    expect((await w.app.inject("/status/default/a?utm_source=mail")).statusCode).toBe(200);
    expect((await w.app.inject("/status/No")).statusCode).toBe(404);
    // A list answers programs, which mistype.
    expect((await w.app.inject(`${BASE}?utm_source=mail`)).statusCode).toBe(400);
  });

  it("follow what changes, however many services there are", async () => {
    const w = world();
    const shown = async () => {
      const { services } = (await w.app.inject("/status?format=json")).json();
      return services.map((one: ServiceSummary) => `${one.name} ${one.openDrift} ${one.conditions.length}`);
    };
    await post(w, manifest("a"));
    expect(await shown()).toEqual(["a 0 0"]);
    w.store.updateStatus({ namespace: "default", name: "a" }, "uid-1", statusOf("2026-01-01T00:00:00.000Z"));
    w.store.putDrift(driftOf("d1", { service: "a" }));
    w.store.putDrift(driftOf("d2", { service: "a" }));
    expect(await shown()).toEqual(["a 2 1"]);
    w.store.putDrift(driftOf("d2", { service: "a", state: "Corrected" }));
    expect(await shown()).toEqual(["a 1 1"]);
    w.store.release({ namespace: "default", name: "a" }, "uid-1");
    expect(await shown()).toEqual([]);
    for (let index = 0; index < 600; index += 1) {
      w.store.create({ metadata: { namespace: "many", name: `s${index}` }, spec: { region: "x" } });
    }
    expect(await shown()).toHaveLength(600);
  });

  it("answer a browser's mistake with a page, a terminal's with a line, and everybody else's with a Status", async () => {
    const { app } = world();
    const answerTo = (url: string, accept: string) => app.inject({ url, headers: { accept } });
    for (const url of ["/status/default/none", "/nowhere", "/status/%E0%A4%A"]) {
      const page = await answerTo(url, "text/html,application/xhtml+xml,*/*;q=0.8");
      expect([url, page.headers["content-type"]]).toEqual([url, "text/html; charset=utf-8"]);
      expect(page.body).toContain(`<h1>${page.statusCode}</h1>`);
      const line = await answerTo(url, "text/plain");
      expect([line.headers["content-type"], line.body.endsWith("\n")]).toEqual([
        "text/plain; charset=utf-8",
        true,
      ]);
      for (const accept of ["*/*", "application/json", ""]) {
        expect((await answerTo(url, accept)).json().kind).toBe("Status");
      }
    }
    const written = await app.inject({ method: "POST", url: "/nowhere", headers: { accept: "text/html" } });
    expect(written.json().kind).toBe("Status");
  });

  it("come compressed to who takes that, and as they are to everybody else", async () => {
    const w = world();
    const { dashboard } = w.deps;
    const long = "service ".repeat(1_000);
    const { app } = world({ dashboard: { ...dashboard, fleetPage: () => long } });
    const get = (encoding: string, url = "/status") =>
      app.inject({ url, headers: { "accept-encoding": encoding } });
    for (const [accepted, encoding, unpack] of [
      ["gzip, deflate, br", "br", brotliDecompressSync],
      ["gzip;q=1.0, br;q=0", "gzip", gunzipSync],
      ["*", "br", brotliDecompressSync],
    ] as const) {
      const answer = await get(accepted);
      expect([accepted, answer.headers["content-encoding"]]).toEqual([accepted, encoding]);
      expect(answer.headers.vary).toBe("accept, accept-encoding");
      expect(answer.rawPayload.length).toBeLessThan(1_000);
      expect(unpack(answer.rawPayload).toString()).toBe(long);
    }
    for (const accepted of ["identity", "", "br;q=0"]) {
      const answer = await get(accepted);
      expect([answer.headers["content-encoding"], answer.body]).toEqual([undefined, long]);
    }
    expect((await get("br", "/livez")).body).toBe("ok\n");
    for (let index = 0; index < LIMITS.listPage + 1; index += 1) {
      w.store.create({ metadata: { namespace: "many", name: `s${index}` }, spec: { region: "x" } });
    }
    const list = await w.app.inject({ url: ALL, headers: { "accept-encoding": "gzip" } });
    expect(JSON.parse(gunzipSync(list.rawPayload).toString()).items).toHaveLength(LIMITS.listPage + 1);
  });

  it("sum up what is stored", async () => {
    const w = world();
    await post(w, manifest("a"));
    const key = { namespace: "default", name: "a" };
    w.store.updateStatus(key, "uid-1", { ...statusOf("2026-01-01T00:00:00.000Z"), dnsName: "x.elb" });
    w.store.putDrift(driftOf("d1", { service: "a" }));
    w.store.putDrift(driftOf("d2", { service: "a", state: "Corrected" }));
    w.store.record(w.store.get(key)!, { type: "Normal", reason: "Created", message: "made" });
    w.store.openCall({
      service: key,
      generation: 1,
      plan: "p",
      address: LOAD_BALANCER,
      affected: [LOAD_BALANCER],
      operation: "ec2:CreateTags",
    });
    const fleet = (await w.app.inject("/status?format=json")).json();
    expect(fleet).toMatchObject({
      now: "2026-01-01T00:00:00.000Z",
      cloud: "simulated",
      version: "0.1.0",
      queue: { waiting: 1, running: 2, scheduled: 3 },
      clouds: [{ api: "autoscaling", circuit: "open" }],
      services: [
        {
          name: "a",
          region: "us-east-1",
          resources: { InSync: 1 },
          openDrift: 1,
          dnsName: "x.elb",
          observedGeneration: 1,
          deleting: false,
          paused: false,
        },
      ],
    });
    expect([fleet.drift.length, fleet.events.length, fleet.totalServices]).toEqual([2, 1, 1]);
    const service = (await w.app.inject("/status/default/a?format=json")).json();
    expect([service.drift.length, service.events.length]).toEqual([2, 1]);
    expect(service.calls[0]).toMatchObject({ operation: "ec2:CreateTags", outcome: "pending" });
  });
});
