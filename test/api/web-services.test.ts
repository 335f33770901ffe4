import { describe, expect, it } from "vitest";
import { FINALIZER } from "../../src/model/object.ts";
import {
  BASE,
  causesOf,
  JSON_PATCH,
  JSON_TYPE,
  MERGE,
  manifest,
  PLAN,
  post,
  type World,
  world,
  YAML,
} from "./support.ts";

function send(
  { app }: World,
  method: "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
  headers = JSON_TYPE as Record<string, string>,
) {
  return app.inject({ method, url, ...(body !== undefined && { headers, payload: JSON.stringify(body) }) });
}

describe("one WebService over HTTP", () => {
  it("is created once, with finalizer and defaults, and can then be read", async () => {
    const w = world();
    const created = await post(w, manifest("a"), BASE);
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({
      metadata: { name: "a", namespace: "default", generation: 1, finalizers: [FINALIZER] },
      spec: { region: "us-east-1", size: 1 },
    });
    expect((await w.app.inject(`${BASE}/a`)).json()).toEqual(created.json());
    const again = await post(w, manifest("a"), BASE);
    expect([again.statusCode, again.json().reason]).toEqual([409, "AlreadyExists"]);
    const yaml =
      "apiVersion: holdfast.dev/v1\nkind: WebService\nmetadata: { name: b }\nspec: { region: x }\n";
    expect((await post(w, yaml, BASE, YAML)).statusCode).toBe(201);
  });

  it("that does not exist is a 404 Status for every method", async () => {
    const w = world();
    for (const answer of [
      await w.app.inject(`${BASE}/none`),
      await send(w, "PUT", `${BASE}/none`, manifest("none")),
      await send(w, "PATCH", `${BASE}/none`, {}, MERGE),
      await send(w, "DELETE", `${BASE}/none`),
      await w.app.inject(`${BASE}/${"x".repeat(200)}`),
    ]) {
      expect([answer.statusCode, answer.json().reason, answer.json().kind]).toEqual([
        404,
        "NotFound",
        "Status",
      ]);
    }
  });

  it("is replaced as it was read, under the version it was read at", async () => {
    const w = world();
    const read = (await post(w, manifest("a"), BASE)).json();
    const unchanged = await send(w, "PUT", `${BASE}/a`, read);
    expect(unchanged.json()).toEqual(read);
    const moved = await send(w, "PUT", `${BASE}/a`, {
      ...read,
      spec: { ...read.spec, size: 5 },
      status: { any: "thing" },
    });
    expect(moved.json()).toMatchObject({ metadata: { generation: 2 }, spec: { size: 5 } });
    expect(moved.json()).not.toHaveProperty("status");
    const stale = await send(w, "PUT", `${BASE}/a`, read);
    expect([stale.statusCode, stale.json().reason]).toEqual([409, "Conflict"]);
    expect(w.requested).toHaveLength(2);
  });

  it("hands the stored object to admission, which knows what cannot be changed", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    const answer = await send(w, "PUT", `${BASE}/a`, manifest("a", { spec: { region: "eu-west-1" } }));
    expect(causesOf(answer)).toEqual(["spec.region FieldValueInvalid"]);
    expect(answer.json().message).toBe("WebService default/a is invalid: spec.region: cannot be changed");
  });

  it("takes a merge patch and a JSON patch", async () => {
    const w = world();
    await post(w, manifest("a", { spec: { region: "x", tags: { a: "1", b: "2" } } }), BASE);
    const merged = await send(w, "PATCH", `${BASE}/a`, { spec: { tags: { a: null, c: "3" } } }, MERGE);
    expect(merged.json()).toMatchObject({
      metadata: { generation: 2 },
      spec: { size: 1, tags: { b: "2", c: "3" } },
    });
    expect(merged.json().spec.tags).not.toHaveProperty("a");
    const operations = [
      { op: "test", path: "/spec/size", value: 1 },
      { op: "replace", path: "/spec/size", value: 2 },
      { op: "add", path: "/metadata/annotations", value: { "holdfast.dev/paused": "true" } },
    ];
    const patched = await send(w, "PATCH", `${BASE}/a`, operations, JSON_PATCH);
    expect(patched.json()).toMatchObject({
      metadata: { generation: 3, annotations: { "holdfast.dev/paused": "true" } },
      spec: { size: 2 },
    });
  });

  it("keeps its generation, and gets a pass, when only an annotation moves", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    w.requested.length = 0;
    const patch = { metadata: { annotations: { "holdfast.dev/reconcile-requested-at": "now" } } };
    const answer = await send(w, "PATCH", `${BASE}/a`, patch, MERGE);
    expect(answer.json().metadata).toMatchObject({ generation: 1, resourceVersion: "2" });
    expect(w.requested).toEqual([{ namespace: "default", name: "a" }]);
  });

  it("stays, marked for deletion, until AWS holds nothing of it", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    const answer = await send(w, "DELETE", `${BASE}/a`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:00.000Z",
      generation: 1,
    });
    expect(w.requested).toHaveLength(2);
    const meanwhile = await post(w, manifest("a"), BASE);
    expect(meanwhile.json().message).toContain("is being deleted; wait until it is gone");
    const unprotected = await send(w, "PATCH", `${BASE}/a`, { spec: { size: 3 } }, MERGE);
    expect(unprotected.json().metadata.generation).toBe(2);
    w.store.release({ namespace: "default", name: "a" }, answer.json().metadata.uid);
    expect((await post(w, manifest("a"), BASE)).statusCode).toBe(201);
  });

  it("takes nothing that would be lost with it while it is being deleted, and says what to do", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    const { uid } = (await send(w, "DELETE", `${BASE}/a`)).json().metadata;
    const more = { region: "us-east-1", tags: { team: "b" } };
    const lost: [string, { statusCode: number; json(): { reason: string; message: string } }][] = [
      ["POST of what it was", await post(w, manifest("a"))],
      ["POST of more", await post(w, manifest("a", { spec: more }))],
      ["POST beside another", await post(w, [manifest("b"), manifest("a")])],
      ["dry run", await post(w, manifest("a"), "/specs?dryRun=All")],
      ["PUT", await send(w, "PUT", `${BASE}/a`, manifest("a", { spec: more }))],
      ["merge patch", await send(w, "PATCH", `${BASE}/a`, { spec: { tags: { team: "b" } } }, MERGE)],
      [
        "JSON patch",
        await send(
          w,
          "PATCH",
          `${BASE}/a`,
          [{ op: "add", path: "/spec/tags", value: { a: "b" } }],
          JSON_PATCH,
        ),
      ],
    ];
    for (const [what, answer] of lost) {
      expect([what, answer.statusCode, answer.json().reason]).toEqual([what, 409, "Conflict"]);
      expect(answer.json().message).toBe(
        "WebService default/a is being deleted, and what it is asked for now would be lost with it, so nothing is " +
          "stored: wait until it is gone, and send it again. Until then its deletion obeys spec.size and " +
          'spec.tags["guard.on"], and its annotations can be patched',
      );
    }
    expect(w.store.list({}).items.map(({ metadata }) => [metadata.name, metadata.generation])).toEqual([
      ["a", 1],
    ]);

    const paused = { metadata: { annotations: { "holdfast.dev/paused": "true" } } };
    const guard = { spec: { tags: { "guard.on": "false" } } };
    expect((await send(w, "PATCH", `${BASE}/a`, paused, MERGE)).statusCode).toBe(200);
    expect((await send(w, "PATCH", `${BASE}/a`, guard, MERGE)).json().metadata.generation).toBe(2);
    const posted = await post(w, manifest("a", { spec: { region: "us-east-1", size: 3 } }));
    expect([posted.statusCode, posted.json().items?.[0].metadata.generation]).toEqual([200, 3]);

    w.store.release({ namespace: "default", name: "a" }, uid);
    expect((await post(w, manifest("a"))).statusCode).toBe(201);
  });

  it("is deleted only under the preconditions that DeleteOptions name", async () => {
    const w = world();
    const { uid, resourceVersion } = (await post(w, manifest("a"), BASE)).json().metadata;
    const options = (change: object) => ({ kind: "DeleteOptions", apiVersion: "v1", ...change });
    const wrong: [object, number][] = [
      [{ preconditions: { uid: "other" } }, 409],
      [{ preconditions: { resourceVersion: "9" } }, 409],
      [{ preconditions: { uid: 7 } }, 422],
      [{ preconditions: { name: "a" } }, 422],
      [{ preconditions: [] }, 422],
      [{ propagationPolicy: "Orphan" }, 422],
      [{ force: true }, 422],
      [{ dryRun: ["Some"] }, 422],
    ];
    for (const [change, code] of wrong) {
      const answer = await send(w, "DELETE", `${BASE}/a`, options(change));
      expect([change, answer.statusCode]).toEqual([change, code]);
    }
    expect((await send(w, "DELETE", `${BASE}/a?propagationPolicy=Orphan`)).statusCode).toBe(400);
    expect((await send(w, "DELETE", `${BASE}/a`, [])).statusCode).toBe(400);
    expect((await send(w, "DELETE", `${BASE}/a`, {}, YAML)).statusCode).toBe(415);
    const dryRun = await send(w, "DELETE", `${BASE}/a`, options({ dryRun: ["All"] }));
    expect(dryRun.json()).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: { plan: PLAN },
    });
    expect((await send(w, "DELETE", `${BASE}/a?dryRun=All`)).json().status.plan).toEqual(PLAN);
    expect(w.store.get({ namespace: "default", name: "a" })?.metadata.deletionTimestamp).toBeUndefined();
    const right = options({
      preconditions: { uid, resourceVersion },
      propagationPolicy: "Background",
      gracePeriodSeconds: 0,
    });
    expect((await send(w, "DELETE", `${BASE}/a`, right)).statusCode).toBe(200);
  });

  it("shows in a dry run what would be stored, with the plan, and stores nothing", async () => {
    const w = world();
    const planned: number[] = [];
    const rehearsing = world({
      plan: async (object) => {
        planned.push(object.metadata.generation);
        return PLAN;
      },
    });
    expect((await post(rehearsing, manifest("a"), `${BASE}?dryRun=All`)).json()).toMatchObject({
      metadata: { name: "a", generation: 1, finalizers: [FINALIZER] },
      spec: { size: 1 },
      status: { plan: PLAN, observedGeneration: 0, conditions: [] },
    });
    await post(rehearsing, manifest("a"), BASE);
    const answer = await send(rehearsing, "PATCH", `${BASE}/a?dryRun=All`, { spec: { size: 9 } }, MERGE);
    expect(answer.json()).toMatchObject({
      metadata: { generation: 2, resourceVersion: "1" },
      spec: { size: 9 },
    });
    expect(planned).toEqual([1, 2]);
    expect(rehearsing.store.get({ namespace: "default", name: "a" })?.spec.size).toBe(1);
    expect(w.store.resourceVersion()).toBe("0");
  });

  it("shows in a dry run of what is stored already no difference to it; the front door plans for it all the same", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    const stored = await w.app.inject(`${BASE}/a`);
    const put = await send(w, "PUT", `${BASE}/a?dryRun=All`, manifest("a"));
    const patch = await send(w, "PATCH", `${BASE}/a?dryRun=All`, { spec: { region: "us-east-1" } }, MERGE);
    expect([put.json(), patch.json()]).toEqual([stored.json(), stored.json()]);
    expect((await post(w, manifest("a"), "/specs?dryRun=All")).json().items[0].status.plan).toEqual(PLAN);
  });

  it("names in each error the object that was asked for, as Kubernetes does", async () => {
    const w = world();
    await post(w, manifest("a"), BASE);
    const resource = { name: "a", group: "holdfast.dev", kind: "webservices" };
    const stale = { ...manifest("a"), metadata: { name: "a", resourceVersion: "9" } };
    const invalid = { ...manifest("a"), spec: {} };
    const answers = [
      await post(w, manifest("a"), BASE),
      await send(w, "PUT", `${BASE}/a`, stale),
      await send(w, "DELETE", `${BASE}/a`, { preconditions: { uid: "other" } }),
      await w.app.inject(`${BASE}/a?nonsense=1`),
      await send(w, "PUT", `${BASE}/a`, invalid),
      await post(w, invalid, "/specs"),
      await post(w, { ...invalid, spec: undefined }, BASE),
    ];
    expect(answers.map((answer) => [answer.statusCode, answer.json().details])).toMatchObject([
      [409, resource],
      [409, resource],
      [409, resource],
      [400, resource],
      ...[1, 2, 3].map(() => [422, { ...resource, kind: "WebService" }]),
    ]);
    for (const [path, kind, group] of [
      [`${BASE}/b`, "webservices", "holdfast.dev"],
      ["/apis/holdfast.dev/v1/namespaces/x/driftevents/b", "driftevents", "holdfast.dev"],
      ["/api/v1/namespaces/x/events/b", "events", ""],
      ["/status/x/b", "webservices", "holdfast.dev"],
    ] as const) {
      const answer = await w.app.inject({ url: path, headers: { accept: "application/json" } });
      expect([path, answer.json().details]).toEqual([path, { name: "b", kind, group }]);
    }
    const gone = await w.app.inject({ method: "GET", url: "/api/v1/namespaces/No" });
    expect([gone.statusCode, gone.json().details]).toEqual([
      404,
      { name: "No", kind: "namespaces", group: "" },
    ]);
  });
});
